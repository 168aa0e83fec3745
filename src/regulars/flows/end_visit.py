"""What becomes of a booked visit or a use: checked in, cancelled, missed. Each in one transaction, each once.

The row is written only from the state in which it was read: whoever comes second finds it changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import structs

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows import entitlement_views, freed_uses
from regulars.flows.entitlement_views import UseView, place_of
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.use_entitlement import Visitor, tell
from regulars.members import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.rewards import entitlement_book
from regulars.rewards.entitlement_book import Use
from regulars.rewards.entitlements import Newest
from regulars.rewards.problems import TooLateToCancel

AT_ONCE = 200
_Act = Callable[[Transaction, Use, Newest], Awaitable[Use]]


async def check_in(
    database: Database, known: Known, request: Request, visitor: Visitor, use: UUID, language: str
) -> Answer:
    """200: who had booked has come. Raises NotFound; StateConflict before the booked day, and once it was ended."""

    async def act(tx: Transaction, found: Use, newest: Newest) -> Use:
        zone = clock.zone(place_of(known.program, found.store).time_zone)
        if found.state == "booked" and request.at.astimezone(zone).date() < found.at.astimezone(zone).date():
            raise StateConflict("This visit is booked for another day.")
        if not await entitlement_book.check_in(tx, known.program.id, found.id, request.at, visitor.by):
            raise StateConflict("This booking was used, cancelled or missed before.")
        return structs.replace(found, state="used")

    return await _act(database, known, request, visitor, use, language, act)


async def cancel(
    database: Database,
    known: Known,
    request: Request,
    visitor: Visitor,
    use: UUID,
    language: str,
    *,
    hers: UUID | None = None,
) -> Answer:
    """200: what it took is free again, and its places in the slot. `hers`: she does it herself.

    Raises NotFound; TooLateToCancel for a till and for herself once the time for it is over, StateConflict for what was
    ended before. A use that was written by mistake is taken back by whoever manages the program.
    """

    async def act(tx: Transaction, found: Use, newest: Newest) -> Use:
        manages = visitor.caller is not None and "manage" in visitor.caller.scopes
        if found.state not in ("booked", "used") or (found.state == "used" and not manages):
            raise StateConflict("This visit was used, cancelled or missed before.")
        booking = newest.document.booking
        hours = 0 if booking is None else booking.cancel_hours
        if found.state == "booked" and not manages and request.at > found.at - timedelta(hours=hours):
            raise TooLateToCancel
        if not await freed_uses.end(
            tx, known.program, found, "cancelled", request.at, visitor.by, counts=False
        ):
            raise StateConflict("This visit was used, cancelled or missed before.")
        if found.state == "used":
            change = Change("entitlement.withdrawn", ids.show("etu", found.id))
            await trail.record(tx, known.program.id, change, request.at)
        return structs.replace(found, state="cancelled", counts=False)

    return await _act(database, known, request, visitor, use, language, act, hers)


async def miss_visits(database: Database, program: UUID, at: datetime) -> int:
    """End the bookings to which nobody came by the end of their day, each in its own transaction. How many."""
    known = None
    total = 0
    while True:
        async with database.transaction(program) as tx:
            due = await entitlement_book.due(tx, program, at, AT_ONCE)
        if not due:
            return total
        known = known or await KnownPrograms(database).of(program)
        done = sum([await _miss(database, known, use, at) for use in due])
        total += done
        if not done:
            return total


async def _miss(database: Database, known: Known, use: UUID, at: datetime) -> bool:
    async def work(tx: Transaction) -> bool:
        program = known.program
        found = await entitlement_book.use(tx, program.id, use)
        assert found is not None, "a visit is never taken away"
        newest = await entitlement_book.find(tx, program.id, found.code)
        booking = newest.document.booking if newest is not None else None
        counts = booking is None or booking.no_show == "takes"
        if found.state != "booked" or not await freed_uses.end(
            tx, program, found, "missed", at, "program", counts=counts
        ):
            return False
        await tell(tx, program, structs.replace(found, state="missed"), at)
        return True

    return await database.run(known.program.id, work)


async def _act(
    database: Database,
    known: Known,
    request: Request,
    visitor: Visitor,
    use: UUID,
    language: str,
    act: _Act,
    hers: UUID | None = None,
) -> Answer:
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await entitlement_book.use(tx, program.id, use)
        if found is None or not await _may(tx, known, visitor, found, hers):
            raise NotFound("There is no such visit.")
        newest = await entitlement_book.find(tx, program.id, found.code)
        assert newest is not None, "an entitlement is never taken away"
        became = await act(tx, found, newest)
        await tell(tx, program, became, request.at)
        view = _view(known, became, newest, language, visitor)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def _may(tx: Transaction, known: Known, visitor: Visitor, found: Use, hers: UUID | None) -> bool:
    """Whether it is this member's own, and of this key's store or partner."""
    if hers is not None:
        owner = await reading.member(tx, known.program.id, found.member)
        return owner is not None and owner.id == hers
    if visitor.stores is not None and found.store not in visitor.stores:
        return False
    caller = visitor.caller
    return caller is None or (caller.store in (None, found.store) and caller.partner in (None, found.partner))


def _view(known: Known, use: Use, newest: Newest, language: str, visitor: Visitor) -> UseView:
    names = {use.code: newest.document.names}
    return entitlement_views.use_view(known.program, use, names, language, visitor.caller)
