"""Sets a sandbox's clock forward; what falls due on the way is done, in its order, before the answer.

Each step is a transaction of its own, at its own instant: a clock that was killed half-way stands
half-way, with everything done that was due by then, and is set on from there. Holds lapse when they are due;
expired points are posted in the night after, as in a live program.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock
from regulars.db import queries, requests
from regulars.db.pool import Database, Transaction, fetch_one
from regulars.db.requests import Answer, Request
from regulars.errors import Forbidden, InvalidValue, StateConflict
from regulars.flows.expire_points import expire_points
from regulars.flows.lapse_holds import lapse_holds
from regulars.programs import reading, registry

SQL = queries.load("regulars.flows", "set_clock.sql")
YEARS = (1970, 2200)
"""Between which a clock may stand: what expires after it must have a date too."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class ClockChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/sandbox/clock`."""

    now: Annotated[datetime, Meta(tz=True)]


class ClockView(Struct, frozen=True):
    """What time it is for a sandbox."""

    now: datetime
    follows_the_world: bool


async def read_clock(database: Database, program: UUID) -> ClockView:
    """`GET /v1/sandbox/clock`. Raises Forbidden for a live program."""
    async with database.transaction(program) as tx:
        return await _view(tx, program)


async def set_clock(database: Database, request: Request, change: ClockChange) -> Answer:
    """`POST /v1/sandbox/clock`: 200. Raises Forbidden for a live program, StateConflict for a step back."""
    if not YEARS[0] <= change.now.year < YEARS[1]:
        raise InvalidValue("/now", f"An instant from {YEARS[0]} to {YEARS[1]} is needed.")
    program, target = request.program, change.now.astimezone(UTC)
    present = (await read_clock(database, program)).now
    # A replay of an earlier step finds the clock at or beyond it: nothing is due then, and it is answered
    # below.
    if target > present:
        await _play(database, program, target)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        stands = (await _view(tx, program)).now
        if target < stands:
            raise StateConflict(
                f"The clock of a sandbox moves forward only; it stands at {stands.isoformat()}."
            )
        await registry.move_clock(tx, program, target)
        return await requests.keep(tx, request, 200, msgspec.json.encode(ClockView(target, False)))

    return await database.run(program, work)


async def _play(database: Database, program: UUID, until: datetime) -> None:
    """Do all that falls due up to `until`, instant after instant, the clock standing at each in its turn."""
    async with database.transaction(program) as tx:
        zone = (await reading.load(tx, program)).time_zone
    lapsed = posted = _EVER
    while True:
        async with database.transaction(program) as tx:
            lapse = await fetch_one(tx, SQL.next_lapse, (program, lapsed, until))
            expiry = await fetch_one(tx, SQL.next_expiry, (program, posted, until))
        night = _night_after(expiry[0], zone) if expiry and expiry[0] else None
        if night is not None and night > until:
            # It has not come yet; until then expiry is judged at reading.
            night = None
        due = min((at for at in (lapse[0] if lapse else None, night) if at is not None), default=None)
        if due is None:
            return
        await _stand_at(database, program, due)
        await lapse_holds(database, program, due)
        lapsed = due
        if due == night:
            await expire_points(database, program, due)
            posted = due


async def _stand_at(database: Database, program: UUID, at: datetime) -> None:
    async def work(tx: Transaction) -> None:
        # What was overdue when the clock was set is done now, not in the past.
        if (await _view(tx, program)).now < at:
            await registry.move_clock(tx, program, at)

    await database.run(program, work)


def _night_after(at: datetime, zone: str) -> datetime:
    """The first local midnight at or after an instant."""
    day = at.astimezone(clock.zone(zone)).date()
    midnight = clock.midnight(day, zone)
    return midnight if midnight >= at else clock.midnight(day + timedelta(days=1), zone)


async def _view(tx: Transaction, program: UUID) -> ClockView:
    found = await reading.program_clock(tx, program)
    if not found.sandbox:
        raise Forbidden("Only a sandbox has a clock that can be set; this is a live program.")
    return ClockView(found.now, found.follows_the_world)
