"""Passkeys: a member adds one where she is logged in, and logs in with it afterwards without saying who she is."""

from __future__ import annotations

import asyncio
import base64
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import CodeWrong, InvalidValue, NotFound, StateConflict
from regulars.flows.log_in import Entered, LoggedIn
from regulars.members import reading
from regulars.members.access import challenges, counts, passkeys, sessions
from regulars.members.access.challenges import Challenge, Purpose
from regulars.members.access.passkeys import Passkey
from regulars.members.vault import Vault
from regulars.programs.model import Program

LASTS = timedelta(minutes=5)


class Offer(Struct, frozen=True):
    """What a browser is asked to sign: `options` goes to `navigator.credentials`, `challenge` comes back with it."""

    challenge: str
    options: dict[str, Any]


class Signed(Struct, frozen=True, forbid_unknown_fields=True):
    """What the browser answered: `PublicKeyCredential.toJSON()`."""

    challenge: Annotated[str, Meta(max_length=64)]
    credential: dict[str, Any]
    label: Annotated[str, Meta(max_length=80, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""


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
    options = generate_authentication_options(
        rp_id=_host(origin), challenge=nonce, user_verification=UserVerificationRequirement.PREFERRED
    )
    return Offer(ids.show("chl", identifier), msgspec.json.decode(options_to_json(options)))


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
    handle = signed.credential.get("response", {})
    member = _member_of(handle.get("userHandle") if isinstance(handle, dict) else None)
    credential = _bytes(signed.credential.get("rawId"))
    if member is None or credential is None:
        raise CodeWrong("This passkey cannot be read.")

    async def work(tx: Transaction) -> str | None:
        nonce = await _taken(tx, program, vault, signed, "passkey_log_in", None, at)
        known = await passkeys.find(tx, program.id, ids.home(member), credential)
        holder = await reading.member(tx, program.id, member)
        if nonce is None or known is None or known.member != member or holder is None or holder.erased_at:
            return None
        try:
            verified = await asyncio.to_thread(
                verify_authentication_response,
                credential=signed.credential,
                expected_challenge=nonce,
                expected_rp_id=_host(origin),
                expected_origin=origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.sign_count,
            )
        except WebAuthnException:
            return None
        if not await passkeys.use(tx, program.id, known.id, verified.new_sign_count, at):
            return None
        return await sessions.begin(tx, program.id, member, label, "passkey", at)

    token = await database.run(program.id, work)
    if token is None:
        raise CodeWrong("This passkey does not log in here.")
    return Entered(LoggedIn(ids.show("mem", member), new=False), token)


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
    options = generate_registration_options(
        rp_id=_host(origin),
        rp_name=program.name,
        user_id=member.bytes,
        user_name=name,
        user_display_name=name,
        challenge=nonce,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential) for one in known],
    )
    return Offer(ids.show("chl", identifier), msgspec.json.decode(options_to_json(options)))


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
        try:
            verified = await asyncio.to_thread(
                verify_registration_response,
                credential=signed.credential,
                expected_challenge=nonce,
                expected_rp_id=_host(origin),
                expected_origin=origin,
            )
        except WebAuthnException as error:
            raise InvalidValue("/credential", "does not answer the challenge") from error
        made = Passkey(
            ids.new(ids.home(member)), member, verified.credential_id, verified.credential_public_key,
            verified.sign_count, signed.label, at, None,
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


def _member_of(handle: Any) -> UUID | None:
    data = _bytes(handle)
    return UUID(bytes=data) if data is not None and len(data) == 16 else None


def _bytes(text: Any) -> bytes | None:
    if not isinstance(text, str) or len(text) > 2000:
        return None
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or "localhost"


def _view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(ids.show("pky", passkey.id), passkey.label, passkey.created_at, passkey.used_at)
