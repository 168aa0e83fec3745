"""The calls about entitlements: what members may do so often, use at a desk and book, and what it costs partners."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct, field

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows import words
from regulars.flows.end_visit import cancel, check_in
from regulars.flows.entitlement_costs import Costs, UsePage, costs_of, uses_seen
from regulars.flows.entitlement_views import UseView
from regulars.flows.known_programs import Known
from regulars.flows.member_entitlements import (
    MemberEntitlements,
    NewGrant,
    Slots,
    grant_uses,
    member_entitlements,
    slots_of,
)
from regulars.flows.put_entitlement import (
    EntitlementDocuments,
    EntitlementDocumentView,
    list_entitlements,
    put_entitlement,
)
from regulars.flows.use_entitlement import (
    NewBooking,
    NewUse,
    Visitor,
    book_visit,
    use_entitlement,
)
from regulars.rewards.entitlements import Entitlement
from regulars.web.endpoints import Call, Endpoints
from regulars.web.slices import Slice

calls = Endpoints("entitlements")
_Short = Annotated[str, Meta(min_length=1, max_length=64)]


class SlotQuery(Slice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where and on which day."""

    store: _Short
    day: date


class CostQuery(Slice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From which day to which, both included, and of which partner."""

    first: date = field(name="from")
    last: date = field(name="until")
    partner: _Short | None = None


class UseQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of which visits."""

    entitlement: _Short | None = None
    partner: _Short | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls(
    "GET", "/v1/entitlements", scopes="till issuer manage read", answer=EntitlementDocuments, items_by="code"
)
async def every(call: Call[Any, Any]) -> EntitlementDocuments:
    """The entitlements of the program as they count now, by code."""
    return await list_entitlements(call.database, call.caller.program)


@calls("PUT", "/v1/entitlements/{code}", scopes="manage", body=Entitlement, answer=EntitlementDocumentView)
async def put(call: Call[Entitlement, Any]) -> EntitlementDocumentView:
    """Make an entitlement, or change it by a new revision; the same document again changes nothing.

    It counts from now on; what was used or booked stands as it is. What contradicts itself is `422
    contradictory_configuration`, with a sentence for each place.
    """
    known = await call.known()
    by = call.caller.by
    return await put_entitlement(call.database, known, call.path["code"], call.body, by, await call.now())


@calls(
    "GET",
    "/v1/entitlements/{code}/slots",
    scopes="till issuer manage read",
    query=SlotQuery,
    answer=Slots,
    items_by="at",
)
async def free_slots(call: Call[Any, SlotQuery]) -> Slots:
    """When a visit can be booked at a place on a day, and how many people still fit in."""
    known = await call.known()
    query = call.query
    return await slots_of(
        call.database, known.program, call.path["code"], query.store, query.day, await call.now()
    )


@calls(
    "GET",
    "/v1/members/{id}/entitlements",
    scopes="till issuer manage read",
    answer=MemberEntitlements,
    items_by="code",
)
async def of_member(call: Call[Any, Any]) -> MemberEntitlements:
    """What the member has: uses left in this period, when the next is free, and what she has used and booked.

    `cost` of a visit is null for a key of a partner at whose place it was not.
    """
    known = await call.known()
    language = _language(call, known)
    return await member_entitlements(
        call.database, known, _member(call), language, call.caller, await call.now()
    )


@calls(
    "POST",
    "/v1/members/{id}/entitlements/{code}/uses",
    scopes="till manage",
    body=NewUse,
    answer=UseView,
    status=201,
)
async def use(call: Call[NewUse, Any]) -> Answer:
    """Check the member in: a use of what she has, at the desk of a store.

    `409`: `quota_used_up` with `left` and `next_free_at`, `not_entitled`, `not_usable_here`, `too_many_guests`; nothing
    was written then.
    """
    known = await call.known()
    return await use_entitlement(
        call.database, known, await call.request(), _visitor(call), _member(call), call.path["code"], call.body,
        _language(call, known),
    )  # fmt: skip


@calls(
    "POST",
    "/v1/members/{id}/entitlements/{code}/bookings",
    scopes="till issuer manage",
    body=NewBooking,
    answer=UseView,
    status=201,
)
async def book(call: Call[NewBooking, Any]) -> Answer:
    """Book a visit: a use of the period in which it will be is reserved, and places in the slot.

    `409` as for a use, and `slot_full`. When it is checked in it becomes a use; cancelled in time it comes back.
    """
    known = await call.known()
    return await book_visit(
        call.database, known, await call.request(), _visitor(call), _member(call), call.path["code"], call.body,
        _language(call, known),
    )  # fmt: skip


@calls(
    "POST",
    "/v1/members/{id}/entitlements/{code}/grants",
    scopes="manage",
    body=NewGrant,
    answer=MemberEntitlements,
    status=201,
)
async def grant(call: Call[NewGrant, Any]) -> Answer:
    """Give the member uses beside her quota, for so many days or without end. The audit trail keeps the reason."""
    known = await call.known()
    return await grant_uses(
        call.database, known, await call.request(), call.caller, _member(call), call.path["code"], call.body,
        _language(call, known),
    )  # fmt: skip


@calls("GET", "/v1/entitlement-uses", scopes="manage read", query=UseQuery, answer=UsePage)
async def uses(call: Call[Any, UseQuery]) -> UsePage:
    """What was used and booked, the latest written first. A key of a partner sees what was at its own places."""
    known = await call.known()
    query = call.query
    before = ids.read("etu", query.cursor, "?cursor") if query.cursor else None
    return await uses_seen(
        call.database, known.program, call.caller, query.entitlement, query.partner, before, query.limit,
        _language(call, known),
    )  # fmt: skip


@calls(
    "GET",
    "/v1/entitlement-costs",
    scopes="manage read",
    query=CostQuery,
    answer=Costs,
    items_by="partner store entitlement",
)
async def costs(call: Call[Any, CostQuery]) -> Costs:
    """What uses cost, by partner, store and entitlement. A key of a partner sees its own costs only."""
    known = await call.known()
    query = call.query
    return await costs_of(call.database, known.program, call.caller, query.partner, query.first, query.last)


@calls("POST", "/v1/entitlement-uses/{id}/check-in", scopes="till manage", answer=UseView, idempotent=True)
async def come(call: Call[Any, Any]) -> Answer:
    """Who booked has come: the booking becomes a use. `409 state_conflict` once it was used, cancelled or missed."""
    known = await call.known()
    return await check_in(
        call.database, known, await call.request(), _visitor(call), _use(call), _language(call, known)
    )


@calls(
    "POST", "/v1/entitlement-uses/{id}/cancel", scopes="till issuer manage", answer=UseView, idempotent=True
)
async def take_back(call: Call[Any, Any]) -> Answer:
    """Cancel a booking: what it took is free again. With `manage` also after its time, and a use written by mistake.

    `409`: `too_late_to_cancel`, `state_conflict` once it was used, cancelled or missed.
    """
    known = await call.known()
    return await cancel(
        call.database, known, await call.request(), _visitor(call), _use(call), _language(call, known)
    )


def _visitor(call: Call[Any, Any]) -> Visitor:
    return Visitor(call.caller.by, call.caller)


def _language(call: Call[Any, Any], known: Known) -> str:
    return words.chosen(known.program.languages, call.language, "")


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"], "/id")


def _use(call: Call[Any, Any]) -> UUID:
    return ids.read("etu", call.path["id"], "/id")
