"""Keeps what waits for a second person, and what became of it; who asks and decides are the transactions' actors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs.model import Program
from regulars.programs.roles import ROLES, permissions

SQL = queries.load("regulars.programs", "approvals.sql")
Act = Literal["points.adjust", "promotion.publish", "member.erase", "key.create"]
Status = Literal["open", "approved", "refused", "withdrawn", "stale"]
ACTS: tuple[Act, ...] = get_args(Act)
LAST = UUID(int=2**128 - 1)


class Person(Struct, frozen=True, omit_defaults=True):
    """Who asked or decided."""

    kind: str
    id: str = ""
    name: str = ""


class Approval(Struct, frozen=True):
    """An act that waits for a second person, or what became of it."""

    id: UUID
    act: Act
    subject: str
    document: dict[str, Any]
    why: str
    asked_by: Person
    asked_at: datetime
    expires_at: datetime
    status: Status
    decided_by: Person | None
    decided_at: datetime | None
    word: str
    result: dict[str, Any] | None
    taken_at: datetime | None


async def ask(
    tx: Transaction,
    program: UUID,
    approval: UUID,
    act: Act,
    subject: str,
    document: Any,
    why: str,
    *,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Enter an act that waits, in the name of the transaction's actor."""
    values = {
        "program": program, "id": approval, "act": act, "subject": subject, "why": why, "at": at,
        "document": Jsonb(msgspec.to_builtins(document)), "expires_at": expires_at,
    }  # fmt: skip
    await tx.execute(SQL.ask, values)


async def find(tx: Transaction, program: UUID, approval: UUID, *, lock: bool = False) -> Approval | None:
    """One of them, also locked until the transaction ends."""
    if lock:
        await fetch_one(tx, SQL.lock, (program, approval))
    row = await fetch_one(tx, SQL.find, (program, approval))
    return _approval(row) if row is not None else None


async def waiting(tx: Transaction, program: UUID, at: datetime, before: UUID, limit: int) -> list[Approval]:
    """Those that can be decided, the newest first."""
    return [_approval(row) for row in await fetch_all(tx, SQL.waiting, (program, at, before, limit))]


async def about(tx: Transaction, program: UUID, act: Act, subject: str, at: datetime) -> list[Approval]:
    """What waits about this subject, the newest first."""
    values = {"program": program, "act": act, "subject": subject, "at": at}
    return [_approval(row) for row in await fetch_all(tx, SQL.about, values)]


async def subjects_waiting(
    tx: Transaction, program: UUID, act: Act, subjects: Sequence[str], at: datetime
) -> set[str]:
    """About which of these subjects such an act waits."""
    values = {"program": program, "act": act, "subjects": list(subjects), "at": at}
    return {row[0] for row in await fetch_all(tx, SQL.subjects_waiting, values)}


async def every(
    tx: Transaction, program: UUID, before: UUID, limit: int, asked_by: str | None = None
) -> list[Approval]:
    """All of them, the newest first; `asked_by`: only what this person or key asked for."""
    values = {"program": program, "before": before, "limit": limit, "asked_by": asked_by}
    return [_approval(row) for row in await fetch_all(tx, SQL.every, values)]


async def decide(
    tx: Transaction,
    program: UUID,
    approval: UUID,
    status: Status,
    word: str,
    at: datetime,
    *,
    by_key: bool = False,
) -> bool:
    """Decide it once. False: it is not open, its time is over, or the actor is not who may decide it that way.

    `by_key`: whether a key may stand for the second person.
    """
    values = {
        "program": program, "id": approval, "status": status, "word": word, "at": at, "by_key": by_key,
    }  # fmt: skip
    return await fetch_one(tx, SQL.decide, values) is not None


async def keep_result(
    tx: Transaction, program: UUID, approval: UUID, status: Status, word: str, result: Any
) -> None:
    """Keep what a decided act brought."""
    kept = Jsonb(msgspec.to_builtins(result)) if result is not None else None
    values = {"program": program, "id": approval, "status": status, "word": word, "result": kept}
    await tx.execute(SQL.keep_result, values)


async def take_key(tx: Transaction, program: UUID, approval: UUID, at: datetime) -> dict[str, Any] | None:
    """The key that was made, for who asked for it, once. None: there is none to be shown."""
    row = await fetch_one(tx, SQL.take_key, {"program": program, "id": approval, "at": at})
    return row[0] if row is not None else None


async def deciders(tx: Transaction, program: UUID, *, beside: UUID | None = None) -> int:
    """How many of the staff may decide, without the one `beside` whom they are counted."""
    roles = [role for role in ROLES if "approvals.decide" in permissions([role])]
    row = await fetch_one(tx, SQL.deciders, {"program": program, "roles": roles, "staff": beside})
    return row[0] if row is not None else 0


async def publishing_waits(tx: Transaction, program: Program) -> bool:
    """Whether `publish_budget_limit` holds now: in some programs it rests while nobody could be the second person."""
    settings = program.settings
    if settings.publish_budget_limit is None:
        return False
    return not settings.publish_limit_rests_alone or await deciders(tx, program.id) > 1


def _approval(row: Sequence[Any]) -> Approval:
    identifier, act, subject, document, why, asked_by, asked_at, expires_at, status, decided_by, *rest = row
    decided = msgspec.convert(decided_by, Person) if decided_by is not None else None
    asked = msgspec.convert(asked_by, Person)
    return Approval(
        identifier, act, subject, document, why, asked, asked_at, expires_at, status, decided, *rest
    )
