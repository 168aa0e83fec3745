"""Draws a basket and a customer: goods are asked for, and lines of known or made-up products come to hold them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import structs

from regulars.promotions.goods import EVERYTHING, Entry, Goods, goods_text, keys_of
from regulars.promotions.linting.finding import Surroundings
from regulars.promotions.model import Basket, Line, Standing
from regulars.promotions.words import Words
from regulars.units import ONE, divide_half_up, money_scale

PRICE_MAJOR = 10
"""What a made-up product costs, in major units of base money."""
MANY_POINTS = 10**9
ENTRIES_TRIED = 20
PAST = ("visits", "turnover", "days_since")
"""What nobody has who has bought nothing yet."""


class Want(NamedTuple):
    """So much of some goods must be there: thousandths of units, or minor units of money."""

    goods: Goods
    quantity: int = 0
    amount: int = 0
    above: int = 0
    """A unit must cost more than this."""
    apart: bool = False
    """What is there for something else does not count."""
    unit: str = ""


class Item:
    """A line that is being drawn."""

    def __init__(self, line: Line, quantity: int, made_up: Goods | None):
        self.line = line
        self.quantity = quantity
        self.made_up = made_up
        """The goods that a made-up product stands for."""
        self.keys = keys_of(line)

    @property
    def gross(self) -> int:
        """Half up."""
        return divide_half_up(self.line.unit_price * self.quantity, ONE)

    def raise_to(self, gross: int) -> None:
        """Take so many whole pieces more that it costs at least so much."""
        missing = gross - self.gross
        if missing > 0:
            self.quantity += -(-missing // max(1, self.line.unit_price)) * ONE


class Sketch:
    """A purchase that is being drawn; `fields` and `known` are those of the basket and the standing."""

    def __init__(self, around: Surroundings, wall: datetime):
        self.around = around
        self.wall = wall
        self.wants: list[Want] = []
        self.avoided: list[Goods] = []
        self.most: list[tuple[Goods, int]] = []
        """What goods may cost at most."""
        self.reduced: bool | None = None
        """Whether all lines must be reduced goods; None: as they are."""
        self.fields: dict[str, Any] = {}
        self.known: dict[str, Any] = {"member": True, "purchases": 1, "language": around.languages[0]}
        self.items: list[Item] = []

    def want(self, goods: Goods, **asked: Any) -> None:
        """Ask for goods, as `Want` has it."""
        self.wants.append(Want(goods, **asked))

    def learn(self, name: str, **values: Any) -> None:
        """Add entries to a mapping of the standing."""
        self.known.setdefault(name, {}).update(values)

    def draw(self) -> Sketch:
        """Find lines for all that was asked for."""
        self.items = []
        for want in sorted(self.wants, key=lambda want: want.goods.everything):
            self._serve(want)
        if not self.items:
            self._serve(Want(EVERYTHING, ONE))
        for goods, most in self.most:
            items = [item for item in self.items if goods.has(item.keys)]
            pieces = sum(item.quantity for item in items)
            if pieces and sum(item.gross for item in items) > most:
                for item in items:
                    item.line = structs.replace(item.line, unit_price=max(1, most * ONE // pieces), cost=None)
        return self

    def basket(self, times: int = 1, only: frozenset[str] | None = None) -> Basket:
        """The basket; with each line (of `only` these SKUs) so many times."""
        lines = [self._line(n, item, times, only) for n, item in enumerate(self.items, 1)]
        at = self.wall.replace(tzinfo=UTC)
        return Basket(self.around.rules.base_currency, tuple(lines), at, at, **self.fields)

    def standing(self) -> Standing:
        """The customer."""
        if not self.known["member"]:
            return Standing()
        spendable = [c.code for c in self.around.rules.currencies.values() if c.spendable or c.stamps]
        known = self.known
        if not known["purchases"]:
            known = {name: value for name, value in known.items() if name not in PAST}
        return Standing(available=dict.fromkeys(spendable, MANY_POINTS), **known)

    @property
    def day(self) -> date:
        """The day of the purchase."""
        return self.wall.date()

    def name(self, sku: str, words: Words) -> str:
        """What a product is called; of a made-up one the goods that it stands for."""
        item = next((item for item in self.items if item.line.sku == sku), None)
        if item is None or item.made_up is None or sku in item.made_up.skus:
            return self.around.names.get(sku) or words.goods("sku", sku)
        return goods_text(item.made_up.facts, words) or words.gettext("goods")

    def _line(self, number: int, item: Item, times: int, only: frozenset[str] | None) -> Line:
        line, quantity = item.line, item.quantity
        if only is None or line.sku in only:
            quantity *= times
        regular = line.regular_price
        if self.reduced is not None:
            regular = line.unit_price * 2 if self.reduced else 0
        gross = divide_half_up(line.unit_price * quantity, ONE)
        return structs.replace(line, number=number, quantity=quantity, gross=gross, regular_price=regular)

    def _serve(self, want: Want) -> None:
        there = [] if want.apart else [item for item in self.items if self._serves(item, want)]
        if not there:
            line, made_up = self._product(want)
            there = [Item(line, 0, made_up)]
            self.items += there
        first = there[0]
        first.quantity += max(0, max(want.quantity, ONE) - sum(item.quantity for item in there))
        first.raise_to(want.amount - sum(item.gross for item in there[1:]))

    def _serves(self, item: Item, want: Want) -> bool:
        unit = want.unit in ("", item.line.unit)
        return unit and want.goods.has(item.keys) and item.line.unit_price > want.above

    def _product(self, want: Want) -> tuple[Line, Goods | None]:
        """A product of these goods: of the assortment, else made up. What is there already only if nothing else is."""
        taken = {item.line.sku for item in self.items}
        second: Line | None = None
        for ware in self.around.wares:
            if self._suits(ware, want) and ware.unit_price > want.above and want.unit in ("", ware.unit):
                if ware.sku not in taken:
                    return ware, None
                second = second or ware
        if second is not None and not want.apart:
            return second, None
        return self._made_up(want), want.goods

    def _made_up(self, want: Want) -> Line:
        goods = want.goods
        entries: Iterable[Entry | None] = goods.entries[:ENTRIES_TRIED] or (None,)
        found: Line | None = None
        for entry in entries:
            line = self._of(entry, want)
            found = found or line
            if self._suits(line, want):
                return line
        assert found is not None, "there is at least one entry to make a line of"
        return found

    def _of(self, entry: Entry | None, want: Want) -> Line:
        scale = 10 ** money_scale(self.around.rules.base_currency)
        price = max(PRICE_MAJOR * scale, want.above * 2)
        fields: dict[str, Any] = {"sku": f"example-{len(self.items) + 1}"}
        if entry is not None:
            fields |= _fields(entry)
        regular = price * 2 if want.goods.reduced == "only" else 0
        return Line(
            1, quantity=ONE, gross=price, unit_price=price, regular_price=regular, unit=want.unit, **fields
        )

    def _suits(self, line: Line, want: Want) -> bool:
        keys = keys_of(line)
        return want.goods.has(keys) and not any(goods.has(keys) for goods in self.avoided)


def _fields(entry: Entry) -> dict[str, Any]:
    """What a line must have so that an entry of goods names it."""
    if entry.facet == "category":
        return {"categories": (entry.name,)}
    if entry.facet == "tag":
        return {"tags": (entry.name,)}
    if entry.facet == "attribute":
        name, _, value = entry.key.removeprefix("a:").partition("=")
        return {"attributes": {name: value}}
    return {entry.facet: entry.name}


def promotion_offer(promotion: UUID, sketch: Sketch) -> None:
    """The customer chose this promotion at the till."""
    sketch.fields["offers"] = (*sketch.fields.get("offers", ()), promotion)
