"""What may it cost: prices below cost, goods for nothing without a limit, points that are worth more than was paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import structs

from regulars.promotions.benefits.earning import PointsMultiplier
from regulars.promotions.benefits.handing import Handed
from regulars.promotions.benefits.kind import Benefit, Discount, EarningBenefit
from regulars.promotions.conditions.history import FirstPurchase, NthPurchase
from regulars.promotions.index import Promotion
from regulars.promotions.linting.cases import Case, Cases, Subject, basket_text, example
from regulars.promotions.linting.finding import Example, Finding
from regulars.promotions.linting.ranges import meant
from regulars.promotions.linting.where import of_benefits
from regulars.promotions.model import Basket, Line, Spend
from regulars.promotions.words import Words
from regulars.units import ONE, PPM, divide_half_up

MANY = 100
"""So many times more is bought to see whether anything ends it."""
WARES_MAX = 12
OTHERS_MAX = 12
FACTOR_MAX = 5
"""Points times more than this, without a cap, are said aloud."""
GIFT_CARDS = frozenset({"gift-card", "gift-cards", "giftcard", "giftcards", "gift-voucher", "gift-vouchers"})
"""What goods that are money in another form are tagged, or the last part of their category."""


def below_cost(cases: Cases, words: Words) -> Iterator[Finding]:
    """A product that costs less than it cost us, with this promotion alone or with another that is live."""
    discounting = any(isinstance(benefit, Discount) for benefit in cases.mine.benefits)
    if not discounting or cases.around.rules.line_floor != "zero":
        return
    wares = [ware for ware in cases.around.wares if ware.cost is not None and ware.unit_price > ware.cost]
    for others in _companies(cases):
        for ware in wares[:WARES_MAX]:
            case = cases.together(others, structs.replace(cases.around, wares=(ware,)))
            case = case and cases.priced(case.sketch, beside=bool(others))
            line = case and _below(cases, case)
            if case and line:
                yield Finding(
                    "warning",
                    "below_cost",
                    _loss(cases, case, line, words),
                    *_where(cases, case, lambda benefit: isinstance(benefit, Discount), words),
                )
                return


def _where(
    cases: Cases, case: Case, meant: Callable[[Benefit], bool], words: Words, *also: str
) -> tuple[str, Example, tuple[str, ...]]:
    """The benefits that it comes from, with the basket that shows it."""
    first, *others = of_benefits(cases.mine.benefits, meant)
    return first, example(case, words), (*others, *also)


def _companies(cases: Cases) -> list[tuple[Subject, ...]]:
    """The promotion alone, and with each discount of another group, or of its own where all apply."""
    mine = cases.mine
    others = [
        promotion
        for promotion in cases.around.live.promotions
        if promotion.id != mine.id
        and any(isinstance(benefit, Discount) for benefit in promotion.benefits)
        and (promotion.group.name != mine.document.group or promotion.group.rule == "all" or promotion.joint)
    ]
    return [(), *[(cases.subject_of(promotion),) for promotion in others[:OTHERS_MAX]]]


def _below(cases: Cases, case: Case) -> Line | None:
    """The first line that is sold below its cost, and to which the promotion contributes."""
    gave = case.gave(cases.mine.id)
    for line, result in zip(case.basket.lines, case.outcome.lines, strict=True):
        cost = None if line.cost is None else divide_half_up(line.cost * line.quantity, ONE)
        if cost is not None and result.net < cost <= line.gross and gave and line.number in gave.lines:
            return line
    return None


def _loss(cases: Cases, case: Case, line: Line, words: Words) -> str:
    result = next(one for one in case.outcome.lines if one.number == line.number)
    currency, cost = case.basket.currency, divide_half_up((line.cost or 0) * line.quantity, ONE)
    facts = {
        "goods": case.sketch.name(line.sku, words),
        "net": words.money(result.net, currency),
        "cost": words.money(cost, currency),
    }
    others = [p.name(words.language) for p in case.applied if p.id != cases.mine.id]
    if not others:
        return words.gettext("“{goods}” would be sold for {net} and cost us {cost}.").format(**facts)
    text = words.gettext("Together with “{others}”, “{goods}” would be sold for {net} and cost us {cost}.")
    return text.format(**facts, others=words.joined(others))


def free_goods(cases: Cases, words: Words) -> Iterator[Finding]:
    """Goods that cost nothing however many are taken, with no cap, use limit or budget."""
    case = cases.case()
    if case is None or cases.mine.document.limits or _priced_in_points(cases):
        return
    gave = case.gave(cases.mine.id)
    lines = frozenset(line.sku for line in case.basket.lines if gave and line.number in gave.lines)
    many = cases.priced(case.sketch, beside=False, times=MANY, only=lines)
    touched = [line for line in many.outcome.lines if line.discount]
    if gave and gave.discount and touched and all(line.discount == line.gross for line in touched):
        text = words.gettext(
            "There is no cap, use limit or budget: whoever takes {basket} pays {payable}, {discount} are given away."
        )
        currency = many.basket.currency
        said = text.format(
            basket=basket_text(many, words),
            payable=words.money(many.outcome.payable, currency),
            discount=words.money(many.outcome.discount, currency),
        )
        where = _where(cases, many, lambda benefit: isinstance(benefit, Discount), words, "/limits")
        yield Finding("warning", "unbounded", said, *where)


def _priced_in_points(cases: Cases) -> bool:
    compiled = next((p for p in _alone(cases) if p.id == cases.mine.id), None)
    return compiled is not None and bool(compiled.prices)


def _alone(cases: Cases) -> Sequence[Promotion]:
    case = cases.case()
    return case.live.promotions if case is not None else ()


def handed_out(cases: Cases, words: Words) -> Iterator[Finding]:
    """Gifts, vouchers and rights that cost more than the purchase with which they come, again and again."""
    case = cases.case()
    if case is None or _once(cases.mine):
        return
    costs = [benefit.cost for benefit in cases.mine.benefits if isinstance(benefit, Handed)]
    if costs and sum(costs) >= case.outcome.payable > 0:
        text = words.gettext(
            "What is handed out costs {cost}, and whoever buys {basket} pays {payable}, as often as she likes."
        )
        currency = case.basket.currency
        said = text.format(
            cost=words.money(sum(costs), currency),
            basket=basket_text(case, words),
            payable=words.money(case.outcome.payable, currency),
        )
        where = _where(cases, case, lambda benefit: isinstance(benefit, Handed), words, "/limits")
        yield Finding("warning", "unbounded", said, *where)


def _once(mine: Subject) -> bool:
    """Whether something ends it: a limit, or that it is for one purchase of a customer."""
    return bool(mine.document.limits) or any(
        isinstance(c, FirstPurchase) or (isinstance(c, NthPurchase) and not c.every) for c in mine.conditions
    )


def points_worth_more(cases: Cases, words: Words) -> Iterator[Finding]:
    """A purchase that brings points worth at least what was paid, by all that is live together."""
    case = cases.case()
    if case is None or not case.verdicts[cases.mine.id].earned:
        return
    beside = cases.priced(case.sketch, beside=True)
    worth, paid = _worth(beside), beside.outcome.payable
    if not beside.gave(cases.mine.id) or worth < paid or not paid:
        return
    many = cases.priced(case.sketch, beside=True, times=MANY)
    grows = _worth(many) >= many.outcome.payable > 0
    if not grows and (worth == paid or _once(cases.mine)):
        return
    endless = grows and not cases.mine.document.limits
    text = words.gettext("{basket}: the customer pays {paid} and gets points worth {worth}.")
    currency = beside.basket.currency
    said = text.format(
        basket=basket_text(beside, words),
        paid=words.money(paid, currency),
        worth=words.money(worth, currency),
    )
    severity = "error" if endless else "warning"
    where = _where(cases, beside, lambda benefit: isinstance(benefit, EarningBenefit), words, "/limits")
    yield Finding(severity, "earn_burn_loop", said, *where)


def _worth(case: Case) -> int:
    """What the points that may be spent are worth, minor units of base money, rounded down."""
    currencies = case.sketch.around.rules.currencies
    return sum(
        currencies[earning.currency].worth.down(earning.amount)
        for earning in case.outcome.earned
        if earning.currency in currencies and currencies[earning.currency].spendable
    )


def gift_cards(cases: Cases, words: Words) -> Iterator[Finding]:
    """Gift cards that are bought with points and bring points again."""
    case = cases.case()
    if case is None or not case.verdicts[cases.mine.id].earned:
        return
    for card in _cards(cases, case):
        currencies = {earning.currency for earning in case.outcome.earned}
        spend = tuple(Spend(code, None) for code in sorted(currencies))
        paid = _paid_with_points(cases, case, card, spend)
        earned = sum(earning.amount for earning in paid.outcome.earned if earning.line == card.number)
        if earned and paid.outcome.paid_with_points:
            text = words.gettext("“{goods}” can be bought with points, and that brings points again.")
            said = text.format(goods=case.sketch.name(card.sku, words))
            where = _where(cases, paid, lambda benefit: isinstance(benefit, EarningBenefit), words)
            yield Finding("warning", "earn_burn_loop", said, *where)
            return


def _cards(cases: Cases, case: Case) -> Iterator[Line]:
    """Gift cards as lines behind those of the example."""
    number = len(case.basket.lines) + 1
    for ware in cases.around.wares:
        if {part.rsplit("/", 1)[-1] for part in (*ware.tags, *ware.categories)} & GIFT_CARDS:
            yield structs.replace(ware, number=number)


def _paid_with_points(cases: Cases, case: Case, card: Line, spend: tuple[Spend, ...]) -> Case:
    basket: Basket = structs.replace(case.basket, lines=(*case.basket.lines, card), spend=spend)
    return cases.of_basket(case.sketch, basket, case.standing)


def multipliers(cases: Cases, words: Words) -> Iterator[Finding]:
    """Points times something without a cap: beside another such one, or by very much."""
    mine = [b for b in cases.mine.benefits if isinstance(b, PointsMultiplier) and b.cap is None]
    if not mine or cases.mine.document.limits:
        return
    caps = of_benefits(cases.mine.benefits, lambda benefit: benefit in mine, "cap")
    rival = next(_multiplied_too(cases, mine[0]), None)
    if rival is not None:
        others = [b for b in rival.benefits if isinstance(b, PointsMultiplier)]
        factor = words.number(_decimal(mine[0].ppm + others[0].ppm - PPM))
        text = words.gettext("Together with “{rival}” the points are {factor} ×, and nothing caps them.")
        said = text.format(rival=rival.name(words.language), factor=factor)
        yield Finding("warning", "multipliers_stack", said, caps[0], also=(*caps[1:], "/limits"))
    elif mine[0].ppm > FACTOR_MAX * PPM:
        text = words.gettext("The points are {factor} ×, and nothing caps them.")
        said = text.format(factor=words.number(mine[0].factor))
        yield Finding("warning", "unbounded", said, caps[0], also=(*caps[1:], "/limits"))


def _multiplied_too(cases: Cases, mine: PointsMultiplier) -> Iterator[Promotion]:
    """Live multipliers of the same points without a cap that a basket could meet together with this one."""
    for promotion in cases.around.live.promotions:
        apart = promotion.group.name == cases.mine.document.group and promotion.group.rule != "all"
        if promotion.id == cases.mine.id or promotion.limits or apart:
            continue
        found = [b for b in promotion.benefits if isinstance(b, PointsMultiplier) and _adds(b, mine)]
        if found and cases.compatible(cases.subject_of(promotion)):
            yield promotion


def _adds(other: PointsMultiplier, mine: PointsMultiplier) -> bool:
    """Whether it multiplies the same points of the same goods, without a cap."""
    everything = mine.goods.everything or other.goods.everything
    same = everything or meant(other.goods) == meant(mine.goods)
    return same and other.cap is None and other.currency == mine.currency


def _decimal(ppm: int) -> str:
    """3 000 000 → 3; 2 500 000 → 2.5."""
    whole, rest = divmod(ppm, PPM)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)
