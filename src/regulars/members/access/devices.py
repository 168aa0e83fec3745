"""Keeps the phones that make dynamic codes, and which codes were used: each once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.access.sessions import SQL

LISTED_MAX = 50


class Device(Struct, frozen=True):
    """A phone with a key of its own."""

    id: UUID
    member: UUID
    card: str
    public_key: bytes
    label: str
    certified_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    session: UUID | None = None
    """The log-in that certified it, with which it ends; None: it was certified by a code, or before this was noted."""


def device_id(home: int, public_key: bytes) -> UUID:
    """The id of the device with that key, at the home of its member: a code carries the key alone."""
    named = int.from_bytes(hashlib.sha256(b"regulars.device\0" + public_key).digest()[:16], "big")
    fixed = named & ~(0xF << 76 | 0x3 << 62 | ids.HOMES - 1)
    return UUID(int=fixed | 0x8 << 76 | 0x2 << 62 | home)


async def add(tx: Transaction, program: UUID, device: Device) -> bool:
    """Register a device, or certify it anew. False when its key is another member's, or was revoked."""
    row = await fetch_one(
        tx,
        SQL.add_device,
        {
            "program": program,
            "home": ids.home(device.id),
            "id": device.id,
            "member": device.member,
            "card": device.card,
            "public_key": device.public_key,
            "label": device.label,
            "at": device.certified_at,
            "expires_at": device.expires_at,
            "session": device.session,
        },
    )
    return row is not None


async def find(tx: Transaction, program: UUID, device: UUID) -> Device | None:
    """The device of that id, revoked or not."""
    row = await fetch_one(tx, SQL.find_device, (program, ids.home(device), device))
    return _device(row) if row else None


async def of_member(tx: Transaction, program: UUID, member: UUID, at: datetime) -> list[Device]:
    """The member's devices that may make codes, the newest first."""
    rows = await fetch_all(tx, SQL.devices_of_member, (program, ids.home(member), member, at, LISTED_MAX))
    return [_device(row) for row in rows]


async def revoke(
    tx: Transaction, program: UUID, device: UUID, at: datetime, member: UUID | None = None
) -> bool:
    """Let a device's codes no longer count. False when there is no such device (of this member), or no longer."""
    key = (at, program, ids.home(device), device, member, member)
    return await fetch_one(tx, SQL.revoke_device, key) is not None


async def use(tx: Transaction, program: UUID, device: UUID, made_at: datetime, used_by: bytes) -> bool:
    """Use a code up, for a request. False when it was used before."""
    row = (program, ids.home(device), device, made_at, used_by)
    return await fetch_one(tx, SQL.use_dynamic_code, row) is not None


async def used_with(tx: Transaction, program: UUID, device: UUID, made_at: datetime) -> bytes | None:
    """The request that a code was used with."""
    key = (program, ids.home(device), device, made_at)
    row = await fetch_one(tx, SQL.dynamic_code_used_by, key)
    return bytes(row[0]) if row else None


def _device(row: tuple) -> Device:
    identifier, member, card, public_key, *rest = row
    return Device(identifier, member, card, bytes(public_key), *rest)
