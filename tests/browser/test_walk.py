"""Every page in every language, size and theme: nothing cut off, axe and the console are silent.

A walk goes through in one language; it loads a page once, and looks at it at each size in both themes.

The pictures are kept in the folder that `REGULARS_SCREENSHOTS` names, for people to look at.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import count, product
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from regulars.i18n import COMPLETE, REGIONS
from tests.browser import desk, offline
from tests.browser.conftest import BREAD, COFFEE, MILK, Shop, Till
from tests.browser.test_till_enrolment import ASKED
from tests.browser.watching import OF_COLOURS, REFUSALS, WAIT_SECONDS, heard, still, violations_of_now
from tests.browser.weighing import Scales

Theme = Literal["light", "dark"]
"""What the system prefers."""
THEMES: tuple[Theme, Theme] = ("light", "dark")
SIZES = {"390": (390, 844), "768": (768, 1024), "1024": (1024, 768), "1280": (1280, 800), "1600": (1600, 900)}
CUT_OFF = """() => [...document.querySelectorAll(
    'button, h1, h2, h3, dt, dd, th, label, .row-name, .line-name, .tabs a')]
    .filter((e) => e.checkVisibility() && !e.closest('.unseen') && !e.classList.contains('unseen')
        && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
        && getComputedStyle(e).clipPath === 'none')
    .map((e) => e.outerHTML.slice(0, 120))"""


class View(NamedTuple):
    """As what a page is looked at."""

    size: str
    theme: Theme


class Views(NamedTuple):
    """What one walk looks at each page as: in one language, at each of these sizes, in both themes."""

    language: str
    sizes: tuple[str, ...]

    @property
    def name(self) -> str:
        """In the name of a test."""
        return "-".join((self.language, *self.sizes))

    def of_each_page(self) -> list[View]:
        """There in one theme and back in the other, so that each step changes one thing.

        A page is loaded as the first of them: another size and another theme, from one language to the next.
        """
        place = COMPLETE.index(self.language)
        turn = place % len(self.sizes)
        sizes = self.sizes[turn:] + self.sizes[:turn]
        loaded, other = THEMES if place % 2 == 0 else (THEMES[1], THEMES[0])
        there = [View(size, loaded) for size in sizes]
        return there + [View(size, other) for size in reversed(sizes)]


@pytest.fixture
def walker(browser: Browser, shop: Shop, request: pytest.FixtureRequest) -> Iterator[Walker]:
    """A page with the views of the test, whose console is listened to."""
    yield from walking(browser, shop, request.param)


def walking(browser: Browser, shop: Shop, views: Views, **options: Any) -> Iterator[Walker]:
    """A walker in a browser of its own, made with these options; nothing was said when it is through."""
    size, theme = views.of_each_page()[0]
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        locale=REGIONS[views.language].replace("_", "-"),
        **options,
    )
    context.set_default_timeout(WAIT_SECONDS * 1000)
    made = Walker(context.new_page(), shop, views)
    yield made
    context.close()
    assert made.said == []


class Walker:
    """Looks at one page after another, at each of them in all its views."""

    def __init__(self, page: Page, shop: Shop, views: Views):
        self.page = page
        self.shop = shop
        self.language = views.language
        self.views = views.of_each_page()
        self.looked = Counter[str]()
        """How many views of each page and state of it were seen."""
        self.asked = Counter[str]()
        """In how many of them axe was asked."""
        self.said = heard(page, REFUSALS)
        self.scales = Scales(page)

    def look(self, what: str, also: Callable[[Page], None] | None = None) -> None:
        """Keep a picture of each view; nothing is cut off, nothing scrolls sideways, axe finds nothing.

        The page is weighed as it was loaded, and shown as before in the end. `also` asserts more of each view. Axe goes
        by all its rules at each size, and by those of colours once more in the theme that the page was not loaded in:
        no theme moves or hides anything.
        """
        shown = loaded = self.views[0]
        for view in self.views:
            self._turn(shown, view)
            still(self.page, pictures=3 if view is loaded else 2)  # the second one knows of the turn
            shown = view
            seen = f"{what}-{self.language}-{view.theme}-{view.size}"
            assert self.scales.faults() == [], seen
            folder = os.environ.get("REGULARS_SCREENSHOTS")
            if folder:
                self.page.screenshot(path=Path(folder) / f"{seen}.png", full_page=True)
            wide = self.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
            assert not wide, f"{seen} scrolls sideways"
            assert self.page.evaluate(CUT_OFF) == [], seen
            if also:
                also(self.page)
            self.looked[what] += 1
            if view.theme == loaded.theme or view.size == loaded.size:
                rules = () if view.theme == loaded.theme else OF_COLOURS
                assert violations_of_now(self.page, rules) == [], seen
                self.asked[what] += 1
        self._turn(shown, loaded)

    def _turn(self, before: View, then: View) -> None:
        """Show it otherwise; the colours of the theme that it was not loaded in come without a motion."""
        if then.size != before.size:
            width, height = SIZES[then.size]
            self.page.set_viewport_size({"width": width, "height": height})
        if then.theme != before.theme:
            calm = then.theme != self.views[0].theme
            self.page.emulate_media(
                color_scheme=then.theme, reduced_motion="reduce" if calm else "no-preference"
            )

    def looked_at(self, pages: int) -> None:
        """So many pages and states were looked at, once in every view; axe was asked at each size and once more."""
        assert len(self.looked) == pages
        assert set(self.looked.values()) == {len(self.views)}
        assert self.asked.keys() == self.looked.keys()
        assert set(self.asked.values()) == {len({view.size for view in self.views}) + 1}


def named(views: Views) -> str:
    """Of what a walk is, in the name of a test."""
    return views.name


NEW_PHONES = count(27_100_001)
MOST = Views("lv", ("1024",))
"""How most shops have it: walked through in every run."""
PAGES_OF_THE_TILL = 30
"""And of what stands around it, with their states."""


def others(sizes: Iterable[str], most: Views) -> list[Views]:
    """Every language at every size, but what `most` looks at."""
    return [
        Views(language, tuple(size for size in sizes if language != most.language or size not in most.sizes))
        for language in COMPLETE
    ]


def look_at_all(sizes: Collection[str], most: Views, views: int) -> None:
    """The walks of `others` and `most` look at each page once in so many views: every language, size and theme.

    They load it at every size and in both themes; axe goes by all its rules at every size in both, too.
    """
    walks = (*others(sizes, most), most)
    seen = [(walk.language, *view) for walk in walks for view in walk.of_each_page()]
    assert len(seen) == views
    assert set(seen) == set(product(COMPLETE, sizes, THEMES))
    loaded = [walk.of_each_page()[0] for walk in others(sizes, most)]
    assert {view.size for view in loaded} == {*sizes}
    assert {view.theme for view in loaded} == {*THEMES}
    whole = {(size, walk.of_each_page()[0].theme) for walk in walks for size in walk.sizes}
    assert whole == set(product(sizes, THEMES))


def test_the_walks_look_at_each_page_in_every_language_size_and_theme() -> None:
    look_at_all(SIZES, MOST, views=50)


@pytest.mark.full
@pytest.mark.parametrize("walker", others(SIZES, MOST), indirect=True, ids=named)
def test_every_page_can_be_shown_to_anybody(walker: Walker, shop: Shop, database_url: str) -> None:
    walk(walker, shop, database_url)
    walker.looked_at(PAGES_OF_THE_TILL)


@pytest.mark.parametrize("walker", [MOST], indirect=True, ids=named)
def test_the_till_of_most_shops_can_be_shown_to_anybody(
    walker: Walker, shop: Shop, database_url: str
) -> None:
    walk(walker, shop, database_url)
    walker.looked_at(PAGES_OF_THE_TILL)


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
