"""Says which corners of the portal a program has: rewards, challenges, games, clubs… Nobody is shown an empty one."""

from __future__ import annotations

from uuid import UUID

from regulars.db import queries
from regulars.db.pool import Database, fetch_all

SQL = queries.load("regulars.flows", "corners.sql")


async def open_corners(database: Database, program: UUID) -> frozenset[str]:
    """The names of those in which there is something for members, in one statement."""
    async with database.transaction(program) as tx:
        return frozenset(row[0] for row in await fetch_all(tx, SQL.open, {"program": program}))
