"""Keeps what staff write down about members: sealed as a person is, with its author, and erased with her."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.vault import Sealed, Vault

SQL = queries.load("regulars.members", "notes.sql")
NOTES_MAX = 200
KIND = b"regulars.note"


class Note(Struct, frozen=True):
    """A note about a member."""

    id: UUID
    member: UUID
    """Whose it is: hers, or of one who was merged into her."""
    text: str
    written_by: str
    """As facts name their author: `staff stf_…`."""
    written_at: datetime

    def __repr__(self) -> str:
        return "Note(…)"


def owner(member: UUID, note: UUID) -> bytes:
    """What a sealed note is bound to."""
    return member.bytes + note.bytes


async def write(
    tx: Transaction, program: UUID, vault: Vault, member: UUID, text: str, by: str, at: datetime
) -> UUID:
    """Write a note down; its id. Raises VaultLocked."""
    home, identifier = ids.home(member), ids.new(ids.home(member))
    kept = vault.seal_text(KIND, owner(member, identifier), text.encode())
    row = (program, home, member, identifier, kept.generation, kept.wrapped_key, kept.sealed, by, at)
    await tx.execute(SQL.write_note, row)
    return identifier


async def of(tx: Transaction, program: UUID, vault: Vault, member: UUID) -> list[Note]:
    """The newest first, those of members who were merged into her among them; at most 200. Raises VaultLocked."""
    asked = {"program": program, "home": ids.home(member), "member": member, "limit": NOTES_MAX}
    return [
        Note(one, whose, _opened(vault, whose, one, Sealed(*kept)), by, at)
        for whose, one, *kept, by, at in await fetch_all(tx, SQL.notes_of, asked)
    ]


async def remove(tx: Transaction, program: UUID, member: UUID, note: UUID) -> bool:
    """Take a note away. False where there is none, or no longer."""
    return await fetch_one(tx, SQL.remove_note, (program, ids.home(member), member, note)) is not None


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes them away."""
    await tx.execute(SQL.forget_notes, (program, ids.home(member), member))


def _opened(vault: Vault, member: UUID, note: UUID, kept: Sealed) -> str:
    return vault.open_text(KIND, owner(member, note), kept).decode()
