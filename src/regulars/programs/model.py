"""Programs: who runs one, its settings with their defaults, its stores and currencies, and who calls."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars.units import Ratio

Scope = Literal["till", "issuer", "manage", "read", "partner", "aggregator", "operator"]
Days = Annotated[int, Meta(ge=0, le=3660)]


Percent = Annotated[str, Meta(pattern=r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?)$(?!\n)")]
GoodsCode = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$(?!\n)")]


class GroupSetting(Struct, frozen=True, forbid_unknown_fields=True):
    """A named group of promotions; its place in the list is its place in the order of calculation."""

    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]*$")]
    stage: Literal["item", "basket", "earning"]
    rule: Literal["all", "first", "best", "worst"] = "all"
    excludes: Annotated[tuple[str, ...], Meta(max_length=50)] = ()
    """Names of earlier groups: what one of them touched is left alone."""


DEFAULT_GROUPS = (
    GroupSetting("items", "item", "best"),
    GroupSetting("basket", "basket", "best"),
    GroupSetting("points", "earning", "all"),
)


class GoodsSetting(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Goods that any of the lists names; without lists: none."""

    skus: Annotated[tuple[GoodsCode, ...], Meta(max_length=10_000)] = ()
    categories: Annotated[tuple[GoodsCode, ...], Meta(max_length=1_000)] = ()
    tags: Annotated[tuple[GoodsCode, ...], Meta(max_length=1_000)] = ()
    brands: Annotated[tuple[GoodsCode, ...], Meta(max_length=1_000)] = ()


class ExcludedGoods(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Goods that a program leaves alone (tobacco, alcohol, gift cards, deposits), for each purpose."""

    discount: GoodsSetting = GoodsSetting()
    earning: GoodsSetting = GoodsSetting()
    spending: GoodsSetting = GoodsSetting()


class WelcomeGift(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person gets for joining, in the currency's unit; it lives as long as the currency's points do."""

    currency: Annotated[str, Meta(min_length=1, max_length=16)]
    points: Annotated[int, Meta(ge=1, le=10**9)]


class Retention(Struct, frozen=True, forbid_unknown_fields=True):
    """For how long a member is kept who is not seen any more."""

    months: Annotated[int, Meta(ge=1, le=1200)]
    """After so many months without a purchase or anything else that she does herself her erasure is proposed."""


Country = Annotated[str, Meta(pattern=r"^([A-Z]{2}|\*)$(?!\n)")]


class ProgramSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Every switch of a program, with its default. Amounts are minor units of the base money."""

    points_as: Annotated[
        Literal["payment", "price_reduction"],
        Meta(
            description="Points are a payment (tax unchanged) or reduce the price (tax recomputed per rate)."
        ),
    ] = "payment"
    earn_on_points_part: Annotated[
        bool, Meta(description="Whether the part of a purchase paid with points earns points.")
    ] = False
    earn_on: Annotated[
        Literal["with_tax", "without_tax"],
        Meta(description="Points are earned on amounts with or without tax."),
    ] = "with_tax"
    discount_on: Annotated[
        Literal["price_left", "original_price"],
        Meta(
            description="Discounts are taken on the price that earlier groups left, or on the original price."
        ),
    ] = "price_left"
    prices_include_tax: Annotated[bool, Meta(description="Whether unit prices include tax.")] = True
    line_floor: Annotated[
        Literal["zero", "cost", "minimum"],
        Meta(
            description="A line never costs less than this: nothing, its cost, or the greater of its cost and its "
            "minimum_price, as far as they are known."
        ),
    ] = "zero"
    excluded_goods: Annotated[
        ExcludedGoods,
        Meta(
            description="Goods that get no discount, earn nothing, or are not paid with points: no promotion does."
        ),
    ] = ExcludedGoods()
    points_share_max: Annotated[
        Percent, Meta(description="The largest share of a receipt that points may pay, in per cent.")
    ] = "100"
    points_share_line_max: Annotated[
        Percent, Meta(description="The largest share of each line that points may pay, in per cent.")
    ] = "100"
    turnover_counts: Annotated[
        Literal["paid", "paid_and_points"],
        Meta(description="Turnover is what was paid in money, or with the part paid in points."),
    ] = "paid"
    hold_seconds: Annotated[
        int, Meta(ge=1, le=30 * 86400, description="How long a hold lasts unless the request says so.")
    ] = 900
    hold_seconds_max: Annotated[
        int, Meta(ge=1, le=30 * 86400, description="The longest hold that a request may ask for.")
    ] = 30 * 86400
    return_policy: Annotated[
        Literal["only_pending", "within_balance", "debt"],
        Meta(
            description="When earned points that a return takes back are spent: spare them, or book a debt."
        ),
    ] = "debt"
    expired_points_on_return: Annotated[
        Literal["restore", "expire"],
        Meta(description="Points spent that come back after their date: restored with grace, or expired."),
    ] = "restore"
    grace_days: Annotated[Days, Meta(description="How long restored points last at least.")] = 30
    on_last: Annotated[
        Literal["reduce", "refuse"],
        Meta(
            description="On the last bit of a budget: give what is left, or nothing, where a promotion does not say."
        ),
    ] = "reduce"
    limits_on_return: Annotated[
        Literal["give_back", "keep"],
        Meta(
            description="Whether goods that come back give back what they took of use limits, budgets and codes."
        ),
    ] = "give_back"
    return_at_other_stores: Annotated[
        bool, Meta(description="Whether goods may be returned at another store of the same partner.")
    ] = True
    return_at_other_partners: Annotated[
        bool, Meta(description="Whether goods may be returned at another partner.")
    ] = False
    unassigned_cards: Annotated[
        Literal["earn", "refuse"], Meta(description="What a card that belongs to nobody yet may do.")
    ] = "earn"
    unknown_stores: Annotated[
        Literal["register", "refuse"],
        Meta(description="A purchase at a store the program does not know registers it, or is refused."),
    ] = "register"
    late_days: Annotated[
        Days, Meta(description="How late a receipt may be and still get the offers of its time.")
    ] = 7
    claim_days: Annotated[
        Days, Meta(description="How long an anonymous purchase may be claimed by a member.")
    ] = 14
    claims_a_week: Annotated[
        int, Meta(ge=0, le=1000, description="How many purchases a member may claim in seven days.")
    ] = 3
    cashier_members: Annotated[
        dict[
            Annotated[str, Meta(min_length=1, max_length=64)],
            Annotated[str, Meta(pattern="^mem_[0-9a-z]{26}$(?!\n)")],
        ],
        Meta(
            max_length=10_000,
            description="Which member a cashier is, by the cashier's code: she cannot claim what she rang up.",
        ),
    ] = {}
    unmerge_days: Annotated[Days, Meta(description="How long a merge of two members may be undone.")] = 30
    adjustment_limit: Annotated[
        int, Meta(ge=0, le=10**12, description="Manual postings above this wait for a second person.")
    ] = 10_000
    proof_for_phone: Annotated[
        bool, Meta(description="Spending needs a proof when the member was found by phone or email.")
    ] = True
    proof_above_a_day: Annotated[
        Annotated[int, Meta(ge=0, le=10**12)] | None,
        Meta(description="Above this worth a day, spending with a card needs a proof (null: never)."),
    ] = 2000
    confirm_before_spending: Annotated[
        bool,
        Meta(
            description="Who gives a phone or email at a till earns at once, and may not spend before it is confirmed."
        ),
    ] = True
    code_seconds: Annotated[
        int, Meta(ge=60, le=3600, description="How long a code that was sent can be used.")
    ] = 300
    codes_a_quarter_hour: Annotated[
        int, Meta(ge=1, le=1000, description="Codes sent to one member, phone or email in 15 minutes.")
    ] = 5
    codes_of_a_source: Annotated[
        int,
        Meta(ge=1, le=100_000, description="Codes asked for at one till, session or address in 15 minutes."),
    ] = 60
    wrong_proofs: Annotated[
        int,
        Meta(ge=1, le=100, description="Wrong proofs that lock a member's spending at that till or session."),
    ] = 5
    lock_seconds: Annotated[
        int,
        Meta(
            ge=60, le=7 * 86400, description="How long wrong proofs lock spending; they never lock earning."
        ),
    ] = 900
    wrong_proofs_everywhere: Annotated[
        int,
        Meta(
            ge=1, le=10_000, description="Wrong proofs in an hour that lock a member's spending everywhere …"
        ),
    ] = 20
    sources_everywhere: Annotated[
        int, Meta(ge=1, le=1000, description="… when they come from so many tills or sessions.")
    ] = 4
    log_in_enrols: Annotated[
        bool, Meta(description="Whether a phone or email that nobody has may become a member by logging in.")
    ] = True
    finds_a_minute: Annotated[
        int, Meta(ge=1, le=100_000, description="Member look-ups a minute per key and till.")
    ] = 60
    wrong_codes_a_minute: Annotated[
        int,
        Meta(ge=1, le=100_000, description="Unknown codes a minute per key and till; then it has to wait."),
    ] = 20
    card_prefix: Annotated[
        str, Meta(pattern="^[1-9][0-9]{3,7}$", description="First digits of the program's card numbers.")
    ] = "9900"
    card_digits: Annotated[
        int, Meta(ge=12, le=19, description="Digits of a card number, with the check digit.")
    ] = 16
    foreign_card_prefixes: Annotated[
        tuple[Annotated[str, Meta(pattern="^[0-9]{1,12}$")], ...],
        Meta(max_length=100, description="Prefixes of imported card numbers that follow rules of their own."),
    ] = ()
    groups: Annotated[
        tuple[GroupSetting, ...],
        Meta(
            min_length=1,
            max_length=50,
            description="The groups of promotions, in their order of calculation.",
        ),
    ] = DEFAULT_GROUPS
    public_address: Annotated[
        str,
        Meta(
            max_length=200,
            pattern=r"^(https?://[A-Za-z0-9.:\[\]-]{1,180})?$(?!\n)",
            description="Where members reach the pages, as `https://club.example`; links in messages begin with it.",
        ),
    ] = ""
    double_opt_in: Annotated[
        bool,
        Meta(
            description="Whether an agreement by email counts only once it was confirmed from that mailbox."
        ),
    ] = True
    welcome: Annotated[
        WelcomeGift | None,
        Meta(description="Points for whoever joins, once per person however she joins; null: none."),
    ] = None
    retention: Annotated[
        dict[Country, Retention],
        Meta(
            max_length=250,
            description="By country (ISO 3166; `*`: every other one): after how many months without a sign of life a "
            "member's erasure is proposed. Her country is that of her phone, else the program's. Empty: never.",
        ),
    ] = {}
    accent: Annotated[
        str,
        Meta(
            pattern="^#[0-9a-f]{6}$(?!\n)",
            description="The colour of the member's pages and cards, as `#1f5c47`; what reads on it is derived.",
        ),
    ] = "#1f5c47"


class CurrencySpec(Struct, frozen=True):
    """A points currency of a program, or money that is given as points (cashback)."""

    code: str
    kind: Literal["points", "money", "qualifying"]
    scale: int
    worth: Ratio
    """Minor units of the base money that one (minor) unit is worth when it pays."""
    names: dict[str, dict[str, str]]
    """By language, the plural forms by CLDR category: {"en": {"one": "point", "other": "points"}}."""
    active_after_days: int = 0
    expires_after_days: int | None = None
    expires_after_months: int | None = None


class Spot(Struct, frozen=True):
    """A point of the earth (WGS 84), in millionths of a degree."""

    latitude: int
    longitude: int


class Store(Struct, frozen=True):
    """A place where people buy."""

    id: UUID
    code: str
    name: str
    partner: UUID
    time_zone: str
    groups: tuple[str, ...] = ()


class Partner(Struct, frozen=True):
    """A company that takes part; a program of one company has just `operator`."""

    id: UUID
    code: str
    name: str


class Program(Struct, frozen=True):
    """A program as processes cache it, until its version moves on."""

    id: UUID
    slug: str
    """Its short name in addresses, unique in the installation."""
    name: str
    base_currency: str
    time_zone: str
    languages: tuple[str, ...]
    sandbox: bool
    settings: ProgramSettings
    version: int
    operator: UUID
    """The partner that runs the program."""
    currencies: dict[str, CurrencySpec]
    stores: dict[str, Store]
    """By code."""
    partners: dict[str, Partner]
    """By code."""

    @property
    def points(self) -> CurrencySpec | None:
        """The first points currency, by code: the one a till means when it names none."""
        return next((c for c in self.currencies.values() if c.kind == "points"), None)


class Till(Struct, frozen=True):
    """A till of a store, and the pool in which its anonymous purchases live."""

    store: UUID
    code: str
    pool: UUID


class ExchangeRate(Struct, frozen=True):
    """From when on one minor unit of `currency` is worth `rate` minor units of the base money."""

    currency: str
    valid_from: datetime
    rate: Ratio


class ApiKey(Struct, frozen=True):
    """A key as it is kept: everything but its text, of which only a digest is stored."""

    id: UUID
    program: UUID | None
    name: str
    scopes: tuple[str, ...]
    partner: UUID | None = None
    store: UUID | None = None


class Brief(Struct, frozen=True):
    """What a job must know of a program to visit it."""

    id: UUID
    name: str
    time_zone: str
    sandbox: bool
    clock_at: datetime | None


OPERATOR = UUID(int=0)
"""In place of a program: the operator of the installation, whose keys make programs and belong to none."""


class Caller(Struct, frozen=True):
    """Who calls, as the key or session says: one program, scopes, perhaps one partner and one store."""

    program: UUID
    key: UUID
    scopes: frozenset[str]
    partner: UUID | None = None
    store: UUID | None = None
    name: str = ""

    @property
    def request_partner(self) -> UUID:
        """Under whom request keys are unique."""
        return self.partner or self.program


class Clock(Struct, frozen=True):
    """A program's clock; that of a sandbox can be set."""

    now: datetime
    follows_the_world: bool
    sandbox: bool
