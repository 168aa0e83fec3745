"""The calls about activity: what members do besides buying, the kinds of it, what waits for a decision, months."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.requests import Answer
from regulars.errors import Problem
from regulars.flows.activity_kinds import Kinds, KindView, list_kinds, put_kind
from regulars.flows.activity_sent import NewActivity, Recorded, Sent, Source
from regulars.flows.activity_views import ActivityRecord, ActivityView
from regulars.flows.close_months import ClosedMonth, Month, close_month
from regulars.flows.list_activity import ActivityPage, activities_of, read_activity, waiting_activities
from regulars.flows.record_activity import record_activities, record_activity
from regulars.flows.review_activity import Decision, review_activity
from regulars.purchases.activity import ActivityKind
from regulars.web.endpoints import Call, Endpoints, Reply, idempotent_reply
from regulars.web.problems import problem_document

calls = Endpoints("activity")
SENDS = "till issuer manage"
BATCH_MAX = 1000


class MemberActivity(NewActivity, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An activity of a batch."""

    member: Annotated[str, Meta(max_length=64)]


class ActivityBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Activities of many members."""

    activities: Annotated[tuple[msgspec.Raw, ...], Meta(min_length=1, max_length=BATCH_MAX)]
    """Each a body of `POST /v1/members/{id}/events` with its `member`."""


class ActivityItem(Struct, frozen=True):
    """What became of one activity of a batch: its status, and the answer or the problem."""

    request: str | None
    status: int
    answer: ActivityView | None = None
    problem: dict[str, Any] | None = None
    replayed: bool = False


class ActivityItems(Struct, frozen=True):
    """One item for each activity, in their order."""

    items: tuple[ActivityItem, ...]


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class WaitingQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of those that wait."""

    flagged: Literal["true"] = "true"
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls("GET", "/v1/activity-kinds", scopes="till issuer manage read", answer=Kinds, items_by="code")
async def kinds(call: Call[Any, Any]) -> Kinds:
    """The kinds of activity that the program has declared, as they count now, by code."""
    return await list_kinds(call.database, call.caller.program)


@calls("PUT", "/v1/activity-kinds/{code}", scopes="manage", body=ActivityKind, answer=KindView)
async def put(call: Call[ActivityKind, Any]) -> KindView:
    """Declare a kind of activity, or change it by a new revision; the same document again changes nothing.

    It counts for what is recorded from now on. A month that is still open is closed by the rules as they are then. What
    contradicts itself is `422 contradictory_configuration`, with a sentence for each place. A kind is stopped with
    `stopped`, never deleted.
    """
    code, by = call.path["code"], call.caller.by
    return await put_kind(call.database, call.caller.program, code, call.body, by, await call.now())


@calls(
    "POST",
    "/v1/activity-kinds/{code}/close",
    scopes="manage",
    body=Month,
    answer=ClosedMonth,
    idempotent=False,
)
async def close(call: Call[Month, Any]) -> ClosedMonth:
    """Close a month of a kind that earns monthly, as the job does by itself: each member gets what it came to.

    Closed again nothing changes, and the answer is the same; it needs no Idempotency-Key. `409 state_conflict` for a
    month that is not over yet.
    """
    code, known = call.path["code"], call.state.known
    return await close_month(call.database, known, call.caller.program, code, call.body, await call.now())


@calls(
    "POST",
    "/v1/members/{id}/events",
    scopes=SENDS,
    body=NewActivity,
    answer=ActivityView,
    status=201,
    idempotent=False,
    heeds_key=True,
)
async def record(call: Call[NewActivity, Any]) -> Reply:
    """Record that the member did something besides buying, of a kind that the program has declared.

    `id` is the source's own and does instead of an Idempotency-Key: the same again gets the first answer, with
    another body it is `409 request_key_reused`; a source is an API key. An Idempotency-Key that is sent too is kept
    to. What it earns is booked in the same transaction, or with the month. Where there is more of it than the
    kind's flood control allows it is kept, flagged, and earns nothing until somebody accepts it. `corrects` names
    an earlier activity of the same source that is taken back: in whole, or by the difference that `data` gives;
    points come back by the same rule, and what is not there becomes a debt.
    """
    sent = _sent(call, ids.read("mem", call.path["id"], "/id"), call.body)
    request = await call.request() if call.key else None
    recorded = await record_activity(
        call.database, call.state.known, call.caller.program, _source(call), sent, await call.now(), request
    )
    return idempotent_reply(recorded.view, 201, recorded.replayed)


@calls(
    "POST",
    "/v1/activities/batch",
    scopes=SENDS,
    body=ActivityBatch,
    answer=ActivityItems,
    idempotent=False,
)
async def record_batch(call: Call[ActivityBatch, Any]) -> ActivityItems:
    """Record up to 1,000 activities; each is answered by itself, and a bad one does not spoil the others.

    A hundred are one transaction. They follow one another in their order.
    """
    items: list[ActivityItem | None] = []
    sent: list[Sent] = []
    places: list[int] = []
    for raw in call.body.activities:
        try:
            one = call.decode(bytes(raw), MemberActivity)
            read = _sent(call, ids.read("mem", one.member, "/member"), one)
        except Problem as problem:
            value = msgspec.json.decode(raw)
            name = value.get("id") if isinstance(value, dict) else None
            items.append(_failed(name if isinstance(name, str) else None, problem))
            continue
        places.append(len(items))
        items.append(None)
        sent.append(read)
    answers = await record_activities(
        call.database, call.state.known, call.caller.program, _source(call), sent, await call.now()
    )
    for place, one, result in zip(places, sent, answers, strict=True):
        items[place] = (
            ActivityItem(one.new.id, 201, answer=result.view, replayed=result.replayed)
            if isinstance(result, Recorded)
            else _failed(one.new.id, result)
        )
    return ActivityItems(tuple(item for item in items if item is not None))


@calls("GET", "/v1/members/{id}/events", scopes="issuer manage read", query=PageQuery, answer=ActivityPage)
async def of_member(call: Call[Any, PageQuery]) -> ActivityPage:
    """What the member did besides buying, and whoever was merged into her, the latest recorded first."""
    member = ids.read("mem", call.path["id"], "/id")
    vault = (await call.known()).vault
    return await activities_of(call.database, vault, member, _cursor(call), call.query.limit)


@calls("GET", "/v1/activities", scopes="manage read", query=WaitingQuery, answer=ActivityPage)
async def waiting(call: Call[Any, WaitingQuery]) -> ActivityPage:
    """What was flagged and waits for a decision, the longest first."""
    vault = (await call.known()).vault
    return await waiting_activities(call.database, vault, _cursor(call), call.query.limit)


@calls("GET", "/v1/activities/{id}", scopes="issuer manage read", answer=ActivityRecord)
async def show(call: Call[Any, Any]) -> ActivityRecord:
    """An activity with all that is known of it."""
    return await read_activity(call.database, (await call.known()).vault, _activity(call))


@calls(
    "POST", "/v1/activities/{id}/review", scopes="manage", body=Decision, answer=ActivityView, idempotent=True
)
async def review(call: Call[Decision, Any]) -> Answer:
    """Accept or refuse what was flagged, once. Accepted, it earns as of its day, within what its limits have left."""
    by, known = call.caller.by, call.state.known
    return await review_activity(call.database, known, await call.request(), _activity(call), call.body, by)


def _source(call: Call[Any, Any]) -> Source:
    return Source(ids.show("key", call.caller.key), call.caller.by, call.caller.partner)


def _sent(call: Call[Any, Any], member: UUID, new: NewActivity) -> Sent:
    """The same activity has the same digest, alone or in a batch."""
    body = {name: value for name, value in msgspec.to_builtins(new).items() if name != "member"}
    secret = call.state.settings.secret
    return Sent(member, new, requests.secret_digest(secret, f"activity {member}", body))


def _activity(call: Call[Any, Any]) -> UUID:
    return ids.read("act", call.path["id"], "/id")


def _cursor(call: Call[Any, Any]) -> UUID | None:
    return ids.read("act", call.query.cursor, "?cursor") if call.query.cursor else None


def _failed(request: str | None, problem: Problem) -> ActivityItem:
    return ActivityItem(request, problem.status, problem=problem_document(problem))
