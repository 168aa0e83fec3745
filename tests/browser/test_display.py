"""The customer's display: it follows the till live, speaks her language, and forgets her within seconds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import APPLES, BALSAM, BREAD, COFFEE, MILK, Shop, Till, axe
from tests.browser.offline import has_snapshot
from tests.browser.test_walk import CUT_OFF
from tests.browser.watching import heard, still
from tests.browser.weighing import Scales

HEED = """() => { window.seen = []; new MutationObserver(() => {
    seen.push([document.body.dataset.phase, document.querySelector('main').innerText.replace(/\\s+/g, ' ')]);
}).observe(document.body, {subtree: true, childList: true, attributes: true}); }"""
SIZES = ((1024, 768), (1280, 800))
OVERLAPS = """() => [...document.querySelectorAll('.display main *')].filter((e) => e.checkVisibility())
    .some((e) => e.getBoundingClientRect().right > innerWidth + 1)"""


@pytest.fixture
def display(till: Till) -> Page:
    """The display, opened at the till with its key."""
    return till.display()


def shows(page: Page, selector: str, text: str) -> None:
    """Wait until the display shows it."""
    page.wait_for_function(
        "([selector, text]) => [...document.querySelectorAll(selector)]"
        ".some((e) => e.checkVisibility() && e.innerText.replace(/\\s+/g, ' ').includes(text))",
        arg=[selector, text],
    )


def press_digits(page: Page, digits: str) -> None:
    """The customer's finger on the keys."""
    for digit in digits:
        page.click(f"[data-digit='{digit}']")


def named(shop: Shop, name: str, language: str, points: int = 0) -> tuple[str, str]:
    """A member of that language: phone and card."""
    phone, card, member = shop.member(name, points)
    shop.call("PATCH", f"/v1/members/{member}", {"language": language})
    return phone, card


def test_it_shows_what_is_bought_what_is_saved_and_why_and_forgets_it(
    till: Till, display: Page, shop: Shop
) -> None:
    _, card = named(shop, "Anna Bērziņa", "en", 100)
    display.wait_for_selector(
        "[data-language=lv][aria-pressed=true]"
    )  # the program's, until somebody is known
    till.buy(COFFEE, BREAD)
    shows(display, "#goods", "Rudzu maize ar ķimenēm, šķēlēs")
    till.scan(card)
    shows(display, "h1", "Good day, Anna")
    assert "Bērziņa" not in display.content()
    shows(display, "#goods", "Rye bread with caraway, sliced €1.89")
    shows(display, "#goods", "Coffee week −€1.05")
    shows(display, "#total-amount", "€7.83")
    shows(display, "#told", "You save €1.05")
    shows(display, "#told", "+7 points for this purchase")
    shows(display, "#told", "You have 100 points")
    till.press("F8")
    till.type("100")
    till.press("Enter")
    till.sees("#spend-on", "100 points = €1.00")
    shows(display, "#sums", "Paid with points −€1.00")
    shows(display, "#total-amount", "€6.83")
    axe(display)
    display.evaluate(HEED)
    till.press("F9")
    till.type("10")
    till.press("Enter")
    till.sees("#view-done", "Recorded")
    display.wait_for_selector("[data-phase=idle]")
    (thanks,) = {text for phase, text in display.evaluate("seen") if phase == "thanks"}
    for said in (
        "Thank you, Anna",
        "Change: €3.17",
        "You saved €1.05",
        "You got 6 points",
        "You have 6 points",
    ):
        assert said in thanks
    assert "Anna" not in display.content()
    display.wait_for_selector("[data-language=lv][aria-pressed=true]")


def test_the_customer_types_her_number_herself_and_reads_her_own_language(
    till: Till, display: Page, shop: Shop
) -> None:
    phone, _ = named(shop, "Zane Ozola", "en")
    till.buy(MILK)
    shows(display, "#total-amount", "1,19")
    display.click("[data-language=en]")
    shows(display, "#number-name", "Card or phone number")
    axe(display)
    assert not display.is_visible("#digits")  # folded beside a receipt, until it is touched
    display.click("#number")
    press_digits(display, phone[:-1] + "09")
    display.click("#erase")
    display.click("#erase")
    press_digits(display, phone[-1])
    assert display.input_value("#number") == phone
    display.click("#send")
    till.sees("#customer-name", "Zane")
    shows(display, "h1", "Good day, Zane")
    assert not display.is_visible("#pad")
    till.page.click("#customer-clear")
    shows(display, "#number-name", "Card or phone number")
    assert display.input_value("#number") == ""
    display.bring_to_front()
    display.keyboard.type("29999998", delay=120)
    display.keyboard.press("Enter")
    till.sees("#enrol-title", "29999998 is not a member yet")
    shows(display, "#number-hint", "Nobody is a member with this number yet.")
    assert display.input_value("#number") == ""


def test_what_is_missing_for_more_is_said_in_her_language(till: Till, display: Page, shop: Shop) -> None:
    _, card = named(shop, "Līga", "lv")
    till.buy(*[COFFEE] * 8)
    till.sees("#benefits", "Add goods for €2.47 to get 5% off")
    till.scan(card)
    shows(display, "#told .missing", "Pievienojiet preces par 2,47 €, lai saņemtu: 5% atlaide")
    assert "Add goods" not in display.content()


def test_a_scan_into_the_display_goes_to_the_till(till: Till, display: Page, shop: Shop) -> None:
    _, card = named(shop, "Ieva", "en")
    display.bring_to_front()
    at_display = Till(display, shop)
    at_display.scan(BREAD)
    till.due("€1.89")
    at_display.scan(card)
    till.sees("#customer-name", "Ieva")
    shows(display, "h1", "Good day, Ieva")


def test_either_may_be_loaded_anew_and_a_till_that_ends_leaves_nothing(
    till: Till, display: Page, shop: Shop, context: BrowserContext
) -> None:
    _, card = named(shop, "Rasma", "en")
    till.buy(BREAD)
    till.scan(card)
    shows(display, "h1", "Good day, Rasma")
    display.reload()
    shows(display, "h1", "Good day, Rasma")
    shows(display, "#total-amount", "€1.89")
    till.page.reload()
    till.page.wait_for_selector("html[data-ready]")
    shows(display, "h1", "Good day, Rasma")
    till.page.close()
    display.wait_for_selector("[data-phase=closed]")
    assert "Rasma" not in display.content()


def test_two_tills_on_one_computer_do_not_mix(
    till: Till, display: Page, shop: Shop, context: BrowserContext
) -> None:
    other = Till(context.new_page(), shop)
    other.page.goto(f"{shop.address}/till/place")
    other.page.fill("[name=till]", "8")
    other.press("Enter")
    other.page.wait_for_selector("html[data-ready]")
    other.buy(COFFEE)
    till.page.bring_to_front()
    till.buy(BREAD)
    shows(display, "#total-amount", "1,89")
    assert "6,99" not in display.content()


def test_it_follows_without_the_line(till: Till, display: Page, context: BrowserContext) -> None:
    till.buy(BREAD, MILK)
    shows(display, "#total-amount", "3,08")
    context.set_offline(True)
    till.page.click("#lines .line-face >> nth=0")
    till.page.click(".line-tools .danger")
    display.wait_for_function("() => document.querySelectorAll('#goods li').length === 1")
    context.set_offline(False)


def test_nothing_is_said_of_points_that_nobody_can_look_up(
    till: Till, display: Page, shop: Shop, context: BrowserContext
) -> None:
    _, card = named(shop, "Laima Ozola", "en")
    has_snapshot(till.page)
    context.set_offline(True)
    till.page.wait_for_function("() => document.body.dataset.line === 'down'")
    till.buy(BREAD)
    till.scan(card)
    till.sees("#customer-name", card[-4:])
    display.wait_for_selector("#pad", state="hidden")
    assert display.locator("#told .has").count() == 0
    context.set_offline(False)


def test_nothing_of_a_customer_is_kept_or_sent(till: Till, display: Page, shop: Shop) -> None:
    phone, _ = named(shop, "Milda Kalniņa", "en")
    asked: list[Any] = []
    display.on("request", lambda request: asked.append(request.url))
    press_digits(display, phone)
    display.click("#send")
    till.sees("#customer-name", "Milda")
    shows(display, "h1", "Good day, Milda")
    assert asked == []
    kept = display.evaluate("JSON.stringify([document.cookie, Object.keys(sessionStorage)])")
    assert kept == '["",[]]' or phone not in kept
    assert phone not in display.content()


def test_it_opens_where_it_stood(till: Till, display: Page) -> None:
    display.close()
    till.page.evaluate("() => { window.open = (...all) => { window.opened = all; return window; }; }")
    till.press("F10")
    till.page.wait_for_function("() => window.opened")
    address, name, features = till.page.evaluate("window.opened")
    assert (address, name) == ("/till/display", "regulars-display-7")
    place = dict(part.split("=") for part in features.split(",")[1:])
    assert set(place) == {"left", "top", "width", "height"}
    assert int(place["width"]) > 0
    till.page.evaluate("() => { window.open = () => null; }")
    till.press("F10")
    till.sees("#said", "The browser did not let the customer's screen open.")


def look(display: Page, what: str) -> None:
    """Nothing is cut off and axe finds nothing, in both sizes and themes; pictures as the walk keeps them."""
    folder = os.environ.get("REGULARS_SCREENSHOTS")
    for width, height in SIZES:
        for theme in ("light", "dark"):
            display.set_viewport_size({"width": width, "height": height})
            display.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            still(display)
            if folder:
                display.screenshot(path=Path(folder) / f"display-{what}-{theme}-{width}.png")
            assert display.evaluate(CUT_OFF) == [], (what, width)
            assert display.evaluate(OVERLAPS) is False, (what, width)
    axe(display)


@pytest.mark.parametrize("language", ["lv", "ru", "hu"])
def test_it_can_be_shown_to_anybody(context: BrowserContext, shop: Shop, language: str) -> None:
    shop.call("PATCH", "/v1/program", {"languages": ["lv", "en", "ru", "hu"]})
    _, card = named(shop, "Aleksandra Vītoliņa-Kalniņa", language, 1234)
    till = Till(context.new_page(), shop).open()
    with till.page.expect_popup() as opened:
        till.press("F10")
    display = opened.value
    said = heard(display)
    display.wait_for_selector("[data-phase=idle]")
    display.click(f"[data-language={language}]")
    look(display, f"{language}-idle")
    scales = Scales(display)
    display.reload()
    display.wait_for_selector("[data-phase=idle]")
    display.wait_for_load_state("networkidle")
    assert scales.faults() == []
    till.page.bring_to_front()
    till.buy(COFFEE, BREAD, MILK, APPLES, BALSAM)
    display.click("#number")
    press_digits(display, "26")
    look(display, f"{language}-keys")
    till.page.bring_to_front()
    till.scan(card)
    till.sees("#customer-name", "Aleksandra")
    display.wait_for_selector(f"html[lang={language}] .has")
    look(display, f"{language}-member")
    till.page.bring_to_front()
    till.press("F9")
    till.type("50")
    till.press("Enter")
    display.wait_for_selector("[data-phase=thanks]")
    still(display)
    assert display.evaluate(CUT_OFF) == []
    till.page.close()
    display.wait_for_selector("[data-phase=closed]")
    look(display, f"{language}-closed")
    assert said == []
