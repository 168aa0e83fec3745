"""What is done at the desk: the member's cards, points, notes, consents, merging; receipts returned, voided, given."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import httpx
import pytest

from regulars import ids
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api import shop
from tests.api.conftest import Letters
from tests.api.shop import just_now
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, enrolled, text


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def done(visitor: Visitor, path: str, **fields: Any) -> str:
    """Send a form that must succeed, and read the page it leads to."""
    page = OFFICE + re.sub(
        r"/(cards|notes|points|person|merge|unmerge|erase|returns|void|claim|send).*", "", path
    )
    answer = await visitor.act(OFFICE + path, page, **fields)
    assert answer.status_code == 303, text(answer)
    return text(await visitor.client.get(answer.headers["location"]))


async def refused(visitor: Visitor, path: str, page: str, **fields: Any) -> httpx.Response:
    """Send a form that must be refused on its own page."""
    answer = await visitor.act(OFFICE + path, OFFICE + page, **fields)
    assert 400 <= answer.status_code < 500, text(answer)
    return answer


async def test_a_lost_card_is_blocked_and_replaced(visitor: Visitor) -> None:
    member, number = await shop.member_with_card(visitor.api)
    await visitor.as_staff("service")
    cards = (await visitor.api.get(f"/v1/members/{member}")).json()["cards"]
    blocked = await done(visitor, f"/members/{member}/cards/{cards[0]['id']}/block")
    assert "The card is blocked" in blocked
    after = await done(visitor, f"/members/{member}/cards", replaces=number)
    now = (await visitor.api.get(f"/v1/members/{member}")).json()["cards"]
    assert [card["status"] for card in now] == ["replaced", "active"]
    assert f"The member has the card {now[1]['number']} now." in after
    again = await refused(visitor, f"/members/{member}/cards", f"/members/{member}", replaces=number)
    assert "The card that is to be replaced is not in use any more." in text(again)


async def test_points_are_corrected_below_the_limit_and_wait_above_it(visitor: Visitor) -> None:
    member, _ = await shop.member_with_card(visitor.api)
    await shop.settle(visitor.api, adjustment_limit=500)
    await visitor.as_staff("service")
    given = await done(
        visitor, f"/members/{member}/points", currency="PTS", amount="120", reason="receipt 17"
    )
    assert "Booked: +120" in given
    assert (await shop.balance(visitor.api, member))["available"] == 120
    waits = await done(visitor, f"/members/{member}/points", currency="PTS", amount="501", reason="a gift")
    assert "A colleague has to agree first" in waits
    assert (await shop.balance(visitor.api, member))["available"] == 120
    history = text(await visitor.client.get(f"{OFFICE}/members/{member}/history"))
    assert "Vija" in history or "receipt 17" in history
    no_reason = await refused(
        visitor, f"/members/{member}/points", f"/members/{member}", currency="PTS", amount="5"
    )
    assert "say why, in a few words" in text(no_reason)


async def test_a_double_click_books_once(visitor: Visitor) -> None:
    member, _ = await shop.member_with_card(visitor.api)
    await visitor.as_staff("service")
    for _ in range(2):
        await done(
            visitor, f"/members/{member}/points", currency="PTS", amount="7", reason="x", request="a" * 32
        )
    assert (await shop.balance(visitor.api, member))["available"] == 7


async def test_what_is_known_of_her_is_changed_and_she_is_found_by_her_new_name_only(
    visitor: Visitor,
) -> None:
    member, _ = await shop.member_with_card(visitor.api, "Anna Kalniņa")
    await visitor.as_staff("service")
    await done(visitor, f"/members/{member}/person", name="Anna Ozoliņa", email="anna@post.example")
    kept = (await visitor.api.get(f"/v1/members/{member}")).json()
    assert (kept["name"], kept["email"]) == ("Anna Ozoliņa", "anna@post.example")
    for what, there in (("ozolina", True), ("kalnina", False)):
        found = await visitor.act(f"{OFFICE}/members/find", f"{OFFICE}/members", text=what)
        assert ("Anna Ozoliņa" in text(found)) is there


async def test_notes_are_written_with_their_author_and_taken_away(visitor: Visitor) -> None:
    member, _ = await shop.member_with_card(visitor.api)
    await visitor.as_staff("service")
    page = await done(visitor, f"/members/{member}/notes", text="Prefers to be called\nafter six.")
    assert "Prefers to be called after six." in page
    raw = (await visitor.client.get(f"{OFFICE}/members/{member}")).text
    note = re.search(r"/notes/(nte_\w+)/remove", raw)
    assert note
    gone = await done(visitor, f"/members/{member}/notes/{note[1]}/remove", of=member)
    assert "Prefers" not in gone


async def test_a_duplicate_is_compared_merged_and_taken_apart_again(visitor: Visitor) -> None:
    api = visitor.api
    first = await enrolled(api, phone="+37120000801", name="Anna Kalniņa", birthday="1990-05-01")
    second = await enrolled(api, email="anna@post.example", name="Kalniņa Anna", birthday="1990-05-01")
    await shop.give(api, second, 40)
    await visitor.as_staff("service")
    shown = text(await visitor.client.get(f"{OFFICE}/members/{first}"))
    assert "1 other member has the same name and birthday." in shown
    compared = text(await visitor.client.get(f"{OFFICE}/members/{first}/merge?with={second}"))
    assert "anna@post.example" in compared.split("After it")[1]
    merged = await done(visitor, f"/members/{first}/merge", member=second)
    assert "They are one member now." in merged
    assert (await shop.balance(api, first))["available"] == 40
    apart = await done(visitor, f"/members/{first}/unmerge/{second}")
    assert "They are two members again." in apart
    assert (await shop.balance(api, first))["available"] == 0
    assert (await shop.balance(api, second))["available"] == 40


async def test_an_erasure_takes_the_name_index_and_the_notes_with_it(visitor: Visitor) -> None:
    api = visitor.api
    await shop.settle(api, four_eyes_erasure=False)
    member, _ = await shop.member_with_card(api, "Zigrīda Zvaigzne")
    await visitor.as_staff("owner")
    await done(visitor, f"/members/{member}/notes", text="A note.")
    page = await done(visitor, f"/members/{member}/erase", reason="a letter of 3 March", sure="1")
    assert "The member is erased" in page
    assert "Erased member" in page
    assert "A note." not in page
    found = await visitor.act(f"{OFFICE}/members/find", f"{OFFICE}/members", text="zvaigzne")
    assert "Nobody was found" in text(found)
    (entry,) = (await api.get("/v1/audit", subject=member, action="member.erased")).json()["items"]
    assert entry["why"] == "a letter of 3 March"
    certificate = (await api.get(f"/v1/members/{member}/erasure")).json()["certificate"]
    assert certificate["removed"]["names"] == 4
    assert certificate["removed"]["notes"] == 1


async def test_points_missing_from_an_anonymous_receipt_are_given(visitor: Visitor) -> None:
    api = visitor.api
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    member, card = await shop.earning_member(api)
    bought = await shop.record(api, shop.buy("r-1", None, [shop.line(1, 900)], purchased_at=just_now()))
    await visitor.as_staff("service")
    page = await done(visitor, f"/purchases/{bought['id']}/claim", whose=card)
    assert "The receipt is the member&#39;s now: +9" in page
    assert (await shop.balance(api, member))["available"] == 9
    table = (await visitor.client.get(f"{OFFICE}/purchases.csv")).text
    (row,) = csv.DictReader(io.StringIO(table.lstrip("\ufeff")))
    assert (row["id"], row["member"], row["earned"]) == (bought["id"], member, "9")
    listed = await visitor.client.get(f"{OFFICE}/purchases")
    assert f"/members/{member}" in listed.text
    assert "Anna Kalniņa" in text(listed)


async def test_goods_are_taken_back_after_a_look_at_what_comes_back(visitor: Visitor) -> None:
    api = visitor.api
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    member, card = await shop.earning_member(api)
    lines = [shop.line(1, 500, "2"), shop.line(2, 300)]
    bought = await shop.record(api, shop.buy("r-1", card, lines, purchased_at=just_now()))
    here = f"/purchases/{bought['id']}"
    await visitor.as_staff("service")
    preview = await visitor.act(f"{OFFICE}{here}/returns/preview", OFFICE + here, **{"back-1": "1"})
    assert preview.status_code == 200, text(preview)
    assert "This return would pay out €5.00" in text(preview)
    assert (await shop.balance(api, member))["available"] == 13
    page = await done(visitor, f"{here}/returns", **{"back-1": "1", "reason": "broken"})
    assert "Taken back: pay out €5.00." in page
    assert "Partly returned" in page
    assert (await shop.balance(api, member))["available"] == 8
    nothing = await refused(visitor, f"{here}/returns", here, reason="x")
    assert "say how much of which line comes back" in text(nothing)
    void = await done(visitor, f"{here}/void", reason="rung up twice")
    assert "Voided: rung up twice" in void
    assert (await shop.balance(api, member))["available"] == 0


async def test_a_shop_manager_sees_and_returns_receipts_of_her_stores_only(visitor: Visitor) -> None:
    api = visitor.api
    stores = [
        (await api.post("/v1/stores", {"code": code, "name": code})).json()["id"]
        for code in ("riga-1", "riga-2")
    ]
    mine = await shop.record(api, shop.buy("r-1", None, [shop.line(1, 500)], receipt_number="0001"))
    other = await shop.record(
        api, shop.buy("r-2", None, [shop.line(1, 500)], store="riga-2", receipt_number="0002")
    )
    await visitor.as_staff("shop_manager", stores=(ids.read("sto", stores[0]),))
    listed = text(await visitor.client.get(f"{OFFICE}/purchases?from=2026-02-27&to=2026-03-02"))
    assert "0001" in listed
    assert "0002" not in listed
    for number, there in (("0001", True), ("0002", False)):
        found = text(await visitor.client.get(f"{OFFICE}/purchases?receipt={number}"))
        assert ("Recorded Goods" in found or f"{number} riga" in found) is there, found
    assert (await visitor.client.get(f"{OFFICE}/purchases/{mine['id']}")).status_code == 200
    hidden = await visitor.client.get(f"{OFFICE}/purchases/{other['id']}")
    assert "€5.00" not in hidden.text
    void = await visitor.act(
        f"{OFFICE}/purchases/{other['id']}/void", f"{OFFICE}/purchases/{mine['id']}", reason="x"
    )
    assert void.status_code in (403, 404), void.text
    assert (await api.get(f"/v1/purchases/{other['id']}")).json()["status"] == "recorded"


async def test_a_receipt_is_sent_to_its_member_again(visitor: Visitor, letters: Letters) -> None:
    api = visitor.api
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    _, card = await shop.earning_member(api)
    bought = await shop.record(api, shop.buy("r-1", card, [shop.line(1, 500)], receipt_number="77"))
    await visitor.as_staff("service")
    here = f"/purchases/{bought['id']}"
    without = await refused(visitor, f"{here}/send", here)
    assert "There is no email to send this receipt to." in text(without)
    member = bought["member"]["id"]
    await api.patch(f"/v1/members/{member}", {"email": "anna@post.example"})
    assert "on its way" in await done(visitor, f"{here}/send")
    (letter,) = await letters.to("anna@post.example")
    assert letter["text"].endswith(": 77")
