"""What the events hold that subscribers are told of: a struct for each shape of `data`, with nothing personal in it."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field


class Empty(Struct, frozen=True):
    """Nothing beside the event itself: read what it is about."""


class EnrolledData(Struct, frozen=True):
    """Somebody became a member; `store` by code, where it was at one."""

    source: str
    store: str | None
    tag: str


class MergedData(Struct, frozen=True):
    """The member of the event became an alias of `into`; or is herself again, apart from her."""

    into: str


class CardData(Struct, frozen=True):
    """A card of the member."""

    card: str


class ReplacedData(Struct, frozen=True):
    """A card of the member for which `by` stands in from now on."""

    card: str
    by: str


class TierData(Struct, frozen=True):
    """The tier of a ladder that the member has from now on; null: none."""

    ladder: str
    tier: str | None
    until: datetime | None


class OverdueData(Struct, frozen=True):
    """The day of her last visit, and the first day on which she was overdue."""

    last_visit: date
    overdue_on: date


class MembershipData(Struct, frozen=True):
    """A paid membership: active, due, paused or ended; `until_day` is the first day that is not paid."""

    membership: str
    plan: str
    state: str
    until_day: date


class ConsentData(Struct, frozen=True):
    """What a member said about a channel and purpose. `pending`: it counts once she has confirmed it."""

    consent: str
    channel: str
    purpose: str
    granted: bool
    pending: bool


class PurchaseData(Struct, frozen=True):
    """A purchase in minor units of `currency`; `store` and `partner` by code."""

    purchase: str
    card: str | None
    store: str
    partner: str
    till: str
    receipt_number: str
    purchased_at: datetime
    currency: str
    gross: int
    discount: int
    paid_with_points: int
    payable: int
    earned: int
    spent: int


class VoidedData(Struct, frozen=True):
    """A purchase that counts no more, or a held one that was let go."""

    purchase: str
    store: str
    partner: str
    purchased_at: datetime


class ReturnData(Struct, frozen=True, kw_only=True):
    """Goods that came back: money in minor units of the purchase's currency, points given back and taken."""

    ret: str = field(name="return")
    purchase: str
    store: str
    partner: str
    returned_at: datetime
    money_back: int
    discount_back: int
    points_back: int
    points_taken: int


class PointsData(Struct, frozen=True):
    """What one posting did to an account in one currency: `amount` to its points, `debt` to what it owes.

    `account`: where several members share it. `active_at` and `expires_at` of what came in; null for never.
    """

    posting: str
    kind: str
    currency: str
    amount: int
    debt: int
    effective_at: datetime
    purchase: str | None
    account: str | None
    active_at: datetime | None
    expires_at: datetime | None


class VoucherData(Struct, frozen=True):
    """A code of a batch: issued with a purchase, or redeemed by one. Its text is not told."""

    voucher: str
    batch: str
    purchase: str


class RewardData(Struct, frozen=True):
    """What a member claimed: `quantity` of a reward for `points` in all, and how the redemption stands."""

    redemption: str
    reward: str
    revision: int
    quantity: int
    currency: str
    points: int
    money: int
    """Paid beside, minor units of the program's base money."""
    state: str


class ClubData(Struct, frozen=True):
    """A club, by code."""

    club: str


class BookingData(Struct, frozen=True):
    """Seats of an event (by code), and where their booking stands; `moved_up`: they came free for who waited."""

    booking: str
    occasion: str
    seats: int
    state: str
    moved_up: bool


class CodeData(Struct, frozen=True):
    """A code of a batch, and the redemption that it came with. Its text is not told."""

    voucher: str
    batch: str
    redemption: str | None


class PrizeData(Struct, frozen=True):
    """What a member was given for something that she did: points of a currency, or a thing of another kind."""

    prize: str
    cause: str
    kind: str
    currency: str | None
    amount: int | None


class PrizeTakenData(Struct, frozen=True):
    """A prize whose ground is gone. `taken`: whole; used, a voucher that had been; kept, nothing was there to take."""

    prize: str
    cause: str
    kind: str
    taken: str


class EntitlementData(Struct, frozen=True):
    """A visit: of which entitlement, where (a store's code) and when, with how many guests, and what became of it."""

    use: str
    entitlement: str
    store: str
    at: str
    guests: int
    state: str


class EntitlementGivenData(Struct, frozen=True):
    """Uses that a member was given of an entitlement; until when, null: without end."""

    entitlement: str
    uses: int
    until: str | None


class ActivityData(Struct, frozen=True):
    """What a member did besides buying: its kind by code, how much (a decimal), and where it stands (see the call)."""

    activity: str
    kind: str
    quantity: str
    happened_at: datetime
    status: str


class ReferralData(Struct, frozen=True):
    """A friend whom the member has brought: after her n-th purchase. `withheld`: why somebody got nothing."""

    friend: str
    purchases: int
    withheld: str | None = None


class PromotionData(Struct, frozen=True):
    """A promotion by the revision that counts, or no longer does, from `version` of the catalogue on."""

    promotion: str
    revision: int
    version: int
