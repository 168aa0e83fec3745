"""The till with a receipt printer: paper by itself, vouchers on slips, what is said without paper; and training."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import BrowserContext, expect
from psycopg.sql import SQL, Identifier

from tests.browser import desk
from tests.browser.conftest import BALSAM, BREAD, COFFEE, MILK, Shop, Till, axe
from tests.browser.test_walk import Views, Walker, named, walker
from tests.browser.watching import eventually
from tests.printer import Printer, standing

__all__ = ["walker"]
pytest.importorskip("escpos")
TRAINING = "TRAINING: not a receipt"
OUT_OF_PAPER, WELL = 0x72, 0x12


@pytest.fixture(scope="module")
def printer(shop: Shop) -> Iterator[Printer]:
    """The printer of till 7, with a drawer."""
    with standing() as made:
        here = {"store": "teika", "till": "7", "host": "127.0.0.1", "port": made.port, "drawer": True}
        shop.call("PATCH", "/v1/program", {"settings": {"tills": {"printers": [here]}}})
        yield made


@pytest.fixture(autouse=True)
def well(printer: Printer) -> None:
    """With paper in it, and nothing printed yet."""
    printer.states[4] = WELL
    printer.jobs.clear()


@pytest.fixture
def till(printer: Printer, till: Till) -> Till:
    """Opened when the printer is there."""
    return till


def pays(till: Till, cash: str = "") -> None:
    """Take the payment of what is on the receipt."""
    till.press("F9")
    till.type(cash)
    till.press("Enter")


def test_the_receipt_comes_out_by_itself_and_the_drawer_opens_for_cash_alone(
    till: Till, shop: Shop, printer: Printer
) -> None:
    _, card, _ = shop.member("Līga Bērziņa", points=50)
    till.buy(COFFEE, MILK)
    till.scan(card)
    till.sees("#customer-name", "Līga")
    till.sees("#benefits", "+7 points")
    pays(till, "10")
    till.sees("#view-done", "Printed.")
    axe(till.page)

    [paper] = printer.papers
    for part in ("Dzintars", "Teika", "Coffee beans, 500 g", "Discount -€1.05", "To pay €7.13", "Cash €10.00",
                 "Change €2.87", "Līga B.", "You got +7 points", "You have 57 points"):  # fmt: skip
        assert part in paper.text, paper.text
    receipt = till.page.locator("#view-done .paper footer span").first.text_content()
    assert paper.codes == [("code128", receipt)]
    assert (paper.cuts, paper.pulses) == (1, 1)
    assert all(len(line) <= 48 for line in paper.lines)

    till.press("p")  # once more, and the drawer stays shut
    eventually(lambda: len(printer.papers) == 2, "it is not printed again")
    till.sees("#view-done", "Printed.")
    till.press("Enter")
    till.buy(BREAD)
    till.due("€1.89")
    pays(till)
    till.sees("#view-done", "Printed.")
    assert [(one.cuts, one.pulses) for one in printer.papers] == [(1, 1), (1, 0), (1, 0)]


def test_without_paper_it_is_said_and_the_purchase_stands(till: Till, shop: Shop, printer: Printer) -> None:
    page = till.page
    page.evaluate("() => { window.print = () => { window.printed = (window.printed ?? 0) + 1; }; }")
    printer.states[4] = OUT_OF_PAPER
    till.buy(MILK)
    pays(till)
    till.sees(
        "#paper-fault", "The receipt is not printed. The receipt printer is out of paper. Put in a new roll"
    )
    axe(page)
    receipt = page.locator("#view-done .paper footer span").first.text_content()
    assert [one["status"] for one in shop.call("GET", "/v1/purchases", request=receipt)["items"]] == [
        "recorded"
    ]

    page.get_by_role("button", name="Print in the browser").click()
    page.wait_for_function("() => window.printed === 1")
    printer.states[4] = WELL
    page.get_by_role("button", name="Print again").click()
    till.sees("#view-done", "Printed.")
    assert [one.cuts for one in printer.papers] == [1]
    assert page.locator("#paper-fault").count() == 0


def test_the_switch_keeps_the_printer_still_until_it_is_asked(till: Till, printer: Printer) -> None:
    till.buy(MILK)
    pays(till)
    till.sees("#view-done", "Printed.")
    till.page.get_by_role("button", name="Prints by itself").click()
    till.press("Enter")
    till.buy(BREAD)
    till.due("€1.89")
    pays(till, "5")
    till.sees("#view-done", "Change to give: €3.11")
    eventually(lambda: len(printer.papers) == 2, "the drawer is not opened")
    assert [(one.cuts, one.pulses) for one in printer.papers] == [(1, 0), (0, 1)]
    expect(till.page.locator("#view-done .hint")).to_have_count(0)  # it has answered
    till.press("p")
    till.sees("#view-done", "Printed.")
    assert [one.cuts for one in printer.papers] == [1, 0, 1]


def test_a_voucher_that_comes_with_the_purchase_is_a_slip_of_its_own(
    till: Till, shop: Shop, printer: Printer
) -> None:
    worth = {"gives": {"kind": "value", "amount": 500}}
    batch = {"name": "five", "pattern": "FIVE-####-####", "count": 9, "definition": worth}
    shop.call("POST", "/v1/voucher-batches", batch | {"until": "2030-06-30T18:00:00Z"})
    gives = {"kind": "voucher", "voucher": "five", "cost": 500, "goods": {"skus": ["balsam"]}}
    document = {"name": "A voucher with balsam", "group": "points", "benefits": [gives]}
    made = shop.call("POST", "/v1/promotions", document)
    shop.call("POST", f"/v1/promotions/{made['id']}/publish")
    try:
        till.buy(BALSAM)
        till.due("€12.90")
        pays(till)
        till.sees("#view-done", "Printed.")
        [paper] = printer.papers
        assert paper.cuts == 2
        (_, claim), (_, code) = paper.codes[1:]
        assert "/claim?" in claim  # nobody showed a card: the receipt can be added afterwards
        assert re.fullmatch(r"FIVE-\w{4}-\w{4}", code)
        assert code in paper.lines
        till.sees("#view-done .paper", code)
        assert "Good until 30/06/2030" in paper.text
    finally:
        shop.call("POST", f"/v1/promotions/{made['id']}/stop")


def test_the_drawer_is_opened_with_a_reason(till: Till, shop: Shop, printer: Printer) -> None:
    till.page.click("#drawer-open")
    axe(till.page)
    till.type("change")
    till.press("Enter")
    till.sees("#said", "The drawer is open. Who opened it and why is noted.")
    assert [one.pulses for one in printer.papers] == [1]
    told = shop.call("GET", "/v1/audit", action="drawer.opened")["items"]
    assert [(one["subject"], one["why"], one["after"]) for one in told] == [
        ("teika/7", "change", {"cashier": "c-12"})
    ]


def rows(database_url: str) -> dict[str, int]:
    """How many rows each table has, but for sessions."""
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return {
            name: count
            for (name,) in tables
            if name not in ("session",) and not name.startswith("procrastinate")
            for (count,) in connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(name)))
        }


def test_a_day_of_training_leaves_no_row_anywhere(
    till: Till, shop: Shop, printer: Printer, database_url: str
) -> None:
    _, card, member = shop.member("Zane Kalniņa", points=300)
    till.buy(BREAD)
    pays(till)
    till.sees("#view-done", "Printed.")
    till.press("Enter")
    before = rows(database_url)
    printer.jobs.clear()

    till.page.click("#train")
    till.page.wait_for_selector(".training")
    till.page.wait_for_selector("html[data-ready]")
    axe(till.page)
    till.buy(COFFEE, MILK)
    till.scan(card)
    till.sees("#customer-name", "Zane")
    till.press("F8")
    till.type("100")
    till.press("Enter")
    till.due("€6.13")
    pays(till, "10")
    till.sees("#view-done", "Training: nothing was recorded")
    till.sees("#view-done", "Change to give: €3.87")
    till.sees("#view-done .paper", TRAINING)
    till.sees("#view-done", "Printed.")
    [paper] = printer.papers
    assert paper.lines[0].strip() == paper.lines[-1].strip() == TRAINING
    assert paper.pulses == 1
    axe(till.page)

    till.press("Enter")
    till.buy(MILK)
    till.press("Insert")  # putting aside would reserve something
    till.sees("#said", "This till is in training.")
    till.page.reload()
    till.due("€1.19")
    till.press("PageDown")
    till.page.wait_for_selector("#view-receipts .rows .row")
    till.page.locator("#view-receipts .rows .row").first.press("Enter")
    till.page.get_by_role("button", name="Everything").press("Enter")
    till.sees("#next", "€1.89")
    till.press("F9")
    till.page.wait_for_selector("#view-receipts .tick")
    till.press("Enter", "F4")
    till.type("26 777 888")
    till.press("Enter")
    till.page.wait_for_selector("#enrol-form:not([hidden])")
    till.press("Enter")
    till.sees("#said", "This till is in training.")

    assert rows(database_url) == before
    assert shop.balance(member) == 300
    till.page.get_by_role("button", name="End the training").click()
    till.page.wait_for_selector("html[data-ready] #train")
    assert till.page.locator(".training").count() == 0
    assert till.page.is_visible("#lines-empty")  # what was practised is not on the real receipt
    till.buy(MILK)
    pays(till)
    till.sees("#view-done", "Recorded")
    till.sees("#view-done", "Printed.")  # its paper is not the next test's


def test_the_line_that_goes_down_in_training_queues_nothing(
    context: BrowserContext, shop: Shop, printer: Printer, database_url: str
) -> None:
    context.route(
        "**/v1/till/**", lambda route: route.abort()
    )  # a new till: it trains before it has a snapshot
    till = Till(context.new_page(), shop).open()
    page = till.page
    page.click("#train")
    page.wait_for_selector(".training")
    page.wait_for_selector("html[data-ready]")
    till.buy(MILK)
    till.due("€1.19")
    before = rows(database_url)
    page.context.set_offline(True)
    till.sees("#line-strip", "No line")
    till.due("€1.19")
    pays(till)
    till.sees("#view-done", "Training: nothing was recorded")
    till.sees("#paper-fault", "The server cannot be reached, and with it the receipt printer.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Print again").click()
    till.sees("#view-done", "Printed.")
    assert [one.cuts for one in printer.papers] == [1]
    assert rows(database_url) == before


LOOKED_AT = [Views("lv", ("1024",)), Views("ru", ("1280",)), Views("hu", ("1024",)), Views("et", ("390",))]


@pytest.mark.parametrize("walker", LOOKED_AT, indirect=True, ids=named)
def test_training_and_a_printer_without_paper_can_be_shown_to_anybody(
    walker: Walker, shop: Shop, printer: Printer
) -> None:
    page = walker.page
    page.goto(f"{shop.address}/sign-in?lang={walker.language}&next=/till")
    page.fill("[name=key]", shop.till_key)
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=till]")
    page.fill("[name=till]", "7")
    page.check("[name=training]")
    walker.look("till-place-training")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    assert walker.scales.faults() == []
    till = Till(page, shop)
    till.buy(COFFEE, BREAD)
    walker.look("till-training")
    page.click("#drawer-open")
    walker.look("till-drawer")
    till.press("Escape")
    printer.states[4] = OUT_OF_PAPER
    till.press("F9")
    till.type("20")
    till.press("Enter")
    page.wait_for_selector("#paper-fault")
    walker.look("till-done-no-paper")
    page.click(".training button")
    page.wait_for_selector("#train")
    page.wait_for_selector("html[data-ready]")
    walker.look("till-after-training")


@pytest.mark.parametrize("walker", [Views("ru", ("1280",)), Views("lv", ("390",))], indirect=True, ids=named)
def test_the_printers_in_the_set_up_can_be_shown_to_anybody(
    walker: Walker, shop: Shop, printer: Printer, database_url: str
) -> None:
    page = walker.page
    desk.sign_in(page, shop, desk.add_staff(shop, database_url, "owner"), walker.language)
    page.goto(f"{shop.address}/backoffice/setup/printers")
    walker.look("office-printers")
    page.locator("form[action$=test] button").click()
    page.wait_for_selector(".note.good")
    assert [one.cuts for one in printer.papers] == [1]
    printer.states[4] = OUT_OF_PAPER
    page.locator("form[action$=test] button").click()
    page.wait_for_selector(".note.bad")
    walker.look("office-printers-no-paper")
    page.goto(f"{shop.address}/backoffice/setup/printers/edit?store=teika&till=7")
    walker.look("office-printer")
