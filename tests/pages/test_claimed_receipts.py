"""A receipt from before she showed her card: the portal's page that makes it hers, and everything that it refuses."""

from __future__ import annotations

import asyncio
import html
import re
from typing import Any
from urllib.parse import quote

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    line,
    publish,
    record,
    set_clock,
    settle,
    take_back,
)
from tests.pages.portal import HTML, Portal, portal_of, words

__all__ = ["api", "client", "letters", "shop"]
PAIRLESS = "This number and this code do not belong together."


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """Somebody who earns a point for each euro."""
    await publish(shop, MEMBER_POINTS)
    return await portal_of(shop, database)


async def sold(portal: Portal, request: str = "teika-7-261122R7ab", amount: int = 5000) -> dict[str, Any]:
    """A receipt of somebody who showed no card."""
    return await record(portal.api, buy(request, None, [line(1, amount)]))


async def claim(portal: Portal, receipt: str, code: str, nonce: str = "n-1") -> tuple[int, str]:
    """She sends the form: the status, and where it leads or what it says."""
    answer = await portal.post("/claim", receipt=receipt, code=code, nonce=nonce)
    return answer.status_code, answer.headers.get("location", words(answer.text))


@pytest.mark.scenario("S29")
async def test_a_receipt_is_added_by_its_number_and_code_once(portal: Portal) -> None:
    bought = await sold(portal)
    assert "I have a receipt" in words((await portal.get("/receipts?lang=en")).text)
    spelled = bought["claim_code"].lower().replace("-", " ")
    added = await claim(portal, f" {bought['request']} ", spelled)
    assert added == (303, f"{portal.home}/receipts/{bought['id']}?said=receipt_added")
    page = words((await portal.get(f"/receipts/{bought['id']}?said=receipt_added&lang=en")).text)
    assert "The receipt is yours now, and what it earned." in page
    assert "+50 points" in page
    assert (await balance(portal.api, portal.member))["available"] == 50

    again = await claim(portal, f" {bought['request']} ", spelled)
    status, said = await claim(portal, bought["request"], bought["claim_code"], "n-2")

    assert again == added
    assert (status, "This receipt was added before, by you or by somebody else." in said) == (409, True)
    assert (await balance(portal.api, portal.member))["available"] == 50


async def test_what_is_not_a_pair_says_nothing_of_either_and_few_may_be_tried(portal: Portal) -> None:
    bought = await sold(portal)
    right = bought["claim_code"]
    tries = [
        ("teika-7-none", right),
        (bought["request"], "2222-2222"),
        (bought["request"], ""),
        ("", right),
        ("ž", "2"),
    ]
    for receipt, code in tries:
        status, said = await claim(portal, receipt, code)
        assert (status, PAIRLESS in said) == (422, True), (receipt, code, said)
    status, said = await claim(portal, bought["request"], right)
    assert (status, "That were many codes." in said) == (429, True)
    assert (await balance(portal.api, portal.member))["available"] == 0


async def test_many_tries_at_once_are_no_more_than_one_after_another(portal: Portal) -> None:
    bought = await sold(portal)
    tried = await asyncio.gather(
        *(claim(portal, bought["request"], f"2222-222{n}", nonce=f"n-{n}") for n in range(2, 10))
    )
    assert sorted(status for status, _ in tried) == [422] * 5 + [429] * 3


@pytest.mark.parametrize("why", ["limit", "late", "cashier", "returned"])
async def test_why_a_receipt_cannot_be_added_is_said(portal: Portal, why: str) -> None:
    shop, bought = portal.api, await sold(portal)
    said_of = {
        "limit": "You may add 1 receipt in seven days, and you have.",
        "late": "A receipt can be added within 14 days. This one is older.",
        "cashier": "You rang up this receipt yourself.",
        "returned": "or something of it was given back.",
    }
    if why == "limit":
        await settle(shop, claims_a_week=1)
        other = await sold(portal, "teika-7-other")
        assert (await claim(portal, "teika-7-other", other["claim_code"], "n-2"))[0] == 303
    elif why == "late":
        await set_clock(shop, "2026-03-20T11:00:00+02:00")
    elif why == "cashier":
        await settle(shop, cashier_members={"c-12": portal.member})
    elif why == "returned":
        await take_back(shop, bought["id"], "b-1", (1, "1"))
    before = (await balance(shop, portal.member))["available"]
    status, said = await claim(portal, bought["request"], bought["claim_code"])
    assert (status, said_of[why] in said) == (403 if why == "cashier" else 409, True), said
    assert (await balance(shop, portal.member))["available"] == before


async def test_the_code_on_the_paper_fills_the_form_also_after_logging_in(portal: Portal) -> None:
    bought = await sold(portal)
    link = f"/claim?receipt={quote(bought['request'])}&code={bought['claim_code']}"
    page = (await portal.get(f"{link}&lang=en")).text
    filled = dict(re.findall(r'name="(receipt|code)"[^>]* value="([^"]*)"', page))
    assert filled == {"receipt": bought["request"], "code": bought["claim_code"]}

    nobody = await portal.api.client.get(portal.home + link, headers=HTML)
    assert (nobody.status_code, nobody.headers["location"].startswith(f"{portal.home}/sign-in?next=")) == (
        303,
        True,
    )
    door = html.unescape((await portal.api.client.get(nobody.headers["location"], headers=HTML)).text)
    assert f'data-after="{portal.home}{link}"' in door
    welcome = re.search(r'data-welcome="([^"]+)"', door)
    assert welcome
    told = html.unescape((await portal.get(welcome[1].removeprefix(portal.home))).text)
    assert f'name="next" value="{portal.home}{link}"' in told
    on = await portal.post("/welcome", name="Anna Ozola", next=portal.home + link)
    assert (on.status_code, on.headers["location"]) == (303, portal.home + link)


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/backoffice", "/portal/other/"]
)
async def test_a_way_on_that_leads_out_of_the_program_leads_to_the_card(
    portal: Portal, elsewhere: str
) -> None:
    on = await portal.post("/welcome", name="Anna Ozola", next=elsewhere)
    assert on.headers["location"] == f"{portal.home}/"
    door = await portal.get(f"/sign-in?next={quote(elsewhere)}")
    assert door.headers["location"] == f"{portal.home}/"


async def test_where_no_receipt_is_claimed_there_is_no_such_page(portal: Portal) -> None:
    await settle(portal.api, claims_a_week=0)
    assert (await portal.get("/claim")).status_code == 404
    assert "I have a receipt" not in words((await portal.get("/receipts?lang=en")).text)
