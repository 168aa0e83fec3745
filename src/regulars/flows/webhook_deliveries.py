"""What is on its way to subscribers: taken by senders, noted when it was tried, listed, and sent once more."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, structs

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound
from regulars.flows.webhooks import missing
from regulars.programs import deliveries, events, reading, webhooks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.deliveries import Attempt, Delivery, Parcel, State
from regulars.programs.events import Event, EventBody
from regulars.programs.settings import ProgramSettings
from regulars.programs.webhooks import Subscription, Why

GONE = 410
JITTER = 0.2
"""A wait is longer by up to this share, so that what failed together does not come again together."""


class DeliveryView(Struct, frozen=True):
    """An event's way to one subscriber: what is sent, what it answered, and when the next attempt is."""

    id: str
    webhook: str
    event: str
    type: str
    member: str | None
    sequence: int
    state: State
    """`waiting` (perhaps for an earlier event of the member), `delivered`, or `dead`: given up."""
    attempts: int
    created_at: datetime
    tried_at: datetime | None
    next_at: datetime | None
    """When the first event that waits for this member is tried."""
    status: int | None
    milliseconds: int | None
    answer: str
    """What the subscriber answered, the first 4 kB."""
    failure: str
    body: Any
    """What is sent."""


class DeliveryPage(Struct, frozen=True):
    """A page of deliveries, the newest first."""

    items: tuple[DeliveryView, ...]
    next: str | None


class DeliveriesAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which deliveries."""

    state: Literal["waiting", "delivered", "dead"] | None = None
    event: Annotated[str, Meta(max_length=60, pattern=r"^[a-z.]*$(?!\n)")] | None = None
    """A type, as `purchase.recorded`."""
    member: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None


class Between(Struct, frozen=True, forbid_unknown_fields=True):
    """From one instant to another, the latter not among them: when the events were first to be sent."""

    since: Annotated[datetime, Meta(tz=True)] = msgspec.field(name="from")
    until: Annotated[datetime, Meta(tz=True)] = msgspec.field(name="to")


class Replayed(Struct, frozen=True):
    """How many deliveries wait once more; at most 10,000 at a time."""

    replayed: int


async def listening(database: Database, program: UUID) -> list[Subscription]:
    """The subscriptions of a program."""
    async with database.transaction(program) as tx:
        return await webhooks.every(tx, program)


async def traffic(database: Database, program: UUID, subscription: UUID) -> tuple[int, int]:
    """For how many members something waits, and how many events were given up; no more than a thousand are counted."""
    async with database.transaction(program) as tx:
        return await deliveries.counts(tx, program, subscription)


async def take_parcels(
    database: Database, program: UUID, subscription: UUID, at: datetime, most: int
) -> list[Parcel]:
    """What is to be sent to one subscriber now; nobody else gets it for a minute."""
    return await database.run(program, lambda tx: deliveries.take(tx, program, subscription, at, most))


async def note_attempt(database: Database, program: UUID, parcel: Parcel, attempt: Attempt) -> Why | None:
    """Note what became of an attempt; why the subscriber is sent nothing any more, if that is what follows."""

    async def work(tx: Transaction) -> Why | None:
        if not attempt.failure:
            await deliveries.tried(tx, program, parcel, attempt, None)
            if await webhooks.answered(tx, program, parcel.subscription, attempt.at):
                await deliveries.wake(tx, program, parcel.subscription, attempt.at)
            return None
        settings = (await reading.load(tx, program)).settings
        retry_at = next_attempt(settings, parcel.attempts + 1, attempt.at, attempt.not_before)
        await deliveries.tried(tx, program, parcel, attempt, retry_at)
        since = await webhooks.failed(tx, program, parcel.subscription, attempt.failure, attempt.at)
        silent = attempt.at - since >= timedelta(days=settings.webhook_silent_days)
        why: Why | None = "gone" if attempt.status == GONE else "failing" if silent else None
        if why is None or not await webhooks.disable(tx, program, parcel.subscription, why):
            return None
        told = Change("webhook.disabled", ids.show("whs", parcel.subscription), why=why)
        await trail.record(tx, program, told)
        return why

    return await database.run(program, work)


def next_attempt(
    settings: ProgramSettings, attempts: int, at: datetime, not_before: datetime | None = None
) -> datetime | None:
    """When to try again what failed so many times; None: it is given up.

    `not_before`: what the subscriber asked for. It may wait longer, not come sooner: else its attempts were soon spent.
    """
    waits = settings.webhook_retry_seconds
    if attempts > len(waits):
        return None
    when = at + timedelta(seconds=waits[attempts - 1] * (1 + JITTER * random.random()))  # noqa: S311
    return max(when, not_before) if not_before else when


async def list_deliveries(
    database: Database, program: UUID, subscription: UUID, asked: DeliveriesAsked
) -> DeliveryPage:
    """A page of what was sent, or is to be, to one subscriber. Raises NotFound, WrongIdKind."""
    before = ids.read("whd", asked.cursor, "?cursor") if asked.cursor else None
    member = ids.read("mem", asked.member, "/member") if asked.member else None
    async with database.transaction(program) as tx:
        if await webhooks.find(tx, program, subscription) is None:
            raise missing()
        found = await deliveries.page(
            tx, program, subscription,
            before=before, limit=asked.limit + 1, state=asked.state, kind=asked.event, member=member,
        )  # fmt: skip
    items = tuple(delivery_view(program, one) for one in found[: asked.limit])
    return DeliveryPage(items, items[-1].id if len(found) > asked.limit else None)


async def read_delivery(database: Database, program: UUID, delivery: UUID) -> DeliveryView:
    """One delivery. Raises NotFound."""
    async with database.transaction(program) as tx:
        return delivery_view(program, await _found(tx, program, delivery))


async def replay_delivery(database: Database, request: Request, delivery: UUID, *, at: datetime) -> Answer:
    """Let a delivery be sent now: with the same id and body, before the later ones of its member. Raises NotFound."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        if not await deliveries.replay(tx, request.program, delivery, at):
            raise _no_delivery()
        change = Change("webhook.replayed", ids.show("whd", delivery))
        await trail.record(tx, request.program, change, request.at)
        return await _kept(tx, request, await _found(tx, request.program, delivery))

    return await database.run(request.program, work)


async def replay_between(
    database: Database, request: Request, subscription: UUID, between: Between, *, at: datetime
) -> Answer:
    """Let everything of a time be sent once more. Raises NotFound, InvalidValue."""
    if between.until <= between.since:
        raise InvalidValue("/to", "lies before the beginning")
    if between.since.year < 2000 or between.until.year > 9000:
        raise InvalidValue("/from", "is no time of events")

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        if await webhooks.find(tx, request.program, subscription) is None:
            raise missing()
        count = await deliveries.replay_between(
            tx, request.program, subscription, between.since, between.until, at
        )
        what = {"since": between.since, "until": between.until, "deliveries": count}
        change = Change("webhook.replayed", ids.show("whs", subscription), after=what)
        await trail.record(tx, request.program, change, request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(Replayed(count)))

    return await database.run(request.program, work)


async def send_test(database: Database, request: Request, subscription: UUID, *, at: datetime) -> Answer:
    """Let a `webhook.test` wait for a subscriber; the answer shows its delivery. Raises NotFound."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        if await webhooks.find(tx, request.program, subscription) is None:
            raise missing()
        event = Event(ids.new(ids.home(subscription)), events.TEST, subscription, None, request.at, b"{}", 0)
        await deliveries.enter(tx, request.program, [(event, [subscription])], at)
        (found,) = await deliveries.page(
            tx, request.program, subscription, before=None, limit=1, kind=events.TEST
        )
        return await _kept(tx, request, found)

    return await database.run(request.program, work)


async def prune_webhooks(database: Database, program: UUID, at: datetime) -> int:
    """Forget what is older than the program keeps it; how many deliveries there were. `at`: the world's time."""

    async def work(tx: Transaction) -> int:
        settings = (await reading.load(tx, program)).settings
        before = at - timedelta(days=settings.webhook_keep_days)
        count = await deliveries.forget(tx, program, before)
        await webhooks.forget(tx, program, before)
        return count

    return await database.run(program, work)


def body_of(program: UUID, event: Parcel | Delivery) -> bytes:
    """What is sent: the same however often."""
    identifier = event.event
    return msgspec.json.encode(
        EventBody(
            id=ids.show("evt", identifier),
            type=event.type,
            version=event.version,
            timestamp=event.occurred_at,
            program=ids.show("prg", program),
            member=ids.show("mem", event.member) if event.member else None,
            sequence=event.sequence,
            data=msgspec.Raw(event.data),
        )
    )


def delivery_view(program: UUID, found: Delivery) -> DeliveryView:
    """A delivery as it is answered."""
    return DeliveryView(
        id=ids.show("whd", found.id),
        webhook=ids.show("whs", found.subscription),
        event=ids.show("evt", found.event),
        type=found.type,
        member=ids.show("mem", found.member) if found.member else None,
        sequence=found.sequence,
        state=found.state,
        attempts=found.sent,
        created_at=found.created_at,
        tried_at=found.tried_at,
        next_at=found.due_at if found.state == "waiting" else None,
        status=found.status,
        milliseconds=found.answered_in,
        answer=found.answer,
        failure=found.failure,
        body=msgspec.json.decode(body_of(program, found)),
    )


async def _kept(tx: Transaction, request: Request, found: Delivery) -> Answer:
    """200 with the delivery as it waits; what its subscriber said is not kept a second time."""
    view = structs.replace(delivery_view(request.program, found), answer="")
    return await requests.keep(tx, request, 200, msgspec.json.encode(view))


async def _found(tx: Transaction, program: UUID, delivery: UUID) -> Delivery:
    found = await deliveries.find(tx, program, delivery)
    if found is None:
        raise _no_delivery()
    return found


def _no_delivery() -> NotFound:
    return NotFound("There is no such delivery in this program, or it was forgotten.")
