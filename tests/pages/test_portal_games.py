"""The member's games: a play, its odds, her tickets, a proof for everybody, a survey – and nobody else's."""

from __future__ import annotations

import re

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.games import DRAW, NOON, SURVEY, all_on, put_wheel, spin
from tests.api.quests import THREE_VISITS, put_quest
from tests.api.shop import balance, buy, give, line, record, set_clock
from tests.pages.portal import Portal, portal_of, words

__all__ = ["api", "client", "letters", "shop"]


def nonce(page: str) -> str:
    found = re.search(r'name="nonce" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    return await portal_of(shop, database)


async def test_the_corner_is_there_only_where_there_is_a_game(portal: Portal) -> None:
    assert "/games" not in (await portal.get("/offers")).text
    assert "Nothing to play just now" in words((await portal.get("/games")).text)
    await put_wheel(portal.api)
    assert f'href="{portal.home}/games"' in (await portal.get("/offers")).text


async def test_a_spin_is_made_once_and_shows_the_field_and_the_odds(portal: Portal) -> None:
    await put_wheel(portal.api, fields=all_on("ten"))
    page = await portal.get("/games/wheel?lang=en")
    assert "1 free play" in words(page.text)
    first = await portal.post("/games/wheel", nonce=nonce(page.text))
    again = await portal.post("/games/wheel", nonce=nonce(page.text))
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    shown = await portal.get(first.headers["location"].removeprefix(portal.home))
    assert "You won: 10 points" in words(shown.text)
    assert "500000000/500000001" in shown.text
    assert (await balance(portal.api, portal.member))["available"] == 10
    assert "Play for 20 points" in words((await portal.get("/games/wheel")).text)


async def test_a_play_of_somebody_else_is_not_shown(portal: Portal, database: Database) -> None:
    await put_wheel(portal.api)
    page = await portal.get("/games/wheel")
    made = await portal.post("/games/wheel", nonce=nonce(page.text))
    other = await portal_of(portal.api, database, "Cits Cilvēks")
    path = made.headers["location"].removeprefix(portal.home)
    assert (await other.get(path)).status_code == 404
    assert (await other.get("/games/none")).status_code == 404


async def test_without_points_nothing_is_played_and_the_page_says_so(portal: Portal) -> None:
    await put_wheel(portal.api, free=None)
    page = await portal.get("/games/wheel?lang=en")
    answer = await portal.post("/games/wheel", nonce=nonce(page.text), pay="points")
    assert answer.status_code == 409
    assert "You do not have that many points yet." in words(answer.text)


async def test_a_draw_shows_her_tickets_then_the_winners_and_a_proof_without_names(portal: Portal) -> None:
    assert (await portal.api.call("PUT", "/v1/draws/spring", DRAW)).status_code == 200
    await give(portal.api, portal.member, 20)
    page = await portal.get("/draws/spring?lang=en")
    assert "A ticket for 10 points" in words(page.text)
    bought = await portal.post("/draws/spring", nonce=nonce(page.text))
    assert bought.headers["location"] == f"{portal.home}/draws/spring?said=claimed"
    await set_clock(portal.api, NOON)
    after = words((await portal.get("/draws/spring")).text)
    assert "You won: First" in after
    assert "1 tickets took part." in after
    public = await portal.api.client.get(f"{portal.home}/draws/spring/proof.json")
    assert public.status_code == 200
    proof = public.json()
    assert (proof["tickets"], [one["ticket"] for one in proof["winners"]]) == ([1], [1])
    assert portal.member not in public.text
    assert "Anna" not in public.text


async def test_a_survey_is_answered_on_the_page_and_thanked_for(portal: Portal) -> None:
    assert (await portal.api.call("PUT", "/v1/surveys/visit", SURVEY)).status_code == 200
    page = await portal.get("/surveys/visit?lang=en")
    assert "Would you recommend us?" in words(page.text)
    assert "For your answers: 10 points" in words(page.text)
    bad = await portal.post("/surveys/visit", nonce=nonce(page.text), again="9")
    assert bad.status_code == 422
    assert "is not answered" in words(bad.text)
    sent = {"nonce": nonce(bad.text), "again": "9", "what": "bread", "word": "<b>quiet</b>"}
    done = await portal.post("/surveys/visit", **sent)
    assert done.status_code == 200
    assert "For you: 10 points" in words(done.text)
    assert "Thank you for your answers!" in words((await portal.get("/surveys/visit")).text)
    assert (await balance(portal.api, portal.member))["available"] == 10


async def test_what_gave_points_stands_by_its_name_in_her_language(portal: Portal, shop: Api) -> None:
    """The books have the program's own language only, and she would read "Bonus" three times."""
    await put_wheel(shop, fields=all_on("ten"))
    prizes = [{"points": {"currency": "PTS", "amount": 30}}]
    await put_quest(shop, "thrice", THREE_VISITS, prizes=prizes)
    assert (await shop.call("PUT", "/v1/surveys/visit", SURVEY)).status_code == 200
    assert (await spin(shop, portal.member)).status_code == 201
    page = (await portal.get("/surveys/visit?lang=en")).text
    await portal.post("/surveys/visit", nonce=nonce(page), again="9", what="bread")
    for day in ("01", "02", "03"):
        await set_clock(shop, f"2026-03-{day}T20:00:00+02:00")
        await record(
            shop, buy(f"r-{day}", portal.card, [line(1, 1000)], purchased_at=f"2026-03-{day}T12:00:00+02:00")
        )
    told = {
        language: re.findall(r"<strong>([^<]+)</strong>", (await portal.get(f"/points?lang={language}")).text)
        for language in ("lv", "en")
    }
    assert told == {
        "lv": ["Trīs reizes", "Kā jums patika?", "Veiksmes rats"],
        "en": ["Three visits", "How was it?", "Wheel of fortune"],
    }
