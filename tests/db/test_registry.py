"""The register of a program: written once, loaded whole, its version moved by every change; keys and tills."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.conftest import START

from regulars import ids
from regulars.db.pool import Database, fetch_all, fetch_one
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows.change_program import ProgramChange, change_program
from regulars.flows.create_key import NewKey, create_key, create_operator_key, revoke_key
from regulars.flows.create_program import Created, NewProgram, create_program, named_program
from regulars.flows.prune_requests import prune_requests
from regulars.flows.register_store import NewStore, ensure_tills, enter_store
from regulars.flows.track_task import advance_task, begin_task, find_task, finish_task
from regulars.programs import reading, registry
from regulars.programs.model import OPERATOR, CurrencySpec, ExchangeRate, Program
from regulars.units import Ratio

NEW = NewProgram("Dzintars", "EUR", "Europe/Riga", ("lv", "en"))


async def made(database: Database, new: NewProgram = NEW) -> Created:
    return await create_program(database, new, at=START)


async def loaded(database: Database, program: UUID) -> Program:
    async with database.transaction(program) as tx:
        return await reading.load(tx, program)


async def test_a_new_program_has_its_operator_and_points_that_last_a_year(database: Database) -> None:
    created = await made(database)
    program = created.program
    assert (program.name, program.base_currency, program.languages) == ("Dzintars", "EUR", ("lv", "en"))
    assert [(p.code, p.name) for p in program.partners.values()] == [("operator", "Dzintars")]
    assert program.operator == program.partners["operator"].id
    points = program.points
    assert points is not None
    assert (points.code, points.scale, points.worth, points.expires_after_months) == ("PTS", 0, Ratio(1), 12)
    assert set(points.names) == {"en", "lv", "ru", "et", "hu"}
    assert program.settings == type(program.settings)()
    assert created.key is not None
    assert created.text.startswith("live_")


async def test_the_same_program_asked_for_again_is_there_and_gets_no_second_key(database: Database) -> None:
    identifier = named_program(OPERATOR, f"test/{ids.new()}")
    first, *others = await asyncio.gather(
        *(create_program(database, NEW, at=START, program=identifier) for _ in range(5))
    )
    new = [created for created in (first, *others) if created.new]
    assert len(new) == 1
    assert {created.program.id for created in (first, *others)} == {identifier}
    async with database.transaction(identifier) as tx:
        assert len(await reading.api_keys(tx, identifier, START)) == 1


async def test_every_change_moves_the_version_on(database: Database) -> None:
    program = (await made(database)).program
    versions = [program.version]

    async def changed() -> None:
        versions.append((await loaded(database, program.id)).version)

    async with database.transaction(program.id) as tx:
        await enter_store(tx, program, NewStore("teika", "Teika"), START)
    await changed()
    async with database.transaction(program.id) as tx:
        await registry.upsert_partner(tx, program.id, "cafe", "Café")
    await changed()
    async with database.transaction(program.id) as tx:
        await registry.upsert_exchange_rate(tx, program.id, ExchangeRate("USD", START, Ratio(9, 10)))
    await changed()
    await change_program(database, program.id, ProgramChange(name="Amber"))
    await changed()
    assert versions == sorted(set(versions))


async def test_what_is_changed_is_loaded_whole(database: Database) -> None:
    program = (await made(database)).program
    new = NewStore("teika", "Teika", groups=("north",), time_zone="Europe/Tallinn", tills=("1", "2"))
    async with database.transaction(program.id) as tx:
        view = await enter_store(tx, program, new, START)
    assert view.tills == ("1", "2")
    store = (await loaded(database, program.id)).stores["teika"]
    assert (store.name, store.time_zone, store.groups) == ("Teika", "Europe/Tallinn", ("north",))
    assert store.partner == program.operator


async def test_the_kind_and_scale_of_a_currency_are_for_good(database: Database) -> None:
    program = (await made(database)).program
    with pytest.raises(StateConflict, match="its kind and its scale cannot change"):
        async with database.transaction(program.id) as tx:
            await registry.upsert_currency(
                tx, program.id, CurrencySpec("PTS", "points", 2, Ratio(1), {"en": {"other": "points"}})
            )
    assert await loaded(database, program.id) == program


async def test_the_rate_at_an_instant_is_the_last_one_before_it(database: Database) -> None:
    program = (await made(database)).program.id
    async with database.transaction(program) as tx:
        for day, rate in ((0, Ratio(9, 10)), (10, Ratio(8, 10))):
            since = START + timedelta(days=day)
            await registry.upsert_exchange_rate(tx, program, ExchangeRate("USD", since, rate))
    async with database.transaction(program) as tx:
        asked = [START + timedelta(days=day) for day in (-1, 0, 9, 10)]
        found = [await reading.rate_at(tx, program, "USD", at) for at in asked]
    assert found == [None, Ratio(9, 10), Ratio(9, 10), Ratio(8, 10)]


async def test_tills_met_at_once_are_entered_once_with_one_pool_each(database: Database) -> None:
    program = (await made(database)).program
    wanted = [("new-store", "1"), ("new-store", "2")]
    found = await asyncio.gather(*(ensure_tills(database, program, wanted, START) for _ in range(6)))
    assert all(tills == found[0] for tills in found)
    async with database.transaction(program.id) as tx:
        pools = await fetch_all(tx, "SELECT id FROM pool WHERE kind = 'till'")
    assert {pool for (pool,) in pools} == {till.pool for till in found[0].values()}


async def test_a_program_that_registers_no_stores_refuses_an_unknown_one(database: Database) -> None:
    program = await made(
        database, NewProgram("Closed", "EUR", "Europe/Riga", ("lv",), {"unknown_stores": "refuse"})
    )
    with pytest.raises(InvalidValue, match="registers none"):
        await ensure_tills(database, program.program, [("somewhere", "1")], START)
    assert (await loaded(database, program.program.id)).stores == {}


async def test_of_a_key_only_a_digest_is_kept_and_a_revoked_one_lets_nobody_in(database: Database) -> None:
    program = (await made(database)).program
    key, text = await create_key(database, program.id, NewKey(("till",)), at=START)
    async with database.transaction(None) as tx:
        row = await fetch_one(tx, "SELECT to_jsonb(k)::text FROM api_key k WHERE id = %s", (key.id,))
        assert row is not None
        assert text not in row[0]
        assert text.split("_")[1] not in row[0]
        caller = await reading.caller(tx, text, START)
    assert caller is not None
    assert (caller.program, caller.scopes) == (program.id, {"till"})
    await revoke_key(database, program.id, key.id, START)
    async with database.transaction(None) as tx:
        assert await reading.caller(tx, text, START) is None
    with pytest.raises(NotFound):
        await revoke_key(database, program.id, key.id, START)


async def test_an_operators_key_belongs_to_no_program(database: Database) -> None:
    _, text = await create_operator_key(database, "operator", at=START)
    async with database.transaction(None) as tx:
        caller = await reading.caller(tx, text, START)
    assert caller is not None
    assert (caller.program, caller.scopes) == (OPERATOR, {"operator"})


@pytest.mark.parametrize(
    ("new", "pointer"),
    [
        (NewKey(("everything",)), "/scopes"),
        (NewKey(("operator",)), "/scopes"),
        (NewKey(("till",), store="nowhere"), "/store"),
        (NewKey(("partner",), partner="nobody"), "/partner"),
    ],
)
async def test_a_key_for_what_is_not_there_is_refused(database: Database, new: NewKey, pointer: str) -> None:
    program = (await made(database)).program.id
    with pytest.raises(InvalidValue) as refused:
        await create_key(database, program, new, at=START)
    assert refused.value.errors[0].pointer == pointer


async def test_request_keys_are_forgotten_after_90_days_and_not_before(
    database: Database, program: UUID
) -> None:
    async with database.transaction(program) as tx:
        for name, days in (("old", 91), ("young", 89)):
            await tx.execute(
                "INSERT INTO request_key (program, partner, key, kind, digest, created_at)"
                " VALUES (%s, %s, %s, 'post', '', %s)",
                (program, program, name, START - timedelta(days=days)),
            )
    assert await prune_requests(database, program, START) == 1
    async with database.transaction(program) as tx:
        assert await fetch_all(tx, "SELECT key FROM request_key") == [("young",)]


async def test_long_work_goes_on_where_it_was_and_never_back(database: Database, program: UUID) -> None:
    task = ids.new()
    begun = await begin_task(database, task, program, "test", {"until": "x"}, 10, START)
    assert (begun.done, begun.total, begun.status) == (0, 10, "running")
    await advance_task(database, task, 7)
    await advance_task(database, task, 3)
    again = await begin_task(database, task, program, "test", {"until": "y"}, 99, START)
    assert (again.payload, again.done, again.total) == ({"until": "x"}, 7, 10)
    await finish_task(database, task, datetime(2026, 3, 2, tzinfo=UTC))
    found = await find_task(database, task)
    assert found is not None
    assert (found.status, found.done) == ("done", 10)
