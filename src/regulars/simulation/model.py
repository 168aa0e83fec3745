"""What a simulation answers. Money is in minor units of the program's base money, unless it says otherwise."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class Given(Struct, frozen=True):
    """What a promotion gave."""

    discount: int = 0
    points: dict[str, int] = {}
    """By currency."""
    points_worth: int = 0
    """Of those that may be spent, by the worth of their currencies."""
    handed: int = 0
    """What vouchers, gifts and rights cost."""
    cost: int = 0
    """All three together."""


class Got(Struct, frozen=True):
    """Who would have got it, and what that would have cost."""

    receipts: int
    members: int
    """Different ones."""
    gross: int
    """What these receipts came to before discounts."""
    given: Given


class StoreShare(Struct, frozen=True):
    """One store: receipts that were looked at, receipts that would have got it, and the cost."""

    store: str
    receipts: int
    got: int
    cost: int


class DayShare(Struct, frozen=True):
    """One day in the stores' own time."""

    day: date
    receipts: int
    got: int
    cost: int


class Displaced(Struct, frozen=True):
    """Another promotion to which the change does something."""

    promotion: str
    name: str
    receipts_before: int
    receipts_after: int
    lost: int
    """Receipts on which it gave something before and nothing after: it was pushed out."""
    gained: int
    """Receipts on which it gives something only after."""
    before: Given
    after: Given


class Refused(Struct, frozen=True):
    """Why receipts would not have got it, by the stable code of the reason."""

    code: str
    reason: str
    """What was asked for and not met, in words."""
    receipts: int
    near: int
    """Of these, how many could have got it by a change of the basket."""


class Margin(Struct, frozen=True):
    """What is left of prices after costs, for the lines of which the till told the cost."""

    lines: int
    lines_costed: int
    cost: int
    before: int
    after: int


class Effect(Struct, frozen=True):
    """A promotion on one receipt, on one side of the change. Discount in the receipt's own money."""

    status: str
    """`applied`, `refused`, `suppressed`, or `absent`: it is not live on this side."""
    discount: int = 0
    earned: dict[str, int] = {}
    code: str | None = None
    text: str = ""
    """What it gives, or why it gives nothing."""


class EffectPair(Struct, frozen=True):
    """A promotion that does something else with the change than without."""

    promotion: str
    name: str
    before: Effect
    after: Effect


class ExampleLine(Struct, frozen=True):
    """A line of a receipt, with its discount without and with the change. Minor units of the receipt's money."""

    line: int
    sku: str
    name: str
    quantity: str
    gross: int
    discount_before: int
    discount_after: int


class ExampleReceipt(Struct, frozen=True):
    """A receipt that shows it. Minor units of the receipt's money."""

    purchase: str
    receipt_number: str
    store: str
    purchased_at: datetime
    member: bool
    currency: str
    gross: int
    payable_before: int
    payable_after: int
    lines: tuple[ExampleLine, ...]
    promotions: tuple[EffectPair, ...]


class Caveat(Struct, frozen=True):
    """Something that the figures do not hold."""

    code: str
    text: str


class Simulation(Struct, frozen=True):
    """A change of the promotions on receipts of the past."""

    currency: str
    """The base money."""
    receipts: int
    left_out: int
    """Receipts that had come too late for the offers of their time."""
    members: int
    first_at: datetime | None
    last_at: datetime | None
    got: Got
    suppressed: int
    """Receipts on which its conditions held and another promotion was better."""
    payable_changed: int
    """Receipts on which something else is to be paid."""
    payable_before: int
    payable_after: int
    cost_before: int
    """Of all promotions together."""
    cost_after: int
    margin: Margin | None
    """None: no line has a cost."""
    stores: tuple[StoreShare, ...]
    days: tuple[DayShare, ...]
    displaced: tuple[Displaced, ...]
    refused: tuple[Refused, ...]
    examples: tuple[ExampleReceipt, ...]
    not_simulated: tuple[Caveat, ...]
