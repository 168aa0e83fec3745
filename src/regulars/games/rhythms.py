"""Keeps how regularly members come, who is overdue, and which absences were noticed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.games.rhythm import Rhythm

SQL = queries.load("regulars.games", "rhythms.sql")


class Overdue(Struct, frozen=True):
    """A member who is overdue."""

    member: UUID
    last_day: date
    median_halves: int
    overdue_on: date


class Absence(Struct, frozen=True):
    """An absence that was noticed. Days are of the stores where she bought."""

    since: date
    """Her last visit before it."""
    overdue_on: date
    noticed_at: datetime
    channel: str | None
    """By which she was written to; None: she was not."""


async def touch(tx: Transaction, program: UUID, members: Sequence[UUID]) -> None:
    """The visits of these members changed: they are looked at again."""
    ordered = sorted(set(members))
    homes = arrays.int2s([ids.home(one) for one in ordered])
    if ordered:
        await tx.execute(SQL.touch, (program, homes, arrays.uuids(ordered)))


async def judge_by(tx: Transaction, program: UUID, basis: str) -> None:
    """Where the rule is another than before, everybody is looked at again."""
    if await fetch_one(tx, SQL.set_basis, (program, basis)) is not None:
        await tx.execute(SQL.touch_all, (program,))


async def take_stale(tx: Transaction, program: UUID, most: int) -> list[UUID]:
    """Members to be looked at, locked until the transaction ends; nobody whom somebody else is looking at."""
    return [row[0] for row in await fetch_all(tx, SQL.take_stale, (program, most))]


async def put(tx: Transaction, program: UUID, found: Sequence[tuple[UUID, Rhythm | None]]) -> None:
    """Write what was found of members that were taken; None: there is nothing to know of her."""
    gone = [member for member, rhythm in found if rhythm is None]
    if gone:
        homes = arrays.int2s([ids.home(one) for one in gone])
        await tx.execute(SQL.drop, (program, homes, arrays.uuids(gone)))
    kept = [(member, rhythm) for member, rhythm in found if rhythm is not None]
    if kept:
        columns = (
            arrays.int2s([ids.home(member) for member, _ in kept]),
            arrays.uuids([member for member, _ in kept]),
            [rhythm.last_day for _, rhythm in kept],
            arrays.int4s([rhythm.median_halves for _, rhythm in kept]),
            [rhythm.overdue_on for _, rhythm in kept],
        )
        await tx.execute(SQL.put, (*columns, program))


async def unnoticed(
    tx: Transaction, program: UUID, since: date, day: date, after: tuple[date, UUID], most: int
) -> list[Overdue]:
    """Who is overdue on a day, became so on `since` or later, and whose absence was not noticed yet, in order."""
    rows = await fetch_all(tx, SQL.unnoticed, (program, since, day, *after, most))
    return [Overdue(*row) for row in rows]


async def notice(tx: Transaction, program: UUID, one: Overdue, at: datetime, channel: str | None) -> bool:
    """Notice an absence, once; False: it was noticed before, or she came meanwhile."""
    key = (program, ids.home(one.member), one.member)
    taken = await fetch_one(tx, SQL.claim, (*key, one.last_day, one.overdue_on))
    if taken is None:
        return False
    row = (*key, one.last_day, one.overdue_on, at, channel)
    return await fetch_one(tx, SQL.note_absence, row) is not None


async def overdue(
    tx: Transaction, program: UUID, day: date, after: tuple[date, UUID], most: int
) -> list[Overdue]:
    """Who is overdue on a day, those who just became so first; `after`: from where on."""
    return [Overdue(*row) for row in await fetch_all(tx, SQL.overdue, (program, day, *after, most))]


async def count_overdue(tx: Transaction, program: UUID, day: date) -> int:
    """How many are overdue on a day."""
    row = await fetch_one(tx, SQL.count_overdue, (program, day))
    assert row is not None
    return row[0]


async def next_overdue(tx: Transaction, program: UUID, after: date, until: date) -> date | None:
    """The next day after `after`, up to `until`, on which somebody becomes overdue."""
    row = await fetch_one(tx, SQL.next_overdue, (program, after, until))
    return row[0] if row else None


async def absences(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[Absence]:
    """Those of members that were noticed, the latest first."""
    homes = arrays.int2s([ids.home(one) for one in members])
    rows = await fetch_all(tx, SQL.absences, (program, homes, arrays.uuids(members)))
    return [Absence(*row) for row in rows]


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes away when she was expected, and that she was missed."""
    key = (program, ids.home(member), member)
    await tx.execute(SQL.forget_rhythm, key)
    await tx.execute(SQL.forget_absences, key)
