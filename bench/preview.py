"""Seconds to replay the latest receipts through a draft, beside reading and unpacking the same receipts.

    PYTHONPATH=src python bench/preview.py [--promotions 100] [--members 2000] [--receipts 1000]

Receipts have 10 lines and known members, in 40 stores. The draft is 10 % off a category for members who spent enough in
a year, which no receipt kept: so turnover is read as of each receipt. Also told: how long a preview at a till takes
meanwhile, from the same process that replays. Everything shares the machine.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

import bulk
import engine as mix
import httpx
import psycopg
import record_purchase
import uvloop

import house
from regulars import ids
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.purchases import documents

DRAFT = {
    "name": "Ten off a category",
    "group": "items",
    "conditions": [
        {"kind": "member"},
        {"kind": "turnover", "minimum": 10_000, "window": {"period": "days", "days": 365}},
    ],
    "benefits": [{"kind": "line_percent", "percent": "10", "goods": {"categories": ["d0", "d1", "d2"]}}],
}
ROUNDS = 3


def main() -> None:
    parser = house.arguments(__doc__)
    parser.add_argument("--receipts", type=int, default=1000)
    parser.set_defaults(workers=1, members=2000)
    options = parser.parse_args()
    with house.opened(options) as running:
        uvloop.run(record_purchase.ready(options.port))
        uvloop.run(bulk._posted(running, Namespace(port=options.port, receipts=max(2000, options.receipts))))
        rows = uvloop.run(measured(running, options))
        reference = unpacked(running.server.url, options.receipts)
    print(
        f"\n{options.promotions} live promotions, {options.members} members, {mix.STORES} stores, one process, "
        f"{os.cpu_count()} cores shared by everything; the median of {ROUNDS}"
    )
    for name, value in rows:
        print(f"{name:>58}  {value}")
    print(f"{f'reference: read and unpack {options.receipts} receipts':>58}  {reference:.2f} s")


async def measured(running: house.House, options: Namespace) -> list[tuple[str, str]]:
    """Each figure with its name."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{options.port}", timeout=120) as client:
        key = await manager(running.server.url)
        rows: list[tuple[str, str]] = []
        for count in sorted({100, options.receipts}):
            taken, answer = await replayed(client, key, count)
            got = answer["got"]["receipts"]
            rows.append((f"replay of {count} receipts ({got} would have got it)", f"{taken:.2f} s"))
        rows.append(
            ("a till's preview, nothing else going on", f"{await previewed(client, running, 50):.1f} ms")
        )
        replaying = asyncio.create_task(replayed(client, key, options.receipts))
        rows.append(("a till's preview during a replay", f"{await previewed(client, running, 50):.1f} ms"))
        await replaying
        return rows


async def manager(url: str) -> str:
    """A key that may try promotions."""
    async with Database(url) as database:
        program = ids.read("prg", bulk.program_of(url))
        _, key = await create_key(database, program, NewKey(("manage",)), at=datetime.now(UTC))
    return key


async def replayed(client: httpx.AsyncClient, key: str, count: int) -> tuple[float, dict[str, Any]]:
    """Seconds of the median call, and its answer."""
    times: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = await client.post(
            "/v1/promotions/simulate",
            json={"document": DRAFT, "receipts": count},
            headers={"Authorization": f"Bearer {key}"},
        )
        times.append(time.perf_counter() - started)
        answer.raise_for_status()
        if answer.json()["receipts"] != count:
            raise SystemExit(f"{answer.json()['receipts']} receipts instead of {count}")
    return statistics.median(times), answer.json()


async def previewed(client: httpx.AsyncClient, running: house.House, count: int) -> float:
    """Milliseconds of the median preview of a purchase."""
    headers = {"Authorization": f"Bearer {running.key}", "Content-Type": "application/json"}
    times: list[float] = []
    for body in record_purchase.bodies(running.cards, count, "preview"):
        started = time.perf_counter()
        answer = await client.post("/v1/purchases/preview", content=body, headers=headers)
        times.append(time.perf_counter() - started)
        answer.raise_for_status()
    return statistics.median(times) * 1000


def unpacked(url: str, count: int) -> float:
    """Seconds to read and unpack so many receipts, and nothing else."""
    with psycopg.connect(url) as connection:
        program = str(ids.read("prg", bulk.program_of(url)))
        connection.execute("SELECT set_config('regulars.program', %s, true)", (program,))
        started = time.perf_counter()
        rows = connection.execute("SELECT document FROM purchase LIMIT %s", (count,)).fetchall()
        for (document,) in rows:
            documents.unpack(document)
        return time.perf_counter() - started


if __name__ == "__main__":
    main()
