"""The desk with ten thousand members and receipts: few statements, each a walk along an index, page by page."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest

from regulars import clock, ids
from regulars.db.pool import Database, fetch_all
from regulars.members import directory
from regulars.members.model import Member, Newcomer, Person
from regulars.members.vault import Keyring, of
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api import shop
from tests.api.conftest import SECRET
from tests.conftest import MASTER_KEYS
from tests.pages.conftest import Visitor, token
from tests.pages.test_desk import OFFICE, text

MANY = 10_000
STATEMENTS_MAX = 12
GROWING = re.compile(
    r"Seq Scan on (purchase|member|person|member_name|member_note|posting|entry|lot|card|code|claim)\b"
)
PERIOD = "from=2026-02-27&to=2026-03-02"


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def many_annas(visitor: Visitor, database: Database) -> None:
    """Enrol them as an import does, a thousand at a time."""
    program = visitor.api.program.id
    vault = of(Keyring(SECRET, MASTER_KEYS), program)
    for start in range(0, MANY, 1000):
        newcomers = []
        for n in range(start, start + 1000):
            identifier = ids.new(n % ids.HOMES)
            member = Member(identifier, ids.home(identifier), identifier, "en", "import", None, clock.world())
            newcomers.append(Newcomer(member, Person(f"Anna Ozola{n:05d}")))
        async with database.transaction(program) as tx:
            await tx.execute("SET CONSTRAINTS ALL DEFERRED")
            await fetch_all(
                tx,
                "INSERT INTO pool (program, home, id, kind, opened_at) "
                "SELECT %s, home, id, 'person', now() FROM unnest(%s::smallint[], %s::uuid[]) AS t (home, id) "
                "RETURNING 1",
                (program, [one.member.home for one in newcomers], [one.member.pool for one in newcomers]),
            )
            assert await directory.enrol(tx, program, vault, newcomers) == {}


async def many_receipts(visitor: Visitor, administrator_url: str) -> tuple[str, str]:
    """Ten thousand receipts like one of a member; her id and the receipt's."""
    member, card = await shop.earning_member(visitor.api)
    bought = await shop.record(visitor.api, shop.buy("r-1", card, [shop.line(1, 500)], receipt_number="0817"))
    purchase = ids.read("pur", bought["id"])
    columns = (
        "pool, member, card, partner, store, till, cashier, held, recorded_at, currency, gross, discount, "
        "paid_with_points, payable, turnover, earned, spent, document"
    )
    with psycopg.connect(administrator_url) as connection:
        connection.execute(
            f"INSERT INTO purchase (program, home, id, receipt_number, request, purchased_at, {columns}) "
            "SELECT program, home, (left(gen_random_uuid()::text, 33) || right(id::text, 3))::uuid, n::text, "
            f"'copy-' || n, purchased_at - n * interval '1 second', {columns} "
            "FROM purchase, generate_series(1, %s) AS n WHERE id = %s",
            (MANY, purchase),
        )
    return member, bought["id"]


async def measured(
    visitor: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch, path: str, **form: Any
) -> str:
    """A page, whose statements were counted and looked up by keys alone."""
    asked: list[tuple[Any, Any]] = []
    execute: Any = psycopg.AsyncConnection.execute

    async def noted(self: Any, query: Any, params: Any = None, **more: Any) -> Any:
        said = query if isinstance(query, str | bytes) else query.as_string(self)
        said = said if isinstance(said, str) else said.decode()
        if not said.lstrip().startswith(("SET ", "SELECT set_config", "EXPLAIN")):
            asked.append((said, params))
        return await execute(self, query, params, **more)

    monkeypatch.setattr(psycopg.AsyncConnection, "execute", noted)
    page = await visitor.client.request("POST" if form else "GET", OFFICE + path, data=form or None)
    monkeypatch.undo()
    assert page.status_code == 200, text(page)
    assert len(asked) <= STATEMENTS_MAX, (path, [said[:80] for said, _ in asked])
    async with database.transaction(visitor.api.program.id) as tx:
        for said, params in asked:
            if not said.lstrip().startswith(("SELECT", "WITH", "--")):
                continue
            explain: Any = f"EXPLAIN {said}".encode()
            plan = "\n".join(row[0] for row in await (await tx.execute(explain, params)).fetchall())
            assert not GROWING.search(plan), plan
    return text(page)


async def test_a_name_that_ten_thousand_share_is_shown_page_by_page(
    visitor: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many_annas(visitor, database)
    await visitor.as_staff("service")
    page = await visitor.client.get(f"{OFFICE}/members")
    csrf = token(page.text)
    first = await measured(visitor, database, monkeypatch, "/members/find", csrf=csrf, text="anna")
    assert "25 members, and more" in first
    assert first.count("Anna Ozola") == 25
    raw = await visitor.client.post(f"{OFFICE}/members/find", data={"csrf": csrf, "text": "anna"})
    cursor = re.search(r'name="cursor" value="([^"]+)"', raw.text)
    assert cursor
    second = await measured(
        visitor, database, monkeypatch, "/members/find", csrf=csrf, text="anna", cursor=cursor[1]
    )
    names = set(re.findall(r"Ozola\d{5}", first + second))
    assert len(names) == 50
    one = await measured(visitor, database, monkeypatch, "/members/find", csrf=csrf, text="ann ozola09876")
    assert "1 member" in one
    assert "Ozola09876" in one


async def test_pages_of_a_member_with_ten_thousand_receipts_ask_little(
    visitor: Visitor, database: Database, administrator_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    member, purchase = await many_receipts(visitor, administrator_url)
    await visitor.as_staff("service")
    await visitor.client.get(f"{OFFICE}/members/{member}")
    for path in (
        f"/members/{member}",
        f"/members/{member}/history",
        f"/members/{member}/receipts",
        f"/members/{member}/consents",
        f"/members/{member}/access",
        f"/members/{member}/merge",
        f"/purchases/{purchase}",
        f"/purchases?{PERIOD}",
        f"/purchases?{PERIOD}&state=recorded&cashier=c-12",
        "/purchases?receipt=0817",
        f"/purchases?member={member}",
        "/codes",
    ):
        page = await measured(visitor, database, monkeypatch, path)
        assert "Regulars made a mistake" not in page
    listed = await visitor.client.get(f"{OFFICE}/purchases?{PERIOD}")
    assert listed.text.count('<th scope="row" class="when">') == 50
    further = re.search(r'href="([^"]+)" rel="next"', listed.text)
    assert further
    after = await visitor.client.get(further[1].replace("&amp;", "&"))
    assert after.text.count('<th scope="row" class="when">') == 50
    assert not set(re.findall(r"pur_\w+", listed.text)) & set(re.findall(r"pur_\w+", after.text))
    table = (await visitor.client.get(f"{OFFICE}/purchases.csv?{PERIOD}")).text
    assert len(table.splitlines()) == 1 + 1 + MANY  # a heading, the receipt, and those like it
