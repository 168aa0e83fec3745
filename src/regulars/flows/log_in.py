"""Logs a member in by a code; a phone or email that nobody has becomes a member on the way, if she agrees to it.

Whether somebody is a member is told only to whoever has read the code: asking for one looks nobody up, and sends a
code in every case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Request
from regulars.db.requests import digest as digest_of
from regulars.errors import (
    ChannelUnavailable,
    CodeWrong,
    Fault,
    InvalidValue,
    MemberExists,
    NotFound,
    StateConflict,
    Unprocessable,
)
from regulars.flows.challenges import CodeText, Contact, SentBy, issue
from regulars.flows.confirm_contact import confirm_contact
from regulars.flows.enrol import enrol
from regulars.flows.questionnaires import read_questionnaire
from regulars.members import identity, reading
from regulars.members.access import challenges, counts, sessions
from regulars.members.access.challenges import Challenge
from regulars.members.description import Attributes, ConsentGiven, Enrolment, Language, Tag, Text
from regulars.members.description import Contact as ContactText
from regulars.members.model import Identifier
from regulars.members.vault import Vault
from regulars.members.views import member_of
from regulars.programs.model import Caller, Program


class CodeWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /portal/{slug}/api/log-in/code`: exactly one of the two."""

    phone: ContactText | None = None
    email: ContactText | None = None


class CodeSent(Struct, frozen=True):
    """A code went to that phone or email, whoever has it."""

    challenge: str
    channel: str
    expires_at: datetime


class CodeGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /portal/{slug}/api/log-in/verify`."""

    challenge: Annotated[str, Meta(max_length=64)]
    code: CodeText
    phone: ContactText | None = None
    email: ContactText | None = None
    """As it was typed: what it becomes a member by, where nobody has it."""
    agreed: bool = False
    """To the program's terms: nobody becomes a member without."""
    consents: Annotated[tuple[ConsentGiven, ...], Meta(max_length=20)] = ()
    language: Language | None = None
    referral: Text | None = None
    """The code of the friend who brought her, where she becomes a member."""
    attributes: Attributes = {}
    """Her answers to what the program asks on the web; what is required there must be answered to become a member."""
    tag: Tag = ""
    """What brought her, as the address said by which she came; kept where she becomes a member."""


class LoggedIn(Struct, frozen=True):
    """Who logged in, or that nobody has this phone or email yet: then the same call with `agreed` makes a member."""

    member: str | None
    new: bool
    """Whether she became a member just now; without `member`: whether she could."""


class Entered(Struct, frozen=True):
    """What the edge needs: the answer, and the session's token where there is one."""

    view: LoggedIn
    token: str | None
    language: str = ""
    """The member's own; empty: nobody logged in."""


async def ask_code(
    database: Database,
    program: Program,
    vault: Vault,
    wanted: CodeWanted,
    *,
    language: str,
    source: bytes,
    at: datetime,
    channels: frozenset[str],
) -> CodeSent:
    """Send a code. Raises InvalidValue, ChannelUnavailable, TooManyRequests; never says whether anybody has it."""
    contact, _ = _contact(program, vault, wanted.phone, wanted.email)
    if contact.channel not in channels:
        raise ChannelUnavailable("Nothing can be sent this way here.")

    async def work(tx: Transaction) -> CodeSent:
        # Nobody is looked up: it is the phone that gets the code, whoever has it.
        sent = await issue(
            tx, program, vault, "log_in", contact, member=None, language=language, source=source, at=at
        )
        return CodeSent(sent.id, sent.channel, sent.expires_at)

    return await database.run(program.id, work)


async def log_in(
    database: Database,
    program: Program,
    vault: Vault,
    given: CodeGiven,
    *,
    label: str,
    at: datetime,
    device: str | None = None,
) -> Entered:
    """Open a session for whoever has the phone or email. Raises CodeWrong, InvalidValue, StateConflict.

    `device` names the browser: where she becomes a member by a friend's code, only a keyed hash of it is kept.
    Raises ReferralUnknown for a code that is nobody's, and Unprocessable for an answer that is missing or cannot be;
    then nobody joined, and the same code may be sent again.
    """
    identifier = ids.read("chl", given.challenge, "/challenge")
    contact, sought = _contact(program, vault, given.phone, given.email)

    async def look(tx: Transaction) -> tuple[Challenge | None, UUID | None]:
        asked = await challenges.find(tx, program.id, identifier, lock=True)
        if asked is None or asked.purpose != "log_in" or asked.contact != contact.digest:
            return None, None
        if asked.used_at is not None or asked.expires_at <= at or asked.attempts >= challenges.WRONG_MAX:
            return None, None
        if not challenges.answers(asked, vault.keyring.secret, given.code):
            await challenges.miss(tx, program.id, [asked.id])
            return None, None
        return asked, await _holder(tx, program, vault, sought)

    asked, member = await database.run(program.id, look)
    if asked is None:
        raise CodeWrong
    new = member is None
    if member is None:
        if not program.settings.log_in_enrols:
            raise NotFound("Nobody has this phone or email.")
        if not given.agreed:
            return Entered(LoggedIn(None, new=True), None)
        member = await _enrolled(database, program, vault, given, contact, asked, device, at)

    async def enter(tx: Transaction) -> tuple[str, str]:
        by = counts.subject("log in", member.bytes)
        if not await challenges.use(tx, program.id, asked.id, by, at):
            raise CodeWrong
        await confirm_contact(tx, program.id, member, contact.channel, contact.digest, at)
        entered = await reading.member(tx, program.id, member)
        token = await sessions.begin(tx, program.id, member, label, "code", at)
        return token, entered.language if entered else ""

    token, language = await database.run(program.id, enter)
    return Entered(LoggedIn(ids.show("mem", member), new), token, language)


async def _enrolled(
    database: Database,
    program: Program,
    vault: Vault,
    given: CodeGiven,
    contact: Contact,
    asked: Challenge,
    device: str | None,
    at: datetime,
) -> UUID:
    """The member whom the phone or email becomes, once: the challenge names the request.

    Raises Unprocessable for an answer that is missing or wrong, or to what is not asked on the web: a mark that the
    program gives is nothing that somebody says of herself.
    """
    on_the_web = await read_questionnaire(database, program.id, "web")
    unasked = sorted(set(given.attributes) - {question.code for question in on_the_web.questions})
    if unasked:
        faults = [Fault(f"/attributes/{code}", "is not asked for", "unknown_field") for code in unasked]
        raise Unprocessable("Some answers cannot be as they are.", errors=faults)
    new = Enrolment(
        phone=contact.to if contact.channel == "sms" else None,
        email=contact.to if contact.channel == "email" else None,
        language=given.language if given.language in program.languages else None,
        consents=given.consents,
        attributes=given.attributes,
        source="web",
        tag=given.tag,
        referral_code=given.referral,
        device=device if given.referral else None,
    )
    key = f"log-in/{ids.show('chl', asked.id)}"
    request = Request(program.id, program.id, key, digest_of(key, None), at)
    herself = Caller(program.id, asked.id, frozenset({"member"}), name="the member herself")
    try:
        answer = await enrol(database, program, vault, request, herself, new)
    except MemberExists as taken:  # she enrolled elsewhere in this very moment
        raise StateConflict("This phone or email became a member's just now; log in again.") from taken
    return ids.read("mem", member_of(answer.body))


async def _holder(tx: Transaction, program: Program, vault: Vault, identifier: Identifier) -> UUID | None:
    customer = (await reading.find(tx, program.id, vault, [identifier])).get(0)
    return None if customer is None or customer.erased else customer.member


def _contact(
    program: Program, vault: Vault, phone: str | None, email: str | None
) -> tuple[Contact, Identifier]:
    if (phone is None) == (email is None):
        raise InvalidValue("", "Give exactly one of phone and email.")
    region = identity.region(program.time_zone, program.languages)
    channel: SentBy = "sms" if phone is not None else "email"
    kind = "phone" if phone is not None else "email"
    found = reading.identifier(kind, phone or email or "", program.settings, region, f"/{kind}")
    return Contact(channel, found.value, vault.digest(kind, found.value)), found
