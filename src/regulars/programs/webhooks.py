"""Keeps webhook subscriptions: where events are sent, which ones, by which secret, and how far they were told.

A secret is not stored: it follows from the installation's secret, the subscription and its generation.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.arrays import texts, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs import events
from regulars.programs.events import Event

SQL = queries.load("regulars.programs", "webhooks.sql")
BOTH_SECRETS = timedelta(hours=24)
"""How long the secret before signs beside the new one."""
SECRET_BYTES = 32
Why = Literal["by_hand", "failing", "gone"]


class Subscription(Struct, frozen=True):
    """Where events are sent, and which."""

    id: UUID
    address: str
    description: str
    events: tuple[str, ...]
    """Patterns: `*`, `purchase.*`, or a type."""
    stores: tuple[UUID, ...]
    """Only what happened there; none: everywhere."""
    partners: tuple[UUID, ...]
    generation: int
    previous_until: datetime | None
    enabled: bool
    disabled_why: Why | None
    failing_since: datetime | None
    """Since when it has not accepted anything."""
    last_failure: str
    xid: int
    """It is told of what transactions after this one did."""
    created_at: datetime

    def wants(self, event: Event) -> bool:
        """Whether this event is sent to it."""
        if self.stores and event.store not in self.stores:
            return False
        if self.partners and event.partner not in self.partners:
            return False
        return event.xid > self.xid and events.wanted(self.events, event.type)


def secret_of(secret: bytes, program: UUID, subscription: UUID, generation: int) -> str:
    """`whsec_` and 32 bytes in base64, from the installation's secret: nothing of it is stored."""
    text = b"regulars webhook\n" + program.bytes + subscription.bytes + generation.to_bytes(4, "big")
    whole = hmac.digest(secret, text, hashlib.sha256)
    return f"whsec_{base64.b64encode(whole[:SECRET_BYTES]).decode()}"


def secrets_of(secret: bytes, program: UUID, subscription: Subscription, at: datetime) -> list[str]:
    """Those that sign now: the present one, and for a day after a rotation the one before."""
    generations = [subscription.generation]
    if subscription.previous_until is not None and at < subscription.previous_until:
        generations.append(subscription.generation - 1)
    return [secret_of(secret, program, subscription.id, generation) for generation in generations]


async def add(
    tx: Transaction,
    program: UUID,
    identifier: UUID,
    address: str,
    patterns: Sequence[str],
    *,
    description: str,
    stores: Sequence[UUID],
    partners: Sequence[UUID],
    by: str,
    at: datetime,
) -> None:
    """Enter a subscription: it is told of what happens after this transaction began."""
    await tx.execute(SQL.begin_cursor, (program,))
    row = (program, identifier, address, description, texts(patterns), uuids(stores), uuids(partners), at, by)
    await tx.execute(SQL.add, row)


async def change(
    tx: Transaction,
    program: UUID,
    identifier: UUID,
    *,
    address: str | None = None,
    description: str | None = None,
    patterns: Sequence[str] | None = None,
    stores: Sequence[UUID] | None = None,
    partners: Sequence[UUID] | None = None,
    enabled: bool | None = None,
) -> bool:
    """Change what is given. False where there is no such subscription."""
    columns = {
        "program": program,
        "id": identifier,
        "address": address,
        "description": description,
        "events": None if patterns is None else texts(patterns),
        "stores": None if stores is None else uuids(stores),
        "partners": None if partners is None else uuids(partners),
        "enabled": enabled,
    }
    return await fetch_one(tx, SQL.change, columns) is not None


async def rotate(tx: Transaction, program: UUID, identifier: UUID, at: datetime) -> bool:
    """Give it a new secret; the one before signs too, for a day. False where there is no such subscription."""
    return await fetch_one(tx, SQL.rotate, (at + BOTH_SECRETS, program, identifier)) is not None


async def remove(tx: Transaction, program: UUID, identifier: UUID, at: datetime) -> bool:
    """End it. False where there is no such subscription."""
    return await fetch_one(tx, SQL.remove, (at, program, identifier)) is not None


async def find(tx: Transaction, program: UUID, identifier: UUID) -> Subscription | None:
    """One subscription."""
    row = await fetch_one(tx, SQL.find, (program, identifier))
    return _subscription(row) if row else None


async def every(tx: Transaction, program: UUID) -> list[Subscription]:
    """All subscriptions, in the order they were made."""
    return [_subscription(row) for row in await fetch_all(tx, SQL.all, (program,))]


async def answered(tx: Transaction, program: UUID, identifier: UUID, at: datetime) -> bool:
    """It accepted something. True where it had accepted nothing for five minutes and more."""
    row = await fetch_one(tx, SQL.answered, {"program": program, "id": identifier, "at": at})
    return bool(row and row[0])


async def failed(tx: Transaction, program: UUID, identifier: UUID, failure: str, at: datetime) -> datetime:
    """It did not accept something. Since when it has accepted nothing."""
    columns = {"program": program, "id": identifier, "at": at, "failure": failure}
    row = await fetch_one(tx, SQL.failed, columns)
    return row[0] if row else at


async def disable(tx: Transaction, program: UUID, identifier: UUID, why: Why) -> bool:
    """Send it nothing any more; its events wait. False where it was so before."""
    return await fetch_one(tx, SQL.disable, (why, program, identifier)) is not None


async def cursor(tx: Transaction, program: UUID) -> tuple[int, int]:
    """The number of the transaction up to which facts were told, and the block that older facts are in."""
    row = await fetch_one(tx, SQL.cursor, (program,))
    assert row is not None, "the first subscription begins it"
    return row[0], row[1]


async def advance(tx: Transaction, program: UUID, xid: int) -> None:
    """Note that what transactions below this number did has been told."""
    await tx.execute(SQL.advance, (xid, program))


async def restart(tx: Transaction, program: UUID, xid: int) -> None:
    """Begin at a lower number: the database was restored from a dump."""
    await tx.execute(SQL.restart_cursor, {"program": program, "xid": xid})
    await tx.execute(SQL.hear_everything, (program,))


async def forget(tx: Transaction, program: UUID, before: datetime) -> None:
    """Forget the subscriptions that were ended long ago."""
    await tx.execute(SQL.forget_removed, (program, before))


def _subscription(row: Sequence) -> Subscription:
    identifier, address, description, patterns, stores, partners, *rest = row
    return Subscription(
        identifier, address, description, tuple(patterns), tuple(stores), tuple(partners), *rest
    )
