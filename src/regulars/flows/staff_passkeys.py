"""Passkeys of staff: a whole sign-in, or what comes after a password; made by whoever is signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import CodeWrong, InvalidValue, NotFound, StateConflict
from regulars.flows import passkey_answers, staff_trail
from regulars.flows.passkey_answers import Offer, Signed
from regulars.flows.sign_in_staff import Arrival, enter
from regulars.flows.staff_factors import require_password
from regulars.flows.staff_trail import Browser
from regulars.programs.staff import factors, people, sessions
from regulars.programs.staff.factors import StaffPasskey
from regulars.programs.staff.model import Person, StaffSession

PLACE = "Regulars"
PASSKEYS_MAX = 20


async def offer_sign_in(database: Database, secret: bytes, *, origin: str, at: datetime) -> Offer:
    """Options for a sign-in with any passkey of this address; nobody says who she is."""
    question = await database.run(None, lambda tx: factors.ask(tx, "passkey_sign_in", None, at))
    nonce = factors.nonce(secret, question, "passkey")
    return passkey_answers.asked_to_sign(ids.show("chl", question), nonce, origin, verified=True)


async def sign_in_by_passkey(
    database: Database,
    secret: bytes,
    signed: Signed,
    *,
    origin: str,
    browser: Browser,
    session: StaffSession | None,
    at: datetime,
) -> Arrival:
    """Let the person in whose passkey signed; `session` is the one that waited for it. Raises CodeWrong."""
    question = ids.read("chl", signed.challenge, "/challenge")
    credential = passkey_answers.credential_of(signed)
    owner = passkey_answers.owner_of(signed)
    if credential is None or owner is None:
        raise CodeWrong("This passkey cannot be read.")

    async def look(tx: Transaction) -> tuple[StaffPasskey, Person] | None:
        asked = await factors.take_question(tx, question, "passkey_sign_in", None, at)
        known = await factors.passkey_of(tx, credential)
        if asked is None or known is None or known.staff.bytes != owner:
            return None
        if session is not None and session.staff != known.staff:
            return None
        person = await people.by_id(tx, known.staff)
        assert person is not None, "people are never deleted"
        return known, person

    found = await database.run(None, look)
    if found is None:
        raise CodeWrong("This passkey does not sign in here.")
    known, person = found
    nonce = factors.nonce(secret, question, "passkey")
    count = await passkey_answers.signature_count(
        signed, nonce, origin, known.public_key, known.sign_count, verified=True
    )

    async def work(tx: Transaction) -> str | None:
        if count is None or not await factors.use_passkey(tx, known.id, count, at):
            return None
        if session is not None:
            await sessions.close(tx, session.digest)
        return await enter(tx, secret, person, "passkey", browser, at)

    token = await database.run(None, work)
    if token is None:
        raise CodeWrong("This passkey does not sign in here.")
    return Arrival("in", token, person.id)


async def offer_passkey(
    database: Database, secret: bytes, staff: UUID, *, origin: str, at: datetime
) -> Offer:
    """Options for a new passkey of a person who is signed in; those that she has are not made again."""

    async def work(tx: Transaction) -> tuple[UUID, Person, list[StaffPasskey]]:
        person = await people.by_id(tx, staff)
        assert person is not None, "people are never deleted"
        known = await factors.passkeys_of(tx, staff)
        if len(known) >= PASSKEYS_MAX:
            raise StateConflict("You have as many passkeys as there may be; take one away first.")
        return await factors.ask(tx, "passkey_add", staff, at), person, known

    question, person, known = await database.run(None, work)
    return passkey_answers.asked_to_make(
        ids.show("chl", question), factors.nonce(secret, question, "passkey"), origin,
        owner=staff.bytes, name=person.email, at=PLACE, known=[one.credential for one in known], verified=True,
    )  # fmt: skip


async def add_passkey(
    database: Database, secret: bytes, staff: UUID, signed: Signed, *, origin: str, at: datetime
) -> None:
    """Keep her new passkey. Raises InvalidValue, StateConflict where it is known already."""
    question = ids.read("chl", signed.challenge, "/challenge")
    key = await passkey_answers.key_made(
        signed, factors.nonce(secret, question, "passkey"), origin, verified=True
    )

    async def work(tx: Transaction) -> None:
        if await factors.take_question(tx, question, "passkey_add", staff, at) is None:
            raise InvalidValue("/challenge", "was answered already, or is too old: ask for another")
        if key is None:
            raise InvalidValue("/credential", "does not answer the challenge")
        label = signed.label.strip() or PLACE
        made = StaffPasskey(ids.new(), staff, key.credential, key.public_key, key.sign_count, label, at, None)
        if not await factors.add_passkey(tx, made):
            raise StateConflict("This passkey is known already.")
        person = await people.by_id(tx, staff)
        assert person is not None, "people are never deleted"
        await staff_trail.note(tx, person, "passkey_added", None)

    await database.run(None, work)


async def remove_passkey(
    database: Database,
    secret: bytes,
    staff: UUID,
    passkey: UUID,
    password: str,
    *,
    browser: Browser,
    at: datetime,
) -> None:
    """It signs nobody in any more. Raises InvalidValue for a wrong password, TooManyRequests, NotFound."""
    person = await require_password(database, secret, staff, password, browser, at)

    async def work(tx: Transaction) -> None:
        if not await factors.remove_passkey(tx, staff, passkey):
            raise NotFound("There is no such passkey, or no longer.")
        await staff_trail.note(tx, person, "passkey_removed", browser)

    await database.run(None, work)
