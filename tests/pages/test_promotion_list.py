"""The list of very many promotions: a page at a time, narrowed by state, store and name; ready ones, found by word."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import psycopg
import pytest

from regulars import ids
from regulars.flows import promotion_calendar
from regulars.promotions.model import Document
from regulars.promotions.schedule import Bar, bars
from tests.pages.conftest import Visitor
from tests.pages.portal import Statements

MANY = 1200
LIST = "/backoffice/promotions"
ROW = re.compile(r'class="promotion-name"><a href="[^"]*">([^<]+)</a>')
INSERT = """
WITH made AS (
    INSERT INTO promotion (program, id, draft, draft_version, drafted_at, drafted_by, status, revision, created_at)
    SELECT %(program)s, p.id, CASE WHEN n %% 20 = 1 THEN p.document END, 1, now(), '',
        CASE n %% 20 WHEN 1 THEN 'draft' WHEN 2 THEN 'stopped' ELSE 'live' END, (n %% 20 <> 1)::integer, now()
    FROM unnest(%(ids)s::uuid[], %(documents)s::jsonb[]) WITH ORDINALITY AS p (id, document, n)
)
INSERT INTO promotion_revision
SELECT %(program)s, p.id, 1, p.document, '[]', now(), ''
FROM unnest(%(ids)s::uuid[], %(documents)s::jsonb[]) WITH ORDINALITY AS p (id, document, n) WHERE n %% 20 <> 1
"""


def document(n: int) -> str:
    """Every third is for the store riga-2 alone; every fourth has a budget."""
    held: dict[str, Any] = {
        "name": f"Offer {n:04d}", "group": "items",
        "benefits": [{"kind": "line_percent", "percent": "5", "goods": {"skus": [f"sku-{n}"]}}],
    }  # fmt: skip
    if n % 3 == 0:
        held["conditions"] = [{"kind": "store", "stores": ["riga-2"]}]
    if n % 4 == 0:
        held["limits"] = [{"per": "total", "amount": 5000}]
    return json.dumps(held)


@pytest.fixture
async def many(visitor: Visitor, administrator_url: str) -> Visitor:
    """A program with two stores and 1,200 promotions: 60 drafts, 60 stopped, the others live."""
    visitor.client.cookies.set("regulars_language", "en")
    program = visitor.api.program.id
    for code in ("riga-1", "riga-2"):
        await visitor.api.post("/v1/stores", {"code": code, "name": code.capitalize()})
    named = {"program": program, "ids": [ids.new() for _ in range(MANY)]}
    with psycopg.connect(administrator_url) as connection:
        connection.execute("SELECT set_config('regulars.program', %s, true)", (str(program),))
        connection.execute(INSERT, {**named, "documents": [document(n) for n in range(1, MANY + 1)]})
        connection.execute("UPDATE program SET version = version + 1 WHERE id = %s", (program,))
    await visitor.as_staff("owner")
    return visitor


async def names(visitor: Visitor, query: str) -> list[str]:
    page = await visitor.client.get(f"{LIST}?{query}")
    assert page.status_code == 200, page.text
    return ROW.findall(page.text)


async def test_a_page_of_a_long_list_asks_as_little_as_of_a_short_one(
    many: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many.client.get(LIST)
    statements = Statements(monkeypatch)
    page = (await many.client.get(LIST)).text
    monkeypatch.undo()
    asked = [text for text in statements.sent if "promotion" in text or "limit_use" in text]
    assert len(asked) == 3, asked  # the heads, what fifty of them cost, what is left of their budgets
    assert "1200 promotions" in page
    assert len(ROW.findall(page)) == 50
    assert page.count("€50.00") > 0  # what is left of a budget


async def test_every_promotion_is_on_one_page_of_the_list_and_none_twice(many: Visitor) -> None:
    found = [name for begin in range(0, MANY, 50) for name in await names(many, f"sort=name&cursor={begin}")]
    assert found == [f"Offer {n:04d}" for n in range(1, MANY + 1)]
    assert await names(many, "sort=-name") == [f"Offer {n:04d}" for n in range(MANY, MANY - 50, -1)]
    for nonsense in ("²", "-50", "9" * 5000, "prm"):
        assert (await names(many, f"sort=name&cursor={nonsense}"))[0] == "Offer 0001"


async def test_the_list_is_narrowed_by_state_store_and_name(many: Visitor) -> None:
    assert await names(many, "q=offer+0777") == ["Offer 0777"]
    drafts = await names(many, "state=draft&sort=name")
    assert drafts[:2] == ["Offer 0001", "Offer 0021"]
    stopped = await names(many, "state=stopped&sort=name&cursor=50")
    assert stopped == [f"Offer {n:04d}" for n in range(1002, MANY, 20)]
    there = (await many.client.get(f"{LIST}.csv?store=riga-1")).text
    rows = list(csv.DictReader(io.StringIO(there)))
    assert {row["name"] for row in rows} == {f"Offer {n:04d}" for n in range(1, MANY + 1) if n % 3}
    assert {row["cost_EUR"] for row in rows} == {"0.00"}
    assert (
        len(list(csv.DictReader(io.StringIO((await many.client.get(f"{LIST}.csv?store=riga-2")).text))))
        == MANY
    )


async def test_the_calendar_comes_page_by_page(many: Visitor) -> None:
    first = ROW.findall((await many.client.get(f"{LIST}/calendar")).text)
    second = ROW.findall((await many.client.get(f"{LIST}/calendar?cursor=50")).text)
    assert (len(first), len(second), len({*first, *second})) == (50, 50, 100)


async def test_the_calendar_reads_no_promotion_and_works_out_the_days_of_those_in_view(
    many: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many.client.get(f"{LIST}/calendar")
    worked_out: list[str] = []

    def counted(document: Document, *month: Any) -> list[Bar]:
        worked_out.append(document.name)
        return bars(document, *month)

    monkeypatch.setattr(promotion_calendar, "bars", counted)
    statements = Statements(monkeypatch)
    live = await many.client.get(f"{LIST}/calendar")
    seen, sent, rows = len(worked_out), len(statements.sent), statements.rows
    with_drafts = await many.client.get(f"{LIST}/calendar?drafts=1&cursor=1100")
    monkeypatch.undo()
    assert "1080 promotions" in live.text
    assert worked_out[:seen] == ROW.findall(live.text)
    assert seen == 50
    assert rows < 20, statements.sent
    assert [n >= sent for n, text in enumerate(statements.sent) if "FROM promotion " in text] == [True]
    assert 60 <= statements.rows - rows < 80, "the sixty drafts"
    assert "1140 promotions" in with_drafts.text
    assert worked_out[seen:] == ROW.findall(with_drafts.text)
    assert len(worked_out) - seen == 40


async def test_templates_are_found_by_word_trade_and_kind(visitor: Visitor) -> None:
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("marketing")

    async def found(query: str) -> list[str]:
        page = (await visitor.client.get(f"{LIST}/new?{query}")).text
        return re.findall(r'name="template" value="([^"]+)"', page)

    assert len(await found("")) == 30
    assert await found("q=croissant") == ["coffee-and-croissant"]
    assert "happy-hour" in await found("trade=cafe")
    assert "yearly-turnover" not in await found("trade=cafe")
    assert sorted(await found("trade=cafe&q=stamp")) == ["coffee-for-stamps", "stamps"]
    assert await found("trade=salon&q=stamp") == []
    by_trade = await found("by=trade")
    assert by_trade.count("code") == 8
    nothing = (await visitor.client.get(f"{LIST}/new?q=zeppelin")).text
    assert "No ready promotion is like that" in nothing
