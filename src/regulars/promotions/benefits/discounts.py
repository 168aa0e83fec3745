"""Benefits that take money off: per cent and amounts, on lines and on the basket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from regulars.promotions.benefits.kind import Discount, Offer, Stage
from regulars.promotions.goods import goods_text
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words
from regulars.units import AMOUNT_MAX, ONE, PPM, parse_rate

Amount = Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
Percent = Annotated[str, Meta(description="A decimal string of per cent with at most 4 decimals: 12.5")]


def parse_percent(text: str) -> int:
    """ "12.5" → 125 000 parts per million. Raises ValueError."""
    ppm = parse_rate(text)
    if ppm % 100:
        raise ValueError("more than 4 decimals")
    return ppm // 100


class PercentOff(Discount, frozen=True):
    """What the two percent discounts share: the rate, an optional cap, and that each line keeps its floor."""

    percent: Percent = ""
    cap: Amount | None = None
    """At most this much per purchase, in minor units of base money."""

    labels: ClassVar[dict[str, str]] = {
        "goods": N_("On these goods"),
        "percent": N_("Per cent"),
        "cap": N_("At most per purchase"),
    }

    def __post_init__(self) -> None:
        if not 0 < self.ppm <= PPM:
            raise ValueError("a percentage must be above 0 and at most 100")

    @cached_property
    def ppm(self) -> int:
        """Parts per million."""
        return parse_percent(self.percent)

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        ppm = self.ppm
        if scene.clips:
            potentials = [min(ppm * price, room * PPM) for price, room in zip(prices, rooms, strict=True)]
        else:
            potentials = [ppm * price for price in prices]
        return Offer(potentials, PPM, True, None if self.cap is None else scene.money(self.cap))

    def describe(self, words: Words, currency: str) -> str:
        percent, goods = words.percent(self.percent), goods_text(self.goods.facts, words)
        text = words.gettext("{percent} off {goods}") if goods else words.gettext("{percent} off")
        text = text.format(percent=percent, goods=goods)
        if self.cap is None:
            return text
        most = words.money(self.cap, currency)
        return words.gettext("{benefit}, at most {amount}").format(benefit=text, amount=most)


class LinePercent(PercentOff, frozen=True, tag="line_percent"):
    """A percentage off each matching line."""

    title: ClassVar[str] = N_("Percentage off goods")
    example: ClassVar[dict[str, Any]] = {
        "kind": "line_percent",
        "percent": "15",
        "goods": {"categories": ["books"], "label": {"en": "books"}},
    }
    stage: ClassVar[Stage] = "item"
    scope: ClassVar[Literal["pieces", "purchase"]] = "pieces"


class BasketPercent(PercentOff, frozen=True, tag="basket_percent"):
    """A percentage off the basket (or its matching lines), competing as one discount for the purchase."""

    title: ClassVar[str] = N_("Percentage off the basket")
    example: ClassVar[dict[str, Any]] = {"kind": "basket_percent", "percent": "5", "cap": 2000}
    stage: ClassVar[Stage] = "basket"
    scope: ClassVar[Literal["pieces", "purchase"]] = "purchase"


class LineAmount(Discount, frozen=True, tag="line_amount"):
    """An amount off each unit of the matching lines, or once off all of them together."""

    amount: Amount = 1
    """Minor units of base money."""
    each: Literal["unit", "purchase"] = "unit"
    cap: Amount | None = None

    title: ClassVar[str] = N_("Amount off goods")
    labels: ClassVar[dict[str, str]] = {
        "goods": N_("On these goods"),
        "amount": N_("Amount"),
        "each": N_("For each unit or once"),
        "cap": N_("At most per purchase"),
    }
    example: ClassVar[dict[str, Any]] = {"kind": "line_amount", "amount": 50, "goods": {"tags": ["fresh"]}}
    stage: ClassVar[Stage] = "item"
    scope: ClassVar[Literal["pieces", "purchase"]] = "pieces"

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        amount = scene.money(self.amount)
        if self.each == "purchase":
            return Offer(rooms, 1, True, amount)
        pairs = zip(quantities, rooms, strict=True)
        potentials = [min(amount * quantity, room * ONE) for quantity, room in pairs]
        return Offer(potentials, ONE, True, None if self.cap is None else scene.money(self.cap))

    def contradictions(self) -> Iterable[str]:
        if self.each == "purchase" and self.cap is not None:
            yield "An amount that is given once needs no cap."

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words) or words.gettext("goods")
        if self.each == "unit":
            text = words.gettext("{amount} off each of {goods}")
        else:
            text = words.gettext("{amount} off {goods}")
        return text.format(amount=words.money(self.amount, currency), goods=goods)


class BasketAmountOff(Discount, frozen=True, tag="basket_amount_off"):
    """An amount off the basket (or its matching lines), as far as prices reach."""

    amount: Amount = 1
    """Minor units of base money."""

    title: ClassVar[str] = N_("Amount off the basket")
    labels: ClassVar[dict[str, str]] = {"goods": N_("On these goods"), "amount": N_("Amount")}
    example: ClassVar[dict[str, Any]] = {"kind": "basket_amount_off", "amount": 500}
    stage: ClassVar[Stage] = "basket"
    scope: ClassVar[Literal["pieces", "purchase"]] = "purchase"

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        return Offer(rooms, 1, True, scene.money(self.amount))

    def describe(self, words: Words, currency: str) -> str:
        amount, goods = words.money(self.amount, currency), goods_text(self.goods.facts, words)
        text = words.gettext("{amount} off {goods}") if goods else words.gettext("{amount} off")
        return text.format(amount=amount, goods=goods)
