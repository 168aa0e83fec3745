"""The paper that the customer takes along: what it says, how wide it is, and that its bars can be read."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import COFFEE, MILK, Shop, Till

TEXTS = ["purvciems-7-261122023742dyy", "riga-1-12-R261122023742ab2", "A1", "123456", "12345"]


def test_the_receipt_says_what_was_got_and_what_there_is_and_prints_alone(till: Till, shop: Shop) -> None:
    page = till.page
    page.evaluate("() => { window.print = () => { window.printed = (window.printed ?? 0) + 1; }; }")
    _, card, _ = shop.member("Ilze Ozola", points=50)
    till.buy(COFFEE, MILK)
    till.scan(card)
    till.sees("#customer-name", "Ilze")
    till.due("€7.13")
    till.press("F9")
    till.type("10")
    till.press("Enter")
    till.sees("#view-done", "Recorded")
    till.press("p")

    page.wait_for_function("() => window.printed === 1")
    page.emulate_media(media="print")
    lines = [re.sub(r"\s+", " ", line) for line in page.locator("#paper").inner_text().splitlines()]
    text = " ".join(line for line in lines if line)
    for part in ("Dzintars Teika", "Discounts −€1.05", "To pay €7.13", "Cash €10.00", "Change €2.87",
                 "You got +7 points", "You have 57 points"):  # fmt: skip
        assert part in text, text
    assert re.search(r"7 points expire on \d\d/\d\d/\d{4}", text), text
    assert not page.is_visible(".zones")
    assert page.locator("#paper").bounding_box() is not None
    page.emulate_media(media="screen")


@pytest.mark.parametrize("text", TEXTS)
def test_the_bars_are_read_as_what_is_printed_under_them(till: Till, text: str) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    numpy = pytest.importorskip("numpy")
    module = till.page.evaluate("() => document.querySelector('script[type=module]').src")
    path = till.page.evaluate(
        "async ([from, text]) => (await import(from)).draw(text).querySelector('path').getAttribute('d')",
        [module.replace("main.js", "code128.js"), text],
    )
    bars = [(int(x), int(width)) for x, width in re.findall(r"M(\d+) 0h(\d+)v", path)]
    picture = numpy.full((60, 2 * (sum(bars[-1]) + 20)), 255, numpy.uint8)
    for x, width in bars:
        picture[:, 2 * x : 2 * (x + width)] = 0
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]
