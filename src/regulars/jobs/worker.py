"""Runs the scheduled rounds until it is told to stop; there may be several such processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

import structlog

from regulars import settings
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.jobs.carrying import keep_carrying
from regulars.jobs.rolling import keep_rolling
from regulars.jobs.schedule import SCHEDULE, bury_stalled, schedule
from regulars.jobs.telling import keep_telling
from regulars.web.logs import configure_logs

POLL_SECONDS = 5.0
GRACEFUL_SECONDS_MAX = 8.0
log = structlog.get_logger("regulars.jobs")


def run(database_url: str) -> None:
    """Work until SIGINT or SIGTERM; the round that runs is finished."""
    configure_logs()
    asyncio.run(_run(database_url))


async def _run(database_url: str) -> None:
    async with Database(database_url, size=2) as pool:
        database = pool.acting(Actor("job", "rounds"))
        app = schedule(database, database_url)
        async with app.open_async():
            buried = await bury_stalled(app)
            log.info("worker_started", rounds=[name for name, _, _ in SCHEDULE], buried=buried)
            working = asyncio.create_task(
                app.run_worker_async(
                    name="regulars",
                    concurrency=2,
                    listen_notify=False,
                    fetch_job_polling_interval=POLL_SECONDS,
                    shutdown_graceful_timeout=GRACEFUL_SECONDS_MAX,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            )
            telling = asyncio.gather(
                keep_telling(database_url), keep_rolling(database_url), keep_carrying(database_url)
            )
            _stop_on_signals(working)
            with contextlib.suppress(asyncio.CancelledError):
                await working
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling
            log.info("worker_stopped")


def _stop_on_signals(working: asyncio.Task[None]) -> None:
    """A first SIGINT or SIGTERM ends the work in order; what is not over then is cut off, for it can be repeated."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        working.cancel()
        # A database that went away first would otherwise keep us waiting for connections that never come.
        loop.call_later(GRACEFUL_SECONDS_MAX + 1, os._exit, 1)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)


if __name__ == "__main__":
    run(settings.load().database_url)
