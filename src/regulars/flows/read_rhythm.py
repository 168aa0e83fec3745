"""Reads how regularly a member comes, and who is overdue."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.errors import InvalidValue, NotFound
from regulars.flows.notice_absences import rhythms_now, rule_of
from regulars.games import rhythms
from regulars.games.rhythms import Overdue
from regulars.members import reading
from regulars.programs.model import Program

_LAST = (date.max, UUID(int=2**128 - 1))


class RhythmView(Struct, frozen=True):
    """How regularly a member comes. Days are of the stores where she bought."""

    visits: int
    """Days with a purchase that count, the last one among them."""
    last_visit: date | None
    median_days: str | None
    """The median of the days from visit to visit, such as `22.5`; null: she has no rhythm yet."""
    overdue_on: date | None
    """The first day on which she is overdue."""
    overdue: bool


class OverdueView(Struct, frozen=True):
    """A member who is overdue."""

    member: str
    last_visit: date
    median_days: str
    overdue_on: date


class OverduePage(Struct, frozen=True):
    """Who is overdue, those who just became so first."""

    items: tuple[OverdueView, ...]
    total: int
    next: str | None
    """For the next page; null: there is none."""


async def read_rhythm(database: Database, program: Program, member: UUID, at: datetime) -> RhythmView:
    """`GET /v1/members/{id}/rhythm`. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        found = await reading.member(tx, program.id, member)
        if found is None:
            raise NotFound("There is no such member.")
        rhythm = (await rhythms_now(tx, program.id, [found.id], rule_of(program))).get(found.id)
    if rhythm is None:
        return RhythmView(0, None, None, None, False)
    today = at.astimezone(clock.zone(program.time_zone)).date()
    overdue = rhythm.overdue_on is not None and rhythm.overdue_on <= today
    return RhythmView(rhythm.visits, rhythm.last_day, rhythm.median_days, rhythm.overdue_on, overdue)


async def list_overdue(
    database: Database, program: Program, at: datetime, after: str | None, limit: int
) -> OverduePage:
    """Who is overdue as the last round saw it; nobody where the program does not look. Raises InvalidValue."""
    if not program.settings.regularity.on:
        return OverduePage((), 0, None)
    today = at.astimezone(clock.zone(program.time_zone)).date()
    place = _LAST if after is None else _place(after)
    async with database.transaction(program.id) as tx:
        found = await rhythms.overdue(tx, program.id, today, place, limit + 1)
        total = await rhythms.count_overdue(tx, program.id, today)
    more = found[limit - 1] if len(found) > limit else None
    cursor = f"{more.overdue_on.isoformat()}_{ids.show('mem', more.member)}" if more else None
    return OverduePage(tuple(_view(one) for one in found[:limit]), total, cursor)


def _place(cursor: str) -> tuple[date, UUID]:
    day, _, member = cursor.partition("_")
    try:
        first = date.fromisoformat(day)
    except ValueError:
        raise InvalidValue("?cursor", "is none that was answered") from None
    return first, ids.read("mem", member, "?cursor")


def _view(one: Overdue) -> OverdueView:
    halves = one.median_halves
    median = f"{halves // 2}.{'5' if halves % 2 else '0'}"
    return OverdueView(ids.show("mem", one.member), one.last_day, median, one.overdue_on)
