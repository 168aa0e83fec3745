"""Decides how regularly somebody comes, and from which day on she is overdue. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct


class Rule(Struct, frozen=True):
    """How a rhythm is judged."""

    overdue_percent: int = 150
    intervals_min: int = 3
    window_days: int = 730

    @property
    def key(self) -> str:
        """The rule in one word, to see whether it changed."""
        return f"{self.overdue_percent}/{self.intervals_min}/{self.window_days}"


class Rhythm(Struct, frozen=True):
    """How regularly somebody came, as her last visit left it."""

    last_day: date
    visits: int
    """Days with a purchase, the last one among them, within the window."""
    median_halves: int | None
    """The median of the intervals between them, in half days; None: there are too few for a rhythm."""
    overdue_on: date | None
    """The first day on which she is overdue."""

    @property
    def intervals(self) -> int:
        """How many intervals there were."""
        return self.visits - 1

    @property
    def median_days(self) -> str | None:
        """The median in days, with one decimal: a median of whole days has no more."""
        if self.median_halves is None:
            return None
        return f"{self.median_halves // 2}.{'5' if self.median_halves % 2 else '0'}"


def rhythm_of(days: Iterable[date], rule: Rule) -> Rhythm | None:
    """The rhythm of these days; None where there are none.

    Overdue from the first whole day that is at least `overdue_percent` of the median after the last visit: intervals of
    21, 24, 19, 23, 22 and 25 days have the median 22.5, of which one and a half times are 33.75, so it is the 34th day.
    """
    all_days = sorted(set(days))
    if not all_days:
        return None
    last = all_days[-1]
    visits = [day for day in all_days if (last - day).days <= rule.window_days]
    halves = _median_halves([(after - before).days for before, after in pairwise(visits)], rule.intervals_min)
    if halves is None:
        return Rhythm(last, len(visits), None, None)
    wait = -(-Fraction(halves * rule.overdue_percent, 200) // 1)
    return Rhythm(last, len(visits), halves, last + timedelta(days=int(wait)))


def _median_halves(intervals: list[int], least: int) -> int | None:
    if len(intervals) < least:
        return None
    ordered = sorted(intervals)
    middle, odd = divmod(len(ordered), 2)
    return 2 * ordered[middle] if odd else ordered[middle - 1] + ordered[middle]
