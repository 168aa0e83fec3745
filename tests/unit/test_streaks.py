"""Visits in a row: which visit is the reward's, what ends a row, and what a freeze forgives."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.promotions.conditions.streak import visits_in_a_row
from regulars.promotions.reads import Streak

pytestmark = pytest.mark.fast
START = date(2026, 1, 1)
FOUR = Streak(4, 30, 0)


def days(*gaps: int) -> list[date]:
    """The first visit on the first of January, each other so many days after the one before."""
    return [START + timedelta(days=passed) for passed in accumulate(gaps, initial=0)]


def each(asked: Streak, *gaps: int) -> list[int]:
    """How many visits of the row each visit had before it."""
    visits = days(*gaps)
    return [visits_in_a_row(asked, visits[:place], day) for place, day in enumerate(visits)]


def test_the_fifth_visit_has_four_before_it_and_the_count_begins_anew_with_it() -> None:
    assert each(FOUR, 21, 24, 19, 23, 22, 25, 30, 30, 30) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]


@pytest.mark.parametrize(("gap", "before"), [(30, 4), (31, 0)])
def test_a_visit_on_the_thirtieth_day_is_in_time_and_on_the_thirty_first_it_is_not(
    gap: int, before: int
) -> None:
    assert each(FOUR, 30, 30, 30, gap)[-1] == before


def test_a_break_ends_the_row_and_the_visit_after_it_is_the_first_of_another() -> None:
    assert each(FOUR, 10, 10, 31, 10, 10, 10) == [0, 1, 2, 0, 1, 2, 3]


def test_a_long_time_after_the_reward_breaks_nothing() -> None:
    assert each(FOUR, 1, 1, 1, 1, 300, 1)[-2:] == [0, 1]


def test_a_freeze_forgives_one_missed_period_in_a_row_and_the_next_row_has_it_again() -> None:
    once = Streak(4, 30, 1)
    assert each(once, 60, 30, 30, 30) == [0, 1, 2, 3, 4]
    assert each(once, 61, 30)[-1] == 1
    assert each(once, 60, 31)[-1] == 0
    assert each(once, 60, 30, 30, 30, 60, 45, 30, 30, 30) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]


def test_a_second_purchase_of_the_day_is_the_same_visit() -> None:
    visits = days(10, 10, 10, 10)
    assert visits_in_a_row(FOUR, visits, visits[-1]) == 4


@given(st.lists(st.integers(1, 12), max_size=40), st.integers(1, 6), st.integers(1, 5), st.integers(0, 3))
def test_a_row_never_grows_beyond_what_was_asked_and_by_one_visit_at_a_time(
    gaps: list[int], visits: int, within: int, freezes: int
) -> None:
    counts = each(Streak(visits, within, freezes), *gaps)
    assert all(0 <= count <= visits for count in counts)
    assert all(after in (0, before + 1) for before, after in pairwise(counts))
    assert all(after == 0 for before, after in pairwise(counts) if before == visits)
