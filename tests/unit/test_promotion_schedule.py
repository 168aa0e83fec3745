"""When a promotion runs: days and hours of a month by its window and its conditions on time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.promotions_kit import percent, promotion

from regulars.promotions.document import build, parse
from regulars.promotions.kinds import KINDS
from regulars.promotions.linting.moments import scene_at
from regulars.promotions.schedule import WHOLE, Hours, bars, days, first_day

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


def runs(*conditions: dict[str, Any], **fields: Any) -> list[tuple[str, str, list[str]]]:
    document = parse(promotion("items", percent("10"), conditions=list(conditions), **fields))
    return [
        (f"{bar.first:%d}", f"{bar.last:%d}", [f"{h.since}-{h.until}" for h in bar.hours])
        for bar in bars(document, build(document).conditions, FIRST, LAST)
    ]


ALL_DAY = ["00:00-24:00"]


def test_without_anything_it_runs_the_whole_month_as_one_bar() -> None:
    assert runs() == [("01", "31", ALL_DAY)]
    assert runs({"kind": "member"}, {"kind": "not", "of": [{"kind": "store", "stores": ["a"]}]}) == [
        ("01", "31", ALL_DAY)
    ]


def test_a_window_cuts_the_first_and_the_last_day() -> None:
    window = {"from": "2026-12-10T08:00:00", "until": "2026-12-12T18:00:00"}
    assert runs(**window) == [
        ("10", "10", ["08:00-24:00"]),
        ("11", "11", ALL_DAY),
        ("12", "12", ["00:00-18:00"]),
    ]
    assert runs(**{"from": "2027-01-01T00:00:00"}) == []
    assert runs(until="2026-12-01T00:00:00") == []


def test_weekdays_hours_and_nights() -> None:
    # The first Tuesday of December 2026 is the 1st.
    tuesday = {"kind": "hours", "weekdays": [2], "from": "15:00", "until": "17:00"}
    assert runs(tuesday)[:2] == [("01", "01", ["15:00-17:00"]), ("08", "08", ["15:00-17:00"])]
    night = {"kind": "hours", "weekdays": [5], "from": "22:00", "until": "02:00"}
    assert runs(night)[:2] == [("04", "04", ["22:00-24:00"]), ("05", "05", ["00:00-02:00"])]


def test_days_of_the_month_dates_and_every_second_week() -> None:
    assert [bar[0] for bar in runs({"kind": "monthly", "days": [15], "last": 1})] == ["15", "31"]
    dates = {"kind": "dates", "windows": [{"from": "2026-12-23T00:00:00", "until": "2026-12-27T00:00:00"}]}
    assert runs(dates) == [("23", "26", ALL_DAY)]
    assert [bar[0] for bar in runs({"kind": "every_weeks", "weeks": 2, "start": "2026-12-03"})] == [
        "03",
        "17",
        "31",
    ]


def test_alternatives_and_what_is_ruled_out() -> None:
    weekend = {"kind": "hours", "weekdays": [6, 7]}
    morning = {"kind": "hours", "from": "08:00", "until": "10:00"}
    either = runs({"kind": "or", "of": [weekend, morning]})
    assert either[:2] == [("01", "04", ["08:00-10:00"]), ("05", "06", ALL_DAY)]
    assert runs({"kind": "not", "of": [weekend]})[:2] == [("01", "04", ALL_DAY), ("07", "11", ALL_DAY)]
    assert runs({"kind": "or", "of": [weekend, {"kind": "member"}]}) == [("01", "31", ALL_DAY)]


@given(
    weekdays=st.sets(st.integers(1, 7), max_size=3),
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda pair: pair[0] != pair[1]),
    first=st.integers(0, 5),
    negated=st.booleans(),
    minute=st.integers(0, 31 * 24 * 60 - 1),
)
def test_a_minute_lies_in_a_bar_exactly_when_the_engine_lets_it(
    weekdays: set[int], hours: tuple[int, int], first: int, negated: bool, minute: int
) -> None:
    window = {"from": f"{hours[0]:02}:00", "until": f"{hours[1]:02}:00"}
    conditions: list[dict[str, Any]] = [{"kind": "hours", "weekdays": sorted(weekdays), **window}]
    if first:
        conditions.append(
            {"kind": "or", "of": [{"kind": "monthly", "first": first}, {"kind": "hours", **window}]}
        )
    if negated:
        conditions = [{"kind": "not", "of": conditions}]
    moment = datetime(2026, 12, 1) + timedelta(minutes=minute)
    holds = all(KINDS.condition(raw, "").decide(scene_at(moment)) is None for raw in conditions)
    document = parse(promotion("items", percent("10"), conditions=conditions))
    shown = days(document, build(document).conditions, FIRST, LAST)
    spans = next((day.hours for day in shown if day.day == moment.date()), ())
    assert any(one.since <= f"{moment:%H:%M}" < one.until for one in spans) == holds


def test_a_day_knows_whether_it_is_whole() -> None:
    (day,) = days(parse(promotion("items", percent("10"))), (), FIRST, FIRST)
    assert (day.whole, day.hours) == (True, (WHOLE,))
    assert Hours("00:00", "24:00") == WHOLE


MOMENTS = st.none() | st.datetimes(datetime(2026, 11, 28), datetime(2027, 1, 3))


@given(since=MOMENTS, until=MOMENTS, evenings=st.booleans())
def test_bars_hold_the_very_days(since: datetime | None, until: datetime | None, evenings: bool) -> None:
    window = {name: moment for name, moment in (("from", since), ("until", until)) if moment is not None}
    conditions = [{"kind": "hours", "from": "17:00", "until": "20:00"}] if evenings else []
    document = parse(promotion("items", percent("10"), conditions=conditions, **window))
    terms = build(document).conditions
    shown = bars(document, terms, FIRST, LAST)
    spread = [
        (one.first + timedelta(days=n), one.hours)
        for one in shown
        for n in range((one.last - one.first).days + 1)
    ]
    there = days(document, terms, FIRST, LAST)
    assert spread == [(one.day, one.hours) for one in there]
    assert first_day(document, terms, FIRST, LAST) == (there[0].day if there else None)
    assert all(
        one.last + timedelta(days=1) < two.first or one.hours != two.hours for one, two in pairwise(shown)
    )
