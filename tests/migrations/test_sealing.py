"""A database from before the vault: its plain persons are sealed by the upgrade, and nothing plain is left in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from regulars import ids
from regulars.db import migrate as migrating
from regulars.db import plain_people
from regulars.db.migrate import MigrationRefused, Seal, migrate, migrations, pending
from regulars.db.plain_people import PlainPerson, SealPerson
from regulars.db.plain_words import PlainWords
from regulars.db.pool import Database
from regulars.members import reading, vault
from regulars.members.model import Person
from regulars.members.vault import Keyring
from tests.conftest import MASTER_KEYS, START, TestServer, _create, _drop

KEYRING = Keyring(b"s" * 32, MASTER_KEYS)
MEMBERS = 7
NUMBERS = count(1)


def seal_person(plain: PlainPerson) -> tuple[int, bytes, bytes]:
    person = Person(plain.name, plain.phone, plain.email, plain.external_id, plain.birthday, plain.attributes)
    return vault.seal_plain(KEYRING, plain.program, plain.member, person)


def sealing(person: SealPerson) -> Seal:
    """What seals persons so, and meets no words: there were none yet."""

    def words(plain: PlainWords) -> tuple[int, bytes, bytes]:
        raise AssertionError(plain)

    return Seal(person, words)


seal = sealing(seal_person)


@pytest.fixture
def old_database(server: TestServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """A database at migration 5: the owner's address, and that of one who may do anything."""
    name = f"regulars_old_{next(NUMBERS)}"
    _create(server, name, None)
    with monkeypatch.context() as before:
        before.setattr(migrating, "migrations", lambda: [m for m in migrations() if m.number < 6])
        migrate(make_conninfo(server.url, dbname=name))
    yield make_conninfo(server.url, dbname=name), make_conninfo(server.administrator_url, dbname=name)
    _drop(server, name)


def plain_members(administrator_url: str, programs: int) -> list[tuple[UUID, UUID]]:
    """Members of several programs as version 5 kept them: (program, member)."""
    made = []
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        for _ in range(programs):
            program = ids.new()
            connection.execute(
                "INSERT INTO program (id, name, base_currency, time_zone, languages, sandbox, settings, created_at)"
                " VALUES (%s, 'Old', 'EUR', 'Europe/Riga', '{lv}', false, '{}', %s)",
                (program, START),
            )
            for n in range(MEMBERS):
                member = ids.new(n)
                connection.execute(
                    "INSERT INTO member (program, home, id, pool, language, source, attributes, enrolled_at)"
                    " VALUES (%s, %s, %s, %s, 'lv', 'api', %s, %s)",
                    (program, n, member, ids.new(n), Jsonb({"canary": f"Attributecanary{n}"}), START),
                )
                connection.execute(
                    "INSERT INTO person (program, home, member, name, phone, email, external_id, birthday)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, '1990-02-03')",
                    (
                        program,
                        n,
                        member,
                        f"Namecanary {n}",
                        f"+3719990000{n}",
                        f"{n}@mailcanary.lv",
                        f"idcanary-{n}",
                    ),
                )
                made.append((program, member))
    return made


async def test_plain_persons_of_every_program_are_sealed_and_read_as_they_were(
    old_database: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, administrator_url = old_database
    made = plain_members(administrator_url, 2)
    monkeypatch.setattr(plain_people, "BATCH", 3)
    migrate(url, seal=seal)
    async with Database(url) as database:
        for place, (program, member) in enumerate(made):
            n = place % MEMBERS
            async with database.transaction(program) as tx:
                profile = await reading.profile(tx, program, vault.of(KEYRING, program), member)
            assert profile is not None
            assert profile.person == Person(
                f"Namecanary {n}", f"+3719990000{n}", f"{n}@mailcanary.lv", f"idcanary-{n}", date(1990, 2, 3),
                {"canary": f"Attributecanary{n}"},
            )  # fmt: skip
    assert (migrate(url), pending(url)) == ([], 0)


def test_nothing_plain_is_left_in_the_files_of_the_database(old_database: tuple[str, str]) -> None:
    url, administrator_url = old_database
    plain_members(administrator_url, 1)
    assert b"Namecanary" in files_of(administrator_url), "or the test looks in the wrong place"
    assert b"Attributecanary" in files_of(administrator_url)
    migrate(url, seal=seal)
    found = files_of(administrator_url)
    assert [
        word
        for word in (b"Namecanary", b"+371999", b"mailcanary", b"idcanary", b"Attributecanary")
        if word in found
    ] == []


def test_an_upgrade_that_was_interrupted_goes_on(
    old_database: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, administrator_url = old_database
    plain_members(administrator_url, 1)
    monkeypatch.setattr(plain_people, "BATCH", 3)
    calls = count(1)

    def stumbling(plain: PlainPerson) -> tuple[int, bytes, bytes]:
        if next(calls) == 5:
            raise KeyboardInterrupt
        return seal_person(plain)

    with pytest.raises(KeyboardInterrupt):
        migrate(url, seal=sealing(stumbling))
    assert pending(url) == 1
    assert counted(administrator_url) == (3, 4)
    migrate(url, seal=seal)
    with psycopg.connect(administrator_url) as connection:
        row = connection.execute("SELECT count(*), to_regclass('person_plain') FROM person").fetchone()
    assert row == (7, None)


def test_a_database_with_plain_persons_is_not_touched_without_the_key(old_database: tuple[str, str]) -> None:
    url, administrator_url = old_database
    plain_members(administrator_url, 1)
    with pytest.raises(MigrationRefused, match="sealed with the master key"):
        migrate(url)
    with psycopg.connect(administrator_url) as connection:
        assert connection.execute("SELECT max(number) FROM migration").fetchone() == (5,)


def counted(administrator_url: str) -> tuple[int, int]:
    """Persons that are sealed, and that are not yet."""
    with psycopg.connect(administrator_url) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM person_plain)"
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def files_of(administrator_url: str) -> bytes:
    """Every file of the tables and indexes of a database, as they lie on the disk."""
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        rows = connection.execute(
            "SELECT pg_read_binary_file(path, 0, 100000000, true) FROM ("
            " SELECT pg_relation_filepath(oid) AS path FROM pg_class WHERE relkind IN ('r', 'i', 't', 'm')"
            ") AS f WHERE path IS NOT NULL"
        ).fetchall()
    return b"".join(bytes(row[0]) for row in rows if row[0] is not None)
