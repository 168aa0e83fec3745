"""Who the regular customers are: members, what identifies them, and their cards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

Source = Literal["till", "web", "app", "import", "partner", "api"]
CardStatus = Literal["issued", "active", "blocked", "replaced", "closed"]
IdentifierKind = Literal["phone", "email", "external_id"]
AccountRole = Literal["owner", "spender", "earner"]
Channel = Literal["email", "sms", "phone", "post", "push"]


class Member(Struct, frozen=True):
    """A member; who she is, and what else is known of her as a person, stands in Person."""

    id: UUID
    home: int
    pool: UUID
    language: str
    source: Source
    store: UUID | None
    enrolled_at: datetime
    erased_at: datetime | None = None
    merged_into: UUID | None = None
    own_pool: UUID | None = None
    """Her own, while `pool` is that of an account which she shares with others."""
    role: AccountRole | None = None
    spend_limit: int | None = None
    """What she may spend of it on one day, in minor units of base money."""
    tag: str = ""
    """What brought her: a campaign, a shop window."""
    partner: UUID | None = None
    """Whose key enrolled her; None: the operator's, or nobody knows."""

    @property
    def own(self) -> UUID:
        """Her own pool, whether she buys on it or it waits for her."""
        return self.own_pool or self.pool


class Person(Struct, frozen=True, omit_defaults=True):
    """Personal data. Kept sealed (`members.vault`), never logged or copied into a purchase, gone with an erasure."""

    name: str = ""
    phone: str | None = None
    email: str | None = None
    external_id: str | None = None
    birthday: date | None = None
    attributes: dict[str, Any] = {}

    def __repr__(self) -> str:
        return "Person(…)"

    @property
    def identifiers(self) -> tuple[tuple[IdentifierKind, str], ...]:
        """What she can be found by."""
        pairs: tuple[tuple[IdentifierKind, str | None], ...] = (
            ("phone", self.phone),
            ("email", self.email),
            ("external_id", self.external_id),
        )
        return tuple((kind, value) for kind, value in pairs if value is not None)


class Card(Struct, frozen=True):
    """A card: a number that leads to a pool of points, and to a member once it is assigned."""

    id: UUID
    number: str
    pool: UUID
    member: UUID | None
    status: CardStatus
    issued_at: datetime
    replaced_by: UUID | None = None


class Identifier(Struct, frozen=True):
    """What a customer is recognised by at the till: exactly one of these, normalised."""

    kind: Literal["card", "phone", "email", "external_id", "member"]
    value: str


class Customer(Struct, frozen=True, gc=False):
    """Who a purchase belongs to, as the standing read finds it; an alias of a merged member is followed."""

    pool: UUID
    home: int
    member: UUID | None
    """None: a card that belongs to nobody yet."""
    card: UUID | None
    """None: not found by a card."""
    card_status: CardStatus | None
    name: str
    language: str
    """Empty for a card that belongs to nobody yet."""
    enrolled_at: datetime | None
    erased: bool = False
    birthday: date | None = None
    role: AccountRole | None = None
    """What she may do in the account that she shares with others; None: the account is hers alone."""
    spend_limit: int | None = None
    """What she may spend of it on one day, in minor units of base money; None: as much as there is."""
    unproved: bool = False
    """She gave a phone or email that nobody has confirmed yet: she may not spend."""
    spending_locked_until: datetime | None = None
    """There may be a lock of her spending until then at the latest; where it counts, its own rows say."""

    def __repr__(self) -> str:
        return "Customer(…)"


class Shown(Struct, frozen=True):
    """What a member saw when she was asked: a wording, which version, in which language, and its hash."""

    code: str
    version: int
    language: str
    hash: bytes
    """SHA-256 of the text."""


class Consent(Struct, frozen=True):
    """What a member said about being spoken to; the latest of a channel and purpose that counts holds."""

    channel: Channel
    purpose: str
    granted: bool
    source: str
    shown: Shown | None = None
    given_at: datetime | None = None
    """When she said it, where that is not when it was recorded."""
    recorded_by: str = ""
    """The key or session that recorded it."""
    evidence: str = ""
    """Where the proof lies: a till and receipt, a form's number."""
    to_confirm: bool = False
    """It counts once it is confirmed (email)."""


class Newcomer(Struct, frozen=True):
    """A member with all that is known of her at enrolment, normalised."""

    member: Member
    person: Person
