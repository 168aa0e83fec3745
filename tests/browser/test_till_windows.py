"""Two windows of one till: the one that was taken over keeps its hands off the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import BREAD, Shop, Till
from tests.browser.offline import Computer, buys_here, receipts_of, switched_on

KEPT_LINES = """() => Object.entries(localStorage).filter(([, value]) => value.startsWith('{'))
    .flatMap(([, value]) => JSON.parse(value).lines ?? []).length"""


@pytest.fixture
def computer(browser: Browser, shop: Shop, tmp_path: Path) -> Iterator[Computer]:
    """A till's computer that is ready for the line to go down."""
    with switched_on(browser, shop, tmp_path) as made:
        made.begin()
        yield made


def test_a_window_that_was_taken_over_does_not_bring_back_a_receipt_that_was_paid_in_the_other(
    computer: Computer, shop: Shop
) -> None:
    _, card, _ = shop.member("Dace Divlogu")
    buys_here(shop, card)
    first = computer.page
    computer.till.scan(card)
    first.wait_for_selector("#customer-card:not([hidden])")
    computer.scan_goods(BREAD)

    second = computer.context.new_page()
    second.goto(f"{shop.address}/till")
    second.wait_for_selector("#elsewhere:not([hidden])")
    second.click("#take-over")
    first.wait_for_selector("#elsewhere:not([hidden])")
    second.wait_for_selector("#elsewhere", state="hidden")
    second.wait_for_selector("html[data-ready]")
    computer.till = Till(second, shop)
    computer.till.sees("#lines", "Rye bread")
    computer.pay()
    second.click("#next")
    assert second.evaluate(KEPT_LINES) == 0

    computer.cut()
    first.wait_for_function("() => document.body.dataset.line === 'down'")
    first.wait_for_function("() => document.querySelector('#customer-how').textContent.includes('line')")
    first.wait_for_timeout(500)  # what it looks up of the customer takes a moment
    assert second.evaluate(KEPT_LINES) == 0
    assert len(receipts_of(shop, computer.name)) == 1
