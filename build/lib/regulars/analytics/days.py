"""Reads what each day brought in each store: purchases, discounts, points, returns, by the store's own date.

Counted is what came about: held purchases once they are confirmed, none that was voided. Money is in the base
money of the program; a purchase in another money counts as a purchase, and the page says how many there were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all

SQL = queries.load("regulars.analytics", "days.sql")
DAYS_MAX = 400
Key = TypeVar("Key")


class Figures(Struct, frozen=True):
    """Sums of some purchases and returns. Money in minor units, points in units of the first points currency."""

    purchases: int = 0
    by_members: int = 0
    in_other_money: int = 0
    gross: int = 0
    discount: int = 0
    earned: int = 0
    spent: int = 0
    returns: int = 0
    money_back: int = 0

    @property
    def net(self) -> int:
        """What the goods came to after discounts."""
        return self.gross - self.discount

    @property
    def members_share(self) -> float | None:
        """The part of the purchases that were made by a member; None where there were none."""
        return self.by_members / self.purchases if self.purchases else None

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, f) + getattr(other, f) for f in self.__struct_fields__))


class Row(Struct, frozen=True):
    """One store on one day."""

    day: date
    store: str
    figures: Figures


class Days(Struct, frozen=True):
    """A period, day by day and store by store."""

    first: date
    last: date
    rows: tuple[Row, ...]

    @property
    def total(self) -> Figures:
        """Over everything."""
        return _sum(row.figures for row in self.rows)

    def by_day(self) -> list[tuple[date, Figures]]:
        """Every day of the period, the days without a purchase too."""
        sums = self._by(lambda row: row.day)
        span = (self.last - self.first).days
        days = (self.first + timedelta(days=n) for n in range(span + 1))
        return [(day, sums.get(day, Figures())) for day in days]

    def by_store(self) -> dict[str, Figures]:
        """Every store that had something."""
        return self._by(lambda row: row.store)

    def _by(self, key: Callable[[Row], Key]) -> dict[Key, Figures]:
        sums: dict[Key, Figures] = {}
        for row in self.rows:
            sums[key(row)] = sums.get(key(row), Figures()) + row.figures
        return sums


async def read(
    tx: Transaction, program: UUID, base_currency: str, first: date, last: date, store: str = ""
) -> Days:
    """The days from `first` to `last`, both counted; `store`: the code of one, or all. Raises ValueError."""
    if not first <= last < first + timedelta(days=DAYS_MAX):
        raise ValueError(f"a period has from 1 to {DAYS_MAX} days")
    parameters: dict[str, Any] = {
        "program": program, "base": base_currency, "first": first, "last": last, "store": store,
    }  # fmt: skip
    found: dict[tuple[date, str], Figures] = {}
    for code, day, *sums in await fetch_all(tx, SQL.purchases_by_day, parameters):
        found[day, code] = Figures(*sums)
    for code, day, returns, money_back in await fetch_all(tx, SQL.returns_by_day, parameters):
        found[day, code] = found.get((day, code), Figures()) + Figures(returns=returns, money_back=money_back)
    rows = tuple(Row(day, code, figures) for (day, code), figures in sorted(found.items()))
    return Days(first, last, rows)


def _sum(figures: Iterable[Figures]) -> Figures:
    total = Figures()
    for one in figures:
        total = total + one
    return total
