"""A cashier sells gift cards: a new one with its code on the paper, one that is there filled, and a slip undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.conftest import BREAD, COFFEE, Shop, Till, axe
from tests.browser.late import Late
from tests.browser.offline import Computer, receipts_of, switched_on

TERMS = """async () => {
    const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
    const { heard } = modules["till/offline/line.js"], now = Date.now;
    const terms = () => {
        document.querySelector("#gift-sell-open").click();
        return document.querySelector("#gift-sell-terms").textContent;
    };
    const said = [terms()];
    Date.now = () => now() + 86_400_000;
    said.push(terms());
    heard(new Response("", { headers: { Date: new Date(now()).toUTCString() } }), Date.now());
    said.push(terms());
    Date.now = now;
    return said;
}"""
"""What the form says: now, a day later, and when that day turns out to be the clock's fault."""


@pytest.fixture(scope="module")
def selling(shop: Shop) -> Shop:
    """A program whose article `gift` is a gift card."""
    shop.call("PATCH", "/v1/program", {"settings": {"gift_card_skus": ["gift"]}})
    return shop


@pytest.fixture
def computer(browser: Browser, selling: Shop, tmp_path: Path) -> Iterator[Computer]:
    """A till's computer that is ready for the line to go down."""
    with switched_on(browser, selling, tmp_path) as made:
        made.begin()
        yield made


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


@pytest.fixture
def ending(selling: Shop) -> Iterator[None]:
    """Money on a card may be spent for ten days."""
    before = selling.call("GET", "/v1/program")["settings"]["gift_cards"]
    selling.call("PATCH", "/v1/program", {"settings": {"gift_cards": {**before, "valid_days": 10}}})
    yield
    selling.call("PATCH", "/v1/program", {"settings": {"gift_cards": before}})


@pytest.mark.usefixtures("ending")
def test_the_end_of_a_cards_money_is_told_as_of_the_moment_of_its_sale(till: Till) -> None:
    """A page stays open for days, and a computer's clock may be wrong."""
    opened, day_later, clock_wrong = till.page.evaluate(TERMS)
    today = till.page.evaluate("() => Date.now()")
    told = till.page.evaluate(
        """async ([today, days]) => {
            const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
            const { dated } = modules["till/format.js"];
            return days.map((ahead) => dated(today + ahead * 86_400_000, { time: false }));
        }""",
        [today, [10, 11]],
    )
    assert told[0] != told[1]
    assert [told[0] in opened, told[1] in day_later, told[0] in clock_wrong] == [True, True, True]


@pytest.mark.usefixtures("ending")
def test_in_a_sandbox_the_end_of_a_cards_money_is_told_by_the_sandboxs_clock(till: Till) -> None:
    till.page.route("**/v1/sandbox/clock", lambda route: route.fulfill(json={"now": "2031-05-01T10:00:00Z"}))
    till.page.evaluate(
        """async () => {
            const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
            modules["till/texts.js"].config.sandbox = true;
        }"""
    )
    till.press("F7")
    till.sees("#gift-sell-terms", "11/05/2031")


@pytest.mark.usefixtures("ending")
def test_a_date_that_ends_with_a_full_stop_ends_its_sentence(till: Till) -> None:
    till.page.goto(f"{till.shop.address}/till?lang=lv")
    till.page.wait_for_selector("html[data-ready]")
    said = till.page.evaluate(TERMS)[0]
    assert (said.startswith("Naudu var iztērēt līdz "), said.count("."), ".." in said) == (True, 3, False)


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


def test_a_line_that_goes_while_a_card_is_sold_does_not_hold_up_the_next_customer(
    selling: Shop, computer: Computer
) -> None:
    def record_and_cut(route: Route) -> None:
        route.fetch()
        computer.context.set_offline(True)
        route.abort()

    before = len(cards(selling))
    till, page = computer.till, computer.page
    page.route("**/v1/purchases", record_and_cut)
    till.press("F7")
    till.type("25")
    till.press("Enter")
    till.due("€25.00")
    till.press("F9")
    page.click("#next")
    till.sees("#said", "No answer from the server.")
    page.click("#give-up")
    till.sees("#said", "The purchase was given up.")
    for _ in range(2):
        page.click("#cancel")
    request = computer.sell(BREAD)

    computer.mend()
    assert [(one["request"] == request, one["status"]) for one in receipts_of(selling, computer.name)] == [
        (False, "voided"), (True, "recorded"),
    ]  # fmt: skip
    assert len(cards(selling)) == before


def test_a_card_whose_sale_is_recorded_is_owed_until_it_is_made_and_its_code_is_seen(
    selling: Shop, computer: Computer
) -> None:
    asked: list[str] = []

    def make_once_and_cut(route: Route) -> None:
        asked.append(route.request.headers["idempotency-key"])
        if len(asked) > 1:
            route.continue_()
            return
        route.fetch()
        computer.context.set_offline(True)
        route.abort()

    before = len(cards(selling))
    till, page = computer.till, computer.page
    page.route("**/v1/gift-cards", make_once_and_cut)
    till.press("F7")
    till.type("25")
    till.press("Enter")
    till.due("€25.00")
    till.press("F9")
    page.click("#next")
    till.sees("#view-done", "The gift card of €25.00 is not made yet.")
    page.click("#next")
    till.sees("#owed", "The gift card of €25.00 is not made yet.")
    axe(page)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    till.sees("#owed", "The gift card of €25.00 is not made yet.")
    computer.sell(BREAD)

    computer.mend()
    till.sees("#owed", "Gift card €25.00")
    axe(page)
    assert len(set(asked)) == 1
    assert len(cards(selling)) == before + 1
    till.press("F2")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.click("#owed button")
    till.sees("#view-done .gift-sold", "€25.00")
    code = page.locator("#view-done .gift-sold dd").first.inner_text()
    till.sees("#view-done .paper", code)
    till.press("Escape")
    page.wait_for_selector("#view-sell:not([hidden])")
    assert page.is_hidden("#owed")
    found = selling.call("POST", "/v1/gift-cards/find", {"code": code})
    assert (found["available"], len(cards(selling))) == (2500, before + 1)


def test_a_card_that_the_server_refuses_to_fill_is_owed_until_somebody_dealt_with_it(
    selling: Shop, till: Till
) -> None:
    card = selling.call("POST", "/v1/gift-cards", {"amount": 500})
    till.press("F7")
    till.type("10")
    till.scan("ABCD-2345")
    till.page.wait_for_function("() => document.querySelector('#gift-sell-code').value === 'ABCD-2345'")
    till.press("Enter")
    till.due("€10.00")
    till.press("F9", "F9")
    till.sees("#view-done", "The gift card of €10.00 is not made yet.")
    till.press("Enter")
    till.sees("#owed", "The gift card of €10.00 is not made yet.")
    top_up = Late(till.page, "**/v1/gift-cards/top-up")
    till.page.click("#owed button")
    top_up.asked()
    till.sees("#view-done [role=status]", "The gift card of €10.00 is being made …")
    assert till.page.locator("#view-done .note .danger").count() == 0
    top_up.let_go()
    for _ in range(2):
        till.page.locator("#view-done .note .danger").first.click()
    till.press("Escape")
    till.page.wait_for_selector("#view-sell:not([hidden])")
    assert till.page.is_hidden("#owed")
    assert selling.call("GET", f"/v1/gift-cards/{card['id']}")["available"] == 500
