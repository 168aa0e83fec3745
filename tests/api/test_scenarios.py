"""Rows of the list of scenarios, played over the API as an integrator would."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api
from tests.api.shop import balance, buy, line, member_with_card, publish, record, settle, take_back

TEN_PER_CENT_BACK = {
    "name": "Ten per cent back in points",
    "group": "points",
    "base": True,
    "conditions": [{"kind": "member"}],
    "benefits": [{"kind": "cashback", "currency": "PTS", "percent": "10"}],
}


@pytest.mark.scenario("S6")
async def test_points_pay_for_food_at_any_house_of_a_restaurant_chain(shop: Api) -> None:
    await settle(shop, proof_above_a_day=None)
    await publish(shop, TEN_PER_CENT_BACK)
    member, card = await member_with_card(shop)

    # 10 % back: a bill of 1,000.00 gives points worth 100.00
    first = await record(shop, buy("bill-1", card, [line(1, 100_000)], store="old-town"))
    worth = (await shop.get(f"/v1/members/{member}/balance")).json()["currencies"][0]["worth"]
    assert first["payable"] == 100_000
    assert worth == {"amount": 10_000, "currency": "EUR"}

    # the next bill of 260.00 elsewhere: 100.00 in points and 160.00 in money, and only the money earns
    dishes = [line(1, 6_500), line(2, 12_000), line(3, 7_500)]
    maximum = [{"currency": "PTS", "amount": "max"}]
    second = await record(shop, buy("bill-2", card, dishes, store="beach", spend=maximum))
    assert (second["gross"], second["paid_with_points"], second["payable"]) == (26_000, 10_000, 16_000)
    assert sum(earned["amount"] for earned in second["earned"]) == 1_600
    assert (await balance(shop, member))["available"] == 1_600

    # a dish of 65.00 is voided: 25.00 in points and 40.00 in money come back, and a quarter of the points earned
    dish = await take_back(shop, second["id"], "void-1", (1, "1"), store="beach")
    assert dish["points_back"] == [{"currency": "PTS", "amount": 2_500, "worth": 2_500}]
    assert dish["money_back"] == 4_000
    assert [(t["amount"], t["from_own_lots"], t["debt"]) for t in dish["taken_back"]] == [(400, 400, 0)]
    assert (await balance(shop, member))["available"] == 1_600 + 2_500 - 400

    # the rest comes back too, and everything sums to the cent
    rest = await take_back(shop, second["id"], "void-2", (2, "1"), (3, "1"), store="beach")
    assert dish["money_back"] + rest["money_back"] == second["payable"]
    assert dish["points_back"][0]["amount"] + rest["points_back"][0]["amount"] == 10_000
    assert dish["taken_back"][0]["amount"] + rest["taken_back"][0]["amount"] == 1_600
    assert await balance(shop, member) == {"available": 10_000, "pending": 0, "held": 0, "debt": 0}
