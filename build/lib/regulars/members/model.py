"""Who the regular customers are: members, what identifies them, and their cards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

Source = Literal["till", "web", "app", "import", "partner", "api"]
CardStatus = Literal["issued", "active", "blocked", "replaced", "closed"]
IdentifierKind = Literal["phone", "email", "external_id"]
Channel = Literal["email", "sms", "phone", "post", "push"]


class Member(Struct, frozen=True):
    """A member; who she is stands in Person."""

    id: UUID
    home: int
    pool: UUID
    language: str
    source: Source
    store: UUID | None
    attributes: dict[str, Any]
    enrolled_at: datetime
    erased_at: datetime | None = None
    merged_into: UUID | None = None


class Person(Struct, frozen=True):
    """Personal data. Never logged, never copied into a purchase, gone with an erasure."""

    name: str = ""
    phone: str | None = None
    email: str | None = None
    external_id: str | None = None
    birthday: date | None = None

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


class Consent(Struct, frozen=True):
    """What a member said about being spoken to; the latest of a channel and purpose holds."""

    channel: Channel
    purpose: str
    granted: bool
    source: str


class Newcomer(Struct, frozen=True):
    """A member with all that is known of her at enrolment, normalised."""

    member: Member
    person: Person
    consents: tuple[Consent, ...] = ()
