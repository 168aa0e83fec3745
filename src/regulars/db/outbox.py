"""The outbox: what happened beside the facts, noted in the transaction in which it did, for those who listen.

Purchases, returns and postings are not noted: they are facts, and the worker finds them by their transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.burst import Sender
from regulars.db.pool import Transaction, fetch_all

SQL = queries.load("regulars.db", "outbox.sql")


class Note(Struct, frozen=True):
    """Something that happened. `data` names things by id and holds nothing personal."""

    type: str
    subject: UUID
    """Whose events are kept in order: the member, else what it is about."""
    member: UUID | None
    at: datetime
    data: dict[str, Any] = {}


class Noted(Struct, frozen=True):
    """A note as it was taken out of the outbox."""

    id: UUID
    note: Note
    xid: int


async def note(tx: Sender, program: UUID, notes: Sequence[Note]) -> None:
    """Note what happens in this transaction; nothing is written where nobody listens."""
    if not notes:
        return
    homes = [ids.home(one.subject) for one in notes]
    columns = {
        "program": program,
        "homes": arrays.int2s(homes),
        "ids": arrays.uuids([ids.new(home) for home in homes]),
        "types": arrays.texts([one.type for one in notes]),
        "subjects": arrays.uuids([one.subject for one in notes]),
        "members": arrays.uuids([one.member for one in notes]),
        "instants": arrays.instants([one.at for one in notes]),
        "documents": arrays.texts([msgspec.json.encode(one.data).decode() for one in notes]),
    }
    await tx.execute(SQL.note, columns)


async def take(tx: Transaction, program: UUID, until: int) -> list[Noted]:
    """Take out what transactions below the number `until` noted."""
    return [
        Noted(identifier, Note(kind, subject, member, at, data), xid)
        for identifier, kind, subject, member, at, data, xid in await fetch_all(
            tx, SQL.take, (program, until)
        )
    ]
