"""Keeps accounts that several members share: households and companies, who is in them, and as what.

What an account is called is sealed under a key of its own: a family's name is a person's, and so is a sole trader's.

Who is in an account now stands in the member's own row (`pool`, `own_pool`, `role`, `spend_limit`), where every
purchase reads it anyway. Whoever changes it has locked the account's pool and the member's own: a purchase that is
under way either came before, or is decided anew.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.identity import BlindIndex
from regulars.members.model import AccountRole
from regulars.members.vault import Sealed, Vault

SQL = queries.load("regulars.members", "accounts.sql")
AccountKind = Literal["household", "company"]
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
FIRST = UUID(int=0)
KIND = b"regulars.account"


class Called(Struct, frozen=True):
    """What an account is called, and what else is known of it; all empty once it was forgotten."""

    name: str = ""
    registration_number: str = ""
    attributes: dict[str, Any] = {}

    def __repr__(self) -> str:
        return "Called(…)"


class Account(Struct, frozen=True):
    """A household or a company; its id is that of its pool."""

    id: UUID
    kind: AccountKind
    sealed: Sealed | None
    """What it is called: `called` opens it. None: a household that was forgotten with its last member."""
    opened_at: datetime
    closed_at: datetime | None = None


_CALLED = msgspec.json.Decoder(Called)


class Sharer(Struct, frozen=True):
    """Somebody who is in an account."""

    member: UUID
    role: AccountRole
    spend_limit: int | None
    """A day, minor units of base money."""
    joined_at: datetime
    name: str


class Invited(Struct, frozen=True):
    """A code that nobody has come with yet; the code itself is not kept."""

    role: AccountRole
    spend_limit: int | None
    invited_at: datetime
    expires_at: datetime


class Invitation(Struct, frozen=True):
    """What somebody may become in which account."""

    account: UUID
    role: AccountRole
    spend_limit: int | None


async def open_account(
    tx: Transaction, vault: Vault, account: UUID, kind: AccountKind, called: Called, at: datetime
) -> Account:
    """Enter an account whose pool was opened. Raises VaultLocked."""
    sealed = seal(vault, account, called)
    row = (
        vault.program,
        ids.home(account),
        account,
        kind,
        sealed.generation,
        sealed.wrapped_key,
        sealed.sealed,
        at,
    )
    await tx.execute(SQL.insert_account, row)
    return Account(account, kind, sealed, at)


async def read(tx: Transaction, program: UUID, account: UUID) -> Account | None:
    """The account of that id."""
    row = await fetch_one(tx, SQL.read_account, (program, ids.home(account), account))
    return _account(row) if row else None


def called(vault: Vault, account: Account) -> Called:
    """What an account is called. Raises VaultLocked."""
    if account.sealed is None:
        return Called()
    return _CALLED.decode(vault.open_text(KIND, account.id.bytes, account.sealed))


def seal(vault: Vault, account: UUID, called: Called) -> Sealed:
    """What an account is called as it may be kept. Raises VaultLocked."""
    return vault.seal_text(KIND, account.bytes, msgspec.json.encode(called))


async def every(
    tx: Transaction, program: UUID, *, kind: AccountKind | None, closed: bool | None, after: UUID, limit: int
) -> list[tuple[Account, int]]:
    """A page of the accounts in the order of (home, id), those behind `after`, each with how many are in it."""
    named = {
        "program": program,
        "home": ids.home(after) if after != FIRST else -1,
        "after": after,
        "kind": kind,
        "closed": closed,
        "limit": limit,
    }
    return [(_account(row), members) for *row, members in await fetch_all(tx, SQL.accounts, named)]


async def close(tx: Transaction, program: UUID, account: UUID, at: datetime) -> tuple[datetime, int]:
    """Let everybody buy on her own pool again and nobody join; when it was closed, and how many left.

    The account's pool is locked.
    """
    home = ids.home(account)
    row = await fetch_one(tx, SQL.close_account, (at, program, home, account))
    assert row is not None, "an account is never deleted"
    left = (await tx.execute(SQL.leave_all, (program, account))).rowcount
    await tx.execute(SQL.note_all_leaving, (at, program, home, account))
    return row[0], left


async def change(tx: Transaction, vault: Vault, account: UUID, called: Called) -> None:
    """Write what an account is called. Raises VaultLocked."""
    sealed = seal(vault, account, called)
    key = (vault.program, ids.home(account), account)
    await tx.execute(SQL.change_account, (sealed.generation, sealed.wrapped_key, sealed.sealed, *key))


async def left_empty(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[UUID]:
    """Households that these members were in and nobody is in any more, as long as they have a name."""
    return [row[0] for row in await fetch_all(tx, SQL.left_empty, (program, uuids(members)))]


async def forget(tx: Transaction, program: UUID, households: Sequence[UUID]) -> None:
    """Forget what households are called that nobody is in; their pools are locked."""
    homes = int2s([ids.home(one) for one in households])
    await tx.execute(SQL.forget_names, (program, homes, uuids(households)))


async def join(
    tx: Transaction,
    program: UUID,
    account: UUID,
    member: UUID,
    role: AccountRole,
    spend_limit: int | None,
    locked: Sequence[UUID],
    at: datetime,
) -> UUID | None:
    """Let a member buy on the account from now on; her own pool, one of the `locked`. None: she may not."""
    key = (program, ids.home(member), member)
    open_one = (program, ids.home(account), account)
    row = await fetch_one(tx, SQL.join_account, (account, role, spend_limit, *key, uuids(locked), *open_one))
    if row is None:
        return None
    await tx.execute(SQL.note_joining, (program, ids.home(account), account, member, at))
    return row[0]


async def leave(tx: Transaction, program: UUID, account: UUID, member: UUID, at: datetime) -> UUID | None:
    """Let a member buy on her own pool again; that pool. None: she is not in this account."""
    row = await fetch_one(tx, SQL.leave_account, (program, ids.home(member), member, account))
    if row is None:
        return None
    await tx.execute(SQL.note_leaving, (at, program, ids.home(account), account, member))
    return row[0]


async def change_role(
    tx: Transaction, program: UUID, account: UUID, member: UUID, role: AccountRole, spend_limit: int | None
) -> bool:
    """Let a member be something else. False: she is not in this account."""
    key = (program, ids.home(member), member, account)
    return await fetch_one(tx, SQL.change_role, (role, spend_limit, *key)) is not None


async def has_other_owner(tx: Transaction, program: UUID, account: UUID, member: UUID) -> bool:
    """Whether somebody else than this member owns the account, whose pool is locked."""
    row = await fetch_one(tx, SQL.other_owners, (program, account, member))
    return row is not None and row[0] > 0


async def sharers(
    tx: Transaction, program: UUID, vault: Vault, account: UUID, *, after: UUID = FIRST, limit: int = 1000
) -> list[Sharer]:
    """Who is in an account, by id. Raises VaultLocked."""
    rows = await fetch_all(tx, SQL.members_of_account, (ids.home(account), program, account, after, limit))
    return [
        Sharer(*row[:4], name=vault.open(row[0], *row[4:]).name if row[6] is not None else "") for row in rows
    ]


async def invite(
    tx: Transaction,
    program: UUID,
    index: BlindIndex,
    invitation: Invitation,
    at: datetime,
    expires_at: datetime,
) -> str:
    """A code with which somebody may join, once. Only its hash is kept."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    account = (ids.home(invitation.account), invitation.account, invitation.role, invitation.spend_limit)
    await tx.execute(SQL.insert_invitation, (program, _digest(index, code), *account, at, expires_at))
    return f"{code[:5]}-{code[5:]}"


async def invited_to(
    tx: Transaction, program: UUID, index: BlindIndex, code: str, at: datetime
) -> UUID | None:
    """The account that a code lets in to now."""
    row = await fetch_one(tx, SQL.find_invitation, (program, _digest(index, code), at))
    return row[0] if row else None


async def invitations(tx: Transaction, program: UUID, account: UUID, at: datetime) -> list[Invited]:
    """The codes of an account that are good at an instant and were not used, the soonest to end first; at most 200."""
    return [Invited(*row) for row in await fetch_all(tx, SQL.open_invitations, (program, account, at))]


async def accept(
    tx: Transaction, program: UUID, index: BlindIndex, code: str, member: UUID, at: datetime
) -> Invitation | None:
    """Use a code up. None where it is no good, or was used just now."""
    row = await fetch_one(tx, SQL.accept_invitation, (at, member, program, _digest(index, code), at))
    return Invitation(*row) if row else None


def _digest(index: BlindIndex, code: str) -> bytes:
    plain = code.replace("-", "").replace(" ", "").upper()
    return hmac.digest(index.key, b"invitation\0" + plain.encode(), hashlib.sha256)


def _account(row: Sequence[Any]) -> Account:
    identifier, kind, generation, key, sealed, *times = row
    kept = None if generation is None else Sealed(generation, bytes(key), bytes(sealed))
    return Account(identifier, kind, kept, *times)
