"""Conditions on where a purchase is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from regulars.promotions.conditions.kind import Condition, Failure, Need
from regulars.promotions.goods import Codes
from regulars.promotions.model import Basket, Refusal, Standing
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words


class Store(Condition, frozen=True, tag="store"):
    """The purchase is made in one of these stores, or of these groups of stores (codes)."""

    stores: Codes = ()
    groups: Codes = ()

    title: ClassVar[str] = N_("Store")
    labels: ClassVar[dict[str, str]] = {"stores": N_("Stores"), "groups": N_("Groups of stores")}
    example: ClassVar[dict[str, Any]] = {"kind": "store", "stores": ["riga-1", "riga-2"]}

    def __post_init__(self) -> None:
        if not self.stores and not self.groups:
            raise ValueError("a store or a group of stores is needed")

    def decide(self, scene: Scene) -> Failure | None:
        basket = scene.basket
        if basket.store in self.stores or (
            self.groups and any(g in self.groups for g in basket.store_groups)
        ):
            return None
        return Failure(
            "store_not_included", {"stores": list(self.stores[:3]), "groups": list(self.groups[:3])}
        )

    def needs(self) -> tuple[Need, ...]:
        keys = [f"store:{code}" for code in self.stores] + [f"stores:{code}" for code in self.groups]
        return (tuple(keys),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"store:{basket.store}", *[f"stores:{group}" for group in basket.store_groups]]

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("in {stores}").format(stores=_names(self.stores + self.groups, words))

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "store_not_included":
            return None
        stores = _names([*refusal.facts.get("stores", ()), *refusal.facts.get("groups", ())], words)
        return words.gettext("In {stores} only: {give}").format(stores=stores, give=give)


def _names(codes: Iterable[str], words: Words) -> str:
    return words.joined([words.store(code) for code in codes], either=True)
