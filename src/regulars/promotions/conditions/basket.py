"""Conditions on what is in the basket: its amount, quantities, and the presence of products."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from regulars.promotions.conditions.kind import Condition, Failure, Need
from regulars.promotions.goods import EVERYTHING, FACETS, Goods, goods_text
from regulars.promotions.model import Refusal
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words
from regulars.units import AMOUNT_MAX, format_quantity, parse_quantity

Amount = Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]

_RANGE = {"minimum": N_("At least"), "maximum": N_("At most"), "goods": N_("Of these goods")}


class BasketAmount(Condition, frozen=True, tag="basket_amount"):
    """The basket, or its matching lines, cost at least `minimum` and at most `maximum` (minor units of base money)."""

    minimum: Amount | None = None
    maximum: Amount | None = None
    goods: Goods = EVERYTHING
    price: Literal["left", "original"] = "left"
    """After the discounts of earlier groups, or before all of them."""

    title: ClassVar[str] = N_("Amount of the basket")
    labels: ClassVar[dict[str, str]] = {**_RANGE, "price": N_("Before or after earlier discounts")}
    example: ClassVar[dict[str, Any]] = {"kind": "basket_amount", "minimum": 3000}
    hard: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.minimum is None and self.maximum is None:
            raise ValueError("a minimum or a maximum is needed")

    def decide(self, scene: Scene) -> Failure | None:
        prices = scene.net if self.price == "left" else scene.gross
        goods = self.goods
        amount = sum(prices) if goods.everything else sum([prices[i] for i in scene.lines_of(goods)])
        if self.minimum is not None and amount < (limit := scene.money(self.minimum)):
            missing = {"amount": limit - amount, "currency": scene.basket.currency}
            return Failure("basket_below_minimum", {"goods": goods.facts, "minimum": limit}, missing, True)
        if self.maximum is not None and amount > (limit := scene.money(self.maximum)):
            facts = {"goods": goods.facts, "maximum": limit, "currency": scene.basket.currency}
            return Failure("basket_above_maximum", facts)
        return None

    def needs(self) -> tuple[Need, ...]:
        return ((self.goods,),) if self.minimum is not None and not self.goods.everything else ()

    def contradictions(self) -> Iterable[str]:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            yield f"A basket of at least {self.minimum} and at most {self.maximum} does not exist."

    def describe(self, words: Words, currency: str) -> str:
        low = None if self.minimum is None else words.money(self.minimum, currency)
        high = None if self.maximum is None else words.money(self.maximum, currency)
        return _between(low, high, self.goods, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        goods = goods_text(refusal.facts.get("goods", {}), words)
        if refusal.code == "basket_below_minimum":
            amount = words.money(refusal.missing["amount"], refusal.missing["currency"])
            if goods:
                return words.gettext("Add {amount} of {goods} to get {give}").format(
                    amount=amount, goods=goods, give=give
                )
            return words.gettext("Add goods for {amount} to get {give}").format(amount=amount, give=give)
        if refusal.code == "basket_above_maximum":
            most = words.money(refusal.facts["maximum"], refusal.facts["currency"])
            return words.gettext("For baskets up to {amount}: {give}").format(amount=most, give=give)
        return None


class Quantity(Condition, frozen=True, tag="quantity"):
    """There are at least `minimum` and at most `maximum` units of the matching lines (decimal strings)."""

    minimum: str | None = None
    maximum: str | None = None
    goods: Goods = EVERYTHING

    title: ClassVar[str] = N_("Quantity of goods")
    labels: ClassVar[dict[str, str]] = _RANGE
    example: ClassVar[dict[str, Any]] = {"kind": "quantity", "minimum": "10", "goods": {"skus": ["4750001"]}}
    hard: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a minimum or a maximum is needed")

    @cached_property
    def low(self) -> int | None:
        """Thousandths."""
        return None if self.minimum is None else parse_quantity(self.minimum)

    @cached_property
    def high(self) -> int | None:
        return None if self.maximum is None else parse_quantity(self.maximum)

    def decide(self, scene: Scene) -> Failure | None:
        lines = scene.basket.lines
        quantity = sum([lines[i].quantity for i in scene.lines_of(self.goods)])
        if self.low is not None and quantity < self.low:
            missing = {"quantity": format_quantity(self.low - quantity)}
            return Failure("quantity_below_minimum", {"goods": self.goods.facts}, missing, True)
        if self.high is not None and quantity > self.high:
            return Failure("quantity_above_maximum", {"goods": self.goods.facts, "maximum": self.maximum})
        return None

    def needs(self) -> tuple[Need, ...]:
        return ((self.goods,),) if self.low is not None and not self.goods.everything else ()

    def contradictions(self) -> Iterable[str]:
        if self.low is not None and self.high is not None and self.low > self.high:
            yield f"There is no quantity of at least {self.minimum} and at most {self.maximum}."

    def describe(self, words: Words, currency: str) -> str:
        low = None if self.minimum is None else words.number(self.minimum)
        high = None if self.maximum is None else words.number(self.maximum)
        return _between(low, high, self.goods, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        goods = goods_text(refusal.facts.get("goods", {}), words)
        if refusal.code == "quantity_below_minimum":
            return _add_more(refusal.missing["quantity"], goods, give, words)
        if refusal.code == "quantity_above_maximum":
            most = words.number(refusal.facts["maximum"])
            text = words.gettext("For at most {n} of {goods}: {give}")
            return text.format(n=most, goods=goods or words.gettext("goods"), give=give)
        return None


class Products(Condition, frozen=True, tag="products"):
    """Goods of the lists are in the basket: any of them, or each that the lists name."""

    goods: Goods
    match: Literal["any", "all"] = "any"

    title: ClassVar[str] = N_("Products in the basket")
    labels: ClassVar[dict[str, str]] = {"goods": N_("Goods"), "match": N_("Any of them or all")}
    example: ClassVar[dict[str, Any]] = {"kind": "products", "goods": {"categories": ["bakery"]}}
    hard: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not self.goods.keys:
            raise ValueError("the goods must name something")

    def decide(self, scene: Scene) -> Failure | None:
        places = scene.lines_of(self.goods)
        if self.match == "any":
            return None if places else Failure("products_missing", {"goods": self.goods.facts}, {}, True)
        there = frozenset[str]().union(*[scene.products[i].keys for i in places])
        if self.goods.keys <= there:
            return None
        lacking = dict(self.lacking(there))
        return Failure("products_missing", {"goods": lacking, "match": "all"}, {}, True)

    def lacking(self, there: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
        """What the lists name and the basket does not have, by facet."""
        for facet, name in FACETS.items():
            codes = [
                code for code in getattr(self.goods, name) if f"{facet[0]}:{code.strip('/')}" not in there
            ]
            if codes:
                yield facet, codes[:3]

    def needs(self) -> tuple[Need, ...]:
        return ((self.goods,),)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words, either=self.match == "any")
        return words.gettext("with {goods}").format(goods=goods)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "products_missing":
            return None
        either = refusal.facts.get("match") != "all"
        goods = goods_text(refusal.facts.get("goods", {}), words, either=either)
        return words.gettext("Add {goods} to get {give}").format(goods=goods, give=give)


def _between(low: str | None, high: str | None, goods: Goods, words: Words) -> str:
    """from … to … of goods."""
    if high is None:
        text = words.gettext("from {minimum} of {goods}")
    elif low is None:
        text = words.gettext("up to {maximum} of {goods}")
    else:
        text = words.gettext("from {minimum} to {maximum} of {goods}")
    names = goods_text(goods.facts, words) or words.gettext("goods")
    return text.format(minimum=low, maximum=high, goods=names)


def _add_more(missing: str, goods: str, give: str, words: Words) -> str:
    """Add so many more of goods. `missing` is a decimal string; a broken number takes the plural of two."""
    count = int(missing) if missing.isdigit() else 2
    if goods:
        text = words.ngettext(
            "Add {n} more of {goods} to get {give}", "Add {n} more of {goods} to get {give}", count
        )
    else:
        text = words.ngettext("Add {n} more item to get {give}", "Add {n} more items to get {give}", count)
    return text.format(n=words.number(missing), goods=goods, give=give)
