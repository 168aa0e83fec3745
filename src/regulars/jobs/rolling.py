"""Keeps the figures within seconds of the facts: round after round, beside the scheduled ones."""

from __future__ import annotations

from regulars.db.pool import Database
from regulars.jobs import rounds
from regulars.jobs.forever import forever

PAUSE_SECONDS = 3.0


async def keep_rolling(database_url: str) -> None:
    """Make round after round until it is cancelled; a round that fails is logged, and the next one tries again.

    It has a connection of its own: a year that is summed up anew does not keep the scheduled rounds waiting.
    """
    async with Database(database_url, size=1) as database:
        await forever(lambda: rounds.roll(database), "rolling", PAUSE_SECONDS)
