"""A member uses an entitlement at a place, or books a visit: her quota and the slot in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import outbox, requests
from regulars.db.outbox import Note
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows import entitlement_views, entitlements, sharing
from regulars.flows.known_programs import Known
from regulars.flows.named_store import named_store
from regulars.members.model import Member
from regulars.programs.model import Caller, Program, Store
from regulars.rewards import allowances, entitlement_book
from regulars.rewards.allowances import Holding, Share
from regulars.rewards.entitlement_book import Use
from regulars.rewards.entitlements import GUESTS_MAX, Booking, Newest
from regulars.rewards.problems import NotEntitled, NotUsableHere, QuotaUsedUp, SlotFull, TooManyGuests

EARLY = timedelta(minutes=10)
"""So far a desk's clock may be ahead of the program's."""
StoreCode = Annotated[str, Meta(min_length=1, max_length=64)]
GuestCount = Annotated[int, Meta(ge=0, le=GUESTS_MAX)]


class NewUse(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/entitlements/{code}/uses`."""

    store: StoreCode | None = None
    """Where; a key of one store means that one."""
    guests: GuestCount = 0
    at: Annotated[datetime, Meta(tz=True)] | None = None
    """When she came, if that was before; left out: now."""


class NewBooking(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/entitlements/{code}/bookings`."""

    at: Annotated[datetime, Meta(tz=True)]
    """When a slot of the place begins."""
    store: StoreCode | None = None
    guests: GuestCount = 0


class Visitor(Struct, frozen=True):
    """Who does something with entitlements: a key or a page of staff, or the member herself (`caller` None)."""

    by: str
    caller: Caller | None = None
    stores: frozenset[UUID] | None = None
    """Of somebody who is limited to stores; None: all."""


class Wanted(Struct, frozen=True):
    """A visit that is asked for."""

    store: Store
    at: datetime
    guests: int
    booked: bool


async def use_entitlement(
    database: Database,
    known: Known,
    request: Request,
    visitor: Visitor,
    member: UUID,
    code: str,
    new: NewUse,
    language: str,
) -> Answer:
    """201 with the use.

    Raises NotFound, InvalidValue, StateConflict, NotEntitled, NotUsableHere, TooManyGuests, and QuotaUsedUp with the
    next free date; then nothing was written.
    """

    def wanted() -> Wanted:
        at = new.at or request.at
        if at - request.at > EARLY:
            raise InvalidValue("/at", "lies in the future: a visit to come is booked")
        if request.at - at > timedelta(days=known.program.settings.late_days):
            raise InvalidValue("/at", "lies longer ago than this program takes in")
        return Wanted(_store(known.program, new.store, visitor), at, new.guests, False)

    return await _visit(database, known, request, visitor, member, code, wanted, language)


async def book_visit(
    database: Database,
    known: Known,
    request: Request,
    visitor: Visitor,
    member: UUID,
    code: str,
    new: NewBooking,
    language: str,
) -> Answer:
    """201 with the booking: a use of the period of its day is reserved, and places in the slot. Raises as a use, and
    SlotFull."""

    def wanted() -> Wanted:
        return Wanted(_store(known.program, new.store, visitor), new.at, new.guests, True)

    return await _visit(database, known, request, visitor, member, code, wanted, language)


async def _visit(
    database: Database,
    known: Known,
    request: Request,
    visitor: Visitor,
    member: UUID,
    code: str,
    wanted: Callable[[], Wanted],
    language: str,
) -> Answer:
    """What is wanted is judged once it is known to be no replay. Raises as `wanted` and `visit`."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        asked = wanted()
        found = await sharing.locked_member(tx, known.program, member)
        use, newest = await visit(tx, known, found, code, asked, visitor.by, request.at)
        names = {code: newest.document.names}
        view = entitlement_views.use_view(known.program, use, names, language, visitor.caller)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(known.program.id, work)


async def visit(
    tx: Transaction, known: Known, member: Member, code: str, wanted: Wanted, by: str, now: datetime
) -> tuple[Use, Newest]:
    """Write a visit of a member whose pool is locked. Raises as `use_entitlement` and `book_visit`."""
    program = known.program
    newest = await entitlement_book.find(tx, program.id, code)
    if newest is None:
        raise NotFound("There is no such entitlement in this program.")
    document = newest.document
    if document.stopped:
        raise StateConflict("This entitlement was stopped.")
    if wanted.store not in entitlement_views.stores_of(program, document):
        raise NotUsableHere
    if wanted.booked:
        _require_slot(document.booking, wanted, now)
    units = allowances.units(document.guests, wanted.guests)
    if units is None:
        raise TooManyGuests(extra={"guests_max": document.guests.most})
    holder = await entitlements.holder_of(tx, known, member, now)
    had = await entitlements.held(tx, program, holder.whose, code)
    holding = entitlements.holding(program, holder, had, code, document)
    use = _use(newest, holding, member, wanted, _shares(holding, units, wanted.at), by, now)
    if wanted.booked:
        assert document.booking is not None
        if not await entitlement_book.take_slot(
            tx, program.id, use.store, code, use.at, 1 + use.guests, document.booking.capacity
        ):
            raise SlotFull
    await entitlement_book.enter(tx, program.id, use)
    await tell(tx, program, use, now)
    return use, newest


async def tell(tx: Transaction, program: Program, use: Use, at: datetime) -> None:
    """Note what became of a visit for whoever listens."""
    data = {
        "use": ids.show("etu", use.id),
        "entitlement": use.code,
        "store": entitlement_views.place_of(program, use.store).code,
        "at": use.at.isoformat(),
        "guests": use.guests,
        "state": use.state,
    }
    await outbox.note(tx, program.id, [Note(f"entitlement.{use.state}", use.member, use.member, at, data)])


def _shares(holding: Holding, units: int, at: datetime) -> list[Share]:
    """What the visit takes of what she has. Raises NotEntitled, QuotaUsedUp."""
    if not holding.quota and not any(one.ends_at is None or one.ends_at > at for one in holding.grants):
        raise NotEntitled
    shares = allowances.plan(holding, units, at)
    if shares is not None:
        return shares
    free_at = allowances.next_free(holding, units, at)
    extra = {"left": allowances.left(holding, at), "next_free_at": free_at.isoformat() if free_at else None}
    raise QuotaUsedUp(extra=extra)


def _use(
    newest: Newest,
    holding: Holding,
    member: Member,
    wanted: Wanted,
    shares: list[Share],
    by: str,
    now: datetime,
) -> Use:
    day = wanted.at.astimezone(holding.zone).date()
    local = wanted.at.astimezone(clock.zone(wanted.store.time_zone)).date()
    return Use(
        id=ids.new(member.home),
        member=member.id,
        code=newest.code,
        revision=newest.revision,
        state="booked" if wanted.booked else "used",
        store=wanted.store.id,
        partner=wanted.store.partner,
        at=wanted.at,
        day=day,
        guests=wanted.guests,
        taken=sum(one.uses for one in shares if one.grant is None),
        granted={one.grant: one.uses for one in shares if one.grant is not None},
        counts=True,
        cost=newest.document.cost * (1 + wanted.guests),
        booked=wanted.booked,
        due_at=clock.midnight(local + timedelta(days=1), wanted.store.time_zone) if wanted.booked else None,
        created_at=now,
        created_by=by,
    )


def _require_slot(booking: Booking | None, wanted: Wanted, now: datetime) -> None:
    """Whether a slot that can be booked begins then. Raises StateConflict, InvalidValue."""
    if booking is None:
        raise StateConflict("This entitlement is not booked: one just comes.")
    zone = clock.zone(wanted.store.time_zone)
    local = wanted.at.astimezone(zone)
    if wanted.at <= now:
        raise InvalidValue("/at", "is over")
    if local.date() > now.astimezone(zone).date() + timedelta(days=booking.days_ahead):
        raise InvalidValue("/at", "lies further ahead than can be booked")
    if local not in allowances.slots(booking, local.date(), zone):
        raise InvalidValue("/at", "is not the beginning of a slot")


def _store(program: Program, code: str | None, visitor: Visitor) -> Store:
    """The place that is meant: a key of one store means that one. Raises InvalidValue."""
    store = named_store(program, visitor.caller, code)
    if store is None:
        raise InvalidValue("/store", "is needed")
    if visitor.stores is not None and store.id not in visitor.stores:
        raise InvalidValue("/store", "is not one of your stores")
    return store
