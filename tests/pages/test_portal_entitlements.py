"""The member's privileges: how many are left, booking step by step, cancelling, and what stands in the way."""

from __future__ import annotations

import re

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.entitled import LOUNGE, book, come, entitle, has, left
from tests.pages.portal import Portal, Statements, portal_of, words
from tests.pages.test_portal import STATEMENTS_MAX

__all__ = ["api", "client", "letters", "shop"]

SPA = {
    **LOUNGE,
    "quotas": [{"uses": 2}],
    "booking": {"opens": "12:00", "closes": "15:00", "capacity": 2, "cancel_hours": 2},
}
TODAY_AT_ONE = "2026-03-01T11:00:00+00:00"


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """Somebody with a lounge that can be booked."""
    await entitle(shop, SPA)
    return await portal_of(shop, database)


def nonce(page: str) -> str:
    """What tells one sending of a form from the next."""
    found = re.search(r'name="nonce" value="([0-9a-f]+)"', page)
    assert found, page[:300]
    return found[1]


async def test_a_corner_of_the_offers_leads_there_where_the_program_has_something(
    shop: Api, portal: Portal, database: Database
) -> None:
    offers = words((await portal.get("/offers?lang=en")).text)
    await entitle(shop, {**SPA, "stopped": True})
    without = words((await portal.get("/offers?lang=en")).text)

    assert "Your privileges" in offers
    assert "Your privileges" not in without
    assert "Nothing here for you yet" in words((await portal.get("/privileges?lang=en")).text)


async def test_what_is_left_is_said_with_the_period_and_the_next_free_day(portal: Portal) -> None:
    fresh = words((await portal.get("/privileges?lang=en")).text)
    await come(portal.api, portal.member, guests=1)
    used = words((await portal.get("/privileges?lang=en")).text)

    assert "Lounge 2 of 2 left this quarter" in fresh
    assert "1 guest for a use" in fresh
    assert "0 of 2 left this quarter The next one from 1 Apr 2026" in used
    assert "with 1 guest" in used


@pytest.mark.parametrize("path", ["/privileges", "/privileges/lounge"])
async def test_every_page_is_shown_in_five_languages_with_few_statements(
    portal: Portal, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await book(portal.api, portal.member, TODAY_AT_ONE)
    await come(portal.api, portal.member)
    for language in ("en", "lv", "ru", "et", "hu"):
        counted = Statements(monkeypatch)
        page = await portal.get(f"{path}?lang={language}")
        assert page.status_code == 200, page.text[:500]
        assert f'<html lang="{language}">' in page.text
        assert len(counted.sent) <= STATEMENTS_MAX + 6, (path, counted.sent)
        monkeypatch.undo()


async def test_a_visit_is_booked_once_and_cancelled(portal: Portal) -> None:
    page = await portal.get("/privileges/lounge?lang=en")
    assert "12:00 · 2 places" in words(page.text)
    sent = {"nonce": nonce(page.text), "store": "riga-1", "at": TODAY_AT_ONE, "guests": "1"}

    first = await portal.post("/privileges/lounge", **sent)
    again = await portal.post("/privileges/lounge", **sent)
    shown = await portal.get("/privileges?lang=en")
    hers = await has(portal.api, portal.member)

    assert (first.status_code, again.status_code) == (303, 303)
    assert "Today, 13:00 · Riga 1 · with 1 guest" in words(shown.text)
    assert (hers["left"], len(hers["bookings"])) == (0, 1)
    use = hers["bookings"][0]["id"]
    cancelled = await portal.post(f"/privileges/visits/{use}", "/privileges", nonce=nonce(shown.text))
    assert cancelled.status_code == 303
    assert await left(portal.api, portal.member) == 2


async def test_a_slot_that_is_full_is_said_and_nothing_is_booked(portal: Portal, database: Database) -> None:
    other = await portal_of(portal.api, database, "Ilze Ozola")
    await book(portal.api, other.member, TODAY_AT_ONE, guests=1)

    page = await portal.get("/privileges/lounge")
    refused = await portal.post(
        "/privileges/lounge", nonce=nonce(page.text), store="riga-1", at=TODAY_AT_ONE, guests="0"
    )

    assert refused.status_code == 409
    assert "There is no room at that time any more. Choose another one." in words(refused.text)
    assert await left(portal.api, portal.member) == 2


async def test_another_members_visit_cannot_be_cancelled(portal: Portal, database: Database) -> None:
    other = await portal_of(portal.api, database, "Ilze Ozola")
    use = (await book(portal.api, other.member, TODAY_AT_ONE)).json()["id"]

    once = nonce((await portal.get("/privileges/lounge")).text)
    answer = await portal.post(f"/privileges/visits/{use}", "/privileges", nonce=once)

    assert answer.status_code == 404
    assert len((await has(portal.api, other.member))["bookings"]) == 1
