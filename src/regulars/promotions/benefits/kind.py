"""What every kind of benefit is: fields, a stage, what it offers for lines or a purchase, labels and a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars.promotions.goods import EVERYTHING, Goods
from regulars.promotions.outcome import Grant, Validity
from regulars.promotions.packages import Package, Pieces
from regulars.promotions.reads import Read
from regulars.promotions.scene import Scene
from regulars.promotions.words import Words
from regulars.units import AMOUNT_MAX, PPM

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
    help: ClassVar[str]
    """What it is good for, in a sentence."""
    labels: ClassVar[dict[str, str]] = {}
    inputs: ClassVar[dict[str, str]] = {}
    """What a form must know of a field that its type does not say: decimal, points, or where to pick from (`forms`)."""
    choices: ClassVar[dict[str, dict[Any, str]]] = {}
    """What the values of a field are called that has a few."""
    example: ClassVar[dict[str, Any]]
    stage: ClassVar[Stage]
    also: ClassVar[tuple[Stage, ...]] = ()
    """Other stages in which it may stand."""
    scope: ClassVar[Literal["pieces", "purchase"]]
    """Whether pieces of lines compete for it in a group, or the purchase as a whole."""
    last: ClassVar[bool] = False
    """Decided after all other earning benefits, because it counts what they gave."""
    grouped: ClassVar[bool] = False
    """What a piece brings depends on the other pieces that take part: it makes a `package` instead of an `offer`."""
    apart: ClassVar[bool] = False
    """It falls on no line: see `Apart`."""
    needs_member: ClassVar[bool] = False
    """It can only be given to somebody."""
    offline: ClassVar[bool] = False
    """Whether a till without the line decides it exactly (`static/till/offline/engine.js`)."""

    @classmethod
    def fits(cls, stage: str) -> bool:
        """Whether a group of this stage may have it."""
        return stage == cls.stage or stage in cls.also

    def meant(self) -> tuple[Goods, ...]:
        """The goods that it counts; without a line of one of them it gives nothing."""
        return (self.goods,)

    def offer(self, scene: Scene, places: Sequence[int], prices: list[int], rooms: list[int],
              quantities: list[int]) -> Offer:  # fmt: skip
        """What it offers for these lines.

        places: of the lines in the basket. prices: what its rate counts from (minor units of the basket's currency).
        rooms: how much of the price may still go (discounts). quantities: thousandths.
        """
        raise NotImplementedError

    def on_all(self, scene: Scene, whole: int) -> int | None:
        """What it gives where all lines together cost so much, every line counts and nothing stops it before its
        price is used up; None: that is not enough to tell. (It spares an offer line by line.)"""
        return None

    def package(self, scene: Scene, pieces: Pieces) -> Package:
        """What it would give for these pieces, where it is `grouped`."""
        raise NotImplementedError

    def weight(self, scene: Scene) -> tuple[int, int]:
        """What one unit of it is worth in base money, as numerator and denominator."""
        return 1, 1

    def reads(self) -> Iterable[Read]:
        """What of the standing must be read for it."""
        return ()

    def contradictions(self) -> Iterable[str]:
        """Sentences that say why it makes no sense."""
        return ()

    def describe(self, words: Words, currency: str) -> str:
        """What it gives, short: "15 % off books". `currency`: the base money."""
        raise NotImplementedError


class Discount(Benefit, frozen=True):
    """Takes money off prices."""


class Grouped(Discount, frozen=True):
    """Takes money off groups of pieces, or off all of them by how many they are."""

    stage: ClassVar[Stage] = "item"
    scope: ClassVar[Literal["pieces", "purchase"]] = "pieces"
    grouped: ClassVar[bool] = True

    def lines(self, scene: Scene) -> Sequence[int]:
        """Places of the lines whose pieces may take part."""
        return scene.lines_of(self.goods)


class Repeated(Grouped, frozen=True):
    """Takes money off group after group."""

    limit: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    """At most so many groups per purchase."""


class Apart(Benefit, frozen=True):
    """Gives something that falls on no line: a gift, a voucher, a message, less to pay for the delivery.

    With goods it is given when one of them is bought.
    """

    stage: ClassVar[Stage] = "basket"
    also: ClassVar[tuple[Stage, ...]] = ("earning",)
    scope: ClassVar[Literal["pieces", "purchase"]] = "purchase"
    apart: ClassVar[bool] = True
    worth_min: ClassVar[int] = 1
    """Thousandths of a minor unit: what costs nothing is still better than nothing."""

    def worth(self, scene: Scene) -> int:
        """What all that it gives costs, in minor units of base money: by this `best` weighs it."""
        return 0

    def off_delivery(self, scene: Scene) -> int:
        """What it takes off the delivery charge, in minor units of the basket's currency."""
        return 0

    def grant(self, scene: Scene, promotion: UUID, revision: int) -> Grant | None:
        """What is given; None when there is nothing to hand out."""
        return None


class Handed(Apart, frozen=True):
    """Gives something that costs the giver."""

    cost: Annotated[int, Meta(ge=0, le=AMOUNT_MAX)] = 0
    """What one of it costs, in minor units of base money."""

    def worth(self, scene: Scene) -> int:
        return self.cost


class EarningBenefit(Benefit, frozen=True):
    """Gives points, stamps, miles or cashback money."""

    currency: str = ""
    """The code of a points currency of the program."""
    validity: Validity | None = None
    """Where these points live otherwise than their currency says."""

    stage: ClassVar[Stage] = "earning"
    needs_member: ClassVar[bool] = True

    def weight(self, scene: Scene) -> tuple[int, int]:
        worth = scene.worth(self.currency)
        return worth.numerator, worth.denominator
