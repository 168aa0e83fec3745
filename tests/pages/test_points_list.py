"""The list of what moved points: its rows add up to the figures of the page of points, and to those of Home."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from regulars.backoffice import points_list
from regulars.db.pool import Database
from regulars.flows.roll_figures import roll_figures
from regulars.programs import registry
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.conftest import Api
from tests.api.shop import buy, give, line, member_with_card, publish, record, settle
from tests.api.test_accounts import company, put_in
from tests.api.test_figures import History
from tests.conftest import START
from tests.pages.conftest import Visitor
from tests.pages.test_day_view import a_week
from tests.pages.test_desk_many import many_receipts, measured

SHORT = {
    "name": "Five that end soon",
    "group": "points",
    "conditions": [{"kind": "member"}],
    "benefits": [
        {"kind": "points_fixed", "currency": "PTS", "points": 5, "validity": {"expires_after_days": 30}}
    ],
}
OFFICE = "/backoffice"
LIST = f"{OFFICE}/points/movements"


@pytest.fixture
async def shop(api: Api, database: Database) -> Api:
    """The program on the first day of a test's history, whose pages speak English."""
    async with database.transaction(api.program.id) as tx:
        await registry.move_clock(tx, api.program.id, START)
    api.client.cookies.set(LANGUAGE_COOKIE, "en")
    return api


async def rows(visitor: Visitor, address: str) -> list[dict[str, str]]:
    """What a list holds, as its file says: `address` is that of the page."""
    path, _, query = address.partition("?")
    answer = await visitor.client.get(f"{path}.csv?{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def together(found: list[dict[str, str]]) -> int:
    """What all of them come to."""
    return sum(int(one["amount"]) for one in found)


@pytest.mark.parametrize("seed", [21, 22])
async def test_every_figure_of_points_is_what_its_rows_come_to(
    shop: Api, database: Database, seed: int
) -> None:
    history = History(shop, seed)
    await history.prepare()
    await publish(shop, SHORT)
    for n in range(70):
        await history.step()
        if n % 25 == 24:
            await history.sleep(timedelta(days=45))
    await roll_figures(database, shop.program.id, history.now)
    visitor, today = Visitor(shop), history.now.date()
    await visitor.as_staff("owner")
    kinds = ("given", "otherwise", "spent", "taken", "expired")
    moved: set[str] = set()
    for first, last in ((START.date(), today), (START.date() + timedelta(days=9), today - timedelta(days=5))):
        period = f"from={first}&to={last}"
        head, *days = csv.reader(
            io.StringIO((await visitor.client.get(f"{OFFICE}/points.csv?{period}")).text)
        )
        assert head[2:7] == ["given", "otherwise", "spent", "taken_back", "expired"]
        page = (await visitor.client.get(f"{OFFICE}/points?{period}")).text
        for place, kind in enumerate(kinds, 2):
            expected = sum(int(day[place]) for day in days)
            (address,) = re.findall(rf'<dd><a href="([^"]*kind={kind}&[^"]*)"', page)
            found = await rows(visitor, html.unescape(address))
            assert together(found) == expected, (kind, period)
            assert len({(one["id"], one["kind"], one["amount"]) for one in found}) > 0 or expected == 0
            moved |= {kind} if found else set()
            for day in days:
                if int(day[place]):
                    that = f"{LIST}?kind={kind}&currency=PTS&from={day[0]}&to={day[0]}"
                    assert together(await rows(visitor, that)) == int(day[place]), that
        (until,) = re.findall(r'<dt>Outstanding .*?<dd><a href="([^"]*)"', page, re.DOTALL)
        assert together(await rows(visitor, html.unescape(until))) == int(days[-1][7])
    assert moved == set(kinds)
    expiring = (await visitor.client.get(f"{OFFICE}/points/expiring.csv")).text
    for day, _, amount in list(csv.reader(io.StringIO(expiring)))[1:]:
        assert together(await rows(visitor, f"{LIST}?kind=expiring&from={day}&to={day}")) == int(amount)
    home = (await visitor.client.get(f"{OFFICE}?from={today}&to={today}")).text
    for name, code in (("Points outstanding", "liability"), ("Expiring soon", "expiring_30")):
        (address,) = re.findall(rf'<dt>{name} .*?<dd><a href="([^"]*)"', home, re.DOTALL)
        said = {row[0]: row[4] for row in csv.reader(io.StringIO(
            (await visitor.client.get(f"{OFFICE}/home.csv?from={today}&to={today}")).text))}  # fmt: skip
        worth = together(await rows(visitor, html.unescape(address)))  # a point is worth a cent
        assert worth == (int(said[code].replace(".", "")) if code == "liability" else int(said[code]))


async def test_movements_are_of_a_store_and_of_a_promotion(shop: Api, database: Database) -> None:
    await a_week(shop, database)
    visitor = Visitor(shop)
    await visitor.as_staff("owner")
    period = "from=2027-03-03&to=2027-03-05"
    given = await rows(visitor, f"{LIST}?kind=given&{period}")
    assert [(one["at"][:10], one["amount"], one["store"]) for one in given] == [
        ("2027-03-04", "99", "riga-1"), ("2027-03-03", "2", "riga-1"), ("2027-03-03", "12", "riga-1"),
    ]  # fmt: skip
    spent = await rows(visitor, f"{LIST}?kind=spent&{period}")
    assert [one["amount"] for one in spent] == ["-10"]
    assert together(await rows(visitor, f"{LIST}?{period}")) == 3
    assert await rows(visitor, f"{LIST}?{period}&store=riga-2") == []
    assert await rows(visitor, f"{LIST}?{period}&store=riga-1&kind=given") == given
    promotion = given[0]["promotion"]
    assert await rows(visitor, f"{LIST}?{period}&promotion={promotion}") == given
    promotions = (await shop.get("/v1/promotions")).json()["items"]
    (other,) = [one["id"] for one in promotions if one["id"] != promotion]
    assert await rows(visitor, f"{LIST}?{period}&promotion={other}") == []
    page = (await visitor.client.get(f"{LIST}?{period}")).text
    assert "A point for each euro" in page
    assert "Anna Kalniņa" in page
    await visitor.as_staff("analyst")
    page = (await visitor.client.get(f"{LIST}?{period}")).text
    assert ("Anna" in page, "mem_" in page, "a member" in page) == (False, False, True)


async def test_the_file_names_members_and_says_what_was_written_of_them_to_whoever_sees_members(
    shop: Api, database: Database
) -> None:
    member, _ = await member_with_card(shop)
    sent = {"currency": "PTS", "amount": 5, "reason": "Anna called: her card was lost"}
    given = await shop.post(f"/v1/members/{member}/adjustments", sent)
    assert given.status_code == 201, given.text
    await roll_figures(database, shop.program.id, START)
    period = f"from={START.date()}&to={START.date()}"
    visitor, told = Visitor(shop), []
    for role in ("owner", "analyst"):
        await visitor.as_staff(role)
        found = await rows(visitor, f"{LIST}?{period}")
        told.append([(one["amount"], one["member"], one["reason"]) for one in found])
    assert told == [[("5", member, "Anna called: her card was lost")], [("5", "", "")]]


async def test_pages_follow_one_another_without_a_gap_and_without_a_repetition(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(shop, 23)
    await history.prepare()
    for _ in range(60):
        await history.step()
    await roll_figures(database, shop.program.id, history.now)
    visitor = Visitor(shop)
    await visitor.as_staff("owner")
    for query in ("from=1970-01-01", "kind=given&from=1970-01-01"):
        whole = await rows(visitor, f"{LIST}?{query}")
        assert len(whole) > 4
        monkeypatch.setattr(points_list, "ROWS_AT_ONCE", 2)
        assert await rows(visitor, f"{LIST}?{query}") == whole
        monkeypatch.setattr(points_list, "ROWS_AT_ONCE", 1000)


async def test_a_purchase_stays_the_member_s_who_made_it_wherever_she_collects_and_whoever_she_is_now(
    shop: Api, database: Database
) -> None:
    await shop.post("/v1/stores", {"code": "riga-1", "name": "Teika"})
    await publish(shop, SHORT)
    anna, card = await member_with_card(shop)
    await record(shop, buy("r-1", card, [line(1, 500)], purchased_at=START.isoformat()))
    account = await company(shop)
    await put_in(shop, account, {"member": anna})
    await record(shop, buy("r-2", card, [line(1, 500)], purchased_at=START.isoformat()))
    ilze, other = await member_with_card(shop, name="Ilze Liepa")
    await record(shop, buy("r-3", other, [line(1, 500)], purchased_at=START.isoformat()))
    await give(shop, ilze, 3)
    kept, _ = await member_with_card(shop, name="Ilze L.")
    merged = await shop.post(f"/v1/members/{kept}/merge", {"member": ilze})
    assert merged.status_code == 200, merged.text
    await roll_figures(database, shop.program.id, START)
    visitor = Visitor(shop)
    await visitor.as_staff("owner")
    for query in (f"kind=given&from={START.date()}&to={START.date()}", "kind=expiring&to=2026-05-01"):
        found = sorted(
            one["member"] for one in await rows(visitor, f"{LIST}?{query}") if one["amount"] == "5"
        )
        assert found == sorted([anna, anna, kept]), query
    by_hand = await rows(visitor, f"{LIST}?kind=otherwise&from={START.date()}&to={START.date()}")
    assert kept in {one["member"] for one in by_hand if one["amount"] == "3"}


async def test_what_expires_is_of_a_store_and_of_a_promotion_and_not_everybody_reads_whose_it_is(
    shop: Api, database: Database
) -> None:
    for code in ("riga-1", "riga-2"):
        await shop.post("/v1/stores", {"code": code, "name": code})
    five = await publish(shop, SHORT)
    three = await publish(shop, {**SHORT, "benefits": [{**SHORT["benefits"][0], "points": 3}]})
    anna, card = await member_with_card(shop, name="Anna Kalniņa")
    for n in (1, 2):
        body = buy(f"r-{n}", card, [line(1, 500)], store=f"riga-{n}", purchased_at=START.isoformat())
        await record(shop, body)
    visitor, address = Visitor(shop), f"{LIST}?kind=expiring&to=2026-05-01"
    await visitor.as_staff("owner")

    async def told(query: str) -> list[tuple[str, str, str, str]]:
        found = await rows(visitor, f"{address}{query}")
        return sorted((one["store"], one["promotion"], one["amount"], one["member"]) for one in found)

    def lots(member: str) -> list[tuple[str, str, str, str]]:
        return sorted(
            (f"riga-{n}", gives, points, member)
            for n in (1, 2)
            for gives, points in ((five, "5"), (three, "3"))
        )

    assert await told("") == lots(anna)
    assert await told("&store=riga-2") == [one for one in lots(anna) if one[0] == "riga-2"]
    assert await told(f"&promotion={three}") == [one for one in lots(anna) if one[1] == three]
    assert "Anna Kalniņa" in (await visitor.client.get(address)).text
    await visitor.as_staff("analyst")
    assert await told("") == lots("")
    page = (await visitor.client.get(address)).text
    assert ("Anna" in page, "mem_" in page, "a member" in page) == (False, False, True)


async def test_what_moves_on_a_shared_account_otherwise_than_by_a_purchase_is_nobodys_own(
    shop: Api, database: Database
) -> None:
    anna, _ = await member_with_card(shop)
    await give(shop, anna, 3)
    account = await company(shop)
    await put_in(shop, account, {"member": anna})
    await give(shop, anna, 7)
    await roll_figures(database, shop.program.id, START)
    visitor = Visitor(shop)
    await visitor.as_staff("owner")
    by_hand = await rows(visitor, f"{LIST}?kind=otherwise&from={START.date()}&to={START.date()}")
    found = {one["amount"]: one["member"] for one in by_hand}
    assert found["7"] == ""


def cursor_of(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "W10", "!!", "WyIyMDI2LTAxLTAxIl0",
        cursor_of("2026-03-01", "purchase", "2026-03-01T10:00:00Z", NOBODY, 40_000),
        cursor_of("2026-03-01", "purchase", "2026-03-01T10:00:00Z", NOBODY, -1),
        cursor_of("2026-03-01", "pur\0chase", "2026-03-01T10:00:00Z", NOBODY, 0),
        cursor_of("2026-03-01", "p" * 41, "2026-03-01T10:00:00Z", NOBODY, 0),
        cursor_of("2026-03-01", "purchase", "2026-03-01T10:00:00", NOBODY, 0),
        base64.urlsafe_b64encode(
            f'["2026-03-01","purchase","2026-03-01T10:00:00Z","{NOBODY}",0,{"[" * 4_000}'.encode()
        ).decode(),
    ],
)  # fmt: skip
async def test_what_is_no_cursor_is_refused(shop: Api, cursor: str) -> None:
    await settle(shop, welcome={"currency": "PTS", "points": 25})
    visitor = Visitor(shop)
    await visitor.as_staff("owner")
    for kind in ("", "expiring"):
        assert (await visitor.client.get(f"{LIST}?kind={kind}&cursor={cursor}")).status_code == 422
    assert (await visitor.client.get(f"{LIST}?promotion=mem_x")).status_code == 422
    assert (await visitor.client.get(f"{LIST}?kind=moon&from=x&to=1990-01-01&store=moon")).status_code == 200


async def test_a_page_of_many_movements_asks_little_and_reads_no_whole_table(
    shop: Api, database: Database, administrator_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor: Any = Visitor(shop)
    await shop.post("/v1/stores", {"code": "riga-1", "name": "Teika"})
    await settle(shop, welcome={"currency": "PTS", "points": 25})
    await member_with_card(shop)
    await many_receipts(visitor, administrator_url)
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        columns = "pool, kind, purchase, related, recorded_at, actor, reason"
        connection.execute(
            f"INSERT INTO posting (program, home, id, effective_at, {columns}) SELECT program, home, "
            "(left(gen_random_uuid()::text, 33) || right(id::text, 3))::uuid, effective_at - n * interval '1 second', "
            f"{columns} FROM posting, generate_series(1, 5000) AS n"
        )
        connection.execute(
            "INSERT INTO entry (program, home, posting, n, pool, currency, source, target, amount, partner) "
            "SELECT p.program, p.home, p.id, 0, p.pool, 'PTS', 'issued', 'points', 5, NULL FROM posting AS p "
            "WHERE NOT EXISTS (SELECT 1 FROM entry AS e WHERE e.posting = p.id)"
        )
        connection.execute("ANALYZE posting, entry, purchase, lot, member")
    await roll_figures(database, shop.program.id, START)
    await visitor.as_staff("owner")
    await visitor.client.get(LIST)
    days = "from=2026-02-27&to=2026-03-02"
    for query in (
        days,
        f"kind=given&{days}",
        f"kind=otherwise&{days}&store=riga-1",
        "kind=expiring",
        f"kind=spent&{days}",
    ):
        await measured(visitor, database, monkeypatch, f"/points/movements?{query}")
