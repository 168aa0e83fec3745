"""What the promotion engine is given: basket, standing, rules, promotions. No clock, no database, no settings."""

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
    """Whether it may pay."""
    stamps: bool = False
    """Whether it is drawn without being chosen, by prices that are `automatic`."""


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
