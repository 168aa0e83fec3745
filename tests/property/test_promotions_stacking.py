"""Which bid takes which pieces, against a brute force over every permitted assignment of pieces."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promotions_kit import MEMBER, RULES, basket, line, live_of, promotion

from regulars.promotions import stacking
from regulars.promotions.benefits.kind import Offer
from regulars.promotions.engine import evaluate
from regulars.promotions.stacking import Bid, assign
from regulars.units import PPM

RATES = st.sampled_from([30_000, 50_000, 100_000, 150_000, 333_300, 500_000, 1_000_000])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Bid], list[int]]:
    """At most six pieces in at most four runs, and two to four bids: rates, amounts once, caps, points."""
    pieces = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4).filter(lambda p: sum(p) <= 6))
    prices = [draw(st.integers(1, 400)) * count for count in pieces]
    bids: list[Bid] = []
    for _ in range(draw(st.integers(2, 4))):
        runs = sorted(draw(st.sets(st.integers(0, len(pieces) - 1), min_size=1)))
        of = [prices[run] for run in runs]
        cap = draw(st.none() | st.integers(1, 120))
        kind = draw(st.sampled_from(["percent", "percent", "once", "points"]))
        if kind == "percent":
            rate = draw(RATES)
            bids.append(Bid(runs, Offer([rate * price for price in of], PPM, True, cap)))
        elif kind == "once":
            bids.append(Bid(runs, Offer(of, 1, True, draw(st.integers(1, 300)))))
        else:
            worth = draw(st.sampled_from([(1, 1), (1, 3), (5, 2)]))
            bids.append(Bid(runs, Offer([3 * price for price in of], 100, False, cap), worth))
    return bids, pieces


def worth_of(bids: list[Bid], counts: list[dict[int, int]], pieces: list[int]) -> int:
    """What an assignment gives, in 1/6 of a minor unit of money (all worths of the tests are whole in it)."""
    worth = 0
    for bid, taken in zip(bids, counts, strict=True):
        potentials = dict(zip(bid.runs, bid.offer.potentials, strict=True))
        potential = sum(potentials[run] * count // pieces[run] for run, count in taken.items())
        worth += bid.offer.total(potential) * 6 * bid.weight[0] // bid.weight[1]
    return worth


def brute_force(bids: list[Bid], pieces: list[int]) -> int:
    """The greatest worth over every way to give each single piece to one bid that means it, or to none."""
    owners = [run for run, count in enumerate(pieces) for _ in range(count)]
    choices = [[None, *[i for i, bid in enumerate(bids) if run in bid.runs]] for run in owners]
    best = 0
    for choice in product(*choices):
        counts: list[dict[int, int]] = [{} for _ in bids]
        for run, place in zip(owners, choice, strict=True):
            if place is not None:
                counts[place][run] = counts[place].get(run, 0) + 1
        best = max(best, worth_of(bids, counts, pieces))
    return best


@settings(deadline=None, max_examples=200)
@given(tables())
def test_best_is_the_optimum_of_the_brute_force(table: tuple[list[Bid], list[int]]) -> None:
    bids, pieces = table
    assignment = assign("best", bids, pieces)
    assert assignment.exact
    taken = [dict(portions) for portions in assignment.portions]
    for run, count in enumerate(pieces):
        wanted = any(run in bid.runs for bid in bids)
        assert sum(portions.get(run, 0) for portions in taken) == (count if wanted else 0)
    assert worth_of(bids, taken, pieces) == brute_force(bids, pieces)


@settings(deadline=None, max_examples=60)
@given(tables())
def test_first_gives_each_piece_to_the_first_bid_that_means_it(table: tuple[list[Bid], list[int]]) -> None:
    bids, pieces = table
    expected: list[list[tuple[int, int]]] = [[] for _ in bids]
    for run, count in enumerate(pieces):
        for place, bid in enumerate(bids):
            if run in bid.runs:
                expected[place].append((run, count))
                break
    assert assign("first", bids, pieces).portions == expected


@settings(deadline=None, max_examples=60)
@given(tables())
def test_worst_gives_each_run_to_the_bid_that_offers_least(table: tuple[list[Bid], list[int]]) -> None:
    bids, pieces = table
    for place, portions in enumerate(assign("worst", bids, pieces).portions):
        for run, count in portions:
            assert count == pieces[run]
            mine = alone(bids[place], run)
            assert all(mine <= alone(bid, run) for bid in bids if run in bid.runs)
            assert all(mine < alone(bid, run) for bid in bids[:place] if run in bid.runs)


def alone(bid: Bid, run: int) -> float:
    """What a bid offers for a run, unrounded. The figures of the tests are exact as fractions of 6 million."""
    offer = bid.offer
    potential = offer.potentials[list(bid.runs).index(run)]
    if offer.cap is not None:
        potential = min(potential, offer.cap * offer.unit)
    return potential * 6_000_000 * bid.weight[0] // (offer.unit * bid.weight[1])


@settings(deadline=None, max_examples=60)
@given(tables())
def test_all_gives_every_piece_to_every_bid_that_means_it(table: tuple[list[Bid], list[int]]) -> None:
    bids, pieces = table
    expected = [[(run, pieces[run]) for run in bid.runs] for bid in bids]
    assert assign("all", bids, pieces).portions == expected


def test_a_tie_goes_to_the_earlier_bid_for_every_piece() -> None:
    offer = Offer([100_000 * 200, 100_000 * 300], PPM)
    assert assign("best", [Bid([0, 1], offer), Bid([0, 1], offer)], [1, 2]).portions == [[(0, 1), (1, 2)], []]


def test_an_amount_given_once_takes_the_piece_that_it_uses_up_and_leaves_the_others_to_the_percentage() -> (
    None
):
    once, rate = Bid([0], Offer([3000], 1, True, 500)), Bid([0], Offer([100_000 * 3000], PPM))
    assert assign("best", [rate, once], [3]).portions == [[(0, 2)], [(0, 1)]]


@pytest.mark.fast
def test_where_the_search_gives_up_it_says_so_and_still_gives_a_full_assignment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stacking, "NODES_MAX", 3)
    offer = Offer([100_000 * 105] * 6, PPM)
    assignment = assign("best", [Bid(range(6), offer), Bid(range(6), offer)], [1] * 6)
    assert not assignment.exact
    assert sorted(portion for portions in assignment.portions for portion in portions) == [
        (i, 1) for i in range(6)
    ]


PIECES = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 900)), min_size=1, max_size=2)
"""Lines: pieces and the price of the whole line, which need not be a whole number of cents per piece."""

BENEFIT = st.one_of(
    st.builds(
        lambda percent, cap: {"kind": "line_percent", "percent": percent} | ({"cap": cap} if cap else {}),
        st.sampled_from(["5", "10", "15", "50"]),
        st.integers(0, 90),
    ),
    st.builds(
        lambda amount: {"kind": "line_amount", "amount": amount, "each": "purchase"}, st.integers(1, 300)
    ),
)


@settings(deadline=None, max_examples=120)
@given(PIECES, st.lists(BENEFIT, min_size=1, max_size=3))
def test_the_discount_of_a_best_group_is_the_optimum_over_all_pieces(
    lines: list[tuple[int, int]], benefits: list[dict[str, Any]]
) -> None:
    one = basket(*[line(n, 0, count, gross=price) for n, (count, price) in enumerate(lines, 1)])
    outcome = evaluate(live_of(*[promotion("items", benefit) for benefit in benefits]), one, MEMBER, RULES)
    pieces = [price // count + (n < price % count) for count, price in lines for n in range(count)]
    best = 0
    for choice in product(range(len(benefits)), repeat=len(pieces)):
        total = 0
        for number, benefit in enumerate(benefits):
            price = sum(piece for piece, owner in zip(pieces, choice, strict=True) if owner == number)
            if benefit["kind"] == "line_amount":
                total += min(price, benefit["amount"])
            else:
                total += min((price * int(benefit["percent"]) + 50) // 100, benefit.get("cap", 10**9))
        best = max(best, total)
    assert outcome.bounded
    assert outcome.discount == best
