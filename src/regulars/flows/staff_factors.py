"""A person's own second factor: set up with an app that counts codes, taken away, and its recovery codes."""

from __future__ import annotations

import base64
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from pyotp import random_base32
from pyotp.totp import TOTP

from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, StateConflict, TooManyRequests
from regulars.flows import staff_trail
from regulars.flows.sign_in_staff import (
    NO_PROGRAM,
    Arrival,
    enter,
    forget_tries,
    matching_step,
    may_try,
    seal_secret,
)
from regulars.flows.staff_trail import Browser
from regulars.members import vault
from regulars.members.vault import Keyring, Sealed
from regulars.programs.staff import factors, passwords, people, sessions
from regulars.programs.staff.model import Person, StaffSession

_OFFERED = b"regulars.totp.offered"
ISSUER = "Regulars"
LABEL_MAX = 80
WAIT_SECONDS = 60


class Offered(Struct, frozen=True):
    """The secret of new codes, before it was shown that she has it."""

    secret: str
    """Base 32, to be typed where no picture can be read."""
    address: str
    """`otpauth://…`, for the picture."""
    sealed: str
    """The secret as it comes back with the form: bound to her."""


class Renewed(Struct, frozen=True):
    """A second factor was set: the codes for when it is lost, shown once, and the session that goes on."""

    codes: list[str]
    arrival: Arrival


def offer_codes(keyring: Keyring, staff: UUID, email: str) -> Offered:
    """A new secret; nothing is kept of it until a code of it came back."""
    secret = random_base32()
    sealed = vault.of(keyring, NO_PROGRAM).seal_text(_OFFERED, staff.bytes, secret.encode())
    return _offered(secret, email, base64.urlsafe_b64encode(msgspec.json.encode(sealed)).decode())


def offered_again(keyring: Keyring, staff: UUID, email: str, sealed: str) -> Offered:
    """What was offered to her, as it came back with the form. Raises InvalidValue for what was not."""
    return _offered(_opened(keyring, staff, sealed), email, sealed)


async def keep_codes(
    database: Database,
    keyring: Keyring,
    session: StaffSession,
    offered: Offered,
    code: str,
    *,
    browser: Browser,
    at: datetime,
) -> Renewed:
    """From now on a password alone does not let her in. Her other sessions end, and this one gets another token.

    Raises InvalidValue for a code that is not of this secret, StateConflict where she has one already.
    """
    staff = session.staff
    step = matching_step(offered.secret, code, at)
    if step is None:
        raise InvalidValue("/code", "is not the code that the app shows now")
    kept = seal_secret(keyring, staff, offered.secret)

    async def work(tx: Transaction) -> Renewed:
        if not await factors.set_totp(tx, staff, kept, step):
            raise StateConflict("You have set up an app already; take that one away first.")
        codes = await factors.renew_recovery_codes(tx, keyring.secret, staff)
        await sessions.end_all(tx, staff)
        person = await people.by_id(tx, staff)
        assert person is not None, "people are never deleted"
        await staff_trail.note(tx, person, "second_factor_set", browser)
        return Renewed(codes, Arrival("in", await _anew(tx, keyring, session, browser, at), staff))

    return await database.run(None, work)


async def drop_codes(
    database: Database, secret: bytes, staff: UUID, password: str, *, browser: Browser, at: datetime
) -> None:
    """Ask for no codes any more. Raises InvalidValue for a wrong password, TooManyRequests, StateConflict."""
    person = await require_password(database, secret, staff, password, browser, at)

    async def work(tx: Transaction) -> None:
        if not await factors.drop_totp(tx, staff):
            raise StateConflict("There is no app set up.")
        if not person.passkeys:
            await factors.drop_recovery_codes(tx, staff)
        await staff_trail.note(tx, person, "second_factor_dropped", browser)

    await database.run(None, work)


async def renew_recovery_codes(
    database: Database, secret: bytes, staff: UUID, password: str, *, browser: Browser, at: datetime
) -> list[str]:
    """Ten new recovery codes; those before are worth nothing. Raises as `drop_codes` does."""
    person = await require_password(database, secret, staff, password, browser, at)
    if not person.has_second_factor:
        raise StateConflict("Without a second factor there is nothing to recover.")

    async def work(tx: Transaction) -> list[str]:
        codes = await factors.renew_recovery_codes(tx, secret, staff)
        await staff_trail.note(tx, person, "recovery_codes_renewed", browser)
        return codes

    return await database.run(None, work)


async def require_password(
    database: Database, secret: bytes, staff: UUID, password: str, browser: Browser, at: datetime
) -> Person:
    """The person, if this is her password; who has none is not asked. Wrong ones count as at the sign-in.

    Raises InvalidValue, TooManyRequests.
    """
    async with database.transaction(None) as tx:
        person = await people.by_id(tx, staff)
    assert person is not None, "people are never deleted"
    if not person.password:
        return person
    if not await may_try(database, secret, person, browser, at):
        raise TooManyRequests(WAIT_SECONDS)
    if not await passwords.right(password, person.password):
        raise InvalidValue("/password", "is not your password")
    await database.run(None, lambda tx: forget_tries(tx, secret, person, browser))
    return person


async def _anew(
    tx: Transaction, keyring: Keyring, session: StaffSession, browser: Browser, at: datetime
) -> str:
    """Another token for a session that knows more of her than before, in the program that she looks at."""
    person = await people.by_id(tx, session.staff)
    assert person is not None, "people are never deleted"
    token = await enter(tx, keyring.secret, person, "second_factor", browser, at)
    if session.program is not None:
        await sessions.choose_program(tx, sessions.digest(token), session.program)
    return token


def _offered(secret: str, email: str, sealed: str) -> Offered:
    address = TOTP(secret).provisioning_uri(name=email[:LABEL_MAX], issuer_name=ISSUER)
    return Offered(secret, address, sealed)


def _opened(keyring: Keyring, staff: UUID, sealed: str) -> str:
    try:
        kept = msgspec.json.decode(base64.urlsafe_b64decode(sealed), type=Sealed)
        return vault.of(keyring, NO_PROGRAM).open_text(_OFFERED, staff.bytes, kept).decode()
    except (ValueError, msgspec.MsgspecError, vault.VaultLocked) as error:
        raise InvalidValue("/sealed", "this form was not made by the page: open the page anew") from error
