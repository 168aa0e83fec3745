"""Durable purchases a second over HTTP at 1, 8, 32 and 128 clients, beside pgbench's tpcb-like on the same server.

    .venv/bin/python bench/record_purchase.py [--seconds 8] [--members 50000] [--promotions 100] [--stages]

Everything shares the machine: server, PostgreSQL and load. Purchases have 10 lines, members are known, and every
answer was committed with synchronous_commit = on. Trust the ratio: single figures move with the machine's other work.
With --stages a sampler in the application (`sampled.py`) says where each microsecond goes; it costs some itself.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import engine as mix
import msgspec
import psutil
import uvloop
from psycopg.conninfo import conninfo_to_dict

from regulars import ids
from regulars.db.embedded.binaries import find_binaries
from regulars.db.embedded.server import EmbeddedServer
from regulars.db.migrate import migrate
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Request
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.issue_cards import NewBatch, issue_batch
from regulars.flows.register_store import NewStore, register_store
from regulars.members import vault
from regulars.members.model import Person
from regulars.members.vault import Keyring
from regulars.programs import registry
from regulars.promotions import catalogue, document

KEYRING = Keyring(b"0" * 64, ((1, b"1" * 32),))
MASTER_KEY = f"1 {base64.b64encode(KEYRING.masters[0][1]).decode()}"
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
CLIENTS = tuple(int(x) for x in os.environ.get("BENCH_CLIENTS", "1 8 32 128").split())
Row = tuple[int, float, float, float, int, tuple[float, ...], dict[str, float]]
"""Clients, purchases a second, p50 and p99 in ms, failed, µs of the processors' shares, and of the stages."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--members", type=int, default=50_000)
    parser.add_argument("--promotions", type=int, default=100)
    parser.add_argument("--port", type=int, default=18_080)
    parser.add_argument("--workers", type=int, default=2, help="processes of the application")
    parser.add_argument(
        "--stages", action="store_true", help="where each microsecond of the application goes"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        data = Path(folder)
        with EmbeddedServer(data / "db") as server:
            migrate(server.url)
            secret = data / "secret"
            secret.write_text("0" * 64)
            key, cards = asyncio.run(prepare(server.url, options.members, options.promotions))
            environment = {
                **os.environ,
                "REGULARS_DATABASE_URL": server.url,
                "REGULARS_SECRET_FILE": str(secret),
                "REGULARS_MASTER_KEY": MASTER_KEY,
            }
            if options.stages:
                here = str(Path(__file__).parent)
                environment |= {
                    "SAMPLES": folder,
                    "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH")))),
                }
            command = [
                sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--loop", "uvloop",
                "--workers", str(options.workers), "--port", str(options.port), "--no-access-log",
                "--log-level", "warning", "sampled:app" if options.stages else "regulars.app:app",
            ]  # fmt: skip
            app = subprocess.Popen(command, env=environment)
            try:
                rows = uvloop.run(measure(options, key, cards, Processors(app.pid, data)))
            finally:
                app.terminate()
                app.wait()
            reference = pgbench(server.administrator_url, options.seconds)
    report(rows, reference, options)


class Processors:
    """Processor time so far of the application, of PostgreSQL and of this load generator, in seconds."""

    def __init__(self, app: int, samples: Path):
        self._app = psutil.Process(app)
        self._samples = samples

    def read(self) -> tuple[float, float, float]:
        app = [self._app, *self._app.children(recursive=True)]
        server = [p for p in psutil.Process().children() if p.pid != self._app.pid]
        database = [p for one in server for p in (one, *one.children(recursive=True))]
        return self._sum(app), self._sum(database), time.process_time()

    def stages(self) -> Counter[str]:
        """Seconds of each stage since it was last asked, of all processes (`sampled.py`)."""
        for process in self._app.children(recursive=True):
            process.send_signal(signal.SIGUSR1)
        time.sleep(0.5)
        found: Counter[str] = Counter()
        for file in self._samples.glob("*.json"):
            found.update(json.loads(file.read_text()))
        return found

    @staticmethod
    def _sum(processes: list[psutil.Process]) -> float:
        times = [p.cpu_times() for p in processes if p.is_running()]
        return sum(t.user + t.system for t in times)


async def publish(tx: Transaction, program: UUID, plain: dict[str, Any], at: datetime) -> None:
    """Make a promotion live without asking the linter, who has a word to say on so many at once."""
    promotion = ids.new()
    await catalogue.create(tx, program, promotion, plain, "bench", at)
    revision = await catalogue.publish(tx, program, promotion, plain, [], "bench", at)
    version = await registry.bump(tx, program)
    await catalogue.note(tx, program, promotion, ids.new(), "published", revision, version, at, "bench")


async def prepare(url: str, members: int, promotions: int) -> tuple[str, list[str]]:
    """A program with stores, members' cards and live promotions."""
    at = datetime.now(UTC)
    async with Database(url) as database:
        new = NewProgram("Bench", "EUR", "Europe/Riga", ("en",), {"finds_a_minute": 100_000})
        made = await create_program(database, new, at=at)
        program = made.program
        for number in range(mix.STORES):
            request = Request(program.id, program.id, f"store-{number}", b"s", at)
            await register_store(database, request, NewStore(code=f"s{number}", name=f"Store {number}"))
        async with database.transaction(program.id) as tx:
            for raw in documents(promotions):
                await publish(tx, program.id, msgspec.to_builtins(document.parse(raw)), at)
        cards: list[str] = []
        while len(cards) < members:
            count = min(10_000, members - len(cards))
            request = Request(program.id, program.id, f"cards-{len(cards)}", b"c", at)
            answer = json.loads(
                (await issue_batch(database, program.settings, request, NewBatch(count), "bench")).body
            )
            cards.extend(card["number"] for card in answer["cards"])
        async with database.transaction(program.id) as tx:
            # Each card becomes a member's, set by set: enrolling them one by one is not what is measured here.
            await tx.execute(
                "INSERT INTO member (program, home, id, pool, language, source, enrolled_at)"
                " SELECT program, home, pool, pool, 'en', 'import', issued_at FROM card"
            )
            await tx.execute(
                "CREATE TEMPORARY TABLE sealed (home smallint, id uuid, key bytea, sealed bytea) ON COMMIT DROP"
            )
            safe, anna = vault.of(KEYRING, program.id), Person("Anna Example")
            pools = await (await tx.execute("SELECT home, pool FROM card")).fetchall()
            async with tx.cursor() as cursor, cursor.copy("COPY sealed FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["int2", "uuid", "bytea", "bytea"])
                for home, pool in pools:
                    one = safe.seal(pool, anna)
                    await copy.write_row((home, pool, one.wrapped_key, one.sealed))
            await tx.execute(
                "INSERT INTO person (program, home, member, generation, wrapped_key, sealed)"
                " SELECT %s, home, id, 1, key, sealed FROM sealed",
                (program.id,),
            )
            await tx.execute("UPDATE card SET member = pool, status = 'active'")
        _, key = await create_key(database, program.id, NewKey(("till",)), at=at)
    return key, cards


def documents(count: int) -> list[dict[str, Any]]:
    """The mix of `bench/engine.py`: 20 promotions for everybody, the others on some goods, many in some stores only."""
    draw = random.Random(7)
    return (mix.everybody() + [mix.targeted(draw) for _ in range(count)])[:count]


def bodies(cards: list[str], count: int, run: str) -> list[bytes]:
    """Different purchases of 10 lines, ready to send."""
    chance = random.Random(run)
    made = []
    for number in range(count):
        lines = [
            {
                **{k: v for k, v in mix.product(int(mix.SKUS * chance.random() ** 2)).items() if v},
                "line": n,
                "name": "Something to eat",
                "quantity": str(chance.choice((1, 1, 1, 1, 1, 1, 1, 2, 2, 3))),
                "tax_rate": "0.21",
            }
            for n in range(1, 11)
        ]
        made.append(
            json.dumps(
                {
                    "id": f"bench/{run}/{number}",
                    "store": f"s{number % mix.STORES}",
                    "till": str(number % 4),
                    "card": chance.choice(cards),
                    "purchased_at": datetime.now(UTC).isoformat(),
                    "currency": "EUR",
                    "lines": lines,
                }
            ).encode()
        )
    return made


class Client(asyncio.Protocol):
    """One till on one connection: sends a purchase, waits for its answer, sends the next."""

    def __init__(self, head: bytes, work: list[bytes], until: float, times: list[float]):
        self.head, self.work, self.until, self.times = head, work, until, times
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.failed = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        if time.perf_counter() >= self.until or not self.work:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        body = self.work.pop()
        self.started = time.perf_counter()
        self.transport.write(self.head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, rest = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        (length,) = map(int, LENGTH.findall(head))
        if len(rest) < length:
            return
        self.times.append(time.perf_counter() - self.started)
        if not head.startswith(b"HTTP/1.1 201"):
            self.failed += 1
            if self.failed == 1:
                print(head.partition(b"\r\n")[0], rest[:500])
        self.buffer = rest[length:]
        self.send()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def measure(
    options: argparse.Namespace, key: str, cards: list[str], processors: Processors
) -> list[Row]:
    await ready(options.port)
    head = (
        f"POST /v1/purchases HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        "Content-Type: application/json\r\n"
    ).encode()
    await run(options, head, bodies(cards, 2000, "warm"), 8, 1.5)
    rows = []
    for clients in CLIENTS:
        work = bodies(cards, int(options.seconds * (800 if clients == 1 else 6000)), f"c{clients}")
        if options.stages:
            processors.stages()
        before = processors.read()
        rate, p50, p99, failed, count = await run(options, head, work, clients, options.seconds)
        shares = tuple(1e6 * (b - a) / count for a, b in zip(before, processors.read(), strict=True))
        stages = processors.stages() if options.stages else {}
        rows.append(
            (clients, rate, p50, p99, failed, shares, {s: 1e6 * t / count for s, t in stages.items()})
        )
    return rows


async def run(
    options: argparse.Namespace, head: bytes, work: list[bytes], clients: int, seconds: float
) -> tuple[float, float, float, int, int]:
    loop = asyncio.get_running_loop()
    times: list[float] = []
    started = time.perf_counter()
    tills = [
        (
            await loop.create_connection(
                lambda: Client(head, work, started + seconds, times), "127.0.0.1", options.port
            )
        )[1]
        for _ in range(clients)
    ]
    await asyncio.gather(*(till.done for till in tills))
    elapsed = time.perf_counter() - started
    times.sort()
    failed = sum(till.failed for till in tills)
    return (
        len(times) / elapsed,
        1000 * median(times),
        1000 * times[int(len(times) * 0.99)],
        failed,
        len(times),
    )


async def ready(port: int) -> None:
    for _ in range(300):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
            if b" 200 " in answer[:20]:
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("The server did not become ready.")


def pgbench(url: str, seconds: float) -> float:
    """Transactions a second of pgbench's tpcb-like script at 32 clients, in a database of its own."""
    program = Path(find_binaries().program("pgbench"))
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} if parts.scheme else {}
    known = {**conninfo_to_dict(url), **query}
    environment = {
        **os.environ,
        "PGHOST": str(known["host"]),
        "PGUSER": str(known["user"]),
        "PGDATABASE": "postgres",
    }
    if known.get("port"):
        environment["PGPORT"] = str(known["port"])
    quiet = partial(subprocess.run, env=environment, check=True, capture_output=True, text=True)
    psql = program.parent / "psql"
    for command in ("DROP DATABASE IF EXISTS pgbench", "CREATE DATABASE pgbench"):
        quiet([psql, "-c", command])
    quiet([program, "-i", "-q", "-s", "50", "pgbench"])
    seconds_run = str(max(5, int(seconds)))
    answer = quiet([program, "-c", "32", "-j", "2", "-T", seconds_run, "-M", "prepared", "pgbench"])
    (rate,) = re.findall(r"tps = ([\d.]+)", answer.stdout)
    return float(rate)


def report(rows: list[Row], reference: float, options: argparse.Namespace) -> None:
    print(f"\n10-line purchases over HTTP, {options.promotions} live promotions, {options.members} members, "
          f"{options.workers} processes of the application, {os.cpu_count()} cores shared by everything")  # fmt: skip
    print("                                                       processor time per purchase, µs")
    print(
        f"{'clients':>8} {'purchases/s':>12} {'p50 ms':>8} {'p99 ms':>8} {'of tpcb-like':>13}"
        f" {'app':>6} {'database':>9} {'load':>6} {'failed':>7}"
    )
    for clients, rate, p50, p99, failed, (app, database, load), _ in rows:
        print(
            f"{clients:>8} {rate:>12.0f} {p50:>8.1f} {p99:>8.1f} {rate / reference:>12.2f}×"
            f" {app:>6.0f} {database:>9.0f} {load:>6.0f} {failed:>7}"
        )
    print(f"reference: pgbench tpcb-like (prepared, scale 50), 32 clients: {reference:.0f} transactions/s")
    for row in rows:
        if row[6]:
            report_stages(row)


def report_stages(row: Row) -> None:
    clients, _, _, _, _, (app, database, load), stages = row
    server = app - sum(stages.values())
    whole = app + database + load
    print(f"\nwhere each microsecond goes, {clients} clients:")
    parts = [*sorted(stages.items(), key=lambda stage: -stage[1]), ("HTTP server's own threads", server)]
    for stage, taken in [*parts, ("PostgreSQL", database), ("the load", load), ("all", whole)]:
        print(f"{stage:>44} {taken:>7.0f} µs {taken / whole:>6.0%}")


if __name__ == "__main__":
    main()
