"""How long the back office's pages of figures take, beside a page that asks the database for `SELECT 1`.

    ./run &   then   .venv/bin/python bench/pages.py [--data var] [--database postgresql://…] [--year]

It asks the application in this process, without a network, as a new member of staff: milliseconds, medians of
some rounds; and how many statements a page asks. With `--year` it makes a program of its own with eleven stores and two
years of sums (and no purchases: pages read none), and asks for the last year. `--promotions 10000` gives that program
so many promotions, nine of ten of them live, and asks for their pages too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import structlog
from litestar import get

from regulars import clock, ids
from regulars.app import build
from regulars.cli.places import Place
from regulars.db.pool import Database, fetch_all
from regulars.flows.add_staff import add_staff
from regulars.flows.create_program import NewProgram, create_program
from regulars.programs import reading
from regulars.programs.model import Program
from regulars.settings import Settings

PAGES = (
    "/backoffice",
    "/backoffice/home.csv",
    "/backoffice/day",
    "/backoffice/day?by=both",
    "/backoffice/points",
)
OF_PROMOTIONS = (
    "/backoffice/promotions",
    "/backoffice/promotions?state=draft",
    "/backoffice/promotions?q=offer 99",
    "/backoffice/promotions?store=s-3&sort=name",
    "/backoffice/promotions?sort=-cost&cursor=5000",
    "/backoffice/promotions/calendar",
    "/backoffice/promotions/new",
    "/backoffice/promotions/new?q=coffee",
    "/backoffice/promotions/{id}",
    "/backoffice/promotions/{id}/edit",
)
REFERENCE = "/bench/select-1"
ROUNDS = 15
STORES = 11
SECONDS_MAX = 0.3
YEAR = """
INSERT INTO store_day
SELECT %(program)s, s.id, d.day, 500, 250, 260, 0, 900000, 40000, 500000, 30000, 4000, 900, 4, 3000, 100, 2900, 0, 12
FROM store s CROSS JOIN generate_series(%(today)s::date - 730, %(today)s::date, '1 day') AS d (day);
INSERT INTO promotion_day
SELECT %(program)s, p.id, s.id, d.day, 40, 30, 80000 FROM store s
CROSS JOIN unnest(%(promotions)s::uuid[]) AS p (id)
CROSS JOIN generate_series(%(today)s::date - 730, %(today)s::date, '1 day') AS d (day);
INSERT INTO promotion_day_given SELECT program, promotion, store, day, 'EUR', 900, 10 FROM promotion_day;
INSERT INTO visit_gap
SELECT %(program)s, c.id, d.day, g.gap, false, 3
FROM (SELECT id FROM store UNION ALL SELECT %(program)s) AS c CROSS JOIN generate_series(0, 120) AS g (gap)
CROSS JOIN generate_series(%(today)s::date - 730, %(today)s::date, '1 day') AS d (day);
INSERT INTO enrolment_day
SELECT %(program)s, d.day, 'till', s.id, 4, 0 FROM store s
CROSS JOIN generate_series(%(today)s::date - 730, %(today)s::date, '1 day') AS d (day);
INSERT INTO ledger_day
SELECT %(program)s, 'PTS', d.day, k.kind, k.source, k.target, 40000
FROM (VALUES ('purchase', 'issued', 'points'), ('purchase', 'points', 'redeemed')) AS k (kind, source, target)
CROSS JOIN generate_series(%(today)s::date - 730, %(today)s::date, '1 day') AS d (day);
INSERT INTO expiry_day
SELECT %(program)s, 'PTS', d.day, 40000
FROM generate_series(%(today)s::date, %(today)s::date + 365, '1 day') AS d (day);
INSERT INTO figures_roll VALUES (%(program)s, 0, now(), true) ON CONFLICT DO NOTHING;
"""


SOME = """
INSERT INTO promotion (program, id, draft, draft_version, drafted_at, drafted_by, status, revision, created_at)
SELECT %(program)s, p.id, p.document, 1, now(), 'bench', s.status, (s.status <> 'draft')::integer, now()
FROM unnest(%(promotions)s::uuid[], %(documents)s::jsonb[]) WITH ORDINALITY AS p (id, document, n)
CROSS JOIN LATERAL (SELECT CASE n %% 20 WHEN 1 THEN 'draft' WHEN 2 THEN 'stopped' ELSE 'live' END) AS s (status)
"""
NEWEST = "SELECT id FROM promotion WHERE status = 'live' ORDER BY id DESC LIMIT 1"
REVISIONS = """
INSERT INTO promotion_revision
SELECT program, id, 1, draft, '[]', now(), 'bench' FROM promotion WHERE program = %(program)s AND revision > 0
"""


def _documents(count: int) -> list[str]:
    """So many as a chain has them: on some goods, a third in one store, a fifth at some hours, half with a budget."""
    found: list[str] = []
    for n in range(count):
        document: dict[str, Any] = {
            "name": f"Offer {n}", "names": {"en": f"Offer {n}", "lv": f"Piedāvājums {n}"}, "group": "items",
            "benefits": [{"kind": "line_percent", "percent": "5", "goods": {"skus": [f"sku-{n}", f"sku-{n + 1}"]}}],
        }  # fmt: skip
        if n % 3 == 0:
            document["conditions"] = [{"kind": "store", "stores": [f"s-{n % STORES}"]}]
        if n % 5 == 0:
            document["conditions"] = [
                {"kind": "hours", "weekdays": [1 + n % 7], "from": "17:00", "until": "20:00"}
            ]
        if n % 2:
            document["limits"] = [{"per": "total", "amount": 100_000}]
        found.append(json.dumps(document))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("var"))
    parser.add_argument("--database")
    parser.add_argument("--year", action="store_true", help="two years of eleven stores instead of the demo")
    parser.add_argument("--promotions", type=int, default=12, help="how many the program of `--year` has")
    options = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    place = Place(data=options.data, database=options.database)
    with place.reached() as url:
        keyring = place.keyring()
        settings = Settings(url, keyring.secret, tuple(keyring.masters))
        asyncio.run(run(settings, year=options.year, promotions=options.promotions))


async def run(settings: Settings, *, year: bool, promotions: int) -> None:
    """Ask for every page some times."""
    async with Database(settings.database_url) as database:
        if year:
            program = await a_year(database, settings.database_url, promotions)
        else:
            program = await the_demo(database)
        async with database.transaction(program.id) as tx:
            ((newest,),) = await fetch_all(
                tx, "SELECT id FROM promotion WHERE status = 'live' ORDER BY id DESC LIMIT 1"
            )
        email, password = f"bench-{uuid4().hex}@bench.example", uuid4().hex
        await add_staff(
            database,
            program,
            email=email,
            name="Bench",
            password=password,
            roles=("owner",),
            at=clock.world(),
        )
    app: Any = build(settings)
    app.register(select_1)
    async with app.lifespan():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
            answer = await client.post("/backoffice/sign-in", data={"email": email, "password": password})
            assert answer.status_code == 303, answer.text
            last = (await _today(program)).isoformat()
            first = (await _today(program) - timedelta(days=364)).isoformat()
            reference = await measured(client, REFERENCE)
            print(f"{'page':<46}{'ms':>8}{'of the reference':>18}{'statements':>12}{'kB':>8}")
            print(
                f"{'SELECT 1':<46}{reference[0]:>8.1f}{'1':>18}{reference[1]:>12}{reference[2] / 1000:>8.1f}"
            )
            for page in (*PAGES, *OF_PROMOTIONS):
                named = page.format(id=ids.show("prm", newest))
                address = f"{named}{'&' if '?' in page else '?'}from={first}&to={last}"
                took, statements, size = await measured(client, address)
                times = f"{took / reference[0]:.0f} ×"
                slow = "  over 300 ms" if took > 1000 * SECONDS_MAX else ""
                print(f"{page:<46}{took:>8.1f}{times:>18}{statements:>12}{size / 1000:>8.1f}{slow}")


@get(REFERENCE, include_in_schema=False)
async def select_1(request: Any) -> str:
    """The least that a page can ask."""
    async with request.app.state.database.transaction(None) as tx:
        return str((await fetch_all(tx, "SELECT 1"))[0][0])


async def measured(client: httpx.AsyncClient, address: str) -> tuple[float, int, int]:
    """Milliseconds, statements beside those that begin a transaction, and bytes."""
    asked = 0
    execute: Any = psycopg.AsyncConnection.execute

    async def counted(self: Any, query: Any, *rest: Any, **more: Any) -> Any:
        nonlocal asked
        text = query if isinstance(query, str | bytes) else query.as_string(self)
        beginning = text if isinstance(text, str) else text.decode()
        asked += not beginning.lstrip().startswith(("SET ", "SELECT set_config"))
        return await execute(self, query, *rest, **more)

    answer = await client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    psycopg.AsyncConnection.execute = counted
    await client.get(address)
    psycopg.AsyncConnection.execute = execute
    took: list[float] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = await client.get(address)
        took.append(1000 * (time.perf_counter() - begun))
    return median(took), asked, len(answer.content)


async def the_demo(database: Database) -> Program:
    """The demo's program. Exits where there is none."""
    async with database.transaction(None) as tx:
        found = await reading.programs(tx)
    demo = next((one for one in found if one.name == "Dzintars"), None)
    if demo is None:
        raise SystemExit("The demo is not loaded here: start with ./run first, or say --year.")
    return await _program(database, demo.id)


async def a_year(database: Database, url: str, promotions: int) -> Program:
    """A program of its own with two years of sums, and so many promotions; twelve of them gave something each day."""
    new = NewProgram(f"Bench {uuid4().hex[:6]}", "EUR", "Europe/Riga", ("en",), {}, sandbox=True)
    made = (await create_program(database, new, at=clock.world())).program.id
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('regulars.program', %s, true)", (str(made),))
        for n in range(STORES):
            connection.execute(
                "INSERT INTO store (program, id, code, name, partner, time_zone)"
                " SELECT program, %s, %s, %s, id, 'Europe/Riga' FROM partner",
                (ids.new(), f"s-{n}", f"Store {n}"),
            )
        today = await _today(await _program(database, made))
        named = [ids.new() for _ in range(promotions)]
        connection.execute(SOME, {"program": made, "promotions": named, "documents": _documents(promotions)})
        connection.execute(REVISIONS, {"program": made})
        asked = {"program": made, "today": today, "promotions": named[-12:]}
        for statement in YEAR.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode(), asked)
        connection.execute("UPDATE program SET version = version + 1 WHERE id = %s", (made,))
    with psycopg.connect(url, autocommit=True) as connection:
        for table in (
            "store_day",
            "promotion_day",
            "promotion_day_given",
            "visit_gap",
            "enrolment_day",
            "ledger_day",
        ):
            connection.execute(f"ANALYZE {table}".encode())
    return await _program(database, made)


async def _program(database: Database, program: UUID) -> Program:
    async with database.transaction(program) as tx:
        return await reading.load(tx, program)


async def _today(program: Program) -> Any:
    return clock.world().astimezone(clock.zone(program.time_zone)).date()


if __name__ == "__main__":
    main()
