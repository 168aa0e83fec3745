"""What the promotion engine is given and what it answers. Pure data: no clock, no database, no settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from regulars.units import AMOUNT_MAX, Ratio

if TYPE_CHECKING:
    from regulars.promotions.goods import Goods


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
    minimum_price: int | None = None
    """The least that one unit may cost by law, minor units."""
    unit: str = ""
    """What `quantity` counts, as the till says it: kg, l; empty: pieces."""


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
    offers: tuple[UUID, ...] = ()
    """Promotions that the customer chose at the till."""
    payment_methods: tuple[str, ...] = ()
    spend: tuple[Spend, ...] = ()
    as_sold: bool = False
    """The goods have left the shop: line discounts are facts (`sold_discounts`), only what is earned is decided."""
    sold_discounts: tuple[int, ...] = ()
    """As sold: the discount of each line, in the order of `lines`."""
    to_base: Ratio | None = None
    """Minor units of the program's base money per minor unit of `currency`; None: the basket is in base money."""
    day: date | None = None
    """The day of the purchase in the program's time zone; None: the store's own day."""
    delivery: int = 0
    """The charge for delivery, beside the lines, with its tax; minor units of the basket's currency."""
    choices: dict[UUID, str] = {}
    """Which gift the customer chose (its SKU), by promotion."""


class Left(Struct, frozen=True, gc=False, omit_defaults=True):
    """What the limits of a promotion leave to one purchase; a field is None where no limit binds."""

    amount: int | None = None
    """Minor units of base money that it may still take off."""
    points: int | None = None
    """Points that it may still give."""
    code: str = ""
    """Not empty: it may not apply, for this reason (`limit_reached`, `budget_exhausted`, `contended`, …)."""
    facts: dict[str, Any] = {}
    """What the reason's sentence needs: `per`, `period`, `again` (the day of the program from which on it may)."""
    refuse: bool = False
    """Where it would give more than is left it gives nothing."""


class Standing(Struct, frozen=True, gc=False, omit_defaults=True):
    """What is known of the customer when the purchase is decided; empty for an anonymous purchase.

    It is kept with the purchase, so it holds no personal data: what a birthday answered, not the birthday. Only what
    the live promotions need (`Live.needs`) is filled in.
    """

    member: bool = False
    may_spend: bool = True
    """False for an unassigned card or an unconfirmed phone: it earns but does not spend."""
    purchases: int = 0
    """Purchases before this one (not voided); counted up to the number that live promotions ask for."""
    available: dict[str, int] = {}
    """Points that may be spent now, by currency."""
    tiers: dict[str, str] = {}
    """Tier by ladder."""
    turnover: dict[str, int] = {}
    """What was spent before this purchase, in minor units of base money, by `reads.Window.key`."""
    visits: dict[str, int] = {}
    """Purchases before this one in the last 30 days as `days_30`; days with a purchase as `days_30_distinct`."""
    days_since: int | None = None
    """Days since the last purchase, of the program's time zone; None: there was none."""
    language: str = ""
    account: str = ""
    """What kind of account it is: person, household, company; card: it belongs to nobody yet."""
    enrolled: date | None = None
    """The day of the enrolment in the program's time zone."""
    birthday: dict[str, bool] = {}
    """Whether the day lies near her birthday, by `before/after` days; nothing where it is unknown."""
    of_age: dict[str, bool] = {}
    """Whether so many years are completed; nothing where the birthday is unknown."""
    consents: frozenset[str] = frozenset()
    """`channel/purpose` of what she agrees to."""
    audiences: frozenset[str] = frozenset()
    clubs: frozenset[str] = frozenset()
    offers: frozenset[UUID] = frozenset()
    """Promotions that she activated before."""
    codes: frozenset[str] = frozenset()
    """Batches of which a unique code was presented that is free."""
    left: dict[UUID, Left] = {}
    """What limits leave, for the promotions that they bound."""


class Currency(Struct, frozen=True, gc=False):
    """What the engine must know of a points currency."""

    code: str
    scale: int = 0
    worth: Ratio = Ratio(1)
    """Minor units of the base money that one (minor) unit of this currency is worth."""
    spendable: bool = True


class Excluded(Struct, frozen=True, gc=False):
    """Goods that a program leaves alone, whatever its promotions say (tobacco, gift cards); None: none."""

    discount: Goods | None = None
    """They get no discount, and no piece of them counts towards one."""
    earning: Goods | None = None
    """They earn nothing."""
    spending: Goods | None = None
    """Points do not pay for them."""


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
    line_floor: Literal["zero", "cost", "minimum"] = "zero"
    """What a line never costs less than: nothing, its cost, or the greater of cost and legal minimum, as known."""
    excluded: Excluded = Excluded()
    points_share_max: int = 1_000_000
    """Parts per million of a receipt that points may pay."""
    points_share_line_max: int = 1_000_000
    """Parts per million of each line that points may pay."""


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


class Limit(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A use limit (`uses`) or a budget (`points`, `amount`) of a promotion: exactly one of the three.

    Each holder (a member, a store, …; `total`: all together) may have so much of it in each period.
    """

    per: Literal["total", "member", "household", "card", "store", "partner"]
    period: Literal["day", "week", "month", "quarter", "year", "lifetime"] = "lifetime"
    """Of the program's calendar; weeks begin on Monday."""
    uses: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None
    """Purchases in which it applies."""
    points: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None
    """Points of its currency."""
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None
    """Minor units of base money that it takes off prices."""
    slices: Annotated[int, Meta(ge=1, le=64)] = 1
    """In how many counters a hot total is kept, so that tills seldom wait for one another."""


class Document(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A promotion as people write it and as a revision keeps it. Its parts are validated by their kinds."""

    name: str
    """In the language of whoever writes it."""
    group: str
    """Of the program's groups the one in which it competes."""
    benefits: tuple[dict[str, Any], ...]
    """What it gives; all are of the group's stage."""
    conditions: tuple[dict[str, Any], ...] = ()
    """All must hold; without any it is for everybody, always."""
    names: dict[str, str] = field(default_factory=dict[str, str])
    """The name by language; `name` where a language is missing."""
    priority: int = 100
    """Smaller is earlier."""
    joint: bool = False
    """Always joint: stands beside all others of its stage."""
    valid_from: datetime | None = field(default=None, name="from")
    """Store-local wall time without an offset; half-open."""
    valid_until: datetime | None = field(default=None, name="until")
    """The end does not belong to it."""
    funder: str | None = None
    """Code of the partner that pays for it; None: the operator."""
    base: bool = False
    """Base earning: also for receipts that came too late for the offers of their time."""
    message: dict[str, str] = field(default_factory=dict[str, str])
    """A line on the receipt when it applied, by language."""
    recheck: bool = False
    """On a return its conditions are asked again of what is kept; where they fail, what it gave on that comes back."""
    limits: tuple[Limit, ...] = ()
    """How often it may be used, and how much it may give: use limits and budgets."""
    on_last: Literal["reduce", "refuse"] | None = None
    """On the last bit of a budget: give what is left, or nothing; None: as the program's setting says."""


class Revision(Struct, frozen=True):
    """One published, immutable revision of a promotion."""

    promotion: UUID
    number: int
    document: Document
    published_at: datetime | None = None
    author: str = ""
