"""Decides in which time a ladder measures, and how long a tier of it lasts. Pure; instants are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from regulars.members.ladders import LadderDocument

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


class Span(Struct, frozen=True):
    """From one instant to another, which does not belong to it."""

    since: datetime
    until: datetime


class Calendar(Struct, frozen=True):
    """By what days are reckoned for one member."""

    zone: tzinfo
    joined: datetime | None = None
    """When her membership began; None: membership years are calendar years."""

    def day(self, at: datetime) -> date:
        """The day on which an instant falls."""
        return at.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def period(ladder: LadderDocument, calendar: Calendar, at: datetime) -> Span:
    """The time in which it is measured what has been reached at an instant."""
    day = calendar.day(at)
    if ladder.period == "lifetime":
        return Span(BEGINNING, END)
    if ladder.period == "rolling":
        first = day - timedelta(days=min(ladder.period_days, day.toordinal()) - 1)
        return Span(calendar.midnight(first), calendar.midnight(day + timedelta(days=1)))
    joined = date(day.year, 1, 1)
    if ladder.period == "membership_year" and calendar.joined is not None:
        joined = calendar.day(calendar.joined)
    year = day.year if _anniversary(joined, day.year) <= day else day.year - 1
    return Span(
        calendar.midnight(_anniversary(joined, year)), calendar.midnight(_anniversary(joined, year + 1))
    )


def end_of_term(ladder: LadderDocument, calendar: Calendar, at: datetime) -> datetime | None:
    """Until when a tier lasts that was gained at an instant, its days of grace included; None: for ever."""
    if ladder.validity == "forever":
        return None
    if ladder.validity == "days":
        last = calendar.day(at) + timedelta(days=ladder.valid_days)
        return calendar.midnight(last + timedelta(days=1 + ladder.grace_days))
    following = period(ladder, calendar, period(ladder, calendar, at).until)
    return _later(calendar, following.until, ladder.grace_days)


def without_grace(ladder: LadderDocument, calendar: Calendar, until: datetime) -> datetime:
    """When the term ended after which a tier has its days of grace."""
    return _later(calendar, until, -ladder.grace_days)


def judged(ladder: LadderDocument, calendar: Calendar, until: datetime, *, graced: bool = True) -> Span:
    """What counts for keeping a tier that lasts until an instant: its last period, and the days of grace."""
    last = period(ladder, calendar, last_instant(ladder, calendar, until, graced=graced))
    return Span(last.since, max(last.until, until) if ladder.period != "lifetime" else last.until)


def last_instant(
    ladder: LadderDocument, calendar: Calendar, until: datetime, *, graced: bool = True
) -> datetime:
    """The last instant of the term that ends then, but for its grace: the next term follows upon it."""
    return (without_grace(ladder, calendar, until) if graced else until) - INSTANT


def _later(calendar: Calendar, at: datetime, days: int) -> datetime:
    return calendar.midnight(calendar.day(at) + timedelta(days=days)) if days else at


def _anniversary(joined: date, year: int) -> date:
    """The day of joining in a year; for 29 February the first of March where there is none."""
    try:
        return joined.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
