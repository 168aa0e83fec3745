"""When the next thing falls due that hangs on visits or on paid time, and doing what is due: for a sandbox's clock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.notice_absences import judge_rhythms, notice_absences
from regulars.flows.review_memberships import review_memberships
from regulars.flows.roll_figures import roll_figures
from regulars.games import rhythms
from regulars.programs.model import Program
from regulars.rewards import membership_book


async def next_due(
    database: Database, programs: KnownPrograms, program: UUID, after: datetime, until: datetime
) -> datetime | None:
    """The first instant after `after`, up to `until`, at which a round of these has something to do."""
    of = (await programs.fresh(program)).program
    async with database.transaction(program) as tx:
        paid = await membership_book.next_due(tx, program, until)
    missed = await _next_absence(database, of, after, until)
    return min((at for at in (paid, missed) if at is not None), default=None)


async def _next_absence(database: Database, of: Program, after: datetime, until: datetime) -> datetime | None:
    if not of.settings.regularity.on:
        return None
    await roll_figures(database, of.id, until)
    await judge_rhythms(database, of)
    zone = clock.zone(of.time_zone)
    days = [at.astimezone(zone).date() for at in (after, until)]
    async with database.transaction(of.id) as tx:
        day = await rhythms.next_overdue(tx, of.id, *days)
    return None if day is None else clock.midnight(day, of.time_zone)


async def do_due(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> None:
    """Do what is due at the program's instant `at`; done again it changes nothing."""
    await review_memberships(database, programs, program, at)
    await notice_absences(database, programs, program, at)
