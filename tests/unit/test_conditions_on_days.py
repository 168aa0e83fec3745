"""Conditions on the day of a purchase, on the store's wall clock: windows, days of the month, every so many weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.promotions_kit import ANYBODY, RIGA, basket, code_of, line, live_of, percent, promotion

from regulars.errors import Unprocessable
from regulars.promotions.document import check, parse
from regulars.promotions.model import DEFAULT_GROUPS, Basket
from regulars.promotions.wording import English, conditions_text


def on(moment: str) -> Basket:
    local = datetime.fromisoformat(moment).replace(tzinfo=RIGA)
    return basket(line(1, 1_000), at=local, local=local)


def holds(condition: dict[str, Any], moment: str) -> bool:
    return code_of(condition, on(moment)) is None


def days_of(condition: dict[str, Any], year: int, month: int) -> list[int]:
    """The days of a month on which it holds at noon."""
    day, found = date(year, month, 1), []
    while day.month == month:
        if holds(condition, f"{day}T12:00"):
            found.append(day.day)
        day += timedelta(days=1)
    return found


@pytest.mark.fast
@pytest.mark.parametrize(
    ("fields", "year", "month", "days"),
    [
        ({"nth": [1], "weekdays": [1]}, 2026, 11, [2]),  # the first Monday
        ({"nth": [-1], "weekdays": [1]}, 2026, 11, [30]),
        ({"nth": [-1], "weekdays": [5]}, 2026, 2, [27]),
        ({"nth": [1, 3], "weekdays": [1, 2]}, 2026, 12, [1, 7, 15, 21]),
        ({"nth": [5], "weekdays": [1]}, 2026, 11, [30]),
        ({"nth": [5], "weekdays": [1]}, 2026, 12, []),
        ({"last": 3}, 2026, 11, [28, 29, 30]),
        ({"last": 3}, 2028, 2, [27, 28, 29]),
        ({"first": 2}, 2026, 11, [1, 2]),
        ({"days": [1, 15, 31]}, 2026, 11, [1, 15]),
        ({"days": [15], "last": 1}, 2026, 12, [15, 31]),
    ],
)
def test_days_of_the_month(fields: dict[str, Any], year: int, month: int, days: list[int]) -> None:
    assert days_of({"kind": "monthly", **fields}, year, month) == days


def test_hours_past_midnight_belong_to_the_day_of_the_month_on_which_they_begin() -> None:
    night = {"kind": "monthly", "last": 1, "from": "22:00", "until": "02:00"}
    assert holds(night, "2026-11-30T22:00")
    assert holds(night, "2026-12-01T01:59")
    assert not holds(night, "2026-12-01T02:00")
    assert not holds(night, "2026-11-30T01:00")


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"weeks": 2, "start": "2026-11-06"}, [6, 20]),  # Fridays
        ({"weeks": 1, "start": "2026-11-17"}, [17, 24]),
        (
            {"weeks": 2, "start": "2026-11-04", "weekdays": [1, 3]},
            [4, 16, 18, 30],
        ),  # Monday the 2nd was before
        ({"weeks": 3, "start": "2026-10-05", "weekdays": [7]}, [1, 22]),
    ],
)
def test_every_so_many_weeks_counts_whole_weeks_from_its_start(
    fields: dict[str, Any], days: list[int]
) -> None:
    assert days_of({"kind": "every_weeks", **fields}, 2026, 11) == days


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-12-22T23:59:59", False),
        ("2026-12-23T00:00", True),
        ("2026-12-26T23:59:59", True),
        ("2026-12-27T00:00", False),
        ("2026-12-31T18:00", True),
    ],
)
def test_several_windows_of_dates_are_half_open(moment: str, inside: bool) -> None:
    windows = [
        {"from": "2026-12-23T00:00:00", "until": "2026-12-27T00:00:00"},
        {"from": "2026-12-31T00:00:00", "until": "2027-01-01T00:00:00"},
    ]
    assert holds({"kind": "dates", "windows": windows}, moment) == inside


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"kind": "monthly", "nth": [1, -1], "weekdays": [1]}, "on the first and last Monday of each month"),
        (
            {"kind": "monthly", "last": 3, "from": "17:00"},
            "on the last 3 days of each month from 17:00 until 24:00",
        ),
        (
            {"kind": "monthly", "first": 1, "days": [15]},
            "on day 15 of each month or on the first day of each month",
        ),
        (
            {"kind": "every_weeks", "weeks": 2, "start": "2026-11-20"},
            "every 2 weeks on Friday, from 20 November 2026 on",
        ),
        (
            {"kind": "dates", "windows": [{"from": "2026-12-23T00:00:00", "until": "2026-12-27T00:00:00"}]},
            "from 23 December 2026 00:00 until 27 December 2026 00:00",
        ),
    ],
)
def test_days_in_plain_words(condition: dict[str, Any], text: str) -> None:
    live = live_of(promotion("items", percent("10"), conditions=[condition]))
    assert conditions_text(live.promotions[0].conditions, English(), "EUR") == text


def test_the_index_looks_only_at_promotions_whose_weekday_it_may_be() -> None:
    live = live_of(
        promotion("items", percent("5"), conditions=[{"kind": "monthly", "nth": [1], "weekdays": [1]}]),
        promotion("items", percent("5"), conditions=[{"kind": "monthly", "last": 3}]),
        promotion(
            "items", percent("5"), conditions=[{"kind": "every_weeks", "weeks": 2, "start": "2026-11-07"}]
        ),
        promotion(
            "items",
            percent("5"),
            conditions=[{"kind": "monthly", "nth": [2], "weekdays": [5], "from": "22:00", "until": "02:00"}],
        ),
    )
    saturday = on("2026-11-21T10:00")
    keys = live.keys(saturday, ANYBODY)
    assert [p.id.int for p in live.candidates(live.products(saturday.lines), keys).promotions] == [2, 3, 4]


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (
            {"kind": "dates", "windows": [{"from": "2026-12-27T00:00:00", "until": "2026-12-27T00:00:00"}]},
            "The window from 2026-12-27T00:00:00 until 2026-12-27T00:00:00 is empty.",
        ),
        (
            {"kind": "monthly", "last": 1, "from": "10:00", "until": "10:00"},
            "The hours from 10:00 until 10:00 are empty.",
        ),
    ],
)
def test_empty_times_are_refused_in_a_sentence(condition: dict[str, Any], sentence: str) -> None:
    document = parse(promotion("items", percent("10"), conditions=[condition]))
    assert check(document, DEFAULT_GROUPS, {}) == [sentence]


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "monthly"},
        {"kind": "monthly", "nth": [1]},
        {"kind": "monthly", "weekdays": [1]},
        {"kind": "monthly", "nth": [6], "weekdays": [1]},
        {"kind": "monthly", "days": [32]},
        {"kind": "every_weeks", "weeks": 0, "start": "2026-11-20"},
        {"kind": "every_weeks", "weeks": 2, "start": "2026-02-30"},
        {
            "kind": "dates",
            "windows": [{"from": "2026-12-23T00:00:00+02:00", "until": "2026-12-27T00:00:00+02:00"}],
        },
        {"kind": "dates", "windows": []},
    ],
)
def test_days_that_make_no_sense_are_no_document(condition: dict[str, Any]) -> None:
    with pytest.raises(Unprocessable):
        parse(promotion("items", percent("10"), conditions=[condition]))
