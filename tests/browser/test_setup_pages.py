"""The set-up in a real browser: live previews, a key that is copied, and how every page looks at every width."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from regulars import clock, ids
from regulars.backoffice.setup_branding import PICTURES
from regulars.db.pool import Database
from regulars.flows.add_staff import add_staff
from regulars.flows.known_programs import KnownPrograms
from tests.api.conftest import PASSWORD
from tests.browser.conftest import Shop
from tests.browser.desk import look
from tests.browser.late import Late
from tests.browser.watching import heard
from tests.pages.test_setup import ADDRESSES, png

EMAIL = "guna@shop.example"
SIZES: tuple[tuple[int, Any], ...] = ((390, "light"), (820, "dark"), (1280, "light"))


@pytest.fixture(scope="module")
def office(shop: Shop, database_url: str) -> Shop:
    """A shop with an owner."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(_owner(shop, database_url))).result()
    return shop


async def _owner(shop: Shop, database_url: str) -> None:
    program = ids.read("prg", shop.call("GET", "/v1/program")["id"])
    async with Database(database_url) as database:
        known = await KnownPrograms(database).of(program)
        await add_staff(
            database, known.program, email=EMAIL, name="Guna", password=PASSWORD, roles=("owner",), at=clock.world()
        )  # fmt: skip


@pytest.fixture
def page(context: BrowserContext, office: Shop) -> Iterator[Page]:
    """Signed in; nothing may stand in the console at the end."""
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=office.address)
    opened = context.new_page()
    opened.emulate_media(reduced_motion="reduce")
    said = heard(opened)
    opened.goto(f"{office.address}/backoffice/sign-in?lang=en")
    opened.fill("[name=email]", EMAIL)
    opened.fill("[name=password]", PASSWORD)
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/backoffice")
    yield opened
    assert said == []


@pytest.mark.full
def test_every_page_can_be_read_by_everybody_at_every_width(page: Page, office: Shop) -> None:
    logo = base64.b64encode(png(200, 60)).decode()
    office.call("PUT", "/v1/program/logo", {"image": logo})
    wording = {
        "code": "news",
        "purpose": "marketing",
        "channels": ["email"],
        "texts": {"en": "I would like offers."},
    }
    spoken = office.call("GET", "/v1/program")["languages"][0]
    office.call("POST", "/v1/consent-wordings", {**wording, "texts": {spoken: "I would like offers."}})
    for place, address in enumerate(ADDRESSES):
        page.goto(f"{office.address}/backoffice/setup{address}")
        sizes = SIZES if place % 3 == 0 or "keys" in address else SIZES[place % 3 : place % 3 + 1]
        for width, scheme in sizes:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            look(page, f"setup{address.replace('/', '-')}-{width}")


def test_a_key_is_copied_as_it_is_shown(page: Page, office: Shop) -> None:
    office.call("PATCH", "/v1/program", {"settings": {"four_eyes_keys": False}})
    page.goto(f"{office.address}/backoffice/setup/keys")
    page.click("text=Make a key")
    page.fill("[name=name]", "Web shop")
    page.check("[name=scopes][value=till]")
    page.fill("[name=why]", "for the web shop")
    page.click("button:has-text('Make the key')")
    shown = page.input_value("#key-text")
    page.wait_for_load_state()  # its scripts copy
    page.click("text=Copy the key")
    expect(page.locator("[data-copies]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == shown
    look(page, "setup-key-made")
    page.click("text=I have put it away")
    page.wait_for_load_state()
    row = page.locator("tr", has_text="Web shop")
    row.locator("[data-opens^=end-]").click()
    page.fill("dialog[open] [name=why]", "the web shop is closed")
    page.click("dialog[open] button[type=submit]")
    expect(page.locator("#notice")).to_contain_text("The key has ended")
    assert page.locator("tr", has_text="Web shop").count() == 0


def test_plural_forms_and_the_colour_are_shown_while_they_are_typed(page: Page, office: Shop) -> None:
    page.goto(f"{office.address}/backoffice/setup/currencies/edit?code=PTS")
    forms = page.locator("[data-plurals=en], [data-plurals]").first
    forms.locator("[data-form=one]").fill("star")
    forms.locator("[data-form=other]").fill("stars")
    expect(forms.locator("[data-said-as]")).to_contain_text("1 star")
    expect(forms.locator("[data-said-as]")).to_contain_text("2 stars")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(f"{office.address}/backoffice/setup/branding")
    page.locator("[data-preview]").first.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => [...document.querySelectorAll('details[open] [data-preview]')].every(i => i.complete && i.naturalWidth)"
    )
    first = office.call("GET", "/v1/program")["languages"][0]
    queries = [parse_qs(urlsplit(one).query) for one in asked if "/branding/preview" in one]
    assert sorted((one["what"][0], one["language"][0]) for one in queries) == sorted(
        (what, first) for what in PICTURES
    ), "the pictures of one language, and each once"
    with page.expect_response(lambda answer: "accent=%23b8660a" in answer.url) as drawn:
        page.fill("[name=accent]", "#b8660a")
    assert drawn.value.ok
    for closed in page.locator("main details:not([open]) > summary").all():
        closed.click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-preview]')].every(i => i.complete && i.naturalWidth)"
    )
    look(page, "setup-branding-amber")
    expect(page.locator(".note:visible")).to_contain_text("White text is weak on this colour")
    page.click("button:has-text('Save the colour')")
    expect(page.locator("#notice")).to_contain_text("Saved")
    page.goto(f"{office.address}/backoffice/setup/rules/proof")
    page.fill("[name=code_seconds]", "600")
    page.click("button:has-text('Save')")
    page.click("button:has-text('Back to the default')")
    expect(page.locator("[name=code_seconds]")).to_have_value("300")


def test_the_brands_texts_are_drawn_while_they_are_chosen(page: Page, office: Shop) -> None:
    page.goto(f"{office.address}/backoffice/setup/branding")
    spoken = office.call("GET", "/v1/program")["languages"][0]
    card, receipt = (
        page.locator(f"[data-preview*='what={what}'][data-preview-language={spoken}]")
        for what in ("card", "receipt")
    )
    page.select_option("[name=number_style]", "last_four")
    page.select_option("[name=logo_place]", "right")
    page.fill(f"[name=header-{spoken}]", "Brīvības iela 1")
    expect(receipt).to_have_attribute("src", re.compile("place=right&style=last_four.*header=Br"))
    assert "•••• 9012" in page.request.get(card.evaluate("one => one.src")).text()
    assert "Brīvības iela 1" in page.request.get(receipt.evaluate("one => one.src")).text()


def test_goods_left_alone_are_searched_and_picked(page: Page, office: Shop) -> None:
    page.goto(f"{office.address}/backoffice/setup/exclusions")
    search = page.locator("[data-pick=products] [role=combobox]").first
    page.wait_for_load_state()
    search.press_sequentially("caraway")
    expect(page.locator(".found [data-code]")).to_have_count(1)  # of the last letter, not of the first
    expect(page.locator(".found [data-code=bread]")).to_be_visible()
    search.press("ArrowDown")
    search.press("Enter")
    page.click("button:has-text('Save')")
    expect(page.locator("#notice")).to_contain_text("Saved")
    expect(page.locator(".chip")).to_contain_text("Rye bread")
    excluded = office.call("GET", "/v1/program")["settings"]["excluded_goods"]
    assert {purpose: goods for purpose, goods in excluded.items() if goods} == {
        "discount": {"skus": ["bread"]}
    }


def test_of_two_searches_the_later_one_stands_whichever_is_answered_last(page: Page, office: Shop) -> None:
    page.goto(f"{office.address}/backoffice/setup/exclusions")
    search = page.locator("[data-pick=products] [role=combobox]").first
    found = page.locator(".found [data-code]")
    page.wait_for_load_state()
    first = Late(page, re.compile(r"/promotions/pick\?source=products&q=coffee$"))
    search.fill("coffee")
    first.asked()
    search.fill("caraway")
    expect(found).to_have_count(1)
    first.answer()
    page.wait_for_timeout(100)  # what came is read
    expect(found).to_have_count(1)
    expect(found.first).to_have_attribute("data-code", "bread")


def test_a_question_is_seen_as_it_will_be_asked_before_it_is_saved(page: Page, office: Shop) -> None:
    page.goto(f"{office.address}/backoffice/setup/texts/questions")
    page.fill("[name=q0-code]", "pet")
    for code, words in (("lv", "Kāds mājdzīvnieks?"), ("en", "Which pet?")):
        page.fill(f"[name=q0-label-{code}]", words)
    asked = page.locator("[data-asked]")
    page.select_option("[name=preview_language]", "en")
    expect(asked).to_contain_text("Which pet?")
    page.select_option("[name=preview_language]", "lv")
    expect(asked).to_contain_text("Kāds mājdzīvnieks?")
    assert office.call("GET", "/v1/program/questionnaire")["questions"] == []
