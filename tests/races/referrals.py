"""What many do at once with referrals: two rounds, one budget, a round and a return, two who name one another."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from regulars import ids
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.reward_referrals import reward_friend, reward_referrals
from regulars.ledger import book
from regulars.members import reading, referral_book
from regulars.programs import registry
from tests.api.referring import code_of, friend_by, put_program, shops, states
from tests.api.shop import AT, balance, buy, give, giving_back, line, member_with_card, record, settle
from tests.conftest import START
from tests.races.acts import Houses
from tests.waiting import until_others_wait

LATER = START + timedelta(days=15)
"""When the return windows of what was bought at START are over."""


async def brought(houses: Houses, request: str) -> tuple[str, str, str]:
    """Somebody who brought a friend who bought: referrer, friend and purchase."""
    api = houses.at(0)
    anna, _ = await member_with_card(api)
    zane, card = await friend_by(api, await code_of(api, anna))
    return anna, zane, (await shops(api, request, card, 2500, AT))["id"]


async def rounds(houses: Houses, count: int) -> list[asyncio.Task[int]]:
    """So many rounds at once, each as a process of its own."""
    program = houses.at(0).program.id
    return [
        asyncio.create_task(reward_referrals(houses.database, KnownPrograms(houses.database), program, LATER))
        for _ in range(count)
    ]


async def points(houses: Houses, *members: str) -> list[int]:
    """What members may spend by then."""
    program = houses.at(0).program.id
    async with houses.database.transaction(program) as tx:
        await registry.move_clock(tx, program, LATER)
    return [(await balance(houses.at(0), one))["available"] for one in members]


async def _pool_of(houses: Houses, member: str) -> UUID:
    program = houses.at(0).program.id
    async with houses.database.transaction(program) as tx:
        found = await reading.member(tx, program, ids.read("mem", member))
    assert found is not None
    return found.pool


async def _behind_the_lock(houses: Houses, member: str, started: Any, count: int) -> list[Any]:
    """What comes of acts that begin while the member's pool is locked, and all wait for it."""
    program, pool = houses.at(0).program.id, await _pool_of(houses, member)
    async with houses.database.transaction(program) as tx:
        await book.lock(tx, program, [ids.home(pool)], [pool])
        acts = await started()
        await until_others_wait(tx, count)
    return await asyncio.gather(*acts)


async def _together(started: Any) -> list[Any]:
    return await asyncio.gather(*await started())


async def two_rounds_at_once(houses: Houses) -> None:
    """One reward."""
    await put_program(houses.at(0))
    anna, zane, _ = await brought(houses, "r-1")
    done = await _behind_the_lock(houses, zane, lambda: rounds(houses, 2), 2)
    assert sorted(done) == [0, 1]
    assert await points(houses, anna, zane) == [500, 300]


async def two_rounds_that_take_back_at_once(houses: Houses) -> None:
    """Taken back once: what she has beside stays."""
    api = houses.at(0)
    await put_program(api)
    anna, zane, purchase = await brought(houses, "r-1")
    await asyncio.gather(*await rounds(houses, 1))
    await give(api, anna, 1000)
    returned = await api.post(f"/v1/purchases/{purchase}/returns", giving_back("t-1", (1, "1")), scope="till")
    assert returned.status_code == 201, returned.text
    done = await _behind_the_lock(houses, zane, lambda: rounds(houses, 2), 2)
    assert sorted(done) == [0, 1]
    assert await points(houses, anna, zane) == [1000, 0]


async def two_friends_meet_one_cap(houses: Houses) -> None:
    """The referrer is rewarded once, both friends are."""
    api = houses.at(0)
    await put_program(api, a_month=1)
    anna, first, _ = await brought(houses, "r-1")
    second, card = await friend_by(api, await code_of(api, anna))
    await shops(api, "r-2", card, 2500, AT)
    await _behind_the_lock(houses, anna, lambda: rounds(houses, 2), 2)
    await asyncio.gather(*await rounds(houses, 1))
    assert await points(houses, anna, first, second) == [500, 300, 300]


async def two_referrers_meet_one_budget(houses: Houses) -> None:
    """Of 8.00 there is enough for one of them."""
    api, program = houses.at(0), houses.at(0).program.id
    await put_program(api, budget=8_00)
    people = [(await brought(houses, f"r-{n}"))[0] for n in range(2)]
    lock = "INSERT INTO referral_use VALUES (%s, 0, %s, 'budget', 0)"
    async with houses.database.transaction(program) as tx:
        await tx.execute(lock, (program, program))
        acts = await _one_by_one(houses)
        await until_others_wait(tx, 2)
    await asyncio.gather(*acts)
    assert sorted(await points(houses, *people)) == [0, 500]


async def _one_by_one(houses: Houses) -> list[asyncio.Task[Any]]:
    """Each open referral settled by a task of its own."""
    program, database = houses.at(0).program.id, houses.database
    known = await KnownPrograms(database).fresh(program)
    async with database.transaction(program) as tx:
        newest = await referral_book.newest(tx, program)
        found = await referral_book.next_open(tx, program, -1, UUID(int=0), 10)
    assert newest is not None
    document = newest.document

    async def settled(one: referral_book.OpenReferral) -> int:
        return await database.run(program, lambda tx: reward_friend(tx, known, document, one, LATER))

    return [asyncio.create_task(settled(one)) for one in found]


async def a_round_and_a_return_at_once(houses: Houses) -> None:
    """Whoever is first: after the next round nothing is left of it."""
    api = houses.at(0)
    await put_program(api)
    anna, zane, purchase = await brought(houses, "r-1")
    path, body = f"/v1/purchases/{purchase}/returns", giving_back("t-1", (1, "1"))

    async def both() -> list[asyncio.Task[Any]]:
        returned = asyncio.create_task(api.post(path, body, scope="till"))
        return [*await rounds(houses, 1), returned]

    done = await _behind_the_lock(houses, zane, both, 2)
    assert done[1].status_code == 201, done[1].text
    await asyncio.gather(*await rounds(houses, 1))
    assert await points(houses, anna, zane) == [0, 0]


async def a_round_and_the_referrers_purchase_at_once(houses: Houses, *, first: str) -> None:
    """Whoever has the lock first: what she paid with is seen by the round after it, and takes nothing back later."""
    api = houses.at(0)
    await put_program(api)
    anna, hers = await member_with_card(api)
    zane, card = await friend_by(api, await code_of(api, anna))
    paid = [{"method": "card", "amount": 2500, "instrument": "fp_9f8e7d6c5b"}]
    await record(api, buy("r-1", card, [line(1, 2500)], payments=paid))
    program, pool = api.program.id, await _pool_of(houses, anna)
    sent = buy("r-2", hers, [line(1, 2500)], payments=paid)
    acts: list[asyncio.Task[Any]] = []
    async with houses.database.transaction(program) as tx:
        await book.lock(tx, program, [ids.home(pool)], [pool])
        for n, act in enumerate(("purchase", "round") if first == "purchase" else ("round", "purchase")):
            buying = act == "purchase"
            acts += [asyncio.create_task(record(api, sent))] if buying else await rounds(houses, 1)
            await until_others_wait(tx, n + 1)
    await asyncio.gather(*acts)
    assert await points(houses, anna, zane) == ([0, 0] if first == "purchase" else [500, 300])
    await asyncio.gather(*await rounds(houses, 1))
    assert await points(houses, anna, zane) == ([0, 0] if first == "purchase" else [500, 300])


async def two_name_one_another(houses: Houses) -> None:
    """One of them is brought; the other would close a circle."""
    api = houses.at(0)
    await put_program(api, enter_days=30)
    people = [(await member_with_card(api))[0] for _ in range(2)]
    codes = [await code_of(api, one) for one in people]
    named = [
        asyncio.create_task(houses.at(n).post(f"/v1/members/{people[n]}/referrer", {"code": codes[1 - n]}))
        for n in range(2)
    ]
    answers = [answer.json()["refused"] for answer in await asyncio.gather(*named)]
    assert sorted(answers, key=str) == [None, "circle"]
    assert sorted([await states(api, one) for one in people], key=str) == [
        [("refused", "circle")],
        [("waiting", None)],
    ]


async def send_up_to_a_day(houses: Houses, *, locking: bool = True) -> None:
    """Two transfers of 60 at once where 100 a day are allowed: one of them. `locking`: both wait for her pool."""
    api = houses.at(0)
    await settle(api, passing={"a_day": 100})
    anna, _ = await member_with_card(api)
    takers = [(await member_with_card(api))[0] for _ in range(2)]
    await give(api, anna, 500)

    async def both() -> list[asyncio.Task[Any]]:
        sent = [{"to": taker, "currency": "PTS", "amount": 60} for taker in takers]
        return [
            asyncio.create_task(houses.at(n).post(f"/v1/members/{anna}/transfers", body))
            for n, body in enumerate(sent)
        ]

    answers = await (_behind_the_lock(houses, anna, both, 2) if locking else _together(both))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert sorted(await points(houses, anna, *takers)) == [0, 60, 440]


async def take_back_and_spend(houses: Houses) -> None:
    """A transfer is taken back while it is spent: one of the two happens."""
    api = houses.at(0)
    await settle(api, passing={"take_back_hours": 24})
    anna, _ = await member_with_card(api)
    zane, _ = await member_with_card(api)
    await give(api, anna, 100)
    sent = await api.post(f"/v1/members/{anna}/transfers", {"to": zane, "currency": "PTS", "amount": 100})
    path = f"/v1/members/{anna}/transfers/{sent.json()['transfer']}/take-back"
    gone = {"currency": "PTS", "amount": -1, "reason": "spent"}

    async def both() -> list[asyncio.Task[Any]]:
        return [
            asyncio.create_task(houses.at(0).post(path)),
            asyncio.create_task(houses.at(1).post(f"/v1/members/{zane}/adjustments", gone)),
        ]

    back, spent = [answer.status_code for answer in await _behind_the_lock(houses, zane, both, 2)]
    left = await points(houses, anna, zane)
    assert (back, spent, left) in [(200, 409, [100, 0]), (409, 201, [0, 99])]
