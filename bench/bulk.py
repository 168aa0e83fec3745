"""Purchases a second in bulk: `regulars import purchases` and POST /v1/purchases/batch, beside pgbench's tpcb-like.

    .venv/bin/python bench/bulk.py [--receipts 30000] [--members 20000] [--promotions 100] [--workers 2]

Receipts have 10 lines and known members, and are priced by the promotions (`--pricing quote`); everything is durable.
Also imported: the same receipts as sold, and with an engine that gives nothing (`without the engine`): what is left is
reading, wording, packing and the database. All processes and PostgreSQL share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import engine as mix
import psutil
import psycopg
import record_purchase
import uvloop

import house
from regulars import ids

HEADING = (
    "purchase", "purchased_at", "store", "till", "card", "sku", "name", "quantity", "unit_price", "categories",
    "tags", "brand", "tax_rate",
)  # fmt: skip
BATCH = 500
SENDERS = 4
SAMPLE_SECONDS = 0.5
WITHOUT_ENGINE = "BENCH_WITHOUT_ENGINE"


def main() -> None:
    if os.environ.get(WITHOUT_ENGINE):
        return import_without_engine()
    parser = house.arguments(__doc__)
    parser.add_argument("--receipts", type=int, default=30_000)
    options = parser.parse_args()
    with house.opened(options) as running:
        uvloop.run(record_purchase.ready(options.port))
        program = program_of(running.server.url)
        folder = Path(running.environment["REGULARS_SECRET_FILE"]).parent
        rows = [
            imported(running, program, folder, options, "quote", "import, priced by the promotions"),
            imported(running, program, folder, options, "as_sold", "import, as sold"),
            imported(running, program, folder, options, "quote", "import, without the engine", engine=False),
            posted(running, options),
        ]
        reference = record_purchase.pgbench(running.server.administrator_url, options.seconds)
    print(
        f"\n{options.receipts} receipts of 10 lines, {options.promotions} live promotions, {options.members} members, "
        f"{options.workers} processes, {os.cpu_count()} cores shared by everything"
    )
    print(f"{'':>34} {'purchases/s':>12} {'of tpcb-like':>13}   memory of all processes at ¼, ½, ¾, end (MB)")
    for name, rate, memory in rows:
        print(f"{name:>34} {rate:>12.0f} {rate / reference:>12.2f}×   {memory}")
    print(f"reference: pgbench tpcb-like (prepared, scale 50), 32 clients: {reference:.0f} transactions/s")
    return None


def imported(
    running: house.House,
    program: str,
    folder: Path,
    options: argparse.Namespace,
    pricing: str,
    name: str,
    *,
    engine: bool = True,
) -> tuple[str, float, str]:
    """One import of a new file, from the first purchase that is recorded to the last."""
    file = folder / f"{name.replace(' ', '-').replace(',', '')}.csv"
    write(file, running.cards, options.receipts, name)
    command = [
        sys.executable, *(["-m", "regulars.cli.main"] if engine else [__file__]),
        "import", "purchases", str(file), "--program", program, "--pricing", pricing, "--workers",
        str(options.workers), "--database", running.server.url, "--data", str(folder / "data"),
    ]  # fmt: skip
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "secret").write_text("0" * 64)
    environment = {**running.environment, **({} if engine else {WITHOUT_ENGINE: "1"})}
    before = counted(running.server.url)
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    samples: list[float] = []
    watching = threading.Thread(target=watch, args=(process.pid, samples))
    watching.start()
    while counted(running.server.url) == before and process.poll() is None:
        time.sleep(0.02)
    started, first = time.perf_counter(), counted(running.server.url)
    said, _ = process.communicate()
    elapsed = time.perf_counter() - started
    watching.join()
    done = counted(running.server.url) - first
    if process.returncode:
        raise SystemExit(said[-2000:])
    return name, done / elapsed, quarters(samples)


def watch(pid: int, samples: list[float]) -> None:
    """Resident memory of a process and its children, until it ends, MB."""
    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            all_ = [process, *process.children(recursive=True)]
            samples.append(sum(one.memory_info().rss for one in all_) / 1e6)
            time.sleep(SAMPLE_SECONDS)
    except psutil.NoSuchProcess:
        pass


def quarters(samples: list[float]) -> str:
    """Memory at each quarter of the run."""
    if len(samples) < 4:
        return "too short to say"
    return ", ".join(f"{samples[int((len(samples) - 2) * share)]:.0f}" for share in (0.25, 0.5, 0.75, 1))


def posted(running: house.House, options: argparse.Namespace) -> tuple[str, float, str]:
    """POST /v1/purchases/batch with 500 receipts each, by four senders at once."""
    rate = uvloop.run(_posted(running, options))
    return f"POST /v1/purchases/batch, {BATCH} each", rate, "–"


async def _posted(running: house.House, options: argparse.Namespace) -> float:
    single = record_purchase.bodies(running.cards, options.receipts, "batch")
    bodies = [
        b'{"purchases":[' + b",".join(single[first : first + BATCH]) + b"]}"
        for first in range(0, len(single), BATCH)
    ]
    head = running.head.replace(b"POST /v1/purchases ", b"POST /v1/purchases/batch ")
    started = time.perf_counter()

    async def send() -> int:
        done = 0
        reader, writer = await asyncio.open_connection("127.0.0.1", options.port, limit=2**24)
        while bodies:
            body = bodies.pop()
            writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            (length,) = map(int, record_purchase.LENGTH.findall(answer))
            items = json.loads(await reader.readexactly(length))["items"]
            done += sum(item["status"] == 201 for item in items)
        writer.close()
        return done

    done = sum(await asyncio.gather(*(send() for _ in range(SENDERS))))
    if done != options.receipts:
        raise SystemExit(f"only {done} of {options.receipts} were recorded")
    return done / (time.perf_counter() - started)


def write(file: Path, cards: list[str], count: int, run: str) -> None:
    """A file of receipts of the last days."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADING)
        writer.writerows(rows(cards, count, run))


def rows(cards: list[str], count: int, run: str) -> Iterator[tuple[object, ...]]:
    """Ten for each receipt."""
    chance, now = random.Random(run), datetime.now(UTC)
    for number in range(count):
        at = (now - timedelta(minutes=chance.randrange(7 * 1440))).isoformat()
        card = chance.choice(cards)
        for _ in range(10):
            good = mix.product(int(mix.SKUS * chance.random() ** 2))
            yield (
                f"{run.replace(' ', '-')}/{number}", at, f"s{number % mix.STORES}", number % 4, card, good["sku"],
                "Something to eat", chance.choice((1, 1, 1, 1, 1, 1, 1, 2, 2, 3)), good["unit_price"],
                ";".join(good["categories"]), ";".join(good["tags"]), good["brand"], "0.21",
            )  # fmt: skip


def program_of(url: str) -> str:
    """The only program."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT id FROM program").fetchone()
    assert row is not None
    return ids.show("prg", row[0])


def counted(url: str) -> int:
    """How many purchases there are, by the journal of the keys."""
    with psycopg.connect(url) as connection:
        program = connection.execute("SELECT id FROM program").fetchone()
        assert program is not None
        connection.execute("SELECT set_config('regulars.program', %s, true)", (str(program[0]),))
        row = connection.execute("SELECT count(*) FROM purchase").fetchone()
    assert row is not None
    return row[0]


def import_without_engine() -> None:
    """The import as a program of its own, in whose processes the engine decides nothing."""
    from regulars.cli import main as commands

    sys.exit(commands.run(sys.argv[1:]))


if os.environ.get(WITHOUT_ENGINE):  # also in the processes that the import starts, which load this file
    from regulars.promotions import engine as deciding
    from regulars.promotions.index import Live

    _evaluate, _nothing = deciding.evaluate, Live.build((), ())
    deciding.evaluate = lambda live, *rest, **named: _evaluate(_nothing, *rest, **named)

if __name__ == "__main__":
    main()
