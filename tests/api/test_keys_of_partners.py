"""What a key of one partner or one store reaches: its own stores, and what was done there."""

from __future__ import annotations

from uuid import uuid4

import pytest

from regulars import ids
from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.prizes import claimed, offer, sold_voucher
from tests.api.shop import member_with_card, refused
from tests.api.test_findings import clock_at, found, look, rung
from tests.api.test_packs import on_sale
from tests.api.test_purchases import key_for
from tests.api.test_rewards import rich


async def two_partners(api: Api) -> None:
    """The operator's store riga-1, and cafe-1 of the partner cafe."""
    await api.post("/v1/partners", {"code": "cafe", "name": "Café"})
    for code, partner in (("cafe-1", "cafe"), ("riga-1", "operator")):
        made = await api.post("/v1/stores", {"code": code, "name": code, "partner": partner})
        assert made.is_success, made.text


async def test_a_key_of_a_partner_or_store_redeems_at_its_own_stores_only(shop: Api) -> None:
    await two_partners(shop)
    reward = await sold_voucher(shop)
    code = (await claimed(shop, await rich(shop, 500), reward))["vouchers"][0]["code"]
    for key, store in (({"partner": "cafe"}, "riga-1"), ({"store": "cafe-1"}, "riga-1"), ({}, "riga-9")):
        till = await key_for(shop, "till", **key)
        answer = await till.post("/v1/vouchers/redeem", {"code": code, "store": store})
        assert refused(answer) == (422, "invalid_value", "/store")
    cafe = await key_for(shop, "till", partner="cafe")
    assert (await cafe.post("/v1/vouchers/redeem", {"code": code, "store": "cafe-1"})).status_code == 200


async def test_a_key_of_a_partner_or_store_sells_at_its_own_stores_only(
    shop: Api, database: Database
) -> None:
    await two_partners(shop)
    await on_sale(shop)
    member, _ = await member_with_card(shop)
    path, body = f"/v1/members/{member}/packs", {"pack": "ten", "reference": "r-1"}
    for key, store in (({"partner": "cafe"}, "riga-1"), ({"store": "cafe-1"}, "riga-1"), ({}, "riga-9")):
        desk = await key_for(shop, "manage", **key)
        answer = await desk.post(path, {**body, "store": store})
        assert refused(answer) == (422, "invalid_value", "/store")
    desk = await key_for(shop, "manage", partner="cafe")
    assert (await desk.post(path, {**body, "store": "cafe-1"})).status_code == 201
    at_home = await key_for(shop, "manage", store="cafe-1")
    assert (await at_home.post(path, body)).status_code == 201
    async with database.transaction(shop.program.id) as tx:
        found = await tx.execute("SELECT s.code FROM pack p JOIN store s ON s.id = p.store")
        assert await found.fetchall() == [("cafe-1",), ("cafe-1",)]


async def test_a_key_of_a_partner_or_store_reads_what_was_claimed_there_only(shop: Api) -> None:
    await two_partners(shop)
    reward = await offer(shop)
    member = await rich(shop, 1000)
    here, there = [(await claimed(shop, member, reward, store=one))["id"] for one in ("cafe-1", "riga-1")]
    nowhere = (await claimed(shop, member, reward))["id"]
    for limits, listed in (({"partner": "cafe"}, [nowhere, here]), ({"store": "cafe-1"}, [here])):
        cafe = await key_for(shop, "read", **limits)
        assert [one["id"] for one in (await cafe.get("/v1/redemptions")).json()["items"]] == listed
        last, pages = (await cafe.get("/v1/redemptions", limit=1)).json(), 1
        while last["next"]:
            last, pages = (await cafe.get("/v1/redemptions", limit=1, cursor=last["next"])).json(), pages + 1
        assert ([one["id"] for one in last["items"]], pages) == ([here], len(listed))
        statuses = [(await cafe.get(f"/v1/redemptions/{one}")).status_code for one in (here, there, nowhere)]
        assert statuses == [200, 404, 200]
    assert len((await shop.get("/v1/redemptions")).json()["items"]) == 3


async def test_a_key_of_a_partner_or_store_reads_and_decides_what_was_found_there_only(shop: Api) -> None:
    await two_partners(shop)
    await shop.patch("/v1/program", {"settings": {"watch": {"unknown_codes_a_day": 2}}})
    await clock_at(shop, 60)
    for number, store in enumerate(("cafe-1", "riga-1")):
        await rung(shop, None, number, store=store, codes=[f"GUESS-{number}-A", f"GUESS-{number}-B"])
    assert await look(shop) == 2
    at = {one["store"]: one["id"] for one in await found(shop)}
    for limits in ({"partner": "cafe"}, {"store": "cafe-1"}):
        cafe = await key_for(shop, "manage", **limits)
        assert [one["id"] for one in await found(cafe)] == [at["cafe-1"]]
        path = f"/v1/findings/{at['riga-1']}"
        for answer in (
            await cafe.post(f"{path}/decide", {"status": "harmless", "word": "no"}),
            await cafe.post(f"{path}/reopen"),
        ):
            assert refused(answer) == (404, "not_found", None)
    verdict = await cafe.post(
        f"/v1/findings/{at['cafe-1']}/decide", {"status": "harmless", "word": "a trainee"}
    )
    assert verdict.status_code == 200, verdict.text


@pytest.mark.parametrize("bound", [{"partner": "cafe"}, {"store": "cafe-1"}])
async def test_a_key_that_is_bound_makes_no_key_that_is_not(shop: Api, bound: dict[str, str]) -> None:
    await two_partners(shop)
    desk = await key_for(shop, "manage", **bound)
    made = await desk.post("/v1/keys", {"scopes": ["manage"]})
    listed = await desk.get("/v1/keys")
    turned = await desk.post(f"/v1/keys/{ids.show('key', uuid4())}/rotate", {})
    ended = await desk.delete(f"/v1/keys/{ids.show('key', uuid4())}")
    assert [refused(one)[:2] for one in (made, listed, turned, ended)] == [(403, "forbidden")] * 4


@pytest.mark.parametrize("bound", [{"partner": "cafe"}, {"store": "cafe-1"}])
async def test_a_key_that_is_bound_lets_no_wallet_in_and_makes_no_sandbox(
    shop: Api, bound: dict[str, str]
) -> None:
    """Both answer with a key that is bound to nothing."""
    await two_partners(shop)
    wallet = (await shop.post("/v1/aggregators", {"name": "W", "calls_a_day": 900})).json()["aggregator"][
        "id"
    ]
    desk = await key_for(shop, "manage", **bound)
    entered = await desk.post("/v1/aggregators", {"name": "Mine", "calls_a_day": 900})
    changed = await desk.patch(f"/v1/aggregators/{wallet}", {"calls_a_day": 999})
    ended = await desk.delete(f"/v1/aggregators/{wallet}")
    copied = await desk.post("/v1/program/sandbox", {})
    assert [refused(one)[:2] for one in (entered, changed, ended, copied)] == [(403, "forbidden")] * 4
    left = (await shop.get("/v1/aggregators")).json()["items"]
    assert [(one["name"], one["calls_a_day"], one["revoked_at"]) for one in left] == [("W", 900, None)]


@pytest.mark.parametrize("bound", [{"partner": "cafe"}, {"store": "cafe-1"}])
async def test_a_key_that_is_bound_takes_out_nothing_of_all_stores(shop: Api, bound: dict[str, str]) -> None:
    """It reads the receipts of its own stores: no file has those of others for it, no webhook sends them there."""
    await two_partners(shop)
    there = {"address": "https://hooks.example/all", "events": ["*"]}
    hook = (await shop.post("/v1/webhooks", there)).json()["id"]
    export = (await shop.post("/v1/exports", {"kind": "purchases", "format": "csv"})).json()["id"]
    desk = await key_for(shop, "manage", **bound)
    answers = [
        await desk.post("/v1/exports", {"kind": "purchases", "format": "csv"}),
        await desk.get("/v1/exports"),
        await desk.get(f"/v1/exports/{export}"),
        await desk.get(f"/v1/exports/{export}/file"),
        await desk.post("/v1/webhooks", there),
        await desk.get("/v1/webhooks"),
        await desk.patch(f"/v1/webhooks/{hook}", {"address": "https://hooks.example/mine"}),
        await desk.post(f"/v1/webhooks/{hook}/rotate", {}),
        await desk.get(f"/v1/webhooks/{hook}/deliveries"),
        await desk.delete(f"/v1/webhooks/{hook}"),
        await desk.get("/v1/imports"),
    ]
    assert [refused(one)[:2] for one in answers] == [(403, "forbidden")] * len(answers)
    assert [one["address"] for one in (await shop.get("/v1/webhooks")).json()["items"]] == [there["address"]]
    assert [one["id"] for one in (await shop.get("/v1/exports")).json()["items"]] == [export]


async def test_a_partners_key_enrols_members_who_come_from_that_partner(
    shop: Api, database: Database
) -> None:
    await two_partners(shop)
    cafe = await key_for(shop, "partner", partner="cafe")
    new = {"phone": "+37120000111", "name": "Anna", "tag": "counter card"}

    made = await cafe.post("/v1/members", new)

    assert made.status_code == 201, made.text
    assert (made.json()["source"], made.json()["partner"], made.json()["tag"]) == (
        "partner",
        "cafe",
        "counter card",
    )
    member = made.json()["id"]
    assert (await shop.get(f"/v1/members/{member}")).json()["partner"] == "cafe"
    assert (await cafe.get(f"/v1/members/{member}")).status_code == 403
    again = await cafe.post("/v1/members", new)
    assert (again.status_code, again.json()["code"], "member" in again.json()) == (
        409,
        "member_exists",
        False,
    )
    other = await cafe.post("/v1/members", {"phone": "+37120000112", "source": "till"})
    assert refused(other) == (422, "invalid_value", "/source")
    confirmed = {"channel": "email", "purpose": "marketing", "granted": True, "confirmed": True}
    claimed_so = await cafe.post("/v1/members", {"email": "b@example.com", "consents": [confirmed]})
    assert (claimed_so.status_code, claimed_so.json()["errors"][0]["pointer"]) == (
        422,
        "/consents/0/confirmed",
    )
    async with database.transaction(shop.program.id) as tx:
        found = await tx.execute(
            "SELECT p.code FROM member m JOIN partner p ON p.program = m.program AND p.id = m.partner"
        )
        assert await found.fetchall() == [("cafe",)]


async def test_a_till_of_a_partner_keeps_the_partner_beside_its_own_source(shop: Api) -> None:
    await two_partners(shop)
    till = await key_for(shop, "till", partner="cafe", store="cafe-1")
    operators = await shop.post("/v1/members", {"phone": "+37120000113"})

    made = await till.post("/v1/members", {"phone": "+37120000114"})

    assert [made.json()[name] for name in ("source", "store", "partner")] == ["till", "cafe-1", "cafe"]
    assert operators.json()["partner"] is None


@pytest.mark.parametrize("bound", [{"partner": "cafe"}, {"store": "cafe-1"}])
async def test_a_key_that_is_bound_reads_no_trail_and_no_books_of_the_whole_program(
    shop: Api, bound: dict[str, str]
) -> None:
    """The trail tells what others changed; the lists, which wallets there are and what everybody's cards hold."""
    await two_partners(shop)
    paths = ("audit", "audit/chain", "aggregators", "gift-cards", "liabilities")
    for scopes in ("manage", "read"):
        desk = await key_for(shop, scopes, **bound)
        answers = [await desk.get(f"/v1/{path}") for path in paths]
        assert {(one.status_code, one.json()["code"]) for one in answers[2:]} == {(403, "forbidden")}
        assert [one.status_code for one in answers[:2]] == [403, 403]
    desk = await key_for(shop, "manage")
    assert [(await desk.get(f"/v1/{path}")).status_code for path in paths] == [200] * len(paths)


@pytest.mark.parametrize("bound", [{"partner": "cafe"}, {"store": "cafe-1"}])
async def test_a_key_that_is_bound_is_handed_no_list_of_everybodys_members(
    shop: Api, bound: dict[str, str]
) -> None:
    await two_partners(shop)
    asked = {"purpose": "marketing", "channel": "email"}
    desk = await key_for(shop, "manage", **bound)
    answers = [await desk.get("/v1/members/handover", **asked), await desk.get("/v1/handovers")]
    assert [refused(one)[:2] for one in answers] == [(403, "forbidden")] * 2
    assert (await shop.get("/v1/handovers")).json()["items"] == []
    assert (await shop.get("/v1/members/handover", **asked)).status_code == 200


@pytest.mark.parametrize("bound", [{"partner": "cafe"}, {"store": "cafe-1"}])
async def test_a_key_that_is_bound_changes_nothing_of_the_whole_program(
    shop: Api, bound: dict[str, str]
) -> None:
    await two_partners(shop)
    before = (await shop.get("/v1/program")).json()
    desk = await key_for(shop, "manage", **bound)
    answers = [
        await desk.patch("/v1/program", {"name": "Mine"}),
        await desk.call("PUT", "/v1/program/logo", {"image": None}),
        await desk.post("/v1/stores", {"code": "mine", "name": "Mine", "partner": "operator"}),
        await desk.post("/v1/partners", {"code": "mine", "name": "Mine"}),
        await desk.post("/v1/currencies", {"code": "MINE"}),
        await desk.post("/v1/exchange-rates", {"currency": "USD"}),
    ]
    assert [refused(one)[:2] for one in answers] == [(403, "forbidden")] * len(answers)
    assert (await shop.get("/v1/program")).json() == before
    assert [one["code"] for one in (await shop.get("/v1/stores")).json()["items"]] == ["cafe-1", "riga-1"]
