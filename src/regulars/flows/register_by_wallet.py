"""A wallet registers a member: a code goes to her phone, and whoever tells it gets the card and allows the wallet it.

A phone that nobody has becomes a member; for one that somebody has, it is the same card again. Which of the two, the
wallet learns only with the code.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import i18n, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.db.requests import digest as digest_of
from regulars.errors import CardBlocked, ChannelUnavailable, CodeWrong, MemberExists, NotFound, Problem
from regulars.flows.challenges import CodeText, used_by
from regulars.flows.confirm_contact import confirm_contact
from regulars.flows.enrol import enrol
from regulars.flows.messages import queue_message
from regulars.i18n import N_
from regulars.members import description, directory, identity, reading
from regulars.members.access import challenges, counts
from regulars.members.access.challenges import Challenge
from regulars.members.description import Contact, Enrolment, Language, Text
from regulars.members.model import Card, Identifier, Person
from regulars.members.vault import Vault
from regulars.members.views import member_of
from regulars.messages.model import Message
from regulars.partners import aggregators
from regulars.partners.aggregators import Aggregator, Grant, Registration
from regulars.programs.model import Caller, Program

TEXT = N_(
    "{code} lets {wallet} show your card and balance of {program}. Enter it only there. Valid {minutes} min."
)


class NewRegistration(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/issuer/registrations`."""

    phone: Contact
    """A number without a country code is one of the program's country."""
    name: Text | None = None
    """Of whoever becomes a member; of one who is, nothing changes."""
    language: Language | None = None


class RegistrationView(Struct, frozen=True):
    """A code was sent to the phone."""

    id: str
    expires_at: datetime


class RegistrationCode(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/issuer/registrations/{id}/confirm`."""

    code: CodeText


class Registered(Struct, frozen=True):
    """A member's card, and what she allows the wallet."""

    member: str
    new: bool
    """Whether she became a member with this."""
    card: Annotated[str, Meta(description="The number: of a member who was one, that of the card she has.")]
    grant: str
    token: str
    """What the wallet shows in the header `Regulars-Grant`; in this answer alone."""


class _Looked(Struct, frozen=True):
    """The code is right."""

    challenge: Challenge
    person: Person
    member: UUID | None


async def register(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    caller: Caller,
    wallet: Aggregator,
    new: NewRegistration,
    channels: frozenset[str],
) -> Answer:
    """201 with the registration; the edge has the message sent.

    Raises InvalidValue, ChannelUnavailable, TooManyRequests.
    """
    phone = identity.phone(new.phone, identity.region(program.time_zone, program.languages))
    language = description.language(new.language, program.languages)
    if "sms" not in channels:
        raise ChannelUnavailable("Nothing can be sent to a phone here.")
    person = Person((new.name or "").strip(), phone, attributes={"language": language})

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        await aggregators.forget_registrations(tx, program.id, request.at)
        challenge = await _send(tx, program, vault, wallet, caller, person, language, request.at)
        identifier = ids.new(ids.home(challenge.id))
        sealed = vault.seal(identifier, person)
        kept = Registration(
            identifier, wallet.id, challenge.id, sealed.generation, sealed.wrapped_key, sealed.sealed,
            challenge.expires_at,
        )  # fmt: skip
        await aggregators.register(tx, program.id, kept, request.at)
        view = RegistrationView(ids.show("reg", identifier), challenge.expires_at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def confirm_registration(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    wallet: Aggregator,
    registration: UUID,
    given: RegistrationCode,
) -> Answer:
    """201 with the card and the grant. Raises NotFound, CodeWrong (a few times), CardBlocked.

    A replay gets the same; the token is not kept, but made again.
    """

    async def look(tx: Transaction) -> _Looked | Problem | None:
        return await _look(tx, program, vault, request, wallet, registration, given.code)

    looked = await database.run(program.id, look)
    if isinstance(looked, Problem):
        raise looked
    enrolled, new = None, False
    if looked is not None and looked.member is None:
        enrolled, new = await _enrolled(
            database, program, vault, wallet, looked.person, registration, request.at
        )

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return _with_token(answer, vault.keyring.secret)
        if looked is None or not await challenges.use(
            tx, program.id, looked.challenge.id, used_by(request), request.at
        ):
            raise CodeWrong
        member = looked.member or enrolled
        assert member is not None, "whoever is not a member was enrolled"
        card = await card_of(tx, program, member, request.at)
        grant = ids.new(ids.home(member))
        digest = aggregators.digest(aggregators.token(vault.keyring.secret, grant))
        kept = Grant(grant, member, wallet.id, wallet.name, digest, request.at)
        await aggregators.grant(tx, program.id, kept)
        await aggregators.end_registration(tx, program.id, registration, request.at)
        await confirm_contact(tx, program.id, member, "sms", looked.challenge.contact, request.at)
        view = Registered(ids.show("mem", member), new, card.number, ids.show("grt", grant), "")
        return _with_token(
            await requests.keep(tx, request, 201, msgspec.json.encode(view)), vault.keyring.secret
        )

    return await database.run(program.id, work)


async def card_of(tx: Transaction, program: Program, member: UUID, at: datetime) -> Card:
    """The card that a member has, her first in use; a new one where she never had any.

    Raises CardBlocked, NotFound.
    """
    found = await reading.member(tx, program.id, member, lock=True)
    if found is None or found.erased_at is not None:
        raise NotFound("There is no such member.")
    cards = await reading.cards_of(tx, program.id, found.id)
    active = [card for card in cards if card.status == "active"]
    if active:
        return active[0]
    if cards:
        raise CardBlocked("The member's card is not in use.")
    owners = [(found.pool, found.id)]
    return (await directory.issue(tx, program.id, program.settings, owners, "active", at))[0]


async def _send(
    tx: Transaction,
    program: Program,
    vault: Vault,
    wallet: Aggregator,
    caller: Caller,
    person: Person,
    language: str,
    at: datetime,
) -> Challenge:
    """Draw a code, keep it, and write the message. Codes are counted as those of a log-in are."""
    assert person.phone is not None
    settings, secret = program.settings, vault.keyring.secret
    contact = vault.digest("phone", person.phone)
    to = counts.subject("codes to", contact)
    await counts.take(tx, program.id, "codes_to", to, settings.codes_a_quarter_hour, at)
    lasts = timedelta(seconds=settings.code_seconds)
    identifier, code = ids.new(counts.home_of(to)), challenges.draw()
    digest = challenges.digest(secret, identifier, code)
    challenge = Challenge(identifier, "confirm", "sms", None, contact, digest, 0, at + lasts, None, None)
    await challenges.add(tx, program.id, challenge, at)
    text = i18n.language(language).gettext(TEXT)
    said = text.format(
        code=code, wallet=wallet.name, program=program.name, minutes=settings.code_seconds // 60
    )
    message = Message("sms", person.phone, said)
    home = ids.home(identifier)
    await queue_message(tx, program.id, secret, message, purpose="code_wallet", at=at, keep=lasts, home=home)
    return challenge


async def _look(
    tx: Transaction,
    program: Program,
    vault: Vault,
    request: Request,
    wallet: Aggregator,
    registration: UUID,
    code: str,
) -> _Looked | Problem | None:
    """What the code opens; None: this request has used it. Nothing is raised, or the wrong code would be forgotten."""
    found = await aggregators.registration(tx, program.id, registration)
    if found is None or found.aggregator != wallet.id:
        return NotFound("There is no such registration.")
    asked = await challenges.find(tx, program.id, found.challenge, lock=True)
    if asked is None:
        return CodeWrong()
    right = challenges.answers(asked, vault.keyring.secret, code)
    if right and asked.used_by == used_by(request):
        return None
    over = asked.used_at is not None or asked.expires_at <= request.at
    if over or asked.attempts >= challenges.WRONG_MAX or not right:
        left = None if over else await challenges.miss(tx, program.id, [asked.id])
        return CodeWrong(extra={"left": left or 0})
    if found.generation is None or found.wrapped_key is None or found.sealed is None:
        return CodeWrong()
    person = vault.open(registration, found.generation, found.wrapped_key, found.sealed)
    assert person.phone is not None
    customers = await reading.find(tx, program.id, vault, [Identifier("phone", person.phone)])
    customer = customers.get(0)
    member = None if customer is None or customer.erased else customer.member
    return _Looked(asked, person, member)


async def _enrolled(
    database: Database,
    program: Program,
    vault: Vault,
    wallet: Aggregator,
    person: Person,
    registration: UUID,
    at: datetime,
) -> tuple[UUID, bool]:
    """The member whom the phone becomes, once: the registration names the request. Whether she did so by it."""
    language = person.attributes["language"]
    new = Enrolment(
        phone=person.phone,
        name=person.name or None,
        language=language if language in program.languages else None,
        source="partner",
        tag=wallet.name[:64],
    )
    key = ids.show("reg", registration)
    request = Request(program.id, program.id, f"registration/{key}", digest_of(key, None), at)
    caller = Caller(program.id, wallet.api_key, frozenset({"manage"}), name=wallet.name)
    try:
        answer = await enrol(database, program, vault, request, caller, new)
    except MemberExists as taken:  # she enrolled elsewhere in this very moment
        return ids.read("mem", str(taken.extra["member"])), False
    return ids.read("mem", member_of(answer.body)), True


def _with_token(answer: Answer, secret: bytes) -> Answer:
    view = msgspec.json.decode(answer.body, type=Registered)
    text = aggregators.token(secret, ids.read("grt", view.grant))
    body = msgspec.json.encode(msgspec.structs.replace(view, token=text))
    return Answer(answer.status, body, answer.replayed)
