"""Shows partners what was used at their places and what it cost them: each sees its own, the operator everybody's."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.errors import InvalidValue
from regulars.flows import entitlement_views
from regulars.flows.entitlement_views import UseView
from regulars.programs.model import Caller, Program, Store
from regulars.rewards import entitlement_book

DAYS_MAX = 366


class CostView(Struct, frozen=True):
    """What was used of an entitlement at a store."""

    partner: str
    store: str
    entitlement: str
    visits: int
    guests: int
    cost: int
    """Minor units of the program's base money."""


class Costs(Struct, frozen=True):
    """By partner, store and entitlement."""

    visits: int
    cost: int
    items: tuple[CostView, ...]
    next: str | None = None


class UsePage(Struct, frozen=True):
    """Visits, the latest written first; `next` is the cursor of the page after."""

    items: tuple[UseView, ...]
    next: str | None


async def costs_of(
    database: Database, program: Program, caller: Caller, partner: str | None, first: date, last: date
) -> Costs:
    """What was used from the day `first` to the day `last`, of the caller's partner or of all. Raises InvalidValue."""
    if not first <= last <= first + timedelta(days=DAYS_MAX):
        raise InvalidValue("?until", f"must not lie before `from`, and {DAYS_MAX} days after it at the most")
    since = clock.midnight(first, program.time_zone)
    until = clock.midnight(last + timedelta(days=1), program.time_zone)
    stores = [one.id for one in stores_seen(program, caller, partner)]
    async with database.transaction(program.id, analytical=True) as tx:
        found = await entitlement_book.costs(tx, program.id, stores, since, until)
    items = tuple(
        CostView(
            partner=entitlement_views.partner_code(program, one.partner),
            store=entitlement_views.place_of(program, one.store).code,
            entitlement=one.code,
            visits=one.visits,
            guests=one.guests,
            cost=one.cost,
        )
        for one in found
    )
    return Costs(sum(one.visits for one in items), sum(one.cost for one in items), items)


async def uses_seen(
    database: Database,
    program: Program,
    caller: Caller,
    code: str | None,
    partner: str | None,
    before: UUID | None,
    limit: int,
    language: str,
) -> UsePage:
    """Visits at the places of the caller's partner, or of all. Raises InvalidValue."""
    partners = sorted({one.partner for one in stores_seen(program, caller, partner)})
    async with database.transaction(program.id) as tx:
        names = {one.code: one.document.names for one in await entitlement_book.newest(tx, program.id)}
        found = await entitlement_book.uses_of_partners(tx, program.id, partners, code, before, limit + 1)
    items = [
        entitlement_views.use_view(program, one, names, language, caller)
        for one in found[:limit]
        if caller.store in (None, one.store)
    ]
    return UsePage(tuple(items), ids.show("etu", found[limit - 1].id) if len(found) > limit else None)


async def expected_at(
    database: Database, program: Program, caller: Caller, store: str, day: date, language: str
) -> tuple[UseView, ...]:
    """Who is booked or came at a place on a day, in order. Raises InvalidValue."""
    place = program.stores.get(store)
    if place is None or place not in stores_seen(program, caller, None):
        raise InvalidValue("?store", "there is no such store in this program")
    since = clock.midnight(day, place.time_zone)
    until = clock.midnight(day + timedelta(days=1), place.time_zone)
    async with database.transaction(program.id) as tx:
        names = {one.code: one.document.names for one in await entitlement_book.newest(tx, program.id)}
        found = await entitlement_book.uses_at(tx, program.id, place.id, since, until)
    return tuple(entitlement_views.use_view(program, one, names, language, caller) for one in found)


def stores_seen(program: Program, caller: Caller, partner: str | None) -> list[Store]:
    """The stores whose costs this caller may see, of one partner or of all. Raises InvalidValue."""
    if partner is not None and partner not in program.partners:
        raise InvalidValue("?partner", "there is no such partner in this program")
    wanted = program.partners[partner].id if partner is not None else None
    return [
        one
        for one in program.stores.values()
        if wanted in (None, one.partner)
        and caller.partner in (None, one.partner)
        and caller.store in (None, one.id)
    ]
