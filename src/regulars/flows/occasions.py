"""Keeps a program's events with seats: shows them, changes one by a revision, calls one off, and ends what is due."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.contradictions import Contradicting, refuse
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound
from regulars.flows import seats
from regulars.flows.booking_views import (
    OccasionView,
    SeatBooking,
    SeatBookings,
    booking_view,
    booking_views,
    occasion_view,
    views_of,
)
from regulars.flows.end_booking import end_due
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.ladders import CODE
from regulars.members import clubs, reading
from regulars.occasions import register, seating
from regulars.occasions.model import (
    LIVE,
    SEATS_TAKEN,
    STATES,
    Occasion,
    OccasionDocument,
    State,
    contradictions,
)
from regulars.programs import reading as program_reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

AT_ONCE = 100


class Occasions(Struct, frozen=True):
    """The events of a program, by code."""

    items: tuple[OccasionView, ...]
    next: str | None = None


class OpenOccasion(Struct, frozen=True):
    """An event that a member may book, or has booked."""

    occasion: OccasionView
    bookable: bool
    reason: seating.Hindrance | None
    """Why she cannot book it now."""
    booking: SeatBooking | None
    """Hers."""


async def list_occasions(database: Database, program: UUID) -> Occasions:
    """`GET /v1/occasions`."""
    async with database.transaction(program) as tx:
        found = await register.every(tx, program)
        return Occasions(tuple(occasion_view(one) for one in found))


async def read_occasion(database: Database, program: UUID, code: str) -> OccasionView:
    """One event. Raises NotFound."""
    async with database.transaction(program) as tx:
        return occasion_view(await _found(tx, program, code))


async def put_occasion(
    database: Database, known: Known, code: str, document: OccasionDocument, by: str, at: datetime
) -> OccasionView:
    """The event as changed; the same document again changes nothing, more seats let the waiting list move up.

    Raises InvalidValue, Contradiction.
    """
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")

    async def work(tx: Transaction) -> OccasionView:
        program = await program_reading.load(tx, known.program.id)
        before = await register.lock(tx, program.id, code)
        currencies = {one.code: one.kind for one in program.currencies.values()}
        named = {one.code for one in await clubs.every(tx, program.id)}
        taken = before.taken if before is not None else 0
        refuse(contradictions(document, currencies, named, taken))
        if before is None or before.document != document:
            if not await register.put(tx, program.id, code, document, at, by):
                refuse([Contradicting("/seats", SEATS_TAKEN)])
            await seats.fill(tx, program, known.vault, code, at)
            was = None if before is None else msgspec.to_builtins(before.document)
            change = Change("occasion.changed", code, was, msgspec.to_builtins(document))
            await trail.record(tx, program.id, change, at)
        return occasion_view(await _found(tx, program.id, code))

    return await database.run(known.program.id, work)


async def call_off(database: Database, known: Known, request: Request, code: str) -> Answer:
    """200: it does not take place, nobody books it any more, and every booking is given back with its points."""
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        if await register.lock(tx, program.id, code) is None:
            raise NotFound("There is no such event in this program.")
        await register.call_off(tx, program.id, code, request.at)
        await trail.record(tx, program.id, Change("occasion.called_off", code), request.at)
        view = occasion_view(await _found(tx, program.id, code))
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    answer = await database.run(program.id, work)
    await end_all_due(database, known, request.at)
    return answer


async def end_due_bookings(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """End all bookings whose time was over at the program's instant `at`; how many."""
    return await end_all_due(database, await programs.fresh(program), at)


async def end_all_due(database: Database, known: Known, at: datetime) -> int:
    """As `end_due_bookings`; each is a transaction of its own, so that whoever is stopped goes on where it was."""
    ended, program = 0, known.program
    while True:
        async with database.transaction(program.id) as tx:
            due = await register.due(tx, program.id, at, AT_ONCE)
        for booking in due:
            ended += await end_due(database, program, known.vault, booking, at)
        if len(due) < AT_ONCE:
            return ended


async def lose_access(tx: Transaction, program: UUID, member: UUID, at: datetime) -> None:
    """What a member has booked and may not come to any more is given back from now on; the next move up.

    In the transaction that takes her club, tier or account; her row is locked. `end_all_due` does the rest.
    """
    found = await reading.member(tx, program, member)
    if found is None:
        return
    everybody = [found.id, *await reading.alias_ids(tx, program, found.id)]
    live = [one for one in await register.of_members(tx, program, everybody) if one.standing.state in LIVE]
    if not live:
        return
    guest = await seats.guest_of(tx, program, found, at)
    lost: list[UUID] = []
    for one in live:
        occasion = await _found(tx, program, one.booking.occasion)
        if at < occasion.document.ends_at and not seating.still_meant_for(occasion.document, guest):
            lost.append(one.booking.id)
    await register.lose(tx, program, lost, at)


# reading -----------------------------------------------------------------------------------------------------


async def bookings_of(
    database: Database,
    known: Known,
    member: UUID,
    language: str,
    *,
    before: UUID | None = None,
    limit: int = 50,
) -> SeatBookings:
    """What a member booked, and whoever was merged into her, the latest first. Raises NotFound."""
    program = known.program.id
    async with database.transaction(program) as tx:
        found = await reading.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        everybody = [found.id, *await reading.alias_ids(tx, program, found.id)]
        booked = await register.of_members(tx, program, everybody, before, limit)
        items = await booking_views(tx, program, booked, language)
    return SeatBookings(items, items[-1].id if len(items) == limit else None)


async def bookings_at(
    database: Database,
    program: UUID,
    code: str,
    states: tuple[State, ...],
    language: str,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> SeatBookings:
    """The bookings of an event, in the order they were made. Raises NotFound."""
    async with database.transaction(program) as tx:
        await _found(tx, program, code)
        booked = await register.of_occasion(tx, program, code, states or STATES, after, limit)
        items = await booking_views(tx, program, booked, language)
    return SeatBookings(items, items[-1].id if len(items) == limit else None)


async def read_booking(
    database: Database, program: UUID, booking: UUID, language: str, *, hers: UUID | None = None
) -> SeatBooking:
    """One booking. Raises NotFound, also for another member's."""
    async with database.transaction(program) as tx:
        found = await register.booking(tx, program, booking)
        if found is None:
            raise NotFound("There is no such booking.")
        owner = await reading.member(tx, program, found.member)
        if hers is not None and (owner is None or owner.id != hers):
            raise NotFound("There is no such booking.")
        return await booking_view(tx, program, booking, language)


async def occasions_for(
    database: Database, known: Known, member: UUID, language: str, at: datetime
) -> tuple[OpenOccasion, ...]:
    """The events to come that are meant for a member or that she has booked, the soonest first. Raises NotFound."""
    program = known.program.id
    async with database.transaction(program) as tx:
        found = await reading.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        guest = await seats.guest_of(tx, program, found, at, known.bases)
        everybody = [found.id, *await reading.alias_ids(tx, program, found.id)]
        booked = await register.of_members(tx, program, everybody)
        hers = {one.booking.occasion: one for one in booked if one.standing.state in (*LIVE, "attended")}
        every = {one.code: one for one in await register.every(tx, program)}
        shown_as = dict(zip(hers, views_of(list(hers.values()), every, language), strict=True))
        items: list[OpenOccasion] = []
        for one in sorted(every.values(), key=lambda each: each.document.starts_at):
            reason = seating.hindrance(one, guest, at)
            view = shown_as.get(one.code)
            shown = view is not None or reason not in ("not_for_member", "called_off")
            if at >= one.document.ends_at or not shown:
                continue
            bookable = reason is None and view is None
            items.append(OpenOccasion(occasion_view(one), bookable, reason, view))
    return tuple(items)


async def _found(tx: Transaction, program: UUID, code: str) -> Occasion:
    found = await register.find(tx, program, code)
    if found is None:
        raise NotFound("There is no such event in this program.")
    return found


def booking_id(text: str, pointer: str = "/id") -> UUID:
    """`bkg_…`. Raises WrongIdKind."""
    return ids.read("bkg", text, pointer)
