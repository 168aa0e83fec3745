"""Lines won outright: settling them first gives, to the unit, what the whole competition gives."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promotions_kit import MEMBER, RULES, basket, line, live_of, percent, price, promotion

from regulars.promotions import engine

PERCENTS = ("0.5", "1", "2.5", "3", "5", "10", "12.5", "20", "30", "100")
SKUS = tuple(f"sku-{number}" for number in range(1, 7))


@st.composite
def programs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Percentages on one product, some on several or on everything; points on some; now and then something else."""
    found: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(2, 12))):
        skus = draw(st.lists(st.sampled_from(SKUS), max_size=4, unique=True))
        goods = {"goods": {"skus": skus}} if skus else {}
        found.append(promotion("items", percent(draw(st.sampled_from(PERCENTS)), **goods)))
    if draw(st.integers(0, 3)) == 0:
        found.append(promotion("items", {"kind": "line_amount", "amount": 30}))
    if draw(st.integers(0, 3)) == 0:
        found.append(promotion("basket", {"kind": "basket_percent", "percent": "5"}))
    if draw(st.integers(0, 3)) == 0:
        found.append(promotion("items", percent(draw(st.sampled_from(PERCENTS))), joint=True))
    for sku in draw(st.lists(st.sampled_from(SKUS), max_size=3)):
        cap = {"cap": 20} if draw(st.booleans()) else {}
        rate = {"kind": "points_per_spend", "currency": "PTS", "points": 3, "per": 70}
        found.append(promotion("points", {**rate, "goods": {"skus": [sku]}, **cap}))
    return found


@settings(deadline=None, max_examples=400)
@given(
    programs(),
    st.lists(
        st.tuples(st.sampled_from(SKUS), st.integers(1, 900), st.integers(1, 4)), min_size=1, max_size=8
    ),
)
def test_what_is_settled_first_is_what_the_whole_competition_gives(
    documents: list[dict[str, Any]], goods: list[tuple[str, int, int]]
) -> None:
    live = live_of(*documents)
    lines = [line(n, each, pieces, sku=sku) for n, (sku, each, pieces) in enumerate(goods, 1)]
    # `price` compares with the explanation, for which nothing is settled first: everybody bids.
    outcome, _ = price(live, basket(*lines))
    assert outcome.discount == sum(one.discount for one in outcome.lines)
    assert all(one.net >= 0 for one in outcome.lines)


def test_a_clear_winner_and_a_close_one_stand_in_one_receipt() -> None:
    """12 % of 5.00 leads 3 % by 45 cents; 3.9 % of 0.90 leads 3 % by less than a cent and competes with it."""
    live = live_of(
        promotion("items", percent("3")),
        promotion("items", percent("12", goods={"skus": ["clear"]})),
        promotion("items", percent("3.9", goods={"skus": ["close"]})),
    )
    one = basket(line(1, 500, sku="clear"), line(2, 90, sku="close"), line(3, 110, sku="other"))
    outcome = engine.evaluate(live, one, MEMBER, RULES)
    assert [(award.promotion.int, award.amount) for entry in outcome.lines for award in entry.awards] == [
        (2, 60), (3, 4), (1, 3),
    ]  # fmt: skip


def test_of_equal_remainders_the_first_line_has_the_odd_cent_whoever_else_bid() -> None:
    """5 % of 1.44, 21.08 and 3.08: 0.07, 1.05 and 0.15 of 1.28, and two lines have the same claim to the last cent."""
    half = promotion("items", percent("0.5"))
    live = live_of(
        promotion("items", percent("0.5", goods={"skus": ["some"]})),
        promotion("items", percent("100", goods={"skus": ["free"]})),
        half, half, half, half,
        promotion("items", percent("5")),
    )  # fmt: skip
    one = basket(
        line(1, 3, sku="free"),
        line(2, 48, 3, sku="some"),
        line(3, 527, 4),
        line(4, 154, 2, sku="some"),
    )
    outcome, _ = price(live, one)
    assert [entry.discount for entry in outcome.lines] == [3, 7, 106, 15]
