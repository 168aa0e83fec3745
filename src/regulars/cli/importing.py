"""Imports purchases from a file through the one write path; what is wrong is listed row by row in another file.

A purchase is known by its id, so that running an import again changes nothing. How far it came stands in a small
file beside the receipts, so that the next run begins there; that file only saves time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from regulars import clock
from regulars.cli.places import Place, Refused
from regulars.cli.receipts_file import Read, ReceiptsFile, RowFault, fault_at
from regulars.cli.registering import program_id, with_database
from regulars.db.pool import Database
from regulars.db.requests import digest
from regulars.errors import Problem
from regulars.flows import incoming
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.receive_purchases import Recorder
from regulars.programs.model import Caller
from regulars.purchases import receipt
from regulars.purchases.model import PurchaseRequest

PATH = "POST /v1/purchases"


class Import(NamedTuple):
    """What was asked for."""

    file: Path
    program: str
    dry_run: bool
    errors: Path
    batch: int
    pricing: Literal["as_sold", "quote"]

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
    faulty: int = 0


def run(url: str, place: Place, wanted: Import, out: Console) -> int:
    """Import the file; 0 when every purchase is there, 1 when some are faulty. Raises Refused."""
    if wanted.batch < 1:
        raise Refused("--batch is at least 1.")
    file, program = ReceiptsFile(wanted.file), program_id(wanted.program)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))

    async def work(database: Database) -> Counts:
        with Progress(*columns, TimeRemainingColumn(), console=out) as bar:
            return await _Importer(database, place.secret(), program, wanted, file, bar).whole()

    counts = with_database(url, work, size=4)
    verb = "would be recorded" if wanted.dry_run else "recorded"
    out.print(
        f"{counts.recorded} purchases {verb}, {counts.repeated + counts.skipped} were there already, "
        f"{counts.faulty} faulty.",
        highlight=False,
    )
    if counts.faulty:
        out.print(f"What is wrong stands in {wanted.errors}.", markup=False, highlight=False, soft_wrap=True)
    return 1 if counts.faulty else 0


class _Importer:
    """One run."""

    def __init__(
        self,
        database: Database,
        secret: bytes,
        program: UUID,
        wanted: Import,
        file: ReceiptsFile,
        bar: Progress,
    ):
        self._known = KnownPrograms(database)
        self._recorder = Recorder(database, self._known, secret)
        self._secret = secret
        self._caller = Caller(program, program, frozenset({"manage", "issuer", "till"}), name="import")
        self._wanted = wanted
        self._file = file
        self._bar = bar
        self._counts = Counts()
        self._faults: list[RowFault] = []

    async def whole(self) -> Counts:
        """Every receipt of the file, batch by batch."""
        known = await self._known.of(self._caller.program)
        skip = 0 if self._wanted.dry_run else _came(self._wanted)
        step = self._bar.add_task("Purchases", total=self._file.total)
        done = 0
        for batch in self._batches(known):
            done += len(batch)
            if done <= skip:
                self._counts.skipped += len(batch)
            else:
                await self._take(batch, known)
                # The cursor passes over what is whole only: faulty receipts are looked at again.
                if not self._wanted.dry_run and not self._faults:
                    _note(self._wanted, done)
            self._bar.update(step, completed=self._file.position)
        self._bar.update(step, completed=self._file.total)
        self._counts.faulty = len({fault.purchase or fault.row for fault in self._faults})
        _write_faults(self._wanted.errors, self._faults)
        await self._recorder.close()
        return self._counts

    def _batches(self, known: Known) -> Iterator[list[Read]]:
        program = known.program
        batch: list[Read] = []
        for one in self._file.receipts(program.base_currency, program.time_zone, self._wanted.pricing):
            batch.append(one)
            if len(batch) == self._wanted.batch:
                yield batch
                batch = []
        if batch:
            yield batch

    async def _take(self, batch: list[Read], known: Known) -> None:
        good: list[tuple[Read, PurchaseRequest]] = []
        for one in batch:
            self._faults += one.faults
            if one.request is not None:
                good.append((one, one.request))
        if self._wanted.dry_run:
            for one, request in good:
                try:
                    self._check(request, known)
                    self._counts.recorded += 1
                except Problem as problem:
                    self._fault(one, problem)
            return
        sent = [(request, digest(PATH, msgspec.to_builtins(request))) for _, request in good]
        results = await self._recorder.record_all(self._caller, sent, None, imported=True)
        for (one, _), result in zip(good, results, strict=True):
            if result.problem is not None:
                self._fault(one, result.problem)
            elif result.replayed:
                self._counts.repeated += 1
            else:
                self._counts.recorded += 1

    def _check(self, request: PurchaseRequest, known: Known) -> None:
        """All that can be said without writing. Raises Problems."""
        if incoming.missing_store(self._caller, known, request.store) is not None:
            # It would be registered; what else is to be said needs no store.
            receipt.lines(request)
            return
        incoming.read(known, self._secret, self._caller, request, clock.world(), imported=True)

    def _fault(self, one: Read, problem: Problem) -> None:
        purchase = one.rows[0].cells.get("purchase", "")
        if not problem.errors:
            self._faults.append(RowFault(one.rows[0].number, purchase, problem.code, problem.detail))
        for fault in problem.errors:
            self._faults.append(fault_at(one.rows, fault.pointer, purchase, problem.code, fault.detail))


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
