"""Tells what did not agree with receipts that were made without the line: kept conflicts, gaps, and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database
from regulars.programs.model import Program, Store
from regulars.purchases.offline import devices
from regulars.purchases.offline.devices import Gap, Noted
from regulars.purchases.offline.judging import Kind

GAPS_MAX = 500
LAST = UUID(int=(1 << 128) - 1)
Mark = tuple[datetime, UUID]
"""Where a list goes on: before this instant and id."""


class ConflictView(Struct, frozen=True):
    """One thing that did not agree."""

    kind: Kind
    store: str
    device: str
    counter: int
    """Of the receipt; with `counter_gap` of the one after the gap."""
    purchase: str
    """Which was recorded all the same."""
    made_at: datetime
    """When it was sold."""
    recorded_at: datetime
    amount: int = 0
    """Minor units of base money; with `price_differs` below zero where the till took more off than Regulars would."""
    seconds: int = 0
    """With `clock_wrong`: how far the device's clock was ahead."""
    missing: int = 0
    """With `counter_gap`: how many receipts did not come yet."""


class StoreSum(Struct, frozen=True):
    """Conflicts of a kind at a store."""

    store: str
    kind: Kind
    count: int
    amount: int
    """Minor units, as in the items."""


class Conflicts(Struct, frozen=True):
    """Conflicts that were recorded in a time, the latest first; what is missing stands apart, for it may still come."""

    items: tuple[ConflictView, ...]
    gaps: tuple[ConflictView, ...]
    """On the first page; the latest 500."""
    sums: tuple[StoreSum, ...]
    """On the first page, of the whole time."""
    next: Mark | None


async def list_conflicts(
    database: Database,
    program: Program,
    stores: Sequence[Store],
    since: datetime,
    until: datetime,
    *,
    kind: Kind | None = None,
    before: Mark | None = None,
    limit: int = 50,
) -> Conflicts:
    """What did not agree at these stores, by when it was recorded."""
    codes = {store.id: store.code for store in stores}
    asked = (program.id, codes, since, until)
    gaps: list[Gap] = []
    sums: list[devices.Sum] = []
    async with database.transaction(program.id) as tx:
        found = await devices.conflicts(
            tx, *asked, kind=kind, before=before or (until, LAST), limit=limit + 1
        )
        if before is None:
            sums = await devices.sums(tx, *asked)
            if kind in (None, "counter_gap"):
                gaps = await devices.gaps(tx, *asked, GAPS_MAX)
    page = found[:limit]
    return Conflicts(
        tuple([_view(one, codes[one.store]) for one in page]),
        tuple([_gap(one, codes[one.store]) for one in gaps]),
        tuple([StoreSum(codes[s.store], s.kind, s.count, s.amount) for s in sums]),
        (page[-1].recorded_at, page[-1].id) if len(found) > limit else None,
    )


def _view(one: Noted, store: str) -> ConflictView:
    return ConflictView(
        one.kind, store, ids.show("dev", one.device), one.counter, ids.show("pur", one.purchase),
        one.made_at, one.recorded_at, amount=one.amount, seconds=one.seconds,
    )  # fmt: skip


def _gap(one: Gap, store: str) -> ConflictView:
    return ConflictView(
        "counter_gap", store, ids.show("dev", one.device), one.counter, ids.show("pur", one.purchase),
        one.made_at, one.recorded_at, missing=one.counter - one.before - 1,
    )  # fmt: skip
