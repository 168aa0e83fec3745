"""Shows events with seats and bookings as the API and the pages answer them. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.occasions import register
from regulars.occasions.model import LIVE, Occasion, OccasionDocument, State
from regulars.occasions.register import Booked
from regulars.texts import said


class OccasionView(Struct, frozen=True):
    """An event with seats as it counts, and what is taken of it."""

    code: str
    revision: int
    document: OccasionDocument
    taken: int
    free: int
    waiting: int
    """SeatBookings on the waiting list."""
    called_off_at: datetime | None
    created_at: datetime


class SeatBooking(Struct, frozen=True):
    """A booking, and where it stands."""

    id: str
    occasion: str
    name: str
    """In the language of the request."""
    place: str
    """Where the event is."""
    starts_at: datetime
    ends_at: datetime
    member: str
    seats: int
    state: State
    waiting_place: int | None
    """On the waiting list: 1 is the next."""
    confirm_by: datetime | None
    """Of an offered seat: until when she has to say yes."""
    currency: str | None
    points: int
    """For all its seats; charged once they are booked."""
    booked_at: datetime
    called_off: bool


class SeatBookings(Struct, frozen=True):
    """A page of bookings; `next` is the cursor of the following one."""

    items: tuple[SeatBooking, ...]
    next: str | None


def occasion_view(one: Occasion) -> OccasionView:
    """An event as it is answered."""
    return OccasionView(
        one.code,
        one.revision,
        one.document,
        one.taken,
        one.free,
        one.waiting,
        one.called_off_at,
        one.created_at,
    )


async def booking_views(
    tx: Transaction, program: UUID, booked: Sequence[Booked], language: str
) -> tuple[SeatBooking, ...]:
    """Bookings as they are answered, in their order."""
    occasions = await register.these(tx, program, sorted({one.booking.occasion for one in booked}))
    return views_of(booked, occasions, language)


def views_of(
    booked: Sequence[Booked], occasions: Mapping[str, Occasion], language: str
) -> tuple[SeatBooking, ...]:
    """As `booking_views`, where their events were read already."""
    return tuple(_view(one, occasions[one.booking.occasion], language) for one in booked)


async def booking_view(tx: Transaction, program: UUID, booking: UUID, language: str) -> SeatBooking:
    """A booking that is there, as it stands now."""
    booked = await register.booked(tx, program, booking)
    assert booked is not None, "a booking is never taken away"
    return (await booking_views(tx, program, [booked], language))[0]


def _view(one: Booked, occasion: Occasion, language: str) -> SeatBooking:
    booking, stands, document = one.booking, one.standing, occasion.document
    return SeatBooking(
        id=ids.show("bkg", booking.id),
        occasion=booking.occasion,
        name=said(document.names, language),
        place=document.place,
        starts_at=document.starts_at,
        ends_at=document.ends_at,
        member=ids.show("mem", booking.member),
        seats=booking.seats,
        state=stands.state,
        waiting_place=one.position,
        confirm_by=stands.due_at if stands.state == "offered" else None,
        currency=booking.currency,
        points=booking.points,
        booked_at=booking.booked_at,
        called_off=occasion.called_off_at is not None and stands.state not in LIVE,
    )
