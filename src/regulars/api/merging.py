"""The calls about members who are one person: who they may be, merging them, and undoing that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.find_duplicates import Duplicates, find_duplicates
from regulars.flows.merge_members import Merged, NewMerge, merge_members
from regulars.flows.unmerge_members import Unmerged, unmerge_members
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("members")


@calls("GET", "/v1/members/{id}/duplicates", scopes="issuer manage", answer=Duplicates, items_by="id")
async def duplicates(call: Call[Any, Any]) -> Duplicates:
    """Members who may be the same person: the same birthday and name, however it is spelled (at most 100)."""
    known = await call.known()
    return await find_duplicates(call.database, known.program, known.vault, _member(call))


@calls("POST", "/v1/members/{id}/merge", scopes="manage", body=NewMerge, answer=Merged, idempotent=True)
async def merge(call: Call[NewMerge, Any]) -> Answer:
    """Merge a duplicate into this member.

    Her points move with their dates, pending ones and debt too; her cards, phone and email lead to this member, and the
    survivor takes over what only the duplicate's person said. Of consents the stricter word holds. While a purchase of
    the duplicate is held, or she is in a shared account, it is `409 state_conflict`.
    """
    return await _done(call, merge_members)


@calls("POST", "/v1/members/{id}/unmerge", scopes="manage", body=NewMerge, answer=Unmerged, idempotent=True)
async def unmerge(call: Call[NewMerge, Any]) -> Answer:
    """Undo a merge, within `unmerge_days` of the program.

    What is left of the points that came goes back. What this member spent of them is made up to the other one and owed
    by this member (`owed`), who pays it from what she has, or with what she earns next.
    """
    return await _done(call, unmerge_members)


async def _done(call: Call[NewMerge, Any], flow: Callable[..., Awaitable[Answer]]) -> Answer:
    known = await call.known()
    request, actor = await call.request(), ids.show("key", call.caller.key)
    answer = await flow(call.database, known.program, known.vault, request, actor, _member(call), call.body)
    call.state.post_office.send(known.program.id)
    return answer


def _member(call: Call[Any, Any]) -> UUID:
    """The member whom the path names. Raises WrongIdKind."""
    return ids.read("mem", call.path["id"])
