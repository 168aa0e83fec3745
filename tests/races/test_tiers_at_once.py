"""Tiers under many callers, and the nightly look at them: twice, and killed in between."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.burst import Burst
from regulars.flows import review_tiers
from regulars.flows.known_programs import KnownPrograms
from tests.api.shop import buy, line, member_with_card
from tests.api.tiers import BY_SPENDING, put_ladder, spend, steps
from tests.conftest import START
from tests.races import tiers
from tests.races.acts import Houses
from tests.races.test_guards import unlocked

__all__ = ["unlocked"]


async def test_two_purchases_that_reach_a_tier_together_bring_it_once(houses: Houses) -> None:
    await tiers.reach_a_tier_together(houses)


async def test_a_return_and_a_purchase_at_once_leave_what_the_sums_say(houses: Houses) -> None:
    await tiers.give_back_and_buy_at_once(houses)


@pytest.mark.full
async def test_without_the_lock_on_the_pool_a_tier_is_missed_or_brought_twice(
    houses: Houses, unlocked: None
) -> None:
    with pytest.raises(AssertionError):
        await tiers.reach_a_tier_together(houses)


async def test_the_nightly_look_goes_on_where_it_was_killed_and_twice_changes_nothing(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = houses.at(0)
    rolling = {"period": "rolling", "period_days": 30, "validity": "days", "valid_days": 10}
    await put_ladder(api, BY_SPENDING | rolling)
    members = []
    for n in range(3):
        member, card = await member_with_card(api)
        await spend(api, f"r-{n}", card, 10_000)
        members.append(member)
    monkeypatch.setattr(review_tiers, "AT_ONCE", 1)
    program, known = api.program.id, KnownPrograms(houses.database)
    later = START.replace(month=START.month + 1)
    looked_at = 0
    honest = review_tiers._review

    async def killed_at_the_second(*asked: Any) -> int:
        nonlocal looked_at
        looked_at += 1
        if looked_at == 2:
            raise ConnectionResetError
        return await honest(*asked)

    with monkeypatch.context() as patched:
        patched.setattr(review_tiers, "_review", killed_at_the_second)
        with pytest.raises(ConnectionResetError):
            await review_tiers.review_tiers(houses.database, known, program, later)
    after_the_kill = sorted([len(await steps(api, member)) for member in members])
    done = [await review_tiers.review_tiers(houses.database, known, program, later) for _ in range(2)]

    assert after_the_kill == [1, 1, 2]
    assert done[1] == 0
    assert {tuple(reason for _, _, reason in await steps(api, member)) for member in members} == {
        ("earned", "kept", "kept", "lowered")
    }


async def test_a_program_without_ladders_pays_no_statement_and_one_with_ladders_a_single_one(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = houses.at(0)
    _, card = await member_with_card(api)
    await spend(api, "warm", card, 100)
    sent: list[int] = []
    honest = Burst.execute

    async def counted(self: Burst, query: Any, params: Any = None, /) -> Any:
        sent.append(1)
        return await honest(self, query, params)

    async def of_one(request: str) -> int:
        sent.clear()
        await api.post("/v1/purchases", buy(request, card, [line(1, 100)]), scope="till")
        return len(sent)

    monkeypatch.setattr(Burst, "execute", counted)
    without = await of_one("r-1")
    await put_ladder(api, BY_SPENDING)
    await of_one("r-2")  # reads the program anew
    # The statement that measures; the marks of tiers are read with it, and nothing is written where nobody climbs.
    assert await of_one("r-3") == without + 1
