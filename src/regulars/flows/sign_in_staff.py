"""Signs a person in to the back office: by password, then, where she has one, by her second factor."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct
from pyotp.totp import TOTP

from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue
from regulars.flows import staff_trail
from regulars.flows.staff_trail import Browser
from regulars.members import vault
from regulars.members.vault import Keyring, Sealed
from regulars.programs.staff import attempts, factors, passwords, people, sessions
from regulars.programs.staff.model import Method, Person, SealedSecret, StaffSession, Stage

_SECRET = b"regulars.totp"
NO_PROGRAM = UUID(int=0)
STEP_SECONDS = 30
STEPS_OFF = 1
"""A phone's clock may be so many steps off, either way."""


class Arrival(Struct, frozen=True):
    """What came of a sign-in."""

    outcome: Literal["in", "second_factor", "wrong", "wait"]
    token: str = ""
    staff: UUID | None = None


async def sign_in_by_password(
    database: Database, secret: bytes, email: str, password: str, *, browser: Browser, at: datetime
) -> Arrival:
    """Whether this is her password. After five wrong ones in a row she waits, longer after each further one.

    Who waits is told so whatever is typed, and the password is not looked at; an address that nobody has waits alike.
    """
    person, may_try = await _begin_try(database, secret, email, browser, at)
    if not may_try:
        await staff_trail.note_refused(database, person, "has_to_wait", browser)
        return Arrival("wait")
    known = person.password if person is not None else ""
    if not await passwords.right(password, known) or person is None:
        await staff_trail.note_refused(database, person, "wrong_password", browser)
        return Arrival("wrong")
    return await arrive(database, secret, person, "password", browser=browser, at=at)


async def sign_in_by_code(
    database: Database, keyring: Keyring, session: StaffSession, code: str, *, browser: Browser, at: datetime
) -> Arrival:
    """Whether this is a code of her second factor, or one of her recovery codes; each counts once.

    A wrong one counts as a wrong password does.
    """
    async with database.transaction(None) as tx:
        person = await people.by_id(tx, session.staff)
    assert person is not None, "people are never deleted"
    if not await may_try(database, keyring.secret, person, browser, at):
        return Arrival("wait")
    step = step_of(keyring, person, code, at)

    async def work(tx: Transaction) -> str | None:
        if step is not None:
            right = await factors.take_step(tx, person.id, step)
        else:
            right = await factors.use_recovery_code(tx, keyring.secret, person.id, code)
        if not right:
            return None
        await sessions.close(tx, session.digest)
        return await enter(tx, keyring.secret, person, "second_factor", browser, at)

    token = await database.run(None, work)
    if token is None:
        await staff_trail.note_refused(database, person, "wrong_code", browser)
        return Arrival("wrong")
    return Arrival("in", token, person.id)


async def arrive(
    database: Database, secret: bytes, person: Person, method: Method, *, browser: Browser, at: datetime
) -> Arrival:
    """Open a session for a person who showed that it is her; after a password, with a second factor to come."""
    needs_more = method == "password" and person.has_second_factor

    async def work(tx: Transaction) -> str:
        if not needs_more:
            return await enter(tx, secret, person, method, browser, at)
        if browser.known_for != person.id:
            await attempts.give_back(tx, attempts.subject(secret, "address", browser.address))
        return await _open(tx, person, method, "second_factor", browser, at)

    token = await database.run(None, work)
    return Arrival("second_factor" if needs_more else "in", token, person.id)


async def enter(
    tx: Transaction, secret: bytes, person: Person, method: Method, browser: Browser, at: datetime
) -> str:
    """Let her in: the tries before count no more; the token of her new session."""
    await forget_tries(tx, secret, person, browser)
    token = await _open(tx, person, method, "in", browser, at)
    await staff_trail.note(tx, person, "signed_in", browser, {"by": method})
    return token


async def forget_tries(tx: Transaction, secret: bytes, person: Person, browser: Browser) -> None:
    """It was her: the wrong tries before count no more, and the right one not for the address it came from."""
    await attempts.forget(tx, attempts.subject(secret, "person", person.email))
    if browser.known_for == person.id:
        await attempts.forget(tx, attempts.subject(secret, "browser", browser.id))
    else:
        await attempts.give_back(tx, attempts.subject(secret, "address", browser.address))


async def may_try(database: Database, secret: bytes, person: Person, browser: Browser, at: datetime) -> bool:
    """Count a try of a person's password or code before it is looked at. False: she has to wait."""

    async def work(tx: Transaction) -> bool:
        return await _claim(tx, secret, person.email, person, browser, at)

    return await database.run(None, work)


def step_of(keyring: Keyring, person: Person, code: str, at: datetime) -> int | None:
    """The step of the clock that a code of her second factor belongs to; None: of none that counts now."""
    if person.totp is None:
        return None
    kept = Sealed(person.totp.generation, person.totp.wrapped_key, person.totp.sealed)
    secret = vault.of(keyring, NO_PROGRAM).open_text(_SECRET, person.id.bytes, kept)
    return matching_step(secret.decode(), code, at)


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The step of a code (RFC 6238, six digits, 30 seconds), the latest of those that count now."""
    typed = "".join(code.split())
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    codes = TOTP(secret, interval=STEP_SECONDS)
    for step in range(now + STEPS_OFF, now - STEPS_OFF - 1, -1):
        if hmac.compare_digest(codes.generate_otp(step), typed):
            return step
    return None


def seal_secret(keyring: Keyring, staff: UUID, secret: str) -> SealedSecret:
    """The secret of somebody's codes as it may be kept. Raises VaultLocked without a master key."""
    sealed = vault.of(keyring, NO_PROGRAM).seal_text(_SECRET, staff.bytes, secret.encode())
    return SealedSecret(sealed.generation, sealed.wrapped_key, sealed.sealed)


async def _begin_try(
    database: Database, secret: bytes, email: str, browser: Browser, at: datetime
) -> tuple[Person | None, bool]:
    try:
        known = people.normal_email(email)
    except InvalidValue:
        known = ""

    async def work(tx: Transaction) -> tuple[Person | None, bool]:
        person = await people.by_email(tx, known) if known else None
        return person, await _claim(tx, secret, known, person, browser, at)

    return await database.run(None, work)


async def _claim(
    tx: Transaction, secret: bytes, email: str, person: Person | None, browser: Browser, at: datetime
) -> bool:
    for subject, pace in _counted(secret, email, person, browser):
        if not await attempts.claim(tx, subject, pace, at):
            return False
    return True


def _counted(
    secret: bytes, email: str, person: Person | None, browser: Browser
) -> list[tuple[bytes, attempts.Pace]]:
    """Under what a try counts. The address comes first: who waits for it makes nobody else wait."""
    if person is not None and browser.known_for == person.id:
        return [(attempts.subject(secret, "browser", browser.id), attempts.OF_A_PERSON)]
    return [
        (attempts.subject(secret, "address", browser.address), attempts.OF_AN_ADDRESS),
        (attempts.subject(secret, "person", email), attempts.OF_A_PERSON),
    ]


async def _open(
    tx: Transaction, person: Person, method: Method, stage: Stage, browser: Browser, at: datetime
) -> str:
    posts = await people.posts(tx, person.id)
    program = posts[0].program if posts else None
    return await sessions.begin(
        tx, person.id, program=program, stage=stage, method=method,
        agent=browser.agent, address=browser.address, at=at,
    )  # fmt: skip
