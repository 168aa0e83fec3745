"""`/v1/ladders`: the tiers of a program, what they ask for, and what a change of them would do."""

from __future__ import annotations

from typing import Any

from regulars import ids
from regulars.flows.ladders import (
    LadderPreview,
    Ladders,
    LadderView,
    list_ladders,
    preview_ladder,
    put_ladder,
)
from regulars.flows.member_tiers import TierChanges, read_changes
from regulars.members.ladders import LadderDocument
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Tiers")


@calls("GET", "/v1/ladders", scopes="till issuer manage read", answer=Ladders, items_by="code")
async def every(call: Call[Any, Any]) -> Ladders:
    """The ladders of the program as they count now, by code; those that were withdrawn say so."""
    return await list_ladders(call.database, call.caller.program)


@calls("PUT", "/v1/ladders/{code}", scopes="manage", body=LadderDocument, answer=LadderView)
async def put(call: Call[LadderDocument, Any]) -> LadderView:
    """Make a ladder, or change it by a new revision; the same document again changes nothing.

    `withdrawn` ends it: nobody climbs any more, and whoever has a tier of it loses it in the minutes after; without it
    the ladder is put back, and whoever has reached a tier climbs anew.

    It counts from the next purchase on, in every process. Whoever has reached more by the new revision climbs in the
    minutes after; nobody falls before the end of her term. What contradicts itself is `422
    contradictory_configuration`, with a sentence for each place.
    """
    code, by = call.path["code"], call.caller.by
    return await put_ladder(call.database, call.caller.program, code, call.body, by, await call.now())


@calls(
    "GET",
    "/v1/members/{id}/tier-changes",
    scopes="issuer manage read",
    answer=TierChanges,
    items_by="ladder at",
)
async def changes(call: Call[Any, Any]) -> TierChanges:
    """How the member's tiers came to be: each change with its reason and what had been reached, the newest first."""
    return await read_changes(call.database, call.caller.program, ids.read("mem", call.path["id"], "/id"))


@calls("POST", "/v1/ladders/{code}/preview", scopes="manage read", body=LadderDocument, answer=LadderPreview)
async def preview(call: Call[LadderDocument, Any]) -> LadderPreview:
    """What a ladder, or a change of one, would do to today's members; nothing is written.

    The rules as they are and the new ones are applied to the same sums: `before` and `after` by tier, how many would go
    `up`, `down` or `stay`, and a hundred of those who would move. Rules that do not change move nobody.

    At most 20,000 members are looked at: of more, as many as that by chance (`whole` is false then).
    """
    code, program = call.path["code"], call.caller.program
    return await preview_ladder(call.database, call.state.known, program, code, call.body, await call.now())
