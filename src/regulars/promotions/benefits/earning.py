"""Benefits that give points, stamps, miles or cashback money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from regulars.promotions.benefits.discounts import Amount, Percent, parse_percent
from regulars.promotions.benefits.kind import EarningBenefit, Offer
from regulars.promotions.goods import goods_text
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words
from regulars.units import PPM, parse_quantity, parse_rate

_LABELS = {
    "goods": N_("On these goods"),
    "currency": N_("Currency"),
    "validity": N_("Validity"),
}
_CAP = {"cap": N_("At most per purchase")}


class PointsPerSpend(EarningBenefit, frozen=True, tag="points_per_spend"):
    """`points` for each `per` (minor units of base money) spent on matching lines: an exact rate, rounded down once."""

    points: Amount = 1
    per: Amount = 100
    cap: Amount | None = None
    """At most this many points per purchase."""

    title: ClassVar[str] = N_("Points for spending")
    help: ClassVar[str] = N_("Points by what is spent: one for each euro.")
    inputs: ClassVar[dict[str, str]] = {"currency": "currencies", "points": "points", "cap": "points"}
    labels: ClassVar[dict[str, str]] = {
        **_LABELS,
        **_CAP,
        "points": N_("Points"),
        "per": N_("For each"),
    }
    example: ClassVar[dict[str, Any]] = {
        "kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 100,
    }  # fmt: skip
    scope: ClassVar[Literal["pieces", "purchase"]] = "pieces"

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        rate, unit = self.points, self.per
        if scene.ratio is not None:
            rate, unit = rate * scene.ratio.numerator, unit * scene.ratio.denominator
        return Offer([rate * price for price in prices], unit, False, self.cap)

    def on_all(self, scene: Scene, whole: int) -> int | None:
        ratio = scene.ratio
        if ratio is None:
            amount = self.points * whole // self.per
        else:
            amount = self.points * ratio.numerator * whole // (self.per * ratio.denominator)
        return amount if self.cap is None else min(amount, self.cap)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words)
        text = (
            words.gettext("{points} for each {amount} of {goods}")
            if goods
            else words.gettext("{points} for each {amount}")
        )
        points, amount = words.points(self.points, self.currency), words.money(self.per, currency)
        return text.format(points=points, amount=amount, goods=goods)


class PointsPerUnit(EarningBenefit, frozen=True, tag="points_per_unit"):
    """`points` for each `per` units of the matching lines (pieces, or their weight), rounded down once: stamps.

    What costs nothing earns nothing: the free coffee of a stamp card brings no stamp.
    """

    points: Amount = 1
    per: str = "1"
    """A decimal string: of how many units."""
    cap: Amount | None = None
    """At most this many points per purchase."""

    title: ClassVar[str] = N_("Points for units")
    help: ClassVar[str] = N_("Points by pieces or weight: a stamp for each coffee.")
    inputs: ClassVar[dict[str, str]] = {
        "currency": "currencies",
        "points": "points",
        "per": "decimal",
        "cap": "points",
    }
    labels: ClassVar[dict[str, str]] = {
        **_LABELS,
        **_CAP,
        "points": N_("Points"),
        "per": N_("For so many units"),
    }
    example: ClassVar[dict[str, Any]] = {
        "kind": "points_per_unit", "currency": "STAMPS", "points": 1, "goods": {"categories": ["drinks/coffee"]},
    }  # fmt: skip
    scope: ClassVar[Literal["pieces", "purchase"]] = "pieces"

    def __post_init__(self) -> None:
        parse_quantity(self.per)

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        paid = list(quantities)
        free = dict(scene.free)
        for n, (place, price) in enumerate(zip(places, prices, strict=True)):
            less = min(paid[n], free.get(place, 0)) if price else paid[n]
            if less:
                paid[n] -= less
                free[place] = free.get(place, 0) - less
        return Offer([self.points * quantity for quantity in paid], parse_quantity(self.per), False, self.cap)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words) or words.gettext("goods")
        points = words.points(self.points, self.currency)
        if self.per == "1":
            return words.gettext("{points} for each of {goods}").format(points=points, goods=goods)
        text = words.gettext("{points} for each {n} of {goods}")
        return text.format(points=points, n=words.number(self.per), goods=goods)


class Cashback(EarningBenefit, frozen=True, tag="cashback"):
    """A percentage of what is spent on matching lines, given in a currency at its worth, rounded down once."""

    percent: Percent = ""
    cap: Amount | None = None
    """At most this much per purchase, in units of the currency."""

    title: ClassVar[str] = N_("Cashback")
    help: ClassVar[str] = N_("A part of what is spent comes back as bonus money.")
    inputs: ClassVar[dict[str, str]] = {"currency": "currencies", "cap": "points"}
    labels: ClassVar[dict[str, str]] = {**_LABELS, **_CAP, "percent": N_("Per cent")}
    example: ClassVar[dict[str, Any]] = {"kind": "cashback", "currency": "EUR-BACK", "percent": "10"}
    scope: ClassVar[Literal["pieces", "purchase"]] = "pieces"

    def __post_init__(self) -> None:
        if not 0 < self.ppm <= PPM:
            raise ValueError("a percentage must be above 0 and at most 100")

    @cached_property
    def ppm(self) -> int:
        return parse_percent(self.percent)

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        worth = scene.worth(self.currency)
        if not worth.numerator:  # nothing of it is worth any money
            return Offer([0] * len(prices), 1, False, self.cap)
        rate, unit = self.ppm * worth.denominator, PPM * worth.numerator
        if scene.ratio is not None:
            rate, unit = rate * scene.ratio.numerator, unit * scene.ratio.denominator
        return Offer([rate * price for price in prices], unit, False, self.cap)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words)
        text = words.gettext("{percent} back on {goods}") if goods else words.gettext("{percent} back")
        return text.format(percent=words.percent(self.percent), goods=goods)


class PointsFixed(EarningBenefit, frozen=True, tag="points_fixed"):
    """A number of points per purchase (with goods: when one of them is bought), spread over the lines by price."""

    points: Amount = 1

    title: ClassVar[str] = N_("Fixed points")
    help: ClassVar[str] = N_("So many points for the purchase.")
    inputs: ClassVar[dict[str, str]] = {"currency": "currencies", "points": "points"}
    labels: ClassVar[dict[str, str]] = {**_LABELS, "points": N_("Points")}
    example: ClassVar[dict[str, Any]] = {"kind": "points_fixed", "currency": "PTS", "points": 50}
    scope: ClassVar[Literal["pieces", "purchase"]] = "purchase"

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        """Potentials in proportion to prices, of which the sum is at least the points, and the points as the cap."""
        whole = sum(prices)
        if whole <= 0:
            return Offer([self.points] + [0] * (len(prices) - 1), 1, False, self.points)
        return Offer([self.points * price for price in prices], whole, False, self.points)

    def on_all(self, scene: Scene, whole: int) -> int | None:
        return self.points

    def describe(self, words: Words, currency: str) -> str:
        return words.points(self.points, self.currency)


class PointsMultiplier(EarningBenefit, frozen=True, tag="points_multiplier"):
    """Multiplies what other earning promotions (of `groups`, or all) gave in `currency` on the matching lines.

    It gives (factor − 1) times that, rounded down once. It is decided after all of them, whatever the place of its
    group; multipliers do not multiply one another: two of × 2 make × 3.
    """

    factor: str = ""
    """A decimal string above 1: "2", "1.5"."""
    groups: tuple[str, ...] = ()
    cap: Amount | None = None
    """At most this many extra points per purchase."""

    title: ClassVar[str] = N_("Points multiplier")
    help: ClassVar[str] = N_("The points that others give, two or three times over.")
    inputs: ClassVar[dict[str, str]] = {
        "currency": "currencies",
        "factor": "decimal",
        "groups": "groups",
        "cap": "points",
    }
    labels: ClassVar[dict[str, str]] = {
        **_LABELS,
        **_CAP,
        "factor": N_("Times"),
        "groups": N_("Points of these groups"),
    }
    example: ClassVar[dict[str, Any]] = {"kind": "points_multiplier", "currency": "PTS", "factor": "2"}
    scope: ClassVar[Literal["pieces", "purchase"]] = "pieces"
    last: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not PPM < self.ppm <= 100 * PPM:
            raise ValueError("a factor must be above 1 and at most 100")

    @cached_property
    def ppm(self) -> int:
        return parse_rate(self.factor)

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        given = [0] * len(scene.net)
        for group, currency, place, amount in scene.earned:
            if currency == self.currency and (not self.groups or group in self.groups):
                given[place] += amount
        rate = self.ppm - PPM
        potentials: list[int] = []
        for place in places:  # a line that was cut is named by each of its parts
            potentials.append(rate * given[place])
            given[place] = 0
        return Offer(potentials, PPM, False, self.cap)

    def contradictions(self) -> Iterable[str]:
        if self.cap is None and self.ppm > 20 * PPM:
            yield Sentence(N_("Points times {factor} need a cap."), factor=self.factor)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words)
        text = words.gettext("{factor} × points on {goods}") if goods else words.gettext("{factor} × points")
        return text.format(factor=words.number(self.factor), goods=goods)
