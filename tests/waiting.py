"""Waits in a test until others wait for a lock that it holds: how long that takes, no sleep can know."""

from __future__ import annotations

import asyncio

from regulars.db.pool import Transaction, fetch_one

_WAITING = """
    WITH RECURSIVE behind AS (
        SELECT pg_backend_pid() AS pid
        UNION
        SELECT waits.pid
        FROM pg_stat_activity AS waits
        JOIN behind ON behind.pid = ANY (pg_blocking_pids(waits.pid))
    )
    SELECT count(*) - 1 FROM behind
"""


async def until_others_wait(tx: Transaction, count: int = 1) -> None:
    """Until so many connections wait for what this transaction locked, or behind one that does; ten seconds at most."""
    for _ in range(200):
        # Within a transaction the list of connections is kept as it was first seen.
        await tx.execute("SELECT pg_stat_clear_snapshot()")
        row = await fetch_one(tx, _WAITING)
        if row is not None and row[0] >= count:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody waits for the lock")
