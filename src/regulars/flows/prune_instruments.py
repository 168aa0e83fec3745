"""Forgets what purchases were paid with once no referral can turn on it any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from regulars.db.pool import Database, Transaction
from regulars.members import instruments
from regulars.programs import reading

KEPT_DAYS = 400
"""Longer than the longest return window (a year), after which a friend's purchase is judged."""
PRUNED_AT_ONCE = 5000
"""Rows of one transaction, so that no purchase waits long for one that is being pruned."""


async def prune_instruments(database: Database, program: UUID, at: datetime) -> int:
    """Forget payments of 400 days ago, and of nobody's purchases those that cannot be claimed any more; how many.

    Safe to repeat and to kill.
    """

    async def work(tx: Transaction) -> int:
        claim_days = (await reading.load(tx, program)).settings.claim_days
        before, unclaimed = at - timedelta(days=KEPT_DAYS), at - timedelta(days=min(claim_days, KEPT_DAYS))
        return await instruments.prune(tx, program, before, unclaimed, PRUNED_AT_ONCE)

    forgotten = 0
    while (pruned := await database.run(program, work)) > 0:
        forgotten += pruned
    return forgotten
