"""Keeps the sessions of members: who is logged in where, since when, and until when."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one

SQL = queries.load("regulars.members.access")
DAYS = 90
SEEN_HOURS = 1
"""How exactly it is kept when a session was last seen."""
LISTED_MAX = 100
LABEL_MAX = 80
_SECRET_BYTES = 24
_SEPARATOR = "."
Method = Literal["code", "passkey"]


class MemberSession(Struct, frozen=True):
    """A phone or browser on which a member is logged in."""

    id: UUID
    digest: bytes
    """SHA-256 of the cookie's value, which is kept nowhere."""
    member: UUID
    label: str
    """What kind of phone or browser it is."""
    method: Method
    created_at: datetime
    seen_at: datetime
    """To the hour."""
    expires_at: datetime


class Ended(Struct, frozen=True):
    """What ended with a log-in, or with all of them."""

    sessions: int
    """0 where there is no such session of hers, or it had ended."""
    devices: tuple[UUID, ...]
    """Phones whose dynamic codes count no more."""


async def begin(
    tx: Transaction, program: UUID, member: UUID, label: str, method: Method, at: datetime
) -> str:
    """Open a session of 90 days; the token, which says where its row lives and is secret."""
    identifier = ids.new(ids.home(member))
    token = f"{identifier.hex}{_SEPARATOR}{secrets.token_urlsafe(_SECRET_BYTES)}"
    row = (
        program, ids.home(member), identifier, member, digest(token), label[:LABEL_MAX], method, at, at,
        at + timedelta(days=DAYS),
    )  # fmt: skip
    await tx.execute(SQL.open_session, row)
    return token


async def find(tx: Transaction, program: UUID, token: str, at: datetime) -> MemberSession | None:
    """The session of a token, unless it ended, or its member was erased. Notes that it was seen."""
    identifier = named(token)
    if identifier is None:
        return None
    row = await fetch_one(tx, SQL.find_session, (program, ids.home(identifier), identifier, at))
    if row is None or not hmac.compare_digest(bytes(row[1]), digest(token)):
        return None
    session = _session(row)
    before = at - timedelta(hours=SEEN_HOURS)
    if session.seen_at < before:
        key = {"program": program, "home": ids.home(identifier), "id": identifier}
        await tx.execute(SQL.touch_session, {**key, "at": at, "before": before})
    return session


async def of_member(
    tx: Transaction, program: UUID, member: UUID, at: datetime, limit: int = LISTED_MAX
) -> list[MemberSession]:
    """Her sessions, the one seen last first; those of members who were merged into her among them."""
    key = {"program": program, "home": ids.home(member), "member": member, "at": at, "limit": limit}
    rows = await fetch_all(tx, SQL.sessions_of_member, key)
    return [_session(row) for row in rows]


async def end(tx: Transaction, program: UUID, member: UUID, session: UUID, at: datetime) -> Ended:
    """End a session of this member, and the codes of the phone that was certified in it."""
    key = {"program": program, "home": ids.home(member), "member": member, "at": at}
    return _ended(await fetch_all(tx, SQL.end_session, key | {"at_home": ids.home(session), "id": session}))


async def end_others(tx: Transaction, program: UUID, member: UUID, but: UUID, at: datetime) -> Ended:
    """End every session of this member but one, and the codes of every phone but those of that one's kind."""
    key = {"program": program, "home": ids.home(member), "member": member, "at": at, "but": but}
    return _ended(await fetch_all(tx, SQL.end_sessions, key))


def named(token: str) -> UUID | None:
    """The session that a token names, if it looks like one."""
    name, separator, secret = token.partition(_SEPARATOR)
    if not separator or not 16 <= len(secret) <= 100 or len(name) != 32 or not token.isascii():
        return None
    try:
        return UUID(hex=name)
    except ValueError:
        return None


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def _session(row: tuple) -> MemberSession:
    identifier, kept, *rest = row
    return MemberSession(identifier, bytes(kept), *rest)


def _ended(rows: list[tuple]) -> Ended:
    return Ended(sum(kind == 0 for kind, _ in rows), tuple(device for kind, device in rows if kind == 1))
