"""Decides whether a member of a shared account may spend of it, and how much on one day. Pure but for `ask`.

The sum is exact: it is read under the lock of the account's pool, which every purchase on the account holds, and each
purchase of a batch adds to it for the next one. Somebody whose account is hers alone is not asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction, fetch_all
from regulars.errors import Fault, SpenderLimit, SpendingNotAllowed
from regulars.flows import standing
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.flows.standing import Day
from regulars.members.model import Customer
from regulars.programs.model import Program
from regulars.promotions.outcome import Spent
from regulars.purchases.model import Warned

SQL = queries.load("regulars.flows", "spending.sql")
Points = dict[str, int]
"""By currency."""
SpentOf = dict[UUID, Points]
"""Member → what she spent of the account on the present day, holds among it."""


def limited(customers: Iterable[tuple[Incoming, Customer]]) -> list[Customer]:
    """Those whose daily limit a purchase may reach."""
    return [
        customer
        for incoming, customer in customers
        if customer.spend_limit is not None and (incoming.sent.spend or incoming.sent.offers)
    ]


async def ask(tx: Sender, program: UUID, customers: Iterable[Customer], day: Day) -> Rows:
    """Ask what these members spent of their accounts today; see `answered`."""
    return await _ask(tx, program, {(c.pool, c.member) for c in customers if c.member is not None}, day)


async def _ask(tx: Sender, program: UUID, spenders: Iterable[tuple[UUID, UUID]], day: Day) -> Rows:
    pairs = sorted(spenders)
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


async def answered(asked: Rows) -> dict[UUID, SpentOf]:
    """Pool → what each of them spent of it today."""
    found: dict[UUID, SpentOf] = {}
    for pool, member, currency, amount in await asked.fetchall():
        of = found.setdefault(pool, {}).setdefault(member, {})
        of[currency] = of.get(currency, 0) + int(amount)
    return found


async def today_of(tx: Transaction, known: Known, customer: Customer | None, at: datetime) -> SpentOf:
    """What a customer with a daily limit spent on the present day."""
    if customer is None or customer.spend_limit is None:
        return {}
    day = standing.day_of(at, known.program.time_zone)
    found = await answered(await ask(tx, known.program.id, [customer], day))
    return found.get(customer.pool, {})


async def spent_today(tx: Transaction, program: Program, pool: UUID, member: UUID, at: datetime) -> Fraction:
    """What a member spent of a shared account on the present day, in minor units of base money, exactly."""
    day = standing.day_of(at, program.time_zone)
    found = await answered(await _ask(tx, program.id, [(pool, member)], day))
    return worth_of(program, found.get(pool, {}).get(member, {}))


async def rewards_today(tx: Transaction, program: UUID, pool: UUID, day: Day) -> list[tuple[str, int]]:
    """What an account spent on rewards on a day, by currency; what came back since does not count."""
    rows = await fetch_all(tx, SQL.rewards_of_pool, (program, pool, day.since, day.until))
    return [(row[0], row[1]) for row in rows]


def require_role(incoming: Incoming, customer: Customer | None) -> list[Warned]:
    """An earner does not spend. Raises SpendingNotAllowed; as sold it becomes a warning, and points are short."""
    if customer is None or customer.role != "earner" or len(incoming.tenders) == len(incoming.sent.spend):
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
    today: SpentOf,
    spent: Iterable[Spent],
) -> list[Warned]:
    """What she spends now and spent `today` is within her limit. Raises SpenderLimit; as sold it becomes a warning."""
    if customer is None or customer.spend_limit is None:
        return []
    now = _sum(spent)
    if not now:
        return []
    before = worth_of(known.program, _of(today, customer))
    if before + worth_of(known.program, now) <= customer.spend_limit:
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
    incoming: Incoming, customer: Customer, known: Known, today: SpentOf, available: Points
) -> Points:
    """Of what is available, what "max" may take: no more than her limit leaves; without the line, her allowance."""
    if incoming.spendable_max is not None:
        points = known.program.points
        own = points.code if points is not None else None
        return {code: min(n, incoming.spendable_max) if code == own else 0 for code, n in available.items()}
    if customer.spend_limit is None or incoming.sent.pricing == "as_sold":
        return available
    left = customer.spend_limit - worth_of(known.program, _of(today, customer))
    found = dict(available)
    for spend in incoming.sent.spend:
        if spend.amount != "max" or spend.currency not in found:
            continue
        worth = known.program.currencies[spend.currency].worth
        if worth.numerator:
            most = max(0, int(left * worth.denominator / worth.numerator))
            found[spend.currency] = min(found[spend.currency], most)
    return found


def moved_on(today: SpentOf, customer: Customer | None, spent: Iterable[Spent]) -> None:
    """What a customer with a daily limit spent now was spent today."""
    if customer is None or customer.spend_limit is None or customer.member is None:
        return
    points = today.setdefault(customer.member, {})
    for currency, amount in _sum(spent).items():
        points[currency] = points.get(currency, 0) + amount


def _of(today: SpentOf, customer: Customer) -> Points:
    return today.get(customer.member, {}) if customer.member is not None else {}


def _sum(spent: Iterable[Spent]) -> Points:
    found: Points = {}
    for one in spent:
        if one.amount:
            found[one.currency] = found.get(one.currency, 0) + one.amount
    return found


def worth_of(program: Program, points: Mapping[str, int]) -> Fraction:
    """In minor units of base money, exactly."""
    currencies = program.currencies
    return sum(
        (
            Fraction(amount * currencies[code].worth.numerator, currencies[code].worth.denominator)
            for code, amount in points.items()
        ),
        Fraction(0),
    )
