"""Purchases over the API: priced, recorded once, answered alike."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from regulars.db.pool import Database
from tests.api.conftest import Api, new_api
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
    settle,
)

TEN_OFF = {
    "name": "Ten per cent off drinks",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "10", "goods": {"categories": ["drinks"]}}],
}
FIVE_OFF = {
    "name": "Five off from fifty",
    "group": "basket",
    "conditions": [{"kind": "basket_amount", "minimum": 5000}],
    "benefits": [{"kind": "basket_amount_off", "amount": 500}],
}


@pytest.mark.fast
async def test_a_purchase_earns_a_point_for_each_euro_and_the_preview_says_so_before(shop: Api) -> None:
    member, card = await earning_member(shop)
    body = buy("r-1", card, [line(1, 450, "2"), line(2, 199)])

    previewed = (await shop.post("/v1/purchases/preview", body, scope="till")).json()
    recorded = await shop.post("/v1/purchases", body, scope="till")

    assert recorded.status_code == 201
    answer: dict[str, Any] = recorded.json()
    assert (answer["gross"], answer["discount"], answer["payable"]) == (1099, 0, 1099)
    assert [e["amount"] for e in answer["earned"]] == [8, 2]
    assert answer["member"] == {"id": member, "name": "Anna K.", "tier": None, "available": 10, "expiring": [
        {"amount": 10, "at": "2027-03-01T22:00:00Z"}]}  # fmt: skip
    for volatile in ("id", "status"):
        previewed.pop(volatile, None)
        answer.pop(volatile)
    assert previewed == answer


@pytest.mark.fast
async def test_the_same_request_again_gets_the_first_answer_and_writes_nothing(shop: Api) -> None:
    member, card = await earning_member(shop)
    body = buy("r-1", card, [line(1, 1000)])

    first = await shop.post("/v1/purchases", body, scope="till")
    again = await shop.post("/v1/purchases", dict(reversed(body.items())), scope="till")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert (await balance(shop, member))["available"] == 10


@pytest.mark.fast
async def test_another_body_under_the_same_request_is_refused(shop: Api) -> None:
    body = buy("r-1", None, [line(1, 1000)])
    await shop.post("/v1/purchases", body, scope="till")

    other = await shop.post("/v1/purchases", {**body, "till": "8"}, scope="till")

    assert refused(other) == (409, "request_key_reused", None)


async def test_a_refused_request_leaves_its_id_free_for_another_body(shop: Api) -> None:
    _, card = await member_with_card(shop)
    lines = [line(1, 1000)]

    refusal = await shop.post(
        "/v1/purchases", buy("r-1", card, lines, spend=[{"currency": "PTS", "amount": 1}]), scope="till"
    )
    recorded = await shop.post("/v1/purchases", buy("r-1", card, lines), scope="till")

    assert refused(refusal) == (409, "insufficient_points", "/spend/0/amount")
    assert recorded.status_code == 201
    assert "idempotent-replayed" not in recorded.headers


async def test_the_amounts_of_a_receipt_are_one_identity_through_all_stages(shop: Api) -> None:
    await publish(shop, TEN_OFF)
    await publish(shop, FIVE_OFF)
    member, card = await earning_member(shop)
    await give(shop, member, 700)
    lines = [
        line(1, 1999, "2", categories=["drinks/coffee"], tax_rate="0.21"),
        line(2, 1333, "1.5", tax_rate="0.12"),
    ]

    answer = await record(shop, buy("r-1", card, lines, spend=[{"currency": "PTS", "amount": 700}]))

    # 3998 − 10 % (400) = 3598; 1.5 × 13.33 = 2000; together 5598 − 500 = 5098, 500 allocated 321.36 : 178.64
    assert answer["gross"] == 5998
    assert [(one["gross"], one["discount"], one["net"]) for one in answer["lines"]] == [
        (3998, 721, 3277), (2000, 179, 1821)]  # fmt: skip
    assert (answer["discount"], answer["points_reduction"], answer["paid_with_points"]) == (900, 0, 700)
    assert answer["payable"] == 5998 - 900 - 700
    assert answer["spent"] == [{"currency": "PTS", "amount": 700, "worth": 700}]
    # points are a payment: the tax is that of the whole price
    assert answer["taxes"] == [
        {"rate": "0.12", "base": 1626, "tax": 195}, {"rate": "0.21", "base": 2708, "tax": 569}]  # fmt: skip
    # 4398 in money earn 43, rounded down once: the lines count 3277 − 450 and 1821 − 250
    assert [(e["line"], e["amount"]) for e in answer["earned"]] == [(1, 28), (2, 15)]


async def test_points_as_price_reduction_make_the_tax_of_each_rate_less(shop: Api) -> None:
    await settle(shop, points_as="price_reduction")
    member, card = await member_with_card(shop)
    await give(shop, member, 500)
    lines = [line(1, 1210, tax_rate="0.21"), line(2, 1210, tax_rate="0.21"), line(3, 1120, tax_rate="0.12")]

    answer = await record(shop, buy("r-1", card, lines, spend=[{"currency": "PTS", "amount": 354}]))

    # 354 over 1210, 1210, 1120 → 121, 121, 112
    assert (answer["points_reduction"], answer["paid_with_points"], answer["payable"]) == (354, 0, 3186)
    assert answer["taxes"] == [
        {"rate": "0.12", "base": 900, "tax": 108}, {"rate": "0.21", "base": 1800, "tax": 378}]  # fmt: skip


@pytest.mark.parametrize(("earns", "points"), [(False, 7), (True, 10)])
async def test_the_part_paid_with_points_earns_only_if_the_program_says_so(
    shop: Api, earns: bool, points: int
) -> None:
    await settle(shop, earn_on_points_part=earns)
    member, card = await earning_member(shop)
    await give(shop, member, 300)

    answer = await record(shop, buy("r-1", card, [line(1, 1000)], spend=[{"currency": "PTS", "amount": 300}]))

    assert sum(e["amount"] for e in answer["earned"]) == points


async def test_points_may_be_earned_on_amounts_without_tax(shop: Api) -> None:
    await settle(shop, earn_on="without_tax")
    _, card = await earning_member(shop)

    answer = await record(shop, buy("r-1", card, [line(1, 12100, tax_rate="0.21")]))

    assert [e["amount"] for e in answer["earned"]] == [100]


async def test_prices_without_tax_get_it_on_top_and_points_pay_for_it_too(shop: Api) -> None:
    await settle(shop, prices_include_tax=False)
    member, card = await member_with_card(shop)
    await give(shop, member, 10_000)
    lines = [line(1, 1000, tax_rate="0.21")]

    paid = await record(shop, buy("r-1", card, lines))
    spent = await record(shop, buy("r-2", card, lines, spend=[{"currency": "PTS", "amount": "max"}]))

    assert (paid["gross"], paid["payable"], paid["taxes"]) == (
        1000, 1210, [{"rate": "0.21", "base": 1000, "tax": 210}])  # fmt: skip
    assert (spent["paid_with_points"], spent["payable"]) == (1210, 0)


async def test_the_tills_own_total_and_markdown_are_taken_as_they_are(shop: Api) -> None:
    lines = [
        {"line": 1, "sku": "a", "quantity": "3", "gross": 1000},
        {"line": 2, "sku": "b", "quantity": "3", "unit_price": 333, "gross": 1000, "discount": 100},
        line(3, 333, "1.005"),
    ]

    answer = await record(shop, buy("r-1", None, lines))

    assert [one["gross"] for one in answer["lines"]] == [1000, 900, 335]
    assert answer["payable"] == 2235


async def test_max_spends_no_more_than_there_is_to_pay_and_no_more_than_there_is(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 1500)
    maximum = [{"currency": "PTS", "amount": "max"}]

    first = await record(shop, buy("r-1", card, [line(1, 1000)], spend=maximum))
    second = await record(shop, buy("r-2", card, [line(1, 1000)], spend=maximum))
    third = await record(shop, buy("r-3", card, [line(1, 1000)], spend=maximum))

    assert [(a["paid_with_points"], a["payable"]) for a in (first, second, third)] == [
        (1000, 0), (500, 500), (0, 1000)]  # fmt: skip


@pytest.mark.fast
async def test_more_points_than_there_are_write_nothing(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 299)

    answer = await shop.post(
        "/v1/purchases",
        buy("r-1", card, [line(1, 1000)], spend=[{"currency": "PTS", "amount": 300}]),
        scope="till",
    )

    assert refused(answer) == (409, "insufficient_points", "/spend/0/amount")
    assert (answer.json()["available"], answer.json()["currency"]) == (299, "PTS")
    assert (await shop.get("/v1/purchases")).json()["items"] == []
    assert (await balance(shop, member)) == {"available": 299, "pending": 0, "held": 0, "debt": 0}


async def test_what_was_expected_and_is_not_so_is_quoted_and_not_written(shop: Api) -> None:
    member, card = await earning_member(shop)
    await give(shop, member, 300)
    body = buy("r-1", card, [line(1, 1000)], spend=[{"currency": "PTS", "amount": 300}])

    changed = await shop.post("/v1/purchases", {**body, "expect": {"payable": 600}}, scope="till")
    spent = await shop.post("/v1/purchases", {**body, "expect": {"spent": 299}}, scope="till")
    right = await shop.post("/v1/purchases", {**body, "expect": {"payable": 700, "spent": 300}}, scope="till")

    for answer in (changed, spent):
        assert refused(answer) == (409, "price_changed", None)
        quote = answer.json()["quote"]
        assert (quote["status"], quote["payable"], quote["paid_with_points"]) == ("previewed", 700, 300)
        assert quote["member"]["available"] == 7
        assert "id" not in quote
    assert (right.status_code, right.json()["payable"]) == (201, 700)
    assert (await balance(shop, member))["available"] == 7


async def test_an_anonymous_purchase_gets_what_needs_no_member_and_names_nobody(shop: Api) -> None:
    await publish(shop, TEN_OFF)
    await publish(shop, MEMBER_POINTS)

    answer = await record(shop, buy("r-1", None, [line(1, 1000, categories=["drinks"])]))

    assert (answer["discount"], answer["earned"], answer["member"]) == (100, [], None)
    assert [refusal["code"] for refusal in answer["refusals"]] == ["member_required"]


async def test_an_unassigned_card_earns_and_may_not_spend(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    card = (await shop.post("/v1/cards/batch", {"count": 1})).json()["cards"][0]["number"]

    earned = await record(shop, buy("r-1", card, [line(1, 5000)]))
    wish = [{"currency": "PTS", "amount": 10}]
    spent = await shop.post("/v1/purchases", buy("r-2", card, [line(1, 5000)], spend=wish), scope="till")
    nothing = [{"currency": "PTS", "amount": "max"}]
    maximum = await record(shop, buy("r-3", card, [line(1, 100)], spend=nothing))

    assert earned["member"] | {"expiring": []} == {
        "id": None, "name": "", "tier": None, "available": 50, "expiring": []}  # fmt: skip
    assert refused(spent) == (409, "insufficient_points", "/spend/0/amount")
    assert spent.json()["available"] == 0
    assert (maximum["paid_with_points"], maximum["payable"]) == (0, 100)


async def test_an_unassigned_card_is_refused_where_the_program_says_so(shop: Api) -> None:
    await settle(shop, unassigned_cards="refuse")
    card = (await shop.post("/v1/cards/batch", {"count": 1})).json()["cards"][0]["number"]

    answer = await shop.post("/v1/purchases", buy("r-1", card, [line(1, 5000)]), scope="till")

    assert refused(answer) == (409, "card_unassigned", "/card")


@pytest.mark.fast
async def test_a_blocked_card_is_refused_and_works_again_when_it_is_unblocked(shop: Api) -> None:
    _, card = await member_with_card(shop)
    await shop.post("/v1/cards/block", {"number": card})

    blocked = await shop.post("/v1/purchases", buy("r-1", card, [line(1, 5000)]), scope="till")
    await shop.post("/v1/cards/unblock", {"number": card})
    recorded = await shop.post("/v1/purchases", buy("r-1", card, [line(1, 5000)]), scope="till")

    assert refused(blocked) == (409, "card_blocked", "/card")
    assert recorded.status_code == 201


async def test_a_member_is_recognised_by_card_phone_email_and_id_alike(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    person = {"phone": "+37126000001", "email": "Anna@Example.test"}
    made = (await shop.post("/v1/members", person)).json()
    ways = [
        {"card": " ".join(made["cards"][0]["number"][i : i + 4] for i in (0, 4, 8, 12))},
        {"phone": "26 000 001"},
        {"email": "anna@example.test"},
        {"member": made["id"]},
    ]

    answers = [
        await record(shop, {**buy(f"r-{n}", None, [line(1, 1000)]), **way}) for n, way in enumerate(ways)
    ]

    assert [a["member"]["id"] for a in answers] == [made["id"]] * 4
    assert [a["member"]["available"] for a in answers] == [10, 20, 30, 40]


async def test_two_ways_to_name_a_customer_at_once_are_refused(shop: Api) -> None:
    _, card = await member_with_card(shop)

    answer = await shop.post(
        "/v1/purchases", buy("r-1", card, [line(1, 100)], phone="+37126000001"), scope="till"
    )

    assert refused(answer) == (422, "invalid_value", "/phone")


async def test_a_phone_recognises_but_does_not_prove_who_spends(shop: Api) -> None:
    made = (await shop.post("/v1/members", {"phone": "+37126000001"})).json()
    await give(shop, made["id"], 500)
    wish = [{"currency": "PTS", "amount": 100}]

    by_phone = await shop.post(
        "/v1/purchases", buy("r-1", None, [line(1, 1000)], phone="+37126000001", spend=wish), scope="till"
    )
    earning = await shop.post(
        "/v1/purchases", buy("r-1", None, [line(1, 1000)], phone="+37126000001"), scope="till"
    )

    assert refused(by_phone) == (403, "proof_required", None)
    assert by_phone.json()["kinds"] == ["otp", "dynamic", "pin"]
    assert earning.status_code == 201


async def test_a_card_alone_spends_20_euros_a_day_and_holds_that_lapsed_do_not_count(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 9000)

    def spending(request: str, points: int, **more: Any) -> dict[str, Any]:
        wish = [{"currency": "PTS", "amount": points}]
        return buy(request, card, [line(1, 5000)], spend=wish, **more)

    held = await record(shop, spending("h-1", 2000, hold=True))
    while_held = await shop.post("/v1/purchases", spending("r-1", 1), scope="till")
    await shop.post(f"/v1/purchases/{held['id']}/void", {}, scope="till")
    first = await shop.post("/v1/purchases", spending("r-1", 1500), scope="till")
    second = await shop.post("/v1/purchases", spending("r-2", 501), scope="till")
    third = await shop.post("/v1/purchases", spending("r-2", 500), scope="till")

    assert refused(while_held) == (403, "proof_required", None)
    assert [first.status_code, second.status_code, third.status_code] == [201, 403, 201]


@pytest.mark.fast
async def test_a_replay_after_the_member_was_erased_has_no_name(shop: Api) -> None:
    member, card = await earning_member(shop)
    body = buy("r-1", card, [line(1, 1000)])
    first = await record(shop, body)
    await shop.delete(f"/v1/members/{member}")

    again = await shop.post("/v1/purchases", body, scope="till")

    assert first["member"]["name"] == "Anna K."
    assert again.status_code == 201
    assert again.json() == first | {"member": first["member"] | {"name": ""}}


async def test_a_replay_does_not_name_whoever_has_the_phone_now(shop: Api) -> None:
    first_owner = (await shop.post("/v1/members", {"phone": "+37126000001", "name": "Anna Kalniņa"})).json()
    body = buy("r-1", None, [line(1, 1000)], phone="+37126000001")
    first = await record(shop, body)
    await shop.delete(f"/v1/members/{first_owner['id']}")
    await shop.post("/v1/members", {"phone": "+37126000001", "name": "Bruno Ozols"})

    again = (await shop.post("/v1/purchases", body, scope="till")).json()

    assert again["member"] == first["member"] | {"name": ""}


async def test_two_programs_share_nothing(shop: Api, client: httpx.AsyncClient, database: Database) -> None:
    other = await new_api(client, database)
    _, card = await member_with_card(shop)
    body = buy("r-1", None, [line(1, 1000)], purchased_at="2026-02-28T09:00:00Z")

    mine, theirs = await record(shop, body), await record(other, {**body, "till": "9"})

    assert mine["id"] != theirs["id"]
    assert refused(await other.get(f"/v1/purchases/{mine['id']}")) == (404, "not_found", None)
    assert refused(await other.get(f"/v1/purchases/{mine['id']}/explanation")) == (404, "not_found", None)
    assert refused(await other.post(f"/v1/purchases/{mine['id']}/void", {})) == (404, "not_found", None)
    assert refused(await other.post("/v1/purchases", buy("r-2", card, [line(1, 1)]), scope="till")) == (
        404,
        "not_found",
        "/card",
    )
    listed = (await other.get("/v1/purchases")).json()["items"]
    assert [item["id"] for item in listed] == [theirs["id"]]


async def key_for(api: Api, scope: str, **limits: str) -> Api:
    """The same program with a key that is bound to a store or a partner."""
    made = await api.post("/v1/keys", {"scopes": [scope], **limits})
    assert made.status_code == 201, made.text
    return replace(api, keys=dict.fromkeys((*api.keys, "partner"), made.json()["key"]))


async def test_a_stores_key_sees_and_touches_its_own_purchases_only(shop: Api) -> None:
    for code in ("riga-1", "riga-2"):
        await shop.post("/v1/stores", {"code": code, "name": code})
    first, second = await key_for(shop, "till", store="riga-1"), await key_for(shop, "till", store="riga-2")
    body = buy("r-1", None, [line(1, 1000)])
    body.pop("store")

    mine = await record(first, body)
    elsewhere = await second.post("/v1/purchases", buy("r-2", None, [line(1, 1)]))

    assert (await first.get(f"/v1/purchases/{mine['id']}")).json()["store"] == "riga-1"
    assert refused(elsewhere) == (403, "forbidden", None)
    assert refused(await second.get(f"/v1/purchases/{mine['id']}")) == (404, "not_found", None)
    assert refused(await second.get(f"/v1/purchases/{mine['id']}/explanation")) == (404, "not_found", None)
    assert refused(await second.post(f"/v1/purchases/{mine['id']}/void", {})) == (404, "not_found", None)
    assert refused(await second.post("/v1/purchases/void", {"request": "r-1"})) == (404, "not_found", None)
    for query in ({}, {"store": "riga-1"}, {"request": "r-1"}):
        listed = await second.get("/v1/purchases", **query)
        assert listed.status_code == 200, listed.text
        assert listed.json()["items"] == []
    assert (await shop.get(f"/v1/purchases/{mine['id']}")).json()["status"] == "recorded"


async def test_a_partners_key_sells_in_its_own_stores_and_has_request_ids_of_its_own(shop: Api) -> None:
    await shop.post("/v1/partners", {"code": "cafe", "name": "Café"})
    await shop.post("/v1/stores", {"code": "cafe-1", "name": "Café 1", "partner": "cafe"})
    await shop.post("/v1/stores", {"code": "riga-1", "name": "Riga 1"})
    cafe = await key_for(shop, "partner", partner="cafe")
    ours = await record(shop, buy("r-1", None, [line(1, 1000)]))

    theirs = await record(cafe, buy("r-1", None, [line(1, 700)], store="cafe-1"))
    elsewhere = await cafe.post("/v1/purchases", buy("r-2", None, [line(1, 1)]))
    mistyped = await cafe.post("/v1/purchases", buy("r-2", None, [line(1, 1)], store="cafe-l"))
    back = {"id": "b-1", "lines": [{"line": 1, "quantity": "1"}], "returned_at": "2026-03-01T09:00:00Z"}

    assert theirs["payable"] == 700
    assert refused(elsewhere) == (403, "forbidden", None)
    assert refused(mistyped) == (422, "invalid_value", "/store")
    assert refused(await cafe.get(f"/v1/purchases/{ours['id']}")) == (404, "not_found", None)
    assert refused(await cafe.post(f"/v1/purchases/{ours['id']}/returns", back)) == (
        422, "invalid_value", "/store")  # fmt: skip
    assert refused(await cafe.post(f"/v1/purchases/{ours['id']}/returns", {**back, "store": "cafe-1"})) == (
        403,
        "forbidden",
        None,
    )
    assert [p["store"] for p in (await cafe.get("/v1/purchases")).json()["items"]] == ["cafe-1"]
    stores = {store["code"] for store in (await shop.get("/v1/stores")).json()["items"]}
    assert stores == {"cafe-1", "riga-1"}


@pytest.mark.parametrize("quantity", ["1.0000", "0.5000", "1.0001", "1.000000000000"])
async def test_a_quantity_has_three_decimals_at_the_most_be_they_zeros_or_not(
    shop: Api, quantity: str
) -> None:
    body = buy("r-1", None, [line(1, 100), line(2, 100, quantity)])
    for path in ("/v1/purchases/preview", "/v1/purchases"):
        answer = await shop.post(path, body, scope="till")
        assert refused(answer) == (422, "invalid_value", "/lines/1/quantity")
    (one,) = (await shop.post("/v1/purchases/batch", {"purchases": [body]}, scope="till")).json()["items"]
    assert one["status"] == 422
    assert (await shop.get("/v1/purchases")).json()["items"] == []
    three = await shop.post("/v1/purchases", buy("r-1", None, [line(1, 100, "1.000")]), scope="till")
    assert (three.status_code, three.json()["payable"]) == (201, 100)


async def test_a_purchase_that_makes_no_sense_registers_no_store(shop: Api) -> None:
    body = buy("r-1", "9900 0000 0000 0000", [line(1, 1000)], store="nowhere")

    answer = await shop.post("/v1/purchases", body, scope="till")

    assert refused(answer) == (422, "invalid_card_number", "/card")
    assert (await shop.get("/v1/stores")).json()["items"] == []


async def test_an_unknown_store_is_refused_where_the_program_registers_none(shop: Api) -> None:
    await settle(shop, unknown_stores="refuse")

    answer = await shop.post("/v1/purchases", buy("r-1", None, [line(1, 1000)]), scope="till")

    assert refused(answer) == (422, "invalid_value", "/store")


async def test_the_purchase_in_another_money_is_priced_in_it_and_counted_in_ours(shop: Api) -> None:
    await publish(shop, FIVE_OFF)
    await publish(shop, MEMBER_POINTS)
    rate = {"currency": "USD", "rate": "0.8", "valid_from": "2026-01-01T00:00:00Z"}
    entered = await shop.post("/v1/exchange-rates", rate)
    assert entered.status_code == 201, entered.text
    member, card = await member_with_card(shop)
    await give(shop, member, 800)

    body = buy("r-1", card, [line(1, 10_000)], currency="USD", spend=[{"currency": "PTS", "amount": 800}])
    answer = await record(shop, body)

    # 5.00 € are 6.25 $; 800 points are 8.00 € or 10.00 $; 83.75 $ are 67.00 €
    assert (answer["currency"], answer["discount"], answer["paid_with_points"]) == ("USD", 625, 1000)
    assert answer["payable"] == 10_000 - 625 - 1000
    assert sum(e["amount"] for e in answer["earned"]) == 67


async def test_the_name_of_a_promotion_follows_the_language_that_was_asked_for(shop: Api) -> None:
    await publish(shop, {**FIVE_OFF, "names": {"lv": "Pieci eiro", "en": "Five euros"}})
    body = buy("r-1", None, [line(1, 4380)])
    headers = {"Authorization": f"Bearer {shop.keys['till']}"}

    answers = [
        (
            await shop.client.post(
                "/v1/purchases/preview", json=body, headers={**headers, "Accept-Language": language}
            )
        ).json()
        for language in ("lv", "en")
    ]

    assert [a["refusals"][0]["name"] for a in answers] == ["Pieci eiro", "Five euros"]
    assert [a["refusals"][0]["code"] for a in answers] == ["basket_below_minimum"] * 2
    assert [a["refusals"][0]["missing"] for a in answers] == [{"amount": 620, "currency": "EUR"}] * 2


async def test_a_published_and_a_stopped_promotion_count_from_the_next_purchase_on(shop: Api) -> None:
    lines = [line(1, 6000)]
    before = await record(shop, buy("r-1", None, lines))
    promotion = await publish(shop, FIVE_OFF)
    live = await record(shop, buy("r-2", None, lines))
    await shop.post(f"/v1/promotions/{promotion}/stop")
    stopped = await record(shop, buy("r-3", None, lines))
    await shop.post(f"/v1/promotions/{promotion}/resume")
    resumed = await record(shop, buy("r-4", None, lines))

    assert [a["discount"] for a in (before, live, stopped, resumed)] == [0, 500, 0, 500]


async def test_a_first_purchase_is_the_first_also_right_after_the_promotion_was_published(shop: Api) -> None:
    _, old = await member_with_card(shop)
    await record(shop, buy("r-1", old, [line(1, 6000)]))
    welcome = {
        "name": "Welcome",
        "group": "basket",
        "conditions": [{"kind": "first_purchase"}],
        "benefits": [{"kind": "basket_percent", "percent": "10"}],
    }
    await publish(shop, welcome)
    _, new = await member_with_card(shop)

    answers = [
        await record(shop, buy(f"r-{n}", card, [line(1, 1000)])) for n, card in enumerate([old, new, new], 2)
    ]

    assert [a["discount"] for a in answers] == [0, 100, 0]
