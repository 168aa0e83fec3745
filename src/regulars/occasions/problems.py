"""Why an event cannot be booked: of the tree in `errors` what its flows alone raise."""

from __future__ import annotations

from regulars.errors import Conflict


class NoSeatsLeft(Conflict):
    code, title = "no_seats_left", "There are not enough seats left."


class BookingClosed(Conflict):
    code, title = "booking_closed", "This event cannot be booked now."


class AlreadyBooked(Conflict):
    code, title = "already_booked", "This member has booked this event already."
