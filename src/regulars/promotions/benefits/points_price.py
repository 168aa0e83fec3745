"""A benefit that has a price in points: the customer chooses it at the till, once per receipt."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from msgspec import Meta

from regulars.promotions.benefits.discounts import Amount, NewPrice, Percent, parse_percent, require_percent
from regulars.promotions.benefits.kind import Grouped
from regulars.promotions.goods import goods_text
from regulars.promotions.packages import Dearest, Package, Pieces
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words
from regulars.units import ONE, PPM


class PointsPrice(Grouped, frozen=True, tag="points_price"):
    """For `points` of a currency, goods are cheaper, once per receipt: a percentage or an amount off, or a price, on up
    to `pieces` pieces, those with the greatest saving. The points are drawn only where it saves something. The customer
    chooses it, unless it is `automatic`: then it applies by itself once there are enough points, as with stamps.
    """

    currency: str = ""
    """The code of a points currency of the program."""
    points: Amount = 1
    percent: Percent | None = None
    amount: Amount | None = None
    """Off each unit, in minor units of base money."""
    price: NewPrice | None = None
    """Of each unit, in minor units of base money."""
    pieces: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    automatic: bool = False
    """Without being chosen at the till."""

    title: ClassVar[str] = N_("Price in points")
    help: ClassVar[str] = N_("Members take these goods for points, and perhaps some money.")
    inputs: ClassVar[dict[str, str]] = {"currency": "currencies", "points": "points"}
    labels: ClassVar[dict[str, str]] = {
        "goods": N_("On these goods"),
        "currency": N_("Currency"),
        "points": N_("Points"),
        "percent": N_("Per cent"),
        "amount": N_("Amount off each"),
        "price": N_("Price of each"),
        "pieces": N_("At most so many pieces"),
        "automatic": N_("By itself, once there are enough"),
    }
    example: ClassVar[dict[str, Any]] = {
        "kind": "points_price",
        "currency": "PTS",
        "points": 400,
        "percent": "40",
        "goods": {"skus": ["4750001"], "reduced": "not"},
    }
    needs_member: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if [self.percent, self.amount, self.price].count(None) != 2:
            raise ValueError("one of percent, amount and price is needed")
        if self.percent is not None:
            require_percent(parse_percent(self.percent))

    def package(self, scene: Scene, pieces: Pieces) -> Package:
        columns = zip(pieces.prices, pieces.rooms, pieces.quantities, strict=True)
        off = [min(self._off(scene, price, quantity), room * PPM) for price, room, quantity in columns]
        return Dearest(pieces, 1, 1, off, self.pieces)

    def _off(self, scene: Scene, price: int, quantity: int) -> int:
        """What is taken off one piece, in PPM-ths of a minor unit."""
        if self.percent is not None:
            return parse_percent(self.percent) * price
        each = (
            scene.money(self.amount if self.amount is not None else self.price or 0) * quantity * (PPM // ONE)
        )
        return each if self.amount is not None else max(0, price * PPM - each)

    def describe(self, words: Words, currency: str) -> str:
        goods = goods_text(self.goods.facts, words) or words.gettext("goods")
        points = words.points(self.points, self.currency)
        if self.percent is not None:
            text = words.gettext("{percent} off {goods} for {points}")
            return text.format(percent=words.percent(self.percent), goods=goods, points=points)
        if self.amount is not None:
            text = words.gettext("{amount} off {goods} for {points}")
            return text.format(amount=words.money(self.amount, currency), goods=goods, points=points)
        text = words.gettext("{goods} for {amount} and {points}")
        return text.format(amount=words.money(self.price or 0, currency), goods=goods, points=points)
