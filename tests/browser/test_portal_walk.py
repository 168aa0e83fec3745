"""Every page of the portal in every language and size, each of those in both themes: nothing cut off, all is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState

from regulars.i18n import REGIONS
from regulars.portal.routes import routes
from tests.browser import mechanics
from tests.browser.conftest import Shop
from tests.browser.portal import Phone, furnish, member_with_receipt
from tests.browser.test_walk import Walker, named, theme, walks
from tests.browser.watching import WAIT_SECONDS

__all__ = ["theme"]

SIZES = {"390": (390, 844), "768": (768, 1024), "1280": (1280, 800)}
PAGES = {
    "portal-card": "/",
    "portal-offers": "/offers",
    "portal-receipts": "/receipts",
    "portal-claim": "/claim?receipt=teika-7-261122023742dyy&code=7KQM-2PXD",
    "portal-points": "/points",
    "portal-wallet": "/wallet",
    "portal-wallet-add": "/wallet/add",
    "portal-gift-card-keep": "/gift-cards/keep",
    "portal-me": "/me",
    "portal-profile": "/me/profile",
    "portal-contact": "/me/contact?kind=email",
    "portal-consents": "/me/consents",
    "portal-household": "/me/household",
    "portal-apps": "/me/apps",
    "portal-devices": "/me/devices",
    "portal-data": "/me/data",
    "portal-leave": "/me/leave?sure=1",
    "portal-welcome": "/welcome",
    "portal-about": "/about",
    "portal-offline": "/offline",
    **mechanics.PAGES,
}
BESIDE = {
    "/receipts/*", "/wallet/*", "/gift-cards/*", "/sign-in",  # looked at on the way
    "/confirm", "/left", "/join", "/rewards/*", "/rewards/mine/*", "/vouchers/*",  # in tests of their own
    "/draws/*/proof.json", "/events/*/calendar", "/google-wallet", "/icon.svg", "/logo/*", "/manifest.webmanifest",
    "/me/export.json", "/me/export.pdf", "/me/proof.json", "/me/proof.pdf", "/pass.pkpass", "/sw.js", "/theme.css",
}  # fmt: skip
"""What is no page, or is looked at otherwise."""
MOST = ("390", "lv")
"""Most phones: both themes of it are walked through in every run."""


def test_every_page_of_the_portal_is_walked_over() -> None:
    walked = {path.partition("?")[0] for path in PAGES.values()}
    named = {re.sub(r"\{\w+:str\}", "*", path.removeprefix("/portal/{slug:str}")) or "/" for path in pages()}
    unknown = {
        path for path in named if not any(fullmatch(path, one) for one in walked) and path not in BESIDE
    }
    assert unknown == set()


def pages() -> list[str]:
    """The addresses of the portal that answer a page."""
    found = [path for one in routes for path in one.paths if "GET" in one.http_methods]
    return [path for path in found if not path.endswith(".png") and "/passes/" not in path]


def fullmatch(pattern: str, path: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", "[^/]+"), path) is not None


@pytest.fixture(scope="module")
def member(shop: Shop) -> tuple[str, str, str]:
    """Somebody with a long name, points, a receipt, an offer and a wording to agree to."""
    furnish(shop)
    found = member_with_receipt(shop, "Konstantīns-Aleksandrs Vārdnīca-Pārdaugavietis", points=9_876)
    mechanics.furnish_mechanics(shop, found[2])
    return found


@pytest.fixture(scope="module")
def state(browser: Browser, shop: Shop, member: tuple[str, str, str]) -> StorageState:
    """Her browser's cookies, once she is logged in; with a card of another shop and a household."""
    phone = Phone(browser, shop)
    phone.log_in(member[0])
    phone.go("/wallet/add")
    phone.page.fill("[name=name]", "Grāmatnīca pie Ķīšezera")
    phone.page.fill("[name=text]", "4006381333931")
    phone.page.click("main form button[type=submit]")
    phone.page.wait_for_selector(".foreign a")
    card = shop.call("POST", "/v1/gift-cards", {"amount": 2500, "expires_at": "2099-12-31T22:00:00Z"})
    phone.go("/gift-cards/keep")
    phone.page.fill("[name=code]", card["code"])
    phone.page.click("main form button[type=submit]")
    phone.page.wait_for_selector("a[href*='/gift-cards/gft_']")
    kept = phone.context.storage_state()
    phone.context.close()
    return kept


@pytest.fixture
def walker(
    browser: Browser, shop: Shop, state: StorageState, theme: str, request: pytest.FixtureRequest
) -> Iterator[Walker]:
    """Her browser, of the size and language of the test, whose console is listened to."""
    size, language = request.param
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        locale=REGIONS[language].replace("_", "-"),
        storage_state=state,
    )
    context.set_default_timeout(WAIT_SECONDS * 1000)
    made = Walker(context.new_page(), shop, f"{language}-{theme}-{size}", language)
    yield made
    context.close()
    assert made.said == []


@pytest.mark.full
@pytest.mark.parametrize(("walker", "theme"), walks(SIZES, MOST), indirect=True, ids=named)
def test_every_page_of_the_portal_can_be_shown_to_anybody(walker: Walker, shop: Shop) -> None:
    look_around(walker, shop)


@pytest.mark.parametrize("walker", [MOST], indirect=True, ids=named)
def test_the_portal_on_most_phones_can_be_shown_to_anybody(walker: Walker, shop: Shop) -> None:
    look_around(walker, shop)


def look_around(walker: Walker, shop: Shop) -> None:
    """At every page, the card at the till, a receipt, a card of another shop, and the way in."""
    home, page = f"{shop.address}/portal/dzintars", walker.page
    for name, path in PAGES.items():
        page.goto(f"{home}{path}{'&' if '?' in path else '?'}lang={walker.language}")
        page.wait_for_selector("html[data-ready]")
        walker.look(name)
    page.goto(f"{home}/receipts")
    page.click(".row")
    page.wait_for_selector(".why")
    walker.look("portal-receipt")
    page.goto(f"{home}/wallet")
    page.click(".foreign a")
    page.wait_for_selector(".foreign-code")
    walker.look("portal-foreign")
    page.goto(f"{home}/wallet")
    page.click("a[href*='/gift-cards/gft_']")
    page.wait_for_selector(".voucher .qr svg")
    walker.look("portal-gift-card")
    page.goto(f"{home}/")
    page.click(".pass-code")
    page.wait_for_selector("dialog.at-till[open]")
    shown = page.locator("dialog.at-till").bounding_box()
    assert shown is not None
    assert (shown["x"], shown["width"]) == (0, page.evaluate("() => document.documentElement.clientWidth"))
    walker.look("portal-at-till")
    page.context.clear_cookies(name="regulars_member")
    page.goto(f"{home}/sign-in?lang={walker.language}")
    page.wait_for_selector("html[data-ready]")
    walker.look("portal-sign-in")
