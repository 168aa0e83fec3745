"""Every page of the back office in two languages, both lights, at a desk and on a tablet; and reached by keys alone.

A page answers, fits, is in reach for everybody, says nothing in the console, leaves no text untranslated, and is light.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, BrowserContext, Page, expect

import regulars
from tests.browser import mechanics
from tests.browser.conftest import Shop
from tests.browser.desk import add_staff, at_desk, sign_in
from tests.browser.office import CASHIER, STORE, Office, furnish
from tests.browser.test_data import office as with_worker
from tests.browser.test_walk import THEMES, Theme
from tests.browser.watching import OF_COLOURS, OF_SIZE, WAIT_SECONDS, heard, still, violations_of_now
from tests.browser.weighing import Scales
from tests.pages.permissions import PAGES

__all__ = ["with_worker"]

SIZES = {"1280": (1280, 800), "820": (820, 1180)}
VIEWS: dict[str, tuple[tuple[str, Theme], ...]] = {
    "en": (("1280", "light"), ("820", "light"), ("820", "dark"), ("1280", "dark")),
    "ru": (("820", "light"), ("1280", "light"), ("1280", "dark"), ("820", "dark")),
}
"""As what each page is looked at, once it was loaded as the first of them.

Axe goes by all its rules at the size that a page was loaded at, another one in each language; and by those of sizes
and colours in the third view, which differs in both.
"""
FILES = re.compile(r"\.(csv|json|pdf)$|/file$")
PARTS = {
    "/data/exports/list", "/data/imports/{id}/progress", "/codes/{id}/progress", "/purchases/{id}/panel",
    "/promotions/pick",
}  # fmt: skip
"""Asked for by a page for a piece of itself."""
PICTURES = {"/setup/branding/preview"}
ASKED = {
    "/setup/stores/edit": f"?code={STORE}",
    "/setup/currencies/edit": "?code=PTS",
    "/setup/partners/edit": "?code=florist",
    "/setup/tiers/edit": "?code=status",
    "/engagement/activity/edit": "?code=stream",
    "/review/watch/cashier": f"?store={STORE}&cashier={CASHIER}",
    "/promotions/{id}/diff": "?from=live&to=draft",
}
"""What some pages are asked for beside their address."""
CUT_CHOICES = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll("main select")].flatMap((choice) => {
    const style = getComputedStyle(choice);
    pen.font = style.font;
    const text = choice.selectedOptions[0]?.text ?? "";
    const room = choice.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return choice.checkVisibility() && pen.measureText(text).width + 18 > room ? [text] : [];
  });
}"""
"""What is chosen in a list that is too narrow to show it; its arrow takes 18 pixels."""
SIDEWAYS = """() => [...document.querySelectorAll(".table-scroll")]
  .filter((table) => table.scrollWidth > table.clientWidth + 1)
  .map((table) => `${table.scrollWidth} pixels in ${table.clientWidth}: ${table.innerText.slice(0, 80)}`)"""
"""Tables of which one sees all only by scrolling."""
THE_SHOPS_OWN = {"Points", "points"}
"""What the shop says in English: its currency has no Russian name."""
GAP = re.compile(r"%\(\w+\)s|\{\w+\}|%s")


def pages() -> list[str]:
    """The addresses of whole pages below the root, as the table of permissions has them."""
    asked = [page.removeprefix("GET ") for page in PAGES if page.startswith("GET ")]
    return [path for path in asked if not FILES.search(path) and path not in PARTS | PICTURES]


@pytest.fixture(scope="module")
def furnished(
    browser: Browser, shop: Shop, database_url: str, with_worker: Shop
) -> tuple[dict[str, str], Any]:
    """What stands for `{…}` in the addresses, and the cookies of the owner of it all."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(WAIT_SECONDS * 1000)
    page = context.new_page()
    sign_in(page, shop, add_staff(shop, database_url, "owner", name="Vija"))
    found = furnish(Office(shop, context.request), database_url)
    kept = context.storage_state()
    context.close()
    return found, kept


@pytest.fixture(scope="module")
def walker(browser: Browser, shop: Shop, furnished: tuple[dict[str, str], Any]) -> Iterator[Walk]:
    """Her browser, one for all walks; each page is weighed as if it were her first."""
    # reduced motion, or axe would look at a colour that is on its way
    context = browser.new_context(reduced_motion="reduce", storage_state=furnished[1])
    context.set_default_timeout(WAIT_SECONDS * 1000)
    yield Walk(context, shop)
    context.close()


@pytest.mark.full
@pytest.mark.parametrize("language", [*VIEWS])
def test_every_page_can_be_shown_to_anybody(
    walker: Walk, furnished: tuple[dict[str, str], Any], language: str
) -> None:
    walker.begin(language)
    faults = [fault for path in pages() for fault in walker.faults(path, concrete(path, furnished[0]))]
    faults += walker.said
    assert faults == [], "\n".join(faults)
    assert walker.looked == {(path, size, theme): 1 for path in pages() for size in SIZES for theme in THEMES}


@pytest.mark.parametrize(
    "path",
    ["/members/{id}", "/members/{id}/history", "/members/{id}/receipts", "/members/{id}/rewards",
     "/members/{id}/entitlements", "/points/movements", "/redemptions"],
)  # fmt: skip
def test_a_table_fits_the_smallest_screen_that_has_the_navigation_beside_it(
    walker: Walk, furnished: tuple[dict[str, str], Any], path: str
) -> None:
    page = walker.page
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{walker.shop.address}/backoffice{concrete(path, furnished[0])}?lang=ru")
    assert page.locator(".places-nav").is_visible()
    assert page.locator("main tbody tr").count() > 0
    assert page.evaluate(SIDEWAYS) == []


def test_no_page_is_left_out_of_the_walk() -> None:
    named = re.compile(r"^.*?/\{\w+\}")
    unknown = {m[0] for path in pages() if (m := named.search(path))} - KNOWN
    assert unknown == set()


KNOWN = {
    "/members/{id}", "/purchases/{id}", "/promotions/{id}", "/setup/rules/{heading}", "/review/audit/{number}",
    "/team/{id}", "/data/webhooks/{id}", "/data/webhooks/deliveries/{id}", "/codes/{id}", "/data/imports/files/{id}",
    "/data/imports/{id}", "/review/{id}", "/review/watch/{id}", "/gift-cards/{id}", "/rewards/{id}",
    "/accounts/{id}", "/review/certificates/{id}",
    "/engagement/challenges/{code}", "/engagement/entitlements/{code}", *mechanics.MADE,
}  # fmt: skip
"""What `furnish` makes."""


def concrete(path: str, found: dict[str, str]) -> str:
    """The address with what was made in place of `{…}`."""
    for pattern, value in found.items():
        if path == pattern or path.startswith(pattern + "/"):
            whole = pattern[: pattern.index("{")] + value + path[len(pattern) :]
            return whole + ASKED.get(path, "")
    assert "{" not in path, f"nothing was made for {path}"
    return path + ASKED.get(path, "")


class Walk:
    """One browser that goes from page to page, and listens; `begin` says in which language."""

    def __init__(self, context: BrowserContext, shop: Shop):
        self.page = context.new_page()
        self.shop = shop
        self.language = ""
        self.looked = Counter[tuple[str, str, Theme]]()
        self.english = set[str]()
        self.said = heard(self.page)
        self.scales = Scales(self.page)

    def begin(self, language: str) -> None:
        """Look at everything anew, in this language."""
        self.language = language
        self.english = _texts() if language != "en" else set[str]()
        self.looked.clear()
        self.said.clear()

    def faults(self, path: str, address: str) -> list[str]:
        """What is wrong with a page, each fault in a line."""
        loaded, *later = VIEWS[self.language]
        self._be(*loaded)
        wish = f"{'&' if '?' in address else '?'}lang={self.language}"
        answer = self.page.goto(f"{self.shop.address}/backoffice{address}{wish}", wait_until="load")
        assert answer is not None
        if answer.status != 200 or not answer.url.endswith(address + wish):
            return [f"{path}: {answer.status} {answer.url}"]
        still(self.page)
        found = [*self._fits(path, *loaded), *self._seen(), *self.scales.faults()]
        found += _broken(violations_of_now(self.page))
        for at, view in enumerate(later):
            self._be(*view)
            still(self.page)
            found += self._fits(path, *view)
            if at == 1:
                found += _broken(violations_of_now(self.page, (*OF_COLOURS, *OF_SIZE)))
        found += self.said
        self.said.clear()
        return [f"{path}: {one}" for one in found]

    def _be(self, size: str, theme: Theme) -> None:
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")

    def _fits(self, path: str, size: str, theme: Theme) -> Iterator[str]:
        """What does not, in this view of the page; a picture of it is kept."""
        self.looked[path, size, theme] += 1
        if folder := os.environ.get("REGULARS_SCREENS"):
            name = re.sub(r"\W+", "-", path).strip("-") or "home"
            name = f"{name}-{self.language}-{theme}-{size}"
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            yield f"{wide} pixels too wide at {size}"
        for option in self.page.evaluate(CUT_CHOICES):
            yield f"cut at {size}: {option}"

    def _seen(self) -> Iterator[str]:
        """What is wrong with it in every view."""
        if not self.page.locator("main h1").count():
            yield "no heading"
        lines = self.page.evaluate("document.querySelector('main').innerText.split(/[\\n\\t]/)")
        lines += self.page.evaluate(
            "[...document.querySelectorAll('[aria-label],[title],[placeholder]')].flatMap("
            "e => [e.ariaLabel, e.title, e.placeholder])"
        )
        for line in sorted({(line or "").strip() for line in lines} & self.english):
            yield f"not translated: {line}"


def _broken(rules: list[Any]) -> list[str]:
    return [f"{rule} {elements[0]}" for rule, elements in rules]


def _texts() -> set[str]:
    """What the templates say in English where another language says it otherwise."""
    source = Path(regulars.__file__).parent / "locale" / "ru" / "LC_MESSAGES" / "regulars.po"
    with source.open("rb") as file:
        texts = {one.id: one.string for one in read_po(file) if isinstance(one.id, str)}
    return {one for one, said in texts.items() if one and one != said and not GAP.search(one)} - THE_SHOPS_OWN


@pytest.fixture
def page(context: BrowserContext, shop: Shop, database_url: str) -> Iterator[Page]:
    """An owner's; nothing may stand in the console at the end."""
    with at_desk(context, shop, add_staff(shop, database_url, "owner", name="Ilze")) as opened:
        yield opened


def test_the_palette_opens_finds_and_goes(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.address}/backoffice/members")
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    expect(palette.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("hand nothing")
    expect(palette.locator(".palette-none")).to_be_visible()
    page.keyboard.press("Enter")  # nothing is chosen: nothing happens
    expect(palette).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("stores till")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Stores and tills")
    expect(palette.locator("[role=option]:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/setup/stores")
    page.keyboard.press("Control+k")
    page.keyboard.type("selling while")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Selling while the line is down")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowUp")  # round the end: the last act
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Invite somebody")
    page.keyboard.press("ArrowDown")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Home")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()


def test_every_entry_of_the_palette_leads_to_a_page(page: Page, shop: Shop) -> None:
    addresses = page.eval_on_selector_all("#palette [role=option]", "all => all.map(e => e.dataset.address)")
    assert len(addresses) > 25
    for address in addresses:
        answer = page.context.request.get(shop.address + address)
        assert answer.status == 200, address


def test_two_keys_lead_to_a_page_and_one_to_the_search(page: Page, shop: Shop) -> None:
    for key, address in [
        ("t", "/team"),
        ("m", "/members"),
        ("c", "/codes"),
        ("d", "/data/imports"),
        ("h", ""),
    ]:
        page.locator("h1").first.click()
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"{shop.address}/backoffice{address}")
    page.evaluate("() => { navigation.onnavigate = () => { window.leaves = true; }; }")
    page.keyboard.press("m")  # without the g before it
    assert page.evaluate("() => window.leaves ?? false") is False
    page.goto(f"{shop.address}/backoffice/promotions")
    page.keyboard.press("/")
    expect(page.get_by_label("Name of the promotion")).to_be_focused()
    page.goto(f"{shop.address}/backoffice/members")
    field = page.get_by_role("searchbox")
    field.focus()
    page.keyboard.type("gt")  # in a field they are letters
    expect(field).to_have_value("gt")
    assert page.url == f"{shop.address}/backoffice/members"


def test_the_page_is_two_keys_away_for_who_has_no_mouse(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.address}/backoffice/team")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Invite somebody").first).to_be_focused()
