"""The programs that a member of staff has something to do in, and which of them she looks at."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import Forbidden
from regulars.programs import reading
from regulars.programs.staff import people, sessions
from regulars.programs.staff.model import StaffSession


class ProgramChoice(Struct, frozen=True):
    """A program that can be chosen."""

    id: str
    name: str
    sandbox: bool


async def programs_of(database: Database, staff: UUID) -> list[ProgramChoice]:
    """Where she has a role, by name."""
    async with database.transaction(None) as tx:
        posts = {post.program for post in await people.posts(tx, staff)}
        briefs = [brief for brief in await reading.programs(tx) if brief.id in posts]
    return sorted(
        (ProgramChoice(ids.show("prg", brief.id), brief.name, brief.sandbox) for brief in briefs),
        key=lambda one: one.name.casefold(),
    )


async def choose_program(database: Database, session: StaffSession, program: str) -> None:
    """Look at that program from now on. Raises Forbidden where she has nothing to do in it, WrongIdKind."""
    chosen = ids.read("prg", program, "/program")

    async def work(tx: Transaction) -> bool:
        return await sessions.choose_program(tx, session.digest, chosen)

    if not await database.run(None, work):
        raise Forbidden("You have no role in that program.")
