"""What members do at once for challenges, and what must come of it, in an order that a lock of the test's own makes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg.sql import SQL, Identifier

from regulars.db.pool import Transaction
from tests.api.quests import THREE_VISITS, guest, progress, put_quest, reached, shopping
from tests.api.shop import AT, balance, buy, giving_back, line
from tests.races.acts import Houses, outcomes
from tests.waiting import until_others_wait


@asynccontextmanager
async def holding(houses: Houses, row: str) -> AsyncIterator[Transaction]:
    """Hold the rows of a table, so that whoever writes them waits."""
    async with houses.database.transaction(houses.apps[0].program.id) as tx:
        await tx.execute(SQL("SELECT FROM {} FOR UPDATE").format(Identifier(row)))
        yield tx


async def done(houses: Houses, member: str) -> tuple[int, int, int]:
    """How many points she has, how many prizes that stand, and how many times the program counts it as won."""
    api = houses.at(0)
    prizes = [one for one in (await progress(api, member))["prizes"] if one["taken_at"] is None]
    won = sum(one["won"] for one in (await api.get("/v1/challenges")).json()["items"])
    return (await balance(api, member))["available"], len(prizes), won


async def complete_together(houses: Houses) -> None:
    """Two purchases at once that together do what is missing: it is done once."""
    await put_quest(houses.at(0), "visits", THREE_VISITS)
    member, card = await guest(houses.at(0))
    await shopping(houses.at(0), "p-0", card, AT, "tea")
    async with holding(houses, "quest_standing") as tx:
        buying = [
            asyncio.create_task(
                houses.at(n).post("/v1/purchases", buy(f"p-{n + 1}", card, [line(1, 500)]), scope="till")
            )
            for n in range(2)
        ]
        await until_others_wait(tx, 2)
    answers = await asyncio.gather(*buying)

    assert outcomes(answers) == {"201": 2}
    said = sorted(text for answer in answers for text in answer.json()["messages"]["receipt"])
    assert said == ["2 of 3 – Three visits", "Challenge completed: Three visits, +150\u00a0points"]
    assert await done(houses, member) == (150, 1, 1)


async def win_the_last_prize(houses: Houses) -> None:
    """Two members at once, and one winner: one has it, the other is told that it is gone."""
    await put_quest(houses.at(0), "first", THREE_VISITS, goal={"kind": "count", "need": 1}, winners=1)
    members = [await guest(houses.at(0)) for _ in range(2)]
    async with holding(houses, "quest_budget") as tx:
        buying = [
            asyncio.create_task(
                houses.at(n).post("/v1/purchases", buy(f"p-{n}", card, [line(1, 500)]), scope="till")
            )
            for n, (_, card) in enumerate(members)
        ]
        await until_others_wait(tx, 2)
    answers = await asyncio.gather(*buying)

    assert outcomes(answers) == {"201": 2}
    said = sorted(text for answer in answers for text in answer.json()["messages"]["receipt"])
    assert said == [
        "Challenge completed: Three visits, +150\u00a0points",
        "Three visits is done, but all prizes are gone",
    ]
    found: list[Any] = sorted([await done(houses, member) for member, _ in members])
    assert found == [(0, 0, 1), (150, 1, 1)]


async def give_back_while_it_is_completed(houses: Houses) -> None:
    """What would complete it and a return of what it rests on, at once: whichever is first, it is not done then."""
    await put_quest(houses.at(0), "visits", THREE_VISITS)
    member, card = await guest(houses.at(0))
    first = await shopping(houses.at(0), "p-0", card, AT, "tea")
    await shopping(houses.at(0), "p-1", card, AT, "tea")
    async with holding(houses, "quest_standing") as tx:
        acts = [
            asyncio.create_task(
                houses.at(0).post("/v1/purchases", buy("p-2", card, [line(1, 500)]), scope="till")
            ),
            asyncio.create_task(
                houses.at(1).post(
                    f"/v1/purchases/{first['id']}/returns", giving_back("r-0", (1, "1")), scope="till"
                )
            ),
        ]
        await until_others_wait(tx, 2)
    assert outcomes(await asyncio.gather(*acts)) == {"201": 2}

    assert await reached(houses.at(0), member, "visits") == (2, 3, "open")
    assert await done(houses, member) == (0, 0, 0)
