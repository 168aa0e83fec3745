"""What a till's outage came to, as whoever looks after it reads it: in sentences, with the sums that stores pay."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Shop
from tests.browser.desk import Size, add_staff, at_desk, look
from tests.browser.outage import after_an_outage

REPORT = "/backoffice/review/offline"
SIZES: tuple[Size, ...] = ((1600, "light"), (1280, "dark"), (390, "light"))


@pytest.fixture(scope="module")
def back_again(shop: Shop) -> Shop:
    """A shop whose till was cut off."""
    _, card, _ = shop.member("Zane Ozoliņa", points=500)
    after_an_outage(shop, "teika", card)
    return shop


@pytest.mark.parametrize("language", ["en", "lv", "ru"])
def test_the_report_says_in_sentences_what_did_not_agree(
    context: BrowserContext, back_again: Shop, database_url: str, language: str
) -> None:
    with at_desk(context, back_again, add_staff(back_again, database_url, "owner", name="Maija")) as page:
        for width, scheme in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{back_again.address}{REPORT}?lang={language}")
            look(page, f"tills-offline-{language}-{width}-{scheme}")
        rows = page.locator("[aria-labelledby=conflicts] tbody tr")
        if language == "en":
            for sentence in (
                "2 receipts before number 4 have not come yet.",
                "Nobody let the till spend these points: the store pays €1.50, the member nothing.",
                "Number 1 of this device came twice; both receipts are recorded.",
                "The device's clock was 60 minutes ahead; the receipt's time was set right.",
            ):
                expect(rows.filter(has_text=sentence)).to_have_count(1)
            expect(page.locator("[aria-labelledby=borne] tbody tr")).to_contain_text("€1.50")
            expect(page.locator("[aria-labelledby=devices] tbody tr")).to_contain_text("2 missing")
            page.select_option("select[name=kind]", "clock_wrong")
            page.get_by_role("button", name="Show").click()
            expect(rows).to_have_count(1)
