"""Records what members did besides buying: each once, counted in its periods, and what it earns in one transaction.

A chunk is one transaction: its members' pools are locked, what was counted is read, the activities follow one another
in memory, and all is written at once. One that cannot be recorded is answered so and spoils none of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Request
from regulars.errors import Problem
from regulars.flows.activity_recording import Recording
from regulars.flows.activity_sent import Recorded, Sent, Source
from regulars.flows.activity_views import ActivityView
from regulars.flows.known_programs import KnownPrograms

AT_ONCE = 100


async def record_activity(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    source: Source,
    sent: Sent,
    at: datetime,
    request: Request | None = None,
) -> Recorded:
    """Record one; `request`: the key under which it was sent besides, if it was.

    Raises NotFound, Forbidden, InvalidValue, Unprocessable, StateConflict, and RequestKeyReused where the source sent
    something else under this id or this key.
    """
    known = await programs.fresh(program)

    async def work(tx: Transaction) -> Recorded:
        if request is not None:
            first = await requests.claim(tx, request)
            if first is not None:
                return Recorded(msgspec.json.decode(first.body, type=ActivityView), replayed=True)
        (result,) = await Recording(known, source, at).record(tx, [sent])
        if isinstance(result, Problem):
            raise result
        if request is not None:
            await requests.keep(tx, request, 201, msgspec.json.encode(result.view))
        return result

    return await database.run(program, work)


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
