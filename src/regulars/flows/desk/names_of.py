"""Reads the names of members who stand in a list, for those who may see them. Only reads."""

from __future__ import annotations

from collections.abc import Iterable

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.known_programs import Known
from regulars.members import reading

LISTED_MAX = 200


async def names_of(database: Database, known: Known, members: Iterable[str]) -> dict[str, str]:
    """Member (`mem_…`) → name; whoever was erased, or gave no name, is not there. At most 200."""
    wanted = sorted({ids.read("mem", one) for one in members})[:LISTED_MAX]
    if not wanted:
        return {}
    async with database.transaction(known.program.id) as tx:
        persons = await reading.persons(tx, known.program.id, known.vault, wanted)
    return {ids.show("mem", one): person.name for one, person in persons.items() if person.name}
