"""Enrols a member: claims what she is found by, opens her account or takes over that of her card."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import (
    CardBlocked,
    Fault,
    InvalidValue,
    MemberExists,
    NotFound,
    StateConflict,
    Unprocessable,
    found_by,
    refuse_together,
)
from regulars.flows import confirm_consent, consent_wordings, referring, tiering
from regulars.flows.welcoming import require_answers, welcome
from regulars.ledger import book
from regulars.members import description, directory, identity, numbers, reading, views
from regulars.members.access import proving
from regulars.members.description import Enrolment
from regulars.members.model import Card, Consent, IdentifierKind, Member, Newcomer, Person, Source
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller, Program

SEES_EVERY_MEMBER = frozenset({"manage", "issuer"})
SAYS_THE_SOURCE = frozenset({"manage", "issuer", "till", "member"})
"""Who may say where a member comes from; whom a partner's own system enrols comes from the partner."""


class _Read(Struct, frozen=True):
    person: Person
    number: str | None
    language: str
    source: Source
    tag: str


async def enrol(
    database: Database, program: Program, vault: Vault, request: Request, caller: Caller, new: Enrolment
) -> Answer:
    """201 with the member and her first card.

    Raises Unprocessable with a fault per field, MemberExists where a phone, email, external id or card is
    another member's, NotFound, CardBlocked or StateConflict for a card that is not to be had.
    """
    read = _read(program, caller, request, new)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return await _again(tx, program, vault, answer)
        card = await _wanted_card(tx, program, caller, read.number) if read.number else None
        # At a till a mistyped code must not keep anybody from joining.
        code, strict = new.referral_code, "till" not in caller.scopes
        brought_by = await referring.wanted(tx, program, code, strict=strict) if code else None
        member = _member(read, card, caller, request)
        await require_answers(tx, program, read.person.attributes, read.source)
        agreed = await consent_wordings.said(
            tx,
            program,
            new.consents,
            source=read.source,
            by=ids.show("key", caller.key),
            language=read.language,
            at=request.at,
            trusted="manage" in caller.scopes,
        )
        newcomer = Newcomer(member, read.person)
        # The card's pool is locked before the identifiers: locks are taken in one order everywhere.
        if card is not None:
            await book.lock(tx, program.id, [member.home], [member.pool])
        taken = await directory.enrol(tx, program.id, vault, [newcomer])
        if taken:
            raise exists(caller, taken[member.id])
        first = await _first_card(tx, program, member, card, request.at)
        profile = Profile.of(member, read.person)
        if to_be_confirmed(program, profile):
            await proving.doubt(tx, program.id, member.id)
            agreed = [structs.replace(said, to_confirm=True) if said.granted else said for said in agreed]
        await arrive(tx, program, vault, profile, agreed, request.at, ids.show("key", caller.key))
        if brought_by is not None:
            taken_over = first if card is not None else None
            await referring.joined(
                tx, program, vault, brought_by, profile, new.device, taken_over, request.at
            )
        view = views.member_view(profile, (first,), codes_of(program))
        after = {"source": profile.source, "card": card is not None}
        if view.partner is not None:
            after["partner"] = view.partner
        change = Change("member.enrolled", view.id, after=after)
        await trail.record(tx, program.id, change, request.at)
        await requests.keep(tx, request, 201, views.without_person(view))
        return Answer(201, views.encode(view))

    return await database.run(program.id, work)


async def _first_card(
    tx: Transaction, program: Program, member: Member, card: Card | None, at: datetime
) -> Card:
    """A new card, or the one that she has: what was bought with it counts for her, and she climbs at once."""
    if card is None:
        await book.open_pools(tx, program.id, [member.pool], [member.home], "person", at)
        whose = [(member.pool, member.id)]
        return (await directory.issue(tx, program.id, program.settings, whose, "active", at))[0]
    adopted = await directory.adopt(tx, program.id, card, member.id, at=at)
    if adopted is None:
        raise StateConflict("This card went to somebody else just now.")
    await tiering.climb(tx, await tiering.ladders_of(tx, program), [member.id], at, at)
    return adopted


async def arrive(
    tx: Transaction,
    program: Program,
    vault: Vault,
    profile: Profile,
    agreed: Sequence[Consent],
    at: datetime,
    actor: str,
) -> None:
    """What comes with an enrolment: her consents, a message for those to be confirmed, and the welcome gift."""
    if agreed:
        records = await directory.record_consents(tx, program.id, profile.id, agreed, at)
        said = list(zip(records, agreed, strict=True))
        await confirm_consent.ask(tx, program, vault, profile, said, at)
    await welcome(tx, program, vault, profile, profile.person, at, actor)


def to_be_confirmed(program: Program, profile: Profile) -> bool:
    """Whether she may not spend before she has answered a code: at a till anybody's phone may be typed."""
    known_by = profile.person.phone is not None or profile.person.email is not None
    return known_by and profile.source == "till" and program.settings.confirm_before_spending


def exists(caller: Caller, taken: list[tuple[IdentifierKind, UUID]]) -> MemberExists:
    """The refusal, with the existing id for those who may see it: a till by the phone that it was told."""
    faults = [Fault(f"/{kind}", "is another member's", MemberExists.code) for kind, _ in taken]
    sees_all = bool(caller.scopes & SEES_EVERY_MEMBER)
    seen = [holder for kind, holder in taken if sees_all or (kind == "phone" and "till" in caller.scopes)]
    return MemberExists(errors=faults, extra={"member": ids.show("mem", seen[0])} if seen else None)


def codes_of(program: Program) -> Mapping[UUID, str]:
    """Store or partner → its code."""
    stores = {store.id: code for code, store in program.stores.items()}
    return stores | {partner.id: code for code, partner in program.partners.items()}


def _read(program: Program, caller: Caller, request: Request, new: Enrolment) -> _Read:
    found: list[Unprocessable] = []
    if new.phone is None and new.email is None and new.external_id is None and new.card is None:
        found.append(InvalidValue("", "Give one of phone, email, external_id and card."))
    person = found_by(_person, program, request, new, among=found)
    number = None
    if new.source not in (None, "partner") and not caller.scopes & SAYS_THE_SOURCE:
        found.append(InvalidValue("/source", "is `partner` for a partner's key"))
    if new.card is not None:
        number = found_by(numbers.check, new.card, program.settings, among=found)
    language = found_by(description.language, new.language, program.languages, among=found)
    referral = {"referral_code": new.referral_code} if new.referral_code else {}
    attributes = found_by(description.changed, new.attributes, referral, among=found)
    refuse_together(found)
    assert person is not None, "a person without a fault is read"
    assert language is not None, "so is her language"
    assert attributes is not None, "and what is told of her"
    person = structs.replace(person, attributes=attributes)
    return _Read(person, number, language, new.source or _source(caller), new.tag)


def _person(program: Program, request: Request, new: Enrolment) -> Person:
    return description.person(
        name=new.name,
        phone=new.phone,
        email=new.email,
        external_id=new.external_id,
        birthday=new.birthday,
        region=identity.region(program.time_zone, program.languages),
        today=request.at.astimezone(clock.zone(program.time_zone)).date(),
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
        tag=read.tag,
        enrolled_at=request.at,
        partner=caller.partner,
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


async def _again(tx: Transaction, program: Program, vault: Vault, answer: Answer) -> Answer:
    member = ids.read("mem", views.member_of(answer.body))
    profile = await reading.profile(tx, program.id, vault, member)
    return Answer(answer.status, views.with_person(answer.body, profile), replayed=True)
