"""What a till sends when the line is back: refused voids that are tried again, and a device that the server forgot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.conftest import BREAD, MILK, Shop
from tests.browser.offline import Computer, receipts_of, switched_on
from tests.browser.watching import eventually

FORGET_DEVICE = """() => new Promise((done, fail) => {
    const { program, store, till } = JSON.parse(document.getElementById('config').textContent);
    const asking = indexedDB.open('regulars.till.' + program);
    asking.onerror = () => fail(asking.error);
    asking.onsuccess = () => {
        const tx = asking.result.transaction(['meta'], 'readwrite');
        tx.objectStore('meta').delete(`device:${store.code}/${till}`);
        tx.oncomplete = () => { asking.result.close(); done(); };
    };
})"""


@pytest.fixture
def computer(browser: Browser, shop: Shop, tmp_path: Path) -> Iterator[Computer]:
    """A till's computer that is ready for the line to go down."""
    with switched_on(browser, shop, tmp_path) as made:
        made.begin()
        yield made


def problem(code: str, status: int) -> dict[str, Any]:
    """What the server says that refuses."""
    return {
        "type": "about:blank",
        "title": code,
        "status": status,
        "code": code,
        "detail": f"Refused: {code}.",
    }


def devices(computer: Computer) -> list[str]:
    """The device that this computer is at its till."""
    return [kept["id"] for kept in computer.kept()["meta"] if isinstance(kept, dict) and "counter" in kept]


def test_a_void_that_was_refused_and_is_tried_again_goes_as_a_void(computer: Computer, shop: Shop) -> None:
    bought: list[Any] = []
    voided: list[Any] = []
    batches: list[Any] = []

    def lose(route: Route) -> None:
        bought.append(route.request.post_data_json)
        route.abort()

    def refuse_once(route: Route) -> None:
        voided.append(route.request.post_data_json)
        if len(voided) == 1:
            route.fulfill(
                status=409, json=problem("state_conflict", 409), content_type="application/problem+json"
            )
        else:
            route.continue_()

    def count(route: Route) -> None:
        batches.append(route.request.post_data_json)
        route.continue_()

    till, page = computer.till, computer.page
    page.route("**/v1/purchases", lose)
    page.route("**/v1/purchases/void", refuse_once)
    page.route("**/v1/purchases/batch", count)
    computer.scan_goods(BREAD)
    page.wait_for_selector("#next:not(:disabled)")
    till.press("F9")
    page.click("#next")
    till.sees("#said", "No answer from the server.")
    computer.cut()
    page.click("#give-up")
    till.sees("#said", "The purchase was given up.")

    computer.context.set_offline(False)
    till.sees("#line-strip", "1 receipt needs a look")
    page.click("#open-refused")
    till.sees("#view-queue .refused", f"Giving up {bought[0]['id']}")
    assert page.locator("#view-queue .refused .row-sum").inner_text() == ""
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector("#line-strip", state="hidden")
    assert voided == [{"request": bought[0]["id"]}] * 2
    assert batches == []
    assert receipts_of(shop, computer.name) == []


def test_a_refused_purchase_in_flight_waits_until_this_computer_is_a_device_again(
    computer: Computer, shop: Shop
) -> None:
    heard: list[str] = []

    def cut_in_the_middle(route: Route) -> None:
        computer.context.set_offline(True)
        route.abort()

    def refuse_in_flight(route: Route) -> None:
        purchases = (route.request.post_data_json or {})["purchases"]
        if "offline" in purchases[0]:
            heard.append("sold")
            route.continue_()
            return
        heard.append("in flight")
        items = [{"status": 422, "problem": problem("proof_wrong", 422)}]
        route.fulfill(status=200, json={"items": items}, content_type="application/json")

    def fail_once(route: Route) -> None:
        heard.append("device")
        if heard.count("device") == 1:
            route.fulfill(
                status=500, json=problem("internal_error", 500), content_type="application/problem+json"
            )
        else:
            route.continue_()

    till, page = computer.till, computer.page
    page.route("**/v1/purchases", cut_in_the_middle)
    page.route("**/v1/purchases/batch", refuse_in_flight)
    page.route("**/v1/till/devices", fail_once)
    computer.scan_goods(BREAD)
    computer.pay()
    till.sees("#view-done", "Kept, will be sent")
    page.click("#next")
    page.evaluate(FORGET_DEVICE)
    assert devices(computer) == []

    computer.context.set_offline(False)
    till.sees("#line-strip", "1 receipt to send")
    eventually(
        lambda: page.evaluate("() => true") and heard[:2] == ["in flight", "device"], "nothing was sent"
    )
    page.click("#open-queue")
    page.click("#next")
    computer.sent()
    assert heard == ["in flight", "device", "in flight", "device", "sold"]
    assert [one["payable"] for one in receipts_of(shop, computer.name)] == [189]
    assert len(devices(computer)) == 1


def test_a_device_that_the_server_does_not_know_any_more_becomes_another_at_once(
    computer: Computer, shop: Shop
) -> None:
    unknown = iter([True])

    def forget_once(route: Route) -> None:
        if next(unknown, False):
            route.fulfill(status=404, json=problem("not_found", 404), content_type="application/problem+json")
        else:
            route.continue_()

    before = devices(computer)
    computer.page.route("**/v1/till/snapshot*", forget_once)
    computer.cut()
    requests = [computer.sell(BREAD)]
    computer.mend()
    (after,) = eventually(
        lambda: [one for one in devices(computer) if one not in before], "no other device came"
    )
    eventually(
        lambda: any(after in kept["body"] for kept in computer.kept()["meta"] if "signature" in kept),
        "no snapshot came for it",
    )
    computer.cut()
    requests.append(computer.sell(MILK))
    computer.mend()
    assert [one["request"] for one in receipts_of(shop, computer.name)] == requests
    assert sorted(one["counter"] for one in computer.kept()["answered"]) == [1, 1]
