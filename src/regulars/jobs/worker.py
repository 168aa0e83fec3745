"""Runs the rounds on their schedule, in one process or several: procrastinate sees that each is done once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Status
from psycopg import AsyncConnection

from regulars import settings
from regulars.db.pool import APP_ROLE, Database
from regulars.jobs import rounds

SCHEDULE: tuple[tuple[str, str, Callable[[Database], Awaitable[None]]], ...] = (
    ("lapse_holds", "* * * * *", rounds.lapse),
    ("seal_ledger", "* * * * *", rounds.seal),
    # Time zones differ by quarters of an hour: after each, somebody's night may have begun.
    ("expire_points", "*/15 * * * *", rounds.expire),
    ("prune_requests", "23 3 * * *", rounds.prune),
)
"""Name, cron line (UTC), and the round."""

POLL_SECONDS = 5.0
GRACEFUL_SECONDS_MAX = 8.0
log = structlog.get_logger("regulars.jobs")


def run(database_url: str) -> None:
    """Work until SIGINT or SIGTERM; the round that runs is finished."""
    configure_logs()
    asyncio.run(_run(database_url))


def schedule(database: Database, database_url: str) -> App:
    """The procrastinate app with all rounds on it."""
    app = App(connector=PsycopgConnector(conninfo=database_url, configure=_configure, min_size=1, max_size=3))
    for name, cron, work in SCHEDULE:
        _enter(app, database, name, cron, work)
    return app


async def bury_stalled(app: App) -> int:
    """Close the books on jobs whose worker was killed: every round catches up by itself; how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30))
    for job in stalled:
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
    return len(stalled)


async def _run(database_url: str) -> None:
    async with Database(database_url, size=2) as database:
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
            _stop_on_signals(working)
            with contextlib.suppress(asyncio.CancelledError):
                await working
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


def _enter(
    app: App, database: Database, name: str, cron: str, work: Callable[[Database], Awaitable[None]]
) -> None:
    @app.periodic(cron=cron)
    # One may wait while another runs, never more: a round that takes long is not followed by a queue of its own.
    @app.task(name=f"regulars.{name}", queueing_lock=name)
    async def _(timestamp: int) -> None:
        await work(database)


async def _configure(connection: AsyncConnection) -> None:
    """As the application's role, in the schema where procrastinate's tables are."""
    autocommit = connection.autocommit
    await connection.set_autocommit(True)
    await connection.execute(f"SET ROLE {APP_ROLE}; SET search_path = procrastinate, public")
    await connection.set_autocommit(autocommit)


def configure_logs() -> None:
    """One JSON object a line on the error output; names of jobs and ids of programs, never personal data."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


if __name__ == "__main__":
    run(settings.load().database_url)
