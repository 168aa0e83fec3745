"""Reads in which language a member is spoken to, for a page that she looks at herself."""

from __future__ import annotations

from uuid import UUID

from regulars.db.pool import Database
from regulars.errors import NotFound
from regulars.members import reading


async def spoken_language(database: Database, program: UUID, member: UUID) -> str:
    """Two letters; of whoever she was merged into. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await reading.member(tx, program, member)
    if found is None or found.erased_at is not None:
        raise NotFound("There is no such member.")
    return found.language
