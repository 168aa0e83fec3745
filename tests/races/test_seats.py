"""Seats, clubs and callers at once: exactly what there is is given; and without its guard each race goes red."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from regulars.db.pool import Transaction
from regulars.ledger import book
from regulars.members import clubs
from regulars.occasions import register
from tests.races import seats
from tests.races.acts import Houses

RACES = [
    seats.book_40_seats_60_times,
    seats.book_one_seat_ten_times,
    seats.cancel_one_many_times,
    seats.cancel_and_book_at_once,
    seats.leave_while_a_seat_comes_free,
    seats.check_in_ten_times,
    seats.join_the_last_two_places,
    seats.join_by_one_code,
]
UNCOUNTED = sql.SQL("""
UPDATE occasion SET taken = least(taken + %(seats)s, seats) WHERE program = %(program)s AND code = %(code)s
RETURNING taken
""")
UNLOCKED = sql.SQL("SELECT 1 FROM occasion WHERE program = %s AND code = %s")
UNLOCKED_CLUB = sql.SQL("SELECT 1 FROM club WHERE program = %s AND code = %s")
ENDLESS = sql.SQL("""
UPDATE club_link SET used = least(used + 1, uses)
WHERE program = %(program)s AND code = %(link)s AND club = %(club)s AND (until IS NULL OR until > %(at)s)
RETURNING used
""")


@pytest.mark.scenario("S20")
@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
async def test_exactly_what_there_is_is_given(houses: Houses, race: Any) -> None:
    await race(houses)


# Each guard is taken away, and the race that rests on it must go red --------------------------------------


@pytest.mark.full
async def test_without_the_guard_of_the_seats_more_are_booked_than_there_are(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register.SQL, "take", UNCOUNTED)
    with pytest.raises(AssertionError):
        await seats.book_40_seats_60_times(houses)


@pytest.mark.full
async def test_without_the_lock_of_the_event_somebody_waits_beside_a_free_seat(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register.SQL, "lock", UNLOCKED)
    with pytest.raises(AssertionError):
        await seats.cancel_and_book_at_once(houses)


@pytest.mark.full
@pytest.mark.parametrize("race", [seats.cancel_one_many_times, seats.check_in_ten_times])
async def test_without_the_lock_and_the_key_of_a_step_a_booking_ends_twice(
    houses: Houses, monkeypatch: pytest.MonkeyPatch, race: Any
) -> None:
    """The event's lock and the pool's or the key: each alone still guards it."""
    honest = register.step

    async def step(tx: Transaction, *arguments: Any) -> bool:
        await honest(tx, *arguments)
        return True

    async def lock(*_: Any) -> None:
        return

    monkeypatch.setattr(register, "step", step)
    monkeypatch.setattr(register.SQL, "lock", UNLOCKED)
    monkeypatch.setattr(book, "lock", lock)
    with pytest.raises(AssertionError):
        await race(houses)


@pytest.mark.full
async def test_without_the_lock_of_the_club_more_are_in_than_there_are_places(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clubs.SQL, "lock", UNLOCKED_CLUB)
    with pytest.raises(AssertionError):
        await seats.join_the_last_two_places(houses)


@pytest.mark.full
async def test_without_the_guard_of_its_uses_a_code_lets_everybody_in(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clubs.SQL, "use_link", ENDLESS)
    with pytest.raises(AssertionError):
        await seats.join_by_one_code(houses)
