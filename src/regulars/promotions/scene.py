"""What conditions and benefits can see of a purchase while it is being calculated. Pure state, no decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from regulars.promotions.goods import Goods, keys_of
from regulars.promotions.model import Basket, Line, Rules, Standing
from regulars.units import ONE, Ratio, divide_half_up

if TYPE_CHECKING:
    from regulars.promotions.index import Product

BASE = Ratio(1)
Places = dict[str, list[int]]
"""For goods, by their marks, the places of the lines that they mean, in order."""


class Scene:
    """A basket, its customer and the prices that the groups decided so far have left."""

    __slots__ = (
        "basket", "clips", "delivery", "drawn", "earned", "floors", "free", "gross", "indexes", "net", "pieces",
        "places", "products", "ratio", "rules", "standing", "wall",
    )  # fmt: skip

    def __init__(
        self,
        basket: Basket,
        standing: Standing,
        rules: Rules,
        products: Sequence[Product],
        places: Places | None = None,
    ):
        """`places`: of the lines that each goods mean which will be asked for."""
        self.basket = basket
        self.standing = standing
        self.rules = rules
        self.products = products
        self.places: Places = places or {}
        lines = basket.lines
        self.indexes = range(len(lines))
        self.gross = [line.gross for line in lines]
        self.net = self.gross[:]
        """What each line costs now, in minor units of the basket's currency."""
        self.pieces = [line.quantity // ONE if line.quantity % ONE == 0 else 1 for line in lines]
        self.clips = rules.line_floor != "zero" or rules.discount_on == "original_price"
        """Whether a discount's base may exceed what a line can still give."""
        self.floors = (
            [0] * len(lines)
            if rules.line_floor == "zero"
            else [_floor(line, rules.line_floor) for line in lines]
        )
        self.delivery = basket.delivery
        """What the delivery costs now, in minor units of the basket's currency."""
        self.ratio = basket.to_base
        self.wall: datetime = basket.local.replace(tzinfo=None)
        """The store's wall clock."""
        self.earned: list[tuple[str, str, int, int]] = []
        """What earning promotions gave so far: group, currency, place of the line, amount."""
        self.free: dict[int, int] = {}
        """Place of a line → of its quantity, in thousandths, what costs nothing after the item stage."""
        self.drawn: dict[str, int] = {}
        """Points that are the price of promotions, by currency."""

    def lines_of(self, goods: Goods) -> Sequence[int]:
        """Places of the lines that these goods mean. Goods of live promotions were matched when indexed."""
        if goods.everything:
            return self.indexes
        return self.places.get(goods.mark, ())

    def outside(self, goods: Goods | None) -> frozenset[int]:
        """Places of the lines of goods that a program leaves alone."""
        if goods is None:
            return frozenset()
        if goods.fine:
            return frozenset([i for i, line in enumerate(self.basket.lines) if goods.has(keys_of(line))])
        return frozenset([place for place in self.indexes if goods.has(self.products[place].keys)])

    @property
    def day(self) -> date:
        """The day of the purchase in the program's time zone."""
        return self.basket.day or self.wall.date()

    def money(self, amount: int) -> int:
        """Minor units of base money → of the basket's currency, half up at the purchase's rate."""
        if self.ratio is None:
            return amount
        return divide_half_up(amount * self.ratio.denominator, self.ratio.numerator)

    def to_base(self, amount: int) -> int:
        """Minor units of the basket's currency → of base money, half up at the purchase's rate."""
        return amount if self.ratio is None else self.ratio.half_up(amount)

    def worth(self, currency: str) -> Ratio:
        """Minor units of base money that one unit of a points currency is worth; 1 when it is not known."""
        known = self.rules.currencies.get(currency)
        return known.worth if known is not None else BASE


def places_of(products: Sequence[Product], asked: frozenset[str] | None = None) -> Places:
    """For each of these goods (None: for all) the places of the lines that they mean."""
    places: Places = {}
    for place, product in enumerate(products):
        for mark in product.goods if asked is None else product.goods & asked:
            places.setdefault(mark, []).append(place)
    return places


def _floor(line: Line, rule: str) -> int:
    """The least that a line may cost (per unit × quantity, half up), at most its gross: then it takes no discount."""
    each = line.cost or 0
    if rule == "minimum" and line.minimum_price is not None:
        each = max(each, line.minimum_price)
    return min(line.gross, divide_half_up(each * line.quantity, ONE))
