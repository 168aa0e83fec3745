"""A purchase as it is kept: the request, the outcome, and what it was decided on, in one document."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.purchases.model import PurchaseAnswer, PurchaseRequest


class KeptSpend(Struct, frozen=True, gc=False, omit_defaults=True):
    """Points spent, or money of a gift card: how much of money and of points falls on each line, in line order."""

    currency: str
    amount: int
    worth: int
    line_worth: tuple[int, ...]
    line_amount: tuple[int, ...]
    gift_card: UUID | None = None
    """Whose money it was: the card, which is its own pool."""
    hold: UUID | None = None
    """Of the gift card, where the purchase is held."""
    shown: str = ""
    """The end of the gift card's code."""


class KeptEarning(Struct, frozen=True, gc=False):
    """What one promotion gave in one currency: the lot it went into, and how it falls on the lines."""

    currency: str
    promotion: UUID
    revision: int
    lot: UUID | None
    active_at: datetime
    expires_at: datetime | None
    lines: tuple[int, ...]
    amounts: tuple[int, ...]
    """As `lines`."""

    @property
    def amount(self) -> int:
        """All of it."""
        return sum(self.amounts)


class KeptPiece(Struct, frozen=True, gc=False, array_like=True):
    """Pieces of a line that cost the same. Thousandths, and minor units."""

    quantity: int
    gross: int
    net: int


class KeptLine(Struct, frozen=True, gc=False, omit_defaults=True):
    """What a line came to. `net` is before points as price reduction."""

    line: int
    quantity: int
    gross: int
    discount: int
    net: int
    tax: int
    pieces: tuple[KeptPiece, ...] = ()
    """Where pieces were sold at different prices: all of them."""


class VoucherCode(Struct, frozen=True, gc=False, array_like=True):
    """A unique code that comes with a purchase: the id under which it is kept, and its text."""

    id: UUID
    text: str


class KeptVoucher(Struct, frozen=True, gc=False):
    """Codes of one batch that a promotion issues with the purchase; with a hold they are drawn, but not good yet."""

    promotion: UUID
    batch: UUID
    name: str
    """Of the batch."""
    codes: tuple[VoucherCode, ...]
    cost: int = 0
    """Of one, in minor units of base money: what a return keeps back for a voucher that was used."""


class Document(Struct, frozen=True, gc=False):
    """A purchase as it is kept: the request, the outcome, and the standing it was decided on. Read whole, by id.

    It names accounts, not cards or phones: `request` is kept without its identifying fields.
    """

    request: PurchaseRequest
    language: str
    version: int
    """Of the catalogue that it was decided by."""
    answer: PurchaseAnswer
    lines: tuple[KeptLine, ...]
    earned: tuple[KeptEarning, ...]
    spent: tuple[KeptSpend, ...]
    tax_on_top: bool = False
    """Prices were without tax: the lines' tax was paid beside their net."""
    standing: dict[str, Any] = {}
    rate: tuple[int, int] | None = None
    """The program's rate of exchange at the purchase, where it was not in base money (numerator, denominator)."""
    late: bool = False
    """Too late for the offers of its time: base earning only."""
    promotions: tuple[tuple[UUID, int], ...] | None = None
    """The revisions that a confirmation was priced with; None: all that were live at the version."""
    recheck: tuple[UUID, ...] = ()
    """Promotions that gave something and whose conditions a return asks again."""
    vouchers: tuple[KeptVoucher, ...] = ()
