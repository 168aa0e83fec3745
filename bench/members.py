"""How long `regulars import members` takes for a file of 300,000 members, beside the database alone.

    .venv/bin/python bench/members.py [--members 300000] [--batch 5000]

A row has an external id, a phone, a name, a birthday, a balance and a consent. The reference writes as many rows as an
import does tables of its own (a member, her pool, her sealed person, three names to find her by, a lot with its posting
and entry, a consent), as many members to a transaction, with `INSERT … SELECT FROM unnest` into a table with a primary
key and one index: what the database alone would take.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import tempfile
import time
from io import StringIO
from pathlib import Path

import imports
from rich.console import Console

from regulars import clock, ids
from regulars.cli.importing_members import ImportOfMembers, run
from regulars.cli.places import Place
from regulars.db.embedded.server import EmbeddedServer
from regulars.db.migrate import migrate
from regulars.db.pool import Database
from regulars.flows.create_program import NewProgram, create_program

HEADING = ("external_id", "phone", "name", "birthday", "balances", "consents")
ROWS_OF_A_MEMBER = 10


def main(members: int, batch: int) -> None:
    """Print a line for the import and one for the reference."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as name:
        folder = Path(name)
        file = folder / "members.csv"
        write(file, members)
        with EmbeddedServer(folder / "db", say=lambda _: None) as server:
            migrate(server.url)
            program = asyncio.run(founded(server.url))
            (folder / "data").mkdir()
            wanted = ImportOfMembers(file, program, (), False, folder / "errors.csv", batch)
            said = StringIO()
            begun = time.perf_counter()
            code = run(server.url, Place(folder / "data"), wanted, Console(file=said))
            seconds = time.perf_counter() - begun
            assert (code, f"{members} members entered" in said.getvalue()) == (0, True), said.getvalue()
            alone = asyncio.run(written(server.url, program, members, batch))
    print(
        f"import     {members:>9,} members {seconds:>8.1f} s {members / seconds:>8,.0f}/s  {alone / seconds:>5.2f}×"
    )
    print(f"reference  {members:>9,} members {alone:>8.1f} s {members / alone:>8,.0f}/s  of its rows alone")


def write(file: Path, members: int) -> None:
    """A file of so many people whom nobody knows yet."""
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(HEADING)
        for n in range(members):
            born = f"{1950 + n % 55}-{1 + n % 12:02}-{1 + n % 28:02}"
            balance, consent = f"{1 + n % 900}@2037-12-31", "sms/marketing@2026-05-01"
            rows.writerow((f"crm-{n}", f"+3712{n:07}", f"Member {n}", born, balance, consent))


async def founded(url: str) -> str:
    """The id of a program whose currency the balances are in."""
    async with Database(url, size=1) as database:
        new = NewProgram("Bench", "EUR", "Europe/Riga", ("lv",), {})
        return ids.show("prg", (await create_program(database, new, at=clock.world())).program.id)


async def written(url: str, program: str, members: int, batch: int) -> float:
    """Seconds for the rows alone."""
    async with Database(url, size=1) as database:
        begun = time.perf_counter()
        rows, step = members * ROWS_OF_A_MEMBER, batch * ROWS_OF_A_MEMBER
        await imports.reference(database, ids.read("prg", program), rows, step)
        return time.perf_counter() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=300_000)
    parser.add_argument("--batch", type=int, default=2000)
    asked = parser.parse_args()
    main(asked.members, asked.batch)
