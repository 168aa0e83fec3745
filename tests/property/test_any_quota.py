"""Any visits of anybody: never more of a quota in any period than there is, and what is said to be free is free."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from regulars.rewards import allowances
from regulars.rewards.allowances import Holding, Taken
from regulars.rewards.entitlements import PERIODS, Entitlement, Period

RIGA = ZoneInfo("Europe/Riga")
BEGIN = date(2026, 1, 1)
VISITS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 3)), max_size=30)


def noon(day: date) -> datetime:
    """In Riga."""
    return datetime.combine(day, time(12), RIGA)


@given(st.sampled_from(PERIODS), st.integers(1, 60), st.integers(1, 4), st.integers(0, 800), VISITS)
def test_however_visits_come_no_period_has_more_of_them_than_the_quota(
    period: Period, days: int, quota: int, joined: int, wishes: list[tuple[int, int]]
) -> None:
    document = Entitlement({"en": "x"}, period=period, period_days=days if period == "rolling" else 0)
    enrolled = BEGIN - timedelta(days=joined)
    taken: list[Taken] = []
    for offset, units in wishes:  # not in the order of their days: some are booked ahead, some come late
        at = noon(BEGIN + timedelta(days=offset))
        hers = Holding(document, quota, enrolled, (), tuple(taken), RIGA)
        if allowances.plan(hers, units, at) is not None:
            taken.append(Taken(at.date(), units))
            continue
        free_at = allowances.next_free(hers, units, at)
        assert free_at is None or (free_at > at and allowances.left(hers, free_at) >= units)
        assert free_at is not None or units > quota or period == "total" or len(taken) > 20
    seen = sorted(taken, key=lambda one: one.day)
    for one in seen:
        first, end = allowances.bounds(document, one.day, enrolled)
        inside = [o for o in seen if (first is None or o.day >= first) and (end is None or o.day < end)]
        assert sum(o.quota for o in inside) <= quota


@given(st.sampled_from(["month", "quarter", "half_year", "year", "membership_year"]), st.integers(0, 1500))
def test_periods_follow_one_another_without_gap_or_overlap(period: Period, joined: int) -> None:
    document = Entitlement({"en": "x"}, period=period)
    enrolled = BEGIN - timedelta(days=joined)
    days = [BEGIN + timedelta(days=n) for n in range(0, 1200, 7)]
    found = sorted({_whole(allowances.bounds(document, day, enrolled)) for day in days})
    assert all(one[1] == other[0] for one, other in pairwise(found))
    for day in days:
        first, end = _whole(allowances.bounds(document, day, enrolled))
        assert first <= day < end


def _whole(bounds: tuple[date | None, date | None]) -> tuple[date, date]:
    first, end = bounds
    assert first is not None
    assert end is not None
    return first, end
