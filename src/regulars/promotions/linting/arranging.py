"""What each kind of condition and benefit asks of a basket and a customer, so that an example of it can be drawn.

A kind that is not named here still works: its examples are found where an ordinary basket happens to suit it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from regulars.promotions import reads
from regulars.promotions.benefits.discounts import BasketPrice, LinePrice
from regulars.promotions.benefits.earning import PointsPerSpend, PointsPerUnit
from regulars.promotions.benefits.handing import Delivery
from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.benefits.ladders import Ladder, TurnoverLadder
from regulars.promotions.benefits.multibuy import BundlePrice, BuyGet, EveryNth, NForM
from regulars.promotions.benefits.points_price import PointsPrice
from regulars.promotions.conditions.basket import BasketAmount, Products, Quantity, ReducedGoods
from regulars.promotions.conditions.bundle import Bundle
from regulars.promotions.conditions.customer import Audience, Club, Consent, Member
from regulars.promotions.conditions.history import LastPurchase, Turnover, Visits
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.person import Age, Birthday, MembershipAge
from regulars.promotions.conditions.place import Store
from regulars.promotions.conditions.presented import Code, Offer, PaymentMethod
from regulars.promotions.conditions.streak import VisitStreak
from regulars.promotions.goods import Goods
from regulars.promotions.linting import ranges
from regulars.promotions.linting.branches import Branch
from regulars.promotions.linting.choices import choices
from regulars.promotions.linting.sketch import Sketch, promotion_offer
from regulars.promotions.reads import Window
from regulars.units import ONE, parse_quantity

DAYS_IN_MONTH_MAX = 31
CHARGE = 500
"""For a delivery, in minor units of base money."""
UNKNOWN_STORE = "store-1"
"""Where it is bought when the program has no store that fits."""


def arrange(sketch: Sketch, branch: Branch, benefits: Iterable[Benefit], promotion: UUID) -> None:
    """Ask for all that a way in which conditions hold, and the benefits, need."""
    found = ranges.bounds(branch)
    _counts(sketch, found)
    for leaf in branch.must:
        asking = _CONDITIONS.get(type(leaf.condition))
        if asking is not None:
            asking(sketch, leaf.condition)
        if isinstance(leaf.condition, Offer):
            sketch.known["offers"] = sketch.known.get("offers", frozenset[UUID]()) | {promotion}
    for leaf in branch.must_not:
        if isinstance(leaf.condition, Products):
            sketch.avoided.append(leaf.condition.goods)
        if isinstance(leaf.condition, ReducedGoods):
            sketch.reduced = leaf.condition.are == "absent"
        if isinstance(leaf.condition, Member):
            sketch.known["member"] = False
    _place(sketch, branch)
    for benefit in benefits:
        _benefit(sketch, benefit, promotion)


def _counts(sketch: Sketch, found: list[ranges.Bounds]) -> None:
    """What of turnover, visits and purchases lies within all bounds."""
    for one in ranges.of(found, "purchases"):
        low = max([b.low for b in ranges.of(found, "purchases") if b.low is not None], default=0)
        sketch.known["purchases"] = low if one.high is None else min(low, one.high)
    for one in ranges.of(found, "turnover"):
        window = one.subject[1]
        assert isinstance(window, Window)
        if one.low is not None:
            for key in _within(window):
                turnover = sketch.known.setdefault("turnover", {})
                turnover[key] = max(turnover.get(key, 0), one.low)
    for one in found:
        if one.subject[0] == "amount" and one.high is not None:
            condition = one.leaf.condition
            assert isinstance(condition, BasketAmount)
            sketch.most.append((condition.goods, one.high))


def _within(window: Window) -> list[str]:
    """The window, and the lifetime, in which all that was spent lies too."""
    return list(dict.fromkeys([window.key, reads.Window().key]))


def _place(sketch: Sketch, branch: Branch) -> None:
    """Where it is bought, and who buys, of what all conditions leave to choose from."""
    stores = sketch.around.stores
    left, _ = choices(branch, stores)
    picked = {subject: choice.options[0] for subject, choice in left.items()}
    sellers = left["partner"].options if "partner" in left else None
    fits = [c for c, place in (stores or {}).items() if sellers is None or place.partner in sellers]
    store = picked.get("store") or next(iter(fits), UNKNOWN_STORE)
    place = (stores or {}).get(store)
    groups = list(place.groups if place else ())
    if "store" not in picked:
        asked = [leaf.condition for leaf in branch.must if isinstance(leaf.condition, Store)]
        groups += [condition.groups[0] for condition in asked if condition.groups]
    partner = place.partner if place and place.partner else picked.get("partner", "")
    sketch.fields |= {"store": store, "store_groups": tuple(groups), "partner": partner}
    for name in ("channel", "till"):
        sketch.fields[name] = picked.get(name, sketch.fields.get(name, ""))
    for name in ("language", "account"):
        if name in picked:
            sketch.known[name] = picked[name]
    for subject, option in picked.items():
        if subject.startswith("tier:"):
            sketch.learn("tiers", **{subject.removeprefix("tier:"): option})


# conditions ------------------------------------------------------------------------------------------------


def _basket_amount(sketch: Sketch, condition: BasketAmount) -> None:
    if condition.minimum is not None:
        sketch.want(condition.goods, amount=condition.minimum)


def _quantity(sketch: Sketch, condition: Quantity) -> None:
    if condition.low is not None:
        sketch.want(condition.goods, quantity=condition.low, unit=condition.unit or "")


def _products(sketch: Sketch, condition: Products) -> None:
    if condition.wanted == 1:
        sketch.want(condition.goods)
        return
    for part in _parts(condition.goods)[: condition.wanted]:
        sketch.want(part)


def _parts(goods: Goods) -> list[Goods]:
    """Goods of one entry each."""
    lists = [
        *[Goods(skus=(code,)) for code in goods.skus],
        *[Goods(categories=(path,)) for path in goods.categories],
        *[Goods(tags=(tag,)) for tag in goods.tags],
        *[Goods(brands=(brand,)) for brand in goods.brands],
    ]
    return lists + [Goods(attributes={n: (v,)}) for n, values in goods.attributes.items() for v in values]


def _bundle(sketch: Sketch, condition: Bundle) -> None:
    for part in condition.parts:
        sketch.want(part.goods, quantity=part.thousandths, apart=True)


def _reduced(sketch: Sketch, condition: ReducedGoods) -> None:
    sketch.reduced = condition.are == "everything"


def _visits(sketch: Sketch, condition: Visits) -> None:
    visits = condition.minimum or 0
    key = f"days_{condition.days}"
    sketch.learn("visits", **{key: visits, f"{key}_distinct": min(visits, condition.days)})


def _visit_streak(sketch: Sketch, condition: VisitStreak) -> None:
    sketch.learn("visits", **{condition.read.key: condition.visits})


def _last_purchase(sketch: Sketch, condition: LastPurchase) -> None:
    sketch.known["days_since"] = max(condition.minimum or 0, sketch.known.get("days_since") or 0)


def _turnover(sketch: Sketch, condition: Turnover) -> None:
    sketch.learn("turnover", **{condition.window.key: _spent(sketch, condition)})


def _spent(sketch: Sketch, condition: Turnover) -> int:
    return max(condition.minimum or 0, sketch.known.get("turnover", {}).get(condition.window.key, 0))


def _audience(sketch: Sketch, condition: Audience) -> None:
    _mark(sketch, "audiences", condition.audiences[0])


def _club(sketch: Sketch, condition: Club) -> None:
    _mark(sketch, "clubs", condition.clubs[0])


def _consent(sketch: Sketch, condition: Consent) -> None:
    _mark(sketch, "consents", f"{condition.channel}/{condition.purpose}")


def _mark(sketch: Sketch, name: str, code: str) -> None:
    sketch.known[name] = sketch.known.get(name, frozenset[str]()) | {code}


def _birthday(sketch: Sketch, condition: Birthday) -> None:
    sketch.learn("birthday", **{f"{condition.before}/{condition.after}": True})


def _age(sketch: Sketch, condition: Age) -> None:
    if condition.minimum is not None:
        sketch.learn("of_age", **{str(condition.minimum): True})
    if condition.maximum is not None:
        sketch.learn("of_age", **{str(condition.maximum + 1): False})


def _membership(sketch: Sketch, condition: MembershipAge) -> None:
    days = (condition.minimum or 0) * (DAYS_IN_MONTH_MAX if condition.unit == "months" else 1)
    since = sketch.day - timedelta(days=min(days, sketch.day.toordinal() - 1))
    sketch.known["enrolled"] = min(since, sketch.known.get("enrolled") or since)


def _code(sketch: Sketch, condition: Code) -> None:
    if condition.codes:
        sketch.fields["codes"] = (*sketch.fields.get("codes", ()), condition.codes[0])
    else:
        _mark(sketch, "codes", condition.batch or "")


def _payment(sketch: Sketch, condition: PaymentMethod) -> None:
    sketch.fields["payment_methods"] = (*sketch.fields.get("payment_methods", ()), condition.methods[0])


_CONDITIONS: dict[type[Condition], Callable[..., None]] = {
    BasketAmount: _basket_amount, Quantity: _quantity, Products: _products, Bundle: _bundle, ReducedGoods: _reduced,
    Visits: _visits, VisitStreak: _visit_streak, LastPurchase: _last_purchase, Turnover: _turnover,
    Audience: _audience, Club: _club,
    Consent: _consent, Birthday: _birthday, Age: _age, MembershipAge: _membership, Code: _code,
    PaymentMethod: _payment,
}  # fmt: skip


# benefits --------------------------------------------------------------------------------------------------


def _benefit(sketch: Sketch, benefit: Benefit, promotion: UUID) -> None:
    asking = _BENEFITS.get(type(benefit))
    if asking is not None:
        asking(sketch, benefit)
    else:
        sketch.want(benefit.goods)
    if isinstance(benefit, PointsPrice):
        promotion_offer(promotion, sketch)


def _line_price(sketch: Sketch, benefit: LinePrice) -> None:
    sketch.want(benefit.goods, above=benefit.price)


def _basket_price(sketch: Sketch, benefit: BasketPrice) -> None:
    sketch.want(benefit.goods, amount=benefit.price * 2)


def _per_spend(sketch: Sketch, benefit: PointsPerSpend) -> None:
    sketch.want(benefit.goods, amount=benefit.per)


def _per_unit(sketch: Sketch, benefit: PointsPerUnit) -> None:
    sketch.want(benefit.goods, quantity=parse_quantity(benefit.per))


def _ladder(sketch: Sketch, benefit: Ladder) -> None:
    reached = benefit.steps[0].reached
    if benefit.by == "quantity":
        sketch.want(benefit.goods, quantity=reached)
    else:
        sketch.want(benefit.goods, amount=reached)


def _turnover_ladder(sketch: Sketch, benefit: TurnoverLadder) -> None:
    sketch.want(benefit.goods)
    turnover = sketch.known.setdefault("turnover", {})
    key = benefit.window.key
    turnover[key] = max(turnover.get(key, 0), benefit.steps[0].reached)


def _n_for_m(sketch: Sketch, benefit: NForM) -> None:
    sketch.want(benefit.goods, quantity=benefit.pieces * ONE)


def _every_nth(sketch: Sketch, benefit: EveryNth) -> None:
    sketch.want(benefit.goods, quantity=benefit.every * ONE)


def _buy_get(sketch: Sketch, benefit: BuyGet) -> None:
    sketch.want(benefit.triggers, quantity=benefit.buy * ONE, apart=True)
    sketch.want(benefit.goods, quantity=benefit.get * ONE, apart=True)


def _bundle_price(sketch: Sketch, benefit: BundlePrice) -> None:
    for component in benefit.components:
        above = 0 if benefit.price is None else benefit.price // component.count
        sketch.want(component.goods, quantity=component.count * ONE, apart=True, above=above)


def _delivery(sketch: Sketch, benefit: Delivery) -> None:
    sketch.want(benefit.goods)
    sketch.fields["delivery"] = max(CHARGE, 2 * (benefit.price or 0))


_BENEFITS: dict[type[Benefit], Callable[..., None]] = {
    LinePrice: _line_price, BasketPrice: _basket_price, PointsPerSpend: _per_spend, PointsPerUnit: _per_unit,
    Ladder: _ladder, TurnoverLadder: _turnover_ladder, NForM: _n_for_m, EveryNth: _every_nth, BuyGet: _buy_get,
    BundlePrice: _bundle_price, Delivery: _delivery,
}  # fmt: skip
