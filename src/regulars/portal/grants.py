"""The wallet apps that a member lets see her card and balance: which they are, and taking it back with one tap."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post

from regulars import ids
from regulars.errors import NotFound, WrongIdKind
from regulars.flows.wallet_grants import list_grants, revoke_grant
from regulars.portal import visiting

HttpRequest = Request[Any, Any, Any]
PATH = "/me/apps"


@get("/portal/{slug:str}/me/apps", include_in_schema=False)
async def apps(request: HttpRequest) -> Response[Any]:
    """Those that may look, then those that no longer may."""
    found = await visiting.member(request)
    grants = await list_grants(request.app.state.database, found.program.id, found.id)

    def day(at: datetime) -> str:
        return found.language.short_date(at, found.zone)

    return visiting.show(
        request,
        found,
        "apps",
        tab="me",
        allowed=[
            {"id": one.id, "name": one.name, "since": day(one.granted_at)}
            for one in grants.items
            if one.revoked_at is None
        ],
        ended=[
            {"name": one.name, "on": day(one.revoked_at)}
            for one in grants.items
            if one.revoked_at is not None
        ],
    )


@post("/portal/{slug:str}/me/apps", status_code=303, include_in_schema=False)
async def take_back(request: HttpRequest) -> Response[Any]:
    """From now on this app sees nothing; where that was so already, the page shows it."""
    found, form = await visiting.writing(request)
    try:
        grant = ids.read("grt", form.get("grant", ""))
        await revoke_grant(request.app.state.database, found.program.id, found.id, grant, found.now)
    except (NotFound, WrongIdKind):
        return visiting.back(found, PATH)
    return visiting.back(found, PATH, said="taken_back")


routes: list[Any] = [apps, take_back]
