"""Reads a member's receipts, the latest first, a page at a time. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database
from regulars.errors import NotFound
from regulars.flows.member_purchases import purchases_of
from regulars.flows.read_member import member_of
from regulars.programs.model import Program
from regulars.purchases import journal
from regulars.purchases.journal import Listed


class Receipts(Struct, frozen=True):
    """A page; `next` is the last receipt of it where there are more."""

    items: tuple[Listed, ...]
    next: UUID | None


async def member_receipts(
    database: Database, program: Program, member: UUID, at: datetime, *, after: UUID | None, limit: int
) -> Receipts:
    """`limit` of them, those before the receipt `after`. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        found = await member_of(tx, program, member)
        filters: dict[str, tuple[Any, ...]] = {}
        if after is not None:
            last = await journal.find(tx, program.id, after)
            if last is None:
                raise NotFound("There is no such receipt.")
            filters["after"] = (last.purchased_at, last.id)
        rows = await purchases_of(tx, program, found.id, at, filters, limit + 1)
    return Receipts(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)
