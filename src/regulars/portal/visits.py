"""Says to a member how regularly she comes: kindly, and nothing where there is too little to tell."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from litestar import Request
from msgspec import Struct

from regulars.flows.read_rhythm import read_rhythm
from regulars.portal.visiting import Member


class RhythmLine(Struct, frozen=True):
    """Her rhythm in words."""

    every: str
    last: str
    next: str
    """Until when she keeps it; or, where that is over, that she is welcome."""


async def rhythm_line(request: Request[Any, Any, Any], found: Member) -> RhythmLine | None:
    """None where the program does not look at rhythms, or she has none yet."""
    if not found.program.settings.regularity.on:
        return None
    rhythm = await read_rhythm(request.app.state.database, found.program, found.id, found.now)
    if rhythm.median_days is None or rhythm.last_visit is None or rhythm.overdue_on is None:
        return None
    language = found.language
    days = int(Decimal(rhythm.median_days).to_integral_value(ROUND_HALF_UP))
    if days == 1:
        every = language.gettext("You usually come every day")
    else:
        every = language.ngettext(
            "You usually come every {n} day", "You usually come every {n} days", days
        ).format(n=language.number(days))
    if rhythm.overdue:
        after = language.gettext("It would be good to see you again")
    else:
        after = language.gettext("Come by {day} to stay in your rhythm.").format(
            day=language.short_date(rhythm.overdue_on - timedelta(days=1))
        )
    last = language.gettext("Your last visit was on {day}.").format(
        day=language.short_date(rhythm.last_visit)
    )
    return RhythmLine(every, last, after)
