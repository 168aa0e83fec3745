"""Forgets codes, counts and sessions of members that ended long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from regulars.db.pool import Database
from regulars.members.access import proving

KEPT_DAYS = 7


async def prune_codes(database: Database, program: UUID, at: datetime) -> int:
    """Forget what ended a week ago; how many there were. Safe to repeat and to kill."""
    before = at - timedelta(days=KEPT_DAYS)
    return await database.run(program, lambda tx: proving.prune(tx, program, before))
