"""Keeps second factors: the step of the last code, recovery codes, passkeys, and what a browser was asked to sign."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs.staff.model import QuestionPurpose, SealedSecret
from regulars.programs.staff.people import SQL

RECOVERY_CODES = 10
QUESTION_LASTS = timedelta(minutes=10)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 10
"""49 bits: with five guesses and then a wait nobody finds one."""
_RECOVERY, _QUESTION = b"regulars staff recovery", b"regulars staff question"


class StaffPasskey(Struct, frozen=True):
    """A passkey of a member of staff."""

    id: UUID
    staff: UUID
    credential: bytes
    public_key: bytes
    sign_count: int
    label: str
    created_at: datetime
    used_at: datetime | None


async def set_totp(tx: Transaction, staff: UUID, secret: SealedSecret, step: int) -> bool:
    """Keep the secret of her codes, and the step of the code that proved it. False: she has one already."""
    values = {
        "generation": secret.generation, "key": secret.wrapped_key, "totp": secret.sealed, "step": step, "id": staff,
    }  # fmt: skip
    return await fetch_one(tx, SQL.set_totp, values) is not None


async def drop_totp(tx: Transaction, staff: UUID) -> bool:
    """Ask for no codes any more. False: none were asked for."""
    return await fetch_one(tx, SQL.drop_totp, (staff,)) is not None


async def take_step(tx: Transaction, staff: UUID, step: int) -> bool:
    """Use up a step of the clock. False: a code of it, or of a later one, was taken already."""
    return await fetch_one(tx, SQL.take_step, {"step": step, "id": staff}) is not None


async def renew_recovery_codes(tx: Transaction, secret: bytes, staff: UUID) -> list[str]:
    """Ten new recovery codes in place of those before; only their digests are kept."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)]
    await tx.execute(SQL.drop_recovery_codes, (staff,))
    digests = arrays.byteas([_recovery(secret, staff, code) for code in codes])
    await tx.execute(SQL.add_recovery_codes, (staff, digests))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


async def use_recovery_code(tx: Transaction, secret: bytes, staff: UUID, typed: str) -> bool:
    """Whether it is one of hers, used up with this."""
    code = "".join(sign for sign in typed.lower() if sign.isalnum())[:64]
    return await fetch_one(tx, SQL.use_recovery_code, (staff, _recovery(secret, staff, code))) is not None


async def drop_recovery_codes(tx: Transaction, staff: UUID) -> None:
    """Without a second factor there is nothing to recover."""
    await tx.execute(SQL.drop_recovery_codes, (staff,))


async def recovery_codes_left(tx: Transaction, staff: UUID) -> int:
    """How many of her recovery codes are unused."""
    row = await fetch_one(tx, SQL.recovery_codes_left, (staff,))
    assert row is not None
    return row[0]


async def add_passkey(tx: Transaction, passkey: StaffPasskey) -> bool:
    """Keep a passkey. False: somebody has it already."""
    values = {
        "id": passkey.id, "staff": passkey.staff, "credential": passkey.credential, "public_key": passkey.public_key,
        "sign_count": passkey.sign_count, "label": passkey.label, "at": passkey.created_at,
    }  # fmt: skip
    return await fetch_one(tx, SQL.add_passkey, values) is not None


async def passkey_of(tx: Transaction, credential: bytes) -> StaffPasskey | None:
    """The passkey of a credential."""
    row = await fetch_one(tx, SQL.passkey_by_credential, (credential,))
    return _passkey(row) if row else None


async def passkeys_of(tx: Transaction, staff: UUID) -> list[StaffPasskey]:
    """A person's passkeys, the oldest first."""
    return [_passkey(row) for row in await fetch_all(tx, SQL.passkeys_of_person, (staff,))]


async def use_passkey(tx: Transaction, passkey: UUID, sign_count: int, at: datetime) -> bool:
    """Note its use. False: its counter did not move on, so that it may be a copy (WebAuthn, 6.1.1)."""
    return await fetch_one(tx, SQL.use_passkey, {"id": passkey, "count": sign_count, "at": at}) is not None


async def remove_passkey(tx: Transaction, staff: UUID, passkey: UUID) -> bool:
    """It signs nobody in any more. False: she has no such passkey."""
    return await fetch_one(tx, SQL.remove_passkey, (staff, passkey)) is not None


async def ask(
    tx: Transaction, purpose: QuestionPurpose, staff: UUID | None, at: datetime, after: str = ""
) -> UUID:
    """Note that something was asked of a browser; it is answered once, within ten minutes."""
    question = ids.new()
    await tx.execute(SQL.ask, (question, purpose, staff, after, at + QUESTION_LASTS))
    return question


async def take_question(
    tx: Transaction, question: UUID, purpose: QuestionPurpose, staff: UUID | None, at: datetime
) -> str | None:
    """Use a question up: where its asker wanted to go. None: another's, too old, or answered already."""
    values = {"id": question, "purpose": purpose, "staff": staff, "at": at}
    row = await fetch_one(tx, SQL.take_question, values)
    return row[0] if row else None


async def prune_questions(tx: Transaction, at: datetime) -> None:
    """Forget what was never answered."""
    await tx.execute(SQL.prune_questions, (at,))


def nonce(secret: bytes, question: UUID, about: str) -> bytes:
    """What has to come back with an answer: derived from the question, so that nothing has to be kept of it."""
    key = hmac.digest(secret, _QUESTION, hashlib.sha256)
    return hmac.digest(key, question.bytes + about.encode(), hashlib.sha256)


async def sealed_secrets(tx: Transaction, after: UUID, limit: int) -> list[tuple[UUID, int, bytes]]:
    """Person, generation and wrapped key of the next `limit` secrets, by person."""
    rows = await fetch_all(tx, SQL.sealed_secrets, (after, limit))
    return [(staff, generation, bytes(key)) for staff, generation, key in rows]


async def rewrap_secret(tx: Transaction, staff: UUID, generation: int, key: bytes, before: bytes) -> None:
    """Keep a secret's key under another master key, unless it was changed meanwhile."""
    await tx.execute(SQL.rewrap_secret, {"id": staff, "generation": generation, "key": key, "before": before})


async def secrets_by_generation(tx: Transaction) -> dict[int, int]:
    """Generation → how many secrets are sealed under it."""
    return dict(await fetch_all(tx, SQL.secrets_by_generation))


def _recovery(secret: bytes, staff: UUID, code: str) -> bytes:
    key = hmac.digest(secret, _RECOVERY, hashlib.sha256)
    return hmac.digest(key, staff.bytes + code.encode(), hashlib.sha256)


def _passkey(row: Any) -> StaffPasskey:
    return StaffPasskey(row[0], row[1], bytes(row[2]), bytes(row[3]), *row[4:])
