"""How a round goes: one visit to every program, one flow each; a failure of one spares the others.

A live program is visited by the world's clock. A sandbox whose clock was set is not visited by the jobs that its
clock decides about: setting the clock does them (`flows.set_clock`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from regulars import clock, settings
from regulars.db.pool import Database
from regulars.errors import Problem
from regulars.flows.failing_rounds import round_failed, round_worked
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.list_programs import list_programs
from regulars.flows.master_keys import keyring_of
from regulars.programs.model import Brief

log = structlog.get_logger("regulars.jobs")
Round = Callable[[Database], Awaitable[None]]
Visit = Callable[[Database, UUID, datetime], Awaitable[int]]
KnownVisit = Callable[[Database, KnownPrograms, UUID, datetime], Awaitable[int]]

_KNOWN_TO_WORK: set[tuple[UUID, str]] = set()
"""Rounds that this process has seen working since they last failed: of those nothing is to be noted."""


class RoundFailed(Exception):
    """Some programs could not be visited; each was logged, and the next round tries again."""


def known_round(name: str, flow: KnownVisit, *, people: bool = False, by_its_clock: bool = False) -> Round:
    """The round of a flow that must know the program. `people`: it reads personal data too, so it needs the vault."""

    async def go(database: Database) -> None:
        known = KnownPrograms(database, keyring_of(settings.load())) if people else KnownPrograms(database)

        async def visit(database: Database, program: UUID, at: datetime) -> int:
            return await flow(database, known, program, at)

        await round_of(database, name, visit, by_its_clock=by_its_clock)

    return go


def last_midnight(program: Brief, now: datetime) -> datetime:
    """The instant at which the program's present day began."""
    return clock.midnight(now.astimezone(clock.zone(program.time_zone)).date(), program.time_zone)


async def _tell_failure(database: Database, program: UUID, name: str, error: str) -> None:
    _KNOWN_TO_WORK.discard((program, name))
    try:
        await round_failed(database, program, name, error, clock.world())
    except (psycopg.Error, PoolTimeout, Problem):  # the database is away, which is perhaps why it failed
        log.warning("job_failure_not_noted", job=name, program=str(program))


async def round_of(
    database: Database,
    name: str,
    visit: Visit,
    *,
    by_its_clock: bool = False,
    at: Callable[[Brief, datetime], datetime] = lambda _, now: now,
) -> None:
    """Visit every program; those with a clock of their own only if asked. Raises RoundFailed at the end."""
    programs = await list_programs(database)
    failed = 0
    for program in programs:
        if by_its_clock and program.clock_at is not None:
            continue
        now = clock.now(program.clock_at)
        try:
            done = await visit(database, program.id, at(program, now))
        except Exception as error:  # whatever it is, it must not keep the other programs from their round
            failed += 1
            log.exception("job_failed", job=name, program=str(program.id))
            await _tell_failure(database, program.id, name, type(error).__name__)
        else:
            if (program.id, name) not in _KNOWN_TO_WORK:
                await round_worked(database, program.id, name, clock.world())
                _KNOWN_TO_WORK.add((program.id, name))
            if done:
                log.info("job_done", job=name, program=str(program.id), count=done)
    if failed:
        raise RoundFailed(f"{name}: {failed} of {len(programs)} programs failed")
