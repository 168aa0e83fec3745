"""`/v1/approvals`: what waits for a second person, and the decisions."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows import approvals
from regulars.flows.approvals import ApprovalPage, Decision
from regulars.flows.asking import ApprovalView
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Review")


class ApprovalQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which ones."""

    waiting: bool = True
    """Only those that can still be decided; false: all of them."""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls("GET", "/v1/approvals", scopes="manage", query=ApprovalQuery, answer=ApprovalPage)
async def listed(call: Call[Any, ApprovalQuery]) -> ApprovalPage:
    """What waits for a second person, the newest first.

    Points that are given or taken by hand above `adjustment_limit`, and promotions that may cost more than
    `publish_budget_limit`, wait here; in the back office also erasures and new keys.
    """
    asked = call.query
    before = ids.read("apr", asked.cursor, "?cursor") if asked.cursor else None
    return await approvals.list_approvals(
        call.database,
        await call.now(),
        call.caller.program,
        waiting=asked.waiting,
        before=before,
        limit=asked.limit,
    )


@calls("GET", "/v1/approvals/{id}", scopes="manage", answer=ApprovalView)
async def read(call: Call[Any, Any]) -> ApprovalView:
    """One of them, as it stands: also where a 202 said `Location`."""
    return await approvals.read_approval(
        call.database, call.caller.program, _approval(call), await call.now()
    )


@calls(
    "POST", "/v1/approvals/{id}/approve", scopes="manage", body=Decision, answer=ApprovalView, idempotent=True
)
async def approve(call: Call[Decision, Any]) -> Answer:
    """Agree: what was asked for is done at once, by the rules and the state of now.

    Who asked does not decide, and a key is no person: 403 `second_person_needed`. Staff decide in the back office;
    while none of them may, the setting `approvals_by_keys` lets another key decide that a person made before this was
    asked for. What cannot be done any more is 409 `state_conflict`, and the approval is `stale` from then on.
    """
    state = call.state
    request = await call.request()
    return await approvals.approve(
        call.database,
        state.known,
        state.settings.secret,
        request,
        _approval(call),
        call.body.word,
        key=call.caller.key,
    )


@calls(
    "POST", "/v1/approvals/{id}/refuse", scopes="manage", body=Decision, answer=ApprovalView, idempotent=True
)
async def refuse(call: Call[Decision, Any]) -> Answer:
    """Say no, with a word why. Who asked withdraws instead; a key may refuse where it may agree."""
    return await approvals.refuse(
        call.database, await call.request(), _approval(call), call.body.word, key=call.caller.key
    )


@calls(
    "POST",
    "/v1/approvals/{id}/withdraw",
    scopes="manage",
    body=Decision,
    answer=ApprovalView,
    idempotent=True,
)
async def withdraw(call: Call[Decision, Any]) -> Answer:
    """Take back what one has asked for."""
    return await approvals.withdraw(call.database, await call.request(), _approval(call), call.body.word)


def _approval(call: Call[Any, Any]) -> UUID:
    return ids.read("apr", call.path["id"], "/id")
