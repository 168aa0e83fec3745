"""Reads where a currency's points went, day by day, and when what is left will expire: sums of the books."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from regulars.analytics.home import SQL
from regulars.db.pool import Transaction, fetch_all

EXPIRIES_MAX = 400


class Moved(Struct, frozen=True):
    """What moved on a day, in units of the currency; + came to members, − went from them."""

    given: int = 0
    """By purchases."""
    otherwise: int = 0
    """Welcomes, bonuses, adjustments, openings."""
    spent: int = 0
    """Less what returns gave back."""
    taken: int = 0
    """Back by returns and voids, by hand, or to pay a debt."""
    expired: int = 0

    @property
    def change(self) -> int:
        """All together."""
        return self.given + self.otherwise + self.spent + self.taken + self.expired

    def __add__(self, other: Moved) -> Moved:
        return Moved(*(getattr(self, f) + getattr(other, f) for f in self.__struct_fields__))


class Points(Struct, frozen=True):
    """A period of one currency."""

    before: int
    """What members had when it began."""
    days: list[tuple[date, Moved, int]]
    """Each day: what moved, and what members had at its end."""
    expiring: list[tuple[date, int]]
    """From today on, as far as anything expires."""

    @property
    def total(self) -> Moved:
        """Of the period."""
        total = Moved()
        for _, moved, _ in self.days:
            total = total + moved
        return total


async def read(tx: Transaction, program: UUID, currency: str, first: date, last: date, today: date) -> Points:
    """The days from `first` to `last`, both counted."""
    span = {"program": program, "currency": currency, "first": first, "last": last}
    moved: dict[date, Moved] = {}
    for day, kind, source, target, amount in await fetch_all(tx, SQL.points, span):
        moved[day] = moved.get(day, Moved()) + _of(kind, source, target, amount)
    outstanding = before = moved.pop(first - timedelta(days=1), Moved()).change
    days: list[tuple[date, Moved, int]] = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        outstanding += moved.get(day, Moved()).change
        days.append((day, moved.get(day, Moved()), outstanding))
    expiring = await fetch_all(tx, SQL.expiring, (program, currency, today, EXPIRIES_MAX))
    return Points(before, days, [(day, amount) for day, amount in expiring])


def _of(kind: str, source: str, target: str, amount: int) -> Moved:
    """A sum of entries with members' points at one end."""
    other = source if target == "points" else target
    signed = amount if target == "points" else -amount
    if other == "expired":
        return Moved(expired=signed)
    if other == "redeemed":
        return Moved(spent=signed)
    if signed < 0:
        return Moved(taken=signed)
    return Moved(given=signed) if kind == "purchase" else Moved(otherwise=signed)
