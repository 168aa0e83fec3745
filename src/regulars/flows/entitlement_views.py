"""Shows visits and entitlements as API and pages tell them, with the names in one language."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.programs.model import Caller, Program, Store
from regulars.rewards import allowances
from regulars.rewards.allowances import Holding
from regulars.rewards.entitlement_book import Use
from regulars.rewards.entitlements import Entitlement, Newest
from regulars.texts import said


class UseView(Struct, frozen=True):
    """A visit: used, booked, cancelled or missed."""

    id: str
    member: str
    entitlement: str
    name: str
    state: str
    store: str
    partner: str
    at: datetime
    """When she came, or is to come."""
    guests: int
    uses: int
    """What it took, or has reserved; 0 once that came back."""
    booked: bool
    cost: int | None
    """Of a use, minor units of base money; null for a key of another partner."""


class GuestsView(Struct, frozen=True):
    """Whom she may bring: `free` of them take nothing, as many as `from_quota` more take a use each."""

    free: int
    from_quota: int


class GivenView(Struct, frozen=True):
    """Uses that she was given beside her quota."""

    uses: int
    left: int
    until: datetime | None
    """Half-open."""


class BookingView(Struct, frozen=True):
    """How a visit is booked."""

    days_ahead: int
    cancel_hours: int
    no_show: str


class HeldEntitlement(Struct, frozen=True):
    """An entitlement as a member has it now."""

    code: str
    name: str
    description: str
    quota: int
    """Uses in a period, by her tiers, clubs and audiences."""
    period: str
    period_from: date | None
    period_until: date | None
    """Half-open; null: it has no end."""
    left: int
    """Uses that she has now, those given beside her quota among them."""
    next_free_at: datetime | None
    """Where none is left: when the next one is."""
    given: tuple[GivenView, ...]
    guests: GuestsView
    booking: BookingView | None
    """Null: one just comes."""
    stores: tuple[str, ...]
    """Where it can be used."""
    stopped: bool
    bookings: tuple[UseView, ...]
    """What is booked, the next first."""
    uses: tuple[UseView, ...]
    """What was used, the latest first; ten at the most."""


def place_of(program: Program, store: UUID) -> Store:
    """The store of an id."""
    return next(one for one in program.stores.values() if one.id == store)


def partner_code(program: Program, partner: UUID) -> str:
    """The code of a partner."""
    return next((one.code for one in program.partners.values() if one.id == partner), "")


def stores_of(program: Program, document: Entitlement) -> tuple[Store, ...]:
    """The stores at which an entitlement can be used, by code."""
    partners = {program.partners[code].id for code in document.partners if code in program.partners}
    everywhere = not document.stores and not document.partners
    return tuple(
        store
        for code, store in sorted(program.stores.items())
        if everywhere or code in document.stores or store.partner in partners
    )


def use_view(
    program: Program, use: Use, names: dict[str, dict[str, str]], language: str, caller: Caller | None
) -> UseView:
    """A visit as it is told; `names`: entitlement → its names. Without a caller the costs are not told."""
    seen = caller is not None and caller.partner in (None, use.partner)
    return UseView(
        id=ids.show("etu", use.id),
        member=ids.show("mem", use.member),
        entitlement=use.code,
        name=said(names.get(use.code, {}), language),
        state=use.state,
        store=place_of(program, use.store).code,
        partner=partner_code(program, use.partner),
        at=use.at,
        guests=use.guests,
        uses=use.taken + sum(use.granted.values()) if use.counts else 0,
        booked=use.booked,
        cost=(use.cost if use.state == "used" else 0) if seen else None,
    )


def held_view(
    program: Program,
    newest: Newest,
    holding: Holding,
    visits: tuple[UseView, ...],
    language: str,
    at: datetime,
) -> HeldEntitlement:
    """An entitlement as a member has it at an instant; `visits`: hers of it, the latest first."""
    document = newest.document
    first, end = allowances.bounds(document, at.astimezone(holding.zone).date(), holding.enrolled_on)
    left = 0 if document.stopped else allowances.left(holding, at)
    booking = document.booking
    return HeldEntitlement(
        code=newest.code,
        name=said(document.names, language),
        description=said(document.descriptions, language),
        quota=holding.quota,
        period=document.period,
        period_from=first,
        period_until=end,
        left=left,
        next_free_at=None if left or document.stopped else allowances.next_free(holding, 1, at),
        given=tuple(
            GivenView(one.uses, allowances.grant_left(holding, one, at), one.ends_at)
            for one in holding.grants
            if one.ends_at is None or one.ends_at > at
        ),
        guests=GuestsView(document.guests.free, document.guests.from_quota),
        booking=None
        if booking is None
        else BookingView(booking.days_ahead, booking.cancel_hours, booking.no_show),
        stores=tuple(store.code for store in stores_of(program, document)),
        stopped=document.stopped,
        bookings=tuple(reversed([one for one in visits if one.state == "booked"])),
        uses=tuple([one for one in visits if one.state == "used"][:10]),
    )
