"""Decides how many uses of an entitlement a member has left, what a visit takes of them, and when the next is free.

What she has are allowances: the quota of her tier in the present period, and uses that she was given. A visit takes
first of what ends first; the quota goes before a grant that ends with it. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.periods import add_months, begins, following
from regulars.rewards.entitlements import Booking, Entitlement, Guests, minutes

_PERIODS_AHEAD = 24


class Taken(Struct, frozen=True):
    """What a visit, past or booked, takes: so many uses of her quota on its day, and of each grant."""

    day: date
    quota: int
    grants: Mapping[UUID, int] = {}


class Grant(Struct, frozen=True):
    """Uses that she was given, for a time."""

    id: UUID
    uses: int
    starts_at: datetime
    ends_at: datetime | None


class Holding(Struct, frozen=True):
    """All that decides on one member's entitlement."""

    document: Entitlement
    quota: int
    """Uses in a period, by her tiers, clubs and audiences; 0: none by them."""
    enrolled_on: date
    grants: Sequence[Grant]
    taken: Sequence[Taken]
    zone: ZoneInfo


class Share(Struct, frozen=True):
    """What a visit takes of her quota (grant None) or of a grant."""

    grant: UUID | None
    uses: int


def quota_of(document: Entitlement, marks: Collection[tuple[str, str]]) -> int:
    """How many uses in a period her marks (kind, code) give her: the best, or all that are hers if it adds."""
    hers = [one.uses for one in document.quotas if all(holder in marks for holder in one.holders)]
    return sum(hers) if document.adds else max(hers, default=0)


def bounds(document: Entitlement, day: date, enrolled_on: date) -> tuple[date | None, date | None]:
    """The first day of the period of a day, and the first after it; None: it has no such end."""
    if document.period == "total":
        return None, None
    if document.period == "rolling":
        return day - timedelta(days=document.period_days - 1), day + timedelta(days=1)
    if document.period != "membership_year":
        return begins(document.period, day), following(document.period, day)
    years = day.year - enrolled_on.year
    first = add_months(enrolled_on, 12 * years)
    if first > day:
        years, first = years - 1, add_months(enrolled_on, 12 * (years - 1))
    return first, add_months(enrolled_on, 12 * (years + 1))


def quota_left(holding: Holding, day: date) -> int:
    """How much of her quota a visit on that day may take, visits booked for later considered."""
    if not holding.quota:
        return 0
    document = holding.document
    if document.period != "rolling":
        first, end = bounds(document, day, holding.enrolled_on)
        used = sum(
            one.quota
            for one in holding.taken
            if (first is None or one.day >= first) and (end is None or one.day < end)
        )
        return max(0, holding.quota - used)
    span = timedelta(days=document.period_days)
    lasts = {day, *(one.day for one in holding.taken if day < one.day < day + span)}
    fullest = max(sum(one.quota for one in holding.taken if last - span < one.day <= last) for last in lasts)
    return max(0, holding.quota - fullest)


def grant_left(holding: Holding, grant: Grant, at: datetime) -> int:
    """What is left of a grant at an instant; nothing before it starts or once it has ended."""
    if at < grant.starts_at or (grant.ends_at is not None and at >= grant.ends_at):
        return 0
    return max(0, grant.uses - sum(one.grants.get(grant.id, 0) for one in holding.taken))


def left(holding: Holding, at: datetime) -> int:
    """Uses that she has at an instant."""
    return sum(count for _, _, count in _allowances(holding, at))


def plan(holding: Holding, wanted: int, at: datetime) -> list[Share] | None:
    """What of her allowances a visit takes that needs so many uses; None where they do not suffice."""
    shares: list[Share] = []
    for _, grant, count in sorted(_allowances(holding, at), key=lambda one: one[0]):
        take = min(count, wanted)
        if take:
            shares.append(Share(grant, take))
            wanted -= take
    return None if wanted else shares


def next_free(holding: Holding, wanted: int, at: datetime) -> datetime | None:
    """The next instant after `at` at which so many uses are free, as things stand; None: not in sight."""
    return next((one for one in _moments(holding, at) if left(holding, one) >= wanted), None)


def units(guests: Guests, coming: int) -> int | None:
    """How many uses a member with so many guests takes; None: she may not bring as many."""
    return None if coming > guests.most else 1 + max(0, coming - guests.free)


def slots(booking: Booking, day: date, zone: ZoneInfo) -> list[datetime]:
    """When the slots of a day begin, in the place's time zone; an hour that a change of the clocks skips is none."""
    first, last = minutes(booking.opens), minutes(booking.closes) - booking.slot_minutes
    begins = [
        datetime.combine(day, time(*divmod(minute, 60)), zone)
        for minute in range(first, last + 1, booking.slot_minutes)
    ]
    return [one for one in begins if one.astimezone(ZoneInfo("UTC")).astimezone(zone).time() == one.time()]


def _allowances(holding: Holding, at: datetime) -> Iterator[tuple[tuple[float, int, str], UUID | None, int]]:
    """What can be taken of: by when it ends (never: last), whose it is, and how much there is."""
    day = at.astimezone(holding.zone).date()
    end = bounds(holding.document, day, holding.enrolled_on)[1]
    until = float("inf") if end is None else _midnight(end, holding.zone).timestamp()
    yield (until, 0, ""), None, quota_left(holding, day)
    for grant in holding.grants:
        until = float("inf") if grant.ends_at is None else grant.ends_at.timestamp()
        yield (until, 1, grant.id.hex), grant.id, grant_left(holding, grant, at)


def _moments(holding: Holding, at: datetime) -> list[datetime]:
    """When something becomes free: a period begins, a visit leaves the rolling days, a grant starts."""
    document, found = holding.document, {grant.starts_at for grant in holding.grants}
    day = at.astimezone(holding.zone).date()
    if document.period == "rolling":
        span = timedelta(days=document.period_days)
        found |= {_midnight(one.day + span, holding.zone) for one in holding.taken}
    else:
        for _ in range(_PERIODS_AHEAD):
            end = bounds(document, day, holding.enrolled_on)[1]
            if end is None:
                break
            day = end
            found.add(_midnight(end, holding.zone))
    return sorted(one for one in found if one > at)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
