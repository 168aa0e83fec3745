"""The member's tier: what she has, how far it is to the next, what keeps it, and how it came to be."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from regulars.flows.member_tiers import read_on_ladders
from regulars.portal import visiting
from regulars.web import tier_words

HttpRequest = Request[Any, Any, Any]


@get("/portal/{slug:str}/tier", include_in_schema=False)
async def tier(request: HttpRequest) -> Response[Any]:
    """Her tiers, with bars to the next and all changes."""
    found = await visiting.member(request)
    on = await read_on_ladders(request.app.state.database, found.known, found.id, found.now)
    return visiting.show(
        request,
        found,
        "tier",
        tab="card",
        tiers=tier_words.shown(found.known, found.language, found.zone, on.tiers),
        history=tier_words.history(found.known, found.language, found.zone, on.history),
    )


routes: list[Any] = [tier]
