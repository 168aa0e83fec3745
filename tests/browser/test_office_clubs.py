"""Clubs and events in the back office's real browser: how every page looks at every width, and a card at the door."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from regulars import clock
from tests.browser.conftest import Shop
from tests.browser.desk import look
from tests.browser.test_setup_pages import SIZES, office, page

__all__ = ["office", "page"]
ENGAGEMENT = "/backoffice/engagement"


@pytest.fixture(scope="module")
def busy(office: Shop) -> tuple[Shop, str, str]:
    """A club with members, an event that is full, and the card and id of somebody with a seat."""
    names = {"lv": "Kafijas degustētāji no visas Latvijas", "en": "Coffee tasters from everywhere"}
    office.call("PUT", "/v1/clubs/tasters", {"names": names, "places": 50})
    rule = {"turnover_at_least": 15000, "turnover_days": 90, "age_from": 18}
    office.call(
        "PUT",
        "/v1/clubs/best",
        {"names": {"lv": "Savējie", "en": "Inner circle"}, "entry": "rule", "rule": rule},
    )
    office.call("POST", "/v1/clubs/tasters/links", {"uses": 25})
    starts = clock.world() + timedelta(days=20)
    event = {
        "names": {"lv": "Latte vakars", "en": "Latte evening"},
        "texts": {"lv": "Barista rāda, kā puto pienu.", "en": "A barista shows how milk is foamed."},
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "place": "Miera iela 3, Rīga",
        "seats": 3,
        "seats_per_booking": 2,
        "clubs": ["tasters"],
    }
    office.call("PUT", "/v1/occasions/latte", event)
    made = [
        office.member(name)
        for name in ("Konstantīns-Aleksandrs Vārdnīca-Pārdaugavietis", "Zane Liepa", "Rūta Ozola")
    ]
    for _, _, member in made:
        office.call("POST", f"/v1/members/{member}/clubs/tasters", {})
        office.call("POST", f"/v1/members/{member}/bookings", {"occasion": "latte", "seats": 2})
    return office, made[0][1], made[0][2]


@pytest.mark.full
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_page_fits_its_width_and_axe_finds_nothing(
    page: Page, busy: tuple[Shop, str, str], width: int, scheme: Literal["light", "dark"]
) -> None:
    shop, _, member = busy
    addresses = [
        f"{ENGAGEMENT}/clubs", f"{ENGAGEMENT}/clubs/new", f"{ENGAGEMENT}/clubs/tasters",
        f"{ENGAGEMENT}/clubs/best?measure=1", f"{ENGAGEMENT}/clubs/best/edit", f"{ENGAGEMENT}/events",
        f"{ENGAGEMENT}/events/new", f"{ENGAGEMENT}/events/latte", f"{ENGAGEMENT}/events/latte/edit",
        f"/backoffice/members/{member}/clubs",
    ]  # fmt: skip
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for language in ("en", "lv"):
        for address in addresses:
            page.goto(f"{shop.address}{address}{'&' if '?' in address else '?'}lang={language}")
            name = address.partition("?")[0].replace("/", "-")
            look(page, f"clubs-{language}{name}-{width}")


def test_a_card_opens_the_door(page: Page, busy: tuple[Shop, str, str]) -> None:
    shop, card, _ = busy
    page.goto(f"{shop.address}{ENGAGEMENT}/events/latte?lang=en")
    page.fill("[name=card]", card)
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("Come in: 2 seats.")
    shown = shop.call("GET", "/v1/occasions/latte/bookings", state="attended")["items"]
    assert [one["seats"] for one in shown] == [2]
