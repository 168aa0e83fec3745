"""What the promotion engine answers: what a basket costs, earns and is given, and why a promotion did not apply."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct


class Award(Struct, frozen=True, gc=False, omit_defaults=True):
    """What one promotion gave on one line, in minor units of the basket's currency (kind `discount`)."""

    promotion: UUID
    revision: int
    line: int
    kind: Literal["discount"]
    amount: int
    quantity: int = 0
    """Thousandths of the line that took part, where it was not the whole line (0: the whole line)."""


class Validity(Struct, frozen=True, gc=False):
    """From when and until when earned points may be used, where a promotion differs from its currency."""

    active_after_days: int | None = None
    expires_after_days: int | None = None
    expires_after_months: int | None = None


class Earning(Struct, frozen=True, gc=False):
    """Points (or cashback money) that one promotion gives on one line."""

    currency: str
    amount: int
    promotion: UUID
    revision: int
    line: int
    validity: Validity | None = None


class Option(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Something that is given away."""

    sku: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(max_length=200)] = ""
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    """Pieces."""


class Grant(Struct, frozen=True, gc=False, omit_defaults=True):
    """Something that one promotion gives beside money and points."""

    promotion: UUID
    revision: int
    kind: Literal["voucher", "gift", "entitlement", "message"]
    code: str = ""
    """The vouchers to draw from, or the entitlement."""
    count: int = 1
    """Vouchers, or uses of the entitlement."""
    days: int | None = None
    """How long an entitlement lasts; None: without end."""
    cost: int = 0
    """Of one voucher, in minor units of base money."""
    options: tuple[Option, ...] = ()
    """The gift; where there are several, the customer has not chosen yet."""
    text: dict[str, str] = {}
    """What is said, by language."""
    to: Literal["receipt", "cashier"] = "receipt"


class Refusal(Struct, frozen=True, gc=False):
    """Why a promotion did not apply: the failing condition's stable code, and the distance to it where there is one.

    `facts` holds what the sentence needs (names of goods, days, a store), as plain JSON values;
    `missing` is the distance: {"amount": 620, "currency": "EUR"} or {"quantity": "2"} (decimal string).
    `gain` estimates what the promotion would have given in base money, to choose the best near misses.
    """

    promotion: UUID
    revision: int
    code: str
    facts: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    near: bool = False
    """A change of the basket at this till could still make it apply."""
    gain: int = 0


class Spent(Struct, frozen=True, gc=False):
    """Points that pay for a part of the basket, and how they fall on the lines (minor units, in line order)."""

    currency: str
    amount: int
    worth: int
    line_worth: tuple[int, ...]
    line_amount: tuple[int, ...]
    promotion: UUID | None = None
    """The promotion that they are the price of: what they bring is its discount, so their `worth` here is 0."""


class Tax(Struct, frozen=True, gc=False):
    """Tax of one rate on the sum of that rate's nets."""

    rate: int
    base: int
    tax: int


class Piece(Struct, frozen=True, gc=False):
    """Pieces of a line that cost the same. `quantity` in thousandths, the others in minor units."""

    quantity: int
    gross: int
    net: int


class LineOutcome(Struct, frozen=True, gc=False):
    """gross − discount = net."""

    number: int
    gross: int
    discount: int
    net: int
    awards: tuple[Award, ...] = ()
    pieces: tuple[Piece, ...] = ()
    """All of the line, where some of its pieces cost other than others: which of them come back makes a difference."""


class Outcome(Struct, frozen=True, gc=False):
    """The whole decision on one basket.

    gross − discount − points_reduction − paid_with_points = payable; where prices are without tax, plus the taxes.
    The charge for delivery is in `gross`, what was taken off it in `discount`.
    """

    gross: int
    discount: int
    points_reduction: int
    paid_with_points: int
    payable: int
    lines: tuple[LineOutcome, ...]
    taxes: tuple[Tax, ...]
    earned: tuple[Earning, ...]
    spent: tuple[Spent, ...]
    refusals: tuple[Refusal, ...]
    """Near misses, the best first, three at the most."""
    short: dict[str, int] = {}
    """Points asked for beyond what is available, by currency: the caller refuses, or (as sold) books a shortfall."""
    bounded: bool = True
    """False when a `best` group hit its bound and fell back (marked in the explanation)."""
    grants: tuple[Grant, ...] = ()
    """Vouchers, gifts, entitlements and messages."""
    delivery: int = 0
    """The charge for delivery before discounts."""
    delivery_awards: tuple[Award, ...] = ()
    """What was taken off the charge for delivery; their line is 0."""


class Verdict(Struct, frozen=True, gc=False):
    """One live promotion in the explanation: applied, or refused and why, or suppressed by another of its group."""

    promotion: UUID
    revision: int
    status: Literal["applied", "refused", "suppressed"]
    group: str
    discount: int = 0
    earned: dict[str, int] = {}
    refusal: Refusal | None = None
    suppressed_by: UUID | None = None
    lines: tuple[int, ...] = ()
    base: int = 0
    """The amount on which it was calculated."""
