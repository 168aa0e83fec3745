"""Benefits that take money off: per cent and amounts, on lines and on the basket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from regulars.promotions.benefits.kind import Discount, Offer, Stage
from regulars.promotions.goods import Goods, goods_text
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words
from regulars.units import AMOUNT_MAX, ONE, PPM, parse_rate

Amount = Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
Percent = Annotated[str, Meta(description="A decimal string of per cent with at most 4 decimals: 12.5")]


def parse_percent(text: str) -> int:
    """ "12.5" → 125 000 parts per million. Raises ValueError."""
    ppm = parse_rate(text)
    if ppm % 100:
        raise ValueError("more than 4 decimals")
    return ppm // 100


def require_percent(ppm: int) -> None:
    """Raises ValueError unless it is above 0 and at most 100 %."""
    if not 0 < ppm <= PPM:
        raise ValueError("a percentage must be above 0 and at most 100")


NewPrice = Annotated[int, Meta(ge=0, le=AMOUNT_MAX)]
_CAP = {"cap": N_("At most per purchase")}
SHAPE = {
    **_CAP,
    "cap_per_line": N_("At most per line"),
    "round_to": N_("Round prices to"),
    "rounding": N_("Rounding"),
}


class Shaped(Discount, frozen=True):
    """What discounts on lines share: caps, and prices that are rounded to a step."""

    cap: Amount | None = None
    """At most this much per purchase, in minor units of base money."""
    cap_per_line: Amount | None = None
    """At most this much on each line; the pieces of a line share it evenly."""
    round_to: Amount | None = None
    """The price of a piece (of weighed goods: of the line) becomes a multiple of this, never above what it was."""
    rounding: Literal["half_up", "down"] = "half_up"

    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "rounding": {"half_up": N_("To the nearest"), "down": N_("Downwards")}
    }

    stage: ClassVar[Stage] = "item"
    scope: ClassVar[Literal["pieces", "purchase"]] = "pieces"

    def shaped(self, scene: Scene, places: Sequence[int], raws: list[int], prices: list[int], rooms: list[int],
               quantities: list[int]) -> Offer:  # fmt: skip
        """The offer for discounts in PPM-ths of a minor unit, with caps and rounded prices, as far as floors allow."""
        if self.round_to is not None:
            columns = zip(raws, prices, quantities, strict=True)
            raws = [self._rounded(scene, raw, price, quantity) for raw, price, quantity in columns]
        if self.cap_per_line is not None:
            cap = scene.money(self.cap_per_line) * PPM
            for run, place in enumerate(places):
                pieces = quantities[run] // ONE if quantities[run] % ONE == 0 else 1
                raws[run] = min(raws[run], cap // scene.pieces[place] * pieces)
        if scene.clips:
            raws = [min(raw, room * PPM) for raw, room in zip(raws, rooms, strict=True)]
        return Offer(raws, PPM, True, None if self.cap is None else scene.money(self.cap))

    def _rounded(self, scene: Scene, raw: int, price: int, quantity: int) -> int:
        """The discount after which each piece costs a multiple of the step."""
        pieces = quantity // ONE if quantity % ONE == 0 else 1
        step = max(1, scene.money(self.round_to or 1))
        left, whole = price * PPM - raw, pieces * step * PPM
        steps = (2 * left + whole) // (2 * whole) if self.rounding == "half_up" else left // whole
        return max(0, price - steps * step * pieces) * PPM

    def worded(self, text: str, words: Words, currency: str) -> str:
        """What it gives, with the cap and the step."""
        if self.cap_per_line is not None:
            most = words.money(self.cap_per_line, currency)
            text = words.gettext("{benefit}, at most {amount} on each line").format(benefit=text, amount=most)
        if self.round_to is not None:
            step = words.money(self.round_to, currency)
            text = words.gettext("{benefit}, prices rounded to {amount}").format(benefit=text, amount=step)
        return capped_text(text, self.cap, words, currency)


def capped_text(text: str, cap: int | None, words: Words, currency: str) -> str:
    """What a benefit gives, with its cap per purchase."""
    if cap is None:
        return text
    return words.gettext("{benefit}, at most {amount}").format(
        benefit=text, amount=words.money(cap, currency)
    )


def percent_text(percent: str, goods: Goods, words: Words) -> str:
    """15 % off books."""
    names = goods_text(goods.facts, words)
    text = words.gettext("{percent} off {goods}") if names else words.gettext("{percent} off")
    return text.format(percent=words.percent(percent), goods=names)


class LinePercent(Shaped, frozen=True, tag="line_percent"):
    """A percentage off each matching line."""

    percent: Percent = ""

    title: ClassVar[str] = N_("Percentage off goods")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("These goods cost so many per cent less.")
    labels: ClassVar[dict[str, str]] = {"goods": N_("On these goods"), "percent": N_("Per cent"), **SHAPE}
    example: ClassVar[dict[str, Any]] = {
        "kind": "line_percent",
        "percent": "15",
        "goods": {"categories": ["books"], "label": {"en": "books"}},
    }

    def __post_init__(self) -> None:
        require_percent(self.ppm)

    @cached_property
    def ppm(self) -> int:
        """Parts per million."""
        return parse_percent(self.percent)

    @cached_property
    def plain(self) -> bool:
        """Neither rounded nor capped by line."""
        return self.round_to is None and self.cap_per_line is None

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        ppm = self.ppm
        raws = [ppm * price for price in prices]
        if self.plain and not scene.clips:
            return Offer(raws, PPM, True, None if self.cap is None else scene.money(self.cap))
        return self.shaped(scene, places, raws, prices, rooms, quantities)

    def on_all(self, scene: Scene, whole: int) -> int | None:
        if not self.plain:
            return None
        amount = (2 * self.ppm * whole + PPM) // (2 * PPM)
        return amount if self.cap is None else min(amount, scene.money(self.cap))

    def describe(self, words: Words, currency: str) -> str:
        return self.worded(percent_text(self.percent, self.goods, words), words, currency)


class BasketPercent(Discount, frozen=True, tag="basket_percent"):
    """A percentage off the basket (or its matching lines), competing as one discount for the purchase."""

    percent: Percent = ""
    cap: Amount | None = None
    """At most this much per purchase, in minor units of base money."""

    title: ClassVar[str] = N_("Percentage off the basket")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("The whole basket costs so many per cent less.")
    labels: ClassVar[dict[str, str]] = {"goods": N_("On these goods"), "percent": N_("Per cent"), **_CAP}
    example: ClassVar[dict[str, Any]] = {"kind": "basket_percent", "percent": "5", "cap": 2000}
    stage: ClassVar[Stage] = "basket"
    scope: ClassVar[Literal["pieces", "purchase"]] = "purchase"

    def __post_init__(self) -> None:
        require_percent(self.ppm)

    @cached_property
    def ppm(self) -> int:
        return parse_percent(self.percent)

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        ppm = self.ppm
        if scene.clips:
            potentials = [min(ppm * price, room * PPM) for price, room in zip(prices, rooms, strict=True)]
        else:
            potentials = [ppm * price for price in prices]
        return Offer(potentials, PPM, True, None if self.cap is None else scene.money(self.cap))

    def on_all(self, scene: Scene, whole: int) -> int | None:
        amount = (2 * self.ppm * whole + PPM) // (2 * PPM)
        return amount if self.cap is None else min(amount, scene.money(self.cap))

    def describe(self, words: Words, currency: str) -> str:
        return capped_text(percent_text(self.percent, self.goods, words), self.cap, words, currency)


class LineAmount(Shaped, frozen=True, tag="line_amount"):
    """An amount off each unit of the matching lines, or once off all of them together."""

    amount: Amount = 1
    """Minor units of base money."""
    each: Literal["unit", "purchase"] = "unit"

    title: ClassVar[str] = N_("Amount off goods")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Each of these goods costs so much less.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        **Shaped.choices,
        "each": {"unit": N_("Each unit"), "purchase": N_("Once per purchase")},
    }
    labels: ClassVar[dict[str, str]] = {
        "goods": N_("On these goods"),
        "amount": N_("Amount"),
        "each": N_("For each unit or once"),
        **SHAPE,
    }
    example: ClassVar[dict[str, Any]] = {"kind": "line_amount", "amount": 50, "goods": {"tags": ["fresh"]}}

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        amount = scene.money(self.amount)
        if self.each == "purchase":
            return Offer(rooms, 1, True, amount)
        pairs = zip(quantities, rooms, strict=True)
        raws = [min(amount * quantity * (PPM // ONE), room * PPM) for quantity, room in pairs]
        return self.shaped(scene, places, raws, prices, rooms, quantities)

    def contradictions(self) -> Iterable[str]:
        if self.each == "purchase" and (self.cap, self.cap_per_line, self.round_to) != (None, None, None):
            yield Sentence(N_("An amount that is given once needs no cap and no rounding."))

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words) or words.gettext("goods")
        if self.each == "unit":
            text = words.gettext("{amount} off each of {goods}")
        else:
            text = words.gettext("{amount} off {goods}")
        text = text.format(amount=words.money(self.amount, currency), goods=goods)
        return self.worded(text, words, currency)


class LinePrice(Shaped, frozen=True, kw_only=True, tag="line_price"):
    """Each unit of the matching lines costs this much; what costs less already keeps its price."""

    price: NewPrice
    """Minor units of base money; weighed goods by their weight."""

    title: ClassVar[str] = N_("Fixed price of goods")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("These goods cost this much; what costs less already stays as it is.")
    labels: ClassVar[dict[str, str]] = {"goods": N_("On these goods"), "price": N_("Price"), **SHAPE}
    example: ClassVar[dict[str, Any]] = {"kind": "line_price", "price": 199, "goods": {"skus": ["4750001"]}}

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        each = scene.money(self.price) * (PPM // ONE)
        pairs = zip(prices, quantities, strict=True)
        raws = [max(0, price * PPM - each * quantity) for price, quantity in pairs]
        return self.shaped(scene, places, raws, prices, rooms, quantities)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words) or words.gettext("goods")
        text = words.gettext("{goods} for {amount} each")
        return self.worded(
            text.format(amount=words.money(self.price, currency), goods=goods), words, currency
        )


class BasketPrice(Discount, frozen=True, kw_only=True, tag="basket_price"):
    """The basket (or its matching lines) costs this much, if it costs more."""

    price: NewPrice
    """Minor units of base money."""

    title: ClassVar[str] = N_("Fixed price of the basket")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("The whole basket costs this much.")
    labels: ClassVar[dict[str, str]] = {"goods": N_("On these goods"), "price": N_("Price")}
    example: ClassVar[dict[str, Any]] = {"kind": "basket_price", "price": 2000}
    stage: ClassVar[Stage] = "basket"
    scope: ClassVar[Literal["pieces", "purchase"]] = "purchase"

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        return Offer(rooms, 1, True, max(0, sum(prices) - scene.money(self.price)))

    def on_all(self, scene: Scene, whole: int) -> int | None:
        return max(0, whole - scene.money(self.price))

    def describe(self, words: Words, currency: str) -> str:
        amount, goods = words.money(self.price, currency), goods_text(self.goods.facts, words)
        text = (
            words.gettext("{goods} for {amount} together")
            if goods
            else words.gettext("the basket for {amount}")
        )
        return text.format(amount=amount, goods=goods)


class BasketAmountOff(Discount, frozen=True, tag="basket_amount_off"):
    """An amount off the basket (or its matching lines), as far as prices reach."""

    amount: Amount = 1
    """Minor units of base money."""

    title: ClassVar[str] = N_("Amount off the basket")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("The whole basket costs so much less.")
    labels: ClassVar[dict[str, str]] = {"goods": N_("On these goods"), "amount": N_("Amount")}
    example: ClassVar[dict[str, Any]] = {"kind": "basket_amount_off", "amount": 500}
    stage: ClassVar[Stage] = "basket"
    scope: ClassVar[Literal["pieces", "purchase"]] = "purchase"

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        return Offer(rooms, 1, True, scene.money(self.amount))

    def on_all(self, scene: Scene, whole: int) -> int | None:
        return min(whole, scene.money(self.amount))

    def describe(self, words: Words, currency: str) -> str:
        amount, goods = words.money(self.amount, currency), goods_text(self.goods.facts, words)
        text = words.gettext("{amount} off {goods}") if goods else words.gettext("{amount} off")
        return text.format(amount=amount, goods=goods)
