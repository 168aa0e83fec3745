"""Stamps, packs and a membership on a member's phone, in two languages; she ends the membership with its period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from regulars.promotions.template import templates
from tests.browser.conftest import Shop
from tests.browser.portal import Phone, furnish, member_with_receipt

CURRENCIES: tuple[dict[str, Any], ...] = (
    {"code": "STAMPS", "kind": "stamps", "worth": "0"},
    {"code": "CUPS", "kind": "visits", "worth": "0"},
)
PLAN: dict[str, Any] = {
    "names": {"en": "Bean Club", "lv": "Pupiņu klubs"}, "price": 399, "period": "month", "club": "beans",
}  # fmt: skip
PACK: dict[str, Any] = {
    "names": {"en": "Ten coffees", "lv": "Desmit kafijas"}, "currency": "CUPS", "visits": 10, "price": 1_800,
}  # fmt: skip


@pytest.fixture(scope="module")
def coffee_shop(shop: Shop) -> Shop:
    """The shop with a stamp card, a pack and a plan."""
    furnish(shop)
    for currency in CURRENCIES:
        shop.call("POST", "/v1/currencies", currency)
    ready = {one.code: one.document for one in templates()}
    for code in ("stamps", "coffee-for-stamps"):
        made = shop.call("POST", "/v1/promotions", ready[code])
        accepted = {"accept_warnings": ["unlimited_gain", "unknown_goods", "unbounded"]}
        shop.call("POST", f"/v1/promotions/{made['id']}/publish", accepted)
    shop.call("PUT", "/v1/membership-plans/beans", PLAN)
    shop.call("PUT", "/v1/packs/coffees", PACK)
    return shop


@pytest.fixture
def phone(browser: Browser, coffee_shop: Shop) -> Iterator[Phone]:
    """A phone that has never been here."""
    made = Phone(browser, coffee_shop)
    yield made
    made.context.close()
    assert made.said == []


def test_stamps_a_pack_and_a_membership_are_one_tap_from_the_offers(phone: Phone) -> None:
    shop = phone.shop
    number, _, member = member_with_receipt(shop, "Anna Kalniņa")  # of two coffees
    shop.call(
        "POST",
        f"/v1/members/{member}/adjustments",
        {"currency": "STAMPS", "amount": 5, "reason": "paper card"},
    )
    shop.call("POST", f"/v1/members/{member}/packs", {"pack": "coffees", "reference": "r-1"})
    shop.call("POST", f"/v1/members/{member}/visits", {"currency": "CUPS", "visits": 4})
    shop.call("POST", f"/v1/members/{member}/memberships", {"plan": "beans", "reference": "r-2"})
    phone.log_in(number)
    phone.page.wait_for_url(f"{phone.home}/")

    phone.go("/offers")
    phone.page.click("text=Memberships and packs")
    phone.sees("h1", "Memberships and packs")
    assert phone.page.locator(".stamps .full").count() == 7
    phone.sees(".stamp-card", "7 of 9 stamps")
    phone.sees("main", "6 of 10 visits left")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390

    phone.page.goto(f"{phone.home}/memberships?lang=lv")
    phone.sees("main", "Pupiņu klubs")
    phone.sees("main", "Desmit kafijas")
    phone.page.goto(f"{phone.home}/memberships?lang=en")
    phone.page.click("summary:has-text('End it with the period')")
    phone.page.click("button:has-text('End it with the period')")
    phone.sees("main", "Ends on")
