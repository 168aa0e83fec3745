"""The reference in a browser: a call is found, read and tried; axe and the console are silent in both themes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Shop, axe
from tests.browser.watching import heard
from tests.browser.weighing import Scales

SIZES = ((390, 844), (768, 1024), (1280, 800), (1600, 1000))


@pytest.fixture
def page(context: BrowserContext, shop: Shop) -> Iterator[Page]:
    """A page on which nothing may be said to the console."""
    opened = context.new_page()
    said = heard(opened)
    yield opened
    assert said == []


def looked_at(page: Page) -> None:
    """Nothing scrolls sideways, and axe finds nothing."""
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url}: {wide} px too wide at {page.viewport_size}"
    axe(page)


@pytest.mark.full
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_reference_fits_and_axe_is_silent_in_every_size(
    context: BrowserContext, shop: Shop, theme: str, tmp_path: Any
) -> None:
    for width, height in SIZES:
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": height})
        scales = Scales(page)
        for path in ("/reference", "/reference/purchases_record?lang=ru", "/reference/webhooks_create"):
            page.goto(shop.address + path)
            looked_at(page)
            assert scales.faults() == [], path
            page.screenshot(path=tmp_path / f"{path.split('?')[0].rpartition('/')[2]}-{width}-{theme}.png")
        page.close()


def test_a_call_is_found_by_words_and_opened_with_the_keyboard(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.address}/reference")
    page.keyboard.press("/")
    page.keyboard.type("adjust member")
    expect(page.locator(".reference-nav li:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/reference/members_adjust")
    assert page.locator("h1").inner_text() == "POST /v1/members/{id}/adjustments"
    page.fill("#search", "nothing is called that")
    expect(page.locator("#none")).to_be_visible()


def test_a_call_is_tried_with_the_readers_own_key(page: Page, shop: Shop) -> None:
    member = shop.member("Anna Kalniņa")[2]
    page.goto(f"{shop.address}/reference/members_adjust")
    page.fill("[name=key]", shop.key)
    page.fill("[data-place=id]", member)
    page.fill("[name=body]", json.dumps({"currency": "PTS", "amount": 40, "reason": "to try it"}))
    page.click("#try button[type=submit]")
    expect(page.locator("#result-status")).to_contain_text("This is a key of a live program")
    assert shop.balance(member) == 0, "nothing was sent yet"
    page.click("#try button[type=submit]")
    page.wait_for_function("() => document.querySelector('#result-status').textContent.startsWith('201')")
    expect(page.locator("#result-body")).to_contain_text('"amount": 40')
    assert shop.balance(member) == 40


def test_what_is_not_json_is_not_sent(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.address}/reference/members_adjust")
    page.fill("[name=key]", shop.key)
    page.fill("[data-place=id]", "mem_x")
    page.fill("[name=body]", "{")
    page.click("#try button[type=submit]")
    expect(page.locator("#result-status")).to_have_text("The body is not JSON.")
