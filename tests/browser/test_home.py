"""Home, the day view and points in a real browser: drawn, explained, filtered by the address, and leading on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from regulars import clock
from tests.browser.conftest import Shop
from tests.browser.desk import Size, add_staff, at_desk, look, roll

PAGES = ("", "/day", "/points")
SIZES: tuple[Size, ...] = ((1600, "light"), (1280, "dark"), (768, "light"), (390, "dark"))


@pytest.fixture(scope="module")
def office(shop: Shop, database_url: str) -> Shop:
    """A shop that sold something today."""
    _, card, _ = shop.member("Anna", points=40)
    for n in range(3):
        bought = {
            "id": f"home-{n}", "store": "teika", "till": "1",
            "purchased_at": clock.world().isoformat(), "currency": "EUR", **({"card": card} if n else {}),
            "lines": [{"line": 1, "sku": "coffee", "quantity": "1", "unit_price": 1000,
                       "categories": ["drinks/coffee"]}],
        }  # fmt: skip
        shop.call("POST", "/v1/purchases", bought)
    roll(shop, database_url)
    return shop


@pytest.fixture
def page(context: BrowserContext, office: Shop, database_url: str) -> Iterator[Page]:
    """Signed in; nothing may stand in the console at the end."""
    with at_desk(context, office, add_staff(office, database_url, "owner")) as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_figures_is_drawn_at_every_width(page: Page, office: Shop, path: str) -> None:
    for width, scheme in SIZES:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{office.address}/backoffice{path}")
        page.wait_for_selector(".chart canvas")
        look(page, f"figures{path.replace('/', '-')}-{width}-{scheme}")


def test_a_figure_says_what_it_means_and_leads_to_its_rows(page: Page, office: Shop) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{office.address}/backoffice")
    sales = page.locator(".home-section dl > div").first
    expect(sales.locator("dd")).to_contain_text("€25.50")  # three times 10.00, less 15 %
    sales.locator(".explain").focus()
    expect(page.locator("#tip")).to_contain_text("after discounts")
    page.locator("h1").hover()
    expect(page.locator("#tip")).to_be_hidden()
    page.click("text=84 days")
    page.wait_for_url("**/backoffice?from=*&to=*")
    page.locator(".home-section dl > div dd a").first.click()
    page.wait_for_url("**/backoffice/day?from=*&to=*")
    expect(page.locator("tfoot")).to_contain_text("€25.50")
