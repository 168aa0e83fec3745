"""What becomes of a booking: given back, lapsed, used at the door. Each once, and the waiting list moves up with it.

Pools are locked first, then the event; what is decided on its steps holds then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotForMember, NotFound, StateConflict
from regulars.flows import seats, sharing, taken_back
from regulars.flows.booking_views import booking_view
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.ledger import book, succession
from regulars.members import reading
from regulars.members.vault import Vault
from regulars.occasions import register, seating
from regulars.occasions.model import LIVE, SEATED, Booking, Occasion, Standing, Step
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

LATE = "It is too late to give this booking back."
UNCONFIRMED = "was not said yes to in time"
CALLED_OFF = "the event was called off"


class BookingCancellation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/bookings/{id}/cancel`."""

    reason: Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")] = ""


class Paid(Struct, frozen=True):
    """With which posting seats were paid, and where their points belong by now."""

    pool: UUID
    posting: UUID
    target: UUID


class Opened(Struct, frozen=True):
    """A booking whose pools and event are locked."""

    booking: Booking
    standing: Standing
    occasion: Occasion
    paid: Paid | None


async def cancel_booking(
    database: Database,
    known: Known,
    request: Request,
    by: str,
    booking: UUID,
    reason: str,
    language: str,
    *,
    hers: UUID | None = None,
) -> Answer:
    """200: the seats are free, her points are back by the event's policy, and the waiting list has moved up.

    `hers`: the member acts herself, with her own only, and not when the event refuses it.

    Raises NotFound, StateConflict.
    """
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        opened = await _open(tx, program, booking)
        if opened is None or (hers is not None and await _owner(tx, program, opened.booking) != hers):
            raise NotFound("There is no such booking.")
        document, state = opened.occasion.document, opened.standing.state
        late = state == "booked" and request.at >= document.last_cancel
        if (
            late
            and hers is not None
            and (document.late_cancel == "refused" or request.at >= document.starts_at)
        ):
            raise StateConflict(LATE)
        refund = not late or document.late_cancel == "refunded"
        await _end(tx, program, known.vault, opened, "cancelled", by, reason, request.at, refund=refund)
        done = Change("booking.cancelled", ids.show("bkg", booking), state, "cancelled")
        await trail.record(tx, program.id, done, request.at)
        view = await booking_view(tx, program.id, booking, language)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def check_in(
    database: Database, known: Known, request: Request, by: str, booking: UUID, language: str, *, of: str
) -> Answer:
    """200: she and her guests came in to the event `of`, once.

    Raises NotFound, NotForMember, and StateConflict for whoever has no seat, or came in.
    """
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        opened = await _open(tx, program, booking)
        if opened is None or opened.booking.occasion != of:
            raise NotFound("There is no such booking of this event.")
        stands, at = opened.standing, request.at
        if stands.state == "attended":
            raise StateConflict("These seats were used already.")
        if stands.state != "booked" or (stands.due_at is not None and stands.due_at <= at):
            raise StateConflict("This booking has no seat.")
        if at >= opened.occasion.document.ends_at:
            raise StateConflict("This event is over.")
        member = await reading.member(tx, program.id, opened.booking.member)
        assert member is not None, "a member is never deleted"
        if not seating.still_meant_for(
            opened.occasion.document, await seats.guest_of(tx, program.id, member, at)
        ):
            raise NotForMember("This event is not meant for this member any more.")
        step = Step(stands.n + 1, "attended", None, None, at, by)
        if not await register.step(tx, program.id, booking, step):
            raise StateConflict("These seats were used already.")
        await seats.tell_of(tx, program.id, opened.booking, "attended", at)
        view = await booking_view(tx, program.id, booking, language)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def end_due(database: Database, program: Program, vault: Vault, booking: UUID, at: datetime) -> bool:
    """End a booking whose time is over: not said yes to, called off, or of somebody it is not for any more."""

    async def work(tx: Transaction) -> bool:
        opened = await _open(tx, program, booking)
        assert opened is not None, "a booking is never taken away"
        stands = opened.standing
        if stands.state not in LIVE or stands.due_at is None or stands.due_at > at:
            return False
        member = await reading.member(tx, program.id, opened.booking.member)
        assert member is not None, "a member is never deleted"
        if opened.occasion.called_off_at is not None:
            why = CALLED_OFF
        elif member.erased_at is None and seating.still_meant_for(
            opened.occasion.document, await seats.guest_of(tx, program.id, member, at)
        ):
            why = UNCONFIRMED
        else:
            why = seats.LOST
        if why == UNCONFIRMED and stands.state != "offered":
            await register.keep(tx, program.id, booking)  # she left and came back before anybody looked
            return False
        state = "lapsed" if why == UNCONFIRMED else "cancelled"
        refund = member.erased_at is None
        await _end(tx, program, vault, opened, state, seats.BY, why, at, refund=refund)
        return True

    return await database.run(program.id, work)


async def give_up_seats(
    tx: Transaction, program: Program, vault: Vault, members: list[UUID], by: str, at: datetime
) -> None:
    """All that erased members have booked is free for others; what they paid stays in the books as it is."""
    booked = await register.of_members(tx, program.id, members)
    live = [one.booking for one in booked if one.standing.state in LIVE]
    for one in sorted(live, key=lambda booking: (booking.occasion, booking.id)):
        occasion = await register.lock(tx, program.id, one.occasion)
        assert occasion is not None, "an event is never taken away"
        stands = await register.standing(tx, program.id, one.id)
        if stands.state in LIVE:
            opened = Opened(one, stands, occasion, None)
            await _end(tx, program, vault, opened, "cancelled", by, "erased", at, refund=False)


async def _open(tx: Transaction, program: Program, identifier: UUID) -> Opened | None:
    found = await register.booking(tx, program.id, identifier)
    if found is None:
        return None
    paid = await _paid(tx, program, found)
    while True:
        if paid is not None:
            await sharing.lock_pools(tx, program, [paid.pool, paid.target])
        occasion = await register.lock(tx, program.id, found.occasion)
        assert occasion is not None, "an event is never taken away"
        again = await _paid(tx, program, found)
        if again == paid:
            break
        paid = again  # it was paid while we waited; a deadlock by this begins the flow anew
    return Opened(found, await register.standing(tx, program.id, identifier), occasion, paid)


async def _paid(tx: Transaction, program: Program, found: Booking) -> Paid | None:
    """Where its points came from, and where they go back to: where she took hers since, if she still is there."""
    for step in await register.steps(tx, program.id, found.id):
        if step.state == "booked" and step.pool is not None and step.posting is not None:
            target = await succession.follow(tx, program.id, step.pool, step.at)
            member = await reading.member(tx, program.id, found.member)
            there = target == step.pool or (member is not None and target in (member.pool, member.own))
            return Paid(step.pool, step.posting, target if there else step.pool)
    return None


async def _owner(tx: Transaction, program: Program, found: Booking) -> UUID:
    """Whose it is by now: of a merged member the one she was merged into."""
    member = await reading.member(tx, program.id, found.member)
    assert member is not None, "a member is never deleted"
    return member.id


async def _end(
    tx: Transaction, program: Program, vault: Vault, opened: Opened, state: seating.Ended, by: str, reason: str,
    at: datetime, *, refund: bool,
) -> None:  # fmt: skip
    """End it: points, then seats, then whoever is next. Raises StateConflict where it ended before."""
    booking, stands = opened.booking, opened.standing
    if not seating.may_follow(stands.state, state):
        raise StateConflict(f"What is {stands.state} cannot become {state}.")
    posting = None
    if refund and opened.paid is not None:
        posting = await _give_back(tx, program, booking, opened.paid, by, reason, at)
    pool = opened.paid.pool if posting is not None and opened.paid is not None else None
    step = Step(stands.n + 1, state, pool, posting, at, by, reason)
    if not await register.step(tx, program.id, booking.id, step):
        raise StateConflict("Something else was done with this booking just now.")
    await seats.tell_of(tx, program.id, booking, state, at)
    if stands.state in SEATED:
        await register.put_back(tx, program.id, booking.occasion, booking.seats)
        await seats.fill(tx, program, vault, booking.occasion, at)


async def _give_back(
    tx: Transaction, program: Program, booking: Booking, paid: Paid, by: str, reason: str, at: datetime
) -> UUID:
    """Undo the posting: to the very lots, and on to where the account's points are by now. The posting's id."""
    pages = await open_pages(tx, program, sorted({paid.pool, paid.target}))
    page, now = pages[paid.pool], pages[paid.target]
    posting = page.begin(
        "cancellation", effective_at=at, recorded_at=at, actor=by, related=booking.id, reason=reason
    )
    await taken_back.undo(tx, program, paid.posting, page, now, at, by, "came back with a booking")
    await book.write(tx, program.id, pages.values())
    return posting
