"""Reads whom a store's tills may let spend while the line is down, and how much: those who bought there last.

With the card alone never more than the program lets be spent so in a day; with the phone's moving code as much as
the program risks for one member at one till.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Transaction, fetch_all
from regulars.flows import spending, standing
from regulars.flows.known_programs import Known
from regulars.programs.model import CurrencySpec, Store

SQL = queries.load("regulars.flows", "make_snapshot.sql")
RECEIPTS_PER_MEMBER = 10
RECEIPTS_MAX = 50_000
"""Of a store's last receipts at the most so many are looked at."""


class Spender(Struct, frozen=True, gc=False):
    """What a card may pay while the line is down, in points of the program's first currency."""

    card: str
    amount: int
    """With the card alone."""
    proved: int
    """With a moving code."""


class _Row(Struct, frozen=True):
    member: UUID
    pool: UUID
    card: str
    spend_limit: int | None
    unproved: bool
    free: int


def may_anything(known: Known) -> bool:
    """Whether the program lets anything be spent while the line is down.

    Not where points lower the price: a till reckons no tax anew, and its paper would say a wrong one.
    """
    settings, points = known.program.settings, known.program.points
    offline = settings.offline
    risk = min(offline.spend_per_member, offline.spend_per_till, offline.members_max)
    return bool(risk and points is not None and points.worth.numerator) and settings.points_as == "payment"


async def read(tx: Transaction, known: Known, store: Store, at: datetime) -> list[Spender]:
    """The cards that may pay something: two statements, and a third where somebody's account is shared."""
    points, settings = known.program.points, known.program.settings
    if points is None or not may_anything(known):
        return []
    most = settings.offline.members_max
    asked = {
        "program": known.program.id, "store": store.id, "at": at, "currency": points.code, "most": most,
        "looked_at": min(RECEIPTS_MAX, most * RECEIPTS_PER_MEMBER),
    }  # fmt: skip
    rows = [_Row(*row) for row in await fetch_all(tx, SQL.spenders, asked)]
    rows = [row for row in rows if row.free > 0]
    today = await _paid_today(tx, known, rows, at) if settings.proof_above_a_day is not None else {}
    limited = await _spent_of_limits(tx, known, rows, at)
    return [one for row in rows if (one := _spender(known, points, row, today, limited)).proved]


def _spender(
    known: Known, points: CurrencySpec, row: _Row, today: Mapping[UUID, int], limited: Mapping[UUID, int]
) -> Spender:
    settings = known.program.settings
    money = min(settings.offline.spend_per_member, settings.offline.spend_per_till)
    if row.spend_limit is not None:
        money = min(money, row.spend_limit - limited.get(row.member, 0))
    alone = money
    if settings.proof_above_a_day is not None:
        alone = min(alone, settings.proof_above_a_day - today.get(row.pool, 0))
    if row.unproved and settings.confirm_before_spending:
        alone = 0
    return Spender(row.card, _points(points, alone, row.free), _points(points, money, row.free))


def _points(currency: CurrencySpec, money: int, free: int) -> int:
    """So many points are worth no more than this money, and are there."""
    worth = currency.worth
    return max(0, min(free, money * worth.denominator // worth.numerator))


async def _paid_today(tx: Transaction, known: Known, rows: list[_Row], at: datetime) -> dict[UUID, int]:
    """What points paid for today, by pool, in minor units."""
    pools = sorted({(ids.home(row.pool), row.pool) for row in rows})
    if not pools:
        return {}
    day = standing.day_of(at, known.program.time_zone)
    return await standing.counts(await standing.spent_on(tx, known.program.id, pools, day))


async def _spent_of_limits(tx: Transaction, known: Known, rows: list[_Row], at: datetime) -> dict[UUID, int]:
    """What those with a daily limit spent today, by member, in minor units, rounded up."""
    found: dict[UUID, int] = {}
    pairs = sorted({(row.pool, row.member) for row in rows if row.spend_limit is not None})
    if not pairs:
        return found
    day = standing.day_of(at, known.program.time_zone)
    columns: tuple[Any, ...] = (
        int2s([ids.home(pool) for pool, _ in pairs]),
        uuids([pool for pool, _ in pairs]),
        uuids([member for _, member in pairs]),
    )
    asked = await tx.execute(
        spending.SQL.spent_by_member, (day.at, day.since, day.until, known.program.id, *columns)
    )
    for of in (await spending.answered(asked)).values():
        for member, spent in of.items():
            found[member] = -int(-spending.worth_of(known.program, spent) // 1)
    return found
