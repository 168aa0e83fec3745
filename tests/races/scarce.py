"""What callers do at once to things that are scarce: budgets, use limits, unique codes; and what must come of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx

from regulars.flows.check_ledger import check_ledger
from regulars.flows.giving_back import release_lapsed
from tests.api.shop import buy, line, member_with_card, publish, record, settle
from tests.conftest import START
from tests.races.acts import Houses, at_once, outcomes

BUDGET = 150_000
TILLS = 100


def fifth(limits: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """−20 % with limits."""
    return {
        "name": "A fifth off",
        "group": "items",
        "benefits": [{"kind": "line_percent", "percent": "20"}],
        "limits": limits,
        **fields,
    }


async def sell(houses: Houses, count: int, price: int, card: str | None = None, **more: Any) -> list[int]:
    """So many tills sell at once; what each took off."""
    answers = await at_once(
        [
            houses.at(n).post(
                "/v1/purchases",
                buy(f"r-{n}", card, [line(1, price + n)], till=str(n), **more),
                scope="till",
            )
            for n in range(count)
        ]
    )
    assert outcomes(answers) == {"201": count}
    return discounts(answers)


def discounts(answers: list[httpx.Response]) -> list[int]:
    return [answer.json()["discount"] for answer in answers]


async def used(houses: Houses, promotion: str) -> list[int]:
    """What the limits of a promotion count, in the order of its document."""
    answer = (await houses.at(0).get(f"/v1/promotions/{promotion}/usage")).json()
    return [one["used"] for one in answer["limits"]]


async def require_order(houses: Houses) -> None:
    """The books are in order, and every counter is the sum of its claims."""
    assert await check_ledger(houses.database, houses.apps[0].program.id) == ()


async def spend_a_budget(houses: Houses, slices: int = 1) -> None:
    """100 tills at once, 20 % off about 100.00, and 1,500.00 to give: all of it is given, and not a cent more."""
    promotion = await publish(houses.at(0), fifth([{"per": "total", "amount": BUDGET, "slices": slices}]))

    given = await sell(houses, TILLS, 10_000)

    assert sum(given) == BUDGET
    assert await used(houses, promotion) == [BUDGET]
    await require_order(houses)


async def refuse_the_last_bit(houses: Houses) -> None:
    """The same, but nobody gets less than his fifth: as many get it as fit."""
    promotion = await publish(houses.at(0), fifth([{"per": "total", "amount": 50_050}], on_last="refuse"))

    given = await sell(houses, TILLS, 10_000)

    assert set(given) <= {0} | {(2 * (10_000 + n) + 5) // 10 for n in range(TILLS)}
    assert 50_050 - 2_021 < sum(given) <= 50_050
    assert await used(houses, promotion) == [sum(given)]
    await require_order(houses)


async def use_up_a_limit(houses: Houses) -> None:
    """100 tills at once and 37 uses: 37 get it. The others get what they may have instead."""
    promotion = await publish(houses.at(0), fifth([{"per": "total", "uses": 37}]))
    tenth = {"kind": "line_percent", "percent": "10"}
    await publish(houses.at(0), {"name": "A tenth", "group": "items", "benefits": [tenth]})

    given = await sell(houses, TILLS, 10_000)

    assert sum(discount >= 2_000 for discount in given) == 37
    assert sum(1_000 <= discount < 2_000 for discount in given) == 63
    assert await used(houses, promotion) == [37]
    await require_order(houses)


async def use_up_one_members_limit(houses: Houses) -> None:
    """One member at 50 tills at once, three times a day: three times."""
    promotion = await publish(houses.at(0), fifth([{"per": "member", "period": "day", "uses": 3}]))
    _, card = await member_with_card(houses.at(0))

    given = await sell(houses, 50, 10_000, card)

    assert sum(discount > 0 for discount in given) == 3
    assert await used(houses, promotion) == [3]
    await require_order(houses)


async def use_one_code(houses: Houses) -> None:
    """100 tills at once with the same unique code: one gets it, and all are told."""
    made = await houses.at(0).post("/v1/code-batches", {"name": "one", "count": 1, "pattern": "ONE-########"})
    await publish(houses.at(0), fifth([], conditions=[{"kind": "code", "batch": "one"}]))
    code = made.json()["codes"][0]

    answers = await at_once(
        [
            houses.at(n).post(
                "/v1/purchases",
                buy(f"r-{n}", None, [line(1, 1_000)], till=str(n), codes=[code]),
                scope="till",
            )
            for n in range(TILLS)
        ]
    )

    assert Counter(discounts(answers)) == {200: 1, 0: 99}
    told = Counter(refusal["code"] for answer in answers for refusal in answer.json()["refusals"])
    assert told.total() == 99
    assert set(told) <= {"code_used", "contended"}
    assert (await houses.at(0).get(f"/v1/code-batches/{made.json()['id']}")).json()["used"] == 1
    await require_order(houses)


async def cross_a_budget_by_batches(houses: Houses) -> None:
    """Four batches of 128 at once, each of which alone would pass the budget: it is given to the cent."""
    promotion = await publish(
        houses.at(0), fifth([{"per": "total", "amount": 25_001}, {"per": "store", "uses": 200}])
    )
    batches = [
        {"purchases": [buy(f"b-{b}-{n}", None, [line(1, 1_000)]) for n in range(128)]} for b in range(4)
    ]

    answers = await at_once(
        [houses.at(b).post("/v1/purchases/batch", batch, scope="till") for b, batch in enumerate(batches)]
    )

    given = [item["answer"]["discount"] for answer in answers for item in answer.json()["items"]]
    assert sum(given) == 25_001
    assert sum(discount > 0 for discount in given) == 126
    assert await used(houses, promotion) == [25_001, 126]
    await require_order(houses)


async def void_one_purchase_many_times(houses: Houses) -> None:
    """One hold and one recorded purchase, 10 voids of each at once: what they had comes back once."""
    promotion = await publish(houses.at(0), fifth([{"per": "total", "amount": 1_000}]))
    kept = await record(houses.at(0), buy("kept", None, [line(1, 1_000)]))
    hold = await record(houses.at(0), buy("held", None, [line(1, 1_000)], hold=True))
    sold = await record(houses.at(0), buy("sold", None, [line(1, 1_000)]))

    await at_once(
        [
            houses.at(n // 2).post(f"/v1/purchases/{(hold, sold)[n % 2]['id']}/void", {}, scope="till")
            for n in range(20)
        ]
    )

    assert kept["discount"] == 200
    assert await used(houses, promotion) == [200]
    await require_order(houses)


async def confirm_while_it_lapses(houses: Houses) -> None:
    """20 holds are confirmed as the worker lets them lapse: each keeps what it was confirmed with."""
    promotion = await publish(houses.at(0), fifth([{"per": "total", "amount": 10_000}]))
    held = [
        await record(houses.at(n), buy(f"h-{n}", None, [line(1, 1_000)], hold=True, hold_seconds=60))
        for n in range(20)
    ]
    lapsing = release_lapsed(houses.database, houses.apps[0].program.id, START + timedelta(seconds=60))

    answers, _ = await asyncio.gather(
        at_once(
            [
                houses.at(n).post(f"/v1/purchases/{one['id']}/confirm", {}, scope="till")
                for n, one in enumerate(held)
            ]
        ),
        lapsing,
    )

    assert outcomes(answers) == {"200": 20}
    assert await used(houses, promotion) == [20 * 200]
    await require_order(houses)


async def lapse_and_void_and_use(houses: Houses) -> None:
    """A hold has all of a budget; it lapses, is voided and its budget is wanted, all at once: it is given once."""
    promotion = await publish(houses.at(0), fifth([{"per": "total", "amount": 200}]))
    hold = await record(houses.at(0), buy("h", None, [line(1, 1_000)], hold=True, hold_seconds=60))
    program = houses.apps[0].program.id

    await asyncio.gather(
        *(release_lapsed(houses.database, program, START + timedelta(seconds=60)) for _ in range(4)),
        at_once([houses.at(n).post(f"/v1/purchases/{hold['id']}/void", {}, scope="till") for n in range(8)]),
        sell(houses, 20, 1_000),
    )
    rest = await sell_again(houses)

    async with houses.database.transaction(program) as tx:
        row = await (await tx.execute("SELECT sum(discount) FROM purchase WHERE NOT held")).fetchone()
    assert row == (200,)
    assert rest in (0, 200)
    assert await used(houses, promotion) == [200]
    await require_order(houses)


async def sell_again(houses: Houses) -> int:
    """One more, for what may be left."""
    return (await record(houses.at(0), buy("rest", None, [line(1, 1_000)])))["discount"]


async def return_one_line_many_times(houses: Houses) -> None:
    """One piece, 10 returns of it at once: the budget gets its share back once."""
    await settle(houses.at(0), proof_above_a_day=None)
    promotion = await publish(houses.at(0), fifth([{"per": "total", "amount": 1_000}]))
    bought = await record(houses.at(0), buy("r", None, [line(1, 1_000, "2")]))

    body = {"lines": [{"line": 1, "quantity": "2"}], "returned_at": "2026-03-01T11:00:00+02:00"}
    answers = await at_once(
        [
            houses.at(n).post(f"/v1/purchases/{bought['id']}/returns", {"id": f"b-{n}", **body}, scope="till")
            for n in range(10)
        ]
    )

    assert outcomes(answers) == {"201": 1, "409 already_returned": 9}
    assert await used(houses, promotion) == [0]
    await require_order(houses)
