"""Inviting a friend, in two browsers: she joins by the link, is told her gift, and the referrer sees her there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Shop
from tests.browser.portal import Phone, code_sent, furnish, member_with_receipt

PROGRAM: dict[str, Any] = {
    "steps": [
        {
            "referrer": {"points": {"currency": "PTS", "amount": 500}},
            "friend": {"points": {"currency": "PTS", "amount": 300}},
        }
    ],
    "least_amount": 1000,
    "milestones": [{"friends": 3, "prize": {"points": {"currency": "PTS", "amount": 1500}}}],
}
WORDS = {"en": ("Your gift", "has joined"), "lv": ("Jūsu dāvana", "pievienojās")}


@pytest.mark.scenario("S23")
@pytest.mark.parametrize("language", ["en", "lv"])
def test_a_friend_joins_by_the_link_and_the_referrer_sees_it(
    browser: Browser, shop: Shop, language: str
) -> None:
    furnish(shop)
    shop.call("PUT", "/v1/referral-programs/default", PROGRAM)
    phone, *_ = member_with_receipt(shop, "Anna Kalniņa")
    anna, zane = Phone(browser, shop), Phone(browser, shop, viewport={"width": 360, "height": 800})
    anna.context.grant_permissions(["clipboard-read", "clipboard-write"])
    anna.log_in(phone)
    anna.go(f"/invite?lang={language}")
    anna.page.click("[data-copy]")
    anna.page.wait_for_selector("[data-copied]:not([hidden])")
    link = anna.page.evaluate("navigator.clipboard.readText()")
    code = anna.page.inner_text("p.otp")
    assert link == f"{shop.address}/portal/dzintars/join?ref={code}"
    assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{8}", code)

    zane.page.goto(f"{link}&lang={language}")
    zane.sees("main h2", WORDS[language][0])
    assert zane.page.evaluate("document.documentElement.scrollWidth") == 360
    zane.page.click("main a.button.primary")
    number = {"en": "+37126555101", "lv": "+37126555102"}[language]
    zane.page.fill("[name=phone]", number)
    zane.page.click("[data-ask] button[type=submit]")
    zane.page.wait_for_selector("[data-step=code]:not([hidden])")
    zane.page.fill("[name=code]", code_sent(shop.messages, number))
    zane.page.wait_for_selector("[data-step=join]:not([hidden])")
    zane.page.check("[name=agreed]")
    zane.page.click("[data-join] button[type=submit]")
    zane.page.wait_for_url("**/welcome")

    anna.go("/invite")
    anna.sees("main .row", WORDS[language][1])
    assert anna.said == []
    assert zane.said == []
    for one in (anna, zane):
        one.context.close()
