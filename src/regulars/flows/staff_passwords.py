"""Sets a person's password anew: by herself with the old one, by a link from an owner, or by one from her mailbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from regulars import i18n, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import Forbidden, InvalidValue, NotFound
from regulars.flows import staff_trail
from regulars.flows.invite_staff import ENDED, ROOT, open_link
from regulars.flows.messages import queue_message
from regulars.flows.staff_factors import require_password
from regulars.flows.staff_trail import Browser
from regulars.i18n import N_
from regulars.messages.model import Message
from regulars.programs import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.programs.staff import attempts, invitations, passwords, people, sessions
from regulars.programs.staff.attempts import Pace

SUBJECT = N_("A new password for the back office")
TEXT = N_(
    "Somebody asked for a new password of your account in the back office. If it was you, open this link within an "
    "hour:\n\n{link}\n\nIf it was not you, do nothing: your password stays as it is."
)
MAILS = Pace(3, timedelta(minutes=15), timedelta(hours=1))
"""Letters of this kind to one mailbox, and …"""
MAILS_OF_AN_ADDRESS = Pace(20, timedelta(minutes=1), timedelta(hours=1))
"""… from one network address, whomever they are to."""


async def change_password(
    database: Database,
    secret: bytes,
    staff: UUID,
    old: str,
    new: str,
    *,
    session: bytes,
    browser: Browser,
    at: datetime,
) -> None:
    """Set another password; her sessions but the one of that digest end. Raises InvalidValue, TooManyRequests."""
    person = await require_password(database, secret, staff, old, browser, at)
    passwords.check(new, (person.email, person.name), "/new")
    kept = await passwords.hashed(new)

    async def work(tx: Transaction) -> None:
        await people.set_password(tx, staff, kept)
        await invitations.forget_links(tx, person.email)
        await sessions.end_all(tx, staff, session)
        await staff_trail.note(tx, person, "password_changed", browser)

    await database.run(None, work)


async def give_reset_link(
    database: Database, program: Program, by: UUID | None, staff: UUID, *, address: str, at: datetime
) -> str:
    """A link with which somebody sets a new password, for a colleague who forgot hers.

    Raises NotFound, and Forbidden for a person who works for another program too: its owner did not agree to it.
    """

    async def work(tx: Transaction) -> str:
        found = await people.colleagues(tx, program.id, staff)
        if not found:
            raise NotFound("There is no such person among the staff.")
        if found[0].elsewhere:
            raise Forbidden("She works for another program too: only she herself can ask for a new password.")
        token = await invitations.give(tx, "password", program.id, found[0].email, by, at)
        await trail.record(tx, program.id, Change("staff.reset_link_given", ids.show("stf", staff)))
        return token

    return f"{address}{ROOT}{await database.run(program.id, work)}"


async def mail_reset_link(
    database: Database,
    secret: bytes,
    email: str,
    *,
    source: str,
    origin: str,
    now: Callable[[UUID], Awaitable[datetime]],
    at: datetime,
) -> UUID | None:
    """Mail a link to whoever has this address, if somebody has; the program in whose name it is sent.

    `source`: the network address that asks. `now`: a program's clock, by which its messages are sent. None where
    nobody is there, it was asked for too often, or there is no address for the link: whoever asks is told none of it.
    """
    try:
        known = people.normal_email(email)
    except InvalidValue:
        return None

    async def look(tx: Transaction) -> tuple[UUID, str] | None:
        counted = (
            (attempts.subject(secret, "mails_of_address", source), MAILS_OF_AN_ADDRESS),
            (attempts.subject(secret, "mail", known), MAILS),
        )
        for about, pace in counted:
            if not await attempts.claim(tx, about, pace, at):
                return None
        person = await people.by_email(tx, known)
        posts = await people.posts(tx, person.id) if person is not None else []
        return (posts[0].program, person.language) if person is not None and posts else None

    found = await database.run(None, look)
    if found is None:
        return None
    program, code = found
    language = i18n.language(code if code in i18n.COMPLETE else "en")
    mailed_at = await now(program)

    async def write(tx: Transaction) -> bool:
        address = public_address(await reading.load(tx, program), origin)
        if not address:
            return False
        token = await invitations.give(tx, "forgotten", program, known, None, at)
        text = language.gettext(TEXT).format(link=f"{address}{ROOT}{token}")
        message = Message("email", known, text, language.gettext(SUBJECT))
        await queue_message(
            tx, program, secret, message, purpose="staff_password", at=mailed_at, keep=timedelta(hours=1)
        )
        return True

    return program if await database.run(program, write) else None


async def set_password_by_link(
    database: Database, secret: bytes, token: str, password: str, *, at: datetime
) -> None:
    """Set the password of whoever the link is for, and end her sessions. Raises InvalidValue, NotFound.

    Her second factor is still asked for.
    """
    guest = await open_link(database, token, at)
    if guest.invitation.kind == "invitation" or not guest.known:
        raise NotFound(ENDED)
    passwords.check(password, (guest.invitation.email, guest.program))
    kept = await passwords.hashed(password)

    async def work(tx: Transaction) -> None:
        used = await invitations.use(tx, token, at)
        person = await people.by_email(tx, used.email) if used is not None else None
        if used is None or person is None:
            raise NotFound(ENDED)
        await people.set_password(tx, person.id, kept, proven_at=at if used.kind == "forgotten" else None)
        await invitations.forget_links(tx, person.email)
        await sessions.end_all(tx, person.id)
        await attempts.forget(tx, attempts.subject(secret, "person", person.email))
        await staff_trail.note(tx, person, "password_reset", None, {"by": used.kind})

    await database.run(None, work)


def public_address(program: Program, origin: str) -> str:
    """Where links in a mail lead: to the address that the program names, never to one that a stranger's request named.

    On this machine itself, where nobody else is, to `origin`. Empty: there is none.
    """
    if program.settings.public_address:
        return program.settings.public_address
    return origin if urlsplit(origin).hostname in ("localhost", "127.0.0.1", "::1") else ""
