"""Says when the next booking or the next measuring of clubs falls due, and does what is due: for a sandbox's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.measure_clubs import measure_clubs
from regulars.flows.occasions import end_due_bookings
from regulars.members import clubs
from regulars.occasions import register


async def next_due(
    database: Database, programs: KnownPrograms, program: UUID, after: datetime, until: datetime
) -> datetime | None:
    """The first instant after `after`, up to `until`, at which a round of these has something to do."""
    async with database.transaction(program) as tx:
        ends = await register.next_due(tx, program, after, until)
        ruled = any(one.document.rule is not None for one in await clubs.every(tx, program))
    if not ruled:
        return ends
    zone = (await programs.fresh(program)).program.time_zone
    day = after.astimezone(clock.zone(zone)).date()
    night = clock.midnight(day + timedelta(days=1), zone)
    if night > until:
        return ends
    # Of nights that follow one another the last one decides: what a rule says is measured, not added up.
    last = max(night, clock.midnight(until.astimezone(clock.zone(zone)).date(), zone))
    return min(last, ends) if ends is not None else last


async def do_due(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> None:
    """Do what is due at the program's instant `at`; done again it changes nothing."""
    await end_due_bookings(database, programs, program, at)
    await measure_clubs(database, programs, program, at)
