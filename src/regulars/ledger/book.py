"""Keeps the books: reads pools' pages under their lock, and writes what was done to them, set by set.

Locking and reading are two statements: one that did both would wait for the lock and then read the past.
Everything here can be sent in a pipeline; nothing is fetched until `Pending.pages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from psycopg.rows import TupleRow

from regulars.db import queries
from regulars.db.arrays import instants, int2s, int4s, int8s, texts, uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.ledger.draft import Brought, Changes
from regulars.ledger.model import Draw, Entry, Hold, Lot, Posting, Recorded
from regulars.ledger.page import Page
from regulars.units import Ratio

SQL = queries.load("regulars.ledger")
PoolKind = Literal["person", "household", "company", "card", "till", "gift_card", "voucher"]
LOTS, ACCOUNTS, HOLDS, SETTLED = range(4)


class Pending:
    """Pages that were asked for and are on their way."""

    def __init__(self, cursor: Rows, homes: Sequence[int], pools: Sequence[UUID], grace_days: int):
        self._cursor = cursor
        self._homes = dict(zip(pools, homes, strict=True))
        self._grace_days = grace_days
        self._rows: list[TupleRow] = []

    async def pages(self) -> dict[UUID, Page]:
        """A page for every pool that was asked for; an empty one for a pool without accounts."""
        return (await self.read()).again()

    async def read(self) -> Pending:
        """Take what has come; `again` then gives the pages."""
        self._rows = await self._cursor.fetchall()
        return self

    def again(self) -> dict[UUID, Page]:
        """The pages as they were read, new each time."""
        return build_pages(self._rows, self._homes, grace_days=self._grace_days)


class OfPurchase(Struct, frozen=True):
    """What a purchase did to a pool's lots, as far as it was not undone yet."""

    earned: dict[str, tuple[UUID, ...]]
    """The lots it brought, by currency."""
    spent: dict[str, tuple[Draw, ...]]
    """What it drew to pay with less what was given back, by currency."""


async def open_pools(
    tx: Transaction, program: UUID, pools: Sequence[UUID], homes: Sequence[int], kind: PoolKind, at: datetime
) -> None:
    """Open accounts for members, households, companies, cards or tills."""
    columns = (int2s(homes), uuids(pools), texts([kind] * len(pools)))
    await tx.execute(SQL.open_pools, (program, at, *columns))


async def lock(tx: Sender, program: UUID, homes: Sequence[int], pools: Sequence[UUID]) -> None:
    """Lock pools, in the order of (home, id), until the transaction ends."""
    ordered = sorted(zip(homes, pools, strict=True))
    columns = (int2s([home for home, _ in ordered]), uuids([pool for _, pool in ordered]))
    await tx.execute(SQL.lock, (*columns, program))


async def ask(
    tx: Sender, program: UUID, homes: Sequence[int], pools: Sequence[UUID], *, grace_days: int
) -> Pending:
    """Ask for the pages of pools. To write them, lock first; unlocked, they are one state that was.

    `grace_days` is the program's setting for held points that are freed after their date.
    """
    asked = (int2s(homes), uuids(pools), program)
    return Pending(await tx.execute(SQL.pages, asked * 3), homes, pools, grace_days)


async def of_purchase(tx: Transaction, program: UUID, page: Page, purchase: UUID) -> OfPurchase:
    """Read what a purchase did, and take its lots, open or not, into the locked page of its pool.

    What was done to the page meanwhile and is not written yet is not in the answer: read, then do.
    """
    named = {"program": program, "home": page.home, "pool": page.pool, "purchase": purchase}
    earned: dict[str, list[UUID]] = {}
    for *row, expired in await fetch_all(tx, SQL.lots_of_purchase, named):
        lot = lot_of(row)
        page.admit(lot, expired)
        if lot.purchase == purchase:
            earned.setdefault(lot.currency, []).append(lot.id)
    spent: dict[str, list[Draw]] = {}
    for lot, currency, amount in await fetch_all(tx, SQL.spent_by_purchase, tuple(named.values())):
        spent.setdefault(currency, []).append(Draw(lot, amount))
    return OfPurchase(
        {currency: tuple(lots) for currency, lots in earned.items()},
        {currency: tuple(draws) for currency, draws in spent.items()},
    )


async def recorded(tx: Transaction, program: UUID, home: int, posting: UUID) -> Recorded | None:
    """A posting as it stands in the books, e.g. to reverse it."""
    key = (program, home, posting)
    row = await fetch_one(tx, SQL.posting, key)
    if row is None:
        return None
    return Recorded(
        Posting(*row),
        tuple(Entry(*entry) for entry in await fetch_all(tx, SQL.entries_of_posting, key)),
        tuple((n, Draw(*draw)) for n, *draw in await fetch_all(tx, SQL.draws_of_posting, key)),
        tuple((n, lot) for n, lot in await fetch_all(tx, SQL.lots_of_posting, key)),
    )


async def pools_with_expired_points(
    tx: Transaction, program: UUID, at: datetime, limit: int
) -> list[tuple[int, UUID]]:
    """Home and id of pools that have free points past their date which are not posted as expired yet."""
    return [
        (home, pool)
        for home, pool in await fetch_all(tx, SQL.pools_with_expired_points, (program, at, limit))
    ]


async def pools_with_lapsed_holds(
    tx: Transaction, program: UUID, at: datetime, limit: int
) -> list[tuple[int, UUID]]:
    """Home and id of pools that have open holds past their time."""
    return [
        (home, pool) for home, pool in await fetch_all(tx, SQL.pools_with_lapsed_holds, (program, at, limit))
    ]


async def write(tx: Sender, program: UUID, pages: Iterable[Page]) -> None:
    """Write what was done to pages of locked pools: at most one statement per table, none without rows.

    The guards are the constraints: a lot cannot be overdrawn (CHECK), a hold ends once (primary key).
    """
    written = [(page.pool, page.home, page.changes()) for page in pages]
    await _write_postings(tx, program, written)
    await _write_entries(tx, program, written)
    await _write_lots(tx, program, written)
    await _write_draws(tx, program, written)
    await _write_holds(tx, program, written)
    await _write_resolutions(tx, program, written)
    rows = [(home, pool, *_fields(total)) for pool, home, c in written for total in c.sums]
    if rows:
        home, pool, currency, balance, debt = zip(*rows, strict=True)
        columns = (int2s(home), uuids(pool), texts(currency), int8s(balance), int8s(debt))
        await tx.execute(SQL.write_sums, (program, *columns))


def build_pages(
    rows: Iterable[TupleRow], homes: dict[UUID, int], *, grace_days: int = 0, since: datetime | None = None
) -> dict[UUID, Page]:
    """Pages from the rows of `pages` or `pages_of_the_past`."""
    lots: dict[UUID, list[Lot]] = {pool: [] for pool in homes}
    debts: dict[UUID, dict[str, int]] = {pool: {} for pool in homes}
    held: list[TupleRow] = []
    for row in rows:
        if row[0] == LOTS:
            lots[row[1]].append(lot_of(row))
        elif row[0] == ACCOUNTS:
            debts[row[1]][row[3]] = row[4]
        elif row[0] == HOLDS:
            held.append(row)
    holds: dict[UUID, list[Hold]] = {pool: [] for pool in homes}
    held.sort(key=lambda row: row[2])
    for hold, group in groupby(held, key=lambda row: row[2]):
        same = list(group)
        reservations = tuple(Draw(row[17], row[4]) for row in same if row[17] is not None)
        first = same[0]
        holds[first[1]].append(Hold(hold, first[14], first[7], first[8], reservations))
    return {
        pool: Page(pool, home, lots[pool], debts[pool], holds[pool], grace_days=grace_days, since=since)
        for pool, home in homes.items()
    }


Written = list[tuple[UUID, int, Changes]]


def lot_of(row: Sequence[Any]) -> Lot:
    """The lot in a row of `pages` and its like."""
    fields: list[Any] = [*row[2:15], Ratio(row[15], row[16]), row[17]]
    return Lot(*fields)


def _fields(struct: Any) -> tuple[Any, ...]:
    return tuple(getattr(struct, name) for name in struct.__struct_fields__)


async def _write_postings(tx: Sender, program: UUID, written: Written) -> None:
    rows = [(home, draft.posting) for _, home, c in written for draft in c.drafts]
    if not rows:
        return
    postings = [posting for _, posting in rows]
    columns = (
        int2s([home for home, _ in rows]),
        uuids([p.id for p in postings]),
        uuids([p.pool for p in postings]),
        texts([p.kind for p in postings]),
        uuids([p.purchase for p in postings]),
        uuids([p.related for p in postings]),
        instants([p.effective_at for p in postings]),
        instants([p.recorded_at for p in postings]),
        texts([p.actor for p in postings]),
        texts([p.reason for p in postings]),
    )
    await tx.execute(SQL.write_postings, (program, *columns))


async def _write_entries(tx: Sender, program: UUID, written: Written) -> None:
    rows = [
        (home, draft.posting.id, entry.n, pool, *account, entry.amount)
        for pool, home, c in written
        for draft in c.drafts
        for account, entry in draft.entries.items()
    ]
    if not rows:
        return
    home, posting, n, pool, currency, source, target, partner, amount = zip(*rows, strict=True)
    columns = (
        int2s(home), uuids(posting), int2s(n), uuids(pool), texts(currency), texts(source), texts(target),
        int8s(amount), uuids(partner),
    )  # fmt: skip
    await tx.execute(SQL.write_entries, (program, *columns))


async def _write_lots(tx: Sender, program: UUID, written: Written) -> None:
    rows: list[tuple[int, UUID, Brought]] = [(home, pool, b) for pool, home, c in written for b in c.brought]
    if rows:
        lots = [b.lot for _, _, b in rows]
        columns = (
            int2s([home for home, _, _ in rows]),
            uuids([lot.id for lot in lots]),
            uuids([pool for _, pool, _ in rows]),
            texts([lot.currency for lot in lots]),
            uuids([b.posting for _, _, b in rows]),
            int2s([b.n for _, _, b in rows]),
            uuids([lot.purchase for lot in lots]),
            uuids([lot.issuer for lot in lots]),
            uuids([lot.funder for lot in lots]),
            uuids([lot.promotion for lot in lots]),
            int4s([lot.revision for lot in lots]),
            int8s([lot.unit_cost.numerator for lot in lots]),
            int8s([lot.unit_cost.denominator for lot in lots]),
            int8s([lot.amount for lot in lots]),
            int8s([lot.drawn for lot in lots]),
            int8s([lot.reserved for lot in lots]),
            instants([lot.earned_at for lot in lots]),
            instants([lot.active_at for lot in lots]),
            instants([lot.expires_at for lot in lots]),
            uuids([lot.origin for lot in lots]),
        )
        await tx.execute(SQL.write_lots, (program, *columns))
    changed = [(home, *_fields(change)) for _, home, c in written for change in c.changed]
    if changed:
        home, lot, drawn, reserved = zip(*changed, strict=True)
        await tx.execute(SQL.change_lots, (int2s(home), uuids(lot), int8s(drawn), int8s(reserved), program))


async def _write_draws(tx: Sender, program: UUID, written: Written) -> None:
    rows = [
        (home, draft.posting.id, entry.n, lot, amount)
        for _, home, c in written
        for draft in c.drafts
        for entry in draft.entries.values()
        for lot, amount in entry.draws.items()
    ]
    if rows:
        home, posting, n, lot, amount = zip(*rows, strict=True)
        columns = (int2s(home), uuids(posting), int2s(n), uuids(lot), int8s(amount))
        await tx.execute(SQL.write_draws, (program, *columns))


async def _write_holds(tx: Sender, program: UUID, written: Written) -> None:
    rows = [(home, pool, hold) for pool, home, c in written for hold in c.holds]
    if not rows:
        return
    holds = [hold for _, _, hold in rows]
    columns = (
        int2s([home for home, _, _ in rows]),
        uuids([hold.id for hold in holds]),
        uuids([pool for _, pool, _ in rows]),
        uuids([hold.purchase for hold in holds]),
        instants([hold.made_at for hold in holds]),
        instants([hold.lapses_at for hold in holds]),
    )
    await tx.execute(SQL.write_holds, (program, *columns))
    reserved = [(home, hold.id, *_fields(draw)) for home, _, hold in rows for draw in hold.reservations]
    if reserved:
        home, hold, lot, amount = zip(*reserved, strict=True)
        await tx.execute(
            SQL.write_reservations, (program, int2s(home), uuids(hold), uuids(lot), int8s(amount))
        )


async def _write_resolutions(tx: Sender, program: UUID, written: Written) -> None:
    rows = [(home, *_fields(resolution)) for _, home, c in written for resolution in c.resolutions]
    if not rows:
        return
    home, hold, kind, resolved_at, posting = zip(*rows, strict=True)
    columns = (int2s(home), uuids(hold), texts(kind), uuids(posting), instants(resolved_at))
    await tx.execute(SQL.write_resolutions, (program, *columns))
    await tx.execute(SQL.close_holds, (int2s(home), uuids(hold), program))
