"""The calls about paid memberships: their plans, and how one is begun, renewed, paused, changed and ended."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows import memberships
from regulars.flows.begin_membership import NewMembership, begin_membership
from regulars.flows.gift_sales import Seller
from regulars.flows.membership_plans import (
    Memberships,
    MembershipShown,
    Plans,
    PlanView,
    list_plans,
    memberships_in,
    memberships_of,
    put_plan,
    read_membership,
)
from regulars.flows.memberships import (
    Cancellation,
    MembershipView,
    Pause,
    PlanChange,
    Renewal,
    Work,
)
from regulars.flows.occasions import end_all_due
from regulars.rewards.plans import CODE, PlanDocument
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Memberships")
READS = "till issuer manage read"
SERVES = "till issuer manage"


class InState(Struct, frozen=True, forbid_unknown_fields=True):
    """Which memberships."""

    state: Annotated[str, Meta(max_length=10)] = "active"
    cursor: Annotated[str, Meta(max_length=60)] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@calls("GET", "/v1/membership-plans", scopes=READS, answer=Plans, items_by="code")
async def every(call: Call[Any, Any]) -> Plans:
    """The plans of the program as they count now, by code."""
    return await list_plans(call.database, call.caller.program)


@calls("PUT", "/v1/membership-plans/{code}", scopes="manage", body=PlanDocument, answer=PlanView)
async def put(call: Call[PlanDocument, Any]) -> PlanView:
    """Make a plan, or change it by a new revision; the same document again changes nothing.

    A change counts for what is begun or renewed from now on. `stopped` keeps others from beginning it; whoever has it
    may renew it. What contradicts itself is `422 contradictory_configuration`.
    """
    code = call.path["code"]
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")
    by, at = call.caller.by, await call.now()
    return await put_plan(call.database, call.caller.program, code, call.body, by, at)


@calls("GET", "/v1/memberships", scopes="issuer manage read", query=InState, answer=Memberships)
async def in_state(call: Call[Any, InState]) -> Memberships:
    """Memberships in a state (`active`, `due`, `paused` or `ended`), the latest first."""
    query = call.query
    return await memberships_in(call.database, call.caller.program, query.state, query.cursor, query.limit)


@calls("GET", "/v1/memberships/{id}", scopes="issuer manage read", answer=MembershipShown)
async def one(call: Call[Any, Any]) -> MembershipShown:
    """A membership with all its acts: what was paid, credited and paid back, by whom and why."""
    return await read_membership(call.database, call.caller.program, ids.read("mbs", call.path["id"], "/id"))


@calls("GET", "/v1/members/{id}/memberships", scopes=READS, answer=Memberships, items_by="id")
async def of_member(call: Call[Any, Any]) -> Memberships:
    """The member's paid memberships, the latest first."""
    member = ids.read("mem", call.path["id"], "/id")
    return await memberships_of(call.database, call.caller.program, member)


@calls(
    "POST", "/v1/members/{id}/memberships", scopes=SERVES, body=NewMembership, answer=MembershipView, status=201
)  # fmt: skip
async def begin(call: Call[NewMembership, Any]) -> Answer:
    """Begin a membership today: with the `reference` of a payment, or, without one, with the plan's days on trial.

    Days on trial are for who never had this plan. The money is taken by the shop's own means; `paid` says how much.
    From now on she has the plan's club, tier and rights. Another one of the same plan is `409 state_conflict`.

    A plan with an article (`sku`) is sold with a receipt: `purchase` and `line` name the line that paid, one piece of
    the article, on a receipt of this member. The line pays for one period at what was paid for it, of a membership
    that she has for the next one (`409 state_conflict` where that is paid already); a return of the line pays back the
    days that are left as the plan says. A till's key sells such a plan so only.
    """
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    return await begin_membership(
        call.database, known.program, await call.request(), call.caller.by, member, call.body, _seller(call)
    )


@calls(
    "POST",
    "/v1/memberships/{id}/renewals",
    scopes=SERVES,
    body=Renewal,
    answer=MembershipView,
    idempotent=True,
)
async def renew(call: Call[Renewal, Any]) -> Answer:
    """Pay for the next period: it follows the present one without a gap, also when it is paid in the days of grace.

    The price is that of the plan's newest revision. More than one period ahead is `409 state_conflict`. A membership
    that was to end goes on. A till's key renews a plan with an article by the line of a receipt
    instead, as it is begun.
    """
    return await _act(call, "membership.prolonged", memberships.renewing(call.body, _seller(call)))


@calls(
    "POST",
    "/v1/memberships/{id}/cancellations",
    scopes=SERVES,
    body=Cancellation,
    answer=MembershipView,
    idempotent=True,
)
async def cancel(call: Call[Cancellation, Any]) -> Answer:
    """End a membership with what is paid (`period_end`), or `now`.

    `now` pays back the days after today where the plan does so: each period's amount by its days, rounded half up, less
    what the plan keeps for uses of its rights. `refund` says how much is to be paid back.
    """
    return await _act(call, "membership.cancelled", memberships.cancelling(call.body))


@calls(
    "POST", "/v1/memberships/{id}/pauses", scopes=SERVES, body=Pause, answer=MembershipView, idempotent=True
)
async def pause(call: Call[Pause, Any]) -> Answer:
    """Pause an active membership: its paid days stand still, and what it gives rests."""
    return await _act(call, "membership.paused", memberships.pausing(call.body))


@calls(
    "POST",
    "/v1/memberships/{id}/resumptions",
    scopes=SERVES,
    body=Pause,
    answer=MembershipView,
    idempotent=True,
)
async def resume(call: Call[Pause, Any]) -> Answer:
    """Go on after a pause; the end moves by the days of the pause."""
    return await _act(call, "membership.resumed", memberships.resuming(call.body))


@calls(
    "POST",
    "/v1/memberships/{id}/changes",
    scopes=SERVES,
    body=PlanChange,
    answer=MembershipView,
    idempotent=True,
)
async def change(call: Call[PlanChange, Any]) -> Answer:
    """Go over to another plan today. What is left of the present one is credited; `paid` is the rest.

    A plan that costs less than what is left is `409 state_conflict`: end the present one with a refund instead.
    """
    return await _act(call, "membership.plan_changed", memberships.changing(call.body, _seller(call)))


def _seller(call: Call[Any, Any]) -> Seller:
    return Seller(call.state.known, call.caller)


async def _act(call: Call[Any, Any], kind: str, work: Work) -> Answer:
    known = await call.known()
    membership = ids.read("mbs", call.path["id"], "/id")
    request = await call.request()
    answer = await memberships.act(
        call.database, known.program, request, call.caller.by, membership, kind, work
    )
    await end_all_due(call.database, known, request.at)
    return answer
