"""Keeps PINs: four to eight digits, of which only a scrypt hash with a salt of its own is stored."""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.pool import Transaction, fetch_one
from regulars.members.access.sessions import SQL

PinText = Annotated[str, Meta(min_length=4, max_length=8, pattern=r"^[0-9]{4,8}$(?!\n)")]
SALT_BYTES = 16
_COST, _BLOCK, _LANES = 2**14, 8, 1
"""About 40 ms and 16 MB; with the installation's secret in the salt a stolen table alone cannot be tried."""


class KeptPin(Struct, frozen=True):
    """A PIN as it is stored."""

    salt: bytes
    digest: bytes

    def __repr__(self) -> str:
        return "KeptPin(…)"


def seal(secret: bytes, pin: str) -> KeptPin:
    """What is stored of a PIN. Takes tens of milliseconds of a processor: not for the event loop."""
    salt = os.urandom(SALT_BYTES)
    return KeptPin(salt, _hash(secret, salt, pin))


def matches(secret: bytes, kept: KeptPin, pin: str) -> bool:
    """Whether it is this PIN. As slow as `seal`."""
    return hmac.compare_digest(kept.digest, _hash(secret, kept.salt, pin))


NO_PIN = KeptPin(bytes(SALT_BYTES), bytes(32))
"""For a member without one: it matches nothing, and takes as long to say so."""


async def keep(tx: Transaction, program: UUID, member: UUID, kept: KeptPin, at: datetime) -> None:
    """Set or change a member's PIN."""
    await tx.execute(SQL.set_pin, (program, ids.home(member), member, kept.salt, kept.digest, at))


async def remove(tx: Transaction, program: UUID, member: UUID) -> bool:
    """Take a member's PIN away. False when there was none."""
    return await fetch_one(tx, SQL.remove_pin, (program, ids.home(member), member)) is not None


async def set_at(tx: Transaction, program: UUID, member: UUID) -> datetime | None:
    """Since when a member has the PIN that she has; None: she has none."""
    row = await fetch_one(tx, SQL.pin_set_at, (program, ids.home(member), member))
    return row[0] if row else None


async def find(tx: Transaction, program: UUID, member: UUID) -> KeptPin | None:
    """A member's PIN as it is stored."""
    row = await fetch_one(tx, SQL.find_pin, (program, ids.home(member), member))
    return KeptPin(bytes(row[0]), bytes(row[1])) if row else None


def _hash(secret: bytes, salt: bytes, pin: str) -> bytes:
    peppered = hmac.digest(secret, b"regulars.pin\0" + pin.encode(), hashlib.sha256)
    return hashlib.scrypt(peppered, salt=salt, n=_COST, r=_BLOCK, p=_LANES, dklen=32)
