"""Sends codes by SMS or email and takes the answers: each code once, for minutes, so many in a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import i18n, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import ChannelUnavailable, CodeWrong, NotFound, Problem, StateConflict
from regulars.flows.confirm_contact import confirm_contact
from regulars.flows.messages import queue_message
from regulars.i18n import N_
from regulars.members import reading
from regulars.members.access import challenges, counts, locks
from regulars.members.access.challenges import Challenge, Purpose
from regulars.members.access.locks import LockRules
from regulars.members.model import Person
from regulars.members.vault import Vault
from regulars.messages.model import Message
from regulars.programs.model import Caller, Program

SentBy = Literal["sms", "email"]
CodeText = Annotated[str, Meta(min_length=6, max_length=6, pattern=r"^[0-9]{6}$(?!\n)")]
TillCode = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
TEXTS: dict[str, str] = {
    "spend": N_(
        "{code} is your code to pay with points at {program}. Tell it to the cashier. Valid {minutes} min."
    ),
    "log_in": N_(
        "{code} is your code to log in to {program}. Do not tell it to anybody. Valid {minutes} min."
    ),
    "confirm": N_("{code} is your code to confirm your contact at {program}. Valid {minutes} min."),
    "pin": N_(
        "{code} is your code to set or remove your PIN at {program}. Do not tell it to anybody. Valid {minutes} min."
    ),
}
SUBJECT = N_("{code} is your code for {program}")


OF_A_KEY = 10
"""One key may have so many times the codes sent that one of its tills may, however many tills it names."""


class NewChallenge(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/challenges`."""

    purpose: Literal["spend", "log_in", "confirm"]
    channel: SentBy | None = None
    """By SMS where the member has a phone, unless it says otherwise."""
    till: TillCode = ""


class ChallengeView(Struct, frozen=True):
    """A code that was sent: where to, as far as the member recognises it, and until when it can be used."""

    id: str
    purpose: str
    channel: str
    to: str
    expires_at: datetime


class ChallengeAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/challenges/{id}/verify`."""

    code: CodeText
    till: TillCode = ""


class Verified(Struct, frozen=True):
    """The code was right: the member has the phone or email that it was sent to."""

    member: str
    verified_at: datetime


class Contact(Struct, frozen=True):
    """Where a code goes, and the blind index by which it is recognised again."""

    channel: SentBy
    to: str
    digest: bytes

    def __repr__(self) -> str:
        return f"Contact({self.channel}, …)"


async def send_code(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    caller: Caller,
    member: UUID,
    new: NewChallenge,
    channels: frozenset[str],
) -> Answer:
    """201 with the challenge; the edge has the message sent. `channels`: by which anything can be sent here.

    Raises NotFound, StateConflict after an erasure, ChannelUnavailable, TooManyRequests.
    """

    async def work(tx: Transaction) -> Answer:
        replay = await requests.claim(tx, request)
        profile = await reading.profile(tx, program.id, vault, member)
        if profile is None:
            raise NotFound("There is no such member.")
        if replay is not None:
            return _named(replay, profile.person)
        if profile.erased_at is not None:
            raise StateConflict("This member was erased.")
        contact = contact_of(vault, profile.person, new.channel, channels)
        source = counts.till(caller.key, new.till)
        of_key = program.settings.codes_of_a_source * OF_A_KEY
        await counts.take(
            tx, program.id, "codes_by", counts.subject("key", caller.key.bytes), of_key, request.at
        )
        view = await issue(
            tx, program, vault, new.purpose, contact,
            member=profile.id, language=profile.language, source=source, at=request.at,
        )  # fmt: skip
        without_contact = msgspec.structs.replace(view, to="")
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(without_contact))
        return _named(kept, profile.person)

    return await database.run(program.id, work)


async def verify_code(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    caller: Caller,
    challenge: UUID,
    sent: ChallengeAnswer,
) -> Answer:
    """200 where the code is right; the member may spend from then on.

    A wrong one counts against the till: five lock the member's spending there. Raises CodeWrong, SpendingLocked.
    """

    async def work(tx: Transaction) -> Answer | Problem:
        replay = await requests.claim(tx, request)
        if replay is not None:
            return replay
        asked = await challenges.find(tx, program.id, challenge)
        if asked is None or asked.member is None or asked.purpose != "confirm":
            raise CodeWrong
        source = counts.till(caller.key, sent.till)
        problem = await judge(tx, program, vault, asked, sent.code, source, used_by(request), request.at)
        if problem is not None:
            await requests.free(tx, request)
            return problem
        view = Verified(ids.show("mem", asked.member), request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    answer = await database.run(program.id, work)
    if isinstance(answer, Problem):  # what was counted stays counted
        raise answer
    return answer


async def judge(
    tx: Transaction,
    program: Program,
    vault: Vault,
    asked: Challenge,
    code: str,
    source: bytes,
    by: bytes,
    at: datetime,
) -> Problem | None:
    """Use a member's challenge up, and confirm her contact; or count the wrong code and say what is wrong.

    Nothing may be raised on a wrong code: the transaction would forget it.
    """
    assert asked.member is not None, "a challenge of a member"
    await locks.take(tx, program.id, asked.member)
    locked = await locks.until(tx, program.id, asked.member, source, at)
    if locked is not None:
        return locks.locked(at, locked)
    if await answered(tx, program.id, vault, asked, code, by, at):
        await locks.right(tx, program.id, asked.member, source)
        await confirm_contact(tx, program.id, asked.member, asked.channel, asked.contact, at)
        return None
    missed = await locks.miss(tx, program.id, asked.member, source, rules_of(program), at)
    if missed.locked_until is not None:
        return locks.locked(at, missed.locked_until)
    return CodeWrong(extra={"left": missed.left})


async def issue(
    tx: Transaction,
    program: Program,
    vault: Vault,
    purpose: Purpose,
    contact: Contact,
    *,
    member: UUID | None,
    language: str,
    source: bytes,
    at: datetime,
    about: Literal["", "pin"] = "",
) -> ChallengeView:
    """Draw a code, keep it, and write the message that carries it. `about`: where it says more than the purpose.

    Raises TooManyRequests.
    """
    settings = program.settings
    await counts.take(tx, program.id, "codes_by", source, settings.codes_of_a_source, at)
    to = counts.subject("codes to", contact.digest)
    await counts.take(tx, program.id, "codes_to", to, settings.codes_a_quarter_hour, at)
    lasts = timedelta(seconds=settings.code_seconds)
    identifier = ids.new(ids.home(member) if member is not None else counts.home_of(to))
    code = challenges.draw()
    secret = vault.keyring.secret
    challenge = Challenge(
        identifier, purpose, contact.channel, member, contact.digest, challenges.digest(secret, identifier, code),
        0, at + lasts, None, None,
    )  # fmt: skip
    await challenges.add(tx, program.id, challenge, at)
    speaks = i18n.language(language)
    words = {"code": code, "program": program.name, "minutes": settings.code_seconds // 60}
    message = Message(
        contact.channel,
        contact.to,
        speaks.gettext(TEXTS[about or purpose]).format(**words),
        speaks.gettext(SUBJECT).format(**words),
    )
    home = ids.home(identifier)
    await queue_message(
        tx, program.id, secret, message, purpose=f"code_{purpose}", at=at, keep=lasts, home=home
    )
    return ChallengeView(
        ids.show("chl", identifier), purpose, contact.channel, masked(contact.to), challenge.expires_at
    )


async def answered(
    tx: Transaction, program: UUID, vault: Vault, asked: Challenge, code: str, by: bytes, at: datetime
) -> bool:
    """Use a challenge up with the right code, once; a wrong one is counted against it."""
    right = challenges.answers(asked, vault.keyring.secret, code)
    if right and asked.used_by == by:
        return True
    if right and await challenges.use(tx, program, asked.id, by, at):
        return True
    await challenges.miss(tx, program, [asked.id])
    return False


def contact_of(vault: Vault, person: Person, wanted: SentBy | None, channels: frozenset[str]) -> Contact:
    """Where this person gets a code. Raises ChannelUnavailable."""
    kinds: tuple[tuple[SentBy, Literal["phone", "email"], str | None], ...] = (
        ("sms", "phone", person.phone),
        ("email", "email", person.email),
    )
    for channel, kind, to in kinds:
        if to is not None and wanted in (None, channel) and channel in channels:
            return Contact(channel, to, vault.digest(kind, to))
    raise ChannelUnavailable


def rules_of(program: Program) -> LockRules:
    """What the program's settings say of wrong codes."""
    settings = program.settings
    return LockRules(
        settings.wrong_proofs,
        settings.lock_seconds,
        settings.wrong_proofs_everywhere,
        settings.sources_everywhere,
    )


def used_by(request: Request) -> bytes:
    """The request as a used code remembers it."""
    return counts.subject("request", request.partner.bytes, request.key)


def masked(to: str) -> str:
    """A phone or email as its owner recognises it and nobody else reads it: `+371 ••• 01`, `a•••@example.com`."""
    mailbox, at, domain = to.partition("@")
    if at:
        return f"{mailbox[:1]}•••@{domain}"
    return f"{to[:4]} ••• {to[-2:]}"


def _named(answer: Answer, person: Person) -> Answer:
    """The answer with whom the code went to, which is not kept."""
    view = msgspec.json.decode(answer.body, type=ChallengeView)
    to = person.phone if view.channel == "sms" else person.email
    body = msgspec.json.encode(msgspec.structs.replace(view, to=masked(to) if to else ""))
    return Answer(answer.status, body, answer.replayed)
