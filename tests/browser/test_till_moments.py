"""What comes late, or between two things at the till: no field, no button and no word changes under anybody."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import BREAD, MILK, Shop, Till
from tests.browser.late import Late
from tests.browser.offline import has_snapshot

LATELY = re.compile(r"/v1/purchases\?.*limit=12")
SLOW_LOCKS = """() => {
    const plain = LockManager.prototype.request;
    LockManager.prototype.request = function (...all) {
        return new Promise((go) => { setTimeout(go, 3000); }).then(() => plain.apply(this, all));
    };
}"""
HAS_THE_TILL = """async () => (await navigator.locks.query()).held
    .some(({ name }) => name.startsWith('regulars.till.place.'))"""
HEED = """() => {
    const now = () => [document.body.dataset.phase, document.documentElement.lang];
    window.seen = [now()];
    new MutationObserver(() => {
        if (JSON.stringify(now()) !== JSON.stringify(seen.at(-1))) seen.push(now());
    }).observe(document.documentElement, {subtree: true, attributes: true});
}"""
OFTEN = """() => {
    const plain = window.setInterval;
    window.rounds = 0;
    window.setInterval = (act, wait) => plain(() => { window.rounds += 1; act(); }, Math.min(wait, 200));
}"""
ONE_ANSWER_LEFT = """() => {
    window.setTimeout = () => 0;  // nobody asks again by himself
    Object.defineProperty(navigator, 'onLine', { get: () => false });
    dispatchEvent(new Event('offline'));
}"""


def middle_of(page: Page, selector: str) -> tuple[float, float]:
    """Where a finger touches it."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_last_receipts_that_come_late_leave_the_field_and_what_was_typed(till: Till) -> None:
    till.buy(BREAD)
    till.press("F9", "Enter")
    till.sees("#view-done", "Recorded")
    till.press("Enter")
    answer = Late(till.page, LATELY)
    till.press("PageDown")
    till.page.wait_for_selector("#receipt-number:focus")
    answer.asked()
    till.page.keyboard.insert_text("tei")

    answer.answer()
    till.sees("#last-here .row", "€1.89")
    till.page.keyboard.insert_text("ka-7")
    assert till.page.input_value("#receipt-number") == "teika-7"


def test_a_line_that_is_pressed_while_the_receipt_is_priced_anew_hears_the_click(
    till: Till, shop: Shop
) -> None:
    _, card, _ = shop.member("Anna Kalniņa")
    till.buy(BREAD, MILK)
    till.due("€3.08")
    bread = "#lines li:has-text('Rye bread')"
    expect(till.page.locator(f"{bread} [aria-current]")).to_have_count(0)
    till.page.mouse.move(*middle_of(till.page, f"{bread} .line-face"))
    till.page.mouse.down()
    till.scan(card)
    till.sees("#customer-name", "Anna")
    till.due("€3.08")
    till.page.mouse.up()
    expect(till.page.locator(f"{bread} [aria-current=true]")).to_have_count(1)


def test_a_computer_that_is_slow_to_say_who_has_the_till_is_waited_for(
    context: BrowserContext, shop: Shop
) -> None:
    page = context.new_page()
    Till(page, shop).open("8")
    page.close()
    page = context.new_page()
    page.add_init_script(f"({SLOW_LOCKS})()")
    page.goto(f"{shop.address}/till")
    page.wait_for_selector("html[data-ready]")
    page.evaluate("window.first = true")
    page.wait_for_timeout(2000)  # as long as other windows are looked for, and longer
    assert page.is_hidden("#elsewhere")
    page.wait_for_function(HAS_THE_TILL)
    assert page.is_hidden("#elsewhere")
    assert page.evaluate("window.first") is True


def test_an_answer_that_was_on_its_way_when_the_line_went_down_does_not_say_that_it_is_up(till: Till) -> None:
    answers = iter([True])
    till.page.route(
        "**/health/live", lambda route: route.continue_() if next(answers, False) else route.abort()
    )
    till.page.evaluate(ONE_ANSWER_LEFT)
    till.page.wait_for_function("() => document.body.dataset.line === 'down'")
    assert next(answers, None) is None


def test_a_button_of_the_list_of_what_waits_is_not_drawn_anew_under_a_finger(
    till: Till, context: BrowserContext
) -> None:
    page = till.page
    page.add_init_script(f"({OFTEN})()")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    has_snapshot(page)
    context.set_offline(True)
    page.wait_for_function("() => document.body.dataset.line === 'down'")
    till.buy(BREAD)
    till.press("F9")
    page.wait_for_selector("#view-pay:not([hidden])")
    page.click("#next")
    page.click("#open-queue")
    till.sees("#view-queue .row", "€1.89")
    page.mouse.move(*middle_of(page, "#view-queue [data-of=back]"))
    page.mouse.down()
    rounds = page.evaluate("window.rounds")
    page.wait_for_function("before => window.rounds > before + 3", arg=rounds)
    page.mouse.up()
    page.wait_for_selector("#view-sell:not([hidden])")
    context.set_offline(False)


def test_the_thanks_follow_the_receipt_at_once_in_the_language_that_the_customer_chose(till: Till) -> None:
    display = till.display()
    display.wait_for_selector("[data-language=lv][aria-pressed=true]")
    till.buy(MILK)
    display.wait_for_selector("[data-phase=sale]")
    display.click("[data-language=en]")
    display.wait_for_selector("html[lang=en]")
    display.evaluate(HEED)
    till.page.bring_to_front()
    till.press("F9", "Enter")
    till.sees("#view-done", "Recorded")
    display.wait_for_selector("[data-phase=thanks]")
    assert display.evaluate("seen") == [["sale", "en"], ["thanks", "en"]]
