"""What members do besides buying, seen: on her phone in two languages, and decided at a desk by keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from regulars import clock
from tests.browser.conftest import Shop, axe
from tests.browser.desk import add_staff, at_desk
from tests.browser.portal import Phone

NAMES = {"en": "Review", "lv": "Atsauksme"}
REVIEW: dict[str, Any] = {
    "names": NAMES,
    "fields": [
        {"name": "stars", "type": "integer", "required": True, "least": "1", "most": "5"},
        {"name": "text", "type": "text"},
    ],
    "review": "always",
    "rules": [{"currency": "PTS", "points": 15, "limits": {"day": 30}}],
}


@pytest.fixture(scope="module")
def reviewed(shop: Shop) -> Shop:
    """The shop in which a review earns once somebody has looked at it."""
    shop.call("PUT", "/v1/activity-kinds/review", REVIEW)
    return shop


@pytest.fixture
def page(context: BrowserContext, reviewed: Shop, database_url: str) -> Iterator[Page]:
    """The owner's; nothing may stand in the console at the end."""
    with at_desk(context, reviewed, add_staff(reviewed, database_url, "owner", name="Maija")) as opened:
        yield opened


def sent(shop: Shop, member: str, request: str, text: str) -> str:
    """A review of a member; its id."""
    body = {
        "id": request,
        "kind": "review",
        "happened_at": clock.world().isoformat(),
        "data": {"stars": 5, "text": text},
    }
    return shop.call("POST", f"/v1/members/{member}/events", body)["id"]


@pytest.mark.parametrize("language", ["en", "lv"])
def test_what_a_review_earned_stands_among_her_points(
    browser: Browser, reviewed: Shop, language: str
) -> None:
    number, _, member = reviewed.member("Anna Kalniņa")
    one = sent(reviewed, member, f"phone-{language}", "Garda kafija")
    reviewed.call("POST", f"/v1/activities/{one}/review", {"accept": True, "reason": "seen"})
    phone = Phone(browser, reviewed, locale={"en": "en-GB", "lv": "lv-LV"}[language])
    phone.log_in(number)
    phone.go("/points")
    phone.sees("main", NAMES[language])
    phone.sees("main", "+15")
    axe(phone.page)
    phone.context.close()
    assert phone.said == []


def test_a_review_that_waits_is_accepted_at_the_desk(page: Page, reviewed: Shop) -> None:
    _, _, member = reviewed.member("Zane Ozoliņa")
    one = sent(reviewed, member, "desk-1", "The rye bread was still warm")
    page.goto(f"{reviewed.address}/backoffice/engagement/activity")
    axe(page)
    row = page.locator("tr", has_text="The rye bread was still warm")
    row.locator("button[data-opens^=accept]").click()
    dialog = page.locator(f"#accept-{one}")
    dialog.locator("[name=reason]").fill("read and good")
    axe(page)
    dialog.locator("button[type=submit]").click()
    page.wait_for_selector("text=Accepted: it counts.")
    assert page.locator("tr", has_text="The rye bread was still warm").count() == 0
    found = reviewed.call("GET", f"/v1/activities/{one}")
    assert (found["status"], found["earned"], found["reason"]) == (
        "accepted",
        [{"currency": "PTS", "amount": 15}],
        "read and good",
    )


def test_a_kind_is_declared_at_the_desk_from_a_ready_made_one(page: Page, reviewed: Shop) -> None:
    page.goto(f"{reviewed.address}/backoffice/engagement/activity/new")
    page.click("text=Song played")
    page.fill("[name=r0-points]", "1")
    page.select_option("[name=r0-gives]", "per")
    page.fill("[name=r0-per]", "200")
    page.fill("[name=r0-day]", "10")
    axe(page)
    page.click("form.panel button[type=submit]")
    page.wait_for_selector("text=Saved; it counts from now on.")
    page.wait_for_selector("text=for every 200, at most 10")
    kinds = {one["code"]: one["document"] for one in reviewed.call("GET", "/v1/activity-kinds")["items"]}
    assert kinds["stream"]["rules"] == [
        {"currency": "PTS", "gives": "per", "points": 1, "per": "200", "limits": {"day": 10}}
    ]
    assert kinds["stream"]["names"]["lv"] == "Noklausīta dziesma"
