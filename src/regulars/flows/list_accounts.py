"""Reads the list of accounts that several members share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database
from regulars.members import accounts
from regulars.members.accounts import AccountKind
from regulars.members.vault import Vault


class ListedAccount(Struct, frozen=True):
    """An account in a list: what it is called, and how many are in it."""

    id: str
    kind: AccountKind
    name: str
    registration_number: str
    opened_at: datetime
    closed_at: datetime | None
    members: int


class AccountPage(Struct, frozen=True):
    """A part of the list of accounts; `next` is the cursor of the part after it."""

    items: tuple[ListedAccount, ...]
    next: str | None


async def list_accounts(
    database: Database,
    vault: Vault,
    *,
    kind: AccountKind | None,
    closed: bool | None,
    after: UUID | None,
    limit: int,
) -> AccountPage:
    """`limit` of a program's accounts behind the one `after`, in an order that stays. Raises VaultLocked."""
    async with database.transaction(vault.program) as tx:
        found = await accounts.every(
            tx, vault.program, kind=kind, closed=closed, after=after or accounts.FIRST, limit=limit + 1
        )
    shown = tuple(
        ListedAccount(
            ids.show("acc", one.id), one.kind, called.name, called.registration_number, one.opened_at, one.closed_at,
            members,
        )
        for one, members, called in ((*row, accounts.called(vault, row[0])) for row in found[:limit])
    )  # fmt: skip
    return AccountPage(shown, shown[-1].id if len(found) > limit else None)
