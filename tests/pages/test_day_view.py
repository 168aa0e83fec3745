"""The day view's figures, exactly: by the store's own date, without what did not come about."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct

from regulars.analytics.days import Days, Figures, Row
from regulars.backoffice.days import as_csv, read_filter
from regulars.db.pool import Database
from regulars.flows.roll_figures import roll_figures
from regulars.programs import registry
from regulars.web.tables import safe_cell
from tests.api.conftest import Api, new_api
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish
from tests.pages.conftest import Visitor

CLOCK = "2027-03-05T12:00:00+02:00"
HALF_OFF = {
    "name": "Half off bread",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "50", "goods": {"skus": ["bread"]}}],
}


async def sold(api: Api, request: str, at: str, card: str | None, *lines: dict[str, Any], **more: Any) -> str:
    """Record a purchase; its id."""
    answer = await api.post(
        "/v1/purchases", buy(request, card, list(lines), purchased_at=at, **more), scope="till"
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def a_week(api: Api, database: Database) -> None:
    """Two stores, three days: a voided, a held and a confirmed purchase, a return, and one just after midnight."""
    async with database.transaction(api.program.id) as tx:  # whatever day it is in the world
        await registry.move_clock(tx, api.program.id, datetime.fromisoformat("2027-03-01T12:00:00+02:00"))
    for code, name in (("riga-1", "Teika"), ("riga-2", "Āgenskalns")):
        await api.post("/v1/stores", {"code": code, "name": name})
    await publish(api, MEMBER_POINTS)
    await publish(api, HALF_OFF)
    moved = await api.post("/v1/sandbox/clock", {"now": CLOCK})
    assert moved.status_code == 200, moved.text
    _, card = await member_with_card(api)
    bread = line(1, 200, "2", sku="bread")  # 4.00, half off
    first = await sold(
        api, "d-1", "2027-03-03T10:00:00+02:00", card, bread, line(2, 1000)
    )  # 12.00, 12 points
    await sold(api, "d-2", "2027-03-03T23:59:59+02:00", None, line(1, 500))
    await sold(
        api, "d-3", "2027-03-04T00:00:00+02:00", card, line(1, 300), spend=[{"currency": "PTS", "amount": 10}]
    )
    await sold(api, "d-4", "2027-03-04T11:00:00+02:00", None, line(1, 700), store="riga-2")
    voided = await sold(api, "d-5", "2027-03-04T12:00:00+02:00", card, line(1, 9900))
    await api.post(f"/v1/purchases/{voided}/void", {}, scope="till")
    await sold(api, "d-6", "2027-03-05T09:00:00+02:00", card, line(1, 8800), hold=True)
    held = await sold(api, "d-7", "2027-03-05T10:00:00+02:00", None, line(1, 150), hold=True)
    await api.post(f"/v1/purchases/{held}/confirm", {}, scope="till")
    answer = await api.post(
        f"/v1/purchases/{first}/returns",
        {"id": "d-r", "lines": [{"line": 1, "quantity": "1"}], "returned_at": "2027-03-05T11:00:00+02:00",
         "store": "riga-1", "till": "7"},
        scope="till",
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    await roll_figures(database, api.program.id, datetime.fromisoformat(CLOCK))


async def test_the_download_has_every_day_and_store_to_the_cent(visitor: Visitor, database: Database) -> None:
    await a_week(visitor.api, database)
    await visitor.as_staff("analyst")
    answer = await visitor.client.get("/backoffice/day.csv?from=2027-03-03&to=2027-03-05")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "days-2027-03-03-2027-03-05.csv" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[1:] == [
        ["2027-03-03", "riga-1", "Teika", "2", "1", "19.00", "2.00", "17.00", "12", "0", "0", "0.00"],
        ["2027-03-04", "riga-1", "Teika", "1", "1", "3.00", "0.00", "3.00", "2", "10", "0", "0.00"],
        ["2027-03-04", "riga-2", "Āgenskalns", "1", "0", "7.00", "0.00", "7.00", "0", "0", "0", "0.00"],
        ["2027-03-05", "riga-1", "Teika", "1", "0", "1.50", "0.00", "1.50", "0", "0", "1", "1.00"],
    ]


async def test_the_page_adds_up_and_keeps_its_filter_in_the_address(
    visitor: Visitor, database: Database
) -> None:
    await a_week(visitor.api, database)
    await visitor.as_staff("owner")
    page = await visitor.client.get("/backoffice/day?from=2027-03-03&to=2027-03-05&lang=en")
    assert page.status_code == 200
    plain = page.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "€30.50" in plain  # goods
    assert "€28.50" in plain  # after discounts
    assert "14 points" in plain
    assert "10 points" in plain
    only = await visitor.client.get("/backoffice/day?from=2027-03-03&to=2027-03-05&store=riga-2&by=store")
    assert '<option value="riga-2" selected>' in only.text
    assert "from=2027-03-03&amp;to=2027-03-05&amp;store=riga-2" in only.text
    assert "€30.50" not in only.text


async def test_a_period_without_purchases_leads_on(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    page = await visitor.client.get("/backoffice/day?lang=en")
    assert "No purchases in this period" in page.text


async def test_another_program_s_purchases_do_not_show(
    visitor: Visitor, api: Api, database: Database
) -> None:
    await a_week(api, database)
    other = Visitor(await new_api(api.client, database))
    await other.as_staff("analyst", email="other@shop.example")
    answer = await other.client.get("/backoffice/day.csv?from=2027-03-03&to=2027-03-05")
    assert answer.status_code == 200
    assert answer.text.count("\r\n") == 1  # the header alone


def test_sums_of_rows_are_the_total() -> None:
    day = date(2026, 3, 1)
    rows = (
        Row(day, "a", Figures(2, 1, 0, 1000, 100, 9, 5, 1, 300)),
        Row(day, "b", Figures(1, 0, 1, 500, 0, 0, 0, 0, 0)),
    )
    found = Days(day, date(2026, 3, 2), rows)
    assert found.total == Figures(3, 1, 1, 1500, 100, 9, 5, 1, 300)
    assert [figures for _, figures in found.by_day()] == [found.total, Figures()]
    assert found.total.net == 1400
    assert sum(figures.net for figures in found.by_store().values()) == 1400


def test_a_cell_that_would_be_a_formula_is_quoted() -> None:
    assert [safe_cell(text) for text in ("=1+1", "+371", "-1", "@a", "\tx", "Teika")] == [
        "'=1+1", "'+371", "'-1", "'@a", "'\tx", "Teika"]  # fmt: skip


class _Program(Struct):
    stores: dict[str, Any]
    base_currency: str = "EUR"


def test_a_filter_that_makes_no_sense_gives_way_to_four_weeks() -> None:
    today = datetime(2026, 3, 29, tzinfo=UTC).date()
    far = {"from": "9999-12-31", "to": "9999-12-31"}
    for query in ({}, {"from": "2026-04-01"}, {"from": "x", "store": "nowhere"}, {"from": "1999-01-01"}, far):
        chosen = read_filter(query, today, [])
        assert (chosen.first, chosen.last, chosen.store) == (date(2026, 3, 2), today, "")


def test_an_empty_period_is_a_table_of_its_header_alone() -> None:
    program: Any = _Program({"riga-1": None})
    assert as_csv(Days(date(2026, 3, 1), date(2026, 3, 1), ()), program).count(b"\r\n") == 1
