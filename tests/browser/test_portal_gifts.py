"""On her phone a member keeps a gift card with its code, and hands a voucher on to somebody: in two languages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Shop, axe
from tests.browser.portal import Phone

SHOTS = os.environ.get("REGULARS_SHOTS")
"""A folder for pictures, where somebody wants to look."""
FIVE = {
    "name": "five",
    "pattern": "FIVE-####-####",
    "definition": {
        "gives": {"kind": "value", "amount": 500},
        "personal": True,
        "transferable": True,
        "valid_days": 60,
        "names": {"lv": "5 eiro pirkumam", "en": "5 euros off"},
    },
}
REWARD: dict[str, Any] = {
    "kind": "voucher",
    "names": {"lv": "5 eiro pirkumam", "en": "5 euros off"},
    "prices": [{"currency": "PTS", "points": 50}],
    "batch": "five",
}
MONEY = {"en": "€25.00", "lv": "25,00 €"}


@pytest.fixture(scope="module")
def reward(shop: Shop) -> str:
    """A reward that hands out vouchers which may be handed on."""
    shop.call("POST", "/v1/voucher-batches", FIVE)
    return shop.call("POST", "/v1/rewards", REWARD)["id"]


def open_phone(
    browser: Browser, shop: Shop, language: str, name: str, **options: Any
) -> tuple[Phone, str, str]:
    """Somebody's phone, her card's number and her id."""
    phone, card, member = shop.member(name, points=200)
    made = Phone(browser, shop, locale={"en": "en-GB", "lv": "lv-LV"}[language], **options)
    made.log_in(phone)
    made.go(f"/?lang={language}")
    return made, card, member


def looked_at(page: Page, name: str) -> None:
    """Nothing is out of reach, and the page is no wider than the phone."""
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("lv", "light")])
def test_a_gift_card_is_kept_shown_and_let_go(
    browser: Browser, shop: Shop, language: str, theme: Any
) -> None:
    card = shop.call("POST", "/v1/gift-cards", {"amount": 2500, "expires_at": "2099-12-31T22:00:00Z"})
    phone, _, _ = open_phone(browser, shop, language, "Anna Kalniņa", color_scheme=theme)
    page = phone.page
    phone.go("/wallet")
    page.click("a[href$='/gift-cards/keep']")
    page.fill("[name=code]", "AAAA-BBBB-CCCC-DDDD")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".note.bad")
    looked_at(page, f"{language}-keep-wrong")
    page.fill("[name=code]", card["code"].lower())
    page.click("main form button[type=submit]")
    page.wait_for_selector("a[href*='/gift-cards/gft_']")
    phone.sees(".rows .row", MONEY[language])
    looked_at(page, f"{language}-wallet")
    page.click("a[href*='/gift-cards/gft_']")
    page.wait_for_selector(".voucher .qr svg")
    phone.sees(".otp", card["code"])
    looked_at(page, f"{language}-gift-card")
    page.click("details.more summary")
    page.click("details.more button[type=submit]")
    page.wait_for_selector(".said")
    assert page.locator("a[href*='/gift-cards/gft_']").count() == 0
    assert phone.said == []
    phone.context.close()


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("lv", "dark")])
def test_a_voucher_is_handed_on_by_a_card_number(
    browser: Browser, shop: Shop, reward: str, language: str, theme: Any
) -> None:
    giver, _, member = open_phone(browser, shop, language, "Anna Kalniņa", color_scheme=theme)
    taker, card, _ = open_phone(browser, shop, language, "Ilze Ozola", color_scheme=theme)
    made = shop.call("POST", f"/v1/members/{member}/redemptions", {"reward": reward})
    voucher = made["vouchers"][0]
    page = giver.page
    giver.go(f"/rewards/mine/{made['id']}")
    looked_at(page, f"{language}-mine")
    page.click("a[href*='/vouchers/']")
    page.click("details.fold summary")
    page.fill("[name=to]", card)
    looked_at(page, f"{language}-voucher")
    page.click("details.fold button[type=submit]")
    page.wait_for_selector("[name=sure]", state="attached")
    giver.sees("h2", "I.")
    assert "Ilze" not in page.content()
    looked_at(page, f"{language}-sure")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".said")
    assert page.locator(f"a[href*='{voucher['id']}']").count() == 0
    taker.go("/rewards")
    taker.page.click(f"a[href$='/vouchers/{voucher['id']}']")
    taker.sees(".otp", voucher["code"])
    looked_at(taker.page, f"{language}-taken")
    assert (giver.said, taker.said) == ([], [])
    giver.context.close()
    taker.context.close()
