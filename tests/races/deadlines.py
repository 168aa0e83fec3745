"""What callers do at the very moment at which something ends: points expire, holds lapse, a purchase is voided."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from regulars.flows.check_ledger import check_ledger
from regulars.flows.expire_points import expire_points
from regulars.flows.lapse_holds import lapse_holds
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
    set_clock,
)
from tests.races.acts import Houses, at_once, outcomes

LAST_SECOND = "2027-03-01T23:59:59+02:00"
"""Points that were given on 1 March 2026 may still be used."""
OVER = datetime(2027, 3, 1, 22, tzinfo=UTC)
"""The instant at which they expire."""
ONE_USE: dict[str, Any] = {
    "name": "The first gets a tenth",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "10"}],
    "limits": [{"per": "total", "uses": 1}],
}
ROUNDS = 5


async def moved(houses: Houses, kind: str) -> int:
    """How many points went into an account of the books, by postings of any kind."""
    async with houses.database.transaction(houses.apps[0].program.id) as tx:
        row = await (
            await tx.execute("SELECT coalesce(sum(amount), 0) FROM entry WHERE target = %s", (kind,))
        ).fetchone()
    assert row is not None
    return int(row[0])


async def require_order(houses: Houses) -> None:
    """Nothing is wrong in the ledger or in what is counted of limits and codes."""
    assert await check_ledger(houses.database, houses.apps[0].program.id) == ()


async def spend_while_it_expires(houses: Houses) -> None:
    """Five times 1,000 points, 40 purchases that want 100 each, and the night's expiry: each point goes once."""
    cards = [await member_with_card(houses.at(0)) for _ in range(ROUNDS)]
    for member, _ in cards:
        await give(houses.at(0), member, 1000)
    await set_clock(houses.at(0), LAST_SECOND)
    for n in range(2):  # so that both know the till
        await record(houses.at(n), buy(f"first-{n}", None, [line(1, 100)], purchased_at=LAST_SECOND))
    wish = [{"currency": "PTS", "amount": 100}]
    bodies = [
        buy(f"r-{n}", cards[n % ROUNDS][1], [line(1, 100)], purchased_at=LAST_SECOND, spend=wish)
        for n in range(40)
    ]
    buying = [
        asyncio.create_task(houses.at(n).post("/v1/purchases", body, scope="till"))
        for n, body in enumerate(bodies)
    ]
    # The clocks of a live program's processes differ by a little: for the worker the points are over already.
    await asyncio.wait(buying, return_when=asyncio.FIRST_COMPLETED)
    await expire_points(houses.database, houses.apps[0].program.id, OVER)
    answers = await asyncio.gather(*buying)

    paid = outcomes(answers)
    assert paid.keys() <= {"201", "409 insufficient_points"}
    spent = 100 * paid["201"]
    assert (await moved(houses, "redeemed"), await moved(houses, "expired")) == (spent, 1000 * ROUNDS - spent)
    for member, _ in cards:
        assert (await balance(houses.at(0), member))["available"] == 0
    await require_order(houses)


async def confirm_while_it_lapses(houses: Houses) -> None:
    """A hold of 500 points and of the only use of an offer, 6 confirmations and the lapse at once, five times."""
    promotion = await publish(houses.at(0), {**ONE_USE, "limits": [{"per": "total", "uses": ROUNDS}]})
    for number in range(ROUNDS):
        member, card = await member_with_card(houses.at(0))
        await give(houses.at(0), member, 500)
        wish = [{"currency": "PTS", "amount": 500}]
        body = buy(f"h-{number}", card, [line(1, 1000)], spend=wish, hold=True, hold_seconds=60)
        hold = await record(houses.at(0), body)
        lapsed = datetime.fromisoformat(hold["held_until"])
        calls: list[Any] = [
            houses.at(n).post(f"/v1/purchases/{hold['id']}/confirm", {}, scope="till") for n in range(6)
        ]
        calls.insert(3, lapse_holds(houses.database, houses.apps[0].program.id, lapsed))
        answers = await at_once(calls)

        del answers[3]
        assert outcomes(answers) == {"200": 1, "409 state_conflict": 5}
        assert await houses.rows("confirmation") == await houses.rows("resolution") == number + 1
        assert await balance(houses.at(0), member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
        usage = (await houses.at(0).get(f"/v1/promotions/{promotion}/usage")).json()["limits"]
        assert [(one["used"], one["left"]) for one in usage] == [(number + 1, ROUNDS - number - 1)]
    await require_order(houses)


async def return_and_void_at_once(houses: Houses) -> None:
    """Three pieces, six returns of one and two voids: everything comes back, and nothing twice."""
    await publish(houses.at(0), MEMBER_POINTS)
    await publish(houses.at(0), ONE_USE)
    member, card = await member_with_card(houses.at(0))
    await give(houses.at(0), member, 400)
    wish = [{"currency": "PTS", "amount": 400}]
    bought = await record(houses.at(0), buy("r-1", card, [line(1, 1000, "3")], spend=wish))
    path = f"/v1/purchases/{bought['id']}"
    calls = [
        houses.at(n).post(f"{path}/returns", giving_back(f"b-{n}", (1, "1")), scope="till") for n in range(6)
    ]
    for place in (2, 5):
        calls.insert(place, houses.at(place).post(f"{path}/void", {}, scope="till"))

    answers = await at_once(calls)

    voids = outcomes([answers.pop(5), answers.pop(2)])
    returns = outcomes(answers)
    assert voids in ({"200": 2}, {"409 state_conflict": 2})
    assert returns["201"] == (3 if voids["200"] == 0 else returns["201"]) <= 3
    money = sum(answer.json()["money_back"] for answer in answers if answer.status_code == 201)
    assert money == round(bought["payable"] * returns["201"] / 3)
    assert await houses.rows("goods_return") == returns["201"]
    assert await balance(houses.at(0), member) == {"available": 400, "pending": 0, "held": 0, "debt": 0}
    assert (await record(houses.at(0), buy("next", None, [line(1, 1000)])))["discount"] == 100
    await require_order(houses)
