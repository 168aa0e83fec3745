"""The paper that the customer takes along: what it says, how wide it is, and that its bars can be read."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import COFFEE, MILK, Shop, Till, axe
from tests.browser.portal import Phone

SHOTS = os.environ.get("REGULARS_SHOTS")
"""A folder for pictures, where somebody wants to look."""
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


def test_a_square_carries_letters_of_any_kind_up_to_its_twelfth_size(till: Till) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    numpy = pytest.importorskip("numpy")
    module = till.page.evaluate("() => document.querySelector('script[type=module]').src")
    texts = ["a", "Ēka ž 12", "HTTPS://A.B/C", "https://club.example/" + "r" * 159, "k" * 181, "k" * 287]
    drawn = till.page.evaluate(
        "async ([from, texts]) => { const { modules } = await import(from); return texts.map(modules); }",
        [module.replace("till/main.js", "shared/qr.js"), texts],
    )
    pictures = [(1 - numpy.pad(numpy.array(rows, numpy.uint8), 4)) * 255 for rows in drawn]
    enlarged = [picture.repeat(4, 0).repeat(4, 1).astype(numpy.uint8) for picture in pictures]
    assert [[found.text for found in zxingcpp.read_barcodes(one)] for one in enlarged] == [[t] for t in texts]
    assert [len(rows) for rows in drawn] == [21, 21, 21, 53, 57, 65]


@pytest.mark.scenario("S29")
def test_the_square_on_the_paper_of_who_showed_no_card_adds_the_receipt_on_her_phone(
    till: Till, shop: Shop, browser: Browser
) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    images = pytest.importorskip("PIL.Image")
    page = till.page
    page.evaluate("() => { window.print = () => { window.printed = (window.printed ?? 0) + 1; }; }")
    till.buy(COFFEE, MILK)
    till.due("€7.13")
    till.press("F9")
    till.press("Enter")
    till.sees("#view-done", "Recorded")
    till.press("p")
    page.wait_for_function("() => window.printed === 1")
    page.emulate_media(media="print")
    printed = page.locator("#paper").screenshot()
    picture = images.open(io.BytesIO(printed))
    page.emulate_media(media="screen")
    (link,) = [
        found.text
        for found in zxingcpp.read_barcodes(picture.resize((picture.width * 4, picture.height * 4)))
        if found.format.name == "QRCode"
    ]

    number, _, member = shop.member("Zane Liepa")
    phone = Phone(browser, shop)
    phone.page.goto(link)
    phone.page.fill("[name=phone]", number)
    phone.page.click("[data-ask] button[type=submit]")
    phone.page.wait_for_selector("[data-step=code]:not([hidden])")
    phone.page.fill("[name=code]", shop.code(f"+371{number}"))
    phone.page.wait_for_url(link)
    phone.page.wait_for_selector("html[data-ready]")
    axe(phone.page)
    if SHOTS:
        Path(SHOTS, "paper.png").write_bytes(printed)
        phone.page.screenshot(path=Path(SHOTS) / "claim.png", full_page=True)
    phone.page.click("main form button[type=submit]")
    phone.page.wait_for_url("**/receipts/pur_*")
    phone.sees(".note.good", "The receipt is yours now")
    phone.sees(".bill", "Coffee")
    assert (shop.balance(member), phone.said) == (7, [])
    phone.context.close()
