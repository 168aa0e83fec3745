"""The calls about enrolment: what is asked, where members came from, and many members at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from msgspec import Meta, Raw, Struct, field

from regulars import ids
from regulars.errors import InvalidValue, Problem
from regulars.flows.import_members import import_members
from regulars.flows.imported_members import ImportedMember
from regulars.flows.member_sources import Sources, member_sources
from regulars.flows.questionnaires import QuestionnaireView, put_questionnaire, read_questionnaire
from regulars.members.questionnaire import Place, Questionnaire
from regulars.web.endpoints import Call, Endpoints
from regulars.web.problems import problem_document
from regulars.web.slices import Slice

calls = Endpoints("enrolment")


class SourceQuery(Slice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which enrolments are counted."""

    since: datetime = field(name="from", default=datetime(1970, 1, 1, tzinfo=UTC))
    until: datetime | None = field(name="to", default=None)
    """The end, which is not counted; now when left out."""


class QuestionnaireQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is asked."""

    place: Place | None = None


class MemberBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Members of another system."""

    members: Annotated[tuple[Raw, ...], Meta(min_length=1, max_length=5000)]
    """Each with one of `phone`, `email`, `external_id` and `cards`, and as much more as is known."""


class MemberBatchItem(Struct, frozen=True, omit_defaults=True):
    """What became of one of them: its status, and the member or the problem."""

    status: int
    member: str | None = None
    replayed: bool = False
    problem: dict[str, Any] | None = None


class MemberBatchAnswer(Struct, frozen=True):
    """One item for each, in their order."""

    items: tuple[MemberBatchItem, ...]


@calls("PUT", "/v1/program/questionnaire", scopes="manage", body=Questionnaire, answer=QuestionnaireView)
async def put(call: Call[Questionnaire, Any]) -> QuestionnaireView:
    """Design what members are asked; the questions replace those of the version before.

    An answer is the member's attribute of the question's `code`: enrolments and changes are checked against it.
    """
    known, by = await call.known(), ids.show("key", call.caller.key)
    return await put_questionnaire(call.database, known.program, call.body, by, at=await call.now())


@calls(
    "GET",
    "/v1/program/questionnaire",
    scopes="till issuer manage read",
    query=QuestionnaireQuery,
    answer=QuestionnaireView,
)
async def show(call: Call[Any, QuestionnaireQuery]) -> QuestionnaireView:
    """What members are asked; with `place`, only what is asked there (`till`, `web`, `app`)."""
    return await read_questionnaire(call.database, call.caller.program, call.query.place)


@calls(
    "GET",
    "/v1/members/sources",
    scopes="manage read",
    query=SourceQuery,
    answer=Sources,
    items_by="source tag store partner",
)
async def sources(call: Call[Any, SourceQuery]) -> Sources:
    """Where members came from: how many by source, tag, store and partner of their enrolment, and who has bought."""
    program = (await call.known()).program
    since, until = call.query.since, call.query.until or await call.now()
    if since.tzinfo is None or until.tzinfo is None:
        raise InvalidValue("?from", "an instant needs its offset, as 2026-11-21T00:00:00+02:00")
    return await member_sources(call.database, program, since, until)


@calls(
    "POST",
    "/v1/members/batch",
    scopes="manage",
    body=MemberBatch,
    answer=MemberBatchAnswer,
    idempotent=False,
)
async def batch(call: Call[MemberBatch, Any]) -> MemberBatchAnswer:
    """Enter up to 5,000 members of another system, with their cards, balances and consents.

    Each is answered by herself, and entered once: sent again, by the same external_id (else phone, email or first
    card), she is answered as `replayed`. Points become lots that keep the dates they are sent with.
    """
    known = await call.known()
    items: list[MemberBatchItem | None] = []
    sent: list[ImportedMember] = []
    places: list[int] = []
    for raw in call.body.members:
        try:
            sent.append(call.decode(bytes(raw), ImportedMember))
        except Problem as problem:
            items.append(_failed(problem))
            continue
        places.append(len(items))
        items.append(None)
    by = ids.show("key", call.caller.key)
    outcomes = await import_members(call.database, known.program, known.vault, sent, by, at=await call.now())
    for place, outcome in zip(places, outcomes, strict=True):
        items[place] = (
            _failed(outcome.problem)
            if outcome.problem is not None
            else MemberBatchItem(
                200 if outcome.repeated else 201,
                ids.show("mem", outcome.member) if outcome.member else None,
                replayed=outcome.repeated,
            )
        )
    return MemberBatchAnswer(tuple(item for item in items if item is not None))


def _failed(problem: Problem) -> MemberBatchItem:
    return MemberBatchItem(problem.status, problem=problem_document(problem))
