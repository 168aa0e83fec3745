"""Keeps where the points of a pool went when their owner moved on, and reads what became of the very lots that went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.ledger.book import lot_of
from regulars.ledger.model import AccountName, PostingKind
from regulars.ledger.page import Page

SQL = queries.load("regulars.ledger", "succession.sql")


class Drawn(Struct, frozen=True):
    """What postings of one kind, for one purchase, drew from a lot, net of what they gave back."""

    lot: UUID
    purchase: UUID | None
    kind: PostingKind
    account: AccountName
    """The other side of the entry."""
    amount: int


async def note(tx: Transaction, program: UUID, pool: UUID, target: UUID, act: UUID, at: datetime) -> None:
    """All points of `pool` went to `target`, by an act that may be ended under its id."""
    await tx.execute(SQL.note, (program, ids.home(pool), pool, act, target, at))


async def end(tx: Transaction, program: UUID, pool: UUID, act: UUID, at: datetime) -> None:
    """The act was undone: what was bought on the pool is returned there again."""
    await tx.execute(SQL.end_succession, (at, program, ids.home(pool), pool, act))


async def follow(tx: Transaction, program: UUID, pool: UUID, since: datetime) -> UUID:
    """Where the points are by now that were in `pool` at the instant `since`.

    They may come back to a pool where they were before; each step is later than the one before, so it ends.
    """
    act = UUID(int=0)
    while True:
        row = await fetch_one(tx, SQL.successor, (program, ids.home(pool), pool, since, act))
        if row is None:
            return pool
        pool, since, act = row


async def admit(tx: Transaction, program: UUID, page: Page, lots: Sequence[UUID]) -> None:
    """Take those of these lots that are the pool's, open or not, into its locked page."""
    named = {"program": program, "home": page.home, "pool": page.pool, "lots": uuids(lots)}
    for *row, expired in await fetch_all(tx, SQL.lots_named, named):
        page.admit(lot_of(row), expired)


async def drawn_from(tx: Transaction, program: UUID, home: int, lots: Sequence[UUID]) -> list[Drawn]:
    """Where what was drawn from these lots of one pool went."""
    rows = await fetch_all(tx, SQL.drawn_from, {"program": program, "home": home, "lots": uuids(lots)})
    return [Drawn(*row) for row in rows]
