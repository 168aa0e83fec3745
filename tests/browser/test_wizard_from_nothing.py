"""A database in which there is nothing: the first owner's address, the wizard, and the first test purchase."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from regulars import clock
from regulars.db.pool import Database, fetch_all
from regulars.flows.first_owner import first_door
from tests.api.conftest import PASSWORD
from tests.browser.conftest import Server, Shop, axe, environment
from tests.browser.test_wizard import buys_a_cappuccino

THERE_IS = """
SELECT (SELECT count(*) FROM program), (SELECT count(*) FROM staff), (SELECT count(*) FROM api_key)
"""


@pytest.fixture
def nothing(database_url: str, tmp_path: Path) -> Iterator[Shop]:
    """An installation as it is right after it was made: no program, nobody, no key."""
    server = Server(environment(database_url, tmp_path), tmp_path / "log")
    try:
        server.wait()
        yield Shop(server.address, "", "", tmp_path / "messages", server)
    finally:
        server.stop()


def read(database_url: str, work: Callable[[Database], Awaitable[Any]]) -> Any:
    """What the database says; playwright's own loop may be running in this thread."""

    async def asked() -> Any:
        async with Database(database_url, size=1) as database:
            return await work(database)

    with ThreadPoolExecutor(1) as aside:
        return aside.submit(lambda: asyncio.run(asked())).result()


async def counts(database: Database) -> tuple[int, ...]:
    """Programs, people of the staff, keys."""
    async with database.transaction(None) as tx:
        return tuple((await fetch_all(tx, THERE_IS))[0])


async def books(database: Database) -> list[tuple[Any, ...]]:
    """Of every purchase what was paid, and what it brought in points."""
    async with database.transaction(None) as tx:
        (program,) = (await fetch_all(tx, "SELECT id FROM program"))[0]
    async with database.transaction(program) as tx:
        return await fetch_all(
            tx,
            "SELECT p.turnover, sum(e.amount)::int FROM purchase p"
            " JOIN posting g ON g.purchase = p.id JOIN entry e ON e.posting = g.id"
            " WHERE e.source = 'issued' GROUP BY p.id, p.turnover",
        )


def test_from_an_empty_database_the_first_owner_comes_to_her_first_purchase(
    page: Page, nothing: Shop, database_url: str
) -> None:
    assert read(database_url, counts) == (0, 0, 0)
    page.goto(f"{nothing.address}/backoffice")
    page.wait_for_url("**/sign-in**")  # whoever comes by chance finds a closed door

    door = read(database_url, lambda database: first_door(database, clock.world()))
    page.goto(f"{nothing.address}/set-up/{door}?lang=en")
    page.fill("[name=name]", "Vija Bērziņa")
    page.fill("[name=email]", "vija@shop.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/trade")
    assert read(database_url, counts) == (0, 1, 0)
    assert read(database_url, lambda database: first_door(database, clock.world())) is None

    page.check("[value=cafe]")
    page.click("button.primary")
    page.wait_for_url("**/new/program")
    page.fill("[name=name]", "Kafejnīca Rīts")
    page.click("button.primary")
    page.wait_for_url("**/new/shops")
    page.fill("[name=shop]", "Teika")
    page.click("button.primary")
    page.wait_for_url("**/new/points")
    page.fill("[name=points]", "5")
    page.click("button.primary")
    page.wait_for_url("**/new/offers")
    page.uncheck("[value=happy-hour]")
    page.click("button.primary")
    page.wait_for_url("**/new/ready")
    assert read(database_url, counts) == (0, 1, 0), "until she says so nothing is made"
    expect(page.locator("dl.facts")).to_contain_text("promotions that may cost more than €500.00")
    axe(page)
    page.click("button.primary")
    page.wait_for_url("**/new/first")
    assert read(database_url, counts)[:2] == (1, 1)
    card = page.locator("[data-card]").inner_text()

    buys_a_cappuccino(page, nothing, card)
    assert read(database_url, books) == [(340, 17)]

    page.reload()
    assert page.locator("[data-card]").inner_text() == card, "what was made is made once"
    page.click("main form:not([target]) button")
    page.wait_for_url("**/backoffice")
    assert "Kafejnīca Rīts" in page.title()
    assert read(database_url, counts)[:2] == (1, 1)
