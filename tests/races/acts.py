"""What callers do at once, and what must come of it. `test_guards` takes a guard away and plays the same acts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from typing import Any

import httpx
from msgspec import Struct
from psycopg.sql import SQL, Identifier

from regulars.db.pool import Database
from regulars.ledger.check import check
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    give,
    giving_back,
    line,
    member_with_card,
    publish,
    record,
)

FIVE_OFF = {
    "name": "Five off",
    "group": "basket",
    "benefits": [{"kind": "basket_amount_off", "amount": 500}],
}


class Houses(Struct):
    """One program behind two applications."""

    apps: tuple[Api, Api]
    database: Database

    def at(self, n: int) -> Api:
        """The application that takes the n-th call."""
        return self.apps[n % 2]

    async def rows(self, table: str) -> int:
        """How many rows the program has in a table."""
        async with self.database.transaction(self.apps[0].program.id) as tx:
            counted = SQL("SELECT count(*) FROM {}").format(Identifier(table))
            row = await (await tx.execute(counted)).fetchone()
        assert row is not None
        return row[0]

    async def require_good_books(self) -> None:
        """Nothing is wrong in the ledger."""
        program = self.apps[0].program.id
        async with self.database.transaction(program) as tx:
            assert await check(tx, program) == ()


async def at_once(calls: Sequence[Awaitable[httpx.Response]]) -> list[httpx.Response]:
    """All answers, in the order of the calls."""
    return list(await asyncio.gather(*calls))


def outcomes(answers: Sequence[httpx.Response]) -> Counter[str]:
    """How often which status, with the code of a problem."""
    return Counter(
        str(a.status_code) if a.status_code < 400 else f"{a.status_code} {a.json()['code']}" for a in answers
    )


async def spend_one_balance(houses: Houses) -> None:
    """50 purchases of 100 points each, and 1,000 points: exactly 10 succeed."""
    member, card = await member_with_card(houses.at(0))
    await give(houses.at(0), member, 1000)
    wish = [{"currency": "PTS", "amount": 100}]

    answers = await at_once(
        [
            houses.at(n).post("/v1/purchases", buy(f"r-{n}", card, [line(1, 100)], spend=wish), scope="till")
            for n in range(50)
        ]
    )

    assert outcomes(answers) == {"201": 10, "409 insufficient_points": 40}
    assert await balance(houses.at(0), member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert await houses.rows("purchase") == 10
    await houses.require_good_books()


async def send_one_request_many_times(houses: Houses) -> None:
    """The same request 20 times: one purchase, 20 equal answers."""
    await publish(houses.at(0), MEMBER_POINTS)
    member, card = await member_with_card(houses.at(0))
    body = buy("r-1", card, [line(1, 1000)])

    answers = await at_once([houses.at(n).post("/v1/purchases", body, scope="till") for n in range(20)])

    assert outcomes(answers) == {"201": 20}
    assert [a.json() for a in answers] == [answers[0].json()] * 20
    assert sum("idempotent-replayed" in a.headers for a in answers) == 19
    assert await houses.rows("purchase") == 1
    assert (await balance(houses.at(0), member))["available"] == 10
    await houses.require_good_books()


async def _held(houses: Houses) -> tuple[str, str]:
    member, card = await member_with_card(houses.at(0))
    await give(houses.at(0), member, 500)
    wish = [{"currency": "PTS", "amount": 500}]
    hold = await record(houses.at(0), buy("h-1", card, [line(1, 1000)], spend=wish, hold=True))
    return member, hold["id"]


async def confirm_one_hold_many_times(houses: Houses) -> None:
    """One hold, 20 confirmations: one comes about."""
    member, purchase = await _held(houses)

    answers = await at_once(
        [houses.at(n).post(f"/v1/purchases/{purchase}/confirm", {}, scope="till") for n in range(20)]
    )

    assert outcomes(answers) == {"200": 1, "409 state_conflict": 19}
    assert (await houses.rows("resolution"), await houses.rows("confirmation")) == (1, 1)
    assert await balance(houses.at(0), member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    await houses.require_good_books()


async def confirm_and_void_one_hold(houses: Houses) -> None:
    """Whichever comes first, the hold ends once, and after a void all the points are back."""
    member, purchase = await _held(houses)

    answers = await at_once(
        [
            houses.at(n // 2).post(
                f"/v1/purchases/{purchase}/{'confirm' if n % 2 else 'void'}", {}, scope="till"
            )
            for n in range(16)
        ]
    )

    confirmed = outcomes(answers[1::2])
    assert confirmed in ({"409 state_conflict": 8}, {"200": 1, "409 state_conflict": 7})
    assert outcomes(answers[::2]) == {"200": 8}
    assert (await houses.rows("resolution"), await houses.rows("voiding")) == (1, 1)
    assert await houses.rows("confirmation") == confirmed["200"]
    assert await balance(houses.at(0), member) == {"available": 500, "pending": 0, "held": 0, "debt": 0}
    await houses.require_good_books()


async def return_one_line_many_times(houses: Houses) -> None:
    """One piece, 10 returns of it: one is taken, and its points come back once."""
    await publish(houses.at(0), MEMBER_POINTS)
    member, card = await member_with_card(houses.at(0))
    await give(houses.at(0), member, 400)
    wish = [{"currency": "PTS", "amount": 400}]
    bought = await record(houses.at(0), buy("r-1", card, [line(1, 1000)], spend=wish))

    answers = await at_once(
        [
            houses.at(n).post(
                f"/v1/purchases/{bought['id']}/returns", giving_back(f"b-{n}", (1, "1")), scope="till"
            )
            for n in range(10)
        ]
    )

    assert outcomes(answers) == {"201": 1, "409 already_returned": 9}
    assert await houses.rows("goods_return") == 1
    assert await balance(houses.at(0), member) == {"available": 400, "pending": 0, "held": 0, "debt": 0}
    await houses.require_good_books()


async def publish_and_stop_while_buying(houses: Houses) -> None:
    """From the answer on it counts, or counts no more, in both applications; every award can be explained."""
    made = await houses.at(0).post("/v1/promotions", FIVE_OFF)
    promotion = f"/v1/promotions/{made.json()['id']}"
    sold: list[dict[str, Any]] = []

    async def buying(name: str, count: int) -> list[int]:
        answers = await asyncio.gather(
            *(record(houses.at(n), buy(f"{name}-{n}", None, [line(1, 1000)])) for n in range(count))
        )
        sold.extend(answers)
        return [answer["discount"] for answer in answers]

    before = await buying("before", 2)
    during, published = await asyncio.gather(buying("during", 20), houses.at(0).post(f"{promotion}/publish"))
    live = await buying("live", 4)
    _, stopped = await asyncio.gather(buying("stopping", 20), houses.at(1).post(f"{promotion}/stop"))
    after = await buying("after", 4)

    assert (published.status_code, stopped.status_code) == (200, 200)
    assert (before, live, after) == ([0] * 2, [500] * 4, [0] * 4)
    assert set(during) <= {0, 500}
    for answer in sold:
        explained = (await houses.at(1).get(f"/v1/purchases/{answer['id']}/explanation")).json()
        assert sum(told["discount"] for told in explained["promotions"]) == answer["discount"]


async def give_up_while_it_arrives(houses: Houses) -> None:
    """A request and its void at once: in the end it is void, whichever came first."""
    await publish(houses.at(0), MEMBER_POINTS)
    member, card = await member_with_card(houses.at(0))
    count = 60
    voids = [
        houses.at(n + 1).post("/v1/purchases/void", {"request": f"r-{n}"}, scope="till") for n in range(count)
    ]
    purchases = [
        houses.at(n).post("/v1/purchases", buy(f"r-{n}", card, [line(1, 1000)]), scope="till")
        for n in range(count)
    ]

    answers = await at_once([call for pair in zip(purchases, reversed(voids), strict=True) for call in pair])

    assert outcomes(answers[1::2]) == {"200": count}
    assert outcomes(answers[::2]).keys() <= {"201", "409 request_voided"}
    assert await houses.rows("voiding") == await houses.rows("purchase") == outcomes(answers[::2])["201"]
    assert await balance(houses.at(0), member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    await houses.require_good_books()


async def send_a_batch_with_a_bad_row(houses: Houses, place: int) -> None:
    """128 purchases, one of which the database refuses: 127 are recorded, and that one can be sent again."""
    await publish(houses.at(0), MEMBER_POINTS)
    member, card = await member_with_card(houses.at(0))
    names = ["bad" if n == place else f"r-{n}" for n in range(128)]
    batch = {"purchases": [buy(name, card, [line(1, 100)]) for name in names]}

    answer = await houses.at(0).post("/v1/purchases/batch", batch, scope="till")

    assert answer.status_code == 200
    statuses = {item["request"]: item["status"] for item in answer.json()["items"]}
    assert statuses == {name: 500 if name == "bad" else 201 for name in names}
    assert answer.json()["items"][place]["problem"]["code"] == "internal_error"
    assert await houses.rows("purchase") == 127
    assert (await houses.at(0).get("/v1/purchases", request="bad")).json()["items"] == []
    assert (await balance(houses.at(0), member))["available"] == 127
    await houses.require_good_books()
