"""A card handed over without a form: it collects from its first purchase, and becomes somebody's at the till."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import BALSAM, BREAD, COFFEE, Shop, Till, axe
from tests.browser.offline import Computer, receipts_of

COLLECTS = "It may collect points but not pay with them."


def cards_of_nobody(shop: Shop, count: int = 1) -> list[str]:
    """The numbers of so many new cards."""
    batch = shop.call("POST", "/v1/cards/batch", {"count": count})
    return [card["number"] for card in shop.call("GET", f"/v1/card-batches/{batch['id']}/cards")["items"]]


def pay(till: Till) -> None:
    """Take the exact sum, and go on."""
    till.page.wait_for_selector("#next:not(:disabled)")
    till.press("F9", "Enter")
    till.sees("#view-done", "Recorded")
    till.press("Enter")
    till.page.wait_for_selector("#view-sell:not([hidden])")


def earned(shop: Shop, till: str) -> list[int]:
    """What the receipts of a till earned, the newest last."""
    bought = [shop.call("GET", f"/v1/purchases/{one['id']}") for one in receipts_of(shop, till)]
    return [sum(part["amount"] for part in one["answer"]["earned"]) for one in bought]


@pytest.mark.scenario("S29")
def test_a_card_of_nobody_earns_at_the_till_and_is_given_to_whoever_enrols(till: Till, shop: Shop) -> None:
    (card,) = cards_of_nobody(shop)
    till.open("u1")
    till.scan(card)
    till.sees("#customer-name", f"Card …{card[-4:]}")
    till.sees("#customer-how", COLLECTS)
    till.sees("#said", "This card belongs to nobody yet.")
    till.buy(COFFEE, BALSAM)
    till.page.wait_for_selector("#next:not(:disabled)")
    assert till.page.is_disabled("#spend-open")
    assert till.page.locator("#customer-balance").inner_text() == ""
    axe(till.page)
    pay(till)
    (first,) = earned(shop, "u1")
    assert first > 0

    till.scan(card)
    till.sees("#customer-name", f"Card …{card[-4:]}")
    till.buy(BREAD)
    till.press("F4")
    till.type("27400001")
    till.press("Enter")
    till.sees("#enrol-title", "27400001 is not a member yet")
    till.sees("#enrol-card", f"…{card[-4:]}")
    axe(till.page)
    till.type("Ilze")
    till.press("Enter")
    till.sees("#customer-name", "Ilze")
    till.sees("#customer-balance", str(first))
    pay(till)
    found = shop.call("POST", "/v1/members/find", {"card": card})
    assert found["member"]["phone"] == "+37127400001"
    assert [one["number"] for one in found["member"]["cards"]] == [card]
    assert shop.balance(found["id"]) == sum(earned(shop, "u1"))


@pytest.mark.scenario("S29")
def test_a_card_that_is_scanned_while_somebody_enrols_is_offered_and_may_be_left(
    till: Till, shop: Shop
) -> None:
    one, other = cards_of_nobody(shop, 2)
    till.press("F4")
    till.type("27400002")
    till.press("Enter")
    till.sees("#enrol-title", "27400002 is not a member yet")
    assert till.page.is_hidden("#enrol-card")
    till.scan(one)
    till.sees("#enrol-card", f"…{one[-4:]}")
    till.sees("#enrol-title", "27400002 is not a member yet")
    till.page.uncheck("#enrol-with-card")
    till.scan(other)
    till.sees("#enrol-card", f"…{other[-4:]}")
    assert till.page.is_checked("#enrol-with-card")
    till.page.uncheck("#enrol-with-card")
    till.page.press("#enrol-name", "Enter")
    till.sees("#said", "Welcome: a new member.")
    (cards,) = [shop.call("POST", "/v1/members/find", {"phone": "+37127400002"})["member"]["cards"]]
    assert [card["number"] for card in cards if card["number"] in (one, other)] == []


def test_a_card_that_went_to_somebody_meanwhile_is_hers(till: Till, shop: Shop) -> None:
    (card,) = cards_of_nobody(shop)
    till.scan(card)
    till.press("F4")
    till.type("27400003")
    till.press("Enter")
    till.sees("#enrol-card", f"…{card[-4:]}")
    shop.call("POST", "/v1/members", {"card": card, "name": "Dace"})
    till.page.press("#enrol-name", "Enter")
    till.sees("#customer-name", "Dace")


def test_where_a_card_of_nobody_collects_nothing_it_is_not_taken(till: Till, shop: Shop) -> None:
    (card,) = cards_of_nobody(shop)
    shop.call("PATCH", "/v1/program", {"settings": {"unassigned_cards": "refuse"}})
    try:
        till.page.reload()
        till.page.wait_for_selector("html[data-ready]")
        till.scan(card)
        till.sees("#said", "This card belongs to nobody yet.")
        assert till.page.is_hidden("#customer-card")
    finally:
        shop.call("PATCH", "/v1/program", {"settings": {"unassigned_cards": "earn"}})


@pytest.mark.scenario("S29")
def test_without_the_line_the_card_of_nobody_goes_with_the_receipt(
    browser: Browser, shop: Shop, tmp_path: Path
) -> None:
    (card,) = cards_of_nobody(shop)
    computer = Computer(browser, shop, tmp_path)
    try:
        computer.begin()
        computer.cut()
        computer.sell(COFFEE, card=card)
        computer.till.scan(card)
        computer.till.sees("#customer-how", "Points when the line is back")
        computer.mend()
        computer.till.sees("#customer-how", COLLECTS)
        (of_it,) = earned(shop, computer.name)
        assert of_it > 0
        owner = shop.call("POST", "/v1/members", {"card": card})
        assert shop.balance(owner["id"]) == of_it
    finally:
        computer.switch_off()
