"""Conditions that bound the same thing, and whether their bounds leave anything: at least 30.00 and at most 20.00."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import NamedTuple

from regulars.promotions.conditions.basket import BasketAmount, Quantity
from regulars.promotions.conditions.history import FirstPurchase, LastPurchase, NthPurchase, Turnover, Visits
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.person import Age, MembershipAge
from regulars.promotions.conditions.streak import VisitStreak
from regulars.promotions.goods import Goods
from regulars.promotions.linting.branches import Branch, Leaf
from regulars.promotions.reads import Window

Subject = tuple[object, ...]
"""What is bounded: a name, and of what."""
ALL: tuple[frozenset[str], frozenset[str], None] = (frozenset(), frozenset(), None)


class Bounds(NamedTuple):
    """At least `low` and at most `high` of something; None: not bounded on that side."""

    leaf: Leaf
    subject: Subject
    low: int | None
    high: int | None


def bounds(branch: Branch) -> list[Bounds]:
    """What a way in which conditions hold asks of every thing that can be counted."""
    found: list[Bounds] = []
    for leaf in branch.must:
        found += [Bounds(leaf, *one) for one in _bounds(leaf.condition)]
    for leaf in branch.must_not:
        found += [Bounds(leaf, *one) for one in _opposite(leaf.condition)]
    return found


def clashes(found: list[Bounds]) -> Iterator[tuple[Leaf, Leaf]]:
    """Pairs of conditions of which one asks for more than the other allows."""
    for one, other in product(found, found):
        if one.leaf.pointer == other.leaf.pointer or one.low is None or other.high is None:
            continue
        if one.low > other.high and _within(one.subject, other.subject):
            yield one.leaf, other.leaf


def meant(goods: Goods) -> tuple[frozenset[str], frozenset[str], str | None]:
    """Goods without what they are called, to be compared."""
    return goods.keys, goods.without, goods.reduced


def _bounds(condition: Condition) -> Iterator[tuple[Subject, int | None, int | None]]:
    asking = _ASKING.get(type(condition))
    if asking is not None:
        yield asking(condition)
    past = _purchases(condition)
    if past is not None:
        yield ("purchases",), *past


def _opposite(condition: Condition) -> Iterator[tuple[Subject, int | None, int | None]]:
    """What must hold so that it does not; only where that is one range."""
    asking = _ASKING.get(type(condition))
    if asking is not None:
        subject, low, high = asking(condition)
        if (low is None) != (high is None):
            yield subject, (None if high is None else high + 1), (None if low is None else low - 1)


def _purchases(condition: Condition) -> tuple[int, int | None] | None:
    """How many purchases there must have been before."""
    if isinstance(condition, FirstPurchase):
        return 0, 0
    if isinstance(condition, NthPurchase):
        return condition.number - 1, None if condition.every else condition.number - 1
    if isinstance(condition, LastPurchase):
        return 1, None
    if isinstance(condition, Visits | Turnover) and condition.minimum:
        return 1, None
    if isinstance(condition, VisitStreak):
        return condition.visits, None
    return None


def _amount(condition: BasketAmount) -> tuple[Subject, int | None, int | None]:
    return ("amount", condition.price, meant(condition.goods)), condition.minimum, condition.maximum


def _quantity(condition: Quantity) -> tuple[Subject, int | None, int | None]:
    return ("quantity", condition.unit, meant(condition.goods)), condition.low, condition.high


def _turnover(condition: Turnover) -> tuple[Subject, int | None, int | None]:
    return ("turnover", condition.window), condition.minimum, condition.maximum


def _visits(condition: Visits) -> tuple[Subject, int | None, int | None]:
    return ("visits", condition.days, condition.counting), condition.minimum, condition.maximum


def _since(condition: LastPurchase) -> tuple[Subject, int | None, int | None]:
    return ("last_purchase",), condition.minimum, condition.maximum


def _age(condition: Age) -> tuple[Subject, int | None, int | None]:
    return ("age",), condition.minimum, condition.maximum


def _membership(condition: MembershipAge) -> tuple[Subject, int | None, int | None]:
    return ("membership", condition.unit), condition.minimum, condition.maximum


_ASKING: dict[type[Condition], Callable[..., tuple[Subject, int | None, int | None]]] = {
    BasketAmount: _amount,
    Quantity: _quantity,
    Turnover: _turnover,
    Visits: _visits,
    LastPurchase: _since,
    Age: _age,
    MembershipAge: _membership,
}


def _within(one: Subject, other: Subject) -> bool:
    """Whether what is asked of the one is also in the other: books are goods, a month is in its year."""
    if one == other:
        return True
    if one[:2] == other[:2] and one[0] in ("amount", "quantity"):
        return other[2] == ALL
    if one[0] == "turnover" == other[0]:
        return _shorter(one[1], other[1])
    return False


def _shorter(one: object, other: object) -> bool:
    assert isinstance(one, Window)
    assert isinstance(other, Window)
    if other.period == "lifetime":
        return True
    if one.period == other.period == "days":
        return one.days <= other.days
    return (one.period, other.period) == ("calendar_month", "calendar_year")


def of(found: Iterable[Bounds], name: str) -> Iterator[Bounds]:
    """Those that bound this thing."""
    return (one for one in found if one.subject[0] == name)
