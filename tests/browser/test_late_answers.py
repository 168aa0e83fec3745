"""Answers that come late at the till: they belong to what was asked, and fall on no other receipt."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import BREAD, COFFEE, MILK, Shop, Till
from tests.browser.late import Late
from tests.browser.offline import Computer

BY_BARCODE, BY_NUMBER = re.compile(r"/v1/products\?barcode="), re.compile(r"/v1/products\?sku=")
"""Not by name: on a busy machine the first digits of a scan may be taken for what is typed there."""
DRAFT = """() => {
    const key = Object.keys(localStorage).find((one) => one.endsWith('.teika.7'));
    return JSON.parse(localStorage.getItem(key));
}"""
FORGET_HELD = """() => {
    const held = (key) => key.startsWith('regulars.till.held.');
    for (const key of Object.keys(localStorage).filter(held)) localStorage.removeItem(key);
}"""
DISK_FULL = """() => {
    window.before = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => { throw new DOMException('', 'QuotaExceededError'); };
}"""
DISK_FREE = "() => { IDBObjectStore.prototype.add = window.before; }"


def draft(till: Till) -> dict[str, Any]:
    """The receipt that is being made."""
    return till.page.evaluate(DRAFT)


def test_a_card_that_is_answered_after_the_payment_falls_on_no_other_receipt(till: Till, shop: Shop) -> None:
    _, card, member = shop.member("Late Card")
    till.buy(BREAD)
    look_up = Late(till.page, "**/v1/members/find")
    till.scan(card)
    look_up.asked()
    till.press("F9", "Enter")
    till.sees("#view-done", "Recorded")
    till.press("Enter")
    till.buy(MILK)

    look_up.answer()
    till.sees("#said", "This code is from another moment.")
    till.sees("#said", "Nobody was chosen.")
    assert till.page.locator("#customer-card").is_hidden()
    assert draft(till)["customer"] is None
    till.press("F9", "Enter")
    till.sees("#view-done", "€1.19")
    assert shop.balance(member) == 0


def test_of_two_cards_the_one_that_was_scanned_last_counts_whichever_is_answered_first(
    till: Till, shop: Shop
) -> None:
    _, first, _ = shop.member("Anna Kalniņa")
    _, last, _ = shop.member("Berta Ozola")
    look_up = Late(till.page, "**/v1/members/find")
    till.scan(first)
    look_up.asked()
    till.scan(last)
    till.sees("#customer-name", "Berta")

    look_up.answer()
    till.page.wait_for_selector("#customer-form:not([aria-busy])", state="attached")
    till.sees("#customer-name", "Berta")
    assert draft(till)["customer"]["value"] == last


def test_goods_that_are_still_looked_up_are_waited_for_and_paid(till: Till) -> None:
    till.buy(BREAD)
    till.due("€1.89")
    look_up = Late(till.page, BY_BARCODE)
    till.scan(MILK)
    look_up.asked()
    expect(till.page.locator("#next")).to_be_disabled()
    expect(till.page.locator("#hold")).to_be_disabled()
    till.press("F9", "Enter", "Insert")
    assert till.page.is_visible("#view-sell")

    look_up.answer()
    till.due("€3.08")
    till.press("F9", "Enter")
    till.sees("#view-done", "€3.08")
    till.press("Enter")
    assert draft(till)["lines"] == []


def test_goods_that_are_found_when_their_receipt_was_cancelled_fall_on_no_other(till: Till) -> None:
    till.buy(BREAD)
    till.type("3*")
    look_up = Late(till.page, BY_BARCODE)
    till.scan(MILK)
    look_up.asked()
    for _ in range(2):
        till.page.click("#cancel")
    expect(till.page.locator("#lines li")).to_have_count(0)

    look_up.answer()
    till.sees("#said", "This code is from another moment.")
    till.sees("#said", "Nothing was added.")
    assert draft(till)["lines"] == []
    till.buy(COFFEE)
    till.due("€5.94")  # one piece: the three were of the receipt that is gone


def test_who_is_enrolled_when_the_receipt_was_paid_stands_on_no_other(till: Till, shop: Shop) -> None:
    till.buy(BREAD)
    till.press("F4")
    till.type("27 400 001")
    till.press("Enter")
    till.sees("#enrol-title", "27 400 001 is not a member yet")
    till.type("Late Joiner")
    enrolment = Late(till.page, "**/v1/members")
    till.press("Enter")
    enrolment.asked()
    till.press("F9")
    till.page.wait_for_selector("#view-pay:not([hidden])")
    till.press("Enter")
    till.sees("#view-done", "Recorded")
    till.press("Enter")

    enrolment.answer()
    till.sees("#said", "Welcome: a new member.")
    assert draft(till)["customer"] is None
    found = shop.call("POST", "/v1/members/find", {"phone": "+37127400001"})
    assert shop.balance(found["id"]) == 0


def test_whoever_changes_one_held_receipt_and_opens_another_meanwhile_loses_neither(
    till: Till, shop: Shop
) -> None:
    for code in (BREAD, MILK):
        till.buy(code)
        till.press("Insert")
        till.sees("#said", "The receipt was put aside.")
    till.page.evaluate(FORGET_HELD)  # as if they had been put aside in another browser
    till.press("PageUp")
    rows = till.page.locator("#view-held .row")
    goods = Late(till.page, BY_NUMBER)
    rows.filter(has_text="€1.89").click()
    till.page.get_by_role("button", name="Change it").click()
    goods.asked()
    till.press("Escape")
    rows.filter(has_text="€1.19").click()
    till.sees("#next", "Paid €1.19")

    goods.answer()
    till.press("F9")
    till.sees("#view-done", "€1.19")
    kept = shop.call("GET", "/v1/purchases", store="teika", till="7", limit=200)["items"]
    newest = {one["payable"]: one["status"] for one in reversed(kept)}
    assert (newest[189], newest[119]) == ("held", "recorded")
    assert draft(till)["lines"] == []
    till.press("Enter", "PageUp")
    rows.filter(has_text="€1.89").click()
    for _ in range(2):
        till.page.locator("#view-held .danger").click()
    till.sees("#said", "The receipt was let go.")


def test_nothing_is_begun_while_a_held_receipt_is_let_go_for_its_goods(till: Till) -> None:
    till.buy(COFFEE)
    till.press("Insert")
    till.sees("#said", "The receipt was put aside.")
    till.press("PageUp")
    till.page.locator("#view-held .row").first.click()
    release = Late(till.page, "**/v1/purchases/*/void")
    till.page.get_by_role("button", name="Change it").click()
    release.asked()
    expect(till.page.locator("#next")).to_be_disabled()
    till.scan(MILK)
    till.press("F2", "Escape")
    assert till.page.is_visible("#view-held .acts")

    release.answer()
    till.sees("#lines", "Coffee beans")
    till.due("€5.94")


def test_a_purchase_that_is_given_up_is_not_sent_beside_its_void(till: Till) -> None:
    sent: list[Any] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.abort()

    till.page.route("**/v1/purchases", lose)
    till.buy(BREAD)
    till.press("F9", "Enter")
    till.sees("#said", "No answer from the server.")
    void = Late(till.page, "**/v1/purchases/void")
    till.page.click("#give-up")
    void.asked()
    till.press("F9", "Enter")
    expect(till.page.locator("#next")).to_be_disabled()

    void.answer()
    till.sees("#said", "The purchase was given up.")
    assert len(sent) == 1
    till.due("€1.89")
    assert draft(till)["sending"] is None


def test_a_purchase_that_cannot_be_given_up_for_want_of_room_says_so_and_stays(
    browser: Browser, shop: Shop, tmp_path: Path
) -> None:
    computer = Computer(browser, shop, tmp_path)
    computer.begin()
    till, page = computer.till, computer.page
    page.route("**/v1/purchases", lambda route: route.abort())
    till.buy(BREAD)
    till.press("F9")
    page.click("#next")
    till.sees("#said", "No answer from the server.")
    computer.cut()
    page.evaluate(DISK_FULL)
    page.click("#give-up")
    till.sees("#said", "This computer cannot keep another receipt.")
    page.wait_for_selector("#unsure:not([hidden])")
    page.evaluate(DISK_FREE)
    page.click("#give-up")
    till.sees("#said", "The purchase was given up.")
    assert [one["kind"] for one in computer.kept()["queue"]] == ["void"]
    computer.switch_off()
