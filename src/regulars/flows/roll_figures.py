"""Keeps the sums that the back office reads: adds, part by part, what facts were written since it last looked.

As in sealing, a part takes the facts of transactions below the oldest one that is still open: all that those wrote is
visible by then, so none is missed and none counted twice. Each part is a transaction, which moves the mark on too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, int4s, int8s, texts, uuids
from regulars.db.pool import Database, Transaction, fetch_all, fetch_one
from regulars.flows.tally import STORE_DAY, Returned, Tally, Touched, column
from regulars.games import rhythms
from regulars.programs import reading
from regulars.programs.model import Program

SQL = queries.load("regulars.flows", "roll_figures.sql")

PART_FACTS = 5000
"""Facts that one transaction sums up; a transaction that wrote more is taken whole."""
QUIET_SECONDS = 15
"""How old the mark may get while there is nothing new."""
Watch = Callable[[int, int], None]
"""Is told how many facts are done, and of how many."""


class Restored(Exception):
    """Transaction numbers are lower than those summed up: this is a restored database; `regulars figures rebuild`."""


class _Mark(Struct, frozen=True):
    xid_until: int = 0
    rolled_at: datetime | None = None
    complete: bool = False


async def roll_figures(database: Database, program: UUID, at: datetime, watch: Watch | None = None) -> int:
    """Sum up what is new; how many facts that was. `at` is the program's present instant. Raises Restored."""
    async with database.transaction(program, analytical=True) as tx:
        mark = await _mark(tx, program)
        until = await _snapshot(tx)
        if until < mark.xid_until:
            raise Restored
        if until == mark.xid_until and mark.complete and not _is_old(mark, at):
            return 0
        span = {"program": program, "from": mark.xid_until, "until": until, "size": PART_FACTS}
        parts = await fetch_all(tx, SQL.parts, span)
        if not parts and mark.complete and not _is_old(mark, at):
            return 0
        known = await reading.load(tx, program)
    total, done, start = sum(facts for _, facts in parts), 0, mark.xid_until
    for place, (last, facts) in enumerate(parts):
        end = until if place == len(parts) - 1 else last + 1
        if not await _roll_part(database, known, start, end, at, complete=end == until or mark.complete):
            return done
        start, done = end, done + facts
        if watch is not None:
            watch(done, total)
    if not parts:
        await _roll_part(database, known, start, until, at, complete=True)
    return done


async def rebuild_figures(database: Database, program: UUID, at: datetime, watch: Watch | None = None) -> int:
    """Forget all sums and make them anew from the facts; pages say meanwhile that they are incomplete."""
    async with database.transaction(program, analytical=True) as tx:
        await fetch_one(tx, SQL.wait_for_lock, (program,))
        await tx.execute(SQL.forget, {"program": program})
        await tx.execute(SQL.move, (program, 0, at, False))
    return await roll_figures(database, program, at, watch)


async def _roll_part(
    database: Database, program: Program, start: int, end: int, at: datetime, *, complete: bool
) -> bool:
    """Sum up the facts of these transactions; False: somebody else did."""
    async with database.transaction(program.id, analytical=True) as tx:
        locked = await fetch_one(tx, SQL.lock, (program.id,))
        assert locked is not None
        if not locked[0] or (await _mark(tx, program.id)).xid_until != start:
            return False
        span = {"program": program.id, "from": start, "until": end, "zone": program.time_zone}
        if start < end:
            await _write(tx, program.id, await _tally(tx, program, span))
            await tx.execute(SQL.add_enrolments, span)
            await tx.execute(SQL.add_to_ledger, span)
            await tx.execute(SQL.add_to_expiries, span)
        await tx.execute(SQL.move, (program.id, end, at, complete))
    return True


async def _tally(tx: Transaction, program: Program, span: dict[str, Any]) -> Tally:
    tally = Tally(program.base_currency, program.points.code if program.points else "")
    # In binary: as text a document would come as twice as many hexadecimal digits.
    for row in await (await tx.execute(SQL.purchases, span, binary=True)).fetchall():
        tally.purchase(Touched(*row))
    for row in await (await tx.execute(SQL.returns, span, binary=True)).fetchall():
        tally.returned(Returned(*row))
    return tally


async def _write(tx: Transaction, program: UUID, tally: Tally) -> None:
    if tally.stores:
        rows = sorted(tally.stores)
        sums = [tally.stores[row] for row in rows]
        columns = [int8s(column(sums, name)) for name in STORE_DAY]
        await tx.execute(
            SQL.add_to_stores, (program, uuids([s for s, _ in rows]), [d for _, d in rows], *columns)
        )
    if tally.promotions:
        rows = sorted(tally.promotions)
        sums = [int8s([tally.promotions[row][place] for row in rows]) for place in range(3)]
        named = (uuids([p for p, _, _ in rows]), uuids([s for _, s, _ in rows]), [d for _, _, d in rows])
        await tx.execute(SQL.add_to_promotions, (program, *named, *sums))
    if tally.given:
        rows = sorted(tally.given)
        sums = [int8s([tally.given[row][place] for row in rows]) for place in range(2)]
        named = (uuids([r[0] for r in rows]), uuids([r[1] for r in rows]), [r[2] for r in rows])
        await tx.execute(SQL.add_to_given, (program, *named, texts([r[3] for r in rows]), *sums))
    if tally.visits:
        rows = sorted(tally.visits)
        visits = {
            "program": program,
            "homes": int2s([ids.home(member) for member, _, _ in rows]),
            "members": uuids([member for member, _, _ in rows]),
            "stores": uuids([store for _, store, _ in rows]),
            "days": [day for _, _, day in rows],
            "purchases": int4s([tally.visits[row] for row in rows]),
        }
        await tx.execute(SQL.change_gaps, visits)
        await tx.execute(SQL.add_visits, visits)
        await rhythms.touch(tx, program, [member for member, _, _ in rows])


async def _mark(tx: Transaction, program: UUID) -> _Mark:
    row = await fetch_one(tx, SQL.stands, (program,))
    return _Mark(*row) if row else _Mark()


async def _snapshot(tx: Transaction) -> int:
    row = await fetch_one(tx, SQL.snapshot)
    assert row is not None
    return row[0]


def _is_old(mark: _Mark, at: datetime) -> bool:
    return mark.rolled_at is None or abs(at - mark.rolled_at) >= timedelta(seconds=QUIET_SECONDS)
