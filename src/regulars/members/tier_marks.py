"""Keeps ladders, which tier each member has and why, and every change of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import outbox, queries
from regulars.db.arrays import bools, instants, int2s, texts, uuids
from regulars.db.burst import Sender
from regulars.db.outbox import Note
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.ladders import Ladder, LadderDocument
from regulars.members.terms import END
from regulars.members.tiers import Detail, Measures, Present, Step

SQL = queries.load("regulars.members", "tiers.sql")
_document = msgspec.json.Decoder(LadderDocument)
_detail = msgspec.json.Decoder(Detail)


class Begun(Struct, frozen=True):
    """A ladder, and since when there is one of its code."""

    ladder: Ladder
    since: datetime


class Taken(Struct, frozen=True):
    """A step that a member takes on a ladder."""

    member: UUID
    ladder: str
    step: Step
    measures: Measures
    purchase: UUID | None = None


class Revision(Struct, frozen=True):
    """When a ladder was changed, and by whom."""

    revision: int
    since: datetime
    author: str


class TierChange(Struct, frozen=True):
    """A change of a member's tier."""

    id: UUID
    ladder: str
    before: str | None
    tier: str | None
    at: datetime
    until: datetime | None
    reason: str
    measures: Measures
    purchase: UUID | None
    recorded_at: datetime


class Pass(Struct, frozen=True):
    """How far a revision was carried through the members."""

    code: str
    revision: int
    home: int
    after: UUID


class Due(Struct, frozen=True):
    """A tier whose time is over."""

    home: int
    member: UUID
    ladder: str


async def newest(tx: Transaction, program: UUID, *, withdrawn: bool = False) -> tuple[Begun, ...]:
    """The ladders of a program as they count now, by code; `withdrawn`: with those that count no more."""
    rows = await fetch_all(tx, SQL.newest_ladders, (program,))
    found = [
        Begun(Ladder(code, revision, _document.decode(document)), since)
        for code, revision, document, since in rows
    ]
    return tuple([one for one in found if withdrawn or not one.ladder.document.withdrawn])


async def add(
    tx: Transaction, program: UUID, code: str, document: LadderDocument, at: datetime, author: str
) -> int:
    """Enter a ladder's next revision, and that all members are to be looked at by it."""
    written = msgspec.json.encode(document).decode()
    row = await fetch_one(tx, SQL.add_ladder, (program, code, written, at, author))
    assert row is not None
    await tx.execute(SQL.begin_pass, (program, code, row[0]))
    return row[0]


async def revisions(tx: Transaction, program: UUID, code: str) -> tuple[Revision, ...]:
    """The last hundred revisions of a ladder, the newest first."""
    return tuple(Revision(*row) for row in await fetch_all(tx, SQL.ladder_revisions, (program, code)))


def present(
    tier: str | None, since: Any, until: Any, gained: Any, detail: str | None, reviewed: bool | None
) -> Present:
    """A mark as it was read."""
    return Present(
        tier, since, until, gained, _detail.decode(detail) if detail else Detail(), reviewed is not False
    )


async def now(tx: Transaction, program: UUID, member: UUID, at: datetime) -> dict[str, Present]:
    """Ladder → the tier that a member has at an instant."""
    rows = await fetch_all(tx, SQL.tiers_now, (program, ids.home(member), member, at, at))
    return {row[0]: present(*row[1:]) for row in rows}


async def write(tx: Sender, program: UUID, taken: Sequence[Taken], at: datetime) -> None:
    """Write steps, in their order: what members have from now on, the changes, and for those who listen.

    Their pools must be locked: that is what keeps two purchases from taking the same step.
    """
    if not taken:
        return
    await tx.execute(SQL.put_tiers, _marks(program, taken))
    await tx.execute(SQL.note_changes, _changes(program, taken, at))
    await outbox.note(tx, program, [_told(one, at) for one in taken if one.step.reason != "kept"])


async def remember(tx: Sender, program: UUID, kept: Sequence[Taken]) -> None:
    """Write what marks remember of what is beneath them; nobody's tier changes. Their pools must be locked."""
    await tx.execute(SQL.put_tiers, _marks(program, kept))


def _marks(program: UUID, taken: Sequence[Taken]) -> dict[str, Any]:
    """One row for each mark: of several steps on one ladder each ends where the next begins, the last one stays."""
    last: dict[tuple[UUID, str], int] = {}
    rows: list[tuple[Taken, datetime | None, bool]] = []
    for one in taken:
        key = (one.member, one.ladder)
        before = last.get(key)
        if before is not None:
            earlier = rows[before][0]
            if earlier.step.since == one.step.since:
                rows[before] = (one, one.step.until, False)
                continue
            rows[before] = (earlier, one.step.since, True)
        last[key] = len(rows)
        rows.append((one, one.step.until, False))
    steps = [one.step for one, _, _ in rows]
    return {
        "program": program,
        "homes": int2s([ids.home(one.member) for one, _, _ in rows]),
        "members": uuids([one.member for one, _, _ in rows]),
        "ladders": texts([one.ladder for one, _, _ in rows]),
        "tiers": texts([step.tier if step.marked else None for step in steps]),
        "sinces": instants([step.since for step in steps]),
        "untils": instants([until for _, until, _ in rows]),
        "gained": texts([step.gained for step in steps]),
        "details": texts([msgspec.json.encode(step.detail).decode() for step in steps]),
        "reviewed": bools([reviewed for _, _, reviewed in rows]),
    }


def _changes(program: UUID, taken: Sequence[Taken], at: datetime) -> dict[str, Any]:
    steps = [one.step for one in taken]
    homes = [ids.home(one.member) for one in taken]
    return {
        "program": program,
        "recorded_at": at,
        "homes": int2s(homes),
        "members": uuids([one.member for one in taken]),
        "ids": uuids([ids.new(home) for home in homes]),
        "ladders": texts([one.ladder for one in taken]),
        "before": texts([step.before for step in steps]),
        "tiers": texts([step.tier for step in steps]),
        "sinces": instants([step.since for step in steps]),
        "untils": instants([step.until for step in steps]),
        "reasons": texts([step.reason for step in steps]),
        "measures": texts([msgspec.json.encode(one.measures).decode() for one in taken]),
        "purchases": uuids([one.purchase for one in taken]),
    }


def _told(one: Taken, at: datetime) -> Note:
    step = one.step
    until = None if step.until is None or step.until == END else step.until.isoformat()
    told = {"ladder": one.ladder, "tier": step.tier, "until": until}
    return Note("tier.changed", one.member, one.member, at, told)


async def due(tx: Transaction, program: UUID, ladders: Sequence[str], at: datetime, limit: int) -> list[Due]:
    """Tiers whose time is over and whose end nobody has looked at, the oldest first."""
    return [Due(*row) for row in await fetch_all(tx, SQL.due_marks, (at, program, list(ladders), limit))]


async def next_due(
    tx: Transaction, program: UUID, ladders: Sequence[str], after: datetime, until: datetime
) -> datetime | None:
    """When the next tier ends, up to an instant."""
    row = await fetch_one(tx, SQL.next_due, (after, until, program, list(ladders)))
    return row[0] if row else None


async def note_reviewed(tx: Transaction, program: UUID, looked_at: Sequence[Due], at: datetime) -> None:
    """Their ends were looked at, whatever came of it."""
    columns = [
        [one.home for one in looked_at],
        [one.member for one in looked_at],
        [one.ladder for one in looked_at],
    ]
    await tx.execute(SQL.note_reviewed, (*columns, program, at))


async def remind(tx: Transaction, program: UUID, member: UUID, ladder: str, until: datetime) -> bool:
    """Note that she is reminded of the end of her tier; False where she was, or it does not end then any more."""
    row = await fetch_one(tx, SQL.remind, (program, ids.home(member), member, ladder, until))
    return row is not None


async def history(tx: Transaction, program: UUID, member: UUID, limit: int = 1000) -> tuple[TierChange, ...]:
    """The changes of a member's tiers, the newest first."""
    rows = await fetch_all(tx, SQL.changes_of, (program, ids.home(member), member, limit))
    return tuple(
        TierChange(
            *row[:7], measures=msgspec.json.decode(row[7], type=Measures), purchase=row[8], recorded_at=row[9]
        )
        for row in rows
    )


async def brought_by(tx: Transaction, program: UUID, member: UUID, purchase: UUID) -> dict[str, str]:
    """Ladder → the tier that a member gained with a purchase."""
    return dict(await fetch_all(tx, SQL.brought_by, (program, ids.home(member), member, purchase)))


async def open_pass(tx: Transaction, program: UUID) -> Pass | None:
    """A revision that was not yet carried through all members, locked."""
    row = await fetch_one(tx, SQL.open_pass, (program,))
    return Pass(*row) if row else None


async def move_pass(
    tx: Transaction, program: UUID, done: Pass, home: int, after: UUID, done_at: datetime | None
) -> None:
    """How far it was carried; `done_at`: it is through."""
    await tx.execute(SQL.move_pass, (home, after, done_at, program, done.code, done.revision))
