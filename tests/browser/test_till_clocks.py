"""A till whose clock is wrong: with the line it goes by the server's time; without it the receipt tells by how much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.conftest import BREAD, COFFEE, MILK, Shop
from tests.browser.offline import Computer, receipts_of, switched_on

HOUR = 3_600_000
SECONDS = 50_000  # under the minute by which a clock counts as wrong
CLOCK = (
    "{ const now = Date.now; const right = () => now();"
    " const ahead = () => { try { return Number(localStorage.getItem('test.ahead')) || 0; } catch { return 0; } };"
    " Date.now = () => right() + ahead();"
    " Date = new Proxy(Date, { construct: (D, a) => a.length ? new D(...a) : new D(right() + ahead()) }); }"
)


@pytest.fixture
def computer(browser: Browser, shop: Shop, tmp_path: Path) -> Iterator[Computer]:
    """A till's computer whose clock can be set, and is right."""
    with switched_on(browser, shop, tmp_path) as made:
        made.context.add_init_script(CLOCK)
        made.begin()
        yield made


def set_clock(computer: Computer, ahead: int) -> None:
    """Set the computer's clock so many milliseconds ahead of the world's."""
    computer.page.evaluate("ahead => localStorage.setItem('test.ahead', ahead)", ahead)


def restart(computer: Computer) -> None:
    """Switched off and on without a line."""
    computer.switch_off()
    computer.switch_on(cut=True)
    computer.context.add_init_script(CLOCK)
    computer.come_back()


def take_everything_back(computer: Computer) -> None:
    """The last receipt's bread and milk come back."""
    computer.till.press("PageDown")
    computer.page.locator("#view-receipts .rows .row").first.click()
    computer.page.get_by_role("button", name="Everything").click()
    computer.till.sees("#return-sums", "Money back €3.08")
    computer.page.click("#next")
    computer.till.sees("#view-receipts", "Return recorded")


def booked(shop: Shop, request: str) -> datetime:
    """When a receipt counts as bought."""
    return datetime.fromisoformat(
        shop.call("GET", "/v1/purchases", request=request)["items"][0]["purchased_at"]
    )


def is_now(at: datetime) -> bool:
    """Whether that is a moment ago."""
    return abs(at - datetime.now(UTC)) < timedelta(minutes=5)


def conflicts(shop: Shop, request: str) -> list[str]:
    """What is told of a receipt."""
    purchase = shop.call("GET", "/v1/purchases", request=request)["items"][0]["id"]
    found = shop.call("GET", "/v1/till/conflicts", store="teika")["items"]
    return [one["kind"] for one in found if one["purchase"] == purchase]


@pytest.mark.parametrize("ahead", [HOUR, -HOUR], ids=["an hour ahead", "an hour behind"])
def test_with_the_line_a_wrong_clock_sells_and_takes_back_at_the_right_time(
    computer: Computer, shop: Shop, ahead: int
) -> None:
    set_clock(computer, ahead)
    computer.page.reload()
    computer.page.wait_for_selector("html[data-ready]")
    computer.sell(BREAD, MILK)
    computer.sent()  # a machine that stands still for seconds takes the line for down
    (bought,) = receipts_of(shop, computer.name)
    assert is_now(datetime.fromisoformat(bought["purchased_at"]))

    take_everything_back(computer)
    (back,) = shop.call("GET", f"/v1/purchases/{bought['id']}")["returns"]
    assert is_now(datetime.fromisoformat(back["returned_at"]))


def test_what_was_just_sold_comes_back_though_the_clock_was_put_back_by_seconds(
    computer: Computer, shop: Shop
) -> None:
    computer.sell(BREAD, MILK)
    computer.sent()
    (bought,) = receipts_of(shop, computer.name)
    set_clock(computer, -SECONDS)
    take_everything_back(computer)
    (back,) = shop.call("GET", f"/v1/purchases/{bought['id']}")["returns"]
    assert back["returned_at"] == bought["purchased_at"]


@pytest.mark.parametrize("ahead", [HOUR, -HOUR], ids=["an hour ahead", "an hour behind"])
def test_a_purchase_in_flight_that_is_refused_is_booked_at_its_right_time(
    computer: Computer, shop: Shop, ahead: int
) -> None:
    def cut_in_the_middle(route: Route) -> None:
        computer.context.set_offline(True)
        route.abort()

    set_clock(computer, ahead)
    computer.page.route("**/v1/purchases", cut_in_the_middle)
    computer.scan_goods(BREAD)
    computer.page.wait_for_selector("#next:not(:disabled)")
    computer.till.press("F9")
    computer.page.wait_for_selector("#view-pay:not([hidden])")
    computer.page.click("#next")
    computer.till.sees("#view-done", "Kept, will be sent")
    request = computer.kept()["queue"][0]["request"]
    computer.page.unroute("**/v1/purchases")
    computer.page.route("**/v1/purchases/batch", _price_changed_once())
    computer.mend()
    (bought,) = receipts_of(shop, computer.name)
    assert bought["request"] == request
    assert is_now(booked(shop, request))


def _price_changed_once() -> Any:
    """The server's refusal of the first purchase that comes."""
    came: list[Any] = []

    def handle(route: Route) -> None:
        came.append(route.request.post_data_json)
        if len(came) > 1:
            route.continue_()
            return
        problem = {"code": "price_changed", "status": 409, "detail": "The sum changed."}
        route.fulfill(json={"items": [{"status": 409, "problem": problem}]})

    return handle


@pytest.mark.parametrize("ahead", [HOUR, -HOUR], ids=["an hour ahead", "an hour behind"])
def test_a_clock_that_goes_wrong_without_the_line_is_compared_before_the_receipt_is_sent(
    computer: Computer, shop: Shop, ahead: int
) -> None:
    computer.cut()
    set_clock(computer, ahead)
    restart(computer)
    request = computer.sell(COFFEE)
    computer.mend()
    assert is_now(booked(shop, request))
    assert conflicts(shop, request) == ["clock_wrong"]


@pytest.mark.parametrize("ahead", [HOUR, -HOUR], ids=["an hour ahead", "an hour behind"])
def test_a_clock_that_is_set_right_after_the_sale_was_wrong_at_it(
    computer: Computer, shop: Shop, ahead: int
) -> None:
    set_clock(computer, ahead)
    computer.page.reload()
    computer.ready()
    computer.sell(MILK)
    computer.cut()
    request = computer.sell(COFFEE)
    set_clock(computer, 0)
    computer.mend()
    assert is_now(booked(shop, request))
    assert conflicts(shop, request) == ["clock_wrong"]


def test_what_was_sent_once_stays_as_it_was_sent_whatever_the_clock_does(
    computer: Computer, shop: Shop
) -> None:
    sent: list[Any] = []

    def lose_first_answer(route: Route) -> None:
        sent.append(route.request.post_data)
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    computer.cut()
    set_clock(computer, -HOUR)
    restart(computer)
    request = computer.sell(BREAD)
    computer.page.route("**/v1/purchases/batch", lose_first_answer)
    computer.context.set_offline(False)
    computer.till.sees("#line-strip", "1 receipt to send")
    computer.page.wait_for_function("() => document.body.dataset.line === 'up'")
    computer.page.wait_for_timeout(500)
    set_clock(computer, 0)
    computer.till.press("PageUp")
    computer.page.click("#open-queue")
    computer.page.click("#next")
    computer.sent()
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert is_now(booked(shop, request))
