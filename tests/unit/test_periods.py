"""Where periods of the calendar begin, what follows them, and how old somebody is."""

from __future__ import annotations

from datetime import date

import pytest

from regulars import periods

pytestmark = pytest.mark.fast

TUESDAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("period", "first", "following"),
    [
        ("day", 20260331, date(2026, 4, 1)),
        ("week", 20260330, date(2026, 4, 6)),
        ("month", 20260301, date(2026, 4, 1)),
        ("quarter", 20260101, date(2026, 4, 1)),
        ("half_year", 20260101, date(2026, 7, 1)),
        ("year", 20260101, date(2027, 1, 1)),
        ("lifetime", 0, None),
        ("ever", 0, None),
    ],
)
def test_a_period_begins_on_its_first_day_and_ends_where_the_next_begins(
    period: str, first: int, following: date | None
) -> None:
    assert (periods.first_day(period, TUESDAY), periods.following(period, TUESDAY)) == (first, following)


@pytest.mark.parametrize(
    ("period", "day", "first", "following"),
    [
        ("week", date(2027, 1, 3), 20261228, date(2027, 1, 4)),
        ("week", date(2026, 3, 30), 20260330, date(2026, 4, 6)),
        ("quarter", date(2026, 12, 31), 20261001, date(2027, 1, 1)),
        ("half_year", date(2026, 12, 31), 20260701, date(2027, 1, 1)),
        ("month", date(2028, 2, 29), 20280201, date(2028, 3, 1)),
        ("day", date(2026, 12, 31), 20261231, date(2027, 1, 1)),
        ("week", date(1, 1, 1), 10101, date(1, 1, 8)),
        ("day", date(9999, 12, 31), 99991231, None),
        ("week", date(9999, 12, 31), 99991227, None),
        ("year", date(9999, 12, 31), 99990101, None),
    ],
)
def test_periods_at_the_edges_of_years(period: str, day: date, first: int, following: date | None) -> None:
    assert (periods.first_day(period, day), periods.following(period, day)) == (first, following)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, later: date
) -> None:
    assert periods.add_months(day, months) == later


@pytest.mark.parametrize(
    ("birthday", "day", "years"),
    [
        (date(2000, 3, 31), date(2026, 3, 30), 25),
        (date(2000, 3, 31), date(2026, 3, 31), 26),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_age_is_whole_years_and_a_leap_day_is_reached_in_march(birthday: date, day: date, years: int) -> None:
    assert periods.age(birthday, day) == years
