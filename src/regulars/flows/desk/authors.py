"""Says who the authors of notes and postings are. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db.pool import Database
from regulars.programs import reading
from regulars.programs.staff import people


async def author_names(
    database: Database, program: UUID, authors: Iterable[str], at: datetime
) -> dict[str, str]:
    """Author as facts name them (`staff stf_…`, `key_…`) → name: of the team, and of the keys in force at `at`."""
    wanted = {author.partition("/")[0] for author in authors}
    names: dict[str, str] = {}
    if any(author.startswith("staff ") for author in wanted):
        names |= {f"staff {one}": name for one, name in await team_names(database, program)}
    if any(author.startswith("key_") for author in wanted):
        names |= dict(await key_names(database, program, at))
    return {author: names[author] for author in wanted if names.get(author)}


async def team_names(database: Database, program: UUID) -> list[tuple[str, str]]:
    """`stf_…` and the name of each of the team."""
    async with database.transaction(None) as tx:
        team = await people.colleagues(tx, program)
    return [(ids.show("stf", one.id), one.name) for one in team]


async def key_names(database: Database, program: UUID, at: datetime) -> list[tuple[str, str]]:
    """`key_…` and the name of each key in force at `at`."""
    async with database.transaction(program) as tx:
        keys = await reading.api_keys(tx, program, at)
    return [(ids.show("key", one.key.id), one.key.name) for one in keys]
