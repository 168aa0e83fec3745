"""What callers do at once to rewards: the last in stock, a member's limit, one voucher, one redemption."""

from __future__ import annotations

import asyncio

from regulars import ids
from regulars.flows.check_ledger import check_ledger
from regulars.promotions import vouchers
from tests.api.prizes import act, claim, claimed, left, offer, sold_voucher
from tests.api.shop import balance, give, member_with_card
from tests.races.acts import Houses, at_once, outcomes
from tests.waiting import until_others_wait


async def require_order(houses: Houses) -> None:
    """Books, stock and steps are in order."""
    assert await check_ledger(houses.database, houses.apps[0].program.id) == ()


async def claim_the_last_five(houses: Houses) -> None:
    """20 members at once, and five in stock: five have it, 15 are refused and pay nothing."""
    reward = await offer(houses.at(0), 5)
    members = [(await member_with_card(houses.at(0)))[0] for _ in range(20)]
    for member in members:
        await give(houses.at(0), member, 250)
    answers = await at_once([claim(houses.at(n), member, reward) for n, member in enumerate(members)])
    assert outcomes(answers) == {"201": 5, "409 out_of_stock": 15}
    left_over = [(await balance(houses.at(0), member))["available"] for member in members]
    assert sorted(left_over) == [0] * 5 + [250] * 15
    assert await left(houses.at(0), reward) == 0
    await require_order(houses)


async def claim_beyond_a_limit(houses: Houses) -> None:
    """Ten members at once, and three for all together: three have it."""
    reward = await offer(houses.at(0), limits=[{"per": "total", "most": 3, "period": "day"}])
    members = [(await member_with_card(houses.at(0)))[0] for _ in range(10)]
    for member in members:
        await give(houses.at(0), member, 250)
    answers = await at_once([claim(houses.at(n), member, reward) for n, member in enumerate(members)])
    assert outcomes(answers) == {"201": 3, "409 limit_reached": 7}
    await require_order(houses)


async def claim_beyond_ones_own_limit(houses: Houses) -> None:
    """One member ten times at once, two for each: two are hers."""
    reward = await offer(houses.at(0), limits=[{"per": "member", "most": 2}])
    member, _ = await member_with_card(houses.at(0))
    await give(houses.at(0), member, 2500)
    answers = await at_once([claim(houses.at(n), member, reward) for n in range(10)])
    assert outcomes(answers) == {"201": 2, "409 limit_reached": 8}
    assert (await balance(houses.at(0), member))["available"] == 2000
    await require_order(houses)


async def redeem_one_voucher_many_times(houses: Houses) -> None:
    """20 doors and one voucher: it opens one."""
    reward = await sold_voucher(houses.at(0))
    member, _ = await member_with_card(houses.at(0))
    await give(houses.at(0), member, 500)
    code = (await claimed(houses.at(0), member, reward))["vouchers"][0]["code"]
    answers = await at_once(
        [houses.at(n).post("/v1/vouchers/redeem", {"code": code}, scope="till") for n in range(20)]
    )
    assert outcomes(answers) == {"200": 1, "409 voucher_used": 19}
    await require_order(houses)


async def block_while_it_is_redeemed(houses: Houses) -> None:
    """A voucher is blocked while its use is waited for: it opens nothing."""
    api = houses.at(0)
    reward = await sold_voucher(api)
    member, _ = await member_with_card(api)
    await give(api, member, 500)
    voucher = (await claimed(api, member, reward))["vouchers"][0]
    code = {"code": voucher["code"]}
    async with houses.database.transaction(api.program.id) as tx, tx.transaction(force_rollback=True):
        found = await vouchers.find(tx, api.program.id, ids.read("vch", voucher["id"]))
        assert found is not None
        assert await vouchers.take(tx, api.program.id, found.id, found.batch, 1, found.uses)
        redeeming = asyncio.create_task(api.post("/v1/vouchers/redeem", code, scope="till"))
        await until_others_wait(tx)
        blocked = await houses.at(1).post("/v1/vouchers/block", {**code, "reason": "lost"})
        assert blocked.status_code == 200
    assert outcomes([await redeeming]) == {"409 voucher_blocked": 1}
    await require_order(houses)


async def cancel_one_many_times(houses: Houses) -> None:
    """Given back ten times at once: the points come back once."""
    reward = await offer(houses.at(0), 1)
    member, _ = await member_with_card(houses.at(0))
    await give(houses.at(0), member, 250)
    mug = await claimed(houses.at(0), member, reward)
    answers = await at_once([act(houses.at(n), mug["id"], "cancel") for n in range(10)])
    assert outcomes(answers) == {"200": 1, "409 state_conflict": 9}
    assert (await balance(houses.at(0), member))["available"] == 250
    assert await left(houses.at(0), reward) == 1
    await require_order(houses)


async def cancel_and_fulfil_at_once(houses: Houses) -> None:
    """Given back and handed over at once: one of the two, never both."""
    reward = await offer(houses.at(0), 5)
    member, _ = await member_with_card(houses.at(0))
    for _ in range(5):
        await give(houses.at(0), member, 250)
        mug = await claimed(houses.at(0), member, reward)
        await at_once(
            [
                act(houses.at(0), mug["id"], "cancel"),
                act(houses.at(1), mug["id"], "fulfil", state="handed_over"),
            ]
        )
        shown = (await houses.at(0).get(f"/v1/redemptions/{mug['id']}")).json()
        steps = [step["state"] for step in shown["steps"]]
        assert steps in (["claimed", "cancelled"], ["claimed", "handed_over"])
        came_back = (await balance(houses.at(0), member))["available"]
        assert came_back == (250 if steps[-1] == "cancelled" else 0)
        if came_back:
            await houses.at(0).post(
                f"/v1/members/{member}/adjustments", {"currency": "PTS", "amount": -250, "reason": "a test"}
            )
    await require_order(houses)


async def cancel_and_use_a_voucher_at_once(houses: Houses) -> None:
    """Given back and redeemed at once: the points or the voucher, never both."""
    reward = await sold_voucher(houses.at(0))
    member, _ = await member_with_card(houses.at(0))
    await give(houses.at(0), member, 500)
    bought = await claimed(houses.at(0), member, reward)
    code = bought["vouchers"][0]["code"]
    answers = await at_once(
        [
            act(houses.at(0), bought["id"], "cancel"),
            houses.at(1).post("/v1/vouchers/redeem", {"code": code}, scope="till"),
        ]
    )
    assert outcomes(answers) == {"200": 1, "409 voucher_used": 1}
    assert (await balance(houses.at(0), member))["available"] == (500 if answers[0].is_success else 0)
    await require_order(houses)
