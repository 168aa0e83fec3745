"""A till sells a pack: the line of a receipt pays for it, once; a return of the line pays back what is left of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    giving_back,
    line,
    member_with_card,
    publish,
    record,
    refused,
    settle,
    take_back,
)
from tests.api.test_accounts import assert_the_books_are_in_order
from tests.api.test_packs import left, on_sale, used

PRICE = 34_999


@pytest.fixture
async def seller(shop: Api) -> Api:
    """A program whose article `massages` is a pack of ten."""
    await on_sale(shop, sku="massages")
    return shop


def pack_line(number: int = 1, price: int = PRICE, **more: Any) -> dict[str, Any]:
    """The line of a pack."""
    return line(number, price, sku="massages", name="Ten massages", **more)


async def sell(api: Api, member: str, purchase: str, number: int = 1, **options: Any) -> httpx.Response:
    """A till asks for the pack of a line."""
    body = {"pack": "ten", "purchase": purchase, "line": number}
    return await api.post(f"/v1/members/{member}/packs", body, scope="till", **options)


async def sold(api: Api, **more: Any) -> tuple[str, str, str]:
    """A member, her receipt with a pack on its second line, and the pack."""
    member, card = await member_with_card(api)
    receipt = (await record(api, buy("r-1", card, [line(1, 300), pack_line(2, **more)])))["id"]
    made = await sell(api, member, receipt, 2)
    assert made.status_code == 201, made.text
    return member, receipt, made.json()["id"]


async def test_the_line_pays_for_one_pack_at_what_was_paid(seller: Api, database: Database) -> None:
    tenth_off = {
        "name": "A tenth off", "group": "basket", "benefits": [{"kind": "basket_percent", "percent": "10"}],
    }  # fmt: skip
    await publish(seller, tenth_off)
    member, card = await member_with_card(seller)
    receipt = (await record(seller, buy("r-1", card, [line(1, 300), pack_line(2)])))["id"]

    made = await sell(seller, member, receipt, 2, key="pack-1")
    same = await sell(seller, member, receipt, 2, key="pack-1")
    again = await sell(seller, member, receipt, 2)

    assert made.json() == same.json()
    assert (made.json()["price"], made.json()["left"]) == (31_499, 10)  # 349.99 less 35.00
    assert refused(again)[:2] == (409, "state_conflict")
    assert await left(seller, member) == [10]
    owed = (await seller.get("/v1/packs")).json()["items"][0]
    assert (owed["sold"], owed["liability"]) == (1, 31_499)
    await assert_the_books_are_in_order(seller, database)


@pytest.mark.parametrize(
    ("lines", "number", "expected"),
    [
        ([pack_line()], 2, (422, "invalid_value", "/line")),
        ([line(1, PRICE)], 1, (422, "invalid_value", "/line")),
        ([pack_line(quantity="2")], 1, (422, "invalid_value", "/line")),
    ],
)
async def test_a_line_that_is_no_pack_sells_none(
    seller: Api, lines: list[dict[str, Any]], number: int, expected: tuple[int, str, str]
) -> None:
    member, card = await member_with_card(seller)
    receipt = (await record(seller, buy("r-1", card, lines)))["id"]
    assert refused(await sell(seller, member, receipt, number)) == expected
    assert await left(seller, member) == []


async def test_half_a_pack_does_not_come_back(seller: Api) -> None:
    member, receipt, _ = await sold(seller)
    half = giving_back("b-1", (2, "0.5"))
    answer = await seller.post(f"/v1/purchases/{receipt}/returns", half, scope="till")
    assert refused(answer) == (422, "invalid_value", "/lines/0/quantity")
    assert await left(seller, member) == [10]
    back = await take_back(seller, receipt, "b-2", (2, "1"))
    assert (back["money_back"], await left(seller, member)) == (PRICE, [0])


async def test_only_a_receipt_of_hers_that_was_paid_sells_one(seller: Api) -> None:
    (anna, card), (zane, _) = await member_with_card(seller), await member_with_card(seller)
    hers = (await record(seller, buy("r-1", card, [pack_line()])))["id"]
    nobodys = (await record(seller, buy("r-2", None, [pack_line()])))["id"]
    held = (await record(seller, buy("r-3", card, [pack_line()], hold=True)))["id"]
    voided = (await record(seller, buy("r-4", card, [pack_line()])))["id"]
    assert (await seller.post(f"/v1/purchases/{voided}/void", {}, scope="till")).status_code == 200

    assert refused(await sell(seller, zane, hers)) == (422, "invalid_value", "/purchase")
    assert refused(await sell(seller, anna, nobodys)) == (422, "invalid_value", "/purchase")
    for receipt in (held, voided):
        assert refused(await sell(seller, anna, receipt))[:2] == (409, "state_conflict")
    assert (await sell(seller, anna, hers)).status_code == 201


async def test_a_till_sells_a_pack_with_an_article_only_for_a_receipt(seller: Api) -> None:
    member, _ = await member_with_card(seller)
    path, body = f"/v1/members/{member}/packs", {"pack": "ten", "reference": "r-9"}

    assert refused(await seller.post(path, body, scope="till")) == (422, "invalid_value", "/purchase")
    assert refused(await seller.post(path, {"pack": "ten"})) == (422, "invalid_value", "/reference")
    half = {"pack": "ten", "line": 1}
    assert refused(await seller.post(path, half, scope="till")) == (422, "invalid_value", "/line")
    assert (await seller.post(path, body)).status_code == 201  # the operator answers for it


async def test_a_return_of_the_line_pays_back_what_is_left_of_the_pack(
    seller: Api, database: Database
) -> None:
    await publish(seller, MEMBER_POINTS)
    member, receipt, _ = await sold(seller)
    assert [await used(seller, member) for _ in range(3)] == [9, 8, 7]

    foreseen = await seller.post(
        f"/v1/purchases/{receipt}/returns/preview", giving_back("b-1", (2, "1")), scope="till"
    )
    assert await left(seller, member) == [7]
    done = await take_back(seller, receipt, "b-1", (2, "1"))

    kept = 10_500  # 349.99 less 244.99, which are 7 of 10 visits
    assert [(one["left"], one["kept_back"]) for one in done["packs_back"]] == [(7, kept)]
    assert (done["money_back"], done["net"]) == (PRICE - kept, PRICE)
    assert foreseen.json()["money_back"] == done["money_back"]
    assert await left(seller, member) == [0]
    assert (await balance(seller, member))["available"] == 3  # for the other line alone
    none = await seller.post(f"/v1/members/{member}/visits", {"currency": "MASSAGE"}, scope="till")
    assert refused(none)[:2] == (409, "insufficient_points")
    await assert_the_books_are_in_order(seller, database)


async def test_a_pack_that_was_paid_back_before_is_not_paid_back_by_a_return(seller: Api) -> None:
    member, receipt, pack = await sold(seller)
    await used(seller, member, 4)
    by_till = await seller.post(f"/v1/packs/{pack}/refunds", {}, scope="till")
    assert refused(by_till)[:2] == (403, "scope_missing")
    paid_back = await seller.post(f"/v1/packs/{pack}/refunds", {})
    assert paid_back.json()["refunded"] == 20_999

    done = await take_back(seller, receipt, "b-1", (2, "1"))

    assert (done["money_back"], done["packs_back"][0]["kept_back"]) == (0, PRICE)


async def test_visits_that_come_back_after_the_pack_was_paid_back_are_not_paid_back_again(
    seller: Api, database: Database
) -> None:
    await settle(seller, passing={"take_back_hours": 2})
    anna, receipt, pack = await sold(seller)
    bob, _ = await member_with_card(seller)
    passed = await seller.post(
        f"/v1/members/{anna}/transfers", {"to": bob, "currency": "MASSAGE", "amount": 3}
    )
    assert passed.status_code == 201, passed.text
    refunded = (await seller.post(f"/v1/packs/{pack}/refunds", {})).json()["refunded"]
    back = await seller.post(f"/v1/members/{anna}/transfers/{passed.json()['transfer']}/take-back")
    assert back.status_code == 200, back.text

    voided = await seller.post(f"/v1/purchases/{receipt}/void", {}, scope="till")
    foreseen = await seller.post(
        f"/v1/purchases/{receipt}/returns/preview", giving_back("b-1", (2, "1")), scope="till"
    )
    done = await take_back(seller, receipt, "b-1", (2, "1"))

    assert refunded == 24_499
    assert refused(voided)[:2] == (409, "state_conflict")
    assert [(one["left"], one["kept_back"]) for one in done["packs_back"]] == [(0, PRICE)]
    assert foreseen.json()["packs_back"] == done["packs_back"]
    assert foreseen.json()["money_back"] == done["money_back"] == 0
    assert await left(seller, anna) == [3]
    await assert_the_books_are_in_order(seller, database)


async def test_a_receipt_with_a_pack_is_voided_while_no_visit_was_used(
    seller: Api, database: Database
) -> None:
    member, receipt, _ = await sold(seller)
    await used(seller, member)
    refusal = await seller.post(f"/v1/purchases/{receipt}/void", {}, scope="till")
    assert refused(refusal)[:2] == (409, "state_conflict")
    assert await left(seller, member) == [9]

    card = (await seller.post(f"/v1/members/{member}/cards", {}, scope="till")).json()["number"]
    second = (await record(seller, buy("r-2", card, [pack_line()])))["id"]
    assert (await sell(seller, member, second)).status_code == 201
    assert (await seller.post(f"/v1/purchases/{second}/void", {}, scope="till")).status_code == 200
    assert await left(seller, member) == [0, 9]
    await assert_the_books_are_in_order(seller, database)


async def test_an_article_is_one_thing_that_is_sold(seller: Api) -> None:
    await settle(seller, gift_card_skus=["gift"])
    for sku in ("massages", "gift"):
        body = {
            "names": {"en": "Five", "lv": "Piecas"},
            "currency": "MASSAGE",
            "visits": 5,
            "price": 100,
            "sku": sku,
        }
        answer = await seller.call("PUT", "/v1/packs/five", body)
        assert refused(answer) == (422, "contradictory_configuration", "/sku")
    stopped = {**(await seller.get("/v1/packs")).json()["items"][0]["document"], "stopped": True}
    assert (await seller.call("PUT", "/v1/packs/ten", stopped)).status_code == 200
    five = {
        "names": {"en": "Five", "lv": "Piecas"},
        "currency": "MASSAGE",
        "visits": 5,
        "price": 100,
        "sku": "massages",
    }
    assert (await seller.call("PUT", "/v1/packs/five", five)).status_code == 200
