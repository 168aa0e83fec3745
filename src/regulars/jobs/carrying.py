"""Carries data in and out within seconds of being asked: imports, what is undone of them, and exports."""

from __future__ import annotations

from regulars import settings
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.flows.exports.work import ExportWorker
from regulars.flows.imports.work import ImportWorker
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.master_keys import keyring_of
from regulars.jobs import rounds
from regulars.jobs.forever import forever

PAUSE_SECONDS = 2.0
CONNECTIONS = 3


async def keep_carrying(database_url: str) -> None:
    """Make round after round until it is cancelled; a round that fails is logged, and the next one tries again.

    It has connections of its own: a year that is imported does not keep the scheduled rounds waiting.
    """
    read = settings.load()
    keyring = keyring_of(read)
    async with Database(database_url, size=CONNECTIONS) as pool:
        database = pool.acting(Actor("job", "data"))
        programs = KnownPrograms(database, keyring)
        imports = ImportWorker(database, programs, read.secret)
        exports = ExportWorker(database, programs)
        try:
            await forever(lambda: rounds.carry(imports, exports), "carrying", PAUSE_SECONDS)
        finally:
            await imports.close()
