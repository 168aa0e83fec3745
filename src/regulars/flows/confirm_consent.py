"""Asks a member by email whether it was she who agreed, and takes her answer: a signed token, used once, for 7 days."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import i18n, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, StateConflict
from regulars.flows.messages import queue_message
from regulars.members import consents, reading
from regulars.members.model import Consent
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.messages.model import Message
from regulars.programs.model import Program

DAYS = 7
_SIGNED = 16 + 16 + 8
_SIGNATURE_BYTES = 32
_PURPOSE = b"regulars consent token\n"


class Confirmation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/consents/confirm`."""

    token: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]


class Confirmed(Struct, frozen=True):
    """What was confirmed."""

    consent: str
    member: str
    channel: str
    purpose: str
    confirmed_at: datetime


def token(secret: bytes, program: UUID, member: UUID, consent: UUID, expires_at: datetime) -> str:
    """What the link of the message carries: whose, which consent, until when (to the second), signed."""
    signed = member.bytes + consent.bytes + int(expires_at.timestamp()).to_bytes(8, "big")
    return urlsafe_b64encode(signed + _signature(secret, program, signed)).rstrip(b"=").decode()


async def confirm_consent(
    database: Database, program: Program, vault: Vault, text: str, *, at: datetime
) -> Confirmed:
    """What was confirmed, once. Raises InvalidValue for a token that is not ours or too old, StateConflict when it was
    used, or she has withdrawn or left meanwhile."""
    member, consent = _read(vault.keyring.secret, program.id, text, at)

    async def work(tx: Transaction) -> Confirmed:
        found = await reading.profile(tx, program.id, vault, member, lock=True)
        if found is None or found.erased_at is not None:
            raise StateConflict("This member has left.")
        said = await consents.one(tx, program.id, member, consent)
        if said is None:
            raise InvalidValue("/token", "is not one that was sent")
        if await consents.withdrawn_since(tx, program.id, member, said):
            raise StateConflict("This was withdrawn after it was said; say it again.")
        email = found.person.email if found.id == member else None
        mailbox = vault.digest("email", email) if email is not None else None
        if not await consents.confirm(tx, program.id, member, consent, at, mailbox):
            raise StateConflict("This was confirmed already.")
        return Confirmed(ids.show("cns", consent), ids.show("mem", found.id), said.channel, said.purpose, at)

    return await database.run(program.id, work)


async def ask(
    tx: Transaction,
    program: Program,
    vault: Vault,
    profile: Profile,
    said: Sequence[tuple[UUID, Consent]],
    at: datetime,
) -> None:
    """Queue a message for each (record, consent) by email that waits for its confirmation; without an email none.

    What waits on another channel is confirmed by a code there.
    It is written in the transaction of the consent and sent after it.
    """
    address = profile.person.email
    waiting = [record for record, consent in said if consent.to_confirm and consent.channel == "email"]
    if address is None or not waiting:
        return
    expires_at = at + timedelta(days=DAYS)
    for record in waiting:
        text = token(vault.keyring.secret, program.id, profile.id, record, expires_at)
        await queue_confirmation(tx, program, vault, profile, text, at)


async def queue_confirmation(
    tx: Transaction, program: Program, vault: Vault, profile: Profile, text: str, at: datetime
) -> None:
    """Write the message that carries a token; the edge has it sent after the commit."""
    assert profile.person.email is not None, "only an email is confirmed"
    language = i18n.language(profile.language)
    address = program.settings.public_address
    place = f"{address}/portal/{program.slug}/confirm?token={text}" if address else text
    message = Message(
        "email",
        profile.person.email,
        language.gettext(
            "You agreed to get messages of {program} by email. Please confirm it within {days} days:\n\n{link}\n\n"
            "If it was not you, do nothing: you will get no messages."
        ).format(program=program.name, days=DAYS, link=place),
        language.gettext("{program}: please confirm your email").format(program=program.name),
    )
    secret = vault.keyring.secret
    await queue_message(
        tx,
        program.id,
        secret,
        message,
        purpose="confirm_consent",
        at=at,
        keep=timedelta(days=1),
        home=ids.home(profile.id),
    )


def _read(secret: bytes, program: UUID, text: str, at: datetime) -> tuple[UUID, UUID]:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raw = b""
    signed, signature = raw[:_SIGNED], raw[_SIGNED:]
    if len(raw) != _SIGNED + _SIGNATURE_BYTES or not hmac.compare_digest(
        signature, _signature(secret, program, signed)
    ):
        raise InvalidValue("/token", "is not one that was sent")
    if at >= datetime.fromtimestamp(int.from_bytes(signed[32:], "big"), UTC):
        raise InvalidValue("/token", f"is older than {DAYS} days; ask for another")
    return UUID(bytes=signed[:16]), UUID(bytes=signed[16:32])


def _signature(secret: bytes, program: UUID, signed: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE + program.bytes + signed, hashlib.sha256)
