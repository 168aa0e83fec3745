"""What looks unusual at a till, in a real browser: in the list with its reason, decided with a word, and told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.flows.watch_tills import watch_tills
from tests.browser.conftest import Shop
from tests.browser.desk import Size, add_staff, aside, at_desk, look
from tests.browser.watching import WAIT_SECONDS

RECEIPTS = 12
CASHIER = "c-44"
HONEST = "c-12"
SIZES: tuple[Size, ...] = ((1600, "light"), (768, "dark"), (390, "light"))


def at_till(shop: Shop, path: str, body: Any) -> Any:
    """A call with the till's key that must succeed."""
    headers = {"Authorization": f"Bearer {shop.till_key}", "Idempotency-Key": uuid4().hex}
    answer = httpx.post(shop.address + path, json=body, headers=headers, timeout=WAIT_SECONDS)
    assert answer.is_success, answer.text
    return answer.json()


def ring_up(shop: Shop, cashier: str, card: str | None, minutes_ago: int, number: str) -> str:
    """A receipt of today; its id."""
    bought = {
        "id": uuid4().hex, "store": "teika", "till": "8", "cashier": cashier, "receipt_number": number,
        "currency": "EUR", "purchased_at": (clock.world() - timedelta(minutes=minutes_ago)).isoformat(),
        "lines": [{"line": 1, "sku": "bread", "name": "Rye bread", "quantity": "1", "unit_price": 1000}],
        **({"card": card} if card else {}),
    }  # fmt: skip
    return at_till(shop, "/v1/purchases", bought)["id"]


@pytest.fixture(scope="module")
def watched(shop: Shop, database_url: str) -> Shop:
    """A till where one card stands on twelve receipts and goods of four come back at once; an honest cashier beside."""
    _, card, _ = shop.member("Zane Ozoliņa")
    sold = [ring_up(shop, CASHIER, card, 0, f"Z-{n}") for n in range(RECEIPTS)]
    for purchase in sold[:4]:
        back = {
            "id": uuid4().hex, "lines": [{"line": 1, "quantity": "1"}], "cashier": CASHIER,
            "returned_at": clock.world().isoformat(),
        }  # fmt: skip
        at_till(shop, f"/v1/purchases/{purchase}/returns", back)
    for number in range(5):
        ring_up(shop, HONEST, shop.member(f"Guest {number}")[1], 0, f"H-{number}")

    async def watch() -> None:
        program = ids.read("prg", shop.call("GET", "/v1/program")["id"])
        async with Database(database_url, size=2) as database:
            assert await watch_tills(database, program, clock.world()) == 2

    aside(watch())
    return shop


@pytest.fixture
def page(context: BrowserContext, watched: Shop, database_url: str) -> Iterator[Page]:
    """The owner's; nothing may stand in the console at the end."""
    with at_desk(context, watched, add_staff(watched, database_url, "owner", name="Maija")) as opened:
        yield opened


@pytest.mark.full
def test_the_pages_of_findings_are_whole_at_every_width(page: Page, watched: Shop) -> None:
    (finding, *_) = watched.call("GET", "/v1/findings")["items"]
    for path in ("/watch", f"/watch/{finding['id']}", f"/watch/cashier?store=teika&cashier={CASHIER}"):
        for width, scheme in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{watched.address}/backoffice/review{path}")
            look(page, f"findings{path.partition('?')[0][:12].replace('/', '-')}-{width}-{scheme}")


@pytest.mark.scenario("S30")
def test_the_cashiers_own_card_is_seen_with_its_reason_decided_and_told(page: Page, watched: Shop) -> None:
    page.goto(f"{watched.address}/backoffice/review/watch")
    articles = page.locator("article")
    expect(articles).to_have_count(2)
    card = articles.filter(has_text="One card again and again")
    expect(card).to_contain_text(
        "A card was shown on 12 receipts of one till on one day, over €120.00 in all."
    )
    expect(articles.filter(has_text="Goods back soon after they were sold")).to_contain_text(
        "4 receipts came back shortly after they were rung up; €40.00 were paid out."
    )
    assert page.get_by_text(HONEST).count() == 0, "an honest cashier is not named"
    card.get_by_role("link", name="One card again and again").click()
    page.wait_for_url("**/review/watch/fnd_*")
    finding = page.url.rpartition("/")[2]
    expect(page.locator("article summary")).to_have_text("12 receipts and postings to look at")
    expect(page.locator(".evidence a:visible")).to_have_count(RECEIPTS)
    page.get_by_role("link", name=CASHIER).click()
    expect(page.get_by_role("heading", name=f"{CASHIER} beside her colleagues")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="Receipts").first).to_contain_text("12")
    expect(rows.filter(has_text="Returns for each hundred receipts")).to_contain_text("33.3%")
    expect(page.locator("[aria-labelledby=found] li")).to_have_count(2)
    page.go_back()
    page.get_by_role("button", name="A case").click()
    assert page.url.endswith(finding), "it is not decided without a word"
    page.get_by_label("What you found").fill("her own card, says the shop manager")
    page.get_by_role("button", name="A case").click()
    expect(page.locator("#notice")).to_contain_text("It is written down.")
    expect(articles).to_have_count(1)
    page.goto(f"{watched.address}/backoffice/review/watch/{finding}")
    expect(page.locator("article")).to_contain_text("her own card, says the shop manager")
    page.get_by_role("link", name="In the audit trail").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Maija")
    expect(row).to_contain_text("Finding: decided")
    row.locator(".when a").click()
    expect(page.locator(".facts")).to_contain_text("her own card, says the shop manager")
    page.get_by_role("link", name="Open its page").click()
    page.wait_for_url(f"**/review/watch/{finding}")
