"""Says when the next draw falls due, and does what is due by then: for a sandbox's clock and a round."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Database
from regulars.flows.games import close_seeds
from regulars.flows.hold_draw import hold_due_draws
from regulars.flows.known_programs import KnownPrograms
from regulars.games import plays, tickets


async def next_due(
    database: Database, programs: KnownPrograms, program: UUID, after: datetime, until: datetime
) -> datetime | None:
    """The first draw after `after`, up to `until`."""
    async with database.transaction(program) as tx:
        every = await tickets.every(tx, program)
    open_ones = [one.document.draws_at for one in every if one.drawn_at is None and one.stopped_at is None]
    return min((at for at in open_ones if after < at <= until), default=None)


async def do_due(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Bring tickets for purchases, hold the draws whose time has come, reveal the seeds of days that are over.

    How many draws and seeds; done again it changes nothing.
    """
    held = await hold_due_draws(database, programs, program, at)
    async with database.transaction(program) as tx:
        played = bool(await plays.every(tx, program))
    return held + (await close_seeds(database, await programs.fresh(program), at) if played else 0)
