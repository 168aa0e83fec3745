"""A change on receipts against deciding each of them naively, with the promotions before and after."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from tests.promotions_kit import AT, RULES, basket, line, live_of, percent, promotion

from regulars.promotions import engine
from regulars.promotions.document import parse
from regulars.promotions.model import Basket, Standing
from regulars.simulation.tally import Tally
from regulars.simulation.variants import Change, variants


class Bought(Struct, frozen=True):
    """A receipt."""

    basket: Basket
    standing: Standing
    member: UUID | None
    purchase: UUID = UUID(int=1)
    store: str = "riga-1"
    receipt_number: str = ""
    at: Any = AT
    day: date = AT.date()
    late: bool = False
    names: dict[int, str] = {}


TAGS = ["a", "b", "c"]
PERCENTS = st.sampled_from(["5", "10", "33.3"])
GOODS = st.one_of(st.just({}), st.sampled_from(TAGS).map(lambda tag: {"tags": [tag]}))
CONDITIONS = st.sampled_from(
    [
        [],
        [{"kind": "member"}],
        [{"kind": "basket_amount", "minimum": 1500}],
        [{"kind": "store", "stores": ["x"]}],
    ]
)
GIVEN = st.one_of(
    st.builds(lambda p, g, c: promotion("items", percent(p, goods=g), conditions=c), PERCENTS, GOODS, CONDITIONS),
    st.builds(lambda p, c: promotion("basket", {"kind": "basket_percent", "percent": p}, conditions=c), PERCENTS,
              CONDITIONS),
    st.builds(lambda g: promotion("points", {"kind": "points_per_spend", "currency": "PTS", "goods": g}), GOODS),
)  # fmt: skip
LINES = st.lists(
    st.tuples(st.integers(1, 3000), st.integers(1, 3), st.sampled_from(TAGS)), min_size=1, max_size=4
)


@settings(max_examples=150)
@given(
    live=st.lists(GIVEN, max_size=4),
    draft=GIVEN,
    receipts=st.lists(st.tuples(LINES, st.booleans()), min_size=1, max_size=5),
    stop=st.sets(st.integers(1, 4), max_size=2),
    replaced=st.integers(0, 4),
)
def test_the_figures_are_what_naive_deciding_adds_up_to(
    live: list[dict[str, Any]],
    draft: dict[str, Any],
    receipts: list[tuple[list[tuple[int, int, str]], bool]],
    stop: set[int],
    replaced: int,
) -> None:
    before = live_of(*live)
    mine = UUID(int=replaced) if 0 < replaced <= len(live) else UUID(int=99)
    stopped = frozenset(UUID(int=n) for n in stop) - {mine}
    sides = variants(before, Change(parse(draft), mine, stopped))
    tally = Tally(sides, RULES)
    bought = [
        Bought(
            basket(*[line(n, price, count, tags=(tag,)) for n, (price, count, tag) in enumerate(lines, 1)]),
            Standing(member=member),
            UUID(int=7) if member else None,
        )
        for lines, member in receipts
    ]
    tally.add(bought)
    kept = {p.id: p for p in before.promotions}
    got = lost = payable_before = payable_after = 0
    for one in bought:
        was = engine.evaluate(before, one.basket, one.standing, RULES)
        will = engine.evaluate(sides.after, one.basket, one.standing, RULES)
        payable_before += was.payable
        payable_after += will.payable
        gave = {a.promotion for x in will.lines for a in x.awards} | {e.promotion for e in will.earned}
        gave_before = {a.promotion for x in was.lines for a in x.awards} | {e.promotion for e in was.earned}
        got += mine in gave
        lost += len(gave_before - gave - {mine})
    assert (tally.payable_before, tally.payable_after) == (payable_before, payable_after)
    assert tally.got().receipts == got
    assert sum(one.lost for one in tally.displaced("en")) == lost
    assert tally.got().receipts + tally.suppressed + sum(why.receipts for why in tally.why.values()) == len(
        bought
    )
    assert {p.id for p in sides.after.promotions} == (kept.keys() - stopped) | {mine}
