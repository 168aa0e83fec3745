"""A cashier's report: what went through her hands beside the others', in the days of the store, to the cent."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest

from regulars.flows.watch_tills import watch_tills
from regulars.programs import registry
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.shop import buy, give, line, member_with_card, set_clock
from tests.conftest import START
from tests.pages.conftest import Visitor

REPORT = "/backoffice/review/watch/cashier?store=lisboa&from=2026-03-02&to=2026-03-03"


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Her browser remembers that she reads English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


def rows(page: str) -> list[list[str]]:
    """The cells of the page's only table, row by row, without what marks them up."""
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", page)]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).replace("\xa0", " ") for cell in row] for row in cells]


async def sold(visitor: Visitor, number: str, at: str, prices: list[int], **more: Any) -> dict[str, Any]:
    """A receipt in Lisbon unless it says otherwise, by cashier 12 unless by another."""
    lines = [line(place, price) for place, price in enumerate(prices, 1)]
    body = buy(number, more.pop("card", None), lines, **{"store": "lisboa", "purchased_at": at, **more})
    answer = await visitor.api.post("/v1/purchases", body, scope="till")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def brought_back(visitor: Visitor, receipt: dict[str, Any], number: int, at: str) -> None:
    body = {
        "id": f"back/{receipt['id']}/{number}",
        "lines": [{"line": number, "quantity": "1"}],
        "returned_at": at,
    }
    answer = await visitor.api.post(f"/v1/purchases/{receipt['id']}/returns", body, scope="till")
    assert answer.status_code == 201, answer.text


async def looked(visitor: Visitor, at: str) -> int:
    """What the worker's look finds at that instant."""
    assert visitor.api.database is not None
    return await watch_tills(visitor.api.database, visitor.api.program.id, datetime.fromisoformat(at))


async def test_a_report_is_exact_in_counts_and_money_for_the_days_of_the_store_where_she_works(
    visitor: Visitor,
) -> None:
    shop = visitor.api
    assert shop.database is not None
    async with shop.database.transaction(shop.program.id) as tx:
        await registry.move_clock(tx, shop.program.id, START)
    place = {"code": "lisboa", "name": "Lisboa, Baixa", "time_zone": "Europe/Lisbon", "tills": ["7"]}
    assert (await shop.post("/v1/stores", place)).status_code == 201
    await set_clock(shop, "2026-03-02T09:00:00+00:00")
    anna, card = await member_with_card(shop)
    await give(shop, anna, 500)
    await set_clock(shop, "2026-03-02T09:40:00+00:00")
    points = [{"currency": "PTS", "amount": 400}]
    await sold(visitor, "paid", "2026-03-02T09:30:00+00:00", [1200], card=card, spend=points)
    assert await looked(visitor, "2026-03-02T10:00:00+00:00") == 1
    await set_clock(shop, "2026-03-05T09:00:00+00:00")
    await sold(visitor, "first", "2026-03-02T00:00:00+00:00", [1000], card=card)
    last = await sold(visitor, "last", "2026-03-03T23:59:59+00:00", [2550])
    await sold(
        visitor, "before", "2026-03-01T23:59:59+00:00", [10_000]
    )  # 2 March where the program is at home
    await sold(visitor, "after", "2026-03-04T00:00:00+00:00", [10_000])
    await sold(visitor, "elsewhere", "2026-03-02T10:00:00+00:00", [7700], store="riga-1")
    void = await sold(visitor, "void", "2026-03-02T11:00:00+00:00", [5000])
    assert (await shop.post(f"/v1/purchases/{void['id']}/void", {}, scope="till")).status_code == 200
    halves = await sold(visitor, "halves", "2026-03-02T12:00:00+00:00", [1500, 1500], cashier="c-13")
    await sold(visitor, "small", "2026-03-02T13:00:00+00:00", [801], cashier="c-13", card=card)
    await sold(visitor, "nobody", "2026-03-02T14:00:00+00:00", [400], cashier="")
    await brought_back(visitor, last, 1, "2026-03-04T08:00:00+00:00")
    for number in (1, 2):
        await brought_back(visitor, halves, number, f"2026-03-03T1{number}:00:00+00:00")
    await give(shop, anna, 700)
    await set_clock(shop, "2026-03-05T09:40:00+00:00")
    points = [{"currency": "PTS", "amount": 600}]
    await sold(visitor, "later", "2026-03-05T09:30:00+00:00", [1200], card=card, spend=points)
    assert await looked(visitor, "2026-03-05T10:00:00+00:00") == 1

    await visitor.as_staff("owner")
    hers = (await visitor.client.get(f"{REPORT}&cashier=c-12")).text
    assert rows(hers) == [
        ["Figure", "c-12", "2 others"],
        ["Receipts", "3", "3"],
        ["With a member recognised", "66.7%", "33.3%"],
        ["Turnover", "€43.50", "€42.01"],
        ["Returns", "1", "2"],
        ["Returns for each hundred receipts", "33.3%", "66.7%"],
        ["Paid back", "€25.50", "€30.00"],
    ]
    adjusted = "500 points were given by hand, and €4.00 paid with points within the hour."
    assert re.findall(r"<li>([^<]*points[^<]*)", hers) == [f"2 March 2026 · {adjusted} "], "not of 5 March"
    others = (await visitor.client.get(f"{REPORT}&cashier=c-13")).text
    assert rows(others)[:4] == [
        ["Figure", "c-13", "2 others"],
        ["Receipts", "2", "4"],
        ["With a member recognised", "50.0%", "50.0%"],
        ["Turnover", "€38.01", "€47.50"],
    ]
    assert "Nothing." in others
    assert rows((await visitor.client.get(REPORT)).text)[1:] == [
        ["without a cashier", "1", "0.0%", "€4.00", "0", "€0.00"],
        ["c-12", "3", "66.7%", "€43.50", "1", "€25.50"],
        ["c-13", "2", "50.0%", "€38.01", "2", "€30.00"],
    ]
    one_day = REPORT.replace("to=2026-03-03", "to=2026-03-02")
    assert rows((await visitor.client.get(one_day)).text)[2] == [
        "c-12",
        "2",
        "100.0%",
        "€18.00",
        "0",
        "€0.00",
    ]
