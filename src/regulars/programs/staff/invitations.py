"""Keeps the links by which somebody joins a program's staff or sets a new password: hashed, for days, used once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs.staff.model import Invitation, InvitationKind, Post
from regulars.programs.staff.people import SQL

LAST: dict[InvitationKind, timedelta] = {
    "invitation": timedelta(days=7),
    "password": timedelta(days=1),
    "forgotten": timedelta(hours=1),
}
_SECRET_BYTES = 32
NOTHING = Post(UUID(int=0), (), frozenset(), None)


async def give(
    tx: Transaction,
    kind: InvitationKind,
    program: UUID,
    email: str,
    by: UUID | None,
    at: datetime,
    post: Post = NOTHING,
) -> str:
    """The text of a new link, which is kept nowhere. It takes the place of one that the same person had before."""
    token = secrets.token_urlsafe(_SECRET_BYTES)
    await tx.execute(SQL.replace_invitations, {"email": email, "program": program, "kind": kind})
    values = {
        "id": ids.new(), "digest": digest(token), "kind": kind, "program": program, "email": email,
        "roles": list(post.roles), "stores": list(post.stores), "partner": post.partner, "by": by, "at": at,
        "until": at + LAST[kind],
    }  # fmt: skip
    await tx.execute(SQL.add_invitation, values)
    return token


async def find(tx: Transaction, token: str, at: datetime) -> Invitation | None:
    """What a link is for, while it can be used."""
    row = await fetch_one(tx, SQL.invitation, {"digest": digest(token), "at": at})
    return _invitation(row) if row else None


async def use(tx: Transaction, token: str, at: datetime) -> Invitation | None:
    """Use a link up. None: it was used, withdrawn, replaced by another, or is too old."""
    row = await fetch_one(tx, SQL.use_invitation, {"digest": digest(token), "at": at})
    return _invitation(row) if row else None


async def use_all_of(tx: Transaction, email: str, at: datetime) -> list[Invitation]:
    """Use up whatever an address was invited to: its owner came by the company's own sign-in."""
    rows = await fetch_all(tx, SQL.use_invitations_of, {"email": email, "at": at})
    return [_invitation(row) for row in rows]


async def open_ones(tx: Transaction, program: UUID, at: datetime) -> Sequence[Invitation]:
    """Invitations to a program that can still be accepted, the newest first."""
    rows = await fetch_all(tx, SQL.open_invitations, {"program": program, "at": at})
    return [_invitation(row) for row in rows]


async def withdraw(tx: Transaction, program: UUID, invitation: UUID) -> bool:
    """It cannot be accepted any more. False: it was, or there is no such."""
    key = {"program": program, "id": invitation}
    return await fetch_one(tx, SQL.withdraw_invitation, key) is not None


async def forget_links(tx: Transaction, email: str) -> None:
    """The password was set: what else could set it is of no use any more."""
    await tx.execute(SQL.forget_links_of, (email,))


async def prune(tx: Transaction, before: datetime) -> None:
    """Forget what ended before an instant."""
    await tx.execute(SQL.prune_invitations, (before,))


def digest(token: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).digest()


def _invitation(row: Any) -> Invitation:
    identifier, kind, program, email, roles, stores, *rest = row
    return Invitation(identifier, kind, program, email, tuple(roles), tuple(stores), *rest)
