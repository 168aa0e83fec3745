"""Says what the limits for all together of a promotion leave in their present period. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from msgspec import Struct

from regulars.periods import first_day
from regulars.promotions import limits
from regulars.promotions.model import Document, Limit


class Budget(Struct, frozen=True):
    """A limit for all together in its present period: how much there is, and how much was used."""

    limit: Limit
    most: int
    used: int

    @property
    def left(self) -> int:
        """What is left of it."""
        return max(0, self.most - self.used)

    @property
    def share(self) -> float:
        """How much of it was used; more than 1 where a later revision made it smaller."""
        return self.used / self.most if self.most else 1.0


def budgets_of(
    promotion: UUID, document: Document, day: date, used: Mapping[tuple[UUID, str, int], int]
) -> tuple[Budget, ...]:
    """The limits for all together of one promotion, with what was used of them."""
    found: list[Budget] = []
    for limit in document.limits:
        if limit.per == "total":
            key = (promotion, limits.rule_of(limit), first_day(limit.period, day))
            found.append(Budget(limit, limits.cap(limit), used.get(key, 0)))
    return tuple(found)
