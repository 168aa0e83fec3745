"""Prepaid packs of visits: sold, used by those that end first, paid back to the cent, and owed until then."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import member_with_card, refused, set_clock
from tests.api.test_accounts import assert_the_books_are_in_order

TEN: dict[str, Any] = {
    "names": {"en": "Ten massages", "lv": "Desmit masāžas"},
    "currency": "MASSAGE",
    "visits": 10,
    "price": 34_999,
    "valid_days": 30,
}


async def on_sale(api: Api, code: str = "ten", **more: Any) -> None:
    """A pack that can be bought."""
    await api.post("/v1/currencies", {"code": "MASSAGE", "kind": "visits", "worth": "0"})
    made = await api.call("PUT", f"/v1/packs/{code}", {**TEN, **more})
    assert made.status_code == 200, made.text


async def bought(api: Api, member: str, code: str = "ten") -> str:
    """Sell a pack to a member; its id."""
    made = await api.post(f"/v1/members/{member}/packs", {"pack": code, "reference": "r-1"}, scope="till")
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def used(api: Api, member: str, visits: int = 1) -> int:
    """Use visits; how many are left."""
    body = {"currency": "MASSAGE", "visits": visits}
    done = await api.post(f"/v1/members/{member}/visits", body, scope="till")
    assert done.status_code == 201, done.text
    return done.json()["left"]


async def left(api: Api, member: str) -> list[int]:
    """What is left of each pack, the latest first."""
    return [one["left"] for one in (await api.get(f"/v1/members/{member}/packs")).json()["items"]]


async def test_each_visit_takes_one_and_what_is_left_is_paid_back_by_its_share_of_the_price(
    shop: Api,
) -> None:
    await on_sale(shop)
    member, _ = await member_with_card(shop)
    pack = await bought(shop, member)

    after = [await used(shop, member) for _ in range(3)]
    owed = (await shop.get("/v1/packs")).json()["items"][0]
    paid_back = await shop.post(f"/v1/packs/{pack}/refunds", {"reason": "moves away"})
    again = await shop.post(f"/v1/packs/{pack}/refunds", {})
    nothing = (await shop.get("/v1/packs")).json()["items"][0]

    assert after == [9, 8, 7]
    assert (owed["sold"], owed["left"], owed["liability"]) == (1, 7, 24_499)  # 349.99 × 7 / 10 = 244.993
    assert (paid_back.json()["refunded"], paid_back.json()["left"]) == (24_499, 0)
    assert refused(again)[:2] == (409, "state_conflict")
    assert (nothing["left"], nothing["liability"]) == (0, 0)


async def test_more_visits_than_there_are_are_not_used(shop: Api) -> None:
    await on_sale(shop, visits=2)
    member, _ = await member_with_card(shop)
    await bought(shop, member)

    three = await shop.post(f"/v1/members/{member}/visits", {"currency": "MASSAGE", "visits": 3})

    assert refused(three)[:2] == (409, "insufficient_points")
    assert await left(shop, member) == [2]


async def test_the_pack_that_ends_first_is_used_first_and_what_is_over_is_not_paid_back(shop: Api) -> None:
    await on_sale(shop)
    member, _ = await member_with_card(shop)
    await on_sale(shop, "summer", valid_days=10)
    long = await bought(shop, member)
    short = await bought(shop, member, "summer")

    await used(shop, member, 4)
    before = await left(shop, member)
    await set_clock(shop, "2026-03-12T00:00:00+02:00")
    after = await left(shop, member)
    over = await shop.post(f"/v1/packs/{short}/refunds", {})
    fine = await shop.post(f"/v1/packs/{long}/refunds", {})

    assert (before, after) == ([6, 10], [0, 10])
    assert refused(over)[:2] == (409, "state_conflict")
    assert fine.json()["refunded"] == 34_999


async def test_a_sale_that_is_sent_twice_is_one_pack(shop: Api) -> None:
    await on_sale(shop)
    member, _ = await member_with_card(shop)
    body = {"pack": "ten", "reference": "r-1"}

    first, second = [
        await shop.post(f"/v1/members/{member}/packs", body, key="sale-1", scope="till") for _ in range(2)
    ]

    assert first.json() == second.json()
    assert await left(shop, member) == [10]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"names": {"ru": "Десять"}}, "/names"), ({"currency": "PTS"}, "/currency")],
)
async def test_a_pack_that_contradicts_itself_is_refused(
    shop: Api, change: dict[str, Any], pointer: str
) -> None:
    await on_sale(shop)

    answer = await shop.call("PUT", "/v1/packs/ten", {**TEN, **change})

    assert refused(answer) == (422, "contradictory_configuration", pointer)


async def test_what_is_sold_no_more_cannot_be_bought_and_points_are_no_visits(shop: Api) -> None:
    await on_sale(shop, stopped=True)
    member, _ = await member_with_card(shop)

    stopped = await shop.post(f"/v1/members/{member}/packs", {"pack": "ten", "reference": "r-1"})
    points = await shop.post(f"/v1/members/{member}/visits", {"currency": "PTS"})

    assert refused(stopped) == (422, "invalid_value", "/pack")
    assert refused(points) == (422, "invalid_value", "/currency")


async def test_what_went_over_in_a_merge_is_owed_shown_used_and_paid_back_as_before(
    shop: Api, database: Database
) -> None:
    await on_sale(shop)
    (first, _), (second, _), (third, _) = [await member_with_card(shop) for _ in range(3)]
    pack = await bought(shop, first)
    await used(shop, first, 3)

    for survivor, duplicate in ((second, first), (third, second)):
        merged = await shop.post(f"/v1/members/{survivor}/merge", {"member": duplicate})
        assert merged.is_success, merged.text
        owed = (await shop.get("/v1/packs")).json()["items"][0]
        assert (owed["sold"], owed["left"], owed["liability"]) == (1, 7, 24_499)
        assert await left(shop, survivor) == [7]
    assert await used(shop, third) == 6
    paid_back = await shop.post(f"/v1/packs/{pack}/refunds", {})
    again = await shop.post(f"/v1/packs/{pack}/refunds", {})

    assert paid_back.json()["refunded"] == 20_999  # 6 of 10: 209.994
    assert refused(again)[:2] == (409, "state_conflict")
    owed = (await shop.get("/v1/packs")).json()["items"][0]
    assert (owed["sold"], owed["left"], owed["liability"]) == (1, 0, 0)
    assert await left(shop, third) == [0]
    await assert_the_books_are_in_order(shop, database)
