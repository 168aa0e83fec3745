"""Applies the numbered migrations in order, under a lock, each in its own transaction, and makes the app's role.

`NNNN_name.pre.sql` runs before new code starts, `NNNN_name.post.sql` after old code is gone. Forward only.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import NamedTuple

import psycopg
from psycopg import errors, sql

from regulars.db import plain_people, plain_words
from regulars.db.plain_people import SealPerson
from regulars.db.plain_words import SealWords
from regulars.db.pool import APP_ROLE, connect_owner

_FILE = re.compile(r"^(\d{4})_(\w+)\.(pre|post)\.sql$")
VAULT = 6
"""The migration since which persons are kept sealed."""
WORDS = 41
"""The migration since which names of accounts are, and what members wrote in their own words."""
_LOCK = 7_236_548_101  # any number, the same in every process


class Migration(NamedTuple):
    """One file: its number, name, phase and text."""

    number: int
    name: str
    phase: str
    text: str


class Seal(NamedTuple):
    """What seals what older versions kept in plain text."""

    person: SealPerson
    words: SealWords


class MigrationRefused(Exception):
    """The database cannot be brought to this version; nothing was changed. The message says what to do."""


def migrations() -> list[Migration]:
    """All migrations of this version, in order. Raises AssertionError when numbers repeat or are left out."""
    found = []
    for file in resources.files("regulars.db").joinpath("migrations").iterdir():
        match = _FILE.match(file.name)
        if match:
            found.append(Migration(int(match[1]), match[2], match[3], file.read_text(encoding="utf-8")))
    found.sort()
    assert [m.number for m in found] == list(range(1, len(found) + 1)), "migration numbers must be 1, 2, 3 …"
    return found


def migrate(url: str, phase: str = "post", seal: Seal | None = None) -> list[str]:
    """Bring the database to this version: all `pre` files, and with phase `post` all. Returns what was applied.

    `seal` is needed for a database that keeps persons or their words in plain text. Raises MigrationRefused without it.
    """
    with connect_owner(url) as connection:
        connection.execute("SET lock_timeout = '10s'; SET statement_timeout = '30min'")
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            make_app_role(connection)
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migration (number int PRIMARY KEY, name text NOT NULL,"
                " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
            )
            done = {number for (number,) in connection.execute("SELECT number FROM migration")}
            known = migrations()
            unknown = done - {m.number for m in known}
            if unknown:
                raise MigrationRefused(
                    f"The database was made by a newer Regulars (migration {max(unknown)}); "
                    "nothing was changed. Install that version or a newer one."
                )
            if seal is None and (_is_plain(connection) or (done and not {VAULT, WORDS} <= done)):
                raise MigrationRefused(
                    "This database keeps persons or their words in plain text, and is to be sealed with the master "
                    "key; nothing was changed. Upgrade it with `regulars start` or `regulars migrate`, which know the "
                    "key."
                )
            applied = []
            for migration in known:
                if migration.number in done:
                    continue
                if phase == "pre" and migration.phase == "post":
                    break
                with connection.transaction():
                    connection.execute(migration.text.encode())
                    connection.execute(
                        "INSERT INTO migration (number, name) VALUES (%s, %s)",
                        (migration.number, migration.name),
                    )
                applied.append(f"{migration.number:04} {migration.name}")
            if seal is not None and plain_people.are_left(connection):
                plain_people.seal_all(connection, seal.person)
            if seal is not None and plain_words.are_left(connection):
                plain_words.seal_all(connection, seal.words)
            return applied
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def pending(url: str) -> int:
    """How many migrations the database lacks."""
    with connect_owner(url) as connection:
        try:
            done = {number for (number,) in connection.execute("SELECT number FROM migration")}
        except errors.UndefinedTable:
            done = set()
        unsealed = _is_plain(connection)
    return unsealed + len([m for m in migrations() if m.number not in done])


def _is_plain(connection: psycopg.Connection[tuple]) -> bool:
    return plain_people.are_left(connection) or plain_words.are_left(connection)


def make_app_role(connection: psycopg.Connection[tuple]) -> None:
    """Make the role that the application works as, and let the owner become it. Raises MigrationRefused."""
    role = sql.Identifier(APP_ROLE)
    owner_row = connection.execute("SELECT current_user").fetchone()
    assert owner_row is not None
    owner = sql.Identifier(owner_row[0])
    statements = [
        sql.SQL("CREATE ROLE {} NOLOGIN").format(role),
        sql.SQL("GRANT {} TO {}").format(role, owner),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
    ]
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone()
    member = (
        exists
        and connection.execute(
            "SELECT pg_has_role(%s, 'SET')"
            if connection.info.server_version >= 160000
            else "SELECT pg_has_role(%s, 'MEMBER')",
            (APP_ROLE,),
        ).fetchone()
    )
    needed = statements[1:] if exists else statements
    if member and member[0]:
        needed = statements[2:]
    try:
        for statement in needed:
            connection.execute(statement)
    except errors.InsufficientPrivilege as refusal:
        listed = "\n  ".join(s.as_string(connection) + ";" for s in statements)
        raise MigrationRefused(
            f"This server does not let {owner_row[0]} make roles; nothing was changed. "
            f"Ask its administrator to run these three statements in this database:\n  {listed}"
        ) from refusal
