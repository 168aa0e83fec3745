"""Keeps the devices that sell without the line: what each counted, what was spent under each allowance.

A batch locks its devices before it reads what they did (`ask`), after the pools of its customers; so what one receipt
leaves is what the next one starts from, whoever sends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.purchases.offline.judging import Conflict, Kind, Sold

SQL = queries.load("regulars.purchases.offline")


class Device(Struct, frozen=True):
    """A device as it stands."""

    id: UUID
    store: UUID
    till: str
    name: str
    registered: bool
    made_at: datetime
    seen_at: datetime
    counter: int
    synced_at: datetime | None


class Wanted(Struct, frozen=True):
    """A receipt whose device is asked about, and where it was made."""

    sold: Sold
    store: UUID
    till: str


class Found(Struct, frozen=True):
    """How the devices of a batch stand, under their locks."""

    devices: dict[UUID, tuple[UUID, bool]]
    """Device → its store, and whether somebody registered it."""
    copies: dict[tuple[UUID, int], int]
    """(Device, counter) → receipts that came with it."""
    used: dict[bytes, int]
    """Allowance → points spent under it."""
    risked: dict[tuple[UUID, UUID], int]
    """(Device, snapshot) → what points paid, minor units of base money."""


class Asked(Struct):
    """What was asked; the answers are there once the burst is through."""

    devices: Rows
    copies: Rows
    used: Rows | None
    risked: Rows | None

    async def read(self) -> Found:
        """The answers."""
        return Found(
            {row[0]: (row[1], row[2]) for row in await self.devices.fetchall()},
            {(row[0], row[1]): row[2] for row in await self.copies.fetchall()},
            {bytes(row[0]): row[1] for row in await self.used.fetchall()} if self.used else {},
            {(row[0], row[1]): row[2] for row in await self.risked.fetchall()} if self.risked else {},
        )


class Receipt(Struct, frozen=True):
    """A receipt to be noted, with what did not agree."""

    sold: Sold
    copy: int
    purchase: UUID
    store: UUID
    at: datetime
    """When it was sold."""
    spent: int
    worth: int
    counted: bool
    """False: of a device of another store, whose counters are not touched."""
    conflicts: tuple[Conflict, ...]


async def register(
    tx: Transaction, program: UUID, device: UUID, store: UUID, till: str, name: str, at: datetime
) -> Device:
    """Enter a new device."""
    await tx.execute(SQL.register, (program, device, store, till, name, at, at))
    return Device(device, store, till, name, True, at, at, 0, None)


async def see(tx: Transaction, program: UUID, device: UUID, store: UUID, at: datetime) -> Device | None:
    """Note that a device of this store asked; None: it has no such device."""
    row = await fetch_one(tx, SQL.see, (at, program, device, store))
    return Device(*row) if row else None


async def find(tx: Transaction, program: UUID, device: UUID) -> Device | None:
    """A device."""
    row = await fetch_one(tx, SQL.find, (program, device))
    return Device(*row) if row else None


async def ask(tx: Sender, program: UUID, wanted: Sequence[Wanted], at: datetime) -> Asked:
    """Lock the devices of a batch in their order, and ask how they stand; what nobody registered is entered."""
    places = {one.sold.device: one for one in wanted}
    ordered = [places[device] for device in sorted(places)]
    counters = sorted({(one.sold.device, one.sold.counter) for one in wanted})
    seals = sorted({one.sold.allowance.seal for one in wanted if one.sold.allowance is not None})
    snapshots = sorted({(one.sold.device, s) for one in wanted if (s := one.sold.snapshot) is not None})
    locked = await tx.execute(
        SQL.take,
        (
            program,
            at,
            arrays.uuids([one.sold.device for one in ordered]),
            arrays.uuids([one.store for one in ordered]),
            arrays.texts([one.till for one in ordered]),
        ),
    )
    copies = await tx.execute(SQL.copies, (*_pairs(counters), program))
    used = await tx.execute(SQL.used, (arrays.byteas(seals), program)) if seals else None
    risked = None
    if snapshots:
        columns = (
            arrays.uuids([device for device, _ in snapshots]),
            arrays.uuids([snapshot for _, snapshot in snapshots]),
        )
        risked = await tx.execute(SQL.risked, (*columns, program))
    return Asked(locked, copies, used, risked)


async def note(tx: Sender, program: UUID, receipts: Sequence[Receipt], at: datetime) -> None:
    """Write receipts, their conflicts, and how far their devices have counted. The devices must be locked."""
    counted = [one for one in receipts if one.counted]
    if counted:
        await _note_receipts(tx, program, counted, at)
        highest: dict[UUID, int] = {}
        for one in counted:
            highest[one.sold.device] = max(highest.get(one.sold.device, 0), one.sold.counter)
        await tx.execute(SQL.count_up, (at, *_pairs(sorted(highest.items())), program))
    conflicts = [(one, conflict) for one in receipts for conflict in one.conflicts]
    if conflicts:
        await _note_conflicts(tx, program, conflicts, at)


async def _note_receipts(tx: Sender, program: UUID, receipts: Sequence[Receipt], at: datetime) -> None:
    seals = [one.sold.allowance.seal if one.sold.allowance is not None else None for one in receipts]
    await tx.execute(
        SQL.note_receipts,
        (
            program,
            at,
            *_pairs([(one.sold.device, one.sold.counter) for one in receipts]),
            arrays.int4s([one.copy for one in receipts]),
            arrays.uuids([one.purchase for one in receipts]),
            arrays.uuids([one.store for one in receipts]),
            arrays.uuids([one.sold.snapshot for one in receipts]),
            arrays.byteas(seals),
            arrays.instants([one.sold.made_at for one in receipts]),
            arrays.int8s([one.spent for one in receipts]),
            arrays.int8s([one.worth for one in receipts]),
        ),
    )


async def _note_conflicts(
    tx: Sender, program: UUID, conflicts: Sequence[tuple[Receipt, Conflict]], at: datetime
) -> None:
    await tx.execute(
        SQL.note_conflicts,
        (
            program,
            at,
            arrays.int2s([ids.home(one.purchase) for one, _ in conflicts]),
            arrays.uuids([one.purchase for one, _ in conflicts]),
            arrays.texts([conflict.kind for _, conflict in conflicts]),
            arrays.uuids([ids.new() for _ in conflicts]),
            arrays.uuids([one.store for one, _ in conflicts]),
            *_pairs([(one.sold.device, one.sold.counter) for one, _ in conflicts]),
            arrays.int8s([conflict.amount for _, conflict in conflicts]),
            arrays.int8s([conflict.seconds for _, conflict in conflicts]),
            arrays.instants([one.at for one, _ in conflicts]),
        ),
    )


# what is read of it -------------------------------------------------------------------------------------------


class Counted(Struct, frozen=True):
    """A device with how many of its receipts came, each counter once."""

    device: Device
    receipts: int

    @property
    def missing(self) -> int:
        """Counters below the highest whose receipts did not come."""
        return self.device.counter - self.receipts


class Gap(Struct, frozen=True):
    """Counters that are missing before a receipt."""

    device: UUID
    store: UUID
    counter: int
    """Of the receipt that follows them."""
    before: int
    """The counter before them, 0 at the beginning."""
    purchase: UUID
    made_at: datetime
    recorded_at: datetime


class Noted(Struct, frozen=True):
    """A conflict as it is kept."""

    id: UUID
    kind: Kind
    store: UUID
    device: UUID
    counter: int
    purchase: UUID
    amount: int
    seconds: int
    made_at: datetime
    recorded_at: datetime


class Sum(Struct, frozen=True):
    """Conflicts of a kind at a store: how many, and the minor units that they come to."""

    store: UUID
    kind: Kind
    count: int
    amount: int


async def of_stores(
    tx: Transaction, program: UUID, stores: Iterable[UUID], after: UUID, limit: int
) -> list[Counted]:
    """Devices of stores by id, those after one."""
    rows = await fetch_all(
        tx, SQL.devices_of_stores, (arrays.uuids(list(stores)), program, after, limit, limit)
    )
    return [Counted(Device(*row[:9]), row[9]) for row in rows]


async def gaps(
    tx: Transaction, program: UUID, stores: Iterable[UUID], since: datetime, until: datetime, limit: int
) -> list[Gap]:
    """What is missing before receipts that came in this time, the latest first."""
    rows = await fetch_all(tx, SQL.gaps, (arrays.uuids(list(stores)), program, since, until, limit))
    return [Gap(*row) for row in rows]


async def conflicts(
    tx: Transaction,
    program: UUID,
    stores: Iterable[UUID],
    since: datetime,
    until: datetime,
    *,
    kind: str | None,
    before: tuple[datetime, UUID],
    limit: int,
) -> list[Noted]:
    """Conflicts that were recorded in this time, the latest first, from before one on."""
    asked: dict[str, Any] = {
        "stores": arrays.uuids(list(stores)), "program": program, "from": since, "to": until, "kind": kind,
        "before_at": before[0], "before": before[1], "limit": limit,
    }  # fmt: skip
    return [Noted(*row) for row in await fetch_all(tx, SQL.conflicts, asked)]


async def sums(
    tx: Transaction, program: UUID, stores: Iterable[UUID], since: datetime, until: datetime
) -> list[Sum]:
    """What the conflicts of this time come to."""
    rows = await fetch_all(tx, SQL.sums, (arrays.uuids(list(stores)), program, since, until))
    return [Sum(*row) for row in rows]


def _pairs(pairs: Sequence[tuple[UUID, int]]) -> tuple[arrays.Column, arrays.Column]:
    return arrays.uuids([one for one, _ in pairs]), arrays.int8s([number for _, number in pairs])
