"""The member's tier on her phone: a bar on the card's page, and all of it one tap further, in two languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Shop
from tests.browser.portal import Phone, furnish, member_with_receipt

NAMES = {
    "status/bronze": {"en": "Bronze", "lv": "Bronza"},
    "status/silver": {"en": "Silver", "lv": "Sudrabs"},
    "status/gold": {"en": "Gold", "lv": "Zelts"},
}
LADDER = {
    "tiers": [
        {"code": "bronze"},
        {"code": "silver", "ways": [[{"measure": "spend", "at_least": 1000}]]},
        {"code": "gold", "ways": [[{"measure": "spend", "at_least": 5000}]]},
    ]
}


@pytest.fixture(scope="module")
def climbing(shop: Shop) -> Shop:
    """The shop with a ladder."""
    furnish(shop)
    shop.call("PATCH", "/v1/program", {"settings": {"names": {"tier": NAMES}}})
    shop.call("PUT", "/v1/ladders/status", LADDER)
    return shop


@pytest.fixture
def phone(browser: Browser, climbing: Shop) -> Iterator[Phone]:
    """A phone that has never been here."""
    made = Phone(browser, climbing)
    yield made
    made.context.close()
    assert made.said == []


def test_the_tier_its_bar_and_its_history_are_there_in_english_and_latvian(phone: Phone) -> None:
    number, _, _ = member_with_receipt(phone.shop, "Anna Kalniņa")
    phone.log_in(number)

    phone.sees(".tier-card h2", "Silver")
    phone.sees(".tier-card", "To Gold: ")
    bar = phone.page.locator(".tier-card progress").first
    reached = int(bar.get_attribute("value") or 0)
    assert (reached > 1000, bar.get_attribute("max")) == (True, "5000")
    phone.page.click(".tier-card a")
    phone.sees("h1", "Your tier")
    phone.sees(".tier-card", "To keep it, from")
    phone.sees(".rows", "Silver")

    phone.page.goto(f"{phone.home}/tier?lang=lv")
    phone.sees("h1", "Jūsu līmenis")
    phone.sees(".tier-card", "Sudrabs")
    phone.sees(".tier-card", "Zelts")
    assert phone.page.evaluate("document.documentElement.lang") == "lv"
    assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
