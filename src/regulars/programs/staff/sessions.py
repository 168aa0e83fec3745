"""Keeps where staff is signed in: since when, with what, and until when."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs.staff.model import Method, Post, StaffSession, Stage
from regulars.programs.staff.people import SQL

LASTS = timedelta(hours=16)
"""A long day; after that she signs in again."""
IDLE = timedelta(hours=2)
"""Nobody at the page for so long: somebody else may be next."""
SECOND_FACTOR = timedelta(minutes=10)
"""How long the second factor is waited for."""
SEEN = timedelta(minutes=1)
_SECRET_BYTES = 32
AGENT_MAX = 120


class SignedIn(Struct, frozen=True):
    """A session with the person behind it, and what she may do in the program that is looked at."""

    session: StaffSession
    name: str
    email: str
    language: str
    post: Post | None
    must_set_up: bool = False
    """Whether the program asks for a second factor and she has none: until she has, no page opens."""


async def begin(
    tx: Transaction,
    staff: UUID,
    *,
    program: UUID | None,
    stage: Stage,
    method: Method,
    agent: str,
    address: str,
    at: datetime,
) -> str:
    """Open a session; the token, whose hash alone is kept."""
    token = secrets.token_urlsafe(_SECRET_BYTES)
    until = at + (LASTS if stage == "in" else SECOND_FACTOR)
    row = (digest(token), ids.new(), staff, program, stage, method, agent[:AGENT_MAX], address, at, at, until)
    await tx.execute(SQL.open_session, row)
    return token


async def find(tx: Transaction, token: str, at: datetime) -> SignedIn | None:
    """The session of a token, unless it ended, was idle for long, or its person was disabled. Notes the visit."""
    if not token.isascii() or not 20 <= len(token) <= 100:
        return None
    values = {"digest": digest(token), "at": at, "idle": at - IDLE}
    row = await fetch_one(tx, SQL.find_session, values)
    if row is None:
        return None
    session = StaffSession(row[0], bytes(row[1]), *row[2:11])
    name, email, language, roles, stores, partner, must_set_up = row[11:]
    if session.seen_at < at - SEEN:
        await tx.execute(SQL.touch_session, {"digest": session.digest, "at": at, "before": at - SEEN})
    post = None
    if roles is not None and session.program is not None:
        post = Post(session.program, tuple(roles), frozenset(stores), partner)
    return SignedIn(session, name, email, language, post, must_set_up)


async def choose_program(tx: Transaction, session: bytes, program: UUID) -> bool:
    """Look at another program from now on, in the session of that digest. False where she has nothing to do in it."""
    return await fetch_one(tx, SQL.choose_program, {"digest": session, "program": program}) is not None


async def close(tx: Transaction, closed: bytes) -> None:
    """End the session of a token's digest; one that is not there is no error."""
    await tx.execute(SQL.close_session, (closed,))


async def of_person(tx: Transaction, staff: UUID, at: datetime) -> list[StaffSession]:
    """Where she is signed in, the session seen last first."""
    rows = await fetch_all(tx, SQL.sessions_of_person, {"staff": staff, "at": at, "idle": at - IDLE})
    return [StaffSession(row[0], bytes(row[1]), *row[2:]) for row in rows]


async def end(tx: Transaction, staff: UUID, session: UUID) -> bool:
    """End one of her sessions. False: she has no such session."""
    return await fetch_one(tx, SQL.end_session, (staff, session)) is not None


async def end_all(tx: Transaction, staff: UUID, kept: bytes = b"") -> int:
    """End her sessions but the one of the digest `kept`; how many there were."""
    return (await tx.execute(SQL.end_sessions, {"staff": staff, "kept": kept})).rowcount


async def prune(tx: Transaction, at: datetime) -> None:
    """Forget the sessions that have ended."""
    await tx.execute(SQL.prune_staff_sessions, (at,))


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
