"""Challenges: the order of what is done does not matter, more never lowers, and what comes back leaves what is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from regulars.games.progress import Act, Item, added, counted, due, reached
from regulars.games.quests import Goal, GoodsList, Quest, QuestDocument, StepPrize
from regulars.prizes import PointsPrize, Prize

ONE = Prize(points=PointsPrize("PTS", 1))
ZONE = ZoneInfo("Etc/UTC")
BEGIN = datetime(2026, 1, 5, 12, tzinfo=UTC)
CATEGORIES = st.sampled_from(["tea", "coffee/pods", "coffee/beans", "cake"])
ITEMS = st.builds(
    lambda sku, category, quantity, spend: Item(sku, (category,), (), "", quantity, spend),
    st.sampled_from(["a", "b", "c"]),
    CATEGORIES,
    st.integers(1, 5000),
    st.integers(0, 9000),
)
ACTS = st.lists(
    st.builds(
        lambda day, items: Act(BEGIN + timedelta(days=day), "riga-1", None, tuple(items)),
        st.integers(0, 60),
        st.lists(ITEMS, min_size=1, max_size=4),
    ),
    max_size=12,
)
GOALS = st.one_of(
    st.builds(lambda need: Goal("set", need, of="categories"), st.integers(1, 4)),
    st.builds(lambda need: Goal("set", need, of="skus"), st.integers(1, 3)),
    st.builds(
        lambda need, least: Goal("count", need, least_amount=least), st.integers(1, 5), st.integers(0, 9000)
    ),
    st.builds(
        lambda need: Goal("sum", need, goods=GoodsList(categories=("coffee",))), st.integers(1, 20_000)
    ),
    st.builds(
        lambda need, each, freezes: Goal("streak", need, each=each, freezes=freezes),
        st.integers(1, 5),
        st.sampled_from(["day", "week", "month"]),
        st.integers(0, 3),
    ),
)


def quest(goal: Goal) -> Quest:
    """With a step where there is room for one."""
    steps = (StepPrize(1, (ONE,)),) if goal.need > 1 else ()
    return Quest("q", 1, QuestDocument({"en": "Q"}, goal, (ONE,), steps=steps, repeat=3))


def whole(one: Quest, acts: list[Act]) -> dict[str, int]:
    """What all of it comes to, counted one after the other."""
    counts: dict[str, int] = {}
    for act in acts:
        counts = added(counts, counted(one, act, ZONE))
    return counts


@given(GOALS, ACTS, st.randoms())
def test_neither_the_order_of_purchases_nor_of_their_lines_matters(
    goal: Goal, acts: list[Act], chance: Random
) -> None:
    one = quest(goal)
    mixed = [
        Act(act.at, act.store, act.partner, tuple(chance.sample(act.items, len(act.items)))) for act in acts
    ]
    chance.shuffle(mixed)
    assert whole(one, mixed) == whole(one, acts)


@given(GOALS, ACTS)
def test_more_never_lowers_and_never_undoes_a_step(goal: Goal, acts: list[Act]) -> None:
    one = quest(goal)
    steps = frozenset[int]()
    before = 0
    for n in range(len(acts) + 1):
        amount = reached(goal, whole(one, acts[:n]))
        assert amount >= before
        assert due(one, amount) >= steps
        before, steps = amount, due(one, amount)


@given(GOALS, ACTS, st.data())
def test_what_came_back_leaves_exactly_what_was_kept(
    goal: Goal, acts: list[Act], data: st.DataObject
) -> None:
    one = quest(goal)
    counts = whole(one, acts)
    kept = list(acts)
    for n, act in enumerate(acts):
        if not data.draw(st.booleans()):
            continue
        items = tuple(
            Item(
                i.sku,
                i.categories,
                i.tags,
                i.brand,
                i.quantity - back,
                i.spend * (i.quantity - back) // i.quantity,
            )
            for i in act.items
            for back in [data.draw(st.integers(0, i.quantity))]
        )
        kept[n] = Act(act.at, act.store, act.partner, items)
        less = {key: -amount for key, amount in counted(one, act, ZONE).items()}
        counts = added(counts, added(counted(one, kept[n], ZONE), less))
    assert counts == whole(one, kept)
    assert reached(goal, counts) <= reached(goal, whole(one, acts))
