"""From an empty installation to the first purchase, as the first owner does it, in a browser."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from regulars import clock
from regulars.db.pool import Database
from regulars.programs.founding import plans
from tests.api.conftest import PASSWORD
from tests.browser.conftest import Shop, Till, axe
from tests.browser.weighing import Scales

LANGUAGES = ["en", *(pytest.param(code, marks=pytest.mark.full) for code in ("lv", "ru", "et", "hu"))]


def first_door(database_url: str) -> str:
    """A one-time address as `regulars start` prints it where there is nobody yet."""

    async def work() -> str:
        async with Database(database_url, size=1) as database, database.transaction(None) as tx:
            return await plans.open_door(tx, clock.world())

    with ThreadPoolExecutor(1) as aside:
        return aside.submit(lambda: asyncio.run(work())).result()


def looked_at(page: Page, scales: Scales) -> None:
    """Within reach for everybody, and light."""
    axe(page)
    assert scales.faults() == [], page.url


def buys_a_cappuccino(page: Page, shop: Shop, card: str) -> None:
    """The first owner's first purchase, at the till that the wizard's last page opens in a window of its own."""
    with page.context.expect_page() as opened:
        page.click("form[target] button")
    till = opened.value
    till.click("button[type=submit].primary")
    till.wait_for_url("**/till")
    till.wait_for_selector("#entry:focus")
    cashier = Till(till, shop)
    cashier.scan(card)
    expect(till.locator("#customer-name")).to_have_text("Vija")
    cashier.type("cappuccino")
    till.wait_for_selector("#found .product[aria-selected=true]")
    cashier.press("Enter")
    expect(till.locator("#due-amount")).to_have_text(re.compile(r"3[.,]40"))
    till.wait_for_selector("#next:not(:disabled)")
    cashier.press("F9", "Enter")
    expect(till.locator("#view-done")).to_contain_text("17")  # 3.40 at five points a euro
    till.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_owner_makes_a_program_and_is_its_first_customer(
    page: Page, shop: Shop, database_url: str, language: str
) -> None:
    door = first_door(database_url)
    scales = Scales(page)
    page.goto(f"{shop.address}/set-up/{door}?lang={language}")
    page.fill("[name=name]", "Vija Bērziņa")
    page.fill("[name=email]", f"vija-{uuid4().hex}@shop.example")
    page.fill("[name=password]", PASSWORD)
    looked_at(page, scales)
    page.keyboard.press("Enter")

    page.wait_for_url("**/new/trade")
    looked_at(page, scales)
    page.check("[value=cafe]")
    page.click("button.primary")
    page.wait_for_url("**/new/program")
    looked_at(page, scales)
    page.fill("[name=name]", "Kafejnīca Rīts")
    page.click("button.primary")
    page.wait_for_url("**/new/shops")
    page.fill("[name=shop]", "Teika")
    looked_at(page, scales)
    page.click("button.primary")
    page.wait_for_url("**/new/points")
    page.fill("[name=points]", "5")
    looked_at(page, scales)
    page.click("button.primary")
    page.wait_for_url("**/new/offers")
    page.uncheck("[value=happy-hour]")
    looked_at(page, scales)
    page.go_back()
    expect(page.locator("[name=points]")).to_have_value("5")
    page.goto(f"{shop.address}/backoffice/new")
    page.wait_for_url("**/new/offers")  # where she left it
    page.uncheck("[value=happy-hour]")
    page.click("button.primary")
    page.wait_for_url("**/new/ready")
    looked_at(page, scales)
    page.click("button.primary")
    page.wait_for_url("**/new/first")
    looked_at(page, scales)
    card = page.locator("[data-card]").inner_text()

    buys_a_cappuccino(page, shop, card)

    page.reload()
    assert page.locator("[data-card]").inner_text() == card, "what was made is made once"
    page.click("main form:not([target]) button")
    page.wait_for_url("**/backoffice")
    assert "Kafejnīca Rīts" in page.title()


def test_an_address_lets_one_person_in(page: Page, shop: Shop, database_url: str) -> None:
    door = first_door(database_url)
    page.goto(f"{shop.address}/set-up/{door}?lang=en")
    page.fill("[name=name]", "Vija")
    page.fill("[name=email]", f"vija-{uuid4().hex}@shop.example")
    page.fill("[name=password]", "password12")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_contain_text("is easily guessed")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/trade")

    answer = page.goto(f"{shop.address}/set-up/{door}")
    assert answer is not None
    assert answer.status == 404
