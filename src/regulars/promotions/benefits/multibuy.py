"""Benefits for groups of pieces: n for m, every n-th, buy X get Y, bundles. Weighed goods are one piece a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

from regulars.promotions.benefits.discounts import NewPrice, Percent, parse_percent, require_percent
from regulars.promotions.benefits.kind import Repeated
from regulars.promotions.bundles import Bundles, Together
from regulars.promotions.goods import EVERYTHING, Goods, goods_text
from regulars.promotions.packages import Cheapest, Dearest, Package, Pieces, off_each
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words
from regulars.units import PPM

Count = Annotated[int, Meta(ge=1, le=1000)]
COMPONENTS_MAX = 10
_LIMIT = {"limit": N_("At most so many times")}


class NForM(Repeated, frozen=True, tag="n_for_m"):
    """Of each `pieces` matching pieces, dearest first, the cheapest are free and `pay` are paid.

    What the free ones cost is taken off all pieces of the group, so that each that comes back is worth its share.
    """

    pieces: Annotated[int, Meta(ge=2, le=1000)] = 2
    pay: Count = 1

    title: ClassVar[str] = N_("n for the price of m")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Three for the price of two: the cheapest pieces are free.")
    labels: ClassVar[dict[str, str]] = {
        "goods": N_("On these goods"),
        "pieces": N_("Pieces"),
        "pay": N_("To be paid"),
        **_LIMIT,
    }
    example: ClassVar[dict[str, Any]] = {
        "kind": "n_for_m", "pieces": 3, "pay": 2, "goods": {"categories": ["drinks"], "label": {"en": "drinks"}},
    }  # fmt: skip

    def __post_init__(self) -> None:
        if self.pay >= self.pieces:
            raise ValueError("fewer pieces must be paid than are taken")

    def package(self, scene: Scene, pieces: Pieces) -> Package:
        return Cheapest(pieces, self.pieces, self.pieces - self.pay, PPM, self.limit, spread=True)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words) or words.gettext("goods")
        text = words.gettext("{n} for the price of {m} of {goods}")
        return text.format(n=self.pieces, m=self.pay, goods=goods)


class EveryNth(Repeated, frozen=True, tag="every_nth"):
    """Of each `every` matching pieces the cheapest (or the dearest) `count` are free, or at a percentage less.

    The discount falls on these pieces.
    """

    every: Annotated[int, Meta(ge=1, le=1000)] = 2
    count: Count = 1
    which: Literal["cheapest", "dearest"] = "cheapest"
    percent: Percent = "100"

    title: ClassVar[str] = N_("Every n-th piece")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Every second, third … piece is free or cheaper.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "which": {"cheapest": N_("The cheapest"), "dearest": N_("The dearest")}
    }
    labels: ClassVar[dict[str, str]] = {
        "goods": N_("On these goods"),
        "every": N_("Of so many pieces"),
        "count": N_("So many"),
        "which": N_("The cheapest or the dearest"),
        "percent": N_("Per cent"),
        **_LIMIT,
    }
    example: ClassVar[dict[str, Any]] = {
        "kind": "every_nth",
        "every": 2,
        "percent": "50",
        "goods": {"brands": ["Rio"]},
    }

    def __post_init__(self) -> None:
        require_percent(parse_percent(self.percent))
        if self.count > self.every:
            raise ValueError("of so many pieces no more can be reduced")

    def package(self, scene: Scene, pieces: Pieces) -> Package:
        ppm = parse_percent(self.percent)
        if self.which == "cheapest":
            return Cheapest(pieces, self.every, self.count, ppm, self.limit, spread=False)
        return Dearest(pieces, self.every, self.count, off_each(pieces, ppm), self.limit)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words) or words.gettext("goods")
        if self.which == "cheapest":
            text = words.gettext("{percent} off the cheapest {count} of each {n} of {goods}")
        else:
            text = words.gettext("{percent} off the dearest {count} of each {n} of {goods}")
        return text.format(percent=words.percent(self.percent), count=self.count, n=self.every, goods=goods)


class BuyGet(Repeated, frozen=True, tag="buy_get"):
    """For each `buy` pieces of `triggers`, up to `get` pieces of `goods` are free, or at a percentage less.

    A piece takes part once: as a trigger, or as what is given. The discount falls on what is given.
    """

    triggers: Goods = EVERYTHING
    buy: Count = 1
    get: Count = 1
    percent: Percent = "100"

    title: ClassVar[str] = N_("Buy X, get Y")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Whoever buys some goods gets others free or cheaper.")
    labels: ClassVar[dict[str, str]] = {
        "goods": N_("Goods that are given"),
        "triggers": N_("Goods to be bought"),
        "buy": N_("Buy so many"),
        "get": N_("Get so many"),
        "percent": N_("Per cent"),
        **_LIMIT,
    }
    example: ClassVar[dict[str, Any]] = {
        "kind": "buy_get",
        "triggers": {"categories": ["phones"], "label": {"en": "phones"}},
        "goods": {"categories": ["cases"], "label": {"en": "cases"}},
        "percent": "50",
    }

    def __post_init__(self) -> None:
        require_percent(parse_percent(self.percent))

    def meant(self) -> tuple[Goods, ...]:
        return self.goods, self.triggers

    def lines(self, scene: Scene) -> Sequence[int]:
        return sorted({*scene.lines_of(self.triggers), *scene.lines_of(self.goods)})

    def package(self, scene: Scene, pieces: Pieces) -> Package:
        triggers, rewards = set(scene.lines_of(self.triggers)), set(scene.lines_of(self.goods))
        return Together(
            pieces,
            [place in triggers for place in pieces.places],
            [place in rewards for place in pieces.places],
            off_each(pieces, parse_percent(self.percent)),
            self.buy,
            self.get,
            self.limit,
        )  # fmt: skip

    def describe(self, words: Words, currency: str) -> str:
        text = words.gettext("{percent} off {get} of {goods} for each {buy} of {triggers}")
        return text.format(
            percent=words.percent(self.percent),
            get=self.get,
            goods=goods_text(self.goods.facts, words) or words.gettext("goods"),
            buy=self.buy,
            triggers=goods_text(self.triggers.facts, words) or words.gettext("goods"),
        )


class Component(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a bundle: so many pieces of these goods."""

    goods: Goods
    count: Count = 1

    labels: ClassVar[dict[str, str]] = {"goods": N_("Goods"), "count": N_("So many")}


class BundlePrice(Repeated, frozen=True, tag="bundle_price"):
    """Pieces of several goods together for one price, or a percentage less. As many bundles as save something.

    The discount is taken off all pieces of the bundles. With `goods`, pieces of other lines take no part.
    """

    components: Annotated[tuple[Component, ...], Meta(min_length=1, max_length=COMPONENTS_MAX)] = ()
    price: NewPrice | None = None
    """Of one bundle, in minor units of base money."""
    percent: Percent | None = None

    title: ClassVar[str] = N_("Bundle")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Several goods together cost one price, or so many per cent less.")
    labels: ClassVar[dict[str, str]] = {
        "goods": N_("Of these goods only"),
        "components": N_("Parts of the bundle"),
        "price": N_("Price"),
        "percent": N_("Per cent"),
        **_LIMIT,
    }
    example: ClassVar[dict[str, Any]] = {
        "kind": "bundle_price",
        "components": [
            {"goods": {"categories": ["sandwiches"], "label": {"en": "sandwiches"}}},
            {"goods": {"categories": ["drinks"], "label": {"en": "drinks"}}},
        ],
        "price": 500,
    }

    def __post_init__(self) -> None:
        if (self.price is None) == (self.percent is None):
            raise ValueError("a bundle needs a price or a percentage")
        if self.percent is not None:
            require_percent(parse_percent(self.percent))
        if not self.components:
            raise ValueError("a bundle needs components")

    @cached_property
    def ppm(self) -> int:
        """Of a piece's price that counts."""
        return PPM if self.percent is None else parse_percent(self.percent)

    def meant(self) -> tuple[Goods, ...]:
        return (*[component.goods for component in self.components], self.goods)

    def lines(self, scene: Scene) -> Sequence[int]:
        parts = [scene.lines_of(component.goods) for component in self.components]
        return sorted(set(scene.lines_of(self.goods)).intersection(set[int]().union(*parts)))

    def package(self, scene: Scene, pieces: Pieces) -> Package:
        mine = set(scene.lines_of(self.goods))
        lines = [mine.intersection(scene.lines_of(component.goods)) for component in self.components]
        return Bundles(
            pieces,
            [tuple([part for part, there in enumerate(lines) if place in there]) for place in pieces.places],
            tuple([component.count for component in self.components]),
            [self.ppm * price for price in pieces.prices],
            0 if self.price is None else scene.money(self.price) * PPM,
            self.limit,
        )  # fmt: skip

    def contradictions(self) -> Iterable[str]:
        if len(self.components) == 1 and self.components[0].count == 1:
            yield Sentence(N_("A bundle of one piece is a price: take line_price or line_percent."))

    def describe(self, words: Words, currency: str) -> str:
        parts = [
            words.gettext("{n} of {goods}").format(
                n=part.count, goods=goods_text(part.goods.facts, words) or words.gettext("goods")
            )
            for part in self.components
        ]
        if self.price is None:
            give = words.percent(self.percent or "")
            return words.gettext("{percent} off {goods} together").format(
                percent=give, goods=words.joined(parts)
            )
        give = words.money(self.price, currency)
        return words.gettext("{goods} for {amount} together").format(amount=give, goods=words.joined(parts))
