"""Benefits whose rate grows by steps: with what is bought at once, or with what was bought before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct, field

from regulars.promotions.benefits.discounts import (
    SHAPE,
    Amount,
    NewPrice,
    Percent,
    Shaped,
    parse_percent,
    require_percent,
)
from regulars.promotions.benefits.kind import Grouped, Offer
from regulars.promotions.goods import goods_text
from regulars.promotions.packages import Package, Pieces, Steps
from regulars.promotions.reads import Read, Turnover, Window
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words
from regulars.units import AMOUNT_MAX, ONE, PPM, parse_quantity

STEPS_MAX = 20
STEPS = Meta(min_length=1, max_length=STEPS_MAX)
_STEPS = {"goods": N_("On these goods"), "steps": N_("Steps")}


class Rung(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """One step: from how much, and exactly one of a percentage, an amount off each unit, a price of each unit."""

    start: str | Annotated[int, Meta(ge=0, le=AMOUNT_MAX)] = field(name="from")
    """A decimal string of units, or minor units of base money: as the ladder counts."""
    percent: Percent | None = None
    amount: Amount | None = None
    price: NewPrice | None = None

    labels: ClassVar[dict[str, str]] = {
        "from": N_("From"),
        "percent": N_("Per cent"),
        "amount": N_("Amount off each"),
        "price": N_("Price of each"),
    }
    inputs: ClassVar[dict[str, str]] = {"from": "step"}

    def __post_init__(self) -> None:
        if [self.percent, self.amount, self.price].count(None) != 2:
            raise ValueError("a step needs one of percent, amount and price")
        if self.percent is not None:
            require_percent(parse_percent(self.percent))

    @cached_property
    def reached(self) -> int:
        """Thousandths of units, or minor units of base money."""
        if isinstance(self.start, int):
            return self.start
        return 0 if self.start == "0" else parse_quantity(self.start)

    @cached_property
    def height(self) -> tuple[str, int]:
        """How it is given, and how much: grows with what the customer saves."""
        if self.percent is not None:
            return "percent", parse_percent(self.percent)
        return ("amount", self.amount) if self.amount is not None else ("price", -(self.price or 0))

    def off(self, scene: Scene, price: int, quantity: int) -> int:
        """What is taken off a piece, in PPM-ths of a minor unit. `quantity`: thousandths."""
        how, much = self.height
        if how == "percent":
            return much * price
        if how == "amount":
            return scene.money(much) * quantity * (PPM // ONE)
        return max(0, price * PPM - scene.money(-much) * quantity * (PPM // ONE))

    def describe(self, words: Words, currency: str) -> str:
        """from 10: 8 %"""
        start = words.money(self.start, currency) if isinstance(self.start, int) else words.number(self.start)
        how, much = self.height
        if how == "percent":
            return words.gettext("{percent} from {start}").format(
                percent=words.percent(self.percent or ""), start=start
            )
        if how == "amount":
            return words.gettext("{amount} off each from {start}").format(
                amount=words.money(much, currency), start=start
            )
        return words.gettext("{amount} each from {start}").format(
            amount=words.money(-much, currency), start=start
        )


def require_rising(steps: Sequence[Rung], kind: type[int] | type[str]) -> None:
    """Raises ValueError unless the steps count alike, are given alike, and rise."""
    if any(not isinstance(step.start, kind) for step in steps):
        raise ValueError("`from` must be a decimal string of units, or an amount, as the ladder counts")
    for low, high in pairwise(steps):
        if low.reached >= high.reached or low.height[0] != high.height[0] or low.height[1] > high.height[1]:
            raise ValueError("the steps of a ladder must rise, all as percent, all as amount or all as price")


class Ladder(Grouped, frozen=True, tag="ladder"):
    """The more is taken, the less it costs: all pieces that take part get the rate of the highest step they reach."""

    steps: Annotated[tuple[Rung, ...], STEPS] = ()
    by: Literal["quantity", "amount"] = "quantity"
    """What counts: units (pieces, or weight), or what they cost."""

    title: ClassVar[str] = N_("Ladder by quantity or amount")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("The more somebody takes, the less each piece costs.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "by": {"quantity": N_("Pieces or weight"), "amount": N_("Money")}
    }
    labels: ClassVar[dict[str, str]] = {**_STEPS, "by": N_("Counts")}
    example: ClassVar[dict[str, Any]] = {
        "kind": "ladder",
        "steps": [{"from": "10", "percent": "8"}, {"from": "50", "percent": "12"}],
        "goods": {"skus": ["4750001"]},
    }

    def __post_init__(self) -> None:
        require_rising(self.steps, str if self.by == "quantity" else int)

    def package(self, scene: Scene, pieces: Pieces) -> Package:
        columns = list(zip(pieces.prices, pieces.rooms, pieces.quantities, strict=True))
        offs = [
            [min(rung.off(scene, price, quantity), room * PPM) for price, room, quantity in columns]
            for rung in self.steps
        ]
        if self.by == "quantity":
            return Steps(pieces, pieces.quantities, [rung.reached for rung in self.steps], offs)
        return Steps(pieces, pieces.prices, [scene.money(rung.reached) for rung in self.steps], offs)

    def describe(self, words: Words, currency: str) -> str:
        return _described(self.steps, goods_text(self.goods.facts, words), words, currency)


class TurnoverLadder(Shaped, frozen=True, tag="turnover_ladder"):
    """The accumulated discount: a percentage by what the customer spent before this purchase."""

    steps: Annotated[tuple[Rung, ...], STEPS] = ()
    window: Window = Window()
    """Over which time: a lifetime, the calendar year or month, or so many days."""

    title: ClassVar[str] = N_("Ladder by turnover")
    help: ClassVar[str] = N_("The more somebody has spent before, the less these goods cost.")
    labels: ClassVar[dict[str, str]] = {**_STEPS, **SHAPE, "window": N_("Turnover of")}
    example: ClassVar[dict[str, Any]] = {
        "kind": "turnover_ladder",
        "steps": [
            {"from": 0, "percent": "3"},
            {"from": 20000, "percent": "5"},
            {"from": 50000, "percent": "7"},
        ],
        "window": {"period": "days", "days": 365},
    }
    needs_member: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_rising(self.steps, int)
        if any(step.percent is None for step in self.steps):
            raise ValueError("the steps of a ladder by turnover are percentages")

    def reads(self) -> Iterable[Read]:
        return (Turnover(self.window),)

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        spent = scene.standing.turnover.get(self.window.key, 0)
        ppm = max([rung.height[1] for rung in self.steps if rung.reached <= spent], default=0)
        raws = [ppm * price for price in prices]
        return self.shaped(scene, places, raws, prices, rooms, quantities)

    def describe(self, words: Words, currency: str) -> str:
        text = _described(self.steps, goods_text(self.goods.facts, words), words, currency)
        text = words.gettext("by turnover: {steps}").format(steps=text)
        return self.worded(text, words, currency)


def _described(steps: Sequence[Rung], goods: str, words: Words, currency: str) -> str:
    rungs = words.joined([rung.describe(words, currency) for rung in steps])
    return words.gettext("{steps} on {goods}").format(steps=rungs, goods=goods) if goods else rungs
