"""Says which member looks at a page of her program: the cookie, the session behind it, the token that guards writes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import Cookie
from msgspec import Struct

from regulars.db.pool import Database, Transaction
from regulars.errors import Forbidden, Unauthenticated
from regulars.flows.devices import note_revoked
from regulars.members.access import sessions
from regulars.members.access.sessions import MemberSession, Method
from regulars.programs.model import Program

COOKIE = "regulars_member"
_CSRF_PURPOSE = b"regulars member csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SAFE_SITES = ("same-origin", "none")
HttpRequest = Request[Any, Any, Any]


class MemberVisitor(Struct, frozen=True):
    """A member on her own pages."""

    session: MemberSession
    program: Program
    member: UUID
    csrf: str
    """What every write of her pages sends as `X-CSRF-Token`."""


async def program_of(request: HttpRequest, slug: str) -> Program:
    """The program of that short name. Raises NotFound."""
    return (await request.app.state.known.of_slug(slug)).program


async def member_visitor(request: HttpRequest, program: Program, at: datetime) -> MemberVisitor | None:
    """The member who is logged in to a program, which is at the instant `at`; None: nobody is."""
    state = request.app.state
    token = request.cookies.get(COOKIE)
    if token is None or sessions.named(token) is None:
        return None
    async with state.database.transaction(program.id) as tx:
        session = await sessions.find(tx, program.id, token, at)
    if session is None:
        return None
    return MemberVisitor(session, program, session.member, csrf_token(state.settings.secret, session.digest))


async def require_member(request: HttpRequest, slug: str) -> MemberVisitor:
    """The member who is logged in to the program of that short name.

    Raises Unauthenticated, NotFound where there is no such program, and Forbidden for a write without the page's token.
    """
    program = await program_of(request, slug)
    visitor = await member_visitor(request, program, await request.app.state.known.now(program.id))
    if visitor is None:
        raise Unauthenticated("Log in first.")
    if request.method not in SAFE_METHODS:
        sent = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(visitor.csrf.encode(), sent.encode()):
            raise Forbidden("The page's CSRF token is missing; reload the page.")
    return visitor


def require_same_site(request: HttpRequest) -> None:
    """For writes before there is a session. Raises Forbidden when another site's page sent them."""
    if request.headers.get("sec-fetch-site", "none") not in SAFE_SITES:
        raise Forbidden("This call is for the program's own pages.")


async def open_member_session(
    database: Database,
    program: UUID,
    member: UUID,
    *,
    label: str,
    at: datetime,
    method: Method = "code",
) -> str:
    """Open a session of 90 days; the cookie's value, of which only a digest is kept."""
    async with database.transaction(program) as tx:
        return await sessions.begin(tx, program, member, label, method, at)


async def sessions_of_member(
    database: Database, program: UUID, member: UUID, at: datetime
) -> list[MemberSession]:
    """Where a member is logged in, the session seen last first."""
    async with database.transaction(program) as tx:
        return await sessions.of_member(tx, program, member, at)


async def end_session(database: Database, program: UUID, member: UUID, session: UUID, at: datetime) -> bool:
    """End one of the member's sessions, and the codes of the phone certified in it. False: she has no such session."""

    async def work(tx: Transaction) -> bool:
        ended = await sessions.end(tx, program, member, session, at)
        await note_revoked(tx, program, ended.devices, at)
        return ended.sessions > 0

    return await database.run(program, work)


def cookie(request: HttpRequest, slug: str, token: str) -> Cookie:
    """The cookie of a session, sent to the pages of its program only. An empty token takes it away."""
    return Cookie(
        key=COOKIE,
        value=token,
        path=f"/portal/{slug}",
        max_age=sessions.DAYS * 86400 if token else 0,
        httponly=True,
        samesite="lax",
        secure=not request.app.state.settings.insecure_cookies,
    )


def csrf_token(secret: bytes, digest: bytes) -> str:
    """What a page of this session sends with every write: an HMAC, so that it needs no place to be kept."""
    key = hmac.digest(secret, _CSRF_PURPOSE, hashlib.sha256)
    return hmac.digest(key, digest, hashlib.sha256).hex()


def device_label(user_agent: str) -> str:
    """The kind of phone or browser, in few words: `Chrome · Android`. Nothing that tells one device from another."""
    agent = user_agent.lower()
    browsers = (("edg", "Edge"), ("opr/", "Opera"), ("firefox", "Firefox"), ("samsungbrowser", "Samsung Internet"),
                ("chrome", "Chrome"), ("crios", "Chrome"), ("safari", "Safari"))  # fmt: skip
    systems = (("iphone", "iPhone"), ("ipad", "iPad"), ("android", "Android"), ("windows", "Windows"),
               ("mac os", "Mac"), ("linux", "Linux"))  # fmt: skip
    found = [next((shown for sign, shown in signs if sign in agent), "") for signs in (browsers, systems)]
    return " · ".join(part for part in found if part)
