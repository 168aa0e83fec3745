#!/usr/bin/env python3
"""How fast cards are made, drawn and set for a printer, each beside its reference in the same run.

    PYTHONPATH=src python bench/cards.py [--count 100000]

Cards: the job that makes a batch (numbers drawn, claimed, accounts opened, 10,000 a step), beside PostgreSQL inserting
as many rows of the same three tables by generate_series, 10,000 a transaction, on the same server.
Codes: one card's number as each kind of code, beside the encoder's own bitmap.
Paper: 1,000 cards as one PDF, beside as many empty cards.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import zxingcpp

from regulars import ids
from regulars.db.embedded.server import EmbeddedServer
from regulars.db.migrate import migrate
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.issue_cards import NewBatch, issue_batch, make_batch
from regulars.flows.read_card_batches import CardBatchView
from regulars.members import numbers
from regulars.programs.model import Program
from regulars.web import drawing
from regulars.web.paper import pdf, plastic

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
STEP = 10_000
REFERENCE = """
WITH made AS MATERIALIZED (
    SELECT (n::bigint * 7919) %% 1024 AS home, gen_random_uuid() AS card, gen_random_uuid() AS pool,
        lpad((random() * 1e11)::bigint::text, 11, '0') || lpad(n::text, 8, '0') AS number, n
    FROM generate_series(%(first)s::integer, %(last)s::integer) AS n
), numbered AS (
    INSERT INTO card_number (program, number, home, card) SELECT %(program)s, number, home, card FROM made
), opened AS (
    INSERT INTO pool (program, home, id, kind, opened_at) SELECT %(program)s, home, pool, 'card', %(at)s FROM made
)
INSERT INTO card (program, home, id, number, pool, status, issued_at, batch, serial)
SELECT %(program)s, home, card, number, pool, 'issued', %(at)s, %(batch)s, n FROM made
"""


async def programs(database: Database) -> tuple[Program, Program]:
    """One for the cards, one for the reference."""
    new = NewProgram("Bench", "EUR", "Europe/Riga", ("lv", "ru", "en"))
    first, second = [(await create_program(database, new, at=AT)).program for _ in range(2)]
    return first, second


async def by_job(database: Database, program: Program, count: int) -> float:
    """Seconds that the job takes."""
    request = Request(program.id, program.id, "bench", b"bench", AT)
    answer = await issue_batch(database, program.settings, request, NewBatch(count), "bench")
    batch = msgspec.json.decode(answer.body, type=CardBatchView)
    assert batch.job is not None, "more than can be made at once"
    job, identifier = ids.read("job", batch.job), ids.read("crb", batch.id)
    begun = time.perf_counter()
    await make_batch(database, program.id, job, identifier, lambda: AT)
    return time.perf_counter() - begun


async def by_plain_insert(database: Database, program: UUID, count: int) -> float:
    """Seconds that PostgreSQL alone takes for as many rows."""
    batch = ids.new()
    begun = time.perf_counter()
    for first in range(1, count + 1, STEP):
        last = min(first + STEP - 1, count)
        async with database.transaction(program, analytical=True) as tx:
            values = {"first": first, "last": last, "program": program, "at": AT, "batch": batch}
            await tx.execute(REFERENCE, values)
    return time.perf_counter() - begun


async def cards(count: int) -> None:
    """Print how fast cards are made."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        with EmbeddedServer(Path(folder) / "db", say=lambda _: None) as server:
            migrate(server.url)
            async with Database(server.url, size=2) as database:
                ours, reference = await programs(database)
                plain = await by_plain_insert(database, reference.id, count)
                job = await by_job(database, ours, count)
    print(f"cards made by the job      {count / job:>10,.0f} /s   ({count:,} in {job:.1f} s)")
    print(f"  reference: plain INSERT  {count / plain:>10,.0f} /s   the job is {plain / job:.2f} of it")


def codes(program: Program) -> None:
    """Print how fast codes are drawn."""
    found = numbers.generate(300, program.settings)
    for kind in drawing.KINDS:
        texts = [f"{n:012d}" for n in range(300)] if kind == "ean13" else found
        if kind == "ean13":
            texts = [next(t for d in range(10) if drawing.ean13_valid(t := f"{text}{d}")) for text in texts]
        begun = time.perf_counter()
        for text in texts:
            drawing.svg(kind, text)
        ours = time.perf_counter() - begun
        named = {
            "qr": "QRCode",
            "code128": "Code128",
            "ean13": "EAN13",
            "pdf417": "PDF417",
            "aztec": "Aztec",
        }[kind]
        begun = time.perf_counter()
        for text in texts:
            code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, named))
            zxingcpp.write_barcode_to_image(code, scale=1)
        bare = time.perf_counter() - begun
        print(f"{kind:<8} drawn             {len(texts) / ours:>10,.0f} /s   reference: the encoder's bitmap "
              f"{len(texts) / bare:,.0f} /s")  # fmt: skip


def paper(program: Program) -> None:
    """Print how fast cards are set."""
    found = list(enumerate(numbers.generate(1000, program.settings), 1))
    empty = plastic.sheet(program, found, AT, "a4", "code128")
    for card in empty["cards"]:
        card["svg"], card["printed"] = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', ""
    begun = time.perf_counter()
    pdf.render(plastic.TEMPLATE, empty)
    bare = time.perf_counter() - begun
    for layout in ("a4", "single"):
        begun = time.perf_counter()
        made = pdf.render(plastic.TEMPLATE, plastic.sheet(program, found, AT, layout, "code128"))
        ours = time.perf_counter() - begun
        print(f"1,000 cards, {layout:<6} as PDF  {ours:>9.2f} s    {len(made) / 1e6:.1f} MB; "
              f"reference: empty cards on A4 {bare:.2f} s")  # fmt: skip


async def a_program() -> Program:
    """A program that is kept nowhere."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        with EmbeddedServer(Path(folder) / "db", say=lambda _: None) as server:
            migrate(server.url)
            async with Database(server.url, size=1) as database:
                return (await programs(database))[0]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="cards, more than 10,000")
    options = parser.parse_args()
    asyncio.run(cards(options.count))
    program = asyncio.run(a_program())
    codes(program)
    paper(program)


if __name__ == "__main__":
    main()
