"""The list of members behind Home's figures: as many rows as each figure says, and names for whom may see them."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from regulars.analytics.home import Asked
from regulars.backoffice import members_list
from regulars.db.pool import Database
from regulars.flows.desk.list_members import MembersAsked, list_members
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.roll_figures import roll_figures
from regulars.programs import registry
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.conftest import Api
from tests.api.shop import line, member_with_card
from tests.api.test_figures import History
from tests.api.test_home_figures import read
from tests.api.tiers import BY_SPENDING, put_ladder, spend
from tests.conftest import START
from tests.pages.conftest import Visitor
from tests.pages.test_day_view import a_week, sold
from tests.pages.test_desk_many import many_annas, measured

OFFICE = "/backoffice"
LIST = f"{OFFICE}/members/list"
FIGURE = re.compile(
    r'<dt>([^<]+?) <button[^>]*data-tip="([^"]*)".*?</dt>\s*<dd>(?:<a href="([^"]+)">)?', re.DOTALL
)


@pytest.fixture(autouse=True)
def in_english(api: Api) -> None:
    """Pages speak English."""
    api.client.cookies.set(LANGUAGE_COOKIE, "en")


@pytest.fixture
async def shop(api: Api, database: Database) -> Api:
    """The program on the first day of a test's history."""
    async with database.transaction(api.program.id) as tx:
        await registry.move_clock(tx, api.program.id, START)
    return api


async def rows(visitor: Visitor, address: str) -> list[dict[str, str]]:
    """What a list holds, as its file says: `address` is that of the page."""
    path, _, query = address.partition("?")
    answer = await visitor.client.get(f"{path}.csv?{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def figures(visitor: Visitor, query: str) -> dict[str, tuple[str, str]]:
    """Each figure of Home by its name: what it says of itself, and where its rows are."""
    page = (await visitor.client.get(f"{OFFICE}?{query}")).text
    return {name: (html.unescape(told), html.unescape(href)) for name, told, href in FIGURE.findall(page)}


async def in_file(visitor: Visitor, query: str) -> dict[str, str]:
    """Home's figures as its file has them."""
    answer = await visitor.client.get(f"{OFFICE}/home.csv?{query}")
    return {row[0]: row[4] for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))}


def part(told: str) -> int:
    """How many of how many a share is: the first of the two."""
    found = re.search(r"Here: (\d+) of \d+\.", told)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("seed", [11, 12])
async def test_every_figure_of_members_and_points_has_the_rows_it_leads_to(
    shop: Api, database: Database, seed: int
) -> None:
    history = History(shop, seed)
    await history.prepare()
    for n in range(70):
        await history.step()
        if n % 20 == 19:
            await history.sleep(timedelta(days=35))
    erased = history.cards.pop()[0]
    assert (await shop.call("DELETE", f"/v1/members/{erased}")).status_code == 200
    await roll_figures(database, shop.program.id, history.now)
    visitor, today = Visitor(shop), history.now.date()
    await visitor.as_staff("owner")
    seen: set[str] = set()
    for first, last in (
        (START.date(), today), (START.date() + timedelta(days=9), START.date() + timedelta(days=30)),
        (today - timedelta(days=40), today - timedelta(days=5)), (today, today),
    ):  # fmt: skip
        for store in ("", "riga-1", "lisboa"):
            query = urlencode({"from": first, "to": last, **({"store": store} if store else {})})
            told, said = await figures(visitor, query), await in_file(visitor, query)
            if not told:  # nothing was sold in this store, and nobody ever joined in it
                assert (said["members"], said["purchases"]) == ("0", "0")
                continue
            for name, code in {"Members": "members", "Joined": "joined", "Active, 30 days": "active_30",
                               "Active, 90 days": "active_90"}.items():  # fmt: skip
                found = await rows(visitor, told[name][1])
                assert len(found) == int(said[code]), (name, query)
                assert len({(one["member"]) for one in found}) == len(found)
                seen |= {code} if found else set()
            for name, code in {"Came again": "again_share", "Knew us before": "known_share"}.items():
                found = await rows(visitor, told[name][1])
                assert len(found) == part(told[name][0]), (name, query)
                seen |= {code} if found else set()
            bought = await rows(visitor, told["Purchases"][1])
            assert len(bought) == int(said["purchases"]), query
            for name, code, column in (("Points given", "points_given", "earned"),
                                       ("Points spent", "points_spent", "spent")):  # fmt: skip
                found = await rows(visitor, told[name][1])
                assert sum(int(one[column]) for one in found) == int(said[code]), (name, query)
                seen |= {code} if int(said[code]) else set()
    assert seen == {"members", "joined", "active_30", "active_90", "again_share", "known_share", "points_given",
                    "points_spent"}  # fmt: skip


async def test_within_several_stores_a_member_stands_once_for_each_as_she_is_counted(
    shop: Api, database: Database
) -> None:
    history = History(shop, 11)
    await history.prepare()
    for _ in range(50):
        await history.step()
    await roll_figures(database, shop.program.id, history.now)
    known = await KnownPrograms(database).of(shop.program.id)
    stores = frozenset(one.id for one in known.program.stores.values())
    first, last = START.date(), history.now.date()
    counted = await read(database, shop, Asked(first, last, last, stores, whole=False))
    assert counted.reach.buyers > 0
    for bought, expected in (
        ("any", counted.reach.buyers), ("new", counted.reach.new),
        ("known", counted.reach.buyers - counted.reach.new), ("cohort", counted.reach.cohort),
        ("again", counted.reach.again),
    ):  # fmt: skip
        asked: Any = MembersAsked(stores=stores, bought=bought, first=first, last=last)  # pyright: ignore
        found = await list_members(database, known, asked, 500, at=history.now, names=False, after=None)
        assert (len(found.items), found.next) == (expected, None), bought


async def test_what_home_shows_today_and_what_its_charts_show_leads_to_rows(
    visitor: Visitor, database: Database
) -> None:
    await a_week(visitor.api, database)
    await visitor.as_staff("owner")
    page = (await visitor.client.get(f"{OFFICE}?from=2027-03-03&to=2027-03-05")).text
    today = re.search(r'class="card home-today".*?</section>', page, re.DOTALL)
    assert today
    (address,) = {html.unescape(one) for one in re.findall(r'href="([^"]+)"', today[0])}
    assert address == f"{OFFICE}/purchases?from=2027-03-05&to=2027-03-05&state=recorded"
    assert [one["request"] for one in await rows(visitor, address)] == ["d-7"]
    table = re.search(r'class="card table-card home-figures">.*?</details>', page, re.DOTALL)
    assert table
    links = [html.unescape(one) for one in re.findall(r'<a href="([^"]+)">1</a>', table[0])]
    active = [one for one in links if "bought=any" in one]
    assert active == [
        f"{LIST}?from=2027-02-{day:02}&to=2027-03-{end:02}&bought=any"
        for day, end in ((4, 5), (3, 4), (2, 3))
    ]
    for one in active:
        assert len(await rows(visitor, one)) == 1, one
    assert '"links":["/backoffice/members/list?from=2027-02-02' in page.replace(" ", "").replace(
        "\\u0026", "&"
    )


async def two_more(api: Api) -> tuple[str, str]:
    """A member whom an import brought with a tag, and one who bought until she was silver; their ids."""
    made = await api.post(
        "/v1/members", {"phone": "+37126123456", "name": "Zane Liepa", "source": "partner", "tag": "fair"}
    )
    assert made.status_code == 201, made.text
    await put_ladder(api, BY_SPENDING)
    silver, card = await member_with_card(api, "Ilze Bērziņa")
    await spend(api, "r-silver", card, 12_000)
    return made.json()["id"], silver


async def test_a_list_is_narrowed_by_what_is_asked_for_and_by_nothing_that_makes_no_sense(
    shop: Api, database: Database
) -> None:
    await shop.post("/v1/stores", {"code": "riga-1", "name": "Teika"})
    tagged, silver = await two_more(shop)
    await roll_figures(database, shop.program.id, START)
    visitor, day = Visitor(shop), START.date()
    await visitor.as_staff("owner")
    both = {tagged, silver}
    for query, expected in {
        "": both,
        "tag=fair": {tagged},
        "tag=": both,
        "tag=nobody": set(),
        "source=partner": {tagged},
        "source=moon": both,
        "tier=status/silver": {silver},
        "tier=status/bronze": {tagged},
        "tier=status/gold": set(),
        "tier=moon": both,
        "state=present": both,
        "state=erased": set(),
        f"joined_from={day}&joined_to={day}": both,
        f"joined_from={day + timedelta(days=1)}": set(),
        f"joined_to={day - timedelta(days=1)}": set(),
        "joined_from=99999-01-01": both,
        "bought=any": {silver},
        "bought=any&tag=fair": set(),
        f"bought=any&from={day}&to={day}&store=riga-1": {silver},
        "bought=moon": both,
        f"bought=any&from={day}&to=1999-01-01": set(),
    }.items():
        found = await rows(visitor, f"{LIST}?{query}")
        assert {one["member"] for one in found} == expected, query
        assert (await visitor.client.get(f"{LIST}?{query}")).status_code == 200, query
    (one,) = await rows(visitor, f"{LIST}?bought=any")
    assert one == {
        "member": silver, "joined_at": START.isoformat(), "source": "api", "tag": "", "store": "",
        "tiers": "status/silver", "state": "present", "merged_into": "", "bought_on": str(day), "bought_in": "riga-1",
    }  # fmt: skip
    (one,) = await rows(visitor, f"{LIST}?tag=fair")
    assert (one["source"], one["tiers"], one["bought_on"]) == ("partner", "", "")


async def test_names_are_shown_to_those_who_may_see_members_and_to_nobody_else(
    shop: Api, database: Database
) -> None:
    _, silver = await two_more(shop)
    visitor = Visitor(shop)
    await visitor.as_staff("marketing")
    page = (await visitor.client.get(LIST)).text
    assert f'<a href="{OFFICE}/members/{silver}">Ilze Bērziņa</a>' in page
    assert "Silver" in page.replace("silver", "Silver")
    assert "list.csv" not in page
    await visitor.as_staff("analyst")
    page = (await visitor.client.get(LIST)).text
    assert page.count("a member</th>") == 2
    assert ("Ilze" in page, "Zane" in page, "mem_" in page) == (False, False, False)
    assert (await visitor.client.get(f"{LIST}.csv")).status_code == 403


async def test_whoever_sees_one_store_sees_who_joined_or_bought_there(
    visitor: Visitor, database: Database
) -> None:
    await a_week(visitor.api, database)
    async with database.transaction(visitor.api.program.id) as tx:
        found = await (await tx.execute("SELECT code, id FROM store")).fetchall()
    stores = dict(found)
    days = "bought=any&from=2027-03-03&to=2027-03-05"
    for code, members in (("riga-1", 1), ("riga-2", 0)):
        await visitor.as_staff("shop_manager", stores=(stores[code],))
        for query in (days, f"{days}&store=riga-1", f"{days}&store=riga-2"):
            page = (await visitor.client.get(f"{LIST}?{query}")).text
            assert page.count("a member</th>") == members, (code, query)
        assert "No members here" in (await visitor.client.get(LIST)).text


@pytest.mark.parametrize("query", ["", f"bought=any&from={date(2027, 3, 1)}&to={date(2027, 3, 9)}"])
async def test_pages_follow_one_another_without_a_gap_and_without_a_repetition(
    visitor: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    await a_week(visitor.api, database)
    for n in range(6):
        _, card = await member_with_card(visitor.api, f"Anna {n}")
        await sold(visitor.api, f"p-{n}", f"2027-03-0{4 + n % 2}T10:00:00+02:00", card, line(1, 500))
    await roll_figures(database, visitor.api.program.id, START)
    await visitor.as_staff("owner")
    whole = [one["member"] for one in await rows(visitor, f"{LIST}?{query}")]
    assert len(whole) == len(set(whole)) == 7
    monkeypatch.setattr(members_list, "AT_ONCE", 3)
    monkeypatch.setattr(members_list, "ROWS_AT_ONCE", 2)
    assert [one["member"] for one in await rows(visitor, f"{LIST}?{query}")] == whole
    listed: list[str] = []
    address: str | None = f"{LIST}?{query}"
    while address:
        page = (await visitor.client.get(address)).text
        found = re.findall(r'<th scope="row"><a href="/backoffice/members/(mem_\w+)"', page)
        assert 1 <= len(found) <= 3
        listed += found
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = html.unescape(following[1]) if following else None
    assert listed == whole


@pytest.mark.parametrize("cursor", ["x", "MjAyNy0wMy0wMSB4", "!!"])
async def test_what_is_no_cursor_is_refused(visitor: Visitor, cursor: str) -> None:
    await visitor.as_staff("owner")
    for query in ("", "bought=any&"):
        assert (await visitor.client.get(f"{LIST}?{query}cursor={cursor}")).status_code == 422


async def test_a_page_of_ten_thousand_members_asks_little_and_reads_no_whole_table(
    visitor: Visitor, database: Database, administrator_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Teika"})
    assert made.status_code == 201, made.text
    await many_annas(visitor, database)
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO member_visit (program, home, member, store, day, purchases) "
            "SELECT m.program, m.home, m.id, s.id, d::date, 1 FROM member AS m "
            "JOIN store AS s ON s.program = m.program, "
            "generate_series('2026-02-01'::date, '2026-02-05'::date, '1 day') AS d"
        )
        connection.execute("ANALYZE member, member_visit, person, member_mark, member_merge")
    await visitor.as_staff("owner")
    await visitor.client.get(LIST)
    for query in (
        "", "tag=fair", "present_on=2099-01-01", "joined_from=2026-01-01&joined_to=2099-01-01", "store=riga-1",
        *(f"bought={one}&from=2026-02-01&to=2026-02-05" for one in ("any", "new", "known")),
        "bought=any&from=2026-02-01&to=2026-02-05&store=riga-1",
        *(f"bought={one}&from=2026-05-01&to=2026-05-09" for one in ("cohort", "again")),
    ):  # fmt: skip
        page = await measured(visitor, database, monkeypatch, f"/members/list?{query}")
        found = page.count("Anna Ozola")
        few = "tag=" in query or "known" in query or query == "store=riga-1"
        assert found == (0 if few else members_list.AT_ONCE), query
