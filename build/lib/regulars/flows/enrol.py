"""Enrols a member: claims what she is found by, opens her account or takes over that of her card."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import CardBlocked, Fault, InvalidValue, MemberExists, NotFound, StateConflict
from regulars.ledger import book
from regulars.members import description, directory, identity, numbers, reading, views
from regulars.members.description import Enrolment
from regulars.members.model import Card, IdentifierKind, Member, Newcomer, Person, Source
from regulars.members.reading import Profile
from regulars.programs.model import Caller, Program

SEES_EVERY_MEMBER = frozenset({"manage", "issuer"})


class _Read(Struct, frozen=True):
    person: Person
    number: str | None
    language: str
    attributes: dict[str, object]
    source: Source


async def enrol(
    database: Database, program: Program, secret: bytes, request: Request, caller: Caller, new: Enrolment
) -> Answer:
    """201 with the member and her first card.

    Raises Unprocessable with a fault per field, MemberExists where a phone, email, external id or card is
    another member's, NotFound, CardBlocked or StateConflict for a card that is not to be had.
    """
    read = _read(program, caller, request, new)
    index = identity.of(secret, program.id)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return await _again(tx, program, answer)
        card = await _wanted_card(tx, program, caller, read.number) if read.number else None
        member = _member(read, card, caller, request)
        newcomer = Newcomer(member, read.person, tuple(c.recorded(read.source) for c in new.consents))
        # The card's pool is locked before the identifiers: locks are taken in one order everywhere.
        if card is not None:
            await book.lock(tx, program.id, [member.home], [member.pool])
        taken = await directory.enrol(tx, program.id, index, [newcomer])
        if taken:
            raise exists(caller, taken[member.id])
        if card is None:
            await book.open_pools(tx, program.id, [member.pool], [member.home], "person", request.at)
            issued = await directory.issue(
                tx, program.id, program.settings, [(member.pool, member.id)], "active", request.at
            )
            first = issued[0]
        else:
            adopted = await directory.adopt(tx, program.id, card, member.id)
            if adopted is None:
                raise StateConflict("This card went to somebody else just now.")
            first = adopted
        view = views.member_view(_profile(newcomer), (first,), store_codes(program))
        await requests.keep(tx, request, 201, views.without_person(view))
        return Answer(201, views.encode(view))

    return await database.run(program.id, work)


def exists(caller: Caller, taken: list[tuple[IdentifierKind, UUID]]) -> MemberExists:
    """The refusal, with the existing id for those who may see it: a till by the phone that it was told."""
    faults = [Fault(f"/{kind}", "is another member's", MemberExists.code) for kind, _ in taken]
    sees_all = bool(caller.scopes & SEES_EVERY_MEMBER)
    seen = [holder for kind, holder in taken if sees_all or (kind == "phone" and "till" in caller.scopes)]
    return MemberExists(errors=faults, extra={"member": ids.show("mem", seen[0])} if seen else None)


def store_codes(program: Program) -> Mapping[UUID, str]:
    """Store → its code."""
    return {store.id: code for code, store in program.stores.items()}


def _read(program: Program, caller: Caller, request: Request, new: Enrolment) -> _Read:
    if new.phone is None and new.email is None and new.external_id is None and new.card is None:
        raise InvalidValue("", "Give one of phone, email, external_id and card.")
    person = description.person(
        name=new.name,
        phone=new.phone,
        email=new.email,
        external_id=new.external_id,
        birthday=new.birthday,
        region=identity.region(program.time_zone, program.languages),
        today=request.at.astimezone(clock.zone(program.time_zone)).date(),
    )
    number = numbers.check(new.card, program.settings) if new.card is not None else None
    referral = {"referral_code": new.referral_code} if new.referral_code else {}
    return _Read(
        person,
        number,
        description.language(new.language, program.languages),
        description.changed(new.attributes, referral),
        new.source or _source(caller),
    )


def _source(caller: Caller) -> Source:
    if "manage" in caller.scopes:
        return "api"
    if "till" in caller.scopes:
        return "till"
    return "partner" if "partner" in caller.scopes else "api"


def _member(read: _Read, card: Card | None, caller: Caller, request: Request) -> Member:
    home = ids.home(card.pool) if card else secrets.randbelow(ids.HOMES)
    return Member(
        id=ids.new(home),
        home=home,
        pool=card.pool if card else ids.new(home),
        language=read.language,
        source=read.source,
        store=caller.store,
        attributes=read.attributes,
        enrolled_at=request.at,
    )


async def _wanted_card(tx: Transaction, program: Program, caller: Caller, number: str) -> Card:
    card = await reading.card_by_number(tx, program.id, number)
    if card is None:
        raise NotFound("There is no card with this number.")
    if card.member is not None:
        seen = {"member": ids.show("mem", card.member)} if caller.scopes & SEES_EVERY_MEMBER else None
        raise MemberExists(errors=[Fault("/card", "is another member's", MemberExists.code)], extra=seen)
    if card.status == "blocked":
        raise CardBlocked
    if card.status not in ("issued", "active"):
        raise StateConflict("This card is not in use any more.")
    return card


def _profile(newcomer: Newcomer) -> Profile:
    member = newcomer.member
    return Profile(
        **{name: getattr(member, name) for name in member.__struct_fields__}, person=newcomer.person
    )


async def _again(tx: Transaction, program: Program, answer: Answer) -> Answer:
    member = ids.read("mem", views.member_of(answer.body))
    profile = await reading.member(tx, program.id, member)
    return Answer(answer.status, views.with_person(answer.body, profile), replayed=True)
