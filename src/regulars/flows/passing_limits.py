"""Judges whether a member may pass so many points on: by amount, day and month, and whether they have cooled off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

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
from regulars.ledger.model import Lot
from regulars.ledger.page import Page
from regulars.ledger.passing import Kind
from regulars.members.model import Member
from regulars.programs.model import Program
from regulars.programs.passing import Rules


class Move(Struct, frozen=True):
    """Points that a member wants to pass on, and by which rules."""

    program: Program
    giver: Member
    page: Page
    rules: Rules
    kinds: tuple[Kind, ...]
    """Whatever she passed on in these ways counts together."""
    currency: str
    amount: int
    with_pending: bool = False
    """It takes what is not active yet too."""


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
    kinds: tuple[Kind, ...] = ("transfer", "sharing") if wanted.sharing_as_transfers else ("transfer",)
    move = Move(program, giver, page, wanted.transfers, kinds, currency, amount)
    _require_membership(move, at)
    await _require_room(tx, move, at)
    await require_daily_limit(tx, program, giver, currency, amount + wanted.fee, at)
    if amount + wanted.fee > page.available(currency, at):
        raise InsufficientPoints
    await _require_cooled(tx, move, at)


async def require(
    tx: Transaction,
    kind: Kind,
    program: Program,
    giver: Member,
    page: Page,
    currency: str,
    amount: int,
    at: datetime,
) -> None:
    """Judge a donation or an exchange by its own rules. Raises InvalidValue, PassingLimit, CoolingOff.

    Her pool must be locked, and have the amount.
    """
    passing_rules = program.settings.passing
    rules_of = {"donation": passing_rules.donations, "exchange": passing_rules.exchanges}
    move = Move(program, giver, page, rules_of[kind], (kind,), currency, amount)
    if move.rules.most is not None and amount > move.rules.most:
        raise InvalidValue("/amount", f"is at most {move.rules.most}")
    _require_membership(move, at)
    await _require_room(tx, move, at)
    await _require_cooled(tx, move, at)


async def require_sharing(
    tx: Transaction, program: Program, giver: Member, page: Page, currency: str, amount: int, at: datetime
) -> None:
    """Judge what a member brings into a shared account. Raises PassingLimit, CoolingOff. Her pool must be locked.

    By default it is a transfer: else whoever is refused one would open an account with the other.
    """
    wanted = program.settings.passing
    kinds: tuple[Kind, ...] = ("transfer", "sharing") if wanted.sharing_as_transfers else ("sharing",)
    move = Move(program, giver, page, wanted.brought, kinds, currency, amount, with_pending=True)
    if move.rules.most is not None and amount > move.rules.most:
        raise PassingLimit(extra={"left": move.rules.most})
    _require_membership(move, at)
    await _require_room(tx, move, at)
    await _require_cooled(tx, move, at)


def brought(program: Program, page: Page, at: datetime) -> dict[str, int]:
    """What of a page would go into a shared account, by the currencies that can be spent, pending points too."""
    amounts: dict[str, int] = {}
    for lot in map(page.lot, page.lots()):
        spec = program.currencies.get(lot.currency)
        if spec is not None and spec.kind != "qualifying" and lot.free and not rules.has_expired(lot, at):
            amounts[lot.currency] = amounts.get(lot.currency, 0) + lot.free
    return amounts


def _require_membership(move: Move, at: datetime) -> None:
    since = move.giver.enrolled_at + timedelta(days=move.rules.member_days)
    if at < since:
        raise CoolingOff("Who has just become a member passes nothing on yet.", extra={"possible_at": since})


async def _require_room(tx: Transaction, move: Move, at: datetime) -> None:
    zone = move.program.time_zone
    day = at.astimezone(clock.zone(zone)).date()
    month = day.replace(day=1)
    later = (month + timedelta(days=32)).replace(day=1)
    for most, first, after in (
        (move.rules.a_month, month, later),
        (move.rules.a_day, day, day + timedelta(days=1)),
    ):
        if most is not None:
            await require_room(tx, move, most, clock.midnight(first, zone), clock.midnight(after, zone))


async def require_room(
    tx: Transaction, move: Move, most: int, since: datetime, possible_at: datetime
) -> None:
    """Raises PassingLimit with what is left, and when it is possible again, where it ever is."""
    used = await passing.passed_since(tx, move.program.id, move.giver.id, since, move.kinds, move.currency)
    if used + move.amount > most:
        again = {"possible_at": possible_at} if move.amount <= most else {}
        raise PassingLimit(extra={"left": max(0, most - used), **again})


async def _require_cooled(tx: Transaction, move: Move, at: datetime) -> None:
    """What has just come may not go on. Raises CoolingOff with when so much will have cooled off."""
    hours = timedelta(hours=move.rules.cooling_hours)
    if not hours:
        return
    page, currency, since = move.page, move.currency, at - hours
    fresh = await passing.received_since(tx, move.program.id, move.giver.pool, since, currency)
    lots = [lot for lot in map(page.lot, page.lots()) if lot.currency == currency]
    live = [lot for lot in lots if lot.free and not rules.has_expired(lot, at)]
    if not move.with_pending:
        live = [lot for lot in live if rules.is_active(lot, at)]
    fresh += _earned(page, [lot for lot in live if lot.earned_at > since], sum(part for _, part in fresh))
    # What is brought into a shared account goes with what is pending; all else is of what may be spent.
    there = sum(lot.free for lot in live) if move.with_pending else page.available(currency, at)
    cooled = there - sum(amount for _, amount in fresh)
    if move.amount <= cooled:
        return
    possible_at = at
    for came_at, amount in sorted(fresh):
        cooled += amount
        possible_at = came_at + hours
        if move.amount <= cooled:
            break
    raise CoolingOff(
        "Points that have just come cannot be passed on yet.", extra={"possible_at": possible_at}
    )


def _earned(page: Page, lots: Sequence[Lot], received: int) -> list[tuple[datetime, int]]:
    """When so much of these lots was earned, without what others earned and `received` counts already."""
    elsewhere = set(page.from_elsewhere([lot.id for lot in lots]))
    found: list[tuple[datetime, int]] = []
    for lot in lots:
        counted = min(lot.free, received) if lot.id in elsewhere else 0
        received -= counted
        found.append((lot.earned_at, lot.free - counted))
    return found
