"""A member books seats of an event, or says yes to seats that came free for her: seats and points in one transaction.

Where they are not enough she waits; nothing is charged before a seat is hers.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InsufficientPoints, InvalidValue, NotFound, StateConflict
from regulars.flows import seats, sharing, spender_proof
from regulars.flows.booking_views import booking_view
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.spender_proof import Spender
from regulars.ledger import book
from regulars.members.model import Member
from regulars.occasions import register
from regulars.occasions.model import SEATS_OF_ONE_MAX, Booking, Occasion, State, Step
from regulars.occasions.problems import AlreadyBooked, NoSeatsLeft


class NewSeatBooking(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/bookings`."""

    occasion: Annotated[str, Meta(min_length=1, max_length=63)]
    seats: Annotated[int, Meta(ge=1, le=SEATS_OF_ONE_MAX)] = 1
    wait: bool = True
    """Whether she waits where there are not enough seats; otherwise `409 no_seats_left`."""


async def book_seats(
    database: Database,
    known: Known,
    request: Request,
    spender: Spender,
    member: UUID,
    new: NewSeatBooking,
    language: str,
) -> Answer:
    """201 with the booking: booked, or waiting with her place.

    Raises NotFound, NotForMember, BookingClosed, AlreadyBooked, NoSeatsLeft, InvalidValue, InsufficientPoints, and what
    says that it is not she who spends; then nothing was written.
    """
    program = known.program
    proved = await spender_proof.prove(database, known, request, spender, member, None)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await sharing.locked_member(tx, program, member)
        occasion = await register.lock(tx, program.id, new.occasion)
        if occasion is None:
            raise NotFound("There is no such event in this program.")
        document = occasion.document
        await seats.require_bookable(tx, known, occasion, found, request.at)
        if new.seats > document.seats_per_booking:
            raise InvalidValue("/seats", f"a member may book {document.seats_per_booking} at the most")
        booking = _booking(occasion, found, new.seats, spender.by, request)
        place, posting = None, None
        if await register.take(tx, program.id, occasion.code, new.seats):
            posting = await _charge(tx, known, spender, proved, found, booking, request)
        elif not (new.wait and document.waiting_list):
            raise NoSeatsLeft(extra={"free": occasion.free})
        else:
            place = await register.queue(tx, program.id, occasion.code)
        state: State = "booked" if place is None else "waiting"
        pool = found.pool if posting is not None else None
        step = Step(0, state, pool, posting, request.at, spender.by)
        if not await register.enter(tx, program.id, booking, place, step):
            raise AlreadyBooked
        await seats.tell_of(tx, program.id, booking, state, request.at)
        view = await booking_view(tx, program.id, booking.id, language)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def confirm_booking(
    database: Database, known: Known, request: Request, spender: Spender, booking: UUID, language: str
) -> Answer:
    """200: the offered seats are hers, and paid. Raises NotFound, StateConflict, NotForMember, InsufficientPoints."""
    program = known.program
    async with database.transaction(program.id) as tx:
        asked = await register.booking(tx, program.id, booking)
    if asked is None:
        raise NotFound("There is no such booking.")
    proved = await spender_proof.prove(database, known, request, spender, asked.member, None)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        member = await sharing.locked_member(tx, program, asked.member)
        occasion = await register.lock(tx, program.id, asked.occasion)
        assert occasion is not None, "an event is never taken away"
        stands = await register.standing(tx, program.id, booking)
        if stands.state != "offered" or (stands.due_at is not None and stands.due_at <= request.at):
            raise StateConflict(
                "These seats are not waiting for a yes: the time for it is over, or it was said."
            )
        await seats.require_bookable(tx, known, occasion, member, request.at)
        posting = await _charge(tx, known, spender, proved, member, asked, request)
        pool = member.pool if posting is not None else None
        step = Step(stands.n + 1, "booked", pool, posting, request.at, spender.by)
        if not await register.step(tx, program.id, booking, step):
            raise StateConflict("Something else was done with this booking just now.")
        await seats.tell_of(tx, program.id, asked, "booked", request.at)
        view = await booking_view(tx, program.id, booking, language)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def _charge(
    tx: Transaction,
    known: Known,
    spender: Spender,
    proved: spender_proof.Proved,
    member: Member,
    booking: Booking,
    request: Request,
) -> UUID | None:
    """Take the points; the posting, None where it is free. Her pool is locked."""
    if booking.currency is None:
        return None
    program, at = known.program, request.at
    await spender_proof.require(tx, known, spender, proved, member.id, booking.currency, booking.points, at)
    page = (await open_pages(tx, program, [member.pool]))[member.pool]
    available = page.available(booking.currency, at)
    if available < booking.points:
        missing = booking.points - available
        raise InsufficientPoints(
            extra={"available": available, "currency": booking.currency, "missing": missing}
        )
    posting = page.begin("redemption", effective_at=at, recorded_at=at, actor=spender.by, related=booking.id)
    page.spend(booking.currency, booking.points, at, program.operator)
    await book.write(tx, program.id, [page])
    return posting


def _booking(occasion: Occasion, member: Member, wanted: int, by: str, request: Request) -> Booking:
    price = occasion.document.price
    return Booking(
        id=ids.new(member.home),
        occasion=occasion.code,
        member=member.id,
        pool=member.pool,
        seats=wanted,
        currency=price.currency if price else None,
        points=price.points * wanted if price else 0,
        booked_at=request.at,
        booked_by=by,
    )
