"""What is left to pay: points as a price reduction or as payment, and the tax of each rate."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from regulars.promotions.outcome import Spent, Tax
from regulars.promotions.scene import Scene
from regulars.units import PPM, allocate, divide_half_up


class Payment(Struct, frozen=True, gc=False):
    """How a basket is paid. All amounts in minor units of the basket's currency."""

    reduction: int
    paid: int
    payable: int
    spent: tuple[Spent, ...]
    short: dict[str, int]
    taxes: tuple[Tax, ...]
    on_lines: list[int]
    """The worth of the points on each line."""


def pay(scene: Scene) -> Payment:
    """Take the points and the taxes in the program's order.

    As price reduction the points lower the lines and their tax; as payment they pay for what the lines cost with tax.
    """
    net = scene.net
    outside = not scene.rules.prices_include_tax
    if scene.rules.points_as == "price_reduction":
        spent, short, on_lines = take_points(scene, net)
        reduced = [price - part for price, part in zip(net, on_lines, strict=True)] if spent else net
        taxes = tax_by_rate(scene, reduced)
        due = sum(reduced) + (sum([tax.tax for tax in taxes]) if outside else 0)
        return Payment(sum(on_lines), 0, due, spent, short, taxes, on_lines)
    taxes = tax_by_rate(scene, net)
    costs = with_tax(scene, net, taxes) if outside else net
    spent, short, on_lines = take_points(scene, costs)
    paid = sum(on_lines)
    return Payment(0, paid, sum(costs) - paid, spent, short, taxes, on_lines)


def take_points(scene: Scene, costs: Sequence[int]) -> tuple[tuple[Spent, ...], dict[str, int], list[int]]:
    """The points that pay, those asked for beyond what is available, and what they pay on each line.

    Never more than is left to pay, and never more points than that takes: points that would not buy a further minor
    unit stay with the member. As sold, what was asked for is a fact: it is taken in full and reported as short.
    """
    if not scene.basket.spend:
        return (), {}, [0] * len(costs)
    left = [max(0, cost) for cost in costs]
    most = sum(left)
    if not scene.basket.as_sold:
        left, most = _payable(scene, left)
    spent: list[Spent] = []
    short: dict[str, int] = {}
    standing = scene.standing
    taken: dict[str, int] = {}
    for wish in scene.basket.spend:
        currency = scene.rules.currencies.get(wish.currency)
        may = currency is not None and currency.spendable and standing.member and standing.may_spend
        gone = taken.get(wish.currency, 0) + scene.drawn.get(wish.currency, 0)
        available = max(0, standing.available.get(wish.currency, 0) - gone) if may else 0
        asked = available if wish.amount is None else wish.amount
        if asked > available:
            short[wish.currency] = short.get(wish.currency, 0) + asked - available
        points = asked if scene.basket.as_sold else min(asked, available)
        numerator, denominator = _worth(scene, wish.currency)
        due = min(most, sum(left))
        worth = min(due, points * numerator // denominator)
        if worth <= 0:
            continue
        points = min(points, -(-worth * denominator // numerator))
        parts = allocate(worth, left)
        left = [cost - part for cost, part in zip(left, parts, strict=True)]
        most -= worth
        taken[wish.currency] = taken.get(wish.currency, 0) + points
        spent.append(Spent(wish.currency, points, worth, tuple(parts), tuple(allocate(points, parts))))
    on_lines = [0] * len(costs)
    for payment in spent:
        on_lines = [have + more for have, more in zip(on_lines, payment.line_worth, strict=True)]
    return tuple(spent), short, on_lines


def _payable(scene: Scene, costs: list[int]) -> tuple[list[int], int]:
    """What points may pay of each line, and of all together: the program's shares, rounded down, and no goods for
    which it lets nobody pay with points."""
    rules = scene.rules
    whole = sum(costs) * rules.points_share_max // PPM
    outside = scene.outside(rules.excluded.spending)
    if outside or rules.points_share_line_max < PPM:
        share = rules.points_share_line_max
        costs = [0 if place in outside else cost * share // PPM for place, cost in enumerate(costs)]
    return costs, whole


def _worth(scene: Scene, currency: str) -> tuple[int, int]:
    """Minor units of the basket's currency per point, as a fraction."""
    worth = scene.worth(currency)
    if scene.ratio is None:
        return worth.numerator, worth.denominator
    return worth.numerator * scene.ratio.denominator, worth.denominator * scene.ratio.numerator


def tax_by_rate(scene: Scene, net: Sequence[int]) -> tuple[Tax, ...]:
    """Per rate, on the sum of that rate's nets, half up. `base` is without the tax.

    Included: tax = net × rate / (1 + rate), base = net − tax. Not included: tax = net × rate, base = net.
    """
    sums: dict[int, int] = {}
    for line, price in zip(scene.basket.lines, net, strict=True):
        rate = line.tax_rate
        sums[rate] = sums.get(rate, 0) + price
    taxes: list[Tax] = []
    for rate in sorted(sums):
        amount = sums[rate]
        if scene.rules.prices_include_tax:
            tax = divide_half_up(amount * rate, PPM + rate)
            taxes.append(Tax(rate, amount - tax, tax))
        else:
            taxes.append(Tax(rate, amount, divide_half_up(amount * rate, PPM)))
    return tuple(taxes)


def with_tax(scene: Scene, net: Sequence[int], taxes: Sequence[Tax]) -> list[int]:
    """What each line costs with its part of its rate's tax (largest remainder), where prices are without tax."""
    costs = list(net)
    for tax in taxes:
        places = [place for place, line in enumerate(scene.basket.lines) if line.tax_rate == tax.rate]
        for place, part in zip(places, allocate(tax.tax, [max(0, net[p]) for p in places]), strict=True):
            costs[place] += part
    return costs


def earning_prices(scene: Scene, payment: Payment) -> list[int]:
    """What each line counts for earning: its price after discounts, with or without tax, and with or without the
    part that points paid, as the program says. The tax of a line is half up."""
    rules = scene.rules
    prices = scene.net[:]
    points = [0] * len(prices) if rules.earn_on_points_part else payment.on_lines
    if rules.prices_include_tax:
        prices = [price - part for price, part in zip(prices, points, strict=True)]
    elif rules.points_as == "price_reduction":
        prices = [price - part for price, part in zip(prices, points, strict=True)]
        if rules.earn_on == "without_tax":
            return prices
        lines = scene.basket.lines
        return [p + divide_half_up(p * line.tax_rate, PPM) for p, line in zip(prices, lines, strict=True)]
    else:
        costs = with_tax(scene, prices, payment.taxes)
        prices = [cost - part for cost, part in zip(costs, points, strict=True)]
    if rules.earn_on == "with_tax":
        return prices
    rates = [PPM + line.tax_rate for line in scene.basket.lines]
    return [divide_half_up(price * PPM, rate) for price, rate in zip(prices, rates, strict=True)]
