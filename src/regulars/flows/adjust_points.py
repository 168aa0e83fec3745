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
from regulars.errors import CurrencyUnknown, Forbidden, InsufficientPoints, InvalidValue
from regulars.flows import sharing
from regulars.flows.grace import held_grace_days
from regulars.ledger import book
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
    """201 with the posting. Raises NotFound, CurrencyUnknown, InvalidValue, Forbidden, InsufficientPoints.

    Points that are given may be used at once and expire as the currency says; debt is paid first.
    """
    currency = program.currencies.get(new.currency)
    if currency is None:
        raise CurrencyUnknown("/currency", new.currency)
    if not new.amount:
        raise InvalidValue("/amount", "must not be zero")
    limit = program.settings.adjustment_limit
    if abs(new.amount) > limit:
        raise Forbidden(f"Adjustments above {limit} need a second person, who cannot be asked yet.")

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        profile = await sharing.locked_member(tx, program, member, erased=True)
        at, homes, pools = request.at, [ids.home(profile.pool)], [profile.pool]
        asked = await book.ask(tx, program.id, homes, pools, grace_days=held_grace_days(program.settings))
        page = (await asked.pages())[profile.pool]
        posting = page.begin("adjustment", effective_at=at, recorded_at=at, actor=actor, reason=new.reason)
        if -new.amount > page.available(currency.code, at):
            raise InsufficientPoints
        page.adjust(currency.code, new.amount, at, expires_at=expiry(currency, at, program.time_zone))
        await book.write(tx, program.id, [page])
        balance = page.balance(currency.code, at)
        adjusted = Adjusted(
            ids.show("pst", posting),
            currency.code,
            new.amount,
            balance.available,
            balance.pending,
            balance.debt,
        )
        return await requests.keep(tx, request, 201, msgspec.json.encode(adjusted))

    return await database.run(program.id, work)


def expiry(currency: CurrencySpec, at: datetime, zone: str) -> datetime | None:
    """When points given at an instant expire: at the end of the last day, in the program's time zone."""
    day = at.astimezone(clock.zone(zone)).date()
    if currency.expires_after_days is not None:
        last = day + timedelta(days=currency.expires_after_days)
    elif currency.expires_after_months is not None:
        last = clock.add_months(day, currency.expires_after_months)
    else:
        return None
    return clock.midnight(last + timedelta(days=1), zone)
