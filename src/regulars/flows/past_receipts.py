"""Reads the latest receipts as they were decided, slice by slice, for whoever decides them once more. Writes nothing.

The standing is the one that a receipt was decided on. What it does not hold, because no promotion asked for it then,
is read as of the receipt's own time; agreements and activated offers are those of today.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from regulars import clock
from regulars.db import queries
from regulars.db.arrays import int2s, int4s, uuids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows.customers_then import CustomerThen, customers_then
from regulars.flows.decided import basket_of
from regulars.flows.known_programs import Known
from regulars.programs.model import Caller, Store
from regulars.promotions.model import Basket, Standing
from regulars.promotions.reads import Needs
from regulars.purchases import documents
from regulars.purchases.kept import Document

SQL = queries.load("regulars.flows", "past_receipts.sql")
RECEIPTS_MAX = 1000
SLICE = 100
"""Receipts that are read in one transaction, and are in memory at once."""
_BEGINNING, _END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_BEFORE = timedelta(microseconds=1)


class Which(Struct, frozen=True):
    """Which receipts: so many of the latest, of some stores (None: all), from an instant until before another."""

    count: int = RECEIPTS_MAX
    stores: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


class PastReceipt(Struct, frozen=True):
    """A receipt as the engine saw it."""

    purchase: UUID
    store: str
    receipt_number: str
    at: datetime
    day: date
    """In the store's own time."""
    member: UUID | None
    basket: Basket
    standing: Standing
    late: bool
    """It came too late for the offers of its time."""
    names: dict[int, str]
    """What the goods are called, by line."""


async def slices(
    database: Database, known: Known, which: Which, needs: Needs
) -> AsyncIterator[Sequence[PastReceipt]]:
    """The latest receipts first, with what somebody needs to know of their customers.

    Each slice is read in a transaction of its own, and none is open while its receipts are worked on.
    """
    stores = {
        store.id: store
        for store in known.program.stores.values()
        if which.stores is None or store.code in which.stores
    }
    async with database.transaction(known.program.id) as tx:
        count = min(which.count, RECEIPTS_MAX)
        window = (known.program.id, which.since or _BEGINNING, which.until or _END, count)
        found = await fetch_all(tx, SQL.latest, (*window, uuids(list(stores)), count, count))
    for begin in range(0, len(found), SLICE):
        async with database.transaction(known.program.id) as tx:
            read = await _slice(tx, known, needs, stores, found[begin : begin + SLICE])
        yield read


async def _slice(
    tx: Transaction, known: Known, needs: Needs, stores: dict[UUID, Store], wanted: Sequence[Any]
) -> list[PastReceipt]:
    columns = (
        int4s(list(range(len(wanted)))),
        int2s([row[1] for row in wanted]),
        uuids([row[0] for row in wanted]),
    )
    rows = await fetch_all(tx, SQL.documents, (known.program.id, *columns))
    opened = [documents.unpack(row[5]) for row in rows]
    told: dict[int, CustomerThen] = {}
    if needs.more or needs.purchases:
        # An instant before: the purchase itself was not there yet.
        instants = [document.request.purchased_at - _BEFORE for document in opened]
        whose = [(row[1], at) for row, at in zip(rows, instants, strict=True)]
        told = await customers_then(tx, known, needs, whose)
    program = known.program
    nobody = Caller(program.id, program.id, frozenset())
    receipts: list[PastReceipt] = []
    for place, (row, document) in enumerate(zip(rows, opened, strict=True)):
        store, at = stores[row[3]], document.request.purchased_at
        receipts.append(
            PastReceipt(
                purchase=row[0],
                store=store.code,
                receipt_number=row[4],
                at=at,
                day=at.astimezone(clock.zone(store.time_zone)).date(),
                member=row[1],
                basket=basket_of(document, store, known, nobody),
                standing=_completed(document, told.get(place)),
                late=document.late,
                names={line.line: line.name for line in document.request.lines if line.name},
            )
        )
    return receipts


def _completed(document: Document, told: CustomerThen | None) -> Standing:
    """The standing of then, with what it did not hold; without what limits left then."""
    kept = msgspec.convert(document.standing, Standing) if document.standing else Standing()
    if not kept.member or told is None:
        return structs.replace(kept, left={})
    fields: dict[str, Any] = {"left": {}}
    for name, value in told.fields.items():
        before = getattr(kept, name)
        if isinstance(value, dict):
            fields[name] = {**value, **before}
        elif name == "purchases":
            fields[name] = max(value, before)
        elif not before and not (name == "days_since" and before == 0):
            fields[name] = value
    return structs.replace(kept, **fields)
