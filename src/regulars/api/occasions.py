"""The calls about events with seats: what they are, booking, the waiting list, and the door."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows import words
from regulars.flows.at_door import booking_at_door
from regulars.flows.book_seats import NewSeatBooking, book_seats, confirm_booking
from regulars.flows.booking_views import OccasionView, SeatBooking, SeatBookings
from regulars.flows.end_booking import BookingCancellation, cancel_booking, check_in
from regulars.flows.known_programs import Known
from regulars.flows.occasions import (
    Occasions,
    booking_id,
    bookings_at,
    bookings_of,
    call_off,
    list_occasions,
    put_occasion,
    read_booking,
    read_occasion,
)
from regulars.flows.spender_proof import Spender
from regulars.occasions.model import OccasionDocument, State
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("events with seats")


class BookingQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class GuestQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of which state."""

    state: State | None = None
    """Left out: every state."""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class Entrance(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/occasions/{code}/check-in`: by one of the two."""

    card: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    """As it was scanned: a number or a dynamic code."""
    booking: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """As the portal shows it."""


@calls("GET", "/v1/occasions", scopes="till issuer manage read", answer=Occasions, items_by="code")
async def every(call: Call[Any, Any]) -> Occasions:
    """The events with seats of the program, by code: what they are, and how many seats are taken."""
    return await list_occasions(call.database, call.caller.program)


@calls("GET", "/v1/occasions/{code}", scopes="till issuer manage read", answer=OccasionView)
async def one(call: Call[Any, Any]) -> OccasionView:
    """One event with seats."""
    return await read_occasion(call.database, call.caller.program, call.path["code"])


@calls("PUT", "/v1/occasions/{code}", scopes="manage", body=OccasionDocument, answer=OccasionView)
async def put(call: Call[OccasionDocument, Any]) -> OccasionView:
    """Make an event, or change it by a new revision; the same document again changes nothing.

    With more seats the waiting list moves up at once. Fewer than are taken, and whatever else contradicts itself, is
    `422 contradictory_configuration`.
    """
    known = await call.known()
    code, by = call.path["code"], call.caller.by
    answer = await put_occasion(call.database, known, code, call.body, by, await call.now())
    call.state.post_office.send(known.program.id)
    return answer


@calls("POST", "/v1/occasions/{code}/call-off", scopes="manage", answer=OccasionView, idempotent=True)
async def cancel_event(call: Call[Any, Any]) -> Answer:
    """Call an event off: nobody books it any more, and every booking is given back with all its points."""
    known = await call.known()
    return await call_off(call.database, known, await call.request(), call.path["code"])


@calls(
    "GET", "/v1/occasions/{code}/bookings", scopes="issuer manage read", query=GuestQuery, answer=SeatBookings
)
async def guests(call: Call[Any, GuestQuery]) -> SeatBookings:
    """The bookings of an event in the order they were made: who has seats, and who waits."""
    known = await call.known()
    query = call.query
    return await bookings_at(
        call.database,
        known.program.id,
        call.path["code"],
        (query.state,) if query.state else (),
        _language(call, known),
        after=booking_id(query.cursor, "?cursor") if query.cursor else None,
        limit=query.limit,
    )


@calls(
    "POST",
    "/v1/occasions/{code}/check-in",
    scopes="till issuer manage",
    body=Entrance,
    answer=SeatBooking,
    idempotent=True,
)
async def enter(call: Call[Entrance, Any]) -> Answer:
    """Let a member in with her guests, by her card or her booking, once. `409 state_conflict` the second time."""
    known = await call.known()
    code, sent = call.path["code"], call.body
    if (sent.card is None) == (sent.booking is None):
        raise InvalidValue("/card", "exactly one of card and booking is needed")
    if sent.card is not None:
        booking = await booking_at_door(call.database, known, code, sent.card)
    else:
        booking = booking_id(sent.booking or "", "/booking")
    request, by, spoken = await call.request(), call.caller.by, _language(call, known)
    return await check_in(call.database, known, request, by, booking, spoken, of=code)


@calls(
    "POST",
    "/v1/members/{id}/bookings",
    scopes="issuer manage",
    body=NewSeatBooking,
    answer=SeatBooking,
    status=201,
)
async def book(call: Call[NewSeatBooking, Any]) -> Answer:
    """Book seats of an event for the member: seats and points in one transaction, or nothing.

    Where there are not enough she waits, with her `waiting_place`, and nothing is charged; with `wait` false it is
    `409 no_seats_left`. When seats come free, those who fit into them move up in the order of the list, and a group is
    never split. Other refusals: `not_for_member`, `booking_closed`, `already_booked`, `insufficient_points`.
    """
    known = await call.known()
    spender = Spender(call.caller, call.caller.by)
    request, spoken = await call.request(), _language(call, known)
    return await book_seats(call.database, known, request, spender, _member(call), call.body, spoken)


@calls(
    "GET",
    "/v1/members/{id}/bookings",
    scopes="issuer manage read",
    query=BookingQuery,
    answer=SeatBookings,
)
async def of_member(call: Call[Any, BookingQuery]) -> SeatBookings:
    """What the member booked, and whoever was merged into her, the latest first."""
    known = await call.known()
    query = call.query
    return await bookings_of(
        call.database,
        known,
        _member(call),
        _language(call, known),
        before=booking_id(query.cursor, "?cursor") if query.cursor else None,
        limit=query.limit,
    )


@calls("GET", "/v1/bookings/{id}", scopes="till issuer manage read", answer=SeatBooking)
async def show(call: Call[Any, Any]) -> SeatBooking:
    """A booking, and where it stands."""
    known = await call.known()
    spoken = _language(call, known)
    return await read_booking(call.database, known.program.id, booking_id(call.path["id"]), spoken)


@calls("POST", "/v1/bookings/{id}/confirm", scopes="issuer manage", answer=SeatBooking, idempotent=True)
async def confirm(call: Call[Any, Any]) -> Answer:
    """Say yes to seats that came free for the member: they are booked, and paid. `409` once the time is over."""
    known = await call.known()
    spender = Spender(call.caller, call.caller.by)
    request, booking = await call.request(), booking_id(call.path["id"])
    return await confirm_booking(call.database, known, request, spender, booking, _language(call, known))


@calls(
    "POST",
    "/v1/bookings/{id}/cancel",
    scopes="issuer manage",
    body=BookingCancellation,
    answer=SeatBooking,
    idempotent=True,
)
async def cancel(call: Call[BookingCancellation, Any]) -> Answer:
    """Give seats back, or a place on the waiting list; whoever is next moves up in the same transaction.

    Before the event's `cancel_until` the very points come back with their dates; after it by its `late_cancel`.
    """
    known = await call.known()
    request, by, booking = await call.request(), call.caller.by, booking_id(call.path["id"])
    answer = await cancel_booking(
        call.database, known, request, by, booking, call.body.reason, _language(call, known)
    )
    call.state.post_office.send(known.program.id)
    return answer


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"], "/id")


def _language(call: Call[Any, Any], known: Known) -> str:
    return words.chosen(known.program.languages, call.language, "")
