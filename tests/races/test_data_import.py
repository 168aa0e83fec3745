"""A worker that is killed in the middle of an import: another goes on, and nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from psycopg.sql import SQL, Identifier

from regulars import clock, ids
from regulars.db.pool import Database, fetch_all
from regulars.db.requests import Request
from regulars.flows.check_ledger import check_ledger
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.imports.data_files import FileView, take_file
from regulars.flows.imports.imports import ImportView, NewImport, read_import, start_import
from regulars.flows.imports.work import ImportWorker
from regulars.flows.known_programs import KnownPrograms
from regulars.interchange.fields import Kind
from regulars.members.vault import Keyring
from tests.conftest import MASTER_KEY, MASTER_KEYS, START

SECRET = b"a secret of at least 32 bytes for a killed worker"
ROWS = 4000
FILES: dict[Kind, tuple[str, Callable[[int], str], str, int]] = {
    "members": ("external_id,balances", lambda n: f"m-{n},5", "member", ROWS),
    "purchases": (
        "purchase,purchased_at,store,sku,quantity,unit_price",
        lambda n: f"r-{n // 2},2026-01-01,riga-1,s-{n % 9},1,100",
        "purchase",
        ROWS // 2,
    ),
}


@pytest.mark.parametrize("kind", list(FILES))
async def test_a_killed_worker_is_followed_by_another(
    database: Database, database_url: str, tmp_path: Path, kind: Kind
) -> None:
    heading, row, table, expected = FILES[kind]
    programs = KnownPrograms(database, Keyring(SECRET, MASTER_KEYS))
    made = await create_program(database, NewProgram("Killed", "EUR", "Europe/Riga", ("lv",), {}), at=START)
    program = made.program.id
    known = await programs.of(program)

    def request() -> Request:
        return Request(program, program, ids.new().hex, b"", clock.world())

    content = "\n".join([heading, *map(row, range(ROWS))]).encode()
    sent = await take_file(database, known.program, known.vault, request(), "many.csv", content, by="test")
    file = msgspec.json.decode(sent.body, type=FileView)
    begun = await start_import(database, known.program, request(), NewImport(file.id, kind), "test")
    one = ids.read("imp", msgspec.json.decode(begun.body, type=ImportView).id)

    for least in (1, 1000):
        await killed(database, database_url, tmp_path, program, one, least)
        left = await read_import(database, program, one)
        assert (left.status, least <= left.done < ROWS) == ("running", True), left

    idle = ImportWorker(database, programs, SECRET)
    assert await idle.bring_in(program, one) is False  # for a minute it is the dead worker's
    later = ImportWorker(database, programs, SECRET, lambda: clock.world() + timedelta(minutes=3))
    assert await later.bring_in(program, one) is True
    done = await read_import(database, program, one)
    assert (done.status, done.made, done.repeated, done.faulty) == ("done", expected, 0, 0)
    async with database.transaction(program, analytical=True) as tx:
        counted = SQL("SELECT count(*) FROM {} WHERE program = %s").format(Identifier(table))
        rows = await fetch_all(tx, counted, (program,))
        noted = await fetch_all(
            tx,
            "SELECT outcome, count(*), count(DISTINCT what) FROM data_import_row"
            " WHERE import = %s GROUP BY outcome",
            (one,),
        )
    assert (rows, noted) == ([(expected,)], [("made", expected, expected)])
    assert await check_ledger(database, program) == ()
    await idle.close()
    await later.close()


async def killed(database: Database, url: str, folder: Path, program: UUID, one: UUID, least: int) -> None:
    """Let a worker begin, and kill it as soon as so many rows are done."""
    async with database.transaction(program) as tx:  # whoever was killed before is forgotten at once
        await tx.execute("UPDATE data_import SET leased_until = '2020-01-01' WHERE id = %s", (one,))
    secret = folder / "secret"
    secret.write_bytes(SECRET)
    environment = {
        **os.environ,
        "REGULARS_DATABASE_URL": url,
        "REGULARS_SECRET_FILE": str(secret),
        "REGULARS_MASTER_KEY": MASTER_KEY,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    process = subprocess.Popen(  # noqa: ASYNC220 – nothing else runs in this loop
        [sys.executable, "-m", "regulars.jobs.worker"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(3000):
            if (await read_import(database, program, one)).done >= least:
                break
            await asyncio.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
