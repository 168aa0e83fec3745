"""Seals what a database of before migration 41 kept in plain text: names of accounts, what members wrote in own words.

The migration puts the plain words aside as `words_plain`. Here they are sealed batch by batch, each batch in a
transaction of its own, so that an interrupted upgrade goes on where it was. At the end nothing plain is left in the
files either: the rows that words stood in are rewritten, and the table is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, LiteralString, NamedTuple
from uuid import UUID

import psycopg

BATCH = 1000
Kind = Literal["account", "activity", "reply"]


class PlainWords(NamedTuple):
    """Words as older versions kept them."""

    program: UUID
    kind: Kind
    id: UUID
    """Of the account, the activity or the reply."""
    member: UUID | None
    """Whose activity it is."""
    words: dict[str, Any]


SealWords = Callable[[PlainWords], tuple[int, bytes, bytes]]
"""Generation, wrapped key and sealed text: `flows.own_words` gives it."""

_SEALED: dict[Kind, LiteralString] = {
    "account": "UPDATE shared_account SET generation = %(generation)s, wrapped_key = %(key)s, sealed = %(sealed)s"
    " WHERE program = %(program)s AND home = %(home)s AND id = %(id)s",
    "activity": "INSERT INTO activity_text (program, home, member, activity, generation, wrapped_key, sealed)"
    " VALUES (%(program)s, %(home)s, %(member)s, %(id)s, %(generation)s, %(key)s, %(sealed)s)",
    "reply": "UPDATE survey_reply SET generation = %(generation)s, wrapped_key = %(key)s, sealed = %(sealed)s"
    " WHERE program = %(program)s AND home = %(home)s AND id = %(id)s",
}


def are_left(connection: psycopg.Connection[tuple]) -> bool:
    """Whether there are plain words, or an upgrade was interrupted before its end."""
    return connection.execute("SELECT to_regclass('words_plain') IS NOT NULL").fetchone() == (True,)


def seal_all(connection: psycopg.Connection[tuple], seal: SealWords) -> int:
    """Seal all plain words and let nothing plain stay; how many. The connection commits by itself."""
    programs = connection.execute("SELECT DISTINCT program FROM words_plain").fetchall()
    count = 0
    for (program,) in programs:
        while done := _seal_batch(connection, program, seal):
            count += done
    # A dropped column stays in the files until its rows are written anew.
    connection.execute("VACUUM FULL shared_account")
    connection.execute("VACUUM FULL survey_reply")
    connection.execute("DROP TABLE words_plain")
    return count


def _seal_batch(connection: psycopg.Connection[tuple], program: UUID, seal: SealWords) -> int:
    with connection.transaction():
        connection.execute("SELECT set_config('regulars.program', %s, true)", (str(program),))
        rows = connection.execute(
            "SELECT home, kind, id, member, words FROM words_plain WHERE program = %s"
            " ORDER BY kind, home, id LIMIT %s",
            (program, BATCH),
        ).fetchall()
        for home, kind, identifier, member, words in rows:
            sealed = seal(PlainWords(program, kind, identifier, member, words))
            named = {"program": program, "home": home, "id": identifier, "member": member}
            connection.execute(
                _SEALED[kind],
                {**named, "generation": sealed[0], "key": sealed[1], "sealed": sealed[2]},
            )
            connection.execute(
                "DELETE FROM words_plain WHERE program = %s AND kind = %s AND home = %s AND id = %s",
                (program, kind, home, identifier),
            )
    return len(rows)
