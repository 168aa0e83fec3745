"""When which round is made, and the tables in which procrastinate sees that each is made once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Status
from psycopg import AsyncConnection

from regulars.db.pool import APP_ROLE, Database
from regulars.jobs import rounds

SCHEDULE: tuple[tuple[str, str, Callable[[Database], Awaitable[None]]], ...] = (
    ("lapse_holds", "* * * * *", rounds.lapse),
    ("end_bookings", "* * * * *", rounds.seat),
    ("seal_ledger", "* * * * *", rounds.seal),
    ("book_vouchers", "* * * * *", rounds.settle),
    ("make_codes", "* * * * *", rounds.make_codes),
    ("make_cards", "* * * * *", rounds.make_cards),
    ("index_names", "* * * * *", rounds.index_names),
    ("send_messages", "* * * * *", rounds.send_messages),
    ("look_at_wallets", "*/5 * * * *", rounds.look_at_wallets),
    # Time zones differ by quarters of an hour: after each, somebody's night may have begun.
    ("expire_points", "*/15 * * * *", rounds.expire),
    ("close_months", "*/15 * * * *", rounds.close_up),
    ("review_tiers", "*/15 * * * *", rounds.review),
    ("reward_referrals", "*/15 * * * *", rounds.bring),
    ("hold_draws", "*/5 * * * *", rounds.draw),
    ("level_accounts", "52 1 * * *", rounds.level),
    ("measure_clubs", "17 2 * * *", rounds.measure),
    ("prune_requests", "23 3 * * *", rounds.prune),
    ("propose_erasures", "47 2 * * *", rounds.propose),
    ("prune_access", "37 3 * * *", rounds.prune_access),
    ("forget_data", "57 * * * *", rounds.forget_data),
    ("prune_webhooks", "13 4 * * *", rounds.prune_told),
    ("watch_tills", "27 * * * *", rounds.watch),
    ("remind_vouchers", "37 7-18 * * *", rounds.remind),
    ("remind_gift_cards", "42 7-18 * * *", rounds.remind_of_gift_cards),
    # Once a day: whoever keeps her tier is measured each time, until it ends.
    ("remind_tiers", "32 9 * * *", rounds.remind_of_tiers),
    ("review_memberships", "*/15 * * * *", rounds.review_paid),
    ("notice_absences", "7 7-18 * * *", rounds.miss),
    ("witness_audit", "3 * * * *", rounds.witness),
    ("tell_audit", "7 4 * * *", rounds.tell_audit),
)
"""Name, cron line (UTC), and the round."""


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
