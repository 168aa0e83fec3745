"""What promotions give beside a percentage, over the API: points as a price, delivery, gifts, and goods left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    settle,
    take_back,
)

ITEM_X: dict[str, Any] = {
    "name": "X for points",
    "group": "items",
    "benefits": [
        {
            "kind": "points_price",
            "currency": "PTS",
            "points": 400,
            "percent": "40",
            "goods": {"skus": ["sku-1"], "reduced": "not"},
        }
    ],
}


def offer_of(promotion: str) -> str:
    """The id by which a customer chooses a promotion."""
    return "off" + promotion.removeprefix("prm")


async def preview(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    answer = await api.post("/v1/purchases/preview", body, scope="till")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.fast
@pytest.mark.scenario("S2")
async def test_four_hundred_points_take_forty_percent_off_item_x_once_the_customer_chooses_it(
    shop: Api,
) -> None:
    chosen = {"offers": [offer_of(await publish(shop, ITEM_X))]}
    member, card = await member_with_card(shop)
    await give(shop, member, 1000)

    plain = await preview(shop, buy("p-1", card, [line(1, 1000)]))
    reduced = await preview(shop, buy("p-2", card, [line(1, 1000, regular_price=1500)], **chosen))
    bought = await record(shop, buy("r-1", card, [line(1, 1000, "2")], **chosen))

    assert (plain["payable"], plain["spent"]) == (1000, [])
    assert (reduced["payable"], reduced["spent"]) == (1000, [])
    assert (bought["discount"], bought["payable"], bought["paid_with_points"]) == (400, 1600, 0)
    assert bought["spent"] == [
        {
            "currency": "PTS",
            "amount": 400,
            "worth": 0,
            "promotion": bought["lines"][0]["awards"][0]["promotion"],
        }
    ]
    assert (await balance(shop, member))["available"] == 600


async def test_points_as_a_price_and_as_payment_come_back_with_the_goods(shop: Api) -> None:
    chosen = {"offers": [offer_of(await publish(shop, ITEM_X))]}
    member, card = await member_with_card(shop)
    await give(shop, member, 1000)
    lines = [line(1, 1000), line(2, 500)]
    bought = await record(shop, buy("r-1", card, lines, spend=[{"currency": "PTS", "amount": 600}], **chosen))
    assert (bought["discount"], bought["paid_with_points"], bought["payable"]) == (400, 600, 500)
    assert (await balance(shop, member))["available"] == 0

    first = await take_back(shop, bought["id"], "b-1", (1, "1"))
    assert (first["money_back"], (await balance(shop, member))["available"]) == (273, 727)
    second = await take_back(shop, bought["id"], "b-2", (2, "1"))
    assert (first["money_back"] + second["money_back"], (await balance(shop, member))["available"]) == (
        500,
        1000,
    )


async def test_too_few_points_for_a_price_leave_the_purchase_at_its_price(shop: Api) -> None:
    promotion = await publish(shop, ITEM_X)
    member, card = await member_with_card(shop)
    await give(shop, member, 399)
    bought = await record(shop, buy("r-1", card, [line(1, 1000)], offers=[offer_of(promotion)]))
    assert (bought["payable"], bought["spent"]) == (1000, [])
    explained = await shop.get(f"/v1/purchases/{bought['id']}/explanation", scope="read")
    (verdict,) = explained.json()["promotions"]
    assert (verdict["code"], verdict["missing"]) == ("insufficient_points", {"amount": 1, "currency": "PTS"})


async def test_a_held_price_in_points_is_drawn_when_it_is_confirmed_and_free_when_it_is_voided(
    shop: Api,
) -> None:
    chosen = {"offers": [offer_of(await publish(shop, ITEM_X))], "hold": True}
    member, card = await member_with_card(shop)
    await give(shop, member, 1000)
    for end, left in (("void", 1000), ("confirm", 600)):
        held = await record(shop, buy(f"h-{end}", card, [line(1, 1000)], **chosen))
        assert (await balance(shop, member))["held"] == 400
        ended = await shop.post(f"/v1/purchases/{held['id']}/{end}", {}, scope="till")
        assert ended.status_code == 200, ended.text
        assert (await balance(shop, member))["available"] == left


FREE_DELIVERY: dict[str, Any] = {
    "name": "Free delivery",
    "group": "basket",
    "conditions": [{"kind": "basket_amount", "minimum": 3000}],
    "benefits": [{"kind": "delivery", "price": 0}],
}


async def test_the_charge_for_delivery_is_part_of_what_is_paid_and_may_be_free(shop: Api) -> None:
    promotion = await publish(shop, FREE_DELIVERY)
    below = await preview(shop, buy("p-1", None, [line(1, 2000)], delivery=399))
    assert (below["gross"], below["discount"], below["payable"]) == (2399, 0, 2399)
    assert below["delivery"] == {"charge": 399, "discount": 0, "net": 399, "awards": []}
    above = await record(shop, buy("r-1", None, [line(1, 3000)], delivery=399))
    assert (above["gross"], above["discount"], above["payable"]) == (3399, 399, 3000)
    assert above["delivery"]["awards"] == [
        {"promotion": promotion, "revision": 1, "kind": "discount", "amount": 399}
    ]
    assert above["lines"][0]["net"] == 3000
    assert "delivery" not in await preview(shop, buy("p-2", None, [line(1, 3000)]))


async def test_a_gift_is_told_with_its_options_until_the_till_names_one(shop: Api) -> None:
    options = [{"sku": "cup", "name": "Cup"}, {"sku": "bag", "name": "Bag", "quantity": 2}]
    document = {
        "name": "Gift",
        "group": "basket",
        "benefits": [{"kind": "gift", "options": options, "cost": 100}],
    }
    promotion = await publish(shop, document)
    asked = await preview(shop, buy("p-1", None, [line(1, 1000)]))
    assert asked["gifts"] == [
        {
            "promotion": promotion,
            "chosen": False,
            "options": [{"sku": "cup", "name": "Cup"}, {"sku": "bag", "name": "Bag", "quantity": 2}],
        }
    ]
    choice = {"choices": [{"promotion": promotion, "sku": "bag"}]}
    told = await record(shop, buy("r-1", None, [line(1, 1000)], **choice))
    assert told["gifts"] == [
        {"promotion": promotion, "chosen": True, "options": [{"sku": "bag", "name": "Bag", "quantity": 2}]}
    ]
    wrong = await shop.post(
        "/v1/purchases",
        buy("r-2", None, [line(1, 1000)], choices=[{"promotion": "pur_x", "sku": "bag"}]),
        scope="till",
    )
    assert refused(wrong)[0] == 422
    assert refused(wrong)[2] == "/choices/0/promotion"


async def test_entitlements_and_messages_come_with_the_answer_in_the_customers_language(shop: Api) -> None:
    right = await publish(
        shop,
        {
            "name": "Lounge",
            "group": "points",
            "benefits": [{"kind": "entitlement", "code": "lounge", "count": 2}],
        },
    )
    texts = {"en": "Taste our bread", "lv": "Nobaudiet mūsu maizi"}
    said = [{"kind": "message", "text": texts}, {"kind": "message", "text": {"en": "Smile"}, "to": "cashier"}]
    await publish(shop, {"name": "Bread", "group": "points", "benefits": said})
    _, card = await member_with_card(shop)
    headers = {"Authorization": f"Bearer {shop.keys['till']}", "Accept-Language": "lv"}
    told = (
        await shop.client.post("/v1/purchases", json=buy("r-1", card, [line(1, 1000)]), headers=headers)
    ).json()
    assert told["entitlements"] == [{"promotion": right, "code": "lounge", "count": 2, "days": None}]
    assert told["messages"] == {"cashier": ["Smile"], "receipt": ["Nobaudiet mūsu maizi"]}
    assert "entitlements" not in await preview(shop, buy("p-1", None, [line(1, 1000)]))


async def test_goods_that_a_program_leaves_alone_get_no_discount_earn_nothing_and_are_not_paid_with_points(
    shop: Api,
) -> None:
    tobacco = {"categories": ["tobacco"]}
    await settle(shop, excluded_goods={"discount": tobacco, "earning": tobacco, "spending": tobacco})
    await publish(shop, MEMBER_POINTS)
    await publish(
        shop, {"name": "Tenth", "group": "items", "benefits": [{"kind": "line_percent", "percent": "10"}]}
    )
    member, card = await member_with_card(shop)
    await give(shop, member, 2000)
    lines = [line(1, 1000), line(2, 500, categories=["tobacco/cigars"])]
    answer = await preview(shop, buy("p-1", card, lines, spend=[{"currency": "PTS", "amount": "max"}]))
    assert [one["discount"] for one in answer["lines"]] == [100, 0]
    assert (answer["paid_with_points"], answer["payable"], answer["earned"]) == (900, 500, [])
    earning = await preview(shop, buy("p-2", card, lines))
    assert [(e["line"], e["amount"]) for e in earning["earned"]] == [(1, 9)]


async def test_points_pay_at_most_the_share_that_a_program_lets_them(shop: Api) -> None:
    await settle(shop, points_share_max="25", points_share_line_max="50")
    member, card = await member_with_card(shop)
    await give(shop, member, 2000)
    lines = [line(1, 1000), line(2, 600)]
    answer = await preview(shop, buy("p-1", card, lines, spend=[{"currency": "PTS", "amount": 1500}]))
    assert (answer["paid_with_points"], answer["payable"]) == (400, 1200)
    wrong = await shop.patch("/v1/program", {"settings": {"points_share_max": "101"}})
    assert refused(wrong)[0] == 422


async def test_a_legal_minimum_is_the_floor_where_the_program_says_so(shop: Api) -> None:
    await publish(
        shop, {"name": "Half", "group": "items", "benefits": [{"kind": "line_percent", "percent": "50"}]}
    )
    wine = [line(1, 1000, "2", cost=300, minimum_price=700)]
    assert (await preview(shop, buy("p-1", None, wine)))["payable"] == 1000
    await settle(shop, line_floor="minimum")
    assert (await preview(shop, buy("p-2", None, wine)))["payable"] == 1400


async def test_benefits_of_one_promotion_with_different_validity_become_lots_of_their_own(shop: Api) -> None:
    kinds = [
        {"kind": "points_fixed", "currency": "PTS", "points": 5, "validity": {"expires_after_days": 30}},
        {"kind": "points_fixed", "currency": "PTS", "points": 7, "validity": {"expires_after_days": 60}},
    ]
    await publish(shop, {"name": "Two lives", "group": "points", "benefits": kinds})
    _, card = await member_with_card(shop)
    answer = await record(shop, buy("r-1", card, [line(1, 1000)]))
    assert [e["amount"] for e in answer["earned"]] == [5, 7]
    assert answer["earned"][0]["expires_at"] < answer["earned"][1]["expires_at"]
