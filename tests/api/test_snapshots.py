"""What a till works with without the line: signed, no more than the program risks, sent only when it changed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars.flows import make_snapshot
from tests.api.conftest import Api
from tests.api.shop import (
    AT,
    MEMBER_POINTS,
    buy,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    settle,
)
from tests.api.test_offline import later, send, spender
from tests.api.tills import seen_at_the_store, till_of


async def test_a_snapshot_has_goods_promotions_and_what_may_be_spent_and_is_signed(shop: Api) -> None:
    await shop.post("/v1/products", {"products": [
        {"sku": "tea", "name": "Tea", "price": 450, "barcode": "4750001000012", "tax_rate": "0.21"}]})  # fmt: skip
    promotion = await publish(
        shop, {"name": "Ten off", "group": "items", "benefits": [{"kind": "line_percent", "percent": "10"}]}
    )

    till = await till_of(shop)

    body = till.snapshot
    assert (body["format"], body["store"], body["device"], body["currency"]) == (
        1,
        "riga-1",
        till.device,
        "EUR",
    )
    assert [(one["sku"], one["price"], one["barcode"]) for one in body["products"]] == [
        ("tea", 450, "4750001000012")
    ]
    assert [one["id"] for one in body["promotions"]] == [promotion]
    assert body["products_left_out"] == 0
    made, until = (datetime.fromisoformat(body[name]) for name in ("made_at", "good_until"))
    assert until - made == timedelta(days=3)
    assert body["spending"] == {
        "currency": "PTS", "scale": 0, "worth": [1, 1], "per_till": 50_000, "allowances": [],
        "salt": body["spending"]["salt"],
    }  # fmt: skip


async def test_of_too_many_goods_it_says_how_many_are_left_out_and_it_comes_compressed(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_snapshot, "PRODUCTS_MAX", 2)
    products = [{"sku": f"tea-{n}", "name": f"Tea {n}", "price": 450} for n in range(5)]
    await shop.post("/v1/products", {"products": products})
    till = await till_of(shop)

    asked = {"store": "riga-1", "device": till.device}
    key = {"Authorization": f"Bearer {shop.keys['till']}"}
    small, plain = [
        await shop.client.get("/v1/till/snapshot", params=asked, headers=key | {"Accept-Encoding": way})
        for way in ("gzip", "identity")
    ]

    for answer in (small, plain):
        body = json.loads(answer.json()["body"])
        assert [one["sku"] for one in body["products"]] == ["tea-0", "tea-1"]
        assert body["products_left_out"] == 3
    assert (small.headers.get("content-encoding"), plain.headers.get("content-encoding")) == ("gzip", None)
    assert {one.headers["vary"] for one in (small, plain)} == {"Accept-Encoding"}


async def test_a_till_that_has_it_hears_that_nothing_changed_until_something_does(shop: Api) -> None:
    _, card = await spender(shop, 900)
    till = await till_of(shop)
    first = till.snapshot["id"]

    assert await till.fetch(till.etag) == 304
    await send(shop, till.sold(card, 100))
    assert await till.fetch(till.etag) == 200
    assert till.snapshot["id"] != first
    assert (till.allowance(card) or {})["amount"] == 800
    await shop.post("/v1/sandbox/clock", {"now": later(AT, seconds=1)})
    assert await till.fetch(till.etag) == 200
    assert await till.fetch(till.etag) == 304
    await publish(shop, MEMBER_POINTS)
    assert await till.fetch(till.etag) == 200


async def test_an_allowance_is_no_more_than_the_program_lets_be_spent(shop: Api) -> None:
    _, rich = await spender(shop, 9_000)
    _, poor = await spender(shop, 40)
    unproved = await shop.post("/v1/members", {"phone": "+37120990001", "source": "till"}, scope="till")
    new, blocked = unproved.json()["cards"][0]["number"], (await spender(shop, 500))[1]
    await give(shop, unproved.json()["id"], 500)
    await seen_at_the_store(shop, new)
    await shop.post("/v1/cards/block", {"number": blocked})
    _, elsewhere = await member_with_card(shop)
    await settle(shop, offline={"spend_per_member": 3000}, proof_above_a_day=1200)

    till = await till_of(shop)

    found = {
        name: (one["amount"], one["proved"]) if (one := till.allowance(card)) else None
        for name, card in {
            "rich": rich,
            "poor": poor,
            "new": new,
            "blocked": blocked,
            "not here": elsewhere,
        }.items()
    }
    assert found == {
        "rich": (1200, 3000), "poor": (40, 40), "new": (0, 500), "blocked": None, "not here": None,
    }  # fmt: skip


async def test_what_was_paid_today_with_the_card_alone_is_taken_off_the_allowance(shop: Api) -> None:
    _, card = await spender(shop, 5000)
    await record(shop, buy("r-1", card, [line(1, 900)], spend=[{"currency": "PTS", "amount": 700}]))

    till = await till_of(shop)

    assert (till.allowance(card) or {})["amount"] == 1300


async def test_a_store_without_such_a_device_and_a_program_that_forbids_it_get_no_snapshot(shop: Api) -> None:
    till = await till_of(shop, fetch=False)
    await shop.post("/v1/stores", {"code": "liepaja", "name": "Liepāja"})

    there = await shop.get("/v1/till/snapshot", scope="till", store="liepaja", device=till.device)
    await settle(shop, offline={"on": False})
    off = await shop.get("/v1/till/snapshot", scope="till", store="riga-1", device=till.device)

    assert refused(there)[:2] == (404, "not_found")
    assert refused(off)[:2] == (409, "state_conflict")


@pytest.mark.parametrize(
    "settings",
    [{"offline": {"spend_per_member": 0}}, {"offline": {"members_max": 0}}, {"points_as": "price_reduction"}],
)
async def test_where_nothing_may_be_risked_no_card_is_named(shop: Api, settings: dict[str, Any]) -> None:
    await spender(shop, 1000)
    await settle(shop, **settings)

    till = await till_of(shop)

    assert till.snapshot["spending"] is None
