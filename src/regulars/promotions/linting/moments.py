"""When conditions on days and hours hold: the first moment that fits all of them, searched at every turn of a clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from regulars.promotions.conditions.dates import Dates, Monthly, Weekly
from regulars.promotions.conditions.hours import Hours
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.linting.branches import Branch
from regulars.promotions.model import Basket, Rules, Standing
from regulars.promotions.scene import Scene

DAYS_MAX = 800
"""How far ahead is looked: conditions that recur do so within two years."""
EARLIEST, LATEST = datetime(1970, 1, 1), datetime(9990, 1, 1)
"""Between these moments are looked for: the calendar has an end, and no receipt is older."""
_RULES = Rules("EUR", {})


class Moment(NamedTuple):
    """The first moment that fits; None, and whether every one was tried."""

    at: datetime | None
    every: bool


def timed(condition: Condition) -> bool:
    """Whether it looks at nothing but the wall clock."""
    return isinstance(condition, Hours | Dates | Monthly | Weekly)


def first(branch: Branch, since: datetime | None, until: datetime | None, now: datetime) -> Moment:
    """The first moment, from now on, within the window; of a window that is over the first of all."""
    must = [leaf.condition for leaf in branch.must if timed(leaf.condition)]
    must_not = [leaf.condition for leaf in branch.must_not if timed(leaf.condition)]
    start = max(now, since) if since is not None else now
    if until is not None and start >= until:
        start = since or max(until, EARLIEST + timedelta(days=DAYS_MAX)) - timedelta(days=DAYS_MAX)
    start = max(start, EARLIEST)
    if start >= LATEST or (until is not None and start >= until):
        return Moment(None, False)
    clocks = turns([*must, *must_not], since)
    days, every = _days(start, until, [*must, *must_not])
    for moment in _moments(days, clocks, start, until):
        scene = scene_at(moment)
        holds = all(condition.decide(scene) is None for condition in must)
        if holds and not any(condition.decide(scene) is None for condition in must_not):
            return Moment(moment, True)
    return Moment(None, every)


def turns(conditions: Iterable[Condition], since: datetime | None) -> list[time]:
    """The times of day at which something may begin or end, and noon."""
    found = {time(0), time(12)}
    if since is not None:
        found.add(since.time())
    for condition in conditions:
        if isinstance(condition, Hours | Monthly | Weekly):
            found.update(_time(text) for text in (condition.since, condition.until))
        elif isinstance(condition, Dates):
            found.update(edge.time() for window in condition.windows for edge in (window.since, window.until))
    return sorted(found, key=lambda clock: (clock != time(12), clock))


def _time(text: str) -> time:
    return time(int(text[:2]) % 24, int(text[3:]))


def _days(
    start: datetime, until: datetime | None, conditions: Iterable[Condition]
) -> tuple[list[date], bool]:
    """The days to try, in their order, and whether they are all that can matter."""
    ends = min(start, LATEST) + timedelta(days=DAYS_MAX)
    last = min(ends, until) if until is not None else ends
    days = {start.date() + timedelta(days=n) for n in range((last.date() - start.date()).days + 1)}
    windows = [w for condition in conditions if isinstance(condition, Dates) for w in condition.windows]
    far = [window for window in windows if window.until > last and (until is None or window.since < until)]
    for window in far:
        if not EARLIEST <= window.since < LATEST:
            continue
        length = min((window.until - window.since).days, 62)
        days.update(window.since.date() + timedelta(days=n) for n in range(length + 1))
    return sorted(days), last == until or not far


def _moments(
    days: list[date], clocks: list[time], start: datetime, until: datetime | None
) -> Iterator[datetime]:
    yield start
    for day in days:
        for clock in clocks:
            moment = datetime.combine(day, clock)
            if moment > start and (until is None or moment < until):
                yield moment


def scene_at(moment: datetime) -> Scene:
    """A moment on the wall clock with nothing else known of it."""
    at = moment.replace(tzinfo=UTC)
    return Scene(Basket("EUR", (), at, at), Standing(), _RULES, ())
