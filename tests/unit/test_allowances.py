"""What is left of an entitlement, what a visit takes first, and when the next use is free."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from regulars.rewards import allowances
from regulars.rewards.allowances import Grant, Holding, Share, Taken
from regulars.rewards.entitlements import Booking, Entitlement, Guests, Quota

RIGA = ZoneInfo("Europe/Riga")
ENROLLED = date(2024, 2, 29)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def at(month: int, day: int, hour: int = 12) -> datetime:
    """In Riga, in 2026."""
    return datetime(2026, month, day, hour, tzinfo=RIGA)


def holding(quota: int = 0, period: Any = "quarter", **more: Any) -> Holding:
    """Somebody with a quota."""
    days = more.pop("period_days", 0)
    document = Entitlement({"en": "Lounge"}, period=period, period_days=days)
    return Holding(document, quota, ENROLLED, more.pop("grants", ()), more.pop("taken", ()), RIGA)


@pytest.mark.parametrize(
    ("period", "day", "first", "end"),
    [
        ("month", date(2026, 2, 28), date(2026, 2, 1), date(2026, 3, 1)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        ("half_year", date(2026, 6, 30), date(2026, 1, 1), date(2026, 7, 1)),
        ("year", date(2026, 1, 1), date(2026, 1, 1), date(2027, 1, 1)),
        ("membership_year", date(2026, 2, 27), date(2025, 2, 28), date(2026, 2, 28)),
        ("membership_year", date(2026, 2, 28), date(2026, 2, 28), date(2027, 2, 28)),
        ("membership_year", date(2028, 2, 28), date(2027, 2, 28), date(2028, 2, 29)),
        ("total", date(2026, 1, 1), None, None),
    ],
)
def test_a_period_holds_its_day(period: Any, day: date, first: date | None, end: date | None) -> None:
    assert allowances.bounds(holding(period=period).document, day, ENROLLED) == (first, end)


def test_the_best_quota_counts_unless_they_add_up() -> None:
    quotas = (Quota(1), Quota(3, tier="status/gold"), Quota(2, club="wine"))
    hers = {("tier", "status/gold"), ("club", "wine")}
    assert allowances.quota_of(Entitlement({"en": "x"}, quotas=quotas), hers) == 3
    assert allowances.quota_of(Entitlement({"en": "x"}, quotas=quotas, adds=True), hers) == 6
    assert allowances.quota_of(Entitlement({"en": "x"}, quotas=quotas[1:]), set()) == 0


def test_a_visit_takes_first_what_ends_first_and_the_quota_before_a_grant_that_ends_with_it() -> None:
    soon = Grant(FIRST, 1, at(1, 1), at(2, 15))
    with_it = Grant(SECOND, 5, at(1, 1), datetime(2026, 3, 31, 21, tzinfo=UTC))
    hers = holding(2, grants=(with_it, soon))
    assert allowances.plan(hers, 4, at(2, 1)) == [Share(FIRST, 1), Share(None, 2), Share(SECOND, 1)]
    assert allowances.plan(hers, 8, at(2, 1)) == [Share(FIRST, 1), Share(None, 2), Share(SECOND, 5)]
    assert allowances.plan(hers, 9, at(2, 1)) is None
    assert allowances.plan(hers, 8, at(2, 15)) is None


def test_a_period_that_is_booked_full_ahead_is_passed_over() -> None:
    taken = [Taken(date(2026, 1, 5), 2), Taken(date(2026, 5, 5), 2), Taken(date(2026, 8, 5), 1)]
    hers = holding(2, taken=taken)
    assert allowances.next_free(hers, 1, at(2, 1)) == datetime(2026, 7, 1, tzinfo=RIGA)
    assert allowances.next_free(hers, 2, at(2, 1)) == datetime(2026, 10, 1, tzinfo=RIGA)
    assert allowances.next_free(hers, 3, at(2, 1)) is None


def test_of_rolling_days_a_visit_booked_for_later_counts_in_every_window_with_it() -> None:
    hers = holding(
        2, "rolling", period_days=30, taken=[Taken(date(2026, 3, 1), 1), Taken(date(2026, 3, 20), 1)]
    )
    # Between the two there is no room: on the 20th both would be in the same 30 days.
    assert allowances.left(hers, at(3, 10)) == 0
    assert allowances.next_free(hers, 1, at(3, 10)) == datetime(2026, 3, 31, tzinfo=RIGA)
    assert allowances.left(hers, at(2, 18)) == 1
    assert allowances.left(hers, at(1, 31)) == 1
    assert allowances.left(hers, at(1, 30)) == 2


def test_a_grant_that_begins_later_is_the_next_that_is_free() -> None:
    hers = holding(grants=(Grant(FIRST, 1, at(3, 5), None),))
    assert allowances.left(hers, at(3, 4)) == 0
    assert allowances.next_free(hers, 1, at(3, 4)) == at(3, 5)
    assert allowances.plan(hers, 1, at(3, 5)) == [Share(FIRST, 1)]


def test_guests_come_free_first_and_then_for_a_use_each() -> None:
    guests = Guests(free=1, from_quota=2)
    assert [allowances.units(guests, n) for n in range(5)] == [1, 1, 2, 3, None]


def test_slots_end_before_the_place_closes_and_skip_the_hour_that_the_clocks_skip() -> None:
    booking = Booking("01:30", "05:00", slot_minutes=60)
    usual = allowances.slots(booking, date(2026, 3, 28), RIGA)
    spring = allowances.slots(booking, date(2026, 3, 29), RIGA)
    assert [one.strftime("%H:%M") for one in usual] == ["01:30", "02:30", "03:30"]
    assert [one.strftime("%H:%M") for one in spring] == ["01:30", "02:30"]
