"""A member keeps a gift card in her wallet: what is on it, its code, a reminder before money ends."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.master_keys import keyring_of
from regulars.flows.remind_gift_cards import remind_gift_cards
from regulars.settings import Settings
from tests.api.conftest import MASTER_KEYS, SECRET, Api, api, client, letters, shop
from tests.pages.portal import Portal, portal_of, words

__all__ = ["api", "client", "letters", "shop"]
END = "2026-04-30T21:00:00Z"
"""Midnight in Riga, so that the last day is the thirtieth."""


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    return await portal_of(shop, database)


async def sold(api: Api, amount: int = 2500, **more: Any) -> dict[str, Any]:
    """A gift card with so much on it."""
    made = await api.post("/v1/gift-cards", {"amount": amount, **more})
    assert made.status_code == 201, made.text
    return made.json()


async def keep(portal: Portal, code: str) -> int:
    """She types the code in; the status of the answer."""
    page = await portal.get("/gift-cards/keep")
    nonce = re.search(r'name="nonce" value="([0-9a-f]+)"', page.text)
    assert nonce
    return (await portal.post("/gift-cards/keep", code=code, nonce=nonce[1])).status_code


async def test_a_kept_card_shows_its_money_its_last_day_and_its_code(portal: Portal) -> None:
    card = await sold(portal.api, expires_at=END)
    assert await keep(portal, card["code"].lower()) == 303
    wallet = await portal.get("/wallet?lang=en")
    assert f"Gift cards {card['shown']} until 30 Apr 2026 €25.00" in words(wallet.text)
    assert card["code"] not in wallet.text
    page = words((await portal.get(f"/gift-cards/{card['id']}?lang=lv")).text)
    assert card["code"] in page
    assert "25,00 €" in page
    await portal.post(f"/gift-cards/{card['id']}/let-go", page=f"/gift-cards/{card['id']}")
    assert card["shown"] not in words((await portal.get("/wallet")).text)
    assert (await portal.get(f"/gift-cards/{card['id']}")).status_code == 404
    assert (await portal.api.get(f"/v1/gift-cards/{card['id']}")).json()["available"] == 2500


async def test_a_code_that_is_none_keeps_nothing_and_many_of_them_have_to_wait(portal: Portal) -> None:
    card = await sold(portal.api)
    assert [await keep(portal, f"AAAA-BBBB-CCCC-DDD{n}") for n in range(5)] == [422] * 5
    assert await keep(portal, card["code"]) == 429
    assert card["shown"] not in (await portal.get("/wallet")).text


async def test_many_tries_at_once_are_no_more_than_one_after_another(portal: Portal) -> None:
    tried = await asyncio.gather(*(keep(portal, f"AAAA-BBBB-CCCC-DDD{n}") for n in range(2, 10)))
    assert sorted(tried) == [422] * 5 + [429] * 3


async def test_a_card_with_another_code_is_kept_by_nobody_until_the_new_one_is_shown(portal: Portal) -> None:
    card = await sold(portal.api)
    await keep(portal, card["code"])
    renewed = await portal.api.post("/v1/gift-cards/renew", {"gift_card": card["id"], "reason": "lost"})
    assert renewed.status_code == 200, renewed.text
    assert (await portal.get(f"/gift-cards/{card['id']}")).status_code == 404
    assert await keep(portal, renewed.json()["code"]) == 303
    assert renewed.json()["code"] in words((await portal.get(f"/gift-cards/{card['id']}")).text)


async def test_a_card_of_somebody_else_is_not_found(portal: Portal, database: Database) -> None:
    card = await sold(portal.api)
    await keep(portal, card["code"])
    other = await portal_of(portal.api, database, "Ilze Ozola")
    assert (await other.get(f"/gift-cards/{card['id']}")).status_code == 404


async def test_a_program_without_gift_cards_says_nothing_of_them(portal: Portal) -> None:
    assert "gift card" not in words((await portal.get("/wallet?lang=en")).text).lower()


async def test_who_agreed_is_reminded_once_of_each_end_of_money(portal: Portal, database_url: str) -> None:
    shop, card = portal.api, await sold(portal.api, expires_at=END)
    await keep(portal, card["code"])
    unkept = await sold(shop, expires_at=END)
    assert unkept["available"] == 2500
    said = {"channel": "sms", "purpose": "marketing", "granted": True, "source": "web"}
    assert (await shop.post(f"/v1/members/{portal.member}/consents", said)).status_code == 201
    assert shop.database is not None
    programs = KnownPrograms(shop.database, keyring_of(Settings(database_url, SECRET, MASTER_KEYS)))
    told = []
    for month, day in ((4, 16), (4, 17), (4, 18), (5, 20), (6, 20)):
        at = datetime(2026, month, day, 12, tzinfo=UTC)
        if (month, day) == (5, 20):
            topped = {"code": card["code"], "amount": 100, "expires_at": "2026-05-31T21:00:00Z"}
            assert (await shop.post("/v1/gift-cards/top-up", topped)).status_code == 200
        looked = await remind_gift_cards(shop.database, programs, shop.program.id, at)
        async with shop.database.transaction(shop.program.id) as tx:
            row = await (
                await tx.execute("SELECT count(*) FROM message_outgoing WHERE purpose = 'gift_card_ends'")
            ).fetchone()
        assert row is not None
        told.append((looked, row[0]))
    assert told == [(0, 0), (1, 1), (0, 1), (1, 2), (0, 2)]


async def test_an_erasure_lets_go_and_the_card_keeps_its_money(portal: Portal) -> None:
    card = await sold(portal.api)
    await keep(portal, card["code"])
    erased = await portal.api.delete(f"/v1/members/{portal.member}")
    assert erased.status_code == 200, erased.text
    certificate = (await portal.api.get(f"/v1/members/{portal.member}/erasure")).json()["certificate"]
    assert certificate["removed"]["kept_gift_cards"] == 1
    assert (await portal.api.get(f"/v1/gift-cards/{card['id']}")).json()["available"] == 2500
