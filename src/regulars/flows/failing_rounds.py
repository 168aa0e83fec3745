"""Keeps which rounds of the worker fail for which program, so that somebody sees it who reads no log.

A round that works for everybody writes nothing: only that one fails, and that it works again, is noted.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from msgspec import Struct

from regulars.db.pool import Database, Transaction
from regulars.programs import tasks

TASK = "round"


class FailingRound(Struct, frozen=True):
    """A round that does not work for a program."""

    name: str
    since: datetime
    last_at: datetime


async def round_failed(database: Database, program: UUID, name: str, error: str, at: datetime) -> None:
    """Note that a round failed for a program. `error`: its kind, for its text might name somebody.

    `at`: the world's time.
    """

    async def work(tx: Transaction) -> None:
        task = _task(program, name)
        await tasks.begin(tx, task, program, TASK, {"round": name}, 0, at)
        await tasks.fail_again(tx, task, error, at)

    await database.run(program, work)


async def round_worked(database: Database, program: UUID, name: str, at: datetime) -> None:
    """Note that a round that failed works again; nothing where it never failed."""
    await database.run(program, lambda tx: tasks.recover(tx, _task(program, name), at))


async def failing_rounds(database: Database, program: UUID) -> tuple[FailingRound, ...]:
    """The rounds that fail for a program, the one that does so for longest first."""
    async with database.transaction(program) as tx:
        failed = await tasks.failed(tx, program, TASK)
    return tuple(FailingRound(payload["round"], since, last_at) for payload, since, last_at in failed)


async def failing_everywhere(database: Database) -> dict[str, int]:
    """Round → for how many programs it fails."""
    async with database.transaction(None) as tx:
        return await tasks.failed_by(tx, TASK, "round")


def _task(program: UUID, name: str) -> UUID:
    return uuid5(program, name)
