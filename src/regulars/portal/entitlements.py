"""The member's privileges: how many uses are left, booking a visit step by step, what is booked, cancelling it."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import clock, ids
from regulars.errors import Conflict, InvalidValue, NotFound, Problem
from regulars.flows.end_visit import cancel
from regulars.flows.entitlement_views import HeldEntitlement, UseView
from regulars.flows.member_entitlements import SlotView, member_entitlements, slots_of
from regulars.flows.use_entitlement import NewBooking, Visitor, book_visit
from regulars.portal import showing, visiting
from regulars.portal.visiting import Member
from regulars.programs.model import Store
from regulars.web import entitlement_words, faults

HttpRequest = Request[Any, Any, Any]
CODE_MAX = 63


class VisitLine(Struct, frozen=True):
    """A booked or past visit in words."""

    id: str
    name: str
    place: str
    when: str
    guests: str
    cancellable: bool


class PrivilegeLine(Struct, frozen=True):
    """A privilege in words."""

    code: str
    name: str
    description: str
    left: str
    some: bool
    next_free: str
    guests: str
    given: tuple[str, ...]
    places: str
    bookable: bool
    share: int
    """Of the quota, how many hundredths are left."""


class SlotLine(Struct, frozen=True):
    """A time that may be chosen."""

    value: str
    time: str
    room: str
    full: bool


@get("/portal/{slug:str}/privileges", include_in_schema=False)
async def privileges(request: HttpRequest) -> Response[Any]:
    """What she has, what is booked, and what she has used."""
    found = await visiting.member(request)
    return await _overview(request, found)


@get("/portal/{slug:str}/privileges/{code:str}", include_in_schema=False)
async def choose(request: HttpRequest) -> Response[Any]:
    """Book a visit: first where and on which day, then when. Raises NotFound."""
    found = await visiting.member(request)
    query = request.query_params
    return await _choice(request, found, query.get("store", ""), query.get("day", ""))


@post("/portal/{slug:str}/privileges/{code:str}", status_code=303, include_in_schema=False)
async def book(request: HttpRequest) -> Response[Any]:
    """Book it; what stands in the way is said on the page that asked."""
    found, form = await visiting.writing(request)
    code = request.path_params["code"][:CODE_MAX]
    store, at = form.get("store", ""), _instant(form.get("at", ""))
    try:
        guests = int(form.get("guests", "0")[:2] or "0")
    except ValueError:
        guests = 0
    if at is None:
        return await _choice(request, found, store, form.get("day", ""))
    new = visiting.checked(NewBooking(at, store or None, guests))
    write = visiting.form_key(found, "book", form, msgspec.to_builtins(new))
    database, language = visiting.database(request, found), found.language.code
    try:
        await book_visit(database, found.known, write, _visitor(found), found.id, code, new, language)
    except (Conflict, InvalidValue) as problem:
        return await _choice(request, found, store, form.get("day", ""), problem)
    return visiting.back(found, "/privileges", said="booked")


@post("/portal/{slug:str}/privileges/visits/{use:str}", status_code=303, include_in_schema=False)
async def give_back(request: HttpRequest) -> Response[Any]:
    """Cancel a booking of hers. Raises NotFound."""
    found, form = await visiting.writing(request)
    try:
        use = ids.read("etu", request.path_params["use"])
    except ids.WrongIdKind as error:
        raise NotFound("There is no such visit of yours.") from error
    write = visiting.form_key(found, "cancel-visit", form, str(use))
    database, language = visiting.database(request, found), found.language.code
    try:
        await cancel(database, found.known, write, _visitor(found), use, language, hers=found.id)
    except Conflict as problem:
        return await _overview(request, found, problem)
    return visiting.back(found, "/privileges", said="visit_cancelled")


async def _overview(request: HttpRequest, found: Member, problem: Problem | None = None) -> Response[Any]:
    database, language = request.app.state.database, found.language
    hers = await member_entitlements(database, found.known, found.id, language.code, None, found.now)
    booked = sorted((one for held in hers.items for one in held.bookings), key=lambda one: one.at)
    used = sorted((one for held in hers.items for one in held.uses), key=lambda one: one.at, reverse=True)
    hours = {held.code: held.booking.cancel_hours for held in hers.items if held.booking is not None}
    return visiting.show(
        request,
        found,
        "privileges",
        tab="offers",
        status=200 if problem is None else problem.status,
        privileges=[_line(found, one) for one in hers.items if not one.stopped],
        booked=[_visit(found, one, hours.get(one.entitlement, 0)) for one in booked],
        used=[_visit(found, one, 0) for one in used],
        fault=_said(found, problem),
        nonce=secrets.token_hex(8),
    )


async def _choice(
    request: HttpRequest, found: Member, store: str, wanted: str, problem: Problem | None = None
) -> Response[Any]:
    database, language = request.app.state.database, found.language
    code = request.path_params["code"][:CODE_MAX]
    hers = await member_entitlements(database, found.known, found.id, language.code, None, found.now)
    one = next((each for each in hers.items if each.code == code and not each.stopped), None)
    if one is None or one.booking is None or not one.stores:
        raise NotFound("There is nothing to book here.")
    place = found.program.stores[store if store in one.stores else one.stores[0]]
    today = found.now.astimezone(clock.zone(place.time_zone)).date()
    last = today + timedelta(days=one.booking.days_ahead)
    day = min(max(_day(wanted) or today, today), last)
    slots = await slots_of(database, found.program, code, place.code, day, found.now)
    return visiting.show(
        request,
        found,
        "privilege_booking",
        tab="offers",
        status=200 if problem is None else problem.status,
        one=_line(found, one),
        places=[found.program.stores[each] for each in one.stores],
        place=place,
        day=day.isoformat(),
        first_day=today.isoformat(),
        last_day=last.isoformat(),
        said_day=language.day(day, begins=False),
        slots=[_slot(found, place, slot) for slot in slots.items],
        guests_most=one.guests.free + one.guests.from_quota,
        cancel_hours=one.booking.cancel_hours,
        no_show=one.booking.no_show,
        fault=_said(found, problem),
        nonce=secrets.token_hex(8),
    )


def _line(found: Member, one: HeldEntitlement) -> PrivilegeLine:
    language = found.language
    places = [found.program.stores[code].name for code in one.stores]
    everywhere = len(places) == len(found.program.stores)
    return PrivilegeLine(
        code=one.code,
        name=one.name,
        description=one.description,
        left=entitlement_words.left(language, one),
        some=one.left > 0,
        next_free=entitlement_words.next_free(language, one.next_free_at, found.zone),
        guests=entitlement_words.guests(language, one),
        given=tuple(
            language.gettext("{n} of them until {day}").format(
                n=language.number(grant.left),
                day=entitlement_words.last_day(language, grant.until, found.zone),
            )
            for grant in one.given
            if grant.left and grant.until is not None
        ),
        places="" if everywhere else language.joined(places[:6]),
        bookable=one.booking is not None and bool(one.stores),
        share=min(100, 100 * one.left // max(1, one.quota)),
    )


def _visit(found: Member, one: UseView, cancel_hours: int) -> VisitLine:
    language, place = found.language, found.program.stores[one.store]
    zone = clock.zone(place.time_zone)
    coming = language.ngettext("with {n} guest", "with {n} guests", one.guests)
    return VisitLine(
        id=one.id,
        name=one.name,
        place=place.name,
        when=showing.moment(language, one.at, found.now, zone),
        guests=coming.format(n=language.number(one.guests)) if one.guests else "",
        cancellable=one.state == "booked" and found.now <= one.at - timedelta(hours=cancel_hours),
    )


def _slot(found: Member, place: Store, one: SlotView) -> SlotLine:
    language = found.language
    room = ""
    if one.free is not None:
        room = language.ngettext("{n} place", "{n} places", one.free).format(n=language.number(one.free))
    time = language.time(one.at, clock.zone(place.time_zone))
    return SlotLine(one.at.isoformat(), time, room, one.free == 0)


def _said(found: Member, problem: Problem | None) -> str:
    """What went wrong, and where a quota is used up from which day on there is one again."""
    if problem is None:
        return ""
    words = faults.of_code(problem, entitlement_words.FAULTS, found.language)
    free_at = problem.extra.get("next_free_at")
    if free_at is None:
        return words
    day = entitlement_words.next_free(found.language, datetime.fromisoformat(free_at), found.zone)
    return f"{words} {day.rstrip('.')}."


def _visitor(found: Member) -> Visitor:
    return Visitor(f"member {ids.show('mem', found.id)}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


routes: list[Any] = [privileges, choose, book, give_back]
