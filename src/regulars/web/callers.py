"""Who calls: a bearer key or a signed-in page's session becomes a Caller; cached for a second at the most."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar.connection import Request

from regulars import clock
from regulars.db import queries
from regulars.db.pool import Database, fetch_one
from regulars.errors import Forbidden, ScopeMissing, TrainingMode, Unauthenticated
from regulars.programs.model import Caller
from regulars.web import sessions

SQL = queries.load("regulars.web")
CACHED_SECONDS = 1.0
CACHED_KEYS_MAX = 10_000
USE_SECONDS = 3600.0
USE_NOTED = timedelta(seconds=USE_SECONDS)
"""How exactly it is kept when a key was last used."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOKING = re.compile(
    r"/v1/(members/find|gift-cards/find|vouchers/find|purchases/preview|purchases/[^/]+/returns/preview)"
)
"""POSTs that write nothing: all of them that a till in training may call."""


class Callers:
    """Resolves keys. A revoked key is refused everywhere within a second."""

    def __init__(self, database: Database, secret: bytes):
        self._database = database
        self._secret = secret
        self._known: dict[bytes, tuple[float, Caller]] = {}
        self._asking: dict[bytes, asyncio.Task[Caller]] = {}
        self._noted: dict[UUID, float] = {}
        """Key → until when its use need not be noted again."""

    async def of(self, request: Request[Any, Any, Any]) -> Caller:
        """The caller of this request.

        Raises Unauthenticated, Forbidden for a page without its CSRF token, TrainingMode for what a till in training
        would write.
        """
        authorization = request.headers.get("authorization")
        if authorization is not None:
            scheme, _, key = authorization.partition(" ")
            if scheme.lower() != "bearer" or not key.strip():
                raise _unauthenticated("The Authorization header is not `Bearer <key>`.")
            return await self._by_digest(hashlib.sha256(key.strip().encode()).digest())
        token = request.cookies.get(sessions.COOKIE)
        if token is None:
            raise _unauthenticated("Send `Authorization: Bearer <key>`.")
        session = await sessions.session_of(self._database, token, clock.world())
        if session is None:
            raise _unauthenticated("The session has ended; sign in again.")
        if request.method not in SAFE_METHODS and not sessions.csrf_matches(
            self._secret, session.digest, request.headers.get("x-csrf-token", "")
        ):
            raise Forbidden("The page's CSRF token is missing; reload the page.")
        looks = request.method in SAFE_METHODS or LOOKING.fullmatch(request.url.path)
        if session.state.get("training") and not looks:
            raise TrainingMode
        return await self._by_id(session.api_key)

    async def _by_digest(self, digest: bytes) -> Caller:
        cached = self._known.get(digest)
        now = time.monotonic()
        if cached is not None and cached[0] > now:
            return cached[1]
        asking = self._asking.get(digest)
        if asking is None:  # a hundred tills with one key ask once
            asking = self._asking[digest] = asyncio.create_task(self._ask(digest))
            asking.add_done_callback(lambda _: self._asking.pop(digest, None))
        return await asyncio.shield(asking)

    async def _ask(self, digest: bytes) -> Caller:
        async with self._database.transaction(None) as tx:
            row = await fetch_one(tx, SQL.caller_by_digest, (digest, clock.world()))
        found = self._remember(digest, row)
        await self._note_use(found)
        return found

    async def _by_id(self, key: Any) -> Caller:
        async with self._database.transaction(None) as tx:
            row = await fetch_one(tx, SQL.caller_by_id, (key, clock.world()))
        return self._remember(None, row)

    async def _note_use(self, caller: Caller) -> None:
        """Keep that the key is used, at most once an hour."""
        now = time.monotonic()
        if self._noted.get(caller.key, 0.0) > now:
            return
        if len(self._noted) >= CACHED_KEYS_MAX:
            self._noted.clear()
        self._noted[caller.key] = now + USE_SECONDS
        at = clock.world()
        async with self._database.transaction(None) as tx:
            await tx.execute(SQL.note_use, {"key": caller.key, "at": at, "before": at - USE_NOTED})

    def _remember(self, digest: bytes | None, row: Any) -> Caller:
        if row is None:
            raise _unauthenticated("This key is not known, or was revoked.")
        program, key, scopes, partner, store, name = row
        caller = Caller(program or key, key, frozenset(scopes), partner, store, name)
        if digest is not None:
            if len(self._known) >= CACHED_KEYS_MAX:
                self._known.clear()
            self._known[digest] = (time.monotonic() + CACHED_SECONDS, caller)
        return caller


def require(caller: Caller, scopes: frozenset[str]) -> None:
    """Raises ScopeMissing unless the caller has one of the scopes."""
    if not scopes & caller.scopes:
        raise ScopeMissing(f"This call needs one of the scopes: {', '.join(sorted(scopes))}.")


def require_unbound(caller: Caller) -> None:
    """Raises Forbidden for a key of one partner or one store: what it asks for is about all of them."""
    if caller.partner is not None or caller.store is not None:
        raise Forbidden(
            "This is about the whole program: a key of one partner or one store has no part in it."
        )


def _unauthenticated(detail: str) -> Unauthenticated:
    problem = Unauthenticated(detail)
    problem.headers = {"WWW-Authenticate": "Bearer"}
    return problem
