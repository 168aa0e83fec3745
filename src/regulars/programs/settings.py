"""The switches of a program, with their defaults and what they do."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.programs.branding import Branding
from regulars.programs.calculation import DEFAULT_GROUPS, ExcludedGoods, GoodsCode, GroupSetting
from regulars.programs.gift_card_terms import GiftCardTerms
from regulars.programs.naming import NameByLanguage, NamedCode, NamedKind
from regulars.programs.offline import Offline
from regulars.programs.passing import Passing
from regulars.programs.regularity import Regularity
from regulars.programs.retention import Country, Retention
from regulars.programs.tills import Tills
from regulars.programs.watch import Watch

Days = Annotated[int, Meta(ge=0, le=3660)]
Percent = Annotated[str, Meta(pattern=r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?)$(?!\n)")]


class WelcomeGift(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person gets for joining, in the currency's unit; it lives as long as the currency's points do."""

    currency: Annotated[str, Meta(min_length=1, max_length=16)]
    points: Annotated[int, Meta(ge=1, le=10**9)]


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
    delivery_on_partial_return: Annotated[
        Literal["keep", "proportional"],
        Meta(
            description="The charge for delivery is paid back with the last of the goods: all of it then, or in "
            "proportion to what comes back."
        ),
    ] = "keep"
    used_vouchers_on_return: Annotated[
        Literal["keep_cost", "promotion_bears"],
        Meta(
            description="A voucher that came with goods which all come back, and was used: its cost is kept back from "
            "the money, or its promotion bears it."
        ),
    ] = "keep_cost"
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
    import_bytes_max: Annotated[
        int,
        Meta(ge=1, le=10**9, description="How many bytes a file may have that is sent to be imported."),
    ] = 50_000_000
    import_files_days: Annotated[
        int,
        Meta(
            ge=1,
            le=365,
            description="How many days the rows of an imported file are kept, sealed, and an import can be undone.",
        ),
    ] = 30
    export_files_hours: Annotated[
        int, Meta(ge=1, le=720, description="How many hours an export can be downloaded.")
    ] = 24
    adjustment_limit: Annotated[
        int, Meta(ge=0, le=10**12, description="Manual postings above this wait for a second person.")
    ] = 10_000
    publish_budget_limit: Annotated[
        Annotated[int, Meta(ge=0, le=10**12)] | None,
        Meta(
            description="Publishing a promotion that may cost more than this in all, or has no budget, waits for a "
            "second person (null: never)."
        ),
    ] = None
    publish_limit_rests_alone: Annotated[
        bool,
        Meta(description="Whether publish_budget_limit rests while fewer than two of the staff may decide."),
    ] = False
    four_eyes_erasure: Annotated[
        bool,
        Meta(
            description="Whether erasing a member waits for a second person: always in the back office, and by a key "
            "while staff may decide."
        ),
    ] = True
    four_eyes_keys: Annotated[
        bool, Meta(description="Whether a key made in the back office waits for a second person.")
    ] = True
    approvals_by_keys: Annotated[
        bool, Meta(description="Whether another key may be the second person while no staff may decide.")
    ] = False
    approval_days: Annotated[
        int, Meta(ge=1, le=365, description="How long a second person may take to decide.")
    ] = 7
    receipts_a_day_per_card: Annotated[
        Annotated[int, Meta(ge=1, le=1000)] | None,
        Meta(
            description="How many receipts of one account may earn on one day, by the program's time zone; further "
            "ones earn nothing (null: all earn)."
        ),
    ] = None
    watch: Annotated[
        Watch, Meta(description="What at the tills is unusual enough to stand in the review list.")
    ] = Watch()
    regularity: Annotated[
        Regularity,
        Meta(description="When a member who used to come regularly is overdue, and whether she is told."),
    ] = Regularity()
    passing: Annotated[
        Passing, Meta(description="How members may pass points on: to one another, and to good causes.")
    ] = Passing()
    offline: Annotated[
        Offline, Meta(description="What a till may do while the line is down, and how much it may risk.")
    ] = Offline()
    tills: Annotated[Tills, Meta(description="The equipment of the tills: scanners and printers.")] = Tills()
    second_factor: Annotated[
        Literal["optional", "required"],
        Meta(
            description="Whether staff may sign in with a password alone, or has to add an app with codes or a passkey."
        ),
    ] = "optional"
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
    gift_card_most: Annotated[
        int, Meta(ge=1, le=10**12, description="The most that may be on one gift card, in minor units.")
    ] = 100_000
    gift_card_skus: Annotated[
        tuple[GoodsCode, ...],
        Meta(
            max_length=100,
            description="Articles that are gift cards: a till sells the first; they get no discount, earn nothing, and"
            " neither points nor gift cards pay for them.",
        ),
    ] = ()
    gift_cards: Annotated[
        GiftCardTerms, Meta(description="How gift cards are sold where their sale does not say.")
    ] = GiftCardTerms()
    gift_card_remind_days: Annotated[
        int,
        Meta(ge=0, le=365, description="Days before money on a gift card ends to remind of it; 0: never."),
    ] = 14
    tier_remind_days: Annotated[
        int,
        Meta(ge=0, le=365, description="So many days before a tier ends what keeps it is said; 0: never."),
    ] = 30
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
    webhook_retry_seconds: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7 * 86400)], ...],
        Meta(
            max_length=20,
            description="Seconds to wait before each further attempt to deliver an event; then it is given up.",
        ),
    ] = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
    webhook_silent_days: Annotated[
        int,
        Meta(
            ge=1,
            le=365,
            description="A subscriber that accepts nothing for so many days is sent nothing any more.",
        ),
    ] = 5
    webhook_keep_days: Annotated[
        int, Meta(ge=1, le=365, description="How long events and what became of them are kept.")
    ] = 30
    names: Annotated[
        dict[NamedKind, Annotated[dict[NamedCode, NameByLanguage], Meta(max_length=1000)]],
        Meta(
            description="What members read in place of the codes that promotions name: by kind (`group` of stores, "
            "`audience`, `club`, `tier` as `ladder/tier`, `channel`, `payment`) and code, by language."
        ),
    ] = {}
    accent: Annotated[
        str,
        Meta(
            pattern="^#[0-9a-f]{6}$(?!\n)",
            description="The colour of the member's pages and cards, as `#1f5c47`; what reads on it is derived.",
        ),
    ] = "#1f5c47"
    logo: Annotated[
        str,
        Meta(
            pattern="^([0-9a-f]{64})?$(?!\n)",
            description="The SHA-256 of the picture that members see on their card and pages (`PUT /v1/program/logo`); "
            "empty: none.",
        ),
    ] = ""
    branding: Annotated[
        Branding,
        Meta(
            description="Where the logo stands and how a card's number is printed; by language, lines at the head and "
            "foot of receipts and a sentence at the door of the member's pages. Replaced as a whole."
        ),
    ] = Branding()
