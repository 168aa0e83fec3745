"""Keeps the audit trail: who changed what, when, from where, before and after, why; chained by hashes, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from regulars.db import queries
from regulars.db.actors import Actor
from regulars.db.arrays import int8s
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs import reading

SQL = queries.load("regulars.programs.audit")


class Change(Struct, frozen=True):
    """A change as the trail tells it. Holds no secret, and of a member's personal data the names of fields alone."""

    action: str
    """What was done, as `promotion.published`."""
    subject: str
    """What was changed, by its id or code as people see it."""
    before: Any = None
    """What differs, as it was: anything that JSON can hold."""
    after: Any = None
    why: str = ""
    """Its own reason; where it is empty, the one that the transaction's actor gave."""


class Head(Struct, frozen=True):
    """The end of a program's trail."""

    seq: int
    """0: nothing was ever changed."""
    digest: bytes | None
    """None: the last entry is missing, or there never was one."""
    witnessed: int
    """The last entry that was witnessed; 0: none was."""
    witnessed_at: datetime | None


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two states the members that differ, as they were and as they are."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return ({n: before[n] for n in names if n in before}, {n: after[n] for n in names if n in after})


async def record(
    tx: Transaction, program: UUID, change: Change, at: datetime | None = None, *, actor: Actor | None = None
) -> None:
    """Add an entry. Last of all that a transaction does: it locks the chain's end.

    `at`: when, by the program's clock, which is read where it is not given. `actor`: in whose name; None: in that of
    the transaction (`Database.acting`), which is a job's where nobody is named.
    """
    if at is None:
        at = (await reading.program_clock(tx, program)).now
    row = await fetch_one(tx, SQL.next_entry, (program,))
    assert row is not None
    values = {
        "program": program, "seq": row[0], "at": at, "action": change.action, "subject": change.subject,
        "before": _json(change.before), "after": _json(change.after), "why": change.why, "actor": _json(actor),
    }  # fmt: skip
    await tx.execute(SQL.add_entry, values)


async def told_since(tx: Transaction, action: str, subject: str, since: datetime) -> bool:
    """Whether there is an entry of this action about this subject since an instant."""
    return await fetch_one(tx, SQL.told_since, (subject, action, since)) is not None


async def first_kind(tx: Transaction, program: UUID, action: str, subject: str) -> str | None:
    """What kind of actor did this to it first. None: the trail knows of nobody."""
    row = await fetch_one(tx, SQL.first_kind, (program, subject, action))
    return row[0] if row is not None else None


async def witness(tx: Transaction, program: UUID, identifier: UUID, at: datetime) -> int | None:
    """Note where the trail ends, as a fact that is sealed with the others. None: nothing was changed since the last."""
    row = await fetch_one(tx, SQL.witness, {"program": program, "id": identifier, "at": at})
    return row[0] if row is not None else None


async def broken_links(tx: Transaction, program: UUID) -> list[int]:
    """The first hundred entries that do not follow from the one before them; in an analytical transaction."""
    return [seq for (seq,) in await fetch_all(tx, SQL.broken_links, (program,))]


async def broken_among(tx: Transaction, program: UUID, asked: Sequence[int]) -> list[int]:
    """Those of these entries that are not there, or do not follow from the one before them."""
    return [
        seq for (seq,) in await fetch_all(tx, SQL.broken_among, {"program": program, "asked": int8s(asked)})
    ]


async def contradicted(tx: Transaction, program: UUID, asked: Sequence[int] | None = None) -> list[int]:
    """The first hundred entries, of those asked for, that are gone or are not what was witnessed."""
    values = {"program": program, "asked": int8s(asked) if asked is not None else None}
    return [seq for (seq,) in await fetch_all(tx, SQL.contradicted, values)]


async def head(tx: Transaction, program: UUID) -> Head:
    """The end of the trail, and how far it was witnessed."""
    row = await fetch_one(tx, SQL.head, (program,))
    assert row is not None
    seq, digest, witnessed, witnessed_at = row
    return Head(seq, bytes(digest) if digest is not None else None, witnessed, witnessed_at)


def _json(value: Any) -> Jsonb | None:
    return None if value is None else Jsonb(msgspec.to_builtins(value))
