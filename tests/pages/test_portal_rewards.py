"""The member's rewards: what is missing, a claim that asks once more, her code, and giving back."""

from __future__ import annotations

import re

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.prizes import claimed, offer, sold_voucher
from tests.api.shop import balance, give
from tests.pages.portal import Portal, Statements, furnish, portal_of, words
from tests.pages.test_portal import STATEMENTS_MAX

__all__ = ["api", "client", "letters", "shop"]


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """Somebody with 600 points."""
    await furnish(shop)
    made = await portal_of(shop, database)
    await give(shop, made.member, 600)
    return made


def nonce(page: str) -> str:
    """What tells one sending of a form from the next."""
    found = re.search(r'name="nonce" value="([0-9a-f]+)"', page)
    assert found, page[:300]
    return found[1]


async def test_the_catalogue_says_what_can_be_claimed_and_how_much_is_missing(portal: Portal) -> None:
    await offer(portal.api, 3)
    await offer(portal.api, names={"lv": "Soma", "en": "Bag"}, prices=[{"currency": "PTS", "points": 900}])
    shown = words((await portal.get("/rewards?lang=en")).text)
    assert "To claim now Mug 250 points · 3 left" in shown
    assert "What is still missing Bag 900 points 300 points to go" in shown
    latvian = words((await portal.get("/rewards?lang=lv")).text)
    assert "Krūze" in latvian
    assert "Soma" in latvian


@pytest.mark.parametrize("path", ["/rewards", "/rewards/{reward}", "/rewards/mine/{mine}"])
async def test_every_page_is_shown_in_five_languages_with_few_statements(
    portal: Portal, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reward = await sold_voucher(portal.api)
    mine = await claimed(portal.api, portal.member, reward)
    await give(portal.api, portal.member, 500)
    for one in range(3):
        mug = await offer(
            portal.api, 5, names={"lv": f"Krūze {one}"}, prices=[{"currency": "PTS", "points": 1}]
        )
        await claimed(portal.api, portal.member, mug)
    for language in ("en", "lv", "ru", "et", "hu"):
        counted = Statements(monkeypatch)
        page = await portal.get(f"{path.format(reward=reward, mine=mine['id'])}?lang={language}")
        assert page.status_code == 200, page.text[:500]
        assert f'<html lang="{language}">' in page.text
        assert len(counted.sent) <= STATEMENTS_MAX + 7, (path, counted.sent)
        monkeypatch.undo()


async def test_a_claim_asks_once_more_is_made_once_and_shows_its_code(portal: Portal) -> None:
    reward = await sold_voucher(portal.api)
    page = await portal.get(f"/rewards/{reward}?lang=en")
    assert "5 euros off" in words(page.text)
    sent = {"nonce": nonce(page.text), "price": "0"}
    first = await portal.post(f"/rewards/{reward}", **sent)
    again = await portal.post(f"/rewards/{reward}", **sent)
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    assert (await balance(portal.api, portal.member))["available"] == 100
    mine = await portal.get(first.headers["location"].removeprefix(portal.home))
    assert re.search(r"FIVE-\w{4}-\w{4}", mine.text)
    assert "<svg" in mine.text
    assert "It is yours." in words(mine.text)


async def test_what_stands_in_the_way_is_said_where_it_was_asked(portal: Portal) -> None:
    reward = await offer(portal.api, 1)
    page = await portal.get(f"/rewards/{reward}?lang=en")
    await portal.api.post(f"/v1/rewards/{reward}/stock", {"add": -1})
    answer = await portal.post(f"/rewards/{reward}", nonce=nonce(page.text), price="0")
    assert answer.status_code == 409
    assert "There is none left." in words(answer.text)


async def test_she_gives_a_reward_back_but_only_her_own_and_none_that_may_not_be(
    portal: Portal, database: Database
) -> None:
    mug = await claimed(portal.api, portal.member, await offer(portal.api))
    kept = await claimed(portal.api, portal.member, await offer(portal.api, returns="never"))
    path = f"/rewards/mine/{mug['id']}"
    other = await portal_of(portal.api, database, "Cits Cilvēks")
    assert (await other.get(path)).status_code == 404
    assert (await other.post(path, page="/rewards", nonce="1")).status_code == 404
    page = await portal.get(path)
    back = await portal.post(path, nonce=nonce(page.text))
    assert (back.status_code, back.headers["location"]) == (303, f"{portal.home}/rewards?said=given_back")
    assert (await balance(portal.api, portal.member))["available"] == 350
    refused = await portal.post(f"/rewards/mine/{kept['id']}", page="/rewards", nonce="2")
    assert refused.status_code == 409
    assert "This cannot be given back any more." in words(refused.text)


async def test_only_what_comes_back_is_said_to_and_only_what_is_fetched_asks_for_the_card(
    portal: Portal,
) -> None:
    mug = await offer(portal.api)
    meal = await offer(portal.api, kind="charity", returns="never", prices=[{"currency": "PTS", "points": 5}])

    asked = [words((await portal.get(f"/rewards/{one}?lang=en")).text) for one in (mug, meal)]
    claims = [await claimed(portal.api, portal.member, one) for one in (mug, meal)]
    mine = [words((await portal.get(f"/rewards/mine/{one['id']}?lang=en")).text) for one in claims]

    assert ["You can give it back as long as" in page for page in asked] == [True, False]
    assert ["It cannot be given back." in page for page in asked] == [False, True]
    assert ["Show your card at the till" in page for page in mine] == [True, False]
