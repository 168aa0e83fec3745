"""What sources send at once, and what must come of it; `test_activity_at_once` plays it without its guards too."""

from __future__ import annotations

import asyncio

from regulars import ids
from regulars.flows.sharing import locked_member
from tests.api.activity import LISTEN, VISIT, declare, did, has
from tests.api.shop import member_with_card
from tests.races.acts import Houses, at_once, outcomes
from tests.waiting import until_others_wait

AT = "2026-03-01T10:00:00+02:00"


async def reach_the_days_limit_together(houses: Houses) -> None:
    """50 visits at once, five points each, and 20 points a day at the most."""
    await declare(houses.at(0), "visit", VISIT)
    member, _ = await member_with_card(houses.at(0))
    answers = await at_once(
        [
            houses.at(n).post(f"/v1/members/{member}/events", did(f"v-{n}", "visit", AT), scope="issuer")
            for n in range(50)
        ]
    )
    assert outcomes(answers) == {"201": 50}
    assert sorted(a.json()["earned"][0]["amount"] for a in answers) == [0] * 46 + [5] * 4
    assert await has(houses.at(0), member) == (20, 0)
    await houses.require_good_books()


async def send_one_id_many_times(houses: Houses) -> None:
    """The same activity twenty times at once is one."""
    await declare(houses.at(0), "visit", VISIT)
    member, _ = await member_with_card(houses.at(0))
    answers = await at_once(
        [
            houses.at(n).post(f"/v1/members/{member}/events", did("v-1", "visit", AT), scope="issuer")
            for n in range(20)
        ]
    )
    assert outcomes(answers) == {"201": 20}
    assert len({answer.content for answer in answers}) == 1
    assert sum(answer.headers.get("idempotent-replayed") == "true" for answer in answers) == 19
    assert await houses.rows("activity") == 1
    assert await has(houses.at(0), member) == (5, 0)


async def wait_for_the_last_points_of_the_day(houses: Houses) -> None:
    """Two that wait for the same member's pool, and one point left of the day: one of them gets it."""
    house = houses.at(0)
    await declare(house, "listen", LISTEN)
    member, _ = await member_with_card(house)
    await house.post(f"/v1/members/{member}/events", did("l-0", "listen", AT, listens=1900), scope="issuer")
    async with houses.database.transaction(house.program.id) as tx:
        await locked_member(tx, house.program, ids.read("mem", member))
        calls = [
            asyncio.create_task(
                houses.at(n).post(
                    f"/v1/members/{member}/events",
                    did(f"l-{n + 1}", "listen", AT, listens=200),
                    scope="issuer",
                )
            )
            for n in range(2)
        ]
        await until_others_wait(tx, 2)
    answers = await asyncio.gather(*calls)
    assert sorted(answer.json()["earned"][0]["amount"] for answer in answers) == [0, 1]
    assert await has(house, member) == (10, 0)


async def decide_twice_at_once(houses: Houses) -> None:
    """One is accepted by two people at once: it earns once."""
    house = houses.at(0)
    await declare(house, "visit", VISIT, review="always")
    member, _ = await member_with_card(house)
    sent = await house.post(f"/v1/members/{member}/events", did("v-1", "visit", AT), scope="issuer")
    path = f"/v1/activities/{sent.json()['id']}/review"
    async with houses.database.transaction(house.program.id) as tx:
        await locked_member(tx, house.program, ids.read("mem", member))
        calls = [
            asyncio.create_task(houses.at(n).post(path, {"accept": True, "reason": "seen"})) for n in range(2)
        ]
        await until_others_wait(tx, 2)
    assert outcomes(await asyncio.gather(*calls)) == {"200": 1, "409 state_conflict": 1}
    assert await has(house, member) == (5, 0)


async def close_a_month_twice_at_once(houses: Houses) -> None:
    """A month of ten members is closed by four callers at once: each gets hers once."""
    house = houses.at(0)
    monthly = {**VISIT, "rules": [{"currency": "PTS", "points": 5, "when": "monthly"}], "late_days": 40}
    await declare(house, "visit", monthly)
    members = [(await member_with_card(house))[0] for _ in range(10)]
    for n, member in enumerate(members):
        sent = did(f"v-{n}", "visit", "2026-02-20T10:00:00+02:00")
        assert (await house.post(f"/v1/members/{member}/events", sent)).status_code == 201
    path, month = "/v1/activity-kinds/visit/close", {"month": "2026-03"}
    moved = await house.post("/v1/sandbox/clock", {"now": "2026-03-31T23:00:00+03:00"})
    assert moved.status_code == 200, moved.text
    async with houses.database.transaction(house.program.id) as tx:
        # As the world's clock would have it: time goes on, and no job has run yet.
        await tx.execute(
            "UPDATE program SET clock_at = '2026-04-01T09:00:00+03:00' WHERE id = %s", (house.program.id,)
        )
    answers = await at_once([houses.at(n).post(path, month) for n in range(4)])
    assert outcomes(answers) == {"200": 4}
    assert [await has(house, member) for member in members] == [(5, 0)] * 10
    await houses.require_good_books()
