"""Keeps which line of a receipt paid for which pack or membership: a line pays once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one

SQL = queries.load("regulars.rewards", "prepaid_sales.sql")
Kind = Literal["pack", "membership"]


class Sale(Struct, frozen=True):
    """What a line paid for."""

    line: int
    kind: Kind
    what: UUID
    """The pack, or the membership."""
    amount: int
    """Minor units of the base money."""
    sold_at: datetime


async def note(tx: Transaction, program: UUID, purchase: UUID, sale: Sale) -> bool:
    """Enter a sale; False where this line has paid for something before."""
    key = (program, ids.home(purchase), purchase, sale.line)
    row = (*key, sale.kind, sale.what, sale.amount, sale.sold_at)
    return await fetch_one(tx, SQL.note, row) is not None


async def of(tx: Transaction, program: UUID, purchase: UUID) -> list[Sale]:
    """What the lines of a receipt have paid for."""
    rows = await fetch_all(tx, SQL.of, (program, ids.home(purchase), purchase))
    return [Sale(*row) for row in rows]
