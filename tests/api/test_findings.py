"""Row S30 of the scenarios, the cashier's own card, and what else looks unusual at a till."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from regulars.flows.watch_tills import watch_tills
from tests.api.conftest import Api
from tests.api.shop import balance, buy, earning_member, line, member_with_card
from tests.conftest import START

NOON = START + timedelta(hours=12)


async def look(shop: Api) -> int:
    """As the worker does every hour."""
    assert shop.database is not None
    return await watch_tills(shop.database, shop.program.id, NOON)


async def rung(shop: Api, card: str | None, number: int, **more: Any) -> dict[str, Any]:
    """A receipt of ten euros, so many minutes after eleven."""
    at = (START + timedelta(minutes=number)).isoformat()
    body = buy(f"till-7/{number}", card, [line(1, 1000)], **{"purchased_at": at, **more})
    answer = await shop.post("/v1/purchases", body, scope="till")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def brought_back(shop: Api, receipt: dict[str, Any], number: int) -> None:
    at = (START + timedelta(minutes=number)).isoformat()
    body = {"id": f"back/{number}", "lines": [{"line": 1, "quantity": "1"}], "returned_at": at}
    answer = await shop.post(f"/v1/purchases/{receipt['id']}/returns", body, scope="till")
    assert answer.status_code == 201, answer.text


async def found(shop: Api, **query: Any) -> list[dict[str, Any]]:
    return (await shop.get("/v1/findings", **query)).json()["items"]


async def clock_at(shop: Api, minutes: int) -> None:
    await shop.post("/v1/sandbox/clock", {"now": (START + timedelta(minutes=minutes)).isoformat()})


@pytest.mark.scenario("S30")
async def test_the_cashiers_own_card_is_flagged_with_reasons_and_capped(shop: Api) -> None:
    hers, card = await earning_member(shop)
    honest, other = await member_with_card(shop)
    await shop.patch(
        "/v1/program", {"settings": {"receipts_a_day_per_card": 5, "cashier_members": {"c-12": hers}}}
    )
    await clock_at(shop, 60)
    answers = [await rung(shop, card, number) for number in range(12)]
    await rung(shop, other, 40)
    assert [sum(one["amount"] for one in answer["earned"]) for answer in answers] == [10] * 5 + [0] * 7
    assert [one["code"] for one in answers[5]["warnings"]] == ["receipts_a_day"]
    assert (await balance(shop, hers))["available"] == 50
    assert (await balance(shop, honest))["available"] == 10
    # Goods come back that nobody brought, and points given by hand are spent within the hour.
    anonymous = [await rung(shop, None, 42 + number) for number in range(3)]
    for number, receipt in enumerate(anonymous):
        await brought_back(shop, receipt, 50 + number)
    await shop.post(f"/v1/members/{hers}/adjustments", {"currency": "PTS", "amount": 500, "reason": "sorry"})
    await rung(shop, card, 55, spend=[{"currency": "PTS", "amount": 400}])

    assert await look(shop) == 4
    kinds = {one["kind"]: one for one in await found(shop)}
    assert set(kinds) == {"card_often", "own_card", "returns_soon", "adjusted_and_spent"}
    often = kinds["card_often"]
    assert (often["count"], often["store"], often["till"], often["cashier"]) == (13, "riga-1", "7", "c-12")
    assert often["member"] == hers
    assert often["evidence"][0] == answers[0]["id"]
    assert (kinds["returns_soon"]["count"], kinds["returns_soon"]["amount"]) == (3, 3000)
    assert (kinds["adjusted_and_spent"]["count"], kinds["adjusted_and_spent"]["amount"]) == (500, 400)
    assert kinds["own_card"]["count"] == 13
    assert await look(shop) == 0

    path = f"/v1/findings/{often['id']}"
    case = await shop.post(f"{path}/decide", {"status": "case", "word": "she says it was her sister"})
    assert (case.json()["status"], case.json()["word"]) == ("case", "she says it was her sister")
    assert (await shop.post(f"{path}/decide", {"status": "harmless", "word": "no"})).status_code == 409
    await rung(shop, card, 58)
    assert await look(shop) == 1, "her own card once more; what was decided stays decided"
    assert len(await found(shop, status="case")) == 1
    again = await shop.post(f"{path}/reopen")
    assert (again.json()["status"], again.json()["decided_by"]) == ("open", None)


async def test_honest_customers_leave_no_finding(shop: Api) -> None:
    await clock_at(shop, 60)
    for number in range(8):
        _, card = await member_with_card(shop)
        receipt = await rung(shop, card, number)
        if number == 0:
            await brought_back(shop, receipt, 50)
    assert await look(shop) == 0


async def test_codes_that_are_tried_and_claims_by_the_same_member_are_found(shop: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"watch": {"unknown_codes_a_day": 4, "claims_a_week": 2}}})
    await clock_at(shop, 60)
    for number in range(2):
        await rung(shop, None, number, codes=[f"GUESS-{number}-A", f"GUESS-{number}-B"])
    member, _ = await member_with_card(shop)
    for number in range(2):
        receipt = await rung(shop, None, 10 + number)
        claimed = await shop.post(f"/v1/purchases/{receipt['id']}/claim", {"member": member})
        assert claimed.status_code == 201, claimed.text
    assert await look(shop) == 2
    kinds = {one["kind"]: one for one in await found(shop)}
    assert kinds["code_guessing"]["count"] == 4
    assert (kinds["claims"]["count"], kinds["claims"]["member"]) == (2, member)


async def test_codes_that_are_tried_are_counted_by_the_day_not_by_the_look(shop: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"watch": {"unknown_codes_a_day": 4}}})
    await clock_at(shop, 60)
    first = await rung(shop, None, 1, codes=["GUESS-1-A", "GUESS-1-B"])
    await rung(shop, None, 2, cashier="c-13", codes=["GUESS-2-A"])
    assert await look(shop) == 0
    await rung(shop, None, 3)
    assert await look(shop) == 0
    second = await rung(shop, None, 31, codes=["GUESS-3-A", "GUESS-3-B"])
    assert await look(shop) == 1
    (one,) = await found(shop, kind="code_guessing")
    assert (one["count"], one["cashier"], one["evidence"]) == (4, "c-12", [first["id"], second["id"]])
    await rung(shop, None, 50, codes=["GUESS-4-A"])
    assert await look(shop) == 1
    (grown,) = await found(shop, kind="code_guessing")
    assert (grown["id"], grown["count"]) == (one["id"], 5)


async def test_a_cashier_with_far_more_returns_than_her_colleagues_is_found(shop: Api) -> None:
    await clock_at(shop, 300)
    await shop.patch("/v1/program", {"settings": {"watch": {"returns_a_day": 1000}}})
    batch = [
        buy(f"b/{n}", None, [line(1, 1000)], cashier="c-12" if n < 20 else "c-13", pricing="as_sold",
            purchased_at=(START + timedelta(minutes=n)).isoformat())
        for n in range(120)
    ]  # fmt: skip
    for one in batch:
        one["lines"][0] = {**one["lines"][0], "gross": 1000, "discount": 0}
    answer = await shop.post("/v1/purchases/batch", {"purchases": batch}, scope="till")
    receipts = [one["answer"] for one in answer.json()["items"]]
    for number in range(5):
        await brought_back(shop, receipts[number], 200 + number)
    await brought_back(shop, receipts[50], 210)
    assert await look(shop) == 1
    (one,) = await found(shop, kind="returns_share")
    assert (one["cashier"], one["count"], one["usual"]) == ("c-12", 250, 10)


async def test_the_receipt_beyond_the_cap_is_explained_as_it_was_decided(shop: Api) -> None:
    _, card = await earning_member(shop)
    await shop.patch("/v1/program", {"settings": {"receipts_a_day_per_card": 1}})
    await clock_at(shop, 60)
    first, second = [await rung(shop, card, number) for number in range(2)]
    assert ([len(one["earned"]) for one in (first, second)]) == [1, 0]
    told = (await shop.get(f"/v1/purchases/{second['id']}/explanation")).json()
    assert [one["status"] for one in told["promotions"]] == ["refused"], told


async def test_the_cap_is_exact_for_receipts_that_come_at_once(shop: Api) -> None:
    member, card = await earning_member(shop)
    await shop.patch("/v1/program", {"settings": {"receipts_a_day_per_card": 3}})
    await clock_at(shop, 60)
    answers = await asyncio.gather(*[rung(shop, card, 5, id=f"at-once/{n}", till=str(n)) for n in range(8)])
    assert sorted(len(answer["earned"]) for answer in answers) == [0] * 5 + [1] * 3
    assert (await balance(shop, member))["available"] == 30
