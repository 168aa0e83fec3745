"""Reads what each day brought in each store: purchases, discounts, points, returns, by the store's own date.

Counted is what came about: held purchases once they are confirmed, none that was voided. Money is in the base
money of the program; a purchase in another money counts as a purchase, and the page says how many there were. The sums
are kept by `flows.roll_figures`; `as_of` says how new they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.arrays import uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs.model import Program

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
    with_card: int = 0
    """By members, or with a card that is nobody's yet."""
    card_gross: int = 0
    card_discount: int = 0
    gross_back: int = 0
    discount_back: int = 0
    points_back: int = 0
    """Spent points that were given back."""
    points_taken: int = 0
    """Earned points that were taken back."""

    @property
    def net(self) -> int:
        """What the goods came to after discounts."""
        return self.gross - self.discount

    @property
    def members_share(self) -> float | None:
        """The part of the purchases that were made by a member; None where there were none."""
        return self.by_members / self.purchases if self.purchases else None

    @property
    def card_share(self) -> float | None:
        """The part of the sales after discounts that was made with a card; None where there were no sales."""
        return (self.card_gross - self.card_discount) / self.net if self.net else None

    @property
    def kept(self) -> int:
        """What the goods that were not brought back came to after discounts."""
        return self.net - (self.gross_back - self.discount_back)

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, f) + getattr(other, f) for f in self.__struct_fields__))


class Row(Struct, frozen=True):
    """One store on one day; or a whole day, or a whole store, where the sums are by the other alone."""

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
        return add_up(row.figures for row in self.rows)

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


class Mark(Struct, frozen=True):
    """How far the facts are summed up."""

    as_of: datetime | None = None
    """By the program's clock; None: nothing was summed up yet."""
    complete: bool = False
    """False while a first summing up, or one from the start, is under way."""


async def read(
    tx: Transaction,
    program: Program,
    first: date,
    last: date,
    stores: Iterable[UUID] | None = None,
    *,
    by_store: bool = True,
    by_day: bool = True,
    also: Sequence[date] = (),
) -> Days:
    """The days from `first` to `last`, both counted, and those in `also`; `stores`: None means all. Raises ValueError.

    Without `by_store` a row is a whole day, without `by_day` a whole store.
    """
    if not first <= last < first + timedelta(days=2 * DAYS_MAX):
        raise ValueError(f"a period has from 1 to {2 * DAYS_MAX} days")
    codes = {store.id: store.code for store in program.stores.values()}
    asked: dict[str, Any] = {
        "program": program.id, "first": first, "last": last, "also": list(also), "by_day": by_day,
        "by_store": by_store, "stores": None if stores is None else uuids(sorted(stores)),
    }  # fmt: skip
    found = await fetch_all(tx, SQL.days, asked)
    rows = [Row(day or first, codes.get(store, ""), Figures(*sums)) for day, store, *sums in found]
    rows.sort(key=lambda row: (row.day, row.store))
    return Days(first, last, tuple(rows))


async def mark(tx: Transaction, program: UUID) -> Mark:
    """How new the figures of a program are."""
    row = await fetch_one(tx, SQL.mark, (program,))
    return Mark(*row) if row else Mark()


def add_up(figures: Iterable[Figures]) -> Figures:
    """The sum of all."""
    total = Figures()
    for one in figures:
        total = total + one
    return total
