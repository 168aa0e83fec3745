"""The ways in which a promotion's conditions can hold: each a list of conditions that must, and that must not, hold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import And, Composite, Not, Or

BRANCHES_MAX = 64


class Leaf(NamedTuple):
    """A condition with no others in it, and the place in the document where it stands."""

    pointer: str
    condition: Condition


class Branch(NamedTuple):
    """One way in which conditions hold."""

    must: tuple[Leaf, ...]
    must_not: tuple[Leaf, ...]


def branches(conditions: Sequence[Condition], pointer: str = "/conditions") -> list[Branch]:
    """The ways in which all of them hold; of very many the first `BRANCHES_MAX`."""
    ways = [_ways(condition, f"{pointer}/{place}", holds=True) for place, condition in enumerate(conditions)]
    return _all_of(ways)


def _ways(condition: Condition, pointer: str, *, holds: bool) -> list[Branch]:
    """The ways in which a condition holds, or (`holds` False) does not."""
    if not isinstance(condition, Composite):
        leaf = (Leaf(pointer, condition),)
        return [Branch(leaf, ())] if holds else [Branch((), leaf)]
    inner = list(enumerate(condition.of))
    if isinstance(condition, Not):
        parts = [_ways(part, f"{pointer}/of/{place}", holds=not holds) for place, part in inner]
        return _all_of(parts) if holds else _any_of(parts)
    parts = [_ways(part, f"{pointer}/of/{place}", holds=holds) for place, part in inner]
    together = isinstance(condition, And) == holds
    assert isinstance(condition, And | Or), "there are three ways to put conditions together"
    return _all_of(parts) if together else _any_of(parts)


def _any_of(parts: list[list[Branch]]) -> list[Branch]:
    return [branch for part in parts for branch in part][:BRANCHES_MAX]


def _all_of(parts: list[list[Branch]]) -> list[Branch]:
    found: list[Branch] = []
    for combination in product(*parts):
        must = tuple(leaf for branch in combination for leaf in branch.must)
        must_not = tuple(leaf for branch in combination for leaf in branch.must_not)
        found.append(Branch(must, must_not))
        if len(found) == BRANCHES_MAX:
            break
    return found
