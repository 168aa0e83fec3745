"""Whatever promotions, groups and baskets there are: nothing gives more than its limits leave, to the unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promotions_kit import basket, line, live_of, price, promotion

from regulars.promotions import limits
from regulars.promotions.model import GroupRule, Left, Standing
from regulars.units import Ratio

GOODS = st.sampled_from([{}, {"skus": ["sku-1"]}, {"skus": ["sku-1", "sku-2"]}])
BENEFITS = st.one_of(
    st.builds(
        lambda p, g: {"kind": "line_percent", "percent": str(p), "goods": g}, st.integers(1, 100), GOODS
    ),
    st.builds(
        lambda a, e, g: {"kind": "line_amount", "amount": a, "each": e, "goods": g},
        st.integers(1, 900),
        st.sampled_from(["unit", "purchase"]),
        GOODS,
    ),
    st.builds(lambda g: {"kind": "n_for_m", "pieces": 3, "pay": 2, "goods": g}, GOODS),
)
LEFTS = st.builds(Left, amount=st.none() | st.integers(1, 1_500), refuse=st.booleans())
EARNINGS = st.builds(
    lambda n: {"kind": "points_per_spend", "currency": "PTS", "points": n, "per": 100}, st.integers(1, 9)
)
LINES = st.lists(st.tuples(st.integers(1, 1_000), st.integers(1, 4)), min_size=1, max_size=3)
LIMITED: list[dict[str, Any]] = [{"per": "total", "amount": 1}]


@given(
    rule=st.sampled_from(["all", "first", "best", "worst"]),
    offers=st.lists(st.tuples(st.lists(BENEFITS, min_size=1, max_size=2), LEFTS), min_size=1, max_size=3),
    lines=LINES,
    rate=st.sampled_from([None, Ratio(9, 100), Ratio(7, 3)]),
)
@settings(max_examples=300, deadline=None)
def test_no_discount_passes_what_is_left_of_its_budget(
    rule: Any,
    offers: list[tuple[list[dict[str, Any]], Left]],
    lines: list[tuple[int, int]],
    rate: Ratio | None,
) -> None:
    live = live_of(
        *[promotion("items", *benefits, limits=LIMITED) for benefits, _ in offers],
        groups=(GroupRule("items", "item", rule),),
    )
    left = {UUID(int=number): one for number, (_, one) in enumerate(offers, 1) if one.amount is not None}
    goods = [line(number, amount, pieces) for number, (amount, pieces) in enumerate(lines, 1)]

    outcome, _ = price(live, basket(*goods, to_base=rate), Standing(left=left))

    for promotion_, gave in limits.given(outcome).items():
        if promotion_ in left:
            in_base = gave.amount if rate is None else rate.half_up(gave.amount)
            assert in_base <= (left[promotion_].amount or 0)
    assert all(0 <= one.discount <= one.gross for one in outcome.lines)


@given(
    earnings=st.lists(
        st.tuples(st.lists(EARNINGS, min_size=1, max_size=2), st.integers(1, 60)), min_size=1, max_size=3
    ),
    refuse=st.booleans(),
    lines=LINES,
)
@settings(max_examples=150, deadline=None)
def test_no_points_pass_what_is_left_of_their_budget(
    earnings: list[tuple[list[dict[str, Any]], int]], refuse: bool, lines: list[tuple[int, int]]
) -> None:
    live = live_of(
        *[promotion("points", *benefits, limits=[{"per": "total", "points": 1}]) for benefits, _ in earnings]
    )
    left = {UUID(int=n): Left(points=points, refuse=refuse) for n, (_, points) in enumerate(earnings, 1)}
    goods = [line(number, amount, pieces) for number, (amount, pieces) in enumerate(lines, 1)]

    outcome, _ = price(live, basket(*goods), Standing(member=True, left=left))
    free, _ = price(live, basket(*goods), Standing(member=True))

    gave, wanted = limits.given(outcome), limits.given(free)
    for promotion_, what in wanted.items():
        points, most = gave.get(promotion_, limits.Gave()).points, left[promotion_].points or 0
        reduced = 0 if refuse and what.points > most else min(what.points, most)
        assert points == reduced
