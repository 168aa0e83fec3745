"""Shows a member what she has of the program's entitlements, and when a visit can be booked; gives her uses by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound
from regulars.flows import entitlement_views, entitlements, sharing
from regulars.flows.entitlement_views import HeldEntitlement, UseView
from regulars.flows.known_programs import Known
from regulars.flows.read_member import member_of
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller, Program
from regulars.rewards import allowances, entitlement_book
from regulars.rewards.entitlement_book import NO_LIMIT, State
from regulars.rewards.entitlements import Newest, Uses

VISITS_SHOWN = 100
EXPORTED_MAX = 100_000
"""Visits of one person; more nobody makes."""


class MemberEntitlements(Struct, frozen=True):
    """What a member has, by code; entitlements that she has nothing of are not there."""

    items: tuple[HeldEntitlement, ...]
    next: str | None = None


class SlotView(Struct, frozen=True):
    """A time that can be booked at a place; `free` null: there is no limit."""

    at: datetime
    free: int | None


class Slots(Struct, frozen=True):
    """The slots of a day that are still to come, in order."""

    items: tuple[SlotView, ...]
    next: str | None = None


class ExportedGrant(Struct, frozen=True):
    """Uses that a member was given beside her quota."""

    entitlement: str
    uses: int
    since: datetime
    until: datetime | None
    origin: str


class ExportedEntitlements(Struct, frozen=True):
    """What a member was given, and every visit that she made or booked, the latest first."""

    given: tuple[ExportedGrant, ...]
    visits: tuple[UseView, ...]


class NewGrant(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/entitlements/{code}/grants`."""

    uses: Uses
    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
    days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    """To the end of so many days; left out: without end."""


async def member_entitlements(
    database: Database, known: Known, member: UUID, language: str, caller: Caller | None, at: datetime
) -> MemberEntitlements:
    """What she may use, has used and has booked. Without a caller costs are not told. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        return await read(tx, known, member, language, caller, at)


async def read(
    tx: Transaction, known: Known, member: UUID, language: str, caller: Caller | None, at: datetime
) -> MemberEntitlements:
    """As `member_entitlements`, within a transaction."""
    program = known.program
    found = await member_of(tx, program, member)
    listed = await entitlement_book.newest(tx, program.id)
    if not listed:
        return MemberEntitlements(())
    holder = await entitlements.holder_of(tx, known, found, at)
    had = await entitlements.held(tx, program, holder.whose)
    names = {one.code: one.document.names for one in listed}
    states: tuple[State, State] = ("booked", "used")
    visits = [
        entitlement_views.use_view(program, use, names, language, caller)
        for state in states
        for use in await entitlement_book.uses_of(
            tx, program.id, holder.whose, state=state, limit=VISITS_SHOWN
        )
    ]
    views = []
    for one in listed:
        hers = tuple(visit for visit in visits if visit.entitlement == one.code)
        holding = entitlements.holding(program, holder, had, one.code, one.document)
        view = entitlement_views.held_view(program, one, holding, hers, language, at)
        if view.bookings or (not view.stopped and (view.quota or view.given)):
            views.append(view)
    return MemberEntitlements(tuple(views))


async def exported(tx: Transaction, known: Known, whose: Sequence[UUID]) -> ExportedEntitlements:
    """All that is held of these members (one, and who was merged into her), for whoever asks for her data."""
    program, spoken = known.program, known.program.languages[0]
    given = await entitlement_book.grants(tx, program.id, whose)
    found = await entitlement_book.uses_of(tx, program.id, whose, limit=EXPORTED_MAX)
    names = {one.code: one.document.names for one in await entitlement_book.newest(tx, program.id)}
    return ExportedEntitlements(
        tuple(
            ExportedGrant(one.code, one.grant.uses, one.grant.starts_at, one.grant.ends_at, one.origin)
            for one in given
        ),
        tuple(entitlement_views.use_view(program, one, names, spoken, None) for one in found),
    )


async def slots_of(
    database: Database, program: Program, code: str, store: str, day: date, at: datetime
) -> Slots:
    """When a visit can be booked on a day at a place. Raises NotFound, InvalidValue."""
    place = program.stores.get(store)
    if place is None:
        raise InvalidValue("?store", "there is no such store in this program")
    async with database.transaction(program.id) as tx:
        newest = await _newest(tx, program, code)
        booking = newest.document.booking
        places = entitlement_views.stores_of(program, newest.document)
        if booking is None or newest.document.stopped or place not in places:
            return Slots(())
        zone = clock.zone(place.time_zone)
        if day > at.astimezone(zone).date() + timedelta(days=booking.days_ahead):
            return Slots(())
        since = clock.midnight(day, place.time_zone)
        until = clock.midnight(day + timedelta(days=1), place.time_zone)
        taken = await entitlement_book.slots(tx, program.id, place.id, code, since, until)
    most = NO_LIMIT if booking.capacity is None else booking.capacity
    begins = [one.astimezone(UTC) for one in allowances.slots(booking, day, zone)]
    return Slots(
        tuple(
            SlotView(one, None if booking.capacity is None else max(0, most - taken.get(one, 0)))
            for one in begins
            if one > at
        )
    )


async def grant_uses(
    database: Database,
    known: Known,
    request: Request,
    caller: Caller,
    member: UUID,
    code: str,
    new: NewGrant,
    language: str,
) -> Answer:
    """201 with what she has now: staff gave her uses. Raises NotFound, StateConflict for who was erased."""
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        await _newest(tx, program, code)
        found = await sharing.locked_member(tx, program, member)
        cause = f"staff/{ids.new().hex}"
        await entitlements.grant(
            tx, program, found.id, code,
            uses=new.uses, days=new.days, cause=cause, origin="staff", by=caller.by, at=request.at,
        )  # fmt: skip
        told = {"uses": new.uses, "days": new.days, "reason": new.reason}
        change = Change("entitlement.issued", f"{ids.show('mem', found.id)}/{code}", after=told)
        await trail.record(tx, program.id, change, request.at)
        view = await read(tx, known, found.id, language, caller, request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def _newest(tx: Transaction, program: Program, code: str) -> Newest:
    newest = await entitlement_book.find(tx, program.id, code)
    if newest is None:
        raise NotFound("There is no such entitlement in this program.")
    return newest
