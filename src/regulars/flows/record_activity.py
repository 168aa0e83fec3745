"""Records what members did besides buying: each once, counted in its periods, and what it earns in one transaction.

A chunk is one transaction: its members' pools are locked, what was counted is read, the activities follow one another
in memory, and all is written at once. One that cannot be recorded is answered so and spoils none of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.db.pool import Database, Transaction
from regulars.errors import Problem
from regulars.flows.activity_recording import Recording
from regulars.flows.activity_sent import Recorded, Sent, Source
from regulars.flows.known_programs import KnownPrograms

AT_ONCE = 100


async def record_activity(
    database: Database, programs: KnownPrograms, program: UUID, source: Source, sent: Sent, at: datetime
) -> Recorded:
    """Record one.

    Raises NotFound, Forbidden, InvalidValue, Unprocessable, StateConflict, and RequestKeyReused where the source sent
    something else under this id.
    """
    (result,) = await record_activities(database, programs, program, source, [sent], at)
    if isinstance(result, Problem):
        raise result
    return result


async def record_activities(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    source: Source,
    sent: Sequence[Sent],
    at: datetime,
) -> list[Recorded | Problem]:
    """Record many of one source, each chunk in a transaction of its own; what became of each, in their order."""
    known = await programs.fresh(program)
    results: list[Recorded | Problem] = []
    for place in range(0, len(sent), AT_ONCE):
        chunk = sent[place : place + AT_ONCE]

        async def work(tx: Transaction, chunk: Sequence[Sent] = chunk) -> list[Recorded | Problem]:
            return await Recording(known, source, at).record(tx, chunk)

        results += await database.run(program, work)
    return results
