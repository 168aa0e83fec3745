"""Forgets request keys once nobody may repeat them any more, and sessions that have ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from regulars.db import queries
from regulars.db.pool import Database, Transaction
from regulars.programs import registry

SQL = queries.load("regulars.flows", "prune_requests.sql")
KEPT_DAYS = 90
PRUNED_AT_ONCE = 5000
"""Rows of one transaction, so that no caller waits long for a key that is being pruned."""


async def prune_requests(database: Database, program: UUID, at: datetime) -> int:
    """Forget a program's request keys older than 90 days; how many there were. Safe to repeat and to kill."""
    before = at - timedelta(days=KEPT_DAYS)

    async def work(tx: Transaction) -> int:
        return (await tx.execute(SQL.prune, (program, before, PRUNED_AT_ONCE))).rowcount

    forgotten = 0
    while (pruned := await database.run(program, work)) > 0:
        forgotten += pruned
    return forgotten


async def prune_sessions(database: Database, at: datetime) -> int:
    """Forget the sessions that have ended; how many there were."""
    return await database.run(None, lambda tx: registry.prune_sessions(tx, at))
