"""Points that a member sends from her phone: asked once more, taken back, and refused by a limit or a wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from regulars.i18n import REGIONS
from tests.browser.conftest import Shop, axe
from tests.browser.portal import PHONE, Phone

SEND = "form:has([name=act][value=send])"
SURE = "form:has([name=sure])"
WORDS = {
    "en": {
        "question": "Send 100 points to Z.? The fee is 5 points.",
        "done": "Done.",
        "sent": "−100 points",
        "back": "100 points come back to you.",
        "taken": "Taken back: today, ",
        "limits": "At most 150 points at once. At most 200 points a day.",
        "over": "That is more than may be passed on in this time. It is possible again:",
        "waits": "What you got in the last 48 hours has to wait.",
        "cooling": "Points that have just come cannot be passed on yet. It is possible again:",
        "have": "You have {n} points.",
    },
    "lv": {
        "question": "Nosūtīt 100 punktu – Z.? Maksa ir 5 punkti.",
        "done": "Izdarīts.",
        "sent": "−100 punktu",
        "back": "100 punktu atgriežas pie Jums.",
        "taken": "Atsaukta",
        "limits": "Vienā reizē ne vairāk kā 150 punktu. Dienā ne vairāk kā 200 punktu.",
        "over": "Tas ir vairāk, nekā šajā laikā drīkst nodot. Atkal iespējams:",
        "waits": "Pēdējās 48 stundās saņemtajam jāpagaida.",
        "cooling": "Tikko saņemtus punktus vēl nevar nodot. Atkal iespējams:",
        "have": "Jums ir {n} punkti.",
    },
}


class Sender:
    """Anna with 500 points at her phone, and Zane, who has none."""

    def __init__(self, phone: Phone, **rules: Any):
        self.phone, self.page, self.words = phone, phone.page, WORDS[phone.language]
        shop = phone.shop
        shop.call("PATCH", "/v1/program", {"settings": {"passing": {"members": True, **rules}}})
        number, _, self.anna = shop.member("Anna Kalniņa", points=500)
        _, self.card, self.zane = shop.member("Zane Ozola")
        phone.log_in(number)

    def look(self) -> None:
        """At the page, which axe has nothing against and which is no wider than the phone."""
        axe(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    def fill_in(self, points: int) -> None:
        """Fill in the form, and send it."""
        self.phone.go("/pass-on")
        self.page.fill(f"{SEND} [name=to]", self.card)
        self.page.fill(f"{SEND} [name=amount]", str(points))
        self.page.click(f"{SEND} button[type=submit]")

    def ask(self, points: int) -> None:
        """Fill in the form, and be asked."""
        self.fill_in(points)
        self.page.wait_for_selector(SURE)

    def agree(self) -> None:
        """Yes, do it."""
        self.page.click(f"{SURE} button[type=submit]")

    def has(self, points: int) -> None:
        """Wait until the page says so many points."""
        self.phone.sees(".title", self.words["have"].format(n=points))

    def refused(self, points: int, word: str) -> None:
        """Ask for so many, and read why they cannot be sent, before any question."""
        self.fill_in(points)
        self.phone.sees(".note.bad", self.words[word])
        assert self.page.locator(SURE).count() == 0

    def balances(self) -> tuple[int, int]:
        """What Anna and Zane may spend."""
        return self.phone.shop.balance(self.anna), self.phone.shop.balance(self.zane)


@pytest.fixture(params=["en", "lv"])
def phone(browser: Browser, shop: Shop, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone that speaks English or Latvian."""
    made = Phone(browser, shop, locale=REGIONS[request.param].replace("_", "-"))
    made.language = request.param
    yield made
    made.context.close()
    assert made.said == []


def test_what_is_sent_after_a_question_is_taken_back_after_another_and_the_fee_is_not(phone: Phone) -> None:
    sender = Sender(phone, fee=5, take_back_hours=24)
    words = sender.words
    sender.ask(100)
    phone.sees("h2", words["question"])
    assert "Zane" not in sender.page.content()
    sender.look()
    assert sender.balances() == (500, 0)
    sender.agree()
    phone.sees(".said", words["done"])
    sender.has(395)
    phone.sees(".rows .row", words["sent"])
    assert sender.balances() == (395, 100)
    sender.look()

    sender.page.click("form.end button[type=submit]")
    phone.sees("h2", words["back"])
    assert sender.balances() == (395, 100)
    sender.agree()
    phone.sees(".rows .row", words["taken"])
    sender.has(495)
    assert sender.balances() == (495, 0)
    assert sender.page.locator("form.end").count() == 0
    sender.look()


def test_more_than_a_day_allows_is_refused_and_it_is_said_since_when_it_is_possible(phone: Phone) -> None:
    sender = Sender(phone, most=150, a_day=200)
    sender.ask(150)
    sender.agree()
    phone.sees(".said", sender.words["done"])
    phone.sees(SEND, sender.words["limits"])
    sender.refused(51, "over")
    assert sender.balances() == (350, 150)
    sender.look()


def test_points_that_have_just_come_wait_before_they_are_sent(phone: Phone) -> None:
    sender = Sender(phone, cooling_hours=48)
    phone.go("/pass-on")
    phone.sees(SEND, sender.words["waits"])
    sender.refused(1, "cooling")
    assert sender.balances() == (500, 0)
    sender.look()
