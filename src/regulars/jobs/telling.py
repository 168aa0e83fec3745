"""Tells subscribers what happened within seconds: the one round that is not made by the clock, but always."""

from __future__ import annotations

import asyncio

import structlog

from regulars import settings
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.jobs import rounds
from regulars.jobs.forever import forever
from regulars.jobs.visiting import RoundFailed
from regulars.messaging.courier import Courier

PAUSE_SECONDS = 2.0
FAILED_SECONDS = 15.0
CONNECTIONS = 4
log = structlog.get_logger("regulars.jobs")


async def keep_telling(database_url: str) -> None:
    """Make round after round until it is cancelled; what fails is logged, and is begun anew after a while.

    It has connections of its own: a subscriber that is slow does not keep the scheduled rounds waiting.
    """
    await forever(lambda: _tell(database_url), "telling", FAILED_SECONDS)


async def _tell(database_url: str) -> None:
    read = settings.load()
    async with Database(database_url, size=CONNECTIONS) as database:
        named = database.acting(Actor("job", "webhooks"))
        courier = Courier(named, read.secret, allow_local=read.messaging.to_localhost)
        while True:
            try:
                await rounds.tell(named, courier)
            except RoundFailed as failed:
                log.warning("telling_incomplete", reason=str(failed))
            await asyncio.sleep(PAUSE_SECONDS)
