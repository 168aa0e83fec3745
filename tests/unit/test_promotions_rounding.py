"""Where a cent of rounding, a cut line or the last of a budget would let a promotion give what it may not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.promotions_kit import (
    CURRENCIES,
    MEMBER,
    RULES,
    basket,
    discounts,
    line,
    live_of,
    percent,
    points,
    price,
    promotion,
)

from regulars.promotions.limits import Left
from regulars.promotions.model import Currency, GroupRule, Standing
from regulars.units import Ratio

pytestmark = pytest.mark.fast
EARNING = (
    GroupRule("items", "item", "best"),
    GroupRule("cat", "earning", "best"),
    GroupRule("points", "earning", "all"),
)


def spend(points: int, **fields: Any) -> dict[str, Any]:
    return {"kind": "points_per_spend", "currency": "PTS", "points": points, "per": 100, **fields}


@pytest.mark.parametrize("where", ["items", "basket"])
def test_a_line_never_falls_below_its_floor_by_what_others_round_up(where: str) -> None:
    tenth = percent("10") if where == "items" else {"kind": "basket_percent", "percent": "10"}
    one = basket(line(1, 2000, cost=1900), line(2, 3), line(3, 3))
    outcome, _ = price(live_of(promotion(where, tenth)), one, rules=replace(RULES, line_floor="cost"))
    assert discounts(outcome) == [100, 1, 0]


def test_a_line_never_gets_more_than_its_cap_by_what_others_round_up() -> None:
    outcome, _ = price(
        live_of(promotion("items", percent("10", cap_per_line=100))),
        basket(line(1, 2000), line(2, 3), line(3, 3)),
    )
    assert discounts(outcome) == [100, 1, 0]


def test_no_price_falls_below_nothing_where_discounts_count_from_the_original_prices() -> None:
    live = live_of(
        promotion("items", percent("90", goods={"skus": ["sku-1"]})),
        promotion("basket", {"kind": "basket_percent", "percent": "10"}),
        promotion("points", {"kind": "points_fixed", "currency": "PTS", "points": 10}),
    )
    one = basket(line(1, 1000), line(2, 3), line(3, 3))
    outcome, _ = price(live, one, rules=replace(RULES, discount_on="original_price"))
    assert [found.net for found in outcome.lines] == [0, 2, 3]
    assert points(outcome) == 10


@pytest.mark.parametrize("bread", [line(1, 1255, 2), line(1, 2510, 1)], ids=["two", "one"])
def test_what_a_line_earns_does_not_ask_whether_another_group_has_cut_it(bread: Any) -> None:
    on_bread = {"goods": {"skus": ["sku-1"]}}
    live = live_of(
        promotion("cat", spend(1)),
        promotion("cat", spend(5, **on_bread)),
        promotion("points", {"kind": "points_multiplier", "currency": "PTS", "factor": "2"}),
        promotion("points", spend(10, **on_bread)),
        promotion("items", percent("10")),
        groups=EARNING,
    )
    outcome, _ = price(live, basket(bread))
    earned = {one.promotion.int: one.amount for one in outcome.earned}
    assert earned == {2: 112, 4: 225, 3: 337}


def test_a_price_in_points_of_what_is_not_bought_takes_no_points_from_what_is() -> None:
    free: dict[str, Any] = {
        "kind": "points_price", "currency": "STAMPS", "points": 9, "percent": "100", "automatic": True,
    }  # fmt: skip
    rules = replace(
        RULES, currencies={**CURRENCIES, "STAMPS": Currency("STAMPS", spendable=False, stamps=True)}
    )
    live = live_of(*[promotion("items", {**free, "goods": {"skus": [sku]}}) for sku in ("coffee", "tea")])
    holder = Standing(member=True, available={"STAMPS": 10})
    outcome, verdicts = price(live, basket(line(1, 300, sku="tea")), holder, rules)
    assert discounts(outcome) == [300]
    assert verdicts[2].status == "applied"


OFF: dict[str, Any] = {"kind": "basket_amount_off", "amount": 500}


@pytest.mark.parametrize(
    ("benefits", "left", "other", "expected"),
    [
        ([{"kind": "delivery", "price": 0}], 100, 300, (300, 0)),
        ([{**OFF, "goods": {"skus": [f"sku-{n}"]}} for n in (1, 2)], 500, 700, (700, 0)),
        ([{"kind": "delivery", "percent": "100"}, {"kind": "delivery", "amount": 500}], None, 700, (700, 0)),
        ([{"kind": "delivery", "price": 0}], 400, 300, (0, 400)),
    ],
    ids=["the last of a budget", "one budget for two", "one charge for two", "enough of a budget"],
)
def test_what_a_purchase_gets_is_weighed_by_what_is_there(
    benefits: list[dict[str, Any]], left: int | None, other: int, expected: tuple[int, int]
) -> None:
    limits = {} if left is None else {"limits": [{"per": "total", "amount": 100_000}]}
    live = live_of(promotion("basket", *benefits, **limits), promotion("basket", {**OFF, "amount": other}))
    holder = MEMBER if left is None else replace(MEMBER, left={UUID(int=1): Left(amount=left)})
    one = basket(line(1, 5000), line(2, 5000), delivery=500 if left is None else 1000)
    outcome, _ = price(live, one, holder)
    assert (sum(discounts(outcome)), sum(one.amount for one in outcome.delivery_awards)) == expected


def test_a_budget_is_not_bid_twice_by_one_promotion() -> None:
    half = [percent("50", goods={"skus": [f"sku-{n}"]}) for n in (1, 2)]
    live = live_of(
        promotion("items", *half, limits=[{"per": "total", "amount": 100_000}]),
        promotion("items", percent("40")),
    )
    holder = replace(MEMBER, left={UUID(int=1): Left(amount=500)})
    outcome, _ = price(live, basket(line(1, 1000), line(2, 1000)), holder)
    assert discounts(outcome) == [500, 400]
    assert not outcome.bounded


@pytest.mark.parametrize("rule", ["first", "best", "worst", "all"])
def test_a_stamp_that_is_worth_no_money_is_better_than_nothing(rule: Any) -> None:
    stamps = Currency("STAMPS", worth=Ratio(0), spendable=False, stamps=True)
    live = live_of(
        promotion("p", {"kind": "points_fixed", "currency": "STAMPS", "points": 1}),
        groups=(GroupRule("p", "earning", rule),),
    )
    rules = replace(RULES, currencies={**CURRENCIES, "STAMPS": stamps})
    outcome, _ = price(live, basket(line(1, 300)), MEMBER, rules)
    assert points(outcome, "STAMPS") == 1


def test_cashback_in_what_is_worth_no_money_gives_nothing() -> None:
    rules = replace(RULES, currencies={**CURRENCIES, "Q": Currency("Q", worth=Ratio(0))})
    back = promotion("points", {"kind": "cashback", "currency": "Q", "percent": "10"})
    outcome, _ = price(live_of(back), basket(line(1, 300)), MEMBER, rules)
    assert outcome.earned == ()
