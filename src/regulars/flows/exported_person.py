"""What a person takes along of a program: the shapes of the parts of her export."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from regulars.flows.activity_views import ActivityRecord
from regulars.flows.export_challenges import ExportedChallenges
from regulars.flows.export_games import ExportedGames
from regulars.flows.exported_prepaid import ExportedPrepaid
from regulars.flows.exported_referrals import ExportedReferrals
from regulars.flows.guest_list import ExportedClubs
from regulars.flows.member_entitlements import ExportedEntitlements
from regulars.flows.member_tiers import ExportedTierChange
from regulars.flows.read_member import BalanceView
from regulars.flows.read_statement import MovementView
from regulars.flows.record_consent import SaidView
from regulars.flows.redemption_views import RedemptionView
from regulars.flows.show_purchase import PurchaseShown
from regulars.members.marks import MarkView
from regulars.members.views import MemberView


class ExportedOffer(Struct, frozen=True):
    """An offer that she opted into."""

    promotion: str
    name: str
    """Empty: it is not live any more."""
    activated_at: datetime


class ExportedAccount(Struct, frozen=True):
    """An account that she shares with others, and what she is in it."""

    id: str
    kind: str
    name: str
    role: str
    daily_limit: int | None


class ExportedLogIn(Struct, frozen=True):
    """A way in: a session, a passkey, or a phone that makes codes. Secrets are not kept, or not told."""

    kind: str
    label: str
    since: datetime
    last_used_at: datetime | None
    until: datetime | None


class ExportedForeignCard(Struct, frozen=True):
    """A card of somebody else that she keeps in her wallet."""

    name: str
    kind: str
    text: str
    added_at: datetime


class ExportedGiftCard(Struct, frozen=True):
    """A gift card that she keeps in her wallet."""

    id: str
    shown: str
    """The end of its code."""
    available: int
    """Minor units of the base money."""
    status: str


class ExportedGrant(Struct, frozen=True):
    """What she allowed a wallet of somebody else."""

    id: str
    aggregator: str
    granted_at: datetime
    revoked_at: datetime | None


class ExportedConsent(SaidView, frozen=True, kw_only=True):
    """Something that she agreed to or withdrew."""

    member: str
    """As whom she said it: she, or a member who was merged into her."""


class ExportedNote(Struct, frozen=True):
    """What staff wrote down about her."""

    text: str
    written_at: datetime


class ExportedMovement(MovementView, frozen=True, kw_only=True):
    """A posting in one of her accounts."""

    account: str


class Everything(Struct, frozen=True):
    """What is held of her, but for the history."""

    version: str
    created_at: datetime
    program: str
    program_name: str
    profile: MemberView
    tag: str
    """What brought her, as it was entered at the enrolment."""
    merged: tuple[str, ...]
    """Members who were found to be the same person."""
    consents: tuple[ExportedConsent, ...]
    """All that she said, the newest first; also as a member who was merged into her."""
    balance: BalanceView
    account: ExportedAccount | None
    marks: tuple[MarkView, ...]
    tier_changes: tuple[ExportedTierChange, ...]
    """How her tiers came to be, the newest first."""
    offers: tuple[ExportedOffer, ...]
    log_ins: tuple[ExportedLogIn, ...]
    foreign_cards: tuple[ExportedForeignCard, ...]
    gift_cards: tuple[ExportedGiftCard, ...]
    grants: tuple[ExportedGrant, ...]
    notes: tuple[ExportedNote, ...]
    """The newest first."""
    clubs: ExportedClubs
    redemptions: tuple[RedemptionView, ...]
    """The rewards that she claimed, the latest first."""
    entitlements: ExportedEntitlements
    paid_ahead: ExportedPrepaid
    """Paid memberships, packs of visits, and when she was missed."""
    brought_and_passed_on: ExportedReferrals
    games: ExportedGames
    challenges: ExportedChallenges


class PersonExport(Everything, frozen=True):
    """All that a program holds of one person."""

    statement: tuple[ExportedMovement, ...]
    """Every movement of her own accounts, the newest first."""
    purchases: tuple[PurchaseShown, ...]
    """Everything that she bought, the latest first, with its lines and what came back."""
    activity: tuple[ActivityRecord, ...]
    """What she did besides buying, the latest recorded first."""
