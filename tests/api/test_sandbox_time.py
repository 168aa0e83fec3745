"""Time in a sandbox: late and early receipts, and points that expire at reading, before any job."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.programs import registry
from tests.api.conftest import START, Api
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
    refused,
    set_clock,
    settle,
)

OFFER = {
    "name": "February",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "10"}],
    "from": "2026-02-01T00:00:00",
    "until": "2026-03-01T00:00:00",
}


@pytest.mark.fast
@pytest.mark.parametrize(
    ("purchased_at", "status"),
    [("2026-03-01T11:10:00+02:00", 201), ("2026-03-01T11:10:00.001+02:00", 422)],
)
async def test_a_receipt_may_be_10_minutes_early_and_no_more(
    shop: Api, purchased_at: str, status: int
) -> None:
    answer = await shop.post("/v1/purchases", buy("r-1", None, [line(1, 100)], purchased_at=purchased_at))

    assert answer.status_code == status
    if status == 422:
        assert refused(answer) == (422, "purchased_in_the_future", "/purchased_at")


async def test_a_late_receipt_gets_the_offers_of_its_own_time_in_the_stores_time(shop: Api) -> None:
    await publish(shop, OFFER)
    times = ["2026-02-28T23:59:59.999+02:00", "2026-03-01T00:00:00+02:00", "2026-02-28T22:30:00Z"]

    answers = [
        await record(shop, buy(f"r-{n}", None, [line(1, 1000)], purchased_at=time))
        for n, time in enumerate(times)
    ]

    assert [a["discount"] for a in answers] == [100, 0, 0]


async def test_a_receipt_that_is_too_late_gets_base_earning_only(shop: Api) -> None:
    await publish(shop, OFFER)
    await publish(shop, MEMBER_POINTS)
    await publish(shop, {**MEMBER_POINTS, "name": "Extra", "base": False})
    _, card = await member_with_card(shop)
    times = ["2026-02-22T11:00:00+02:00", "2026-02-22T10:59:59+02:00"]

    answers = [
        await record(shop, buy(f"r-{n}", card, [line(1, 1000)], purchased_at=time))
        for n, time in enumerate(times)
    ]
    explained = (await shop.get(f"/v1/purchases/{answers[1]['id']}/explanation")).json()["promotions"]

    assert [(a["discount"], sum(e["amount"] for e in a["earned"])) for a in answers] == [(100, 18), (0, 10)]
    assert [e["name"] for e in explained] == ["A point for each euro"]


async def test_how_late_a_receipt_may_be_is_a_setting(shop: Api) -> None:
    await publish(shop, OFFER)
    await settle(shop, late_days=0)
    late = await record(shop, buy("r-1", None, [line(1, 1000)], purchased_at="2026-02-28T12:00:00+02:00"))

    assert late["discount"] == 0


async def test_points_of_a_late_receipt_count_their_days_from_its_own_time(shop: Api) -> None:
    _, card = await earning_member(shop)

    answer = await record(shop, buy("r-1", card, [line(1, 1000)], purchased_at="2026-02-27T12:00:00+02:00"))

    assert (answer["earned"][0]["active_at"], answer["earned"][0]["expires_at"]) == (
        "2026-02-27T10:00:00Z", "2027-02-27T22:00:00Z")  # fmt: skip


@pytest.mark.fast
async def test_points_expire_when_their_date_is_reached_before_any_job_has_run(
    shop: Api, database: Database
) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 100)

    async def jump(now: str) -> None:
        """Move the clock without the jobs that fall due on the way."""
        async with database.transaction(shop.program.id) as tx:
            await registry.move_clock(tx, shop.program.id, START.fromisoformat(now))

    await jump("2027-03-01T21:59:59.999+00:00")
    before = await balance(shop, member)
    await jump("2027-03-01T22:00:00+00:00")
    after = await balance(shop, member)
    spent = await shop.post(
        "/v1/purchases",
        buy("r-1", card, [line(1, 100)], purchased_at="2027-03-01T22:00:00Z",
            spend=[{"currency": "PTS", "amount": 1}]),
    )  # fmt: skip
    async with database.transaction(shop.program.id) as tx:
        posted = await (await tx.execute("SELECT count(*) FROM posting WHERE kind = 'expiry'")).fetchone()

    assert (before["available"], after["available"]) == (100, 0)
    assert refused(spent) == (409, "insufficient_points", "/spend/0/amount")
    assert posted == (0,)


async def test_points_become_active_after_the_days_of_their_currency(shop: Api) -> None:
    await publish(
        shop,
        {
            **MEMBER_POINTS,
            "benefits": [
                {
                    **MEMBER_POINTS["benefits"][0],
                    "validity": {"active_after_days": 14, "expires_after_days": 30},
                }
            ],
        },
    )
    member, card = await member_with_card(shop)

    answer = await record(shop, buy("r-1", card, [line(1, 1000)]))
    states = [await balance(shop, member)]
    for now in (
        "2026-03-14T21:59:59Z",
        "2026-03-14T22:00:00Z",
        "2026-03-31T20:59:59Z",
        "2026-03-31T21:00:00Z",
    ):
        await set_clock(shop, now)
        states.append(await balance(shop, member))

    assert (answer["earned"][0]["active_at"], answer["earned"][0]["expires_at"]) == (
        "2026-03-14T22:00:00Z", "2026-03-31T21:00:00Z")  # fmt: skip
    assert [(s["available"], s["pending"]) for s in states] == [(0, 10), (0, 10), (10, 0), (10, 0), (0, 0)]


async def test_the_proof_counts_the_programs_own_day(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 5000)

    async def spend(request: str, at: str) -> Any:
        wish = [{"currency": "PTS", "amount": 2000}]
        return await shop.post(
            "/v1/purchases", buy(request, card, [line(1, 2000)], spend=wish, purchased_at=at), scope="till"
        )

    first = await spend("r-1", "2026-03-01T09:00:00Z")
    await set_clock(shop, "2026-03-01T21:59:00Z")
    same_day = await spend("r-2", "2026-03-01T21:59:00Z")
    await set_clock(shop, "2026-03-01T22:00:00Z")
    next_day = await spend("r-2", "2026-03-01T22:00:00Z")

    assert [first.status_code, same_day.status_code, next_day.status_code] == [201, 403, 201]
