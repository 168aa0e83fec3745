"""Where the link of a message leads: whoever reads that mailbox confirms what she agreed to. Nobody logs in for it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from regulars.errors import StateConflict, Unprocessable
from regulars.flows.confirm_consent import Confirmation, confirm_consent
from regulars.portal import visiting
from regulars.web import forms

HttpRequest = Request[Any, Any, Any]


@get("/portal/{slug:str}/confirm", include_in_schema=False)
async def asked(request: HttpRequest) -> Response[Any]:
    """The question. A mail program that follows links by itself confirms nothing: the answer is a form."""
    found = await visiting.guest(request)
    return visiting.show(request, found, "confirm", token=request.query_params.get("token", ""), step="ask")


@post("/portal/{slug:str}/confirm", status_code=200, include_in_schema=False)
async def confirmed(request: HttpRequest) -> Response[Any]:
    """Confirm; a token that is not ours, too old or used says so."""
    found = await visiting.guest(request)
    form = await forms.read(request)
    try:
        sent = visiting.checked(Confirmation(str(form.get("token", ""))))
        await confirm_consent(
            request.app.state.database, found.program, found.known.vault, sent.token, at=found.now
        )
    except (Unprocessable, StateConflict) as problem:
        return visiting.show(request, found, "confirm", token="", step="over", status=problem.status)
    return visiting.show(request, found, "confirm", token="", step="done")


routes: list[Any] = [asked, confirmed]
