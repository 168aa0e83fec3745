"""Keeps redemptions: that a reward was claimed, and each step of what became of it. Facts, but for where they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.arrays import int2s, texts, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.rewards.catalogue import SQL
from regulars.rewards.model import Redemption, State, Step

ROWS_MAX = 100
RULES: dict[str, str] = {
    "stock_astray": "A reward's stock is what was supplied less what claims have of it.",
    "states_astray": "A redemption stands where its last step left it.",
}


class Standing(Struct, frozen=True):
    """In which state a redemption is, and when it lapses unless something is done."""

    state: State
    due_at: datetime | None


async def enter(
    tx: Transaction, program: UUID, redemption: Redemption, first: Step, due_at: datetime | None
) -> None:
    """Write a redemption with its first step."""
    fields = [getattr(redemption, name) for name in Redemption.__struct_fields__]
    await tx.execute(SQL.enter, (program, ids.home(redemption.id), *fields))
    entered = await step(tx, program, redemption.id, first, due_at)
    assert entered, "a new redemption has no step yet"


async def step(
    tx: Transaction, program: UUID, redemption: UUID, done: Step, due_at: datetime | None = None
) -> bool:
    """Write a step; False where another one came first, and then nothing is written."""
    home = ids.home(redemption)
    values = (program, home, redemption, done.n, done.state, done.posting, done.at, done.by, done.reason)
    if await fetch_one(tx, SQL.step, values) is None:
        return False
    await tx.execute(SQL.stand, (program, home, redemption, done.n, done.state, due_at))
    return True


async def find(tx: Transaction, program: UUID, redemption: UUID) -> Redemption | None:
    """One redemption."""
    row = await fetch_one(tx, SQL.redemption, (program, ids.home(redemption), redemption))
    return Redemption(*row) if row else None


async def steps(tx: Transaction, program: UUID, redemption: UUID) -> list[Step]:
    """What became of it, the first step first."""
    return [Step(*row) for row in await fetch_all(tx, SQL.steps, (program, ids.home(redemption), redemption))]


async def steps_of(tx: Transaction, program: UUID, redemptions: Sequence[UUID]) -> dict[UUID, list[Step]]:
    """What became of each of these, the first step first."""
    columns = (int2s([ids.home(one) for one in redemptions]), uuids(list(redemptions)))
    found: dict[UUID, list[Step]] = {}
    for redemption, *step in await fetch_all(tx, SQL.steps_of, (program, *columns)):
        found.setdefault(redemption, []).append(Step(*step))
    return found


async def standings(tx: Transaction, program: UUID, redemptions: Sequence[UUID]) -> dict[UUID, Standing]:
    """Where these redemptions stand."""
    columns = (int2s([ids.home(one) for one in redemptions]), uuids(list(redemptions)))
    rows = await fetch_all(tx, SQL.standing, (program, *columns))
    return {redemption: Standing(state, due_at) for redemption, state, due_at in rows}


async def of_members(
    tx: Transaction, program: UUID, members: Sequence[UUID], before: UUID | None, limit: int
) -> list[Redemption]:
    """What these members claimed, the latest first."""
    named = {"program": program, "members": uuids(list(members)), "before": before, "limit": limit}
    return [Redemption(*row) for row in await fetch_all(tx, SQL.of_members, named)]


async def ids_of(tx: Transaction, program: UUID, member: UUID) -> list[UUID]:
    """The ids of all that a member claimed herself."""
    return [row[0] for row in await fetch_all(tx, SQL.ids_of_member, (program, member))]


async def in_states(
    tx: Transaction,
    program: UUID,
    states: Sequence[State],
    before: UUID | None,
    limit: int,
    stores: Collection[UUID] | None = None,
    *,
    storeless: bool = False,
) -> list[Redemption]:
    """What is in one of these states, the latest first; `stores`: only what was claimed at one of them, or with
    `storeless` at none."""
    named: dict[str, Any] = {
        "program": program, "states": texts(list(states)), "before": before, "limit": limit,
        "stores": None if stores is None else list(stores), "storeless": storeless,
    }  # fmt: skip
    return [Redemption(*row) for row in await fetch_all(tx, SQL.in_states, named)]


async def due(tx: Transaction, program: UUID, at: datetime, limit: int) -> list[UUID]:
    """Redemptions whose time was over at an instant, the first first."""
    return [row[0] for row in await fetch_all(tx, SQL.due, (program, at, limit))]


async def broken(tx: Transaction, program: UUID) -> dict[str, list[dict[str, Any]]]:
    """The rules that are broken, and by which rows (at most 100 each)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, query in (("stock_astray", SQL.stock_astray), ("states_astray", SQL.states_astray)):
        cursor = await tx.execute(query, {"program": program, "limit": ROWS_MAX})
        rows = await cursor.fetchall()
        if rows:
            assert cursor.description is not None
            names = [column.name for column in cursor.description]
            found[name] = [dict(zip(names, row, strict=True)) for row in rows]
    return found
