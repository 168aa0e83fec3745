"""Lets rewards lapse that were reserved and not confirmed, or claimed and not fetched, by their time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Database
from regulars.flows.end_redemption import lapse_redemption
from regulars.flows.known_programs import KnownPrograms
from regulars.rewards import redemptions

AT_ONCE = 200


async def lapse_redemptions(database: Database, program: UUID, at: datetime) -> int:
    """End all whose time was over at the program's instant `at`, each in a transaction of its own. How many."""
    known = None
    total = 0
    while True:
        async with database.transaction(program) as tx:
            due = await redemptions.due(tx, program, at, AT_ONCE)
        if not due:
            return total
        known = known or await KnownPrograms(database).of(program)
        done = 0
        for redemption in due:
            done += await lapse_redemption(database, known, redemption, at)
        total += done
        if not done:
            return total
