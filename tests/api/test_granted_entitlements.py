"""Entitlements that promotions give with a purchase: used at a desk, void with the return while unused."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Api
from tests.api.entitled import LOUNGE, come, entitle, has, left
from tests.api.shop import buy, line, member_with_card, publish, record, refused, take_back

GIVING: dict[str, Any] = {
    "name": "A lounge visit with a ticket",
    "group": "points",
    "conditions": [{"kind": "member"}],
    "benefits": [{"kind": "entitlement", "code": "lounge", "count": 2, "days": 90}],
}


async def travelled(api: Api, **more: Any) -> tuple[str, str, dict[str, Any]]:
    """A member, her card, and a purchase that gave her two visits."""
    await entitle(api, {**LOUNGE, "quotas": []})
    await publish(api, GIVING)
    member, card = await member_with_card(api)
    return member, card, await record(api, buy("p-1", card, [line(1, 1000), line(2, 500)], **more))


async def test_what_a_promotion_gives_is_used_at_the_desk(shop: Api) -> None:
    member, _, _ = await travelled(shop)

    given = (await has(shop, member))["given"]
    used = await come(shop, member)

    assert given == [{"uses": 2, "left": 2, "until": "2026-05-30T21:00:00Z"}]
    assert used.status_code == 201
    assert await left(shop, member) == 1


async def test_unused_it_is_void_with_the_last_piece_of_the_purchase(shop: Api) -> None:
    member, _, bought = await travelled(shop)

    await take_back(shop, bought["id"], "r-1", (1, "1"))
    after_a_part = await left(shop, member)
    await take_back(shop, bought["id"], "r-2", (2, "1"))

    assert after_a_part == 2
    assert refused(await come(shop, member))[:2] == (409, "not_entitled")


async def test_once_something_of_it_was_used_it_stands(shop: Api) -> None:
    member, _, bought = await travelled(shop)
    await come(shop, member)

    await take_back(shop, bought["id"], "r-1", (1, "1"), (2, "1"))

    assert await left(shop, member) == 1


async def test_a_voided_purchase_takes_it_along_and_the_same_purchase_sent_again_gives_nothing_more(
    shop: Api,
) -> None:
    member, card, bought = await travelled(shop)

    again = await shop.post("/v1/purchases", buy("p-1", card, [line(1, 1000), line(2, 500)]), scope="till")
    after_the_replay = await left(shop, member)
    voided = await shop.post(f"/v1/purchases/{bought['id']}/void", {"reason": "mistake"}, scope="till")

    assert again.headers["idempotent-replayed"] == "true"
    assert voided.status_code == 200, voided.text
    assert after_the_replay == 2
    assert refused(await come(shop, member))[:2] == (409, "not_entitled")


async def test_of_a_held_purchase_it_is_hers_once_it_is_confirmed(shop: Api) -> None:
    member, _, held = await travelled(shop, hold=True)
    before = (await shop.get(f"/v1/members/{member}/entitlements")).json()["items"]

    confirmed = await shop.post(f"/v1/purchases/{held['id']}/confirm", scope="till")

    assert confirmed.status_code == 200, confirmed.text
    assert before == []
    assert await left(shop, member) == 2


async def test_a_receipt_that_is_claimed_afterwards_gives_what_it_would_have_given_and_takes_it_along(
    shop: Api,
) -> None:
    await entitle(shop, {**LOUNGE, "quotas": []})
    await publish(shop, GIVING)
    bought = await record(shop, buy("p-1", None, [line(1, 1000)]))
    member, card = await member_with_card(shop)
    sent = {"card": card, "claim_code": bought["claim_code"]}

    claimed = await shop.post(f"/v1/purchases/{bought['id']}/claim", sent, scope="till")
    given = (await has(shop, member))["given"]
    await take_back(shop, bought["id"], "r-1", (1, "1"))

    assert "entitlements" not in bought
    assert [(one["code"], one["count"]) for one in claimed.json()["entitlements"]] == [("lounge", 2)]
    assert given == [{"uses": 2, "left": 2, "until": "2026-05-30T21:00:00Z"}]
    assert refused(await come(shop, member))[:2] == (409, "not_entitled")
