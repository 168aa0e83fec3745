"""What two decisions on one receipt differ in: what each promotion gave, what is to be paid, what it costs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from msgspec import Struct, field, structs

from regulars.promotions import engine
from regulars.promotions.benefits.handing import Handed
from regulars.promotions.index import Live
from regulars.promotions.kinds import tag_of
from regulars.promotions.model import Basket, Rules, Standing
from regulars.promotions.outcome import Grant, Outcome
from regulars.simulation.variants import Variants
from regulars.units import ONE, Ratio, divide_half_up


class Receipt(Protocol):
    """A receipt of the past, as the engine saw it."""

    @property
    def purchase(self) -> UUID: ...
    @property
    def store(self) -> str: ...
    @property
    def receipt_number(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def day(self) -> date: ...
    @property
    def member(self) -> UUID | None: ...
    @property
    def basket(self) -> Basket: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def late(self) -> bool: ...
    @property
    def names(self) -> dict[int, str]: ...


class Gift(Struct):
    """What a promotion gave to one receipt. Money in minor units of base money."""

    discount: int = 0
    points: dict[str, int] = field(default_factory=dict[str, int])
    points_worth: int = 0
    """Of the points that may be spent, by the worth of their currency."""
    handed: int = 0
    """What vouchers, gifts and rights cost."""

    @property
    def cost(self) -> int:
        """All together."""
        return self.discount + self.points_worth + self.handed


class Compared(Struct, frozen=True):
    """One receipt, decided with and without the change. Money in minor units of base money."""

    receipt: Receipt
    before: dict[UUID, Gift]
    after: dict[UUID, Gift]
    payable_before: int
    payable_after: int
    gross: int
    costed_net_before: int = 0
    """Of the lines of which the cost is known: what they were sold for …"""
    costed_net_after: int = 0
    cost: int = 0
    """… and what they cost us."""
    costed_lines: int = 0


def compare(receipt: Receipt, sides: Variants, rules: Rules) -> Compared:
    """Decide a receipt twice, on the same standing. One whose goods had left the shop is priced as if they had not.

    Where the index rules out a promotion that comes new, the second decision is the first.
    """
    basket, standing = quoted(receipt.basket), receipt.standing
    before, after = sides.before, sides.after
    was = will = engine.evaluate(before, basket, standing, rules)
    if not sides.only_added or _could_apply(sides.alone, basket, standing):
        will = engine.evaluate(after, basket, standing, rules)
    rate = basket.to_base
    net_before = net_after = cost = lines = 0
    for line, old, new in zip(basket.lines, was.lines, will.lines, strict=True):
        if line.cost is not None:
            lines += 1
            cost += divide_half_up(line.cost * line.quantity, ONE)
            net_before += old.net
            net_after += new.net
    return Compared(
        receipt,
        gifts(was, before, rules, rate),
        gifts(will, after, rules, rate),
        based(was.payable, rate),
        based(will.payable, rate),
        based(was.gross, rate),
        based(net_before, rate),
        based(net_after, rate),
        based(cost, rate),
        lines,
    )


def _could_apply(alone: Live, basket: Basket, standing: Standing) -> bool:
    return bool(alone.candidates(alone.products(basket.lines), alone.keys(basket, standing)).promotions)


def quoted(basket: Basket) -> Basket:
    """A basket as if its prices were still to be made."""
    return structs.replace(basket, as_sold=False, sold_discounts=(), spend=()) if basket.as_sold else basket


def gifts(outcome: Outcome, live: Live, rules: Rules, rate: Ratio | None) -> dict[UUID, Gift]:
    """What each promotion gave."""
    found: dict[UUID, Gift] = {}
    for award in (*(award for line in outcome.lines for award in line.awards), *outcome.delivery_awards):
        found.setdefault(award.promotion, Gift()).discount += award.amount
    if rate is not None:
        for gift in found.values():
            gift.discount = rate.half_up(gift.discount)
    for earning in outcome.earned:
        gift = found.setdefault(earning.promotion, Gift())
        gift.points[earning.currency] = gift.points.get(earning.currency, 0) + earning.amount
    for gift in found.values():
        gift.points_worth = worth(gift.points, rules)
    for grant in outcome.grants:
        found.setdefault(grant.promotion, Gift()).handed += _handed(grant, live)
    return found


def _handed(grant: Grant, live: Live) -> int:
    """What something that was handed out costs, as its benefit says."""
    for benefit in live.by_id[grant.promotion].benefits:
        named = getattr(benefit, "voucher", "") or getattr(benefit, "code", "")
        if isinstance(benefit, Handed) and tag_of(type(benefit)) == grant.kind and named == grant.code:
            return benefit.cost * grant.count
    return 0


def worth(points: dict[str, int], rules: Rules) -> int:
    """What points that may be spent are worth, in minor units of base money, each currency rounded down."""
    return sum(
        rules.currencies[code].worth.down(amount)
        for code, amount in points.items()
        if code in rules.currencies and rules.currencies[code].spendable
    )


def based(amount: int, rate: Ratio | None) -> int:
    """An amount of a receipt in base money."""
    return amount if rate is None else rate.half_up(amount)


def total(gifts: Iterable[Gift]) -> Gift:
    """All of them together."""
    whole = Gift()
    for gift in gifts:
        whole.discount += gift.discount
        whole.points_worth += gift.points_worth
        whole.handed += gift.handed
        for code, amount in gift.points.items():
            whole.points[code] = whole.points.get(code, 0) + amount
    return whole
