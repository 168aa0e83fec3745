"""The calls about prepaid packs of visits: which there are, selling one, using a visit, paying back what is left."""

from __future__ import annotations

from typing import Any

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows.gift_sales import Seller
from regulars.flows.packs import (
    NewPack,
    NewVisit,
    PackKinds,
    PackKindView,
    PackRefund,
    Packs,
    PackView,
    VisitUsed,
    list_kinds,
    packs_of,
    put_kind,
    refund_pack,
    sell_pack,
    use_visit,
)
from regulars.rewards.packs import PackDocument
from regulars.rewards.plans import CODE
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Packs")
READS = "till issuer manage read"
SERVES = "till issuer manage"


@calls("GET", "/v1/packs", scopes=READS, answer=PackKinds, items_by="code")
async def every(call: Call[Any, Any]) -> PackKinds:
    """The packs of the program, by code, and what is owed on those that were sold."""
    return await list_kinds(call.database, call.caller.program, await call.now())


@calls("PUT", "/v1/packs/{code}", scopes="manage", body=PackDocument, answer=PackKindView)
async def put(call: Call[PackDocument, Any]) -> PackKindView:
    """Make a pack, or change it by a new revision; the same document again changes nothing.

    Its `currency` is one of the kind `visits`. What was sold keeps its price and its end.
    """
    code = call.path["code"]
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")
    return await put_kind(
        call.database, call.caller.program, code, call.body, call.caller.by, await call.now()
    )


@calls("GET", "/v1/members/{id}/packs", scopes=READS, answer=Packs, items_by="id")
async def of_member(call: Call[Any, Any]) -> Packs:
    """The packs that the member bought, the latest first, with what is left of each."""
    member = ids.read("mem", call.path["id"], "/id")
    return await packs_of(call.database, call.caller.program, member, await call.now())


@calls("POST", "/v1/members/{id}/packs", scopes=SERVES, body=NewPack, answer=PackView, status=201)
async def sell(call: Call[NewPack, Any]) -> Answer:
    """Sell a pack: the visits are in her account at once. The money is taken by the shop's own means.

    A pack with an article (`sku`) is sold with a receipt: `purchase` and `line` name the line that paid, one piece of
    the article, on a receipt of this member. The line pays for one pack (`409 state_conflict` afterwards); what was
    paid is the pack's price, and a return of the line pays back what is left of it. A till's key sells such a pack so
    only.
    """
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    return await sell_pack(
        call.database, known.program, await call.request(), call.caller.by, member, call.body,
        Seller(call.state.known, call.caller),
    )  # fmt: skip


@calls("POST", "/v1/members/{id}/visits", scopes=SERVES, body=NewVisit, answer=VisitUsed, status=201)
async def use(call: Call[NewVisit, Any]) -> Answer:
    """Use a visit of the member's packs, of those that end first; `left` says how many she has then.

    Too few of them are `409 insufficient_points`, and nothing was used.
    """
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    return await use_visit(
        call.database, known.program, await call.request(), call.caller.by, member, call.body
    )


@calls(
    "POST",
    "/v1/packs/{id}/refunds",
    scopes="issuer manage",
    body=PackRefund,
    answer=PackView,
    idempotent=True,
)
async def refund(call: Call[PackRefund, Any]) -> Answer:
    """Pay back what is left of a pack: its share of the price by visits, rounded half up. Its visits are gone then.

    A pack is paid back once; one that is used up or over is `409 state_conflict`. One that the line of a receipt paid
    for comes back with a return of that line, which a till does.
    """
    known = await call.known()
    pack = ids.read("pck", call.path["id"], "/id")
    return await refund_pack(
        call.database, known.program, await call.request(), call.caller.by, pack, call.body
    )
