"""Judges whether a member may pass so many points on: by amount, day and month, and whether they have cooled off."""

from __future__ import annotations

from datetime import datetime, timedelta

from regulars import clock
from regulars.db.pool import Transaction
from regulars.errors import (
    CoolingOff,
    Fault,
    InsufficientPoints,
    InvalidValue,
    PassingLimit,
    SpenderLimit,
    SpendingNotAllowed,
)
from regulars.flows import spending
from regulars.ledger import lots as rules
from regulars.ledger import passing
from regulars.ledger.page import Page
from regulars.ledger.passing import Kind
from regulars.members.model import Member
from regulars.programs.model import Program


def require_owner(giver: Member) -> None:
    """Raises SpendingNotAllowed: of an account that is shared only owners pass points on."""
    if giver.role not in (None, "owner"):
        raise SpendingNotAllowed("Only an owner passes on points of an account that is shared.")


async def require_daily_limit(
    tx: Transaction, program: Program, giver: Member, currency: str, amount: int, at: datetime
) -> None:
    """What leaves a shared account counts with what she buys and claims of it. Raises SpenderLimit.

    The giver's pool must be locked.
    """
    if giver.spend_limit is None:
        return
    before = await spending.spent_today(tx, program, giver.pool, giver.id, at)
    if before + spending.worth_of(program, {currency: amount}) <= giver.spend_limit:
        return
    left = max(0, int(giver.spend_limit - before))
    raise SpenderLimit(
        errors=[Fault("/amount", f"only {left} more may be spent today", SpenderLimit.code)],
        extra={"daily_limit": giver.spend_limit, "left": left, "currency": program.base_currency},
    )


async def require_transfer(
    tx: Transaction, program: Program, giver: Member, page: Page, currency: str, amount: int, at: datetime
) -> None:
    """Raises InvalidValue, PassingLimit, SpenderLimit, CoolingOff, InsufficientPoints. Her pool must be locked."""
    wanted = program.settings.passing
    if amount < wanted.least:
        raise InvalidValue("/amount", f"is at least {wanted.least}")
    if wanted.most is not None and amount > wanted.most:
        raise InvalidValue("/amount", f"is at most {wanted.most}")
    if at < giver.enrolled_at + timedelta(days=wanted.member_days):
        raise CoolingOff("Who has just become a member passes nothing on yet.")
    day = at.astimezone(clock.zone(program.time_zone)).date()
    for most, first in ((wanted.a_day, day), (wanted.a_month, day.replace(day=1))):
        if most is not None:
            since = clock.midnight(first, program.time_zone)
            await require_room(tx, program, giver, "transfer", currency, amount, most, since)
    await require_daily_limit(tx, program, giver, currency, amount + wanted.fee, at)
    if amount + wanted.fee > page.available(currency, at):
        raise InsufficientPoints
    if wanted.cooling_hours:
        since = at - timedelta(hours=wanted.cooling_hours)
        fresh = await passing.received_since(tx, program.id, giver.pool, since, currency)
        fresh += sum(
            lot.free
            for lot in map(page.lot, page.lots())
            if lot.currency == currency and lot.earned_at > since and rules.is_active(lot, at)
        )
        if amount > page.available(currency, at) - fresh:
            raise CoolingOff("Points that have just come cannot be passed on yet.")


async def require_room(
    tx: Transaction,
    program: Program,
    giver: Member,
    kind: Kind,
    currency: str,
    amount: int,
    most: int,
    since: datetime,
) -> None:
    """Raises PassingLimit with what is left."""
    used = await passing.passed_since(tx, program.id, giver.id, since, kind, currency)
    if used + amount > most:
        raise PassingLimit(extra={"left": max(0, most - used)})
