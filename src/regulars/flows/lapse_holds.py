"""Lets holds lapse whose time is over. What they held counts as free from that instant; this writes it down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Database, Transaction
from regulars.flows.end_visit import miss_visits
from regulars.flows.giving_back import release_lapsed
from regulars.flows.grace import held_grace_days
from regulars.flows.lapse_redemptions import lapse_redemptions
from regulars.ledger import book
from regulars.programs import reading

POOLS_AT_ONCE = 256


async def lapse_holds(database: Database, program: UUID, at: datetime) -> int:
    """Resolve all holds that have lapsed at the program's instant `at`. How many had one."""
    async with database.transaction(program) as tx:
        grace_days = held_grace_days((await reading.load(tx, program)).settings)
    total = 0
    total += await lapse_redemptions(database, program, at)
    total += await miss_visits(database, program, at)
    # Before the books: what a hold reserved of limits and codes is given back by itself, whoever ends the hold there.
    await release_lapsed(database, program, at)

    async def work(tx: Transaction) -> int:
        found = await book.pools_with_lapsed_holds(tx, program, at, POOLS_AT_ONCE)
        homes, pools = [home for home, _ in found], [pool for _, pool in found]
        await book.lock(tx, program, homes, pools)
        pages = await (await book.ask(tx, program, homes, pools, grace_days=grace_days)).pages()
        for page in pages.values():
            page.lapse(at)
        await book.write(tx, program, pages.values())
        return len(found)

    while True:
        done = await database.run(program, work)
        total += done
        if done < POOLS_AT_ONCE:
            return total
