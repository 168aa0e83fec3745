"""The calls about what a member is marked with, and about the offers that she may activate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.activate_offer import NewActivation, Offers, OfferView, activate_offer, list_offers
from regulars.flows.mark_member import Marks, NewMark, end_mark, list_marks, put_mark
from regulars.flows.occasions import end_all_due
from regulars.members.marks import MarkView
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("members")


@calls("GET", "/v1/members/{id}/marks", scopes="issuer manage read", answer=Marks, items_by="kind code")
async def marks(call: Call[Any, Any]) -> Marks:
    """The audiences, clubs and tiers that the member is marked with now."""
    return await list_marks(call.database, call.caller.program, _member(call), await call.now())


@calls("PUT", "/v1/members/{id}/marks", scopes="issuer manage", body=NewMark, answer=MarkView)
async def mark(call: Call[NewMark, Any]) -> MarkView:
    """Mark the member with an audience, a club or a tier (`ladder/tier`), from now on, until `until` if that is given.

    It counts for purchases made from now on. Another tier of the same ladder ends; a mark that is there already keeps
    its beginning and gets the new end.
    """
    return await put_mark(call.database, call.caller.program, _member(call), call.body, await call.now())


@calls("DELETE", "/v1/members/{id}/marks/{kind}/{code}", scopes="issuer manage", answer=Marks)
async def unmark(call: Call[Any, Any]) -> Marks:
    """Take a mark away; of a tier `code` is the ladder. What is left is answered, and done again the same."""
    kind, code = call.path["kind"], call.path["code"]
    at = await call.now()
    left = await end_mark(call.database, call.caller.program, _member(call), kind, code, at)
    if kind == "club":
        await end_all_due(call.database, await call.known(), at)
    return left


@calls("GET", "/v1/members/{id}/offers", scopes="till issuer manage read", answer=Offers, items_by="id")
async def offers(call: Call[Any, Any]) -> Offers:
    """The live offers that are meant for this member: those whose conditions about the customer she meets."""
    programs, at = call.state.known, await call.now()
    return await list_offers(call.database, programs, call.caller.program, _member(call), call.language, at)


@calls(
    "POST",
    "/v1/members/{id}/offers",
    scopes="till issuer manage",
    body=NewActivation,
    answer=OfferView,
    status=201,
)
async def activate(call: Call[NewActivation, Any]) -> Answer:
    """Activate an offer for the member: from now on its promotion applies to what she buys.

    Activated again, it keeps its first instant. When the promotion is stopped, the activation is void.
    """
    request = await call.request()
    return await activate_offer(
        call.database, call.state.known, request, _member(call), call.body, call.language
    )


def _member(call: Call[Any, Any]) -> UUID:
    """The member whom the path names. Raises WrongIdKind."""
    return ids.read("mem", call.path["id"], "/id")
