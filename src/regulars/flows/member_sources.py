"""Reads where members come from: by source, tag, store and partner, and how many have bought. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db import arrays, queries
from regulars.db.pool import Database, fetch_all
from regulars.errors import InvalidValue
from regulars.flows.enrol import codes_of
from regulars.programs.model import Program

SQL = queries.load("regulars.flows", "member_sources.sql")
SOURCES_MAX = 1000


class SourceCount(Struct, frozen=True):
    """How many members came from one place."""

    source: str
    tag: str
    store: str | None
    members: int
    left: int
    """Of them, who has been erased since."""
    partner: str | None = None
    """Code of the partner whose key enrolled them."""
    bought: int = 0
    """Of them, who has bought something by now; a receipt counts some seconds after it came."""


class Sources(Struct, frozen=True):
    """Where members came from, the most first; at most 1,000 rows."""

    members: int
    items: tuple[SourceCount, ...]
    next: str | None = None


async def member_sources(
    database: Database,
    program: Program,
    since: datetime,
    until: datetime,
    stores: Collection[UUID] | None = None,
) -> Sources:
    """Of those enrolled from `since` until before `until`, at some stores or anywhere. Raises InvalidValue."""
    if since >= until:
        raise InvalidValue("?from", "must lie before `to`")
    named = {
        "program": program.id,
        "from": since,
        "until": until,
        "stores": None if stores is None else arrays.uuids(sorted(stores)),
        "limit": SOURCES_MAX,
    }
    async with database.transaction(program.id, analytical=True) as tx:
        rows = await fetch_all(tx, SQL.sources, named)
    codes = codes_of(program)
    items = tuple(
        SourceCount(source, tag, codes.get(store), members, left, codes.get(partner), bought)
        for source, tag, store, partner, members, left, bought in rows
    )
    return Sources(sum(one.members for one in items), items)
