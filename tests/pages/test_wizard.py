"""The way from nothing to a program: what is chosen is founded once and whole, and is only read afterwards."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest
from psycopg.rows import TupleRow

from regulars import clock, ids
from regulars.db.pool import Database, fetch_all
from regulars.errors import NotFound
from regulars.flows.first_owner import require_open
from regulars.programs.founding import plans
from tests.api.conftest import PASSWORD, Api
from tests.pages.conftest import token

NEW = "/backoffice/new"
ANSWERS = (
    ("trade", {"trade": "cafe"}),
    ("program", {"name": "Kafejnīca Rīts", "time_zone": "Europe/Riga", "currency": "EUR", "language": "lv"}),
    ("shops", {"shop": "Teika", "tills": "2"}),
    ("points", {"points": "5", "worth": "1"}),
    ("offers", {"goods": "yes"}),
)


class Founder:
    """The first owner at her browser."""

    def __init__(self, api: Api, name: str):
        self.api, self.client, self.name = api, api.client, name
        self.email = f"vija-{uuid4().hex}@shop.example"

    async def come_in(self) -> None:
        """By a one-time address."""
        assert self.api.database is not None
        async with self.api.database.transaction(None) as tx:
            door = await plans.open_door(tx, clock.world())
        who = {"name": "Vija Bērziņa", "email": self.email, "password": PASSWORD}
        answer = await self.client.post(f"/set-up/{door}", data=who)
        assert answer.headers["location"] == f"{NEW}/trade", answer.text

    async def answer(self, step: str, **given: str) -> httpx.Response:
        """Send a step."""
        csrf = token((await self.client.get("/backoffice/programs")).text)
        return await self.client.post(f"{NEW}/{step}", data={"csrf": csrf, **given})

    async def choose(self) -> None:
        """Answer everything."""
        for step, given in ANSWERS:
            answer = await self.answer(step, **({**given, "name": self.name} if step == "program" else given))
            assert answer.status_code == 303, (step, answer.text)

    async def programs(self) -> list[TupleRow]:
        """Those of that name: id and settings' version."""
        assert self.api.database is not None
        async with self.api.database.transaction(None) as tx:
            return await fetch_all(tx, "SELECT id, name FROM program WHERE name = %s", (self.name,))


@pytest.fixture
async def founder(api: Api) -> Founder:
    """Signed in, with every step answered."""
    made = Founder(api, f"Kafejnīca {uuid4().hex[:12]}")
    await made.come_in()
    await made.choose()
    return made


def shown(page: str) -> tuple[str, str]:
    """The till's key and the card."""
    card, key = (
        re.search(r"data-card>([0-9]+)<", page),
        re.search(r'name="key" value="([a-z]+_[0-9a-z]+)"', page),
    )
    assert card, page
    assert key, page
    return key[1], card[1]


async def state_of(database: Database) -> tuple[str, ...]:
    async with database.transaction(None) as tx:
        rows = await fetch_all(tx, "SELECT state FROM program_plan ORDER BY saved_at DESC")
    return tuple(row[0] for row in rows)


async def test_a_founded_program_has_one_key_one_owner_and_a_trail_in_her_name(
    founder: Founder, database: Database
) -> None:
    answer = await founder.answer("ready")
    assert answer.headers["location"] == f"{NEW}/first"
    ((program, _),) = await founder.programs()
    async with database.transaction(program) as tx:
        names = await fetch_all(tx, "SELECT name, scopes FROM api_key WHERE program = %s", (program,))
        posts = await fetch_all(tx, "SELECT roles FROM staff_role WHERE program = %s", (program,))
        told = await fetch_all(tx, "SELECT action, actor FROM audit WHERE program = %s", (program,))
    assert names == [("till", ["till"])]
    assert posts == [(["owner"],)]
    assert [action for action, _ in told].count("staff.added") == 1
    assert [action for action, _ in told].count("key.created") == 1
    assert {(actor["kind"], actor["name"]) for _, actor in told} == {("staff", "Vija Bērziņa")}


async def test_the_last_page_only_reads_the_key_and_the_card(founder: Founder, database: Database) -> None:
    await founder.answer("ready")
    ((program, _),) = await founder.programs()
    key, card = shown((await founder.client.get(f"{NEW}/first")).text)
    async with database.transaction(program) as tx:  # after 90 days nobody remembers the requests
        await tx.execute("DELETE FROM request_key WHERE program = %s", (program,))
    assert shown((await founder.client.get(f"{NEW}/first")).text) == (key, card)
    async with database.transaction(program) as tx:
        assert await fetch_all(tx, "SELECT 1 FROM request_key WHERE program = %s", (program,)) == []
    headers = {"Authorization": f"Bearer {key}"}
    found = await founder.client.post("/v1/members/find", json={"card": card}, headers=headers)
    assert (found.status_code, "Vija" in found.text) == (200, True), found.text


async def test_every_step_of_a_founded_plan_leads_to_the_last_page_and_changes_nothing(
    founder: Founder, database: Database
) -> None:
    await founder.answer("ready")
    for step, given in (*ANSWERS, ("ready", {})):
        page = await founder.client.get(f"{NEW}/{step}")
        assert page.headers["location"] == f"{NEW}/first", step
        answer = await founder.answer(step, **given)
        if step == "ready":
            assert answer.headers["location"] == f"{NEW}/first"
        else:
            assert answer.status_code == 409, step
            assert "is being made just now, or is there already" in answer.text
    assert (await founder.client.get(NEW)).headers["location"] == f"{NEW}/first"
    assert len(await founder.programs()) == 1


async def test_a_plan_that_does_not_hold_together_thaws_and_another_is_another_program(
    founder: Founder, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regulars.errors import InvalidValue
    from regulars.flows import founding

    async def refuse(*_: object, **__: object) -> None:
        raise InvalidValue("/worth", "is too much")

    with monkeypatch.context() as patched:
        patched.setattr(founding, "fill_program", refuse)
        answer = await founder.answer("ready")
    assert answer.status_code == 422
    assert (await state_of(database))[0] == "open"
    ((half, _),) = await founder.programs()
    async with database.transaction(None) as tx:
        assert await fetch_all(tx, "SELECT 1 FROM staff_role WHERE program = %s", (half,)) == []
    await founder.answer("points", points="3", worth="1")
    assert (await founder.answer("ready")).headers["location"] == f"{NEW}/first"
    programs = {program for program, _ in await founder.programs()}
    assert len(programs) == 2
    page = await founder.client.get("/backoffice/programs")
    assert ids.show("prg", half) not in page.text


async def test_what_was_cut_short_is_taken_up_again_after_a_minute(
    founder: Founder, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regulars.flows import founding

    async def die(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(founding, "fill_program", die)
        assert (await founder.answer("ready")).status_code == 500
    assert (await founder.answer("ready")).status_code == 409
    assert (await founder.answer("points", points="3", worth="1")).status_code == 409
    async with database.transaction(None) as tx:
        await tx.execute(
            "UPDATE program_plan SET saved_at = saved_at - interval '1 minute' WHERE state = 'founding'"
        )
    assert (await founder.answer("ready")).headers["location"] == f"{NEW}/first"
    assert len(await founder.programs()) == 1


async def test_a_program_is_not_founded_before_every_step_is_answered(api: Api, database: Database) -> None:
    founder = Founder(api, "Nothing yet")
    await founder.come_in()
    await founder.answer("trade", trade="cafe")
    answer = await founder.answer("ready")
    assert (answer.status_code, "Not every step is answered yet." in answer.text) == (409, True)
    assert await founder.programs() == []


async def test_passing_one_door_shuts_every_other(founder: Founder, database: Database) -> None:
    at = clock.world()
    async with database.transaction(None) as tx:
        doors = [await plans.open_door(tx, at) for _ in range(3)]
    for door in doors:
        await require_open(database, door, at)
    async with database.transaction(None) as tx:
        assert not await plans.pass_door(tx, "never was", at)
    await require_open(database, doors[0], at)
    async with database.transaction(None) as tx:
        assert await plans.pass_door(tx, doors[1], at)
    for door in doors:
        with pytest.raises(NotFound):
            await require_open(database, door, at)
