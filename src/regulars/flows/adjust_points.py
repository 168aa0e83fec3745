"""A manual posting: points given or taken by a person, with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import CurrencyUnknown, InsufficientPoints, InvalidValue
from regulars.flows import asking, sharing
from regulars.flows.grace import open_pages
from regulars.ledger import book
from regulars.periods import add_months
from regulars.programs import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import CurrencySpec, Program
from regulars.units import AMOUNT_MAX


class NewAdjustment(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/adjustments`. Above zero points are given, below zero taken."""

    currency: Annotated[str, Meta(max_length=16)]
    amount: Annotated[int, Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]
    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


class Adjusted(Struct, frozen=True):
    """The posting, and how the member stands after it."""

    id: str
    currency: str
    amount: int
    available: int
    pending: int
    debt: int


async def adjust_points(
    database: Database, program: Program, request: Request, actor: str, member: UUID, new: NewAdjustment
) -> Answer:
    """201 with the posting; above the program's limit 202 with the approval that waits for a second person.

    Raises NotFound, CurrencyUnknown, InvalidValue, InsufficientPoints.
    """
    _currency(program, new)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        # As the settings are now, whatever this process remembers of them.
        if abs(new.amount) > (await reading.load(tx, program.id)).settings.adjustment_limit:
            profile = await sharing.locked_member(tx, program, member, erased=True)
            document = {"adjustment": new, "by": actor}
            shown = ids.show("mem", profile.id)
            return await asking.ask(tx, program, request, "points.adjust", shown, document, new.reason)
        adjusted = await adjust(tx, program, actor, member, new, request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(adjusted))

    return await database.run(program.id, work)


async def adjust(
    tx: Transaction, program: Program, actor: str, member: UUID, new: NewAdjustment, at: datetime
) -> Adjusted:
    """Post it, whatever its size. Raises NotFound, CurrencyUnknown, InvalidValue, InsufficientPoints.

    Points that are given may be used at once and expire as the currency says; debt is paid first.
    """
    currency = _currency(program, new)
    profile = await sharing.locked_member(tx, program, member, erased=True)
    page = (await open_pages(tx, program, [profile.pool]))[profile.pool]
    posting = page.begin("adjustment", effective_at=at, recorded_at=at, actor=actor, reason=new.reason)
    if -new.amount > page.available(currency.code, at):
        raise InsufficientPoints
    page.adjust(currency.code, new.amount, at, expires_at=expiry(currency, at, program.time_zone))
    await book.write(tx, program.id, [page])
    balance = page.balance(currency.code, at)
    shown, member_shown = ids.show("pst", posting), ids.show("mem", profile.id)
    told = {"posting": shown, "currency": currency.code, "amount": new.amount}
    await trail.record(
        tx, program.id, Change("points.adjusted", member_shown, after=told, why=new.reason), at
    )
    return Adjusted(shown, currency.code, new.amount, balance.available, balance.pending, balance.debt)


def _currency(program: Program, new: NewAdjustment) -> CurrencySpec:
    currency = program.currencies.get(new.currency)
    if currency is None:
        raise CurrencyUnknown("/currency", new.currency)
    if not new.amount:
        raise InvalidValue("/amount", "must not be zero")
    return currency


def expiry(currency: CurrencySpec, at: datetime, zone: str) -> datetime | None:
    """When points given at an instant expire: at the end of the last day, in the program's time zone."""
    day = at.astimezone(clock.zone(zone)).date()
    if currency.expires_after_days is not None:
        last = day + timedelta(days=currency.expires_after_days)
    elif currency.expires_after_months is not None:
        last = add_months(day, currency.expires_after_months)
    else:
        return None
    return clock.midnight(last + timedelta(days=1), zone)
