"""Where a member is logged in, and her passkeys; what is ended here is ended at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from regulars import ids
from regulars.errors import NotFound, Unprocessable
from regulars.portal import visiting
from regulars.web import member_sessions

HttpRequest = Request[Any, Any, Any]
PATH = "/me/devices"


@get("/portal/{slug:str}/me/devices", include_in_schema=False)
async def devices(request: HttpRequest) -> Response[Any]:
    """Her log-ins, this one first."""
    found = await visiting.member(request)
    database = request.app.state.database
    sessions = await member_sessions.sessions_of_member(database, found.program.id, found.id, found.now)
    this = found.visitor.session.id
    shown = [
        {
            "id": ids.show("ses", one.id),
            "label": one.label or found.language.gettext("A phone or browser"),
            "seen": found.language.short_date(one.seen_at, found.zone),
            "this": one.id == this,
        }
        for one in sessions
    ]
    return visiting.show(
        request, found, "devices", tab="me", sessions=sorted(shown, key=lambda one: not one["this"])
    )


@post("/portal/{slug:str}/me/devices", status_code=303, include_in_schema=False)
async def end(request: HttpRequest) -> Response[Any]:
    """End one of them."""
    found, form = await visiting.writing(request)
    session = _session(form.get("session", ""))
    database = request.app.state.database
    await member_sessions.end_session(database, found.program.id, found.id, session, found.now)
    return visiting.back(found, PATH, said="ended")


@post("/portal/{slug:str}/log-out", status_code=303, include_in_schema=False)
async def log_out(request: HttpRequest) -> Response[Any]:
    """End this log-in; the page has forgotten what it kept before it asked."""
    found, _ = await visiting.writing(request)
    database, session = request.app.state.database, found.visitor.session.id
    await member_sessions.end_session(database, found.program.id, found.id, session, found.now)
    cookie = member_sessions.cookie(request, found.program.slug, "")
    return visiting.back(found, "/sign-in", cookies=[cookie])


def _session(text: str) -> UUID:
    """Raises NotFound."""
    try:
        return ids.read("ses", text)
    except Unprocessable as error:
        raise NotFound("There is no such log-in.") from error


routes: list[Any] = [devices, end, log_out]
