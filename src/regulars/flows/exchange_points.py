"""A member changes points of one currency of the program into another: both legs in one transaction.

Each lot that is drawn goes on as a lot of the other currency with its issuer, funder and cost; it expires as the
other currency says, or when the first would have, whichever is earlier. The sum is rounded down once, then divided
over the lots. What a unit cost stays a ratio; after many exchanges of the same points its terms would be too long to
be kept, and it is rounded to the nearest whose terms are not (`units.ratio_near`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import Contradiction, CurrencyUnknown, Fault, InsufficientPoints, InvalidValue
from regulars.flows import passing_limits, sharing
from regulars.flows.adjust_points import expiry
from regulars.flows.grace import open_pages
from regulars.flows.passing_limits import Move
from regulars.ledger import book, passing
from regulars.ledger.model import Draw
from regulars.ledger.page import Page
from regulars.ledger.passing import Passed, Rate, RateInForce
from regulars.members.model import Member
from regulars.programs import registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import CurrencySpec, Program
from regulars.units import AMOUNT_MAX, allocate, ratio_near


class NewExchange(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/exchanges`."""

    currency: Annotated[str, Meta(max_length=16)]
    target: Annotated[str, Meta(max_length=16)]
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]


class ExchangeView(Struct, frozen=True):
    """What was given and got, and what is left of the first currency. A preview has no ids."""

    id: str | None
    posting: str | None
    currency: str
    target: str
    amount: int
    received: int
    available: int


class RateView(Struct, frozen=True):
    """A rate as it counts now."""

    currency: str
    target: str
    revision: int
    since: datetime
    rate: Rate


class Rates(Struct, frozen=True):
    """The rates of exchange between the program's own currencies."""

    items: tuple[RateView, ...]
    next: str | None = None


async def list_rates(database: Database, program: UUID) -> Rates:
    """`GET /v1/points-rates`."""
    async with database.transaction(program) as tx:
        found = await passing.rates(tx, program)
    return Rates(tuple(_view(one) for one in found))


async def put_rate(
    database: Database, program: Program, currency: str, target: str, rate: Rate, by: str, at: datetime
) -> RateView:
    """The rate as changed; the same again changes nothing. Raises CurrencyUnknown, Contradiction."""
    _currencies(program, currency, target)

    async def work(tx: Transaction) -> RateView:
        await registry.current(tx, program.id)  # locks it: two changes at once are two revisions
        before = {(one.currency, one.target): one for one in await passing.rates(tx, program.id)}
        if (was := before.get((currency, target))) is not None and was.rate == rate:
            return _view(was)
        if not rate.stopped:
            _require_no_pump(before, currency, target, rate)
        revision = await passing.add_rate(tx, program.id, currency, target, rate, at, by)
        change = Change(
            "points_rate.changed",
            f"{currency}/{target}",
            None if was is None else msgspec.to_builtins(was.rate),
            msgspec.to_builtins(rate),
        )
        await trail.record(tx, program.id, change, at)
        return RateView(currency, target, revision, at, rate)

    return await database.run(program.id, work)


async def preview_exchange(
    database: Database, program: Program, member: UUID, new: NewExchange, at: datetime
) -> ExchangeView:
    """What an exchange would bring; nothing is written. Raises as `exchange_points`."""
    _currencies(program, new.currency, new.target)

    async def work(tx: Transaction) -> ExchangeView:
        _, page, _, received = await _judged(tx, program, member, new, at)
        left = page.available(new.currency, at) - new.amount
        return ExchangeView(None, None, new.currency, new.target, new.amount, received, left)

    return await database.run(program.id, work)


async def exchange_points(
    database: Database, program: Program, request: Request, actor: str, member: UUID, new: NewExchange
) -> Answer:
    """201 with both amounts.

    Raises NotFound, InvalidValue, CurrencyUnknown, PassingLimit, InsufficientPoints; by the setting `passing.exchanges`
    CoolingOff.
    """
    currency, target = _currencies(program, new.currency, new.target)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        at = request.at
        giver, page, rate, received = await _judged(tx, program, member, new, at)
        posting = _change(page, program, currency, target, new.amount, received, rate, actor, at)
        await book.write(tx, program.id, [page])
        passed = Passed(
            id=ids.new(ids.home(giver.id)), giver=giver.id, kind="exchange", pool=giver.pool,
            currency=currency.code, amount=new.amount, posting=posting, passed_at=at, target=target.code,
            received=received,
        )  # fmt: skip
        await passing.note(tx, program.id, passed)
        done = ExchangeView(
            ids.show("exc", passed.id), ids.show("pst", posting), currency.code, target.code, new.amount,
            received, page.available(currency.code, at),
        )  # fmt: skip
        await trail.record(
            tx, program.id, Change("points.exchanged", ids.show("mem", giver.id), after=done), at
        )
        return await requests.keep(tx, request, 201, msgspec.json.encode(done))

    return await database.run(program.id, work)


async def _judged(
    tx: Transaction, program: Program, member: UUID, new: NewExchange, at: datetime
) -> tuple[Member, Page, Rate, int]:
    """Who changes, her page, locked, and at which rate how much comes of it. Raises as `exchange_points`."""
    giver = await sharing.locked_member(tx, program, member)
    passing_limits.require_owner(giver)
    rate = await _rate(tx, program, new)
    page = (await open_pages(tx, program, [giver.pool]))[giver.pool]
    if rate.a_day is not None:
        await _require_room_today(tx, program, giver, page, new.currency, new.amount, rate.a_day, at)
    if new.amount > page.available(new.currency, at):
        raise InsufficientPoints
    await passing_limits.require(tx, "exchange", program, giver, page, new.currency, new.amount, at)
    received = rate.ratio.down(new.amount)
    if not received:
        raise InvalidValue("/amount", "would bring nothing")
    return giver, page, rate, received


async def _require_room_today(
    tx: Transaction,
    program: Program,
    giver: Member,
    page: Page,
    currency: str,
    amount: int,
    most: int,
    at: datetime,
) -> None:
    """The rate's own limit of a day. Raises PassingLimit."""
    today = at.astimezone(clock.zone(program.time_zone)).date()
    since, after = [clock.midnight(today + timedelta(days=n), program.time_zone) for n in (0, 1)]
    move = Move(program, giver, page, program.settings.passing.exchanges, ("exchange",), currency, amount)
    await passing_limits.require_room(tx, move, most, since, after)


def _change(
    page: Page,
    program: Program,
    currency: CurrencySpec,
    target: CurrencySpec,
    amount: int,
    received: int,
    rate: Rate,
    actor: str,
    at: datetime,
) -> UUID:
    """Both legs on the page; the posting that gave."""
    shared = ids.new(page.home)
    posting = page.begin("exchange_out", effective_at=at, recorded_at=at, actor=actor, related=shared)
    draws: tuple[Draw, ...] = page.spend(currency.code, amount, at, program.operator)
    page.begin("exchange_in", effective_at=at, recorded_at=at, actor=actor, related=shared)
    policy = expiry(target, at, program.time_zone)
    for draw, part in zip(draws, allocate(received, [draw.amount for draw in draws]), strict=True):
        lot = page.lot(draw.lot)
        if part:
            page.earn(
                target.code, part, earned_at=at, active_at=at,
                expires_at=min((one for one in (policy, lot.expires_at) if one is not None), default=None),
                issuer=lot.issuer, funder=lot.funder, promotion=lot.promotion, revision=lot.revision,
                unit_cost=ratio_near(lot.unit_cost.numerator * rate.give, lot.unit_cost.denominator * rate.get),
            )  # fmt: skip
    return posting


async def _rate(tx: Transaction, program: Program, new: NewExchange) -> Rate:
    """Raises InvalidValue where there is none, or less is to be changed than may be."""
    found = await passing.rates(tx, program.id)
    pair = (new.currency, new.target)
    rate = next((one.rate for one in found if (one.currency, one.target) == pair), None)
    if rate is None or rate.stopped:
        raise InvalidValue("/target", f"{new.currency} is not changed into {new.target}")
    if new.amount < rate.least:
        raise InvalidValue("/amount", f"is at least {rate.least}")
    return rate


def _currencies(program: Program, currency: str, target: str) -> tuple[CurrencySpec, CurrencySpec]:
    for pointer, code in (("/currency", currency), ("/target", target)):
        found = program.currencies.get(code)
        if found is None or found.kind == "qualifying":
            raise CurrencyUnknown(pointer, code)
    if currency == target:
        raise InvalidValue("/target", "is another currency")
    return program.currencies[currency], program.currencies[target]


def _require_no_pump(
    rates: Mapping[tuple[str, str], RateInForce], currency: str, target: str, rate: Rate
) -> None:
    """Raises Contradiction where some way back to the first currency would make points of nothing."""
    ways = {pair: one.rate.ratio for pair, one in rates.items() if not one.rate.stopped}
    back = _best_ways(target, {pair: Fraction(r.numerator, r.denominator) for pair, r in ways.items()})
    if currency not in back or back[currency] * Fraction(rate.get, rate.give) <= 1:
        return
    direct = ways.get((target, currency))
    fault = Fault(
        "/get",
        "Changed there and back, points would become more."
        if direct is not None and rate.get * direct.numerator > rate.give * direct.denominator
        else "Changed through other currencies and back, points would become more.",
        Contradiction.code,
    )
    raise Contradiction(fault.detail, errors=[fault])


def _best_ways(start: str, rates: Mapping[tuple[str, str], Fraction]) -> dict[str, Fraction]:
    """Currency → the most of it that a unit of `start` is changed into, by as many steps as there are currencies."""
    best = {start: Fraction(1)}
    for _ in {code for pair in rates for code in pair}:
        for (currency, target), ratio in rates.items():
            if currency in best and best[currency] * ratio > best.get(target, 0):
                best[target] = best[currency] * ratio
    return best


def _view(one: RateInForce) -> RateView:
    return RateView(one.currency, one.target, one.revision, one.since, one.rate)
