"""A return at the till says of what its money is made: goods, delivery, and what is kept back for a voucher."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from tests.browser.conftest import BREAD, Shop, Till
from tests.browser.late import Late

GIVES: dict[str, Any] = {
    "name": "A fiver for the next time",
    "group": "basket",
    "joint": True,
    "conditions": [{"kind": "basket_amount", "minimum": 4000}],
    "benefits": [{"kind": "voucher", "voucher": "fivers", "cost": 500}],
}
TAKES: dict[str, Any] = {
    "name": "Five off",
    "group": "basket",
    "joint": True,
    "conditions": [{"kind": "code", "batch": "fivers"}],
    "benefits": [{"kind": "basket_amount_off", "amount": 500}],
}


@pytest.fixture(scope="module")
def sandbox(shop: Shop, database_url: str) -> Shop:
    """A program with a clock of its own, which its tills ask for the time."""

    async def made() -> tuple[str, str]:
        at = clock.world()
        async with Database(database_url) as database:
            new = NewProgram("Izmēģinājums", "EUR", "Europe/Riga", ("lv", "en"), sandbox=True)
            program = await create_program(database, new, at=at)
            _, till_key = await create_key(database, program.program.id, NewKey(("till",)), at=at)
        return program.text, till_key

    with ThreadPoolExecutor(1) as aside:  # playwright's own loop may be running in this thread
        key, till_key = aside.submit(lambda: asyncio.run(made())).result()
    program = Shop(shop.address, key, till_key, shop.messages)
    program.call("POST", "/v1/stores", {"code": "teika", "name": "Teika", "tills": ["7"]})
    return program


def buy(
    shop: Shop, request: str, sku: str, price: int, *, quantity: str = "1", **more: Any
) -> dict[str, Any]:
    """A purchase at till 7 over the API; its answer."""
    line = {"line": 1, "sku": sku, "name": sku.capitalize(), "quantity": quantity, "unit_price": price}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    place = {"store": "teika", "till": "7", "purchased_at": now, "currency": "EUR"}
    return shop.call("POST", "/v1/purchases", {"id": request, "lines": [line], **place, **more})


def test_what_is_held_is_shown_among_the_receipts_and_nothing_of_it_comes_back(till: Till) -> None:
    till.buy(BREAD)
    till.scan("4750000099999")
    till.sees("#said", "No product has the code 4750000099999.")
    till.press("F9")
    till.sees("#view-pay", "Payment")
    assert not till.page.is_visible("#said")  # what was said of the goods is not said of the money
    till.press("Escape")
    till.press("Insert")
    till.sees("#said", "The receipt was put aside.")
    till.press("PageDown")
    till.page.locator("#view-receipts .rows .row").first.click()
    till.sees("#return-lines", "Rye bread")
    assert till.page.locator("#return-lines :is(input, button)").count() == 0
    assert till.page.is_disabled("#next")


def test_delivery_comes_back_and_the_cost_of_a_used_voucher_is_kept(till: Till, shop: Shop) -> None:
    shop.call("POST", "/v1/code-batches", {"name": "fivers", "pattern": "V-########"})
    for document in (GIVES, TAKES):
        made = shop.call("POST", "/v1/promotions", document)
        shop.call("POST", f"/v1/promotions/{made['id']}/publish")
    bought = buy(shop, "returned-1", "lamp", 4000, delivery=399)
    (voucher,) = bought["issued"]
    assert buy(shop, "returned-2", "cable", 1000, codes=[voucher["code"]])["discount"] == 500

    till.press("PageDown")
    till.page.wait_for_selector("#receipt-number")
    till.page.fill("#receipt-number", "returned-1")
    till.press("Enter")
    till.sees("#view-receipts", "What comes back?")
    till.page.get_by_role("button", name="Everything").click()

    till.sees("#return-sums", "Money back €38.99")
    till.sees("#return-sums", "of which: Delivery €3.99")
    till.sees("#return-sums", "of which: Voucher that was used −€5.00")
    till.press("F9")
    till.sees("#view-receipts", "Return recorded")
    assert shop.call("GET", f"/v1/purchases/{bought['id']}")["status"] == "returned"


def test_pay_back_pressed_twice_is_one_return(context: BrowserContext, sandbox: Shop) -> None:
    page = context.new_page()
    till = Till(page, sandbox).open()
    bought = buy(sandbox, "twice-1", "lamp", 4000, quantity="2")
    till.press("PageDown")
    page.wait_for_selector("#receipt-number")
    page.fill("#receipt-number", "twice-1")
    till.press("Enter")
    till.sees("#view-receipts", "What comes back?")
    page.get_by_role("button", name="One more: Lamp").click()
    till.sees("#return-sums", "Money back €40.00")
    sent: list[Any] = []
    page.on("request", lambda one: sent.append(one) if one.url.endswith("/returns") else None)
    clock_asked = Late(page, "**/v1/sandbox/clock", 2)
    page.evaluate("() => { const next = document.querySelector('#next'); next.click(); next.click(); }")
    clock_asked.asked()
    assert page.is_disabled("#next")
    clock_asked.let_go()
    till.sees("#view-receipts", "Return recorded")
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1
    lines = sandbox.call("GET", f"/v1/purchases/{bought['id']}")["lines"]
    assert [line["returnable"] for line in lines] == ["1"]
