"""Conditions on what is in the basket: its amount, quantities, the presence of products, reduced goods."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from regulars.promotions.conditions.kind import Condition, Failure, Need, require_bound
from regulars.promotions.goods import EVERYTHING, Goods, few, goods_text
from regulars.promotions.outcome import Refusal
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words
from regulars.units import AMOUNT_MAX, format_quantity, parse_quantity

Amount = Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
Unit = Annotated[str, Meta(min_length=1, max_length=20)]

_RANGE = {"minimum": N_("At least"), "maximum": N_("At most"), "goods": N_("Of these goods")}


class BasketAmount(Condition, frozen=True, tag="basket_amount"):
    """The basket, or its matching lines, cost at least `minimum` and at most `maximum` (minor units of base money)."""

    minimum: Amount | None = None
    maximum: Amount | None = None
    goods: Goods = EVERYTHING
    price: Literal["left", "original"] = "left"
    """After the discounts of earlier groups, or before all of them."""

    title: ClassVar[str] = N_("Amount of the basket")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("What is bought costs at least, or at most, so much.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "price": {"left": N_("What is left to pay"), "original": N_("Before all discounts")}
    }
    labels: ClassVar[dict[str, str]] = {**_RANGE, "price": N_("Before or after earlier discounts")}
    example: ClassVar[dict[str, Any]] = {"kind": "basket_amount", "minimum": 3000}
    hard: ClassVar[bool] = False

    def __post_init__(self) -> None:
        require_bound(self.minimum, self.maximum)

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
            text = N_("A basket of at least {minimum} and at most {maximum} does not exist.")
            yield Sentence(text, minimum=self.minimum, maximum=self.maximum)

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
    unit: Unit | None = None
    """Only lines that are sold by this unit count: "kg" makes it a weight."""

    title: ClassVar[str] = N_("Quantity or weight of goods")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("So many pieces, or so much weight, of some goods are bought.")
    inputs: ClassVar[dict[str, str]] = {"minimum": "decimal", "maximum": "decimal"}
    labels: ClassVar[dict[str, str]] = {**_RANGE, "unit": N_("Sold by")}
    example: ClassVar[dict[str, Any]] = {"kind": "quantity", "minimum": "10", "goods": {"skus": ["4750001"]}}
    hard: ClassVar[bool] = False

    def __post_init__(self) -> None:
        require_bound(self.low, self.high)

    @cached_property
    def low(self) -> int | None:
        """Thousandths."""
        return None if self.minimum is None else parse_quantity(self.minimum)

    @cached_property
    def high(self) -> int | None:
        return None if self.maximum is None else parse_quantity(self.maximum)

    def decide(self, scene: Scene) -> Failure | None:
        meant, unit = [scene.basket.lines[i] for i in scene.lines_of(self.goods)], self.unit
        quantity = sum([line.quantity for line in meant if unit is None or line.unit == unit])
        facts: dict[str, Any] = {"goods": self.goods.facts, "unit": unit}
        if self.low is not None and quantity < self.low:
            missing = {"quantity": format_quantity(self.low - quantity)}
            return Failure("quantity_below_minimum", facts, missing, True)
        if self.high is not None and quantity > self.high:
            return Failure("quantity_above_maximum", {**facts, "maximum": self.maximum})
        return None

    def needs(self) -> tuple[Need, ...]:
        return ((self.goods,),) if self.low is not None and not self.goods.everything else ()

    def contradictions(self) -> Iterable[str]:
        if self.low is not None and self.high is not None and self.low > self.high:
            text = N_("There is no quantity of at least {minimum} and at most {maximum}.")
            yield Sentence(text, minimum=self.minimum, maximum=self.maximum)

    def describe(self, words: Words, currency: str) -> str:
        low = None if self.minimum is None else measured(self.minimum, self.unit, words)
        high = None if self.maximum is None else measured(self.maximum, self.unit, words)
        return _between(low, high, self.goods, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        facts = refusal.facts
        goods = goods_text(facts.get("goods", {}), words)
        if refusal.code == "quantity_below_minimum":
            return add_more(refusal.missing["quantity"], facts.get("unit"), goods, give, words)
        if refusal.code == "quantity_above_maximum":
            most = measured(facts["maximum"], facts.get("unit"), words)
            text = words.gettext("For at most {n} of {goods}: {give}")
            return text.format(n=most, goods=goods or words.gettext("goods"), give=give)
        return None


class Products(Condition, frozen=True, tag="products"):
    """Goods of the lists are in the basket: any of them, `count` different ones, or each that the lists name."""

    goods: Goods
    match: Literal["any", "all"] = "any"
    count: Annotated[int, Meta(ge=2, le=1000)] | None = None
    """With `any`: so many different ones of what the lists name."""

    title: ClassVar[str] = N_("Products in the basket")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Certain goods are in the basket.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "match": {"any": N_("Any of them"), "all": N_("All of them")}
    }
    labels: ClassVar[dict[str, str]] = {
        "goods": N_("Goods"), "match": N_("Any of them or all"), "count": N_("So many different ones"),
    }  # fmt: skip
    example: ClassVar[dict[str, Any]] = {"kind": "products", "goods": {"categories": ["bakery"]}}
    hard: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not self.goods.keys:
            raise ValueError("the goods must name something")
        if self.count is not None and self.match == "all":
            raise ValueError("a count goes with `any`")

    @cached_property
    def wanted(self) -> int:
        """How many of what the lists name must be there."""
        return len(self.goods.keys) if self.match == "all" else self.count or 1

    def decide(self, scene: Scene) -> Failure | None:
        places = scene.lines_of(self.goods)
        if self.wanted == 1:
            return None if places else Failure("products_missing", {"goods": self.goods.facts}, {}, True)
        there = frozenset[str]().union(*[scene.products[i].keys for i in places])
        lacking = [entry for entry in self.goods.entries if entry.key not in there]
        more = self.wanted - (len(self.goods.keys) - len({entry.key for entry in lacking}))
        if more <= 0:
            return None
        alternatives = more < len(lacking) and bool(
            self.goods.label
        )  # their label says more than three of many
        goods = self.goods.facts if alternatives else few(lacking)
        missing = {"quantity": str(more)} if self.match == "any" else {}
        return Failure("products_missing", {"goods": goods, "match": self.match}, missing, True)

    def needs(self) -> tuple[Need, ...]:
        return ((self.goods,),)

    def contradictions(self) -> Iterable[str]:
        if self.wanted > len(self.goods.keys):
            text = N_("{wanted} different goods are asked for, and the lists name {count}.")
            yield Sentence(text, wanted=self.wanted, count=len(self.goods.keys))

    def describe(self, words: Words, currency: str) -> str:
        return _with(goods_text(self.goods.facts, words, either=self.match == "any"), self.count, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "products_missing":
            return None
        goods = goods_text(refusal.facts["goods"], words, either=refusal.facts.get("match") != "all")
        if "quantity" in refusal.missing:
            return add_more(refusal.missing["quantity"], None, goods, give, words)
        return words.gettext("Add {goods} to get {give}").format(goods=goods, give=give)


class ReducedGoods(Condition, frozen=True, tag="reduced_goods"):
    """No line, or every line, is sold below its regular price."""

    are: Literal["absent", "everything"] = "absent"

    title: ClassVar[str] = N_("Reduced goods in the basket")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Whether the basket may hold goods that are reduced already.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "are": {"absent": N_("No reduced goods"), "everything": N_("Nothing but reduced goods")}
    }
    labels: ClassVar[dict[str, str]] = {"are": N_("None, or nothing else")}
    example: ClassVar[dict[str, Any]] = {"kind": "reduced_goods", "are": "absent"}

    def decide(self, scene: Scene) -> Failure | None:
        lines = scene.basket.lines
        reduced = sum([line.regular_price > line.unit_price for line in lines])
        if self.are == "absent":
            return Failure("reduced_goods_present") if reduced else None
        return None if reduced == len(lines) else Failure("goods_not_reduced")

    def describe(self, words: Words, currency: str) -> str:
        if self.are == "absent":
            return words.gettext("without reduced goods")
        return words.gettext("with reduced goods only")

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code == "reduced_goods_present":
            return words.gettext("Not together with reduced goods: {give}").format(give=give)
        if refusal.code == "goods_not_reduced":
            return words.gettext("For reduced goods only: {give}").format(give=give)
        return None


def _with(goods: str, count: int | None, words: Words) -> str:
    if count is None:
        return words.gettext("with {goods}").format(goods=goods)
    text = words.ngettext("with {n} different of {goods}", "with {n} different of {goods}", count)
    return text.format(n=count, goods=goods)


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


def measured(number: str, unit: str | None, words: Words) -> str:
    """A decimal string as people write it, with its unit."""
    return f"{words.number(number)}\u00a0{unit}" if unit else words.number(number)


def add_more(missing: str, unit: str | None, goods: str, give: str, words: Words) -> str:
    """Add so many more of goods. `missing` is a decimal string; a broken number takes the plural of two."""
    count = int(missing) if missing.isdigit() else 2
    if unit:
        text = words.gettext("Add another {amount} of {goods} to get {give}")
        return text.format(
            amount=measured(missing, unit, words), goods=goods or words.gettext("goods"), give=give
        )
    if goods:
        text = words.ngettext(
            "Add {n} more of {goods} to get {give}", "Add {n} more of {goods} to get {give}", count
        )
    else:
        text = words.ngettext("Add {n} more item to get {give}", "Add {n} more items to get {give}", count)
    return text.format(n=words.number(missing), goods=goods, give=give)
