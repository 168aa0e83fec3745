"""The member's events: booking, her place on the waiting list, saying yes, giving back, and a file for her calendar."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import (
    Conflict,
    InsufficientPoints,
    InvalidValue,
    NotFound,
    Problem,
    SpenderLimit,
    SpendingNotAllowed,
)
from regulars.flows.book_seats import NewSeatBooking, book_seats, confirm_booking
from regulars.flows.booking_views import SeatBooking
from regulars.flows.end_booking import cancel_booking
from regulars.flows.occasions import OpenOccasion, booking_id, occasions_for, read_booking
from regulars.flows.spender_proof import Spender
from regulars.i18n import N_
from regulars.portal import showing, visiting
from regulars.portal.visiting import Member
from regulars.programs.model import Caller
from regulars.web import faults, pages

HttpRequest = Request[Any, Any, Any]
FAULTS: dict[str, str] = {
    InsufficientPoints.code: N_("You do not have that many points yet."),
    SpendingNotAllowed.code: N_("You collect points for the account, but only others spend them."),
    SpenderLimit.code: N_("That is more than you may spend of the account today."),
    "not_for_member": N_("This event is not meant for you."),
    "booking_closed": N_("This event cannot be booked now."),
    "no_seats_left": N_("There are not enough seats left."),
    "already_booked": N_("You have booked this event already."),
    "state_conflict": N_("This cannot be given back any more."),
}
STATES: dict[str, str] = {
    "waiting": N_("on the waiting list"),
    "offered": N_("a seat is free for you"),
    "booked": N_("booked"),
    "attended": N_("you were there"),
}
HINDRANCES: dict[str, str] = {
    "called_off": N_("This event was called off."),
    "over": N_("Booking is over."),
    "not_for_member": N_("This event is not meant for you."),
}


class EventLine(Struct, frozen=True):
    """An event in words, with her booking."""

    code: str
    name: str
    text: str
    place: str
    when: str
    ends: str
    left: str
    price: str
    most: int
    full: bool
    bookable: bool
    hindered: str
    waits: bool
    """Whether there is a waiting list."""
    booking: str
    state: str
    """Of her booking, as a code; empty: she has none."""
    state_words: str
    seats: int
    waiting_place: str
    confirm_by: str
    returnable: bool
    refund: str
    """What comes back, or that nothing does."""


@get("/portal/{slug:str}/events/{code:str}", include_in_schema=False)
async def event(request: HttpRequest) -> Response[Any]:
    """One event, and what she can do about it. Raises NotFound."""
    return await _shown(request, await visiting.member(request))


@post("/portal/{slug:str}/events/{code:str}", status_code=303, include_in_schema=False)
async def act(request: HttpRequest) -> Response[Any]:
    """Book, say yes, or give back; what stands in the way is said on the page."""
    found, form = await visiting.writing(request)
    code, what = request.path_params["code"][:63], form.get("act", "")
    database, spoken = visiting.database(request, found), found.language.code
    try:
        if what == "book":
            seats = form.get("seats", "1")[:2]
            new = visiting.checked(NewSeatBooking(code, int(seats) if seats.isdecimal() else 1))
            write = visiting.form_key(found, "book", form, msgspec.to_builtins(new))
            answer = await book_seats(database, found.known, write, _spender(found), found.id, new, spoken)
            made = msgspec.json.decode(answer.body, type=SeatBooking)
            return visiting.back(found, f"/events/{code}", said=f"seat_{made.state}")
        booking = booking_id(form.get("booking", "")[:64])
        await read_booking(database, found.program.id, booking, spoken, hers=found.id)
        write = visiting.form_key(found, f"booking-{what}", form, form.get("booking", ""))
        if what == "confirm":
            await confirm_booking(database, found.known, write, _spender(found), booking, spoken)
            return visiting.back(found, f"/events/{code}", said="seat_booked")
        by = _spender(found).by
        await cancel_booking(database, found.known, write, by, booking, "", spoken, hers=found.id)
    except (Conflict, SpendingNotAllowed, SpenderLimit, InvalidValue) as problem:
        return await _shown(request, found, problem)
    request.app.state.post_office.send(found.program.id)
    return visiting.back(found, "/clubs", said="seat_back")


@get("/portal/{slug:str}/events/{code:str}/calendar", include_in_schema=False)
async def calendar(request: HttpRequest) -> Response[Any]:
    """The event as a file for her calendar. Raises NotFound."""
    found = await visiting.member(request)
    one = await _one(request, found)
    document = one.occasion.document
    title = found.said(document.names)
    text = calendar_file(
        f"{one.occasion.code}@{found.program.slug}.regulars",
        title, document.place, document.starts_at, document.ends_at, found.now,
    )  # fmt: skip
    headers = {
        **pages.SECURITY_HEADERS,
        "Content-Disposition": f'attachment; filename="{one.occasion.code}.ics"',
        "Cache-Control": "private, no-store",
    }
    return Response(text.encode(), media_type="text/calendar", headers=headers)


def calendar_file(
    identifier: str, title: str, place: str, starts_at: datetime, ends_at: datetime, at: datetime
) -> str:
    """One event as a calendar reads it (RFC 5545): texts escaped, lines of 75 octets at the most, ended by CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Regulars//Events//EN",
        "BEGIN:VEVENT",
        f"UID:{identifier}",
        f"DTSTAMP:{_stamp(at)}",
        f"DTSTART:{_stamp(starts_at)}",
        f"DTEND:{_stamp(ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(place)}"] if place else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> list[str]:
    """A line in parts of 75 octets at the most, none of which splits a letter; all but the first begin with a space."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > 75:
            parts.append(part)
            part = " "
        part += letter
    return [*parts, part]


def event_line(found: Member, one: OpenOccasion) -> EventLine:
    """An event in words."""
    language, view, hers = found.language, one.occasion, one.booking
    document = view.document
    state = hers.state if hers else ""
    left = language.ngettext("{n} seat left", "{n} seats left", view.free)
    return EventLine(
        code=view.code,
        name=found.said(document.names),
        text=found.said(document.texts),
        place=document.place,
        when=f"{language.day(document.starts_at, found.zone)}, {language.time(document.starts_at, found.zone)}",
        ends=language.time(document.ends_at, found.zone),
        left=left.format(n=language.number(view.free)) if view.free else language.gettext("fully booked"),
        price=showing.points_text(found, document.price.currency, document.price.points)
        if document.price
        else language.gettext("free of charge"),
        most=document.seats_per_booking,
        full=not view.free,
        bookable=one.bookable and (view.free > 0 or document.waiting_list),
        hindered=_hindered(found, one),
        waits=document.waiting_list,
        booking=hers.id if hers else "",
        state=state,
        state_words=language.gettext(STATES[state]) if state else "",
        seats=hers.seats if hers else 0,
        waiting_place=language.number(hers.waiting_place) if hers and hers.waiting_place else "",
        confirm_by=language.moment(hers.confirm_by, found.zone) if hers and hers.confirm_by else "",
        returnable=_returnable(found, one),
        refund=_refund(found, one),
    )


def _hindered(found: Member, one: OpenOccasion) -> str:
    since = one.occasion.document.bookable_from
    if one.reason == "not_yet" and since is not None:
        said = found.language.gettext("Booking begins {moment}.")
        return said.format(moment=found.language.moment(since, found.zone))
    if one.reason is None and not one.occasion.free and not one.occasion.document.waiting_list:
        return found.language.gettext("All seats are taken.")
    return found.language.gettext(HINDRANCES[one.reason]) if one.reason in HINDRANCES else ""


def _returnable(found: Member, one: OpenOccasion) -> bool:
    if one.booking is None or one.booking.state == "attended":
        return False
    document = one.occasion.document
    late = one.booking.state == "booked" and found.now >= document.last_cancel
    return found.now < document.starts_at and not (late and document.late_cancel == "refused")


def _refund(found: Member, one: OpenOccasion) -> str:
    """What giving back brings, where it was paid."""
    hers, document = one.booking, one.occasion.document
    if hers is None or hers.currency is None or hers.state != "booked":
        return ""
    if found.now >= document.last_cancel and document.late_cancel == "kept":
        return found.language.gettext("It is too late for your points to come back.")
    points = showing.points_text(found, hers.currency, hers.points)
    return found.language.gettext("{points} come back to you.").format(points=points)


async def _one(request: HttpRequest, found: Member) -> OpenOccasion:
    code = request.path_params["code"]
    database = request.app.state.database
    coming = await occasions_for(database, found.known, found.id, found.language.code, found.now)
    one = next((each for each in coming if each.occasion.code == code), None)
    if one is None:
        raise NotFound("There is no such event.")
    return one


async def _shown(request: HttpRequest, found: Member, problem: Problem | None = None) -> Response[Any]:
    line = event_line(found, await _one(request, found))
    fault = "" if problem is None else faults.of_code(problem, FAULTS, found.language)
    return visiting.show(
        request,
        found,
        "event",
        tab="offers",
        status=200 if problem is None else problem.status,
        event=line,
        qr=showing.code("qr", line.booking) if line.state == "booked" else None,
        fault=fault,
        nonce=secrets.token_hex(8),
    )


def _spender(found: Member) -> Spender:
    """She herself: she is logged in."""
    caller = Caller(found.program.id, found.id, frozenset())
    return Spender(caller, f"member {ids.show('mem', found.id)}", vouched=True)


routes: list[Any] = [event, act, calendar]
