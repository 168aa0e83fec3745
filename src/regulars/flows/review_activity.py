"""Decides once of an activity that was flagged: accepted, it earns as of its day within its limits; refused, never."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, structs

from regulars import clock, ids
from regulars.db import outbox, requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows import activity_views
from regulars.flows.activity_books import Books, Cause, locked_people
from regulars.flows.activity_recording import count_quests, told
from regulars.flows.activity_tally import Days, Tally, keys_of
from regulars.flows.activity_views import ActivityView
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.tiering import Climber
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.purchases import activity_log, activity_reads
from regulars.purchases.activity_log import Activity, Earned, Outcome


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/activities/{id}/review`."""

    accept: bool
    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


async def review_activity(
    database: Database, programs: KnownPrograms, request: Request, activity: UUID, decision: Decision, by: str
) -> Answer:
    """200 with the activity. Raises NotFound, and StateConflict for one that does not wait."""
    known = await programs.fresh(request.program)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        view = await decide(tx, known, activity, decision, by, request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(request.program, work)


async def decide(
    tx: Transaction, known: Known, activity: UUID, decision: Decision, by: str, at: datetime
) -> ActivityView:
    """Decide, and give what it earns. Raises NotFound, StateConflict."""
    program = known.program.id
    found = await activity_reads.find(tx, program, activity)
    if found is None:
        raise NotFound("There is no such activity in this program.")
    people = await locked_people(tx, known, [found.member])
    if not await activity_reads.stop_waiting(tx, program, activity):
        raise StateConflict("This activity does not wait for a decision.")
    who = people[found.member]
    earned: list[Earned] = []
    posting = None
    if decision.accept and not isinstance(who, Climber):
        raise who
    if decision.accept and isinstance(who, Climber):
        earned, posting = await _give(tx, known, found, who, by, at)
    decided = structs.replace(
        found,
        accepted=decision.accept,
        decided=Outcome("accepted" if decision.accept else "refused", tuple(earned)),
        reason=decision.reason,
        posting=posting,
    )
    await activity_reads.review(tx, program, decided, at, by)
    await outbox.note(tx, program, [told("activity.reviewed", decided, at)])
    change = Change(
        "activity.reviewed",
        ids.show("act", activity),
        after={"accepted": decision.accept, "kind": found.kind},
        why=decision.reason,
    )
    await trail.record(tx, program, change, at)
    return activity_views.shown(decided)


async def _give(
    tx: Transaction, known: Known, found: Activity, who: Climber, by: str, at: datetime
) -> tuple[list[Earned], UUID | None]:
    """What it earns by the revision under which it was recorded, and the posting."""
    program = known.program
    document = await activity_log.kind_at(tx, program.id, found.kind, found.revision)
    zone = clock.zone(program.time_zone)
    happened, today = found.happened_at.astimezone(zone).date(), at.astimezone(zone).date()
    days = Days(today, happened, happened)
    tally, books = Tally(program), Books(known, at)
    await tally.read(tx, keys_of(found.member, found.kind, document, days))
    earned = tally.count(found.member, found.kind, document, days, 0, found.quantity)
    cause = Cause(found.member, who.pool, found.kind, document, found.happened_at, by, found.id)
    posting = await books.book(tx, cause, earned)
    if posting is not None:
        tally.paid(posting)
    await tally.write(tx, at)
    await books.write(tx)
    await count_quests(tx, known, found, who.pool, at)
    return earned, posting
