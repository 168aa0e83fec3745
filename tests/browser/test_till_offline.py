"""The till without the line: a day of it, and what a till does and does not do then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Browser, Route

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.check_ledger import check_ledger
from tests.browser.conftest import APPLES, BALSAM, BREAD, COFFEE, MILK, Shop
from tests.browser.offline import Computer, Shows, buys_here, phone_of, receipts_of, switched_on
from tests.browser.watching import eventually

TAKEN = """async (code) => {
    const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
    const read = modules["shared/dynamic_code.js"].read(code);
    return modules["till/offline/store.js"].takeCode(read, Date.now() / 1000);
}"""
"""A window of this computer takes a phone's code: whether it was new."""


@pytest.fixture
def computer(browser: Browser, shop: Shop, tmp_path: Path) -> Iterator[Computer]:
    """A till's computer, switched on."""
    with switched_on(browser, shop, tmp_path) as made:
        yield made


def findings(database_url: str, program: UUID) -> list[Any]:
    """What is wrong with the books; nothing is right."""

    async def check() -> list[Any]:
        async with Database(database_url) as database:
            return list(await check_ledger(database, program))

    with ThreadPoolExecutor(1) as aside:  # playwright's own loop may be running in this thread
        return aside.submit(lambda: asyncio.run(check())).result()


def test_the_offline_day(computer: Computer, shop: Shop, database_url: str, administrator_url: str) -> None:
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

    killed_in_the_middle(computer, shop, administrator_url)
    computer.sent()
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


@pytest.fixture
def careful(shop: Shop) -> Iterator[None]:
    """The program lets little be spent with the card alone, and nothing for balsam."""
    before = shop.call("GET", "/v1/program")["settings"]
    balsam = {"excluded_goods": {"spending": {"skus": ["balsam"]}}}
    settings = {"proof_above_a_day": 200, "offline": {**before["offline"], "spend_per_member": 900}, **balsam}
    shop.call("PATCH", "/v1/program", {"settings": settings})
    yield
    shop.call("PATCH", "/v1/program", {"settings": {name: before[name] for name in settings}})


@pytest.mark.usefixtures("careful")
def test_the_phone_pays_more_than_the_card_and_neither_for_goods_that_the_program_leaves_out(
    computer: Computer, shop: Shop
) -> None:
    show, card, member = begun_with(computer, shop, "Cilda Liepa")
    cut_and_scanned(computer, card)
    till, page = computer.till, computer.page
    computer.scan_goods(BALSAM)
    spend(computer, "100")
    till.sees("#spend-refused", "Points do not pay for these goods.")
    assert page.is_disabled("#next")
    computer.scan_goods(BREAD)
    till.sees("#spend-amount", "100 points = €1.00")
    page.click("#spend-clear")
    spend(computer)
    till.sees("#spend-amount", "189 points = €1.89")  # the bread, and no cent of the balsam
    till.due("€12.90")
    made = [paid(computer)]

    till.scan(card)
    till.sees("#customer-balance", "11 points may be spent now")
    computer.scan_goods(COFFEE)
    spend(computer, "500")
    till.sees("#spend-refused", "Without the line fewer points may be spent here.")
    till.scan(show())
    till.sees("#spend-amount", "500 points = €5.00")
    made.append(paid(computer))

    # A code proves for a minute: the till asks for another one before it lets more be spent than can be proved.
    computer.scan_goods(COFFEE)
    till.scan(show())
    till.sees("#customer-balance", "211 points may be spent now")
    spend(computer)
    till.sees("#spend-amount", "211 points = €2.11")
    till.press("F9")
    page.wait_for_selector("#view-pay:not([hidden])")
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 60_000; globalThis.right = now; }")
    page.click("#next")
    till.sees("#said", "Without the line fewer points may be spent here.")
    till.sees("#spend-refused", "The code of the phone has run out.")
    till.due("€5.94")
    assert len(computer.kept()["queue"]) == 2
    page.evaluate("() => { Date.now = globalThis.right; }")
    till.scan(show())
    till.due("€3.83")
    made.append(paid(computer))

    computer.mend()
    kept = receipts_of(shop, computer.name)
    assert [(one["request"], one["payable"]) for one in kept] == [
        (made[0], 1290), (made[1], 94), (made[2], 383),
    ]  # fmt: skip
    # 189 + 500 + 211 = 900 spent; a point for each euro that was paid, with the bread of before.
    assert shop.balance(member) == 5_000 - 900 + 1 + 12 + 0 + 3
    assert of_these(shop, kept) == []


@pytest.mark.usefixtures("careful")
def test_a_code_that_paid_without_the_line_is_refused_after_the_computer_was_off(
    computer: Computer, shop: Shop
) -> None:
    show, card, member = begun_with(computer, shop, "Vilma Krūze")
    cut_and_scanned(computer, card)
    computer.scan_goods(COFFEE)
    spend(computer, "500")
    code = show(ahead_seconds=45)  # it is none any more a minute after its time: a restart may take longer
    computer.till.scan(code)
    computer.till.sees("#spend-amount", "500 points = €5.00")
    paid(computer)
    computer.switch_off()
    computer.switch_on(cut=True)
    computer.come_back()
    computer.till.sees("#line-strip", "1 receipt to send")
    computer.till.scan(code)
    computer.till.sees("#said", "This code was used already.")
    computer.mend()
    assert len(receipts_of(shop, computer.name)) == 1
    assert shop.balance(member) == 4_501


@pytest.mark.usefixtures("careful")
def test_a_code_that_another_window_took_pays_no_more_and_the_next_one_does(
    computer: Computer, shop: Shop
) -> None:
    show, card, member = begun_with(computer, shop, "Zelma Ozere")
    other = computer.context.new_page()
    other.goto(f"{shop.address}/till")
    other.wait_for_selector("html[data-ready]")
    cut_and_scanned(computer, card)
    till, page = computer.till, computer.page
    computer.scan_goods(COFFEE)
    spend(computer, "500")
    code = show(ahead_seconds=45)
    till.scan(code)
    till.sees("#spend-amount", "500 points = €5.00")
    assert other.evaluate(TAKEN, code)
    till.press("F9")
    page.wait_for_selector("#view-pay:not([hidden])")
    page.click("#next")
    till.sees("#said", "This code was used already.")
    till.sees("#spend-refused", "Without the line fewer points may be spent here.")
    till.due("€5.94")
    assert computer.kept()["queue"] == []

    till.scan(show())
    till.sees("#spend-amount", "500 points = €5.00")
    made = paid(computer)
    other.close()
    computer.mend()
    kept = receipts_of(shop, computer.name)
    assert [(one["request"], one["payable"]) for one in kept] == [(made, 94)]
    assert shop.balance(member) == 5_000 - 500 + 1


@pytest.mark.usefixtures("careful")
def test_what_a_phone_paid_in_flight_is_its_members_to_pay_when_the_code_is_too_old_for_the_server(
    computer: Computer, shop: Shop
) -> None:
    show, card, member = begun_with(computer, shop, "Dace Krūmiņa", points=700)
    till, page = computer.till, computer.page

    def cut_in_the_middle(route: Route) -> None:
        computer.context.set_offline(True)
        route.abort()

    def too_old(route: Route) -> None:  # an outage lasts longer than the minute of a code
        page.unroute("**/v1/purchases/batch")
        route.fulfill(json={"items": [{"status": 403, "problem": {"code": "proof_wrong"}}]})

    page.route("**/v1/purchases", cut_in_the_middle)
    page.route("**/v1/purchases/batch", too_old)
    till.scan(show())
    till.sees("#customer-name", "Dace")
    computer.scan_goods(COFFEE)
    spend(computer, "500")
    till.sees("#spend-amount", "500 points = €5.00")
    made = paid(computer)

    till.scan(card)
    till.sees("#customer-card", "Points when the line is back")
    assert page.is_disabled("#spend-open"), "what is in flight may be spent already"
    till.press("F2")
    computer.mend()

    kept = receipts_of(shop, computer.name)
    assert [(one["request"], one["payable"]) for one in kept] == [(made, 94)]
    assert shop.balance(member) == 700 - 500 + 1
    assert of_these(shop, kept) == []


def begun_with(computer: Computer, shop: Shop, name: str, points: int = 5_000) -> tuple[Shows, str, str]:
    """Selling has begun where a member with a phone buys: what shows her code, her card, and who she is."""
    number, card, member = shop.member(name, points=points)
    show = phone_of(shop, number, member)
    buys_here(shop, card)
    computer.begin()
    return show, card, member


def cut_and_scanned(computer: Computer, card: str) -> None:
    """The line is away, and the customer of this card stands there."""
    computer.cut()
    computer.till.scan(card)
    computer.till.sees("#customer-balance", "200 points may be spent now")


def spend(computer: Computer, points: str = "") -> None:
    """Ask for so many points, or for as many as possible."""
    computer.till.press("F8")
    computer.page.fill("#spend", points)
    computer.page.click("#spend-form button[type=submit]")
    computer.page.wait_for_selector("#spend-on:not([hidden])")


def paid(computer: Computer) -> str:
    """Take what is left to pay; the receipt's number."""
    computer.pay()
    request = computer.page.locator(".paper-frame").inner_text().split()[-1]
    computer.page.click("#next")
    computer.page.wait_for_selector("#view-sell:not([hidden])")
    return request


def of_these(shop: Shop, purchases: list[dict[str, Any]]) -> list[Any]:
    """What did not agree of these purchases."""
    ids_of = {one["id"] for one in purchases}
    found = shop.call("GET", "/v1/till/conflicts", store="teika")["items"]
    return [(one["kind"], one["amount"]) for one in found if one.get("purchase") in ids_of]


def killed_in_the_middle(computer: Computer, shop: Shop, administrator_url: str) -> None:
    """The line is back; while the server writes the receipts it is killed, and started again."""
    server = shop.server
    assert server is not None
    with psycopg.connect(administrator_url) as held:
        held.execute("LOCK TABLE offline_receipt IN EXCLUSIVE MODE")  # the batch comes so far, and waits
        computer.context.set_offline(False)
        waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'offline_receipt'::regclass"
        eventually(lambda: held.execute(waits).fetchone(), "the receipts were not sent")
        server.kill()
        held.rollback()
    computer.page.wait_for_function("() => document.body.dataset.line === 'down'")
    assert len(computer.kept()["queue"]) == 20
    server.start_again()


def program_of(computer: Computer) -> UUID:
    """The program of the page."""
    text = computer.page.evaluate("() => JSON.parse(document.getElementById('config').textContent).program")
    return ids.read("prg", text) if text.startswith("prg_") else UUID(text)
