"""A marketer builds three promotions, one of them from a template: what each gives is exact before and after.

In the basket that she edits, on the receipts that there are, at the till once it is published, and once it is stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from regulars import clock
from tests.browser.conftest import Shop
from tests.browser.desk import add_staff, at_desk
from tests.browser.test_builder import add, begin, publish, saved

CATEGORIES = {"bread": "bread", "milk": "dairy", "balsam": "drinks"}
PRICES = {"bread": 189, "milk": 119, "balsam": 1290}
_REQUESTS = count(1)


@pytest.fixture
def page(context: BrowserContext, shop: Shop, database_url: str) -> Iterator[Page]:
    """A marketer, signed in; nothing may stand in the console at the end."""
    with at_desk(context, shop, add_staff(shop, database_url, "marketing")) as opened:
        opened.set_viewport_size({"width": 1280, "height": 900})
        yield opened


def sold(shop: Shop, path: str, card: str, **goods: int) -> dict[str, Any]:
    """What a till is answered for so many of each."""
    body: dict[str, Any] = {
        "id": f"exact-{next(_REQUESTS)}", "store": "teika", "till": "1", "currency": "EUR",
        "purchased_at": clock.world().isoformat(),
        "lines": [
            {"line": n + 1, "sku": sku, "quantity": str(quantity), "unit_price": PRICES[sku],
             "categories": [CATEGORIES[sku]]}
            for n, (sku, quantity) in enumerate(goods.items())
        ],
    }  # fmt: skip
    if card:
        body["card"] = card
    return shop.call("POST", path, body)


def quoted(shop: Shop, card: str = "", **goods: int) -> tuple[int, int]:
    """The discount and the points of a preview."""
    answer = sold(shop, "/v1/purchases/preview", card, **goods)
    return answer["discount"], sum(one["amount"] for one in answer["earned"])


def fill_basket(page: Page, search: str, sku: str, quantity: str) -> None:
    """Take out all that is in the preview's basket, and put so many of one product in."""
    lines = page.locator("#try .basket li")
    while lines.count():
        lines.first.locator("[data-unline]").click()
    page.locator("#try [role=combobox]").fill(search)
    page.locator(f"#found-basket [data-code={sku}]").click()
    expect(lines).to_have_count(1)
    amount = lines.first.locator("[name=quantity]")
    amount.fill(quantity)
    amount.blur()


def shows(page: Page, without: str, with_it: str, line: str, gross: str) -> None:
    """The preview says what is paid without it and with it, and how many of what for how much."""
    both = page.locator("#tried .with-without dd")
    expect(page.locator("#tried tbody tr")).to_have_count(1)
    expect(page.locator("#tried tbody th")).to_have_text(line)
    expect(page.locator("#tried tbody td").first).to_have_text(gross)
    expect(both.nth(0)).to_have_text(without)
    expect(both.nth(1)).to_have_text(re.compile(rf"^{re.escape(with_it)}"))


def replayed(page: Page, got: str, cost: str) -> None:
    """What it would have done to the receipts that there are."""
    page.get_by_role("button", name="Calculate").click()
    expect(page.locator("#replayed strong").first).to_have_text(got)
    expect(page.locator("#replayed .with-without dd").first).to_have_text(cost)


def stop(page: Page, shop: Shop, name: str, why: str) -> None:
    """Stop it in the list, and say why."""
    page.goto(f"{shop.address}/backoffice/promotions")
    row = page.locator("tr", has_text=name)
    row.get_by_role("button", name="Stop").click()
    row.locator("dialog[open] [name=why]").fill(why)
    row.get_by_role("button", name="Stop it").click()
    expect(page.locator("#notice")).to_contain_text("no till gives it any more")


def test_three_promotions_are_exact_in_the_preview_on_receipts_at_the_till_and_stopped(
    page: Page, shop: Shop
) -> None:
    _, card, _ = shop.member("Anna")
    for path, who, goods in (
        ("/v1/purchases", "", {"bread": 2, "milk": 3}),
        ("/v1/purchases", "", {"milk": 3}),
        ("/v1/purchases", "", {"balsam": 1}),
        ("/v1/purchases", card, {"balsam": 1}),
    ):
        assert sold(shop, path, who, **goods)["discount"] == 0

    # From nothing: a quarter off bread.
    begin(page, shop, "A quarter off bread")
    page.locator("[data-part='benefits.0'] > summary").click()
    page.fill("[name='benefits.0.percent']", "25")
    page.locator("[data-name='benefits.0.goods.categories'] [role=combobox]").fill("bre")
    page.locator("#found-benefits\\.0\\.goods\\.categories [data-code=bread]").click()
    saved(page)
    fill_basket(page, "rye", "bread", "4")
    shows(page, "€7.56", "€5.67", "Rye bread with caraway, sliced × 4", "€7.56")
    page.locator("#try .basket [name=quantity]").fill("1")
    page.locator("#try .basket [name=quantity]").blur()
    shows(page, "€1.89", "€1.42", "Rye bread with caraway, sliced", "€1.89")  # 47.25 cents are 47
    replayed(page, "1 of 4 receipts would have got it", "€0.95")  # 94.5 cents are 95
    bread = _id(page)
    publish(page, shop, bread)
    assert quoted(shop, bread=4) == (189, 0)

    # From a template: three for two, of milk.
    begin(page, shop, "Milk for less", "3 for the price of 2")
    page.locator("[data-part='benefits.0'] > summary").click()
    page.locator("[data-name='benefits.0.goods.categories'] [data-unpick]").click()
    page.locator("[data-name='benefits.0.goods.skus'] [role=combobox]").fill("milk")
    page.locator("#found-benefits\\.0\\.goods\\.skus [data-code=milk]").click()
    saved(page)
    fill_basket(page, "milk", "milk", "7")
    shows(page, "€8.33", "€5.95", "Milk 2.5 %, 1 l × 7", "€8.33")
    replayed(page, "2 of 4 receipts would have got it", "€2.38")
    publish(page, shop, _id(page))
    assert quoted(shop, milk=7) == (238, 0)

    # From nothing: double points for members.
    begin(page, shop, "Twice the points")
    add(page, "Add what it gives", "multiplier", "points_multiplier")
    page.locator("[data-part='benefits.0'] > summary").click()
    page.locator("[data-part='benefits.0']").get_by_role("button", name="Take out").click()
    expect(page.locator("[data-list=benefits] > details")).to_have_count(1)
    page.locator("#f-group").select_option(label="Points")
    add(page, "Add a condition", "members", "member")
    saved(page)
    fill_basket(page, "balsam", "balsam", "1")
    shows(page, "€12.90", "€12.90", "Black currant balsam, 0.5 l", "€12.90")
    expect(page.locator("#tried .with-without dd").nth(1)).to_contain_text("24 points")
    page.get_by_role("button", name="Calculate").click()
    expect(page.locator("#replayed strong").first).to_have_text("1 of 4 receipts would have got it")
    publish(page, shop, _id(page))
    assert quoted(shop, card, balsam=1) == (0, 24)

    assert quoted(shop, card, bread=4, milk=7, balsam=1) == (189 + 238, (756 + 833 + 1290 - 427) // 100 * 2)
    stop(page, shop, "A quarter off bread", "The baker is ill.")
    assert quoted(shop, bread=4) == (0, 0)
    stop(page, shop, "Milk for less", "The dairy is out of milk.")
    assert quoted(shop, milk=7) == (0, 0)
    stop(page, shop, "Twice the points", "The week is over.")
    assert quoted(shop, card, balsam=1) == (0, 12)
    stopped = shop.call("GET", "/v1/audit", action="promotion.stopped")["items"]
    assert [one["why"] for one in stopped] == [
        "The week is over.", "The dairy is out of milk.", "The baker is ill.",
    ]  # fmt: skip


def _id(page: Page) -> str:
    found = re.search(r"prm_\w+", page.url)
    assert found
    return found[0]
