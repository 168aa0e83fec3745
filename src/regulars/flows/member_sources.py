"""Reads where members come from: by source, tag and store. Writes nothing."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from regulars.db.pool import Database
from regulars.errors import InvalidValue
from regulars.flows.enrol import store_codes
from regulars.members import arrivals
from regulars.programs.model import Program


class SourceCount(Struct, frozen=True):
    """How many members came from one place."""

    source: str
    tag: str
    store: str | None
    members: int
    left: int
    """Of them, who has been erased since."""


class Sources(Struct, frozen=True):
    """Where members came from, the most first; at most 1,000 rows."""

    members: int
    items: tuple[SourceCount, ...]
    next: str | None = None


async def member_sources(database: Database, program: Program, since: datetime, until: datetime) -> Sources:
    """Of those enrolled from `since` until before `until`. Raises InvalidValue."""
    if since >= until:
        raise InvalidValue("?from", "must lie before `to`")
    async with database.transaction(program.id, analytical=True) as tx:
        found = await arrivals.sources(tx, program.id, since, until)
    codes = store_codes(program)
    items = tuple(
        SourceCount(one.source, one.tag, codes.get(one.store) if one.store else None, one.members, one.left)
        for one in found
    )
    return Sources(sum(one.members for one in items), items)
