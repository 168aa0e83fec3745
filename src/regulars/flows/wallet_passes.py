"""Keeps passes in phones' wallets up to date: which phones hold them, which show something new, and who is told.

What a pass shows is looked at on rounds of the worker, and not when a purchase is recorded: that must stay as fast for
a program whose members carry passes as for one without.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, StateConflict
from regulars.flows.grace import open_pages
from regulars.flows.messages import queue_message
from regulars.members import passes, reading
from regulars.members.passes import Watched
from regulars.messages.model import Message
from regulars.programs.model import Program

AT_ONCE = 100
"""Passes that are looked at in one transaction."""
EVERY = timedelta(minutes=5)
PURPOSE = "pass push"
NOTHING = "{}"
"""What is sent to a phone: that there is something new, and nothing of it."""


class Changed(Struct, frozen=True):
    """The passes of a phone that show something new, and the instant from which it asks the next time."""

    cards: tuple[UUID, ...]
    until: datetime | None


async def register_phone(
    database: Database, program: Program, secret: bytes, card: UUID, name: str, push: str, at: datetime
) -> bool:
    """A phone holds a card's pass from now on; whether that is new. Raises NotFound, StateConflict for too many."""
    device = passes.device_of(secret, program.id, name)

    async def work(tx: Transaction) -> bool:
        if await reading.card_by_id(tx, program.id, card) is None:
            raise NotFound("There is no such card.")
        new = await passes.register(tx, program.id, secret, card, device, push, at)
        if new is None:
            raise StateConflict(f"At most {passes.PHONES_MAX} phones hold the pass of one card.")
        return new

    return await database.run(program.id, work)


async def unregister_phone(
    database: Database, program: Program, secret: bytes, card: UUID, name: str
) -> bool:
    """A phone threw the pass away. False: it did not hold it."""
    device = passes.device_of(secret, program.id, name)
    return await database.run(program.id, lambda tx: passes.unregister(tx, program.id, card, device))


async def changed_passes(
    database: Database, program: Program, secret: bytes, name: str, since: datetime
) -> Changed:
    """Which of a phone's passes show something new since an instant."""
    device = passes.device_of(secret, program.id, name)
    async with database.transaction(program.id) as tx:
        found = await passes.changed(tx, program.id, device, since)
    return Changed(tuple(card for card, _ in found), found[-1][1] if found else None)


async def pass_changed_at(database: Database, program: UUID, card: UUID) -> datetime | None:
    """Since when a pass shows what it does; None where no phone holds it."""
    async with database.transaction(program) as tx:
        return await passes.changed_at(tx, program, card)


async def look_at_passes(
    database: Database, program: Program, secret: bytes, topic: str | None, now: datetime, at: datetime
) -> int:
    """Look at the passes that phones hold, and write a message to the phones of those that show something new.

    `topic`: the type of the passes; None where no push can be sent, then phones learn it when they ask. `now` is the
    program's time, by which points are counted, and `at` the world's, in which phones live. How many had changed.
    """
    changed = 0
    before = at - EVERY + timedelta(seconds=30)  # the round comes by the minute, not by the second
    while True:
        looked, new = await database.run(
            program.id, lambda tx: _look(tx, program, secret, topic, now, at, before)
        )
        changed += new
        if looked < AT_ONCE:
            return changed


async def _look(
    tx: Transaction,
    program: Program,
    secret: bytes,
    topic: str | None,
    now: datetime,
    at: datetime,
    before: datetime,
) -> tuple[int, int]:
    due = await passes.due(tx, program.id, before, AT_ONCE)
    if not due:
        return 0, 0
    seen = [Watched(one.card, await _shown(tx, program, one.card, now)) for one in due]
    await passes.looked(tx, program.id, seen, at)
    new = [after.card for was, after in zip(due, seen, strict=True) if was.shown != after.shown]
    if new and topic is not None:
        for phone in await passes.phones(tx, program.id, secret, new):
            if phone.push is not None:
                message = Message("pass", phone.push, NOTHING, topic)
                await queue_message(
                    tx, program.id, secret, message, purpose=PURPOSE, at=now, home=ids.home(phone.card)
                )
    return len(due), len(new)


async def _shown(tx: Transaction, program: Program, card: UUID, now: datetime) -> bytes:
    """A digest of what a pass shows, but for the day of its balance."""
    found = await reading.card_by_id(tx, program.id, card)
    assert found is not None, "a pass refers to its card"
    owner = await reading.member(tx, program.id, found.member) if found.member is not None else None
    pool = owner.pool if owner is not None else found.pool
    points = program.points
    available = 0
    if points is not None:
        available = (await open_pages(tx, program, [pool]))[pool].balance(points.code, now).available
    said = (found.status, available, program.name, program.settings.accent)
    return hashlib.sha256(msgspec.json.encode(said)).digest()
