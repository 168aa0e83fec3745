"""A promotion on a basket that one can edit: what it gives, what is missing, what it changes."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Api
from tests.api.shop import buy, give, line, member_with_card, publish, record, refused

FIVE = {"name": "Five off all", "group": "items", "benefits": [{"kind": "line_percent", "percent": "5"}]}
BASKET = {
    "name": "Two off",
    "group": "basket",
    "conditions": [{"kind": "basket_amount", "minimum": 1000}],
    "benefits": [{"kind": "basket_amount_off", "amount": 200}],
}
GOODS = [{"sku": "bread", "unit_price": 300, "categories": ["bread"]}, {"sku": "milk", "unit_price": 500}]


async def draft(api: Api, document: dict[str, Any]) -> str:
    made = await api.post("/v1/promotions", document)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def tried(api: Api, promotion: str, lines: list[dict[str, Any]], **body: Any) -> dict[str, Any]:
    more = body.pop("purchase", {})
    answer = await api.post(f"/v1/promotions/{promotion}/try", {"purchase": {"lines": lines, **more}, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_is_missing_is_said_with_the_distance_and_the_difference_once_it_is_there(
    shop: Api,
) -> None:
    five = await publish(shop, FIVE)
    promotion = await draft(shop, BASKET)
    few = await tried(shop, promotion, GOODS)
    assert few["promotion"]["status"] == "refused"
    assert few["promotion"]["effect"]["code"] == "basket_below_minimum"
    assert (few["promotion"]["missing"], few["promotion"]["near"]) == (
        {"amount": 240, "currency": "EUR"},
        True,
    )
    # By itself it counts from what the other promotion has not taken off yet.
    assert few["promotion"]["alone"]["code"] == "basket_below_minimum"
    assert few["before"]["payable"] == few["after"]["payable"] == 760
    enough = await tried(shop, promotion, [*GOODS, {"sku": "cheese", "unit_price": 1000}])
    assert (enough["before"]["payable"], enough["after"]["payable"]) == (1710, 1510)
    assert enough["promotion"]["given"]["cost"] == 200
    assert [(one["promotion"], one["before"]["status"], one["after"]["status"]) for one in enough["promotions"]] == [
        (promotion, "absent", "applied"), (five, "applied", "applied"),
    ]  # fmt: skip
    assert [one["discount_after"] - one["discount_before"] for one in enough["lines"]] == [33, 56, 111]


async def test_what_the_assortment_knows_need_not_be_typed(shop: Api) -> None:
    product = {"sku": "bread", "name": "Rye bread", "price": 250, "categories": ["bread/rye"], "cost": 100}
    put = await shop.post("/v1/products", {"products": [product]})
    assert put.status_code in (200, 201), put.text
    off = {"kind": "line_percent", "percent": "10", "goods": {"categories": ["bread"]}}
    promotion = await draft(shop, {"name": "Bread", "group": "items", "benefits": [off]})
    answer = await tried(shop, promotion, [{"sku": "bread", "quantity": "4"}])
    (bread,) = answer["lines"]
    assert (bread["name"], bread["gross"], bread["discount_after"]) == ("Rye bread", 1000, 100)
    typed = await tried(shop, promotion, [{"sku": "bread", "unit_price": 500, "categories": []}])
    assert (typed["after"]["gross"], typed["after"]["discount"]) == (500, 0)


async def test_a_made_up_member_is_whoever_one_says(shop: Api) -> None:
    conditions = [
        {"kind": "tier", "ladder": "status", "tiers": ["gold"]},
        {"kind": "turnover", "minimum": 5000, "window": {"period": "days", "days": 30}},
        {"kind": "visits", "days": 30, "minimum": 3},
        {"kind": "birthday", "before": 3},
        {"kind": "age", "minimum": 18},
        {"kind": "offer"},
        {"kind": "membership_age", "minimum": 10},
    ]
    promotion = await draft(shop, {**FIVE, "conditions": conditions})
    gold = {
        "tiers": {"status": "gold"}, "turnover": 5000, "visits": 3, "birthday": True, "age": 18, "member_days": 10,
    }  # fmt: skip
    assert (await tried(shop, promotion, GOODS, customer=gold))["promotion"]["status"] == "applied"
    for change, code in (
        ({"tiers": {}}, "tier_not_included"),
        ({"turnover": 4999}, "turnover_below_minimum"),
        ({"visits": 2}, "too_few_visits"),
        ({"birthday": False}, "not_near_birthday"),
        ({"age": 17}, "below_age"),
        ({"member_days": 9}, "membership_too_young"),
    ):
        answer = await tried(shop, promotion, GOODS, customer={**gold, **change})
        assert (answer["promotion"]["effect"]["code"], change) == (code, change)
    nobody = await tried(shop, promotion, GOODS)
    assert nobody["promotion"]["effect"]["code"] in ("member_required", "tier_not_included")


async def test_a_real_member_is_taken_as_she_stands(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await record(shop, buy("r-1", card, [line(1, 3000)]))
    promotion = await draft(shop, {**FIVE, "conditions": [{"kind": "turnover", "minimum": 3000}]})
    assert (await tried(shop, promotion, GOODS, member=member))["promotion"]["status"] == "applied"
    second = await draft(shop, {**FIVE, "conditions": [{"kind": "first_purchase"}]})
    assert (await tried(shop, second, GOODS, member=member))["promotion"]["effect"][
        "code"
    ] == "not_first_purchase"
    price = {
        "kind": "points_price",
        "currency": "PTS",
        "points": 100,
        "price": 1,
        "goods": {"skus": ["milk"]},
    }
    priced = await draft(shop, {"name": "Milk for points", "group": "items", "benefits": [price]})
    poor = await tried(shop, priced, GOODS, member=member)
    assert poor["promotion"]["missing"] == {"amount": 100, "currency": "PTS"}
    await give(shop, member, 100)
    rich = await tried(shop, priced, GOODS, member=member)
    assert (rich["promotion"]["status"], rich["after"]["discount"]) == ("applied", 499)


async def test_time_store_code_and_payment_are_as_one_says(shop: Api) -> None:
    conditions = [
        {"kind": "hours", "weekdays": [5], "from": "15:00", "until": "17:00"},
        {"kind": "code", "codes": ["HAPPY"]},
        {"kind": "payment_method", "methods": ["card"]},
    ]
    promotion = await draft(shop, {**FIVE, "conditions": conditions})
    friday = {
        "at": "2026-03-06T15:00:00+02:00",
        "purchase": {"codes": ["happy"], "payment_methods": ["card"]},
    }
    assert (await tried(shop, promotion, GOODS, **friday))["promotion"]["status"] == "applied"
    late = await tried(shop, promotion, GOODS, **{**friday, "at": "2026-03-06T17:00:00+02:00"})
    assert late["promotion"]["effect"]["code"] == "outside_hours"


async def test_a_document_is_tried_before_it_is_kept(shop: Api) -> None:
    answer = await shop.post("/v1/promotions/try", {"document": FIVE, "purchase": {"lines": GOODS}})
    assert (answer.json()["after"]["discount"], answer.json()["promotion"]["status"]) == (40, "applied")
    assert (await shop.get("/v1/promotions")).json()["items"] == []


async def test_what_makes_no_sense_is_refused_with_its_pointer(shop: Api) -> None:
    promotion = await draft(shop, FIVE)
    path = f"/v1/promotions/{promotion}/try"

    async def why(purchase: dict[str, Any], **more: Any) -> tuple[int, str, str | None]:
        return refused(await shop.post(path, {"purchase": purchase, **more}))

    unpriced = {"lines": [{"sku": "unknown"}]}
    assert await why(unpriced) == (422, "invalid_value", "/purchase/lines/0/unit_price")
    assert await why({"lines": GOODS, "store": "nowhere"}) == (422, "invalid_value", "/purchase/store")
    assert await why({"lines": GOODS, "currency": "GBP"}) == (422, "currency_unknown", "/purchase/currency")
    zero = {"lines": [{"sku": "a", "unit_price": 1, "quantity": "0"}]}
    assert await why(zero) == (422, "invalid_value", "/purchase/lines/0/quantity")
    assert await why({"lines": GOODS}, at="0001-01-01T00:00:00Z") == (422, "invalid_value", "/at")
    assert await why({"lines": GOODS}, at="9999-12-31T23:59:59-10:00") == (422, "invalid_value", "/at")
    both = {"member": "mem_00000000000000000000000000", "customer": {}}
    assert await why({"lines": GOODS}, **both) == (422, "invalid_value", "/customer")
    assert await why({"lines": []}) == (422, "invalid_value", "/purchase/lines")
    assert await why({"lines": GOODS}, member="mem_00000000000000000000000000") == (404, "not_found", None)
