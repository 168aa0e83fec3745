"""Prizes in the office's forms: tickets of a draw are offered, and what a form does not show stays when it is saved."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.games import SURVEY, WHEEL
from tests.api.shop import member_with_card
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text
from tests.pages.test_game_pages import OPEN
from tests.pages.test_game_pages import WHEEL as WHEEL_FORM

BASE = f"{OFFICE}/engagement"
FIVE = {
    "name": "five",
    "pattern": "FIVE-####-####",
    "definition": {"gives": {"kind": "value", "amount": 500}, "valid_days": 60},
}
DEAR = {"voucher": {"batch": "five", "valid_days": 7}, "cost": 480}
LASTING = {"points": {"currency": "PTS", "amount": 10, "expires_after_days": 30}, "cost": 5}


@pytest.fixture(autouse=True)
async def in_english(visitor: Visitor) -> None:
    """Pages speak English; there is a batch, and a partner that pays."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")
    assert (await visitor.api.post("/v1/voucher-batches", FIVE)).status_code == 201
    assert (await visitor.api.post("/v1/partners", {"code": "baker", "name": "Baker"})).status_code == 201
    await visitor.as_staff("marketing")


def filled(page: str) -> dict[str, str]:
    """The fields of a page's form as they stand there."""
    found = re.search(r'<form[^>]*action="[^"]*/edit"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, page[:500]
    body, fields = found[1], {}
    for tag in re.findall(r"<input[^>]*>", body):
        named, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if named and 'type="checkbox"' not in tag:
            fields[named[1]] = html.unescape(value[1]) if value else ""
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        fields[name] = html.unescape(inner)
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', inner)
        fields[name] = html.unescape(chosen[1]) if chosen else ""
    return {name: value for name, value in fields.items() if name not in ("csrf", "request", "why")}


async def saved_with(visitor: Visitor, path: str, **changes: str) -> dict[str, Any]:
    """Open a form, change so much, save it; the document."""
    call = f"/v1/{path}"
    page = await visitor.client.get(f"{BASE}/{path}/edit")
    saved = await visitor.act(f"{BASE}/{path}/edit", f"{BASE}/{path}/edit", **(filled(page.text) | changes))
    assert saved.status_code == 303, text(saved)
    document = (await visitor.api.get(call)).json()["document"]
    return {name: value for name, value in document.items() if value != {}}  # an empty audience is everybody


async def test_renaming_a_wheel_keeps_who_pays_what_prizes_cost_and_how_long_they_last(
    visitor: Visitor,
) -> None:
    fields = [
        WHEEL["fields"][0],
        {**WHEEL["fields"][1], "prize": LASTING},
        {**WHEEL["fields"][2], "prize": DEAR},
    ]
    made = {**WHEEL, "fields": fields, "funder": "baker", "until": "2060-06-01T15:30:00Z"}
    assert (await visitor.api.call("PUT", "/v1/games/wheel", made)).status_code == 200
    before = (await visitor.api.get("/v1/games/wheel")).json()["document"]

    after = await saved_with(visitor, "games/wheel", **{"names-en": "Lucky wheel"})
    other = await saved_with(visitor, "games/wheel", **{"field1-what": "20"})

    assert after == {**before, "names": {"lv": "Veiksmes rats", "en": "Lucky wheel"}}
    assert other["fields"][1]["prize"] == {"points": {"currency": "PTS", "amount": 20}}


async def test_a_draw_with_tickets_is_renamed_though_its_form_has_no_room_for_all(visitor: Visitor) -> None:
    ranks = [{"names": {"lv": "Galvenā", "en": "First"}, "prize": DEAR}]
    made = {**OPEN, "ranks": ranks, "funder": "baker", "entries_until": "2059-12-30T15:30:00Z"}
    assert (await visitor.api.call("PUT", "/v1/draws/spring", made)).status_code == 200
    before = (await visitor.api.get("/v1/draws/spring")).json()["document"]
    member, _ = await member_with_card(visitor.api)
    given = await visitor.api.post(f"/v1/members/{member}/tickets", {"draw": "spring", "given": True})
    assert given.status_code == 201, given.text

    after = await saved_with(visitor, "draws/spring", **{"names-en": "Draw of spring"})

    assert after == {**before, "names": {**before["names"], "en": "Draw of spring"}}


async def test_renaming_a_survey_keeps_who_pays_and_its_prize(visitor: Visitor) -> None:
    made = {**SURVEY, "prize": LASTING, "funder": "baker"}
    assert (await visitor.api.call("PUT", "/v1/surveys/visit", made)).status_code == 200

    after = await saved_with(visitor, "surveys/visit", **{"names-en": "Renamed"})

    assert (after["prize"], after["funder"], after["names"]["en"]) == (LASTING, "baker", "Renamed")


async def test_a_wheel_and_a_challenge_give_tickets_of_a_draw_that_the_form_offers(visitor: Visitor) -> None:
    assert (await visitor.api.call("PUT", "/v1/draws/spring", OPEN)).status_code == 200
    offered = (await visitor.client.get(f"{BASE}/games/new")).text
    wheel = {**WHEEL_FORM, "field1-kind": "tickets:spring", "field1-what": "2"}
    made = await visitor.act(f"{BASE}/games/new", f"{BASE}/games/new", **wheel)
    assert made.status_code == 303, text(made)
    kept = (await visitor.api.get("/v1/games/wheel")).json()["document"]["fields"][1]["prize"]
    shown = filled((await visitor.client.get(f"{BASE}/games/wheel/edit")).text)
    itself = (await visitor.client.get(f"{BASE}/draws/spring/edit")).text

    challenge = {
        "code": "three", "icon": "cup", "names-lv": "Trīs", "kind": "count", "need": "3", "window": "dates",
        "repeat": "1", "level": "1", "prize0": "tickets", "what0": "spring", "amount0": "3",
    }  # fmt: skip
    built = await visitor.act(f"{BASE}/challenges/new", f"{BASE}/challenges/new", **challenge)
    assert built.status_code == 303, text(built)
    (quest,) = (await visitor.api.get("/v1/challenges")).json()["items"]

    assert "tickets: Spring draw" in offered
    assert kept == {"tickets": {"draw": "spring", "count": 2}}
    assert (shown["field1-kind"], shown["field1-what"]) == ("tickets:spring", "2")
    assert "tickets: Spring draw" not in itself
    assert quest["document"]["prizes"] == [{"tickets": {"draw": "spring", "count": 3}}]
    assert "3 tickets of the draw" in text(await visitor.client.get(f"{BASE}/challenges"))
