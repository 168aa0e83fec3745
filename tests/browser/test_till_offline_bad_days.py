"""The bad days of a till without the line: two windows, a wrong clock, no room, old or forged data, no session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.conftest import BALSAM, BREAD, COFFEE, MILK, Shop, Till, axe
from tests.browser.offline import Computer, buys_here, receipts_of, switched_on


@pytest.fixture
def computer(browser: Browser, shop: Shop, tmp_path: Path) -> Iterator[Computer]:
    """A till's computer that is ready for the line to go down."""
    with switched_on(browser, shop, tmp_path) as made:
        made.begin()
        yield made


def test_the_second_window_of_a_till_says_so_and_takes_over_with_the_receipt(
    computer: Computer, shop: Shop
) -> None:
    first = computer.page
    computer.cut()
    computer.scan_goods(BREAD)
    second = computer.context.new_page()
    second.goto(f"{shop.address}/till")
    other = Till(second, shop)
    other.sees("#elsewhere", "This till is open in another window")
    assert first.locator("#elsewhere").is_hidden()

    second.click("#take-over")
    second.wait_for_selector("#elsewhere", state="hidden")  # it begins anew
    second.wait_for_selector("html[data-ready]")
    other.sees("#lines", "Rye bread")
    other.sees("#due-amount", "€1.89")
    computer.till.sees("#elsewhere", "This till is open in another window")
    computer.till.scan(MILK)  # nothing is done in a window that does not sell

    computer.till = other
    requests = [_pay(computer), computer.sell(MILK)]
    computer.mend()
    assert [(one["request"], one["payable"]) for one in receipts_of(shop, computer.name)] == [
        (requests[0], 189), (requests[1], 119),
    ]  # fmt: skip
    assert sorted(one["counter"] for one in computer.kept()["answered"]) == [1, 2]


def _pay(computer: Computer) -> str:
    computer.pay()
    request = computer.page.locator(".paper-frame").inner_text().split()[-1]
    computer.page.click("#next")
    return request


def test_an_answer_that_was_under_way_when_the_cable_was_pulled_is_not_believed_for_long(
    computer: Computer,
) -> None:
    page = computer.page
    with page.expect_response("**/health/live") as under_way:
        page.evaluate(
            "() => { Object.defineProperty(navigator, 'onLine', { get: () => false });"
            " window.dispatchEvent(new Event('offline')); }"
        )
    assert under_way.value.ok
    page.route("**/health/live", lambda route: route.abort())
    page.wait_for_function("() => document.body.dataset.line === 'down'")
    assert computer.kept()["queue"] == []


def test_a_line_that_goes_down_between_two_customers_is_seen_before_the_next_one(computer: Computer) -> None:
    page = computer.page
    page.clock.install()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    computer.ready()
    page.route("**/health/live", lambda route: route.abort())
    page.clock.fast_forward(46_000)
    page.wait_for_function("() => document.body.dataset.line === 'down'")
    assert computer.kept()["queue"] == []


def test_a_clock_an_hour_wrong_is_told_and_the_receipt_is_booked_at_its_right_time(
    browser: Browser, shop: Shop, tmp_path: Path
) -> None:
    computer = Computer(browser, shop, tmp_path)
    computer.context.add_init_script(
        "{ const now = Date.now; Date.now = () => now() + 3_600_000;"
        " Date = new Proxy(Date, { construct: (D, a) => a.length ? new D(...a) : new D(now() + 3_600_000) }); }"
    )
    computer.begin()
    computer.cut()
    before = datetime.now(UTC)
    request = computer.sell(COFFEE)
    computer.mend()
    kept = shop.call("GET", "/v1/purchases", request=request)["items"][0]
    booked = datetime.fromisoformat(kept["purchased_at"])
    assert abs(booked - before) < timedelta(minutes=5)
    conflicts = _conflicts(shop, request)
    assert conflicts == ["clock_wrong"]
    computer.switch_off()


def test_without_room_the_sale_is_refused_before_the_money_is_taken(computer: Computer, shop: Shop) -> None:
    computer.cut()
    computer.switch_off()
    computer.switch_on(cut=True)  # a browser that runs believes for a while that there is room
    session = computer.context.new_cdp_session(computer.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": shop.address, "quotaSize": 1})
    computer.come_back()
    computer.till.sees("#line-strip", "Selling goes on.")
    computer.scan_goods(BREAD)
    computer.page.wait_for_selector("#next:not(:disabled)")
    computer.till.press("F9")
    computer.till.sees("#said", "This computer cannot keep another receipt.")
    assert computer.page.is_visible("#view-sell")
    assert computer.kept()["queue"] == []

    session.send("Storage.overrideQuotaForOrigin", {"origin": shop.address})
    request = _pay(computer)
    computer.mend()
    assert [one["request"] for one in receipts_of(shop, computer.name)] == [request]


def test_data_three_days_old_sells_goods_without_offers_and_points(computer: Computer, shop: Shop) -> None:
    _, card, _ = shop.member("Old Data", points=900)
    buys_here(shop, card)
    computer.page.reload()
    computer.ready()
    computer.cut()
    computer.switch_off()
    computer.switch_on(cut=True)
    computer.context.add_init_script(
        "{ const now = Date.now; const later = 4 * 86_400_000; Date.now = () => now() + later;"
        " Date = new Proxy(Date, { construct: (D, a) => a.length ? new D(...a) : new D(now() + later) }); }"
    )
    computer.come_back()
    computer.till.sees("#line-strip", "offers and points are left out")
    computer.till.scan(card)
    computer.page.wait_for_selector("#customer-card:not([hidden])")
    computer.scan_goods(COFFEE)
    computer.till.due("€6.99")
    assert computer.page.is_disabled("#spend-open")
    assert computer.page.locator("#customer-balance").inner_text() == ""


def test_data_that_somebody_changed_is_refused_and_nothing_is_sold_by_it(computer: Computer) -> None:
    name = f"snapshot:teika/{computer.name}"
    computer.kept({"name": name, "before": '"price":189', "after": '"price":9'})
    computer.cut()
    computer.switch_off()
    computer.switch_on(cut=True)
    computer.come_back()
    computer.till.sees("#line-strip", "was changed by somebody and is not used")
    computer.till.scan(BREAD)
    computer.till.sees("#said", "The server cannot be reached.")
    assert computer.page.locator("#lines li").count() == 0


def test_newer_data_that_was_changed_on_its_way_is_refused_and_the_one_before_serves(
    computer: Computer,
) -> None:
    def change(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["body"] = body["body"].replace('"price":189', '"price":9')
        route.fulfill(response=answer, json=body)

    before = [kept for kept in computer.kept()["meta"] if isinstance(kept, dict) and "signature" in kept]
    computer.sell(BREAD)
    computer.page.route("**/v1/till/snapshot*", change)
    computer.cut()
    computer.sell(BREAD)
    with computer.page.expect_response("**/v1/till/snapshot*") as sent:
        computer.mend()
    sent.value.finished()
    computer.cut()
    computer.till.sees("#line-strip", "changed on its way and is not used")
    computer.scan_goods(BREAD)
    computer.till.due("€1.89")
    after = [kept for kept in computer.kept()["meta"] if isinstance(kept, dict) and "signature" in kept]
    assert after == before


def test_a_session_that_ended_keeps_the_queue_asks_for_the_sign_in_and_sends_then(
    computer: Computer, shop: Shop
) -> None:
    computer.cut()
    request = computer.sell(BREAD, MILK)
    computer.context.clear_cookies()
    computer.context.set_offline(False)
    computer.till.sees("#line-strip", "You are signed out.")
    assert receipts_of(shop, computer.name) == []

    computer.till.open(computer.name)
    computer.sent()
    assert [one["request"] for one in receipts_of(shop, computer.name)] == [request]
    computer.page.wait_for_selector("#line-strip", state="hidden")


def test_a_receipt_that_is_answered_twice_is_there_once(computer: Computer, shop: Shop) -> None:
    lost: list[Any] = []

    def lose_first_answer(route: Route) -> None:
        lost.append(route.request.post_data_json)
        if len(lost) == 1:
            route.fetch()  # the server did it; the till never hears of it
            route.abort()
        else:
            route.continue_()

    computer.cut()
    requests = [computer.sell(BREAD), computer.sell(MILK)]
    computer.page.route("**/v1/purchases/batch", lose_first_answer)
    computer.context.set_offline(False)
    computer.till.sees("#line-strip", "2 receipts to send")
    computer.page.evaluate("() => window.dispatchEvent(new Event('online'))")
    computer.till.press("PageUp")
    computer.page.click("#open-queue")
    computer.page.click("#next")
    computer.sent()
    assert lost[0] == lost[1]
    assert [one["request"] for one in receipts_of(shop, computer.name)] == requests
    assert _conflicts(shop, *requests) == []


@pytest.mark.parametrize("arrived", [True, False], ids=["it had arrived", "it never arrived"])
def test_a_purchase_in_flight_when_the_line_goes_down_is_one_receipt(
    computer: Computer, shop: Shop, arrived: bool
) -> None:
    def cut_in_the_middle(route: Route) -> None:
        if arrived:
            route.fetch()
        computer.context.set_offline(True)
        route.abort()

    computer.page.route("**/v1/purchases", cut_in_the_middle)
    computer.scan_goods(BALSAM)
    computer.page.wait_for_selector("#next:not(:disabled)")
    computer.till.press("F9")
    computer.page.wait_for_selector("#view-pay:not([hidden])")
    computer.page.click("#next")
    computer.till.sees("#view-done", "Kept, will be sent")
    computer.page.unroute("**/v1/purchases")
    computer.page.click("#next")
    after = computer.sell(BREAD)
    computer.mend()
    kept = receipts_of(shop, computer.name)
    assert [one["payable"] for one in kept] == [1290, 189]
    assert kept[1]["request"] == after
    assert [one["counter"] for one in computer.kept()["answered"] if one["request"] == after] == [1]


@pytest.mark.parametrize("arrived", [True, False], ids=["it had arrived", "it never arrived"])
def test_a_return_in_flight_when_the_line_goes_down_is_done_once(
    computer: Computer, shop: Shop, arrived: bool
) -> None:
    tries: list[Any] = []

    def lose(route: Route) -> None:
        tries.append(route.request.post_data_json)
        if arrived and len(tries) == 1:  # recorded; the gateway before the server says that it is not there
            route.fetch()
            route.fulfill(status=504)
        elif arrived and len(tries) == 2:  # sent again when the session has ended
            route.continue_()
        else:
            computer.context.set_offline(True)
            route.abort()

    computer.sell(BREAD, MILK)
    till = computer.till
    till.press("PageDown")
    computer.page.locator("#view-receipts .rows .row").first.click()
    computer.page.get_by_role("button", name="Everything").click()
    till.sees("#return-sums", "Money back €3.08")
    computer.page.route("**/v1/purchases/*/returns", lose)
    computer.page.click("#next")
    if arrived:
        till.sees("#said", "No answer from the server.")
        computer.context.clear_cookies()
        computer.page.click("#next")
        till.sees("#said", "You are signed out.")
        till.open(computer.name)
    till.sees("#view-receipts h2", "It is not known whether the return was recorded.")
    till.sees("#view-receipts", "Keep the goods and pay nothing back yet.")
    if not arrived:  # the computer is switched off and on; what is known is still there
        computer.switch_off()
        computer.switch_on(cut=True)
        computer.come_back()
        till = computer.till
        till.sees("#view-receipts h2", "It is not known whether the return was recorded.")
    till.sees("#return-sums", "Money back €3.08")
    till.sees("#line-strip", "A return waits for its answer: pay nothing back yet.")
    till.sees("#next", "Next customer")
    computer.page.click("#next")
    after = computer.sell(COFFEE)

    computer.page.unroute("**/v1/purchases/*/returns")
    computer.context.set_offline(False)
    till.sees("#view-receipts", "Return recorded")
    till.sees("#view-receipts", "€3.08")
    computer.sent()
    assert all(body == tries[0] for body in tries)
    bought, sold = receipts_of(shop, computer.name)
    assert (bought["status"], bought["payable"]) == ("returned", 308)
    assert (sold["request"], sold["status"], sold["payable"]) == (after, "recorded", 594)
    assert len(shop.call("GET", f"/v1/purchases/{bought['id']}")["returns"]) == 1
    assert (
        computer.page.evaluate("() => Object.keys(localStorage).some((key) => key.includes('.return.'))")
        is False
    )


def test_a_receipt_that_the_server_refuses_is_shown_and_holds_up_no_other(
    computer: Computer, shop: Shop
) -> None:
    computer.cut()
    requests = [computer.sell(BREAD), computer.sell(MILK)]
    first = requests[0]
    shop.call("POST", "/v1/purchases", {
        "id": first, "store": "teika", "till": "9", "currency": "EUR", "purchased_at": datetime.now(UTC).isoformat(),
        "lines": [{"line": 1, "sku": "bread", "quantity": "9", "unit_price": 189}],
    })  # fmt: skip
    computer.mend()
    computer.till.sees("#line-strip", "1 receipt needs a look")
    assert [one["request"] for one in receipts_of(shop, computer.name)] == [requests[1]]
    computer.page.click("#open-refused")
    computer.till.sees("#view-queue", "This receipt's number was used before.")
    seen = computer.page.locator("#view-queue .refused .danger")
    seen.click()
    seen.click()
    computer.page.wait_for_selector("#line-strip", state="hidden")


def test_what_needs_the_line_says_so_and_nothing_is_tried(computer: Computer) -> None:
    computer.context.route("**/*", lambda route: route.abort())  # and the browser does not know it
    computer.till.scan(BREAD)  # finds out, and is answered from here
    computer.till.sees("#lines", "Rye bread")
    computer.till.due("€1.89")
    computer.till.scan("4750000099999")
    computer.till.sees("#said", "Without the line no product has the code 4750000099999.")
    computer.till.sees("#said", "what is newer is known when the line is back")
    for key in ("PageUp", "PageDown", "F7"):
        computer.till.press(key)
        computer.till.sees("#said", "This needs the line.")
        assert computer.page.is_visible("#view-sell")
    computer.page.fill("#customer", "26 123 456")
    computer.page.press("#customer", "Enter")
    computer.till.sees("#said", "Nobody can be found by phone without the line.")
    assert computer.page.locator("#enrol-form").is_hidden()


def _conflicts(shop: Shop, *requests: str) -> list[str]:
    purchases = {shop.call("GET", "/v1/purchases", request=one)["items"][0]["id"] for one in requests}
    found = shop.call("GET", "/v1/till/conflicts", store="teika")["items"]
    return [one["kind"] for one in found if one.get("purchase") in purchases]


def test_how_many_receipts_wait_is_seen_in_training_and_when_none_does(
    computer: Computer, shop: Shop
) -> None:
    def stay(route: Route) -> None:
        route.fulfill(status=503, json={"code": "busy", "status": 503})

    computer.cut()
    computer.till.sees("#open-queue", "To be sent: 0")
    request = computer.sell(BREAD)
    computer.till.sees("#open-queue", "1 receipt to send")
    computer.page.route("**/v1/purchases/batch", stay)
    computer.context.set_offline(False)
    computer.page.wait_for_function("() => document.body.dataset.line === 'up'")
    computer.page.click("#train")
    computer.page.wait_for_selector(".training")
    computer.page.wait_for_selector("html[data-ready]")
    computer.till.sees("#line-strip", "1 receipt to send")
    axe(computer.page)
    computer.page.unroute("**/v1/purchases/batch")
    computer.page.get_by_role("button", name="End the training").click()
    computer.page.wait_for_selector("html[data-ready] #train")
    computer.sent()
    assert [one["request"] for one in receipts_of(shop, computer.name)] == [request]
