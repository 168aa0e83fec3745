"""Her card in wallets: put into her phone's own from the portal, and taken back from the apps of others."""

from __future__ import annotations

import json

import httpx
import pytest

from regulars import clock
from regulars.db.pool import Database
from tests.api.conftest import Api, Letters, api, client, letters, new_api, shop
from tests.api.test_aggregators import let_in, registered, seen
from tests.api.test_wallets import house, operator, unpacked
from tests.pages.portal import Portal, portal_of, words

__all__ = ["api", "client", "house", "letters", "operator", "shop"]


@pytest.fixture
async def portal(house: Api, database: Database) -> Portal:
    """A member of an operator who has set up both wallets."""
    return await portal_of(house, database, at=clock.world())


async def test_the_card_goes_into_both_wallets_from_the_first_page(portal: Portal) -> None:
    page = (await portal.get("/?lang=en")).text
    assert "Add to Apple Wallet Add to Google Wallet" in words(page)
    made = await portal.get("/pass.pkpass")
    assert (made.status_code, made.headers["content-type"]) == (200, "application/vnd.apple.pkpass")
    assert made.headers["cache-control"] == "no-store"
    document = json.loads(unpacked(made.content)["pass.json"])
    assert document["barcodes"][0]["message"] == portal.card
    assert document["storeCard"]["backFields"][-1]["value"] == f"https://club.example{portal.home}/"
    link = await portal.get("/google-wallet")
    assert link.status_code == 303
    assert link.headers["location"].startswith("https://pay.google.com/gp/v/save/ey")


async def test_a_blocked_card_is_not_put_into_a_wallet(portal: Portal) -> None:
    (card,) = (await portal.api.get(f"/v1/members/{portal.member}/cards")).json()["items"]
    await portal.api.post("/v1/cards/block", {"id": card["id"]})
    assert "Apple Wallet" not in words((await portal.get("/?lang=en")).text)
    for path in ("/pass.pkpass", "/google-wallet"):
        assert (await portal.get(path)).status_code == 404


async def test_whoever_is_not_logged_in_gets_no_pass(portal: Portal) -> None:
    for path in ("/pass.pkpass", "/google-wallet"):
        answer = await portal.api.client.get(portal.home + path, headers={"Accept": "text/html"})
        assert answer.headers["location"] == f"{portal.home}/sign-in?next={portal.home}{path}"


async def test_google_needs_the_pages_public_address(portal: Portal) -> None:
    await portal.api.patch("/v1/program", {"settings": {"public_address": ""}})
    page = words((await portal.get("/?lang=en")).text)
    assert ("Add to Apple Wallet" in page, "Add to Google Wallet" in page) == (True, False)
    assert (await portal.get("/google-wallet")).status_code == 409


async def test_without_the_operator_s_keys_there_are_no_buttons(
    client: httpx.AsyncClient, database: Database, letters: Letters
) -> None:
    bare = await portal_of(await new_api(client, database), database, at=clock.world())
    assert "Wallet" not in words((await bare.get("/?lang=en")).text).replace("Wallet Me", "")
    assert (await bare.get("/pass.pkpass")).status_code == 409


async def test_a_wallet_app_that_she_let_in_is_listed_and_taken_back_with_one_tap(
    shop: Api, database: Database, letters: Letters
) -> None:
    portal = await portal_of(shop, database)
    _, wallet = await let_in(portal.api, "Kabatas karte")
    phone = "+37120000077"
    await portal.api.patch(f"/v1/members/{portal.member}", {"phone": phone})
    got = await registered(wallet, letters, phone)
    assert got["member"] == portal.member
    page = (await portal.get("/me/apps?lang=en")).text
    assert "Kabatas karte Since" in words(page)
    other = await portal_of(portal.api, database, "Cits Cilvēks")
    assert "No app sees your card" in words((await other.get("/me/apps?lang=en")).text)
    await other.post("/me/apps", grant=got["grant"])
    assert (await seen(wallet, got["token"])).status_code == 200
    for said in ("?said=taken_back", ""):
        done = await portal.post("/me/apps", grant=got["grant"])
        assert (done.status_code, done.headers["location"]) == (303, f"{portal.home}/me/apps{said}")
    assert (await seen(wallet, got["token"])).json()["code"] == "grant_refused"
    after = words((await portal.get("/me/apps?lang=en")).text)
    assert "No app sees your card" in after
    assert "Kabatas karte Taken back: " in after
