"""What is sent and answered, as typed structs. Written by scripts/client from the API's declared calls; a test compares the two."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field


class Absence(Struct, frozen=True, kw_only=True):
    """An absence that was noticed."""

    since: date
    overdue_on: date
    noticed_at: str
    channel: str | None


class Acceptance(Struct, frozen=True, kw_only=True):
    """`POST /v1/invitations/accept`."""

    code: str
    member: str
    bring_points: bool | UnsetType = UNSET


class AccountBooks(Struct, frozen=True, kw_only=True):
    """What an account holds in every currency."""

    account: str
    currencies: tuple[CurrencyBalance, ...]


class AccountChange(Struct, frozen=True, kw_only=True):
    """`PATCH /v1/accounts/{id}`"""

    name: str | UnsetType = UNSET
    registration_number: str | UnsetType = UNSET
    attributes: dict[str, str | int | bool | None] | UnsetType = UNSET


class AccountClosing(Struct, frozen=True, kw_only=True):
    """`POST /v1/accounts/{id}/close`."""

    points_to: str | UnsetType | None = UNSET


class AccountPage(Struct, frozen=True, kw_only=True):
    """A part of the list of accounts"""

    items: tuple[ListedAccount, ...]
    next: str | None


class AccountView(Struct, frozen=True, kw_only=True):
    """An account that several members share, and what it has."""

    id: str
    kind: Literal["company", "household"]
    name: str
    registration_number: str
    attributes: dict[str, Any]
    opened_at: str
    currencies: tuple[CurrencyBalance, ...]
    closed_at: str | UnsetType | None = UNSET


class ActivityBatch(Struct, frozen=True, kw_only=True):
    """Activities of many members."""

    activities: tuple[Any, ...]


class ActivityItem(Struct, frozen=True, kw_only=True):
    """What became of one activity of a batch"""

    request: str | None
    status: int
    answer: ActivityView | UnsetType | None = UNSET
    problem: dict[str, Any] | UnsetType | None = UNSET
    replayed: bool | UnsetType = UNSET


class ActivityItems(Struct, frozen=True, kw_only=True):
    """One item for each activity, in their order."""

    items: tuple[ActivityItem, ...]


class ActivityKind(Struct, frozen=True, kw_only=True):
    """A kind of activity."""

    names: dict[str, str]
    fields: tuple[DataField, ...] | UnsetType = UNSET
    measure: Literal["count", "reading", "sum"] | UnsetType = UNSET
    quantity: str | UnsetType | None = UNSET
    series: str | UnsetType | None = UNSET
    sources: tuple[str, ...] | UnsetType = UNSET
    late_days: int | UnsetType = UNSET
    not_in_future: bool | UnsetType = UNSET
    flood: Flood | UnsetType | None = UNSET
    review: Literal["always", "flagged", "never"] | UnsetType = UNSET
    rules: tuple[EarningRule, ...] | UnsetType = UNSET
    funder: str | UnsetType | None = UNSET
    stopped: bool | UnsetType = UNSET


class ActivityPage(Struct, frozen=True, kw_only=True):
    """Activities"""

    items: tuple[ActivityRecord, ...]
    next: str | None


class ActivityRecord(Struct, frozen=True, kw_only=True):
    """All that is known of an activity."""

    id: str
    request: str
    member: str
    kind: str
    happened_at: str
    recorded_at: str
    quantity: str
    status: Literal["accepted", "counted", "refused", "set_aside", "waiting"]
    flag: Literal["flood", "review"] | None
    corrects: str | None
    earned: tuple[Earned, ...]
    source: str
    data: dict[str, int | str | bool]
    reason: str


class ActivityView(Struct, frozen=True, kw_only=True):
    """An activity, and what came of it."""

    id: str
    request: str
    member: str
    kind: str
    happened_at: str
    recorded_at: str
    quantity: str
    status: Literal["accepted", "counted", "refused", "set_aside", "waiting"]
    flag: Literal["flood", "review"] | None
    corrects: str | None
    earned: tuple[Earned, ...]


class Adjusted(Struct, frozen=True, kw_only=True):
    """The posting, and how the member stands after it."""

    id: str
    currency: str
    amount: int
    available: int
    pending: int
    debt: int


class AggregatorChange(Struct, frozen=True, kw_only=True):
    """`PATCH /v1/aggregators/{id}`."""

    calls_a_day: int


class AggregatorView(Struct, frozen=True, kw_only=True):
    """A wallet of another maker."""

    id: str
    name: str
    calls_a_day: int
    key: str
    created_at: str
    revoked_at: str | None


class Aggregators(Struct, frozen=True, kw_only=True):
    """All wallets of a program, also those that were ended."""

    items: tuple[AggregatorView, ...]
    next: str | UnsetType | None = UNSET


class AnsweredView(Struct, frozen=True, kw_only=True):
    """What came of answering."""

    survey: str
    score: int | None
    of: int | None
    prize: dict[str, Any]
    voucher: str | None
    valid_until: str | None


class ApprovalPage(Struct, frozen=True, kw_only=True):
    """A part of the list, the newest first"""

    items: tuple[ApprovalView, ...]
    next: str | None


class ApprovalView(Struct, frozen=True, kw_only=True):
    """An act that waits for a second person, or what became of it."""

    id: str
    act: Literal["key.create", "member.erase", "points.adjust", "promotion.publish"]
    subject: str
    document: dict[str, Any]
    why: str
    asked_by: Person
    asked_at: str
    expires_at: str
    status: Literal["approved", "expired", "open", "refused", "stale", "withdrawn"]
    decided_by: Person | None
    decided_at: str | None
    word: str
    result: dict[str, Any] | None


class ApprovalsDecision(Struct, frozen=True, kw_only=True):
    """`POST /v1/approvals/{id}/approve`, `/refuse`, `/withdraw`."""

    word: str | UnsetType = UNSET


class Audience(Struct, frozen=True, kw_only=True):
    """Who takes part"""

    tiers: tuple[str, ...] | UnsetType = UNSET
    audiences: tuple[str, ...] | UnsetType = UNSET
    clubs: tuple[str, ...] | UnsetType = UNSET
    age_from: int | UnsetType | None = UNSET


class AuditActor(Struct, frozen=True, kw_only=True):
    """Who made a change, from where and with what."""

    kind: str
    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    agent: str | UnsetType = UNSET
    by: str | UnsetType = UNSET


class AuditEntry(Struct, frozen=True, kw_only=True):
    """A change"""

    seq: int
    at: str
    actor: AuditActor
    action: str
    subject: str
    before: Any
    after: Any
    why: str
    digest: str


class AuditPage(Struct, frozen=True, kw_only=True):
    """A part of the trail, the newest first"""

    items: tuple[AuditEntry, ...]
    next: str | None


class AwardView(Struct, frozen=True, kw_only=True):
    """What one promotion gave on one line."""

    promotion: str
    revision: int
    kind: str
    amount: int


class BadgeDocument(Struct, frozen=True, kw_only=True):
    """`PUT /v1/badges/{code}`"""

    names: dict[str, str]
    texts: dict[str, str] | UnsetType = UNSET
    icon: (
        Literal["crown", "cup", "flame", "heart", "leaf", "map", "medal", "rocket", "star", "trophy"]
        | UnsetType
    ) = UNSET


class BadgeView(Struct, frozen=True, kw_only=True):
    """A badge, and how many members have it."""

    code: str
    revision: int
    since: str
    document: BadgeDocument
    members: int


class Badges(Struct, frozen=True, kw_only=True):
    """The badges of a program, by code."""

    items: tuple[BadgeView, ...]
    next: str | UnsetType | None = UNSET


class BalanceView(Struct, frozen=True, kw_only=True):
    """A member's standing in every currency of the program."""

    currencies: tuple[CurrencyBalance, ...]
    tiers: tuple[TierStanding, ...] | UnsetType = UNSET


class Bar(Struct, frozen=True, kw_only=True):
    """Days in a row on which it runs at the same hours"""

    first: date
    last: date
    hours: tuple[Hours, ...]


class BatchAnswer(Struct, frozen=True, kw_only=True):
    """One item for each purchase, in their order."""

    items: tuple[BatchItem, ...]


class BatchCard(Struct, frozen=True, kw_only=True):
    """A card of a batch."""

    id: str
    number: str
    serial: int
    status: Literal["active", "blocked", "closed", "issued", "replaced"] | UnsetType = UNSET
    member: str | UnsetType | None = UNSET


class BatchCardPage(Struct, frozen=True, kw_only=True):
    """A page of a batch's cards, in the order of their serials."""

    items: tuple[BatchCard, ...]
    next: str | None


class BatchItem(Struct, frozen=True, kw_only=True):
    """What became of one purchase of a batch"""

    request: str | None
    status: int
    answer: PurchaseAnswer | UnsetType | None = UNSET
    problem: dict[str, Any] | UnsetType | None = UNSET
    replayed: bool | UnsetType = UNSET


class Between(Struct, frozen=True, kw_only=True):
    """From one instant to another, the latter not among them"""

    from_: datetime = field(name="from")
    to: datetime


class Blocking(Struct, frozen=True, kw_only=True):
    """`POST /v1/vouchers/block` and `/unblock`."""

    code: str
    reason: str


class BoardView(Struct, frozen=True, kw_only=True):
    """The best twenty of the present window, and her own place."""

    code: str
    name: str
    items: tuple[PlaceView, ...]
    mine: PlaceView | None
    next: str | UnsetType | None = UNSET


class Booking(Struct, frozen=True, kw_only=True):
    """That a visit can be booked, by slots of the place's local time."""

    opens: str | UnsetType = UNSET
    closes: str | UnsetType = UNSET
    slot_minutes: int | UnsetType = UNSET
    capacity: int | UnsetType | None = UNSET
    days_ahead: int | UnsetType = UNSET
    cancel_hours: int | UnsetType = UNSET
    no_show: Literal["gives_back", "takes"] | UnsetType = UNSET


class BookingCancellation(Struct, frozen=True, kw_only=True):
    """`POST /v1/bookings/{id}/cancel`."""

    reason: str | UnsetType = UNSET


class BookingView(Struct, frozen=True, kw_only=True):
    """How a visit is booked."""

    days_ahead: int
    cancel_hours: int
    no_show: str


class Books(Struct, frozen=True, kw_only=True):
    """The member's accounts before and after the erasure, by their lots."""

    before: tuple[AccountBooks, ...]
    after: tuple[AccountBooks, ...]
    balanced: bool


class BoughtLine(Struct, frozen=True, kw_only=True):
    """A line as it was bought, and how much of it can still come back."""

    line: int
    sku: str
    name: str
    quantity: str
    returnable: str
    gross: int
    discount: int
    net: int


class Branding(Struct, frozen=True, kw_only=True):
    """What a program's own hand is on cards, receipts and the member's pages."""

    logo_place: Literal["above", "left", "right"] | UnsetType = UNSET
    number_style: Literal["fours", "last_four", "whole"] | UnsetType = UNSET
    receipt_header: dict[str, tuple[str, ...]] | UnsetType = UNSET
    receipt_footer: dict[str, tuple[str, ...]] | UnsetType = UNSET
    welcome: dict[str, str] | UnsetType = UNSET


class Bringing(Struct, frozen=True, kw_only=True):
    """Limits of what is brought into a shared account"""

    most: int | UnsetType | None = UNSET
    cooling_hours: int | UnsetType = UNSET
    member_days: int | UnsetType = UNSET


class Calendar(Struct, frozen=True, kw_only=True):
    """What runs in a month, those that begin first before the others."""

    month: str
    first: date
    last: date
    today: date
    items: tuple[Scheduled, ...]
    next: str | UnsetType | None = UNSET


class CardBackView(Struct, frozen=True, kw_only=True):
    """Money that went back to a gift card, named by the end of its code."""

    gift_card: str
    amount: int


class CardBatchPage(Struct, frozen=True, kw_only=True):
    """A page of batches, in the order they were made."""

    items: tuple[CardBatchView, ...]
    next: str | None


class CardBatchView(Struct, frozen=True, kw_only=True):
    """Unassigned cards"""

    id: str
    count: int
    created_at: str
    job: str | UnsetType | None = UNSET
    made: int | UnsetType | None = UNSET
    cards: tuple[BatchCard, ...] | UnsetType | None = UNSET


class CardNamed(Struct, frozen=True, kw_only=True):
    """A card by its number or by its id"""

    number: str | UnsetType | None = UNSET
    id: str | UnsetType | None = UNSET


class CardPage(Struct, frozen=True, kw_only=True):
    """A part of the list of a member's cards"""

    items: tuple[CardView, ...]
    next: str | None


class CardShown(Struct, frozen=True, kw_only=True):
    """A duplicate"""

    member: str
    card: str


class CardView(Struct, frozen=True, kw_only=True):
    """A card as it is answered."""

    id: str
    number: str
    status: Literal["active", "blocked", "closed", "issued", "replaced"]
    member: str | None
    issued_at: str
    replaced_by: str | None


class Caveat(Struct, frozen=True, kw_only=True):
    """Something that the figures do not hold."""

    code: str
    text: str


class Certificate(Struct, frozen=True, kw_only=True):
    """What an erasure did."""

    version: str
    program: str
    member: str
    asked_by: str
    erased_at: str
    removed: dict[str, int]
    left: dict[str, int]
    books: Books


class Chain(Struct, frozen=True, kw_only=True):
    """Whether the trail is as it was written."""

    entries: int
    digest: str | None
    broken: tuple[int, ...]
    contradicted: tuple[int, ...]
    witnessed: int
    witnessed_at: str | None
    whole: bool


class ChallengeAnswer(Struct, frozen=True, kw_only=True):
    """`POST /v1/challenges/{id}/verify`."""

    code: str
    till: str | UnsetType = UNSET


class ChallengeView(Struct, frozen=True, kw_only=True):
    """A code that was sent"""

    id: str
    purpose: str
    channel: str
    to: str
    expires_at: str


class ClaimByRequest(Struct, frozen=True, kw_only=True):
    """`POST /v1/purchases/claim`"""

    card: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    member: str | UnsetType | None = UNSET
    claim_code: str | UnsetType | None = UNSET
    request: str


class ClockChange(Struct, frozen=True, kw_only=True):
    """`POST /v1/sandbox/clock`."""

    now: datetime


class ClockView(Struct, frozen=True, kw_only=True):
    """What time it is for a sandbox."""

    now: str
    follows_the_world: bool


class ClosedAccount(Struct, frozen=True, kw_only=True):
    """An account that nobody is in any more."""

    id: str
    closed_at: str
    members_left: int
    moved: tuple[Moved, ...]


class ClosedCurrency(Struct, frozen=True, kw_only=True):
    """What a month gave in a currency, in its unit."""

    currency: str
    members: int
    given: int


class ClosedMonth(Struct, frozen=True, kw_only=True):
    """A month that is closed."""

    kind: str
    month: str
    currencies: tuple[ClosedCurrency, ...]


class ClubDocument(Struct, frozen=True, kw_only=True):
    """`PUT /v1/clubs/{code}`"""

    names: dict[str, str]
    entry: Literal["invitation", "open", "rule"] | UnsetType = UNSET
    texts: dict[str, str] | UnsetType = UNSET
    places: int | UnsetType | None = UNSET
    rule: ClubRule | UnsetType | None = UNSET
    closed: bool | UnsetType = UNSET


class ClubInvitation(Struct, frozen=True, kw_only=True):
    """An invitation to a club."""

    member: str
    club: str
    invited_at: str
    answer: str | None
    answered_at: str | None


class ClubJoining(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/clubs/{code}`."""

    link: str | UnsetType | None = UNSET
    by_hand: bool | UnsetType = UNSET


class ClubLink(Struct, frozen=True, kw_only=True):
    """A code that lets so many in."""

    code: str
    club: str
    uses: int
    used: int
    until: str | None
    created_at: str


class ClubMember(Struct, frozen=True, kw_only=True):
    """Somebody who is in a club."""

    member: str
    since: str
    way: Literal["by_hand", "invitation", "link", "open", "rule"]


class ClubMembers(Struct, frozen=True, kw_only=True):
    """A page of who is in a club"""

    items: tuple[ClubMember, ...]
    next: str | None


class ClubOfMember(Struct, frozen=True, kw_only=True):
    """A club as one member sees it."""

    club: str
    name: str
    text: str
    entry: Literal["invitation", "open", "rule"]
    standing: Literal["in", "invited", "may_join", "no"]
    since: str | None
    full: bool
    members: int


class ClubPreview(Struct, frozen=True, kw_only=True):
    """What a club by rule would come to if it were measured now."""

    judged: int
    whole: bool
    come: int
    go: int
    stay: int
    examples: tuple[str, ...]


class ClubRule(Struct, frozen=True, kw_only=True):
    """What a member must be to belong to a club by rule"""

    tier: str | UnsetType | None = UNSET
    turnover_at_least: int | UnsetType | None = UNSET
    turnover_days: int | UnsetType | None = UNSET
    age_from: int | UnsetType | None = UNSET
    age_to: int | UnsetType | None = UNSET
    attribute: str | UnsetType | None = UNSET
    value: str | UnsetType | None = UNSET
    audience: str | UnsetType | None = UNSET


class ClubView(Struct, frozen=True, kw_only=True):
    """A club as it counts, and how many are in it."""

    code: str
    revision: int
    document: ClubDocument
    members: int
    created_at: str


class Clubs(Struct, frozen=True, kw_only=True):
    """The clubs of a program, by code."""

    items: tuple[ClubView, ...]
    next: str | UnsetType | None = UNSET


class ClubsOfMember(Struct, frozen=True, kw_only=True):
    """The clubs that concern a member"""

    items: tuple[ClubOfMember, ...]
    next: str | UnsetType | None = UNSET


class CodeBatchPage(Struct, frozen=True, kw_only=True):
    """A page of batches, in the order they were made."""

    items: tuple[CodeBatchView, ...]
    next: str | None


class CodeBatchView(Struct, frozen=True, kw_only=True):
    """A batch of codes."""

    id: str
    name: str
    pattern: str
    count: int
    uses: int
    member_uses: int | None
    from_: str | None = field(name="from")
    until: str | None
    created_at: str
    stopped_at: str | UnsetType | None = UNSET
    job: str | UnsetType | None = UNSET
    made: int | UnsetType | None = UNSET
    used: int | UnsetType | None = UNSET
    codes: tuple[str, ...] | UnsetType | None = UNSET


class CodePage(Struct, frozen=True, kw_only=True):
    """A page of a batch's codes."""

    items: tuple[str, ...]
    next: str | None


class Compared(Struct, frozen=True, kw_only=True):
    """What differs, in sentences."""

    promotion: str
    before: str
    after: str
    differences: tuple[DifferingDifference, ...]


class ConfirmConsentConfirmation(Struct, frozen=True, kw_only=True):
    """`POST /v1/consents/confirm`."""

    token: str


class ConfirmPurchaseConfirmation(Struct, frozen=True, kw_only=True):
    """`POST /v1/purchases/{id}/confirm`"""

    lines: tuple[PurchaseLine, ...] | UnsetType | None = UNSET
    payments: tuple[Payment, ...] | UnsetType | None = UNSET


class Confirmed(Struct, frozen=True, kw_only=True):
    """What was confirmed."""

    consent: str
    member: str
    channel: str
    purpose: str
    confirmed_at: str


class ConflictPage(Struct, frozen=True, kw_only=True):
    """Conflicts, the latest first"""

    items: tuple[ConflictView, ...]
    gaps: tuple[ConflictView, ...]
    sums: tuple[StoreSum, ...]
    next: str | None


class ConflictView(Struct, frozen=True, kw_only=True):
    """One thing that did not agree."""

    kind: Literal[
        "allowance_expired",
        "allowance_forged",
        "clock_wrong",
        "counter_gap",
        "counter_reused",
        "device_unknown",
        "over_allowance",
        "over_till_total",
        "price_differs",
        "shortfall",
        "snapshot_old",
    ]
    store: str
    device: str
    counter: int
    purchase: str
    made_at: str
    recorded_at: str
    amount: int | UnsetType = UNSET
    seconds: int | UnsetType = UNSET
    missing: int | UnsetType = UNSET


class Consent(Struct, frozen=True, kw_only=True):
    """What whoever publishes accepts."""

    accept_warnings: tuple[str, ...] | UnsetType = UNSET


class ConsentGiven(Struct, frozen=True, kw_only=True):
    """What a member agreed to, or no longer agrees to"""

    channel: Literal["email", "phone", "post", "push", "sms"]
    purpose: str
    granted: bool
    wording: str | UnsetType | None = UNSET
    wording_version: int | UnsetType | None = UNSET
    wording_language: str | UnsetType | None = UNSET
    given_at: datetime | UnsetType | None = UNSET
    evidence: str | UnsetType = UNSET
    confirmed: bool | UnsetType = UNSET


class Consents(Struct, frozen=True, kw_only=True):
    """What a member agrees to, and all that she said."""

    now: tuple[RecordConsentSaidView, ...]
    history: tuple[RecordConsentSaidView, ...]


class CopyView(Struct, frozen=True, kw_only=True):
    """A card that was made again"""

    card: CardView
    copy: int
    made_at: str


class CostView(Struct, frozen=True, kw_only=True):
    """What was used of an entitlement at a store."""

    partner: str
    store: str
    entitlement: str
    visits: int
    guests: int
    cost: int


class Costs(Struct, frozen=True, kw_only=True):
    """By partner, store and entitlement."""

    visits: int
    cost: int
    items: tuple[CostView, ...]
    next: str | UnsetType | None = UNSET


class Credit(Struct, frozen=True, kw_only=True):
    """Each purchase that is large enough is good for one play."""

    least: int
    days: int | UnsetType = UNSET


class Currencies(Struct, frozen=True, kw_only=True):
    """Every currency, by code."""

    items: tuple[CurrencyView, ...]
    next: str | UnsetType | None = UNSET


class CurrencyBalance(Struct, frozen=True, kw_only=True):
    """The standing in one currency, in its unit."""

    currency: str
    available: int
    pending: int
    held: int
    debt: int
    worth: Worth
    expiring: tuple[ReadMemberExpiringView, ...]


class CurrencyView(Struct, frozen=True, kw_only=True):
    """A currency as it is answered"""

    code: str
    kind: str
    scale: int
    worth: str
    names: dict[str, dict[str, str]]
    active_after_days: int
    expires_after_days: int | None
    expires_after_months: int | None


class DataField(Struct, frozen=True, kw_only=True):
    """A field of an activity's `data`."""

    name: str
    type: Literal["boolean", "choice", "decimal", "integer", "text"] | UnsetType = UNSET
    names: dict[str, str] | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    least: str | UnsetType | None = UNSET
    most: str | UnsetType | None = UNSET
    choices: tuple[str, ...] | UnsetType = UNSET


class DayResult(Struct, frozen=True, kw_only=True):
    """One day, in the stores' own time."""

    day: date
    result: Result


class DayShare(Struct, frozen=True, kw_only=True):
    """One day in the stores' own time."""

    day: date
    receipts: int
    got: int
    cost: int


class DecidedPlay(Struct, frozen=True, kw_only=True):
    """A play, without whose it was."""

    number: int
    revision: int
    roll: int
    landed: str
    given: str


class Definition(Struct, frozen=True, kw_only=True):
    """What the codes of a batch are"""

    gives: Gives
    purpose: Literal["multi", "single"] | UnsetType = UNSET
    tax_rate: str | UnsetType | None = UNSET
    sold: bool | UnsetType = UNSET
    names: dict[str, str] | UnsetType = UNSET
    personal: bool | UnsetType = UNSET
    transferable: bool | UnsetType = UNSET
    valid_days: int | UnsetType | None = UNSET
    remind_days: int | UnsetType | None = UNSET


class DeliveryBack(Struct, frozen=True, kw_only=True):
    """What comes back of the charge for delivery"""

    charge: int
    discount: int
    net: int


class DeliveryPage(Struct, frozen=True, kw_only=True):
    """A page of deliveries, the newest first."""

    items: tuple[WebhookDeliveriesDeliveryView, ...]
    next: str | None


class DeviceList(Struct, frozen=True, kw_only=True):
    """The phones of a member that may make codes."""

    items: tuple[DeviceView, ...]
    next: str | UnsetType | None = UNSET


class DeviceRevoked(Struct, frozen=True, kw_only=True):
    """That a phone's codes no longer count."""

    id: str
    revoked_at: str


class DeviceView(Struct, frozen=True, kw_only=True):
    """A phone and what the program signed for it"""

    id: str
    member: str
    card: str
    label: str
    certified_at: str
    expires_at: str
    public_key: str
    last_day: int
    signature: str


class DifferingDifference(Struct, frozen=True, kw_only=True):
    """One thing that differs."""

    change: Literal["added", "changed", "removed"]
    pointer: str
    sentence: str
    before: str | UnsetType = UNSET
    after: str | UnsetType = UNSET
    fields: tuple[FieldChange, ...] | UnsetType = UNSET


class Displaced(Struct, frozen=True, kw_only=True):
    """Another promotion to which the change does something."""

    promotion: str
    name: str
    receipts_before: int
    receipts_after: int
    lost: int
    gained: int
    before: Given
    after: Given


class Document(Struct, frozen=True, kw_only=True):
    """A promotion as people write it and as a revision keeps it."""

    name: str
    group: str
    benefits: tuple[dict[str, Any], ...]
    conditions: tuple[dict[str, Any], ...] | UnsetType = UNSET
    names: dict[str, str] | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    joint: bool | UnsetType = UNSET
    from_: str | UnsetType | None = field(default=UNSET, name="from")
    until: str | UnsetType | None = UNSET
    funder: str | UnsetType | None = UNSET
    base: bool | UnsetType = UNSET
    message: dict[str, str] | UnsetType = UNSET
    recheck: bool | UnsetType = UNSET
    limits: tuple[PromotionsLimit, ...] | UnsetType = UNSET
    on_last: Literal["reduce", "refuse"] | UnsetType | None = UNSET


class Donated(Struct, frozen=True, kw_only=True):
    """What a charity was given of a currency."""

    charity: str
    currency: str
    amount: int
    worth: int
    donations: int


class DonationView(Struct, frozen=True, kw_only=True):
    """What a certificate says."""

    id: str
    posting: str
    charity: str
    charity_name: str
    currency: str
    amount: int
    worth: int
    donated_at: str
    available: int


class Donations(Struct, frozen=True, kw_only=True):
    """What each charity was given, by currency."""

    items: tuple[Donated, ...]
    next: str | UnsetType | None = UNSET


class DrawProof(Struct, frozen=True, kw_only=True):
    """All that it takes to compute a draw again."""

    draw: str
    names: dict[str, str]
    prizes: tuple[dict[str, Any], ...]
    commitment: str
    committed_at: str
    seed: str | None
    beacon: str
    tickets: tuple[int, ...]
    digest: str
    drawn_at: str | None
    winners: tuple[WinnerView, ...]
    method: str


class DrawsVoiding(Struct, frozen=True, kw_only=True):
    """Why a ticket counts no more."""

    reason: str


class Duplicates(Struct, frozen=True, kw_only=True):
    """Members who may be the same person, by id"""

    items: tuple[MembersMemberView, ...]
    next: str | UnsetType | None = UNSET


class Earned(Struct, frozen=True, kw_only=True):
    """What an activity earned in a currency, in its unit"""

    currency: str
    amount: int
    limited: Literal["day", "month", "year"] | UnsetType | None = UNSET
    due_on: date | UnsetType | None = UNSET


class EarnedView(Struct, frozen=True, kw_only=True):
    """Points that one promotion gave on one line."""

    currency: str
    amount: int
    promotion: str
    line: int
    active_at: str
    expires_at: str | None


class EarningRule(Struct, frozen=True, kw_only=True):
    """What an activity earns in one currency."""

    currency: str
    gives: Literal["fixed", "per", "percent"] | UnsetType = UNSET
    points: int | UnsetType | None = UNSET
    per: str | UnsetType | None = UNSET
    rate: str | UnsetType | None = UNSET
    minimum: str | UnsetType | None = UNSET
    limits: Limits | UnsetType = UNSET
    when: Literal["at_once", "monthly"] | UnsetType = UNSET
    carry: Literal["day", "month", "year"] | UnsetType = UNSET
    close_after_days: int | UnsetType = UNSET
    expires_after_days: int | UnsetType | None = UNSET


class Effect(Struct, frozen=True, kw_only=True):
    """A promotion on one receipt, on one side of the change."""

    status: str
    discount: int | UnsetType = UNSET
    earned: dict[str, int] | UnsetType = UNSET
    code: str | UnsetType | None = UNSET
    text: str | UnsetType = UNSET


class EffectPair(Struct, frozen=True, kw_only=True):
    """A promotion that does something else with the change than without."""

    promotion: str
    name: str
    before: Effect
    after: Effect


class EndRedemptionCancellation(Struct, frozen=True, kw_only=True):
    """`POST /v1/redemptions/{id}/cancel`."""

    reason: str | UnsetType = UNSET


class Ended(Struct, frozen=True, kw_only=True):
    """An aggregator that was ended."""

    id: str


class Enrolment(Struct, frozen=True, kw_only=True):
    """`POST /v1/members`"""

    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    card: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    birthday: date | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET
    attributes: dict[str, str | int | bool | None] | UnsetType = UNSET
    consents: tuple[ConsentGiven, ...] | UnsetType = UNSET
    source: Literal["api", "app", "import", "partner", "till", "web"] | UnsetType | None = UNSET
    tag: str | UnsetType = UNSET
    referral_code: str | UnsetType | None = UNSET
    device: str | UnsetType | None = UNSET


class Entered(Struct, frozen=True, kw_only=True):
    """What became of one of a list"""

    member: str
    status: int
    code: str | UnsetType = UNSET
    detail: str | UnsetType = UNSET


class EnteredList(Struct, frozen=True, kw_only=True):
    """One item for each of the list, in its order."""

    items: tuple[Entered, ...]


class Entitlement(Struct, frozen=True, kw_only=True):
    """`PUT /v1/entitlements/{code}`"""

    names: dict[str, str]
    descriptions: dict[str, str] | UnsetType = UNSET
    quotas: tuple[Quota, ...] | UnsetType = UNSET
    adds: bool | UnsetType = UNSET
    period: (
        Literal["half_year", "membership_year", "month", "quarter", "rolling", "total", "year"] | UnsetType
    ) = UNSET
    period_days: int | UnsetType = UNSET
    stores: tuple[str, ...] | UnsetType = UNSET
    partners: tuple[str, ...] | UnsetType = UNSET
    guests: Guests | UnsetType = UNSET
    cost: int | UnsetType = UNSET
    booking: Booking | UnsetType | None = UNSET
    stopped: bool | UnsetType = UNSET


class EntitlementDocumentView(Struct, frozen=True, kw_only=True):
    """An entitlement as it counts."""

    code: str
    revision: int
    document: Entitlement


class EntitlementDocuments(Struct, frozen=True, kw_only=True):
    """The entitlements of a program, by code."""

    items: tuple[EntitlementDocumentView, ...]
    next: str | UnsetType | None = UNSET


class EntitlementPrize(Struct, frozen=True, kw_only=True):
    """Uses of an entitlement."""

    code: str
    uses: int | UnsetType = UNSET
    days: int | UnsetType | None = UNSET


class EntitlementView(Struct, frozen=True, kw_only=True):
    """A right that came with the purchase"""

    promotion: str
    code: str
    count: int
    days: int | None


class Entrance(Struct, frozen=True, kw_only=True):
    """`POST /v1/occasions/{code}/check-in`"""

    card: str | UnsetType | None = UNSET
    booking: str | UnsetType | None = UNSET


class ErasureView(Struct, frozen=True, kw_only=True):
    """A certificate with its signature"""

    certificate: Certificate
    signed: str
    algorithm: str
    signature: str
    public_key: str


class Example(Struct, frozen=True, kw_only=True):
    """A basket that shows it, and what the engine gave for it."""

    lines: tuple[LintingExampleLine, ...]
    at: str
    member: bool
    gross: int
    discount: int
    payable: int
    awards: tuple[ExampleAward, ...]
    store: str | UnsetType = UNSET
    text: str | UnsetType = UNSET


class ExampleAward(Struct, frozen=True, kw_only=True):
    """What one promotion gives in an example."""

    promotion: str
    discount: int | UnsetType = UNSET
    earned: dict[str, int] | UnsetType = UNSET


class ExampleReceipt(Struct, frozen=True, kw_only=True):
    """A receipt that shows it."""

    purchase: str
    receipt_number: str
    store: str
    purchased_at: str
    member: bool
    currency: str
    gross: int
    payable_before: int
    payable_after: int
    lines: tuple[SimulationExampleLine, ...]
    promotions: tuple[EffectPair, ...]


class ExchangeRateView(Struct, frozen=True, kw_only=True):
    """A dated rate as it is answered."""

    currency: str
    valid_from: str
    rate: str


class ExchangeRates(Struct, frozen=True, kw_only=True):
    """Every dated rate, by currency, the newest first."""

    items: tuple[ExchangeRateView, ...]
    next: str | UnsetType | None = UNSET


class ExchangeView(Struct, frozen=True, kw_only=True):
    """What was given and got, and what is left of the first currency."""

    id: str | None
    posting: str | None
    currency: str
    target: str
    amount: int
    received: int
    available: int


class ExcludedGoods(Struct, frozen=True, kw_only=True):
    """Goods that a program leaves alone (tobacco, alcohol, gift cards, deposits), for each purpose."""

    discount: GoodsSetting | UnsetType = UNSET
    earning: GoodsSetting | UnsetType = UNSET
    spending: GoodsSetting | UnsetType = UNSET


class Expect(Struct, frozen=True, kw_only=True):
    """What the customer was shown"""

    payable: int | UnsetType | None = UNSET
    spent: int | UnsetType | None = UNSET


class ExpiringMoney(Struct, frozen=True, kw_only=True):
    """What can be spent until an instant only."""

    amount: int
    at: str


class Explained(Struct, frozen=True, kw_only=True):
    """One promotion that was live"""

    promotion: str
    revision: int
    name: str
    group: str
    status: str
    text: str
    gives: str
    when: str
    discount: int
    earned: dict[str, int]
    base: int
    lines: tuple[int, ...]
    code: str | UnsetType | None = UNSET
    missing: dict[str, Any] | UnsetType = UNSET
    suppressed_by: str | UnsetType | None = UNSET


class Explanation(Struct, frozen=True, kw_only=True):
    """Why a purchase came to what it came to"""

    purchase: str
    version: int
    exact: bool
    promotions: tuple[Explained, ...]


class ExportFilter(Struct, frozen=True, kw_only=True):
    """Which rows."""

    channel: Literal["email", "phone", "post", "push", "sms"] | UnsetType | None = UNSET
    purpose: str | UnsetType | None = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    to: datetime | UnsetType | None = UNSET
    stores: tuple[str, ...] | UnsetType = UNSET


class ExportPage(Struct, frozen=True, kw_only=True):
    """Exports, the newest first."""

    items: tuple[ExportView, ...]
    next: str | None


class ExportView(Struct, frozen=True, kw_only=True):
    """An export"""

    id: str
    job: str
    kind: str
    format: Literal["csv", "parquet", "xlsx"]
    filter: dict[str, Any]
    personal: bool
    status: Literal["done", "failed", "running", "waiting"]
    rows: int
    bytes: int
    created_at: str
    created_by: str
    digest: str | UnsetType | None = UNSET
    finished_at: str | UnsetType | None = UNSET
    file: str | UnsetType | None = UNSET
    why: str | UnsetType = UNSET


class ExportedAccount(Struct, frozen=True, kw_only=True):
    """An account that she shares with others, and what she is in it."""

    id: str
    kind: str
    name: str
    role: str
    daily_limit: int | None


class ExportedAnswers(Struct, frozen=True, kw_only=True):
    """What she answered in a survey."""

    survey: str
    day: date
    choices: dict[str, tuple[str, ...]]
    texts: dict[str, str]


class ExportedBadge(Struct, frozen=True, kw_only=True):
    """A badge that she has."""

    badge: str
    given_at: str


class ExportedChallenges(Struct, frozen=True, kw_only=True):
    """All of it."""

    nickname: str | None
    joined: dict[str, str]
    progress: tuple[ExportedProgress, ...]
    badges: tuple[ExportedBadge, ...]
    prizes: tuple[ExportedPrize, ...]


class ExportedClubs(Struct, frozen=True, kw_only=True):
    """What is kept of somebody about clubs and events"""

    invitations: tuple[ClubInvitation, ...]
    bookings: tuple[SeatBooking, ...]


class ExportedConsent(Struct, frozen=True, kw_only=True):
    """Something that she agreed to or withdrew."""

    id: str
    channel: str
    purpose: str
    granted: bool
    source: str
    recorded_at: str
    state: Literal["granted", "pending", "withdrawn"]
    given_at: str | None
    wording: str | None
    wording_version: int | None
    wording_language: str | None
    wording_hash: str | None
    recorded_by: str
    evidence: str
    confirmed_at: str | None
    confirmed_address: str | None
    member: str


class ExportedEntitlements(Struct, frozen=True, kw_only=True):
    """What a member was given, and every visit that she made or booked, the latest first."""

    given: tuple[MemberEntitlementsExportedGrant, ...]
    visits: tuple[UseView, ...]


class ExportedForeignCard(Struct, frozen=True, kw_only=True):
    """A card of somebody else that she keeps in her wallet."""

    name: str
    kind: str
    text: str
    added_at: str


class ExportedGames(Struct, frozen=True, kw_only=True):
    """All that games keep of her, the latest first."""

    plays: tuple[ExportedPlay, ...]
    tickets: tuple[TicketView, ...]
    surveys: tuple[ExportedPart, ...]
    answers: tuple[ExportedAnswers, ...]


class ExportedGiftCard(Struct, frozen=True, kw_only=True):
    """A gift card that she keeps in her wallet."""

    id: str
    shown: str
    available: int
    status: str


class ExportedLogIn(Struct, frozen=True, kw_only=True):
    """A way in"""

    kind: str
    label: str
    since: str
    last_used_at: str | None
    until: str | None


class ExportedMovement(Struct, frozen=True, kw_only=True):
    """A posting in one of her accounts."""

    posting: str
    kind: Literal[
        "adjustment",
        "bonus",
        "cancellation",
        "debt_payment",
        "donation",
        "exchange_in",
        "exchange_out",
        "expiry",
        "grace",
        "opening",
        "purchase",
        "redemption",
        "return",
        "reversal",
        "top_up",
        "transfer_in",
        "transfer_out",
        "void",
        "welcome",
        "write_off",
    ]
    purchase: str | None
    effective_at: str
    recorded_at: str
    by: str
    reason: str
    currency: str
    change: int
    debt_change: int
    balance: int
    debt: int
    account: str


class ExportedNote(Struct, frozen=True, kw_only=True):
    """What staff wrote down about her."""

    text: str
    written_at: str


class ExportedOffer(Struct, frozen=True, kw_only=True):
    """An offer that she opted into."""

    promotion: str
    name: str
    activated_at: str


class ExportedPart(Struct, frozen=True, kw_only=True):
    """That she took part in a survey, anonymous or not."""

    survey: str
    score: int | None
    at: str


class ExportedPersonExportedGrant(Struct, frozen=True, kw_only=True):
    """What she allowed a wallet of somebody else."""

    id: str
    aggregator: str
    granted_at: str
    revoked_at: str | None


class ExportedPlay(Struct, frozen=True, kw_only=True):
    """A turn of a game"""

    game: str
    landed: str
    given: str
    paid: str
    points: int
    played_at: str


class ExportedPrepaid(Struct, frozen=True, kw_only=True):
    """Paid memberships with all their acts, packs of visits, and absences that were noticed."""

    memberships: tuple[MembershipShown, ...]
    packs: tuple[PackView, ...]
    absences: tuple[Absence, ...]


class ExportedPrize(Struct, frozen=True, kw_only=True):
    """What she was given."""

    id: str
    cause: str
    prize: Prize
    given_at: str
    taken_at: str | None


class ExportedProgress(Struct, frozen=True, kw_only=True):
    """How far she came in one window of a challenge"""

    challenge: str
    since: str
    until: str
    reached: int
    done: int
    parts: dict[str, int]


class ExportedReferrals(Struct, frozen=True, kw_only=True):
    """Her code, that she was brought, and when she brought somebody"""

    referrals: tuple[Told, ...]
    passed_on: tuple[PassedBy, ...]


class ExportedTierChange(Struct, frozen=True, kw_only=True):
    """A change of a member's tier."""

    ladder: str
    before: str | None
    tier: str | None
    at: str
    until: str | None
    reason: str
    measures: Measures
    purchase: str | None
    recorded_at: str


class Field(Struct, frozen=True, kw_only=True):
    """One field of the wheel"""

    code: str
    weight: int
    names: dict[str, str]
    prize: Prize
    stock: int | UnsetType | None = UNSET
    stock_per_day: int | UnsetType | None = UNSET


class FieldChange(Struct, frozen=True, kw_only=True):
    """One field of a condition or a benefit, as a form shows it."""

    name: str
    label: str
    before: str
    after: str


class FieldOdds(Struct, frozen=True, kw_only=True):
    """How likely a field is, and what is left of its prize."""

    code: str
    names: dict[str, str]
    weight: int
    odds: str
    percent: str
    left: int | None
    left_today: int | None


class FileView(Struct, frozen=True, kw_only=True):
    """A file that was taken in, and what it seems to be."""

    id: str
    name: str
    format: Literal["csv", "parquet", "xlsx"]
    bytes: int
    rows: int
    columns: tuple[str, ...]
    assumed: dict[str, str]
    kind: Literal["activities", "balances", "cards", "members", "products", "purchases", "stores"]
    preset: str | None
    suggested: dict[str, Mapping]
    created_at: str


class Finding(Struct, frozen=True, kw_only=True):
    """Something about a promotion that its author should know."""

    severity: Literal["error", "note", "warning"]
    code: str
    sentence: str
    pointer: str | UnsetType = UNSET
    example: Example | UnsetType | None = UNSET
    also: tuple[str, ...] | UnsetType = UNSET


class FindingPage(Struct, frozen=True, kw_only=True):
    """A part of the list, the newest first"""

    items: tuple[FindingView, ...]
    next: str | None


class FindingView(Struct, frozen=True, kw_only=True):
    """Something unusual at a till."""

    id: str
    kind: Literal[
        "adjusted_and_spent",
        "card_often",
        "claims",
        "code_guessing",
        "member_guessing",
        "own_card",
        "returns_share",
        "returns_soon",
    ]
    store: str | None
    till: str
    cashier: str
    member: str | None
    first: str
    last: str
    count: int
    usual: int | None
    amount: int | None
    evidence: tuple[str, ...]
    found_at: str
    status: Literal["case", "harmless", "open"]
    decided_by: Person | None
    decided_at: str | None
    word: str


class Flood(Struct, frozen=True, kw_only=True):
    """More than so many of a member and source in so many seconds are kept and earn nothing until they …"""

    most: int
    seconds: int


class Found(Struct, frozen=True, kw_only=True):
    """Who was found."""

    id: str
    name: str
    balance: BalanceView
    tier: str | UnsetType | None = UNSET
    tier_name: str | UnsetType = UNSET
    member: MembersMemberView | UnsetType = UNSET


class FreePlays(Struct, frozen=True, kw_only=True):
    """So many plays of a period that cost nothing"""

    most: int
    period: Literal["day", "ever", "month", "week"] | UnsetType = UNSET


class Fulfilment(Struct, frozen=True, kw_only=True):
    """`POST /v1/redemptions/{id}/fulfil`."""

    state: Literal["handed_over", "ready", "shipped"]
    note: str | UnsetType = UNSET


class Game(Struct, frozen=True, kw_only=True):
    """`PUT /v1/games/{code}`"""

    names: dict[str, str]
    fields: tuple[Field, ...]
    face: Literal["scratch", "wheel"] | UnsetType = UNSET
    texts: dict[str, str] | UnsetType = UNSET
    consolation: str | UnsetType | None = UNSET
    free: FreePlays | UnsetType | None = UNSET
    credit: Credit | UnsetType | None = UNSET
    points: PointsPrice | UnsetType | None = UNSET
    audience: Audience | UnsetType = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    until: datetime | UnsetType | None = UNSET
    funder: str | UnsetType | None = UNSET


class GameView(Struct, frozen=True, kw_only=True):
    """A game of chance as the operator sees it."""

    code: str
    status: str
    revision: int
    document: dict[str, Any]
    plays: int
    given: dict[str, int]
    cost: int
    created_at: str


class Games(Struct, frozen=True, kw_only=True):
    """The games of chance of a program, by code."""

    items: tuple[GameView, ...]
    next: str | UnsetType | None = UNSET


class GiftCardListed(Struct, frozen=True, kw_only=True):
    """A gift card in a list."""

    id: str
    shown: str
    blocked: bool
    balance: int
    issued_at: str


class GiftCardNamed(Struct, frozen=True, kw_only=True):
    """A gift card by its code or, when that was lost with it, by its id"""

    code: str | UnsetType | None = UNSET
    gift_card: str | UnsetType | None = UNSET
    reason: str | UnsetType = UNSET


class GiftCardPage(Struct, frozen=True, kw_only=True):
    """A page of the list."""

    items: tuple[GiftCardListed, ...]
    next: str | None


class GiftCardTerms(Struct, frozen=True, kw_only=True):
    """What a sale does not say itself."""

    valid_days: int | UnsetType | None = UNSET
    tax_percent: str | UnsetType = UNSET


class GiftCardView(Struct, frozen=True, kw_only=True):
    """A gift card, and what is on it in minor units of the base money."""

    id: str
    shown: str
    serial: int
    status: Literal["active", "blocked", "empty"]
    currency: str
    available: int
    held: int
    purpose: Literal["multi", "single"]
    tax_rate: str | None
    issued_at: str
    expiring: tuple[ExpiringMoney, ...]
    code: str | UnsetType = UNSET


class GiftOption(Struct, frozen=True, kw_only=True):
    """So many pieces of something."""

    sku: str
    name: str | UnsetType = UNSET
    quantity: int | UnsetType = UNSET


class GiftView(Struct, frozen=True, kw_only=True):
    """A gift of a promotion."""

    promotion: str
    chosen: bool
    options: tuple[GiftOption, ...]


class Given(Struct, frozen=True, kw_only=True):
    """What a promotion gave."""

    discount: int | UnsetType = UNSET
    points: dict[str, int] | UnsetType = UNSET
    points_worth: int | UnsetType = UNSET
    handed: int | UnsetType = UNSET
    cost: int | UnsetType = UNSET


class GivenBackView(Struct, frozen=True, kw_only=True):
    """Points spent that were given back."""

    currency: str
    amount: int
    worth: int


class GivenBadge(Struct, frozen=True, kw_only=True):
    """That a member has a badge."""

    badge: str
    given_at: str


class GivenView(Struct, frozen=True, kw_only=True):
    """Uses that she was given beside her quota."""

    uses: int
    left: int
    until: str | None


class Gives(Struct, frozen=True, kw_only=True):
    """What a voucher takes off the price"""

    kind: Literal["percent", "product", "value"]
    amount: int | UnsetType | None = UNSET
    percent: str | UnsetType | None = UNSET
    sku: str | UnsetType | None = UNSET


class GivesView(Struct, frozen=True, kw_only=True):
    """What a voucher takes off"""

    kind: str
    amount: int | None
    percent: str | None
    sku: str | None


class GivingBadge(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/badges`."""

    badge: str
    reason: str


class Goal(Struct, frozen=True, kw_only=True):
    """What is asked for."""

    kind: Literal["count", "set", "streak", "sum"]
    need: int
    of: Literal["brands", "categories", "partners", "skus", "stores"] | UnsetType | None = UNSET
    level: int | UnsetType = UNSET
    among: tuple[str, ...] | UnsetType = UNSET
    measure: Literal["points", "spend", "units"] | UnsetType = UNSET
    currency: str | UnsetType | None = UNSET
    each: Literal["day", "month", "week"] | UnsetType = UNSET
    freezes: int | UnsetType = UNSET
    activity: str | UnsetType | None = UNSET
    goods: GoodsList | UnsetType = UNSET
    stores: tuple[str, ...] | UnsetType = UNSET
    least_amount: int | UnsetType = UNSET


class GoodsList(Struct, frozen=True, kw_only=True):
    """Which goods count"""

    skus: tuple[str, ...] | UnsetType = UNSET
    categories: tuple[str, ...] | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    brands: tuple[str, ...] | UnsetType = UNSET


class GoodsSetting(Struct, frozen=True, kw_only=True):
    """Goods that any of the lists names"""

    skus: tuple[str, ...] | UnsetType = UNSET
    categories: tuple[str, ...] | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    brands: tuple[str, ...] | UnsetType = UNSET


class Got(Struct, frozen=True, kw_only=True):
    """Who would have got it, and what that would have cost."""

    receipts: int
    members: int
    gross: int
    given: Given


class GrantView(Struct, frozen=True, kw_only=True):
    """What a member allowed a wallet."""

    id: str
    aggregator: str
    name: str
    granted_at: str
    revoked_at: str | None


class Grants(Struct, frozen=True, kw_only=True):
    """What a member allowed, the newest first."""

    items: tuple[GrantView, ...]
    next: str | UnsetType | None = UNSET


class GroupSetting(Struct, frozen=True, kw_only=True):
    """A named group of promotions"""

    name: str
    stage: Literal["basket", "earning", "item"]
    rule: Literal["all", "best", "first", "worst"] | UnsetType = UNSET
    excludes: tuple[str, ...] | UnsetType = UNSET


class Guests(Struct, frozen=True, kw_only=True):
    """Whom she may bring"""

    free: int | UnsetType = UNSET
    from_quota: int | UnsetType = UNSET


class GuestsView(Struct, frozen=True, kw_only=True):
    """Whom she may bring"""

    free: int
    from_quota: int


class Handing(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/vouchers/transfer`."""

    code: str
    to: str


class HandoverPage(Struct, frozen=True, kw_only=True):
    """The lists that were given, the newest first."""

    items: tuple[HandoverView, ...]
    next: str | None


class HandoverView(Struct, frozen=True, kw_only=True):
    """That a list was given to somebody."""

    id: str
    channel: str
    purpose: str
    members: int
    digest: str
    given_at: str
    given_to: str


class HeldEntitlement(Struct, frozen=True, kw_only=True):
    """An entitlement as a member has it now."""

    code: str
    name: str
    description: str
    quota: int
    period: str
    period_from: date | None
    period_until: date | None
    left: int
    next_free_at: str | None
    given: tuple[GivenView, ...]
    guests: GuestsView
    booking: BookingView | None
    stores: tuple[str, ...]
    stopped: bool
    bookings: tuple[UseView, ...]
    uses: tuple[UseView, ...]


class Hours(Struct, frozen=True, kw_only=True):
    """A part of a day, half-open, on the wall clock"""

    since: str
    until: str


class ImportPage(Struct, frozen=True, kw_only=True):
    """Imports, the newest first."""

    items: tuple[ImportView, ...]
    next: str | None


class ImportView(Struct, frozen=True, kw_only=True):
    """An import, how far it has come, and what it did."""

    id: str
    job: str
    file: str
    file_name: str
    kind: Literal["activities", "balances", "cards", "members", "products", "purchases", "stores"]
    dry_run: bool
    status: Literal["done", "failed", "running", "undoing", "undone", "waiting"]
    rows: int
    done: int
    made: int
    changed: int
    repeated: int
    faulty: int
    undone: int
    kept: int
    mapping: Mapping
    created_at: str
    created_by: str
    why: str | UnsetType = UNSET
    finished_at: str | UnsetType | None = UNSET
    undo_job: str | UnsetType | None = UNSET
    undone_at: str | UnsetType | None = UNSET
    undone_by: str | UnsetType | None = UNSET


class InvitationView(Struct, frozen=True, kw_only=True):
    """A code that lets somebody in, once."""

    code: str
    account: str
    role: Literal["earner", "owner", "spender"]
    daily_limit: int | None
    expires_at: str


class IssuedView(Struct, frozen=True, kw_only=True):
    """A voucher that came with the purchase."""

    voucher: str
    code: str


class JobView(Struct, frozen=True, kw_only=True):
    """A piece of long work as it stands."""

    id: str
    kind: str
    status: str
    done: int
    total: int
    errors: tuple[Any, ...]
    result: dict[str, Any]
    created_at: str
    finished_at: str | UnsetType | None = UNSET


class Joined(Struct, frozen=True, kw_only=True):
    """Into which account, and as what."""

    account: str
    member: str
    role: Literal["earner", "owner", "spender"]
    daily_limit: int | None


class KeptBy(Struct, frozen=True, kw_only=True):
    """What has to be reached for the tier to stay beyond its end."""

    since: str
    until: str
    reached: bool
    ways: tuple[Way, ...]


class KeyView(Struct, frozen=True, kw_only=True):
    """A key as it is answered"""

    id: str
    name: str
    scopes: tuple[str, ...]
    partner: str | None
    store: str | None
    key: str


class Keys(Struct, frozen=True, kw_only=True):
    """Every key in force."""

    items: tuple[ListedKey, ...]
    next: str | UnsetType | None = UNSET


class KindView(Struct, frozen=True, kw_only=True):
    """A kind of activity as it counts."""

    code: str
    revision: int
    since: str
    document: ActivityKind


class Kinds(Struct, frozen=True, kw_only=True):
    """The kinds of a program, by code."""

    items: tuple[KindView, ...]
    next: str | UnsetType | None = UNSET


class LadderDocument(Struct, frozen=True, kw_only=True):
    """`PUT /v1/ladders/{code}`"""

    tiers: tuple[Tier, ...]
    period: Literal["calendar_year", "lifetime", "membership_year", "rolling"] | UnsetType = UNSET
    period_days: int | UnsetType = UNSET
    validity: Literal["days", "forever", "rest_and_next_period"] | UnsetType = UNSET
    valid_days: int | UnsetType = UNSET
    downgrade: Literal["by_balance", "one_step", "to_base"] | UnsetType = UNSET
    grace_days: int | UnsetType = UNSET
    soft_landing: bool | UnsetType = UNSET
    undo_on_return: bool | UnsetType = UNSET
    withdrawn: bool | UnsetType = UNSET


class LadderPreview(Struct, frozen=True, kw_only=True):
    """What a change of a ladder would do to today's members"""

    judged: int
    whole: bool
    before: dict[str, int]
    after: dict[str, int]
    up: int
    down: int
    stay: int
    examples: tuple[Mover, ...]


class LadderView(Struct, frozen=True, kw_only=True):
    """A ladder as it counts."""

    code: str
    revision: int
    since: str
    base: str | None
    document: LadderDocument


class Ladders(Struct, frozen=True, kw_only=True):
    """The ladders of a program, by code."""

    items: tuple[LadderView, ...]
    next: str | UnsetType | None = UNSET


class LeftView(Struct, frozen=True, kw_only=True):
    """How many there are at a store"""

    store: str | None
    left: int


class LimitBack(Struct, frozen=True, kw_only=True):
    """What came back of a use limit, a budget or a unique code"""

    per: str
    period: str
    measure: str
    amount: int
    promotion: str | UnsetType | None = UNSET
    code_batch: str | UnsetType | None = UNSET


class LimitUse(Struct, frozen=True, kw_only=True):
    """What was used of one limit in one period, by all its holders together."""

    per: str
    period: str
    measure: str
    since: date | None
    limit: int | None
    used: int
    left: int | None
    holders: int


class Limits(Struct, frozen=True, kw_only=True):
    """The most that a member earns in a day, a month and a year of the program, in the currency's unit."""

    day: int | UnsetType | None = UNSET
    month: int | UnsetType | None = UNSET
    year: int | UnsetType | None = UNSET


class LineView(Struct, frozen=True, kw_only=True):
    """gross − discount = net."""

    line: int
    gross: int
    discount: int
    net: int
    awards: tuple[AwardView, ...] | UnsetType = UNSET
    pieces: tuple[PieceView, ...] | UnsetType = UNSET


class Lint(Struct, frozen=True, kw_only=True):
    """What the linter found, errors first"""

    findings: tuple[Finding, ...]


class LintingExampleLine(Struct, frozen=True, kw_only=True):
    """A line of an example, amounts in minor units of base money."""

    sku: str
    quantity: str
    gross: int
    discount: int
    cost: int | UnsetType | None = UNSET


class Listed(Struct, frozen=True, kw_only=True):
    """Somebody who is put into an account."""

    member: str
    role: Literal["earner", "owner", "spender"] | UnsetType = UNSET
    daily_limit: int | UnsetType | None = UNSET
    bring_points: bool | UnsetType = UNSET


class ListedAccount(Struct, frozen=True, kw_only=True):
    """An account in a list"""

    id: str
    kind: Literal["company", "household"]
    name: str
    registration_number: str
    opened_at: str
    closed_at: str | None
    members: int


class ListedKey(Struct, frozen=True, kw_only=True):
    """A key in a list"""

    id: str
    name: str
    scopes: tuple[str, ...]
    partner: str | None
    store: str | None
    key: str
    created_at: str
    used_at: str | None
    ends_at: str | None


class Location(Struct, frozen=True, kw_only=True):
    """A point of the earth (WGS 84) in degrees, as decimal strings of at most 6 decimals."""

    latitude: str
    longitude: str


class Lotteries(Struct, frozen=True, kw_only=True):
    """The lotteries of a program, the latest first."""

    items: tuple[LotteryView, ...]
    next: str | UnsetType | None = UNSET


class Lottery(Struct, frozen=True, kw_only=True):
    """`PUT /v1/draws/{code}`"""

    names: dict[str, str]
    entries_until: datetime
    draws_at: datetime
    ranks: tuple[Rank, ...]
    texts: dict[str, str] | UnsetType = UNSET
    entries_from: datetime | UnsetType | None = UNSET
    price: PointsPrice | UnsetType | None = UNSET
    purchases: PerPurchase | UnsetType | None = UNSET
    most: int | UnsetType | None = UNSET
    audience: Audience | UnsetType = UNSET
    beacon: bool | UnsetType = UNSET
    funder: str | UnsetType | None = UNSET


class LotteryView(Struct, frozen=True, kw_only=True):
    """A lottery as the operator sees it."""

    code: str
    status: str
    revision: int
    document: dict[str, Any]
    tickets: int
    commitment: str
    drawn_at: str | None
    created_at: str


class MadeUp(Struct, frozen=True, kw_only=True):
    """A member who does not exist."""

    tiers: dict[str, str] | UnsetType = UNSET
    turnover: int | UnsetType = UNSET
    visits: int | UnsetType = UNSET
    purchases: int | UnsetType = UNSET
    days_since: int | UnsetType | None = UNSET
    language: str | UnsetType = UNSET
    account: str | UnsetType = UNSET
    birthday: bool | UnsetType = UNSET
    age: int | UnsetType | None = UNSET
    member_days: int | UnsetType = UNSET
    clubs: tuple[str, ...] | UnsetType = UNSET
    audiences: tuple[str, ...] | UnsetType = UNSET
    consents: tuple[str, ...] | UnsetType = UNSET
    code_batches: tuple[str, ...] | UnsetType = UNSET
    points: dict[str, int] | UnsetType = UNSET
    activated: bool | UnsetType = UNSET


class Mapping(Struct, frozen=True, kw_only=True):
    """Which column is which field."""

    columns: dict[str, Any] | UnsetType = UNSET
    constants: dict[str, str] | UnsetType = UNSET


class Mappings(Struct, frozen=True, kw_only=True):
    """The mappings that were saved, by kind and name."""

    items: tuple[SavedMapping, ...]
    next: str | UnsetType | None = UNSET


class Margin(Struct, frozen=True, kw_only=True):
    """What is left of prices after costs, for the lines of which the till told the cost."""

    lines: int
    lines_costed: int
    cost: int
    before: int
    after: int


class MarkView(Struct, frozen=True, kw_only=True):
    """A mark as it is answered."""

    kind: Literal["audience", "club", "tier"]
    code: str
    since: str
    until: str | None


class Marks(Struct, frozen=True, kw_only=True):
    """What a member is marked with now."""

    items: tuple[MarkView, ...]
    next: str | UnsetType | None = UNSET


class Measures(Struct, frozen=True, kw_only=True):
    """What somebody reached in a span of time."""

    spend: int | UnsetType = UNSET
    purchases: int | UnsetType = UNSET
    visit_days: int | UnsetType = UNSET
    currencies: dict[str, int] | UnsetType = UNSET


class MemberBatch(Struct, frozen=True, kw_only=True):
    """Members of another system."""

    members: tuple[Any, ...]


class MemberBatchAnswer(Struct, frozen=True, kw_only=True):
    """One item for each, in their order."""

    items: tuple[MemberBatchItem, ...]


class MemberBatchItem(Struct, frozen=True, kw_only=True):
    """What became of one of them"""

    status: int
    member: str | UnsetType | None = UNSET
    replayed: bool | UnsetType = UNSET
    problem: dict[str, Any] | UnsetType | None = UNSET


class MemberChange(Struct, frozen=True, kw_only=True):
    """`PATCH /v1/members/{id}`"""

    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    birthday: date | UnsetType | None = UNSET
    language: str | UnsetType = UNSET
    attributes: dict[str, str | int | bool | None] | UnsetType = UNSET


class MemberEntitlements(Struct, frozen=True, kw_only=True):
    """What a member has, by code"""

    items: tuple[HeldEntitlement, ...]
    next: str | UnsetType | None = UNSET


class MemberEntitlementsExportedGrant(Struct, frozen=True, kw_only=True):
    """Uses that a member was given beside her quota."""

    entitlement: str
    uses: int
    since: str
    until: str | None
    origin: str


class MembersMemberView(Struct, frozen=True, kw_only=True):
    """A member, for those who may see who she is."""

    id: str
    name: str
    phone: str | None
    email: str | None
    external_id: str | None
    birthday: date | None
    language: str
    attributes: dict[str, Any]
    source: Literal["api", "app", "import", "partner", "till", "web"]
    store: str | None
    enrolled_at: str
    erased_at: str | None
    cards: tuple[CardView, ...]
    tag: str | UnsetType = UNSET
    partner: str | UnsetType | None = UNSET


class MembershipShown(Struct, frozen=True, kw_only=True):
    """A membership with all its acts, the first one first."""

    membership: MembershipView
    steps: tuple[MembershipStep, ...]


class MembershipStep(Struct, frozen=True, kw_only=True):
    """An act"""

    act: str
    plan: str
    from_day: date
    until_day: date
    amount: int
    credit: int
    reference: str
    at: str
    by: str
    reason: str


class MembershipView(Struct, frozen=True, kw_only=True):
    """A paid membership."""

    id: str
    member: str
    plan: str
    state: Literal["active", "due", "ended", "paused"]
    from_day: date
    until_day: date
    to_end: bool
    paused_on: date | None
    paid: int | UnsetType = UNSET
    refund: int | UnsetType = UNSET


class Memberships(Struct, frozen=True, kw_only=True):
    """Memberships, the latest first."""

    items: tuple[MembershipView, ...]
    next: str | UnsetType | None = UNSET


class MembershipsCancellation(Struct, frozen=True, kw_only=True):
    """`POST /v1/memberships/{id}/cancellations`."""

    when: Literal["now", "period_end"]
    reason: str | UnsetType = UNSET


class Merged(Struct, frozen=True, kw_only=True):
    """Who stays, who leads to her from now on, and until when that can be undone."""

    member: str
    merged: str
    moved: tuple[Moved, ...]
    undo_until: str


class Messages(Struct, frozen=True, kw_only=True):
    """Lines for the cashier and for the receipt, in the customer's language."""

    cashier: tuple[str, ...] | UnsetType = UNSET
    receipt: tuple[str, ...] | UnsetType = UNSET


class Milestone(Struct, frozen=True, kw_only=True):
    """What the n-th friend brings to the referrer beside."""

    friends: int
    prize: Prize


class MilestonePreview(Struct, frozen=True, kw_only=True):
    """How many members would have reached something on the way, or the whole."""

    at: int
    members: int


class MilestoneView(Struct, frozen=True, kw_only=True):
    """Something on the way, or the whole"""

    at: int
    reached: bool
    prizes: tuple[Prize, ...]


class Mine(Struct, frozen=True, kw_only=True):
    """The promotion that is tried"""

    status: str
    effect: Effect
    missing: dict[str, Any]
    near: bool
    given: Given
    alone: Effect


class Month(Struct, frozen=True, kw_only=True):
    """`POST /v1/activity-kinds/{code}/close`."""

    month: str


class Moved(Struct, frozen=True, kw_only=True):
    """What went over in one currency."""

    currency: str
    amount: int
    debt: int


class MovementView(Struct, frozen=True, kw_only=True):
    """What one posting changed in one currency, and what stood in the account after it."""

    posting: str
    kind: Literal[
        "adjustment",
        "bonus",
        "cancellation",
        "debt_payment",
        "donation",
        "exchange_in",
        "exchange_out",
        "expiry",
        "grace",
        "opening",
        "purchase",
        "redemption",
        "return",
        "reversal",
        "top_up",
        "transfer_in",
        "transfer_out",
        "void",
        "welcome",
        "write_off",
    ]
    purchase: str | None
    effective_at: str
    recorded_at: str
    by: str
    reason: str
    currency: str
    change: int
    debt_change: int
    balance: int
    debt: int


class Mover(Struct, frozen=True, kw_only=True):
    """A member whom a change would move."""

    member: str
    before: str | None
    after: str | None


class NamedReferrer(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/referrer`."""

    code: str
    device: str | UnsetType | None = UNSET


class NewAccount(Struct, frozen=True, kw_only=True):
    """`POST /v1/accounts`."""

    kind: Literal["company", "household"]
    name: str
    registration_number: str | UnsetType = UNSET
    attributes: dict[str, str | int | bool | None] | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    bring_points: bool | UnsetType = UNSET


class NewActivation(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/offers`."""

    offer: str


class NewActivity(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/events`."""

    id: str
    kind: str
    happened_at: datetime
    data: dict[str, int | str | bool] | UnsetType = UNSET
    corrects: str | UnsetType | None = UNSET


class NewAdjustment(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/adjustments`."""

    currency: str
    amount: int
    reason: str


class NewAggregator(Struct, frozen=True, kw_only=True):
    """`POST /v1/aggregators`."""

    name: str
    calls_a_day: int | UnsetType = UNSET


class NewAggregatorView(Struct, frozen=True, kw_only=True):
    """The aggregator and its key, whose text is shown here and never again."""

    aggregator: AggregatorView
    key: KeyView


class NewAnswers(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/answers`."""

    survey: str
    answers: dict[str, Any]


class NewBatch(Struct, frozen=True, kw_only=True):
    """`POST /v1/cards/batch`."""

    count: int


class NewBeacon(Struct, frozen=True, kw_only=True):
    """`POST /v1/draws/{code}/beacon`."""

    beacon: str


class NewBooking(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/entitlements/{code}/bookings`."""

    at: datetime
    store: str | UnsetType | None = UNSET
    guests: int | UnsetType = UNSET


class NewCard(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/cards`"""

    number: str | UnsetType | None = UNSET
    replaces: str | UnsetType | None = UNSET


class NewChallenge(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/challenges`."""

    purpose: Literal["confirm", "log_in", "spend"]
    channel: Literal["email", "sms"] | UnsetType | None = UNSET
    till: str | UnsetType = UNSET


class NewClaim(Struct, frozen=True, kw_only=True):
    """`POST /v1/purchases/{id}/claim`"""

    card: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    member: str | UnsetType | None = UNSET
    claim_code: str | UnsetType | None = UNSET


class NewClubLink(Struct, frozen=True, kw_only=True):
    """`POST /v1/clubs/{code}/links`."""

    uses: int | UnsetType = UNSET
    until: datetime | UnsetType | None = UNSET


class NewCodes(Struct, frozen=True, kw_only=True):
    """`POST /v1/code-batches`."""

    name: str
    pattern: str
    count: int | UnsetType = UNSET
    uses: int | UnsetType = UNSET
    member_uses: int | UnsetType | None = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    until: datetime | UnsetType | None = UNSET


class NewConsent(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/consents`."""

    channel: Literal["email", "phone", "post", "push", "sms"]
    purpose: str
    granted: bool
    wording: str | UnsetType | None = UNSET
    wording_version: int | UnsetType | None = UNSET
    wording_language: str | UnsetType | None = UNSET
    given_at: datetime | UnsetType | None = UNSET
    evidence: str | UnsetType = UNSET
    confirmed: bool | UnsetType = UNSET
    source: str | UnsetType = UNSET


class NewCurrency(Struct, frozen=True, kw_only=True):
    """`POST /v1/currencies`."""

    code: str
    kind: Literal["money", "points", "qualifying", "stamps", "visits"] | UnsetType = UNSET
    scale: int | UnsetType = UNSET
    worth: str | UnsetType = UNSET
    names: dict[str, dict[str, str]] | UnsetType = UNSET
    active_after_days: int | UnsetType = UNSET
    expires_after_days: int | UnsetType | None = UNSET
    expires_after_months: int | UnsetType | None = UNSET


class NewDevice(Struct, frozen=True, kw_only=True):
    """`POST /v1/devices`"""

    member: str
    challenge: str
    code: str
    public_key: str
    label: str | UnsetType = UNSET
    card: str | UnsetType | None = UNSET


class NewDonation(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/donations`."""

    charity: str
    currency: str
    amount: int


class NewExchange(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/exchanges`."""

    currency: str
    target: str
    amount: int


class NewExchangeRate(Struct, frozen=True, kw_only=True):
    """`POST /v1/exchange-rates`"""

    currency: str
    valid_from: datetime
    rate: str


class NewExport(Struct, frozen=True, kw_only=True):
    """`POST /v1/exports`."""

    kind: str
    format: Literal["csv", "parquet", "xlsx"] | UnsetType = UNSET
    filter: ExportFilter | UnsetType = UNSET


class NewGiftCard(Struct, frozen=True, kw_only=True):
    """`POST /v1/gift-cards`"""

    amount: int
    purpose: Literal["multi", "single"] | UnsetType | None = UNSET
    tax_rate: str | UnsetType | None = UNSET
    expires_at: datetime | UnsetType | None = UNSET
    reason: str | UnsetType = UNSET
    purchase: str | UnsetType | None = UNSET
    line: int | UnsetType | None = UNSET


class NewGrant(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/entitlements/{code}/grants`."""

    uses: int
    reason: str
    days: int | UnsetType | None = UNSET


class NewImport(Struct, frozen=True, kw_only=True):
    """`POST /v1/imports`."""

    file: str
    kind: Literal["activities", "balances", "cards", "members", "products", "purchases", "stores"]
    mapping: Mapping | UnsetType | None = UNSET
    preset: str | UnsetType | None = UNSET
    saved: str | UnsetType | None = UNSET
    dry_run: bool | UnsetType = UNSET
    save_as: str | UnsetType | None = UNSET


class NewInvitation(Struct, frozen=True, kw_only=True):
    """`POST /v1/accounts/{id}/invitations`."""

    role: Literal["earner", "owner", "spender"] | UnsetType = UNSET
    daily_limit: int | UnsetType | None = UNSET


class NewKey(Struct, frozen=True, kw_only=True):
    """`POST /v1/keys`."""

    scopes: tuple[str, ...]
    name: str | UnsetType = UNSET
    partner: str | UnsetType | None = UNSET
    store: str | UnsetType | None = UNSET


class NewLogo(Struct, frozen=True, kw_only=True):
    """`PUT /v1/program/logo`."""

    image: str


class NewMark(Struct, frozen=True, kw_only=True):
    """`PUT /v1/members/{id}/marks`"""

    kind: Literal["audience", "club", "tier"]
    code: str
    until: datetime | UnsetType | None = UNSET
    match: tuple[tuple[Requirement, ...], ...] | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class NewMembership(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/memberships`."""

    plan: str
    reference: str | UnsetType | None = UNSET
    purchase: str | UnsetType | None = UNSET
    line: int | UnsetType | None = UNSET


class NewMerge(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/merge` and `/unmerge`."""

    member: str


class NewNickname(Struct, frozen=True, kw_only=True):
    """`PUT /v1/members/{id}/nickname`."""

    nickname: str


class NewPack(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/packs`."""

    pack: str
    reference: str | UnsetType | None = UNSET
    store: str | UnsetType | None = UNSET
    purchase: str | UnsetType | None = UNSET
    line: int | UnsetType | None = UNSET


class NewPartner(Struct, frozen=True, kw_only=True):
    """`POST /v1/partners`."""

    code: str
    name: str


class NewPin(Struct, frozen=True, kw_only=True):
    """`PUT /v1/members/{id}/pin`."""

    pin: str
    challenge: str
    code: str
    till: str | UnsetType = UNSET


class NewPlay(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/plays`."""

    game: str
    pay: Literal["credit", "free", "points"] | UnsetType | None = UNSET


class NewProgram(Struct, frozen=True, kw_only=True):
    """`POST /v1/programs`."""

    name: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    settings: dict[str, Any] | UnsetType = UNSET
    sandbox: bool | UnsetType = UNSET


class NewProgramView(Struct, frozen=True, kw_only=True):
    """The program and its first key, whose text is shown here and never again."""

    program: ProgramView
    key: KeyView


class NewRedemption(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/redemptions`."""

    reward: str
    quantity: int | UnsetType = UNSET
    price: int | UnsetType = UNSET
    store: str | UnsetType | None = UNSET
    hold: bool | UnsetType = UNSET
    hold_seconds: int | UnsetType | None = UNSET
    hand_over: bool | UnsetType = UNSET
    till: str | UnsetType = UNSET
    card: str | UnsetType | None = UNSET
    proof: Proof | UnsetType | None = UNSET


class NewRegistration(Struct, frozen=True, kw_only=True):
    """`POST /v1/issuer/registrations`."""

    phone: str
    name: str | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET


class NewSeatBooking(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/bookings`."""

    occasion: str
    seats: int | UnsetType = UNSET
    wait: bool | UnsetType = UNSET


class NewSharers(Struct, frozen=True, kw_only=True):
    """`POST /v1/accounts/{id}/members`"""

    members: tuple[Listed, ...]


class NewStore(Struct, frozen=True, kw_only=True):
    """`POST /v1/stores`"""

    code: str
    name: str
    partner: str | UnsetType = UNSET
    time_zone: str | UnsetType | None = UNSET
    groups: tuple[str, ...] | UnsetType = UNSET
    address: str | UnsetType = UNSET
    location: Location | UnsetType | None = UNSET
    tills: tuple[str, ...] | UnsetType = UNSET


class NewTicket(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/tickets`."""

    draw: str
    count: int | UnsetType = UNSET
    given: bool | UnsetType = UNSET


class NewTillDevice(Struct, frozen=True, kw_only=True):
    """`POST /v1/till/devices`."""

    till: str
    store: str | UnsetType | None = UNSET
    name: str | UnsetType = UNSET


class NewTransfer(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/transfers`."""

    to: str
    currency: str
    amount: int
    reason: str | UnsetType = UNSET


class NewUse(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/entitlements/{code}/uses`."""

    store: str | UnsetType | None = UNSET
    guests: int | UnsetType = UNSET
    at: datetime | UnsetType | None = UNSET


class NewVisit(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/{id}/visits`."""

    currency: str
    visits: int | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class NewVouchers(Struct, frozen=True, kw_only=True):
    """`POST /v1/voucher-batches`."""

    name: str
    pattern: str
    definition: Definition
    count: int | UnsetType = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    until: datetime | UnsetType | None = UNSET
    group: str | UnsetType | None = UNSET
    accept_warnings: tuple[str, ...] | UnsetType = UNSET


class NewWebhook(Struct, frozen=True, kw_only=True):
    """`POST /v1/webhooks`."""

    address: str
    events: tuple[str, ...] | UnsetType = UNSET
    description: str | UnsetType = UNSET
    stores: tuple[str, ...] | UnsetType = UNSET
    partners: tuple[str, ...] | UnsetType = UNSET


class NewWording(Struct, frozen=True, kw_only=True):
    """`POST /v1/consent-wordings`"""

    code: str
    purpose: str
    channels: tuple[Literal["email", "phone", "post", "push", "sms"], ...]
    texts: dict[str, str]


class NextTier(Struct, frozen=True, kw_only=True):
    """The next tier that can be reached by buying."""

    tier: str
    missing: tuple[Part, ...]
    ways: tuple[Way, ...]


class Nothing(Struct, frozen=True, kw_only=True):
    """A call that needs no body."""


class OccasionDocument(Struct, frozen=True, kw_only=True):
    """`PUT /v1/occasions/{code}`"""

    names: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    seats: int
    texts: dict[str, str] | UnsetType = UNSET
    place: str | UnsetType = UNSET
    seats_per_booking: int | UnsetType = UNSET
    clubs: tuple[str, ...] | UnsetType = UNSET
    tiers: tuple[str, ...] | UnsetType = UNSET
    companies_only: bool | UnsetType = UNSET
    bookable_from: datetime | UnsetType | None = UNSET
    bookable_until: datetime | UnsetType | None = UNSET
    price: SeatPrice | UnsetType | None = UNSET
    cancel_until: datetime | UnsetType | None = UNSET
    late_cancel: Literal["kept", "refunded", "refused"] | UnsetType = UNSET
    waiting_list: bool | UnsetType = UNSET
    confirm_hours: int | UnsetType = UNSET


class OccasionView(Struct, frozen=True, kw_only=True):
    """An event with seats as it counts, and what is taken of it."""

    code: str
    revision: int
    document: OccasionDocument
    taken: int
    free: int
    waiting: int
    called_off_at: str | None
    created_at: str


class Occasions(Struct, frozen=True, kw_only=True):
    """The events of a program, by code."""

    items: tuple[OccasionView, ...]
    next: str | UnsetType | None = UNSET


class Odds(Struct, frozen=True, kw_only=True):
    """All that is public of a game"""

    game: str
    revision: int
    names: dict[str, str]
    fields: tuple[FieldOdds, ...]
    consolation: str | None
    plays_per_seed: int
    method: str
    seeds: tuple[SeedView, ...]


class OfferView(Struct, frozen=True, kw_only=True):
    """An offer as a member sees it."""

    id: str
    name: str
    gives: str
    when: str
    from_: str | None = field(name="from")
    until: str | None
    activated_at: str | None


class OfferedReward(Struct, frozen=True, kw_only=True):
    """A reward as a member sees it."""

    id: str
    kind: str
    name: str
    description: str
    picture: str
    prices: tuple[PriceView, ...]
    claimable: bool
    reason: str | None
    missing: int
    currency: str
    stock: tuple[LeftView, ...]
    left_for_her: int | None
    by_store: bool
    valid_from: str | None
    valid_until: str | None
    valid_days: int | None
    returnable: bool


class OfferedRewards(Struct, frozen=True, kw_only=True):
    """The catalogue, what she can claim now first, then by what is missing."""

    items: tuple[OfferedReward, ...]
    next: str | UnsetType | None = UNSET


class Offers(Struct, frozen=True, kw_only=True):
    """The offers of a member, in the order in which they are decided."""

    items: tuple[OfferView, ...]
    next: str | UnsetType | None = UNSET


class Offline(Struct, frozen=True, kw_only=True):
    """What a till may do while the line is down."""

    on: bool | UnsetType = UNSET
    snapshot_days: int | UnsetType = UNSET
    spend_per_member: int | UnsetType = UNSET
    spend_per_till: int | UnsetType = UNSET
    members_max: int | UnsetType = UNSET


class OpenGame(Struct, frozen=True, kw_only=True):
    """A game that a member may play, and how."""

    code: str
    face: str
    name: str
    text: str
    ways: Ways


class OpenGames(Struct, frozen=True, kw_only=True):
    """The games that are open for a member."""

    items: tuple[OpenGame, ...]
    next: str | UnsetType | None = UNSET


class OpenSurvey(Struct, frozen=True, kw_only=True):
    """A quiz or a survey that a member can answer, or has answered."""

    code: str
    kind: str
    name: str
    text: str
    anonymous: bool
    questions: int
    prize: dict[str, Any] | None
    answered_at: str | None
    score: int | None


class OpenSurveys(Struct, frozen=True, kw_only=True):
    """Those that are open for a member."""

    items: tuple[OpenSurvey, ...]
    next: str | UnsetType | None = UNSET


class Option(Struct, frozen=True, kw_only=True):
    """One of the answers to choose from."""

    code: str
    names: dict[str, str]
    right: bool | UnsetType = UNSET


class OverduePage(Struct, frozen=True, kw_only=True):
    """Who is overdue, those who just became so first."""

    items: tuple[OverdueView, ...]
    total: int
    next: str | None


class OverdueView(Struct, frozen=True, kw_only=True):
    """A member who is overdue."""

    member: str
    last_visit: date
    median_days: str
    overdue_on: date


class OwedPart(Struct, frozen=True, kw_only=True):
    """What is owed of one kind, tax and age."""

    kind: Literal["gift_card", "voucher"]
    currency: str
    purpose: Literal["multi", "single"]
    tax_rate: str | None
    from_days: int
    to_days: int | None
    amount: int
    held: int
    pieces: int


class OwnAccount(Struct, frozen=True, kw_only=True):
    """The account that a member buys on."""

    account: AccountView | None
    role: Literal["earner", "owner", "spender"] | None
    daily_limit: int | None
    kept: tuple[CurrencyBalance, ...]


class OwnCode(Struct, frozen=True, kw_only=True):
    """A member's code, and where whoever has it joins."""

    code: str
    link: str
    open: bool


class PackDocument(Struct, frozen=True, kw_only=True):
    """A pack that can be bought"""

    names: dict[str, str]
    currency: str
    visits: int
    price: int
    valid_days: int | UnsetType = UNSET
    texts: dict[str, str] | UnsetType = UNSET
    sku: str | UnsetType | None = UNSET
    stopped: bool | UnsetType = UNSET


class PackKindView(Struct, frozen=True, kw_only=True):
    """A pack that can be bought, and what is owed on those that were."""

    code: str
    revision: int
    since: str
    document: PackDocument
    sold: int
    left: int
    liability: int


class PackKinds(Struct, frozen=True, kw_only=True):
    """The packs of a program, by code."""

    items: tuple[PackKindView, ...]
    next: str | UnsetType | None = UNSET


class PackRefund(Struct, frozen=True, kw_only=True):
    """`POST /v1/packs/{id}/refunds`."""

    reason: str | UnsetType = UNSET


class PackView(Struct, frozen=True, kw_only=True):
    """A pack that a member bought."""

    id: str
    member: str
    code: str
    currency: str
    visits: int
    left: int
    price: int
    expires_at: str | None
    sold_at: str
    refunded: int | None


class Packs(Struct, frozen=True, kw_only=True):
    """The packs of a member, the latest first."""

    items: tuple[PackView, ...]
    next: str | UnsetType | None = UNSET


class ParameterView(Struct, frozen=True, kw_only=True):
    """A field of the document that one would change first."""

    pointer: str
    label: str


class Part(Struct, frozen=True, kw_only=True):
    """One thing that a way asks for."""

    measure: str
    currency: str | None
    reached: int
    at_least: int
    missing: int


class PartnerView(Struct, frozen=True, kw_only=True):
    """A partner as it is answered."""

    id: str
    code: str
    name: str


class Partners(Struct, frozen=True, kw_only=True):
    """Every partner, by code."""

    items: tuple[PartnerView, ...]
    next: str | UnsetType | None = UNSET


class PassedBy(Struct, frozen=True, kw_only=True):
    """A line of what a member passed on."""

    kind: Literal["donation", "exchange", "sharing", "transfer"]
    currency: str
    amount: int
    fee: int
    charity: str | None
    target: str | None
    received: int | None
    passed_at: str
    transfer: str | None
    taken_back_at: str | None


class Passing(Struct, frozen=True, kw_only=True):
    """Limits in the currency's unit, for each giver"""

    members: bool | UnsetType = UNSET
    least: int | UnsetType = UNSET
    most: int | UnsetType | None = UNSET
    a_day: int | UnsetType | None = UNSET
    a_month: int | UnsetType | None = UNSET
    fee: int | UnsetType = UNSET
    cooling_hours: int | UnsetType = UNSET
    take_back_hours: int | UnsetType = UNSET
    member_days: int | UnsetType = UNSET
    charities: tuple[str, ...] | UnsetType = UNSET
    donations: Rules | UnsetType = UNSET
    exchanges: Rules | UnsetType = UNSET
    sharing_as_transfers: bool | UnsetType = UNSET
    sharing: Bringing | UnsetType = UNSET


class Pause(Struct, frozen=True, kw_only=True):
    """`POST /v1/memberships/{id}/pauses` and `…/resumptions`."""

    reason: str | UnsetType = UNSET


class Payment(Struct, frozen=True, kw_only=True):
    """How a part of the receipt was paid."""

    method: str
    amount: int
    instrument: str | UnsetType | None = UNSET


class PerPurchase(Struct, frozen=True, kw_only=True):
    """Tickets that a purchase within the time of entries brings by itself."""

    amount: int
    most: int | UnsetType = UNSET


class Person(Struct, frozen=True, kw_only=True):
    """Who asked or decided."""

    kind: str
    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET


class PersonExport(Struct, frozen=True, kw_only=True):
    """All that a program holds of one person."""

    version: str
    created_at: str
    program: str
    program_name: str
    profile: MembersMemberView
    tag: str
    merged: tuple[str, ...]
    consents: tuple[ExportedConsent, ...]
    balance: BalanceView
    account: ExportedAccount | None
    marks: tuple[MarkView, ...]
    tier_changes: tuple[ExportedTierChange, ...]
    offers: tuple[ExportedOffer, ...]
    log_ins: tuple[ExportedLogIn, ...]
    foreign_cards: tuple[ExportedForeignCard, ...]
    gift_cards: tuple[ExportedGiftCard, ...]
    grants: tuple[ExportedPersonExportedGrant, ...]
    notes: tuple[ExportedNote, ...]
    clubs: ExportedClubs
    redemptions: tuple[RedemptionView, ...]
    entitlements: ExportedEntitlements
    paid_ahead: ExportedPrepaid
    brought_and_passed_on: ExportedReferrals
    games: ExportedGames
    challenges: ExportedChallenges
    statement: tuple[ExportedMovement, ...]
    purchases: tuple[PurchaseShown, ...]
    activity: tuple[ActivityRecord, ...]


class PieceView(Struct, frozen=True, kw_only=True):
    """Pieces of a line that cost the same"""

    piece: int
    quantity: str
    gross: int
    net: int


class PinSet(Struct, frozen=True, kw_only=True):
    """That the member has a PIN now."""

    member: str
    set_at: str


class PlaceView(Struct, frozen=True, kw_only=True):
    """A place on a board"""

    rank: int
    nickname: str
    reached: int
    me: bool


class PlanChange(Struct, frozen=True, kw_only=True):
    """`POST /v1/memberships/{id}/changes`."""

    plan: str
    reference: str


class PlanDocument(Struct, frozen=True, kw_only=True):
    """What a paid membership costs and gives."""

    names: dict[str, str]
    price: int
    period: Literal["month", "quarter", "year"]
    texts: dict[str, str] | UnsetType = UNSET
    club: str | UnsetType | None = UNSET
    tier: str | UnsetType | None = UNSET
    rights: tuple[Right, ...] | UnsetType = UNSET
    trial_days: int | UnsetType = UNSET
    grace_days: int | UnsetType = UNSET
    refund: Literal["in_proportion", "none"] | UnsetType = UNSET
    kept_per_use: int | UnsetType = UNSET
    sku: str | UnsetType | None = UNSET
    stopped: bool | UnsetType = UNSET


class PlanView(Struct, frozen=True, kw_only=True):
    """A plan as it counts."""

    code: str
    revision: int
    since: str
    document: PlanDocument


class Plans(Struct, frozen=True, kw_only=True):
    """The plans of a program, by code."""

    items: tuple[PlanView, ...]
    next: str | UnsetType | None = UNSET


class PlayView(Struct, frozen=True, kw_only=True):
    """What a play brought."""

    id: str
    game: str
    face: str
    landed: str
    given: str
    name: str
    prize: dict[str, Any]
    voucher: str | None
    valid_until: str | None
    paid: str
    currency: str | None
    points: int
    seed: int
    number: int
    roll: int
    played_at: str


class Plays(Struct, frozen=True, kw_only=True):
    """What a member played, the latest first."""

    items: tuple[PlayView, ...]
    next: str | None


class PointsPrice(Struct, frozen=True, kw_only=True):
    """What a play costs in points."""

    currency: str
    amount: int


class PointsPrize(Struct, frozen=True, kw_only=True):
    """Points, to be used at once."""

    currency: str
    amount: int
    expires_after_days: int | UnsetType | None = UNSET


class PrepaidOwedOwed(Struct, frozen=True, kw_only=True):
    """`GET /v1/liabilities`"""

    at: str
    currency: str
    gift_cards: int
    vouchers: int
    parts: tuple[OwedPart, ...]


class Presented(Struct, frozen=True, kw_only=True):
    """`POST /v1/vouchers/find`."""

    code: str
    store: str | UnsetType | None = UNSET
    till: str | UnsetType = UNSET
    cashier: str | UnsetType = UNSET


class Presenting(Struct, frozen=True, kw_only=True):
    """A gift card by its code, which never stands in an address."""

    code: str
    store: str | UnsetType | None = UNSET
    till: str | UnsetType = UNSET
    cashier: str | UnsetType = UNSET


class Price(Struct, frozen=True, kw_only=True):
    """What one piece costs"""

    currency: str
    points: int
    money: int | UnsetType = UNSET
    tier: str | UnsetType | None = UNSET


class PriceView(Struct, frozen=True, kw_only=True):
    """One of the prices that she may pay"""

    price: int
    currency: str
    points: int
    money: int
    missing: int
    tier: str | None


class Printer(Struct, frozen=True, kw_only=True):
    """A receipt printer in the network, and whose it is."""

    store: str
    till: str
    host: str
    port: int | UnsetType = UNSET
    columns: Literal[32, 42, 48] | UnsetType = UNSET
    drawer: bool | UnsetType = UNSET
    answers: bool | UnsetType = UNSET


class Prize(Struct, frozen=True, kw_only=True):
    """One thing that is given"""

    points: PointsPrize | UnsetType | None = UNSET
    voucher: VoucherPrize | UnsetType | None = UNSET
    badge: str | UnsetType | None = UNSET
    entitlement: EntitlementPrize | UnsetType | None = UNSET
    tickets: TicketsPrize | UnsetType | None = UNSET
    nothing: bool | UnsetType = UNSET
    cost: int | UnsetType | None = UNSET


class PrizeView(Struct, frozen=True, kw_only=True):
    """What she was given."""

    id: str
    cause: str
    prize: Prize
    given_at: str
    valid_until: str | None
    taken_at: str | None
    code: str | None


class Product(Struct, frozen=True, kw_only=True):
    """A product as it is sent and answered."""

    sku: str
    name: str
    price: int
    names: dict[str, str] | UnsetType = UNSET
    barcode: str | UnsetType | None = UNSET
    categories: tuple[str, ...] | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    brand: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    cost: int | UnsetType | None = UNSET
    tax_rate: str | UnsetType = UNSET


class ProductBatch(Struct, frozen=True, kw_only=True):
    """Products to enter, each replacing the one of its SKU."""

    products: tuple[Product, ...]


class ProductPage(Struct, frozen=True, kw_only=True):
    """Products"""

    items: tuple[Product, ...]
    next: str | None


class ProgramChange(Struct, frozen=True, kw_only=True):
    """`PATCH /v1/program`."""

    slug: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    languages: tuple[str, ...] | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET


class ProgramSettings(Struct, frozen=True, kw_only=True):
    """Every switch of a program, with its default."""

    points_as: Literal["payment", "price_reduction"] | UnsetType = UNSET
    earn_on_points_part: bool | UnsetType = UNSET
    earn_on: Literal["with_tax", "without_tax"] | UnsetType = UNSET
    discount_on: Literal["original_price", "price_left"] | UnsetType = UNSET
    prices_include_tax: bool | UnsetType = UNSET
    line_floor: Literal["cost", "minimum", "zero"] | UnsetType = UNSET
    excluded_goods: ExcludedGoods | UnsetType = UNSET
    points_share_max: str | UnsetType = UNSET
    points_share_line_max: str | UnsetType = UNSET
    turnover_counts: Literal["paid", "paid_and_points"] | UnsetType = UNSET
    hold_seconds: int | UnsetType = UNSET
    hold_seconds_max: int | UnsetType = UNSET
    return_policy: Literal["debt", "only_pending", "within_balance"] | UnsetType = UNSET
    expired_points_on_return: Literal["expire", "restore"] | UnsetType = UNSET
    grace_days: int | UnsetType = UNSET
    on_last: Literal["reduce", "refuse"] | UnsetType = UNSET
    limits_on_return: Literal["give_back", "keep"] | UnsetType = UNSET
    delivery_on_partial_return: Literal["keep", "proportional"] | UnsetType = UNSET
    used_vouchers_on_return: Literal["keep_cost", "promotion_bears"] | UnsetType = UNSET
    return_at_other_stores: bool | UnsetType = UNSET
    return_at_other_partners: bool | UnsetType = UNSET
    unassigned_cards: Literal["earn", "refuse"] | UnsetType = UNSET
    unknown_stores: Literal["refuse", "register"] | UnsetType = UNSET
    late_days: int | UnsetType = UNSET
    claim_days: int | UnsetType = UNSET
    claims_a_week: int | UnsetType = UNSET
    cashier_members: dict[str, str] | UnsetType = UNSET
    unmerge_days: int | UnsetType = UNSET
    import_bytes_max: int | UnsetType = UNSET
    import_files_days: int | UnsetType = UNSET
    export_files_hours: int | UnsetType = UNSET
    adjustment_limit: int | UnsetType = UNSET
    publish_budget_limit: int | UnsetType | None = UNSET
    publish_limit_rests_alone: bool | UnsetType = UNSET
    four_eyes_erasure: bool | UnsetType = UNSET
    four_eyes_keys: bool | UnsetType = UNSET
    approvals_by_keys: bool | UnsetType = UNSET
    approval_days: int | UnsetType = UNSET
    receipts_a_day_per_card: int | UnsetType | None = UNSET
    watch: Watch | UnsetType = UNSET
    regularity: Regularity | UnsetType = UNSET
    passing: Passing | UnsetType = UNSET
    offline: Offline | UnsetType = UNSET
    tills: Tills | UnsetType = UNSET
    second_factor: Literal["optional", "required"] | UnsetType = UNSET
    proof_for_phone: bool | UnsetType = UNSET
    proof_above_a_day: int | UnsetType | None = UNSET
    confirm_before_spending: bool | UnsetType = UNSET
    code_seconds: int | UnsetType = UNSET
    codes_a_quarter_hour: int | UnsetType = UNSET
    codes_of_a_source: int | UnsetType = UNSET
    wrong_proofs: int | UnsetType = UNSET
    lock_seconds: int | UnsetType = UNSET
    wrong_proofs_everywhere: int | UnsetType = UNSET
    sources_everywhere: int | UnsetType = UNSET
    log_in_enrols: bool | UnsetType = UNSET
    finds_a_minute: int | UnsetType = UNSET
    gift_card_most: int | UnsetType = UNSET
    gift_card_skus: tuple[str, ...] | UnsetType = UNSET
    gift_cards: GiftCardTerms | UnsetType = UNSET
    gift_card_remind_days: int | UnsetType = UNSET
    tier_remind_days: int | UnsetType = UNSET
    wrong_codes_a_minute: int | UnsetType = UNSET
    card_prefix: str | UnsetType = UNSET
    card_digits: int | UnsetType = UNSET
    foreign_card_prefixes: tuple[str, ...] | UnsetType = UNSET
    groups: tuple[GroupSetting, ...] | UnsetType = UNSET
    public_address: str | UnsetType = UNSET
    double_opt_in: bool | UnsetType = UNSET
    welcome: WelcomeGift | UnsetType | None = UNSET
    retention: dict[str, Retention] | UnsetType = UNSET
    webhook_retry_seconds: tuple[int, ...] | UnsetType = UNSET
    webhook_silent_days: int | UnsetType = UNSET
    webhook_keep_days: int | UnsetType = UNSET
    names: dict[str, dict[str, dict[str, str]]] | UnsetType = UNSET
    accent: str | UnsetType = UNSET
    logo: str | UnsetType = UNSET
    branding: Branding | UnsetType = UNSET


class ProgramView(Struct, frozen=True, kw_only=True):
    """A program as it is answered."""

    id: str
    slug: str
    name: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    sandbox: bool
    settings: ProgramSettings


class ProgramsRevoked(Struct, frozen=True, kw_only=True):
    """A key that was ended."""

    id: str


class Progress(Struct, frozen=True, kw_only=True):
    """What there is for a member to do, her badges and prizes."""

    challenges: tuple[ProgressView, ...]
    badges: tuple[WornBadge, ...]
    prizes: tuple[PrizeView, ...]
    nickname: str | None
    suggested: str


class ProgressView(Struct, frozen=True, kw_only=True):
    """A challenge as a member sees it."""

    code: str
    name: str
    text: str
    icon: str
    kind: str
    state: str
    reached: int
    need: int
    times: int
    of: tuple[str, ...]
    valid_from: str | None
    valid_until: str | None
    days: int
    joined: bool
    milestones: tuple[MilestoneView, ...]
    leaderboard: bool


class PromotionPage(Struct, frozen=True, kw_only=True):
    """A page of promotions, in the order they were made."""

    items: tuple[PromotionView, ...]
    next: str | None


class PromotionResults(Struct, frozen=True, kw_only=True):
    """What a promotion did from one day to another, both counted."""

    promotion: str
    currency: str
    first: date
    last: date
    total: Result
    days: tuple[DayResult, ...]
    stores: tuple[StoreResult, ...]


class PromotionUsage(Struct, frozen=True, kw_only=True):
    """What a promotion has cost to date, as its limits count it."""

    promotion: str
    status: str
    limits: tuple[LimitUse, ...]


class PromotionView(Struct, frozen=True, kw_only=True):
    """A promotion"""

    id: str
    status: str
    revision: int
    draft: dict[str, Any] | None
    document: dict[str, Any] | None
    created_at: str
    draft_version: int | UnsetType = UNSET
    drafted_at: str | UnsetType | None = UNSET
    drafted_by: str | UnsetType | None = UNSET
    review: str | UnsetType | None = UNSET


class PromotionsLimit(Struct, frozen=True, kw_only=True):
    """A use limit (`uses`) or a budget (`points`, `amount`) of a promotion"""

    per: Literal["card", "household", "member", "partner", "store", "total"]
    period: Literal["day", "lifetime", "month", "quarter", "week", "year"] | UnsetType = UNSET
    uses: int | UnsetType | None = UNSET
    points: int | UnsetType | None = UNSET
    amount: int | UnsetType | None = UNSET
    slices: int | UnsetType = UNSET


class Proof(Struct, frozen=True, kw_only=True):
    """Shows that it is the member who spends."""

    kind: Literal["dynamic", "otp", "pin"]
    value: str


class ProposalPage(Struct, frozen=True, kw_only=True):
    """A part of the open proposals"""

    items: tuple[ProposalView, ...]
    next: str | None


class ProposalView(Struct, frozen=True, kw_only=True):
    """A member whom the program's rule of retention would erase."""

    id: str
    member: str
    country: str
    months: int
    last_seen: str
    proposed_at: str
    status: Literal["accepted", "declined", "open"]


class PurchaseAnswer(Struct, frozen=True, kw_only=True):
    """The answer to a preview, a record and a confirm."""

    status: Literal["held", "previewed", "recorded"]
    request: str
    currency: str
    gross: int
    discount: int
    paid_with_points: int
    payable: int
    taxes: tuple[TaxView, ...]
    lines: tuple[LineView, ...]
    earned: tuple[EarnedView, ...]
    spent: tuple[SpentView, ...]
    issued: tuple[IssuedView, ...]
    refusals: tuple[RefusalView, ...]
    messages: Messages
    member: PurchasesMemberView | None
    id: str | UnsetType = UNSET
    points_reduction: int | UnsetType = UNSET
    warnings: tuple[Warned, ...] | UnsetType = UNSET
    differences: tuple[PurchasesDifference, ...] | UnsetType = UNSET
    held_until: str | UnsetType = UNSET
    claim_code: str | UnsetType = UNSET
    delivery: PurchasesDeliveryView | UnsetType = UNSET
    gifts: tuple[GiftView, ...] | UnsetType = UNSET
    entitlements: tuple[EntitlementView, ...] | UnsetType = UNSET
    paid_with_gift_cards: int | UnsetType = UNSET
    vouchers: tuple[VoucherTaxView, ...] | UnsetType = UNSET


class PurchaseBatch(Struct, frozen=True, kw_only=True):
    """Late or offline receipts, or an import."""

    purchases: tuple[Any, ...]


class PurchaseLine(Struct, frozen=True, kw_only=True):
    """One line of a receipt."""

    line: int
    sku: str
    quantity: str
    unit_price: int | UnsetType | None = UNSET
    gross: int | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    categories: tuple[str, ...] | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    brand: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    tax_rate: str | UnsetType = UNSET
    minimum_price: int | UnsetType | None = UNSET
    cost: int | UnsetType | None = UNSET
    regular_price: int | UnsetType | None = UNSET
    discount: int | UnsetType = UNSET
    discounts: tuple[SoldDiscount, ...] | UnsetType = UNSET
    attributes: dict[str, str | int | bool] | UnsetType = UNSET


class PurchaseListed(Struct, frozen=True, kw_only=True):
    """A purchase in a list."""

    id: str
    request: str
    status: str
    member: str | None
    store: str
    till: str
    receipt_number: str
    purchased_at: str
    currency: str
    gross: int
    discount: int
    paid_with_points: int
    payable: int
    earned: int
    spent: int
    held_until: str | UnsetType = UNSET


class PurchasePage(Struct, frozen=True, kw_only=True):
    """A page of purchases, the latest first."""

    items: tuple[PurchaseListed, ...]
    next: str | None


class PurchaseRequest(Struct, frozen=True, kw_only=True):
    """`POST /v1/purchases` and its preview."""

    id: str
    purchased_at: datetime
    currency: str
    lines: tuple[PurchaseLine, ...]
    store: str | UnsetType | None = UNSET
    till: str | UnsetType = UNSET
    cashier: str | UnsetType = UNSET
    card: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    member: str | UnsetType | None = UNSET
    codes: tuple[str, ...] | UnsetType = UNSET
    offers: tuple[str, ...] | UnsetType = UNSET
    spend: tuple[SpendRequest, ...] | UnsetType = UNSET
    proof: Proof | UnsetType | None = UNSET
    hold: bool | UnsetType = UNSET
    hold_seconds: int | UnsetType | None = UNSET
    pricing: Literal["as_sold", "quote"] | UnsetType = UNSET
    expect: Expect | UnsetType | None = UNSET
    channel: str | UnsetType = UNSET
    delivery: int | UnsetType = UNSET
    choices: tuple[PurchasesChoice, ...] | UnsetType = UNSET
    payments: tuple[Payment, ...] | UnsetType = UNSET
    receipt_number: str | UnsetType = UNSET
    offline: SoldOffline | UnsetType | None = UNSET


class PurchaseShown(Struct, frozen=True, kw_only=True):
    """A purchase"""

    id: str
    request: str
    status: str
    store: str
    till: str
    cashier: str
    receipt_number: str
    purchased_at: str
    recorded_at: str
    answer: PurchaseAnswer
    lines: tuple[BoughtLine, ...]
    returns: tuple[ReturnAnswer, ...]
    void_reason: str | UnsetType | None = UNSET
    held_until: str | UnsetType = UNSET


class PurchasesChoice(Struct, frozen=True, kw_only=True):
    """Which of a promotion's gifts the customer takes."""

    promotion: str
    sku: str


class PurchasesDeliveryView(Struct, frozen=True, kw_only=True):
    """charge − discount = net"""

    charge: int
    discount: int
    net: int
    awards: tuple[AwardView, ...] | UnsetType = UNSET


class PurchasesDifference(Struct, frozen=True, kw_only=True):
    """What Regulars would have given on a line of an as-sold receipt."""

    line: int
    discount: int
    would_have_been: int


class PurchasesExpiringView(Struct, frozen=True, kw_only=True):
    """Points that expire at one instant."""

    amount: int
    at: str


class PurchasesMemberView(Struct, frozen=True, kw_only=True):
    """The customer after this purchase."""

    id: str | None
    name: str
    tier: str | None
    available: int
    expiring: tuple[PurchasesExpiringView, ...] | UnsetType = UNSET
    tier_name: str | UnsetType = UNSET


class QuestDocument(Struct, frozen=True, kw_only=True):
    """`PUT /v1/challenges/{code}`"""

    names: dict[str, str]
    goal: Goal
    prizes: tuple[Prize, ...] | UnsetType = UNSET
    texts: dict[str, str] | UnsetType = UNSET
    steps: tuple[StepPrize, ...] | UnsetType = UNSET
    window: Literal["dates", "days", "month", "quarter", "week"] | UnsetType = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    until: datetime | UnsetType | None = UNSET
    days: int | UnsetType = UNSET
    begins: Literal["first", "joining"] | UnsetType = UNSET
    join: Literal["automatic", "opt_in"] | UnsetType = UNSET
    tiers: tuple[str, ...] | UnsetType = UNSET
    audiences: tuple[str, ...] | UnsetType = UNSET
    clubs: tuple[str, ...] | UnsetType = UNSET
    repeat: int | UnsetType = UNSET
    returns: Literal["keep", "undo"] | UnsetType = UNSET
    winners: int | UnsetType | None = UNSET
    leaderboard: bool | UnsetType = UNSET
    icon: str | UnsetType = UNSET
    funder: str | UnsetType | None = UNSET
    stopped: bool | UnsetType = UNSET


class QuestPreview(Struct, frozen=True, kw_only=True):
    """What a challenge would have come to."""

    since: str
    until: str
    members: int
    looked_at: int
    deeds: int
    estimated: bool
    took_part: int
    completed: int
    near: int
    times: int
    cost: int
    milestones: tuple[MilestonePreview, ...]


class QuestRehearsal(Struct, frozen=True, kw_only=True):
    """`POST /v1/challenges/preview`."""

    document: QuestDocument
    days: int | UnsetType = UNSET


class QuestView(Struct, frozen=True, kw_only=True):
    """A challenge as it counts, and what came of it."""

    code: str
    revision: int
    since: str
    document: QuestDocument
    members: int
    won: int
    cost: int


class Questionnaire(Struct, frozen=True, kw_only=True):
    """What a program asks"""

    questions: tuple[QuestionnaireQuestion, ...] | UnsetType = UNSET
    others: Literal["allowed", "refused"] | UnsetType = UNSET


class QuestionnaireChoice(Struct, frozen=True, kw_only=True):
    """One of the answers that may be chosen."""

    code: str
    labels: dict[str, str]


class QuestionnaireQuestion(Struct, frozen=True, kw_only=True):
    """One question."""

    code: str
    kind: Literal["date", "number", "one_of", "several_of", "text", "yes_no"]
    labels: dict[str, str]
    required: bool | UnsetType = UNSET
    choices: tuple[QuestionnaireChoice, ...] | UnsetType = UNSET
    least: int | UnsetType | None = UNSET
    most: int | UnsetType | None = UNSET
    asked_at: tuple[Literal["app", "till", "web"], ...] | UnsetType = UNSET


class QuestionnaireView(Struct, frozen=True, kw_only=True):
    """What is asked."""

    version: int
    questions: tuple[QuestionnaireQuestion, ...]
    others: str
    created_at: str | None


class Quests(Struct, frozen=True, kw_only=True):
    """The challenges of a program, by code."""

    items: tuple[QuestView, ...]
    next: str | UnsetType | None = UNSET


class Quota(Struct, frozen=True, kw_only=True):
    """So many uses in a period, for those in a tier, a club or an audience"""

    uses: int
    tier: str | UnsetType | None = UNSET
    club: str | UnsetType | None = UNSET
    audience: str | UnsetType | None = UNSET


class Rank(Struct, frozen=True, kw_only=True):
    """A prize of the draw, and how many of it."""

    names: dict[str, str]
    prize: Prize
    count: int | UnsetType = UNSET


class Rate(Struct, frozen=True, kw_only=True):
    """At what one currency is changed into another"""

    give: int
    get: int
    least: int | UnsetType = UNSET
    a_day: int | UnsetType | None = UNSET
    stopped: bool | UnsetType = UNSET


class RateView(Struct, frozen=True, kw_only=True):
    """A rate as it counts now."""

    currency: str
    target: str
    revision: int
    since: str
    rate: Rate


class Rates(Struct, frozen=True, kw_only=True):
    """The rates of exchange between the program's own currencies."""

    items: tuple[RateView, ...]
    next: str | UnsetType | None = UNSET


class ReadMemberExpiringView(Struct, frozen=True, kw_only=True):
    """Points that expire at an instant unless they are spent before."""

    amount: int
    at: str


class RecordConsentSaidView(Struct, frozen=True, kw_only=True):
    """A consent of a member's history, with what proves it."""

    id: str
    channel: str
    purpose: str
    granted: bool
    source: str
    recorded_at: str
    state: Literal["granted", "pending", "withdrawn"]
    given_at: str | None
    wording: str | None
    wording_version: int | None
    wording_language: str | None
    wording_hash: str | None
    recorded_by: str
    evidence: str
    confirmed_at: str | None
    confirmed_address: str | None


class Redeemed(Struct, frozen=True, kw_only=True):
    """That a voucher was redeemed outside a purchase, and how it stands."""

    id: str
    voucher: VoucherView
    redeemed_at: str


class Redeeming(Struct, frozen=True, kw_only=True):
    """`POST /v1/vouchers/redeem`."""

    code: str
    member: str | UnsetType | None = UNSET
    store: str | UnsetType | None = UNSET
    till: str | UnsetType = UNSET
    cashier: str | UnsetType = UNSET


class RedemptionView(Struct, frozen=True, kw_only=True):
    """A reward that a member claimed, and how that stands."""

    id: str
    reward: str
    revision: int
    name: str
    kind: str
    member: str
    state: str
    quantity: int
    currency: str
    points: int
    money: int
    store: str | None
    redeemed_at: str
    valid_until: str | None
    lapses_at: str | None
    steps: tuple[StepView, ...]
    vouchers: tuple[VoucherView, ...]
    returnable: bool


class Redemptions(Struct, frozen=True, kw_only=True):
    """Redemptions, the latest first"""

    items: tuple[RedemptionView, ...]
    next: str | None


class ReferralDocument(Struct, frozen=True, kw_only=True):
    """`PUT /v1/referral-programs/default`"""

    steps: tuple[Step, ...]
    milestones: tuple[Milestone, ...] | UnsetType = UNSET
    least_amount: int | UnsetType = UNSET
    return_days: int | UnsetType = UNSET
    within_days: int | UnsetType = UNSET
    enter_days: int | UnsetType = UNSET
    take_back_days: int | UnsetType = UNSET
    a_month: int | UnsetType | None = UNSET
    a_year: int | UnsetType | None = UNSET
    ever: int | UnsetType | None = UNSET
    budget: int | UnsetType | None = UNSET
    stopped: bool | UnsetType = UNSET


class ReferralPage(Struct, frozen=True, kw_only=True):
    """A part of the list, the latest first"""

    items: tuple[ReferralView, ...]
    next: str | None


class ReferralProgramView(Struct, frozen=True, kw_only=True):
    """The referral program as it counts now."""

    code: str
    revision: int
    since: str
    document: ReferralDocument


class ReferralPrograms(Struct, frozen=True, kw_only=True):
    """The referral program, if there is one."""

    items: tuple[ReferralProgramView, ...]
    next: str | UnsetType | None = UNSET


class ReferralView(Struct, frozen=True, kw_only=True):
    """A friend who was brought, and what became of it."""

    friend: str
    referrer: str
    state: Literal["capped", "ended", "refused", "rewarded", "taken_back", "waiting"]
    refused: (
        Literal[
            "circle",
            "member_before",
            "same_account",
            "same_contact",
            "same_device",
            "same_instrument",
            "self",
        ]
        | None
    )
    referred_at: str
    until: str
    given: tuple[int, ...]
    withheld: tuple[Literal["budget", "cap", "gone", "same_account", "same_instrument"], ...]
    cost: int
    given_at: str | None


class ReferredView(Struct, frozen=True, kw_only=True):
    """That a member was brought"""

    friend: str
    refused: (
        Literal[
            "circle",
            "member_before",
            "same_account",
            "same_contact",
            "same_device",
            "same_instrument",
            "self",
        ]
        | None
    )
    until: str


class RefusalView(Struct, frozen=True, kw_only=True):
    """A promotion that did not apply, why, and the distance to it."""

    promotion: str | None
    name: str
    code: str
    missing: dict[str, Any]
    text: str


class Refused(Struct, frozen=True, kw_only=True):
    """Why receipts would not have got it, by the stable code of the reason."""

    code: str
    reason: str
    receipts: int
    near: int


class Registered(Struct, frozen=True, kw_only=True):
    """A member's card, and what she allows the wallet."""

    member: str
    new: bool
    card: str
    grant: str
    token: str


class RegistrationCode(Struct, frozen=True, kw_only=True):
    """`POST /v1/issuer/registrations/{id}/confirm`."""

    code: str


class RegistrationView(Struct, frozen=True, kw_only=True):
    """A code was sent to the phone."""

    id: str
    expires_at: str


class Regularity(Struct, frozen=True, kw_only=True):
    """When a member who used to come regularly is overdue."""

    on: bool | UnsetType = UNSET
    overdue_percent: int | UnsetType = UNSET
    intervals_min: int | UnsetType = UNSET
    window_days: int | UnsetType = UNSET
    activities: tuple[str, ...] | UnsetType = UNSET


class Removed(Struct, frozen=True, kw_only=True):
    """A webhook that was ended."""

    id: str


class Renewal(Struct, frozen=True, kw_only=True):
    """`POST /v1/memberships/{id}/renewals`."""

    reference: str


class Replayed(Struct, frozen=True, kw_only=True):
    """How many deliveries wait once more"""

    replayed: int


class Requirement(Struct, frozen=True, kw_only=True):
    """What must be reached in the ladder's period."""

    measure: Literal["currency", "purchases", "spend", "visit_days"]
    at_least: int
    currency: str | UnsetType | None = UNSET


class Result(Struct, frozen=True, kw_only=True):
    """What a promotion did in some time."""

    times: int | UnsetType = UNSET
    by_members: int | UnsetType = UNSET
    purchases: int | UnsetType = UNSET
    net: int | UnsetType = UNSET
    discount: int | UnsetType = UNSET
    discount_back: int | UnsetType = UNSET
    points: dict[str, int] | UnsetType = UNSET
    points_back: dict[str, int] | UnsetType = UNSET
    cost: int | UnsetType = UNSET
    other_money: dict[str, int] | UnsetType = UNSET


class Results(Struct, frozen=True, kw_only=True):
    """What was answered, summed up."""

    survey: SurveyView
    counts: dict[str, dict[str, int]]
    texts: tuple[WrittenText, ...]


class Retention(Struct, frozen=True, kw_only=True):
    """For how long a member is kept who is not seen any more."""

    months: int


class ReturnAnswer(Struct, frozen=True, kw_only=True):
    """What a return pays back in money and in points, and which earned points it took back."""

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
    member: PurchasesMemberView | None
    returned_at: str
    id: str | UnsetType = UNSET
    limits_back: tuple[LimitBack, ...] | UnsetType = UNSET
    withdrawn: tuple[Withdrawn, ...] | UnsetType = UNSET
    delivery: DeliveryBack | UnsetType = UNSET
    used_vouchers: tuple[UsedVoucher, ...] | UnsetType = UNSET
    gift_cards_back: tuple[CardBackView, ...] | UnsetType = UNSET
    packs_back: tuple[ReturnedPack, ...] | UnsetType = UNSET
    memberships_back: tuple[ReturnedMembership, ...] | UnsetType = UNSET


class ReturnLine(Struct, frozen=True, kw_only=True):
    """How much of a line comes back."""

    line: int
    quantity: str
    pieces: tuple[ReturnPiece, ...] | UnsetType = UNSET


class ReturnPiece(Struct, frozen=True, kw_only=True):
    """How much of one of the purchase's `pieces` comes back."""

    piece: int
    quantity: str


class ReturnRequest(Struct, frozen=True, kw_only=True):
    """`POST /v1/purchases/{id}/returns`."""

    id: str
    lines: tuple[ReturnLine, ...]
    returned_at: datetime
    store: str | UnsetType | None = UNSET
    till: str | UnsetType = UNSET
    cashier: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class ReturnedLine(Struct, frozen=True, kw_only=True):
    """What one line of a return gives back"""

    line: int
    quantity: str
    gross: int
    discount: int
    net: int
    money: int
    points: int
    pieces: tuple[ReturnPiece, ...] | UnsetType = UNSET
    gift_cards: int | UnsetType = UNSET


class ReturnedMembership(Struct, frozen=True, kw_only=True):
    """A membership of which a returned line had paid a period."""

    membership: str
    plan: str
    state: Literal["active", "due", "ended", "paused"]
    until_day: date
    kept_back: int


class ReturnedPack(Struct, frozen=True, kw_only=True):
    """A pack of visits that a returned line had paid for."""

    pack: str
    visits: int
    left: int
    kept_back: int


class ReviewActivityDecision(Struct, frozen=True, kw_only=True):
    """`POST /v1/activities/{id}/review`."""

    accept: bool
    reason: str


class ReviewPromotionSaidView(Struct, frozen=True, kw_only=True):
    """What was said, by whom and when."""

    draft_version: int
    kind: str
    comment: str
    by: str
    at: str


class ReviewStep(Struct, frozen=True, kw_only=True):
    """What somebody says about a draft."""

    act: Literal["approve", "ask", "return", "withdraw"]
    comment: str | UnsetType = UNSET
    draft_version: int | UnsetType | None = UNSET


class Reviews(Struct, frozen=True, kw_only=True):
    """What was said about a promotion's drafts, the latest first, and where the present draft stands."""

    promotion: str
    draft_version: int
    state: Literal["approved", "draft", "in_review", "returned"] | None
    items: tuple[ReviewPromotionSaidView, ...]
    next: str | UnsetType | None = UNSET


class RevisionView(Struct, frozen=True, kw_only=True):
    """A revision"""

    revision: int
    document: dict[str, Any]
    changes: tuple[Any, ...]
    published_at: str
    published_by: str
    accepted_warnings: tuple[str, ...]


class Revisions(Struct, frozen=True, kw_only=True):
    """Every revision of a promotion, the newest first."""

    items: tuple[RevisionView, ...]
    next: str | UnsetType | None = UNSET


class Reward(Struct, frozen=True, kw_only=True):
    """A reward as the operator writes it and as a revision keeps it."""

    kind: Literal["charity", "discount", "good", "partner_good", "service", "upgrade", "voucher"]
    names: dict[str, str]
    prices: tuple[Price, ...]
    descriptions: dict[str, str] | UnsetType = UNSET
    pictures: dict[str, str] | UnsetType = UNSET
    tiers: tuple[str, ...] | UnsetType = UNSET
    audiences: tuple[str, ...] | UnsetType = UNSET
    clubs: tuple[str, ...] | UnsetType = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    until: datetime | UnsetType | None = UNSET
    limits: tuple[RewardsLimit, ...] | UnsetType = UNSET
    stock: Literal["by_store", "total", "unlimited"] | UnsetType = UNSET
    valid_days: int | UnsetType | None = UNSET
    returns: Literal["never", "until_handed_over"] | UnsetType = UNSET
    unclaimed: Literal["give_back", "keep"] | UnsetType = UNSET
    unit_cost: int | UnsetType = UNSET
    funder: str | UnsetType | None = UNSET
    batch: str | UnsetType | None = UNSET


class RewardPage(Struct, frozen=True, kw_only=True):
    """A page of rewards, in the order they were made."""

    items: tuple[RewardView, ...]
    next: str | None


class RewardView(Struct, frozen=True, kw_only=True):
    """A reward as the operator sees it."""

    id: str
    status: str
    revision: int
    document: dict[str, Any]
    stock: tuple[StockView, ...]
    created_at: str
    published_at: str
    published_by: str


class RewardsLimit(Struct, frozen=True, kw_only=True):
    """How many pieces a member, or all together, may claim in a period of the program's calendar."""

    per: Literal["member", "total"]
    most: int
    period: Literal["day", "lifetime", "month", "quarter", "week", "year"] | UnsetType = UNSET


class RhythmView(Struct, frozen=True, kw_only=True):
    """How regularly a member comes."""

    visits: int
    last_visit: date | None
    median_days: str | None
    overdue_on: date | None
    overdue: bool


class Right(Struct, frozen=True, kw_only=True):
    """Uses of an entitlement that each period brings."""

    code: str
    uses: int


class Rotation(Struct, frozen=True, kw_only=True):
    """`POST /v1/keys/{id}/rotate`."""

    hours: int | UnsetType = UNSET


class Rules(Struct, frozen=True, kw_only=True):
    """Limits of one way to pass points on, in the currency's unit, for each giver"""

    most: int | UnsetType | None = UNSET
    a_day: int | UnsetType | None = UNSET
    a_month: int | UnsetType | None = UNSET
    cooling_hours: int | UnsetType = UNSET
    member_days: int | UnsetType = UNSET


class SaveLink(Struct, frozen=True, kw_only=True):
    """Where a phone saves the card."""

    link: str


class SavedMapping(Struct, frozen=True, kw_only=True):
    """A mapping with a name."""

    kind: Literal["activities", "balances", "cards", "members", "products", "purchases", "stores"]
    name: str
    mapping: Mapping
    saved_at: str
    saved_by: str


class Scheduled(Struct, frozen=True, kw_only=True):
    """A promotion in a month."""

    promotion: str
    name: str
    group: str
    state: Literal["draft", "ended", "planned", "running"]
    since: str | None
    until: str | None
    bars: tuple[Bar, ...]


class SeatBooking(Struct, frozen=True, kw_only=True):
    """A booking, and where it stands."""

    id: str
    occasion: str
    name: str
    place: str
    starts_at: str
    ends_at: str
    member: str
    seats: int
    state: Literal["attended", "booked", "cancelled", "lapsed", "offered", "waiting"]
    waiting_place: int | None
    confirm_by: str | None
    currency: str | None
    points: int
    booked_at: str
    called_off: bool


class SeatBookings(Struct, frozen=True, kw_only=True):
    """A page of bookings"""

    items: tuple[SeatBooking, ...]
    next: str | None


class SeatPrice(Struct, frozen=True, kw_only=True):
    """What one seat costs."""

    currency: str
    points: int


class SeedPlays(Struct, frozen=True, kw_only=True):
    """What a revealed seed decided, to be computed again."""

    game: str
    seed: SeedView
    weights: dict[str, dict[str, int]]
    plays: tuple[DecidedPlay, ...]


class SeedView(Struct, frozen=True, kw_only=True):
    """What decides plays"""

    n: int
    commitment: str
    committed_at: str
    plays: int
    seed: str | None
    revealed_at: str | None


class SharerChange(Struct, frozen=True, kw_only=True):
    """`PATCH /v1/accounts/{id}/members/{member}`"""

    role: Literal["earner", "owner", "spender"] | UnsetType = UNSET
    daily_limit: int | UnsetType | None = UNSET


class SharerPage(Struct, frozen=True, kw_only=True):
    """A part of the list of those who are in an account"""

    items: tuple[SharerView, ...]
    next: str | None


class SharerView(Struct, frozen=True, kw_only=True):
    """Somebody who is in an account."""

    member: str
    name: str
    role: Literal["earner", "owner", "spender"]
    daily_limit: int | None
    joined_at: str


class SheetAsked(Struct, frozen=True, kw_only=True):
    """Which cards of a batch are set for a printer, and how."""

    first: int | UnsetType = UNSET
    count: int | UnsetType = UNSET
    layout: Literal["a4", "single"] | UnsetType = UNSET
    code: Literal["aztec", "code128", "ean13", "pdf417", "qr"] | UnsetType = UNSET
    back: bool | UnsetType = UNSET


class Side(Struct, frozen=True, kw_only=True):
    """A basket on one side of the change."""

    gross: int
    discount: int
    payable: int
    earned: dict[str, int]
    given: Given


class Signed(Struct, frozen=True, kw_only=True):
    """A snapshot"""

    body: str
    signature: str


class SigningKeyView(Struct, frozen=True, kw_only=True):
    """With what the program's signatures are checked."""

    algorithm: str
    public_key: str
    pem: str


class Simulating(Struct, frozen=True, kw_only=True):
    """Which receipts of the past."""

    receipts: int | UnsetType = UNSET
    stores: tuple[str, ...] | UnsetType = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    to: datetime | UnsetType | None = UNSET
    stop: tuple[str, ...] | UnsetType = UNSET
    keep_dates: bool | UnsetType = UNSET


class SimulatingDocument(Struct, frozen=True, kw_only=True):
    """A document that is no promotion yet, and which receipts of the past."""

    receipts: int | UnsetType = UNSET
    stores: tuple[str, ...] | UnsetType = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    to: datetime | UnsetType | None = UNSET
    stop: tuple[str, ...] | UnsetType = UNSET
    keep_dates: bool | UnsetType = UNSET
    document: Document


class Simulation(Struct, frozen=True, kw_only=True):
    """A change of the promotions on receipts of the past."""

    currency: str
    receipts: int
    left_out: int
    members: int
    first_at: str | None
    last_at: str | None
    got: Got
    suppressed: int
    payable_changed: int
    payable_before: int
    payable_after: int
    cost_before: int
    cost_after: int
    margin: Margin | None
    stores: tuple[StoreShare, ...]
    days: tuple[DayShare, ...]
    displaced: tuple[Displaced, ...]
    refused: tuple[Refused, ...]
    examples: tuple[ExampleReceipt, ...]
    not_simulated: tuple[Caveat, ...]


class SimulationExampleLine(Struct, frozen=True, kw_only=True):
    """A line of a receipt, with its discount without and with the change."""

    line: int
    sku: str
    name: str
    quantity: str
    gross: int
    discount_before: int
    discount_after: int


class SlotView(Struct, frozen=True, kw_only=True):
    """A time that can be booked at a place"""

    at: str
    free: int | None


class Slots(Struct, frozen=True, kw_only=True):
    """The slots of a day that are still to come, in order."""

    items: tuple[SlotView, ...]
    next: str | UnsetType | None = UNSET


class SoldDiscount(Struct, frozen=True, kw_only=True):
    """A discount that the till gave"""

    amount: int
    promotion: str | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class SoldOffline(Struct, frozen=True, kw_only=True):
    """That a receipt was made without the line, and by which device (`POST /v1/till/devices`)."""

    device: str
    counter: int
    snapshot: str | UnsetType | None = UNSET
    allowance: str | UnsetType | None = UNSET
    clock_skew_seconds: int | UnsetType = UNSET


class Sought(Struct, frozen=True, kw_only=True):
    """`POST /v1/members/find`"""

    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    card: str | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    till: str | UnsetType | None = UNSET
    store: str | UnsetType | None = UNSET
    cashier: str | UnsetType = UNSET


class SourceCount(Struct, frozen=True, kw_only=True):
    """How many members came from one place."""

    source: str
    tag: str
    store: str | None
    members: int
    left: int
    partner: str | UnsetType | None = UNSET
    bought: int | UnsetType = UNSET


class Sources(Struct, frozen=True, kw_only=True):
    """Where members came from, the most first"""

    members: int
    items: tuple[SourceCount, ...]
    next: str | UnsetType | None = UNSET


class SpendRequest(Struct, frozen=True, kw_only=True):
    """Points to pay with"""

    amount: int | Literal["max"]
    currency: str | UnsetType | None = UNSET
    gift_card: str | UnsetType | None = UNSET


class SpentView(Struct, frozen=True, kw_only=True):
    """Points that paid, and the minor units of money they were worth"""

    currency: str
    amount: int
    worth: int
    promotion: str | UnsetType = UNSET
    gift_card: str | UnsetType = UNSET
    left: int | UnsetType = UNSET
    tax_within: int | UnsetType = UNSET


class StatementView(Struct, frozen=True, kw_only=True):
    """Movements, newest first"""

    items: tuple[MovementView, ...]
    next: str | None


class Step(Struct, frozen=True, kw_only=True):
    """What a friend's n-th purchase brings to the two."""

    purchases: int | UnsetType = UNSET
    referrer: Prize | UnsetType | None = UNSET
    friend: Prize | UnsetType | None = UNSET


class StepPrize(Struct, frozen=True, kw_only=True):
    """Something on the way."""

    at: int
    prizes: tuple[Prize, ...]


class StepView(Struct, frozen=True, kw_only=True):
    """A step of a redemption."""

    state: str
    at: str
    by: str
    reason: str


class StockChange(Struct, frozen=True, kw_only=True):
    """`POST /v1/rewards/{id}/stock`"""

    add: int
    store: str | UnsetType | None = UNSET


class StockView(Struct, frozen=True, kw_only=True):
    """What there is at a store, or (store null) for all stores together."""

    store: str | None
    supplied: int
    remaining: int


class Stopping(Struct, frozen=True, kw_only=True):
    """`POST /v1/challenges/{code}/stop`."""

    reason: str


class StorePage(Struct, frozen=True, kw_only=True):
    """A page of stores, by code."""

    items: tuple[StoreView, ...]
    next: str | None


class StoreResult(Struct, frozen=True, kw_only=True):
    """One store, by its code."""

    store: str
    result: Result


class StoreShare(Struct, frozen=True, kw_only=True):
    """One store"""

    store: str
    receipts: int
    got: int
    cost: int


class StoreSum(Struct, frozen=True, kw_only=True):
    """Conflicts of a kind at a store."""

    store: str
    kind: Literal[
        "allowance_expired",
        "allowance_forged",
        "clock_wrong",
        "counter_gap",
        "counter_reused",
        "device_unknown",
        "over_allowance",
        "over_till_total",
        "price_differs",
        "shortfall",
        "snapshot_old",
    ]
    count: int
    amount: int


class StoreView(Struct, frozen=True, kw_only=True):
    """A store as it is answered."""

    id: str
    code: str
    name: str
    partner: str
    time_zone: str
    groups: tuple[str, ...]
    address: str
    location: Location | None
    tills: tuple[str, ...]


class Survey(Struct, frozen=True, kw_only=True):
    """`PUT /v1/surveys/{code}`"""

    names: dict[str, str]
    questions: tuple[SurveysQuestion, ...]
    kind: Literal["quiz", "survey"] | UnsetType = UNSET
    texts: dict[str, str] | UnsetType = UNSET
    anonymous: bool | UnsetType = UNSET
    prize: Prize | UnsetType | None = UNSET
    least_right: int | UnsetType | None = UNSET
    audience: Audience | UnsetType = UNSET
    from_: datetime | UnsetType | None = field(default=UNSET, name="from")
    until: datetime | UnsetType | None = UNSET
    funder: str | UnsetType | None = UNSET


class SurveyView(Struct, frozen=True, kw_only=True):
    """A quiz or a survey as the operator sees it."""

    code: str
    status: str
    revision: int
    document: dict[str, Any]
    answers: int
    created_at: str


class Surveys(Struct, frozen=True, kw_only=True):
    """The quizzes and surveys of a program, the latest first."""

    items: tuple[SurveyView, ...]
    next: str | UnsetType | None = UNSET


class SurveysQuestion(Struct, frozen=True, kw_only=True):
    """A question."""

    code: str
    kind: Literal["choice", "number", "several", "text"]
    texts: dict[str, str]
    options: tuple[Option, ...] | UnsetType = UNSET
    required: bool | UnsetType = UNSET


class TakenBack(Struct, frozen=True, kw_only=True):
    """The posting that brought the points back."""

    id: str
    transfer: str
    currency: str
    amount: int
    available: int


class TakenBackView(Struct, frozen=True, kw_only=True):
    """Earned points that were taken back, and where from."""

    currency: str
    amount: int
    from_own_lots: int
    already_expired: int
    from_other_lots: int
    debt: int
    forgone: int


class TaxView(Struct, frozen=True, kw_only=True):
    """Tax of one rate, minor units."""

    rate: str
    base: int
    tax: int


class TemplateView(Struct, frozen=True, kw_only=True):
    """A ready promotion"""

    code: str
    name: str
    gives: str
    when: str
    parameters: tuple[ParameterView, ...]
    document: dict[str, Any]


class Templates(Struct, frozen=True, kw_only=True):
    """All ready promotions, the price benefits first."""

    items: tuple[TemplateView, ...]
    next: str | UnsetType | None = UNSET


class TicketView(Struct, frozen=True, kw_only=True):
    """A ticket."""

    id: str
    draw: str
    number: int
    source: str
    points: int
    currency: str | None
    void: bool
    given_at: str


class Tickets(Struct, frozen=True, kw_only=True):
    """Tickets, the latest first."""

    items: tuple[TicketView, ...]
    next: str | UnsetType | None = UNSET


class TicketsPrize(Struct, frozen=True, kw_only=True):
    """Tickets of a lottery, while it has tickets and as far as she may have more."""

    draw: str
    count: int | UnsetType = UNSET


class Tier(Struct, frozen=True, kw_only=True):
    """One tier."""

    code: str
    ways: tuple[tuple[Requirement, ...], ...] | UnsetType = UNSET
    invitation_only: bool | UnsetType = UNSET


class TierChanges(Struct, frozen=True, kw_only=True):
    """The changes of a member's tiers, the newest first, a thousand at the most."""

    items: tuple[ExportedTierChange, ...]
    next: str | UnsetType | None = UNSET


class TierStanding(Struct, frozen=True, kw_only=True):
    """A member on one ladder."""

    ladder: str
    tier: str | None
    since: str | None
    until: str | None
    next: NextTier | None
    keep: KeptBy | None


class TillDeviceCounted(Struct, frozen=True, kw_only=True):
    """A device with what is missing of its receipts."""

    id: str
    store: str
    till: str
    name: str
    counter: int
    seen_at: str
    synced_at: str | None
    registered: bool | UnsetType = UNSET
    receipts: int | UnsetType = UNSET
    missing: int | UnsetType = UNSET


class TillDevicePage(Struct, frozen=True, kw_only=True):
    """Devices, by id."""

    items: tuple[TillDeviceCounted, ...]
    next: str | None


class TillDeviceView(Struct, frozen=True, kw_only=True):
    """A device as it is answered."""

    id: str
    store: str
    till: str
    name: str
    counter: int
    seen_at: str
    synced_at: str | None
    registered: bool | UnsetType = UNSET


class Tills(Struct, frozen=True, kw_only=True):
    """The equipment of the tills."""

    scanner_prefix: str | UnsetType = UNSET
    scanner_suffix: Literal["enter", "tab"] | UnsetType = UNSET
    printers: tuple[Printer, ...] | UnsetType = UNSET


class Told(Struct, frozen=True, kw_only=True):
    """A line of what is held of a member"""

    kind: str
    code: str
    at: str
    refused: str | None


class TopUp(Struct, frozen=True, kw_only=True):
    """`POST /v1/gift-cards/top-up`."""

    code: str
    amount: int
    expires_at: datetime | UnsetType | None = UNSET
    purchase: str | UnsetType | None = UNSET
    line: int | UnsetType | None = UNSET


class Transferred(Struct, frozen=True, kw_only=True):
    """The posting on the giver's side, and what she has left."""

    id: str
    to: str
    currency: str
    amount: int
    available: int
    transfer: str | UnsetType = UNSET
    fee: int | UnsetType = UNSET


class Tried(Struct, frozen=True, kw_only=True):
    """A basket decided without and with a promotion."""

    currency: str
    before: Side
    after: Side
    lines: tuple[SimulationExampleLine, ...]
    promotion: Mine
    promotions: tuple[EffectPair, ...]


class TriedLine(Struct, frozen=True, kw_only=True):
    """Goods in a basket"""

    sku: str
    quantity: str | UnsetType = UNSET
    unit_price: int | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    categories: tuple[str, ...] | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType | None = UNSET
    brand: str | UnsetType | None = UNSET
    unit: str | UnsetType | None = UNSET
    tax_rate: str | UnsetType | None = UNSET
    cost: int | UnsetType | None = UNSET
    regular_price: int | UnsetType | None = UNSET
    minimum_price: int | UnsetType | None = UNSET
    attributes: dict[str, str | int | bool] | UnsetType = UNSET


class TriedPurchase(Struct, frozen=True, kw_only=True):
    """A basket that one can edit."""

    lines: tuple[TriedLine, ...]
    store: str | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    channel: str | UnsetType = UNSET
    till: str | UnsetType = UNSET
    codes: tuple[str, ...] | UnsetType = UNSET
    payment_methods: tuple[str, ...] | UnsetType = UNSET
    delivery: int | UnsetType = UNSET
    offers: tuple[str, ...] | UnsetType = UNSET
    choices: tuple[PurchasesChoice, ...] | UnsetType = UNSET


class Trying(Struct, frozen=True, kw_only=True):
    """A basket, and whose it is"""

    purchase: TriedPurchase
    at: datetime | UnsetType | None = UNSET
    member: str | UnsetType | None = UNSET
    customer: MadeUp | UnsetType | None = UNSET
    stop: tuple[str, ...] | UnsetType = UNSET


class TryingDocument(Struct, frozen=True, kw_only=True):
    """A document that is no promotion yet, and a basket."""

    purchase: TriedPurchase
    at: datetime | UnsetType | None = UNSET
    member: str | UnsetType | None = UNSET
    customer: MadeUp | UnsetType | None = UNSET
    stop: tuple[str, ...] | UnsetType = UNSET
    document: Document


class UnmergeMembersOwed(Struct, frozen=True, kw_only=True):
    """What the survivor had spent of the duplicate's points"""

    currency: str
    amount: int


class Unmerged(Struct, frozen=True, kw_only=True):
    """The two members are two again."""

    member: str
    unmerged: str
    owed: tuple[UnmergeMembersOwed, ...]


class Upserted(Struct, frozen=True, kw_only=True):
    """How many products were entered or replaced."""

    products: int


class UsePage(Struct, frozen=True, kw_only=True):
    """Visits, the latest written first"""

    items: tuple[UseView, ...]
    next: str | None


class UseView(Struct, frozen=True, kw_only=True):
    """A visit"""

    id: str
    member: str
    entitlement: str
    name: str
    state: str
    store: str
    partner: str
    at: str
    guests: int
    uses: int
    booked: bool
    cost: int | None


class UsedVoucher(Struct, frozen=True, kw_only=True):
    """A voucher that came with the purchase and was used before the goods came back."""

    voucher: str
    promotion: str
    cost: int
    kept_back: int


class Verdict(Struct, frozen=True, kw_only=True):
    """`POST /v1/findings/{id}/decide`."""

    status: Literal["case", "harmless"]
    word: str


class Verified(Struct, frozen=True, kw_only=True):
    """The code was right"""

    member: str
    verified_at: str


class VisitUsed(Struct, frozen=True, kw_only=True):
    """Visits that were used."""

    posting: str
    currency: str
    used: int
    left: int


class VoidPurchaseVoiding(Struct, frozen=True, kw_only=True):
    """`POST /v1/purchases/{id}/void`."""

    reason: str | UnsetType = UNSET


class Voided(Struct, frozen=True, kw_only=True):
    """What was voided"""

    id: str | None
    request: str
    status: str | UnsetType = UNSET


class VoidingByRequest(Struct, frozen=True, kw_only=True):
    """`POST /v1/purchases/void`"""

    request: str
    reason: str | UnsetType = UNSET


class VoucherBatchView(Struct, frozen=True, kw_only=True):
    """A batch of vouchers."""

    batch: CodeBatchView
    definition: dict[str, Any]
    promotion: str | None
    live: bool
    job: str | UnsetType | None = UNSET


class VoucherBatches(Struct, frozen=True, kw_only=True):
    """The program's voucher batches, the latest first."""

    items: tuple[VoucherBatchView, ...]
    next: str | UnsetType | None = UNSET


class VoucherPrize(Struct, frozen=True, kw_only=True):
    """A code of a voucher batch, made for her."""

    batch: str
    valid_days: int | UnsetType | None = UNSET


class VoucherTaxView(Struct, frozen=True, kw_only=True):
    """A single-purpose voucher that a purchase used"""

    voucher: str
    amount: int
    tax_rate: str
    tax_within: int


class VoucherView(Struct, frozen=True, kw_only=True):
    """A voucher's code as it stands."""

    id: str
    state: str
    batch: str
    name: str
    gives: GivesView | None
    purpose: str | None
    tax_rate: str | None
    personal: bool
    transferable: bool
    member: str | None
    valid_from: str | None
    valid_until: str | None
    uses_left: int
    code: str | UnsetType | None = UNSET


class WalletBalance(Struct, frozen=True, kw_only=True):
    """What a wallet shows"""

    member: str
    card: str
    balance: BalanceView


class WalletGrantsRevoked(Struct, frozen=True, kw_only=True):
    """A grant that was taken back."""

    id: str


class Warned(Struct, frozen=True, kw_only=True):
    """Something that an as-sold receipt could not be refused for, booked as over-use."""

    code: str
    detail: str
    amount: int | UnsetType = UNSET


class Watch(Struct, frozen=True, kw_only=True):
    """From when on something at a till is unusual enough to be looked at."""

    receipts_a_day: int | UnsetType = UNSET
    return_minutes: int | UnsetType = UNSET
    returns_a_day: int | UnsetType = UNSET
    returns_share: int | UnsetType = UNSET
    adjusted_minutes: int | UnsetType = UNSET
    unknown_codes_a_day: int | UnsetType = UNSET
    unknown_members_a_day: int | UnsetType = UNSET
    claims_a_week: int | UnsetType = UNSET


class Way(Struct, frozen=True, kw_only=True):
    """One way"""

    parts: tuple[Part, ...]
    permille: int


class Ways(Struct, frozen=True, kw_only=True):
    """How she may play just now."""

    free: int
    credits: int
    currency: str | None
    points: int | None


class WebhookChange(Struct, frozen=True, kw_only=True):
    """`PATCH /v1/webhooks/{id}`"""

    address: str | UnsetType = UNSET
    events: tuple[str, ...] | UnsetType = UNSET
    description: str | UnsetType = UNSET
    stores: tuple[str, ...] | UnsetType = UNSET
    partners: tuple[str, ...] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class WebhookDeliveriesDeliveryView(Struct, frozen=True, kw_only=True):
    """An event's way to one subscriber"""

    id: str
    webhook: str
    event: str
    type: str
    member: str | None
    sequence: int
    state: Literal["dead", "delivered", "waiting"]
    attempts: int
    created_at: str
    tried_at: str | None
    next_at: str | None
    status: int | None
    milliseconds: int | None
    answer: str
    failure: str
    body: Any


class WebhookView(Struct, frozen=True, kw_only=True):
    """A subscription."""

    id: str
    address: str
    events: tuple[str, ...]
    description: str
    stores: tuple[str, ...]
    partners: tuple[str, ...]
    enabled: bool
    disabled_why: Literal["by_hand", "failing", "gone"] | None
    failing_since: str | None
    last_failure: str
    both_secrets_until: str | None
    created_at: str
    secret: str | UnsetType | None = UNSET
    generation: int | UnsetType = UNSET


class Webhooks(Struct, frozen=True, kw_only=True):
    """Every subscription, in the order they were made."""

    items: tuple[WebhookView, ...]
    next: str | UnsetType | None = UNSET


class WelcomeGift(Struct, frozen=True, kw_only=True):
    """What a person gets for joining, in the currency's unit"""

    currency: str
    points: int


class WinnerView(Struct, frozen=True, kw_only=True):
    """A place of the draw"""

    place: int
    rank: int
    ticket: int


class Withdrawn(Struct, frozen=True, kw_only=True):
    """What a promotion whose conditions no longer hold had given on goods that are kept."""

    promotion: str
    line: int
    discount: int | UnsetType = UNSET
    tax: int | UnsetType = UNSET
    points: int | UnsetType = UNSET
    currency: str | UnsetType = UNSET


class WordingPage(Struct, frozen=True, kw_only=True):
    """Wordings by code, each with its versions, the newest first."""

    items: tuple[WordingView, ...]
    next: str | None


class WordingView(Struct, frozen=True, kw_only=True):
    """A version of a wording"""

    code: str
    version: int
    purpose: str
    channels: tuple[str, ...]
    texts: dict[str, str]
    hashes: dict[str, str]
    created_at: str


class WornBadge(Struct, frozen=True, kw_only=True):
    """A badge that she has."""

    badge: str
    name: str
    text: str
    icon: str
    given_at: str


class Worth(Struct, frozen=True, kw_only=True):
    """What the available points would pay, in minor units of the program's base money."""

    amount: int
    currency: str


class WrittenText(Struct, frozen=True, kw_only=True):
    """A text that somebody wrote."""

    question: str
    text: str
    day: date
