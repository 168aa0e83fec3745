"""Lists the programs of the installation, for the command line and the worker."""

from __future__ import annotations

from regulars.db.pool import Database
from regulars.programs import reading
from regulars.programs.model import Brief


async def list_programs(database: Database) -> list[Brief]:
    """All programs, oldest first."""
    async with database.transaction(None) as tx:
        return await reading.programs(tx)
