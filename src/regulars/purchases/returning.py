"""A return of goods as a till sends it, and as it is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.purchases.model import (
    LINES_MAX,
    Code,
    Instant,
    LongText,
    MemberView,
    Quantity,
    RequestName,
    TaxView,
)


class ReturnPiece(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """How much of one of the purchase's `pieces` comes back."""

    piece: Annotated[int, Meta(ge=1, le=1_000_000)]
    quantity: Quantity


class ReturnLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """How much of a line comes back. Of pieces with different prices the dearest, unless `pieces` names others."""

    line: Annotated[int, Meta(ge=1, le=1_000_000)]
    quantity: Quantity
    pieces: Annotated[tuple[ReturnPiece, ...], Meta(max_length=1000)] = ()


class ReturnRequest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """`POST /v1/purchases/{id}/returns`."""

    id: RequestName
    lines: Annotated[tuple[ReturnLine, ...], Meta(min_length=1, max_length=LINES_MAX)]
    returned_at: Instant
    store: Code | None = None
    till: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    cashier: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    reason: LongText = ""


class ReturnedLine(Struct, frozen=True, gc=False):
    """What one line of a return gives back: `money` is paid out, `discount` is what had been taken off that part."""

    line: int
    quantity: str
    gross: int
    discount: int
    net: int
    money: int
    points: int
    pieces: tuple[ReturnPiece, ...] | UnsetType = UNSET
    """Which pieces, where the line has pieces of different prices."""
    gift_cards: int | UnsetType = UNSET
    """Minor units that go back to gift cards."""


class TakenBackView(Struct, frozen=True, gc=False):
    """Earned points that were taken back, and where from."""

    currency: str
    amount: int
    from_own_lots: int
    already_expired: int
    from_other_lots: int
    debt: int
    forgone: int


class GivenBackView(Struct, frozen=True, gc=False):
    """Points spent that were given back."""

    currency: str
    amount: int
    worth: int


class CardBackView(Struct, frozen=True, gc=False):
    """Money that went back to a gift card, named by the end of its code."""

    gift_card: str
    amount: int


class LimitBack(Struct, frozen=True, gc=False, omit_defaults=True):
    """What came back of a use limit, a budget or a unique code: it may be used again."""

    per: str
    """Whose it is: total, member, household, card, store, partner; `code` for a unique code."""
    period: str
    measure: str
    """What is counted: uses, points or amount."""
    amount: int
    promotion: str | None = None
    code_batch: str | None = None


class Withdrawn(Struct, frozen=True, gc=False, omit_defaults=True):
    """What a promotion whose conditions no longer hold had given on goods that are kept."""

    promotion: str
    line: int
    discount: int = 0
    """Kept back from the money, without the tax that is on top."""
    tax: int = 0
    points: int = 0
    currency: str = ""


class DeliveryBack(Struct, frozen=True, gc=False):
    """What comes back of the charge for delivery; charge − discount = net."""

    charge: int
    discount: int
    net: int


class UsedVoucher(Struct, frozen=True, gc=False):
    """A voucher that came with the purchase and was used before the goods came back."""

    voucher: str
    promotion: str
    """Which gave it, and bears of the cost what is not kept back."""
    cost: int
    kept_back: int
    """Of the money that would come back."""


class ReturnedPack(Struct, frozen=True, gc=False):
    """A pack of visits that a returned line had paid for."""

    pack: str
    visits: int
    left: int
    """Visits that were not used: they are paid back, and gone."""
    kept_back: int
    """Of the money that would come back, for those that were used."""


class ReturnedMembership(Struct, frozen=True, gc=False):
    """A membership of which a returned line had paid a period."""

    membership: str
    plan: str
    state: Literal["active", "due", "paused", "ended"]
    """How it stands without that period."""
    until_day: date
    """The first day that is not paid; of one that ended, that it would have had."""
    kept_back: int
    """Of the money that would come back, for days and rights that were used."""


class ReturnAnswer(Struct, frozen=True, gc=False):
    """What a return pays back in money and in points, and which earned points it took back.

    money_back is the money of the lines and the delivery, less what was withdrawn and kept back. The sums contain the
    delivery.
    """

    request: str
    purchase: str
    status: Literal["previewed", "recorded"]
    currency: str
    gross: int
    discount: int
    net: int
    money_back: int
    taxes: tuple[TaxView, ...]
    lines: tuple[ReturnedLine, ...]
    points_back: tuple[GivenBackView, ...]
    taken_back: tuple[TakenBackView, ...]
    member: MemberView | None
    returned_at: datetime
    id: str | UnsetType = UNSET
    limits_back: tuple[LimitBack, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    delivery: DeliveryBack | UnsetType = UNSET
    used_vouchers: tuple[UsedVoucher, ...] = ()
    gift_cards_back: tuple[CardBackView, ...] | UnsetType = UNSET
    packs_back: tuple[ReturnedPack, ...] | UnsetType = UNSET
    memberships_back: tuple[ReturnedMembership, ...] | UnsetType = UNSET
