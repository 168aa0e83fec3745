"""Points that a member passes on: to another member, to a good cause, into another currency, and a transfer that she
takes back; each asked once more."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import (
    Conflict,
    CoolingOff,
    Forbidden,
    InsufficientPoints,
    InvalidValue,
    NotFound,
    PassingLimit,
    Problem,
    SpenderLimit,
    SpendingNotAllowed,
    StateConflict,
    TooManyRequests,
)
from regulars.flows.donate_points import NewDonation, donate_points, preview_donation
from regulars.flows.exchange_points import NewExchange, exchange_points, preview_exchange
from regulars.flows.passed_on import passed_on
from regulars.flows.read_member import read_balance
from regulars.flows.recipients import Recipient, find_recipient, open_rates
from regulars.flows.take_transfer_back import take_transfer_back
from regulars.flows.transfer_points import NewTransfer, preview_transfer, transfer_points
from regulars.i18n import N_
from regulars.ledger.passing import PassedBy
from regulars.portal import passing_words, showing, visiting
from regulars.portal.visiting import Member
from regulars.programs.model import CurrencySpec
from regulars.web.limits import Counter

HttpRequest = Request[Any, Any, Any]
PATH = "/pass-on"
LOOKS_A_MINUTE = 5
"""Phones and cards that a member may try: more is somebody who reads who is a member."""
looks = Counter()
FAULTS: dict[str, str] = {
    InsufficientPoints.code: N_("You do not have that many points."),
    PassingLimit.code: N_("That is more than may be passed on in this time."),
    CoolingOff.code: N_("Points that have just come cannot be passed on yet."),
    SpendingNotAllowed.code: N_("You collect points for the account, but only an owner passes them on."),
    SpenderLimit.code: N_("That is more than you may spend of the account today."),
    StateConflict.code: N_(
        "This cannot be taken back any more: it is too late, or something of it was spent."
    ),
    NotFound.code: N_("Nobody has this phone or card number here."),
    TooManyRequests.code: N_("Too many tries. Wait a minute."),
}
OTHERWISE = N_("This does not look right. Nothing was moved.")


class DoneLine(Struct, frozen=True):
    """Something that was passed on, in words."""

    points: str
    where: str
    """To whom, or into what."""
    day: str
    back: str
    """Since when a transfer is hers again; empty: it is not."""
    transfer: str
    """Its id while it may be taken back, as far as nothing of it was spent."""


@get("/portal/{slug:str}/pass-on", include_in_schema=False)
async def ways(request: HttpRequest) -> Response[Any]:
    """What can be done with points beside paying."""
    return await _page(request, await visiting.member(request))


@post("/portal/{slug:str}/pass-on", status_code=303, include_in_schema=False)
async def act(request: HttpRequest) -> Response[Any]:
    """Ask once more, or do it; what stands in the way is said on the page."""
    found, form = await visiting.writing(request)
    acts = {"send": _send, "donate": _donate, "exchange": _exchange, "take-back": _take_back}
    try:
        wanted = acts.get(form.get("act", ""))
        if wanted is None:
            raise InvalidValue("/act", "is none")
        said = await wanted(request, found, form)
    except (Conflict, Forbidden, InvalidValue, NotFound, TooManyRequests) as problem:
        return await _page(request, found, form=form, problem=problem)
    if said:
        return await _page(request, found, form=form, question=said)
    return visiting.back(found, PATH, said="passed_on")


async def _send(request: HttpRequest, found: Member, form: dict[str, str]) -> str:
    """The question, or nothing when it is done."""
    if not found.program.settings.passing.members:
        raise Forbidden
    if form.get("sure") == "1":
        # It was counted when it was asked for: what is done counts once, and what is refused tells something again.
        with looks.guessing(found.id, LOOKS_A_MINUTE + 1, Problem):
            taker, new = await _sending(request, found, form)
            write = visiting.form_key(found, "send", form, msgspec.to_builtins(new))
            database = visiting.database(request, found)
            await transfer_points(database, found.program, write, _actor(found), found.id, new)
        return ""
    looks.take(found.id, LOOKS_A_MINUTE)
    taker, new = await _sending(request, found, form)
    await preview_transfer(visiting.database(request, found), found.program, found.id, new, found.now)
    whom = f"{taker.letter}." if taker.letter else found.language.gettext("this member")
    text = found.language.gettext("Send {points} to {whom}?")
    asked = text.format(points=showing.points_text(found, new.currency, new.amount), whom=whom)
    fee = found.program.settings.passing.fee
    if fee:
        beside = found.language.gettext("The fee is {points}.")
        asked += " " + beside.format(points=showing.points_text(found, new.currency, fee))
    return asked


async def _sending(
    request: HttpRequest, found: Member, form: dict[str, str]
) -> tuple[Recipient, NewTransfer]:
    """Who the form means, and what she would get. Raises InvalidValue, NotFound."""
    spec, amount = _points(found, form)
    database = visiting.database(request, found)
    taker = await find_recipient(database, found.program, found.known.vault, form.get("to", "")[:60])
    if taker is None or taker.member == found.id:
        raise NotFound
    return taker, NewTransfer(ids.show("mem", taker.member), spec.code, amount)


async def _donate(request: HttpRequest, found: Member, form: dict[str, str]) -> str:
    spec, amount = _points(found, form)
    new = visiting.checked(NewDonation(form.get("charity", ""), spec.code, amount))
    partner = found.program.partners.get(new.charity)
    if partner is None:
        raise InvalidValue("/charity", "is none")
    database = visiting.database(request, found)
    if form.get("sure") != "1":
        await preview_donation(database, found.program, found.id, new, found.now)
        text = found.language.gettext("Give {points} to {whom}? They cannot be taken back.")
        return text.format(points=showing.points_text(found, spec.code, amount), whom=partner.name)
    write = visiting.form_key(found, "donate", form, msgspec.to_builtins(new))
    await donate_points(database, found.program, write, _actor(found), found.id, new)
    return ""


async def _exchange(request: HttpRequest, found: Member, form: dict[str, str]) -> str:
    currency, _, target = form.get("pair", "").partition(">")
    spec, amount = _points(found, form | {"currency": currency})
    new = visiting.checked(NewExchange(spec.code, target, amount))
    database = visiting.database(request, found)
    if form.get("sure") != "1":
        foreseen = await preview_exchange(database, found.program, found.id, new, found.now)
        text = found.language.gettext("Exchange {points} for {others}? They cannot be taken back.")
        given = showing.points_text(found, spec.code, amount)
        return text.format(points=given, others=showing.points_text(found, target, foreseen.received))
    write = visiting.form_key(found, "exchange", form, msgspec.to_builtins(new))
    await exchange_points(database, found.program, write, _actor(found), found.id, new)
    return ""


async def _take_back(request: HttpRequest, found: Member, form: dict[str, str]) -> str:
    try:
        transfer = ids.read("trf", form.get("transfer", "")[:64])
    except ids.WrongIdKind as error:
        raise InvalidValue("/transfer", "is none") from error
    database = visiting.database(request, found)
    if form.get("sure") != "1":
        shown = ids.show("trf", transfer)
        hers = await passed_on(database, found.program.id, found.id)
        one = next((each for each in hers if each.transfer == shown and _in_time(found, each)), None)
        if one is None:
            raise StateConflict
        text = found.language.gettext("{points} come back to you.")
        return text.format(points=showing.points_text(found, one.currency, one.amount))
    write = visiting.form_key(found, "take-back", form, ids.show("trf", transfer))
    try:
        await take_transfer_back(database, found.program, write, _actor(found), found.id, transfer)
    except NotFound as error:
        raise StateConflict from error
    return ""


def _in_time(found: Member, one: PassedBy) -> bool:
    """Whether a transfer may still be taken back, as far as nothing of it was spent."""
    hours = found.program.settings.passing.take_back_hours
    last = one.passed_at + timedelta(hours=hours)
    return bool(hours) and one.transfer is not None and one.taken_back_at is None and found.now <= last


def _points(found: Member, form: dict[str, str]) -> tuple[CurrencySpec, int]:
    """The currency and how much of it, in its unit. Raises InvalidValue."""
    spec = found.program.currencies.get(form.get("currency", "")) or found.program.points
    text = form.get("amount", "").replace(" ", "").replace("\u00a0", "")
    if spec is None or not text.isascii() or not text.isdigit() or not 0 < len(text) <= 9 or not int(text):
        raise InvalidValue("/amount", "is a whole number")
    return spec, int(text) * 10**spec.scale


def _done(found: Member, one: PassedBy) -> DoneLine:
    language = found.language
    if one.kind == "sharing":
        where = language.gettext("Into a shared account")
    elif one.kind == "exchange":
        where = showing.points_text(found, one.target or "", one.received or 0)
    elif one.kind == "donation":
        partner = found.program.partners.get(one.charity or "")
        where = partner.name if partner else one.charity or ""
    else:
        where = language.gettext("To another member")
    points = showing.points_text(found, one.currency, -one.amount, signed=True)
    back = one.taken_back_at
    return DoneLine(
        points=points,
        where=where,
        day=showing.moment(language, one.passed_at, found.now, found.zone),
        back=showing.moment(language, back, found.now, found.zone, begins=False) if back else "",
        transfer=(one.transfer or "") if _in_time(found, one) else "",
    )


def _actor(found: Member) -> str:
    return f"member {ids.show('mem', found.id)}"


async def _page(
    request: HttpRequest,
    found: Member,
    *,
    form: dict[str, str] | None = None,
    question: str = "",
    problem: Problem | None = None,
) -> Response[Any]:
    database, rules = request.app.state.database, found.program.settings.passing
    rates = await open_rates(database, found.program.id)
    charities = [
        (code, found.program.partners[code].name)
        for code in rules.charities
        if code in found.program.partners
    ]
    if not (rules.members or charities or rates):
        raise NotFound("Points are not passed on in this program.")
    balance = await read_balance(database, found.program, found.id, at=found.now)
    kinds = {code: spec.kind for code, spec in found.program.currencies.items()}
    lines = [
        line
        for line in showing.balance_lines(found, balance.currencies)
        if line.available and kinds[line.currency] != "qualifying"
    ]
    fault = found.language.gettext(FAULTS.get(problem.code, OTHERWISE)) if problem is not None else ""
    if problem is not None:
        fault = passing_words.with_time(found, fault, problem)
    return visiting.show(
        request,
        found,
        "pass_on",
        tab="offers",
        status=200 if problem is None else problem.status,
        form=form or {},
        question=question,
        fault=fault,
        send_rules=passing_words.of(found, rules.transfers, rules.least),
        donate_rules=passing_words.of(found, rules.donations),
        exchange_rules=passing_words.of(found, rules.exchanges),
        sends=rules.members,
        charities=charities,
        pairs=[
            (
                f"{one.currency}>{one.target}",
                found.language.gettext("{points} for {others}").format(
                    points=showing.points_text(found, one.currency, one.rate.give),
                    others=showing.points_text(found, one.target, one.rate.get),
                ),
            )
            for one in rates
        ],
        done=[_done(found, one) for one in await passed_on(database, found.program.id, found.id)],
        have=[line.points for line in lines],
        currencies=[(line.currency, line.unit or line.currency) for line in lines],
        nonce=secrets.token_hex(8),
    )


routes: list[Any] = [ways, act]
