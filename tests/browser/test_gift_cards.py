"""A customer pays with a gift card at the till: typed, scanned, refused, and given back with a return."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route

from tests.browser.conftest import COFFEE, Shop, Till, axe
from tests.browser.offline import Computer, receipts_of


def sold(shop: Shop, amount: int) -> dict[str, Any]:
    """A gift card with so much on it."""
    return shop.call("POST", "/v1/gift-cards", {"amount": amount})


def left_on(shop: Shop, card: dict[str, Any]) -> int:
    """What is on the card now."""
    return shop.call("GET", f"/v1/gift-cards/{card['id']}")["available"]


def test_a_card_pays_a_part_and_the_paper_says_what_is_left(till: Till, shop: Shop) -> None:
    card = sold(shop, 500)
    till.buy(COFFEE)
    till.press("F7")
    till.type(card["code"].lower())
    till.press("Enter")
    till.sees("#gift-amount", "€5.00, €0.00 left on it")
    till.sees("#next-amount", "€0.94")
    axe(till.page)
    till.press("F9", "F9")
    till.sees("#view-done", "Paid with a gift card")
    till.sees("#view-done", f"Gift card {card['shown']}")
    assert left_on(shop, card) == 0


def test_a_code_that_is_none_is_said_and_the_price_stands_without_it(till: Till, shop: Shop) -> None:
    till.buy(COFFEE)
    till.press("F7")
    till.type("ABCD-2345")
    till.press("Enter")
    till.sees("#gift-refused", "This code is no gift card's, or the card is blocked.")
    till.sees("#next-amount", "€5.94")
    card = sold(shop, 2000)
    till.press("F7")
    till.scan(card["code"])
    till.sees("#gift-amount", "€5.94, €14.06 left on it")
    till.page.click("#gift-clear")
    till.sees("#next-amount", "€5.94")
    assert left_on(shop, card) == 2000


def test_a_card_that_was_emptied_elsewhere_while_the_line_was_down_has_still_paid_what_it_paid(
    browser: Browser, shop: Shop, tmp_path: Path
) -> None:
    def cut_in_the_middle(route: Route) -> None:
        computer.context.set_offline(True)
        route.abort()

    card = sold(shop, 500)
    computer = Computer(browser, shop, tmp_path)
    computer.begin()
    page = computer.page
    page.route("**/v1/purchases", cut_in_the_middle)
    computer.scan_goods(COFFEE)
    computer.till.press("F7")
    computer.till.scan(card["code"])
    computer.till.sees("#gift-amount", "€5.00, €0.00 left on it")
    computer.till.sees("#next-amount", "€0.94")
    computer.pay()
    computer.till.sees("#view-done", "Kept, will be sent")
    page.click("#next")
    shop.call("POST", "/v1/purchases", {
        "id": "emptied-elsewhere", "store": "teika", "till": "3", "currency": "EUR",
        "purchased_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "lines": [{"line": 1, "sku": "lamp", "quantity": "1", "unit_price": 500}],
        "spend": [{"gift_card": card["code"], "amount": 500}],
    })  # fmt: skip

    computer.mend()
    (receipt,) = receipts_of(shop, computer.name)
    kept = shop.call("GET", f"/v1/purchases/{receipt['id']}")["answer"]
    assert (receipt["status"], kept["paid_with_gift_cards"], kept["payable"]) == ("recorded", 500, 94)
    assert computer.till.page.is_hidden("#line-strip")
    computer.switch_off()
