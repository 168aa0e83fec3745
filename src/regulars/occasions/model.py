"""What an event with seats says, and what contradicts itself in it. Points are in their currency's unit. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

from msgspec import Meta, Struct

from regulars.audience import Marks
from regulars.contradictions import Contradicting, of_price, of_times
from regulars.i18n import N_
from regulars.texts import Names, Texts
from regulars.units import AMOUNT_MAX

OccasionCode = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]
Moment = Annotated[datetime, Meta(tz=True)]
SEATS_MAX = 100_000
SEATS_OF_ONE_MAX = 20
State = Literal["waiting", "offered", "booked", "attended", "cancelled", "lapsed"]
STATES: tuple[State, ...] = get_args(State)
SEATED: tuple[State, ...] = ("offered", "booked", "attended")
"""States in which a seat is taken."""
LIVE: tuple[State, ...] = ("waiting", "offered", "booked")
"""States that can still be given back."""
SEATS_TAKEN = N_("More seats than that are taken already.")


class SeatPrice(Struct, frozen=True, forbid_unknown_fields=True):
    """What one seat costs."""

    currency: Annotated[str, Meta(min_length=1, max_length=16)]
    points: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]


class OccasionDocument(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/occasions/{code}`: the whole event."""

    names: Annotated[Names, Meta(min_length=1)]
    """By language; the first stands in for one that is missing."""
    starts_at: Moment
    ends_at: Moment
    seats: Annotated[int, Meta(ge=1, le=SEATS_MAX)]
    texts: Texts = {}
    place: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    seats_per_booking: Annotated[int, Meta(ge=1, le=SEATS_OF_ONE_MAX)] = 1
    """How many seats a member may book: herself and her guests."""
    clubs: Marks = ()
    """Who is in one of them may book; empty: everybody."""
    tiers: Marks = ()
    """`ladder/tier`: who has one of them may book; empty: everybody."""
    companies_only: bool = False
    """Only who is in a company's account may book."""
    bookable_from: Moment | None = None
    bookable_until: Moment | None = None
    """Half-open; left out: until it begins."""
    price: SeatPrice | None = None
    """Left out: free."""
    cancel_until: Moment | None = None
    """Until then a booking is given back with all its points; left out: until it begins."""
    late_cancel: Literal["refused", "kept", "refunded"] = "refused"
    """After that: it cannot be given back, or its points are kept, or they come back even so."""
    waiting_list: bool = True
    confirm_hours: Annotated[int, Meta(ge=0, le=720)] = 0
    """Whoever moves up from the waiting list has so long to say yes; 0: the seat is hers at once."""

    @property
    def last_booking(self) -> datetime:
        """Half-open."""
        return self.bookable_until or self.starts_at

    @property
    def last_cancel(self) -> datetime:
        """Half-open."""
        return self.cancel_until or self.starts_at


class Occasion(Struct, frozen=True):
    """An event as it counts, with what is taken of it."""

    code: str
    revision: int
    document: OccasionDocument
    seats: int
    taken: int
    queued: int
    called_off_at: datetime | None
    created_at: datetime
    waiting: int = 0
    """Bookings on the waiting list."""

    @property
    def free(self) -> int:
        """Seats that nobody has."""
        return self.seats - self.taken


class Booking(Struct, frozen=True):
    """That a member asked for seats: a fact. What became of it, its steps say."""

    id: UUID
    occasion: str
    member: UUID
    pool: UUID
    seats: int
    currency: str | None
    points: int
    """For all its seats."""
    booked_at: datetime
    booked_by: str


class Standing(Struct, frozen=True):
    """Where a booking stands."""

    n: int
    state: State
    place: int | None
    """Its number on the waiting list."""
    due_at: datetime | None


class Step(Struct, frozen=True):
    """A step of a booking; of one that moved points the posting, and in whose books."""

    n: int
    state: State
    pool: UUID | None
    posting: UUID | None
    at: datetime
    by: str
    reason: str = ""


def contradictions(
    document: OccasionDocument, currencies: Mapping[str, str], clubs: Collection[str], taken: int = 0
) -> Iterator[Contradicting]:
    """What contradicts itself, or names what there is not (`currencies`: code → kind); each with where it stands."""
    yield from of_times(document.starts_at, document.ends_at, "/ends_at")
    if document.bookable_until is not None and document.bookable_until > document.starts_at:
        yield Contradicting("/bookable_until", N_("Nobody books once it has begun."))
    if document.bookable_from is not None and document.bookable_from >= document.last_booking:
        yield Contradicting("/bookable_from", N_("Booking would end before it begins."))
    if document.cancel_until is not None and document.cancel_until > document.starts_at:
        yield Contradicting("/cancel_until", N_("Nothing is given back once it has begun."))
    if document.seats_per_booking > document.seats:
        text = N_("One booking would be for more seats than there are.")
        yield Contradicting("/seats_per_booking", text)
    if document.seats < taken:
        yield Contradicting("/seats", SEATS_TAKEN)
    if document.price is not None:
        yield from of_price(document.price.currency, currencies, "/price/currency")
        if document.waiting_list and not document.confirm_hours:
            text = N_("Whoever moves up has to pay: give her hours to say yes, or have no waiting list.")
            yield Contradicting("/confirm_hours", text)
    for n, club in enumerate(document.clubs):
        if club not in clubs:
            yield Contradicting(f"/clubs/{n}", N_("There is no such club in this program."))
