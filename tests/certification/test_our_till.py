"""Our own till page is certified as the tills of others are, by a cashier with a scanner and a keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.certification.conftest import Room
from tests.certification.our_till import OurTill

SITUATIONS = (
    "find-card", "find-mistyped", "price", "price-discount", "price-weighed", "price-changed", "price-declined",
    "sell-alike", "sell-time", "sell-later-version", "lost-answer", "lost-twice", "cut-answer", "gateway", "give-up",
    "give-up-late", "void", "return", "return-steps", "spend", "spend-gone", "busy", "too-many", "internal-error",
    "card-blocked", "offline", "offline-five", "offline-lost", "offline-counted",
)  # fmt: skip


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A browser that has never been here."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
        opened.set_default_timeout(60_000)
        yield opened
        browser.close()


@pytest.mark.scenario("S21")
def test_our_till_page_is_certified(room: Room, page: Page) -> None:
    verdicts = room.certified(OurTill(page, room.key), *SITUATIONS)
    assert {name: one.reason for name, one in verdicts.items() if one.result != "passed"} == {}
    assert sorted(verdicts) == sorted(SITUATIONS)
