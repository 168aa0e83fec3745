"""Checks whether a program's books add up. Reads only."""

from __future__ import annotations

from uuid import UUID

from regulars.db.pool import Database
from regulars.ledger.check import CHECKS, Finding, check


async def check_ledger(database: Database, program: UUID) -> tuple[Finding, ...]:
    """Every broken rule; empty where all is in order. Each rule is one query, so it sees one moment."""
    async with database.transaction(program, analytical=True) as tx:
        return await check(tx, program)


RULES = len(CHECKS)
"""How many rules there are."""
