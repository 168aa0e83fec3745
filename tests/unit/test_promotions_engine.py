"""What a basket costs and earns, with the exact figures."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.promotions_kit import (
    ANYBODY,
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

from regulars.promotions import engine
from regulars.promotions.model import Basket, Currency, GroupRule, Rules, Spend, Standing
from regulars.promotions.outcome import Outcome, Tax
from regulars.units import Ratio

POINTS = {"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 100}
BASE = promotion("points", POINTS, name="Base points")


def rules(**fields: Any) -> Rules:
    return Rules("EUR", CURRENCIES, **fields)


def identity_holds(outcome: Outcome, outside_tax: bool = False) -> bool:
    tax = sum(tax.tax for tax in outcome.taxes) if outside_tax else 0
    left = outcome.gross - outcome.discount - outcome.points_reduction + tax - outcome.paid_with_points
    return left == outcome.payable


# --- discounts on lines ------------------------------------------------------------------------------------------


@pytest.mark.fast
def test_by_volume_eight_percent_from_ten_pieces() -> None:
    """S2 (a): 12 × 4.50 costs 49.68, 9 pieces cost 40.50."""
    ten = {"kind": "quantity", "minimum": "10", "goods": {"skus": ["sku-1"]}}
    live = live_of(promotion("items", percent("8", goods={"skus": ["sku-1"]}), conditions=[ten]))
    assert price(live, basket(line(1, 450, 12)))[0].payable == 4968
    assert price(live, basket(line(1, 450, 9)))[0].payable == 4050


@pytest.mark.fast
def test_in_one_best_group_listed_lines_get_fifteen_percent_and_the_others_three() -> None:
    """S2 (c) and (d)."""
    listed = percent("15", goods={"skus": ["sku-1", "sku-1", "sku-2"]})
    live = live_of(promotion("items", percent("3")), promotion("items", listed), promotion("items", listed))
    outcome, verdicts = price(live, basket(line(1, 1000), line(2, 2000), line(3, 3000)))
    assert discounts(outcome) == [150, 300, 90]
    assert (verdicts[1].status, verdicts[1].lines) == ("applied", (3,))
    assert (verdicts[2].status, verdicts[2].lines, verdicts[2].base) == ("applied", (1, 2), 3000)
    assert verdicts[3].status == "suppressed"
    assert verdicts[3].suppressed_by is not None
    assert verdicts[3].suppressed_by.int == 2


def test_a_promotion_that_lost_every_piece_names_the_one_that_was_better() -> None:
    live = live_of(promotion("items", percent("3")), promotion("items", percent("15")))
    _, verdicts = price(live, basket(line(1, 1000)))
    assert (verdicts[1].status, verdicts[1].suppressed_by) == ("suppressed", live.promotions[1].id)
    assert verdicts[1].refusal is not None
    assert verdicts[1].refusal.code == "suppressed"


def test_rounding_is_half_up_once_on_the_sum_of_the_lines_and_then_allocated() -> None:
    live = live_of(promotion("items", percent("15")))
    outcome, _ = price(live, basket(line(1, 103), line(2, 103), line(3, 104)))
    assert outcome.discount == 47  # 46.5; line by line it would be 15 + 15 + 16 = 46
    assert discounts(outcome) == [16, 15, 16]


def test_a_cap_limits_what_a_percentage_takes_and_falls_on_the_lines_in_proportion() -> None:
    live = live_of(promotion("items", percent("20", cap=300)))
    outcome, _ = price(live, basket(line(1, 1000), line(2, 3000)))
    assert discounts(outcome) == [75, 225]


def test_an_amount_off_each_unit_never_takes_more_than_the_unit_costs() -> None:
    off = {"kind": "line_amount", "amount": 50}
    outcome, _ = price(live_of(promotion("items", off)), basket(line(1, 30, 2), line(2, 100, 3)))
    assert discounts(outcome) == [60, 150]


def test_an_amount_off_each_unit_counts_weighed_goods_by_their_weight() -> None:
    off = {"kind": "line_amount", "amount": 50}
    cheese = msgspec.structs.replace(line(1, 0), quantity=325, gross=423, unit_price=1300)
    outcome, _ = price(live_of(promotion("items", off)), basket(cheese))
    assert outcome.discount == 16  # 0.325 × 0.50


def test_best_divides_the_pieces_of_a_line_where_that_is_dearest_for_the_shop() -> None:
    once = {"kind": "line_amount", "amount": 500, "each": "purchase"}
    live = live_of(promotion("items", percent("10")), promotion("items", once))
    outcome, verdicts = price(live, basket(line(1, 1000, 3)))
    assert outcome.discount == 700
    assert [(a.promotion.int, a.amount, a.quantity) for a in outcome.lines[0].awards] == [
        (1, 200, 2000),
        (2, 500, 1000),
    ]
    assert verdicts[1].base == 2000


def test_first_takes_the_smallest_priority_and_then_the_smaller_id() -> None:
    groups = (GroupRule("items", "item", "first"),)
    live = live_of(
        promotion("items", percent("30"), priority=20),
        promotion("items", percent("5"), priority=10),
        promotion("items", percent("10"), priority=10, conditions=[]),
        groups=groups,
    )
    outcome, verdicts = price(live, basket(line(1, 1000)))
    assert outcome.discount == 50
    assert [verdicts[n].status for n in (1, 2, 3)] == ["suppressed", "applied", "suppressed"]


def test_worst_takes_the_smallest() -> None:
    groups = (GroupRule("items", "item", "worst"),)
    live = live_of(promotion("items", percent("30")), promotion("items", percent("5")), groups=groups)
    assert price(live, basket(line(1, 1000)))[0].discount == 50


def test_all_adds_up_on_the_price_that_earlier_groups_left_and_stops_at_nothing() -> None:
    groups = (GroupRule("items", "item", "all"),)
    live = live_of(promotion("items", percent("10")), promotion("items", percent("20")), groups=groups)
    assert price(live, basket(line(1, 1000)))[0].discount == 300
    live = live_of(promotion("items", percent("70")), promotion("items", percent("60")), groups=groups)
    outcome, verdicts = price(live, basket(line(1, 1000)))
    assert (outcome.payable, verdicts[1].discount, verdicts[2].discount) == (0, 700, 300)


TWO = (GroupRule("early", "item", "best"), GroupRule("late", "item", "best"))


def test_a_later_group_counts_from_the_price_left_or_from_the_original_price() -> None:
    live = live_of(promotion("early", percent("20")), promotion("late", percent("10")), groups=TWO)
    one = basket(line(1, 1000))
    assert price(live, one)[0].discount == 280
    assert price(live, one, rules=rules(discount_on="original_price"))[0].discount == 300


def test_groups_are_decided_in_their_order_whatever_the_order_of_the_promotions() -> None:
    off = {"kind": "line_amount", "amount": 100}
    documents = [promotion("late", percent("10")), promotion("early", off)]
    assert price(live_of(*documents, groups=TWO), basket(line(1, 1000)))[0].discount == 190
    assert price(live_of(*reversed(documents), groups=TWO), basket(line(1, 1000)))[0].discount == 190


def test_an_excluding_group_leaves_touched_lines_alone_and_a_joint_promotion_does_not_care() -> None:
    groups = (GroupRule("early", "item"), GroupRule("late", "item", "best", excludes=("early",)))
    live = live_of(
        promotion("early", percent("20", goods={"skus": ["sku-1"]})),
        promotion("late", percent("10")),
        promotion("late", percent("1"), joint=True),
        groups=groups,
    )
    outcome, verdicts = price(live, basket(line(1, 1000), line(2, 1000)))
    assert discounts(outcome) == [200 + 8, 100 + 10]
    assert verdicts[2].lines == (2,)
    outcome, verdicts = price(live, basket(line(1, 1000)))
    assert (verdicts[2].status, verdicts[2].suppressed_by) == ("suppressed", live.promotions[0].id)


def test_a_line_never_goes_below_its_cost_where_the_program_says_so() -> None:
    live = live_of(promotion("items", percent("50")))
    one = basket(line(1, 1000, cost=900), line(2, 1000, 2, cost=100), line(3, 1000, cost=1200), line(4, 1000))
    outcome, _ = price(live, one, rules=rules(line_floor="cost"))
    assert discounts(outcome) == [100, 1000, 0, 500]
    assert price(live, one)[0].discount == 2500


def test_a_promotion_with_nothing_to_give_says_why() -> None:
    live = live_of(
        promotion("items", percent("50")), promotion("items", percent("9", goods={"tags": ["new"]}))
    )
    _, verdicts = price(live, basket(line(1, 1000, cost=1000)), rules=rules(line_floor="cost"))
    refusals = [verdicts[n].refusal for n in (1, 2)]
    assert [refusal and refusal.code for refusal in refusals] == ["nothing_left", "products_missing"]


# --- discounts on the basket -------------------------------------------------------------------------------------


def test_a_basket_discount_comes_after_line_discounts_and_is_allocated_by_what_they_left() -> None:
    live = live_of(
        promotion("items", percent("50", goods={"skus": ["sku-1"]})),
        promotion("basket", {"kind": "basket_percent", "percent": "10"}),
    )
    outcome, _ = price(live, basket(line(1, 1000), line(2, 1500)))
    assert discounts(outcome) == [550, 150]


def test_ten_euros_off_are_divided_to_the_cent() -> None:
    live = live_of(promotion("basket", {"kind": "basket_amount_off", "amount": 1000}))
    outcome, _ = price(live, basket(line(1, 999), line(2, 999), line(3, 999)))
    assert discounts(outcome) == [334, 333, 333]
    assert price(live, basket(line(1, 400)))[0].payable == 0


def test_one_basket_discount_wins_and_the_others_are_named() -> None:
    live = live_of(
        promotion("basket", {"kind": "basket_percent", "percent": "10"}),
        promotion("basket", {"kind": "basket_amount_off", "amount": 500}),
        promotion("basket", {"kind": "basket_amount_off", "amount": 100}, joint=True),
    )
    outcome, verdicts = price(live, basket(line(1, 4000)))
    assert outcome.discount == 600
    assert [verdicts[n].status for n in (1, 2, 3)] == ["suppressed", "applied", "applied"]


# --- earning -----------------------------------------------------------------------------------------------------


@pytest.mark.fast
def test_points_are_rounded_down_once_per_purchase_and_allocated() -> None:
    outcome, _ = price(live_of(BASE), basket(line(1, 150), line(2, 150), line(3, 99)))
    assert [(e.line, e.amount) for e in outcome.earned] == [(1, 1), (2, 1), (3, 1)]


def test_points_are_earned_on_what_is_left_after_discounts_and_points() -> None:
    live = live_of(promotion("items", percent("10")), BASE)
    one = basket(line(1, 10_000), spend=(Spend("PTS", 500),))
    outcome, _ = price(live, one)
    assert (outcome.paid_with_points, outcome.payable, points(outcome)) == (500, 8500, 85)
    assert points(price(live, one, rules=rules(earn_on_points_part=True))[0]) == 90
    reduction = rules(points_as="price_reduction")
    assert points(price(live, one, rules=reduction)[0]) == 85


def test_points_with_or_without_tax() -> None:
    one = basket(line(1, 12_100, tax_rate=210_000))
    assert points(price(live_of(BASE), one)[0]) == 121
    assert points(price(live_of(BASE), one, rules=rules(earn_on="without_tax"))[0]) == 100
    outside = rules(prices_include_tax=False)
    assert points(price(live_of(BASE), basket(line(1, 10_000, tax_rate=210_000)), rules=outside)[0]) == 121


def test_a_multiplier_gives_the_rest_of_what_others_gave_on_its_lines() -> None:
    double = {"kind": "points_multiplier", "currency": "PTS", "factor": "2", "goods": {"tags": ["fresh"]}}
    triple = {"kind": "points_multiplier", "currency": "PTS", "factor": "3", "goods": {"tags": ["fresh"]}}
    live = live_of(promotion("points", double), promotion("points", triple), BASE)
    outcome, verdicts = price(live, basket(line(1, 1000, tags=("fresh",)), line(2, 2000)))
    assert verdicts[3].earned == {"PTS": 30}
    assert (verdicts[1].earned, verdicts[2].earned) == (
        {"PTS": 10},
        {"PTS": 20},
    )  # they do not multiply each other
    assert points(outcome) == 60


def test_a_multiplier_of_named_groups_leaves_the_others_alone() -> None:
    groups = (GroupRule("base", "earning"), GroupRule("extra", "earning"))
    fixed = {"kind": "points_fixed", "currency": "PTS", "points": 50}
    half = {"kind": "points_multiplier", "currency": "PTS", "factor": "1.5", "groups": ["base"], "cap": 7}
    live = live_of(
        promotion("base", POINTS), promotion("extra", fixed), promotion("base", half), groups=groups
    )
    assert points(price(live, basket(line(1, 1000)))[0]) == 10 + 50 + 5
    assert points(price(live, basket(line(1, 9000)))[0]) == 90 + 50 + 7


def test_fixed_points_need_one_of_their_goods() -> None:
    fixed = {"kind": "points_fixed", "currency": "PTS", "points": 50, "goods": {"tags": ["fresh"]}}
    live = live_of(promotion("points", fixed))
    outcome, _ = price(
        live, basket(line(1, 100, tags=("fresh",)), line(2, 100), line(3, 300, tags=("fresh",)))
    )
    assert [(e.line, e.amount) for e in outcome.earned] == [(1, 13), (3, 37)]
    assert points(price(live, basket(line(1, 100)))[0]) == 0


def test_cashback_is_a_percentage_at_the_worth_of_its_currency() -> None:
    """S6: 10 % back, a bill of 1,000.00 gives points worth 100.00."""
    tenth = promotion("points", {"kind": "cashback", "currency": "BACK", "percent": "10"})
    assert points(price(live_of(tenth), basket(line(1, 100_000)))[0], "BACK") == 10_000
    tenth = promotion("points", {"kind": "cashback", "currency": "MILES", "percent": "10"})
    assert points(price(live_of(tenth), basket(line(1, 1000)))[0], "MILES") == 300


def test_best_of_an_earning_group_compares_points_at_their_worth() -> None:
    groups = (GroupRule("points", "earning", "best"),)
    miles = {"kind": "points_per_spend", "currency": "MILES", "points": 2, "per": 100}
    live = live_of(promotion("points", miles), promotion("points", POINTS), groups=groups)
    outcome, _ = price(live, basket(line(1, 1000)))
    assert (points(outcome, "MILES"), points(outcome)) == (0, 10)


def test_an_anonymous_purchase_gets_discounts_and_earns_nothing() -> None:
    live = live_of(promotion("items", percent("10")), BASE)
    outcome, verdicts = price(live, basket(line(1, 1000)), ANYBODY)
    assert (outcome.discount, outcome.earned) == (100, ())
    assert [(r.code, r.gain) for r in outcome.refusals] == [("member_required", 9)]
    assert verdicts[2].status == "refused"


def test_an_unassigned_card_earns_and_does_not_spend() -> None:
    card = Standing(member=True, may_spend=False, available={"PTS": 900})
    outcome, _ = price(live_of(BASE), basket(line(1, 1000), spend=(Spend("PTS", 300),)), card)
    assert (points(outcome), outcome.spent, outcome.short) == (10, (), {"PTS": 300})


def test_a_promotion_says_how_long_its_points_live() -> None:
    benefit = {**POINTS, "validity": {"expires_after_days": 30}}
    outcome, _ = price(live_of(promotion("points", benefit)), basket(line(1, 100)))
    assert outcome.earned[0].validity is not None
    assert outcome.earned[0].validity.expires_after_days == 30


# --- points and tax ----------------------------------------------------------------------------------------------

TAXED = basket(line(1, 1210, tax_rate=210_000), line(2, 1120, tax_rate=120_000), spend=(Spend("PTS", 233),))


def test_points_as_payment_leave_the_tax_as_it_is() -> None:
    outcome, _ = price(live_of(), TAXED)
    assert outcome.taxes == (Tax(120_000, 1000, 120), Tax(210_000, 1000, 210))
    assert (outcome.paid_with_points, outcome.points_reduction, outcome.payable) == (233, 0, 2097)
    assert (outcome.spent[0].line_worth, outcome.spent[0].line_amount) == ((121, 112), (121, 112))


def test_points_as_price_reduction_lower_the_tax_of_each_rate() -> None:
    outcome, _ = price(live_of(), TAXED, rules=rules(points_as="price_reduction"))
    assert outcome.taxes == (Tax(120_000, 900, 108), Tax(210_000, 900, 189))
    assert (outcome.paid_with_points, outcome.points_reduction, outcome.payable) == (0, 233, 2097)


def test_prices_without_tax_pay_the_tax_on_top() -> None:
    one = basket(line(1, 1000, tax_rate=210_000), spend=(Spend("PTS", None),))
    rich = Standing(member=True, available={"PTS": 5000})
    outcome, _ = price(live_of(), one, rich, rules(prices_include_tax=False))
    assert (outcome.taxes, outcome.paid_with_points, outcome.payable) == ((Tax(210_000, 1000, 210),), 1210, 0)
    assert identity_holds(outcome, outside_tax=True)


def test_tax_is_half_up_on_the_sum_of_a_rates_nets() -> None:
    one = basket(*[line(n, 3, tax_rate=210_000) for n in (1, 2, 3)])
    assert price(live_of(), one)[0].taxes == (Tax(210_000, 7, 2),)  # 9 × 0.21 / 1.21 = 1.56; by line 3 × 1


@pytest.mark.parametrize(
    ("currency", "asked", "spent", "worth", "short"),
    [
        ("PTS", 300, 300, 300, {}),
        ("PTS", None, 450, 450, {}),  # as many as there is to pay
        ("PTS", 700, 450, 450, {}),  # an explicit amount beyond what there is to pay: only what is needed
        ("PTS", 1001, 450, 450, {"PTS": 1}),
        ("MILES", 100, 99, 33, {}),  # the hundredth mile would buy nothing: it stays
        ("MILES", None, 498, 166, {}),
        ("MILES", 501, 498, 166, {"MILES": 1}),
        ("STAMPS", 5, 0, 0, {"STAMPS": 5}),  # not a currency to pay with
    ],
)
def test_how_many_points_pay(
    currency: str, asked: int | None, spent: int, worth: int, short: dict[str, int]
) -> None:
    outcome, _ = price(live_of(), basket(line(1, 450), spend=(Spend(currency, asked),)))
    assert sum(s.amount for s in outcome.spent) == spent
    assert (outcome.paid_with_points, outcome.short) == (worth, short)
    assert identity_holds(outcome)


def test_points_that_are_worth_more_than_is_to_pay_round_up_and_never_pay_more() -> None:
    dear = Rules("EUR", {"PTS": Currency("PTS", worth=Ratio(40))})
    outcome, _ = price(live_of(), basket(line(1, 450), spend=(Spend("PTS", None),)), rules=dear)
    assert (outcome.spent[0].amount, outcome.spent[0].worth, outcome.payable) == (12, 450, 0)


def test_two_currencies_pay_one_after_the_other() -> None:
    one = basket(line(1, 1100), spend=(Spend("PTS", 1000), Spend("MILES", None)))
    outcome, _ = price(live_of(), one)
    assert [(s.currency, s.amount, s.worth) for s in outcome.spent] == [
        ("PTS", 1000, 1000),
        ("MILES", 300, 100),
    ]
    assert outcome.payable == 0


def test_points_are_worth_base_money_in_a_purchase_of_another_money() -> None:
    one = basket(line(1, 2200), currency="USD", to_base=Ratio(10, 11), spend=(Spend("PTS", 100),))
    outcome, _ = price(live_of(BASE), one)
    assert (outcome.paid_with_points, points(outcome)) == (110, 19)  # 20.90 USD are 19.00 EUR


# --- as sold -----------------------------------------------------------------------------------------------------


def test_as_sold_discounts_are_facts_and_only_earning_is_decided() -> None:
    live = live_of(promotion("items", percent("10")), BASE)
    one = basket(
        line(1, 1000), line(2, 500), as_sold=True, sold_discounts=(300, 0), spend=(Spend("PTS", 1100),)
    )
    outcome, verdicts = price(live, one)
    assert (discounts(outcome), outcome.lines[0].awards) == ([300, 0], ())
    assert (outcome.paid_with_points, outcome.payable, outcome.short) == (1100, 100, {"PTS": 100})
    assert points(outcome) == 1
    assert verdicts[1].refusal is not None
    assert verdicts[1].refusal.code == "as_sold"


# --- near misses, explanation, order -----------------------------------------------------------------------------


def test_at_most_three_near_misses_the_best_first() -> None:
    steps = [
        promotion(
            "basket",
            {"kind": "basket_amount_off", "amount": 100 * n},
            conditions=[{"kind": "basket_amount", "minimum": 2000 * n}],
        )
        for n in range(1, 7)
    ]
    outcome, _ = price(live_of(*steps), basket(line(1, 2500)))
    assert outcome.discount == 100
    assert [(r.promotion.int, r.gain, r.missing["amount"]) for r in outcome.refusals] == [
        (6, 500, 9500), (5, 400, 7500), (4, 300, 5500),
    ]  # fmt: skip


def test_a_near_miss_that_would_give_less_than_what_applied_is_not_worth_telling() -> None:
    small = promotion("items", percent("5"), conditions=[{"kind": "basket_amount", "minimum": 9000}])
    outcome, verdicts = price(live_of(promotion("items", percent("10")), small), basket(line(1, 1000)))
    assert outcome.refusals == ()
    assert verdicts[2].refusal is not None
    assert verdicts[2].refusal.code == "basket_below_minimum"


def test_an_empty_basket_and_free_goods_are_no_accident() -> None:
    live = live_of(
        promotion("items", percent("10")),
        promotion("basket", {"kind": "basket_amount_off", "amount": 5}),
        BASE,
    )
    assert price(live, basket(spend=(Spend("PTS", None),)))[0].payable == 0
    outcome, _ = price(live, basket(line(1, 0), spend=(Spend("PTS", None),)))
    assert (outcome.payable, outcome.spent, outcome.earned) == (0, (), ())


def test_a_receipt_of_200_lines_and_6000_pieces_is_decided_exactly() -> None:
    once = {"kind": "line_amount", "amount": 700, "each": "purchase", "goods": {"skus": ["sku-7"]}}
    live = live_of(promotion("items", percent("10")), promotion("items", percent("15", goods={"skus": ["sku-9"]})),
                   promotion("items", once))  # fmt: skip
    outcome, _ = price(live, basket(*[line(n, 100 + n, 30) for n in range(1, 201)]))
    lines = [(100 + n) * 30 for n in range(1, 201)]
    tenth = sum(lines) - lines[8] - 107 * 7
    assert outcome.bounded
    assert outcome.discount == (tenth + 5) // 10 + (lines[8] * 15 + 50) // 100 + 700


def test_the_same_input_gives_the_same_bytes() -> None:
    live = live_of(promotion("items", percent("10")), BASE)
    one: Basket = basket(line(1, 999), line(2, 1))
    first, second = (msgspec.json.encode(engine.evaluate(live, one, MEMBER, RULES)) for _ in range(2))
    assert first == second
