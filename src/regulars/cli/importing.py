"""Imports purchases from a file through the one write path; what is wrong is listed row by row in another file.

A purchase is known by its id, so that running an import again changes nothing. How far it came stands in a small
file beside the receipts, so that the next run begins there; that file only saves time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from regulars import clock, ids
from regulars.cli import import_notes
from regulars.cli.import_pool import Frontier, ImportPool
from regulars.cli.import_worker import Done, Hand, Recording, Rows, Wanted, faults_of
from regulars.cli.places import Place, Refused
from regulars.cli.receipts_file import ReceiptsFile
from regulars.cli.registering import program_id, with_database
from regulars.db.pool import Database
from regulars.errors import Problem
from regulars.flows.imports import purchases
from regulars.flows.imports.purchases import Pricing
from regulars.flows.imports.receipt_rows import Read, RowFault
from regulars.flows.imports.runs import Asked, Run, open_run
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.interchange.mapping import Mapping
from regulars.purchases.model import PurchaseRequest

BY = "command line"
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
            recording = with_database(url, lambda database: one.begin(database, way))
            one.record_beside(recording, workers)
            with_database(url, lambda database: one.end(database, recording))
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
    import_notes.write_faults(wanted.errors, RowFault._fields, one.faults)
    verb = "would be recorded" if wanted.dry_run else "recorded"
    there = one.counts.repeated + one.counts.skipped
    out.print(
        f"{one.counts.recorded} purchases {verb}, {there} were there already, {faulty} faulty.",
        highlight=False,
    )
    if one.counts.recorded and one.run:
        import_notes.tell_undo(one.run, out)
    if faulty:
        out.print(f"What is wrong stands in {wanted.errors}.", markup=False, highlight=False, soft_wrap=True)
    return 1 if faulty else 0


class _Run:
    """One import."""

    def __init__(self, wanted: Import, file: ReceiptsFile, bar: Progress, task: TaskID):
        self._wanted = wanted
        self._file = file
        self._advance: Callable[[], None] = lambda: bar.update(task, completed=file.position)
        self._came = import_notes.came(wanted.file, wanted.program)
        self._frontier = Frontier(0 if wanted.dry_run else self._came.whole)
        self._rows_skipped = 0
        self._resumed = False
        self.run = ""
        """The import as which it is kept."""
        self.counts = Counts()
        self.faults: list[RowFault] = []

    async def record_here(self, database: Database, way: Wanted) -> None:
        """Record in this process, batch by batch."""
        recording = await self.begin(database, way)
        hand = Hand(database, recording)
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
        await self.end(database, recording)

    async def begin(self, database: Database, way: Wanted) -> Recording:
        """Begin to keep what is done, or go on with what was begun by an import that was killed."""
        programs = KnownPrograms(database, way.keyring)
        known, at, who = await programs.of(way.program), await programs.now(way.program), ids.new()
        asked = Asked("purchases", self._file.on_disk(), Mapping(), dry_run=False, by=BY)
        before = ids.read("imp", self._came.run) if self._came.run else None
        run = await open_run(database, known, asked, who, at, before)
        self.run = ids.show("imp", run.one.id)
        self._resumed = run.one.id == before
        import_notes.note(self._wanted.file, self._wanted.program, self.run, self._frontier.whole)
        return Recording(way, run.one, who)

    async def end(self, database: Database, recording: Recording) -> None:
        """Keep that all of the file is done."""
        programs = KnownPrograms(database, recording.wanted.keyring)
        known = await programs.of(recording.wanted.program)
        run = Run(database, known, recording.one, recording.who)
        # What a run that was killed had done is in its own figures already.
        await run.note(self._rows_skipped, (), 0 if self._resumed else self.counts.skipped)
        await run.end(await programs.now(known.program.id))

    def record_beside(self, recording: Recording, workers: int) -> None:
        """Record in processes of their own. Raises Refused when one of them ends before its time."""
        with ImportPool(recording, workers, self._wanted.batch) as pool:
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
                self._check(one, one.request, known)
            self._advance()

    def _rest(self) -> Iterator[tuple[int, Rows]]:
        """The receipts that are not known to be whole already, with their places in the file."""
        whole = self._frontier.whole
        for place, rows in enumerate(self._file.groups()):
            if place < whole:
                self.counts.skipped += 1
                self._rows_skipped += len(rows)
            else:
                yield place, rows

    def _note(self, places: list[int], done: Done) -> None:
        self.counts.recorded += done.recorded
        self.counts.repeated += done.repeated
        self.faults += done.faults
        before = self._frontier.whole
        self._frontier.note(places, faulty=bool(done.faults))
        if self._frontier.whole > before:
            import_notes.note(self._wanted.file, self._wanted.program, self.run, self._frontier.whole)
        self._advance()

    def _check(self, one: Read, request: PurchaseRequest, known: Known) -> None:
        try:
            purchases.check(known, request, clock.world())
            self.counts.recorded += 1
        except Problem as problem:
            self.faults += faults_of(one, problem)
