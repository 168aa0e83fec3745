"""Keeps who is signed in on a page: a cookie, its hash in the database, the token that guards writes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from regulars.db import queries
from regulars.db.pool import Database, fetch_one
from regulars.programs.model import Caller

SQL = queries.load("regulars.web", "sessions.sql")
COOKIE = "regulars_session"
TOKEN_BYTES = 32
HOURS = 16
"""A long shift; after that one signs in again."""
_CSRF_PURPOSE = b"regulars csrf"


class Session(Struct, frozen=True):
    """A signed-in page: by which key, and what was chosen at sign-in (store, till, cashier)."""

    api_key: UUID
    state: dict[str, Any]
    digest: bytes
    caller: Caller
    """What the key may do."""


async def open_session(
    db: Database, secret: bytes, api_key_id: UUID, state: dict[str, Any], at: datetime
) -> str:
    """Open a session and return the cookie's value; only its hash is kept."""
    del secret  # the token is random: nothing of it is derived
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with db.transaction(None) as tx:
        until = at + timedelta(hours=HOURS)
        await tx.execute(SQL.open, (_digest(token), api_key_id, Jsonb(state), at, until))
    return token


async def session_of(db: Database, token: str, at: datetime) -> Session | None:
    """The session of a cookie, unless it has ended or its key was revoked."""
    if not token or len(token) > 200 or not token.isascii():
        return None
    digest = _digest(token)
    async with db.transaction(None) as tx:
        row = await fetch_one(tx, SQL.find, {"digest": digest, "at": at})
    if row is None:
        return None
    state, program, key, scopes, partner, store, name = row
    caller = Caller(program or key, key, frozenset(scopes), partner, store, name)
    return Session(key, state, digest, caller)


async def change_state(db: Database, digest: bytes, state: dict[str, Any]) -> None:
    """Remember another cashier, store or till with the session, beside what else it remembers."""
    async with db.transaction(None) as tx:
        await tx.execute(SQL.change, (Jsonb(state), digest))


async def close_session(db: Database, token: str) -> None:
    """Sign out; a session that is not there is no error."""
    async with db.transaction(None) as tx:
        await tx.execute(SQL.close, (_digest(token),))


def csrf_token(secret: bytes, digest: bytes) -> str:
    """What a page of this session sends with every write: an HMAC, so that it needs no place to be kept."""
    key = hmac.digest(secret, _CSRF_PURPOSE, hashlib.sha256)
    return hmac.digest(key, digest, hashlib.sha256).hex()


def csrf_matches(secret: bytes, digest: bytes, sent: str) -> bool:
    """Whether the token that came with a write belongs to the session."""
    return hmac.compare_digest(csrf_token(secret, digest).encode(), sent.encode())


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
