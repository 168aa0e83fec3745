"""Each kind of benefit with its exact amounts, through the engine."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.promotions_kit import (
    ANYBODY,
    CURRENCIES,
    MEMBER,
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
from regulars.promotions.goods import Goods
from regulars.promotions.kinds import KINDS
from regulars.promotions.model import Basket, Excluded, GroupRule, Left, Rules, Spend, Standing
from regulars.promotions.outcome import Outcome, Validity
from regulars.promotions.words import English

FIRST = UUID(int=1)
THREE = {"kind": "n_for_m", "pieces": 3, "pay": 2}
ALL = (
    GroupRule("items", "item", "all"),
    GroupRule("basket", "basket", "all"),
    GroupRule("points", "earning", "all"),
)


def rules(**fields: Any) -> Rules:
    return Rules("EUR", CURRENCIES, **fields)


def only(benefit: dict[str, Any], one: Basket, standing: Standing = MEMBER, **settings: Any) -> Outcome:
    """The outcome where one promotion is live."""
    group = "items"
    stage = KINDS.benefit(benefit, "").stage
    group = {"item": "items", "basket": "basket", "earning": "points"}[stage]
    return price(live_of(promotion(group, benefit)), one, standing, rules(**settings))[0]


# --- prices and steps --------------------------------------------------------------------------------------------


@pytest.mark.fast
def test_a_fixed_price_of_goods_never_raises_a_price() -> None:
    outcome = only({"kind": "line_price", "price": 199}, basket(line(1, 250, 2), line(2, 150)))
    assert discounts(outcome) == [102, 0]


def test_a_fixed_price_counts_weighed_goods_by_their_weight() -> None:
    cheese = msgspec.structs.replace(line(1, 0), quantity=325, gross=423, unit_price=1300)
    assert only({"kind": "line_price", "price": 1000}, basket(cheese)).payable == 325


def test_a_fixed_price_of_the_basket_takes_what_is_above_it_and_falls_on_the_lines_in_proportion() -> None:
    benefit = {"kind": "basket_price", "price": 2000}
    assert discounts(only(benefit, basket(line(1, 1000), line(2, 1500)))) == [200, 300]
    assert only(benefit, basket(line(1, 1999))).payable == 1999


@pytest.mark.fast
@pytest.mark.scenario("S2")
@pytest.mark.parametrize(("pieces", "payable"), [(9, 4050), (10, 4140), (12, 4968), (50, 19800)])
def test_a_ladder_by_quantity_gives_all_pieces_the_rate_of_the_step_they_reach(
    pieces: int, payable: int
) -> None:
    """S2 (a): 12 × 4.50, 8 % from 10 pieces → 49.68; 9 pieces → 40.50."""
    ladder = {"kind": "ladder", "steps": [{"from": "10", "percent": "8"}, {"from": "50", "percent": "12"}]}
    assert only(ladder, basket(line(1, 450, pieces))).payable == payable


def test_a_ladder_counts_the_pieces_of_all_its_lines_and_weighed_goods_by_their_weight() -> None:
    ladder = {"kind": "ladder", "steps": [{"from": "2.5", "amount": 100}]}
    cheese = msgspec.structs.replace(line(2, 0), quantity=500, gross=650, unit_price=1300)
    outcome = only(ladder, basket(line(1, 450, 2), cheese))
    assert discounts(outcome) == [200, 50]


def test_a_ladder_by_amount_with_a_price_for_each_unit() -> None:
    ladder = {
        "kind": "ladder",
        "by": "amount",
        "steps": [{"from": 1000, "price": 180}, {"from": 2000, "price": 150}],
    }
    assert [only(ladder, basket(line(1, 200, n))).payable for n in (4, 5, 9, 10)] == [800, 900, 1620, 1500]


@pytest.mark.parametrize(
    ("spent", "payable"), [(0, 3880), (19_999, 3880), (20_000, 3800), (48_000, 3800), (51_800, 3720)]
)
@pytest.mark.scenario("S1")
def test_a_ladder_by_turnover_counts_what_was_spent_before_the_purchase(spent: int, payable: int) -> None:
    """S1: 0 → 3 %, 200 → 5 %, 500 → 7 %; turnover 480.00 buys 40.00 → pays 38.00, at 518.00 it is 7 %."""
    steps = [{"from": 0, "percent": "3"}, {"from": 20_000, "percent": "5"}, {"from": 50_000, "percent": "7"}]
    member = msgspec.structs.replace(MEMBER, turnover={"days_365": spent})
    ladder = {"kind": "turnover_ladder", "steps": steps, "window": {"period": "days", "days": 365}}
    assert only(ladder, basket(line(1, 4000)), member).payable == payable


def test_a_ladder_by_turnover_is_for_members_and_is_read_only_where_it_is_live() -> None:
    ladder = {"kind": "turnover_ladder", "steps": [{"from": 0, "percent": "3"}]}
    live = live_of(promotion("items", ladder))
    outcome, verdicts = price(live, basket(line(1, 4000)), ANYBODY)
    assert outcome.discount == 0
    assert verdicts[1].refusal is not None
    assert verdicts[1].refusal.code == "member_required"
    assert [window.key for window in live.needs.turnover] == ["lifetime"]
    assert live_of(promotion("items", percent("3"))).needs.turnover == ()


# --- caps and rounded prices -------------------------------------------------------------------------------------


def test_a_cap_on_each_line_beside_one_on_the_purchase() -> None:
    off = percent("50", cap_per_line=300, cap=700)
    assert discounts(only(off, basket(line(1, 1000), line(2, 400), line(3, 2000)))) == [263, 175, 262]
    assert discounts(only(percent("50", cap_per_line=300), basket(line(1, 1000), line(2, 400, 3)))) == [
        300,
        300,
    ]


@pytest.mark.parametrize(
    ("step", "rounding", "price_after"),
    [(5, "half_up", 190), (10, "half_up", 190), (10, "down", 180), (50, "half_up", 200)],
)
def test_the_price_of_a_piece_is_rounded_to_a_step(step: int, rounding: str, price_after: int) -> None:
    off = percent("10", round_to=step, rounding=rounding)
    assert only(off, basket(line(1, 209, 3))).payable == 3 * price_after  # 188.1 each


def test_a_rounded_price_is_never_above_what_it_was() -> None:
    assert only(percent("1", round_to=100), basket(line(1, 160))).payable == 160


def test_weighed_goods_have_the_price_of_their_line_rounded() -> None:
    cheese = msgspec.structs.replace(line(1, 0), quantity=325, gross=423, unit_price=1300)
    assert only(percent("10", round_to=5), basket(cheese)).payable == 380  # 380.7


# --- pieces that count together ----------------------------------------------------------------------------------


@pytest.mark.fast
def test_three_for_two_groups_the_dearest_first_and_falls_on_all_pieces_of_the_groups() -> None:
    three = {"kind": "n_for_m", "pieces": 3, "pay": 2}
    outcome = only(three, basket(line(1, 900), line(2, 300, 2), line(3, 600, 3), line(4, 100)))
    # 9.00 6.00 (6.00) and 6.00 3.00 (3.00); the 1.00 stands alone. 9.00 off 33.00.
    assert discounts(outcome) == [245, 164, 491, 0]
    assert outcome.discount == 900


def test_three_for_two_says_how_many_pieces_of_a_line_took_part() -> None:
    outcome = only({"kind": "n_for_m", "pieces": 3, "pay": 2}, basket(line(1, 300, 5)))
    assert [(award.amount, award.quantity) for award in outcome.lines[0].awards] == [(300, 3000)]


def test_a_limit_lets_only_so_many_groups_be_formed_and_takes_the_dearest() -> None:
    two = {"kind": "n_for_m", "pieces": 2, "pay": 1, "limit": 1}
    assert only(two, basket(line(1, 100, 4), line(2, 700, 2))).discount == 700


@pytest.mark.parametrize(
    ("which", "percent", "expected"),
    [("cheapest", "50", [0, 200, 50]), ("dearest", "50", [450, 200, 0]), ("cheapest", "100", [0, 400, 100])],
)
def test_every_second_piece_at_a_percentage_falls_on_that_piece(
    which: str, percent: str, expected: list[int]
) -> None:
    second = {"kind": "every_nth", "every": 2, "which": which, "percent": percent}
    assert discounts(only(second, basket(line(1, 900), line(2, 400, 2), line(3, 100)))) == expected


def test_buy_one_get_another_at_half_price_takes_the_dearest_reward_for_each_trigger() -> None:
    both = {
        "kind": "buy_get", "triggers": {"tags": ["phone"]}, "goods": {"tags": ["case"]}, "percent": "50",
    }  # fmt: skip
    lines = [
        line(1, 30_000, tags=("phone",)),
        line(2, 1000, 2, tags=("case",)),
        line(3, 3000, tags=("case",)),
    ]
    assert discounts(only(both, basket(*lines))) == [0, 0, 1500]
    assert discounts(only({**both, "get": 2}, basket(*lines))) == [0, 500, 1500]
    assert discounts(only({**both, "get": 2, "buy": 2}, basket(*lines))) == [0, 0, 0]


def test_a_piece_that_is_both_trigger_and_reward_takes_part_once() -> None:
    both = {"kind": "buy_get", "triggers": {"tags": ["x"]}, "goods": {"tags": ["x"]}}
    assert only(both, basket(line(1, 500, 3, tags=("x",)))).discount == 500
    assert only(both, basket(line(1, 500, 4, tags=("x",)))).discount == 1000


LUNCH = {
    "kind": "bundle_price",
    "components": [{"goods": {"tags": ["main"]}}, {"goods": {"tags": ["drink"]}, "count": 2}],
    "price": 1000,
}


def test_a_bundle_costs_its_price_and_the_dearest_pieces_form_it() -> None:
    one = basket(line(1, 900, tags=("main",)), line(2, 700, tags=("main",)), line(3, 300, 3, tags=("drink",)))
    outcome = only(LUNCH, one)
    assert outcome.discount == 500
    assert discounts(outcome) == [300, 0, 200]


def test_a_bundle_that_would_cost_more_than_its_parts_is_not_formed() -> None:
    cheap = basket(line(1, 300, tags=("main",)), line(2, 100, 2, tags=("drink",)))
    assert only(LUNCH, cheap).discount == 0


def test_a_piece_that_several_parts_of_a_bundle_mean_plays_the_part_that_lets_it_be_formed() -> None:
    pair = {
        "kind": "bundle_price",
        "components": [{"goods": {"tags": ["snack"]}}, {"goods": {"tags": ["snack", "drink"]}}],
        "percent": "20",
    }
    one = basket(line(1, 500, tags=("snack",)), line(2, 300, tags=("snack",)))
    assert only(pair, one).discount == 160


# --- a price in points -------------------------------------------------------------------------------------------

ITEM_X: dict[str, Any] = {
    "kind": "points_price", "currency": "PTS", "points": 400, "percent": "40",
    "goods": {"skus": ["sku-1"], "reduced": "not"},
}  # fmt: skip


@pytest.mark.fast
@pytest.mark.scenario("S2")
def test_four_hundred_points_take_forty_percent_off_one_piece_once_the_customer_chooses_it() -> None:
    """S2 (f): 400 points = −40 % on item X, once per receipt, not on reduced goods."""
    live = live_of(promotion("items", ITEM_X))
    goods = line(1, 1000, 2, sku="sku-1")
    outcome, verdicts = price(live, basket(goods, offers=(FIRST,)))
    assert (outcome.discount, outcome.payable, outcome.paid_with_points) == (400, 1600, 0)
    assert [(s.currency, s.amount, s.worth, s.line_amount, s.promotion) for s in outcome.spent] == [
        ("PTS", 400, 0, (400,), FIRST)
    ]
    assert verdicts[1].status == "applied"
    outcome, verdicts = price(live, basket(goods))
    assert (outcome.discount, outcome.spent) == (0, ())
    assert verdicts[1].refusal is not None
    assert verdicts[1].refusal.code == "offer_not_chosen"


def test_a_price_in_points_is_not_for_reduced_goods_and_draws_nothing_where_it_saves_nothing() -> None:
    live = live_of(promotion("items", ITEM_X))
    reduced = line(1, 1000, sku="sku-1", regular_price=1500)
    outcome, _ = price(live, basket(reduced, offers=(FIRST,)))
    assert (outcome.discount, outcome.spent) == (0, ())


def test_points_that_are_to_pay_are_not_there_for_a_price_in_points() -> None:
    live = live_of(promotion("items", ITEM_X))
    asked = {"offers": (FIRST,), "spend": (Spend("PTS", 700),)}
    outcome, verdicts = price(live, basket(line(1, 1000, sku="sku-1"), **asked))
    assert (outcome.discount, outcome.paid_with_points, outcome.short) == (0, 700, {})
    assert verdicts[1].refusal is not None
    assert (verdicts[1].refusal.code, verdicts[1].refusal.missing) == (
        "insufficient_points",
        {"amount": 100, "currency": "PTS"},
    )


def test_paying_with_all_points_takes_what_a_price_in_points_left() -> None:
    live = live_of(promotion("items", ITEM_X))
    asked = {"offers": (FIRST,), "spend": (Spend("PTS", None),)}
    outcome, _ = price(live, basket(line(1, 1000, sku="sku-1"), **asked))
    assert (outcome.discount, outcome.paid_with_points, outcome.payable) == (400, 600, 0)
    assert [(s.amount, s.worth) for s in outcome.spent] == [(400, 0), (600, 600)]


def test_a_better_promotion_in_the_same_best_group_leaves_the_points_with_the_member() -> None:
    live = live_of(promotion("items", ITEM_X), promotion("items", percent("50")))
    outcome, verdicts = price(live, basket(line(1, 1000, sku="sku-1"), offers=(FIRST,)))
    assert (outcome.discount, outcome.spent) == (500, ())
    assert verdicts[1].status == "suppressed"


# --- what falls on no line ---------------------------------------------------------------------------------------


def test_free_delivery_is_less_to_pay_beside_the_lines() -> None:
    free = promotion("basket", {"kind": "delivery", "price": 0})
    outcome, verdicts = price(live_of(free), basket(line(1, 1000), delivery=399))
    assert (outcome.gross, outcome.discount, outcome.payable, outcome.delivery) == (1399, 399, 1000, 399)
    assert [(award.line, award.amount) for award in outcome.delivery_awards] == [(0, 399)]
    assert (verdicts[1].status, verdicts[1].discount) == ("applied", 399)
    assert price(live_of(free), basket(line(1, 1000)))[0].payable == 1000


@pytest.mark.parametrize(
    ("benefit", "payable"),
    [({"percent": "50"}, 1199), ({"amount": 100}, 1299), ({"amount": 900}, 1000), ({"price": 99}, 1099)],
)
def test_the_delivery_may_cost_less(benefit: dict[str, Any], payable: int) -> None:
    live = live_of(promotion("basket", {"kind": "delivery", **benefit}))
    assert (
        price(live, basket(line(1, 1000), delivery=398 if "percent" in benefit else 399))[0].payable
        == payable
    )


GIFT = {"kind": "gift", "options": [{"sku": "cup", "name": "Cup"}, {"sku": "bag"}], "cost": 150}


def test_a_gift_is_chosen_by_the_till_or_all_options_are_told() -> None:
    live = live_of(promotion("basket", GIFT))
    asked, _ = price(live, basket(line(1, 1000)))
    assert [[option.sku for option in grant.options] for grant in asked.grants] == [["cup", "bag"]]
    told, _ = price(live, basket(line(1, 1000), choices={FIRST: "bag"}))
    assert [[option.sku for option in grant.options] for grant in told.grants] == [["bag"]]


@pytest.mark.fast
def test_best_weighs_a_gift_by_its_cost() -> None:
    off = {"kind": "basket_amount_off", "amount": 149}
    live = live_of(promotion("basket", GIFT), promotion("basket", off))
    outcome, verdicts = price(live, basket(line(1, 1000)))
    assert (outcome.discount, len(outcome.grants)) == (0, 1)
    assert verdicts[2].status == "suppressed"
    live = live_of(promotion("basket", GIFT), promotion("basket", {**off, "amount": 151}))
    outcome, _ = price(live, basket(line(1, 1000)))
    assert (outcome.discount, outcome.grants) == (151, ())


def test_vouchers_entitlements_and_messages_may_stand_in_a_group_of_earning_too() -> None:
    live = live_of(
        promotion("points", {"kind": "voucher", "voucher": "FIVE", "count": 2}),
        promotion(
            "points", {"kind": "entitlement", "code": "lounge", "days": 90, "goods": {"skus": ["sku-9"]}}
        ),
        promotion("points", {"kind": "message", "text": {"en": "Thank you"}, "to": "cashier"}),
    )
    outcome, _ = price(live, basket(line(1, 1000)), ANYBODY)
    assert [(grant.kind, grant.code, grant.count) for grant in outcome.grants] == [
        ("voucher", "FIVE", 2),
        ("message", "", 1),
    ]
    outcome, _ = price(live, basket(line(9, 1000)))
    assert [(grant.code, grant.days) for grant in outcome.grants if grant.kind == "entitlement"] == [
        ("lounge", 90)
    ]


def test_as_sold_no_gift_is_handed_out_any_more() -> None:
    live = live_of(promotion("basket", GIFT), promotion("points", {**GIFT, "kind": "gift"}))
    sold = basket(line(1, 1000), as_sold=True, sold_discounts=(0,))
    assert engine.evaluate(live, sold, MEMBER, rules()).grants == ()


# --- points ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("per", "expected"), [("1", 3), ("2", 1), ("0.5", 7)])
def test_points_for_units_are_rounded_down_once(per: str, expected: int) -> None:
    cheese = msgspec.structs.replace(line(2, 0), quantity=600, gross=650, unit_price=1300)
    stamps = {"kind": "points_per_unit", "currency": "STAMPS", "per": per}
    assert points(only(stamps, basket(line(1, 450, 3), cheese)), "STAMPS") == expected


def test_a_stamp_for_each_coffee() -> None:
    stamps = {"kind": "points_per_unit", "currency": "STAMPS", "goods": {"categories": ["coffee"]}}
    outcome = only(stamps, basket(line(1, 250, 2, categories=("coffee/hot",)), line(2, 400)))
    assert [(earning.line, earning.amount) for earning in outcome.earned] == [(1, 2)]


def test_benefits_of_one_promotion_may_live_for_different_times() -> None:
    short = {"kind": "points_fixed", "currency": "PTS", "points": 5, "validity": {"expires_after_days": 30}}
    long = {"kind": "points_fixed", "currency": "PTS", "points": 7}
    outcome, _ = price(live_of(promotion("points", short, long)), basket(line(1, 1000)))
    assert [(e.amount, e.validity) for e in outcome.earned] == [
        (5, Validity(expires_after_days=30)),
        (7, None),
    ]


# --- what a program leaves alone ---------------------------------------------------------------------------------

TOBACCO = Goods(categories=("tobacco",))
SMOKES = line(2, 500, 2, categories=("tobacco/cigars",))


def test_excluded_goods_get_no_discount_and_no_piece_of_them_counts_towards_one() -> None:
    excluded = Excluded(discount=TOBACCO)
    assert discounts(only(percent("10"), basket(line(1, 1000), SMOKES), excluded=excluded)) == [100, 0]
    three = {"kind": "n_for_m", "pieces": 3, "pay": 2}
    assert only(three, basket(line(1, 1000), SMOKES), excluded=excluded).discount == 0
    joint = promotion("items", percent("10"), joint=True)
    assert price(live_of(joint), basket(SMOKES), rules=rules(excluded=excluded))[0].discount == 0
    basket_wide = {"kind": "basket_amount_off", "amount": 5000}
    assert discounts(only(basket_wide, basket(line(1, 1000), SMOKES), excluded=excluded)) == [1000, 0]


def test_excluded_goods_earn_nothing() -> None:
    per = {"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 100}
    excluded = Excluded(earning=TOBACCO)
    assert points(only(per, basket(line(1, 1000), SMOKES), excluded=excluded)) == 10
    fixed = {"kind": "points_fixed", "currency": "PTS", "points": 5}
    assert points(only(fixed, basket(SMOKES), excluded=excluded)) == 0


def test_points_do_not_pay_for_excluded_goods() -> None:
    asked = basket(line(1, 300), SMOKES, spend=(Spend("PTS", None),))
    outcome = engine.evaluate(live_of(), asked, MEMBER, rules(excluded=Excluded(spending=TOBACCO)))
    assert (outcome.paid_with_points, outcome.payable) == (300, 1000)
    assert outcome.spent[0].line_worth == (300, 0)


def test_points_pay_at_most_a_share_of_the_receipt_and_of_each_line() -> None:
    asked = basket(line(1, 301), line(2, 700), spend=(Spend("PTS", 900),))
    half = engine.evaluate(live_of(), asked, MEMBER, rules(points_share_max=500_000))
    assert (half.paid_with_points, half.spent[0].line_worth, half.short) == (500, (150, 350), {})
    line_half = engine.evaluate(live_of(), asked, MEMBER, rules(points_share_line_max=500_000))
    assert (line_half.paid_with_points, line_half.spent[0].line_worth) == (500, (150, 350))


@pytest.mark.parametrize(("floor", "net"), [("zero", 200), ("cost", 600), ("minimum", 800)])
def test_a_line_keeps_its_cost_or_the_greater_of_cost_and_legal_minimum(floor: str, net: int) -> None:
    wine = line(1, 500, 2, cost=300, minimum_price=400)
    assert only(percent("80"), basket(wine), line_floor=floor).lines[0].net == net


def test_a_floor_stops_three_for_two_and_bundles_as_well() -> None:
    goods = [line(1, 500, 3, cost=450)]
    assert only({"kind": "n_for_m", "pieces": 3, "pay": 2}, basket(*goods), line_floor="cost").discount == 50
    bundle = {"kind": "bundle_price", "components": [{"goods": {}, "count": 3}], "price": 600}
    assert only(bundle, basket(*goods), line_floor="cost").lines[0].net == 1350


def test_the_last_bit_of_a_budget_bounds_three_for_two_and_what_is_left_over_goes_elsewhere() -> None:
    budget = [{"per": "total", "amount": 100_000}]
    live = live_of(promotion("items", THREE, limits=budget), promotion("items", percent("10")))
    member = msgspec.structs.replace(MEMBER, left={FIRST: Left(amount=250)})
    assert price(live, basket(line(1, 1000, 3)), member)[0].discount == 300
    member = msgspec.structs.replace(MEMBER, left={FIRST: Left(amount=350)})
    assert price(live, basket(line(1, 1000, 3)), member)[0].discount == 350


# --- the other rules ---------------------------------------------------------------------------------------------


def test_under_all_everybody_takes_its_groups_on_the_price_that_earlier_groups_left() -> None:
    live = live_of(promotion("items", percent("10")), promotion("items", THREE), groups=ALL)
    assert price(live, basket(line(1, 1000, 3)))[0].discount == 1200  # the free piece costs 9.00 by then


def test_under_first_what_three_for_two_cannot_use_goes_on_to_the_next() -> None:
    groups = (GroupRule("items", "item", "first"),)
    live = live_of(promotion("items", THREE), promotion("items", percent("10")), groups=groups)
    outcome, _ = price(live, basket(line(1, 1000, 4)))
    assert [(a.promotion.int, a.amount, a.quantity) for a in outcome.lines[0].awards] == [
        (1, 1000, 3000),
        (2, 100, 1000),
    ]


def test_under_worst_a_piece_goes_to_what_gives_least_where_it_stands_alone() -> None:
    groups = (GroupRule("items", "item", "worst"),)
    live = live_of(promotion("items", THREE), promotion("items", percent("10")), groups=groups)
    assert price(live, basket(line(1, 1000, 3)))[0].discount == 300


def test_a_joint_three_for_two_stands_beside_the_group() -> None:
    live = live_of(promotion("items", THREE, joint=True), promotion("items", percent("10")))
    assert price(live, basket(line(1, 1000, 3)))[0].discount == 1200


@pytest.mark.fast
def test_best_gives_the_listed_pieces_to_the_percentage_and_forms_groups_of_the_others() -> None:
    live = live_of(promotion("items", THREE), promotion("items", percent("40", goods={"skus": ["sku-1"]})))
    outcome, _ = price(live, basket(line(1, 1000), line(2, 900, 2), line(3, 300)))
    # (10.00 9.00 9.00) saves 9.00; 40 % of 10.00 and (9.00 9.00 3.00) would save 7.00.
    assert outcome.discount == 900


# --- sentences ---------------------------------------------------------------------------------------------------

SENTENCES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "line_price", "price": 199, "goods": {"skus": ["x"]}}, "x for €1.99 each"),
    ({"kind": "line_percent", "percent": "10", "round_to": 5, "cap_per_line": 300},
     "10 % off, at most €3.00 on each line, prices rounded to €0.05"),
    ({"kind": "basket_price", "price": 2000}, "the basket for €20.00"),
    ({"kind": "ladder", "steps": [{"from": "10", "percent": "8"}]}, "8 % from 10"),
    ({"kind": "turnover_ladder", "steps": [{"from": 0, "percent": "3"}, {"from": 20000, "percent": "5"}]},
     "by turnover: 3 % from €0.00 and 5 % from €200.00"),
    ({"kind": "n_for_m", "pieces": 3, "pay": 2, "goods": {"categories": ["drinks"]}},
     "3 for the price of 2 of drinks"),
    ({"kind": "every_nth", "every": 2, "percent": "50"}, "50 % off the cheapest 1 of each 2 of goods"),
    ({"kind": "buy_get", "goods": {"tags": ["case"]}, "triggers": {"tags": ["phone"]}},
     "100 % off 1 of case for each 1 of phone"),
    (LUNCH, "1 of main and 2 of drink for €10.00 together"),
    (ITEM_X, "40 % off sku-1 at the regular price for 400 points"),
    ({"kind": "points_per_unit", "currency": "STAMPS", "points": 2}, "2 STAMPS for each of goods"),
    ({"kind": "voucher", "voucher": "FIVE", "count": 2}, "2 vouchers FIVE"),
    (GIFT, "a gift: Cup or bag"),
    ({"kind": "entitlement", "code": "lounge", "count": 2}, "lounge 2 times"),
    ({"kind": "message", "text": {"en": "Hello"}}, "a message: Hello"),
    ({"kind": "delivery", "price": 0}, "free delivery"),
]  # fmt: skip


@pytest.mark.parametrize(("benefit", "sentence"), SENTENCES)
def test_what_a_benefit_gives_is_said_in_plain_words(benefit: dict[str, Any], sentence: str) -> None:
    assert KINDS.benefit(benefit, "").describe(English(), "EUR") == sentence
