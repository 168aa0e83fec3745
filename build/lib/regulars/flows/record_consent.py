"""Records what a member said about being spoken to: a fact, never changed; the latest one holds."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.members import directory, reading, views
from regulars.members.description import ConsentGiven
from regulars.members.views import ConsentView
from regulars.programs.model import Program


class NewConsent(ConsentGiven, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/consents`."""

    source: Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[a-z0-9_.-]+$")] = "api"
    """Where she said it: `till`, `web`, `app`, `letter` …"""


async def record_consent(
    database: Database, program: Program, request: Request, member: UUID, new: NewConsent
) -> Answer:
    """201 with the record. Raises NotFound, and StateConflict after an erasure."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        profile = await reading.member(tx, program.id, member, lock=True)
        if profile is None:
            raise NotFound("There is no such member.")
        if profile.erased_at is not None:
            raise StateConflict("This member was erased.")
        consent = new.recorded(new.source)
        (record,) = await directory.record_consents(tx, program.id, profile.id, [consent], request.at)
        view = ConsentView(
            id=ids.show("cns", record),
            channel=consent.channel,
            purpose=consent.purpose,
            granted=consent.granted,
            source=consent.source,
            recorded_at=request.at,
        )
        return await requests.keep(tx, request, 201, views.encode(view))

    return await database.run(program.id, work)
