"""Batches over the API: each purchase is answered by itself, and a bad one does not spoil the others."""

from __future__ import annotations

from typing import Any

import pytest

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
)

PATH = "/v1/purchases/batch"


async def send(api: Api, *purchases: Any) -> list[dict[str, Any]]:
    """Record a batch; its items."""
    answer = await api.post(PATH, {"purchases": list(purchases)}, scope="till")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.mark.fast
async def test_a_bad_item_does_not_spoil_the_others(shop: Api) -> None:
    member, card = await earning_member(shop)
    bad: list[tuple[Any, int, str, str | None]] = [
        (17, 422, "invalid_value", None),
        ({**buy("b-1", card, [line(1, 100)]), "colour": "red"}, 422, "unknown_field", "/colour"),
        (buy("b-2", card, [{**line(1, 100), "qty": 1}]), 422, "unknown_field", "/lines/0/qty"),
        (buy("b-3", card, [line(1, 100, "-1")]), 422, "invalid_value", "/lines/0/quantity"),
        (buy("b-4", "9900 0000 0000 0000", [line(1, 100)]), 422, "invalid_card_number", "/card"),
        (buy("b-5", None, [line(1, 100)], phone="+37129999999"), 404, "not_found", "/phone"),
        (buy("b-6", card, [line(1, 100)], spend=[{"currency": "PTS", "amount": 10**6}]), 409,
         "insufficient_points", "/spend/0/amount"),
        (buy("b-7", card, [line(1, 100)], expect={"payable": 99}), 409, "price_changed", None),
        (buy("b-8", card, [line(1, 100)], currency="USD"), 422, "currency_unknown", "/currency"),
    ]  # fmt: skip
    purchases: list[Any] = []
    for n, (item, *_) in enumerate(bad):
        purchases += [item, buy(f"g-{n}", card, [line(1, 1000)])]

    items = await send(shop, *purchases)

    assert [item["status"] for item in items[1::2]] == [201] * len(bad)
    assert [item["answer"]["member"]["available"] for item in items[1::2]] == list(range(10, 91, 10))
    for item, (sent, status, code, pointer) in zip(items[::2], bad, strict=True):
        problem = item["problem"]
        pointers = [error["pointer"] for error in problem.get("errors", [])]
        assert (item["status"], problem["status"], problem["code"]) == (status, status, code)
        assert pointers[:1] == ([""] if sent == 17 else [] if pointer is None else [pointer])
        assert item["request"] == (sent["id"] if isinstance(sent, dict) else None)
    assert (await balance(shop, member))["available"] == 90
    listed = (await shop.get("/v1/purchases")).json()["items"]
    assert len(listed) == len(bad)


async def test_each_purchase_starts_from_what_the_one_before_it_left_in_the_order_of_time(shop: Api) -> None:
    _, card = await earning_member(shop)
    wish = {"spend": [{"currency": "PTS", "amount": 10}]}

    items = await send(
        shop,
        buy("r-1", card, [line(1, 50)], **wish, purchased_at="2026-03-01T10:30:00+02:00"),
        buy("r-2", card, [line(1, 1000)], purchased_at="2026-03-01T10:00:00+02:00"),
        buy("r-3", card, [line(1, 50)], **wish, purchased_at="2026-03-01T10:45:00+02:00"),
    )

    assert [item["status"] for item in items] == [201, 201, 409]
    assert items[0]["answer"]["payable"] == 40
    assert items[2]["problem"]["available"] == 0


async def test_the_same_purchase_twice_in_one_batch_is_recorded_once(shop: Api) -> None:
    one = buy("r-1", None, [line(1, 1000)])

    items = await send(shop, one, dict(reversed(one.items())), {**one, "till": "8"})
    again = await send(shop, one)

    assert [(item["status"], item["replayed"]) for item in items] == [(201, False), (201, True), (409, False)]
    assert items[0]["answer"] == items[1]["answer"] == again[0]["answer"]
    assert items[2]["problem"]["code"] == "request_key_reused"
    assert again[0]["replayed"]


async def test_a_purchase_sent_alone_and_in_a_batch_is_the_same_request(shop: Api) -> None:
    one = buy("r-1", None, [line(1, 1000)])
    alone = await record(shop, one)

    (item,) = await send(shop, one)

    assert (item["replayed"], item["answer"]) == (True, alone)


async def test_quotes_and_receipts_as_sold_go_together(shop: Api) -> None:
    await publish(shop, {"name": "Ten off", "group": "items",
                         "benefits": [{"kind": "line_percent", "percent": "10"}]})  # fmt: skip

    items = await send(
        shop,
        buy("r-1", None, [line(1, 1000)]),
        buy("r-2", None, [line(1, 1000, discount=333)], pricing="as_sold"),
    )

    assert [item["answer"]["payable"] for item in items] == [900, 667]


async def test_two_cards_of_one_member_in_one_batch_share_the_account(shop: Api) -> None:
    member, first = await member_with_card(shop)
    second = (await shop.post(f"/v1/members/{member}/cards", {})).json()["number"]
    await give(shop, member, 100)
    wish = {"spend": [{"currency": "PTS", "amount": 60}]}

    items = await send(
        shop, buy("r-1", first, [line(1, 100)], **wish), buy("r-2", second, [line(1, 100)], **wish)
    )

    assert [item["status"] for item in items] == [201, 409]
    assert (await balance(shop, member))["available"] == 40


async def test_300_purchases_of_one_card_are_answered_in_the_order_they_were_sent(shop: Api) -> None:
    member, card = await earning_member(shop)

    items = await send(shop, *(buy(f"r-{n}", card, [line(1, 100)]) for n in range(300)))

    assert [item["request"] for item in items] == [f"r-{n}" for n in range(300)]
    assert [item["answer"]["member"]["available"] for item in items] == list(range(1, 301))
    assert (await balance(shop, member))["available"] == 300


@pytest.mark.parametrize("count", [0, 5001])
async def test_a_batch_has_1_to_5000_purchases(shop: Api, count: int) -> None:
    answer = await shop.post(PATH, {"purchases": [1] * count}, scope="till")

    assert refused(answer) == (422, "invalid_value", "/purchases")
