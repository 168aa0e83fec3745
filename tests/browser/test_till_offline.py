"""The till without the line: a day of it, and what a till does and does not do then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.check_ledger import check_ledger
from tests.browser.conftest import APPLES, BALSAM, BREAD, COFFEE, MILK, Shop
from tests.browser.offline import Computer, buys_here, receipts_of


@pytest.fixture
def computer(browser: Browser, shop: Shop, tmp_path: Path) -> Iterator[Computer]:
    """A till's computer, switched on."""
    made = Computer(browser, shop, tmp_path)
    yield made
    made.page.screenshot(path=tmp_path / "last.png")
    made.switch_off()


def findings(database_url: str, program: UUID) -> list[Any]:
    """What is wrong with the books; nothing is right."""

    async def check() -> list[Any]:
        async with Database(database_url) as database:
            return list(await check_ledger(database, program))

    with ThreadPoolExecutor(1) as aside:  # playwright's own loop may be running in this thread
        return aside.submit(lambda: asyncio.run(check())).result()


def test_the_offline_day(computer: Computer, shop: Shop, database_url: str) -> None:
    _, anna_card, anna = shop.member("Anna Kalniņa", points=3_000)
    _, berta_card, berta = shop.member("Berta Ozola", points=500)
    for card in (anna_card, berta_card):
        buys_here(shop, card)
    computer.begin()
    till, page = computer.till, computer.page
    first = computer.sell(COFFEE, card=anna_card)

    computer.cut()
    till.sees("#line-strip", "Selling goes on.")
    made = [computer.sell(COFFEE, BREAD) for _ in range(4)]
    made += [computer.sell(BREAD, MILK, card=anna_card) for _ in range(4)]
    made += [computer.sell(BALSAM, card=anna_card, points=400) for _ in range(3)]
    made.append(computer.sell(BALSAM, card=berta_card, points=500))
    made += [computer.sell(*[BALSAM] * 4) for _ in range(2)]  # the big basket: 5 % off 51.60
    till.sees("#line-strip", "14 receipts to send, the oldest of")

    # Berta spends elsewhere meanwhile, where there is a line.
    shop.call(
        "POST", f"/v1/members/{berta}/adjustments", {"currency": "PTS", "amount": -400, "reason": "elsewhere"}
    )

    computer.switch_off()
    computer.switch_on(cut=True)
    computer.come_back()
    till, page = computer.till, computer.page
    till.sees("#line-strip", "14 receipts to send")
    made += [computer.sell(APPLES, MILK, card=anna_card) for _ in range(6)]
    till.sees("#line-strip", "20 receipts to send")
    assert receipts_of(shop, computer.name)[-1]["request"] == first

    computer.mend()
    kept = receipts_of(shop, computer.name)
    assert [one["request"] for one in kept] == [first, *made]
    counters = [one["counter"] for one in sorted(computer.kept()["answered"], key=lambda one: one["counter"])]
    assert counters == list(range(1, 21))
    assert computer.kept()["queue"] == []

    # Goods and discounts as they were sold.
    coffee_and_bread = 699 - 105 + 189
    assert [one["payable"] for one in kept[1:]] == (
        [coffee_and_bread] * 4 + [189 + 119] * 4 + [1290 - 400] * 3 + [1290 - 500] + [5160 - 258] * 2
        + [149 + 119] * 6
    )  # fmt: skip
    # Anna: 3,000, a point for each euro she paid (bread, coffee, 4 × 3.08, 3 × 8.90, 6 × 2.68), less 1,200.
    assert shop.balance(anna) == 3_000 + 1 + 5 + 4 * 3 + 3 * 8 + 6 * 2 - 1_200
    # Berta had 101 when the receipt came: what was missing is the store's, never hers.
    assert shop.balance(berta) == 7
    conflicts = shop.call("GET", "/v1/till/conflicts", store="teika")
    assert [(one["kind"], one["amount"]) for one in conflicts["items"]] == [("shortfall", 399)]
    assert conflicts["gaps"] == []
    assert findings(database_url, program_of(computer)) == []
    till.sees("#entry-form", "Scan or search goods")
    assert page.locator("#line-strip").is_hidden()


def program_of(computer: Computer) -> UUID:
    """The program of the page."""
    text = computer.page.evaluate("() => JSON.parse(document.getElementById('config').textContent).program")
    return ids.read("prg", text) if text.startswith("prg_") else UUID(text)
