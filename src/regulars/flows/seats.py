"""Says who may book an event, and lets the waiting list move up in the very transaction in which seats come free.

The event is locked by whoever calls: so nobody waits while a seat is free that would fit her.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from regulars import i18n, ids
from regulars.audience import marked
from regulars.clock import zone
from regulars.db import outbox
from regulars.db.outbox import Note
from regulars.db.pool import Transaction
from regulars.errors import NotForMember
from regulars.flows.known_programs import Known
from regulars.flows.messages import queue_message
from regulars.members import accounts, consents, marks, reading
from regulars.members.model import Member
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.messages.model import Channel, Message
from regulars.occasions import register, seating
from regulars.occasions.model import Booking, Occasion, State, Step
from regulars.occasions.problems import BookingClosed
from regulars.occasions.seating import Guest, Waiting
from regulars.programs.model import Program
from regulars.texts import said

CHANNELS: tuple[Channel, ...] = ("email", "sms")
PURPOSE = "marketing"
"""The agreement that a message about a place on the waiting list rests on."""
KEEP = timedelta(days=1)
BY = "program"
LOST = "is not among those it is for any more"
CLOSED = {
    "called_off": "This event was called off.",
    "over": "Booking is over.",
    "not_yet": "Booking has not begun yet.",
}


async def guest_of(
    tx: Transaction, program: UUID, member: Member, at: datetime, bases: Mapping[str, str] | None = None
) -> Guest:
    """What decides which events a member may book. `bases`: ladder → the tier that everybody has, where tiers count:
    for what was booked already they do not."""
    hers = await marks.of(tx, program, member.id, at)
    company = False
    if member.role is not None:
        account = await accounts.read(tx, program, member.pool)
        company = account is not None and account.kind == "company"
    return Guest(marked([(mark.kind, mark.code) for mark in hers], bases), company)


async def require_bookable(
    tx: Transaction, known: Known, occasion: Occasion, member: Member, at: datetime
) -> None:
    """Raises NotForMember, BookingClosed."""
    guest = await guest_of(tx, known.program.id, member, at, known.bases)
    found = seating.hindrance(occasion, guest, at)
    if found == "not_for_member":
        raise NotForMember("This event is not meant for this member.")
    if found is not None:
        raise BookingClosed(CLOSED[found])


async def fill(tx: Transaction, program: Program, vault: Vault, code: str, at: datetime) -> int:
    """Let those move up who fit into what is free, first come, first served; how many bookings moved.

    The event is locked. Once it has begun nobody moves.
    """
    moved = 0
    while True:
        occasion = await register.find(tx, program.id, code)
        assert occasion is not None, "an event is never taken away"
        if occasion.called_off_at is not None or at >= occasion.document.starts_at or occasion.free < 1:
            return moved
        waiting = await register.waiting(tx, program.id, code, occasion.free)
        up = seating.next_up(waiting, occasion.free)
        if not up:
            return moved
        for one in up:
            moved += await _move_up(tx, program, vault, occasion, one, at)


async def _move_up(
    tx: Transaction, program: Program, vault: Vault, occasion: Occasion, one: Waiting, at: datetime
) -> int:
    profile = await reading.profile(tx, program.id, vault, one.member)
    assert profile is not None, "a member is never deleted"
    stands = await register.standing(tx, program.id, one.booking)
    guest = await guest_of(tx, program.id, profile, at)
    if profile.erased_at is not None or not seating.still_meant_for(occasion.document, guest):
        lost = Step(stands.n + 1, "lapsed", None, None, at, BY, LOST)
        if await register.step(tx, program.id, one.booking, lost):
            await tell(tx, program.id, one.booking, profile.id, occasion.code, one.seats, "lapsed", at)
        return 0
    due_at = seating.confirm_by(occasion.document, at)
    state: State = "booked" if due_at is None else "offered"
    if not await register.take(tx, program.id, occasion.code, one.seats):
        return 0
    moved = await register.move_up(
        tx, program.id, one.booking, Step(stands.n + 1, state, None, None, at, BY), due_at
    )
    assert moved, "whoever changes a waiting booking has locked its event"
    await tell(tx, program.id, one.booking, profile.id, occasion.code, one.seats, state, at, moved_up=True)
    await _write_to(tx, program, vault, profile, occasion, due_at, at)
    return 1


async def tell(
    tx: Transaction,
    program: UUID,
    booking: UUID,
    member: UUID,
    occasion: str,
    seats: int,
    state: State,
    at: datetime,
    *,
    moved_up: bool = False,
) -> None:
    """Note where a booking stands from now on, for whoever listens."""
    data = {
        "booking": ids.show("bkg", booking),
        "occasion": occasion,
        "seats": seats,
        "state": state,
        "moved_up": moved_up,
    }
    await outbox.note(tx, program, [Note(f"booking.{state}", member, member, at, data)])


async def tell_of(tx: Transaction, program: UUID, found: Booking, state: State, at: datetime) -> None:
    """As `tell`, of a booking as it was written."""
    await tell(tx, program, found.id, found.member, found.occasion, found.seats, state, at)


async def _write_to(
    tx: Transaction,
    program: Program,
    vault: Vault,
    profile: Profile,
    occasion: Occasion,
    due_at: datetime | None,
    at: datetime,
) -> None:
    """A message to whoever moved up, where she agreed to messages."""
    agreed = await consents.agreed(tx, program.id, profile.id)
    for channel in CHANNELS:
        to = profile.person.email if channel == "email" else profile.person.phone
        if to is None or not agreed.get((channel, PURPOSE)):
            continue
        message = _message(program, profile, occasion, channel, to, due_at)
        await queue_message(
            tx, program.id, vault.keyring.secret, message, purpose="waiting_list", at=at, keep=KEEP,
            home=ids.home(profile.id),
        )  # fmt: skip
        return


def _message(
    program: Program,
    profile: Profile,
    occasion: Occasion,
    channel: Channel,
    to: str,
    due_at: datetime | None,
) -> Message:
    language = i18n.language(profile.language if profile.language in i18n.COMPLETE else i18n.SOURCE)
    here = zone(program.time_zone)
    known = {
        "program": program.name,
        "event": said(occasion.document.names, language.code),
        "moment": language.moment(occasion.document.starts_at, here),
    }
    if due_at is None:
        text = language.gettext("{program}: you have a seat at “{event}”, {moment}.").format(**known)
    else:
        until = language.moment(due_at, here)
        text = language.gettext(
            "{program}: a seat at “{event}”, {moment}, is free for you. Say yes by {until}."
        ).format(**known, until=until)
    return Message(channel, to, text, language.gettext("A seat is free for you"))
