"""Keeps the vault's books: by what its master keys are recognised, and under which of them each person is sealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members import accounts, notes
from regulars.members.vault import Keyring, Vault

SQL = queries.load("regulars.members", "vault.sql")
Place = tuple[int, UUID, UUID]
"""Home, member and id: where a walk over all rows is."""
START: Place = (-1, UUID(int=0), UUID(int=0))


class Sealing(NamedTuple):
    """A table with sealed rows."""

    page: Any
    rewrap: Any
    owner: Callable[[UUID, UUID], bytes]
    """What a row is bound to, by its member and its id."""


TABLES = (
    Sealing(SQL.sealed_persons, SQL.rewrap_persons, lambda member, _: member.bytes),
    Sealing(
        SQL.sealed_foreign_cards, SQL.rewrap_foreign_cards, lambda member, card: member.bytes + card.bytes
    ),
    Sealing(notes.SQL.sealed_notes, notes.SQL.rewrap_notes, notes.owner),
    Sealing(accounts.SQL.sealed_accounts, accounts.SQL.rewrap_accounts, lambda account, _: account.bytes),
)


class MasterKey(Struct, frozen=True):
    """A master key that this database has seen; the key itself stands nowhere in it."""

    generation: int
    mark: bytes
    retired_at: datetime | None


async def known(tx: Transaction) -> list[MasterKey]:
    """The master keys that were ever used here, oldest first."""
    return [MasterKey(row[0], bytes(row[1]), row[2]) for row in await fetch_all(tx, SQL.master_keys)]


async def know(tx: Transaction, keyring: Keyring, replaced: Sequence[int] = ()) -> dict[int, bytes]:
    """Enter the keyring's master keys where they are new, or in the place of those `replaced`; their marks now."""
    marks = keyring.marks()
    columns = {
        "generations": arrays.int4s(list(marks)),
        "marks": arrays.byteas(list(marks.values())),
        "replaced": arrays.int4s(replaced),
    }
    return {number: bytes(mark) for number, mark in await fetch_all(tx, SQL.mark_master_keys, columns)}


async def retire(tx: Transaction, generation: int, at: datetime) -> bool:
    """Say that nothing is sealed under this generation any more. False when it was said before, or never used."""
    return await fetch_one(tx, SQL.retire_master_key, (at, generation)) is not None


async def counts(tx: Transaction, program: UUID) -> dict[int, tuple[int, int]]:
    """Generation → how many persons of the program are sealed under it, and how many texts of any kind."""
    rows = await fetch_all(tx, SQL.sealed_by_generation, {"program": program})
    return {generation: (persons, texts) for generation, persons, texts in rows}


async def rewrap(
    tx: Transaction, vault: Vault, table: Sealing, after: Place, limit: int
) -> tuple[Place | None, int, int]:
    """Wrap the keys of the next `limit` rows of a table after a place under the newest master key.

    Where to go on (None: that was all), how many were looked at, how many got a new wrapping. Raises VaultLocked.
    """
    home, member, identifier = after
    page = {"program": vault.program, "home": home, "member": member, "id": identifier, "limit": limit}
    rows = await fetch_all(tx, table.page, page)
    newest = vault.keyring.newest
    old = [row for row in rows if row[3] != newest]
    if old:
        new = [vault.rewrap(table.owner(row[1], row[2]), row[3], bytes(row[4])) for row in old]
        columns = {
            "program": vault.program,
            "homes": arrays.int2s([row[0] for row in old]),
            "members": arrays.uuids([row[1] for row in old]),
            "ids": arrays.uuids([row[2] for row in old]),
            "generations": arrays.int4s([generation for generation, _ in new]),
            "keys": arrays.byteas([key for _, key in new]),
            "before": arrays.byteas([row[4] for row in old]),
        }
        await tx.execute(table.rewrap, columns)
    return ((rows[-1][0], rows[-1][1], rows[-1][2]) if len(rows) == limit else None), len(rows), len(old)
