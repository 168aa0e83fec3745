"""Decides what a member of another system is here: her fields in their normal form, her cards, her opening balances."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from regulars import clock
from regulars.errors import CurrencyUnknown, Fault, InvalidCardNumber, InvalidValue, Problem, Unprocessable
from regulars.flows.adjust_points import expiry
from regulars.members import description, identity, numbers
from regulars.members.description import (
    Attributes,
    CardText,
    ConsentGiven,
    Contact,
    Language,
    Tag,
    Text,
)
from regulars.members.model import Person
from regulars.members.vault import Vault
from regulars.programs.model import Program
from regulars.units import AMOUNT_MAX

CARDS_MAX = 20
BALANCES_MAX = 200
JOINED_FROM = date(1970, 1, 1)


class OpeningBalance(Struct, frozen=True, forbid_unknown_fields=True):
    """Points that she brings along: they become a lot with its own date."""

    points: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """In the currency's unit."""
    currency: Annotated[str, Meta(min_length=1, max_length=16)] | None = None
    """The program's first points currency when left out."""
    expires: date | UnsetType | None = UNSET
    """The last day on which they can be spent, in the program's time zone; null: never; left out: by the currency."""


class ImportedMember(Struct, frozen=True, forbid_unknown_fields=True):
    """A member of another system. One of phone, email, external_id and cards is needed."""

    phone: Contact | None = None
    email: Contact | None = None
    external_id: Contact | None = None
    """Her id in the other system: by it, else by phone, email or the first card, she is known when she comes again."""
    name: Text | None = None
    birthday: date | None = None
    language: Language | None = None
    attributes: Attributes = {}
    cards: Annotated[tuple[CardText, ...], Meta(max_length=CARDS_MAX)] = ()
    """Numbers that she goes on using; the program must know their prefix. Without one she gets a new card."""
    balances: Annotated[tuple[OpeningBalance, ...], Meta(max_length=BALANCES_MAX)] = ()
    consents: Annotated[tuple[ConsentGiven, ...], Meta(max_length=20)] = ()
    """They count as they are: what proves them lies where they were given."""
    tag: Tag = ""
    store: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """Code of the store that she belongs to."""
    enrolled_at: datetime | None = None
    """When she joined there."""


class Lot(Struct, frozen=True):
    """An opening balance as it is booked."""

    currency: str
    points: int
    expires_at: datetime | None


class Ready(Struct, frozen=True):
    """A member of another system, read."""

    row: int
    """Her place in what was sent."""
    key: bytes
    """What she is known by when she comes again: a keyed hash."""
    person: Person
    language: str
    numbers: tuple[str, ...]
    lots: tuple[Lot, ...]
    consents: tuple[ConsentGiven, ...]
    tag: str
    store: UUID | None
    enrolled_at: datetime


def read(program: Program, vault: Vault, row: int, sent: ImportedMember, at: datetime) -> Ready:
    """She as she would be entered. Raises Unprocessable with a fault per field."""
    if not (sent.phone or sent.email or sent.external_id or sent.cards):
        raise InvalidValue("", "Give one of phone, email, external_id and cards.")
    faults: list[Fault] = []
    today = at.astimezone(clock.zone(program.time_zone)).date()
    person, language = Person(), program.languages[0]
    try:
        person = description.person(
            name=sent.name,
            phone=sent.phone,
            email=sent.email,
            external_id=sent.external_id,
            birthday=sent.birthday,
            region=identity.region(program.time_zone, program.languages),
            today=today,
        )
        person = structs.replace(person, attributes=description.changed(sent.attributes, {}))
        language = description.language(sent.language, program.languages)
    except Unprocessable as problem:
        faults += problem.errors
    cards = _numbers(program, sent, faults)
    lots = _lots(program, sent, today, at, faults)
    store = program.stores.get(sent.store) if sent.store is not None else None
    if sent.store is not None and store is None:
        faults.append(Fault("/store", f"the program has no store {sent.store!r}"))
    enrolled_at = sent.enrolled_at or at
    if enrolled_at.tzinfo is None or enrolled_at.date() < JOINED_FROM or enrolled_at > at:
        faults.append(Fault("/enrolled_at", "is an instant with its offset, and not in the future"))
    faults += [
        Fault(f"/consents/{place}/given_at", "is an instant with its offset, and not in the future")
        for place, consent in enumerate(sent.consents)
        if consent.given_at is not None and (consent.given_at.tzinfo is None or consent.given_at > at)
    ]
    if faults:
        raise Unprocessable("Some fields cannot be as they are.", errors=faults)
    return Ready(
        row,
        _key(vault, person, cards),
        person,
        language,
        cards,
        lots,
        tuple(structs.replace(consent, confirmed=True) for consent in sent.consents),
        sent.tag,
        store.id if store else None,
        enrolled_at,
    )


def _numbers(program: Program, sent: ImportedMember, faults: list[Fault]) -> tuple[str, ...]:
    found: list[str] = []
    for place, text in enumerate(sent.cards):
        try:
            found.append(numbers.check(text, program.settings, f"/cards/{place}"))
        except InvalidCardNumber as problem:
            faults += problem.errors
    if len(set(found)) != len(found):
        faults.append(Fault("/cards", "a number stands twice"))
    return tuple(found)


def _lots(
    program: Program, sent: ImportedMember, today: date, at: datetime, faults: list[Fault]
) -> tuple[Lot, ...]:
    found: list[Lot] = []
    for place, balance in enumerate(sent.balances):
        try:
            found.append(_lot(program, place, balance, today, at))
        except Problem as problem:
            faults += problem.errors
    return tuple(found)


def _lot(program: Program, place: int, balance: OpeningBalance, today: date, at: datetime) -> Lot:
    pointer = f"/balances/{place}"
    first = program.points
    code = balance.currency or (first.code if first else "")
    currency = program.currencies.get(code)
    if currency is None:
        raise CurrencyUnknown(f"{pointer}/currency", code)
    if balance.expires is UNSET:
        return Lot(code, balance.points, expiry(currency, at, program.time_zone))
    if balance.expires is None:
        return Lot(code, balance.points, None)
    if balance.expires < today:
        raise InvalidValue(f"{pointer}/expires", "has passed: these points are not there any more")
    if balance.expires.year > 2200:
        raise InvalidValue(f"{pointer}/expires", "is too far away; null says never")
    until = clock.midnight(balance.expires + timedelta(days=1), program.time_zone)
    return Lot(code, balance.points, until)


def _key(vault: Vault, person: Person, cards: tuple[str, ...]) -> bytes:
    by: dict[str, str] = dict(person.identifiers)
    for kind in ("external_id", "phone", "email"):
        if kind in by:
            named = vault.digest(kind, by[kind])
            break
    else:
        kind, named = "card", vault.digest("external_id", f"card {cards[0]}")
    return hashlib.sha256(b"regulars imported row\0" + kind.encode() + b"\0" + named).digest()
