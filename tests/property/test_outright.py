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
    """Many percentages on single products, a few on several or on everything, now and then something else."""
    found: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(2, 12))):
        skus = draw(st.lists(st.sampled_from(SKUS), max_size=2, unique=True))
        goods = {"goods": {"skus": skus}} if skus else {}
        found.append(promotion("items", percent(draw(st.sampled_from(PERCENTS)), **goods)))
    if draw(st.integers(0, 3)) == 0:
        found.append(promotion("items", {"kind": "line_amount", "amount": 30}))
    if draw(st.integers(0, 3)) == 0:
        found.append(promotion("basket", {"kind": "basket_percent", "percent": "5"}))
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
