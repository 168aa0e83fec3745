"""Who calls: a bearer key or a signed-in page's session becomes a Caller; cached for a second at the most."""

from __future__ import annotations

import asyncio
import hashlib
import time
from typing import Any

from litestar.connection import Request

from regulars import clock
from regulars.db import queries
from regulars.db.pool import Database, fetch_one
from regulars.errors import Forbidden, ScopeMissing, Unauthenticated
from regulars.programs.model import Caller
from regulars.web import sessions

SQL = queries.load("regulars.web")
CACHED_SECONDS = 1.0
CACHED_KEYS_MAX = 10_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Callers:
    """Resolves keys. A revoked key is refused everywhere within a second."""

    def __init__(self, database: Database, secret: bytes):
        self._database = database
        self._secret = secret
        self._known: dict[bytes, tuple[float, Caller]] = {}
        self._asking: dict[bytes, asyncio.Task[Caller]] = {}

    async def of(self, request: Request[Any, Any, Any]) -> Caller:
        """The caller of this request. Raises Unauthenticated, or Forbidden for a page without its CSRF token."""
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
            row = await fetch_one(tx, SQL.caller_by_digest, (digest,))
        return self._remember(digest, row)

    async def _by_id(self, key: Any) -> Caller:
        async with self._database.transaction(None) as tx:
            row = await fetch_one(tx, SQL.caller_by_id, (key,))
        return self._remember(None, row)

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


def _unauthenticated(detail: str) -> Unauthenticated:
    problem = Unauthenticated(detail)
    problem.headers = {"WWW-Authenticate": "Bearer"}
    return problem
