"""Receipts as sold: the goods have left the shop, so nothing is refused and no money changes."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.ledger.check import check
from tests.api.conftest import Api
from tests.api.shop import (
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
    take_back,
)

TEN_OFF = {"name": "Ten off", "group": "items", "benefits": [{"kind": "line_percent", "percent": "10"}]}


def sold(request: str, card: str | None, lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A receipt that is a fact."""
    return buy(request, card, lines, pricing="as_sold", **more)


@pytest.mark.fast
async def test_prices_are_facts_and_what_we_would_have_given_is_told(shop: Api) -> None:
    promotion = await publish(shop, TEN_OFF)
    member, card = await earning_member(shop)
    lines = [
        line(1, 1000, "2", discount=500, discounts=[
            {"promotion": promotion, "amount": 200}, {"reason": "damaged", "amount": 300}]),
        {"line": 2, "sku": "b", "quantity": "1", "gross": 777},
    ]  # fmt: skip

    answer = await record(shop, sold("r-1", card, lines, purchased_at="2026-02-28T12:00:00+02:00"))

    assert [(one["gross"], one["discount"], one["net"]) for one in answer["lines"]] == [
        (2000, 500, 1500), (777, 0, 777)]  # fmt: skip
    assert (answer["discount"], answer["payable"], answer["warnings"]) == (500, 2277, [])
    assert answer["differences"] == [
        {"line": 1, "discount": 500, "would_have_been": 200},
        {"line": 2, "discount": 0, "would_have_been": 78},
    ]
    assert sum(e["amount"] for e in answer["earned"]) == 22
    assert (await balance(shop, member))["available"] == 22


@pytest.mark.fast
async def test_points_that_are_no_longer_there_are_the_stores_loss(shop: Api, database: Database) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 200)
    wish = [{"currency": "PTS", "amount": 500}]

    answer = await record(shop, sold("r-1", card, [line(1, 1000)], spend=wish))

    assert (answer["paid_with_points"], answer["payable"]) == (500, 500)
    assert answer["spent"] == [{"currency": "PTS", "amount": 500, "worth": 500}]
    assert [(w["code"], w["amount"]) for w in answer["warnings"]] == [("insufficient_points", 300)]
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert await entries(database, shop) == [("issued", "redeemed", 300), ("points", "redeemed", 200)]

    halves = [await take_back(shop, answer["id"], f"b-{n}", (1, "0.5")) for n in (1, 2)]

    assert [half["money_back"] for half in halves] == [250, 250]
    assert await balance(shop, member) == {"available": 200, "pending": 0, "held": 0, "debt": 0}
    async with database.transaction(shop.program.id) as tx:
        assert await check(tx, shop.program.id) == ()


async def test_a_neighbour_in_the_same_batch_is_not_touched_by_points_that_are_not_there(shop: Api) -> None:
    _, card = await member_with_card(shop)
    wish = [{"currency": "PTS", "amount": 500}]

    answer = await shop.post(
        "/v1/purchases/batch",
        {"purchases": [sold("r-1", card, [line(1, 1000)], spend=wish), buy("r-2", None, [line(1, 100)])]},
        scope="till",
    )

    assert [item["status"] for item in answer.json()["items"]] == [201, 201]


async def test_a_card_that_is_not_known_blocked_or_mistyped_is_a_warning(
    shop: Api, database: Database
) -> None:
    _, blocked = await earning_member(shop)
    await shop.post("/v1/cards/block", {"number": blocked})
    wish = [{"currency": "PTS", "amount": 50}]

    answers = [
        await record(shop, sold("r-1", blocked, [line(1, 1000)])),
        await record(shop, sold("r-2", "9900 0000 0000 0000", [line(1, 1000)])),
        await record(shop, {**sold("r-3", None, [line(1, 1000)]), "phone": "+37129999999"}),
        await record(shop, {**sold("r-4", None, [line(1, 1000)], spend=wish), "phone": "+37129999999"}),
    ]

    assert [[w["code"] for w in a["warnings"]] for a in answers] == [
        ["card_blocked"],
        ["invalid_card_number"],
        ["unknown_phone"],
        ["unknown_phone", "insufficient_points"],
    ]
    assert [(a["member"], a["earned"], a["payable"]) for a in answers] == [(None, [], 1000)] * 3 + [
        (None, [], 950)]  # fmt: skip
    assert await entries(database, shop) == [("issued", "redeemed", 50)]


async def test_a_proof_is_not_asked_for_what_was_paid_already(shop: Api) -> None:
    made = (await shop.post("/v1/members", {"phone": "+37126000001"})).json()
    await give(shop, made["id"], 5000)
    wish = [{"currency": "PTS", "amount": 5000}]

    answer = await record(shop, {**sold("r-1", None, [line(1, 9000)], spend=wish), "phone": "+37126000001"})

    assert (answer["paid_with_points"], answer["payable"], answer["warnings"]) == (5000, 4000, [])


async def test_an_unassigned_card_that_the_program_refuses_is_a_warning(shop: Api) -> None:
    await settle(shop, unassigned_cards="refuse")
    card = (await shop.post("/v1/cards/batch", {"count": 1})).json()["cards"][0]["number"]

    answer = await record(shop, sold("r-1", card, [line(1, 5000)]))

    assert [w["code"] for w in answer["warnings"]] == ["card_unassigned"]


@pytest.mark.parametrize(
    ("faulty", "pointer"),
    [
        (line(1, 1000, discount=1001), "/lines/0/discount"),
        (line(1, 1000, discount=100, discounts=[{"amount": 99, "reason": "x"}]), "/lines/0/discounts"),
    ],
)
async def test_facts_that_contradict_themselves_are_refused(
    shop: Api, faulty: dict[str, Any], pointer: str
) -> None:
    answer = await shop.post("/v1/purchases", sold("r-1", None, [faulty]), scope="till")

    assert refused(answer) == (422, "invalid_value", pointer)


async def entries(database: Database, api: Api) -> list[tuple[str, str, int]]:
    """Entries of the program that touch `redeemed`."""
    async with database.transaction(api.program.id) as tx:
        found = await tx.execute(
            "SELECT source, target, amount FROM entry WHERE program = %s AND target = 'redeemed' ORDER BY 1",
            (api.program.id,),
        )
        return [(row[0], row[1], row[2]) for row in await found.fetchall()]
