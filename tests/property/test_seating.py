"""Whatever is booked and given back: seats add up, and nobody waits while a seat is free that would fit her."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from regulars.occasions.seating import Waiting, next_up

GROUPS = st.integers(1, 4)


class Hall(RuleBasedStateMachine):
    """An event kept naively beside what decides who moves up."""

    bookings = Bundle("bookings")

    def __init__(self) -> None:
        super().__init__()
        self.seats = 0
        self.seated: dict[UUID, int] = {}
        self.queue: list[Waiting] = []

    @property
    def free(self) -> int:
        """Seats that nobody has."""
        return self.seats - sum(self.seated.values())

    @initialize(seats=st.integers(1, 6))
    def open(self, seats: int) -> None:
        """So many seats to begin with."""
        self.seats = seats

    @rule(target=bookings, seats=GROUPS)
    def book(self, seats: int) -> UUID:
        """Whoever fits sits; whoever does not waits at the end."""
        booking = uuid4()
        if seats <= self.free:
            self.seated[booking] = seats
        else:
            self.queue.append(Waiting(booking, booking, seats))
        return booking

    @rule(booking=consumes(bookings))
    def cancel(self, booking: UUID) -> None:
        """Her seats are free, or her place is."""
        self.seated.pop(booking, None)
        self.queue = [one for one in self.queue if one.booking != booking]
        self._fill()

    @rule(more=st.integers(1, 3))
    def widen(self, more: int) -> None:
        """More seats."""
        self.seats += more
        self._fill()

    def _fill(self) -> None:
        free, up = self.free, next_up(self.queue, self.free)
        assert sum(one.seats for one in up) <= free
        assert up == [one for one in self.queue if one in up], "in the order of the list"
        for one in up:
            self.seated[one.booking] = one.seats
        self.queue = [one for one in self.queue if one not in up]

    @invariant()
    def seats_add_up(self) -> None:
        """Taken and free are all there are, and never more are taken."""
        assert 0 <= self.free <= self.seats

    @invariant()
    def nobody_waits_beside_a_fitting_seat(self) -> None:
        """Each who waits needs more seats than are free."""
        assert all(one.seats > self.free for one in self.queue)


TestHall = Hall.TestCase
