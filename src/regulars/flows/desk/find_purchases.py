"""Finds purchases for staff: of the stores that she may see, by time, member, receipt, state. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from regulars import clock
from regulars.db.arrays import uuids
from regulars.db.pool import Database, Transaction
from regulars.flows.known_programs import Known
from regulars.flows.member_purchases import purchases_of
from regulars.members import reading
from regulars.programs.model import Store
from regulars.purchases import journal
from regulars.purchases.journal import Listed

State = Literal["recorded", "held", "returned", "voided"]


class Sought(Struct, frozen=True):
    """Which purchases. `stores`: those that may be seen; None: all."""

    stores: frozenset[UUID] | None
    since: datetime
    until: datetime
    days: tuple[date, date] | None = None
    """Where stores are looked through: by each store's own date, as the figures count; both days counted."""
    member: UUID | None = None
    receipt_number: str = ""
    state: State | None = None
    cashier: str = ""
    till: str = ""
    after: tuple[datetime, UUID] | None = None
    """The last one of the page before."""


class PurchasesFound(Struct, frozen=True):
    """A page, the latest first, and the names of members where they were asked for."""

    items: tuple[Listed, ...]
    names: dict[UUID, str]
    more: bool


async def find_purchases(
    database: Database, known: Known, sought: Sought, limit: int, *, at: datetime, names: bool
) -> PurchasesFound:
    """`limit` of them. `names`: whether who bought may be seen. Raises NotFound for a member that there is not."""
    program = known.program.id
    async with database.transaction(program) as tx:
        found = await _page(tx, known, sought, limit + 1, at)
        members = sorted({one.member for one in found if one.member is not None})
        persons = await reading.persons(tx, program, known.vault, members) if names and members else {}
    shown = {member: person.name for member, person in persons.items()}
    return PurchasesFound(tuple(found[:limit]), shown, len(found) > limit)


async def _page(tx: Transaction, known: Known, sought: Sought, limit: int, at: datetime) -> list[Listed]:
    program, points, filters = known.program.id, known.program.points_code, _filters(sought, at)
    every = {store.id for store in known.program.stores.values()}
    stores = every if sought.stores is None else every & sought.stores
    if sought.receipt_number:
        filters["receipt_number"] = (sought.receipt_number,)
    if sought.member is not None:
        if sought.stores is not None:
            filters["stores"] = (uuids(sorted(stores)),)
        return await purchases_of(tx, known.program, sought.member, at, filters, limit)
    if sought.receipt_number:
        filters["stores"] = (uuids(sorted(stores)),)
        return await journal.page(tx, program, points, at, filters, limit)
    windows = {
        store.id: _window(store, sought) for store in known.program.stores.values() if store.id in stores
    }
    del filters["from"], filters["to"]
    return await journal.page_of_stores(tx, program, points, at, windows, filters, limit)


def _window(store: Store, sought: Sought) -> tuple[datetime, datetime]:
    """From when until when a store's purchases are asked for."""
    if sought.days is None:
        return sought.since, sought.until
    first, last = sought.days
    return clock.midnight(first, store.time_zone), clock.midnight(last + timedelta(days=1), store.time_zone)


def _filters(sought: Sought, at: datetime) -> dict[str, tuple[Any, ...]]:
    filters: dict[str, tuple[Any, ...]] = {"from": (sought.since,), "to": (sought.until,)}
    states: Mapping[str, tuple[Any, ...]] = {"held": (at,)}
    if sought.state is not None:
        filters[sought.state] = states.get(sought.state, ())
    if sought.cashier:
        filters["cashier"] = (sought.cashier,)
    if sought.till:
        filters["till"] = (sought.till,)
    if sought.after is not None:
        filters["after"] = sought.after
    return filters
