"""Home and the page of points: their figures, who sees which, and that no page reads a fact."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import psycopg
import pytest

from regulars.db.pool import Database, fetch_all
from regulars.flows.failing_rounds import round_failed, round_worked
from regulars.programs.roles import Role
from tests.conftest import START
from tests.pages.conftest import Visitor
from tests.pages.test_day_view import a_week

PERIOD = "from=2027-03-03&to=2027-03-05"
STATEMENTS_MAX = 12
GROWING = {
    "purchase", "confirmation", "voiding", "goods_return", "purchase_claim", "counted_purchase", "claim", "code",
    "posting", "entry", "lot", "draw", "hold", "reservation", "resolution", "account", "pool", "member", "erasure",
    "member_merge", "card", "consent", "member_visit", "block_member",
}  # fmt: skip
"""What grows with every purchase and member."""
PAGES = (
    "",
    "/home.csv",
    "/figures/promotions.csv",
    "/day",
    "/day?by=both",
    "/day.csv",
    "/points",
    "/points.csv",
)


def plain(text: str) -> str:
    """Without the spaces that do not break."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


async def rows(visitor: Visitor, path: str) -> list[list[str]]:
    """A file's lines without its head."""
    answer = await visitor.client.get(f"/backoffice{path}")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]


async def test_home_says_the_figures_of_the_period_and_of_the_one_before(
    visitor: Visitor, database: Database
) -> None:
    await a_week(visitor.api, database)
    await visitor.as_staff("owner")
    found = {row[0]: row[4:7] for row in await rows(visitor, f"/home.csv?{PERIOD}")}
    assert found == {
        "sales": ["28.50", "0.00", "EUR"],
        "purchases": ["5", "0", ""],
        "card_share": ["0.5263", "", "share"],  # 15.00 of 28.50
        "returns": ["1.00", "0.00", "EUR"],
        "members": ["1", "0", ""],
        "joined": ["1", "0", ""],
        "active_30": ["1", "0", ""],
        "active_90": ["1", "0", ""],
        "again_share": ["", "", "share"],
        "known_share": ["0.0000", "", "share"],
        "discounts": ["2.00", "0.00", "EUR"],
        "points_given": ["14", "0", ""],
        "points_spent": ["10", "0", ""],
        "cost": ["1.13", "0.00", "EUR"],  # 2.00 − 1.00 + (14 − 1) × 0.01
        "cost_share": ["0.0411", "", "share"],  # of 27.50
        "liability": ["0.03", "0.00", "EUR"],
        "expiring_30": ["0", "", ""],
    }
    answer = await visitor.client.get(f"/backoffice?{PERIOD}&lang=en")
    script = re.search(r'src="(/static/[^"]+\.js)"', answer.text)
    assert script
    for path, kind in {"/backoffice/home.csv": "csv", "/backoffice": "html", script[1]: "javascript"}.items():
        told = (await visitor.client.get(path)).headers["content-type"]
        assert told == f"text/{kind}; charset=utf-8", path
    page = plain(answer.text)
    assert "€28.50" in page
    assert "How is the program doing?" in page
    assert "52.6%" in page
    assert "Here: 0 of 1." in page  # of the buyers one, and she had not bought before
    led = dict(re.findall(r'<dt>([^<]+?) <button.*?</dt>\s*<dd>(?:<a href="([^"]+)")?', page, re.DOTALL))
    assert [name for name, href in led.items() if not href] == []
    members = "/backoffice/members/list"
    assert led["Members"] == f"{members}?present_on=2027-03-05"
    assert led["Joined"] == f"{members}?joined_from=2027-03-03&amp;joined_to=2027-03-05"
    assert led["Active, 30 days"] == f"{members}?from=2027-02-04&amp;to=2027-03-05&amp;bought=any"
    assert led["Came again"] == f"{members}?from=2027-03-03&amp;to=2027-03-05&amp;bought=again"
    assert led["Knew us before"] == f"{members}?from=2027-03-03&amp;to=2027-03-05&amp;bought=known"


async def test_promotions_stand_with_what_they_cost(visitor: Visitor, database: Database) -> None:
    await a_week(visitor.api, database)
    await visitor.as_staff("marketing")
    assert [row[1:] for row in await rows(visitor, f"/figures/promotions.csv?{PERIOD}")] == [
        ["Half off bread", "2027-03-03", "2027-03-05", "1", "1", "12.00", "1.00", "0", "1.00"],
        ["A point for each euro", "2027-03-03", "2027-03-05", "2", "2", "15.00", "0.00", "13", "0.13"],
    ]
    page = (await visitor.client.get(f"/backoffice?{PERIOD}&lang=en")).text
    assert re.search(r'href="/backoffice/promotions/prm_\w+">Half off bread</a>', page)


async def test_who_sees_one_store_sees_its_figures_alone(visitor: Visitor, database: Database) -> None:
    await a_week(visitor.api, database)
    async with database.transaction(visitor.api.program.id) as tx:
        store = (await fetch_all(tx, "SELECT id FROM store WHERE code = 'riga-2'"))[0][0]
    await visitor.as_staff("shop_manager", stores=(store,))
    for address in (f"/home.csv?{PERIOD}", f"/home.csv?{PERIOD}&store=riga-1"):
        found = {row[0]: row[4] for row in await rows(visitor, address)}
        assert found["sales"] == "7.00"
        assert found["purchases"] == "1"
        assert found["members"] == "0"
        assert found["active_30"] == "0"
        assert "liability" not in found
        assert "expiring_30" not in found
    assert [row[1] for row in await rows(visitor, f"/day.csv?{PERIOD}")] == ["riga-2"]
    assert await rows(visitor, f"/figures/promotions.csv?{PERIOD}") == []
    page = (await visitor.client.get(f"/backoffice?{PERIOD}&lang=en")).text
    assert "Teika" not in page
    assert "/backoffice/points?" not in page
    assert (await visitor.client.get("/backoffice/points")).status_code == 403


async def test_the_page_of_points_adds_up(visitor: Visitor, database: Database) -> None:
    await a_week(visitor.api, database)
    await visitor.as_staff("finance")
    assert await rows(visitor, f"/points.csv?{PERIOD}") == [
        ["2027-03-03", "PTS", "12", "0", "0", "0", "0", "12"],
        [
            "2027-03-04",
            "PTS",
            "101",
            "0",
            "-10",
            "0",
            "0",
            "103",
        ],  # 99 of them by what was voided a day later
        ["2027-03-05", "PTS", "0", "0", "0", "-100", "0", "3"],
    ]
    page = plain((await visitor.client.get(f"/backoffice/points?{PERIOD}&lang=en")).text)
    assert "3 points" in page


async def test_a_round_that_fails_is_told_to_those_who_see_the_setup_and_in_the_metrics(
    visitor: Visitor, database: Database
) -> None:
    program = visitor.api.program.id
    await round_failed(database, program, "seal_ledger", "EpochMissing", START)
    said = "Something that Regulars does by itself has not worked since"
    counted = 'regulars_rounds_failing{round="seal_ledger"} 1.0'
    roles: dict[Role, bool] = {"owner": True, "service": False}
    for role, told in roles.items():
        await visitor.as_staff(role)
        page = (await visitor.client.get("/backoffice?lang=en")).text
        assert (said in page, "seal_ledger" in page) == (told, told)
    assert counted in (await visitor.client.get("/metrics")).text
    await round_worked(database, program, "seal_ledger", START)
    await visitor.as_staff("owner")
    assert said not in (await visitor.client.get("/backoffice?lang=en")).text
    assert counted not in (await visitor.client.get("/metrics")).text


async def test_before_anything_was_summed_up_the_pages_say_so(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    page = (await visitor.client.get("/backoffice?lang=en")).text
    assert "summed up for the first time" in page
    assert "Nothing to show yet" in page
    assert (await visitor.client.get("/backoffice/points")).status_code == 200


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_asks_little_and_reads_no_fact(
    visitor: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    await a_week(visitor.api, database)
    await visitor.as_staff("owner")
    await visitor.client.get(f"/backoffice{path}")
    asked: list[tuple[Any, Any]] = []
    execute: Any = psycopg.AsyncConnection.execute

    async def noted(self: Any, query: Any, params: Any = None, **more: Any) -> Any:
        text = query if isinstance(query, str | bytes) else query.as_string(self)
        text = text if isinstance(text, str) else text.decode()
        if not text.lstrip().startswith(("SET ", "SELECT set_config", "EXPLAIN")):
            asked.append((text, params))
        return await execute(self, query, params, **more)

    monkeypatch.setattr(psycopg.AsyncConnection, "execute", noted)
    answer = await visitor.client.get(f"/backoffice{path}")
    monkeypatch.undo()
    assert answer.status_code == 200
    assert 4 <= len(asked) <= STATEMENTS_MAX, [text[:60] for text, _ in asked]
    async with database.transaction(visitor.api.program.id, analytical=True) as tx:
        for text, params in asked:
            statement: Any = f"EXPLAIN {text}".encode()
            plan = "\n".join(row[0] for row in await (await tx.execute(statement, params)).fetchall())
            read = set(re.findall(r"Scan(?: using \w+)?(?: Backward using \w+)? on (\w+)", plan))
            assert read & GROWING == set(), plan


async def test_a_year_is_drawn_by_weeks(visitor: Visitor, database: Database) -> None:
    await a_week(visitor.api, database)
    await visitor.as_staff("owner")
    page = (await visitor.client.get("/backoffice?from=2026-03-06&to=2027-03-05&lang=en")).text
    assert "Week until" in page
    assert page.count('<th scope="row">') < 80
