"""Reads what a member passed on lately: to others, to good causes, into other points. Writes nothing."""

from __future__ import annotations

from uuid import UUID

from regulars.db.pool import Database
from regulars.ledger import passing
from regulars.ledger.passing import PassedBy
from regulars.members import reading

SHOWN = 20


async def passed_on(database: Database, program: UUID, member: UUID) -> list[PassedBy]:
    """The latest first, also what whoever was merged into her passed on."""
    async with database.transaction(program) as tx:
        everybody = [member, *await reading.alias_ids(tx, program, member)]
        return (await passing.passed_by(tx, program, everybody))[:SHOWN]
