"""A till sells a gift card: for a line of a receipt that was paid, once; its money comes off again with a return."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from regulars.db.pool import Database
from regulars.ledger.check import check
from tests.api.conftest import Api
from tests.api.shop import (
    buy,
    earning_member,
    give,
    giving_back,
    line,
    publish,
    record,
    refused,
    settle,
    take_back,
)


@pytest.fixture
async def seller(shop: Api) -> Api:
    """A program whose article `gift` is a gift card."""
    await settle(shop, gift_card_skus=["gift"])
    return shop


def gift(amount: int, number: int = 1, **more: Any) -> dict[str, Any]:
    """The line of a gift card."""
    return line(number, amount, sku="gift", name="Gift card", **more)


async def sell(api: Api, purchase: str, amount: int, number: int = 1, **more: Any) -> httpx.Response:
    """A till asks for the card of a line."""
    body = {"amount": amount, "purchase": purchase, "line": number, **more}
    return await api.post("/v1/gift-cards", body, scope="till")


async def on(api: Api, card: dict[str, Any]) -> int:
    """What is on a card."""
    return (await api.get(f"/v1/gift-cards/{card['id']}")).json()["available"]


async def test_a_card_is_sold_with_the_receipt_that_paid_for_it(seller: Api, database: Database) -> None:
    paid = await record(seller, buy("r-1", None, [line(1, 300), gift(2500, 2)]))
    made = await sell(seller, paid["id"], 2500, 2)
    assert made.status_code == 201, made.text
    assert await on(seller, made.json()) == 2500
    again = await sell(seller, paid["id"], 2500, 2)
    assert refused(again) == (409, "gift_card_sold", None)
    async with database.transaction(seller.program.id) as tx:
        assert await check(tx, seller.program.id) == ()


async def test_a_till_gives_no_card_without_a_receipt(seller: Api) -> None:
    alone = await seller.post("/v1/gift-cards", {"amount": 2500}, scope="till")
    assert refused(alone) == (422, "invalid_value", "/purchase")
    topped = await seller.post("/v1/gift-cards/top-up", {"code": "AAAA", "amount": 1}, scope="till")
    assert refused(topped) == (422, "invalid_value", "/purchase")
    assert (await seller.get("/v1/gift-cards")).json()["items"] == []


@pytest.mark.parametrize(
    ("lines", "amount", "pointer"),
    [
        ([gift(2500)], 2501, "/amount"),
        ([line(1, 2500)], 2500, "/line"),
        ([gift(1000, quantity="2")], 2000, "/line"),
        ([gift(2500, 2)], 2500, "/line"),
    ],
)
async def test_a_line_that_did_not_pay_for_so_much_sells_nothing(
    seller: Api, lines: list[dict[str, Any]], amount: int, pointer: str
) -> None:
    paid = await record(seller, buy("r-1", None, lines))
    assert refused(await sell(seller, paid["id"], amount)) == (422, "invalid_value", pointer)
    assert (await seller.get("/v1/gift-cards")).json()["items"] == []


async def test_what_is_held_voided_or_came_back_sells_nothing(seller: Api) -> None:
    held = await record(seller, buy("r-1", None, [gift(1000)], hold=True))
    assert refused(await sell(seller, held["id"], 1000)) == (409, "state_conflict", None)
    voided = await record(seller, buy("r-2", None, [gift(1000)]))
    assert (await seller.post(f"/v1/purchases/{voided['id']}/void", {}, scope="till")).status_code == 200
    assert refused(await sell(seller, voided["id"], 1000)) == (409, "state_conflict", None)
    part = await record(seller, buy("r-3", None, [gift(1000), line(2, 500)]))
    await take_back(seller, part["id"], "b-3", (1, "1"))
    assert refused(await sell(seller, part["id"], 1000)) == (409, "state_conflict", None)


async def test_a_card_that_is_there_is_filled_by_a_line(seller: Api) -> None:
    card = (await seller.post("/v1/gift-cards", {"amount": 500})).json()
    paid = await record(seller, buy("r-1", None, [gift(1500)]))
    body = {"code": card["code"], "amount": 1500, "purchase": paid["id"], "line": 1}
    topped = await seller.post("/v1/gift-cards/top-up", body, scope="till")
    assert (topped.status_code, topped.json()["available"]) == (200, 2000)
    assert refused(await sell(seller, paid["id"], 1500)) == (409, "gift_card_sold", None)


async def test_a_return_takes_the_money_off_the_card(seller: Api, database: Database) -> None:
    paid = await record(seller, buy("r-1", None, [gift(2500), line(2, 500)]))
    card = (await sell(seller, paid["id"], 2500)).json()
    back = await take_back(seller, paid["id"], "b-1", (1, "1"))
    assert (back["money_back"], await on(seller, card)) == (2500, 0)
    other = await record(seller, buy("r-2", None, [gift(1000)]))
    second = (await sell(seller, other["id"], 1000)).json()
    voided = await seller.post(f"/v1/purchases/{other['id']}/void", {}, scope="till")
    assert (voided.status_code, await on(seller, second)) == (200, 0)
    async with database.transaction(seller.program.id) as tx:
        assert await check(tx, seller.program.id) == ()


async def test_a_card_that_was_used_does_not_come_back(seller: Api) -> None:
    paid = await record(seller, buy("r-1", None, [gift(2500)]))
    card = (await sell(seller, paid["id"], 2500)).json()
    spend = [{"gift_card": card["code"], "amount": 100}]
    await record(seller, buy("r-2", None, [line(1, 100)], spend=spend))
    back = await seller.post(
        f"/v1/purchases/{paid['id']}/returns", giving_back("b-1", (1, "1")), scope="till"
    )
    assert refused(back) == (409, "gift_card_spent", None)
    voided = await seller.post(f"/v1/purchases/{paid['id']}/void", {}, scope="till")
    assert refused(voided) == (409, "gift_card_spent", None)
    assert await on(seller, card) == 2400


async def test_half_a_gift_card_does_not_come_back(seller: Api) -> None:
    paid = await record(seller, buy("r-1", None, [line(1, 300, quantity="2"), gift(2500, 2)]))
    card = (await sell(seller, paid["id"], 2500, 2)).json()
    half = giving_back("b-1", (1, "1"), (2, "0.5"))
    for path in ("returns/preview", "returns"):
        answer = await seller.post(f"/v1/purchases/{paid['id']}/{path}", half, scope="till")
        assert refused(answer) == (422, "invalid_value", "/lines/1/quantity")
    assert await on(seller, card) == 2500
    back = await take_back(seller, paid["id"], "b-2", (1, "1"), (2, "1"))
    assert (back["money_back"], await on(seller, card)) == (2800, 0)
    unsold = await record(seller, buy("r-2", None, [gift(1000)]))
    back = await take_back(seller, unsold["id"], "b-3", (1, "0.5"))
    assert back["money_back"] == 500


async def test_a_gift_card_is_money_no_discount_no_points_and_no_other_card_pays_for_it(seller: Api) -> None:
    member, number = await earning_member(seller)
    await give(seller, member, 1000)
    off = {"name": "Half", "group": "items", "benefits": [{"kind": "line_percent", "percent": "50"}]}
    await publish(seller, off)
    card = (await seller.post("/v1/gift-cards", {"amount": 5000})).json()
    spend = [{"currency": "PTS", "amount": "max"}, {"gift_card": card["code"], "amount": "max"}]
    made = await record(seller, buy("r-1", number, [gift(2500), line(2, 3000)], spend=spend))
    assert (made["discount"], made["paid_with_points"], made["paid_with_gift_cards"], made["payable"]) == (
        1500, 1000, 500, 2500,
    )  # fmt: skip
    assert sum(one["amount"] for one in made["earned"]) == 5  # of the 5.00 that the card paid for the goods


async def test_a_return_that_is_only_looked_at_leaves_the_money_on_the_card(seller: Api) -> None:
    paid = await record(seller, buy("r-1", None, [gift(2500)]))
    card = (await sell(seller, paid["id"], 2500)).json()
    sent = giving_back("b-1", (1, "1"))

    foreseen = await seller.post(f"/v1/purchases/{paid['id']}/returns/preview", sent, scope="till")

    assert (foreseen.status_code, foreseen.json()["money_back"]) == (200, 2500)
    assert await on(seller, card) == 2500
