"""How far somebody is in a challenge: sets, counts, sums, streaks with freezes, windows, steps, names for boards."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from regulars.games import nicknames
from regulars.games.progress import Act, Item, added, counted, due, reached, round_at, running
from regulars.games.quests import Goal, Quest, QuestDocument

RIGA = ZoneInfo("Europe/Riga")
AT = datetime(2026, 3, 1, 11, tzinfo=RIGA)

pytestmark = pytest.mark.fast


def quest(goal: dict[str, Any], **more: Any) -> Quest:
    """A challenge of this goal."""
    return Quest("q", 1, msgspec.convert({"names": {"en": "Q"}, "goal": goal, **more}, QuestDocument))


def item(
    sku: str = "a", category: str = "coffee", quantity: int = 1000, spend: int = 500, **more: Any
) -> Item:
    """A line of a purchase."""
    return Item(
        sku, (category,), more.get("tags", ()), more.get("brand", ""), quantity, spend, more.get("points", {})
    )


def act(*items: Item, **more: Any) -> Act:
    """A purchase at one store."""
    return Act(more.get("at", AT), more.get("store", "riga-1"), more.get("partner", "p"), items or (item(),))


@pytest.mark.parametrize(
    ("goal", "items", "adds"),
    [
        ({"kind": "set", "of": "categories", "need": 3}, (item(category="coffee/pods"), item(category="coffee")),
         {"coffee": 2000}),
        ({"kind": "set", "of": "categories", "level": 2, "need": 3}, (item(category="/coffee/pods/dark/"),),
         {"coffee/pods": 1000}),
        ({"kind": "set", "of": "categories", "need": 2, "among": ["tea", "coffee/pods"]},
         (item(category="coffee/pods/dark"), item(category="cake")), {"coffee/pods": 1000}),
        ({"kind": "set", "of": "skus", "need": 2, "goods": {"brands": ["ours"]}},
         (item("a", brand="ours"), item("b", brand="theirs")), {"a": 1000}),
        ({"kind": "set", "of": "stores", "need": 2}, (item(),), {"riga-1": 1000}),
        ({"kind": "set", "of": "partners", "need": 2}, (item(),), {"p": 1000}),
        ({"kind": "count", "need": 2, "least_amount": 501}, (item(),), {}),
        ({"kind": "count", "need": 2, "least_amount": 1000}, (item(), item("b")), {"": 1}),
        ({"kind": "count", "need": 2, "stores": ["riga-2"]}, (item(),), {}),
        ({"kind": "sum", "need": 2}, (item(), item("b", spend=250)), {"": 750}),
        ({"kind": "sum", "measure": "units", "need": 2}, (item(quantity=1500),), {"": 1500}),
        ({"kind": "sum", "measure": "points", "currency": "PTS", "need": 2},
         (item(points={"PTS": 7, "MIL": 9}),), {"": 7}),
        ({"kind": "sum", "need": 2}, (item(spend=0),), {}),
        ({"kind": "count", "need": 2}, (item(quantity=0),), {}),
        ({"kind": "count", "need": 2, "activity": "visit"}, (item(),), {}),
    ],
)  # fmt: skip
def test_what_a_purchase_adds(goal: dict[str, Any], items: tuple[Item, ...], adds: dict[str, int]) -> None:
    assert counted(quest(goal), act(*items), RIGA) == adds


@pytest.mark.parametrize(
    ("goal", "quantity", "adds"),
    [
        ({"kind": "count", "need": 2, "activity": "visit"}, 3000, {"": 1}),
        ({"kind": "count", "need": 2, "activity": "visit"}, -3000, {"": -1}),
        ({"kind": "sum", "measure": "units", "need": 2, "activity": "visit"}, 1500, {"": 1500}),
        ({"kind": "streak", "each": "day", "need": 2, "activity": "visit"}, 1000, {"739676": 1}),
        ({"kind": "count", "need": 2}, 1000, {}),
    ],
)
def test_what_an_activity_adds(goal: dict[str, Any], quantity: int, adds: dict[str, int]) -> None:
    assert counted(quest(goal), Act(AT, None, activity="visit", quantity=quantity), RIGA) == adds


@pytest.mark.parametrize(
    ("periods", "freezes", "best", "now"),
    [
        ([1, 2, 3], 0, 3, 3),
        ([1, 2, 4], 0, 2, 1),
        ([1, 2, 4], 1, 3, 3),
        ([1, 3, 5, 6, 7], 1, 4, 4),
        ([1, 5], 2, 1, 1),
        ([], 3, 0, 0),
    ],
)
def test_a_streak_is_the_longest_run_whose_gaps_the_freezes_cover(
    periods: list[int], freezes: int, best: int, now: int
) -> None:
    goal = Goal("streak", 9, each="day", freezes=freezes)
    first = AT.date().toordinal()
    counts = {str(first + n): 1 for n in periods}
    last = AT.fromordinal(first + max(periods, default=0)).replace(hour=12, tzinfo=RIGA)
    assert reached(goal, counts) == best
    assert running(goal, counts, last, RIGA) == now


def test_a_streak_is_shown_as_broken_once_more_is_missing_than_the_freezes_cover() -> None:
    goal = Goal("streak", 9, each="week", freezes=1)
    week = (AT.date().toordinal() - 1) // 7
    counts = {str(week - 1): 1, str(week): 1}
    shown = [running(goal, counts, datetime(2026, 3, day, 12, tzinfo=RIGA), RIGA) for day in (1, 8, 15, 22)]
    assert shown == [2, 2, 2, 0]
    assert reached(goal, counts) == 2


@pytest.mark.parametrize(
    ("window", "key", "since", "until"),
    [
        ({"window": "week"}, 20260223, "2026-02-23", "2026-03-02"),
        ({"window": "month"}, 20260301, "2026-03-01", "2026-04-01"),
        ({"window": "quarter"}, 20260101, "2026-01-01", "2026-04-01"),
        ({"window": "days", "days": 14}, 20260301, "2026-03-01", "2026-03-15"),
    ],
)
def test_windows_begin_and_end_at_midnight_of_the_program(
    window: dict[str, Any], key: int, since: str, until: str
) -> None:
    found = round_at(quest({"kind": "count", "need": 3}, **window), AT, RIGA, None, ())
    assert (found.key, found.since.isoformat()[:10], found.until.isoformat()[:10]) == (key, since, until)
    assert (found.since.hour, found.until.hour) == (0, 0)


def test_steps_are_reached_one_after_the_other_and_again_as_often_as_may_be() -> None:
    points = [{"points": {"currency": "PTS", "amount": 1}}]
    once = quest({"kind": "count", "need": 3}, steps=[{"at": 1, "prizes": points}], prizes=points)
    thrice = quest({"kind": "count", "need": 3}, steps=[{"at": 1, "prizes": points}], prizes=points, repeat=3)
    assert [sorted(due(once, n)) for n in (0, 1, 2, 3, 9)] == [[], [0], [0], [0, 1], [0, 1]]
    assert [sorted(due(thrice, n)) for n in (3, 4, 6, 99)] == [
        [0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4, 5],
    ]  # fmt: skip


def test_what_comes_to_nothing_is_no_part_of_a_set() -> None:
    counts = added({"tea": 1000, "cake": 500}, {"tea": -1000, "jam": 1})
    assert counts == {"cake": 500, "jam": 1}
    assert reached(Goal("set", 3, of="categories"), counts) == 2


@pytest.mark.parametrize(
    ("nickname", "fault"),
    [
        ("Vega 7", None), ("Anna-Marija", None), ("Лена", None), ("a", "length"), ("x" * 21, "length"),
        ("me@home.lv", "contact"), ("+371 20000001", "contact"), ("2000 0001", "contact"), ("<b>", "letters"),
        (" Vega", "letters"), ("Hitler 88", "word"), ("Official", "word"), ("KURAT", "word"),
    ],
)  # fmt: skip
def test_a_name_for_boards_is_a_name_and_nothing_by_which_one_is_reached(
    nickname: str, fault: str | None
) -> None:
    assert nicknames.fault(nickname) == fault


def test_the_neutral_names_are_names_that_may_be_shown() -> None:
    assert {nicknames.fault(nicknames.neutral(seed)) for seed in range(0, 20_000, 7)} == {None}
