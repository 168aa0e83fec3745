"""The condition that several goods are bought together, each a number of times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import combinations
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from regulars.promotions.conditions.kind import Condition, Failure, Need
from regulars.promotions.goods import Goods, goods_text
from regulars.promotions.outcome import Refusal
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words
from regulars.units import format_quantity, parse_quantity

PARTS_MAX = 8


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """So many units of some goods."""

    goods: Goods
    quantity: str = "1"
    """A decimal string; weighed goods by their weight."""

    labels: ClassVar[dict[str, str]] = {"goods": N_("Goods"), "quantity": N_("Quantity")}
    inputs: ClassVar[dict[str, str]] = {"quantity": "decimal"}

    def __post_init__(self) -> None:
        if self.goods.everything:
            raise ValueError("the goods of a part must name something")
        parse_quantity(self.quantity)

    @cached_property
    def thousandths(self) -> int:
        return parse_quantity(self.quantity)


class Bundle(Condition, frozen=True, tag="bundle"):
    """All the parts are in the basket at once; what counts for one part does not count for another."""

    parts: Annotated[tuple[Part, ...], Meta(min_length=2, max_length=PARTS_MAX)]

    title: ClassVar[str] = N_("Bundle of goods")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Several goods are bought together, each in its quantity.")
    labels: ClassVar[dict[str, str]] = {"parts": N_("Goods, each with a quantity")}
    example: ClassVar[dict[str, Any]] = {
        "kind": "bundle",
        "parts": [
            {"goods": {"categories": ["drinks/coffee"]}, "quantity": "1"},
            {"goods": {"categories": ["bakery"]}, "quantity": "2"},
        ],
    }
    hard: ClassVar[bool] = False

    def decide(self, scene: Scene) -> Failure | None:
        places = [scene.lines_of(part.goods) for part in self.parts]
        short = [
            (part, part.thousandths - _sum(scene, found))
            for part, found in zip(self.parts, places, strict=True)
        ]
        lacking = [(part.goods.facts, missing) for part, missing in short if missing > 0]
        if sum(map(len, places)) > len({i for found in places for i in found}):
            contested = _contested(self.parts, scene, places)
            if contested is not None and contested[1] > sum([missing for _, missing in lacking]):
                lacking = [contested]
        if not lacking:
            return None
        parts = [{"goods": facts, "quantity": format_quantity(missing)} for facts, missing in lacking]
        missing = {"quantity": format_quantity(sum([missing for _, missing in lacking]))}
        return Failure("bundle_incomplete", {"parts": parts}, missing, True)

    def needs(self) -> tuple[Need, ...]:
        return tuple((part.goods,) for part in self.parts)

    def describe(self, words: Words, currency: str) -> str:
        parts = [{"goods": part.goods.facts, "quantity": part.quantity} for part in self.parts]
        return words.gettext("with {goods}").format(goods=_listed(parts, words))

    def contradictions(self) -> Iterable[str]:
        for one, other in combinations(self.parts, 2):
            if one.goods == other.goods:
                text = N_("Two parts of the bundle are the same goods: give one with the whole quantity.")
                yield Sentence(text)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "bundle_incomplete":
            return None
        goods = _listed(refusal.facts["parts"], words)
        return words.gettext("Add {goods} to get {give}").format(goods=goods, give=give)


def _contested(
    parts: Sequence[Part], scene: Scene, places: Sequence[Sequence[int]]
) -> tuple[dict[str, Any], int] | None:
    """Where parts want the same lines: how much lacks, and of which of them one may add it.

    Hall's theorem: all can be served if every set of parts finds as much as it asks for.
    """
    worst, part = 0, parts[0]
    for size in range(2, len(places) + 1):
        for chosen in combinations(range(len(places)), size):
            there = _sum(scene, {i for n in chosen for i in places[n]})
            missing = sum([parts[n].thousandths for n in chosen]) - there
            if missing > worst:
                worst, part = missing, parts[chosen[-1]]
    return (part.goods.facts, worst) if worst else None


def _sum(scene: Scene, places: Iterable[int]) -> int:
    """Thousandths on these lines."""
    lines = scene.basket.lines
    return sum([lines[i].quantity for i in places])


def _listed(parts: Iterable[dict[str, Any]], words: Words) -> str:
    """2 × coffee and 1 × bun."""
    return words.joined(
        [f"{words.number(part['quantity'])}\u00a0×\u00a0{goods_text(part['goods'], words)}" for part in parts]
    )
