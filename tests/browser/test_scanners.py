"""Scanners of every kind: with a prefix, with Tab, with marks of symbologies, on a computer with another keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import BREAD, COFFEE, HANDS_CHANGE_SECONDS, SCANNER_GAP_SECONDS, Shop, Till

PREFIX = "~"
GIFT = {"sku": "gift", "name": "Gift card", "price": 0, "categories": [], "tax_rate": "0"}
HEAR = (
    "window.heard = [];"
    "document.addEventListener('input', (e) => heard.push(e.target.id + '=' + e.target.value), true)"
)
CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "фисвуапршолдьтщзйкыегмцчня", strict=True))
MARKS = {"-": "Minus", "]": "BracketRight", "~": "Backquote"}
FIELDS = (
    "#cashier",
    "#entry",
    "#customer",
    "#cash",
    "#enrol-name",
    "#enrol-language",
    "#spend",
    "#proof",
    ".line-tools .count",
)


@pytest.fixture
def equipped(shop: Shop) -> Iterator[Callable[..., None]]:
    """Sets how the program's scanners are; afterwards they are as before."""

    def equip(**tills: Any) -> None:
        shop.call("PATCH", "/v1/program", {"settings": {"tills": tills}})

    yield equip
    equip()


def strike(till: Till, letters: str, end: str = "Enter") -> None:
    """A scanner that strikes the keys of a US keyboard, on a computer set to Russian."""
    pace = SCANNER_GAP_SECONDS * (len(letters) + 1)
    at = max(
        time.time() - pace, till._struck + HANDS_CHANGE_SECONDS
    )  # the pace is stated, as in Till._strike
    for place, letter in enumerate([*letters, end]):
        shifted = (letter.isupper() and len(letter) == 1) or letter == "~"
        if letter.isdigit():
            key, code = letter, f"Digit{letter}"
        elif letter.lower() in CYRILLIC:
            key, code = CYRILLIC[letter.lower()], f"Key{letter.upper()}"
            key = key.upper() if shifted else key
        elif letter in MARKS:
            key, code = {"]": "ъ", "~": "Ё"}.get(letter, letter), MARKS[letter]
        else:
            key, code = letter, letter
        event = {
            "key": key,
            "code": code,
            "timestamp": at + SCANNER_GAP_SECONDS * place,
            "modifiers": 8 if shifted else 0,
        }
        if len(key) == 1:
            event["text"] = key
        elif key == "Enter":
            event |= {"text": "\r", "windowsVirtualKeyCode": 13}
        till._keyboard.send("Input.dispatchKeyEvent", event | {"type": "keyDown"})
        till._keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, "code": code})
    till._struck = at + SCANNER_GAP_SECONDS * len(letters)


def reach(till: Till, shop: Shop, field: str) -> None:
    """Bring that field of the till page up, and into it."""
    if field in ("#cash", "#spend", "#proof", ".line-tools .count"):
        till.buy(BREAD)
    if field == "#cash":
        till.press("F9")
    if field.startswith("#enrol"):
        till.press("F4")
        till.type("26999999")
        till.press("Enter")
        till.page.wait_for_selector("#enrol-form:not([hidden])")
    if field in ("#spend", "#proof"):
        phone, card, _ = shop.member("Zane", points=50)
        till.press("F4")
        till.type(phone if field == "#proof" else card)
        till.press("Enter")
        till.sees("#customer-name", "Zane")
        till.press("F8")
    if field == "#proof":
        till.type("10")
        till.press("Enter")
        till.sees("#proof-title", "Who pays with the points?")
    till.page.focus(field)


def value(till: Till, field: str) -> str:
    return till.page.locator(field).first.input_value()


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_a_scan_lands_in_no_field_of_the_till(
    context: BrowserContext, shop: Shop, equipped: Callable[..., None], prefix: str
) -> None:
    equipped(scanner_prefix=prefix)
    till = Till(context.new_page(), shop).open()
    till.page.add_init_script(HEAR)
    for field in FIELDS:
        till.page.evaluate("localStorage.clear()")
        till.page.reload()
        till.page.wait_for_selector("html[data-ready]")
        reach(till, shop, field)
        if field not in ("#enrol-language", ".line-tools .count"):
            till.type("12")
        before = value(till, field)
        till.page.evaluate("heard.length = 0")
        till.scan(prefix + COFFEE)
        till.sees("#lines", "Coffee beans")
        if field != ".line-tools .count":  # those stand at another line now
            assert value(till, field) == ("" if field == "#entry" else before), field
        if prefix:
            assert till.page.evaluate("heard") == [], field


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_where_a_gift_card_is_asked_for_a_scan_is_its_code_alone(
    context: BrowserContext, shop: Shop, equipped: Callable[..., None], prefix: str
) -> None:
    equipped(scanner_prefix=prefix)
    shop.call("POST", "/v1/products", {"products": [GIFT]})
    shop.call("PATCH", "/v1/program", {"settings": {"gift_card_skus": ["gift"]}})
    till = Till(context.new_page(), shop).open()
    till.press("F7")
    till.type("25")
    till.scan(prefix + "GC23456789AB")
    assert value(till, "#gift-sell-amount") == "25"
    assert value(till, "#gift-sell-code") == "GC23456789AB"
    till.press("Escape")
    till.buy(prefix + BREAD)
    till.press("F7")
    till.scan(prefix + "GC23456789AB")
    till.sees("#gift-refused", "This code is no gift card's")
    assert till.page.locator("#lines .line").count() == 1


def test_with_a_prefix_what_is_typed_fast_is_typed_and_no_scan(
    context: BrowserContext, shop: Shop, equipped: Callable[..., None]
) -> None:
    equipped(scanner_prefix=PREFIX)
    till = Till(context.new_page(), shop).open()
    till.press("F4")
    till.page.focus("#cashier")
    till.page.fill("#cashier", "")
    till.scan("kasiere-9")
    till.sees("#said", "Cashier: kasiere-9")
    assert value(till, "#cashier") == "kasiere-9"


def test_a_prefix_that_fingers_typed_is_a_letter_like_any_other(
    context: BrowserContext, shop: Shop, equipped: Callable[..., None]
) -> None:
    equipped(scanner_prefix="+")
    till = Till(context.new_page(), shop).open()
    till.scan("+" + BREAD)
    till.due("€1.89")
    till.press("F4")
    till.type("+37126000000")
    till.press("Enter")
    till.sees("#enrol-title", "+37126000000 is not a member yet")
    till.press("Escape", "F2")
    till.press("+")  # in the empty entry it goes on to the payment
    till.sees("#view-pay", "Payment")


def test_where_tab_ends_a_code_enter_does_not(
    context: BrowserContext, shop: Shop, equipped: Callable[..., None]
) -> None:
    equipped(scanner_prefix=PREFIX, scanner_suffix="tab")
    till = Till(context.new_page(), shop).open()
    strike(till, "~" + BREAD, end="Tab")
    till.due("€1.89")
    assert till.page.evaluate("document.activeElement.id") == "entry"
    strike(till, "~" + BREAD + "\n", end="Tab")
    till.sees("#said", "No product has the code")
    till.due("€1.89")


def test_the_number_under_the_bars_is_found_in_what_a_scanner_sends(till: Till) -> None:
    till.scan("https://id.example/01/0" + BREAD + "/10/7?x=1")
    till.due("€1.89")
    number = "4750000000017"
    sent = {
        "]E0" + number: number,
        "]E4" + "47500112": "47500112",
        "]C1" + "010" + number: number,
        "]Q3" + "010" + number + "10AB12": number,
        "]C0" + "010" + number: "010" + number,  # a plain Code 128 that happens to begin so
        "(01)0" + number + "(17)270101": number,
        "https://id.example/shoes/01/0" + number: number,
        "http://id.example/01/" + number + "?17=270101": number,
        "]d2" + "01" + "00000047500112": "47500112",
        "]d2" + "01" + "14750000000014": "14750000000014",
        "]Q1" + "teika-7-261122abc": "teika-7-261122abc",
        "]E0": "]E0",
        "https://shop.example/01/": "https://shop.example/01/",
    }
    read = "(sent) => import('/static/x/till/codes.js').then(({ meant }) => sent.map(meant))"
    assert dict(zip(sent, till.page.evaluate(read, list(sent)), strict=True)) == sent
    spelt = "(codes) => import('/static/x/till/codes.js').then(({ spellings }) => codes.map(spellings))"
    assert till.page.evaluate(spelt, ["012345678905", "0012345678905", "12345678"]) == [
        ["012345678905", "0012345678905"],
        ["0012345678905", "012345678905"],
        ["12345678"],
    ]


def test_keys_are_read_by_where_they_lie_where_what_they_typed_is_no_code(till: Till) -> None:
    french = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))

    def keys(typed: str, codes: list[str], shifted: bool = False) -> list[dict[str, Any]]:
        return [
            {"key": key, "code": code, "shiftKey": shifted} for key, code in zip(typed, codes, strict=True)
        ]

    digits = [f"Digit{digit}" for digit in "1345"]
    scans = {
        "1345": keys("".join(french[digit] for digit in "1345"), digits),  # US keys on a French computer
        "1346": keys("1346", [f"Digit{digit}" for digit in "1346"], shifted=True),  # a scanner set to French
        "é2": keys("é2", ["", ""]),  # nobody knows where the keys lie
        "z-1": keys("z-1", ["KeyY", "Slash", "Digit1"]),  # a scanner set to German on a German computer
        "ab1": keys("фи1", ["KeyA", "KeyB", "Digit1"]),
    }
    read = "(scans) => import('/static/x/till/keys.js').then(({ textOf }) => scans.map(textOf))"
    assert till.page.evaluate(read, list(scans.values())) == list(scans)


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_a_scanner_strikes_the_right_keys_on_a_computer_set_to_russian(
    context: BrowserContext, shop: Shop, equipped: Callable[..., None], prefix: str
) -> None:
    equipped(scanner_prefix=prefix)
    till = Till(context.new_page(), shop).open()
    strike(till, prefix + BREAD)
    till.due("€1.89")
    till.press("F9", "Enter")
    till.sees("#view-done", "Recorded")
    number = till.page.locator("#view-done .paper footer span").first.text_content()
    assert number is not None
    assert number.startswith("teika-7-")
    till.press("Enter", "PageDown")
    till.page.wait_for_selector("#receipt-number")
    strike(till, prefix + number)
    till.sees("#view-receipts", "What comes back?")


def test_a_receipt_scanned_after_a_purchase_prints_nothing(till: Till) -> None:
    till.page.evaluate("() => { window.print = () => { window.printed = (window.printed ?? 0) + 1; }; }")
    till.buy(BREAD)
    till.press("F9", "Enter")
    till.sees("#view-done", "Recorded")
    till.scan("teika-7-pppp")
    till.sees("#said", "No receipt has this number.")
    assert till.page.evaluate("window.printed") is None
    till.press("Escape")
    till.buy(COFFEE)
    till.press("F9", "Enter")
    till.sees("#view-done", "Recorded")
    till.page.keyboard.press("p")
    till.page.wait_for_function("() => window.printed === 1")
