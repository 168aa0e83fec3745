"""The only reader of the time. A live program runs by the world's clock, a sandbox by the one its user sets.

A sandbox's clock follows the world until it is set; from then on it stands still until it is moved on,
so that what is due at an instant is due exactly then.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def world() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def now(sandbox_at: datetime | None) -> datetime:
    """The present instant of a program whose clock stands at `sandbox_at` (None: it follows the world)."""
    return world() if sandbox_at is None else sandbox_at


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
