"""Makes events of what happened since the last time, and lets them wait for the subscribers who want them.

Facts are found by the numbers of their transactions, below the oldest one that is still open: nothing can appear
behind the cursor later (as in `flows.seal_ledger`). What is no fact was noted in the outbox. Never in the path of a
purchase; one transaction, which moves the cursor and enters the deliveries.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import outbox, queries
from regulars.db.pool import Database, Transaction, fetch_one
from regulars.flows import told_facts
from regulars.flows.told_facts import Places, Span
from regulars.programs import deliveries, events, reading, webhooks
from regulars.programs.events import Event
from regulars.programs.webhooks import Subscription

SQL = queries.load("regulars.flows", "tell_events.sql")
RUN_FACTS_MAX = 2000
"""A run ends with a transaction, so it may tell a few more."""
IDLE_TRANSACTIONS_MAX = 1000
"""How far the cursor may stay behind while nothing happens, rather than be written every two seconds."""


class Told(Struct, frozen=True):
    """What a run entered, and whether there is more to tell."""

    deliveries: int = 0
    more: bool = False


async def tell_events(database: Database, program: UUID, at: datetime) -> int:
    """Enter everything that can be told; how many deliveries that makes. `at`: the world's time."""
    total = 0
    while True:
        told = await _tell_some(database, program, at)
        total += told.deliveries
        if not told.more:
            return total


async def _tell_some(database: Database, program: UUID, at: datetime) -> Told:
    async with database.transaction(program, analytical=True) as tx:
        subscriptions = await webhooks.every(tx, program)
        if not subscriptions or not await _try_lock(tx, program):
            return Told()
        span, more = await _span(tx, program)
        if span is None:
            return Told()
        found = await _happened(tx, span, subscriptions)
        told = [(event, deliveries.subscribers(event, subscriptions)) for event in found]
        told = [(event, whom) for event, whom in told if whom]
        count = await deliveries.enter(tx, program, told, at) if told else 0
        if not span.empty or span.until - span.start > IDLE_TRANSACTIONS_MAX:
            await webhooks.advance(tx, program, span.until)
    return Told(count, more)


async def _happened(tx: Transaction, span: Span, subscriptions: Sequence[Subscription]) -> list[Event]:
    """Everything of the span, in the order of the transactions; within one, in that of the acts."""
    notes = await outbox.take(tx, span.program, span.until)
    if span.empty and not notes:
        return []
    places = Places.of(await reading.load(tx, span.program))
    vouchers = any(_wants_vouchers(subscription) for subscription in subscriptions)
    facts = [] if span.empty else await told_facts.read(tx, places, span, vouchers=vouchers)
    return sorted([*[_of_note(one, places) for one in notes], *facts], key=_order)


def _of_note(noted: outbox.Noted, places: Places) -> Event:
    note = noted.note
    shape, _ = events.TYPES[note.type]
    data, store = note.data, None
    if data.get("store"):
        store = ids.read("sto", data["store"])
        data = {**data, "store": places.store(store)}
    return Event(
        events.event_id(noted.id, note.type, subject=note.subject),
        note.type,
        note.subject,
        note.member,
        note.at,
        msgspec.json.encode(msgspec.convert(data, shape)),
        noted.xid,
        store,
        places.partner_of.get(store) if store else None,
    )


_PLACE = {kind: place for place, kind in enumerate(events.TYPES)}


def _order(event: Event) -> tuple[int, int, int]:
    # The first 48 bits of an event's id are the time of its fact, in milliseconds.
    return event.xid, event.id.int >> 80, _PLACE[event.type]


def _wants_vouchers(subscription: Subscription) -> bool:
    return any(events.takes(pattern, kind) for pattern in subscription.events for kind in told_facts.VOUCHERS)


async def _span(tx: Transaction, program: UUID) -> tuple[Span | None, bool]:
    """What is to be told now; None where nothing has ended since. And whether there is more behind it."""
    start, sealed = await webhooks.cursor(tx, program)
    row = await fetch_one(tx, SQL.horizon)
    assert row is not None
    (horizon,) = row
    if horizon < start:
        await webhooks.restart(tx, program, horizon)
        return None, False
    if horizon == start:
        return None, False
    asked = {"program": program, "from": start, "until": horizon, "most": RUN_FACTS_MAX}
    row = await fetch_one(tx, SQL.cut, asked)
    assert row is not None
    cut, count = row
    more = count == RUN_FACTS_MAX and cut < horizon
    return Span(program, start, cut if more else horizon, sealed, empty=count == 0), more


async def _try_lock(tx: Transaction, program: UUID) -> bool:
    row = await fetch_one(tx, SQL.try_lock, (program,))
    return bool(row and row[0])
