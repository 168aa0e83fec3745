"""Every page of the portal in every language, size and theme: nothing cut off, axe and the console are silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState

from regulars.portal.routes import routes
from tests.browser import mechanics
from tests.browser.conftest import Shop
from tests.browser.portal import Phone, furnish, member_with_receipt
from tests.browser.test_walk import Views, Walker, look_at_all, named, others, walking

SIZES = ("390", "768", "1280")
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
    "portal-pin": "/me/pin",
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
MOST = Views("lv", ("390",))
"""Most phones: walked through in every run."""
BEHIND_A_CLICK = 6
"""A receipt, a card of another shop, a gift card, the card at the till, the way in, and a full household."""


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
    """Her browser's cookies, once she is logged in; with a card of another shop and a gift card."""
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


@pytest.fixture(scope="module")
def family(browser: Browser, shop: Shop) -> list[Any]:
    """The cookies of somebody who owns a household: one in it may spend so much a day, one collects only."""
    number, _, owner = shop.member("Brigita Aleksandrova-Liepiņa", points=1_500)
    body = {"kind": "household", "name": "Vārdnīcas-Pārdaugavieši un Liepiņi", "owner": owner}
    account = shop.call("POST", "/v1/accounts", body)["id"]
    roles = [{"role": "spender", "daily_limit": 102_050}, {"role": "earner"}]
    names = ("Konstantīns-Aleksandrs Vārdnīca-Pārdaugavietis", "Līga")
    sharers = [{"member": shop.member(name)[2], **role} for name, role in zip(names, roles, strict=True)]
    shop.call("POST", f"/v1/accounts/{account}/members", {"members": sharers})
    phone = Phone(browser, shop)
    phone.log_in(number)
    kept: list[Any] = [dict(one) for one in phone.context.cookies()]
    phone.context.close()
    return kept


@pytest.fixture
def walker(
    browser: Browser, shop: Shop, state: StorageState, request: pytest.FixtureRequest
) -> Iterator[Walker]:
    """Her browser, with the views of the test, whose console is listened to."""
    yield from walking(browser, shop, request.param, storage_state=state)


def test_the_walks_of_the_portal_look_at_each_page_in_every_language_size_and_theme() -> None:
    look_at_all(SIZES, MOST, views=30)


@pytest.mark.full
@pytest.mark.parametrize("walker", others(SIZES, MOST), indirect=True, ids=named)
def test_every_page_of_the_portal_can_be_shown_to_anybody(
    walker: Walker, shop: Shop, family: list[Any]
) -> None:
    look_around(walker, shop, family)
    walker.looked_at(len(PAGES) + BEHIND_A_CLICK)


@pytest.mark.parametrize("walker", [MOST], indirect=True, ids=named)
def test_the_portal_on_most_phones_can_be_shown_to_anybody(
    walker: Walker, shop: Shop, family: list[Any]
) -> None:
    look_around(walker, shop, family)
    walker.looked_at(len(PAGES) + BEHIND_A_CLICK)


def look_around(walker: Walker, shop: Shop, family: list[Any]) -> None:
    """At every page, the card at the till, a receipt, a card of another shop, the way in, and a full household."""
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
    walker.look("portal-at-till", also=from_edge_to_edge)
    page.context.clear_cookies(name="regulars_member")
    page.goto(f"{home}/sign-in?lang={walker.language}")
    page.wait_for_selector("html[data-ready]")
    walker.look("portal-sign-in")
    page.context.add_cookies(family)
    page.goto(f"{home}/me/household?lang={walker.language}")
    page.wait_for_selector("html[data-ready]")
    page.click("details.fold summary >> nth=0")
    page.click("form:has([value=invite]) button[type=submit]")
    page.wait_for_selector(".otp")
    page.click("details.sharer summary >> nth=0")
    walker.look("portal-household-shared")


def from_edge_to_edge(page: Page) -> None:
    """The card for the till takes the whole width."""
    shown = page.locator("dialog.at-till").bounding_box()
    assert shown is not None
    assert (shown["x"], shown["width"]) == (0, page.evaluate("() => document.documentElement.clientWidth"))
