"""Keeps work that takes long: what it is, how far it has come, and whether it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs.reading import SQL


class Task(Struct, frozen=True):
    """A piece of long work: `done` of `total` steps."""

    payload: dict[str, Any]
    status: str
    done: int
    total: int


async def begin(
    tx: Transaction, task: UUID, program: UUID, kind: str, payload: dict[str, Any], total: int, at: datetime
) -> Task:
    """Enter the work, or find it as it was entered before."""
    document = msgspec.json.encode(payload).decode()
    await tx.execute(SQL.begin_job, (task, program, kind, document, total, at))
    found = await find(tx, task)
    assert found is not None, "it was entered in this transaction or before"
    return found


async def find(tx: Transaction, task: UUID) -> Task | None:
    """The work as it stands."""
    row = await fetch_one(tx, SQL.find_job, (task,))
    return Task(*row) if row else None


class TaskShown(Struct, frozen=True):
    """A piece of long work as people follow it."""

    kind: str
    payload: dict[str, Any]
    status: str
    done: int
    total: int
    errors: list[Any]
    created_at: datetime
    finished_at: datetime | None


async def show(tx: Transaction, program: UUID, task: UUID) -> TaskShown | None:
    """A program's work as it stands."""
    row = await fetch_one(tx, SQL.show_job, (program, task))
    return TaskShown(*row) if row else None


async def unfinished(tx: Transaction, kind: str) -> list[tuple[UUID, UUID, dict[str, Any]]]:
    """Work of one kind that is not done: its id, its program and its payload, the oldest first."""
    return [(row[0], row[1], row[2]) for row in await fetch_all(tx, SQL.unfinished_jobs, (kind,))]


async def advance(tx: Transaction, task: UUID, done: int) -> None:
    """Note how far it has come; it never goes back."""
    await tx.execute(SQL.advance_job, (done, task, done))


async def fail(tx: Transaction, task: UUID, why: str, at: datetime) -> None:
    """Note that it cannot be done to the end, and why."""
    errors = msgspec.json.encode([{"detail": why}]).decode()
    await tx.execute(SQL.fail_job, (errors, at, task))


async def fail_again(tx: Transaction, task: UUID, why: str, at: datetime) -> None:
    """Note that work which comes round and round failed; since when it does stays as it was."""
    errors = msgspec.json.encode([{"detail": why}]).decode()
    await tx.execute(SQL.fail_job_again, {"id": task, "errors": errors, "at": at})


async def recover(tx: Transaction, task: UUID, at: datetime) -> None:
    """Note that work which failed is done after all; nothing where it did not, or is not there."""
    await tx.execute(SQL.recover_job, (at, task))


async def failed(
    tx: Transaction, program: UUID, kind: str
) -> list[tuple[dict[str, Any], datetime, datetime]]:
    """A program's work of one kind that failed: its payload, since when and when last; the oldest first."""
    return [(row[0], row[1], row[2]) for row in await fetch_all(tx, SQL.failed_jobs, (program, kind))]


async def failed_by(tx: Transaction, kind: str, field: str) -> dict[str, int]:
    """Of all programs' work of one kind that failed: a field of its payload → how many."""
    rows = await fetch_all(tx, SQL.failed_jobs_by, {"kind": kind, "field": field})
    return {row[0]: row[1] for row in rows}


async def finish(tx: Transaction, task: UUID, at: datetime) -> None:
    """Note that it is done."""
    await tx.execute(SQL.finish_job, (at, task))
