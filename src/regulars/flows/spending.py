"""Decides whether a member of a shared account may spend of it, and how much on one day. Pure but for `ask`.

The sum is exact: it is read under the lock of the account's pool, which every purchase on the account holds, and each
purchase of a batch adds to it for the next one. Somebody whose account is hers alone is not asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction
from regulars.errors import Fault, SpenderLimit, SpendingNotAllowed
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.members.model import Customer
from regulars.promotions.model import Spent
from regulars.purchases.model import Warned

SQL = queries.load("regulars.flows", "spending.sql")
Points = dict[str, int]
"""By currency."""
SpentOf = dict[tuple[UUID, UUID], Points]
"""(pool, member) → what she spent of it on the present day, holds among it."""


class Day(Struct, frozen=True):
    """The program's present day, and the present instant."""

    at: datetime
    since: datetime
    until: datetime


def limited(customers: Iterable[tuple[Incoming, Customer]]) -> list[Customer]:
    """Those whose daily limit a purchase may reach."""
    return [
        customer
        for incoming, customer in customers
        if customer.spend_limit is not None and (incoming.sent.spend or incoming.sent.offers)
    ]


async def ask(tx: Sender, program: UUID, customers: Iterable[Customer], day: Day) -> Rows:
    """Ask what these members spent of their accounts today; see `answered`."""
    pairs = sorted({(c.pool, c.member) for c in customers if c.member is not None})
    return await tx.execute(
        SQL.spent_by_member,
        (
            day.at,
            day.since,
            day.until,
            program,
            int2s([ids.home(pool) for pool, _ in pairs]),
            uuids([pool for pool, _ in pairs]),
            uuids([member for _, member in pairs]),
        ),
    )


async def answered(asked: Rows) -> SpentOf:
    """What each of them spent today."""
    found: SpentOf = {}
    for pool, member, currency, amount in await asked.fetchall():
        of = found.setdefault((pool, member), {})
        of[currency] = of.get(currency, 0) + int(amount)
    return found


async def today_of(
    tx: Transaction, known: Known, customer: Customer | None, at: datetime
) -> dict[UUID, Points]:
    """What a customer with a daily limit spent on the present day, as `Party.spent_of` has it."""
    if customer is None or customer.member is None or customer.spend_limit is None:
        return {}
    zone = known.program.time_zone
    today = at.astimezone(clock.zone(zone)).date()
    day = Day(at, clock.midnight(today, zone), clock.midnight(today + timedelta(days=1), zone))
    found = await answered(await ask(tx, known.program.id, [customer], day))
    return {customer.member: found.get((customer.pool, customer.member), {})}


def require_role(incoming: Incoming, customer: Customer | None) -> list[Warned]:
    """An earner does not spend. Raises SpendingNotAllowed; as sold it becomes a warning, and points are short."""
    if customer is None or customer.role != "earner" or not incoming.sent.spend:
        return []
    if incoming.sent.pricing == "as_sold":
        return [Warned(SpendingNotAllowed.code, SpendingNotAllowed.title)]
    raise SpendingNotAllowed(
        errors=[Fault("/spend", "only owners and spenders may", SpendingNotAllowed.code)]
    )


def require_limit(
    incoming: Incoming,
    customer: Customer | None,
    known: Known,
    today: Mapping[str, int],
    spent: Iterable[Spent],
) -> list[Warned]:
    """What she spends now and spent `today` is within her limit. Raises SpenderLimit; as sold it becomes a warning."""
    if customer is None or customer.spend_limit is None:
        return []
    now = _sum(spent)
    if not now:
        return []
    before = _worth(known, today)
    if before + _worth(known, now) <= customer.spend_limit:
        return []
    left = max(0, int(customer.spend_limit - before))
    if incoming.sent.pricing == "as_sold":
        return [Warned(SpenderLimit.code, SpenderLimit.title)]
    raise SpenderLimit(
        errors=[Fault("/spend", f"only {left} more may be spent today", SpenderLimit.code)],
        extra={
            "daily_limit": customer.spend_limit,
            "left": left,
            "currency": known.program.base_currency,
        },
    )


def within_limit(
    incoming: Incoming, customer: Customer, known: Known, today: Mapping[str, int], available: Points
) -> Points:
    """Of what is available, what "max" may take: no more than her limit leaves."""
    if customer.spend_limit is None or incoming.sent.pricing == "as_sold":
        return available
    left = customer.spend_limit - _worth(known, today)
    found = dict(available)
    for spend in incoming.sent.spend:
        if spend.amount != "max" or spend.currency not in found:
            continue
        worth = known.program.currencies[spend.currency].worth
        if worth.numerator:
            most = max(0, int(left * worth.denominator / worth.numerator))
            found[spend.currency] = min(found[spend.currency], most)
    return found


def moved_on(today: Points, spent: Iterable[Spent]) -> None:
    """What was spent now was spent today."""
    for currency, amount in _sum(spent).items():
        today[currency] = today.get(currency, 0) + amount


def _sum(spent: Iterable[Spent]) -> Points:
    found: Points = {}
    for one in spent:
        if one.amount:
            found[one.currency] = found.get(one.currency, 0) + one.amount
    return found


def _worth(known: Known, points: Mapping[str, int]) -> Fraction:
    """In minor units of base money, exactly."""
    currencies = known.program.currencies
    return sum(
        (
            Fraction(amount * currencies[code].worth.numerator, currencies[code].worth.denominator)
            for code, amount in points.items()
        ),
        Fraction(0),
    )
