"""Every page in every language, size and theme: nothing cut off, axe finds nothing, the console stays silent.

The pictures are kept in the folder that `REGULARS_SCREENSHOTS` names, for people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from regulars.i18n import COMPLETE, REGIONS
from tests.browser import desk, offline
from tests.browser.conftest import AXE, BREAD, COFFEE, MILK, Shop, Till
from tests.browser.test_till_enrolment import ASKED

SIZES = {"390": (390, 844), "768": (768, 1024), "1024": (1024, 768), "1280": (1280, 800), "1600": (1600, 900)}
CUT_OFF = """() => [...document.querySelectorAll(
    'button, h1, h2, h3, dt, dd, th, label, .row-name, .line-name, .tabs a')]
    .filter((e) => e.checkVisibility() && !e.closest('.unseen') && !e.classList.contains('unseen')
        && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
        && getComputedStyle(e).clipPath === 'none')
    .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    """What the system prefers."""
    return request.param


@pytest.fixture
def walker(browser: Browser, shop: Shop, theme: str, request: pytest.FixtureRequest) -> Iterator[Walker]:
    """A page of the size and language of the test, whose console is listened to."""
    size, language = request.param
    width, height = SIZES[size]
    locale = REGIONS[language].replace("_", "-")
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        locale=locale,
    )
    context.set_default_timeout(60_000)
    made = Walker(context.new_page(), shop, f"{language}-{theme}-{size}", language)
    yield made
    context.close()
    assert made.said == []


class Walker:
    """Looks at one page after another."""

    def __init__(self, page: Page, shop: Shop, name: str, language: str):
        self.page = page
        self.shop = shop
        self.name = name
        self.language = language
        self.said: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def look(self, what: str) -> None:
        """Keep a picture; nothing is cut off, nothing scrolls sideways, axe finds nothing."""
        self.page.wait_for_timeout(250)
        folder = os.environ.get("REGULARS_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{what}-{self.name}.png", full_page=True)
        wide = self.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, f"{what} scrolls sideways"
        assert self.page.evaluate(CUT_OFF) == [], what
        self.page.evaluate(AXE.read_text())
        found: Any = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        assert [(v["id"], [n["html"][:150] for n in v["nodes"]]) for v in found["violations"]] == [], what

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser itself notes every 4xx of the API (an unknown phone number is one), and that it did not focus a
        # field because the test, on a slow machine, had begun to type already: neither is a fault of the page.
        if not message.text.startswith(("Failed to load resource", "Autofocus processing was blocked")):
            self.said.append(f"{message.type}: {message.text}")


NEW_PHONES = count(27_100_001)
WALKS = [(size, language) for size in SIZES for language in COMPLETE]


@pytest.mark.full
@pytest.mark.parametrize("walker", WALKS, indirect=True, ids=lambda walk: "-".join(walk))
def test_every_page_can_be_shown_to_anybody(walker: Walker, shop: Shop, database_url: str) -> None:
    walk(walker, shop, database_url)


@pytest.mark.parametrize("walker", [("1024", "lv")], indirect=True, ids=["1024-lv"])
def test_the_till_of_most_shops_can_be_shown_to_anybody(
    walker: Walker, shop: Shop, database_url: str
) -> None:
    walk(walker, shop, database_url)


def walk(walker: Walker, shop: Shop, database_url: str) -> None:
    """Through every page and every state of it."""
    page = walker.page
    phone, card, _ = shop.member("Konstantīns-Aleksandrs Vārdnīca", points=9_876)
    page.goto(f"{shop.address}/sign-in?lang={walker.language}")
    walker.look("sign-in")
    page.fill("[name=key]", "nonsense")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.bad")
    walker.look("sign-in-refused")

    till = Till(page, shop)
    page.goto(f"{shop.address}/sign-in?lang={walker.language}&next=/till")
    page.fill("[name=key]", shop.till_key)
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=till]")
    walker.look("till-place")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    walker.look("till-empty")
    till.buy(COFFEE, BREAD, MILK)
    walker.look("till-lines")
    till.type("ma" if walker.language == "lv" else "co")
    page.wait_for_selector("#found .product[aria-selected=true]")
    walker.look("till-search")
    till.press("Escape", "F4")
    shop.call("PUT", "/v1/program/questionnaire", {"questions": ASKED})
    till.type("29 999 998")
    till.press("Enter")
    page.wait_for_selector("#enrol-questions [data-question=dog]")
    walker.look("till-enrol")
    shop.call("PUT", "/v1/program/questionnaire", {"questions": []})
    till.press("Escape", "Escape")
    till.press("F4")
    till.type(str(next(NEW_PHONES)))
    till.press("Enter")
    page.wait_for_selector("#enrol-form:not([hidden])")
    till.press("Enter")
    page.wait_for_selector("#proof-panel:not([hidden])")
    walker.look("till-confirm")
    till.press("Escape")
    page.click("#customer-clear")
    till.scan(card)
    page.wait_for_selector("#customer-card:not([hidden])")
    walker.look("till-customer")
    till.press("F8")
    till.type("100")
    walker.look("till-points")
    till.press("Enter")
    page.wait_for_selector("#spend-on:not([hidden])")
    till.scan("4750000099999")
    page.wait_for_selector("#said .note.bad")
    walker.look("till-fault")
    page.wait_for_selector("#next:not(:disabled)")
    till.press("F9")
    till.type("50")
    walker.look("till-payment")
    till.press("Enter")
    page.wait_for_selector("#view-done .tick")
    walker.look("till-done")
    till.press("Enter")
    till.buy(BREAD)
    till.press("F4")
    till.type(phone)
    till.press("Enter")
    page.wait_for_selector("#customer-card:not([hidden])")
    till.press("F8", "Enter")
    page.wait_for_selector("#proof-panel:not([hidden])")
    walker.look("till-proof")
    till.press("F8")
    page.wait_for_selector("#proof-said:not(:empty)")
    walker.look("till-code-sent")
    page.click("#customer-clear")
    page.wait_for_selector("#hold:not(:disabled)")
    till.press("Insert")
    page.wait_for_selector("#said .note.good")
    till.press("PageUp")
    page.wait_for_selector("#view-held .row")
    walker.look("till-held")
    till.press("Enter")
    page.wait_for_selector("#view-held .amount")
    walker.look("till-held-one")
    till.press("PageDown")
    page.wait_for_selector("#view-receipts .rows .row")
    walker.look("till-receipts")
    page.locator("#view-receipts .rows .row").nth(1).press("Enter")
    page.wait_for_selector("#return-lines")
    till.scan(MILK)
    page.wait_for_selector("#next:not(:disabled)")
    walker.look("till-return")
    till.press("F9")
    page.wait_for_selector("#view-receipts .tick")
    walker.look("till-returned")
    offline.look_without_line(walker, till, shop, card)

    desk.roll(shop, database_url)
    desk.sign_in(page, shop, desk.add_staff(shop, database_url, "owner"), walker.language)
    page.wait_for_selector(".chart canvas")
    walker.look("figures")
    page.goto(f"{shop.address}/backoffice/day")
    page.wait_for_selector(".chart canvas")
    walker.look("day")
    page.goto(f"{shop.address}/backoffice/day?by=both&from=2020-01-01&to=2020-01-05")
    walker.look("day-empty")
    page.goto(f"{shop.address}/")
    walker.look("home")
