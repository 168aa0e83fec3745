"""Decides what callers see of members and cards, and what a stored answer keeps of it: nothing personal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.members.model import Card, CardStatus, Person, Source
from regulars.members.reading import Profile


class CardView(Struct, frozen=True):
    """A card as it is answered. `issued`: not in use yet; `blocked`: recognised, neither earns nor spends."""

    id: str
    number: str
    status: CardStatus
    member: str | None
    """None: it belongs to nobody yet, or its number went on to another card."""
    issued_at: datetime
    replaced_by: str | None


class MemberView(Struct, frozen=True):
    """A member, for those who may see who she is. After an erasure the personal fields are empty."""

    id: str
    name: str
    phone: str | None
    """E.164, as +37120000001."""
    email: str | None
    external_id: str | None
    birthday: date | None
    language: str
    attributes: dict[str, Any]
    source: Source
    store: str | None
    """Code of the store at which she was enrolled."""
    enrolled_at: datetime
    erased_at: datetime | None
    cards: tuple[CardView, ...]
    """In the order they were issued: the first is the one of the enrolment."""
    tag: str = ""
    """What brought her: a campaign, a shop window."""
    partner: str | None = None
    """Code of the partner whose key enrolled her."""


class ConsentView(Struct, frozen=True):
    """A consent as it was recorded."""

    id: str
    channel: str
    purpose: str
    granted: bool
    source: str
    recorded_at: datetime


def card_view(card: Card) -> CardView:
    """A card as it is answered."""
    return CardView(
        id=ids.show("crd", card.id),
        number=card.number,
        status=card.status,
        member=ids.show("mem", card.member) if card.member else None,
        issued_at=card.issued_at,
        replaced_by=ids.show("crd", card.replaced_by) if card.replaced_by else None,
    )


def member_view(profile: Profile, cards: Sequence[Card], codes: Mapping[UUID, str]) -> MemberView:
    """A member as she is answered; `codes` are those of stores and partners."""
    person = profile.person
    return MemberView(
        id=ids.show("mem", profile.id),
        name=person.name,
        phone=person.phone,
        email=person.email,
        external_id=person.external_id,
        birthday=person.birthday,
        language=profile.language,
        attributes=person.attributes,
        source=profile.source,
        store=codes.get(profile.store) if profile.store else None,
        enrolled_at=profile.enrolled_at,
        erased_at=profile.erased_at,
        cards=tuple(card_view(card) for card in cards),
        tag=profile.tag,
        partner=codes.get(profile.partner) if profile.partner else None,
    )


def encode(view: Struct) -> bytes:
    """The answer's bytes."""
    return msgspec.json.encode(view)


def member_of(kept: bytes) -> str:
    """Whom a kept answer is about."""
    return msgspec.json.decode(kept, type=MemberView).id


def without_person(view: MemberView) -> bytes:
    """The answer as it may be kept beside its request key: without what an erasure must reach."""
    nobody = Person()
    return encode(
        msgspec.structs.replace(
            view, name=nobody.name, phone=None, email=None, external_id=None, birthday=None, attributes={}
        )
    )


def with_person(kept: bytes, profile: Profile | None) -> bytes:
    """A kept answer, filled in with who the member is at reading; empty when she was erased meanwhile."""
    view = msgspec.json.decode(kept, type=MemberView)
    if profile is not None:
        person = profile.person
        view = msgspec.structs.replace(
            view,
            name=person.name,
            phone=person.phone,
            email=person.email,
            external_id=person.external_id,
            birthday=person.birthday,
            attributes=person.attributes,
            erased_at=profile.erased_at,
        )
    return encode(view)
