"""What a member collects and has paid for ahead: stamp cards, packs, memberships; she ends one with its period."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import NotFound, StateConflict
from regulars.flows import memberships
from regulars.flows.member_prepaid import Held, Plans, StampCard, member_prepaid
from regulars.flows.memberships import Cancellation
from regulars.portal import showing, visiting
from regulars.portal.visiting import Member
from regulars.web import prepaid_words

HttpRequest = Request[Any, Any, Any]
RINGS_MAX = 30
"""A card of more stamps is shown as a number alone."""


class StampLine(Struct, frozen=True):
    """A stamp card in words; `rings`: which of them are stamped, the last one being the gift."""

    name: str
    words: str
    rings: tuple[bool, ...]
    ready: bool


class PackLine(Struct, frozen=True):
    """A pack in words."""

    name: str
    left: str
    share: int
    """How many hundredths of it are left."""
    until: str


class PlanLine(Struct, frozen=True):
    """A plan in words."""

    name: str
    text: str
    price: str
    trial: str


class HeldLine(Struct, frozen=True):
    """A membership of hers in words."""

    id: str
    plan: PlanLine
    standing: str
    endable: bool


@get("/portal/{slug:str}/memberships", include_in_schema=False)
async def mine(request: HttpRequest) -> Response[Any]:
    """Stamp cards first, then what is paid for, then what there is."""
    found = await visiting.member(request)
    shown = await member_prepaid(
        request.app.state.database, found.known, found.id, found.language.code, found.now
    )
    packs = [
        PackLine(
            one.name,
            found.language.ngettext(
                "{n} of {total} visits left", "{n} of {total} visits left", one.left
            ).format(n=one.left, total=one.visits),
            100 * one.left // one.visits,
            showing.last_day(found, one.expires_at) if one.expires_at else "",
        )
        for one in shown.packs
    ]
    return visiting.show(
        request,
        found,
        "memberships",
        tab="offers",
        nonce=secrets.token_hex(8),
        stamps=[stamp_line(found, one) for one in shown.stamps],
        packs=packs,
        held=[_held(found, one) for one in shown.held],
        plans=[_plan(found, one) for one in shown.plans],
    )


@post("/portal/{slug:str}/memberships/{membership:str}/end", status_code=303, include_in_schema=False)
async def end(request: HttpRequest) -> Response[Any]:
    """End one of hers with its period. Raises NotFound."""
    found, form = await visiting.writing(request)
    one = ids.read("mbs", request.path_params["membership"], "")
    hers = await member_prepaid(
        request.app.state.database, found.known, found.id, found.language.code, found.now
    )
    if all(held.membership.id != ids.show("mbs", one) for held in hers.held):
        raise NotFound("There is no such membership.")
    asked = Cancellation("period_end")
    key = visiting.form_key(found, f"membership/{one.hex}", form, asked)
    try:
        await memberships.act(
            visiting.database(request, found), found.program, key, ids.show("mem", found.id), one,
            "membership.cancelled", memberships.cancelling(asked),
        )  # fmt: skip
    except StateConflict:  # it ends already, or ended meanwhile: the page says how it stands
        return visiting.back(found, "/memberships")
    return visiting.back(found, "/memberships", said="membership_ends")


def stamp_line(found: Member, one: StampCard) -> StampLine:
    """A stamp card as the card's page and this one show it."""
    language, on = found.language, min(one.have, one.needed)
    rings = tuple(place < on for place in range(one.needed)) if one.needed <= RINGS_MAX else ()
    if one.have >= one.needed:
        words = language.gettext("The card is full: it counts at the till by itself")
    else:
        words = language.ngettext("{n} of {total} stamps", "{n} of {total} stamps", on)
        words = words.format(n=on, total=one.needed)
    return StampLine(one.name, words, rings, one.have >= one.needed)


def _held(found: Member, one: Held) -> HeldLine:
    shown = one.membership
    standing = prepaid_words.standing(found.language, shown, found.zone)
    return HeldLine(shown.id, _plan(found, one.plan), standing, shown.state == "active" and not shown.to_end)


def _plan(found: Member, one: Plans) -> PlanLine:
    language = found.language
    trial = ""
    if one.trial_days:
        trial = language.ngettext(
            "the first {n} day costs nothing", "the first {n} days cost nothing", one.trial_days
        ).format(n=one.trial_days)
    price = prepaid_words.price(language, one.price, found.program.base_currency, one.period)
    return PlanLine(one.name, one.text, price, trial)


routes: list[Any] = [mine, end]
