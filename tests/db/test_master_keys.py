"""Master keys: a wrong one is refused at the start, a new one takes over person by person, an old one is retired."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from psycopg.conninfo import make_conninfo
from pyotp.totp import TOTP
from rich.console import Console
from tests.api.games import SURVEY
from tests.conftest import START, TestServer, _create, _drop, insert_program

from regulars import ids, settings
from regulars.cli import vault as command
from regulars.cli.places import Place, Refused
from regulars.db.migrate import migrate
from regulars.db.pool import Database
from regulars.flows import master_keys, own_words
from regulars.flows.master_keys import (
    check_master_keys,
    retire_master_key,
    rotate_vault,
    vault_status,
)
from regulars.flows.sign_in_staff import seal_secret, step_of
from regulars.games import replies
from regulars.games.replies import Reply
from regulars.games.surveys import Survey
from regulars.members import accounts, directory, reading, safe, vault, wallet
from regulars.members.accounts import Called
from regulars.members.model import Member, Newcomer, Person
from regulars.members.vault import Keyring, VaultLocked
from regulars.members.wallet import Printed
from regulars.programs.staff import factors, people
from regulars.purchases import activity_log, activity_reads
from regulars.purchases.activity import ActivityKind
from regulars.purchases.activity_log import Activity, Outcome

OLD, NEW = (1, b"1" * 32), (2, b"2" * 32)
BEFORE, BOTH, AFTER = (Keyring(b"s" * 32, keys) for keys in ((OLD,), (OLD, NEW), (NEW,)))


@pytest.fixture
def own_database(server: TestServer) -> Iterator[str]:
    """A database of the test alone: master keys are the whole installation's."""
    name = f"regulars_keys_{os.getpid()}_{ids.new().hex[-8:]}"
    _create(server, name, None)
    url = make_conninfo(server.url, dbname=name)
    migrate(url)
    yield url
    _drop(server, name)


async def peopled(database: Database, keyring: Keyring, count: int) -> tuple[UUID, list[UUID]]:
    """A program with so many members, the first of whom keeps a card of somebody else; their ids."""
    program = await insert_program(database)
    opened = vault.of(keyring, program)
    newcomers = []
    for n in range(count):
        member = Member(ids.new(n % 3), n % 3, ids.new(n % 3), "lv", "api", None, START)
        newcomers.append(Newcomer(member, Person(f"Member {n}", external_id=f"crm-{n}")))
    async with database.transaction(program) as tx:
        assert await directory.enrol(tx, program, opened, newcomers) == {}
        await wallet.add(tx, program, opened, newcomers[0].member.id, Printed("Gym", "qr", "12345"), START)
    return program, [newcomer.member.id for newcomer in newcomers]


async def names(database: Database, keyring: Keyring, program: UUID, members: list[UUID]) -> list[str]:
    async with database.transaction(program) as tx:
        persons = await reading.persons(tx, program, vault.of(keyring, program), members)
    return [persons[member].name for member in members]


async def test_a_wrong_or_missing_master_key_is_refused_before_anybody_is_sealed(own_database: str) -> None:
    async with Database(own_database) as database:
        await check_master_keys(database, BEFORE)
        await peopled(database, BEFORE, 1)
        await check_master_keys(database, BEFORE)
        with pytest.raises(VaultLocked, match="generation 1 is not the one"):
            await check_master_keys(database, Keyring(b"s" * 32, ((1, b"x" * 32),)))
        with pytest.raises(VaultLocked, match="generation 1 is missing"):
            await check_master_keys(database, AFTER)
        assert [one.number for one in await vault_status(database, BEFORE)] == [1], (
            "a refused key leaves no trace"
        )
        await check_master_keys(database, BOTH)


async def test_a_key_that_nobody_is_sealed_under_may_be_another_one_or_gone(own_database: str) -> None:
    other = Keyring(b"s" * 32, ((1, b"x" * 32),))
    async with Database(own_database) as database:
        for keyring in (BEFORE, other, AFTER):
            await check_master_keys(database, keyring)
        await check_master_keys(database, BOTH)
        await peopled(database, BOTH, 1)
        with pytest.raises(VaultLocked, match="generation 2 is missing"):
            await check_master_keys(database, other)


async def test_a_rotation_wraps_everybody_anew_in_pages_and_may_be_stopped_half_way(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(master_keys, "BATCH", 3)
    async with Database(own_database) as database:
        made = [await peopled(database, BEFORE, 7), await peopled(database, BEFORE, 2)]
        seen: list[int] = []

        def stop_after_two(count: int) -> None:
            seen.append(count)
            if len(seen) == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await rotate_vault(database, BOTH, stop_after_two)
        half = {one.number: (one.persons, one.texts) for one in await vault_status(database, BOTH)}
        assert half == {1: (3, 5), 2: (6, 6)}
        for program, members in made:
            assert await names(database, BOTH, program, members) == [
                f"Member {n}" for n in range(len(members))
            ]
        assert await rotate_vault(database, BOTH, lambda _: None) == 5
        assert await rotate_vault(database, BOTH, lambda _: None) == 0
        for program, members in made:
            assert await names(database, AFTER, program, members) == [
                f"Member {n}" for n in range(len(members))
            ]
            async with database.transaction(program) as tx:
                (card,) = await wallet.all_of(tx, program, vault.of(AFTER, program), members[0])
            assert card.printed == Printed("Gym", "qr", "12345")


async def test_a_rotation_wraps_what_accounts_are_called_and_what_was_written_too(own_database: str) -> None:
    async with Database(own_database) as database:
        program, (member,) = await peopled(database, BEFORE, 1)
        before, after = vault.of(BEFORE, program), vault.of(AFTER, program)
        account, one, reply = ids.new(2), ids.new(ids.home(member)), replies.new_id(None)
        texts = {"text": "in her own words"}
        did = Activity(
            one, member, "review", 1, "src", "r-1", START, START, 1000, {}, None, None, Outcome("counted"),
            words=own_words.seal_activity(before, member, one, texts),
        )  # fmt: skip
        async with database.transaction(program) as tx:
            await accounts.open_account(tx, before, account, "household", Called("Ozoli"), START)
            await activity_log.add(tx, program, "review", ActivityKind(names={"en": "Review"}), START, "test")
            await activity_log.enter(tx, program, "src", [(did, b"d" * 32)], START)
            await replies.create(tx, program, "visit", msgspec.convert(SURVEY, Survey), START, "test")
            survey = await replies.find(tx, program, "visit")
            assert survey is not None
            said = Reply(reply, START.date(), {}, own_words.seal_reply(before, reply, texts))
            await replies.enter(tx, program, survey, None, said)
        assert await rotate_vault(database, BOTH, lambda _: None) == 5
        assert [(one.number, one.texts) for one in await vault_status(database, BOTH)] == [(1, 0), (2, 5)]
        async with database.transaction(program) as tx:
            kept = await accounts.read(tx, program, account)
            found = await activity_reads.find(tx, program, one)
            (written,) = await replies.written(tx, program, "visit")
        assert kept is not None
        assert found is not None
        assert accounts.called(after, kept) == Called("Ozoli")
        assert own_words.open_activity(after, found) == texts
        assert own_words.open_reply(after, written) == texts


async def test_a_person_who_is_changed_during_a_rotation_keeps_what_was_written(own_database: str) -> None:
    async with Database(own_database) as database:
        program, (member,) = await peopled(database, BEFORE, 1)
        opened = vault.of(BOTH, program)
        async with database.transaction(program) as tx:
            rows = await (
                await tx.execute("SELECT home, member, member, generation, wrapped_key FROM person")
            ).fetchall()
            found = await reading.profile(tx, program, opened, member)
            assert found is not None
            await directory.change(tx, program, opened, found, Person("Changed"), at=START)
        read_before = safe.Sealing(safe.SQL.sealed_persons, safe.SQL.rewrap_persons, lambda who, _: who.bytes)
        assert rows[0][3] == 1
        async with database.transaction(program) as tx:
            _, seen, changed = await safe.rewrap(tx, opened, read_before, safe.START, 10)
        assert (seen, changed) == (1, 0)
        assert await names(database, AFTER, program, [member]) == ["Changed"]


async def test_an_old_master_key_is_retired_once_nobody_needs_it_and_may_then_go(own_database: str) -> None:
    async with Database(own_database) as database:
        await peopled(database, BEFORE, 1)
        for generation, sentence in ((2, "newest"), (1, "2 persons or other texts"), (9, "no generation 9")):
            with pytest.raises(VaultLocked, match=sentence):
                await retire_master_key(database, BOTH, generation, START)
        await rotate_vault(database, BOTH, lambda _: None)
        await retire_master_key(database, BOTH, 1, START)
        await check_master_keys(database, AFTER)
        status = [(o.number, o.persons, o.key, o.retired_at) for o in await vault_status(database, AFTER)]
    assert status == [(1, 0, "missing", START), (2, 1, "at hand", None)]


def test_the_commands_add_a_key_wrap_everybody_anew_and_retire_the_old_one(
    own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    monkeypatch.delenv("REGULARS_MASTER_KEY", raising=False)
    place, said = Place(tmp_path), StringIO()
    out = Console(file=said, width=200)
    keyring = place.keyring()

    async def prepared() -> tuple[UUID, list[UUID]]:
        async with Database(own_database) as database:
            return await peopled(database, keyring, 4)

    program, members = asyncio.run(prepared())
    assert command.status(own_database, place, out) == 0
    assert command.rotate(own_database, place, out) == 0
    assert "5 keys were wrapped anew under generation 2" in said.getvalue()
    assert command.retire(own_database, place, 1, out) == 0
    lines = place.master_file.read_text().splitlines()
    place.master_file.write_text(lines[1] + "\n")
    assert command.status(own_database, place, out) == 0

    async def again() -> list[str]:
        async with Database(own_database) as database:
            await check_master_keys(database, place.keyring())
            return await names(database, place.keyring(), program, members)

    assert asyncio.run(again()) == [f"Member {n}" for n in range(4)]
    place.master_file.unlink()
    settings.make_master_keys(place.master_file)
    assert command.status(own_database, place, out) == 1
    assert "missing" in said.getvalue()
    with pytest.raises(VaultLocked, match="generation 2 is missing"):
        command.require_right_keys(own_database, place)


def test_keys_of_the_environment_are_not_changed_by_the_command(
    own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_MASTER_KEY", settings.master_key_line(1))
    with pytest.raises(Refused, match="openssl rand"):
        command.rotate(own_database, Place(tmp_path), Console(file=StringIO()))


async def test_the_secrets_of_second_factors_are_wrapped_anew_as_well(own_database: str) -> None:
    async with Database(own_database) as database:
        await check_master_keys(database, BEFORE)
        async with database.transaction(None) as tx:
            staff = await people.add(tx, "vija@shop.example", "Vija", "lv", "", START)
            assert staff is not None
            assert await factors.set_totp(
                tx, staff, seal_secret(BEFORE, staff, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), 0
            )
        await check_master_keys(database, BOTH)
        with pytest.raises(VaultLocked, match="sealed under generation 1"):
            await retire_master_key(database, BOTH, 1, START)
        assert await rotate_vault(database, BOTH, lambda _: None) == 1
        await retire_master_key(database, BOTH, 1, START)
        async with database.transaction(None) as tx:
            person = await people.by_id(tx, staff)
        assert person is not None
        code = TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(START)
        assert step_of(AFTER, person, code, START) == int(START.timestamp()) // 30
