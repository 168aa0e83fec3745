"""Setting, changing and removing a PIN on her phone: by thumb and keys, never lost by a reload, told by a message."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Shop, axe
from tests.browser.portal import Phone

FIELDS = """() => [...document.querySelectorAll('main input:not([type=hidden])')]
    .map((one) => [one.name, one.type, one.inputMode, one.autocomplete])"""


def texts(shop: Shop, number: str) -> list[str]:
    """What was sent to her since she logged in, the oldest first."""
    letters = [json.loads(file.read_text()) for file in sorted(shop.messages.glob("*.json"))]
    return [letter["text"] for letter in letters if letter["to"] == number]


@pytest.fixture
def number(shop: Shop) -> str:
    """The phone number of a new member."""
    return "+371" + shop.member("Anna Kalniņa")[0]


@pytest.fixture
def phone(browser: Browser, shop: Shop, number: str) -> Phone:
    """Her phone, whose page of the PIN was opened by a tap on her own page."""
    made = Phone(browser, shop)
    made.log_in(number)
    made.go("/me")
    made.page.click("a[href$='/me/pin']")
    made.sees("main h2", "You have no PIN")
    axe(made.page)
    return made


def asked(page: Page, words: str) -> None:
    """Tap what asks for a code, and wait for the form that takes it."""
    page.get_by_role("button", name=words).click()
    page.wait_for_selector("[name=code]")


def test_a_pin_is_set_changed_and_removed_on_the_phone(phone: Phone, shop: Shop, number: str) -> None:
    page = phone.page
    asked(page, "Set a PIN")
    assert page.evaluate(FIELDS) == [
        ["code", "text", "numeric", "one-time-code"],
        ["pin", "password", "numeric", "new-password"],
        ["again", "password", "numeric", "new-password"],
    ]
    axe(page)
    page.fill("[name=code]", shop.code(number))
    page.fill("[name=pin]", "1234")
    page.fill("[name=again]", "1234")
    page.keyboard.press("Enter")
    phone.sees("[role=alert]", "This PIN is easy to guess")
    axe(page)
    page.fill("[name=pin]", "2580")
    page.fill("[name=again]", "2580")
    page.get_by_role("button", name="Save").click()
    phone.sees("main h2", "You have a PIN")
    phone.sees("[role=status]", "Saved.")
    axe(page)

    asked(page, "Change the PIN")
    page.get_by_role("link", name="Rather not").click()
    phone.sees("main h2", "You have a PIN")
    asked(page, "Remove the PIN")
    assert page.evaluate(FIELDS) == [["code", "text", "numeric", "one-time-code"]]
    page.fill("[name=code]", shop.code(number, 4))
    page.get_by_role("button", name="Remove the PIN").click()
    phone.sees("main h2", "You have no PIN")
    assert page.url == f"{phone.home}/me/pin"
    phone.context.close()
    assert phone.said == []


def test_a_reload_keeps_the_form_and_sends_no_second_code(phone: Phone, shop: Shop, number: str) -> None:
    page = phone.page
    asked(page, "Set a PIN")
    where = page.url
    page.fill("[name=code]", "000000" if shop.code(number) != "000000" else "111111")
    page.fill("[name=pin]", "2580")
    page.fill("[name=again]", "2580")
    page.get_by_role("button", name="Save").click()
    phone.sees("[role=alert]", "This code is not right, or too old.")
    assert page.url == where
    page.reload()
    page.wait_for_selector("html[data-ready] [name=code]")
    page.fill("[name=code]", shop.code(number))
    page.fill("[name=pin]", "2580")
    page.fill("[name=again]", "2580")
    page.get_by_role("button", name="Save").click()
    phone.sees("main h2", "You have a PIN")
    page.go_back()
    phone.sees("[role=alert]", "This code is not right, or too old.")
    phone.sees("main h2", "You have a PIN")
    told = "Dzintars: your PIN was set. If it was not you, tell us at once."
    assert [text[6:9] if text != told else text for text in texts(shop, number)] == [" is", told]
    phone.context.close()
    assert phone.said == []
