"""The desk of entitlements: who is expected today, checking in by card or phone, and what one member has and booked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response

from regulars import clock, ids
from regulars.backoffice import desk
from regulars.backoffice.members import finds, frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.end_visit import cancel, check_in
from regulars.flows.entitlement_costs import expected_at
from regulars.flows.entitlement_views import HeldEntitlement, UseView
from regulars.flows.find_member import Sought, find_member
from regulars.flows.member_entitlements import NewGrant, grant_uses, member_entitlements
from regulars.flows.read_member import read_profile
from regulars.flows.use_entitlement import NewUse, Visitor, use_entitlement
from regulars.i18n import N_
from regulars.programs.model import Store
from regulars.web import entitlement_words

pages = Pages()
DESK = "/engagement/entitlements/desk"
TONES = {"booked": "information", "used": "good", "cancelled": "", "missed": "warning"}
PHONE_DIGITS_MAX = 13


@pages.get(DESK, needs="engagement.serve")
async def at_the_desk(visit: Visit) -> Response[Any]:
    """Who is expected today at a place, and the question for a card or a phone."""
    return await _desk(visit, None)


@pages.post(f"{DESK}/find", needs="engagement.serve", again=at_the_desk)
async def find(visit: Visit) -> Response[Any]:
    """Who stands there, and what she may use. What is typed is personal: it is sent, and stands in no address."""
    finds.take(visit.staff.id, visit.program.settings.finds_a_minute)
    text = visit.form("text").replace(" ", "")
    if not text or len(text) > 64:
        raise InvalidValue("/text", N_("Type the card or the phone number."))
    sought = Sought(phone=text) if text.startswith("+") or len(text) < PHONE_DIGITS_MAX else Sought(card=text)
    found = await find_member(
        visit.database, visit.program, visit.known.vault, desk.caller(visit), sought, at=await visit.now()
    )
    return await _desk(visit, (found.id, found.name))


@pages.post(DESK, needs="engagement.serve", again=at_the_desk)
async def use(visit: Visit) -> Response[Any]:
    """Check her in."""
    member = ids.read("mem", visit.form("member"), "/member")
    sent = {"store": visit.form("store"), "guests": desk.whole(visit.form("guests") or "0", "/guests")}
    new = visit.read(NewUse, sent)
    await use_entitlement(
        visit.database, visit.known, await visit.once(), _visitor(visit), member, visit.form("code"), new,
        visit.language.code,
    )  # fmt: skip
    return _back(visit, N_("Checked in."))


@pages.post("/engagement/entitlements/visits/{id}", needs="engagement.serve", again=at_the_desk)
async def act(visit: Visit) -> Response[Any]:
    """A booked visit has begun, or is cancelled for her; a use that was a mistake is taken back."""
    identifier, request = desk.read_id(visit, "etu"), await visit.once()
    visitor, spoken = _visitor(visit), visit.language.code
    if visit.form("act") == "cancel":
        await cancel(visit.database, visit.known, request, visitor, identifier, spoken)
        return _back(visit, N_("Cancelled: what it took is free again."))
    await check_in(visit.database, visit.known, request, visitor, identifier, spoken)
    return _back(visit, N_("Checked in."))


@pages.get("/members/{id}/entitlements", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """What a member has, what she booked and used, and giving her more."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))
    at = await visit.now()
    hers = await member_entitlements(
        visit.database, visit.known, profile.id, visit.language.code, desk.caller(visit), at
    )
    visits = sorted(
        [one for held in hers.items for one in (*held.bookings, *held.uses)],
        key=lambda one: one.at,
        reverse=True,
    )
    return visit.page(
        "member_entitlements",
        **frame(visit, profile, "entitlements"),
        held=[_line(visit, one) for one in hers.items],
        visits=_rows(visit, visits, at),
        back=f"/members/{visit.path['id']}/entitlements",
    )


@pages.post("/members/{id}/entitlements", needs=("engagement.serve", "members.read"), again=of_member)
async def give(visit: Visit) -> Response[Any]:
    """Give her uses beside her quota; the audit trail keeps why."""
    days = visit.form("days")
    sent = {"uses": desk.whole(visit.form("uses"), "/uses"), "reason": desk.reason(visit)}
    new = visit.read(NewGrant, sent | ({"days": desk.whole(days, "/days")} if days else {}))
    member, code = desk.read_id(visit, "mem"), visit.form("code")
    await grant_uses(
        visit.database,
        visit.known,
        await visit.once(),
        desk.caller(visit),
        member,
        code,
        new,
        visit.language.code,
    )
    return visit.to(
        f"/members/{visit.path['id']}/entitlements", done=visit.language.gettext("They can be used now.")
    )


async def _desk(visit: Visit, who: tuple[str, str] | None) -> Response[Any]:
    at, stores = await visit.now(), visit.stores
    place = _place(visit, stores)
    expected: tuple[UseView, ...] = ()
    held: list[dict[str, Any]] = []
    if place is not None:
        day = at.astimezone(clock.zone(place.time_zone)).date()
        caller, spoken = desk.caller(visit), visit.language.code
        expected = await expected_at(visit.database, visit.program, caller, place.code, day, spoken)
        if who is not None:
            member = ids.read("mem", who[0])
            hers = await member_entitlements(visit.database, visit.known, member, spoken, caller, at)
            held = [_line(visit, one) for one in hers.items if place.code in one.stores and not one.stopped]
    return visit.page(
        "entitlement_desk",
        who=who,
        held=held,
        place=place,
        stores=[(one.code, one.name) for one in stores],
        visits=_rows(visit, [one for one in expected if one.state != "cancelled"], at),
        back=f"{DESK}?store={place.code}" if place is not None else DESK,
    )


def _place(visit: Visit, stores: list[Store]) -> Store | None:
    wanted = visit.form("store") or visit.query.get("store")
    return next((one for one in stores if one.code == wanted), stores[0] if stores else None)


def _line(visit: Visit, one: HeldEntitlement) -> dict[str, Any]:
    language = visit.language
    return {
        "code": one.code,
        "name": one.name,
        "left": entitlement_words.left(language, one),
        "some": one.left > 0,
        "next_free": entitlement_words.next_free(language, one.next_free_at, visit.zone),
        "guests": entitlement_words.guests(language, one),
        "guests_most": one.guests.free + one.guests.from_quota,
    }


def _rows(visit: Visit, found: list[UseView], now: datetime) -> list[dict[str, Any]]:
    program, language = visit.program, visit.language
    zones = {code: clock.zone(store.time_zone) for code, store in program.stores.items()}
    return [
        {
            "view": one,
            "when": language.moment(one.at, zones[one.store]),
            "today": one.state == "booked"
            and one.at.astimezone(zones[one.store]).date() == now.astimezone(zones[one.store]).date(),
            "place": program.stores[one.store].name,
            "state": entitlement_words.state(language, one.state),
            "tone": TONES[one.state],
            "cost": "–"
            if one.cost is None or one.state != "used"
            else language.money(one.cost, program.base_currency),
        }
        for one in found
    ]


def _visitor(visit: Visit) -> Visitor:
    return Visitor(visit.by, desk.caller(visit), visit.staff.stores)


def _back(visit: Visit, said: str) -> Response[Any]:
    back = visit.form("back")
    own = back.startswith("/members/mem_") and back.endswith("/entitlements")
    store = next((one.code for one in visit.stores if one.code == visit.form("store")), "")
    path = back if own else DESK + (f"?store={store}" if store else "")
    return visit.to(path, done=visit.language.gettext(said))
