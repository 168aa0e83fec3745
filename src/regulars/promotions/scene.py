"""What conditions and benefits can see of a purchase while it is being calculated. Pure state, no decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from regulars.promotions.model import Basket, Rules, Standing
from regulars.units import ONE, Ratio, divide_half_up

if TYPE_CHECKING:
    from regulars.promotions.goods import Goods
    from regulars.promotions.index import Product

BASE = Ratio(1)


class Scene:
    """A basket, its customer and the prices that the groups decided so far have left."""

    __slots__ = (
        "basket", "clips", "earned", "floors", "gross", "indexes", "net", "pieces", "places", "products", "ratio",
        "rules", "standing", "wall",
    )  # fmt: skip

    def __init__(self, basket: Basket, standing: Standing, rules: Rules, products: Sequence[Product]):
        self.basket = basket
        self.standing = standing
        self.rules = rules
        self.products = products
        self.places: dict[int, list[int]] = {}
        """For each goods of live promotions the places of the lines that they mean."""
        for place, product in enumerate(products):
            for mark in product.goods:
                if mark in self.places:
                    self.places[mark].append(place)
                else:
                    self.places[mark] = [place]
        lines = basket.lines
        self.indexes = range(len(lines))
        self.gross = [line.gross for line in lines]
        self.net = self.gross[:]
        """What each line costs now, in minor units of the basket's currency."""
        self.pieces = [line.quantity // ONE if line.quantity % ONE == 0 else 1 for line in lines]
        self.clips = rules.line_floor == "cost" or rules.discount_on == "original_price"
        """Whether a discount's base may exceed what a line can still give."""
        self.floors = (
            [_cost(line.cost, line.quantity, line.gross) for line in lines]
            if rules.line_floor == "cost"
            else [0] * len(lines)
        )
        self.ratio = basket.to_base
        self.wall: datetime = basket.local.replace(tzinfo=None)
        """The store's wall clock."""
        self.earned: list[tuple[str, str, int, int]] = []
        """What earning promotions gave so far: group, currency, place of the line, amount."""

    def lines_of(self, goods: Goods) -> Sequence[int]:
        """Places of the lines that these goods mean. Goods of live promotions were matched when indexed."""
        if goods.everything:
            return self.indexes
        return self.places.get(id(goods), ())

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


def _cost(cost: int | None, quantity: int, gross: int) -> int:
    """The cost of a line (cost per unit × quantity, half up), never above its gross: such a line takes no discount."""
    return 0 if cost is None else min(gross, divide_half_up(cost * quantity, ONE))
