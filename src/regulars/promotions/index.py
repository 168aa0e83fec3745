"""Which live promotions could apply to a purchase: compiled, and indexed by what they need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from regulars.errors import Contradiction
from regulars.promotions.benefits.discounts import LinePercent
from regulars.promotions.benefits.handing import Voucher
from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.benefits.points_price import PointsPrice
from regulars.promotions.conditions.kind import Condition, Need
from regulars.promotions.conditions.presented import Code, Offer
from regulars.promotions.document import build
from regulars.promotions.goods import Goods, attribute_keys, goods_within, keys_of
from regulars.promotions.kinds import KINDS, Kinds
from regulars.promotions.model import Basket, Document, GroupRule, Line, Revision, Standing
from regulars.promotions.reads import Needs, needs_of
from regulars.promotions.scene import Places, places_of

C = TypeVar("C", bound=Condition)
STAGES = {"item": 0, "basket": 1, "earning": 2}
NONE = frozenset[int]()
MEMORY_MAX = 20_000
"""Products of which the matching goods are remembered; about 1 kB each."""


class Promotion:
    """One live revision, compiled."""

    __slots__ = (
        "asks", "automatic", "benefits", "conditions", "document", "earns", "free", "gates", "group", "id", "joint",
        "limits", "marks", "members_only", "order", "pieces", "prices", "purchase", "rate", "revision", "since",
        "unasked", "unkeyed", "until",
    )  # fmt: skip

    def __init__(self, revision: Revision, group: GroupRule, kinds: Kinds):
        document = revision.document
        self.id: UUID = revision.promotion
        self.revision: int = revision.number
        self.document: Document = document
        self.group = group
        self.joint = document.joint
        self.since: datetime | None = document.valid_from
        self.until: datetime | None = document.valid_until
        self.limits = document.limits
        self.conditions: tuple[Condition, ...]
        self.benefits: tuple[Benefit, ...]
        conditions, self.benefits = build(document, kinds)
        self.conditions = tuple([condition.bound(self.id) for condition in conditions])
        self.earns = group.stage == "earning"
        self.members_only = any(benefit.needs_member for benefit in self.benefits)
        """Whatever its conditions say."""
        self.prices = tuple([benefit for benefit in self.benefits if isinstance(benefit, PointsPrice)])
        """Its benefits that the customer chooses and pays with points."""
        self.automatic = bool(self.prices) and all(price.automatic for price in self.prices)
        """Its prices in points are paid without being chosen."""
        self.pieces = _parts(self.benefits, "pieces")
        """Its benefits for which pieces compete: those decided first, and those decided last."""
        self.purchase = _parts(self.benefits, "purchase")
        self.rate = _rate(self)
        """Where it is one plain percentage off lines, without limits: its parts per million. Else 0."""
        self.order = 0
        """Its place among all live promotions: stage, group, priority, id."""
        self.marks = frozenset(
            goods.mark
            for part in (*self.conditions, *self.benefits)
            for goods in goods_within(part)
            if not goods.everything
        )
        """The goods that it asks for, as `Product.goods` names them."""
        self.asks = self.marks
        """Those of which the lines are not known already when it was found."""
        self.gates: tuple[frozenset[str], ...] = ()
        """A purchase must have a key of each, or it cannot apply."""
        self.unasked: tuple[frozenset[str], ...] = ()
        """Those of which a candidate may have no key."""
        self.unkeyed = tuple([condition for condition in self.conditions if not condition.told_by_keys])
        """What a purchase that has a key of each gate must still meet."""
        self.free = not (
            self.unkeyed or self.since or self.until or self.limits or self.prices or self.members_only
        )
        """Whether nothing is left to ask of it."""

    def name(self, language: str) -> str:
        """What people call it."""
        return self.document.names.get(language) or self.document.name


def _rate(promotion: Promotion) -> int:
    benefit = promotion.benefits[0]
    plain = (
        len(promotion.benefits) == 1
        and isinstance(benefit, LinePercent)
        and benefit.plain
        and benefit.cap is None
        and not promotion.limits
        and not promotion.joint
    )
    return benefit.ppm if plain and isinstance(benefit, LinePercent) else 0


def _parts(benefits: Iterable[Benefit], scope: str) -> tuple[tuple[Benefit, ...], tuple[Benefit, ...]]:
    early = tuple(benefit for benefit in benefits if benefit.scope == scope and not benefit.last)
    return early, tuple(benefit for benefit in benefits if benefit.scope == scope and benefit.last)


class Product(NamedTuple):
    """What is remembered of a line's product: its keys, the goods that mean it, the promotions that need these: those
    that it is enough for, and those that have a gate too."""

    keys: frozenset[str]
    goods: frozenset[str]
    orders: frozenset[int]
    gated: frozenset[int]


class Candidates(NamedTuple):
    """What could apply, or nearly, in its order, and the places of the lines that it asks for."""

    promotions: list[Promotion]
    places: Places


class Live:
    """All live promotions and the rules of their groups. Immutable but for what it remembers of products."""

    def __init__(self, promotions: Sequence[Promotion], groups: tuple[GroupRule, ...], kinds: Kinds):
        self.promotions = tuple(promotions)
        self.groups = groups
        self.kinds = kinds
        self.excluded = frozenset(name for group in groups for name in group.excludes)
        """Groups of which it matters what they touched."""
        self.by_id = {promotion.id: promotion for promotion in promotions}
        self.rechecking = frozenset([p.id for p in promotions if p.document.recheck])
        """Promotions whose conditions a return asks again."""
        self.messages = {p.id: p.document.message for p in promotions if p.document.message}
        """What promotions have to say on a receipt, by language."""
        parts = [part for p in promotions for part in (*p.conditions, *p.benefits)]
        self.needs: Needs = needs_of(read for part in parts for read in part.reads())
        """What of the standing must be read."""
        self.offers = frozenset(p.id for p in promotions if _within(p.conditions, Offer))
        """Promotions that a member must activate."""
        self.shared_codes = frozenset(
            code for p in promotions for found in _within(p.conditions, Code) for code in found.plain
        )
        """Codes that are one for all, as they are compared."""
        self.code_batches = _code_batches(promotions)
        """For promotions with a condition on unique codes the batches of which one will do."""
        self.batches_wanted = frozenset(name for names in self.code_batches.values() for name in names)
        self.vouchers = frozenset(
            benefit.voucher for p in promotions for benefit in p.benefits if isinstance(benefit, Voucher)
        )
        """Batches of which codes are issued."""
        self.limited = any(p.limits for p in promotions)
        self.limit_periods = _limit_periods(promotions)
        """In which periods there are limits, by whom they are for."""
        self.totals = tuple(p for p in promotions if any(limit.per == "total" for limit in p.limits))
        """Promotions with a limit for all together."""
        self.price_currencies = frozenset(price.currency for p in promotions for price in p.prices)
        """Currencies in which promotions have a price."""
        self.stamp_cards = tuple([one for one in promotions if one.automatic])
        """Promotions whose prices are paid without being chosen."""
        self.stamps = frozenset(p.currency for one in self.stamp_cards for p in one.prices)
        """In these currencies."""
        self._always: set[int] = set()
        self._by_goods: set[int] = set()
        """Promotions that are found by their goods (among other keys)."""
        self._by_key: dict[str, set[int]] = {}
        self._gated: set[int] = set()
        """Promotions found by their goods that also have a gate; by key, those whose first gate it opens."""
        self._behind: dict[str, set[int]] = {}
        self._goods: dict[str, Goods] = {}
        self._goods_by_key: dict[str, list[str]] = {}
        self._goods_wide: list[str] = []
        self._orders_by_goods: dict[str, set[int]] = {}
        self._alone: dict[int, str] = {}
        """Of promotions found by the one goods they ask for alone: these. Their lines are where they were found."""
        self._products: dict[tuple[object, ...], Product] = {}
        for promotion in promotions:
            self._file(promotion)
        self._fine = any(goods.fine for goods in self._goods.values())
        """Whether it matters how two lines of one product differ."""
        self._asking = [
            kind.keys_of
            for kind in kinds.asking
            if any(_within(promotion.conditions, kind) for promotion in promotions)
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
                if not benefit.fits(promotion.group.stage):
                    raise Contradiction(f"{revision.document.name}: its benefit is not of the group's stage.")
            promotions.append(promotion)
        promotions.sort(key=lambda p: (places[p.group.name], p.document.priority, p.id))
        for order, promotion in enumerate(promotions):
            promotion.order = order
        return cls(promotions, tuple(ordered), kinds)

    def products(self, lines: Sequence[Line]) -> list[Product]:
        """For each line the goods and promotions that mean its product."""
        memory, fine = self._products, self._fine
        found: list[Product] = []
        for line in lines:
            mark = (line.sku, line.categories, line.tags, line.brand)
            if fine:
                reduced = line.regular_price > line.unit_price
                mark = (*mark, reduced, tuple(attribute_keys(line.attributes)))
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
        if basket.offers and self.price_currencies:
            keys.update([f"offer:{promotion.hex}" for promotion in basket.offers])
        return keys

    def candidates(self, products: Sequence[Product], keys: Collection[str]) -> Candidates:
        """What could apply to a purchase of these products with these keys."""
        by_key, behind, alone = self._by_key, self._behind, self._alone
        orders = self._always.union(*[by_key[key] for key in keys if key in by_key])
        gated = [product.gated for product in products]
        closed = NONE.union(*gated)
        through = NONE.union(*[behind[key] & closed for key in keys if key in behind])
        places: Places = {}
        for place, none in enumerate(map(through.isdisjoint, gated)):
            found = products[place].orders
            if not none:
                found = found | (gated[place] & through)
            elif not found:
                continue
            orders |= found
            for order in found:
                mark = alone.get(order)
                if mark in places:
                    if places[mark][-1] != place:
                        places[mark].append(place)
                elif mark is not None:
                    places[mark] = [place]
        promotions = [self.promotions[order] for order in sorted(orders)]
        asked = frozenset[str]().union(*[promotion.asks for promotion in promotions if promotion.asks])
        if asked:
            places.update(places_of(products, asked))
        return Candidates(promotions, places)

    def totals_for(self, lines: Sequence[Line]) -> tuple[Promotion, ...]:
        """Of the promotions with a limit for all together those that these goods could win, and perhaps others."""
        products = self.products(lines)
        orders = NONE.union(*[product.orders | product.gated for product in products])
        return tuple(p for p in self.totals if p.order in orders or p.order not in self._by_goods)

    def _look(self, line: Line) -> Product:
        keys = keys_of(line)
        marks = {
            mark for key in keys for mark in self._goods_by_key.get(key, ()) if self._goods[mark].has(keys)
        }
        marks.update(mark for mark in self._goods_wide if self._goods[mark].has(keys))
        orders = NONE.union(*[self._orders_by_goods.get(mark, ()) for mark in marks])
        return Product(keys, frozenset(marks), orders - self._gated, orders & self._gated)

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
        # One need of goods or a key: whoever has the key is a candidate, whatever the gates say.
        mixed = promotion.order in self._gated and any(_keys(need) for need in chosen)
        promotion.unasked = promotion.gates if mixed else promotion.gates[1:]
        for need in chosen:
            for goods in _goods(need):
                self._orders_by_goods.setdefault(goods.mark, set()).add(promotion.order)
            for key in _keys(need):
                self._by_key.setdefault(key, set()).add(promotion.order)
        by_goods = [len(_goods(need)) == len(need) for need in chosen]
        if any(by_goods):
            self._by_goods.add(promotion.order)
        if len(promotion.marks) == 1 and by_goods and all(by_goods):
            (self._alone[promotion.order],) = promotion.marks
            promotion.asks = frozenset()

    def _keep(self, goods: Goods) -> None:
        mark = goods.mark
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
    wanted = sought(promotion.benefits)
    if wanted:
        yield wanted
    if len(promotion.prices) == len(promotion.benefits) and not promotion.automatic:
        yield (f"offer:{promotion.id.hex}",)


def sought(benefits: Iterable[Benefit]) -> tuple[Goods, ...]:
    """The goods of which a line must be there for one of these benefits to give anything; empty where that is not
    sure."""
    meant = [next((goods for goods in benefit.meant() if not goods.everything), None) for benefit in benefits]
    return () if None in meant else tuple([goods for goods in meant if goods is not None])


def _goods(need: Need) -> list[Goods]:
    return [atom for atom in need if isinstance(atom, Goods)]


def _width(need: Need) -> tuple[bool, int]:
    """How many purchases a need lets through, roughly: a weekday lets through more than a store."""
    return any(key.startswith("weekday:") for key in _keys(need)), len(need)


def _keys(need: Need) -> list[str]:
    return [atom for atom in need if isinstance(atom, str)]


def _within(conditions: Iterable[Condition], kind: type[C]) -> list[C]:
    """The conditions of this kind, those inside others too."""
    found: list[C] = []
    for condition in conditions:
        if isinstance(condition, kind):
            found.append(condition)
        inner: tuple[Condition, ...] = getattr(condition, "of", ())
        found += _within(inner, kind)
    return found


def _code_batches(promotions: Iterable[Promotion]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, frozenset[str]] = {}
    for promotion in promotions:
        names = frozenset(
            code.batch for code in _within(promotion.conditions, Code) if code.batch is not None
        )
        if names:
            found[promotion.id] = names
    return found


def _limit_periods(promotions: Iterable[Promotion]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for promotion in promotions:
        for limit in promotion.limits:
            found.setdefault(limit.per, set()).add(limit.period)
    return {per: frozenset(periods) for per, periods in found.items()}
