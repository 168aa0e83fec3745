"""A marketer builds promotions without writing JSON: three of different kinds, tried, reviewed, published, stopped."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from regulars import clock
from tests.browser.conftest import Shop
from tests.browser.desk import Size, add_staff, at_desk
from tests.browser.watching import WAIT_SECONDS, violations

SIZES: tuple[Size, ...] = ((1600, "light"), (1280, "dark"), (768, "light"), (390, "dark"))
MONDAY, TUESDAY, WEDNESDAY = range(3)


@pytest.fixture
def page(context: BrowserContext, shop: Shop, database_url: str) -> Iterator[Page]:
    """A marketer, signed in; nothing may stand in the console at the end."""
    with at_desk(context, shop, add_staff(shop, database_url, "marketing")) as opened:
        opened.set_viewport_size({"width": 1280, "height": 900})
        yield opened


@pytest.fixture
def colleague(browser: Any, shop: Shop, database_url: str) -> Iterator[Page]:
    """Another marketer at another desk."""
    other = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    other.set_default_timeout(WAIT_SECONDS * 1000)
    with at_desk(other, shop, add_staff(shop, database_url, "marketing")) as opened:
        yield opened
    other.close()


def wrong_with(page: Page, name: str) -> list[Any]:
    """What axe finds, and whether anything is cut off; seen where REGULARS_SCREENS names a folder."""
    found = violations(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if folder := os.environ.get("REGULARS_SCREENS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    return [[name, *one] for one in found] + ([[name, f"{wide} pixels too wide"]] if wide > 0 else [])


def saved(page: Page) -> None:
    """Wait until all that was typed is kept."""
    expect(page.locator("#saved:not([aria-busy])")).to_contain_text("Saved")


def begin(page: Page, shop: Shop, name: str, template: str = "") -> str:
    """A new draft of that name; its id."""
    page.goto(f"{shop.address}/backoffice/promotions/new")
    if template:
        page.get_by_role("button", name=re.compile(template)).first.click()
    else:
        page.get_by_role("button", name="Start empty").click()
    page.wait_for_url("**/edit")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.fill("#f-name", name)
    saved(page)
    found = re.search(r"prm_\w+", page.url)
    assert found
    return found[0]


def add(page: Page, button: str, search: str, kind: str) -> None:
    """Add a condition or benefit from the list of kinds."""
    page.get_by_role("button", name=button).first.click()
    page.keyboard.type(search)
    page.locator(f"dialog[open] [data-kind={kind}]").click()
    page.wait_for_selector(f'input[type=hidden][value="{kind}"]', state="attached")


def publish(page: Page, shop: Shop, promotion: str) -> None:
    """Publish a draft, accepting what the linter warns of."""
    page.goto(f"{shop.address}/backoffice/promotions/{promotion}/publish")
    for box in page.locator("#publish input[name=accept]").all():
        box.check()
    page.fill("#publish [name=why]", "it was agreed on Monday")
    page.get_by_role("button", name=re.compile("Publish now")).click()
    expect(page.locator("#notice")).to_contain_text("it counts from the next purchase on")


def last(weekday: int) -> str:
    """An instant of the latest day of the week that is over or goes on, by the shop's clock."""
    now = clock.world().astimezone(clock.zone("Europe/Riga"))
    return (now - timedelta(days=(now.weekday() - weekday) % 7)).isoformat()


def quote(shop: Shop, weekday: int, *lines: tuple[str, int, int], card: str = "") -> dict[str, Any]:
    """The preview of a basket of (sku, quantity, unit price) on the latest such day."""
    category = {"coffee": "drinks/coffee", "bread": "bread", "milk": "dairy"}
    return shop.call(
        "POST",
        "/v1/purchases/preview",
        {
            "id": "quote", "store": "teika", "till": "1", "purchased_at": last(weekday), "currency": "EUR",
            **({"card": card} if card else {}),
            "lines": [
                {"line": n + 1, "sku": sku, "quantity": str(quantity), "unit_price": price,
                 "categories": [category[sku]]}
                for n, (sku, quantity, price) in enumerate(lines)
            ],
        },
    )  # fmt: skip


def test_a_marketer_builds_three_promotions_and_a_colleague_publishes_them(
    page: Page, colleague: Page, shop: Shop
) -> None:
    # 20 % off bread on Tuesdays
    bread = begin(page, shop, "Bread on Tuesdays")
    page.locator("[data-part='benefits.0'] > summary").click()
    page.fill("[name='benefits.0.percent']", "20")
    search = page.locator("[data-name='benefits.0.goods.categories'] [role=combobox]")
    search.fill("bre")
    page.locator("#found-benefits\\.0\\.goods\\.categories [data-code=bread]").click()
    saved(page)
    expect(page.locator("[data-count='benefits.0.goods']")).to_contain_text("1 product is meant: Rye bread")
    add(page, "Add a condition", "tuesday", "hours")
    page.locator("[data-part='conditions.0']").wait_for()
    page.locator("[name='conditions.0.weekdays'][value='1']").uncheck(force=True)
    page.fill("[name='conditions.0.from']", "")
    page.fill("[name='conditions.0.until']", "")
    saved(page)
    expect(page.locator("#said-conditions\\.0")).to_have_text("Tuesday")
    page.locator("#try [role=combobox]").fill("rye")
    page.locator("#found-basket [data-code=bread]").click()
    page.locator("#try [name=at]").fill("2026-03-03T11:00")
    page.locator("#try [name=at]").blur()
    expect(page.locator("#tried")).to_contain_text("It applies.")
    page.locator("#try [name=at]").fill("2026-03-04T11:00")
    page.locator("#try [name=at]").blur()
    expect(page.locator("#tried")).to_contain_text("It does not apply here.")

    # 3 for 2 on milk, with a budget
    milk = begin(page, shop, "Milk: 3 for 2", "3 for the price of 2")
    page.locator("[data-part='benefits.0'] > summary").click()
    page.locator("[data-name='benefits.0.goods.categories'] [data-unpick]").click()
    page.locator("[data-name='benefits.0.goods.skus'] [role=combobox]").fill("milk")
    page.locator("#found-benefits\\.0\\.goods\\.skus [data-code=milk]").click()
    saved(page)
    page.get_by_role("button", name="Add a budget").click()
    page.wait_for_selector("[name='limits.0.amount']")
    page.fill("[name='limits.0.amount']", "50")
    saved(page)
    expect(page.locator("#said-limits\\.0")).to_contain_text("€50.00")

    # double points for members
    points = begin(page, shop, "Double points", "")
    add(page, "Add what it gives", "multiplier", "points_multiplier")
    page.locator("[data-part='benefits.0'] > summary").click()
    page.locator("[data-part='benefits.0']").get_by_role("button", name="Take out").click()
    expect(page.locator("[data-list=benefits] > details")).to_have_count(1)
    page.locator("#f-group").select_option(label="Points")
    add(page, "Add a condition", "members", "member")
    saved(page)

    for promotion in (bread, milk, points):
        page.goto(f"{shop.address}/backoffice/promotions/{promotion}/publish")
        page.get_by_label("What to look at").fill("Is that right?")
        page.get_by_role("button", name="Ask for a review").click()
        expect(page.locator("#notice")).to_contain_text("Somebody else is asked")
        colleague.goto(f"{shop.address}/backoffice/promotions/{promotion}/publish")
        expect(colleague.locator("main")).to_contain_text("Is that right?")
        colleague.get_by_role("button", name="Approve").click()
        expect(colleague.locator("#notice")).to_contain_text("You have approved it")
        publish(colleague, shop, promotion)

    _, card, _ = shop.member("Anna")
    tuesday = quote(shop, TUESDAY, ("bread", 1, 200), ("milk", 3, 100), card=card)
    assert tuesday["discount"] == 40 + 100
    assert quote(shop, WEDNESDAY, ("bread", 1, 200))["discount"] == 0
    earned = {one["promotion"]: one["amount"] for one in tuesday["earned"]}
    assert points in earned

    page.goto(f"{shop.address}/backoffice/promotions")
    row = page.locator("tr", has_text="Bread on Tuesdays")
    row.get_by_role("button", name="Stop").click()
    row.locator("dialog[open] [name=why]").fill("The baker is ill.")
    row.get_by_role("button", name="Stop it").click()
    expect(page.locator("#notice")).to_contain_text("no till gives it any more")
    assert quote(shop, TUESDAY, ("bread", 1, 200))["discount"] == 0


@pytest.mark.full
def test_every_page_of_promotions_is_whole_at_every_width(page: Page, shop: Shop) -> None:
    draft = begin(page, shop, "Seen", "3 for the price of 2")
    page.get_by_role("button", name="Calculate").click()
    live = shop.call("GET", "/v1/promotions")["items"][0]["id"]
    pages = {
        "list": "", "calendar": f"/calendar?drafts=1&month={datetime.now(UTC):%Y-%m}", "new": "/new", "one": f"/{live}",
        "publish": f"/{draft}/publish", "edit": f"/{draft}/edit", "diff": f"/{live}/diff",
    }  # fmt: skip
    wrong: list[Any] = []
    for name, path in pages.items():
        page.goto(f"{shop.address}/backoffice/promotions{path}")
        if name == "edit":
            expect(page.locator("#tried")).to_contain_text("With it")
            page.locator("[data-part='benefits.0'] > summary").click()
        for width, scheme in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            wrong += wrong_with(page, f"promotions-{name}-{width}-{scheme}")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{shop.address}/backoffice/promotions/{draft}/edit?lang=ru")
    expect(page.locator("#tried dl")).to_be_visible()
    page.locator("[data-part='benefits.0'] > summary").click()
    wrong += wrong_with(page, "promotions-edit-ru")
    page.locator("[data-add=conditions]").click()
    expect(page.locator("#menu-conditions")).to_be_visible()
    wrong += wrong_with(page, "promotions-menu-ru")
    assert not wrong, "\n".join(map(str, wrong))


def test_what_was_done_is_taken_back_and_done_again_by_keys(page: Page, shop: Shop) -> None:
    begin(page, shop, "Undone")
    add(page, "Add a condition", "birthday", "birthday")
    add(page, "Add a condition", "first", "first_purchase")
    saved(page)
    page.locator("[data-part='conditions.1'] > summary").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#said-conditions\\.0")).to_contain_text("first")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#said-conditions\\.1")).to_contain_text("first")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-list=conditions] > details")).to_have_count(1)
    page.get_by_role("button", name="Redo").click()
    expect(page.locator("[data-list=conditions] > details")).to_have_count(2)
