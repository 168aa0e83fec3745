"""An auditor reconstructs a day: who did what, when and why, what it was about, and that nothing of it was changed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, Page, expect

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.flows.read_audit import witness_audit
from regulars.flows.seal_ledger import seal_ledger
from tests.browser.conftest import Shop
from tests.browser.desk import Size, add_staff, aside, at_desk, look
from tests.browser.watching import WAIT_SECONDS

TRAIL = "/backoffice/review/audit"
SIZES: tuple[Size, ...] = ((1600, "light"), (768, "dark"), (390, "light"))
SETTINGS = {"adjustment_limit": 500, "four_eyes_keys": False}


class Day(Struct):
    """What was done on it."""

    shop: Shop
    member: str
    purchase: str
    promotion: str
    approval: str
    """Of points above the limit: Ilze asked, Māris agreed."""
    key: str


@pytest.fixture(scope="module")
def day(browser: Browser, shop: Shop, database_url: str) -> Day:
    """A lively day: receipts, goods taken back at the desk, points that waited, a promotion, a key, a guest, a rule."""
    shop.call("PATCH", "/v1/program", {"settings": SETTINGS})
    _, card, member = shop.member("Anna Kalniņa")
    purchase, *_ = [sold(shop, card) for _ in range(3)]
    promotion = shop.call("POST", "/v1/promotions", {
        "name": "One day only", "group": "basket", "benefits": [{"kind": "basket_percent", "percent": "1"}],
    })["id"]  # fmt: skip
    shop.call("POST", f"/v1/promotions/{promotion}/publish")
    shop.call("POST", f"/v1/promotions/{promotion}/stop")
    key = shop.call("POST", "/v1/keys", {"scopes": ["till"], "name": "Till 8"})["id"]
    shop.call("POST", f"/v1/keys/{key}/rotate", {"hours": 1})
    with desk(browser, shop, add_staff(shop, database_url, "service", name="Ilze")) as ilze:
        ilze.goto(f"{shop.address}/backoffice/purchases/{purchase}")
        ilze.get_by_label("How much of Coffee beans comes back").fill("1")
        ilze.get_by_role("button", name="What would come back?").click()
        ilze.locator("[name=reason]:visible").fill("the bag was torn")
        ilze.get_by_role("button", name="Take the goods back").click()
        expect(ilze.locator("#notice")).to_contain_text("Taken back")
        ilze.goto(f"{shop.address}/backoffice/members/{member}")
        ilze.get_by_role("button", name="Correct points", exact=True).first.click()
        dialogue = ilze.locator("dialog[open]")
        dialogue.locator("[name=amount]").fill("900")
        dialogue.locator("[name=reason]").fill("a year of lost receipts")
        dialogue.get_by_role("button", name="Book it").click()
        expect(ilze.locator("#notice")).to_contain_text("A colleague has to agree first")
    with desk(browser, shop, add_staff(shop, database_url, "owner", name="Maris")) as maris:
        maris.goto(f"{shop.address}/backoffice/review")
        maris.get_by_label("A word to it").fill("seen the receipts")
        maris.get_by_role("button", name="Agree").click()
        expect(maris.locator("#notice")).to_contain_text("Agreed, and done.")
        maris.goto(f"{shop.address}/backoffice/team/invite")
        maris.fill("[name=email]", "guest@shop.example")
        maris.check("[name=roles][value=analyst]")
        maris.fill("[name=why]", "She begins on Monday.")
        maris.get_by_role("button", name="Make the link").click()
        maris.wait_for_selector("#link")
    (approval,) = [one["id"] for one in shop.call("GET", "/v1/approvals", waiting=False)["items"]]
    return Day(shop, member, purchase, promotion, approval, key)


@pytest.fixture
def auditor(context: BrowserContext, day: Day, database_url: str) -> Iterator[Page]:
    """Rita's page; nothing may stand in its console at the end."""
    with at_desk(context, day.shop, add_staff(day.shop, database_url, "auditor", name="Rita")) as opened:
        yield opened


def desk(browser: Browser, shop: Shop, email: str) -> Any:
    """A colleague at a desk of her own."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(WAIT_SECONDS * 1000)
    return at_desk(context, shop, email)


def sold(shop: Shop, card: str) -> str:
    """A receipt of an hour ago; its id."""
    return shop.call("POST", "/v1/purchases", {
        "id": uuid4().hex, "store": "teika", "till": "7", "cashier": "c-12", "currency": "EUR", "card": card,
        "purchased_at": (clock.world() - timedelta(hours=1)).isoformat(),
        "lines": [{"line": 1, "sku": "coffee", "name": "Coffee beans", "quantity": "2", "unit_price": 700,
                   "categories": ["drinks/coffee"], "tax_rate": "0.21"}],
    })["id"]  # fmt: skip


def search(page: Page, shop: Shop, action: str) -> None:
    """Choose what was changed, and then of that one act."""
    page.goto(f"{shop.address}{TRAIL}")
    family = action.partition(".")[0]
    page.select_option(".filters [name=action]", family)
    page.wait_for_url(f"**action={family}&**")
    page.locator(f"tbody a[href*='action={action}']").first.click()
    page.wait_for_url(f"**action={action}*")
    expect(page.get_by_role("link", name="Everything", exact=True).first).to_be_visible()


def first_row(page: Page) -> Any:
    """The newest entry that was found."""
    return page.locator("tbody tr").first


def open_first(page: Page) -> None:
    """Open the newest entry that was found."""
    first_row(page).locator(".when a").click()
    page.wait_for_url(f"**{TRAIL}/*")


def test_each_act_is_found_by_who_and_what_with_its_why_and_leads_to_what_it_is_about(
    auditor: Page, day: Day
) -> None:
    shop = day.shop
    for action, who, subject, place in (
        ("purchase.returned", "Ilze", day.purchase, "purchases"),
        ("approval.asked", "Ilze", day.approval, "review"),
        ("approval.approved", "Maris", day.approval, "review"),
        ("points.adjusted", "Maris", day.member, "members"),
        ("promotion.published", "Key", day.promotion, "promotions"),
        ("promotion.stopped", "Key", day.promotion, "promotions"),
        ("key.rotated", "Key", day.key, ""),
        ("staff.invited", "Maris", "", ""),
        ("program.changed", "Key", "", ""),
    ):
        search(auditor, shop, action=action)
        expect(first_row(auditor)).to_contain_text(who)
        if subject:
            expect(first_row(auditor).locator(".subject a")).to_have_attribute("title", subject)
        open_first(auditor)
        if place:
            auditor.get_by_role("link", name="Open its page").click()
            auditor.wait_for_url(f"**/backoffice/{place}/{subject}")
            expect(auditor.locator("main")).to_be_visible()
        else:
            assert auditor.get_by_role("link", name="Open its page").count() == 0, action
    search(auditor, shop, action="points.adjusted")
    open_first(auditor)
    expect(auditor.locator(".facts")).to_contain_text("a year of lost receipts")
    expect(auditor.locator(".diff")).to_contain_text("900")
    search(auditor, shop, action="program.changed")
    open_first(auditor)
    row = auditor.locator(".diff tr", has_text="settings.adjustment_limit")
    expect(row.locator(".was")).to_have_text("10000")
    expect(row.locator(".became")).to_have_text("500")


def test_one_persons_acts_are_found_by_a_click_and_one_day_by_its_date(auditor: Page, day: Day) -> None:
    search(auditor, day.shop, action="purchase.returned")
    first_row(auditor).get_by_role("link", name="Ilze").click()
    auditor.wait_for_url("**actor=stf_*")
    expect(auditor.locator("tbody tr", has_text="goods taken back")).to_have_count(1)
    assert auditor.locator("tbody tr", has_not_text="Ilze").count() == 0
    tomorrow = f"{clock.world() + timedelta(days=2):%Y-%m-%d}"
    auditor.goto(f"{day.shop.address}{TRAIL}?from={tomorrow}")
    expect(auditor.locator("main")).to_contain_text("Nothing like this was changed")


def test_an_approval_leads_to_its_promotion_or_member_and_to_the_trail(auditor: Page, day: Day) -> None:
    auditor.goto(f"{day.shop.address}/backoffice/review/{day.approval}")
    expect(auditor.locator("article")).to_contain_text("seen the receipts")
    assert auditor.get_by_role("button", name="Agree").count() == 0, "an auditor decides nothing"
    auditor.get_by_role("link", name="In the audit trail").click()
    expect(auditor.locator("tbody tr")).to_have_count(2)
    auditor.go_back()
    auditor.locator("article").get_by_role("link", name="Anna Kalniņa").click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("Anna Kalniņa")


def test_the_whole_trail_is_taken_along_as_a_file(auditor: Page, day: Day, tmp_path: Path) -> None:
    auditor.goto(f"{day.shop.address}{TRAIL}?action=promotion")
    with auditor.expect_download() as download:
        auditor.get_by_role("link", name="Download CSV").click()
    download.value.save_as(tmp_path / "trail.csv")
    head, *rows = list(csv.reader((tmp_path / "trail.csv").read_text(encoding="utf-8-sig").splitlines()))
    found = [row for row in rows if row[head.index("subject")] == day.promotion]
    assert [row[head.index("action")] for row in found] == [
        "promotion.stopped", "promotion.published", "promotion.created",
    ]  # fmt: skip
    assert all(len(row[head.index("digest")]) == 64 for row in rows)


@pytest.mark.full
def test_every_page_of_the_trail_is_whole_at_every_width(auditor: Page, day: Day) -> None:
    for path in ("audit", "audit/1", day.approval):
        for width, scheme in SIZES:
            auditor.set_viewport_size({"width": width, "height": 900})
            auditor.emulate_media(color_scheme=scheme)
            auditor.goto(f"{day.shop.address}/backoffice/review/{path}")
            look(auditor, f"review-{path[:3]}-{width}-{scheme}")


def test_the_page_proves_the_chain_and_shows_who_tampered_with_it(
    auditor: Page, day: Day, database_url: str
) -> None:
    program = ids.read("prg", day.shop.call("GET", "/v1/program")["id"])

    async def witness() -> None:
        async with Database(database_url, size=1) as database:
            assert await witness_audit(database, program, clock.world()) > 0
            await seal_ledger(database, program, clock.world())

    aside(witness())
    auditor.goto(f"{day.shop.address}{TRAIL}")
    newest = auditor.locator("tbody .when a").first.get_attribute("href") or ""
    last = int(newest.rpartition("/")[2])
    note = auditor.get_by_role("status")
    expect(note).to_contain_text(f"Verified up to entry {last}, the last")
    expect(note).to_contain_text(f"The sealed ledger knows the trail up to entry {last}")
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute("SELECT set_config('regulars.program', %s, false)", (str(program),))
        owner.execute("UPDATE audit SET subject = subject || 'x' WHERE seq = %s", (last - 2,))
        auditor.reload()
        expect(auditor.get_by_role("alert")).to_contain_text(
            f"Entries that are missing or do not follow from the one before: {last - 2}"
        )
        look(auditor, "review-tampered")
        owner.execute("UPDATE audit SET subject = left(subject, -1) WHERE seq = %s", (last - 2,))
        auditor.reload()
        expect(note).to_contain_text("Verified up to entry")
        owner.execute("DELETE FROM audit WHERE seq = %s", (last,))
        owner.execute("UPDATE audit_head SET seq = %s", (last - 1,))
    auditor.reload()
    expect(auditor.get_by_role("alert")).to_contain_text(f"what the sealed ledger says of them: {last}")
