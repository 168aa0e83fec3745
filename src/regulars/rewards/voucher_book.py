"""Keeps which vouchers are owed because they were paid for, with their worth and tax, and what of each code is booked.

What is still owed, the books say: the pool of a `VoucherMoney` has its id.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_one

SQL = queries.load("regulars.rewards", "voucher_book.sql")


class VoucherMoney(Struct, frozen=True):
    """Codes that are owed together: those of one claimed reward, or of a batch that is sold. Its id is its pool's."""

    id: UUID
    batch: UUID
    lot: UUID
    worth: int
    """Of one code, minor units of base money."""
    codes: int
    purpose: Literal["single", "multi"]
    tax_rate: str
    """As `0.21`, of single-purpose ones; else empty."""
    partner: UUID
    """Who owes it."""
    issued_at: datetime


class Booked(Struct, frozen=True):
    """What of one code stands in the books."""

    used: bool = False
    partner: UUID | None = None
    """At whose store; None: not used."""
    drawn: int = 0
    """Of its worth what was still owed when it was used."""
    voided: bool = False


NOT_YET = Booked()


async def enter(tx: Transaction, program: UUID, money: VoucherMoney) -> None:
    """Enter what is owed; its pool is open."""
    row = [getattr(money, name) for name in VoucherMoney.__struct_fields__]
    await tx.execute(SQL.enter, (program, ids.home(money.id), *row))


async def find(tx: Transaction, program: UUID, identifier: UUID) -> VoucherMoney | None:
    """What is owed by the id of the redemption, or of the batch; None: nothing was paid for it."""
    row = await fetch_one(tx, SQL.find, (program, ids.home(identifier), identifier))
    return None if row is None else VoucherMoney(*row)


async def booked(tx: Transaction, program: UUID, code: UUID) -> Booked:
    """What of a code stands in the books; the pool of its money must be locked for it to stay true."""
    row = await fetch_one(tx, SQL.booked, (program, ids.home(code), code))
    return NOT_YET if row is None else Booked(*row)


async def book(tx: Transaction, program: UUID, money: UUID, code: UUID, now: Booked) -> None:
    """Write what of a code stands in the books now."""
    row = (program, ids.home(code), code, money, now.used, now.partner, now.drawn, now.voided)
    await tx.execute(SQL.book, row)
