"""Sets a sandbox's clock forward; what falls due on the way is done, in its order, before the answer.

Each step is a transaction of its own, at its own instant: a clock that was killed half-way stands
half-way, with everything done that was due by then, and is set on from there. Holds lapse when they are due;
expired points are posted in the night after, as in a live program.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import Forbidden, InvalidValue, StateConflict
from regulars.flows.falling_due import EVER, TASKS, stage_of
from regulars.flows.known_programs import KnownPrograms
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

YEARS = (1970, 2200)
"""Between which a clock may stand: what expires after it must have a date too."""


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


async def set_clock(
    database: Database, request: Request, change: ClockChange, programs: KnownPrograms
) -> Answer:
    """`POST /v1/sandbox/clock`: 200. Raises Forbidden for a live program, StateConflict for a step back."""
    if not YEARS[0] <= change.now.year < YEARS[1]:
        raise InvalidValue("/now", f"An instant from {YEARS[0]} to {YEARS[1]} is needed.")
    program, target = request.program, change.now.astimezone(UTC)
    present = (await read_clock(database, program)).now
    # A replay of an earlier step finds the clock at or beyond it: nothing is due then, and it is answered
    # below.
    if target > present:
        await _play(database, programs, program, target)

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
        change = Change("clock.set", "sandbox", stands.isoformat(), target.isoformat())
        await trail.record(tx, program, change, target)
        return await requests.keep(tx, request, 200, msgspec.json.encode(ClockView(target, False)))

    return await database.run(program, work)


async def _play(database: Database, programs: KnownPrograms, program: UUID, until: datetime) -> None:
    """Do all that falls due up to `until`, instant after instant, the clock standing at each in its turn."""
    stage = await stage_of(database, programs, program)
    present = (await read_clock(database, program)).now
    seen = [EVER if task.overdue else present for task in TASKS]
    for task in TASKS:
        if task.first:
            await task.do(stage, present)
    while True:
        dues = [await task.next(stage, after, until) for task, after in zip(TASKS, seen, strict=True)]
        due = min((at for at in dues if at is not None), default=None)
        if due is None:
            break
        await _stand_at(database, program, due)
        for place, (task, at) in enumerate(zip(TASKS, dues, strict=True)):
            if at == due:
                await task.do(stage, due)
                seen[place] = due
    for task in TASKS:
        if task.last:
            await task.do(stage, until)


async def _stand_at(database: Database, program: UUID, at: datetime) -> None:
    async def work(tx: Transaction) -> None:
        # What was overdue when the clock was set is done now, not in the past.
        if (await _view(tx, program)).now < at:
            await registry.move_clock(tx, program, at)

    await database.run(program, work)


async def _view(tx: Transaction, program: UUID) -> ClockView:
    found = await reading.program_clock(tx, program)
    if not found.sandbox:
        raise Forbidden("Only a sandbox has a clock that can be set; this is a live program.")
    return ClockView(found.now, found.follows_the_world)
