"""Keeps passkeys: the public halves of keys that phones and security keys hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.access.sessions import SQL

LISTED_MAX = 50


class Passkey(Struct, frozen=True):
    """A passkey of a member."""

    id: UUID
    member: UUID
    credential: bytes
    public_key: bytes
    sign_count: int
    label: str
    created_at: datetime
    used_at: datetime | None


async def add(tx: Transaction, program: UUID, passkey: Passkey) -> bool:
    """Keep a new passkey. False when this credential is known already."""
    row = (
        program, ids.home(passkey.id), passkey.id, passkey.member, passkey.credential, passkey.public_key,
        passkey.sign_count, passkey.label, passkey.created_at,
    )  # fmt: skip
    return await fetch_one(tx, SQL.add_passkey, row) is not None


async def find(tx: Transaction, program: UUID, home: int, credential: bytes) -> Passkey | None:
    """The passkey of that credential at a home."""
    row = await fetch_one(tx, SQL.find_passkey, (program, home, credential))
    return _passkey(row) if row else None


async def of_member(tx: Transaction, program: UUID, member: UUID) -> list[Passkey]:
    """The member's passkeys, the oldest first; those of members who were merged into her among them."""
    key = {"program": program, "home": ids.home(member), "member": member, "limit": LISTED_MAX}
    rows = await fetch_all(tx, SQL.passkeys_of_member, key)
    return [_passkey(row) for row in rows]


async def use(tx: Transaction, program: UUID, passkey: UUID, count: int, at: datetime) -> bool:
    """Note a use with the authenticator's counter. False when the counter says that there is a copy."""
    key = {"program": program, "home": ids.home(passkey), "id": passkey}
    return await fetch_one(tx, SQL.use_passkey, {**key, "count": count, "at": at}) is not None


async def remove(tx: Transaction, program: UUID, member: UUID, passkey: UUID, at: datetime) -> bool:
    """Let a passkey no longer log in. False when the member has no such passkey."""
    key = {"program": program, "home": ids.home(member), "member": member, "at": at}
    return (
        await fetch_one(tx, SQL.remove_passkey, key | {"at_home": ids.home(passkey), "id": passkey})
        is not None
    )


def _passkey(row: tuple) -> Passkey:
    identifier, member, credential, public_key, *rest = row
    return Passkey(identifier, member, bytes(credential), bytes(public_key), *rest)
