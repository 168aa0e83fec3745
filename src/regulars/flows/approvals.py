"""Four eyes: a second person agrees to an act, which is done in that very transaction, or refuses it with a word.

What was asked for is checked against the state of now: a draft that was edited since, points that are gone. What
cannot be done any more is kept as stale with the reason, and nothing of it is done.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, Problem, SecondPersonNeeded, StateConflict
from regulars.flows import adjust_points, aggregators, create_key, erase_member, publish_promotion, retention
from regulars.flows.adjust_points import NewAdjustment
from regulars.flows.asking import ApprovalView, approval_view
from regulars.flows.create_key import NewKey
from regulars.flows.known_programs import KnownPrograms
from regulars.programs import approvals, reading
from regulars.programs.approvals import LAST, Act, Approval, Status
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

KEY_IS_NO_PERSON = (
    "A key is no second person: somebody of the staff decides, in the back office. While no staff may, the setting "
    "approvals_by_keys lets a key that was made by a person before this was asked for."
)


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/approvals/{id}/approve`, `/refuse`, `/withdraw`."""

    word: Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")] = ""
    """Why; who refuses has to say it."""


class ApprovalPage(Struct, frozen=True):
    """A part of the list, the newest first; `next` is the cursor of the part after it."""

    items: tuple[ApprovalView, ...]
    next: str | None


async def approve(
    database: Database,
    programs: KnownPrograms,
    secret: bytes,
    request: Request,
    approval: UUID,
    word: str,
    *,
    key: UUID | None = None,
) -> Answer:
    """200 with what was done. Raises NotFound, SecondPersonNeeded; StateConflict once it is decided, its time is over,
    or it cannot be done any more.

    `key`: by which it is decided, where that is no person.
    """

    async def work(tx: Transaction) -> Answer | Problem:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await _decided(tx, request, approval, "approved", word, key)
        try:
            async with tx.transaction():
                result = await _act(tx, programs, secret, request, found)
        except Problem as problem:
            await approvals.keep_result(tx, request.program, approval, "stale", problem.detail, None)
            await _record(tx, request, found, "refused", problem.detail)
            await requests.free(tx, request)
            return StateConflict("This cannot be done any more.", extra={"why": problem.detail})
        await approvals.keep_result(tx, request.program, approval, "approved", word, result)
        await _record(tx, request, found, "approved", word)
        return await _answer(tx, request, approval)

    answer = await database.run(request.program, work)
    if isinstance(answer, Problem):  # that it is stale stays written
        raise answer
    return answer


async def refuse(
    database: Database, request: Request, approval: UUID, word: str, *, key: UUID | None = None
) -> Answer:
    """200. Raises NotFound, SecondPersonNeeded, StateConflict: also without a word why."""
    if not word.strip():
        raise StateConflict("Who refuses says why.")
    return await _turn_down(database, request, approval, "refused", word, key)


async def withdraw(database: Database, request: Request, approval: UUID, word: str) -> Answer:
    """200: who asked takes it back. Raises NotFound, SecondPersonNeeded, StateConflict."""
    return await _turn_down(database, request, approval, "withdrawn", word)


async def list_approvals(
    database: Database, at: datetime, program: UUID, *, waiting: bool, before: UUID | None, limit: int
) -> ApprovalPage:
    """Those that wait, or all of them, the newest first."""
    async with database.transaction(program) as tx:
        if waiting:
            found = await approvals.waiting(tx, program, at, before or LAST, limit + 1)
        else:
            found = await approvals.every(tx, program, before or LAST, limit + 1)
    shown = tuple(approval_view(one, at) for one in found[:limit])
    return ApprovalPage(shown, shown[-1].id if len(found) > limit else None)


async def asked_for_by(
    database: Database, at: datetime, program: UUID, asked_by: str, limit: int
) -> list[ApprovalView]:
    """The latest that somebody asked for, by the id of the actor, the newest first."""
    async with database.transaction(program) as tx:
        found = await approvals.every(tx, program, LAST, limit, asked_by)
    return [approval_view(one, at) for one in found]


async def read_approval(database: Database, program: UUID, approval: UUID, at: datetime) -> ApprovalView:
    """One of them. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await approvals.find(tx, program, approval)
    if found is None:
        raise NotFound("There is no such approval.")
    return approval_view(found, at)


async def publishing_waits(database: Database, program: Program) -> bool:
    """Whether the limit above which publishing waits holds now."""
    async with database.transaction(program.id) as tx:
        return await approvals.publishing_waits(tx, program)


async def deciders_beside(database: Database, program: UUID, staff: UUID) -> int:
    """How many others of the staff may decide."""
    async with database.transaction(program) as tx:
        return await approvals.deciders(tx, program, beside=staff)


async def waiting_about(
    database: Database, program: UUID, act: Act, subject: str, at: datetime
) -> list[ApprovalView]:
    """What waits for a second person about this subject, the newest first."""
    async with database.transaction(program) as tx:
        found = await approvals.about(tx, program, act, subject, at)
    return [approval_view(one, at) for one in found]


async def take_key(database: Database, request: Request, approval: UUID, secret: bytes) -> str:
    """The text of the key that was approved, once, for who asked for it. Raises StateConflict."""

    async def work(tx: Transaction) -> str:
        result = await approvals.take_key(tx, request.program, approval, request.at)
        if result is None:
            raise StateConflict("This key was shown already, or is not yours to see.")
        shown = Answer(200, msgspec.json.encode(result))
        return msgspec.json.decode(create_key.show_key(shown, secret).body)["key"]

    return await database.run(request.program, work)


async def _turn_down(
    database: Database, request: Request, approval: UUID, status: Status, word: str, key: UUID | None = None
) -> Answer:
    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await _decided(tx, request, approval, status, word, key)
        await _record(tx, request, found, status, word)
        return await _answer(tx, request, approval)

    return await database.run(request.program, work)


async def _decided(
    tx: Transaction, request: Request, approval: UUID, status: Status, word: str, key: UUID | None
) -> Approval:
    """What was asked for, once it is decided; two at once: one of them. Raises as the flows do."""
    found = await approvals.find(tx, request.program, approval, lock=True)
    if found is None:
        raise NotFound("There is no such approval.")
    by_key = key is not None and await _stands_for_a_person(tx, request.program, key, approval)
    if await approvals.decide(tx, request.program, approval, status, word, request.at, by_key=by_key):
        return found
    if found.status != "open":
        raise StateConflict("This was decided already.")
    if found.expires_at <= request.at:
        raise StateConflict("The time in which this could be decided is over; it has to be asked for anew.")
    if status == "withdrawn":
        raise SecondPersonNeeded("Only who asked takes it back.")
    if key is not None and not by_key:
        raise SecondPersonNeeded(KEY_IS_NO_PERSON)
    raise SecondPersonNeeded("Who asks does not decide: somebody else has to.")


async def _stands_for_a_person(tx: Transaction, program: UUID, key: UUID, approval: UUID) -> bool:
    """Whether a key may be the second person: the setting, while none of the staff may decide, for a key that was there
    before and that no other key made: whoever asks by a key can make and turn keys with it."""
    settings = (await reading.load(tx, program)).settings
    if not settings.approvals_by_keys or key > approval or await approvals.deciders(tx, program):
        return False
    return await trail.first_kind(tx, program, "key.created", ids.show("key", key)) not in (None, "key")


async def _act(
    tx: Transaction, programs: KnownPrograms, secret: bytes, request: Request, found: Approval
) -> Any:
    """Do it, as it was asked for, by the rules of now."""
    program = await reading.load(tx, request.program)
    document, by = found.document, found.document.get("by", "")
    if found.act == "points.adjust":
        new = msgspec.convert(document["adjustment"], NewAdjustment)
        member = ids.read("mem", found.subject)
        return await adjust_points.adjust(tx, program, by, member, new, request.at)
    if found.act == "promotion.publish":
        promotion = ids.read("prm", found.subject)
        version = document["draft_version"]
        return await publish_promotion.publish_draft(
            tx, programs, request, promotion, by, document["accepted"], version, why=found.why
        )
    if found.act == "member.erase":
        member = ids.read("mem", found.subject)
        vault = (await programs.within(tx, program.id, 0)).vault
        if document.get("proposed"):  # by a rule of retention: not once she was seen again
            decider = retention.Decider(ids.read(by.partition("_")[0], by), by, found.why)
            await retention.accept(tx, program, vault, member, decider, request.at)
            return {"erased": found.subject}
        await erase_member.erase(tx, program, vault, member, by, request.at, found.why)
        return {"erased": found.subject}
    if "wallet" in document or "turned" in document:
        return await aggregators.make_agreed_key(tx, program, request, document, secret)
    return await create_key.make_key(tx, request, msgspec.convert(document["key"], NewKey), secret)


async def _record(tx: Transaction, request: Request, found: Approval, what: str, word: str) -> None:
    told = {"act": found.act, "subject": found.subject, "asked_by": found.asked_by}
    change = Change(f"approval.{what}", ids.show("apr", found.id), after=told, why=word)
    await trail.record(tx, request.program, change, request.at)


async def _answer(tx: Transaction, request: Request, approval: UUID) -> Answer:
    found = await approvals.find(tx, request.program, approval)
    assert found is not None, "it was just decided"
    return await requests.keep(tx, request, 200, msgspec.json.encode(approval_view(found, request.at)))
