"""Reads what the back office's Home shows: sales, members, points and their cost in a period and in the one before.

Everything comes from sums by day that `flows.roll_figures` keeps; none of these statements reads a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.analytics import days
from regulars.analytics.days import Days, Figures, Mark, Row
from regulars.db import queries
from regulars.db.arrays import uuids
from regulars.db.pool import Transaction, fetch_all
from regulars.programs.model import Program

SQL = queries.load("regulars.analytics", "home.sql")
ACTIVE_DAYS = 30
EXPIRING_DAYS = 30


class Asked(Struct, frozen=True):
    """A period, both days counted, and whose figures."""

    first: date
    last: date
    today: date
    stores: frozenset[UUID] | None
    """None: of all."""
    whole: bool
    """Whether the books of the whole program may be seen too, which know no stores."""

    @property
    def before(self) -> tuple[date, date]:
        """The period before, of the same length."""
        span = self.last - self.first + timedelta(days=1)
        return self.first - span, self.last - span


class Reach(Struct, frozen=True):
    """Members who bought, each counted once in a store or in the program."""

    buyers: int = 0
    new: int = 0
    """Of the buyers: for the first time ever."""
    active_30: int = 0
    """Who bought in the thirty days up to the period's end."""
    active_90: int = 0
    cohort: int = 0
    """Whose ninety days since their first purchase ended in the period."""
    again: int = 0
    """Of the cohort: who bought again, on another day, within these."""

    @property
    def again_share(self) -> float | None:
        """The part of the cohort that came again; None where there is nobody."""
        return self.again / self.cohort if self.cohort else None

    @property
    def known_share(self) -> float | None:
        """The part of the buyers who had bought before the period; None where nobody bought."""
        return 1 - self.new / self.buyers if self.buyers else None

    def __add__(self, other: Reach) -> Reach:
        return Reach(*(getattr(self, f) + getattr(other, f) for f in self.__struct_fields__))


class Given(Struct, frozen=True):
    """What a promotion gave."""

    promotion: UUID
    name: str | None
    names: dict[str, str]
    """Language → what customers read, where it has such a name; empty: none has."""
    purchases: int
    by_members: int
    net: int
    """What the purchases in which it gave something came to, minor units of the base money."""
    amounts: dict[str, tuple[int, int]]
    """Money or points currency → given, and taken back by returns."""

    def kept(self, currency: str) -> int:
        """Given less taken back."""
        amount, back = self.amounts.get(currency, (0, 0))
        return amount - back

    def cost(self, program: Program) -> int:
        """Discounts and points at their worth, less what returns took back; minor units of the base money."""
        return self.kept(program.base_currency) + worth(program, {c: self.kept(c) for c in self.amounts})


class Books(Struct, frozen=True):
    """Of one points currency: what members have at the end of each day, and what will expire."""

    outstanding: dict[date, int]
    """The day before the period before, and every later day on which something moved."""
    expiring: dict[date, int]
    """From today on, for thirty days."""

    def at_end_of(self, day: date) -> int:
        """What members had when that day was over."""
        past = [one for one in self.outstanding if one <= day]
        return self.outstanding[max(past)] if past else 0


class Home(Struct, frozen=True):
    """All that the page shows."""

    asked: Asked
    mark: Mark
    daily: Days
    """From the period before until the period's end."""
    today: Figures
    week_ago: Figures
    stores: tuple[Row, ...]
    """Of the period, the greatest sales first."""
    reach: Reach
    reach_before: Reach
    active: list[tuple[date, int]]
    """Every day of the period, and how many members had bought in the thirty days up to it."""
    members: dict[date, tuple[int, int]]
    """Day → joined, left; the day before the period before: all until then."""
    books: dict[str, Books]
    promotions: tuple[Given, ...]
    """Of the period, the dearest first."""

    @property
    def total(self) -> Figures:
        """Of the period."""
        return self._between(self.asked.first, self.asked.last)

    @property
    def total_before(self) -> Figures:
        """Of the period before."""
        return self._between(*self.asked.before)

    def members_at(self, day: date) -> int:
        """Members at the end of a day."""
        return sum(joined - left for at, (joined, left) in self.members.items() if at <= day)

    def joined(self, first: date, last: date) -> int:
        """Who joined between two days, both counted."""
        return sum(joined for at, (joined, _) in self.members.items() if first <= at <= last)

    def _between(self, first: date, last: date) -> Figures:
        return days.add_up(row.figures for row in self.daily.rows if first <= row.day <= last)


async def read(tx: Transaction, program: Program, asked: Asked) -> Home:
    """The figures of a period; seven statements. Raises ValueError for a period of more than 400 days."""
    before = asked.before
    week_ago = asked.today - timedelta(days=7)
    daily = await days.read(
        tx, program, before[0], asked.last, asked.stores, by_store=False, also=(asked.today, week_ago)
    )
    on = {row.day: row.figures for row in daily.rows}
    stores = await days.read(tx, program, asked.first, asked.last, asked.stores, by_day=False)
    reach = await _reach(tx, program, asked)
    members, books = await _series(tx, program, asked)
    return Home(
        asked=asked,
        mark=await days.mark(tx, program.id),
        daily=daily,
        today=on.get(asked.today, Figures()),
        week_ago=on.get(week_ago, Figures()),
        stores=tuple(sorted(stores.rows, key=lambda row: (-row.figures.net, row.store))),
        reach=reach.get(asked.first, Reach()),
        reach_before=reach.get(before[0], Reach()),
        active=await _active(tx, program, asked),
        members=members,
        books=books,
        promotions=await promotions(tx, program, asked.first, asked.last, asked.stores),
    )


async def promotions(
    tx: Transaction, program: Program, first: date, last: date, stores: Iterable[UUID] | None = None
) -> tuple[Given, ...]:
    """What every promotion gave in a period, the dearest first; `stores`: None means all."""
    span = {"program": program.id, "first": first, "last": last, "stores": _array(stores)}
    found = [
        Given(promotion, name, names or {}, purchases, by_members, net,
              dict(zip(currencies, zip(amounts, backs, strict=True), strict=True)))
        for promotion, name, names, purchases, by_members, net, currencies, amounts, backs
        in await fetch_all(tx, SQL.promotions, span)
    ]  # fmt: skip
    found.sort(key=lambda one: (-one.cost(program), -one.purchases, str(one.promotion)))
    return tuple(found)


def worth(program: Program, points: dict[str, int]) -> int:
    """What points of several currencies are worth when they pay; minor units of the base money."""
    return sum(
        currency.worth.half_up(points.get(code, 0))
        for code, currency in program.currencies.items()
        if currency.kind != "qualifying"
    )


def scopes(program: Program, stores: Iterable[UUID] | None) -> list[UUID]:
    """Within what members are counted once: the program, or each of the stores."""
    return [program.id] if stores is None else sorted(stores)


async def _reach(tx: Transaction, program: Program, asked: Asked) -> dict[date, Reach]:
    periods = (asked.before, (asked.first, asked.last))
    span = {
        "program": program.id, "scopes": uuids(scopes(program, asked.stores)),
        "firsts": [first for first, _ in periods], "lasts": [last for _, last in periods],
    }  # fmt: skip
    return {first: Reach(*sums) for first, *sums in await fetch_all(tx, SQL.reach, span)}


async def _active(tx: Transaction, program: Program, asked: Asked) -> list[tuple[date, int]]:
    span = {
        "program": program.id, "scopes": uuids(scopes(program, asked.stores)), "window": ACTIVE_DAYS,
        "first": asked.first, "last": asked.last,
    }  # fmt: skip
    changes: dict[date, int] = dict(await fetch_all(tx, SQL.active, span))
    found: list[tuple[date, int]] = []
    active = 0
    for n in range((asked.last - asked.first).days + 1):
        day = asked.first + timedelta(days=n)
        active += changes.get(day, 0)
        found.append((day, active))
    return found


async def _series(
    tx: Transaction, program: Program, asked: Asked
) -> tuple[dict[date, tuple[int, int]], dict[str, Books]]:
    span: dict[str, Any] = {
        "program": program.id, "first": asked.before[0], "last": asked.last, "stores": _array(asked.stores),
        "whole": asked.whole, "expiring_from": asked.today,
        "expiring_until": asked.today + timedelta(days=EXPIRING_DAYS - 1),
    }  # fmt: skip
    members: dict[date, tuple[int, int]] = {}
    books = {code: Books({}, {}) for code, one in program.currencies.items() if one.kind != "qualifying"}
    so_far = dict.fromkeys(books, 0)
    for part, currency, day, came, went in await fetch_all(tx, SQL.series, span):
        if part == 0:
            members[day] = (came, went)
        elif currency in books and part == 1:
            so_far[currency] += came - went
            books[currency].outstanding[day] = so_far[currency]
        elif currency in books:
            books[currency].expiring[day] = came
    return members, books


def _array(stores: Sequence[UUID] | Iterable[UUID] | None) -> Any:
    return None if stores is None else uuids(sorted(stores))
