"""A company's account on an employee's phone: what twelve collect together, who may spend it, seats, and leaving."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from regulars import clock
from regulars.i18n import REGIONS
from tests.browser.conftest import Shop, axe
from tests.browser.portal import PHONE, Phone

WORDS = {
    "en": {
        "points": "11 400 points",
        "role": "You all collect into one account. You: earns and spends.",
        "limit": "Earns and spends · €50.00 a day",
        "left_over": "6 400 points",
        "place": "You are on the waiting list: place 1.",
        "seat": "1 seat is yours",
        "gone": "You left it.",
        "begin": "Begin one",
        "no_event": "Nothing here for you yet",
    },
    "lv": {
        "points": "11 400 punktu",
        "role": "Jūs visi krājat vienā kontā. Jūs: krāj un tērē.",
        "limit": "Krāj un tērē · 50,00 € dienā",
        "left_over": "6 400 punktu",
        "place": "Jūs esat gaidīšanas sarakstā: 1. vieta.",
        "seat": "1 vieta ir Jūsu",
        "gone": "Jūs to pametāt.",
        "begin": "Izveidot",
        "no_event": "Šeit Jums vēl nekā nav",
    },
}
EMPLOYEES = 12
SEATS, SEATS_EACH = 40, 5


class Company:
    """Twelve employees, of whom two may spend 50.00 a day each; each has bought for 1,000.00, and paid 950.00."""

    def __init__(self, shop: Shop, language: str):
        self.shop = shop
        self.event = f"evening-{language}"
        self.people = [shop.member(f"Darbinieks {n + 1}") for n in range(EMPLOYEES)]
        body = {"kind": "company", "name": "Bebru koks", "registration_number": "40003000001"}
        self.account: str = shop.call("POST", "/v1/accounts", body)["id"]
        roles = [{"role": "spender", "daily_limit": 5_000}] * 2 + [{"role": "earner"}] * (EMPLOYEES - 2)
        sharers = [{"member": one[2], **role} for one, role in zip(self.people, roles, strict=True)]
        shop.call("POST", f"/v1/accounts/{self.account}/members", {"members": sharers})
        for n in range(EMPLOYEES):
            shop.call("POST", "/v1/purchases", self.receipt(n, f"{language}-{n}", 100_000))

    def receipt(self, employee: int, request: str, amount: int, points: int = 0) -> dict[str, Any]:
        """A purchase of one thing a minute ago, paid with so many points."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
        line = {"line": 1, "sku": "kettle", "quantity": "1", "unit_price": amount, "tax_rate": "0.21"}
        spend = [{"currency": "PTS", "amount": points}] if points else []
        return {"id": request, "store": "teika", "till": "7", "card": self.people[employee][1], "currency": "EUR",
                "purchased_at": at, "lines": [line], "spend": spend}  # fmt: skip

    def refused(self, employee: int, points: int) -> tuple[int, str]:
        """How the till is told that she may not pay so: status and code."""
        body = self.receipt(employee, f"no-{employee}-{points}", 2_000, points)
        headers = {"Authorization": f"Bearer {self.shop.till_key}", "Idempotency-Key": str(body["id"])}
        answer = httpx.post(f"{self.shop.address}/v1/purchases", json=body, headers=headers)
        return answer.status_code, answer.json()["code"]

    def points(self) -> int:
        """What the account has to spend."""
        return self.shop.call("GET", f"/v1/accounts/{self.account}")["currencies"][0]["available"]

    def fill_the_event(self) -> list[str]:
        """An event of 40 seats for companies alone, all of which colleagues have booked; the bookings."""
        now = clock.world()
        event = {
            "names": {"en": "Coffee evening", "lv": "Kafijas vakars"},
            "starts_at": (now + timedelta(days=20)).isoformat(),
            "ends_at": (now + timedelta(days=20, hours=2)).isoformat(),
            "seats": SEATS,
            "seats_per_booking": SEATS_EACH,
            "companies_only": True,
        }
        self.shop.call("PUT", f"/v1/occasions/{self.event}", event)
        wanted = {"occasion": self.event, "seats": SEATS_EACH}
        colleagues = [one[2] for one in self.people[2 : 2 + SEATS // SEATS_EACH]]
        made = [self.shop.call("POST", f"/v1/members/{one}/bookings", wanted) for one in colleagues]
        assert {one["state"] for one in made} == {"booked"}
        return [one["id"] for one in made]


@pytest.fixture(params=["en", "lv"])
def phone(browser: Browser, shop: Shop, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone that speaks English or Latvian, in a program that asks for no proof."""
    shop.call("PATCH", "/v1/program", {"settings": {"proof_above_a_day": None}})
    made = Phone(browser, shop, locale=REGIONS[request.param].replace("_", "-"))
    made.language = request.param
    yield made
    made.context.close()
    assert made.said == []


def look(phone: Phone, path: str) -> None:
    """At a page, which axe has nothing against and which is no wider than the phone."""
    phone.go(path)
    axe(phone.page)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path


@pytest.mark.scenario("S20")
def test_what_a_company_collects_is_spent_by_two_and_stays_when_one_of_them_leaves(phone: Phone) -> None:
    words, company = WORDS[phone.language], Company(phone.shop, phone.language)
    (number, _, anna), earner = company.people[0], 2
    phone.log_in(number)
    phone.sees(".balance", words["points"])  # one per cent of 12 × 950.00 is 114.00
    look(phone, "/me/household")
    phone.sees("h1", "Bebru koks")
    phone.sees(".title", words["role"])
    phone.sees(".rows .row", words["limit"])
    assert phone.page.locator(".rows > li").count() == EMPLOYEES

    for n, points in enumerate((4_000, 1_000)):
        bought = company.receipt(0, f"{phone.language}-s-{n}", points, points)
        assert phone.shop.call("POST", "/v1/purchases", bought)["payable"] == 0
    assert company.refused(0, 1) == (403, "spender_limit")
    assert company.refused(earner, 1) == (403, "spending_not_allowed")
    phone.go("/")
    phone.sees(".balance", words["left_over"])

    bookings = company.fill_the_event()
    look(phone, f"/events/{company.event}")
    phone.page.click("form.form button.primary")
    phone.sees(".note", words["place"])
    phone.shop.call("POST", f"/v1/bookings/{bookings[0]}/cancel", {})
    look(phone, f"/events/{company.event}")
    phone.sees(".voucher h2", words["seat"])

    phone.go("/me/household")
    phone.page.click("details.fold:last-of-type summary")
    phone.page.click("details.fold:last-of-type button.danger")
    phone.sees(".said", words["gone"])
    phone.sees("h2", words["begin"])
    look(phone, "/clubs")
    phone.sees("main", words["no_event"])
    (seat,) = phone.shop.call("GET", f"/v1/members/{anna}/bookings")["items"]
    assert (seat["state"], phone.shop.balance(anna), company.points()) == ("cancelled", 0, 6_400)
    assert company.refused(0, 1) == (409, "insufficient_points")
