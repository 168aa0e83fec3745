"""Purchases a second where everybody wants the same row, beside the even load of the same run.

    .venv/bin/python bench/hot_spots.py [--seconds 6] [--clients 100]

One member with whose card all tills sell, one budget that every purchase takes from (whole, and in eight slices), and
nine of ten purchases at one of ten partners. 10-line purchases over HTTP, durable; everything shares the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import record_purchase
import uvloop
from psycopg import sql

import house
from regulars import ids
from regulars.db.pool import Database, fetch_one
from regulars.db.requests import Request
from regulars.flows import register_store
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.publish_promotion import (
    create_promotion,
    publish_promotion,
    resume_promotion,
    stop_promotion,
)
from regulars.promotions import document

PARTNERS = 10
LEAST = 0.2
"""No hot spot may be slower than this share of the even load."""


def main() -> None:
    parser = house.arguments(__doc__)
    parser.add_argument("--clients", type=int, default=100)
    options = parser.parse_args()
    with house.opened(options) as running:
        rows = uvloop.run(measure(running, options))
    print(
        f"\n{options.clients} tills, {options.promotions} live promotions, {options.members} members, "
        f"{options.workers} processes, {os.cpu_count()} cores shared by everything"
    )
    heading = f"{'purchases/s':>12} {'even, just before':>18} {'ratio':>7} {'p50 ms':>7} {'p99 ms':>7}"
    print(f"{'':>42} {heading} {'failed':>7}")
    for name, before, (rate, p50, p99, failed, _) in rows:
        slow = "" if rate >= LEAST * before else f"  below {LEAST}"
        print(
            f"{name:>42} {rate:>12.0f} {before:>18.0f} {rate / before:>6.2f}× {p50:>7.0f} {p99:>7.0f}"
            f" {failed:>7}{slow}"
        )


Row = tuple[str, float, tuple[float, float, float, int, int]]


async def measure(running: house.House, options: argparse.Namespace) -> list[Row]:
    """Each kind of load, with the even load just before it: the machine's speed moves."""
    await record_purchase.ready(options.port)
    rows: list[Row] = []
    async with Database(running.server.url, size=2) as database:
        town = Town(database)
        await town.enter_partners()
        count, cards = int(options.seconds * 3000), running.cards

        async def run(bodies: list[bytes], seconds: float) -> tuple[float, float, float, int, int]:
            return await record_purchase.run(options, running.head, bodies, options.clients, seconds)

        async def row(name: str, bodies: list[bytes]) -> None:
            before = await run(made(cards, count, f"before-{name.replace(' ', '-')}", even), options.seconds)
            rows.append((name, before[0], await run(bodies, options.seconds)))

        await run(made(cards, 2000, "warm", even), 2.0)
        await row("one member for all tills", made(cards[:1], count, "member", even))
        for slices in (1, 8):
            promotion = await town.publish(budget(slices))
            name = f"a budget for every purchase, {slices} slice{'s' if slices > 1 else ''}"
            hot = made(cards, count, f"budget-{slices}", even)
            await town.stop(promotion)
            before = await run(made(cards, count, f"before-{slices}", even), options.seconds)
            await town.resume(promotion)
            rows.append((name, before[0], await run(hot, options.seconds)))
            await town.stop(promotion)
        await row("nine of ten at one partner", made(cards, count, "partner", mostly_one))
    return rows


def even(chance: random.Random) -> str:
    """A store, all as often."""
    return f"p{chance.randrange(PARTNERS)}"


def mostly_one(chance: random.Random) -> str:
    """A store, nine times of ten the same partner's."""
    return "p0" if chance.random() < 0.9 else f"p{chance.randrange(1, PARTNERS)}"


def made(cards: list[str], count: int, run: str, store: Any) -> list[bytes]:
    """Purchases of 10 lines at the stores that `store` names."""
    chance = random.Random(run)
    found = []
    for raw in record_purchase.bodies(cards, count, run):
        body = json.loads(raw)
        body["store"] = store(chance)
        found.append(json.dumps(body).encode())
    return found


def budget(slices: int) -> dict[str, Any]:
    """A cent off each purchase, until ten billion are given."""
    return {
        "name": f"A cent off ({slices})",
        "group": "basket",
        "joint": True,
        "benefits": [{"kind": "basket_amount_off", "amount": 1}],
        "limits": [{"per": "total", "amount": 10**12, "slices": slices}],
    }


class Town:
    """The program of the benchmark, as who manages it sees it."""

    def __init__(self, database: Database):
        self._database = database
        self._known = KnownPrograms(database)
        self._count = 0

    async def enter_partners(self) -> None:
        """Ten partners with a store each."""
        for number in range(PARTNERS):
            partner = register_store.NewPartner(code=f"partner-{number}", name=f"Partner {number}")
            await register_store.register_partner(self._database, await self._request(), partner)
            store = register_store.NewStore(code=f"p{number}", name=f"Store {number}", partner=partner.code)
            await register_store.register_store(self._database, await self._request(), store)

    async def publish(self, raw: dict[str, Any]) -> UUID:
        """Publish a promotion."""
        draft = document.parse(raw)
        answer = await create_promotion(self._database, await self._request(), draft, "bench")
        promotion = ids.read("prm", json.loads(answer.body)["id"])
        await publish_promotion(
            self._database, self._known, await self._request(), promotion, "bench",
            accepted=("unbounded_exposure", "shadowed", "below_cost", "overlap"),
        )  # fmt: skip
        return promotion

    async def stop(self, promotion: UUID) -> None:
        """Stop one."""
        await stop_promotion(self._database, await self._request(), promotion, "bench")

    async def resume(self, promotion: UUID) -> None:
        """Let a stopped one go on."""
        await resume_promotion(self._database, await self._request(), promotion, "bench")

    async def _request(self) -> Request:
        self._count += 1
        async with self._database.transaction(None) as tx:
            row = await fetch_one(tx, sql.SQL("SELECT id FROM program"))
        assert row is not None
        return Request(row[0], row[0], f"hot-{self._count}", b"h", datetime.now(UTC))


if __name__ == "__main__":
    main()
