"""The pages of the review: what waits for a second person, what looks unusual, who changed what."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest

from regulars import clock, ids
from regulars.backoffice import approvals
from regulars.db.actors import Actor
from regulars.flows.add_staff import add_staff
from regulars.flows.watch_tills import watch_tills
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.conftest import PASSWORD
from tests.api.shop import buy, line, member_with_card
from tests.api.test_approvals import BIG, asked, member, points, promotion
from tests.conftest import START
from tests.pages.conftest import Visitor


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Her browser remembers that she reads English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


def id_of(page: str) -> str:
    found = re.search(r"/review/(apr_[0-9a-z]+)/", page)
    assert found, page
    return found[1]


async def test_finance_agrees_to_points_that_service_asked_for(visitor: Visitor) -> None:
    shop = visitor.api
    who = await member(shop)
    assert (await shop.patch(f"/v1/members/{who}", {"name": "Anna Kalniņa"})).status_code == 200
    await asked(shop, who, BIG)
    await visitor.as_staff("finance")
    page = await visitor.client.get("/backoffice/review")
    assert "A member gets 20\u202f000\xa0points." in page.text
    assert f'<a href="/backoffice/members/{who}">Anna Kalniņa</a>' in page.text
    assert "a year of lost receipts" in page.text
    assert "You are the only one who may decide" in page.text
    done = await visitor.act(
        f"/backoffice/review/{id_of(page.text)}/approve", page="/backoffice/review", word="yes"
    )
    assert (done.status_code, done.headers["location"]) == (303, "/backoffice/review")
    after = await visitor.client.get("/backoffice/review")
    assert "Nothing waits" in after.text
    assert "Decided before" in after.text
    assert await points(shop, who) == 20_000


async def test_a_refusal_without_a_word_is_told_on_the_page(visitor: Visitor) -> None:
    await asked(visitor.api, await member(visitor.api), BIG)
    await visitor.as_staff("owner")
    page = await visitor.client.get("/backoffice/review")
    again = await visitor.act(f"/backoffice/review/{id_of(page.text)}/refuse", page="/backoffice/review")
    assert again.status_code == 409
    assert "Who refuses says why." in again.text


async def test_staff_who_may_not_decide_do_not_see_the_page(visitor: Visitor) -> None:
    await visitor.as_staff("service")
    page = await visitor.client.get("/backoffice/review")
    assert page.status_code == 403
    mine = await visitor.client.get("/backoffice/review/asked")
    assert (mine.status_code, "You asked for nothing" in mine.text) == (200, True)
    entry = '<a href="/backoffice/review/asked" data-keys="g v" class="here">'
    below = '<li><a href="/backoffice/review/asked" aria-current="page">'
    assert (entry in mine.text, below in mine.text) == (True, True), (
        "what waits for others is found again by who asked for it"
    )


async def test_what_she_asked_for_is_found_behind_all_that_others_asked_for_since(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "WAITING_MAX", 2)
    who = await member(visitor.api)
    await visitor.as_staff("service")
    page = f"/backoffice/members/{who}"
    hers = await visitor.act(f"{page}/erase", page=page, reason="a letter of 3 March", sure="1")
    assert hers.status_code == 303, hers.text
    for _ in range(3):
        await asked(visitor.api, who, BIG)
    mine = (await visitor.client.get("/backoffice/review/asked")).text
    assert "a letter of 3 March" in mine
    assert BIG["reason"] not in mine


async def test_why_is_asked_for_told_found_and_taken_along(visitor: Visitor) -> None:
    who = await member(visitor.api)
    await visitor.as_staff("service", "auditor")
    page = f"/backoffice/members/{who}"
    card = re.search(r"/cards/(crd_\w+)/block", (await visitor.client.get(page)).text)
    assert card
    block = f"{page}/cards/{card[1]}/block"
    silent = await visitor.act(block, page=page, why=" ")
    assert silent.status_code == 422
    assert "Say why: it stands in the audit trail." in silent.text
    long = await visitor.act(block, page=page, why="x" * 501)
    assert (long.status_code, "is too long: at most 500 characters" in long.text) == (422, True)
    assert (await visitor.client.get("/backoffice/review/audit?action=card")).text.count("Card: blocked") == 0
    done = await visitor.act(block, page=page, why="Lost on the 6 tram, <she> says")
    assert done.status_code == 303, done.text
    noted = await visitor.act(f"{page}/notes", page=page, text="asks for a new one", why="")
    assert noted.status_code == 303, "what is not about money, rights or a person's data needs no reason"
    found = (await visitor.client.get("/backoffice/review/audit?why=LOST+on")).text
    assert "Lost on the 6 tram, &lt;she&gt; says" in found
    assert (found.count("Card: blocked"), found.count("Member: note written")) == (1, 0)
    assert "Nothing like this" in (await visitor.client.get("/backoffice/review/audit?why=bicycle")).text
    csv = (await visitor.client.get("/backoffice/review/audit.csv?why=tram")).text
    assert csv.count("card.blocked") == 1
    assert "Lost on the 6 tram, <she> says" in csv


async def test_an_auditor_finds_a_change_reads_it_and_takes_the_trail_along(visitor: Visitor) -> None:
    await visitor.api.patch("/v1/program", {"settings": {"claim_days": 7}})
    assert visitor.api.database is not None
    at_the_server = visitor.api.database.acting(Actor("command", "regulars staff add"))
    await add_staff(
        at_the_server, visitor.api.program, email=f"fricis-{uuid4().hex}@shop.example", name="Fricis",
        password=PASSWORD, roles=["finance"], at=START,
    )  # fmt: skip
    await visitor.as_staff("auditor")
    listed = await visitor.client.get("/backoffice/review/audit?action=program.changed")
    assert "Program: changed" in listed.text
    assert "each entry follows from the one before it" in listed.text
    number = re.search(r"/backoffice/review/audit/(\d+)", listed.text)
    assert number
    entry = await visitor.client.get(f"/backoffice/review/audit/{number[1]}")
    assert "settings.claim_days" in entry.text
    assert re.search(r'<td class="was">14</td><td class="became">7</td>', entry.text)
    assert "PATCH /v1/program" in entry.text
    csv = await visitor.client.get("/backoffice/review/audit.csv?action=program")
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.text.count("program.changed") == 1
    nothing = await visitor.client.get("/backoffice/review/audit?subject=mem_nobody")
    assert "Nothing like this was changed" in nothing.text
    everything = (await visitor.client.get("/backoffice/review/audit")).text
    further = set(
        re.findall(r'href="(/backoffice/review/audit\?(?:actor|action|subject)=[^"]+)"', everything)
    )
    assert {one.partition("?")[2].partition("=")[0] for one in further} == {"actor", "action", "subject"}
    for one in further:
        assert "Nothing like this was changed" not in (await visitor.client.get(unescape(one))).text, one
    chosen = (await visitor.client.get("/backoffice/review/audit?action=program.changed&actor=key")).text
    assert '<option value="program.changed" selected>Program: changed</option>' in chosen
    assert '<option value="key" selected>Keys</option>' in chosen
    assert re.search(r'<option value="stf_\w+">Fricis</option>', chosen), (
        "whoever works here can be chosen by name"
    )
    assert (await visitor.client.get("/backoffice/review/audit/999999")).status_code == 404


async def test_a_promotion_and_what_waits_for_it_lead_to_one_another(visitor: Visitor) -> None:
    shop = visitor.api
    await shop.patch("/v1/program", {"settings": {"publish_budget_limit": 100_000}})
    made = (await shop.post("/v1/promotions", promotion(500_000))).json()["id"]
    waits = await shop.post(f"/v1/promotions/{made}/publish", {"accept_warnings": ["tempting_low_price"]})
    assert waits.status_code == 202, waits.text
    approval = waits.json()["id"]
    await visitor.as_staff("finance")
    page = await visitor.client.get(f"/backoffice/promotions/{made}")
    assert f'href="/backoffice/review/{approval}"' in page.text
    one = await visitor.client.get(f"/backoffice/review/{approval}")
    assert "“Coffee week” goes live; it may cost €5" in one.text
    assert f'href="/backoffice/promotions/{made}"' in one.text
    await visitor.as_staff("analyst")
    assert (await visitor.client.get(f"/backoffice/review/{approval}")).status_code == 403
    assert (
        f"/backoffice/review/{approval}"
        not in (await visitor.client.get(f"/backoffice/promotions/{made}")).text
    )


async def test_what_staff_do_with_a_receipt_is_told_and_what_a_till_does_is_not(visitor: Visitor) -> None:
    shop = visitor.api
    _, card = await member_with_card(shop)
    sold = [
        (await shop.post("/v1/purchases", buy(f"t/{n}", card, [line(1, 1000)]), scope="till")).json()["id"]
        for n in range(3)
    ]
    back = {"id": "back", "lines": [{"line": 1, "quantity": "1"}], "returned_at": START.isoformat()}
    assert (await shop.post(f"/v1/purchases/{sold[0]}/returns", back, scope="till")).status_code == 201
    assert (await shop.get("/v1/audit", action="purchase")).json()["items"] == []
    await visitor.as_staff("service")
    for purchase, act, fields in (
        (sold[1], "returns", {"back-1": "1"}), (sold[2], "void", {}), (sold[2], "void", {}),
    ):  # fmt: skip
        page = f"/backoffice/purchases/{purchase}"
        done = await visitor.act(f"{page}/{act}", page=page, reason="torn", **fields)
        assert done.status_code == 303, done.text
    voided, returned = (await shop.get("/v1/audit", action="purchase")).json()["items"]
    assert (voided["action"], voided["subject"], voided["why"]) == ("purchase.voided", sold[2], "torn")
    assert (returned["action"], returned["subject"], returned["why"]) == (
        "purchase.returned",
        sold[1],
        "torn",
    )
    assert returned["after"]["money_back"] == 1000
    assert returned["actor"]["kind"] == "staff"


@pytest.mark.parametrize("typed", ["?from=x&to=9999-99-99", "?actor=%01", "?action=%27;drop"])
async def test_a_filter_that_makes_no_sense_breaks_nothing(visitor: Visitor, typed: str) -> None:
    await visitor.as_staff("auditor")
    assert (await visitor.client.get(f"/backoffice/review/audit{typed}")).status_code == 200


@pytest.mark.scenario("S30")
async def test_a_shop_manager_looks_at_a_finding_of_her_store_and_decides(visitor: Visitor) -> None:
    shop = visitor.api
    assert shop.database is not None
    _, card = await member_with_card(shop)
    for number in range(6):
        body = buy(f"w/{number}", card, [line(1, 1000)], purchased_at=clock.world().isoformat())
        assert (await shop.post("/v1/purchases", body, scope="till")).status_code == 201
    other = buy("w/other", card, [line(1, 1000)], store="riga-2", purchased_at=clock.world().isoformat())
    await shop.post("/v1/purchases", other, scope="till")
    assert await watch_tills(shop.database, shop.program.id, clock.world()) == 1
    stores = {
        one["code"]: ids.read("sto", one["id"]) for one in (await shop.get("/v1/stores")).json()["items"]
    }
    await visitor.as_staff("shop_manager", stores=[stores["riga-2"]])
    elsewhere = await visitor.client.get("/backoffice/review/watch")
    assert "Nothing unusual" in elsewhere.text
    finding = (await shop.get("/v1/findings")).json()["items"][0]["id"]
    path = f"/backoffice/review/watch/{finding}/decide"
    strange = await visitor.act(path, page="/backoffice/review/watch", status="case", word="x")
    assert strange.status_code == 404
    assert (await visitor.client.get(f"/backoffice/review/watch/{finding}")).status_code == 404
    await visitor.as_staff("shop_manager", stores=[stores["riga-1"]])
    assert (await visitor.client.get(f"/backoffice/review/watch/{finding}")).status_code == 200
    page = await visitor.client.get("/backoffice/review/watch")
    assert "A card was shown on 6 receipts of one till on one day, over €60.00 in all." in page.text
    assert page.text.count("/backoffice/purchases/pur_") == 6
    done = await visitor.act(path, page="/backoffice/review/watch", status="harmless", word="a party")
    assert done.status_code == 303
    decided = await visitor.client.get("/backoffice/review/watch?status=harmless")
    assert "a party" in decided.text
    report = await visitor.client.get("/backoffice/review/watch/cashier?store=riga-1&cashier=c-12")
    assert "c-12 beside her colleagues" in report.text
    assert "100.0%" in report.text
