"""A household on two phones: opened, somebody invited, joined with the points she has, left; each refusal is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from regulars.i18n import REGIONS
from tests.browser.conftest import Shop, axe
from tests.browser.portal import PHONE, Phone

WORDS = {
    "en": {
        "joined": "You are in.",
        "alone": "You all collect into one account. You: owner.",
        "spender": "You all collect into one account. You: earns and spends.",
        "limit": "Earns and spends · €20.50 a day",
        "earner": "Earns only",
        "bad_code": "This code is not good (any more). You have not joined; ask for a new one.",
        "too_much": "You have not joined: so many points cannot be brought along now. You can join without them.",
        "most": "At most 250 points at once.",
        "kept": "Waiting for you until you leave: 300 points",
        "last": "You are the only owner. Nothing was changed: make somebody else an owner first.",
        "saved": "Saved.",
        "left": "You left it.",
        "begin": "Begin one",
        "points": "{n} points",
    },
    "lv": {
        "joined": "Jūs esat pievienojies.",
        "alone": "Jūs visi krājat vienā kontā. Jūs: īpašnieks.",
        "spender": "Jūs visi krājat vienā kontā. Jūs: krāj un tērē.",
        "limit": "Krāj un tērē · 20,50 € dienā",
        "earner": "Tikai krāj",
        "bad_code": "Šis kods neder (vai vairs neder). Jūs nepievienojāties; palūdziet jaunu.",
        "too_much": "Jūs neesat pievienojies: tik daudz punktu tagad nevar paņemt līdzi. Varat pievienoties bez tiem.",
        "most": "Vienā reizē ne vairāk kā 250 punktu.",
        "kept": "Gaida, līdz Jūs aiziesiet: 300 punktu",
        "last": "Jūs esat vienīgais īpašnieks. Nekas netika mainīts: vispirms ieceliet par īpašnieku kādu citu.",
        "saved": "Saglabāts.",
        "left": "Jūs to pametāt.",
        "begin": "Izveidot",
        "points": "{n} punktu",
    },
}


def phone_of(browser: Browser, shop: Shop, language: str, name: str, points: int) -> tuple[Phone, str]:
    """Somebody's phone in a language, logged in, and her id."""
    number, _, member = shop.member(name, points=points)
    made = Phone(browser, shop, locale=REGIONS[language].replace("_", "-"))
    made.language = language
    made.log_in(number)
    return made, member


def look(phone: Phone) -> None:
    """At the household, which axe has nothing against and which is no wider than the phone."""
    phone.go("/me/household")
    axe(phone.page)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def form(act: str) -> str:
    """The form of an act."""
    return f"form:has([name=act][value={act}])"


def has(phone: Phone, points: int) -> None:
    """Wait until her card says so many points."""
    phone.go("/")
    phone.sees(".balance", WORDS[phone.language]["points"].format(n=points))


def passing(shop: Shop, **rules: int | None) -> None:
    """Under which rules points are brought along."""
    shop.call("PATCH", "/v1/program", {"settings": {"passing": rules}})


@pytest.mark.parametrize("language", ["en", "lv"])
def test_a_household_is_opened_joined_by_a_code_with_her_points_changed_and_left(
    browser: Browser, shop: Shop, language: str
) -> None:
    words = WORDS[language]
    passing(shop)
    anna, annas = phone_of(browser, shop, language, "Anna Kalniņa", 500)
    look(anna)
    anna.page.fill(f"{form('open')} [name=name]", "Kalniņi")
    anna.page.check(f"{form('open')} [name=bring]")
    anna.page.click(f"{form('open')} button[type=submit]")
    anna.sees(".said", words["joined"])
    anna.sees("h1", "Kalniņi")
    anna.sees(".title", words["alone"])
    anna.page.select_option(f"{form('invite')} [name=role]", "spender")
    anna.page.fill(f"{form('invite')} [name=limit]", "20,50")
    anna.page.click(f"{form('invite')} button[type=submit]")
    anna.page.wait_for_selector(".otp")
    axe(anna.page)
    code = anna.page.inner_text(".otp").strip()

    zane, zanes = phone_of(browser, shop, language, "Zane Kalniņa", 300)
    look(zane)
    zane.page.fill(f"{form('join')} [name=code]", "NOT-THE-CODE")
    zane.page.click(f"{form('join')} button[type=submit]")
    zane.sees(".note.bad", words["bad_code"])
    assert (shop.balance(annas), shop.balance(zanes)) == (500, 300)
    zane.page.fill(f"{form('join')} [name=code]", code.lower())
    zane.page.check(f"{form('join')} [name=bring]")
    zane.page.click(f"{form('join')} button[type=submit]")
    zane.sees(".said", words["joined"])
    zane.sees(".title", words["spender"])
    zane.sees(".rows .row", words["limit"])
    has(zane, 800)
    has(anna, 800)

    look(anna)
    anna.page.click("details.sharer summary")
    anna.page.select_option(f"{form('change')} [name=role]", "earner")
    anna.page.click(f"{form('change')} button[type=submit]")
    anna.sees(".said", words["saved"])
    anna.sees(".sharer .row", words["earner"])
    anna.page.click("details.fold:last-of-type summary")
    anna.page.click(f"{form('leave')} button[type=submit]")
    anna.sees(".note.bad", words["last"])

    look(zane)
    zane.page.click("details.fold:last-of-type summary")
    zane.page.click(f"{form('leave')} button[type=submit]")
    zane.sees(".said", words["left"])
    zane.sees("h2", words["begin"])
    assert (shop.balance(annas), shop.balance(zanes)) == (800, 0)
    assert shop.call("GET", f"/v1/members/{zanes}/account")["account"] is None
    for one in (anna, zane):
        one.context.close()
        assert one.said == []


@pytest.mark.parametrize("language", ["en", "lv"])
def test_more_than_may_be_brought_along_is_said_and_she_joins_without_it(
    browser: Browser, shop: Shop, language: str
) -> None:
    words = WORDS[language]
    passing(shop, most=250)
    _, _, owner = shop.member("Anna Kalniņa", points=500)
    body = {"kind": "household", "name": "Kalniņi", "owner": owner}
    account = shop.call("POST", "/v1/accounts", body)["id"]
    code = shop.call("POST", f"/v1/accounts/{account}/invitations", {"role": "earner"})["code"]
    zane, zanes = phone_of(browser, shop, language, "Zane Kalniņa", 300)
    look(zane)
    zane.sees(f"{form('join')} .check", words["most"])
    zane.page.fill(f"{form('join')} [name=code]", code)
    zane.page.check(f"{form('join')} [name=bring]")
    zane.page.click(f"{form('join')} button[type=submit]")
    zane.sees(".note.bad", words["too_much"])
    assert shop.call("GET", f"/v1/members/{zanes}/account")["account"] is None
    assert shop.balance(zanes) == 300

    zane.page.fill(f"{form('join')} [name=code]", code)
    zane.page.click(f"{form('join')} button[type=submit]")
    zane.sees(".said", words["joined"])
    zane.sees("main .note", words["kept"])
    assert (
        shop.balance(zanes) == 500 - 500
    )  # what Anna has waits for her, too: she opened it without her points
    zane.page.click("details.fold:last-of-type summary")
    zane.page.click(f"{form('leave')} button[type=submit]")
    zane.sees(".said", words["left"])
    has(zane, 300)
    zane.context.close()
    assert zane.said == []
