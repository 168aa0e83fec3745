"""Every page in every language and size, each of those in both themes: nothing cut off, axe and the console are silent.

The pictures are kept in the folder that `REGULARS_SCREENSHOTS` names, for people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from regulars.i18n import COMPLETE, REGIONS
from tests.browser import desk, offline
from tests.browser.conftest import BREAD, COFFEE, MILK, Shop, Till
from tests.browser.test_till_enrolment import ASKED
from tests.browser.watching import REFUSALS, WAIT_SECONDS, heard, still, violations
from tests.browser.weighing import Scales

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
    context.set_default_timeout(WAIT_SECONDS * 1000)
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
        self.said = heard(page, REFUSALS)
        self.scales = Scales(page)

    def look(self, what: str) -> None:
        """Keep a picture; nothing is cut off or too heavy, nothing scrolls sideways, axe finds nothing."""
        still(self.page)
        assert self.scales.faults() == [], what
        folder = os.environ.get("REGULARS_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{what}-{self.name}.png", full_page=True)
        wide = self.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, f"{what} scrolls sideways"
        assert self.page.evaluate(CUT_OFF) == [], what
        assert violations(self.page) == [], what


def named(param: tuple[str, str] | str) -> str:
    """A size with its language, or a theme, in the name of a test."""
    return param if isinstance(param, str) else "-".join(param)


NEW_PHONES = count(27_100_001)
MOST = ("1024", "lv")
"""How most shops have it: both themes of it are walked through in every run."""


OTHER_THEMES = [(("1280", "lv"), "dark"), (("1024", "ru"), "dark"), (("1280", "ru"), "light")]
"""What `walks` leaves out of the usual screens of tills in the languages that most cashiers speak."""


def walks(sizes: Iterable[str], most: tuple[str, str]) -> list[tuple[tuple[str, str], str]]:
    """Every size in every language but `most`, in one theme each; each size and each language has both among them."""
    pairs = [
        ((size, language), place + at)
        for place, size in enumerate(sizes)
        for at, language in enumerate(COMPLETE)
    ]
    return [(pair, ("light", "dark")[turn % 2]) for pair, turn in pairs if pair != most]


@pytest.mark.full
@pytest.mark.parametrize(("walker", "theme"), [*walks(SIZES, MOST), *OTHER_THEMES], indirect=True, ids=named)
def test_every_page_can_be_shown_to_anybody(walker: Walker, shop: Shop, database_url: str) -> None:
    walk(walker, shop, database_url)


@pytest.mark.parametrize("walker", [MOST], indirect=True, ids=named)
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
    till.settled()
    walker.look("till-confirm")
    till.press("Escape")
    page.click("#customer-clear")
    till.scan(card)
    page.wait_for_selector("#customer-card:not([hidden])")
    till.settled()
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
    till.settled()
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
