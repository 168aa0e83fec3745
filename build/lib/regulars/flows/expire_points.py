"""Posts what has expired. Expiry is judged at reading; this only writes it down, and twice changes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Database, Transaction
from regulars.flows.grace import held_grace_days
from regulars.ledger import book
from regulars.programs import reading

POOLS_AT_ONCE = 256


async def expire_points(database: Database, program: UUID, at: datetime) -> int:
    """Post all points whose date is reached at the program's instant `at`. How many, of all currencies."""
    async with database.transaction(program) as tx:
        grace_days = held_grace_days((await reading.load(tx, program)).settings)
    total = 0

    async def work(tx: Transaction) -> tuple[int, int]:
        found = await book.pools_with_expired_points(tx, program, at, POOLS_AT_ONCE)
        homes, pools = [home for home, _ in found], [pool for _, pool in found]
        await book.lock(tx, program, homes, pools)
        pages = await (await book.ask(tx, program, homes, pools, grace_days=grace_days)).pages()
        expired = sum(page.expire(at) for page in pages.values())
        await book.write(tx, program, pages.values())
        return len(found), expired

    while True:
        pools, expired = await database.run(program, work)
        total += expired
        if pools < POOLS_AT_ONCE:
            return total
