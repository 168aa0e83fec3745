"""Who is enrolled at a till is asked what she agrees to: in her language, with nothing ticked before."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import BREAD, Shop, Till, axe
from tests.browser.test_display import OVERLAPS, display, look, shows
from tests.browser.test_walk import CUT_OFF
from tests.browser.watching import eventually, still

__all__ = ["display"]

NEWS = {
    "lv": "Piekrītu saņemt piedāvājumus un jaunumus. Piekrišanu varu atsaukt jebkurā laikā.",
    "en": "I agree to get offers and news. I can withdraw this at any time.",
}
CHOSEN = {
    "lv": "Piekrītu, ka Dzintars izvēlas man piedāvājumus pēc tā, ko esmu pircis, un glabā šo izvēli trīs gadus. "
    "Bez šīs piekrišanas saņemšu tos pašus piedāvājumus kā visi.",
    "en": "I agree that Dzintars chooses offers for me by what I bought, and keeps these choices for three years. "
    "Without it I get the same offers as everybody.",
}
QUESTIONS = "#enrol-consents [data-wording=news]"


@pytest.fixture(scope="module")
def asking(shop: Shop) -> Shop:
    """The shop with two wordings, of which one has two channels."""
    for code, purpose, channels, texts in (
        ("choices", "profiling", ["post"], CHOSEN),
        ("news", "marketing", ["email", "sms"], {"lv": "Vecais teksts."}),
        ("news", "marketing", ["email", "sms"], NEWS),
    ):
        wording = {"code": code, "purpose": purpose, "channels": channels, "texts": texts}
        shop.call("POST", "/v1/consent-wordings", wording)
    return shop


def member(shop: Shop, phone: str) -> dict[str, Any]:
    """Whom the phone number finds."""
    return shop.call("POST", "/v1/members/find", {"phone": f"+371{phone}"})


def said(shop: Shop, phone: str) -> list[dict[str, Any]]:
    """All that she said, by wording and channel."""
    history = shop.call("GET", f"/v1/members/{member(shop, phone)['id']}/consents")["history"]
    return sorted(history, key=lambda one: (one["wording"], one["channel"]))


def proof(one: dict[str, Any]) -> tuple[Any, ...]:
    """What proves a consent; `pending`: it waits for the code that confirms her phone, as all of a till's enrolment."""
    return tuple(
        one[name]
        for name in ("channel", "purpose", "state", "source", "wording", "wording_version", "wording_language",
                     "wording_hash", "evidence")
    )  # fmt: skip


def mails(shop: Shop) -> str:
    """All that was written to anybody."""
    return "".join(file.read_text() for file in Path(shop.messages).rglob("*") if file.is_file())


def test_the_cashier_reads_it_out_and_ticks_it_by_keyboard_and_nothing_is_ticked_before(
    till: Till, asking: Shop
) -> None:
    till.enrol("27500001", QUESTIONS)
    assert till.page.locator("#enrol-consents input:checked").count() == 0
    till.sees("#agree-hint", "Read it out and tick what the customer agrees to.")
    till.sees("[data-wording=news]", NEWS["en"])
    till.page.select_option("#enrol-language", "lv")
    till.sees("[data-wording=news]", NEWS["lv"])
    till.sees("[data-wording=news] legend", "Piedāvājumi un jaunumi")
    assert till.page.get_attribute("[data-wording=news] .wording", "lang") == "lv"
    axe(till.page)
    till.page.focus("#enrol-name")
    till.type("Anna")
    till.press("Enter")
    till.sees("#said", "The terms are not agreed to. Nobody was enrolled.")
    assert till.page.evaluate("document.activeElement.name") == "agree-terms"
    assert till.page.get_attribute("[name=agree-terms]", "aria-invalid") == "true"
    axe(till.page)
    till.press("Space", "Tab", "Tab", "Tab", "Tab", "Space", "Enter")
    till.sees("#said", "Welcome: a new member.")
    (agreed,) = said(asking, "27500001")
    assert proof(agreed) == (
        "sms", "marketing", "pending", "till", "news", 2, "lv", sha256(NEWS["lv"].encode()).hexdigest(),
        "teika, till 7, read out by c-12",
    )  # fmt: skip


def test_whoever_refuses_everything_but_the_terms_is_a_member(till: Till, asking: Shop) -> None:
    till.enrol("27500002", QUESTIONS)
    till.page.check("[name=agree-terms]")
    till.page.press("[name=agree-terms]", "Enter")
    till.sees("#said", "Welcome: a new member.")
    assert said(asking, "27500002") == []


def test_an_agreement_by_email_needs_an_address_and_waits_for_its_confirmation(
    till: Till, asking: Shop
) -> None:
    asking.call("POST", "/v1/members", {"phone": "+37127500090", "email": "taken@example.com"})
    till.enrol("27500003", QUESTIONS)
    assert till.page.is_hidden("#enrol-email")
    till.page.check("[name=agree-terms]")
    till.page.check("[name='agree-news/2/email']")
    till.press("Enter")
    till.sees("#said", "The customer agreed to get email, and there is no address. Nobody was enrolled.")
    assert till.page.evaluate("document.activeElement.id") == "enrol-email"
    till.type("nobody")
    till.press("Enter")
    till.sees("#said", "This is not an email address. Nobody was enrolled.")
    till.page.fill("#enrol-email", "taken@example.com")
    till.press("Enter")
    till.sees("#said", "Another member has this email. Nobody was enrolled.")
    assert till.page.is_checked("[name='agree-news/2/email']")
    till.page.fill("#enrol-email", "zane@example.com")
    till.press("Enter")
    till.sees("#said", "Welcome: a new member.")
    (agreed,) = said(asking, "27500003")
    assert (agreed["channel"], agreed["state"], agreed["wording_version"]) == ("email", "pending", 2)
    found = asking.call("GET", f"/v1/members/{member(asking, '27500003')['id']}")
    assert found["email"] == "zane@example.com"
    eventually(lambda: "zane@example.com" in mails(asking), "a mail that asks her to confirm")


def test_an_email_that_was_typed_and_unticked_again_is_not_kept(till: Till, asking: Shop) -> None:
    till.enrol("27500004", QUESTIONS)
    till.page.check("[name=agree-terms]")
    till.page.check("[name='agree-news/2/email']")
    till.page.fill("#enrol-email", "ieva@example.com")
    till.page.uncheck("[name='agree-news/2/email']")
    till.page.press("[name=agree-terms]", "Enter")
    till.sees("#said", "Welcome: a new member.")
    assert asking.call("GET", f"/v1/members/{member(asking, '27500004')['id']}")["email"] is None
    enrol_next = "27500005"
    till.page.click("#customer-clear")
    till.enrol(enrol_next, QUESTIONS)
    assert till.page.locator("#enrol-consents input:checked").count() == 0
    assert till.page.input_value("#enrol-email") == ""


def test_the_customer_reads_it_whole_in_her_language_and_ticks_it_herself(
    till: Till, display: Page, asking: Shop
) -> None:
    display.click("[data-language=en]")
    till.enrol("27500006", QUESTIONS)
    till.sees("#agree-hint", "The customer reads and ticks it on the screen")
    shows(display, "h1", "Become a member")
    shows(display, "#asked", CHOSEN["en"])
    assert not display.is_visible("#pad")
    assert display.locator("#asked input:checked").count() == 0
    axe(display)
    display.click("#ask-done")
    shows(display, "[data-terms].wrong", "needed to become a member")
    display.click("[data-language=lv]")
    shows(display, "#asked", CHOSEN["lv"])
    till.sees("[data-wording=choices] legend", "Piedāvājumi pēc Jūsu pirkumiem")
    assert till.page.input_value("#enrol-language") == "lv"
    display.check("#asked [value=terms]")
    display.check("#asked [value='choices/1/post']")
    display.check("#asked [value='news/2/sms']")
    display.uncheck("#asked [value='news/2/sms']")
    till.page.wait_for_function(
        "() => document.querySelectorAll('#enrol-consents input:checked').length === 2"
    )
    display.click("#ask-done")
    till.sees("#agree-answered", "The customer has answered on the screen.")
    till.page.check("[name='agree-news/2/sms']")  # she says one more, and sees it ticked
    display.wait_for_function("() => document.querySelectorAll('#asked input:checked').length === 3")
    till.page.press("#enrol-name", "Enter")
    till.sees("#said", "Welcome: a new member.")
    post, sms = said(asking, "27500006")
    assert proof(post) == (
        "post", "profiling", "pending", "till", "choices", 1, "lv", sha256(CHOSEN["lv"].encode()).hexdigest(),
        "teika, till 7, ticked on the customer's display",
    )  # fmt: skip
    assert proof(sms)[-1] == "teika, till 7, read out by c-12"
    display.wait_for_selector("#ask", state="hidden")
    assert "choices/1/post" not in display.content()


def test_what_was_ticked_for_an_enrolment_that_was_left_is_not_there_for_the_next(
    till: Till, display: Page, asking: Shop
) -> None:
    display.click("[data-language=en]")
    till.enrol("27500007", QUESTIONS)
    shows(display, "h1", "Become a member")
    display.check("#asked [value='news/2/sms']")
    till.page.wait_for_selector("[name='agree-news/2/sms']:checked")
    till.page.focus("#enrol-name")
    till.press("Escape")
    display.wait_for_selector("#pad")
    display.wait_for_selector("[data-language=lv][aria-pressed=true]")  # the next customer chooses anew
    till.page.fill("#customer", "")
    till.enrol("27500008", QUESTIONS)
    shows(display, "#asked", NEWS["en"])
    assert display.locator("#asked input:checked").count() == 0
    assert till.page.locator("#enrol-consents input:checked").count() == 0
    till.page.select_option("#enrol-language", "lv")
    shows(display, "#asked", NEWS["lv"])


def test_the_version_that_was_shown_is_recorded_though_there_is_a_newer_one(till: Till, asking: Shop) -> None:
    till.enrol("27500009", QUESTIONS)
    till.page.check("[name=agree-terms]")
    till.page.check("[name='agree-news/2/sms']")
    newer = {
        "code": "news",
        "purpose": "marketing",
        "channels": ["email", "sms"],
        "texts": {"lv": "Jaunais."},
    }
    asking.call("POST", "/v1/consent-wordings", newer)
    till.page.press("[name=agree-terms]", "Enter")
    till.sees("#said", "Welcome: a new member.")
    (agreed,) = said(asking, "27500009")
    assert proof(agreed)[4:8] == ("news", 2, "en", sha256(NEWS["en"].encode()).hexdigest())
    till.page.click("#customer-clear")
    till.press("F4")
    till.type("27500010")
    till.press("Enter")
    till.sees("[data-wording=news]", "Jaunais.")
    assert till.page.get_attribute("[data-wording=news] .wording", "lang") == "lv"
    asking.call("POST", "/v1/consent-wordings", newer | {"texts": NEWS})


@pytest.mark.parametrize("language", ["en", "lv"])
def test_it_can_be_read_and_touched_on_any_screen(
    till: Till, display: Page, asking: Shop, language: str
) -> None:
    till.page.goto(f"{asking.address}/till?lang={language}")
    till.page.wait_for_selector("html[data-ready]")
    till.buy(BREAD)
    till.enrol("27500011", QUESTIONS)
    till.page.check("[name=agree-terms]")
    till.page.check("#agree-asked [name$='/email']")
    shows(display, "#asked", NEWS[language])
    folder = os.environ.get("REGULARS_SCREENSHOTS")
    for width, height in ((1024, 768), (1280, 800), (390, 844)):
        for theme in ("light", "dark"):
            till.page.set_viewport_size({"width": width, "height": height})
            till.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            still(till.page)
            if folder:
                till.page.locator("#enrol-consents").scroll_into_view_if_needed()
                name = f"consents-{language}-{theme}-{width}.png"
                till.page.screenshot(path=Path(folder) / name, full_page=width == 390)
            assert till.page.evaluate(CUT_OFF) == [], width
    axe(till.page)
    sides = till.page.evaluate(
        "() => [...document.querySelectorAll('#enrol-consents :is(.chip, .input, summary)')]"
        ".map((e) => e.getBoundingClientRect().height)"
    )
    assert (len(sides), min(sides) >= 44) == (6, True), sides
    look(display, f"{language}-asked")
    display.set_viewport_size({"width": 390, "height": 844})
    still(display)
    assert (display.evaluate(CUT_OFF), display.evaluate(OVERLAPS)) == ([], False)
