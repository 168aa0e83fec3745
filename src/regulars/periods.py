"""Decides where a period of the calendar begins and how old somebody is on a day. Pure.

Days are days of a time zone that the caller knows; weeks begin on Monday.
"""

from __future__ import annotations

from datetime import date, timedelta

EVER = 0
"""The number of a period that never begins anew."""
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def begins(period: str, day: date) -> date | None:
    """The first day of the day, week, month, quarter, half-year or year of a day; None: of any other, which never
    begins anew."""
    if period == "day":
        return day
    if period == "week":
        return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
    months = _MONTHS.get(period)
    return None if months is None else date(day.year, (day.month - 1) // months * months + 1, 1)


def following(period: str, day: date) -> date | None:
    """The first day of the next period; None: there is none, or the calendar ends before it."""
    first = begins(period, day)
    if first is None:
        return None
    months = _MONTHS.get(period)
    if months is None:
        days = 1 if period == "day" else 7
        return first + timedelta(days=days) if (date.max - first).days >= days else None
    past = first.month - 1 + months
    year = first.year + past // 12
    return date(year, past % 12 + 1, 1) if year <= date.max.year else None


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def number(day: date) -> int:
    """A day as yyyymmdd: so counters name their period."""
    return day.year * 10_000 + day.month * 100 + day.day


def first_day(period: str, day: date) -> int:
    """The first day of the period of a day as yyyymmdd; `EVER` where it never begins anew."""
    first = begins(period, day)
    return EVER if first is None else number(first)


def age(birthday: date, day: date) -> int:
    """In whole years; who was born on 29 February is a year older on 1 March where there is none."""
    return day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))
