"""What a reward is and what becomes of a claim on it. Points are in their currency's unit, money in minor units."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

from msgspec import Meta, Struct, field

from regulars.units import AMOUNT_MAX

Kind = Literal["good", "service", "discount", "voucher", "upgrade", "partner_good", "charity"]
KINDS: tuple[Kind, ...] = get_args(Kind)
WITH_CODES: frozenset[Kind] = frozenset({"discount", "voucher"})
"""Kinds that hand out codes of a voucher batch."""
Period = Literal["day", "week", "month", "quarter", "year", "lifetime"]
State = Literal["held", "claimed", "ready", "shipped", "handed_over", "cancelled", "lapsed"]
STATES: tuple[State, ...] = get_args(State)
ENDED: frozenset[State] = frozenset({"handed_over", "cancelled", "lapsed"})
"""States that have no successor."""

Code = Annotated[str, Meta(min_length=1, max_length=127, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Currency = Annotated[str, Meta(min_length=1, max_length=16)]
Amount = Annotated[int, Meta(ge=0, le=AMOUNT_MAX)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")]
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Text = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*$(?!\n)")]
Names = Annotated[dict[Language, Name], Meta(max_length=20)]
Texts = Annotated[dict[Language, Text], Meta(max_length=20)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=50)]


class Price(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one piece costs: points, or points and money. With a tier it is the price of whoever has that tier."""

    currency: Currency
    points: Amount
    money: Amount = 0
    """Paid beside when it is handed over, minor units of the program's base money; none of what gives codes."""
    tier: Code | None = None
    """`ladder/tier`."""


class Limit(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How many pieces a member, or all together, may claim in a period of the program's calendar."""

    per: Literal["member", "total"]
    most: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    period: Period = "lifetime"


class Reward(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A reward as the operator writes it and as a revision keeps it."""

    kind: Kind
    names: Annotated[Names, Meta(min_length=1)]
    """By language; that of the program's first language stands in for one that is missing."""
    prices: Annotated[tuple[Price, ...], Meta(min_length=1, max_length=20)]
    """Of several the member chooses. Whoever has a tier with prices of its own pays one of those."""
    descriptions: Texts = {}
    pictures: Names = {}
    """What a picture of it shows, in words, by language."""
    tiers: Codes = ()
    """`ladder/tier`: who has one of them may claim; empty: everybody."""
    audiences: Codes = ()
    clubs: Codes = ()
    valid_from: Annotated[datetime, Meta(tz=True)] | None = field(default=None, name="from")
    valid_until: Annotated[datetime, Meta(tz=True)] | None = field(default=None, name="until")
    """Half-open."""
    limits: Annotated[tuple[Limit, ...], Meta(max_length=20)] = ()
    stock: Literal["unlimited", "total", "by_store"] = "unlimited"
    """Whether there is one stock, one at each store, or none that is counted."""
    valid_days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    """To the end of so many days what was claimed can be used or fetched; left out: always."""
    returns: Literal["until_handed_over", "never"] = "until_handed_over"
    """Whether a member may give it back before it was handed over or used."""
    unclaimed: Literal["give_back", "keep"] = "give_back"
    """What becomes of the points when goods were not fetched in time."""
    unit_cost: Amount = 0
    """What one piece costs, minor units of base money."""
    funder: Code | None = None
    """Code of the partner that pays for it; left out: the operator."""
    batch: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """Name of the voucher batch whose codes it hands out."""

    @property
    def gives_codes(self) -> bool:
        """Whether it is a code that a member gets."""
        return self.kind in WITH_CODES


class Revision(Struct, frozen=True):
    """A reward by the revision that counts now, or by which it was claimed."""

    id: UUID
    number: int
    document: Reward
    stopped_at: datetime | None
    created_at: datetime
    published_at: datetime
    published_by: str


class Redemption(Struct, frozen=True):
    """That a member claimed a reward: a fact. What became of it, its states say."""

    id: UUID
    reward: UUID
    revision: int
    member: UUID
    pool: UUID
    store: UUID | None
    stock: UUID | None
    quantity: int
    currency: str
    points: int
    money: int
    valid_until: datetime | None
    redeemed_at: datetime
    redeemed_by: str


class Step(Struct, frozen=True):
    """A step of a redemption: since when it is in which state, and who did it."""

    n: int
    state: State
    posting: UUID | None
    at: datetime
    by: str
    reason: str = ""


class Gives(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a voucher takes off the price: an amount, a percentage, or the whole price of one product."""

    kind: Literal["value", "percent", "product"]
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None
    """Of a value: minor units of the program's base money."""
    percent: Annotated[str, Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$(?!\n)")] | None = None
    sku: Code | None = None


class Definition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the codes of a batch are: their worth, how long they last, whose they are, and how they are taxed."""

    gives: Gives
    purpose: Literal["single", "multi"] = "multi"
    """For VAT: of a single-purpose voucher tax is due when it is issued, of a multi-purpose one when it is used."""
    tax_rate: Annotated[str, Meta(pattern=r"^[0-9]{1,2}(\.[0-9]{1,2})?$(?!\n)")] | None = None
    """Per cent, of a single-purpose voucher."""
    sold: bool = False
    """Its codes, made now, are sold: what they are worth is owed until they are used or over."""
    names: Names = {}
    personal: bool = False
    """Only the member who got it may use it; otherwise whoever brings it."""
    transferable: bool = False
    """Whether she may give a personal one to another member."""
    valid_days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    """To the end of so many days after it was given out; left out: as long as the batch."""
    remind_days: Annotated[int, Meta(ge=1, le=365)] | None = None
    """So many days before it ends its owner is reminded, once, if she agreed to messages; left out: not at all."""
