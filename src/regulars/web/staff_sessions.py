"""Says which member of staff looks at a page of the back office: the cookie, the session behind it, its CSRF token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import Cookie

from regulars import clock
from regulars.flows.sign_in_staff import Arrival
from regulars.flows.staff_trail import Browser
from regulars.programs.staff import sessions
from regulars.programs.staff.sessions import SignedIn
from regulars.web.addresses import address_of

NAME = "regulars_staff"
BROWSER = "regulars_browser"
BROWSER_SECONDS = 180 * 86400
_CSRF_PURPOSE = b"regulars staff csrf"
_BROWSER_PURPOSE = b"regulars staff browser"
HttpRequest = Request[Any, Any, Any]


def cookie_name(secure: bool, name: str = NAME) -> str:
    """Over TLS the name binds the cookie to this host and path, so that no neighbour can set it."""
    return f"__Host-{name}" if secure else name


async def signed_in(request: HttpRequest) -> SignedIn | None:
    """Who is signed in, perhaps but for the second factor; None: nobody is."""
    state = request.app.state
    token = request.cookies.get(cookie_name(_secure(request)))
    if token is None:
        return None
    async with state.database.transaction(None) as tx:
        return await sessions.find(tx, token, clock.world())


def browser_of(request: HttpRequest) -> Browser:
    """From where somebody signs in, and whether she did in this browser before."""
    agent, address = request.headers.get("user-agent", ""), address_of(request)
    value = cookie_of(request, BROWSER)
    identifier, _, rest = value.partition(".")
    staff, _, mac = rest.partition(".")
    right = _browser_mac(request.app.state.settings.secret, identifier, staff)
    if not hmac.compare_digest(right.encode(), mac.encode()):
        return Browser(agent, address)
    return Browser(agent, address, UUID(hex=staff), identifier)


def keep(request: HttpRequest, answer: Response[Any], arrival: Arrival) -> Response[Any]:
    """The answer to a sign-in: from now on the browser shows the token, and is known for its person once she is in."""
    lasts = int(sessions.LASTS.total_seconds())
    set_cookie(request, answer, NAME, arrival.token, lasts)
    if arrival.outcome == "in" and arrival.staff is not None:
        identifier, staff = secrets.token_urlsafe(16), arrival.staff.hex
        mac = _browser_mac(request.app.state.settings.secret, identifier, staff)
        set_cookie(request, answer, BROWSER, f"{identifier}.{staff}.{mac}", BROWSER_SECONDS)
    return answer


async def forget(request: HttpRequest, answer: Response[Any]) -> Response[Any]:
    """The answer to a sign-out: the session is gone, and the browser forgets the token."""
    token = request.cookies.get(cookie_name(_secure(request)))
    if token is not None:
        async with request.app.state.database.transaction(None) as tx:
            await sessions.close(tx, sessions.digest(token))
    set_cookie(request, answer, NAME, "", 0)
    return answer


def cookie_of(request: HttpRequest, name: str) -> str:
    """What a cookie of ours holds; empty: there is none."""
    return request.cookies.get(cookie_name(_secure(request), name), "")


def set_cookie(request: HttpRequest, answer: Response[Any], name: str, value: str, seconds: int) -> None:
    """A cookie out of reach of scripts and of other sites' forms."""
    secure = _secure(request)
    # Lax: a sign-in that comes back from the company's own, or a link in a mail, finds the session.
    answer.set_cookie(
        Cookie(
            cookie_name(secure, name),
            value=value,
            max_age=seconds,
            httponly=True,
            samesite="lax",
            secure=secure,
        )
    )


def csrf_token(secret: bytes, digest: bytes) -> str:
    """What a page of this session sends with every write: an HMAC, so that it needs no place to be kept."""
    key = hmac.digest(secret, _CSRF_PURPOSE, hashlib.sha256)
    return hmac.digest(key, digest, hashlib.sha256).hex()


def csrf_matches(secret: bytes, digest: bytes, sent: str) -> bool:
    """Whether the token that came with a write belongs to the session."""
    return hmac.compare_digest(csrf_token(secret, digest).encode(), sent.encode())


def _secure(request: HttpRequest) -> bool:
    return not request.app.state.settings.insecure_cookies


def _browser_mac(secret: bytes, identifier: str, staff: str) -> str:
    key = hmac.digest(secret, _BROWSER_PURPOSE, hashlib.sha256)
    return hmac.digest(key, f"{identifier}.{staff}".encode(), hashlib.sha256).hex()
