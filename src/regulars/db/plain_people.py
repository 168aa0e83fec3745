"""Seals the persons of a database older than the vault: what stood in plain text until migration 6.

The migration puts the plain rows aside as `person_plain`. Here they are sealed batch by batch, each batch in a
transaction of its own, so that an interrupted upgrade goes on where it was. At the end nothing plain is left in the
files either: the rows that remembered attributes are rewritten, and the table is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

BATCH = 1000


class PlainPerson(NamedTuple):
    """A person as older versions kept her."""

    program: UUID
    member: UUID
    name: str
    phone: str | None
    email: str | None
    external_id: str | None
    birthday: date | None
    attributes: dict[str, Any]


SealPerson = Callable[[PlainPerson], tuple[int, bytes, bytes]]
"""Generation, wrapped key and sealed text of a person: `members.vault` gives it."""


def are_left(connection: psycopg.Connection[tuple]) -> bool:
    """Whether there are plain persons, or an upgrade was interrupted before its end."""
    row = connection.execute("SELECT to_regclass('person_plain') IS NOT NULL").fetchone()
    return row == (True,)


def seal_all(connection: psycopg.Connection[tuple], seal: SealPerson) -> int:
    """Seal every plain person and let nothing plain stay; how many. The connection commits by itself."""
    programs = connection.execute("SELECT DISTINCT program FROM person_plain").fetchall()
    count = 0
    for (program,) in programs:
        while done := _seal_batch(connection, program, seal):
            count += done
    # Attributes stood in `member`: a dropped column stays in the files until its rows are written anew.
    connection.execute("VACUUM FULL member")
    connection.execute("DROP TABLE person_plain")
    return count


def _seal_batch(connection: psycopg.Connection[tuple], program: UUID, seal: SealPerson) -> int:
    with connection.transaction():
        connection.execute("SELECT set_config('regulars.program', %s, true)", (str(program),))
        rows = connection.execute(
            "SELECT home, program, member, name, phone, email, external_id, birthday, attributes"
            " FROM person_plain WHERE program = %s ORDER BY home, member LIMIT %s",
            (program, BATCH),
        ).fetchall()
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO person (program, home, member, generation, wrapped_key, sealed)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [(program, home, person[1], *seal(PlainPerson(*person))) for home, *person in rows],
            )
            cursor.executemany(
                "DELETE FROM person_plain WHERE program = %s AND home = %s AND member = %s",
                [(program, home, person[1]) for home, *person in rows],
            )
    return len(rows)
