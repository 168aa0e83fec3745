"""What every kind of benefit is: fields, a stage, what it offers for lines or a purchase, labels and a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

from msgspec import Struct

from regulars.promotions.goods import EVERYTHING, Goods
from regulars.promotions.model import Validity
from regulars.promotions.scene import Scene
from regulars.promotions.words import Words
from regulars.units import PPM

Stage = Literal["item", "basket", "earning"]


class Offer(Struct, frozen=True, gc=False):
    """What a benefit would give for some lines.

    It gives min(cap, Σ potentials / unit), rounded once: half up, or down. The potentials, one per line,
    grow in proportion with the pieces that take part, so that pieces may compete, and say how it falls on the lines.
    """

    potentials: list[int]
    unit: int = PPM
    half_up: bool = True
    cap: int | None = None

    def total(self, potential: int) -> int:
        """The amount for this sum of potentials."""
        unit = self.unit
        amount = (2 * potential + unit) // (2 * unit) if self.half_up else potential // unit
        return amount if self.cap is None or amount < self.cap else self.cap


class Benefit(
    Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", dict=True
):
    """A kind of benefit: subclass it with a `tag`, and name the subclass in `kinds.BENEFITS`."""

    goods: Goods = EVERYTHING
    """The lines that it counts and falls on."""

    title: ClassVar[str]
    labels: ClassVar[dict[str, str]] = {}
    example: ClassVar[dict[str, Any]]
    stage: ClassVar[Stage]
    scope: ClassVar[Literal["pieces", "purchase"]]
    """Whether pieces of lines compete for it in a group, or the purchase as a whole."""
    last: ClassVar[bool] = False
    """Decided after all other earning benefits, because it counts what they gave."""

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        """What it offers for these lines.

        places: of the lines in the basket. prices: what its rate counts from (minor units of the basket's currency).
        rooms: how much of the price may still go (discounts). quantities: thousandths.
        """
        raise NotImplementedError

    def weight(self, scene: Scene) -> tuple[int, int]:
        """What one unit of it is worth in base money, as numerator and denominator."""
        return 1, 1

    def contradictions(self) -> Iterable[str]:
        """Sentences that say why it makes no sense."""
        return ()

    def describe(self, words: Words, currency: str) -> str:
        """What it gives, short: "15 % off books". `currency`: the base money."""
        raise NotImplementedError


class Discount(Benefit, frozen=True):
    """Takes money off prices."""


class EarningBenefit(Benefit, frozen=True):
    """Gives points, stamps, miles or cashback money."""

    currency: str = ""
    """The code of a points currency of the program."""
    validity: Validity | None = None
    """Where these points live otherwise than their currency says."""

    stage: ClassVar[Stage] = "earning"

    def weight(self, scene: Scene) -> tuple[int, int]:
        worth = scene.worth(self.currency)
        return worth.numerator, worth.denominator
