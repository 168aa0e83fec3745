"""Follows a piece of long work, so that it goes on where it was stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.db.pool import Database
from regulars.programs import tasks
from regulars.programs.tasks import Task


async def begin_task(
    database: Database,
    task: UUID,
    program: UUID,
    kind: str,
    payload: dict[str, Any],
    total: int,
    at: datetime,
) -> Task:
    """Enter the work, or find it with its first payload and as far as it has come."""
    return await database.run(None, lambda tx: tasks.begin(tx, task, program, kind, payload, total, at))


async def find_task(database: Database, task: UUID) -> Task | None:
    """The work as it stands; None when it was never begun."""
    return await database.run(None, lambda tx: tasks.find(tx, task))


async def advance_task(database: Database, task: UUID, done: int) -> None:
    """Note how far it has come."""
    await database.run(None, lambda tx: tasks.advance(tx, task, done))


async def finish_task(database: Database, task: UUID, at: datetime) -> None:
    """Note that it is done."""
    await database.run(None, lambda tx: tasks.finish(tx, task, at))
