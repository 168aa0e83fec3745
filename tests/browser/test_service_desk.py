"""A service agent helps five members in a real browser; every page of the desk is looked at in every width."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec import Struct
from playwright.sync_api import BrowserContext, Page, expect

from regulars import clock
from regulars.i18n import Language, language
from tests.browser.conftest import Shop
from tests.browser.desk import Size, add_staff, at_desk, look

RULES = {"adjustment_limit": 500, "four_eyes_erasure": False, "approvals_by_keys": True}
SIZES: tuple[Size, ...] = ((1600, "light"), (1280, "dark"), (768, "light"), (390, "dark"))


@pytest.fixture(scope="module")
def office(shop: Shop) -> Shop:
    """Four eyes look at more than 500 points, a key's among them; one pair is enough for an erasure."""
    shop.call("PATCH", "/v1/program", {"settings": RULES})
    return shop


class Agent(Struct):
    """Somebody at the desk, and the language that she reads."""

    page: Page
    shop: Shop
    language: Language

    def word(self, text: str, **named: str) -> str:
        """What a page that says this in English says to her."""
        return self.language.gettext(text) % named if named else self.language.gettext(text)

    def find(self, text: str, name: str) -> None:
        """Search for somebody, and open her page."""
        self.search(text)
        self.page.get_by_role("link", name=name, exact=True).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def search(self, text: str) -> None:
        """Search for a member or a receipt, after a mistyped word that finds nobody."""
        self.page.goto(f"{self.shop.address}/backoffice/members")
        field = self.page.get_by_label(self.word("Phone, card, email, receipt, id or name"))
        field.fill("qqq-nobody")
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name=self.word("Nobody was found"))).to_be_visible()
        field.fill(text)
        self.page.keyboard.press("Enter")

    def ask(self, button: str, go: str, **fields: str) -> None:
        """Open an act's dialogue, fill it in, and do it."""
        self.page.wait_for_load_state()  # its scripts open the dialogue
        self.page.get_by_role("button", name=self.word(button), exact=True).first.click()
        dialogue = self.page.locator("dialog[open]")
        for label, text in fields.items():
            dialogue.locator(f"[name={label}]").fill(text)
        for why in dialogue.locator("[name=why][required]").all():
            why.fill("She asked for it at the desk.")
        for box in dialogue.locator("[type=checkbox]").all():
            box.check()
        dialogue.get_by_role("button", name=self.word(go), exact=True).click()

    def follow(self, link: str) -> None:
        """Follow a link of the page."""
        self.page.get_by_role("link", name=self.word(link), exact=True).first.click()

    def reads(self, text: str) -> None:
        """What stands at the head of the page, up to what changes from case to case."""
        expect(self.page.locator("#notice")).to_contain_text(text)

    def money(self, amount: int) -> str:
        """Cents, as she reads them."""
        return self.language.money(amount, "EUR")


@pytest.fixture(
    params=["en", pytest.param("lv", marks=pytest.mark.full), pytest.param("ru", marks=pytest.mark.full)]
)
def agent(
    context: BrowserContext, office: Shop, database_url: str, request: pytest.FixtureRequest
) -> Iterator[Agent]:
    """Ilze at her desk; nothing may stand in the console at the end."""
    with at_desk(
        context, office, add_staff(office, database_url, "service", name="Ilze"), request.param
    ) as page:
        yield Agent(page, office, language(request.param))


def buy(shop: Shop, card: str | None, number: str) -> str:
    """A receipt of an hour ago; its id."""
    bought = {
        "id": uuid4().hex, "store": "teika", "till": "7", "receipt_number": number, "currency": "EUR",
        "purchased_at": (clock.world() - timedelta(hours=1)).isoformat(),
        "lines": [
            {"line": 1, "sku": "coffee", "name": "Coffee beans", "quantity": "2", "unit_price": 700,
             "categories": ["drinks/coffee"], "tax_rate": "0.21"},
            {"line": 2, "sku": "bread", "name": "Rye bread", "quantity": "1", "unit_price": 200},
        ],
        **({"card": card} if card else {}),
    }  # fmt: skip
    return shop.call("POST", "/v1/purchases", bought)["id"]


def test_a_lost_card_is_replaced(agent: Agent) -> None:
    phone, card, member = agent.shop.member("Anna Kalniņa", points=40)
    agent.find(phone, "Anna Kalniņa")
    agent.ask("Replace", "Replace it")
    agent.reads(agent.word("The member has the card %s now.").partition("%s")[0])
    states = {
        one["number"]: one["status"] for one in agent.shop.call("GET", f"/v1/members/{member}")["cards"]
    }
    assert states.pop(card) == "replaced"
    assert list(states.values()) == ["active"]
    assert agent.shop.balance(member) == 40


def test_points_missing_from_an_anonymous_receipt_are_given(agent: Agent) -> None:
    _, card, member = agent.shop.member("Jānis Bērziņš")
    number = f"A-{uuid4().hex[:6]}"
    purchase = buy(agent.shop, None, number)
    agent.search(number)
    agent.follow(number)
    label = agent.word("Give it to the member with this card, phone, email or id")
    agent.page.get_by_label(label).fill(card)
    agent.page.locator("[action$='/claim'] [name=why]").fill("She had forgotten her card.")
    agent.page.get_by_role("button", name=agent.word("Give it to this member")).click()
    agent.reads(agent.word("The receipt is the member's now: %s.").partition("%s")[0] + "+13")
    assert agent.shop.balance(member) == 13
    assert agent.page.url.endswith(purchase)


def test_wrong_points_are_corrected_below_and_above_the_limit(agent: Agent) -> None:
    phone, _, member = agent.shop.member("Olga Petrova")
    agent.find(phone, "Olga Petrova")
    agent.ask("Correct points", "Book it", amount="120", reason="the till was offline")
    agent.reads(agent.word("Booked: {change}. The balance is {available} now.").partition("{")[0] + "+120")
    agent.ask("Correct points", "Book it", amount="501", reason="a whole year was missing")
    agent.reads(agent.word("A colleague has to agree first: it waits under Review."))
    assert agent.shop.balance(member) == 120
    (waiting,) = agent.shop.call("GET", "/v1/approvals")["items"]
    agent.shop.call("POST", f"/v1/approvals/{waiting['id']}/approve", {"word": "looked at her receipts"})
    assert agent.shop.balance(member) == 621
    agent.page.locator(".desk-tabs").get_by_role("link", name=agent.word("Account"), exact=True).click()
    expect(agent.page.get_by_role("row").nth(1)).to_contain_text("a whole year was missing")
    expect(agent.page.get_by_role("row").nth(1)).to_contain_text("Ilze")


def test_a_duplicate_is_merged_and_taken_apart(agent: Agent) -> None:
    phone, _, first = agent.shop.member("Līga Ozola", points=10)
    other, _, second = agent.shop.member("Liga Ozola", points=30)
    agent.find(phone, "Līga Ozola")
    agent.follow("Merge a duplicate")
    agent.page.get_by_label(agent.word("Card, phone, email or id")).fill(other)
    agent.page.get_by_role("button", name=agent.word("Compare")).click()
    expect(agent.page.get_by_role("heading", name=agent.word("After it"))).to_be_visible()
    look(agent.page, f"desk-merge-1280-{agent.language.code}")
    agent.ask("Merge the two", "Merge them")
    text = agent.word("They are one member now. Until %s you can take them apart again.")
    agent.reads(text.partition("%s")[0])
    assert agent.shop.balance(first) == 40
    agent.ask("Take it apart", "Take it apart")
    agent.reads(agent.word("They are two members again."))
    assert (agent.shop.balance(first), agent.shop.balance(second)) == (10, 30)


def test_who_wants_to_be_forgotten_gets_her_data_and_is_erased(agent: Agent) -> None:
    page, shop = agent.page, agent.shop
    name = f"Vilma Vītola{agent.language.code}"
    phone, card, member = shop.member(name, points=5)
    buy(shop, card, f"B-{uuid4().hex[:6]}")
    agent.find(phone, name)
    agent.follow("Hand over the data")
    with page.expect_download() as json_file:
        agent.follow("For another program (JSON)")
    data: Any = json.loads(Path(json_file.value.path()).read_text())
    assert data["profile"]["name"] == name
    with page.expect_download() as paper:
        agent.follow("To be read (PDF)")
    assert Path(paper.value.path()).read_bytes()[:5] == b"%PDF-"
    agent.follow("Overview")
    agent.ask("Erase the member", "Erase for good", reason="her letter of today, with her passport")
    agent.reads(agent.word("The member is erased: nobody can undo that."))
    assert shop.call("GET", f"/v1/members/{member}")["name"] == ""
    agent.search(f"vitola{agent.language.code}")
    expect(page.get_by_text(agent.word("Nobody was found"))).to_be_visible()


def test_goods_are_taken_back_after_a_look(agent: Agent) -> None:
    page, shop = agent.page, agent.shop
    _, card, member = shop.member("Marta Liepa")
    number = f"C-{uuid4().hex[:6]}"
    purchase = buy(shop, card, number)
    assert shop.balance(member) == 13
    page.goto(f"{shop.address}/backoffice/purchases?receipt={number}")
    agent.follow(number)
    expect(page.locator("#panel")).to_contain_text("Coffee week")
    look(page, f"desk-panel-1280-{agent.language.code}")
    agent.follow("Open the whole receipt")
    page.get_by_label(agent.word("How much of %(goods)s comes back", goods="Coffee beans")).fill("1")
    page.get_by_role("button", name=agent.word("What would come back?")).click()
    money = agent.money(595)
    expect(
        page.get_by_role("heading", name=agent.word("This return would pay out %(money)s", money=money))
    ).to_be_visible()
    page.locator("[name=reason]:visible").fill("the bag was open")
    page.get_by_role("button", name=agent.word("Take the goods back"), exact=True).click()
    agent.reads(agent.word("Taken back: pay out %s.") % money)
    assert shop.call("GET", f"/v1/purchases/{purchase}")["status"] == "partly_returned"


def walk(page: Page, shop: Shop, language: str, sizes: tuple[Size, ...]) -> None:
    """Look at every page of the desk; the longest ones in every size, the others in two."""
    _, card, member = shop.member("Aleksandra Konstantinopolska-Bērziņkalne", points=321)
    purchase = buy(shop, card, f"D-{uuid4().hex[:6]}")
    batch = shop.call(
        "POST",
        "/v1/code-batches",
        {"name": f"flyer {uuid4().hex[:6]}", "pattern": "FLY-########", "count": 12},
    )["id"]
    paths = [
        "/members", f"/members/{member}", f"/members/{member}/history", f"/members/{member}/receipts",
        f"/members/{member}/consents", f"/members/{member}/access", f"/members/{member}/merge",
        f"/members/{member}/export", "/purchases", f"/purchases/{purchase}", f"/purchases/{purchase}/paper", "/codes",
        f"/codes/{batch}",
    ]  # fmt: skip
    for number, path in enumerate(paths):
        for width, scheme in sizes if number in (1, 9) else (sizes[number % 2], sizes[-1 - number % 2]):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{shop.address}/backoffice{path}")
            name = re.sub(r"(mem|pur|cbt)_\w+", r"\1", path).replace("/", "-")
            look(page, f"desk{name}-{language}-{width}-{scheme}")


@pytest.mark.full
def test_every_page_of_the_desk_is_whole_at_every_width(
    context: BrowserContext, office: Shop, database_url: str
) -> None:
    with at_desk(context, office, add_staff(office, database_url, "service")) as page:
        walk(page, office, "en", SIZES)


@pytest.mark.full
@pytest.mark.parametrize("language", ["lv", "ru", "et", "hu"])
def test_every_page_of_the_desk_is_whole_in_every_language(
    context: BrowserContext, office: Shop, database_url: str, language: str
) -> None:
    with at_desk(context, office, add_staff(office, database_url, "owner"), language) as page:
        walk(page, office, language, ((1280, "light"), (390, "dark")))
