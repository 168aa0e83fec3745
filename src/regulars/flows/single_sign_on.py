"""Lets staff in whom the company's own sign-in vouches for: invited people, and those of allowed domains."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, WrongIdKind
from regulars.flows.sign_in_staff import Arrival, Browser, arrive
from regulars.programs import reading
from regulars.programs.roles import LIMITED_TO_A_PARTNER, LIMITED_TO_STORES, ROLES
from regulars.programs.staff import factors, invitations, people, sessions
from regulars.programs.staff.model import Person, Post


class Question(Struct, frozen=True):
    """What a browser is sent to the company's sign-in with."""

    id: str
    """Kept in its cookie until it comes back."""
    state: str
    nonce: str
    verifier: str


class Vouched(Struct, frozen=True):
    """Whom the company means."""

    subject: str
    """Issuer and subject: the same person for good, whatever her address."""
    email: str
    """Verified; empty: the company vouches for no address."""
    name: str

    def __repr__(self) -> str:
        return "Vouched(…)"


class Admission(Struct, frozen=True):
    """Who gets in without an invitation: verified addresses of these domains, with this role in this program."""

    domains: tuple[str, ...] = ()
    role: str = ""
    program: str = ""


async def ask_company(database: Database, secret: bytes, after: str, at: datetime) -> Question:
    """A new question; it is answered once, within ten minutes."""
    question = await database.run(None, lambda tx: factors.ask(tx, "single_sign_on", None, at, after))
    return _question(secret, question)


async def take_answer(
    database: Database, secret: bytes, question: str, at: datetime
) -> tuple[Question, str] | None:
    """The question that a browser's cookie names, used up, and where it wanted to go; None: there is none."""
    try:
        identifier = ids.read("chl", question)
    except WrongIdKind:
        return None
    after = await database.run(
        None, lambda tx: factors.take_question(tx, identifier, "single_sign_on", None, at)
    )
    return (_question(secret, identifier), after) if after is not None else None


async def enter_vouched(
    database: Database,
    secret: bytes,
    vouched: Vouched,
    admission: Admission,
    *,
    language: str,
    browser: Browser,
    at: datetime,
) -> Arrival | None:
    """Let the person in; None: nobody invited her, and her domain is not one that needs no invitation.

    The first time an address is vouched for, whatever way in was set for it before it was known whose it is goes: an
    account that somebody else made with her address is hers alone from then on.
    """
    try:
        email = people.normal_email(vouched.email) if vouched.email else ""
    except InvalidValue:
        email = ""

    async def work(tx: Transaction) -> Person | None:
        person = await people.by_subject(tx, vouched.subject)
        if person is None and email:
            person = await people.by_email(tx, email)
            if person is not None and not await _become(tx, person, vouched.subject, at):
                return None
        invited = await invitations.use_all_of(tx, email, at) if email else []
        posts = [Post(one.program, one.roles, frozenset(one.stores), one.partner) for one in invited]
        if person is None:
            if not posts:
                posts = await _admitted(tx, email, admission)
            if not posts:
                return None
            name = people.own_name(vouched.name[: people.NAME_MAX].strip() or email.partition("@")[0])
            staff = await people.add(tx, email, name, language, "", at, subject=vouched.subject, proven=True)
            person = await people.by_id(tx, staff) if staff is not None else None
        if person is None:
            return None
        for post in posts:
            await people.give_post(
                tx, post.program, person.id, post.roles, at, stores=post.stores, partner=post.partner
            )
        return person

    person = await database.run(None, work)
    if person is None:
        return None
    return await arrive(database, secret, person, "single_sign_on", browser=browser, at=at)


async def _become(tx: Transaction, person: Person, subject: str, at: datetime) -> bool:
    """Whether the person of this address is the one whom the company means from now on."""
    if not await people.set_subject(tx, person.id, subject, at):
        return False
    if person.proven_at is None:
        await people.disown(tx, person.id)
        await sessions.end_all(tx, person.id)
    return True


async def _admitted(tx: Transaction, email: str, admission: Admission) -> list[Post]:
    if not email or email.rpartition("@")[2] not in admission.domains:
        return []
    program = ids.read("prg", admission.program, "REGULARS_OIDC_PROGRAM")
    brief = [one.id for one in await reading.programs(tx) if one.id == program]
    return [_plain_post(one, admission.role) for one in brief]


def _plain_post(program: UUID, role: str) -> Post:
    """A role that is limited to no store and no partner. Raises InvalidValue for another."""
    for known in ROLES:
        if known == role and known not in (LIMITED_TO_STORES, LIMITED_TO_A_PARTNER):
            return Post(program, (known,), frozenset(), None)
    raise InvalidValue("REGULARS_OIDC_ROLE", "is not a role that is given without an invitation")


def _question(secret: bytes, question: UUID) -> Question:
    parts = [factors.nonce(secret, question, about).hex() for about in ("state", "nonce", "verifier")]
    return Question(ids.show("chl", question), *parts)
