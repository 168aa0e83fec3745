"""Which live promotions could apply to a purchase: compiled, and indexed by what they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.errors import Contradiction
from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.conditions.kind import Condition, Need
from regulars.promotions.document import build
from regulars.promotions.goods import Goods, goods_within, keys_of
from regulars.promotions.kinds import KINDS, Kinds
from regulars.promotions.model import Basket, Document, GroupRule, Line, Revision, Standing

STAGES = {"item": 0, "basket": 1, "earning": 2}
MEMORY_MAX = 20_000
"""Products of which the matching goods are remembered; about 1 kB each."""


class Promotion:
    """One live revision, compiled."""

    __slots__ = (
        "benefits", "conditions", "document", "earns", "gates", "group", "id", "joint", "order",
        "pieces", "purchase", "revision", "since", "until",
    )  # fmt: skip

    def __init__(self, revision: Revision, group: GroupRule, kinds: Kinds):
        document = revision.document
        self.id: UUID = revision.promotion
        self.revision: int = revision.number
        self.document: Document = document
        self.group = group
        self.earns = group.stage == "earning"
        self.joint = document.joint
        self.since: datetime | None = document.valid_from
        self.until: datetime | None = document.valid_until
        self.conditions: tuple[Condition, ...]
        self.benefits: tuple[Benefit, ...]
        self.conditions, self.benefits = build(document, kinds)
        self.pieces = _parts(self.benefits, "pieces")
        """Its benefits for which pieces compete: those decided first, and those decided last."""
        self.purchase = _parts(self.benefits, "purchase")
        self.order = 0
        """Its place among all live promotions: stage, group, priority, id."""
        self.gates: tuple[frozenset[str], ...] = ()
        """A purchase must have a key of each, or it cannot apply."""

    def name(self, language: str) -> str:
        """What people call it."""
        return self.document.names.get(language) or self.document.name


def _parts(benefits: Iterable[Benefit], scope: str) -> tuple[tuple[Benefit, ...], tuple[Benefit, ...]]:
    early = tuple(benefit for benefit in benefits if benefit.scope == scope and not benefit.last)
    return early, tuple(benefit for benefit in benefits if benefit.scope == scope and benefit.last)


class Product(NamedTuple):
    """What is remembered of a line's product: its keys, the goods that mean it, the promotions that need these."""

    keys: frozenset[str]
    goods: frozenset[int]
    orders: frozenset[int]


class Live:
    """All live promotions and the rules of their groups. Immutable but for what it remembers of products."""

    def __init__(self, promotions: Sequence[Promotion], groups: tuple[GroupRule, ...], kinds: Kinds):
        self.promotions = tuple(promotions)
        self.groups = groups
        self.kinds = kinds
        self.excluded = frozenset(name for group in groups for name in group.excludes)
        """Groups of which it matters what they touched."""
        self.by_id = {promotion.id: promotion for promotion in promotions}
        self.messages = {p.id: p.document.message for p in promotions if p.document.message}
        """What promotions have to say on a receipt, by language."""
        self.needs: dict[str, int] = {}
        """Fields of the standing that must be read, and up to which number: {"purchases": 1}."""
        self._always: set[int] = set()
        self._by_key: dict[str, set[int]] = {}
        self._gated: set[int] = set()
        """Promotions found by their goods that also have a gate; by key, those whose first gate it opens."""
        self._behind: dict[str, set[int]] = {}
        self._goods: dict[int, Goods] = {}
        self._goods_by_key: dict[str, list[int]] = {}
        self._goods_wide: list[int] = []
        self._orders_by_goods: dict[int, set[int]] = {}
        self._products: dict[tuple[object, ...], Product] = {}
        for promotion in promotions:
            self._file(promotion)
        self._asking = [
            kind.keys_of
            for kind in kinds.asking
            if any(_uses(promotion.conditions, kind) for promotion in promotions)
        ]

    @classmethod
    def build(
        cls, revisions: Iterable[Revision], groups: tuple[GroupRule, ...], kinds: Kinds = KINDS
    ) -> Live:
        """Compile and index the live revisions, one for each promotion. The order in which they come is of no effect.

        Raises Contradiction when a revision names a group that is not there or not of its benefits' stage.
        """
        ordered = sorted(groups, key=lambda group: STAGES[group.stage])
        places = {group.name: place for place, group in enumerate(ordered)}
        promotions: list[Promotion] = []
        for revision in revisions:
            place = places.get(revision.document.group)
            if place is None:
                raise Contradiction(
                    f"{revision.document.name}: there is no group {revision.document.group!r}."
                )
            promotion = Promotion(revision, ordered[place], kinds)
            for benefit in promotion.benefits:
                if benefit.stage != promotion.group.stage:
                    raise Contradiction(f"{revision.document.name}: its benefit is not of the group's stage.")
            promotions.append(promotion)
        promotions.sort(key=lambda p: (places[p.group.name], p.document.priority, p.id))
        for order, promotion in enumerate(promotions):
            promotion.order = order
        return cls(promotions, tuple(ordered), kinds)

    def products(self, lines: Sequence[Line]) -> list[Product]:
        """For each line the goods and promotions that mean its product."""
        memory = self._products
        found: list[Product] = []
        for line in lines:
            mark = (line.sku, line.categories, line.tags, line.brand)
            product = memory.get(mark)
            if product is None:
                product = self._look(line)
                if len(memory) >= MEMORY_MAX:
                    memory.clear()
                memory[mark] = product
            found.append(product)
        return found

    def keys(self, basket: Basket, standing: Standing) -> set[str]:
        """The keys of a purchase that conditions may need."""
        keys: set[str] = set()
        for ask in self._asking:
            keys.update(ask(basket, standing))
        return keys

    def candidates(self, products: Iterable[Product], keys: Iterable[str]) -> list[Promotion]:
        """The promotions that could apply, or nearly, in their order."""
        orders = self._always.union(*[product.orders for product in products])
        by_key, behind = self._by_key, self._behind
        gated = orders & self._gated
        orders -= gated
        for key in keys:
            if key in by_key:
                orders |= by_key[key]
            if gated and key in behind:
                orders |= gated & behind[key]
        promotions = self.promotions
        return [promotions[order] for order in sorted(orders)]

    def _look(self, line: Line) -> Product:
        keys = keys_of(line)
        marks = {
            mark for key in keys for mark in self._goods_by_key.get(key, ()) if self._goods[mark].has(keys)
        }
        marks.update(mark for mark in self._goods_wide if self._goods[mark].has(keys))
        orders = frozenset[int]().union(*[self._orders_by_goods.get(mark, ()) for mark in marks])
        return Product(keys, frozenset(marks), orders)

    def _file(self, promotion: Promotion) -> None:
        """Put a promotion where a purchase that could win it will look."""
        for part in (*promotion.conditions, *promotion.benefits):
            for goods in goods_within(part):
                self._keep(goods)
        needs = list(_needs(promotion))
        gates = sorted((need for need in needs if not any(_goods(need))), key=_width)
        promotion.gates = tuple(frozenset(_keys(need)) for need in gates)
        chosen = [need for need in needs if any(_goods(need))]
        if chosen and gates:
            self._gated.add(promotion.order)
            for key in _keys(gates[0]):
                self._behind.setdefault(key, set()).add(promotion.order)
        elif gates:
            chosen = gates[:1]
        elif not chosen:
            self._always.add(promotion.order)
        for need in chosen:
            for goods in _goods(need):
                self._orders_by_goods.setdefault(id(goods), set()).add(promotion.order)
            for key in _keys(need):
                self._by_key.setdefault(key, set()).add(promotion.order)
        for condition in promotion.conditions:
            for name, number in condition.reads().items():
                self.needs[name] = max(number, self.needs.get(name, 0))

    def _keep(self, goods: Goods) -> None:
        mark = id(goods)
        if goods.everything or mark in self._goods:
            return
        self._goods[mark] = goods
        if not goods.keys:
            self._goods_wide.append(mark)
        for key in goods.keys:
            self._goods_by_key.setdefault(key, []).append(mark)


def _needs(promotion: Promotion) -> Iterator[Need]:
    """Everything that must be there: what its conditions need, and a line that one of its benefits means."""
    for condition in promotion.conditions:
        yield from condition.needs()
    if not any(benefit.goods.everything for benefit in promotion.benefits):
        yield tuple(benefit.goods for benefit in promotion.benefits)


def _goods(need: Need) -> list[Goods]:
    return [atom for atom in need if isinstance(atom, Goods)]


def _width(need: Need) -> tuple[bool, int]:
    """How many purchases a need lets through, roughly: a weekday lets through more than a store."""
    return any(key.startswith("weekday:") for key in _keys(need)), len(need)


def _keys(need: Need) -> list[str]:
    return [atom for atom in need if isinstance(atom, str)]


def _uses(conditions: Iterable[Condition], kind: type[Condition]) -> bool:
    """Whether one of these conditions, or one inside them, is of this kind."""
    for condition in conditions:
        inner: tuple[Condition, ...] = getattr(condition, "of", ())
        if isinstance(condition, kind) or _uses(inner, kind):
            return True
    return False
