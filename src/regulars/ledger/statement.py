"""Reads what happened: a pool's statement with running sums, and its page of the past.

A statement is in the order of recording and is cut on `recorded_at`: what is learned late is added, and a
statement that was printed never changes. Sums are of undrawn points: pending, held, and expired but not yet
posted points are in them; `balance` of a page tells these apart.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Transaction, fetch_all
from regulars.ledger.book import SETTLED, SQL, build_pages
from regulars.ledger.model import PostingKind
from regulars.ledger.page import Page

LIMIT_MAX = 500
_LAST_ID = UUID(int=2**128 - 1)
_AFTER_ALL = "~"


class Movement(Struct, frozen=True, gc=False):
    """What one posting changed in one currency, and what stood in the account after it."""

    posting: UUID
    kind: PostingKind
    effective_at: datetime
    recorded_at: datetime
    purchase: UUID | None
    related: UUID | None
    actor: str
    reason: str
    currency: str
    change: int
    """Points added, below zero taken."""
    debt_change: int
    balance: int
    debt: int


class Cursor(Struct, frozen=True, gc=False):
    """Where the next page of a statement begins."""

    recorded_at: datetime
    posting: UUID
    currency: str


class Statement(Struct, frozen=True):
    """Movements, newest first, and where to go on; None at the end."""

    items: tuple[Movement, ...]
    next: Cursor | None


async def statement(
    tx: Transaction,
    program: UUID,
    home: int,
    pool: UUID,
    *,
    since: datetime,
    until: datetime,
    currency: str | None = None,
    cursor: Cursor | None = None,
    limit: int = 50,
) -> Statement:
    """Movements recorded from `since` until before `until`, newest first, at most `limit` (1 … 500)."""
    assert 1 <= limit <= LIMIT_MAX, "the edge bounds the limit"
    before = cursor or Cursor(until, _LAST_ID, _AFTER_ALL)
    rows = await fetch_all(
        tx,
        SQL.statement,
        {
            "program": program,
            "home": home,
            "pool": pool,
            "since": since,
            "until": until,
            "currency": currency,
            "before_recorded_at": before.recorded_at,
            "before_posting": before.posting,
            "before_currency": before.currency,
            "limit": limit + 1,
        },
    )
    items = tuple(Movement(*row) for row in rows[:limit])
    if len(rows) <= limit:
        return Statement(items, None)
    last = items[-1]
    return Statement(items, Cursor(last.recorded_at, last.posting, last.currency))


async def page_of_the_past(
    tx: Transaction,
    program: UUID,
    home: int,
    pool: UUID,
    *,
    effective_at: datetime,
    recorded_at: datetime,
    grace_days: int = 0,
) -> Page:
    """The page as of `effective_at`, as known at `recorded_at` (both inclusive); to be read, never written.

    Points that a late receipt spent before they came stand as debt until the instant at which they come.
    """
    rows = await fetch_all(
        tx,
        SQL.pages_of_the_past,
        {
            "program": program,
            "home": home,
            "pool": pool,
            "effective_at": effective_at,
            "recorded_at": recorded_at,
        },
    )
    settled = next((row[7] for row in rows if row[0] == SETTLED and row[7]), effective_at)
    return build_pages(rows, {pool: home}, since=min(settled, effective_at), grace_days=grace_days)[pool]


async def movements_of_purchase(
    tx: Transaction, program: UUID, home: int, pool: UUID, purchase: UUID
) -> list[Movement]:
    """What a purchase did to a pool, in the order of recording; balance and debt are not told (0)."""
    rows = await fetch_all(tx, SQL.movements_of_purchase, (program, home, pool, purchase))
    return [Movement(*row, balance=0, debt=0) for row in rows]
