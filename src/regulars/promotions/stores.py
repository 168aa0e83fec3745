"""Says in which stores a promotion could apply, by what its conditions ask of the place. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import And, Composite, Or
from regulars.promotions.conditions.place import Partner, Store


def keys_of(store: str, groups: Iterable[str], partner: str) -> frozenset[str]:
    """What a store answers to conditions on the place, as `Condition.needs` names it; all three by their codes."""
    return frozenset({f"store:{store}", f"partner:{partner}", *(f"stores:{group}" for group in groups)})


def could_run(conditions: Iterable[Condition], keys: frozenset[str]) -> bool:
    """Whether with some basket, customer and day all of them hold in the store that has these keys."""
    return all(_holds(condition, keys) is not False for condition in conditions)


def _holds(condition: Condition, keys: frozenset[str]) -> bool | None:
    """Whether it holds there; None: it is not the place that decides."""
    if isinstance(condition, Store | Partner):
        return all(any(key in keys for key in need) for need in condition.needs())
    if not isinstance(condition, Composite):
        return None
    inner = [_holds(part, keys) for part in condition.of]
    if isinstance(condition, And):
        return False if False in inner else None if None in inner else True
    either = True if True in inner else None if None in inner else False
    if isinstance(condition, Or) or either is None:
        return either
    return not either
