"""What callers do at once to games: the last prizes, a free play, a draw, a ticket and its draw, a survey."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime

from regulars.flows.check_ledger import check_ledger
from regulars.programs import registry
from tests.api.games import DRAW, GOOD, NOON, SURVEY, all_on, put_wheel, spin
from tests.api.shop import balance, give, member_with_card
from tests.races.acts import Houses, at_once, outcomes
from tests.waiting import until_others_wait


async def require_order(houses: Houses) -> None:
    """The books are in order."""
    assert await check_ledger(houses.database, houses.apps[0].program.id) == ()


async def spin_for_the_last_three(houses: Houses) -> None:
    """50 spins at once that all land on a prize of which there are three: three have it, 47 the consolation."""
    await put_wheel(houses.at(0), fields=all_on("hundred", stock=3), free={"most": 5, "period": "day"})
    members = [(await member_with_card(houses.at(0)))[0] for _ in range(10)]
    answers = await at_once([spin(houses.at(n), members[n % 10]) for n in range(50)])
    assert outcomes(answers) == {"201": 50}
    assert Counter(one.json()["given"] for one in answers) == {"hundred": 3, "nothing": 47}
    assert sorted(one.json()["number"] for one in answers) == list(range(1, 51))
    assert sum([(await balance(houses.at(0), member))["available"] for member in members]) == 300
    await require_order(houses)


async def spin_beyond_the_free_ones(houses: Houses) -> None:
    """One member ten times at once, two free: two are played."""
    await put_wheel(houses.at(0), fields=all_on("nothing"), free={"most": 2, "period": "day"})
    member, _ = await member_with_card(houses.at(0))
    answers = await at_once([spin(houses.at(n), member) for n in range(10)])
    assert outcomes(answers) == {"201": 2, "409 no_play_left": 8}


async def draw_many_times(houses: Houses) -> None:
    """Four hold a draw at once: one result, each prize once."""
    api = houses.at(0)
    assert (await api.call("PUT", "/v1/draws/spring", DRAW)).status_code == 200
    members = [(await member_with_card(api))[0] for _ in range(4)]
    for member in members:
        given = await api.post(f"/v1/members/{member}/tickets", {"draw": "spring", "given": True})
        assert given.status_code == 201, given.text
    async with houses.database.transaction(api.program.id) as tx:
        # The clock alone, not what falls due on the way: that would draw.
        await registry.move_clock(tx, api.program.id, datetime.fromisoformat(NOON))
    async with houses.database.transaction(api.program.id) as tx:
        await tx.execute("SELECT 1 FROM lottery FOR UPDATE")
        drawing = [asyncio.create_task(houses.at(n).post("/v1/draws/spring/hold")) for n in range(4)]
        await until_others_wait(tx, 4)
    answers = await asyncio.gather(*drawing)
    assert outcomes(answers) == {"200": 4}
    assert len({answer.text for answer in answers}) == 1
    assert sorted([(await balance(api, member))["available"] for member in members]) == [0, 100, 100, 1000]
    await require_order(houses)


async def give_a_ticket_back_while_it_is_drawn(houses: Houses) -> None:
    """A ticket is void, or it was drawn: never both."""
    api = houses.at(0)
    assert (await api.call("PUT", "/v1/draws/spring", DRAW)).status_code == 200
    member, _ = await member_with_card(api)
    await give(api, member, 10)
    bought = await api.post(f"/v1/members/{member}/tickets", {"draw": "spring"})
    ticket = bought.json()["items"][0]["id"]
    async with houses.database.transaction(api.program.id) as tx:
        await tx.execute("UPDATE lottery SET drawn_at = now()")
        voiding = asyncio.create_task(api.post(f"/v1/tickets/{ticket}/void", {"reason": "x"}))
        await until_others_wait(tx)
    assert outcomes([await voiding]) == {"409 state_conflict": 1}
    assert (await balance(api, member))["available"] == 0
    await require_order(houses)


async def answer_many_times(houses: Houses) -> None:
    """One survey answered ten times at once: once, and rewarded once."""
    assert (await houses.at(0).call("PUT", "/v1/surveys/visit", SURVEY)).status_code == 200
    member, _ = await member_with_card(houses.at(0))
    body = {"survey": "visit", "answers": GOOD}
    answers = await at_once([houses.at(n).post(f"/v1/members/{member}/answers", body) for n in range(10)])
    assert outcomes(answers) == {"201": 1, "409 already_answered": 9}
    assert (await balance(houses.at(0), member))["available"] == 10
    await require_order(houses)
