"""What subscribers can be told of: each type of event, what its `data` holds, and which pattern takes it in.

Bodies name things by id and hold nothing personal. A version is never changed: fields may be added to it, another
meaning is another version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.programs.event_data import (
    ActivityData,
    BookingData,
    CardData,
    ClubData,
    CodeData,
    ConsentData,
    Empty,
    EnrolledData,
    EntitlementData,
    EntitlementGivenData,
    MembershipData,
    MergedData,
    OverdueData,
    PointsData,
    PrizeData,
    PrizeTakenData,
    PromotionData,
    PurchaseData,
    ReferralData,
    ReplacedData,
    ReturnData,
    RewardData,
    TierData,
    VoidedData,
    VoucherData,
)

VERSION = 1
EVERYTHING = "*"
TEST = "webhook.test"
_HASHED = ~((0xFFFF_FFFF_FFFF << 80) | (0xF << 76) | (0x3 << 62) | (ids.HOMES - 1)) & (2**128 - 1)

TYPES: dict[str, tuple[type[Struct], str]] = {
    "member.enrolled": (EnrolledData, "Somebody became a member."),
    "member.changed": (Empty, "What is known of a member was changed."),
    "member.merged": (MergedData, "A member was merged into another one."),
    "member.unmerged": (MergedData, "The merge of a member into another one was undone."),
    "member.erased": (Empty, "Who a member is was erased; the books stay."),
    "member.overdue": (OverdueData, "A member who used to come regularly is overdue; once for each absence."),
    "membership.changed": (MembershipData, "A paid membership began, was renewed, paused, changed or ended."),
    "card.issued": (CardData, "A member got a card."),
    "card.blocked": (CardData, "A card was blocked."),
    "card.unblocked": (CardData, "A blocked card works again."),
    "card.closed": (CardData, "A card was closed for good."),
    "card.replaced": (ReplacedData, "Another card stands in for a member's card."),
    "consent.recorded": (ConsentData, "A member agreed, or no longer does."),
    "consent.confirmed": (ConsentData, "A member confirmed what she had agreed to."),
    "purchase.recorded": (PurchaseData, "A purchase was recorded."),
    "purchase.held": (PurchaseData, "A purchase was priced and is held until it is confirmed."),
    "purchase.confirmed": (PurchaseData, "A held purchase was confirmed, with its final amounts."),
    "purchase.voided": (VoidedData, "A purchase was voided."),
    "return.recorded": (ReturnData, "Goods of a purchase came back."),
    "points.earned": (PointsData, "Points were given for a purchase, a bonus or a welcome."),
    "points.spent": (PointsData, "Points paid for a part of a purchase, or for a reward."),
    "points.expired": (PointsData, "Points expired."),
    "points.adjusted": (
        PointsData,
        "Points were given or taken by hand, opened, written off, or paid a debt.",
    ),
    "points.transferred": (PointsData, "Points went to another account, or came from it."),
    "points.returned": (PointsData, "A return, void or reversal gave points back or took them."),
    "tier.changed": (TierData, "A member has another tier of a ladder, or none any more."),
    "voucher.issued": (VoucherData, "A code came with a purchase."),
    "voucher.redeemed": (VoucherData, "A code was used up, or used once more, by a purchase."),
    "voucher.redeemed_directly": (CodeData, "A code was redeemed outside a purchase."),
    "voucher.blocked": (CodeData, "A code was blocked."),
    "voucher.unblocked": (CodeData, "A blocked code counts again."),
    "voucher.transferred": (CodeData, "A personal voucher belongs to the member of the event from now on."),
    "reward.held": (RewardData, "A reward was reserved, and points with it."),
    "reward.claimed": (RewardData, "A member got a reward, or a reserved one was confirmed."),
    "reward.fulfilled": (RewardData, "What was claimed is ready, shipped or handed over: see `state`."),
    "reward.cancelled": (RewardData, "A reward was given back, and its points came back."),
    "reward.lapsed": (RewardData, "A reward was not confirmed or not fetched in time."),
    "prize.given": (
        PrizeData,
        "A member was given something for what she did: a challenge, a game, a survey.",
    ),
    "prize.taken_back": (PrizeTakenData, "A prize was taken back, for its ground was gone."),
    "entitlement.granted": (EntitlementGivenData, "A member was given uses of an entitlement."),
    "entitlement.used": (EntitlementData, "A member used an entitlement: she was checked in."),
    "entitlement.booked": (EntitlementData, "A member booked a visit, and a use for it."),
    "entitlement.cancelled": (
        EntitlementData,
        "A booking or a use was cancelled; what it took is free again.",
    ),
    "entitlement.missed": (EntitlementData, "Nobody came to a booked visit by the end of its day."),
    "activity.recorded": (
        ActivityData,
        "A member did something besides buying: see `status` for whether it counts.",
    ),
    "activity.reviewed": (ActivityData, "What was flagged of a member's activity was accepted or refused."),
    "referral.rewarded": (ReferralData, "A friend's purchase counted: both were given what was promised."),
    "referral.taken_back": (
        ReferralData,
        "A friend's purchase came back, and what was given for it was taken back.",
    ),
    "promotion.published": (PromotionData, "A revision of a promotion counts from now on."),
    "promotion.stopped": (PromotionData, "A promotion was stopped."),
    "promotion.resumed": (PromotionData, "A stopped promotion goes on."),
    "club.invited": (ClubData, "A member was invited to a club."),
    "club.joined": (ClubData, "A member is in a club from now on."),
    "club.left": (ClubData, "A member is not in a club any more."),
    "booking.waiting": (BookingData, "A member waits for seats of an event."),
    "booking.offered": (BookingData, "Seats came free for a member, who has to say yes in time."),
    "booking.booked": (BookingData, "A member has seats at an event."),
    "booking.attended": (BookingData, "A member came to an event."),
    "booking.cancelled": (BookingData, "A booking was given back."),
    "booking.lapsed": (BookingData, "Seats that came free for a member were not said yes to in time."),
    TEST: (Empty, "Somebody asked for it, to see whether it arrives."),
}
"""Type → what its data holds, and when it happens."""

POINTS_TYPES = {
    "bonus": "points.earned",
    "welcome": "points.earned",
    "expiry": "points.expired",
    "transfer_in": "points.transferred",
    "transfer_out": "points.transferred",
    "return": "points.returned",
    "void": "points.returned",
    "reversal": "points.returned",
    "redemption": "points.spent",
    "donation": "points.spent",
    "exchange_out": "points.spent",
    "exchange_in": "points.earned",
    "cancellation": "points.returned",
}
"""Kind of posting → type of event; a purchase's postings are told apart by their entries, all others adjust."""


class Event(Struct, frozen=True):
    """Something that happened, before it is known who is told."""

    id: UUID
    type: str
    subject: UUID
    """Whose events are numbered and kept in order: the member, else what it is about."""
    member: UUID | None
    occurred_at: datetime
    data: bytes
    """JSON of the type's struct."""
    xid: int
    """Of the transaction in which it happened."""
    store: UUID | None = None
    partner: UUID | None = None


class EventBody(Struct, frozen=True):
    """What a subscriber is sent; `data` as the type says."""

    id: str
    """As the header `webhook-id`: the same however often it is sent."""
    type: str
    version: int
    timestamp: datetime
    """When it happened, by the program's clock."""
    program: str
    member: str | None
    sequence: int
    """Of this subscriber and member, from 1, without gaps; without a member, of the purchase, promotion or account."""
    data: Any


def event_id(fact: UUID, kind: str, *parts: str, subject: UUID) -> UUID:
    """The id of the event of this type that comes of a fact: the same whenever it is derived.

    Its first 48 bits are the fact's own time, its last ten the home of the subject.
    """
    text = "\n".join((kind, *parts)).encode()
    hashed = int.from_bytes(hashlib.sha256(fact.bytes + text).digest()[:16], "big") & _HASHED
    time = fact.int >> 80 << 80
    return UUID(int=time | 0x7 << 76 | 0x2 << 62 | hashed | ids.home(subject))


def known(pattern: str) -> bool:
    """Whether a pattern takes in any type: `*`, `purchase.*`, or a type itself."""
    return any(takes(pattern, kind) for kind in TYPES)


def takes(pattern: str, kind: str) -> bool:
    """Whether a pattern takes in a type."""
    if pattern in (EVERYTHING, kind):
        return True
    return pattern.endswith(".*") and kind.startswith(pattern[:-1])


def wanted(patterns: Sequence[str], kind: str) -> bool:
    """Whether one of the patterns takes in a type."""
    return any(takes(pattern, kind) for pattern in patterns)
