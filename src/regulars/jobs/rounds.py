"""What the worker does on its rounds: one visit to every program, one flow each; a failure of one spares the others.

A live program is visited by the world's clock. A sandbox whose clock was set is not visited by the jobs that its
clock decides about: setting the clock does them (`flows.set_clock`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import structlog

from regulars import clock, settings
from regulars.db.pool import Database
from regulars.flows.aggregators import forget_registrations
from regulars.flows.expire_points import expire_points
from regulars.flows.issue_cards import continue_cards
from regulars.flows.issue_codes import continue_jobs
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.lapse_holds import lapse_holds
from regulars.flows.list_programs import list_programs
from regulars.flows.master_keys import keyring_of
from regulars.flows.messages import prune_messages
from regulars.flows.prune_codes import prune_codes
from regulars.flows.prune_requests import prune_requests, prune_sessions
from regulars.flows.retention import propose_erasures
from regulars.flows.seal_ledger import seal_ledger
from regulars.messaging.post_office import PostOffice, senders_of
from regulars.programs.model import Brief

log = structlog.get_logger("regulars.jobs")
Visit = Callable[[Database, UUID, datetime], Awaitable[int]]


class RoundFailed(Exception):
    """Some programs could not be visited; each was logged, and the next round tries again."""


async def lapse(database: Database) -> None:
    """Let the holds lapse whose time is over."""
    await round_of(database, "lapse_holds", lapse_holds, by_its_clock=True)


async def expire(database: Database) -> None:
    """Post the points that had expired by each program's last midnight; a missed night is caught up."""
    await round_of(database, "expire_points", expire_points, by_its_clock=True, at=last_midnight)


async def seal(database: Database) -> None:
    """Seal what was committed since the last block; a transaction that stays open too long is reported."""

    async def visit(database: Database, program: UUID, at: datetime) -> int:
        sealed = await seal_ledger(database, program, at)
        if sealed.held_up is not None:
            log.warning(
                "sealing_held_up",
                program=str(program),
                since=sealed.held_up.since.isoformat(),
                process=sealed.held_up.process,
            )
        return sealed.facts

    await round_of(database, "seal_ledger", visit)


async def prune(database: Database) -> None:
    """Forget old request keys and ended sessions."""
    await round_of(database, "prune_requests", prune_requests)
    forgotten = await prune_sessions(database, clock.world())
    if forgotten:
        log.info("sessions_pruned", count=forgotten)


async def propose(database: Database) -> None:
    """Propose the erasure of members who were not seen for as long as their program's rule says."""
    known = KnownPrograms(database, keyring_of(settings.load()))

    async def visit(database: Database, program: UUID, at: datetime) -> int:
        return await propose_erasures(database, await known.fresh(program), at)

    await round_of(database, "propose_erasures", visit)


async def make_codes(database: Database) -> None:
    """Make the codes of large batches, where some are wanted; a batch that was stopped half-way goes on."""
    done = await continue_jobs(database, lambda: settings.load().secret, clock.world)
    if done:
        log.info("codes_made", batches=done)


async def make_cards(database: Database) -> None:
    """Make the cards of large batches; a batch that was stopped half-way goes on where it was."""
    done = await continue_cards(database, clock.world)
    if done:
        log.info("cards_made", batches=done)


async def send_messages(database: Database) -> None:
    """Send the messages that the process which wrote them did not send."""
    read = settings.load()
    clocks: dict[UUID, datetime] = {}

    async def now(program: UUID) -> datetime:
        return clocks[program]

    office = PostOffice(database, read.secret, senders_of(read.messaging), now)

    async def visit(_: Database, program: UUID, at: datetime) -> int:
        clocks[program] = at
        return await office.deliver(program)

    await round_of(database, "send_messages", visit)


async def prune_access(database: Database) -> None:
    """Forget codes and sessions that ended long ago, and that messages were sent."""
    await round_of(database, "prune_codes", prune_codes)
    await round_of(database, "prune_messages", prune_messages)
    await round_of(database, "forget_registrations", forget_registrations)


def last_midnight(program: Brief, now: datetime) -> datetime:
    """The instant at which the program's present day began."""
    return clock.midnight(now.astimezone(clock.zone(program.time_zone)).date(), program.time_zone)


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
        except Exception:
            failed += 1
            log.exception("job_failed", job=name, program=str(program.id))
        else:
            if done:
                log.info("job_done", job=name, program=str(program.id), count=done)
    if failed:
        raise RoundFailed(f"{name}: {failed} of {len(programs)} programs failed")
