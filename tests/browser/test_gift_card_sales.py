"""A cashier sells gift cards: a new one with its code on the paper, one that is there filled, and a slip undone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import COFFEE, Shop, Till, axe


@pytest.fixture(scope="module")
def selling(shop: Shop) -> Shop:
    """A program whose article `gift` is a gift card."""
    shop.call("PATCH", "/v1/program", {"settings": {"gift_card_skus": ["gift"]}})
    return shop


def cards(shop: Shop) -> list[dict[str, Any]]:
    """The latest first."""
    return shop.call("GET", "/v1/gift-cards")["items"]


def test_a_new_card_is_sold_its_code_is_printed_and_it_pays(selling: Shop, till: Till) -> None:
    till.press("F7")
    axe(till.page)
    till.type("25")
    till.press("Enter")
    till.due("€25.00")
    till.buy(COFFEE)
    till.due("€30.94")  # the card has no discount, coffee has
    assert till.page.locator("#hold").is_disabled()
    till.press("F9", "F9")
    till.sees("#view-done .gift-sold", "€25.00")
    (card,) = cards(selling)
    assert card["balance"] == 2500
    code = till.page.locator("#view-done .gift-sold dd").first.inner_text()
    till.sees("#view-done .paper", code)
    till.sees("#view-done .paper", "On it €25.00")
    axe(till.page)
    till.page.reload()
    till.sees("#view-done .gift-sold", code)  # a reload loses no card, and makes no second one
    assert len(cards(selling)) == 1
    till.press("Enter")
    till.buy(COFFEE)
    till.press("F7")
    till.scan(code)
    till.sees("#gift-amount", "€5.94, €19.06 left on it")


def test_a_card_that_is_there_is_filled(selling: Shop, till: Till) -> None:
    card = selling.call("POST", "/v1/gift-cards", {"amount": 500})
    till.press("F7")
    till.type("10")
    till.scan(card["code"])
    till.page.wait_for_function(
        "code => document.querySelector('#gift-sell-code').value === code", arg=card["code"]
    )
    till.press("Enter")
    till.due("€10.00")
    till.press("F9", "F9")
    till.sees("#view-done .gift-sold", "€15.00")
    assert selling.call("GET", f"/v1/gift-cards/{card['id']}")["available"] == 1500


def test_a_slip_is_undone_and_takes_the_money_off_the_card(selling: Shop, till: Till) -> None:
    before = len(cards(selling))
    till.press("F7")
    till.type("40")
    till.press("Enter")
    till.due("€40.00")
    till.press("F9", "F9")
    till.sees("#view-done .gift-sold", "€40.00")
    undo = till.page.get_by_role("button", name="Undo the purchase")
    undo.click()
    till.page.get_by_role("button", name="Press again to undo").click()
    till.sees("#said", "€40.00")
    sold = cards(selling)
    assert (len(sold), sold[0]["balance"]) == (before + 1, 0)
