"""Pages that a service worker keeps: with the headers of the page, and never in place of what a form led to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from regulars.web.pages import SECURITY_HEADERS
from tests.browser.conftest import Shop
from tests.browser.late import Late
from tests.browser.offline import Computer
from tests.browser.portal import Phone, furnish, member_with_receipt

PATIENCE_SECONDS = 4
"""So long a worker waits for a page that it keeps."""


@pytest.fixture(scope="module")
def furnished(shop: Shop) -> Shop:
    """The shop with an offer and a wording."""
    furnish(shop)
    return shop


@pytest.fixture
def phone(browser: Browser, furnished: Shop) -> Iterator[Phone]:
    """The phone of a member whose pages are kept on it."""
    made = Phone(browser, furnished)
    number, _, _ = member_with_receipt(furnished, "Glabā Lapas")
    made.log_in(number)
    made.keeps("/", "/offers", "/wallet")
    yield made
    made.context.close()


def slow(context: BrowserContext, page: Page, address: str) -> Late:
    """The next page from that address takes longer than a worker waits for one that it keeps."""
    return Late(page, address, of=context)


def test_a_page_of_the_portal_that_was_kept_has_the_headers_of_the_page(phone: Phone) -> None:
    there = phone.page.goto(f"{phone.home}/")
    assert there is not None
    phone.context.set_offline(True)
    for path, offline in (("/", "today"), ("/me/profile", "none")):
        phone.follow(phone.home + path)
        phone.page.wait_for_selector(f"html[data-offline={offline}]")
        kept = phone.page.reload()
        assert kept is not None
        assert kept.from_service_worker
        assert kept.headers["content-security-policy"].startswith("default-src 'self'")
        for name in map(str.lower, SECURITY_HEADERS):
            assert kept.headers[name] == there.headers[name], name


def test_what_a_form_of_the_portal_led_to_is_waited_for(phone: Phone) -> None:
    phone.go("/wallet/add")
    phone.page.fill("[name=name]", "Slow Card")
    phone.page.fill("[name=text]", "ABC-1234")
    phone.page.check("[value=code128]", force=True)
    wallet = slow(phone.context, phone.page, f"{phone.home}/wallet?*")
    phone.page.click("main form button[type=submit]", no_wait_after=True)
    wallet.asked()
    phone.page.wait_for_timeout((PATIENCE_SECONDS + 1) * 1000)
    wallet.let_go()
    phone.sees(".foreign strong", "Slow Card")
    assert phone.page.locator("html[data-offline]").count() == 0


def test_what_a_form_of_the_till_led_to_is_waited_for(browser: Browser, shop: Shop, tmp_path: Path) -> None:
    computer = Computer(browser, shop, tmp_path)
    computer.begin()
    page = computer.page
    till = slow(computer.context, page, "**/till")
    page.click("#train", no_wait_after=True)
    till.asked()
    page.wait_for_timeout((PATIENCE_SECONDS + 1) * 1000)
    till.let_go()
    page.wait_for_selector(".training")
    computer.switch_off()
