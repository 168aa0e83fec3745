"""Challenges and callers at once: done once, won as often as there are winners; each guard taken away turns it red."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from regulars.db.burst import Burst
from regulars.games import quest_book
from tests.api.quests import THREE_VISITS, guest, put_quest, shopping
from tests.api.shop import AT
from tests.races import quests
from tests.races.acts import Houses
from tests.races.test_guards import unlocked

__all__ = ["unlocked"]

UNCOUNTED = sql.SQL("""
UPDATE quest_budget AS b SET won = b.won + w.won, cost = b.cost + w.cost
FROM (SELECT %s::uuid AS program, %s::text AS quest, %s::bigint AS won, %s::bigint AS cost, %s::bigint AS most) AS w
WHERE b.program = w.program AND b.quest = w.quest
RETURNING 1
""")
RACES = [quests.complete_together, quests.win_the_last_prize, quests.give_back_while_it_is_completed]


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
async def test_a_challenge_is_done_as_often_as_it_is(houses: Houses, race: Any) -> None:
    await race(houses)
    await houses.require_good_books()


@pytest.mark.full
@pytest.mark.parametrize("race", [quests.complete_together, quests.give_back_while_it_is_completed])
async def test_without_the_lock_on_the_pool_what_was_counted_at_once_is_missed(
    houses: Houses, unlocked: None, race: Any
) -> None:
    with pytest.raises(AssertionError):
        await race(houses)


@pytest.mark.full
async def test_without_the_guard_of_the_winners_there_are_more(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quest_book.SQL, "win", UNCOUNTED)
    with pytest.raises(AssertionError):
        await quests.win_the_last_prize(houses)


async def test_a_program_without_challenges_pays_no_statement_and_one_that_counts_three(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = houses.at(0)
    _, card = await guest(api)
    await shopping(api, "warm", card, AT, "tea")
    sent: list[Any] = []
    honest = Burst.execute

    async def counted(self: Burst, query: Any, params: Any = None, /) -> Any:
        sent.append(query)
        return await honest(self, query, params)

    async def of_one(request: str, category: str = "tea") -> int:
        sent.clear()
        await shopping(api, request, card, AT, category)
        return len(sent)

    monkeypatch.setattr(Burst, "execute", counted)
    without = await of_one("r-1")
    assert quest_book.SQL.note_counts not in sent
    await put_quest(api, "over", THREE_VISITS, until="2026-02-01T00:00:00Z")
    await of_one("r-2")  # reads the program anew
    over = await of_one("r-3")
    goods = {"kind": "count", "need": 30, "goods": {"categories": ["tea"]}}
    await put_quest(api, "visits", THREE_VISITS, goal=goods)
    await of_one("r-4")

    assert over == without
    # Where she stands; what is counted; where she stands then.
    assert await of_one("r-5") == without + 3
    assert await of_one("r-6", "cake") == without + 1
