"""Challenges in a browser: a member joins, buys, sees how far she is, gets her badge, chooses a name for the board."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.api.shop import buy, line
from tests.browser.conftest import Shop
from tests.browser.portal import Phone, furnish, member_with_receipt

TASTE: dict[str, Any] = {
    "names": {"lv": "Trīs garšas", "en": "Three tastes"},
    "texts": {"lv": "Pagaršojiet trīs dažādas nodaļas.", "en": "Taste three departments."},
    "goal": {"kind": "set", "of": "categories", "need": 3},
    "window": "days",
    "days": 14,
    "join": "opt_in",
    "icon": "cup",
    "steps": [{"at": 2, "prizes": [{"points": {"currency": "PTS", "amount": 20}}]}],
    "prizes": [{"points": {"currency": "PTS", "amount": 150}}, {"badge": "explorer"}],
}
RACE: dict[str, Any] = {
    "names": {"lv": "Martā visvairāk", "en": "Most in March"},
    "goal": {"kind": "sum", "need": 100_000},
    "window": "month",
    "leaderboard": True,
}
WORDS = {
    "en": ("Three tastes", "0 of 3", "2 of 3", "Explorer", "Better no phone number"),
    "lv": ("Trīs garšas", "0 no 3", "2 no 3", "Pētnieks", "Labāk ne tālruņa numuru"),
}


def soon() -> str:
    """A minute from now: a purchase counts as made when it is recorded."""
    return (datetime.now(UTC) + timedelta(minutes=1)).isoformat()


@pytest.mark.scenario("S3")
@pytest.mark.parametrize("language", ["en", "lv"])
def test_a_member_joins_sees_how_far_she_is_and_chooses_a_name(
    browser: Browser, shop: Shop, language: str
) -> None:
    name, before, between, badge, refused = WORDS[language]
    furnish(shop)
    shop.call("PUT", "/v1/badges/explorer", {"names": {"lv": "Pētnieks", "en": "Explorer"}, "icon": "map"})
    for code, document in (("taste", TASTE), ("race", RACE)):
        shop.call("PUT", f"/v1/challenges/{code}", document)
    phone, card, *_ = member_with_receipt(shop, "Anna Kalniņa")
    anna = Phone(browser, shop, viewport={"width": 360, "height": 800})
    anna.log_in(phone)

    anna.go(f"/offers?lang={language}")
    anna.page.click('a[href$="/challenges"]')
    anna.sees(".quest h2", name)
    assert anna.page.evaluate("document.documentElement.scrollWidth") == 360
    anna.page.click(".quest form button")
    anna.sees(".quest-bar strong", before)
    lines = [line(n, 1000, categories=[path]) for n, path in enumerate(("coffee", "tea"), 1)]
    shop.call(
        "POST", "/v1/purchases", buy(f"two-{language}", card, lines, store="teika", purchased_at=soon())
    )
    anna.go("/challenges")
    anna.sees(".quest-bar strong", between)
    more = [line(1, 1000, categories=["cake"])]
    shop.call("POST", "/v1/purchases", buy(f"one-{language}", card, more, store="teika", purchased_at=soon()))
    anna.go("/challenges")
    anna.sees(".badges strong", badge)

    anna.page.click('a[href$="/race/board"]')
    anna.page.fill("[name=nickname]", "+371 20000001")
    anna.page.click("form.card button.primary")
    anna.sees("[role=alert]", refused)
    anna.page.fill("[name=nickname]", "Vega 7")
    anna.page.click("form.card button.primary")
    anna.sees(".rows [aria-current] strong:not(.rank)", "Vega 7")
    assert anna.page.evaluate("document.documentElement.scrollWidth") == 360
    anna.page.click("[name=leave]")
    anna.page.wait_for_selector(".empty")
    assert [one for one in anna.said if "422" not in one] == []
    anna.context.close()
