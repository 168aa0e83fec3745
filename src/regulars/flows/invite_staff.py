"""Invites people to run a program: a link, kept as a digest, that makes a person or gives one another post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import i18n, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import Forbidden, InvalidValue, NotFound, StateConflict
from regulars.flows import staff_trail
from regulars.flows.messages import queue_message
from regulars.flows.sign_in_staff import Arrival, enter
from regulars.flows.staff_trail import Browser
from regulars.i18n import N_
from regulars.messages.model import Message
from regulars.programs import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.programs.roles import LIMITED_TO_A_PARTNER, LIMITED_TO_STORES, ROLES, Role
from regulars.programs.staff import invitations, passwords, people
from regulars.programs.staff.model import Invitation, Post

SUBJECT = N_("{program}: you are invited to the back office")
TEXT = N_(
    "{by} invites you to help run {program}. Open this link within {days} days and choose a password:\n\n{link}\n\n"
    "If you did not expect this, do nothing."
)
ROOT = "/backoffice/invitation/"
ENDED = "This link was used already, withdrawn, or is too old. Ask for another."


class Wanted(Struct, frozen=True):
    """Whom to invite, and what for."""

    email: str
    roles: tuple[str, ...]
    stores: tuple[str, ...] = ()
    """Of a shop manager: codes of the stores she sees."""
    partner: str = ""
    """Of a partner's user: the partner's code."""


class Invited(Struct, frozen=True):
    """A link that was made: its text is shown now and kept nowhere."""

    link: str
    mailed: bool


class Guest(Struct, frozen=True):
    """What somebody reads who opens a link."""

    invitation: Invitation
    program: str
    known: bool
    """Whether there is a person with this address: she signs in to accept."""


def post_of(program: Program, roles: Sequence[str], stores: Sequence[str] = (), partner: str = "") -> Post:
    """What somebody would do in a program. Raises InvalidValue where a part is missing, or names what is not there."""
    chosen: tuple[Role, ...] = tuple(role for role in ROLES if role in roles)
    if not chosen or len(chosen) != len(set(roles)):
        raise InvalidValue("/roles", "choose at least one role")
    shops: set[UUID] = set()
    if LIMITED_TO_STORES in chosen:
        if not stores or not set(stores) <= set(program.stores):
            raise InvalidValue("/stores", "choose the stores that a shop manager sees")
        shops = {program.stores[code].id for code in stores}
    company: UUID | None = None
    if LIMITED_TO_A_PARTNER in chosen:
        if partner not in program.partners:
            raise InvalidValue("/partner", "choose the partner whose figures are seen")
        company = program.partners[partner].id
    return Post(program.id, chosen, frozenset(shops), company)


async def invite(
    database: Database,
    program: Program,
    wanted: Wanted,
    *,
    by: UUID | None,
    by_name: str,
    address: str,
    secret: bytes,
    mail_at: datetime | None,
    at: datetime,
) -> Invited:
    """Make the link for somebody; it takes the place of one that she had before. `mail_at`: when it is mailed too.

    Raises InvalidValue, StateConflict where she is among the program's staff already.
    """
    email = people.normal_email(wanted.email)
    post = post_of(program, wanted.roles, wanted.stores, wanted.partner)
    language = i18n.language(next((code for code in program.languages if code in i18n.COMPLETE), "en"))

    async def work(tx: Transaction) -> str:
        known = await people.by_email(tx, email)
        if known is not None and await people.colleagues(tx, program.id, known.id):
            raise StateConflict("Somebody with this address is among the staff already.")
        token = await invitations.give(tx, "invitation", program.id, email, by, at, post)
        if mail_at is not None:
            words = {
                "program": program.name, "by": by_name, "days": invitations.LAST["invitation"].days,
                "link": f"{address}{ROOT}{token}",
            }  # fmt: skip
            message = Message(
                "email",
                email,
                language.gettext(TEXT).format(**words),
                language.gettext(SUBJECT).format(**words),
            )
            await queue_message(tx, program.id, secret, message, purpose="invite_staff", at=mail_at)
        after = {"roles": post.roles, "mailed": mail_at is not None}
        await trail.record(tx, program.id, Change("staff.invited", _hidden(email), after=after))
        return token

    token = await database.run(program.id, work)
    return Invited(f"{address}{ROOT}{token}", mail_at is not None)


async def withdraw_invitation(database: Database, program: UUID, invitation: UUID) -> None:
    """It cannot be accepted any more. Raises NotFound."""

    async def work(tx: Transaction) -> None:
        if not await invitations.withdraw(tx, program, invitation):
            raise NotFound("There is no such invitation, or it was accepted.")
        await trail.record(tx, program, Change("staff.invitation_withdrawn", ids.show("inv", invitation)))

    await database.run(program, work)


async def open_link(database: Database, token: str, at: datetime) -> Guest:
    """What a link is for. Raises NotFound for one that was used, or is too old."""
    async with database.transaction(None) as tx:
        invitation = await invitations.find(tx, token, at)
        if invitation is None:
            raise NotFound(ENDED)
        person = await people.by_email(tx, invitation.email)
        name = next(brief.name for brief in await reading.programs(tx) if brief.id == invitation.program)
    return Guest(invitation, name, person is not None)


async def accept_as_new(
    database: Database,
    secret: bytes,
    token: str,
    name: str,
    password: str,
    *,
    language: str,
    browser: Browser,
    at: datetime,
) -> Arrival:
    """Become a person with the post of the invitation, and be signed in.

    Raises InvalidValue, NotFound, StateConflict.
    """
    guest = await open_link(database, token, at)
    own = people.own_name(name)
    passwords.check(password, (guest.invitation.email, own, guest.program))
    kept = await passwords.hashed(password)

    async def work(tx: Transaction) -> Arrival:
        invitation = await _used(tx, token, at)
        staff = await people.add(tx, invitation.email, own, language, kept, at)
        if staff is None:
            raise StateConflict("Somebody has this address already; sign in to accept.")
        await _give(tx, staff, invitation, at)
        person = await people.by_id(tx, staff)
        assert person is not None, "she was just added"
        await staff_trail.note(tx, person, "joined", browser, {"roles": invitation.roles})
        return Arrival("in", await enter(tx, secret, person, "invitation", browser, at), staff)

    return await database.run(None, work)


async def accept_as(database: Database, token: str, staff: UUID, at: datetime) -> UUID:
    """Take the post of the invitation as somebody who is signed in; the program.

    Raises Forbidden, NotFound, StateConflict.
    """

    async def work(tx: Transaction) -> UUID:
        person = await people.by_id(tx, staff)
        invitation = await _used(tx, token, at)
        if person is None or person.email != invitation.email:
            raise Forbidden("This invitation is for somebody else.")
        if not await _give(tx, staff, invitation, at):
            raise StateConflict("You are among the staff of this program already.")
        await staff_trail.note(tx, person, "joined", None, {"roles": invitation.roles}, invitation.program)
        return invitation.program

    return await database.run(None, work)


def _hidden(email: str) -> str:
    """Enough of an address to know whose it is, and not enough to write to it."""
    name, _, domain = email.partition("@")
    return f"{name[:2]}…@{domain}"


async def _used(tx: Transaction, token: str, at: datetime) -> Invitation:
    invitation = await invitations.use(tx, token, at)
    if invitation is None or invitation.kind != "invitation":
        raise NotFound(ENDED)
    return invitation


async def _give(tx: Transaction, staff: UUID, invitation: Invitation, at: datetime) -> bool:
    return await people.give_post(
        tx, invitation.program, staff, invitation.roles, at,
        stores=invitation.stores, partner=invitation.partner,
    )  # fmt: skip
