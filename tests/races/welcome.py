"""One person who joins by two ways at once, and leaves and joins again: the gift is given once."""

from __future__ import annotations

import asyncio

from tests.api.shop import settle
from tests.races.acts import Houses, at_once, outcomes

GIFT = {"currency": "PTS", "points": 250}
PHONE = "+37120000001"


async def join_by_two_ways_at_once(houses: Houses) -> None:
    """20 enrolments with one phone, by tills and a partner's issuer: one member, one gift."""
    await settle(houses.at(0), welcome=GIFT)
    answers = await at_once(
        [
            houses.at(n).post("/v1/members", {"phone": PHONE}, scope=("till", "issuer")[n // 2 % 2])
            for n in range(20)
        ]
    )

    assert outcomes(answers) == {"201": 1, "409 member_exists": 19}
    assert await houses.rows("welcome") == 2
    assert await houses.rows("posting") == 1
    await houses.require_good_books()


async def join_and_leave_again_and_again(houses: Houses) -> None:
    """Eight at once who enrol with one phone, each until it worked, and leave at once: eight memberships, one gift."""
    await settle(houses.at(0), welcome=GIFT)

    async def come_and_go(n: int) -> None:
        for _ in range(1000):
            answer = await houses.at(n).post("/v1/members", {"phone": PHONE})
            if answer.status_code == 201:
                left = await houses.at(n + 1).delete(f"/v1/members/{answer.json()['id']}")
                assert left.status_code == 200, left.text
                return
            assert answer.json()["code"] == "member_exists", answer.text
            await asyncio.sleep(0.01)
        raise AssertionError("never came in")

    await asyncio.gather(*(come_and_go(n) for n in range(8)))

    assert await houses.rows("member") == 8
    assert await houses.rows("posting") == 1
    await houses.require_good_books()
