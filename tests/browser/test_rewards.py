"""A reward in the member's hand: claimed on her phone in two languages, and given at the till in one tap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Shop, Till, axe
from tests.browser.pixels import codes_on
from tests.browser.portal import Phone

MUG: dict[str, Any] = {
    "kind": "good",
    "names": {"lv": "Kafijas krūze", "en": "Coffee mug"},
    "prices": [{"currency": "PTS", "points": 250}],
    "stock": "total",
}
FIVE: dict[str, Any] = {
    "name": "five",
    "pattern": "FIVE-####-####",
    "definition": {"gives": {"kind": "value", "amount": 500}, "valid_days": 60, "personal": True},
}
OFF: dict[str, Any] = {
    "kind": "voucher",
    "names": {"lv": "5 eiro atlaide", "en": "5 euros off"},
    "prices": [{"currency": "PTS", "points": 500}],
    "batch": "five",
}


@pytest.fixture(scope="module")
def rewarding(shop: Shop) -> Shop:
    """The shop with a mug and a voucher."""
    shop.call("POST", "/v1/voucher-batches", FIVE)
    reward = shop.call("POST", "/v1/rewards", MUG)["id"]
    shop.call("POST", f"/v1/rewards/{reward}/stock", {"add": 50})
    shop.call("POST", "/v1/rewards", OFF)
    return shop


@pytest.fixture(params=["en", "lv"])
def phone(browser: Browser, rewarding: Shop, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone that speaks English or Latvian."""
    made = Phone(browser, rewarding, locale={"en": "en-GB", "lv": "lv-LV"}[request.param])
    made.language = request.param
    yield made
    made.context.close()
    assert made.said == []


def test_a_voucher_is_claimed_shown_as_a_code_that_a_scanner_reads_and_given_back(phone: Phone) -> None:
    number, _, member = phone.shop.member("Anna Kalniņa", points=600)
    names = {"en": "5 euros off", "lv": "5 eiro atlaide"}[phone.language]
    phone.log_in(number)
    phone.go("/rewards")
    phone.page.click(f"text={names}")
    phone.page.wait_for_selector("form.form")
    phone.page.click("form.form button[type=submit]")
    phone.page.wait_for_selector(".voucher .qr svg")
    text = phone.page.inner_text(".voucher .otp")
    assert codes_on(phone.page.locator(".voucher .qr").first.screenshot()) == [text]
    assert phone.shop.balance(member) == 100
    axe(phone.page)
    phone.page.click("details.fold summary")
    phone.page.click("details.fold button[type=submit]")
    phone.page.wait_for_url(re.compile(r"/rewards(\?|$)"))
    assert phone.shop.balance(member) == 600


def test_a_mug_is_given_at_the_till_in_one_tap_and_taken_from_the_points(till: Till, rewarding: Shop) -> None:
    _, card, member = rewarding.member("Anna Kalniņa", points=300)
    till.scan(card)
    till.sees("#customer-name", "Anna")
    till.page.click("#rewards-open")
    tap = till.page.locator("#rewards button").first
    tap.wait_for()
    tap.click()
    tap.click()
    till.sees("#rewards", "Coffee mug")
    till.page.wait_for_function(
        "() => document.querySelector('#customer-balance').innerText.startsWith('50')"
    )
    assert rewarding.balance(member) == 50
    claimed = rewarding.call("GET", f"/v1/members/{member}/redemptions")["items"]
    assert [(one["state"], one["points"], one["store"]) for one in claimed] == [("handed_over", 250, "teika")]
