"""Purchases a second and reads as members and purchases grow, beside pgbench's tpcb-like on the same server.

    .venv/bin/python bench/growth.py [--sizes 10000,100000] [--purchases 0,100000] [--seconds 6] [--clients 128]

For each number of members a database of its own is filled with receipts by `regulars import purchases` (10 lines, known
members, as sold, both cores), and at each number of purchases the load of `record_purchase.py` is run, balances and
statements are read one after the other, and the tables are measured. By hand, an evening long: `--sizes
10000,100000,1000000 --purchases 100000,1000000,5000000`.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

import bulk
import psycopg
import record_purchase
import uvloop

import house
from regulars import ids
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key

READS = 300
BAR = 40
"""Letters of the longest bar of the chart."""


class Row(NamedTuple):
    """What one size of the house gave."""

    members: int
    purchases: int
    rate: float
    p99_ms: float
    reference: float
    balance_ms: tuple[float, float]
    statement_ms: tuple[float, float]
    bytes_a_purchase: float
    """Of all tables and indexes, above the house without purchases."""


def main() -> None:
    parser = house.arguments(__doc__)
    parser.add_argument("--sizes", default="10000,100000", help="members, separated by commas")
    parser.add_argument("--purchases", default="0,100000", help="purchases at which to measure")
    parser.add_argument("--clients", type=int, default=128)
    options = parser.parse_args()
    rows: list[Row] = []
    for members in numbers(options.sizes):
        options.members = members
        with house.opened(options) as running:
            uvloop.run(record_purchase.ready(options.port))
            rows += grown(running, options, numbers(options.purchases))
    report(rows, options)


def numbers(text: str) -> list[int]:
    """1000,2000 → two numbers."""
    return [int(part) for part in text.split(",")]


def grown(running: house.House, options: argparse.Namespace, stops: Sequence[int]) -> list[Row]:
    """One house from its first purchase to its last stop."""
    rows: list[Row] = []
    folder = Path(running.environment["REGULARS_SECRET_FILE"]).parent
    program = bulk.program_of(running.server.url)
    reader, members = asyncio.run(readers(running))
    empty = stored(running.server.url)
    for stop in stops:
        missing = stop - bulk.counted(running.server.url)
        if missing > 0:
            options.receipts = missing
            bulk.imported(running, program, folder, options, "as_sold", f"up to {stop}")
        vacuumed(running.server.url)
        done, size = bulk.counted(running.server.url), stored(running.server.url) - empty
        balance = read(options.port, reader, [f"/v1/members/{member}/balance" for member in members])
        statement = read(options.port, reader, [f"/v1/members/{member}/statement" for member in members])
        work = record_purchase.bodies(
            running.cards, int(options.seconds * 6000), f"m{options.members}s{stop}"
        )
        rate, _, p99, failed, _ = uvloop.run(
            record_purchase.run(options, running.head, work, options.clients, options.seconds)
        )
        if failed:
            raise SystemExit(f"{failed} purchases failed")
        reference = record_purchase.pgbench(running.server.administrator_url, options.seconds)
        rows.append(
            Row(options.members, done, rate, p99, reference, balance, statement, size / done if done else 0.0)
        )
    return rows


async def readers(running: house.House) -> tuple[str, list[str]]:
    """A key that may read, and some members."""
    async with Database(running.server.url) as database:
        program = ids.read("prg", bulk.program_of(running.server.url))
        _, key = await create_key(database, program, NewKey(("read",)), at=datetime.now(UTC))
        async with database.transaction(program) as tx:
            found = await tx.execute("SELECT id FROM member ORDER BY home, id LIMIT 20000")
            members = [ids.show("mem", row[0]) for row in await found.fetchall()]
    return key, random.Random(4).sample(members, min(READS, len(members)))


def read(port: int, key: str, paths: Sequence[str]) -> tuple[float, float]:
    """Median and 99th percentile in ms, one after the other on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times: list[float] = []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        body = answer.read()
        times.append(1000 * (time.perf_counter() - started))
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
    times.sort()
    return median(times), times[int(len(times) * 0.99)]


def stored(url: str) -> int:
    """Bytes of the program's tables with their indexes."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    assert row is not None
    return int(row[0])


def vacuumed(url: str) -> None:
    """What autovacuum would have done by now."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def report(rows: Sequence[Row], options: argparse.Namespace) -> None:
    """The table, and the chart of the rates."""
    print(f"\n{options.clients} tills, {options.promotions} live promotions, {options.workers} processes")
    print(
        f"{'members':>10} {'purchases':>10} {'purchases/s':>12} {'p99 ms':>7} {'of tpcb-like':>13}"
        f" {'balance p50/p99 ms':>19} {'statement p50/p99 ms':>21} {'bytes a purchase':>17}"
    )
    for row in rows:
        reads = [f"{p50:.1f} / {p99:.1f}" for p50, p99 in (row.balance_ms, row.statement_ms)]
        print(
            f"{row.members:>10,} {row.purchases:>10,} {row.rate:>12.0f} {row.p99_ms:>7.0f}"
            f" {row.rate / row.reference:>12.2f}× {reads[0]:>19} {reads[1]:>21} {row.bytes_a_purchase:>17,.0f}"
        )
    best = max(row.rate / row.reference for row in rows)
    print("\nof tpcb-like")
    for row in rows:
        bar = "█" * round(BAR * row.rate / row.reference / best)
        print(
            f"{row.members:>10,} members {row.purchases:>10,} purchases {bar} {row.rate / row.reference:.2f}×"
        )
    first, last = rows[0], max(rows, key=lambda row: (row.members, -row.purchases))
    change = (last.rate / last.reference) / (first.rate / first.reference) - 1
    print(f"from {first.members:,} to {last.members:,} members: {100 * change:+.0f} % of the reference")


if __name__ == "__main__":
    main()
