"""A privilege in the member's hand: a visit is booked on her phone in two languages; at the till she is checked in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Shop, Till, axe
from tests.browser.portal import Phone

LOUNGE: dict[str, Any] = {
    "names": {"lv": "Amatas zāle", "en": "Amata lounge"},
    "descriptions": {"lv": "Kafija un klusums.", "en": "Coffee and silence."},
    "quotas": [{"uses": 3}],
    "period": "quarter",
    "guests": {"from_quota": 1},
    "booking": {"opens": "00:00", "closes": "23:59", "capacity": 4, "slot_minutes": 30},
}


@pytest.fixture(scope="module")
def entitling(shop: Shop) -> Shop:
    """The shop with a lounge that everybody may use three times a quarter."""
    shop.call("PUT", "/v1/entitlements/lounge", LOUNGE)
    return shop


@pytest.fixture(params=["en", "lv"])
def phone(browser: Browser, entitling: Shop, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone that speaks English or Latvian."""
    made = Phone(browser, entitling, locale={"en": "en-GB", "lv": "lv-LV"}[request.param])
    yield made
    made.context.close()
    assert made.said == []


def held(shop: Shop, member: str) -> dict[str, Any]:
    """What the member has of the lounge."""
    return shop.call("GET", f"/v1/members/{member}/entitlements")["items"][0]


def test_a_visit_is_booked_from_the_offers_on_and_cancelled(phone: Phone) -> None:
    number, _, member = phone.shop.member("Anna Kalniņa")
    phone.log_in(number)
    phone.go("/offers")
    phone.page.click("a[href$='/privileges']")
    phone.page.click("a[href$='/privileges/lounge']")
    axe(phone.page)
    today = datetime.now(ZoneInfo("Europe/Riga")).date()
    day = today + timedelta(days=1)
    same_quarter = (day.month - 1) // 3 == (today.month - 1) // 3  # else it is of the next quarter's three
    tomorrow = day.isoformat()
    phone.page.fill("[name=day]", tomorrow)
    phone.page.click("form[method=get] button")
    phone.page.wait_for_url(f"**day={tomorrow}*")
    phone.page.select_option("[name=at]", index=20)
    phone.page.select_option("[name=guests]", "1")
    phone.page.click("form[method=post] button")
    phone.page.wait_for_selector(".said")
    axe(phone.page)
    booked = held(phone.shop, member)
    assert (booked["left"], [one["guests"] for one in booked["bookings"]]) == (1 if same_quarter else 3, [1])
    phone.page.click("details.sharer summary")
    phone.page.click("details.sharer button")
    phone.page.wait_for_selector("details.sharer", state="detached")
    phone.page.wait_for_selector(".said")
    assert (held(phone.shop, member)["left"], held(phone.shop, member)["bookings"]) == (3, [])


def test_she_is_checked_in_at_the_till_in_one_tap_with_a_guest(till: Till, entitling: Shop) -> None:
    _, card, member = entitling.member("Anna Kalniņa")
    till.scan(card)
    till.sees("#entitlements", "Amata lounge")
    till.sees("#entitlements", "3 of 3 left this quarter")
    till.page.select_option("#entitlements select", "1")
    till.page.click("#entitlements button")
    till.sees("#entitlements", "1 of 3 left this quarter")
    used = held(entitling, member)["uses"]
    assert [(one["store"], one["guests"], one["uses"]) for one in used] == [("teika", 1, 2)]
    till.page.click("#entitlements button")
    till.sees("#entitlements", "0 of 3 left this quarter · The next one from")
    assert till.page.locator("#entitlements button").count() == 0
    axe(till.page)
