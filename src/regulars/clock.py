"""The only reader of the time. A live program runs by the world's clock, a sandbox by the one its user sets.

A sandbox's clock follows the world until it is set; from then on it stands still until it is moved on,
so that what is due at an instant is due exactly then.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

YEARS = (1970, 9999)
"""From the first on and before the last an instant can be kept, moved by a day, and shown in every time zone."""


def world() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def now(sandbox_at: datetime | None) -> datetime:
    """The present instant of a program whose clock stands at `sandbox_at` (None: it follows the world)."""
    return world() if sandbox_at is None else sandbox_at


def reaches(at: datetime) -> bool:
    """Whether calendars everywhere reach an instant; what lies beyond is nothing to keep or to reckon with."""
    return YEARS[0] <= at.year < YEARS[1]


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The time zone of that name. Raises ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def midnight(day: date, zone_name: str) -> datetime:
    """The instant at which `day` begins in a time zone, in UTC."""
    return datetime.combine(day, time(), zone(zone_name)).astimezone(UTC)
