"""Reads what a promotion has done, day by day and store by store, while it runs and afterwards.

Everything comes from sums by day that `flows.roll_figures` keeps; none of these statements reads a fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import uuids
from regulars.db.pool import Transaction, fetch_all
from regulars.programs.model import Program

SQL = queries.load("regulars.analytics", "promotion_results.sql")
DAYS_MAX = 400


class Result(Struct, frozen=True):
    """What a promotion did in some time. Money in minor units of base money."""

    times: int = 0
    """Purchases in which it gave something."""
    by_members: int = 0
    """Of these by a member."""
    purchases: int = 0
    """All purchases there were."""
    net: int = 0
    """What the purchases with it came to after discounts."""
    discount: int = 0
    discount_back: int = 0
    """Of the discount, what came back with goods that were returned."""
    points: dict[str, int] = {}
    """Given, by currency."""
    points_back: dict[str, int] = {}
    """Taken back with goods that were returned."""
    cost: int = 0
    """Discount and points that may be spent, at their worth, less what came back."""
    other_money: dict[str, int] = {}
    """Discounts in other moneys, in their minor units, less what came back; not in `discount` and `cost`."""


class DayResult(Struct, frozen=True):
    """One day, in the stores' own time."""

    day: date
    result: Result


class StoreResult(Struct, frozen=True):
    """One store, by its code."""

    store: str
    result: Result


class PromotionResults(Struct, frozen=True):
    """What a promotion did from one day to another, both counted."""

    promotion: str
    currency: str
    """The base money."""
    first: date
    last: date
    total: Result
    days: tuple[DayResult, ...]
    """Every day of the period, those without anything too."""
    stores: tuple[StoreResult, ...]
    """Stores in which it gave something or took something back, the dearest first."""


class _Sums:
    """One day, one store, or everything, as it is added up."""

    def __init__(self) -> None:
        self.times = self.by_members = self.purchases = self.net = 0
        self.amount: dict[str, int] = {}
        self.back: dict[str, int] = {}

    def result(self, program: Program) -> Result:
        """The sums as they are told; what is in a currency of points is points."""
        points = {code: amount for code, amount in self.amount.items() if code in program.currencies}
        points_back = {
            code: amount for code, amount in self.back.items() if code in program.currencies and amount
        }
        base = program.base_currency
        discount, back = self.amount.get(base, 0), self.back.get(base, 0)
        other = {
            code: amount - self.back.get(code, 0)
            for code, amount in self.amount.items()
            if code != base and code not in program.currencies
        }
        worth = sum(
            program.currencies[code].worth.half_up(points.get(code, 0) - points_back.get(code, 0))
            for code in points.keys() | points_back.keys()
            if program.currencies[code].kind != "qualifying"
        )
        return Result(
            self.times, self.by_members, self.purchases, self.net, discount, back, points, points_back,
            discount - back + worth, other,
        )  # fmt: skip


async def read(
    tx: Transaction,
    program: Program,
    promotion: UUID,
    first: date,
    last: date,
    stores: Iterable[UUID] | None = None,
) -> PromotionResults:
    """What it did from `first` to `last`; `stores`: of these alone, None: of all. Raises ValueError.

    An analytical transaction is needed: days are walked in the order of their store.
    """
    if not 0 <= (last - first).days < DAYS_MAX:
        raise ValueError(f"a period has from 1 to {DAYS_MAX} days")
    wanted: dict[str, Any] = {
        "program": program.id, "promotion": promotion, "first": first, "last": last,
        "stores": None if stores is None else uuids(list(stores)),
    }  # fmt: skip
    by_day = {first + timedelta(days=n): _Sums() for n in range((last - first).days + 1)}
    by_store: dict[UUID, _Sums] = {}
    total = _Sums()
    for store, day, times, by_members, net in await fetch_all(tx, SQL.times, wanted):
        for sums in (total, by_day[day], by_store.setdefault(store, _Sums())):
            sums.times += times
            sums.by_members += by_members
            sums.net += net
    for store, day, currency, amount, back in await fetch_all(tx, SQL.given, wanted):
        for sums in (total, by_day[day], by_store.setdefault(store, _Sums())):
            sums.amount[currency] = sums.amount.get(currency, 0) + amount
            sums.back[currency] = sums.back.get(currency, 0) + back
    for store, day, purchases in await fetch_all(tx, SQL.all_purchases, wanted):
        for sums in (total, by_day[day], by_store.get(store)):
            if sums is not None:
                sums.purchases += purchases
    codes = {store.id: store.code for store in program.stores.values()}
    shown = [StoreResult(codes.get(store, ""), sums.result(program)) for store, sums in by_store.items()]
    return PromotionResults(
        ids.show("prm", promotion),
        program.base_currency,
        first,
        last,
        total.result(program),
        tuple(DayResult(day, sums.result(program)) for day, sums in by_day.items()),
        tuple(sorted(shown, key=lambda one: (-one.result.cost, one.store))),
    )


async def costs(
    tx: Transaction,
    program: Program,
    stores: Iterable[UUID] | None = None,
    promotions: Iterable[UUID] | None = None,
) -> dict[UUID, int]:
    """What promotions (None: all) have cost to date in these stores (None: all), minor units of base money, less what
    came back. An analytical transaction is needed. Discounts in other moneys are not counted.
    """
    wanted: dict[str, Any] = {
        "program": program.id, "stores": None if stores is None else uuids(list(stores)),
        **({} if promotions is None else {"promotions": uuids(list(promotions))}),
    }  # fmt: skip
    statement = SQL.costs if promotions is None else SQL.costs_of
    found: dict[UUID, int] = {}
    for promotion, currency, amount in await fetch_all(tx, statement, wanted):
        points = program.currencies.get(currency)
        if points is not None and points.kind != "qualifying":
            found[promotion] = found.get(promotion, 0) + points.worth.half_up(amount)
        elif currency == program.base_currency:
            found[promotion] = found.get(promotion, 0) + amount
    return found
