"""A member's data in her own hands: everything that is held, the proof of her balance, and leaving the program."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Stream

from regulars.flows.accounts import read_own_account
from regulars.flows.erase_member import erase_member
from regulars.flows.export_person import begin
from regulars.flows.prove_balance import prove_balance
from regulars.flows.read_member import read_balance
from regulars.portal import showing, visiting
from regulars.web import member_sessions, pages
from regulars.web.paper import pdf, person
from regulars.web.paper import proof as papers

HttpRequest = Request[Any, Any, Any]


@get("/portal/{slug:str}/me/data", include_in_schema=False)
async def data(request: HttpRequest) -> Response[Any]:
    """What can be downloaded."""
    found = await visiting.member(request)
    return visiting.show(request, found, "data", tab="me")


@get("/portal/{slug:str}/me/export.json", include_in_schema=False)
async def export_json(request: HttpRequest) -> Response[Any]:
    """All that is held of her, for other programs."""
    found = await visiting.member(request)
    state = request.app.state
    begun = await begin(visiting.database(request, found), state.known, found.program.id, found.id, found.now)
    return Stream(begun.json(), media_type="application/json", headers=_saved_as("my-data.json"))


@get("/portal/{slug:str}/me/export.pdf", include_in_schema=False)
async def export_pdf(request: HttpRequest) -> Response[bytes]:
    """The same, to be read."""
    found = await visiting.member(request)
    state = request.app.state
    begun = await begin(visiting.database(request, found), state.known, found.program.id, found.id, found.now)
    sheet = await person.sheet(begun, found.language.code)
    body = await pdf.render_later(person.TEMPLATE, sheet)
    return Response(body, media_type="application/pdf", headers=_saved_as("my-data.pdf"))


@get("/portal/{slug:str}/me/proof.pdf", include_in_schema=False)
async def proof_pdf(request: HttpRequest) -> Response[bytes]:
    """The proof of the balance, to be read."""
    found = await visiting.member(request)
    proved = await prove_balance(request.app.state.database, found.program, found.id, found.now)
    body = await pdf.render_later(person.TEMPLATE, papers.sheet(proved, found.program, found.language))
    return Response(body, media_type="application/pdf", headers=_saved_as("proof.pdf"))


@get("/portal/{slug:str}/me/proof.json", include_in_schema=False)
async def proof(request: HttpRequest) -> Response[bytes]:
    """The proof of the balance: every movement with its way to a sealed block."""
    found = await visiting.member(request)
    proved = await prove_balance(request.app.state.database, found.program, found.id, found.now)
    body = msgspec.json.format(msgspec.json.encode(proved), indent=1)
    return Response(body, media_type="application/json", headers=_saved_as("proof.json"))


@get("/portal/{slug:str}/me/leave", include_in_schema=False)
async def leave(request: HttpRequest) -> Response[Any]:
    """What is lost by leaving (of a shared account nothing is), and what is kept; the second step asks for the word."""
    found = await visiting.member(request)
    database = request.app.state.database
    own = await read_own_account(database, found.program, found.known.vault, found.id, found.now)
    if own.account is None:
        lost = (await read_balance(database, found.program, found.id, at=found.now)).currencies
    else:
        lost = own.kept
    lines = showing.balance_lines(found, lost)
    return visiting.show(
        request,
        found,
        "leave",
        tab="me",
        lost=[line.points for line in lines if line.available],
        sure=request.query_params.get("sure") == "1",
    )


@post("/portal/{slug:str}/me/leave", status_code=303, include_in_schema=False)
async def left(request: HttpRequest) -> Response[Any]:
    """Erase who she is and log her out everywhere."""
    found, form = await visiting.writing(request)
    if form.get("sure") != "1" or form.get("understood") != "1":
        return visiting.back(found, "/me/leave?sure=1")
    database = visiting.database(request, found)
    await erase_member(database, found.program, found.known.vault, found.id, "member", at=found.now)
    cookie = member_sessions.cookie(request, found.program.slug, "")
    return visiting.back(found, "/left", cookies=[cookie])


@get("/portal/{slug:str}/left", include_in_schema=False)
async def gone(request: HttpRequest) -> Response[Any]:
    """What was done, after leaving."""
    return visiting.show(request, await visiting.guest(request), "left")


def _saved_as(name: str) -> dict[str, str]:
    return {**pages.SECURITY_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}


routes: list[Any] = [data, export_json, export_pdf, proof, proof_pdf, leave, left, gone]
