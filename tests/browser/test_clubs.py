"""Clubs and events on a member's phone in two languages: an invitation accepted, a seat booked, and given back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from regulars import clock
from tests.browser.conftest import Shop, axe
from tests.browser.pixels import codes_on
from tests.browser.portal import Phone

WORDS = {
    "en": ("Coffee tasters", "Latte evening"),
    "lv": ("Kafijas degustētāji", "Latte vakars"),
}


@pytest.fixture(scope="module")
def gathering(shop: Shop) -> Shop:
    """The shop with a club by invitation and an event of one seat for it."""
    now = clock.world()
    names = {language: words[0] for language, words in WORDS.items()}
    shop.call("PUT", "/v1/clubs/tasters", {"names": names, "entry": "invitation"})
    event = {
        "names": {language: words[1] for language, words in WORDS.items()},
        "starts_at": (now + timedelta(days=20)).isoformat(),
        "ends_at": (now + timedelta(days=20, hours=2)).isoformat(),
        "place": "Miera iela 3",
        "seats": 10,
        "seats_per_booking": 2,
        "clubs": ["tasters"],
    }
    shop.call("PUT", "/v1/occasions/latte", event)
    return shop


@pytest.fixture(params=["en", "lv"])
def phone(browser: Browser, gathering: Shop, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone that speaks English or Latvian."""
    made = Phone(browser, gathering, locale={"en": "en-GB", "lv": "lv-LV"}[request.param])
    made.language = request.param
    yield made
    made.context.close()
    assert made.said == []


def test_an_invitation_is_accepted_and_a_seat_is_booked_and_given_back(phone: Phone) -> None:
    number, _, member = phone.shop.member("Anna Kalniņa")
    phone.shop.call("POST", f"/v1/members/{member}/clubs/tasters/invite", {})
    club, event = WORDS[phone.language]
    phone.log_in(number)
    phone.go("/offers")
    phone.page.click("a.row[href$='/clubs']")
    phone.page.click(f"text={club}")
    phone.page.click("form.form button.primary")
    phone.page.wait_for_selector(".note.said")
    axe(phone.page)
    phone.go("/clubs")
    axe(phone.page)
    phone.page.click(f"text={event}")
    phone.page.select_option("[name=seats]", "2")
    phone.page.click("form.form button.primary")
    phone.page.wait_for_selector(".voucher .qr svg")
    (booking,) = phone.shop.call("GET", f"/v1/members/{member}/bookings")["items"]
    assert (booking["state"], booking["seats"]) == ("booked", 2)
    assert codes_on(phone.page.locator(".voucher .qr").first.screenshot()) == [booking["id"]]
    axe(phone.page)
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    window = phone.page.viewport_size
    assert window
    assert width <= window["width"]
    phone.page.click("details.fold summary")
    phone.page.click("details.fold button[type=submit]")
    phone.page.wait_for_url("**/clubs**")
    after = phone.shop.call("GET", f"/v1/bookings/{booking['id']}")
    assert after["state"] == "cancelled"
