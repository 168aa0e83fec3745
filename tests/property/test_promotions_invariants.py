"""What holds for every program, basket and customer: nothing is lost to the cent, and order does not matter."""

from __future__ import annotations

from random import Random
from typing import Any, Literal
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promotions_kit import AT, CURRENCIES

from regulars.promotions import engine
from regulars.promotions.document import parse
from regulars.promotions.goods import Goods
from regulars.promotions.index import Live
from regulars.promotions.model import Basket, Excluded, GroupRule, Line, Revision, Rules, Spend, Standing
from regulars.promotions.outcome import Outcome
from regulars.units import PPM, Ratio, divide_half_up

SKUS = ("a", "b", "c", "d")
RULES_OF_GROUPS: list[Literal["all", "first", "best", "worst"]] = ["all", "first", "best", "worst"]
RULE = st.sampled_from(RULES_OF_GROUPS)
PERCENT = st.sampled_from(["1", "3", "10", "12.5", "33.3333", "50", "100"])
AMOUNT = st.integers(1, 900)


@st.composite
def goods(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return {"skus": sorted(draw(st.sets(st.sampled_from(SKUS), min_size=1)))}
    if kind == 1:
        return {"categories": [draw(st.sampled_from(["x", "x/y", "z"]))], "except": {"skus": ["a"]}}
    return {"tags": ["t"]} if kind == 2 else {}


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    plain = ["amount", "quantity", "products", "store", "hours", "first", "member"]
    kind = draw(st.sampled_from([*plain, "not", "or"] if depth else plain))
    if kind == "amount":
        return {"kind": "basket_amount", "minimum": draw(st.integers(1, 3000)), "goods": draw(goods())}
    if kind == "quantity":
        return {
            "kind": "quantity",
            "minimum": draw(st.sampled_from(["1", "2.5", "4"])),
            "goods": draw(goods()),
        }
    if kind == "products":
        return {"kind": "products", "goods": {"skus": draw(st.lists(st.sampled_from(SKUS), min_size=1))}}
    if kind == "store":
        return {"kind": "store", "stores": [draw(st.sampled_from(["riga-1", "riga-2"]))]}
    if kind == "hours":
        return {"kind": "hours", "weekdays": [draw(st.integers(5, 7))]}
    if kind == "first":
        return {"kind": "first_purchase"}
    if kind in ("not", "or"):
        return {"kind": kind, "of": draw(st.lists(conditions(depth - 1), min_size=1, max_size=2))}
    return {"kind": "member"}


@st.composite
def together(draw: st.DrawFn, of: dict[str, Any]) -> dict[str, Any]:
    """A benefit of pieces that count together."""
    limit = draw(st.sampled_from([{}, {"limit": 1}]))
    rate, which = draw(PERCENT), draw(st.sampled_from(["cheapest", "dearest"]))
    steps = [{"from": "2", "percent": "10"}, {"from": "4", "percent": "25"}]
    parts = [{"goods": of}, {"goods": draw(goods()), "count": 2}]
    return draw(
        st.sampled_from(
            [
                {"kind": "n_for_m", "pieces": 3, "pay": draw(st.integers(1, 2)), "goods": of, **limit},
                {"kind": "every_nth", "every": 2, "percent": rate, "which": which, "goods": of, **limit},
                {"kind": "buy_get", "triggers": draw(goods()), "percent": rate, "goods": of, **limit},
                {"kind": "bundle_price", "components": parts, "price": draw(AMOUNT), **limit},
                {"kind": "bundle_price", "components": parts, "percent": rate, **limit},
                {"kind": "ladder", "steps": steps, "goods": of},
                {
                    "kind": "points_price",
                    "currency": "PTS",
                    "points": 90,
                    "percent": rate,
                    "goods": of,
                    "pieces": 2,
                },
            ]
        )
    )


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    group = draw(st.sampled_from(["early", "late", "basket", "points"]))
    of, cap = draw(goods()), draw(st.none() | AMOUNT)
    capped = {} if cap is None else {"cap": cap}
    if group == "basket":
        benefit = draw(
            st.sampled_from(
                [
                    {"kind": "basket_percent", "percent": draw(PERCENT), "goods": of, **capped},
                    {"kind": "basket_amount_off", "amount": draw(AMOUNT), "goods": of},
                    {"kind": "basket_price", "price": draw(AMOUNT), "goods": of},
                    {"kind": "delivery", "percent": draw(PERCENT), "goods": of},
                    {"kind": "gift", "options": [{"sku": "cup"}], "cost": draw(AMOUNT), "goods": of},
                ]
            )
        )
    elif group == "points":
        currency = draw(st.sampled_from(["PTS", "MILES"]))
        benefit = draw(
            st.sampled_from(
                [
                    {"kind": "points_per_spend", "points": 3, "per": 100, **capped},
                    {"kind": "points_per_unit", "points": 2, "per": "1.5", **capped},
                    {"kind": "points_fixed", "points": draw(AMOUNT)},
                    {"kind": "points_multiplier", "factor": "2.5"},
                    {"kind": "cashback", "percent": draw(PERCENT)},
                ]
            )
        ) | {"currency": currency, "goods": of}
    else:
        benefit = draw(
            st.sampled_from(
                [
                    {"kind": "line_percent", "percent": draw(PERCENT), "goods": of, **capped},
                    {"kind": "line_amount", "amount": draw(AMOUNT), "goods": of},
                    {"kind": "line_amount", "amount": draw(AMOUNT), "goods": of, "each": "purchase"},
                    {"kind": "line_price", "price": draw(AMOUNT), "goods": of, "cap_per_line": draw(AMOUNT)},
                    {
                        "kind": "line_percent",
                        "percent": draw(PERCENT),
                        "goods": of,
                        "round_to": 5,
                        "rounding": "down",
                    },
                    draw(together(of)),
                    draw(together(of)),
                ]
            )
        )
    return {
        "name": "P", "group": group, "benefits": [benefit],
        "conditions": draw(st.lists(conditions(), max_size=2)),
        "priority": draw(st.integers(0, 2)), "joint": draw(st.integers(0, 5)) == 0,
    }  # fmt: skip


@st.composite
def lines(draw: st.DrawFn, number: int) -> Line:
    weighed = draw(st.integers(0, 3)) == 0
    quantity = draw(st.integers(1, 3000)) if weighed else 1000 * draw(st.integers(1, 4))
    return Line(
        number=number,
        sku=draw(st.sampled_from(SKUS)),
        quantity=quantity,
        gross=draw(st.integers(0, 2500)),
        unit_price=0,
        categories=draw(st.sampled_from([(), ("x",), ("x/y",), ("z/q", "x")])),
        tags=draw(st.sampled_from([(), ("t",)])),
        cost=draw(st.none() | st.integers(0, 700)),
        minimum_price=draw(st.none() | st.integers(0, 700)),
        tax_rate=draw(st.sampled_from([0, 120_000, 210_000])),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[dict[str, Any]], tuple[GroupRule, ...], Basket, Standing, Rules]:
    groups = (
        GroupRule("early", "item", draw(RULE)),
        GroupRule("late", "item", draw(RULE), draw(st.sampled_from([(), ("early",)]))),
        GroupRule("basket", "basket", draw(RULE), draw(st.sampled_from([(), ("late",)]))),
        GroupRule("points", "earning", draw(RULE)),
    )
    spend = draw(st.lists(st.builds(Spend, st.sampled_from(["PTS", "MILES"]), st.none() | st.integers(1, 900)),
                          max_size=2))  # fmt: skip
    count = draw(st.integers(1, 4))
    foreign = draw(st.integers(0, 5)) == 0
    one = Basket(
        "USD" if foreign else "EUR",
        tuple(draw(lines(number)) for number in range(1, count + 1)),
        AT, AT, store="riga-1", spend=tuple(spend), to_base=Ratio(10, 11) if foreign else None,
        offers=draw(st.sampled_from([(), tuple(UUID(int=number) for number in range(7))])),
        delivery=draw(st.sampled_from([0, 399])),
    )  # fmt: skip
    standing = Standing(
        member=draw(st.booleans()), purchases=draw(st.integers(0, 1)), available={"PTS": 500, "MILES": 700}
    )
    rules = Rules(
        "EUR",
        CURRENCIES,
        draw(st.sampled_from(["payment", "price_reduction"])),
        draw(st.booleans()),
        draw(st.sampled_from(["with_tax", "without_tax"])),
        draw(st.sampled_from(["price_left", "original_price"])),
        draw(st.booleans()),
        draw(st.sampled_from(["zero", "cost", "minimum"])),
        Excluded(*draw(st.tuples(*[st.sampled_from([None, None, Goods(tags=("t",))])] * 3))),
        draw(st.sampled_from([PPM, 500_000])),
        draw(st.sampled_from([PPM, 300_000])),
    )
    return draw(st.lists(documents(), max_size=7)), groups, one, standing, rules


def floor_of(line: Line, rules: Rules) -> int:
    """What a line may not cost less than."""
    each = 0 if rules.line_floor == "zero" or line.cost is None else line.cost
    if rules.line_floor == "minimum":
        each = max(each, line.minimum_price or 0)
    return min(line.gross, divide_half_up(each * line.quantity, 1000))


def adds_up(outcome: Outcome, one: Basket, rules: Rules) -> None:
    """Money and points are conserved to the unit, and no line is below its floor."""
    for line, entry in zip(one.lines, outcome.lines, strict=True):
        assert entry.gross - entry.discount == entry.net
        assert sum(award.amount for award in entry.awards) == entry.discount
        assert all(award.amount > 0 and 0 <= award.quantity < line.quantity for award in entry.awards)
        assert entry.net >= floor_of(line, rules)
        assert not entry.discount or rules.excluded.discount is None or "t" not in line.tags
    off_delivery = sum(award.amount for award in outcome.delivery_awards)
    assert 0 <= off_delivery <= one.delivery == outcome.delivery
    assert outcome.gross == sum(line.gross for line in outcome.lines) + one.delivery
    assert outcome.discount == sum(line.discount for line in outcome.lines) + off_delivery
    tax = sum(tax.tax for tax in outcome.taxes)
    outside = 0 if rules.prices_include_tax else tax
    left = outcome.gross - outcome.discount - outcome.points_reduction + outside - outcome.paid_with_points
    assert left == outcome.payable >= 0
    base = sum(line.net for line in outcome.lines) - outcome.points_reduction - (tax - outside)
    assert sum(t.base for t in outcome.taxes) == base
    worth = sum(spent.worth for spent in outcome.spent)
    assert worth == outcome.points_reduction + outcome.paid_with_points
    for spent in outcome.spent:
        assert (sum(spent.line_worth), sum(spent.line_amount)) == (spent.worth, spent.amount)
        assert min(spent.line_worth) >= 0
        assert (spent.promotion is None) == (spent.worth > 0)
        for line, worth, entry in zip(one.lines, spent.line_worth, outcome.lines, strict=True):
            assert not worth or rules.excluded.spending is None or "t" not in line.tags
            assert not worth or spent.promotion is None
            assert entry.net or not worth
    drawn = sum(spent.amount for spent in outcome.spent if spent.currency == "PTS")
    assert drawn <= 500
    assert all(earning.amount > 0 for earning in outcome.earned)
    assert len(outcome.refusals) <= 3
    assert all(refusal.near for refusal in outcome.refusals)


@settings(deadline=None, max_examples=250)
@given(cases(), st.randoms(use_true_random=False))
def test_every_outcome_adds_up_and_depends_on_nothing_but_its_input(
    case: tuple[list[dict[str, Any]], tuple[GroupRule, ...], Basket, Standing, Rules], shuffler: Random
) -> None:
    raws, groups, one, standing, rules = case
    revisions = [Revision(UUID(int=number), 1, parse(raw)) for number, raw in enumerate(raws)]
    live = Live.build(revisions, groups)
    outcome = engine.evaluate(live, one, standing, rules)
    adds_up(outcome, one, rules)
    explained, verdicts = engine.explain(live, one, standing, rules)
    assert explained == outcome
    assert sum(verdict.discount for verdict in verdicts) == outcome.discount
    given_points: dict[str, int] = {}
    for verdict in verdicts:
        for currency, amount in verdict.earned.items():
            given_points[currency] = given_points.get(currency, 0) + amount
    assert sum(given_points.values()) == sum(earning.amount for earning in outcome.earned)
    assert [v.refusal is None for v in verdicts] == [v.status == "applied" for v in verdicts]
    shuffled = list(revisions)
    shuffler.shuffle(shuffled)
    again = engine.evaluate(Live.build(shuffled, groups), one, standing, rules)
    assert msgspec.json.encode(again) == msgspec.json.encode(outcome)
