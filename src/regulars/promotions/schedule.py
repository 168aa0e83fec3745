"""When a promotion runs: the days of a month and the hours of each day, by its window and conditions on time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import Composite
from regulars.promotions.linting import moments
from regulars.promotions.linting.branches import Branch, branches
from regulars.promotions.model import Document
from regulars.promotions.scene import Scene

_DAY = timedelta(days=1)
MIDNIGHT_AFTER = "24:00"


class Hours(Struct, frozen=True):
    """A part of a day, half-open, on the wall clock: 24:00 is its end."""

    since: str
    until: str


class Day(Struct, frozen=True):
    """A day on which it runs, and when."""

    day: date
    hours: tuple[Hours, ...]

    @property
    def whole(self) -> bool:
        """Whether from midnight to midnight."""
        return self.hours == (WHOLE,)


class Bar(Struct, frozen=True):
    """Days in a row on which it runs at the same hours; the last one included."""

    first: date
    last: date
    hours: tuple[Hours, ...]


WHOLE = Hours("00:00", MIDNIGHT_AFTER)
Way = tuple[list[Condition], list[Condition]]
"""Conditions on time that must, and that must not, hold."""
Times = tuple[list[Way], list[time]]
"""The ways in which conditions on time hold, and the times of day at which that may change."""


def days(document: Document, conditions: Sequence[Condition], first: date, last: date) -> list[Day]:
    """The days from `first` to `last`, both counted, on which some moment fits its window and its conditions on time.

    Conditions on anything else are taken to hold. The clock is the wall clock of a store.
    """
    start, end = _span(document, first, last)
    times = _times(conditions)
    every = [start + _DAY * n for n in range((end - start).days + 1)]
    found = [Day(day, tuple(_hours(document, times, day))) for day in every]
    return [day for day in found if day.hours]


def first_day(document: Document, conditions: Sequence[Condition], first: date, last: date) -> date | None:
    """The first of these days on which it runs, which is where its first bar begins; see `days`. None: on none."""
    start, end = _span(document, first, last)
    times = _times(conditions)
    every = (start + _DAY * n for n in range((end - start).days + 1))
    return next((day for day in every if any(_hours(document, times, day))), None)


def bars(document: Document, conditions: Sequence[Condition], first: date, last: date) -> list[Bar]:
    """Days in a row as one; see `days`."""
    start, end = _span(document, first, last)
    if _times(conditions) is not None or (end - start).days < 2:
        return _joined(Bar(one.day, one.day, one.hours) for one in days(document, conditions, first, last))
    # Only its window bounds it: between its edges there is nothing to look at.
    edges = [Bar(one.day, one.day, one.hours) for day in (start, end) for one in days(document, (), day, day)]
    return _joined(sorted([*edges, Bar(start + _DAY, end - _DAY, (WHOLE,))], key=lambda bar: bar.first))


def _joined(found: Iterable[Bar]) -> list[Bar]:
    joined: list[Bar] = []
    for one in found:
        if joined and joined[-1].last + _DAY == one.first and joined[-1].hours == one.hours:
            joined[-1] = Bar(joined[-1].first, one.last, one.hours)
        else:
            joined.append(one)
    return joined


def _span(document: Document, first: date, last: date) -> tuple[date, date]:
    """The part of these days that its window touches; it ends before it begins where there is none."""
    if document.valid_from is not None:
        first = max(first, document.valid_from.date())
    if document.valid_until is not None:
        last = min(last, document.valid_until.date())
    return first, last


def _times(conditions: Sequence[Condition]) -> Times | None:
    """What its conditions ask of the clock; None: in one of the ways in which they hold, nothing."""
    if not any(isinstance(one, Composite) or moments.timed(one) for one in conditions):
        return None
    ways = [_timed(way) for way in branches(conditions)]
    if not all(must or must_not for must, must_not in ways):
        return None
    return ways, [clock for must, must_not in ways for clock in moments.turns([*must, *must_not], None)]


def _timed(way: Branch) -> Way:
    """Of one way the conditions on time that must, and that must not, hold."""
    must = [leaf.condition for leaf in way.must if moments.timed(leaf.condition)]
    return must, [leaf.condition for leaf in way.must_not if moments.timed(leaf.condition)]


def _hours(document: Document, times: Times | None, day: date) -> Iterator[Hours]:
    """The parts of a day in which it runs. Between two turns of a clock nothing changes: one moment of each tells."""
    start = datetime.combine(day, time())
    end = start + _DAY
    ways, clocks = times or ([([], [])], [])
    turns = {start, end, *(datetime.combine(day, clock) for clock in clocks)}
    for edge in (document.valid_from, document.valid_until):
        if edge is not None and start < edge < end:
            turns.add(edge)
    since: datetime | None = None
    for moment, following in pairwise(sorted(turns)):
        runs = _within(document, moment) and any(_holds(way, moment) for way in ways)
        if runs and since is None:
            since = moment
        if since is not None and (not runs or following == end):
            until = following if runs else moment
            yield Hours(f"{since:%H:%M}", MIDNIGHT_AFTER if until == end else f"{until:%H:%M}")
            since = None


def _within(document: Document, moment: datetime) -> bool:
    since, until = document.valid_from, document.valid_until
    return (since is None or moment >= since) and (until is None or moment < until)


def _holds(way: Way, moment: datetime) -> bool:
    must, must_not = way
    if not must and not must_not:
        return True
    scene = _scene(moment)
    return all(condition.decide(scene) is None for condition in must) and not any(
        condition.decide(scene) is None for condition in must_not
    )


@lru_cache(maxsize=4096)
def _scene(moment: datetime) -> Scene:
    """Many promotions are asked about the same moments of a month."""
    return moments.scene_at(moment)
