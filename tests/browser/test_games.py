"""Games on a phone, in two languages: a wheel is turned, a card scratched, a draw proved, a survey answered."""

from __future__ import annotations

import calendar
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.api.games import DRAW, SURVEY, VERIFY, all_on, wheel
from tests.browser.conftest import Shop, axe
from tests.browser.portal import Phone

WORDS: dict[str, dict[str, str]] = {
    "en": {"won": "You won: 10 points", "thanks": "Thank you for your answers!"},
    "lv": {"won": "10 punkti", "thanks": "Paldies par atbildēm!"},
}


def in_seconds(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


@pytest.fixture(scope="module")
def playing(shop: Shop) -> Shop:
    """The shop with a wheel, a card, a draw that is over and a survey."""
    ten = all_on("ten")
    shop.call("PUT", "/v1/games/wheel", wheel(fields=ten))
    shop.call("PUT", "/v1/games/card", wheel(fields=ten, face="scratch"))
    shop.call("PUT", "/v1/surveys/visit", SURVEY)
    return shop


@pytest.fixture(params=["en", "lv"])
def phone(browser: Browser, playing: Shop, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone that speaks English or Latvian, narrow as the smallest, and moves nothing."""
    locale = {"en": "en-GB", "lv": "lv-LV"}[request.param]
    made = Phone(
        browser, playing, locale=locale, viewport={"width": 360, "height": 740}, reduced_motion="reduce"
    )
    made.language = request.param
    yield made
    made.context.close()
    assert made.said == []


def words(phone: Phone) -> dict[str, str]:
    return WORDS[phone.language]


def narrow(phone: Phone) -> None:
    """Nothing is wider than the phone, and axe finds nothing."""
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(phone.page)


def test_a_wheel_is_turned_and_a_card_is_scratched(phone: Phone) -> None:
    number, _, member = phone.shop.member("Anna Kalniņa")
    phone.log_in(number)
    phone.go("/games")
    narrow(phone)
    phone.page.click("a[href$='/games/wheel']")
    phone.page.wait_for_selector("svg.wheel")
    narrow(phone)
    phone.page.click(".game form button[type=submit]")
    phone.page.wait_for_selector("svg.wheel.spun")
    phone.sees(".game-result", words(phone)["won"])
    narrow(phone)
    assert phone.shop.balance(member) == 10
    phone.go("/games/card")
    phone.page.click(".game form button[type=submit]")
    phone.page.wait_for_selector("details.scratch")
    assert not phone.page.is_visible(".game-result")
    phone.page.click("details.scratch summary")
    phone.sees(".game-result", words(phone)["won"])
    narrow(phone)
    assert phone.shop.balance(member) == 20


def test_a_survey_is_answered_and_thanked_for(phone: Phone) -> None:
    number, _, member = phone.shop.member("Anna Kalniņa")
    phone.log_in(number)
    phone.go("/surveys/visit")
    narrow(phone)
    phone.page.click(".scale label:nth-child(10)")
    phone.page.click("text=" + {"en": "Bread", "lv": "Maize"}[phone.language])
    phone.page.click("form.form button[type=submit]")
    phone.sees(".answered", words(phone)["thanks"])
    narrow(phone)
    assert phone.shop.balance(member) == 10


def test_a_draw_is_proved_to_whoever_looks(phone: Phone, tmp_path: Path) -> None:
    number, _, member = phone.shop.member("Anna Kalniņa", points=30)
    code = f"draw-{phone.language}"
    draw: dict[str, Any] = {**DRAW, "entries_until": in_seconds(8), "draws_at": in_seconds(8)}
    phone.shop.call("PUT", f"/v1/draws/{code}", draw)
    for _ in range(3):
        phone.shop.call("POST", f"/v1/members/{member}/tickets", {"draw": code})
    phone.log_in(number)
    phone.go(f"/draws/{code}")
    phone.sees(".numbers", "3")
    until = time.monotonic() + 60
    while time.time() < calendar.timegm(time.strptime(draw["draws_at"], "%Y-%m-%dT%H:%M:%SZ")):
        assert time.monotonic() < until
        time.sleep(0.2)
    phone.shop.call("POST", f"/v1/draws/{code}/hold")
    phone.go(f"/draws/{code}")
    phone.page.wait_for_selector(".winners")
    narrow(phone)
    link = phone.page.get_attribute("a.proof", "href")
    assert link is not None
    proof = phone.page.request.get(phone.shop.address + link)
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof.json()))
    said = subprocess.run(
        [sys.executable, str(VERIFY), str(file)], capture_output=True, text=True, check=True
    )
    assert said.stdout == f"{code}: 3 tickets, 3 winners, all as published.\n"
