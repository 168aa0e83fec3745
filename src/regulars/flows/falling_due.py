"""What falls due in a program by itself, and when: the list that a sandbox's clock plays on its way.

A live program's rounds (jobs/rounds.py) do the same, each at its own hour. Whoever adds a round that members can notice
adds a line to TASKS: an instant at which there is something to do, and doing it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import clock
from regulars.db import queries
from regulars.db.pool import Database, fetch_one
from regulars.flows import (
    close_months,
    draws_due,
    expire_points,
    lapse_holds,
    seats_due,
    visits_due,
    voucher_money,
)
from regulars.flows import reward_referrals as referrals
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.review_tiers import level_accounts, review_tiers
from regulars.members import tier_marks
from regulars.programs import reading

SQL = queries.load("regulars.flows", "falling_due.sql")
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Stage(Struct, frozen=True):
    """The program whose clock is set forward."""

    database: Database
    programs: KnownPrograms
    program: UUID
    zone: str
    ladders: tuple[str, ...]


class Task(Struct, frozen=True):
    """Something that falls due."""

    next: Callable[[Stage, datetime, datetime], Awaitable[datetime | None]]
    """The first instant after one, up to another, at which there is something to do."""
    do: Callable[[Stage, datetime], Awaitable[Any]]
    """Do what is due at an instant; done again it changes nothing."""
    overdue: bool = False
    """What should have been done before the clock's present instant is found by `next` too."""
    first: bool = False
    """Done at the clock's present instant before anything else: what has changed since may be due now."""
    last: bool = False
    """Done once more where the clock comes to stand."""


async def stage_of(database: Database, programs: KnownPrograms, program: UUID) -> Stage:
    """The program as it is now. Raises NotFound."""
    known = await programs.fresh(program)
    async with database.transaction(program) as tx:
        zone = (await reading.load(tx, program)).time_zone
    return Stage(database, programs, program, zone, tuple(sorted(known.ladders)))


async def _next_lapse(stage: Stage, after: datetime, until: datetime) -> datetime | None:
    asked = {"program": stage.program, "since": after, "until": until}
    async with stage.database.transaction(stage.program) as tx:
        row = await fetch_one(tx, SQL.next_lapse, asked)
    return row[0] if row else None


async def _next_night(stage: Stage, after: datetime, until: datetime) -> datetime | None:
    """The night after points expire; until it has come expiry is judged at reading."""
    async with stage.database.transaction(stage.program) as tx:
        row = await fetch_one(tx, SQL.next_expiry, (stage.program, after, until))
    night = _night_after(row[0], stage.zone) if row and row[0] else None
    return night if night is not None and night <= until else None


def _night_after(at: datetime, zone: str) -> datetime:
    """The first local midnight at or after an instant."""
    day = at.astimezone(clock.zone(zone)).date()
    midnight = clock.midnight(day, zone)
    return midnight if midnight >= at else clock.midnight(day + timedelta(days=1), zone)


async def _next_term(stage: Stage, after: datetime, until: datetime) -> datetime | None:
    if not stage.ladders:
        return None
    async with stage.database.transaction(stage.program) as tx:
        return await tier_marks.next_due(tx, stage.program, stage.ladders, after, until)


async def _next_friend(stage: Stage, after: datetime, until: datetime) -> datetime | None:
    async with stage.database.transaction(stage.program) as tx:
        return await referrals.next_due(tx, stage.program, after, until)


async def _nothing(stage: Stage, after: datetime, until: datetime) -> datetime | None:
    return None


def _of(next_due: Callable[..., Awaitable[datetime | None]]) -> Callable[..., Awaitable[datetime | None]]:
    async def found(stage: Stage, after: datetime, until: datetime) -> datetime | None:
        return await next_due(stage.database, stage.programs, stage.program, after, until)

    return found


def _do(work: Callable[..., Awaitable[Any]]) -> Callable[[Stage, datetime], Awaitable[Any]]:
    async def done(stage: Stage, at: datetime) -> Any:
        return await work(stage.database, stage.programs, stage.program, at)

    return done


def _do_alone(work: Callable[..., Awaitable[Any]]) -> Callable[[Stage, datetime], Awaitable[Any]]:
    """The same for what needs nothing that is remembered of the program."""

    async def done(stage: Stage, at: datetime) -> Any:
        return await work(stage.database, stage.program, at)

    return done


TASKS: tuple[Task, ...] = (
    Task(_next_lapse, _do_alone(lapse_holds.lapse_holds), overdue=True),
    Task(_nothing, _do(voucher_money.book_vouchers), first=True, last=True),
    Task(_of(close_months.next_due), _do(close_months.close_months), first=True),
    Task(_next_night, _do_alone(expire_points.expire_points), overdue=True),
    Task(_nothing, _do(level_accounts), last=True),
    Task(_of(visits_due.next_due), _do(visits_due.do_due), first=True, last=True),
    Task(_next_term, _do(review_tiers), overdue=True, first=True),
    Task(_next_friend, _do(referrals.reward_referrals), last=True),
    Task(_of(seats_due.next_due), _do(seats_due.do_due), first=True),
    Task(_of(draws_due.next_due), _do(draws_due.do_due), last=True),
)
"""In the order in which they are done where they fall on one instant."""
