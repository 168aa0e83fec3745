"""What the promotion engine is given and what it answers. Pure data: no clock, no database, no settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, field

from regulars.units import Ratio


class Line(Struct, frozen=True, gc=False):
    """One line of a basket. Minor units of the basket's currency, with tax unless the program says otherwise."""

    number: int
    sku: str
    quantity: int
    """Thousandths."""
    gross: int
    """Unit price × quantity less the till's own mark-down, or the till's own total."""
    unit_price: int
    categories: tuple[str, ...] = ()
    """Paths in the category tree, e.g. `drinks/coffee`: a promotion on `drinks` matches it."""
    tags: tuple[str, ...] = ()
    brand: str = ""
    attributes: dict[str, Any] = {}
    regular_price: int = 0
    """Above `unit_price`: reduced goods. 0: not given."""
    cost: int | None = None
    tax_rate: int = 0
    """Parts per million."""


class Spend(Struct, frozen=True, gc=False):
    """Points that the customer wants to pay with. `amount` None: as many as may be."""

    currency: str
    amount: int | None


class Basket(Struct, frozen=True, gc=False):
    """A purchase as the engine sees it."""

    currency: str
    lines: tuple[Line, ...]
    at: datetime
    """The instant of the purchase."""
    local: datetime
    """The same instant on the store's wall clock, with its offset."""
    store: str = ""
    store_groups: tuple[str, ...] = ()
    partner: str = ""
    till: str = ""
    channel: str = ""
    codes: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    payment_methods: tuple[str, ...] = ()
    spend: tuple[Spend, ...] = ()
    as_sold: bool = False
    """The goods have left the shop: line discounts are facts (`sold_discounts`), only what is earned is decided."""
    sold_discounts: tuple[int, ...] = ()
    """As sold: the discount of each line, in the order of `lines`."""
    to_base: Ratio | None = None
    """Minor units of the program's base money per minor unit of `currency`; None: the basket is in base money."""


class Standing(Struct, frozen=True, gc=False):
    """What is known of the customer when the purchase is decided; empty for an anonymous purchase."""

    member: bool = False
    may_spend: bool = True
    """False for an unassigned card or an unconfirmed phone: it earns but does not spend."""
    purchases: int = 0
    """Purchases before this one (not voided); counted up to the number that live promotions ask for."""
    available: dict[str, int] = {}
    """Points that may be spent now, by currency."""
    tiers: dict[str, str] = {}
    """Tier by ladder."""


class Currency(Struct, frozen=True, gc=False):
    """What the engine must know of a points currency."""

    code: str
    scale: int = 0
    worth: Ratio = Ratio(1)
    """Minor units of the base money that one (minor) unit of this currency is worth."""
    spendable: bool = True


class Rules(Struct, frozen=True, gc=False):
    """The program's settings that change a calculation (DESIGN §4), and its currencies."""

    base_currency: str
    currencies: dict[str, Currency]
    points_as: Literal["payment", "price_reduction"] = "payment"
    earn_on_points_part: bool = False
    """Whether the part paid with points earns."""
    earn_on: Literal["with_tax", "without_tax"] = "with_tax"
    discount_on: Literal["price_left", "original_price"] = "price_left"
    prices_include_tax: bool = True
    line_floor: Literal["zero", "cost"] = "zero"


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


class Tax(Struct, frozen=True, gc=False):
    """Tax of one rate on the sum of that rate's nets."""

    rate: int
    base: int
    tax: int


class LineOutcome(Struct, frozen=True, gc=False):
    """gross − discount = net."""

    number: int
    gross: int
    discount: int
    net: int
    awards: tuple[Award, ...] = ()


class Outcome(Struct, frozen=True, gc=False):
    """The whole decision on one basket.

    gross − discount − points_reduction − paid_with_points = payable; where prices are without tax, plus the taxes.
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


class GroupRule(Struct, frozen=True, forbid_unknown_fields=True):
    """A named group of promotions: its stage, its place is its place in the program's list."""

    name: str
    stage: Literal["item", "basket", "earning"]
    rule: Literal["all", "first", "best", "worst"] = "all"
    excludes: tuple[str, ...] = ()
    """Names of earlier groups: a line (item) or purchase (basket, earning) that one of them touched is left alone."""


DEFAULT_GROUPS = (
    GroupRule("items", "item", "best"),
    GroupRule("basket", "basket", "best"),
    GroupRule("points", "earning", "all"),
)


class Document(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A promotion as people write it and as a revision keeps it. Its parts are validated by their kinds."""

    name: str
    group: str
    benefits: tuple[dict[str, Any], ...]
    conditions: tuple[dict[str, Any], ...] = ()
    names: dict[str, str] = field(default_factory=dict[str, str])
    """The name by language; `name` where a language is missing."""
    priority: int = 100
    """Smaller is earlier."""
    joint: bool = False
    """Always joint: stands beside all others of its stage."""
    valid_from: datetime | None = field(default=None, name="from")
    """Store-local wall time without an offset; half-open."""
    valid_until: datetime | None = field(default=None, name="until")
    funder: str | None = None
    """Code of the partner that pays for it; None: the operator."""
    base: bool = False
    """Base earning: also for receipts that came too late for the offers of their time."""
    message: dict[str, str] = field(default_factory=dict[str, str])
    """A line on the receipt when it applied, by language."""


class Revision(Struct, frozen=True):
    """One published, immutable revision of a promotion."""

    promotion: UUID
    number: int
    document: Document
    published_at: datetime | None = None
    author: str = ""
