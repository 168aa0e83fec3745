"""Lets the members of before be found by their names: once for each program, page by page, begun again if stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5

from regulars.db.pool import Database
from regulars.members import names, vault
from regulars.members.names import BEGINNING, Place
from regulars.members.vault import Keyring
from regulars.programs import tasks

KIND = "names"
BATCH = 500
"""Persons that are opened in one transaction."""


async def index_names(
    database: Database,
    keyring: Callable[[], Keyring],
    program: UUID,
    at: datetime,
    advance: Callable[[int], None] | None = None,
    *,
    again: bool = False,
) -> int:
    """How many persons were looked at; 0 where it was done before (unless `again`). Raises VaultLocked.

    `advance` hears how many of each page. Whoever is enrolled meanwhile is found anyway.
    """
    job = uuid5(program, KIND)
    found = await database.run(None, lambda tx: tasks.begin(tx, job, program, KIND, {}, 0, at))
    if found.status == "done" and not again:
        return 0
    opened = vault.of(keyring(), program)
    place: Place | None = BEGINNING
    total = 0
    while place is not None:
        after = place
        place, seen = await database.run(
            program, lambda tx, after=after: names.index_page(tx, program, opened, after, BATCH)
        )
        total += seen
        if advance is not None:
            advance(seen)
    await database.run(None, lambda tx: tasks.finish(tx, job, at))
    return total
