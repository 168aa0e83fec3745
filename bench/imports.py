"""Rows a second that imports bring in: balances of members who are there, and purchases as sold; beside a reference.

    .venv/bin/python bench/imports.py [--members 5000] [--rows 20000]

The reference writes as many rows with `INSERT … SELECT FROM unnest`, 500 to a transaction, into a table with a primary
key and one index, durable as everything here: what the database alone would take. An import beside it reads sealed
parts, finds the member, locks her account, books a posting with its entry and lot, and notes the row for an undo.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import msgspec

from regulars import clock, ids
from regulars.db.embedded.server import EmbeddedServer
from regulars.db.migrate import migrate
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.imports.data_files import FileView, take_file
from regulars.flows.imports.imports import ImportView, NewImport, read_import, start_import
from regulars.flows.imports.work import ImportWorker
from regulars.flows.known_programs import KnownPrograms
from regulars.interchange.fields import Kind
from regulars.members.vault import Keyring

STEP = 500
SECRET = b"a secret of a bench, 32 bytes and more"
KEYS = ((1, bytes(range(32))),)


def main(members: int, rows: int) -> None:
    """Print a line for each measurement."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        with EmbeddedServer(Path(folder) / "db", say=lambda _: None) as server:
            migrate(server.url)
            asyncio.run(measured(server.url, members, rows))


async def measured(url: str, members: int, rows: int) -> None:
    """All measurements on one database."""
    async with Database(url, size=4) as database:
        programs = KnownPrograms(database, Keyring(SECRET, KEYS))
        new = NewProgram("Bench", "EUR", "Europe/Riga", ("lv",), {})
        program = (await create_program(database, new, at=clock.world())).program.id
        bring = Bringing(database, programs, program)
        await bring.measure("members", "external_id", [f"m-{n}" for n in range(members)])
        lines = [f"m-{n % members},{1 + n % 90},2026-01-01" for n in range(rows)]
        await bring.measure("balances", "external_id,points,earned_at", lines)
        heading = "purchase,purchased_at,store,sku,quantity,unit_price"
        lines = [f"r-{n // 5},2026-02-01,riga-1,s-{n % 700},1,{100 + n % 90}" for n in range(rows)]
        await bring.measure("purchases", heading, lines)
        await told("reference (rows alone)", rows, lambda: reference(database, program, rows))


class Bringing:
    """Imports of one program."""

    def __init__(self, database: Database, programs: KnownPrograms, program: UUID):
        self.database, self.programs, self.program = database, programs, program

    async def request(self) -> Request:
        """A write of its own."""
        return Request(self.program, self.program, ids.new().hex, b"", clock.world())

    async def measure(self, kind: Kind, heading: str, lines: list[str]) -> None:
        """Send a file, and time its import."""
        known = await self.programs.fresh(self.program)
        content = "\n".join([heading, *lines]).encode()
        sent = await take_file(
            self.database, known.program, known.vault, await self.request(), kind, content, by="bench"
        )
        file = msgspec.json.decode(sent.body, type=FileView)
        new = NewImport(file.id, kind)
        begun = await start_import(self.database, known.program, await self.request(), new, "bench")
        identifier = ids.read("imp", msgspec.json.decode(begun.body, type=ImportView).id)
        worker = ImportWorker(self.database, self.programs, SECRET)

        async def work() -> None:
            assert await worker.bring_in(known.program.id, identifier)

        await told(kind, len(lines), work)
        await worker.close()
        done = await read_import(self.database, known.program.id, identifier)
        assert (done.status, done.faulty, done.repeated) == ("done", 0, 0), done


async def reference(database: Database, program: UUID, rows: int, step: int = STEP) -> None:
    """The same number of rows, `step` to a transaction, and nothing else."""
    for start in range(0, rows, step):
        identifiers = [ids.new() for _ in range(min(step, rows - start))]
        async with database.transaction(program) as tx:
            await tx.execute(
                "INSERT INTO data_claim (program, digest, import, line)"
                " SELECT %s, sha256(uuid_send(id)), id, n + %s FROM unnest(%s::uuid[]) WITH ORDINALITY AS t (id, n)",
                (program, start, identifiers),
            )


async def told(name: str, rows: int, work: Callable[[], Awaitable[None]]) -> None:
    """Time a piece of work, and print its rows a second."""
    begun = time.perf_counter()
    await work()
    seconds = time.perf_counter() - begun
    print(f"{name:<24} {rows:>8,} rows  {seconds:>7.2f} s  {rows / seconds:>9,.0f} rows/s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=5000)
    parser.add_argument("--rows", type=int, default=20_000)
    asked = parser.parse_args()
    main(asked.members, asked.rows)
