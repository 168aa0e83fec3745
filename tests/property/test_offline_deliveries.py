"""Receipts of an outage come in any order, in any pieces, any number of times: the books end the same."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import httpx
import pytest
from tests.api.conftest import Api, client, letters, new_api
from tests.api.shop import balance, settle
from tests.api.test_offline import send, spender
from tests.api.tills import Till, till_of
from tests.conftest import START

from regulars.db.pool import Database, fetch_all
from regulars.ledger.check import check
from regulars.programs import registry

__all__ = ["client", "letters"]


async def outage(shop: Api, chance: Random) -> tuple[list[dict[str, Any]], list[str]]:
    """What two tills sold without the line, some of it beyond what they might; the receipts, and the members."""
    await settle(shop, offline={"spend_per_till": 1500, "spend_per_member": 800})
    members = [await spender(shop, 1000) for _ in range(3)]
    tills: list[Till] = [await till_of(shop) for _ in range(2)]
    receipts: list[dict[str, Any]] = []
    for _ in range(14):
        till, (_, card) = chance.choice(tills), chance.choice(members)
        points = chance.choice([0, 0, 50, 120, 300, 450])
        reused = chance.random() < 0.1 and till.counter > 0
        receipts.append(till.sold(card, points, counter=till.counter if reused else None))
    return receipts, [member for member, _ in members]


async def deliver(shop: Api, receipts: list[dict[str, Any]], chance: Random) -> None:
    """All of them in an order of chance, in pieces, some of them again; at last all once more."""
    waiting = chance.sample(receipts, len(receipts))
    while waiting:
        size = chance.randint(1, 5)
        again = chance.sample(receipts, chance.randint(0, 2))
        await send(shop, *waiting[:size], *again)
        waiting = waiting[size:]
    await send(shop, *receipts)


async def books(shop: Api, database: Database, members: list[str]) -> dict[str, Any]:
    """What is left of it all, without the ids."""
    told = (await shop.get("/v1/till/conflicts", scope="read", limit=200)).json()
    devices = (await shop.get("/v1/till/devices", scope="read")).json()["items"]
    async with database.transaction(shop.program.id) as tx:
        assert await check(tx, shop.program.id) == ()
        borne = await fetch_all(
            tx, "SELECT amount FROM entry WHERE source = 'issued' AND target = 'redeemed'"
        )
    sums: Counter[str] = Counter()
    for one in told["sums"]:
        sums[one["kind"]] += one["amount"]
    return {
        "balances": [await balance(shop, member) for member in members],
        "borne": sum(row[0] for row in borne),
        "sums": sums,
        "reused": sum(one["count"] for one in told["sums"] if one["kind"] == "counter_reused"),
        "gaps": told["gaps"],
        "devices": [(one["counter"], one["receipts"], one["missing"]) for one in devices],
    }


@pytest.mark.parametrize("seed", range(5))
async def test_the_books_do_not_depend_on_the_order_or_number_of_deliveries(
    client: httpx.AsyncClient, database: Database, seed: int
) -> None:
    ends: list[dict[str, Any]] = []
    for order in range(3):
        shop = await new_api(client, database)
        async with database.transaction(shop.program.id) as tx:
            await registry.move_clock(tx, shop.program.id, START)
        receipts, members = await outage(shop, Random(seed))
        if order:
            await deliver(shop, receipts, Random(1000 * seed + order))
        else:
            await send(shop, *receipts)
        ends.append(await books(shop, database, members))

    assert ends[0] == ends[1] == ends[2]
    assert ends[0]["gaps"] == []
    assert sum(one["available"] for one in ends[0]["balances"]) < 3000
