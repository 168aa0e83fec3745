"""Keeps which line of a receipt paid for the money on which gift card: a line pays once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one

SQL = queries.load("regulars.rewards", "selling.sql")


class Sale(Struct, frozen=True):
    """Money on a gift card, and the line that paid for it."""

    line: int
    card: UUID
    amount: int
    """Minor units of the base money."""
    sold_at: datetime


async def note(tx: Transaction, program: UUID, purchase: UUID, sale: Sale) -> bool:
    """Enter a sale; False where this line has paid for a card before."""
    key = (program, ids.home(purchase), purchase, sale.line)
    return await fetch_one(tx, SQL.note, (*key, sale.card, sale.amount, sale.sold_at)) is not None


async def of(tx: Transaction, program: UUID, purchase: UUID) -> list[Sale]:
    """What the lines of a receipt have paid for."""
    rows = await fetch_all(tx, SQL.of, (program, ids.home(purchase), purchase))
    return [Sale(*row) for row in rows]
