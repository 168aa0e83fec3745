"""Passkeys: a member adds one where she is logged in, and logs in with it afterwards without saying who she is."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import CodeWrong, InvalidValue, NotFound, StateConflict
from regulars.flows import passkey_answers
from regulars.flows.log_in import Entered, LoggedIn
from regulars.flows.passkey_answers import Offer, Signed
from regulars.members import reading
from regulars.members.access import challenges, counts, passkeys, sessions
from regulars.members.access.challenges import Challenge, Purpose
from regulars.members.access.passkeys import Passkey
from regulars.members.vault import Vault
from regulars.programs.model import Program

LASTS = timedelta(minutes=5)


class PasskeyView(Struct, frozen=True):
    """A passkey of the member."""

    id: str
    label: str
    created_at: datetime
    used_at: datetime | None


class PasskeyList(Struct, frozen=True):
    """The member's passkeys, the oldest first."""

    items: tuple[PasskeyView, ...]


async def offer_log_in(
    database: Database, program: Program, vault: Vault, *, origin: str, source: bytes, at: datetime
) -> Offer:
    """Options for a log-in with any passkey of this address. Raises TooManyRequests."""
    identifier = ids.new(secrets.randbelow(ids.HOMES))
    nonce = _nonce(vault, identifier)

    async def work(tx: Transaction) -> None:
        most = program.settings.codes_of_a_source
        await counts.take(tx, program.id, "passkeys_by", source, most, at)
        await _keep(tx, program, vault, identifier, "passkey_log_in", nonce, None, at)

    await database.run(program.id, work)
    return passkey_answers.asked_to_sign(ids.show("chl", identifier), nonce, origin)


async def log_in_by_passkey(
    database: Database,
    program: Program,
    vault: Vault,
    signed: Signed,
    *,
    origin: str,
    label: str,
    at: datetime,
) -> Entered:
    """Open a session for the member whose passkey signed. Raises CodeWrong whatever is wrong with it."""
    member = _member_of(passkey_answers.owner_of(signed))
    credential = passkey_answers.credential_of(signed)
    if member is None or credential is None:
        raise CodeWrong("This passkey cannot be read.")

    async def work(tx: Transaction) -> tuple[str, str] | None:
        nonce = await _taken(tx, program, vault, signed, "passkey_log_in", None, at)
        known = await passkeys.find(tx, program.id, ids.home(member), credential)
        holder = await reading.member(tx, program.id, member)
        if nonce is None or known is None or known.member != member or holder is None or holder.erased_at:
            return None
        count = await passkey_answers.signature_count(
            signed, nonce, origin, known.public_key, known.sign_count
        )
        if count is None or not await passkeys.use(tx, program.id, known.id, count, at):
            return None
        return await sessions.begin(tx, program.id, member, label, "passkey", at), holder.language

    begun = await database.run(program.id, work)
    if begun is None:
        raise CodeWrong("This passkey does not log in here.")
    token, language = begun
    return Entered(LoggedIn(ids.show("mem", member), new=False), token, language)


async def offer_passkey(
    database: Database, program: Program, vault: Vault, member: UUID, *, origin: str, at: datetime
) -> Offer:
    """Options for a new passkey of a member who is logged in; those that she has are not made again."""
    identifier = ids.new(ids.home(member))
    nonce = _nonce(vault, identifier)

    async def work(tx: Transaction) -> tuple[str, list[Passkey]]:
        profile = await reading.profile(tx, program.id, vault, member)
        if profile is None or profile.erased_at is not None:
            raise NotFound("There is no such member.")
        await _keep(tx, program, vault, identifier, "passkey_add", nonce, member, at)
        person = profile.person
        name = person.email or person.phone or person.name or program.name
        return name, await passkeys.of_member(tx, program.id, member)

    name, known = await database.run(program.id, work)
    return passkey_answers.asked_to_make(
        ids.show("chl", identifier), nonce, origin,
        owner=member.bytes, name=name, at=program.name, known=[one.credential for one in known],
    )  # fmt: skip


async def add_passkey(
    database: Database,
    program: Program,
    vault: Vault,
    member: UUID,
    signed: Signed,
    *,
    origin: str,
    at: datetime,
) -> PasskeyView:
    """Keep the member's new passkey. Raises InvalidValue, StateConflict where it is known already."""

    async def work(tx: Transaction) -> PasskeyView:
        nonce = await _taken(tx, program, vault, signed, "passkey_add", member, at)
        if nonce is None:
            raise InvalidValue("/challenge", "was answered already, or is too old: ask for another")
        key = await passkey_answers.key_made(signed, nonce, origin)
        if key is None:
            raise InvalidValue("/credential", "does not answer the challenge")
        made = Passkey(
            ids.new(ids.home(member)), member, key.credential, key.public_key,
            key.sign_count, signed.label, at, None,
        )  # fmt: skip
        if not await passkeys.add(tx, program.id, made):
            raise StateConflict("This passkey is known already.")
        return _view(made)

    return await database.run(program.id, work)


async def list_passkeys(database: Database, program: UUID, member: UUID) -> PasskeyList:
    """The member's passkeys."""
    async with database.transaction(program) as tx:
        return PasskeyList(tuple(_view(one) for one in await passkeys.of_member(tx, program, member)))


async def remove_passkey(
    database: Database, program: UUID, member: UUID, passkey: UUID, *, at: datetime
) -> None:
    """It no longer logs in. Raises NotFound."""

    async def work(tx: Transaction) -> None:
        if not await passkeys.remove(tx, program, member, passkey, at):
            raise NotFound("There is no such passkey, or no longer.")

    await database.run(program, work)


def _nonce(vault: Vault, challenge: UUID) -> bytes:
    """The bytes that are signed: derived from the challenge's id, so that nothing has to be kept of them."""
    return challenges.digest(vault.keyring.secret, challenge, b"what a passkey signs")


async def _keep(
    tx: Transaction,
    program: Program,
    vault: Vault,
    identifier: UUID,
    purpose: Purpose,
    nonce: bytes,
    member: UUID | None,
    at: datetime,
) -> None:
    kept = challenges.digest(vault.keyring.secret, identifier, nonce)
    challenge = Challenge(identifier, purpose, "passkey", member, None, kept, 0, at + LASTS, None, None)
    await challenges.add(tx, program.id, challenge, at)


async def _taken(
    tx: Transaction,
    program: Program,
    vault: Vault,
    signed: Signed,
    purpose: Purpose,
    member: UUID | None,
    at: datetime,
) -> bytes | None:
    """The bytes that this challenge asked to be signed, used up; None: it is another's, too old, or was answered."""
    identifier = ids.read("chl", signed.challenge, "/challenge")
    asked = await challenges.find(tx, program.id, identifier)
    if asked is None or asked.purpose != purpose or asked.member != member:
        return None
    by = counts.subject("passkey", identifier.bytes)
    return _nonce(vault, identifier) if await challenges.use(tx, program.id, identifier, by, at) else None


def _member_of(owner: bytes | None) -> UUID | None:
    return UUID(bytes=owner) if owner is not None and len(owner) == 16 else None


def _view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(ids.show("pky", passkey.id), passkey.label, passkey.created_at, passkey.used_at)
