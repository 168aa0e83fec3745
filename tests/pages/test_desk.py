"""The pages of the desk: a member is found by whatever she gives, and helped; receipts and codes are looked after."""

from __future__ import annotations

import re

import httpx
import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api import shop
from tests.api.conftest import Api
from tests.pages.conftest import Visitor

OFFICE = "/backoffice"


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


def text(page: httpx.Response) -> str:
    """What stands on a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


async def sought(visitor: Visitor, what: str) -> str:
    """What the search for a member says."""
    answer = await visitor.act(f"{OFFICE}/members/find", f"{OFFICE}/members", text=what)
    assert answer.status_code == 200, answer.text
    return text(answer)


async def enrolled(api: Api, **fields: object) -> str:
    """The id of a new member."""
    made = await api.post("/v1/members", fields)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def test_a_member_is_found_by_phone_card_email_external_id_receipt_and_name(visitor: Visitor) -> None:
    api = visitor.api
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    made = await api.post(
        "/v1/members",
        {
            "phone": "+37120000777",
            "email": "anna@post.example",
            "external_id": "crm 7",
            "name": "Anna Kalniņa",
        },
    )
    member, card = made.json()["id"], made.json()["cards"][0]["number"]
    await enrolled(api, phone="+37120000778", name="Jānis Bērziņš")
    await shop.record(api, shop.buy("r-1", card, [shop.line(1, 500)], receipt_number="0817"))
    await visitor.as_staff("service")

    for what, by in [
        ("20000777", "phone"),
        (card, "card"),
        ("anna@post.example", "email"),
        ("crm 7", "id in another system"),
        ("kalnina anna", "name"),
        ("ann", "name"),
        ("Kalni", "name"),
        (member, "the member's id"),
    ]:
        page = await sought(visitor, what)
        assert "1 member" in page, (what, page)
        assert "Anna Kalniņa" in page
        assert "Looked for it as: " in page
        assert page.index("Found by") < page.index("anna@post.example") < page.rindex(by)
        assert "Jānis" not in page
    receipt = await sought(visitor, "0817")
    assert "1 receipt" in receipt
    assert "Open the member's page" in receipt
    nobody = await sought(visitor, "Nobodina")
    assert "Nobody was found" in nobody


async def test_every_page_of_a_member_opens(visitor: Visitor) -> None:
    api = visitor.api
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    member, card = await shop.earning_member(api)
    bought = await shop.record(api, shop.buy("r-1", card, [shop.line(1, 500)], receipt_number="0817"))
    await visitor.as_staff("service")
    for tab, said in [
        ("", "Points, lot by lot"),
        ("/history", "What moved the points"),
        ("/receipts", "0817"),
        ("/consents", "Never asked; nobody may write"),
        ("/access", "Logged in nowhere"),
        ("/merge", "Who is the duplicate?"),
        ("/export", "To be read (PDF)"),
    ]:
        page = await visitor.client.get(f"{OFFICE}/members/{member}{tab}")
        assert page.status_code == 200, page.text
        assert said in text(page), (tab, text(page))
    page = await visitor.client.get(f"{OFFICE}/purchases/{bought['id']}")
    assert page.status_code == 200, page.text
    assert "A point for each euro: +5" in text(page)
    listed = await visitor.client.get(f"{OFFICE}/purchases?from=2026-02-20&to=2026-03-02")
    assert "Anna Kalniņa" in text(listed), text(listed)
    paper = await visitor.client.get(f"{OFFICE}/purchases/{bought['id']}/paper")
    assert paper.status_code == 200, paper.text
