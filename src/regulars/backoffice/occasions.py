"""The pages of events with seats: what is on, a form that makes one, the guest list, the waiting list, and the door."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.clubs import find_typed
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.at_door import booking_at_door
from regulars.flows.book_seats import NewSeatBooking, book_seats
from regulars.flows.booking_views import OccasionView, SeatBooking
from regulars.flows.clubs import list_clubs
from regulars.flows.end_booking import cancel_booking, check_in
from regulars.flows.guest_list import guests
from regulars.flows.occasions import booking_id, call_off, list_occasions, put_occasion, read_occasion
from regulars.flows.spender_proof import Spender
from regulars.i18n import N_, OWN_NAMES
from regulars.occasions.model import LIVE, OccasionDocument
from regulars.web import seat_words
from regulars.web.tables import MEDIA_TYPE, rows_as_csv

pages = Pages()
HERE = "/engagement/events"
MOMENTS = ("starts_at", "ends_at", "bookable_from", "bookable_until", "cancel_until")
BOOKING_TEXT = "bkg_"
IN_LISTS = (*LIVE, "attended")


@pages.get(HERE, needs="engagement.read")
async def events(visit: Visit) -> Response[Any]:
    """The events of the program: those to come first."""
    found = await list_occasions(visit.database, visit.program.id)
    at = await visit.now()
    coming = [one for one in found.items if one.document.ends_at > at]
    over = [one for one in found.items if one.document.ends_at <= at]
    ordered = [
        *sorted(coming, key=lambda one: one.document.starts_at),
        *sorted(over, key=lambda one: one.document.starts_at, reverse=True),
    ]
    return visit.page("events", items=[_line(visit, one, at) for one in ordered])


@pages.get(f"{HERE}/new", needs="engagement.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new event."""
    return await _form(visit, None)


@pages.post(f"{HERE}/new", needs="engagement.write", again=new)
async def make(visit: Visit) -> Response[Any]:
    """Make it."""
    return await _put(visit, visit.form("code"), N_("Members find the event on their pages now."))


@pages.get(f"{HERE}/{{code}}", needs="engagement.read")
async def event(visit: Visit) -> Response[Any]:
    """One event: what it is, who has a seat, who waits, and the door."""
    code, at = visit.path["code"], await visit.now()
    found = await read_occasion(visit.database, visit.program.id, code)
    listed = await guests(
        visit.database, visit.known, code, IN_LISTS, visit.language.code, named=visit.may("members.read")
    )
    whom = [*(await _club_names(visit, found.document)), *found.document.tiers]
    if found.document.companies_only:
        whom.append(visit.language.gettext("members of companies"))
    return visit.page(
        "event",
        one=found,
        line=_line(visit, found, at),
        text=visit.said(found.document.texts),
        whom=whom,
        price=desk.pointing(visit)(found.document.price.currency, found.document.price.points)
        if found.document.price
        else "",
        late=visit.language.gettext(seat_words.LATE[found.document.late_cancel]),
        seated=[one for one in listed if one.booking.state != "waiting"],
        waiting=[one for one in listed if one.booking.state == "waiting"],
        state=lambda one: visit.language.gettext(seat_words.STATES[one]),
        tones=seat_words.TONES,
    )


@pages.get(f"{HERE}/{{code}}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of an event that is there."""
    return await _form(visit, await read_occasion(visit.database, visit.program.id, visit.path["code"]))


@pages.post(f"{HERE}/{{code}}/edit", needs="engagement.write", again=edit)
async def revise(visit: Visit) -> Response[Any]:
    """Change it; with more seats the waiting list moves up at once."""
    return await _put(visit, visit.path["code"], N_("The event is changed."))


@pages.post(f"{HERE}/{{code}}/call-off", needs="engagement.write", again=event)
async def off(visit: Visit) -> Response[Any]:
    """It does not take place: every booking is given back."""
    code = visit.path["code"]
    await call_off(visit.database, visit.known, await visit.once(), code)
    return visit.to(f"{HERE}/{code}", done=visit.language.gettext("Called off: every booking is given back."))


@pages.post(f"{HERE}/{{code}}/door", needs="engagement.serve", again=event)
async def door(visit: Visit) -> Response[Any]:
    """Let in whoever shows her card or her booking, once."""
    code, text = visit.path["code"], visit.form("card")
    if not text:
        raise InvalidValue("/card", N_("Scan or type the card, or the code of the booking."))
    if text.startswith(BOOKING_TEXT):
        booking = booking_id(text, "/card")
    else:
        booking = await booking_at_door(visit.database, visit.known, code, text)
    spoken = visit.language.code
    answer = await check_in(
        visit.database, visit.known, await visit.once(), visit.by, booking, spoken, of=code
    )
    seats = msgspec.json.decode(answer.body, type=SeatBooking).seats
    said = visit.language.ngettext("Come in: {n} seat.", "Come in: {n} seats.", seats)
    return visit.to(f"{HERE}/{code}", done=said.format(n=seats))


@pages.post(f"{HERE}/{{code}}/bookings", needs="engagement.serve", again=event)
async def serve(visit: Visit) -> Response[Any]:
    """Book for a member by her card or phone, or give a booking back for her."""
    code, spoken, request = visit.path["code"], visit.language.code, await visit.once()
    if visit.form("act") == "cancel":
        booking = booking_id(visit.form("booking"), "/booking")
        await cancel_booking(
            visit.database, visit.known, request, visit.by, booking, desk.reason(visit), spoken
        )
        visit.state.post_office.send(visit.program.id)
        said = N_("Given back; whoever is next has moved up.")
        return visit.to(f"{HERE}/{code}", done=visit.language.gettext(said))
    member = ids.read("mem", await find_typed(visit))
    new = visit.read(NewSeatBooking, {"occasion": code, "seats": desk.whole(visit.form("seats"), "/seats")})
    spender = Spender(desk.caller(visit), visit.by, vouched=True)
    answer = await book_seats(visit.database, visit.known, request, spender, member, new, spoken)
    state = msgspec.json.decode(answer.body, type=SeatBooking).state
    said = (
        N_("Booked.")
        if state == "booked"
        else N_("There was no seat left: the member is on the waiting list.")
    )
    return visit.to(f"{HERE}/{code}", done=visit.language.gettext(said))


@pages.get(f"{HERE}/{{code}}/guests.csv", needs="members.read")
async def guest_list(visit: Visit) -> Response[Any]:
    """The guest list and the waiting list, for a spreadsheet."""
    code = visit.path["code"]
    listed = await guests(visit.database, visit.known, code, IN_LISTS, visit.language.code, named=True)
    head = ["name", "phone", "seats", "state", "waiting_place", "booked_at", "booking"]
    rows = [
        [
            one.name,
            one.phone,
            one.booking.seats,
            one.booking.state,
            one.booking.waiting_place or "",
            one.booking.booked_at.astimezone(visit.zone).strftime("%Y-%m-%d %H:%M"),
            one.booking.id,
        ]
        for one in listed
    ]
    return visit.file("guests.csv", rows_as_csv([head, *rows]), MEDIA_TYPE)


async def _club_names(visit: Visit, document: OccasionDocument) -> list[str]:
    if not document.clubs:
        return []
    listed = await list_clubs(visit.database, visit.program.id, await visit.now())
    names = {one.code: visit.said(one.document.names) for one in listed.items}
    return [names.get(code, code) for code in document.clubs]


def _line(visit: Visit, one: OccasionView, at: datetime) -> dict[str, Any]:
    document, state = one.document, N_("can be booked")
    if one.called_off_at is not None:
        state = N_("called off")
    elif at >= document.ends_at:
        state = N_("over")
    elif at >= document.starts_at:
        state = N_("under way")
    elif not one.free:
        state = N_("fully booked")
    return {
        "code": one.code,
        "name": visit.said(document.names),
        "when": document.starts_at,
        "taken": one.taken,
        "seats": document.seats,
        "waiting": one.waiting,
        "state": visit.language.gettext(state),
        "live": one.called_off_at is None and at < document.ends_at,
        "good": one.called_off_at is None and at < document.starts_at and one.free > 0,
    }


async def _form(visit: Visit, found: OccasionView | None) -> Response[Any]:
    document = found.document if found is not None else None
    clubs = await list_clubs(visit.database, visit.program.id, await visit.now())
    spendable = [code for code, one in visit.program.currencies.items() if one.kind != "qualifying"]
    shown = visit.form_fields() if visit.problem else _shown(visit, document, spendable)
    if visit.problem:
        shown |= {f"club-{code}": "1" for code in visit.form_list("clubs")}
    return visit.page(
        "event_form",
        one=found,
        shown=shown,
        languages=[(code, OWN_NAMES.get(code, code)) for code in visit.program.languages],
        clubs=[(one.code, visit.said(one.document.names)) for one in clubs.items],
        currencies=[(code, code) for code in spendable],
        late=[(code, visit.language.gettext(said)) for code, said in seat_words.LATE.items()],
    )


def _shown(visit: Visit, document: OccasionDocument | None, spendable: list[str]) -> dict[str, str]:
    shown = {"waiting_list": "1", "seats_per_booking": "1", "currency": spendable[0] if spendable else ""}
    if document is None:
        return shown
    shown |= {f"names-{code}": text for code, text in document.names.items()}
    shown |= {f"texts-{code}": text for code, text in document.texts.items()}
    shown |= {f"club-{code}": "1" for code in document.clubs}
    for name in MOMENTS:
        at: datetime | None = getattr(document, name)
        shown[name] = at.astimezone(visit.zone).strftime("%Y-%m-%dT%H:%M") if at else ""
    shown |= {
        "place": document.place,
        "seats": str(document.seats),
        "seats_per_booking": str(document.seats_per_booking),
        "tiers": ", ".join(document.tiers),
        "companies_only": "1" if document.companies_only else "",
        "waiting_list": "1" if document.waiting_list else "",
        "confirm_hours": str(document.confirm_hours or ""),
        "late_cancel": document.late_cancel,
    }
    if document.price is not None:
        shown |= {"currency": document.price.currency, "points": str(document.price.points)}
    return shown


async def _put(visit: Visit, code: str, said: str) -> Response[Any]:
    sent: dict[str, Any] = {
        "place": visit.form("place"),
        "clubs": visit.form_list("clubs"),
        "tiers": [part.strip() for part in visit.form("tiers").split(",") if part.strip()],
        "companies_only": bool(visit.form("companies_only")),
        "waiting_list": bool(visit.form("waiting_list")),
        "late_cancel": visit.form("late_cancel", "refused"),
    }
    for field in ("names", "texts"):
        written = {one: visit.form(f"{field}-{one}") for one in visit.program.languages}
        sent[field] = {one: text for one, text in written.items() if text}
    for name in ("seats", "seats_per_booking", "confirm_hours"):
        if visit.form(name):
            sent[name] = desk.whole(visit.form(name), f"/{name}")
    for name in MOMENTS:
        if visit.form(name):
            sent[name] = _moment(visit, name).isoformat()
    if visit.form("points"):
        sent["price"] = {
            "currency": visit.form("currency"),
            "points": desk.whole(visit.form("points"), "/price/points"),
        }
    document = visit.read(OccasionDocument, sent)
    made = await put_occasion(visit.database, visit.known, code, document, visit.by, await visit.now())
    visit.state.post_office.send(visit.program.id)
    return visit.to(f"{HERE}/{made.code}", done=visit.language.gettext(said))


def _moment(visit: Visit, name: str) -> datetime:
    """A day and a time on the wall clocks of the program. Raises InvalidValue."""
    try:
        return datetime.fromisoformat(visit.form(name)).replace(tzinfo=visit.zone)
    except ValueError:
        raise InvalidValue(f"/{name}", N_("is not a date")) from None
