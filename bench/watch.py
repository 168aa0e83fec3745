"""How many findings the watch over the tills makes of receipts that are all honest: those of the demo.

    PYTHONPATH=src .venv/bin/python bench/watch.py [folder of `regulars start`, default var]

Every finding here is a false one; the figure stands in docs/review.md.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from regulars import clock
from regulars.cli.places import Place
from regulars.db.pool import Database, fetch_one
from regulars.flows.list_programs import list_programs
from regulars.flows.review_findings import list_findings
from regulars.flows.watch_tills import watch_tills
from regulars.programs import reading

COUNTS = (
    "SELECT count(*), count(DISTINCT coalesce(card, member)), count(DISTINCT (store, cashier)) FROM purchase "
    "WHERE program = %s"
)


async def measure(url: str) -> None:
    """Watch every program from its last mark on, and say what was found."""
    async with Database(url) as database:
        for brief in await list_programs(database):
            began = time.perf_counter()
            await watch_tills(database, brief.id, clock.now(brief.clock_at))
            seconds = time.perf_counter() - began
            async with database.transaction(brief.id, analytical=True) as tx:
                program = await reading.load(tx, brief.id)
                counts = await fetch_one(tx, COUNTS, (brief.id,))
            assert counts is not None
            found = (await list_findings(database, program, limit=200)).items
            print(
                f"{brief.name}: {counts[0]} receipts, {counts[1]} customers, {counts[2]} cashiers: "
                f"{len(found)} findings ({seconds:.1f} s)"
            )


if __name__ == "__main__":
    with Place(data=Path(sys.argv[1] if len(sys.argv) > 1 else "var")).reached() as reached:
        asyncio.run(measure(reached))
