"""The calls about regularity: how regularly a member comes, and who is overdue."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from regulars import ids
from regulars.flows.read_rhythm import OverduePage, RhythmView, list_overdue, read_rhythm
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Regularity")


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of a list."""

    cursor: Annotated[str, Meta(max_length=60)] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@calls("GET", "/v1/members/{id}/rhythm", scopes="issuer manage read", answer=RhythmView)
async def rhythm(call: Call[Any, Any]) -> RhythmView:
    """How regularly the member comes: the median of the days between her visits, and when she is overdue.

    A visit is a day with a purchase that was not voided. With fewer intervals than the setting
    `regularity.intervals_min` she has no rhythm yet. What was bought in the last seconds may not be in it.
    """
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    return await read_rhythm(call.database, known.program, member, await call.now())


@calls("GET", "/v1/overdue", scopes="issuer manage read", query=Page, answer=OverduePage)
async def overdue(call: Call[Any, Page]) -> OverduePage:
    """Members who used to come regularly and are overdue, those who just became so first.

    Empty unless the setting `regularity.on` is set: then a round looks each day, tells subscribers (`member.overdue`)
    and writes to those who agreed to messages, once for each absence. Whoever has booked a visit is not written to.
    """
    known = await call.known()
    query = call.query
    return await list_overdue(call.database, known.program, await call.now(), query.cursor, query.limit)
