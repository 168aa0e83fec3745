"""What callers do at once to accounts that are shared, to members that are merged and to receipts that are claimed."""

from __future__ import annotations

import asyncio

from regulars import ids
from regulars.ledger import book
from regulars.members import accounts
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    earning_member,
    give,
    line,
    member_with_card,
    publish,
    record,
)
from tests.api.test_accounts import account_points, company, put_in, spending
from tests.conftest import START
from tests.races.acts import Houses, at_once, outcomes
from tests.waiting import until_others_wait


async def spend_up_to_a_daily_limit(houses: Houses) -> None:
    """Twenty tills, 100 each, and 500 a day: five of them succeed."""
    api = houses.at(0)
    member, card = await member_with_card(api)
    await give(api, member, 5000)
    account = await company(api)
    sharer = {"member": member, "role": "spender", "daily_limit": 500, "bring_points": True}
    await put_in(api, account, sharer)

    answers = await at_once(
        [
            houses.at(n).post(
                "/v1/purchases", buy(f"r-{n}", card, [line(1, 1000)], spend=spending(100)), scope="till"
            )
            for n in range(20)
        ]
    )

    assert outcomes(answers) == {"201": 5, "403 spender_limit": 15}
    assert await account_points(api, account) == 4500
    await houses.require_good_books()


async def merge_and_spend(houses: Houses) -> None:
    """The duplicate's points are spent while she is merged: each point once, wherever it is by then."""
    api = houses.at(0)
    survivor, _ = await member_with_card(api)
    duplicate, card = await member_with_card(api)
    await give(api, duplicate, 1000)
    spends = [
        houses.at(n).post(
            "/v1/purchases", buy(f"r-{n}", card, [line(1, 1000)], spend=spending(100)), scope="till"
        )
        for n in range(16)
    ]
    merging = houses.at(1).post(f"/v1/members/{survivor}/merge", {"member": duplicate})

    answers = await at_once([*spends[:8], merging, *spends[8:]])

    assert answers[8].status_code == 200
    assert outcomes(answers[:8] + answers[9:]) == {"201": 10, "409 insufficient_points": 6}
    assert await balance(api, survivor) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert await balance(api, duplicate) == await balance(api, survivor)
    await houses.require_good_books()


async def earn_while_she_leaves(houses: Houses) -> None:
    """Purchases wait for the account while the member leaves it: they are hers alone, and her own points pay."""
    api = houses.at(0)
    owner, _ = await earning_member(api)
    member, card = await member_with_card(api)
    await give(api, member, 500)
    account = await company(api, owner)
    await put_in(api, account, {"member": member})
    pool = ids.read("acc", account)
    async with houses.database.transaction(api.program.id) as tx:
        await book.lock(tx, api.program.id, [ids.home(pool)], [pool])
        buying = asyncio.create_task(
            at_once(
                [
                    houses.at(n).post(
                        "/v1/purchases",
                        buy(f"r-{n}", card, [line(1, 1000)], spend=spending(10)),
                        scope="till",
                    )
                    for n in range(20)
                ]
            )
        )
        await until_others_wait(tx)  # an application has found the account
        assert await accounts.leave(tx, api.program.id, pool, ids.read("mem", member), START)

    assert outcomes(await buying) == {"201": 20}
    assert (await account_points(api, account), (await balance(api, member))["available"]) == (0, 480)
    await houses.require_good_books()


async def accept_one_invitation_many_times(houses: Houses) -> None:
    """One code, ten members: one of them is in."""
    api = houses.at(0)
    people = [(await member_with_card(api))[0] for _ in range(10)]
    account = await company(api)
    code = (await api.post(f"/v1/accounts/{account}/invitations", {})).json()["code"]

    answers = await at_once(
        [
            houses.at(n).post("/v1/invitations/accept", {"code": code, "member": member})
            for n, member in enumerate(people)
        ]
    )

    assert outcomes(answers) == {"200": 1, "404 not_found": 9}
    assert len((await api.get(f"/v1/accounts/{account}/members")).json()["items"]) == 1


async def two_owners_leave_at_once(houses: Houses) -> None:
    """Of two owners who leave at once one stays, though neither saw the other leave."""
    api = houses.at(0)
    (anna, _), (zane, _) = await member_with_card(api), await member_with_card(api)
    account = await company(api, anna)
    await put_in(api, account, {"member": zane, "role": "owner"})
    async with houses.database.transaction(api.program.id) as tx:
        await tx.execute("SELECT FROM member FOR NO KEY UPDATE")
        leaving = asyncio.create_task(
            at_once(
                [
                    houses.at(n).delete(f"/v1/accounts/{account}/members/{member}")
                    for n, member in enumerate((anna, zane))
                ]
            )
        )
        await until_others_wait(tx, 2)

    assert outcomes(await leaving) == {"200": 1, "409 state_conflict": 1}
    assert len((await api.get(f"/v1/accounts/{account}/members")).json()["items"]) == 1


async def join_while_it_is_closed(houses: Houses) -> None:
    """Twelve come in, points and all, while the account is closed: nobody is in it, and every point is somebody's."""
    api = houses.at(0)
    taker, _ = await member_with_card(api)
    people = [(await member_with_card(api))[0] for _ in range(12)]
    for member in people:
        await give(api, member, 10)
    account = await company(api)
    joining = [
        houses.at(n).post(
            f"/v1/accounts/{account}/members", {"members": [{"member": member, "bring_points": True}]}
        )
        for n, member in enumerate(people)
    ]
    closing = houses.at(1).post(f"/v1/accounts/{account}/close", {"points_to": taker})

    answers = await at_once([*joining[:6], closing, *joining[6:]])

    assert answers[6].status_code == 200, answers[6].text
    assert (await api.get(f"/v1/accounts/{account}/members")).json()["items"] == []
    assert await account_points(api, account) == 0
    left = sum([(await balance(api, member))["available"] for member in people])
    assert (await balance(api, taker))["available"] == 120 - left
    assert answers[6].json()["members_left"] == 12 - left // 10
    await houses.require_good_books()


async def claim_one_receipt_many_times(houses: Houses) -> None:
    """One receipt, ten members: it is one's."""
    api = houses.at(0)
    await publish(api, MEMBER_POINTS)
    bought = await record(api, buy("r-1", None, [line(1, 1000)]))
    people = [await member_with_card(api) for _ in range(10)]

    answers = await at_once(
        [
            houses.at(n).post(
                f"/v1/purchases/{bought['id']}/claim",
                {"card": card, "claim_code": bought["claim_code"]},
                scope="till",
            )
            for n, (_, card) in enumerate(people)
        ]
    )

    assert outcomes(answers) == {"201": 1, "409 already_claimed": 9}
    assert sum([(await balance(api, member))["available"] for member, _ in people]) == 10
    await houses.require_good_books()


async def claim_more_than_a_week_allows(houses: Houses) -> None:
    """One member, ten receipts at once: three are hers."""
    api = houses.at(0)
    receipts = [await record(api, buy(f"r-{n}", None, [line(1, 1000)])) for n in range(10)]
    _, card = await member_with_card(api)

    answers = await at_once(
        [
            houses.at(n).post(
                f"/v1/purchases/{bought['id']}/claim",
                {"card": card, "claim_code": bought["claim_code"]},
                scope="till",
            )
            for n, bought in enumerate(receipts)
        ]
    )

    assert outcomes(answers) == {"201": 3, "409 claim_limit": 7}
