"""Signing in to a till with its key, and out again; and the first page."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from regulars import clock
from regulars.db.pool import Database
from regulars.programs import reading
from regulars.programs.model import OPERATOR
from regulars.web import assets, forms, pages, sessions

HttpRequest = Request[Any, Any, Any]
HOME = "/"
TILL_PAGE = "/till"
_OWN_PATH = re.compile(r"^/[A-Za-z0-9]")
_SAFE_SITES = ("same-origin", "none")


@get("/sign-in", include_in_schema=False)
async def sign_in(request: HttpRequest) -> Response[str]:
    """The form."""
    return _form(request, _own_path(request.query_params.get("next", "")))


@post("/sign-in", status_code=200, include_in_schema=False)
async def signed_in(request: HttpRequest) -> Response[Any]:
    """Open a session and go on to the page that was wanted, or to the till."""
    if request.headers.get("sec-fetch-site", "none") not in _SAFE_SITES:
        return _form(request, "", "elsewhere", status=403)
    form = await forms.read(request)
    after = _own_path(str(form.get("next", "")))
    settings = request.app.state.settings
    database: Database = request.app.state.database
    async with database.transaction(None) as tx:
        caller = await reading.caller(tx, str(form.get("key", "")).strip()[:200], clock.world())
    if caller is None or caller.program == OPERATOR:
        return _form(request, after, "key", status=403)
    if "till" not in caller.scopes:
        return _form(request, after, "scope", status=403)
    token = await sessions.open_session(database, settings.secret, caller.key, {}, clock.world())
    redirect = Redirect(after or TILL_PAGE, status_code=303, headers=dict(pages.SECURITY_HEADERS))
    redirect.set_cookie(
        Cookie(
            key=sessions.COOKIE,
            value=token,
            max_age=sessions.HOURS * 3600,
            httponly=True,
            samesite="lax",
            secure=not settings.insecure_cookies,
        )
    )
    return redirect


@post("/sign-out", status_code=303, include_in_schema=False)
async def sign_out(request: HttpRequest) -> Response[Any]:
    """Close the session."""
    database: Database = request.app.state.database
    token = request.cookies.get(sessions.COOKIE, "")
    session = await sessions.session_of(database, token, clock.world())
    if session is not None:
        form = await forms.read(request)
        secret = request.app.state.settings.secret
        if sessions.csrf_matches(secret, session.digest, str(form.get("csrf", ""))):
            await sessions.close_session(database, token)
    redirect = Redirect("/sign-in", status_code=303, headers=dict(pages.SECURITY_HEADERS))
    redirect.delete_cookie(sessions.COOKIE, path="/")
    return redirect


@get(HOME, include_in_schema=False)
async def home(request: HttpRequest) -> Response[str]:
    """The first page: where to go."""
    return pages.page(request, "home.html", visitor=await pages.visitor(request, "till"))


def _form(request: HttpRequest, after: str, fault: str = "", *, status: int = 200) -> Response[str]:
    return pages.page(request, "sign_in.html", status=status, after=after, fault=fault)


def _own_path(after: str) -> str:
    """The address to go on to, if it is one of ours (never `//elsewhere`)."""
    return after if _OWN_PATH.match(after) and "\\" not in after else ""


routes: list[Any] = [home, sign_in, signed_in, sign_out, assets.static]
