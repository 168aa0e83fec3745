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


@pytest.mark.full
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


LISTS = (
    "/members/list",
    "/members/list?bought=any",
    "/points/movements",
    "/points/movements?kind=expiring",
)


@pytest.mark.full
@pytest.mark.parametrize("path", LISTS)
def test_a_list_behind_a_figure_fits_every_width(page: Page, office: Shop, path: str) -> None:
    for language, width, scheme in (("en", 1280, "light"), ("en", 390, "dark"), ("ru", 1280, "dark"),
                                    ("lv", 390, "light")):  # fmt: skip
        page.set_viewport_size({"width": width, "height": 844 if width == 390 else 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{office.address}/backoffice{path}{'&' if '?' in path else '?'}lang={language}")
        name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")
        look(page, f"list-{name}-{language}-{width}-{scheme}")


def test_a_point_of_a_chart_leads_to_its_rows(page: Page, office: Shop) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{office.address}/backoffice?lang=en")
    chart = page.locator("#chart-members")
    chart.locator("canvas").wait_for()
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)
    expect(chart).to_have_class("chart leads")
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)
    page.wait_for_url("**/backoffice/members/list?from=*&to=*&bought=any")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Anna")
