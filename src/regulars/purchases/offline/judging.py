"""Decides what does not agree with a receipt that was made without the line, and how much of it a member pays. Pure.

Nothing here refuses a receipt: the goods have left. Beyond what was signed the store pays, never the member.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.purchases.offline.allowance import Allowance, made_at

Kind = Literal[
    "counter_gap", "counter_reused", "device_unknown", "over_allowance", "over_till_total", "allowance_forged",
    "allowance_expired", "snapshot_old", "shortfall", "price_differs", "clock_wrong",
]  # fmt: skip
CLOCK_SECONDS_MAX = 60
"""A clock that differs by no more is right."""


class Sold(Struct, frozen=True, gc=False):
    """What a receipt says of the till that made it."""

    device: UUID
    counter: int
    made_at: datetime
    """By the device's own clock."""
    seconds: int = 0
    """How far ahead that clock was: what was taken off to know when it was sold."""
    snapshot: UUID | None = None
    allowance: Allowance | None = None
    """The one that the program made for this device, snapshot and card; None: there is none, or it is forged."""
    proved: bool = False
    """A right moving code was shown."""

    @property
    def most(self) -> int:
        """Points that may be spent under its allowance."""
        if self.allowance is None:
            return 0
        return self.allowance.proved if self.proved else self.allowance.amount


class Place(Struct, frozen=True, gc=False):
    """How a device stood before a receipt of it."""

    here: bool
    """It is one of the receipt's store."""
    registered: bool
    copies: int
    """Receipts with the same counter that came before."""
    used: int
    """Points spent under the same allowance before."""
    risked: int
    """What points paid at the device under the same snapshot before, minor units of base money."""


class Came(Struct, frozen=True, gc=False):
    """What a receipt came to when it was booked. Money in minor units of base money."""

    at: datetime
    """When it was sold."""
    spent: int
    """Points that paid."""
    worth: int
    """What they paid."""
    short: int
    """What of it the store bears."""
    differs: int
    """What Regulars would have taken off beyond what the till did; below zero: less."""
    prices_differ: bool


class Bounds(Struct, frozen=True, gc=False):
    """The program's settings."""

    per_till: int
    snapshot_days: int


class Conflict(Struct, frozen=True, gc=False):
    """One thing that does not agree."""

    kind: Kind
    amount: int = 0
    """Minor units."""
    seconds: int = 0


def may_pay(sold: Sold, place: Place) -> int:
    """Points that the member pays of what the receipt says she spent, if she has them."""
    return max(0, sold.most - place.used) if place.here else 0


def conflicts(sold: Sold, place: Place, came: Came, bounds: Bounds) -> list[Conflict]:
    """What does not agree; nothing where the till kept to its snapshot."""
    found: list[Conflict] = []
    if not place.here or not place.registered:
        found.append(Conflict("device_unknown"))
    if place.copies:
        found.append(Conflict("counter_reused"))
    if came.spent:
        found += _of_spending(sold, place, came, bounds)
    if sold.snapshot is not None and came.at > made_at(sold.snapshot) + timedelta(days=bounds.snapshot_days):
        found.append(Conflict("snapshot_old"))
    if came.short:
        found.append(Conflict("shortfall", came.short))
    if came.prices_differ:
        found.append(Conflict("price_differs", came.differs))
    if abs(sold.seconds) > CLOCK_SECONDS_MAX:
        found.append(Conflict("clock_wrong", seconds=sold.seconds))
    return found


def _of_spending(sold: Sold, place: Place, came: Came, bounds: Bounds) -> list[Conflict]:
    found: list[Conflict] = []
    if sold.allowance is None or not place.here:
        found.append(Conflict("allowance_forged", came.worth))
    else:
        beyond = max(0, came.spent - may_pay(sold, place))
        if beyond:
            found.append(Conflict("over_allowance", -(-came.worth * beyond // came.spent)))
        if came.at > sold.allowance.until:
            found.append(Conflict("allowance_expired", came.worth))
    over = place.risked + came.worth - bounds.per_till
    if over > 0:
        found.append(Conflict("over_till_total", min(over, came.worth)))
    return found
