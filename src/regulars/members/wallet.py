"""Keeps a member's cards of others: what is on them is sealed, each under a key of its own that a master key wraps."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.vault import Sealed, Vault

SQL = queries.load("regulars.members", "wallet.sql")
CARDS_MAX = 50
KIND = b"regulars.foreign_card"
"""What the vault binds a sealed card to, beside its member and its id."""
Kind = Literal["ean13", "code128", "qr"]


class Printed(Struct, frozen=True):
    """What is on a card."""

    name: str
    kind: Kind
    text: str

    def __repr__(self) -> str:
        return "Printed(…)"


class ForeignCard(Struct, frozen=True):
    """A card of somebody else's program."""

    id: UUID
    printed: Printed
    added_at: datetime


_PRINTED = msgspec.json.Decoder(Printed)


async def add(
    tx: Transaction, program: UUID, vault: Vault, member: UUID, printed: Printed, at: datetime
) -> UUID | None:
    """Keep a card; its id, or None where the wallet is full. The member's row is locked. Raises VaultLocked."""
    home = ids.home(member)
    card = ids.new(home)
    kept = vault.seal_text(KIND, member.bytes + card.bytes, msgspec.json.encode(printed))
    named = {
        "program": program,
        "home": home,
        "member": member,
        "id": card,
        "generation": kept.generation,
        "wrapped": kept.wrapped_key,
        "sealed": kept.sealed,
        "at": at,
        "most": CARDS_MAX,
    }
    return card if await fetch_one(tx, SQL.add, named) is not None else None


async def all_of(tx: Transaction, program: UUID, vault: Vault, member: UUID) -> list[ForeignCard]:
    """A member's cards in the order they were added. Raises VaultLocked."""
    rows = await fetch_all(tx, SQL.all_of, (program, ids.home(member), member))
    return [_opened(vault, member, *row) for row in rows]


async def one(tx: Transaction, program: UUID, vault: Vault, member: UUID, card: UUID) -> ForeignCard | None:
    """One of a member's cards. Raises VaultLocked."""
    row = await fetch_one(tx, SQL.one, (program, ids.home(member), member, card))
    return _opened(vault, member, *row) if row else None


async def remove(tx: Transaction, program: UUID, member: UUID, card: UUID) -> bool:
    """Take a card out. False when it was not there."""
    return await fetch_one(tx, SQL.remove, (program, ids.home(member), member, card)) is not None


async def forget(tx: Transaction, program: UUID, member: UUID) -> int:
    """Take all of a member's cards out; how many there were."""
    return (await tx.execute(SQL.forget, (program, ids.home(member), member))).rowcount


def _opened(
    vault: Vault, member: UUID, card: UUID, generation: int, wrapped: bytes, sealed: bytes, at: datetime
) -> ForeignCard:
    text = vault.open_text(KIND, member.bytes + card.bytes, Sealed(generation, wrapped, sealed))
    return ForeignCard(card, _PRINTED.decode(text), at)
