"""Keeps events on their way to subscribers: each once per subscriber, in order per member, until it is accepted.

A *lane* is what one subscriber hears of one subject. Its first waiting event holds back the later ones of the lane,
and nothing else; a lane is taken by one sender at a time, and given back with what became of the event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs.events import VERSION, Event
from regulars.programs.webhooks import Subscription

SQL = queries.load("regulars.programs", "deliveries.sql")
State = Literal["waiting", "delivered", "dead"]
SENDING = timedelta(seconds=60)
"""How long a sender has; far more than its own time limits."""
ANSWER_CHARACTERS_MAX = 4096
COUNTED_MAX = 1000
REPLAYED_MAX = 10_000


class Parcel(Struct, frozen=True):
    """An event that is to be sent to one subscriber now, by whoever took its lane."""

    subscription: UUID
    subject: UUID
    turn: int
    delivery: UUID
    event: UUID
    sequence: int
    attempts: int
    """How often it was tried before, since it waits."""
    type: str
    version: int
    member: UUID | None
    occurred_at: datetime
    data: bytes


class Attempt(Struct, frozen=True):
    """What became of an attempt. No `status`: there was no answer."""

    at: datetime
    milliseconds: int
    status: int | None = None
    answer: str = ""
    failure: str = ""
    """Why it counts as failed; empty: it was accepted."""
    not_before: datetime | None = None
    """Until when it asked to be left alone."""


class Delivery(Struct, frozen=True):
    """An event's way to one subscriber, as the log shows it."""

    id: UUID
    subscription: UUID
    home: int
    event: UUID
    subject: UUID
    sequence: int
    state: State
    sent: int
    tried_at: datetime | None
    answered_in: int | None
    status: int | None
    answer: str
    failure: str
    created_at: datetime
    finished_at: datetime | None
    type: str
    version: int
    member: UUID | None
    occurred_at: datetime
    data: bytes
    due_at: datetime | None
    """When its lane is due."""


async def enter(
    tx: Transaction, program: UUID, told: Sequence[tuple[Event, Sequence[UUID]]], at: datetime
) -> int:
    """Let the events wait for these subscriptions, in this order; how many deliveries that makes.

    An event that was entered before is left out.
    """
    events = [event for event, _ in told]
    new = await _enter_events(tx, program, events)
    wanted = [
        (event, subscription)
        for event, subscribers in told
        if event.id in new
        for subscription in subscribers
    ]
    if not wanted:
        return 0
    more = Counter((subscription, event.subject) for event, subscription in wanted)
    lanes = sorted(more)
    columns = {
        "program": program,
        "at": at,
        "homes": arrays.int2s([ids.home(subject) for _, subject in lanes]),
        "subscriptions": arrays.uuids([subscription for subscription, _ in lanes]),
        "subjects": arrays.uuids([subject for _, subject in lanes]),
        "more": arrays.int8s([more[lane] for lane in lanes]),
    }
    rows = await fetch_all(tx, SQL.lengthen_lanes, columns)
    given = {
        (subscription, subject): last - more[subscription, subject] for subscription, subject, last in rows
    }
    sequences = []
    for event, subscription in wanted:
        given[subscription, event.subject] += 1
        sequences.append(given[subscription, event.subject])
    homes = [ids.home(event.subject) for event, _ in wanted]
    entered = {
        "program": program,
        "at": at,
        "homes": arrays.int2s(homes),
        "subscriptions": arrays.uuids([subscription for _, subscription in wanted]),
        "events": arrays.uuids([event.id for event, _ in wanted]),
        "ids": arrays.uuids([ids.new(home) for home in homes]),
        "subjects": arrays.uuids([event.subject for event, _ in wanted]),
        "sequences": arrays.int8s(sequences),
    }
    await tx.execute(SQL.enter_deliveries, entered)
    return len(wanted)


async def take(tx: Transaction, program: UUID, subscription: UUID, at: datetime, most: int) -> list[Parcel]:
    """Take lanes that are due, and of each the first event that waits; for a minute nobody else gets them."""
    key = {"program": program, "subscription": subscription}
    lanes = await fetch_all(tx, SQL.take_lanes, {**key, "at": at, "until": at + SENDING, "most": most})
    if not lanes:
        return []
    columns = {
        "homes": arrays.int2s([ids.home(subject) for subject, _, _ in lanes]),
        "subjects": arrays.uuids([subject for subject, _, _ in lanes]),
        "heads": arrays.int8s([head for _, head, _ in lanes]),
    }
    turns = {subject: turn for subject, _, turn in lanes}
    rows = await fetch_all(tx, SQL.first_waiting, {**key, **columns})
    found = [Parcel(subscription, subject, turns.pop(subject), *rest) for subject, *rest in rows]
    for subject, turn in turns.items():  # what waited there was forgotten meanwhile
        lane = {**key, "home": ids.home(subject), "subject": subject}
        locked = await fetch_one(tx, SQL.lock_lane, {**lane, "turn": turn})
        assert locked is not None, "this transaction took it"
        await tx.execute(SQL.leave_lane, {**lane, "head": locked[1] + 1, "due_at": None})
    return found


async def tried(
    tx: Transaction, program: UUID, parcel: Parcel, attempt: Attempt, retry_at: datetime | None
) -> bool:
    """Note what became of an attempt, and give the lane back. Failed without a `retry_at`: it is given up.

    False where somebody else took the lane meanwhile, who will say what became of it.
    """
    lane = {
        "program": program,
        "home": ids.home(parcel.subject),
        "subscription": parcel.subscription,
        "subject": parcel.subject,
    }
    locked = await fetch_one(tx, SQL.lock_lane, {**lane, "turn": parcel.turn})
    if locked is None:
        return False
    head, last = locked
    state: State = "delivered" if not attempt.failure else "waiting" if retry_at else "dead"
    noted = {
        "state": state, "delivery": parcel.delivery, "at": attempt.at, "answered_in": attempt.milliseconds,
        "status": attempt.status, "answer": attempt.answer[:ANSWER_CHARACTERS_MAX], "failure": attempt.failure,
    }  # fmt: skip
    await tx.execute(SQL.tried, {**lane, **noted})
    row = await fetch_one(tx, SQL.next_waiting, {**lane, "head": head})
    first = row[0] if row else None
    due_at = None if first is None else retry_at if first == parcel.sequence else attempt.at
    await tx.execute(SQL.leave_lane, {**lane, "head": first or last + 1, "due_at": due_at})
    return True


async def wake(tx: Transaction, program: UUID, subscription: UUID, at: datetime) -> None:
    """Let what waits for another attempt be due now."""
    await tx.execute(SQL.wake, {"program": program, "subscription": subscription, "at": at})


async def find(tx: Transaction, program: UUID, delivery: UUID) -> Delivery | None:
    """One delivery; None also where its event was forgotten."""
    row = await fetch_one(tx, SQL.by_id, (program, ids.home(delivery), delivery))
    return Delivery(*row) if row else None


async def page(
    tx: Transaction,
    program: UUID,
    subscription: UUID,
    *,
    before: UUID | None,
    limit: int,
    state: str | None = None,
    kind: str | None = None,
    member: UUID | None = None,
) -> list[Delivery]:
    """Deliveries to one subscriber, the newest first."""
    asked: dict[str, Any] = {
        "program": program, "subscription": subscription, "before": before, "limit": limit, "state": state,
        "type": kind, "member": member,
    }  # fmt: skip
    return [Delivery(*row) for row in await fetch_all(tx, SQL.page, asked)]


async def replay(tx: Transaction, program: UUID, delivery: UUID, at: datetime) -> bool:
    """Let a delivery be due now, before the later ones of its lane. False where there is no such delivery."""
    key = {"program": program, "home": ids.home(delivery), "id": delivery}
    return await fetch_one(tx, SQL.replay_one, {**key, "at": at}) is not None


async def replay_between(
    tx: Transaction, program: UUID, subscription: UUID, first: datetime, last: datetime, at: datetime
) -> int:
    """Let wait once more what was entered from one instant to another, at most REPLAYED_MAX; how many there are."""
    asked = {
        "program": program,
        "subscription": subscription,
        "first": since(first),
        "last": since(last),
        "most": REPLAYED_MAX,
        "at": at,
    }
    row = await fetch_one(tx, SQL.replay_range, asked)
    assert row is not None
    return row[0]


async def counts(tx: Transaction, program: UUID, subscription: UUID) -> tuple[int, int]:
    """How many lanes wait and how many deliveries were given up; at most COUNTED_MAX are counted."""
    row = await fetch_one(
        tx, SQL.counts, {"program": program, "subscription": subscription, "most": COUNTED_MAX}
    )
    assert row is not None
    return row[0], row[1]


async def forget(tx: Transaction, program: UUID, before: datetime) -> int:
    """Forget the deliveries and events of before an instant; how many deliveries there were."""
    await tx.execute(SQL.forget_lanes, (program, before))
    count = (await tx.execute(SQL.forget_deliveries, (program, since(before)))).rowcount
    await tx.execute(SQL.forget_events, (program, since(before)))
    return count


def since(instant: datetime) -> UUID:
    """The least id that can have been made at an instant or later."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)


async def _enter_events(tx: Transaction, program: UUID, events: Sequence[Event]) -> set[UUID]:
    columns = {
        "program": program,
        "version": VERSION,
        "homes": arrays.int2s([ids.home(event.subject) for event in events]),
        "ids": arrays.uuids([event.id for event in events]),
        "types": arrays.texts([event.type for event in events]),
        "subjects": arrays.uuids([event.subject for event in events]),
        "members": arrays.uuids([event.member for event in events]),
        "instants": arrays.instants([event.occurred_at for event in events]),
        "documents": arrays.byteas([event.data for event in events]),
    }
    return {row[0] for row in await fetch_all(tx, SQL.enter_events, columns)}


def subscribers(event: Event, subscriptions: Sequence[Subscription]) -> list[UUID]:
    """Who is told of an event."""
    return [subscription.id for subscription in subscriptions if subscription.wants(event)]
