"""The back office's games: a wheel, a draw and a survey are built by forms, watched, changed and stopped."""

from __future__ import annotations

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.games import DRAW as LOTTERY
from tests.api.games import GOOD, SURVEY, put_wheel, spun
from tests.api.shop import member_with_card
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

BASE = f"{OFFICE}/engagement"
WHEEL = {
    "code": "wheel", "face": "wheel", "names-lv": "Rats", "names-en": "Wheel", "most": "1", "period": "day",
    "field0-code": "none", "field0-weight": "95", "field0-name-lv": "Nekas", "field0-kind": "nothing",
    "field1-code": "ten", "field1-weight": "5", "field1-name-lv": "10 punkti", "field1-name-en": "Ten",
    "field1-kind": "points:PTS", "field1-what": "10", "field1-stock": "3", "consolation": "none",
}  # fmt: skip
DRAW = {
    "code": "spring", "names-lv": "Izloze", "names-en": "Draw", "entries_until": "2030-03-09", "day": "2030-03-10",
    "hour": "12:00", "price": "10", "currency": "PTS", "rank0-count": "2", "rank0-name-lv": "Balva",
    "rank0-name-en": "Prize", "rank0-kind": "points:PTS", "rank0-what": "100",
}  # fmt: skip
OPEN = {**LOTTERY, "entries_until": "2060-01-01T00:00:00Z", "draws_at": "2060-01-01T00:00:00Z"}
QUIZ = {
    "code": "quiz", "sort": "quiz", "names-lv": "Viktorīna", "names-en": "Quiz", "q0-code": "q1",
    "q0-kind": "choice", "q0-text-lv": "Kas?", "q0-options-lv": "*Jā\r\nNē", "q0-options-en": "Yes\r\nNo",
    "prize-kind": "points:PTS", "prize-what": "10",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_a_wheel_is_built_played_watched_changed_and_stopped(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    assert "No games yet" in text(await visitor.client.get(f"{BASE}/games"))
    made = await visitor.act(f"{BASE}/games/new", f"{BASE}/games/new", **WHEEL)
    assert (made.status_code, made.headers.get("location")) == (303, f"{BASE}/games/wheel"), text(made)
    member, _ = await member_with_card(visitor.api)
    await spun(visitor.api, member)
    shown = text(await visitor.client.get(f"{BASE}/games/wheel"))
    assert "19/20 95" in shown
    assert "Ten 1/20 5" in shown
    edited = (await visitor.client.get(f"{BASE}/games/wheel/edit")).text
    assert 'name="field1-stock" value="3"' in edited
    same = await visitor.act(f"{BASE}/games/wheel/edit", f"{BASE}/games/wheel/edit", **{**WHEEL, "most": "2"})
    assert same.status_code == 303, text(same)
    assert (await visitor.api.get("/v1/games/wheel")).json()["document"]["free"] == {"most": 2}
    await visitor.act(f"{BASE}/games/wheel/stop", f"{BASE}/games/wheel")
    assert "Let it be played again" in text(await visitor.client.get(f"{BASE}/games/wheel"))
    await visitor.act(f"{BASE}/games/wheel/stop", f"{BASE}/games/wheel", resume="1")
    assert (await visitor.api.get("/v1/games/wheel")).json()["status"] == "live"


async def test_a_contradiction_is_said_beside_its_field_and_nothing_is_lost(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    answer = await visitor.act(f"{BASE}/games/new", f"{BASE}/games/new", **{**WHEEL, "consolation": ""})
    assert answer.status_code == 422
    assert "What is given when a prize is out?" in text(answer)
    assert 'value="10 punkti"' in answer.text


async def test_a_draw_is_built_and_called_off(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    made = await visitor.act(f"{BASE}/draws/new", f"{BASE}/draws/new", **DRAW)
    assert made.status_code == 303, text(made)
    shown = text(await visitor.client.get(f"{BASE}/draws/spring"))
    assert "2 × Prize" in shown
    assert "10 points" in shown
    assert "Draw now" not in shown
    early = await visitor.act(f"{BASE}/draws/spring/hold", f"{BASE}/draws/spring")
    assert early.status_code == 409
    assert 'value="2030-03-09"' in (await visitor.client.get(f"{BASE}/draws/spring/edit")).text
    await visitor.act(f"{BASE}/draws/spring/stop", f"{BASE}/draws/spring")
    assert "stopped" in text(await visitor.client.get(f"{BASE}/games"))


async def test_a_quiz_is_built_and_keeps_the_codes_of_its_answers(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    made = await visitor.act(f"{BASE}/surveys/new", f"{BASE}/surveys/new", **QUIZ)
    assert made.status_code == 303, text(made)
    (question,) = (await visitor.api.get("/v1/surveys/quiz")).json()["document"]["questions"]
    assert [(one["code"], one.get("right", False)) for one in question["options"]] == [
        ("a1", True),
        ("a2", False),
    ]
    changed = {**QUIZ, "q0-options-lv": "*Jā\r\nNē\r\nNezinu", "q0-options-en": ""}
    saved = await visitor.act(f"{BASE}/surveys/quiz/edit", f"{BASE}/surveys/quiz/edit", **changed)
    assert saved.status_code == 303, text(saved)
    (question,) = (await visitor.api.get("/v1/surveys/quiz")).json()["document"]["questions"]
    assert [one["code"] for one in question["options"]] == ["a1", "a2", "a3"]


async def test_results_are_shown_and_saved_without_names(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    assert (await visitor.api.call("PUT", "/v1/surveys/visit", SURVEY)).status_code == 200
    member, _ = await member_with_card(visitor.api, "Anna Kalniņa")
    body = {"survey": "visit", "answers": {**GOOD, "word": "<i>loud</i>"}}
    assert (await visitor.api.post(f"/v1/members/{member}/answers", body)).status_code == 201
    page = await visitor.client.get(f"{BASE}/surveys/visit")
    assert "answered by 1 member" in text(page)
    assert "on average 9.0" in text(page)
    assert "&lt;i&gt;loud" in page.text
    assert "Anna" not in page.text
    other, _ = await member_with_card(visitor.api)
    body = {"survey": "visit", "answers": {**GOOD, "again": 6}}
    assert (await visitor.api.post(f"/v1/members/{other}/answers", body)).status_code == 201
    assert "7,5" in text(await visitor.client.get(f"{BASE}/surveys/visit?lang=lv"))
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")
    file = await visitor.client.get(f"{BASE}/surveys/visit/answers.csv")
    assert file.text.lstrip("\ufeff").splitlines()[0] == "day,again,what,word"


async def test_who_only_reads_gets_no_buttons(visitor: Visitor) -> None:
    await put_wheel(visitor.api)
    await visitor.as_staff("analyst")
    shown = text(await visitor.client.get(f"{BASE}/games/wheel"))
    assert "Stop it" not in shown
    assert (await visitor.client.get(f"{BASE}/games/wheel/edit")).status_code == 403


async def test_service_sees_what_a_member_played_and_takes_a_ticket_out(visitor: Visitor) -> None:
    await put_wheel(visitor.api)
    assert (await visitor.api.call("PUT", "/v1/draws/spring", OPEN)).status_code == 200
    member, _ = await member_with_card(visitor.api)
    await spun(visitor.api, member)
    given = await visitor.api.post(f"/v1/members/{member}/tickets", {"draw": "spring", "given": True})
    assert given.status_code == 201, given.text
    await visitor.as_staff("service")
    page = f"{OFFICE}/members/{member}/games"
    assert "takes part" in text(await visitor.client.get(page))
    ticket = given.json()["items"][0]["id"]
    unsaid = await visitor.act(page, page, ticket=ticket)
    assert unsaid.status_code == 422
    done = await visitor.act(page, page, ticket=ticket, reason="given by mistake")
    assert done.status_code == 303, text(done)
    assert "void" in text(await visitor.client.get(page))
