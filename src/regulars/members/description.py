"""Decides how a member may be described: the fields that callers send, their limits, their normal form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from regulars.errors import Fault, InvalidValue, Unprocessable
from regulars.members import identity
from regulars.members.model import Channel, IdentifierKind, Person, Source

Text = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
CardText = Annotated[str, Meta(min_length=1, max_length=300)]
"""The number of a card; where a member is looked for, also the dynamic code that her phone shows instead."""
Contact = Annotated[str, Meta(min_length=1, max_length=300)]
AttributeName = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
AttributeValue = (
    Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
    | Annotated[int, Meta(ge=-(10**12), le=10**12)]
    | bool
    | None
)
Attributes = Annotated[dict[AttributeName, AttributeValue], Meta(max_length=50)]
Language = Annotated[str, Meta(min_length=2, max_length=3)]
Purpose = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9_.-]+$")]
WordingCode = Annotated[str, Meta(max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]
Evidence = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Tag = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
ATTRIBUTES_MAX = 50
BORN_AFTER = date(1900, 1, 1)


class ConsentGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """What a member agreed to, or no longer agrees to: a channel for a purpose."""

    channel: Channel
    purpose: Purpose
    granted: bool
    wording: WordingCode | None = None
    """Code of what she was shown."""
    wording_version: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    """The newest when left out."""
    wording_language: Language | None = None
    """The member's when left out."""
    given_at: Annotated[datetime, Meta(tz=True)] | None = None
    """When she said it, where that was before it is recorded."""
    evidence: Evidence = ""
    """Where the proof lies: till and receipt, the number of a form."""
    confirmed: bool = False
    """She has confirmed it elsewhere already, so that no confirmation is asked (email; keys that may `manage`)."""


class Enrolment(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members`: every field may be left out, but one of phone, email, external_id and card."""

    phone: Contact | None = None
    """A number without a country code is one of the program's country."""
    email: Contact | None = None
    external_id: Contact | None = None
    card: CardText | None = None
    """The number of an unassigned card: the member takes it over with all its points."""
    name: Text | None = None
    birthday: date | None = None
    language: Language | None = None
    """One of the program's languages; its first when left out."""
    attributes: Attributes = {}
    consents: Annotated[tuple[ConsentGiven, ...], Meta(max_length=20)] = ()
    source: Source | None = None
    """Where she was enrolled; by the key's scope when left out."""
    tag: Tag = ""
    """What brought her: a campaign, a shop window."""
    referral_code: Text | None = None
    """The code of the member who brought her. Kept as the attribute `referral_code` beside."""
    device: (
        Annotated[str, Meta(min_length=8, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")] | None
    ) = None
    """What tells her phone or browser from others; only a keyed hash is kept, and only where friends are brought."""


def person(
    *,
    name: str | None,
    phone: str | None,
    email: str | None,
    external_id: str | None,
    birthday: date | None,
    region: str | None,
    today: date,
) -> Person:
    """The fields in their normal form. Raises Unprocessable with every fault at once."""
    faults: list[Fault] = []
    values: dict[IdentifierKind, str | None] = {"phone": None, "email": None, "external_id": None}
    sent: dict[IdentifierKind, str | None] = {"phone": phone, "email": email, "external_id": external_id}
    for kind, text in sent.items():
        if text is None:
            continue
        try:
            values[kind] = normalised(kind, text, region)
        except InvalidValue as fault:
            faults += fault.errors
    if birthday is not None and not BORN_AFTER <= birthday <= today:
        faults.append(Fault("/birthday", f"is a day from {BORN_AFTER} until today"))
    if faults:
        raise Unprocessable("Some fields cannot be as they are.", errors=faults)
    return Person((name or "").strip(), values["phone"], values["email"], values["external_id"], birthday)


def normalised(kind: IdentifierKind, text: str, region: str | None) -> str:
    """The normal form of an identifier. Raises InvalidValue."""
    if kind == "phone":
        return identity.phone(text, region)
    if kind == "email":
        return identity.email(text)
    return identity.external_id(text)


def language(asked: str | None, spoken: tuple[str, ...]) -> str:
    """A language of the program, its first where none was asked for. Raises InvalidValue."""
    if asked is None:
        return spoken[0]
    if asked not in spoken:
        raise InvalidValue("/language", f"this program speaks {', '.join(spoken)}")
    return asked


def changed(attributes: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes with the named ones replaced; null takes one away. Raises InvalidValue for too many."""
    merged = {name: value for name, value in {**attributes, **changes}.items() if value is not None}
    if len(merged) > ATTRIBUTES_MAX:
        raise InvalidValue("/attributes", f"a member has at most {ATTRIBUTES_MAX} attributes")
    return merged
