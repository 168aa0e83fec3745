"""A database from before migration 41: the upgrade seals what accounts are called and what members wrote."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from regulars import ids, settings
from regulars.cli.places import Place
from regulars.cli.vault import sealer
from regulars.db import migrate as migrating
from regulars.db import plain_words
from regulars.db.migrate import MigrationRefused, Seal, migrate, migrations, pending
from regulars.db.plain_people import PlainPerson
from regulars.db.plain_words import PlainWords
from regulars.db.pool import Database
from regulars.flows import own_words
from regulars.games import replies
from regulars.members import accounts, vault
from regulars.members.accounts import Called
from regulars.members.model import Person
from regulars.members.vault import Keyring, VaultLocked
from regulars.purchases import activity_reads
from tests.conftest import MASTER_KEY, MASTER_KEYS, START, TestServer, _create, _drop
from tests.migrations.test_sealing import files_of

KEYRING = Keyring(b"s" * 32, MASTER_KEYS)
SEALED_SINCE = 41
NUMBERS = count(1)


class Made(NamedTuple):
    """What was written before, and whose it is."""

    program: UUID
    household: UUID
    company: UUID
    activity: UUID
    member: UUID


def words(plain: PlainWords) -> tuple[int, bytes, bytes]:
    return own_words.seal_plain(KEYRING, plain)


def person(plain: PlainPerson) -> tuple[int, bytes, bytes]:
    raise AssertionError(plain)


SEAL = Seal(person, words)


@pytest.fixture
def old_database(server: TestServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """A database at migration 40: the owner's address, and that of one who may do anything."""
    name = f"regulars_worded_{next(NUMBERS)}"
    _create(server, name, None)
    with monkeypatch.context() as before:
        before.setattr(migrating, "migrations", lambda: [m for m in migrations() if m.number < SEALED_SINCE])
        migrate(make_conninfo(server.url, dbname=name))
    yield make_conninfo(server.url, dbname=name), make_conninfo(server.administrator_url, dbname=name)
    _drop(server, name)


def worded(administrator_url: str) -> Made:
    """A program as version 40 kept it: two accounts, an activity with a text, three replies, one without words."""
    program, household, company = ids.new(), ids.new(3), ids.new(5)
    member, activity, kind = ids.new(7), ids.new(7), "review"
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        run = connection.execute
        run(
            "INSERT INTO program (id, name, base_currency, time_zone, languages, sandbox, settings, created_at)"
            " VALUES (%s, 'Old', 'EUR', 'Europe/Riga', '{lv}', false, '{}', %s)",
            (program, START),
        )
        for home, identifier, sort, name, number, attributes in (
            (3, household, "household", "Housecanary", "", {}),
            (5, company, "company", "SIA Companycanary", "40003canary", {"bill": "Billingcanary"}),
        ):
            run(
                "INSERT INTO shared_account (program, home, id, kind, name, registration_number, attributes, opened_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (program, home, identifier, sort, name, number, Jsonb(attributes), START),
            )
        run(
            "INSERT INTO member (program, home, id, pool, language, source, enrolled_at)"
            " VALUES (%s, 7, %s, %s, 'lv', 'api', %s)",
            (program, member, ids.new(7), START),
        )
        run(
            "INSERT INTO activity_kind (program, code, revision, document, since, author)"
            " VALUES (%s, %s, 1, '{\"names\": {}}', %s, 'x')",
            (program, kind, START),
        )
        run(
            "INSERT INTO activity (program, home, id, member, kind, revision, source, request, happened_at,"
            " recorded_at, quantity, data, outcome) VALUES (%s, 7, %s, %s, %s, 1, 's', 'r', %s, %s, 1000, '{}',"
            ' \'{"status": "counted"}\')',
            (program, activity, member, kind, START, START),
        )
        run(
            "INSERT INTO activity_text (program, home, member, activity, texts) VALUES (%s, 7, %s, %s, %s)",
            (program, member, activity, Jsonb({"text": "Reviewcanary"})),
        )
        run(
            "INSERT INTO survey (program, code, revision, created_at) VALUES (%s, 'visit', 1, %s)",
            (program, START),
        )
        run(
            "INSERT INTO survey_revision (program, survey, revision, document, published_at, published_by)"
            " VALUES (%s, 'visit', 1, '{}', %s, 'x')",
            (program, START),
        )
        for home, whose, texts in (
            (7, member, {"word": "Surveycanary"}),
            (1, None, {"word": "Nonecanary"}),
            (2, None, {}),
        ):
            run(
                "INSERT INTO survey_reply (program, home, id, survey, revision, member, choices, texts, day)"
                " VALUES (%s, %s, %s, 'visit', 1, %s, '{}', %s, '2026-03-01')",
                (program, home, ids.new(home), whose, Jsonb(texts)),
            )
    return Made(program, household, company, activity, member)  # fmt: skip


async def test_words_of_every_kind_are_sealed_and_read_as_they_were(
    old_database: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, administrator_url = old_database
    both = [worded(administrator_url), worded(administrator_url)]
    monkeypatch.setattr(plain_words, "BATCH", 2)
    migrate(url, seal=SEAL)
    async with Database(url) as database:
        for made in both:
            opened = vault.of(KEYRING, made.program)
            async with database.transaction(made.program) as tx:
                household = await accounts.read(tx, made.program, made.household)
                company = await accounts.read(tx, made.program, made.company)
                activity = await activity_reads.find(tx, made.program, made.activity)
                written = await replies.written(tx, made.program, "visit")
                (of_hers,) = await replies.of_members(tx, made.program, [made.member])
            assert household is not None
            assert company is not None
            assert activity is not None
            assert accounts.called(opened, household) == Called("Housecanary")
            assert accounts.called(opened, company) == Called(
                "SIA Companycanary", "40003canary", {"bill": "Billingcanary"}
            )
            assert own_words.open_activity(opened, activity) == {"text": "Reviewcanary"}
            assert sorted(own_words.open_reply(opened, one)["word"] for one in written) == [
                "Nonecanary",
                "Surveycanary",
            ]
            assert own_words.open_reply(opened, of_hers[1]) == {"word": "Surveycanary"}
    assert (migrate(url), pending(url)) == ([], 0)


def test_nothing_that_was_written_is_left_plain_in_the_files_of_the_database(
    old_database: tuple[str, str],
) -> None:
    url, administrator_url = old_database
    worded(administrator_url)
    looked_for = [
        b"Housecanary",
        b"40003canary",
        b"Billingcanary",
        b"Reviewcanary",
        b"Surveycanary",
        b"Nonecanary",
    ]
    assert [word for word in looked_for if word not in files_of(administrator_url)] == []
    migrate(url, seal=SEAL)
    found = files_of(administrator_url)
    assert [word for word in looked_for if word in found] == []


def test_an_upgrade_that_was_interrupted_goes_on(
    old_database: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, administrator_url = old_database
    worded(administrator_url)
    monkeypatch.setattr(plain_words, "BATCH", 2)
    calls = count(1)

    def stumbling(plain: PlainWords) -> tuple[int, bytes, bytes]:
        if next(calls) == 4:
            raise KeyboardInterrupt
        return words(plain)

    with pytest.raises(KeyboardInterrupt):
        migrate(url, seal=Seal(person, stumbling))
    assert pending(url) == 1
    assert sealed(administrator_url) == (2, 0, 0)
    with pytest.raises(MigrationRefused, match="persons or their words in plain text"):
        migrate(url)
    migrate(url, seal=SEAL)
    assert sealed(administrator_url) == (2, 1, 2)
    assert pending(url) == 0


def test_a_database_with_plain_words_is_not_touched_without_the_key(old_database: tuple[str, str]) -> None:
    url, administrator_url = old_database
    worded(administrator_url)
    with pytest.raises(MigrationRefused, match="nothing was changed"):
        migrate(url)
    with psycopg.connect(administrator_url) as connection:
        assert connection.execute("SELECT max(number) FROM migration").fetchone() == (SEALED_SINCE - 1,)


def test_keys_of_another_installation_seal_nothing_and_lose_nothing(
    old_database: tuple[str, str], tmp_path: Path
) -> None:
    url, administrator_url = old_database
    made = worded(administrator_url)
    with psycopg.connect(administrator_url) as connection:
        connection.execute(
            "INSERT INTO person (program, home, member, generation, wrapped_key, sealed)"
            " VALUES (%s, 7, %s, %s, %s, %s)",
            (
                made.program,
                made.member,
                *vault.seal_plain(KEYRING, made.program, made.member, Person("Anna")),
            ),
        )
        connection.execute("INSERT INTO master_key (generation, mark) VALUES (1, %s)", (KEYRING.marks()[1],))
    place = Place(tmp_path)
    settings.make_secret(place.secret_file)
    for _ in range(2):
        with pytest.raises(VaultLocked, match="is not the one that this database was sealed with"):
            migrate(url, seal=sealer(place, url))
        assert (sealed(administrator_url), pending(url)) == ((0, 0, 0), 1)
    place.master_file.write_text(MASTER_KEY + "\n")
    migrate(url, seal=sealer(place, url))
    assert (sealed(administrator_url), pending(url)) == ((2, 1, 2), 0)


def in_accounts(administrator_url: str) -> tuple[UUID, dict[str, UUID]]:
    """A program with accounts of before: who is or was in each, and whether she was erased; their ids."""
    program = ids.new()
    made: dict[str, UUID] = {}
    with psycopg.connect(administrator_url) as connection:
        run = connection.execute
        run(
            "INSERT INTO program (id, name, base_currency, time_zone, languages, sandbox, settings, created_at)"
            " VALUES (%s, 'Old', 'EUR', 'Europe/Riga', '{lv}', false, '{}', %s)",
            (program, START),
        )
        for name, kind, people in (
            ("Emptied", "household", [(False, True), (False, False)]),
            ("Peopled", "household", [(False, True), (True, False)]),
            ("Left", "household", [(False, False)]),
            ("Nobodys", "household", []),
            ("Firm", "company", [(False, True)]),
        ):
            made[name] = account = ids.new(3)
            run(
                "INSERT INTO shared_account (program, home, id, kind, name, opened_at) VALUES (%s, 3, %s, %s, %s, %s)",
                (program, account, kind, f"{name}canary", START),
            )
            for is_in, erased in people:
                member, own = ids.new(7), ids.new(7)
                run(
                    "INSERT INTO member (program, home, id, pool, own_pool, role, language, source, enrolled_at,"
                    " erased_at) VALUES (%s, 7, %s, %s, %s, %s, 'lv', 'api', %s, %s)",
                    (
                        program, member, account if is_in else own, own if is_in else None,
                        "owner" if is_in else None, START, START if erased else None,
                    ),
                )  # fmt: skip
                run(
                    "INSERT INTO account_member (program, home, account, member, joined_at)"
                    " VALUES (%s, 3, %s, %s, %s)",
                    (program, account, member, START),
                )
    return program, made


async def test_a_household_that_erasures_emptied_before_is_not_called_anything_any_more(
    old_database: tuple[str, str],
) -> None:
    url, administrator_url = old_database
    program, made = in_accounts(administrator_url)
    migrate(url, seal=SEAL)
    assert b"Emptiedcanary" not in files_of(administrator_url)
    opened = vault.of(KEYRING, program)
    async with Database(url) as database, database.transaction(program) as tx:
        found = {name: await accounts.read(tx, program, one) for name, one in made.items()}
    assert {name: one and accounts.called(opened, one).name for name, one in found.items()} == {
        "Emptied": "",
        "Peopled": "Peopledcanary",
        "Left": "Leftcanary",
        "Nobodys": "Nobodyscanary",
        "Firm": "Firmcanary",
    }
    with psycopg.connect(administrator_url) as connection:
        forced = connection.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
        ).fetchall()
    assert forced == []


def test_where_nothing_else_was_kept_the_name_leaves_the_files_too(old_database: tuple[str, str]) -> None:
    url, administrator_url = old_database
    _, made = in_accounts(administrator_url)
    with psycopg.connect(administrator_url) as connection:
        connection.execute("DELETE FROM account_member WHERE account <> %s", (made["Emptied"],))
        connection.execute("DELETE FROM shared_account WHERE id <> %s", (made["Emptied"],))
    assert b"Emptiedcanary" in files_of(administrator_url)
    migrate(url, seal=SEAL)
    assert b"Emptiedcanary" not in files_of(administrator_url)
    assert pending(url) == 0


def sealed(administrator_url: str) -> tuple[int, int, int]:
    """How many accounts, activities and replies have sealed words."""
    with psycopg.connect(administrator_url) as connection:
        row = connection.execute(
            "SELECT (SELECT count(sealed) FROM shared_account), (SELECT count(*) FROM activity_text),"
            " (SELECT count(sealed) FROM survey_reply)"
        ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]
