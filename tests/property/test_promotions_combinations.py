"""`best` where pieces count together, against a brute force over every assignment of pieces and every grouping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promotions_kit import MEMBER, RULES, basket, line, live_of, price, promotion

from regulars.promotions.engine import evaluate
from regulars.promotions.outcome import Outcome

Piece = tuple[str, int]
"""SKU and price."""
Pieces = tuple[int, ...]
"""Numbers of pieces."""

SKUS = ("a", "b", "c")
COUNT_MAX = 6


def subsets(pieces: Pieces, size: int) -> list[tuple[Pieces, Pieces]]:
    """Every choice of so many pieces, and what is left."""
    return [
        (chosen, tuple(piece for piece in pieces if piece not in chosen))
        for chosen in combinations(pieces, size)
    ]


def in_groups(pieces: Pieces, size: int, limit: int, worth: Callable[[Pieces], Fraction]) -> Fraction:
    """The most that groups of this size are worth, over every way to form at most `limit` of them."""
    if limit == 0 or len(pieces) < size:
        return Fraction(0)
    best = in_groups(pieces[1:], size, limit, worth)
    first, others = pieces[0], pieces[1:]
    for chosen, left in subsets(others, size - 1):
        best = max(best, worth((first, *chosen)) + in_groups(left, size, limit - 1, worth))
    return best


class Naive:
    """What a benefit is worth for a set of pieces, straight from the words of the documentation."""

    def __init__(self, benefit: dict[str, Any], pieces: Sequence[Piece]):
        self.benefit = benefit
        self.pieces = pieces
        self.raw = lru_cache(maxsize=None)(self._raw)

    def amount(self, taken: Pieces) -> int:
        """Rounded half up once on the whole."""
        raw = self.raw(taken)
        amount = (2 * raw.numerator + raw.denominator) // (2 * raw.denominator)
        return min(amount, self.benefit.get("cap", amount))

    def meant(self, taken: Pieces, goods: dict[str, Any] | None) -> Pieces:
        skus = (goods or {}).get("skus", SKUS)
        return tuple(piece for piece in taken if self.pieces[piece][0] in skus)

    def prices(self, taken: Pieces) -> list[int]:
        return sorted(self.pieces[piece][1] for piece in taken)

    def rate(self) -> Fraction:
        return Fraction(self.benefit.get("percent", "100")) / 100

    def _raw(self, taken: Pieces) -> Fraction:
        benefit = self.benefit
        mine = self.meant(taken, benefit.get("goods"))
        limit = benefit.get("limit", COUNT_MAX)
        kind = benefit["kind"]
        if kind == "line_percent":
            return self.rate() * sum(self.prices(mine))
        if kind == "line_amount":
            return Fraction(min(benefit["amount"], sum(self.prices(mine))))
        if kind == "line_price":
            return Fraction(sum(max(0, one - benefit["price"]) for one in self.prices(mine)))
        if kind == "n_for_m":
            free = benefit["pieces"] - benefit["pay"]
            return in_groups(
                mine, benefit["pieces"], limit, lambda group: Fraction(sum(self.prices(group)[:free]))
            )
        if kind == "every_nth":
            count = benefit["count"]
            part = slice(None, count) if benefit["which"] == "cheapest" else slice(-count, None)
            return in_groups(mine, benefit["every"], limit, lambda g: self.rate() * sum(self.prices(g)[part]))
        if kind == "points_price":
            return self.rate() * sum(self.prices(mine)[-1:])
        if kind == "ladder":
            return self._ladder(mine)
        return self._together(taken, limit) if kind == "buy_get" else self._bundles(taken, limit)

    def _ladder(self, mine: Pieces) -> Fraction:
        prices = self.prices(mine)
        reached = sum(prices) if self.benefit["by"] == "amount" else len(prices)
        best = Fraction(0)
        for step in self.benefit["steps"]:
            if reached >= int(step["from"]):
                best = Fraction(step["percent"]) / 100 * sum(prices)
        return best

    def _together(self, taken: Pieces, limit: int) -> Fraction:
        """Over every choice of what is given: the rest must hold triggers enough."""
        benefit, best = self.benefit, Fraction(0)
        rewards = self.meant(taken, benefit["goods"])
        for size in range(len(rewards) + 1):
            for chosen, _ in subsets(rewards, size):
                left = tuple(piece for piece in taken if piece not in chosen)
                times = min(limit, len(self.meant(left, benefit["triggers"])) // benefit["buy"])
                if size <= benefit["get"] * times:
                    best = max(best, self.rate() * sum(self.prices(chosen)))
        return best

    def _bundles(self, taken: Pieces, limit: int) -> Fraction:
        """Over every way to form bundles one after the other."""
        best = Fraction(0)
        for bundle, left in self._one_bundle(taken, 0) if limit else ():
            prices = self.prices(bundle)
            saved = self.rate() * sum(prices)
            if "price" in self.benefit:
                saved = Fraction(sum(prices) - self.benefit["price"])
            best = max(best, saved + self._bundles(left, limit - 1))
        return best

    def _one_bundle(self, left: Pieces, part: int) -> list[tuple[Pieces, Pieces]]:
        parts = self.benefit["components"]
        if part == len(parts):
            return [((), left)]
        found: list[tuple[Pieces, Pieces]] = []
        for chosen, _ in subsets(self.meant(left, parts[part]["goods"]), parts[part]["count"]):
            rest = tuple(piece for piece in left if piece not in chosen)
            found += [((*chosen, *more), after) for more, after in self._one_bundle(rest, part + 1)]
        return found


def goods() -> st.SearchStrategy[dict[str, Any]]:
    return st.sets(st.sampled_from(SKUS), min_size=1).map(lambda skus: {"skus": sorted(skus)})


PERCENT = st.sampled_from(["3", "10", "12.5", "50", "100"])


@st.composite
def grouped(draw: st.DrawFn) -> dict[str, Any]:
    """A benefit of pieces that count together."""
    kind = draw(
        st.sampled_from(["n_for_m", "every_nth", "ladder", "buy_get", "bundle_price", "points_price"])
    )
    limit = draw(st.sampled_from([{}, {}, {"limit": 1}, {"limit": 2}]))
    of = draw(goods())
    if kind == "n_for_m":
        pieces = draw(st.integers(2, 4))
        return {"kind": kind, "pieces": pieces, "pay": draw(st.integers(1, pieces - 1)), "goods": of, **limit}
    if kind == "every_nth":
        every = draw(st.integers(1, 3))
        count, which = draw(st.integers(1, every)), draw(st.sampled_from(["cheapest", "dearest"]))
        return {
            "kind": kind, "every": every, "count": count, "which": which, "percent": draw(PERCENT), "goods": of,
            **limit,
        }  # fmt: skip
    if kind == "ladder":
        by = draw(st.sampled_from(["quantity", "amount"]))
        starts = sorted(draw(st.sets(st.integers(1, 4 if by == "quantity" else 900), min_size=1, max_size=2)))
        steps = [
            {"from": str(start) if by == "quantity" else start, "percent": str(10 * n + 5)}
            for n, start in enumerate(starts)
        ]
        return {"kind": kind, "by": by, "steps": steps, "goods": of}
    if kind == "buy_get":
        counts = {"buy": draw(st.integers(1, 2)), "get": draw(st.integers(1, 2))}
        return {
            "kind": kind,
            "goods": of,
            "triggers": draw(goods()),
            "percent": draw(PERCENT),
            **counts,
            **limit,
        }
    if kind == "points_price":
        return {"kind": kind, "currency": "PTS", "points": 400, "percent": draw(PERCENT), "goods": of}
    parts = draw(
        st.lists(
            st.builds(lambda g, n: {"goods": g, "count": n}, goods(), st.integers(1, 2)),
            min_size=1,
            max_size=2,
        )
    )
    give = draw(st.sampled_from([{"price": draw(st.integers(0, 900))}, {"percent": draw(PERCENT)}]))
    return {"kind": kind, "components": parts, **give, **limit}


@st.composite
def plain(draw: st.DrawFn) -> dict[str, Any]:
    """A benefit of single pieces."""
    kind = draw(st.sampled_from(["line_percent", "line_percent", "line_amount", "line_price"]))
    of = draw(st.sampled_from([{}, {"goods": draw(goods())}]))
    if kind == "line_percent":
        cap = draw(st.sampled_from([{}, {}, {"cap": draw(st.integers(1, 120))}]))
        return {"kind": kind, "percent": draw(PERCENT), **of, **cap}
    if kind == "line_amount":
        return {"kind": kind, "amount": draw(st.integers(1, 300)), "each": "purchase", **of}
    return {"kind": kind, "price": draw(st.integers(0, 300)), **of}


LINES = st.lists(
    st.tuples(st.sampled_from(SKUS), st.integers(1, 3), st.integers(1, 400)), min_size=1, max_size=4
).filter(lambda lines: sum(count for _, count, _ in lines) <= COUNT_MAX)
"""SKU, pieces, price of a piece."""


def evaluated(lines: list[tuple[str, int, int]], benefits: list[dict[str, Any]]) -> Outcome:
    offers = tuple(promotion_id for promotion_id in live_of(*[promotion("items", b) for b in benefits]).by_id)
    one = basket(
        *[line(n, each, count, sku=sku) for n, (sku, count, each) in enumerate(lines, 1)], offers=offers
    )
    return evaluate(live_of(*[promotion("items", benefit) for benefit in benefits]), one, RICH, RULES)


RICH = MEMBER.__class__(member=True, available={"PTS": 100_000})


def brute_force(lines: list[tuple[str, int, int]], benefits: list[dict[str, Any]]) -> int:
    """The greatest discount over every way to give each piece to one promotion or to none."""
    pieces = [(sku, each) for sku, count, each in lines for _ in range(count)]
    naive = [Naive(benefit, pieces) for benefit in benefits]
    best = 0
    for owners in product(range(len(benefits) + 1), repeat=len(pieces)):
        best = max(
            best,
            sum(
                one.amount(tuple(n for n, owner in enumerate(owners) if owner == place))
                for place, one in enumerate(naive)
            ),
        )
    return best


@settings(deadline=None, max_examples=300)
@given(LINES, grouped())
def test_a_benefit_alone_forms_the_groups_that_give_most(
    lines: list[tuple[str, int, int]], benefit: dict[str, Any]
) -> None:
    assert evaluated(lines, [benefit]).discount == brute_force(lines, [benefit])


@settings(deadline=None, max_examples=400)
@given(LINES, st.lists(grouped(), min_size=1, max_size=2), st.lists(plain(), min_size=0, max_size=2))
def test_best_is_the_optimum_over_every_assignment_and_every_grouping(
    lines: list[tuple[str, int, int]], together: list[dict[str, Any]], single: list[dict[str, Any]]
) -> None:
    benefits = [*together, *single][:3]
    outcome = evaluated(lines, benefits)
    assert outcome.bounded
    assert outcome.discount == brute_force(lines, benefits)


def test_best_with_many_lines_and_groups_of_them_is_proved_within_its_bound() -> None:
    """Twenty drinks of twenty prices: 3 for 2 on all, 15 % on some, 3 % on everything."""
    lines = [line(n, 100 + 37 * n % 211, sku=f"sku-{n}") for n in range(1, 21)]
    live = live_of(
        promotion("items", {"kind": "n_for_m", "pieces": 3, "pay": 2}),
        promotion("items", {"kind": "line_percent", "percent": "15", "goods": {"skus": ["sku-3", "sku-9"]}}),
        promotion("items", {"kind": "line_percent", "percent": "3"}),
    )
    outcome, _ = price(live, basket(*lines))
    assert outcome.bounded
    assert outcome.discount == 1228
