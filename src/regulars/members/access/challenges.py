"""Keeps challenges: a code of six digits that was sent, or bytes that a passkey has to sign. Each is used once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.access.sessions import SQL

Purpose = Literal["spend", "log_in", "confirm", "passkey_log_in", "passkey_add"]
Channel = Literal["sms", "email", "passkey"]
DIGITS = 6
WRONG_MAX = 5
"""Wrong codes that end a challenge whose id only its receiver knows."""
WRONG_AT_TILLS_MAX = 20
"""Wrong codes that end one which any till may answer; what one till may guess, its lock says."""


class Challenge(Struct, frozen=True):
    """What was asked, of whom, and until when it may be answered."""

    id: UUID
    purpose: Purpose
    channel: Channel
    member: UUID | None
    """None: of a phone or email that nobody has."""
    contact: bytes | None
    """The blind index of where it was sent."""
    digest: bytes
    attempts: int
    expires_at: datetime
    used_at: datetime | None
    used_by: bytes | None


def draw() -> str:
    """Six digits that nobody can foretell."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def digest(secret: bytes, challenge: UUID, answer: str | bytes) -> bytes:
    """What is kept of an answer: a keyed hash, so that a stolen table cannot be tried."""
    data = answer if isinstance(answer, bytes) else answer.encode()
    key = hmac.digest(secret, b"regulars.challenge", hashlib.sha256)
    return hmac.digest(key, challenge.bytes + data, hashlib.sha256)


def answers(challenge: Challenge, secret: bytes, answer: str | bytes) -> bool:
    """Whether this is what the challenge asked for; in constant time."""
    return hmac.compare_digest(challenge.digest, digest(secret, challenge.id, answer))


async def add(tx: Transaction, program: UUID, challenge: Challenge, at: datetime) -> None:
    """Keep a new challenge; a member's lives at her home."""
    await tx.execute(
        SQL.add_challenge,
        (
            program, ids.home(challenge.id), challenge.id, challenge.purpose, challenge.channel, challenge.member,
            challenge.contact, challenge.digest, at, challenge.expires_at,
        ),
    )  # fmt: skip


async def find(tx: Transaction, program: UUID, identifier: UUID, *, lock: bool = False) -> Challenge | None:
    """The challenge of that id; locked until the transaction ends, so that guesses come one after another."""
    key = (program, ids.home(identifier), identifier)
    if lock:
        await tx.execute(SQL.lock_challenge, key)
    row = await fetch_one(tx, SQL.find_challenge, key)
    return _challenge(row) if row else None


async def open_of(
    tx: Transaction, program: UUID, member: UUID, purpose: Purpose, at: datetime
) -> list[Challenge]:
    """What this member may still answer, used or not, the newest first."""
    key = (program, ids.home(member), member, purpose, at, WRONG_AT_TILLS_MAX)
    return [_challenge(row) for row in await fetch_all(tx, SQL.open_challenges, key)]


async def used_with(tx: Transaction, program: UUID, member: UUID, used_by: bytes) -> Challenge | None:
    """The challenge whose code this request was let pass with."""
    row = await fetch_one(tx, SQL.challenge_used_by, (program, ids.home(member), member, used_by))
    return _challenge(row) if row else None


async def use(
    tx: Transaction, program: UUID, challenge: UUID, used_by: bytes, at: datetime, most: int = WRONG_MAX
) -> bool:
    """Use a challenge up. False when it was used, is too old, or was answered wrongly too often."""
    key = {"program": program, "home": ids.home(challenge), "id": challenge}
    row = await fetch_one(tx, SQL.use_challenge, {**key, "used_by": used_by, "at": at, "most": most})
    return row is not None


async def miss(
    tx: Transaction, program: UUID, challenges: Sequence[UUID], most: int = WRONG_MAX
) -> int | None:
    """Count a wrong answer against challenges of one home; how many may follow, None: none of them is open."""
    if not challenges:
        return None
    key = (program, ids.home(challenges[0]), arrays.uuids(challenges), most)
    rows = await fetch_all(tx, SQL.miss_challenges, key)
    return max((most - attempts for _, attempts in rows), default=None)


def _challenge(row: tuple) -> Challenge:
    identifier, purpose, channel, member, contact, kept, attempts, expires_at, used_at, used_by = row
    return Challenge(
        identifier, purpose, channel, member, None if contact is None else bytes(contact), bytes(kept), attempts,
        expires_at, used_at, None if used_by is None else bytes(used_by),
    )  # fmt: skip
