"""A stamp card: one for each coffee, and the tenth is free by itself."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.promotions.template import templates
from tests.api.conftest import Api
from tests.api.shop import buy, line, member_with_card, publish, record, refused, take_back

CURRENCY: dict[str, Any] = {
    "code": "STAMPS", "kind": "stamps", "worth": "0",
    "names": {"en": {"one": "stamp", "other": "stamps"}},
}  # fmt: skip
READY = {one.code: one.document for one in templates()}


async def stamp_card(api: Api) -> tuple[str, str]:
    """A shop with the two ready promotions, and a member; id and card number."""
    made = await api.post("/v1/currencies", CURRENCY)
    assert made.status_code == 201, made.text
    for code in ("stamps", "coffee-for-stamps"):
        await publish(api, READY[code], "unlimited_gain", "unknown_goods")
    return await member_with_card(api)


def coffees(number: int, **more: Any) -> list[dict[str, Any]]:
    return [line(1, 250, str(number), categories=["drinks/coffee"], **more)]


async def stamps(api: Api, member: str) -> int:
    """How many stamps are on her card."""
    answer = (await api.get(f"/v1/members/{member}/balance")).json()
    return next((one["available"] for one in answer["currencies"] if one["currency"] == "STAMPS"), 0)


async def test_nine_coffees_are_nine_stamps_and_the_tenth_is_free_without_being_asked_for(shop: Api) -> None:
    member, card = await stamp_card(shop)

    nine = [await record(shop, buy(f"r-{n}", card, coffees(1))) for n in range(9)]
    paid, ninth = [one["payable"] for one in nine], nine[-1]
    before = await stamps(shop, member)
    tenth = await record(shop, buy("r-10", card, coffees(1)))
    after = await stamps(shop, member)
    eleventh = await record(shop, buy("r-11", card, coffees(1)))

    assert paid == [250] * 9
    card_name = READY["coffee-for-stamps"]["names"]["lv"]
    for told, on_it in ((ninth, 9), (tenth, 0)):
        assert told["messages"]["receipt"] == told["messages"]["cashier"]
        assert told["messages"]["receipt"][0].startswith(f"{card_name}: {on_it} ")
    assert (before, tenth["payable"], tenth["discount"]) == (9, 0, 250)
    assert [(one["currency"], one["amount"]) for one in tenth["spent"]] == [("STAMPS", 9)]
    assert (after, eleventh["payable"], await stamps(shop, member)) == (0, 250, 1)


async def test_of_two_coffees_on_one_receipt_one_is_free_and_the_other_brings_a_stamp(shop: Api) -> None:
    member, card = await stamp_card(shop)
    await record(shop, buy("r-1", card, coffees(10)))

    two = await record(shop, buy("r-2", card, coffees(2)))

    assert (two["payable"], await stamps(shop, member)) == (250, 2)


async def test_goods_that_come_back_give_their_stamps_back(shop: Api) -> None:
    member, card = await stamp_card(shop)
    nine = await record(shop, buy("r-1", card, coffees(9)))
    free = await record(shop, buy("r-2", card, coffees(1)))

    spent = await stamps(shop, member)
    await take_back(shop, free["id"], "b-1", (1, "1"))
    given_back = await stamps(shop, member)
    await take_back(shop, nine["id"], "b-2", (1, "4"))

    assert (spent, given_back, await stamps(shop, member)) == (0, 9, 5)


async def test_whoever_gives_her_phone_has_her_free_coffee_without_a_code(shop: Api) -> None:
    made = await shop.post("/v1/members", {"phone": "+37126111111"})
    for code in ("stamps", "coffee-for-stamps"):
        await shop.post("/v1/currencies", CURRENCY)
        await publish(shop, READY[code], "unlimited_gain", "unknown_goods")
    card = made.json()["cards"][0]["number"]
    await record(shop, buy("r-1", card, coffees(9)))

    by_phone = await record(shop, buy("r-2", None, coffees(1), phone="+37126111111"))

    assert by_phone["payable"] == 0


async def test_a_price_in_points_is_not_taken_by_itself(shop: Api) -> None:
    document = READY["coffee-for-stamps"]
    points = {**document, "benefits": [{**document["benefits"][0], "currency": "PTS"}]}

    made = await shop.post("/v1/promotions", points)
    answer = await shop.post(f"/v1/promotions/{made.json()['id']}/publish")

    assert answer.status_code == 422, answer.text
    assert "automatic_without_stamps" in answer.text


@pytest.mark.parametrize("kind", ["stamps", "visits"])
async def test_stamps_and_visits_have_no_worth_and_pay_nothing(shop: Api, kind: str) -> None:
    worthy = await shop.post("/v1/currencies", {**CURRENCY, "kind": kind, "worth": "1"})
    await shop.post("/v1/currencies", {**CURRENCY, "kind": kind})
    _, card = await member_with_card(shop)

    spend = [{"currency": "STAMPS", "amount": 1}]
    paid = await shop.post("/v1/purchases", buy("r-1", card, coffees(1), spend=spend), scope="till")

    assert refused(worthy) == (422, "invalid_value", "/worth")
    assert refused(paid) == (422, "currency_unknown", "/spend/0/currency")
