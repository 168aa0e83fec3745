"""Follows a piece of long work, so that it goes on where it was stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database
from regulars.errors import NotFound
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


class JobView(Struct, frozen=True, omit_defaults=True):
    """A piece of long work as it stands."""

    id: str
    kind: str
    status: str
    done: int
    total: int
    errors: tuple[Any, ...]
    result: dict[str, Any]
    """What there is to fetch when it is done: names of things and where they are."""
    created_at: datetime
    finished_at: datetime | None = None


async def read_job(database: Database, program: UUID, task: UUID) -> JobView:
    """A program's work as it stands. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await tasks.show(tx, program, task)
    if found is None:
        raise NotFound("There is no such job in this program.")
    result: dict[str, Any] = {}
    if found.kind == "codes":
        batch = found.payload["batch"]
        result = {"code_batch": batch, "codes": f"/v1/code-batches/{batch}/codes"}
    elif found.kind == "cards":
        batch = found.payload["batch"]
        result = {"card_batch": batch, "cards": f"/v1/card-batches/{batch}/cards"}
    elif found.kind in ("import", "import_undo"):
        one = found.payload["import"]
        result = {"import": one, "report": f"/v1/imports/{one}/report"}
    elif found.kind == "export":
        one = found.payload["export"]
        result = {"export": one, "file": f"/v1/exports/{one}/file"}
    return JobView(
        id=ids.show("job", task),
        kind=found.kind,
        status=found.status,
        done=found.done,
        total=found.total,
        errors=tuple(found.errors),
        result=result,
        created_at=found.created_at,
        finished_at=found.finished_at,
    )
