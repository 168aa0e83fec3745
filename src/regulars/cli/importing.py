"""Imports purchases from a file through the one write path; what is wrong is listed row by row in another file.

A purchase is known by its id, so that running an import again changes nothing. How far it came stands in a small
file beside the receipts, so that the next run begins there; that file only saves time.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from regulars import clock
from regulars.cli.import_pool import Frontier, ImportPool
from regulars.cli.import_worker import Done, Hand, Pricing, Rows, Wanted, faults_of
from regulars.cli.places import Place, Refused
from regulars.cli.receipts_file import Read, ReceiptsFile, RowFault
from regulars.cli.registering import program_id, with_database
from regulars.db.pool import Database
from regulars.errors import Problem
from regulars.flows import incoming
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.programs.model import Caller
from regulars.purchases import receipt
from regulars.purchases.model import PurchaseRequest

WORKERS_MAX = 8
LARGE_BYTES, LARGE_ROWS = 4_000_000, 40_000
"""From which on a file (CSV, Parquet) is worth the second that more processes take to start."""


class Import(NamedTuple):
    """What was asked for."""

    file: Path
    program: str
    dry_run: bool
    errors: Path
    batch: int
    pricing: Pricing
    workers: int | None = None
    """Processes that record; None: as many as cores where the file is large."""

    @property
    def cursor(self) -> Path:
        """Where it stands how far the import came."""
        return self.file.with_name(self.file.name + ".cursor")


class Cursor(Struct, frozen=True):
    """How far an import came: in which program, of which file (its size and time of change)."""

    program: str
    size: int
    changed: int
    receipts: int


class Counts(Struct):
    """What an import did."""

    recorded: int = 0
    repeated: int = 0
    skipped: int = 0


def run(url: str, place: Place, wanted: Import, out: Console) -> int:
    """Import the file; 0 when every purchase is there, 1 when some are faulty. Raises Refused."""
    if wanted.batch < 1:
        raise Refused("--batch is at least 1.")
    if wanted.workers is not None and not 1 <= wanted.workers <= WORKERS_MAX:
        raise Refused(f"--workers is 1 to {WORKERS_MAX}.")
    file = ReceiptsFile(wanted.file)
    way = Wanted(url, place.keyring(), program_id(wanted.program), wanted.pricing)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=out) as bar:
        task = bar.add_task("Purchases", total=file.total)
        one = _Run(wanted, file, bar, task)
        workers = wanted.workers or _workers(file)
        if wanted.dry_run:
            with_database(url, lambda database: one.check(database, way))
        elif workers == 1:
            with_database(url, lambda database: one.record_here(database, way))
        else:
            one.record_beside(way, workers)
        bar.update(task, completed=file.total)
    return _tell(wanted, one, out)


def _workers(file: ReceiptsFile) -> int:
    """As many as there are cores where the file is worth it."""
    if file.total < (LARGE_ROWS if file.parquet else LARGE_BYTES):
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(WORKERS_MAX, cores)


def _tell(wanted: Import, one: _Run, out: Console) -> int:
    faulty = len({fault.purchase or fault.row for fault in one.faults})
    _write_faults(wanted.errors, one.faults)
    verb = "would be recorded" if wanted.dry_run else "recorded"
    there = one.counts.repeated + one.counts.skipped
    out.print(
        f"{one.counts.recorded} purchases {verb}, {there} were there already, {faulty} faulty.",
        highlight=False,
    )
    if faulty:
        out.print(f"What is wrong stands in {wanted.errors}.", markup=False, highlight=False, soft_wrap=True)
    return 1 if faulty else 0


class _Run:
    """One import."""

    def __init__(self, wanted: Import, file: ReceiptsFile, bar: Progress, task: TaskID):
        self._wanted = wanted
        self._file = file
        self._advance: Callable[[], None] = lambda: bar.update(task, completed=file.position)
        self._frontier = Frontier(0 if wanted.dry_run else _came(wanted))
        self.counts = Counts()
        self.faults: list[RowFault] = []

    async def record_here(self, database: Database, way: Wanted) -> None:
        """Record in this process, batch by batch."""
        hand = Hand(database, way)
        places: list[int] = []
        batch: list[Rows] = []
        for place, rows in self._rest():
            places.append(place)
            batch.append(rows)
            if len(batch) == self._wanted.batch:
                self._note(places, await hand.take(batch))
                places, batch = [], []
        if batch:
            self._note(places, await hand.take(batch))
        await hand.close()

    def record_beside(self, way: Wanted, workers: int) -> None:
        """Record in processes of their own. Raises Refused when one of them ends before its time."""
        with ImportPool(way, workers, self._wanted.batch) as pool:
            for place, rows in self._rest():
                for batch, done in pool.take(place, rows):
                    self._note(batch.places, done)
            for batch, done in pool.finish():
                self._note(batch.places, done)

    async def check(self, database: Database, way: Wanted) -> None:
        """All that can be said of the file without writing."""
        known = await KnownPrograms(database, way.keyring).of(way.program)
        program = known.program
        for one in self._file.receipts(program.base_currency, program.time_zone, way.pricing):
            self.faults += one.faults
            if one.request is not None:
                self._check(one, one.request, known, way)
            self._advance()

    def _rest(self) -> Iterator[tuple[int, Rows]]:
        """The receipts that are not known to be whole already, with their places in the file."""
        whole = self._frontier.whole
        for place, rows in enumerate(self._file.groups()):
            if place < whole:
                self.counts.skipped += 1
            else:
                yield place, rows

    def _note(self, places: list[int], done: Done) -> None:
        self.counts.recorded += done.recorded
        self.counts.repeated += done.repeated
        self.faults += done.faults
        before = self._frontier.whole
        self._frontier.note(places, faulty=bool(done.faults))
        if self._frontier.whole > before:
            _note(self._wanted, self._frontier.whole)
        self._advance()

    def _check(self, one: Read, request: PurchaseRequest, known: Known, way: Wanted) -> None:
        caller = Caller(way.program, way.program, frozenset({"manage", "issuer", "till"}), name="import")
        try:
            if incoming.missing_store(caller, known, request.store) is not None:
                # It would be registered; what else is to be said needs no store.
                receipt.lines(request)
            else:
                incoming.read(known, way.keyring.secret, caller, request, clock.world(), imported=True)
            self.counts.recorded += 1
        except Problem as problem:
            self.faults += faults_of(one, problem)


def _came(wanted: Import) -> int:
    """How many receipts of this very file are whole in the program already."""
    try:
        cursor = msgspec.json.decode(wanted.cursor.read_bytes(), type=Cursor)
    except (OSError, msgspec.MsgspecError):
        return 0
    return cursor.receipts if cursor == _cursor(wanted, cursor.receipts) else 0


def _note(wanted: Import, receipts: int) -> None:
    draft = wanted.cursor.with_name(wanted.cursor.name + ".new")
    draft.write_bytes(msgspec.json.encode(_cursor(wanted, receipts)))
    draft.replace(wanted.cursor)


def _cursor(wanted: Import, receipts: int) -> Cursor:
    state = wanted.file.stat()
    return Cursor(wanted.program, state.st_size, state.st_mtime_ns, receipts)


def _write_faults(path: Path, faults: list[RowFault]) -> None:
    """The list of faults; the one of an earlier run is taken away when there are none."""
    if not faults:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(RowFault._fields)
        writer.writerows([_harmless(value) for value in fault] for fault in faults)


def _harmless(value: int | str) -> int | str:
    """A cell that a spreadsheet does not take for a formula."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )
