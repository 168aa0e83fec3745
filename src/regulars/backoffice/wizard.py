"""The way from nothing to the first purchase: the first owner, her trade and shops, what points are worth, the till."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import msgspec
from babel.numbers import get_currency_name
from litestar import Request, Response, get, post

from regulars import clock, i18n, ids
from regulars.backoffice import refusals
from regulars.backoffice.doors import read_form, redirect, require_token, show
from regulars.backoffice.office import language_of
from regulars.backoffice.visit import ROOT
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.errors import Fault, Forbidden, InvalidValue, Problem, StateConflict, Unprocessable
from regulars.flows import first_owner, founding
from regulars.flows.change_program import LANGUAGES
from regulars.flows.founding import Founder
from regulars.programs.founding import plans
from regulars.programs.founding.plans import Kept, Plan, Shop
from regulars.programs.staff.sessions import SignedIn
from regulars.programs.template import program_templates
from regulars.promotions.template import templates
from regulars.units import money_scale
from regulars.web import staff_sessions
from regulars.web.addresses import address_of
from regulars.web.member_sessions import require_same_site

HttpRequest = Request[Any, Any, Any]
DOOR = "/set-up"
NEW = f"{ROOT}/new"
STEPS = (*plans.STEPS, "ready")
ZONES = (
         "Europe/Riga", "Europe/Vilnius", "Europe/Tallinn", "Europe/Helsinki", "Europe/Stockholm", "Europe/Warsaw",
         "Europe/Berlin", "Europe/Budapest", "Europe/London", "Europe/Kyiv", "America/New_York", "Asia/Almaty",
)  # fmt: skip
"""Offered first; any other can be typed."""
CURRENCIES = ("EUR", "USD", "GBP", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RON", "BGN", "CHF", "UAH", "KZT",
              "GEL", "JPY")  # fmt: skip
SHOPS_MAX = 50


@dataclass(frozen=True)
class Guest:
    """Who makes a program, and what she has chosen so far."""

    request: HttpRequest
    signed_in: SignedIn
    kept: Kept | None
    language: i18n.Language

    @property
    def plan(self) -> Plan:
        """What was chosen; defaults where nothing was."""
        return self.kept.plan if self.kept else Plan(time_zone="Europe/Riga", languages=(self.language.code,))

    @property
    def staff(self) -> UUID:
        """Her id."""
        return self.signed_in.session.staff

    @property
    def founded(self) -> bool:
        """Whether the program is there."""
        return self.kept is not None and self.kept.state == "founded"

    @cached_property
    def database(self) -> Database:
        """The pool, in her name."""
        request, session = self.request, self.signed_in.session
        by = f"{request.method} {request.scope.get('path_template', '')}"
        shown, address = ids.show("stf", self.staff), address_of(request)
        named = Actor("staff", shown, self.signed_in.name, address, session.agent, by)
        return request.app.state.database.acting(named)


@get(f"{DOOR}/{{token:str}}", include_in_schema=False)
async def door(request: HttpRequest) -> Response[Any]:
    """Who are you?"""
    await first_owner.require_open(request.app.state.database, request.path_params["token"], clock.world())
    return show(request, "wizard/you", problem=None, given={}, refused=refusals.said)


@post(f"{DOOR}/{{token:str}}", status_code=200, include_in_schema=False)
async def enter(request: HttpRequest) -> Response[Any]:
    """The first owner is there, and signed in."""
    require_same_site(request)
    form = await read_form(request)
    given = {name: str(form.get(name, "")).strip() for name in ("name", "email", "password")}
    state = request.app.state
    try:
        if not 1 <= len(given["name"]) <= 120:
            raise InvalidValue("/name", "is missing")
        arrival = await first_owner.enter_first(
            state.database, state.settings.secret, request.path_params["token"], **given,
            language=language_of(request, None).code, browser=staff_sessions.browser_of(request), at=clock.world(),
        )  # fmt: skip
    except (Unprocessable, StateConflict) as problem:
        return show(
            request, "wizard/you", status=problem.status, problem=problem, given=given, refused=refusals.said
        )
    return staff_sessions.keep(request, redirect(f"{NEW}/trade"), arrival)


@get(NEW, include_in_schema=False)
async def begin(request: HttpRequest) -> Response[Any]:
    """Where she left it, or from the beginning."""
    guest = await _guest(request)
    if guest is None:
        return redirect(f"{ROOT}/sign-in")
    open_step = next((step for step in plans.STEPS if step not in guest.plan.done), "ready")
    return redirect(f"{NEW}/{'first' if guest.founded else open_step}")


@get(f"{NEW}/{{step:str}}", include_in_schema=False)
async def step(request: HttpRequest) -> Response[Any]:
    """A step as it was answered, or to be answered."""
    guest = await _guest(request)
    if guest is None:
        return redirect(f"{ROOT}/sign-in")
    name = request.path_params["step"]
    if guest.kept is not None and guest.founded:
        return await _first(guest, guest.kept) if name == "first" else redirect(f"{NEW}/first")
    before = STEPS[: STEPS.index(name)] if name in STEPS else plans.STEPS
    missing = next((one for one in before if one not in guest.plan.done), None)
    if name not in STEPS or missing is not None:
        return redirect(f"{NEW}/{missing or 'trade'}")
    return _page(guest, name)


@post(f"{NEW}/{{step:str}}", status_code=200, include_in_schema=False)
async def answer(request: HttpRequest) -> Response[Any]:
    """A step's answer; then the next."""
    guest = await _guest(request)
    if guest is None:
        return redirect(f"{ROOT}/sign-in")
    form = await require_token(request, guest.signed_in)
    name = request.path_params["step"]
    if name == "first" and guest.kept is not None and guest.founded:
        await founding.finish(guest.database, guest.signed_in.session, guest.kept)
        return redirect(ROOT)
    if name not in STEPS:
        return redirect(NEW)
    try:
        if name == "ready":
            await _found(guest)
            return redirect(f"{NEW}/first")
        guest = replace(guest, kept=await _keep(guest, name, _READ[name](guest, form)))
    except Problem as problem:
        if isinstance(problem, Forbidden):
            raise
        return _page(guest, name, problem)
    return redirect(f"{NEW}/{STEPS[STEPS.index(name) + 1]}")


async def _guest(request: HttpRequest) -> Guest | None:
    signed_in = await staff_sessions.signed_in(request)
    if signed_in is None or signed_in.session.stage != "in":
        return None
    kept = await founding.plan_of(request.app.state.database, signed_in.session.staff)
    return Guest(request, signed_in, kept, language_of(request, None, signed_in.language))


async def _keep(guest: Guest, name: str, changed: Mapping[str, Any]) -> Kept:
    plan = guest.plan
    content = {**msgspec.to_builtins(plan), **changed, "done": tuple(dict.fromkeys((*plan.done, name)))}
    try:
        whole = msgspec.convert(content, Plan)
    except msgspec.ValidationError as error:
        raise InvalidValue("", "Something in the form is not right.") from error
    return await founding.keep_plan(guest.database, guest.staff, whole, clock.world())


async def _found(guest: Guest) -> None:
    state = guest.request.app.state
    founder = Founder(guest.staff, guest.signed_in.name, guest.signed_in.email)
    await founding.found(guest.database, state.known, state.settings.secret, founder, clock.world())


async def _first(guest: Guest, kept: Kept) -> Response[Any]:
    state = guest.request.app.state
    made = await founding.first_purchase(guest.database, state.known, state.settings.secret, kept)
    goods = program_templates()[kept.plan.trade].goods if kept.plan.goods else ()
    return show(
        guest.request,
        "wizard/first",
        guest.signed_in,
        made=made,
        goods=[(one["names"].get(guest.language.code, one["name"]), one["sku"]) for one in goods[:3]],
        steps=_steps(guest, "first"),
        founded=True,
    )


def _page(guest: Guest, name: str, problem: Problem | None = None) -> Response[Any]:
    plan, language = guest.plan, guest.language
    ready = program_templates()
    chosen = ready.get(plan.trade)
    by_code = {one.code: one for one in templates()}
    promotions = plan.promotions if plan.promotions is not None else (chosen.promotions if chosen else ())
    return show(
        guest.request,
        f"wizard/{name}",
        guest.signed_in,
        status=problem.status if problem else 200,
        problem=problem,
        refused=refusals.said,
        plan=plan,
        trade=chosen.names.get(language.code, chosen.code) if chosen else "",
        trades=[(one.code, *_said(one.names, one.about, language.code)) for one in ready.values()],
        zones=ZONES,
        currencies=_currencies(language),
        languages_offered=[(code, i18n.OWN_NAMES[code]) for code in LANGUAGES],
        offered=[
            (code, _named(by_code[code].document, language.code), code in promotions)
            for code in _offered(chosen.promotions if chosen else (), by_code)
            if code != founding.SPENDING
        ],
        scale=money_scale(plan.currency),
        dear=chosen.settings.get("publish_budget_limit") if chosen else None,
        steps=_steps(guest, name),
        founded=False,
    )  # fmt: skip


def _named(document: Mapping[str, Any], code: str) -> str:
    return document["names"].get(code, document["name"])


def _said(names: Mapping[str, str], about: Mapping[str, str], code: str) -> tuple[str, str]:
    return names.get(code, names["en"]), about.get(code, about["en"])


def _steps(guest: Guest, here: str) -> list[tuple[str, bool, bool]]:
    """Each step with whether it is the open one, and whether it was answered."""
    return [(name, name == here, guest.founded or name in guest.plan.done) for name in (*STEPS, "first")]


def _offered(first: tuple[str, ...], by_code: Mapping[str, Any]) -> list[str]:
    """The trade's own promotions, then others that need nothing which a new program lacks."""
    more = (
        "birthday",
        "first-purchase",
        "weekend-double-points",
        "win-back",
        "tenth-purchase",
        "seniors-day",
    )
    return [code for code in dict.fromkeys((*first, *more)) if code in by_code]


def _currencies(language: i18n.Language) -> list[tuple[str, str]]:
    named = [(code, get_currency_name(code, locale=language.locale)) for code in CURRENCIES]
    named.sort(key=lambda one: (one[0] != "EUR", language.sorting_key(one[1])))
    return named


# what a step's form says ------------------------------------------------------------------------------------


def _trade(guest: Guest, form: Any) -> dict[str, Any]:
    trade = str(form.get("trade", ""))
    if trade not in program_templates():
        raise InvalidValue("/trade", "Choose what comes nearest.")
    # Another trade brings other promotions.
    return {"trade": trade, "promotions": guest.plan.promotions if trade == guest.plan.trade else None}


def _program(guest: Guest, form: Any) -> dict[str, Any]:
    name = str(form.get("name", "")).strip()
    zone = str(form.get("time_zone", "")).strip()
    currency = str(form.get("currency", ""))
    own = str(form.get("language", ""))
    others = [str(code) for code in form.getall("languages", [])]
    faults = []
    if not 1 <= len(name) <= 100:
        faults.append(Fault("/name", "is missing"))
    if zone not in available_timezones():
        faults.append(Fault("/time_zone", "is not a time zone"))
    if currency not in CURRENCIES:
        faults.append(Fault("/currency", "is not a currency"))
    if own not in LANGUAGES or not set(others) <= set(LANGUAGES):
        faults.append(Fault("/language", "is not one of the languages"))
    if faults:
        raise Unprocessable(errors=faults)
    languages = list(dict.fromkeys((own, *others)))
    sandbox = form.get("sandbox") == "yes"
    return {"name": name, "time_zone": zone, "currency": currency, "languages": languages, "sandbox": sandbox}


def _shops(guest: Guest, form: Any) -> dict[str, Any]:
    names = [str(name).strip() for name in form.getall("shop", [])]
    tills = [str(count).strip() for count in form.getall("tills", [])]
    shops = []
    for n, name in enumerate(names[:SHOPS_MAX]):
        if not name:
            continue
        count = tills[n] if n < len(tills) else "1"
        if len(name) > 100 or not re.fullmatch(r"[1-9][0-9]?", count) or int(count) > 50:
            raise InvalidValue("/shop", "A shop has a name and 1 to 50 tills.")
        shops.append(Shop(name, int(count)))
    if not shops:
        raise InvalidValue("/shop", "Name at least one shop.")
    return {"shops": msgspec.to_builtins(shops)}


def _points(guest: Guest, form: Any) -> dict[str, Any]:
    points, worth = str(form.get("points", "")).strip(), str(form.get("worth", "")).strip().replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,3}|1000", points):
        raise InvalidValue("/points", "is a whole number from 0 to 1000")
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", worth) or (points != "0" and Decimal(worth) == 0):
        raise InvalidValue("/worth", "is a number above 0")
    return {"points": int(points), "worth": worth}


def _offers(guest: Guest, form: Any) -> dict[str, Any]:
    known = {one.code for one in templates()}
    chosen = [str(code) for code in form.getall("offer", [])]
    if not set(chosen) <= known:
        raise InvalidValue("/offer", "There is no such promotion.")
    return {"promotions": [founding.SPENDING, *chosen], "goods": form.get("goods") == "yes"}


_READ: dict[str, Callable[[Guest, Any], dict[str, Any]]] = {
    "trade": _trade,
    "program": _program,
    "shops": _shops,
    "points": _points,
    "offers": _offers,
}

routes: list[Any] = [door, enter, begin, step, answer]
