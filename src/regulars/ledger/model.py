"""What the books hold: lots, draws, holds, entries and postings, and one pool's page of them in memory."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.units import Ratio

PostingKind = Literal[
    "purchase", "return", "void", "adjustment", "transfer_out", "transfer_in",
    "expiry", "debt_payment", "write_off", "reversal", "bonus", "grace", "welcome", "opening",
    "redemption", "cancellation", "top_up", "donation", "exchange_out", "exchange_in",
]  # fmt: skip
AccountName = Literal[
    "points", "debt", "issued", "redeemed", "expired", "transfer", "adjusted", "written_off"
]
ReturnPolicy = Literal["only_pending", "within_balance", "debt"]


class Lot(Struct, frozen=True, gc=False):
    """Points that came together: who issued and who pays for them, when they may be used."""

    id: UUID
    currency: str
    amount: int
    drawn: int
    reserved: int
    """Held for purchases that are not confirmed yet."""
    earned_at: datetime
    active_at: datetime
    expires_at: datetime | None
    issuer: UUID | None = None
    funder: UUID | None = None
    promotion: UUID | None = None
    revision: int | None = None
    purchase: UUID | None = None
    unit_cost: Ratio = Ratio(0)
    """What one unit costs its funder, in minor units of the base money."""
    origin: UUID | None = None

    @property
    def free(self) -> int:
        """Neither drawn nor reserved, whether active or not."""
        return self.amount - self.drawn - self.reserved


class Draw(Struct, frozen=True, gc=False):
    """What a posting took from a lot; below zero what it gave back."""

    lot: UUID
    amount: int


class Hold(Struct, frozen=True, gc=False):
    """Lots reserved until a purchase is confirmed, voided, or the hold lapses."""

    id: UUID
    purchase: UUID | None
    made_at: datetime
    lapses_at: datetime
    reservations: tuple[Draw, ...]


class Entry(Struct, frozen=True, gc=False):
    """An amount moved from one account to another: both legs at once, so it cannot be out of balance."""

    currency: str
    source: AccountName
    target: AccountName
    amount: int
    partner: UUID | None = None


class Posting(Struct, frozen=True, gc=False):
    """One immutable act in the books of one pool."""

    id: UUID
    pool: UUID
    kind: PostingKind
    effective_at: datetime
    recorded_at: datetime
    actor: str
    reason: str = ""
    purchase: UUID | None = None
    related: UUID | None = None


class Expiring(Struct, frozen=True, gc=False):
    """Points that will expire at one instant if nothing is spent."""

    amount: int
    at: datetime


class Balance(Struct, frozen=True, gc=False):
    """A pool's standing in one currency at an instant."""

    currency: str
    available: int
    pending: int
    held: int
    debt: int
    expiring: tuple[Expiring, ...] = ()


class GivenBack(Struct, frozen=True, gc=False):
    """What became of spent points that were given back; the parts sum to what was asked."""

    to_their_lots: int = 0
    with_grace: int = 0
    """Their lots had expired: a new lot lives on for the grace."""
    expired: int = 0
    """Their lots had expired, and so did they."""


class Moved(Struct, frozen=True, gc=False):
    """A part of a lot on its way to another pool; there it is a lot with the same terms."""

    lot: Lot
    amount: int


class Resolution(Struct, frozen=True, gc=False):
    """How and when a hold ended."""

    hold: UUID
    kind: Literal["capture", "release", "lapse"]
    resolved_at: datetime
    posting: UUID | None = None


class Recorded(Struct, frozen=True, gc=False):
    """A posting as it stands in the books: what it moved, drew and brought."""

    posting: Posting
    entries: tuple[Entry, ...]
    draws: tuple[tuple[int, Draw], ...]
    """The number of the entry, and what it took or gave back."""
    lots: tuple[tuple[int, UUID], ...]
    """The number of the entry, and the lot it brought."""


class TakenBack(Struct, frozen=True, gc=False):
    """Where earned points that a return takes back came from; the parts sum to what was asked."""

    from_own_lots: int = 0
    already_expired: int = 0
    from_other_lots: int = 0
    debt: int = 0
    forgone: int = 0
    """Not taken, because the program's policy spares what was spent."""
