"""Joining on the web from a poster: its tag is kept, and what must be answered is asked and stands on the profile."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Shop
from tests.browser.portal import Phone, code_sent, furnish

ASKED: dict[str, Any] = {
    "questions": [
        {
            "code": "drink",
            "kind": "one_of",
            "required": True,
            "labels": {"lv": "Ko Jūs dzerat?", "en": "What do you drink?"},
            "choices": [
                {"code": "tea", "labels": {"lv": "Tēju", "en": "Tea"}},
                {"code": "coffee", "labels": {"lv": "Kafiju", "en": "Coffee"}},
            ],
        },
        {
            "code": "likes",
            "kind": "several_of",
            "required": True,
            "labels": {"lv": "Kas Jums garšo?", "en": "What do you like?"},
            "choices": [
                {"code": "cake", "labels": {"lv": "Kūkas", "en": "Cake"}},
                {"code": "bread", "labels": {"lv": "Maize", "en": "Bread"}},
            ],
        },
    ]
}
SAVED = {"en": "Saved.", "lv": "Saglabāts."}


@pytest.mark.parametrize("language", ["en", "lv"])
def test_whoever_joins_from_a_poster_answers_and_is_counted_there(
    browser: Browser, shop: Shop, language: str
) -> None:
    furnish(shop)
    shop.call("PUT", "/v1/program/questionnaire", ASKED)
    anna = Phone(browser, shop, viewport={"width": 390, "height": 844})
    number = {"en": "+37126555301", "lv": "+37126555302"}[language]

    anna.page.goto(f"{shop.address}/portal/dzintars/join?tag=shop%20window&lang={language}")
    anna.page.fill("[name=phone]", number)
    anna.page.click("[data-ask] button[type=submit]")
    anna.page.wait_for_selector("[data-step=code]:not([hidden])")
    anna.page.fill("[name=code]", code_sent(shop.messages, number))
    anna.page.wait_for_selector("[data-step=join]:not([hidden])")
    anna.page.check("[name=agreed]")
    anna.page.select_option("[name=q-drink]", "tea")
    anna.page.click("[data-join] button[type=submit]")
    anna.page.wait_for_selector("[data-question=likes] .faulty")
    assert anna.page.locator(".faulty").count() == 1
    assert anna.page.evaluate("document.documentElement.scrollWidth") == 390
    anna.page.check("[name=q-likes][value=bread]")
    anna.page.click("[data-join] button[type=submit]")
    anna.page.wait_for_url("**/welcome")
    assert anna.page.input_value("[name=q-drink]") == "tea"
    assert anna.page.is_checked("[name=q-likes][value=bread]")

    anna.go("/me/profile")
    anna.page.select_option("[name=q-drink]", "coffee")
    anna.page.click("main form button.primary")
    anna.sees("main .said", SAVED[language])

    member = shop.call("POST", "/v1/members/find", {"phone": number})["member"]
    assert (member["source"], member["tag"]) == ("web", "shop window")
    assert member["attributes"] == {"drink": "coffee", "likes": "bread"}
    assert [said for said in anna.said if "422" not in said] == []
    anna.context.close()
