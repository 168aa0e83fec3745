"""Begins and ends runs: what the command line imports straight from a disk is kept as any import, but for its file.

So it stands in the list of imports and can be taken back. A run whose process was killed is gone on with by the next
one over the same file, unless it is taken back before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import StateConflict
from regulars.flows.imports.imports import begin_import, end_import
from regulars.flows.imports.step import DoneBefore, Importer, ReadRow, Step
from regulars.flows.known_programs import Known
from regulars.interchange import register, runs
from regulars.interchange.fields import Kind
from regulars.interchange.mapping import Mapping
from regulars.interchange.model import DataFile, DataImport, RowOutcome
from regulars.interchange.register import Lease
from regulars.interchange.table import Format, Row

TASK = "import_run"
"""No worker looks for it."""


class DiskFile(NamedTuple):
    """A file on a disk: what is kept of it."""

    name: str
    format: Format
    bytes: int
    digest: bytes
    columns: tuple[str, ...]


class Asked(NamedTuple):
    """What a run is to do, and in whose name."""

    kind: Kind
    file: DiskFile
    mapping: Mapping
    dry_run: bool
    by: str


class RunLost(StateConflict):
    """The run was taken back, or somebody else goes on with it."""

    def __init__(self) -> None:
        super().__init__("This import was taken back meanwhile, or another process goes on with it.")


class Run:
    """A run, as long as this process has it."""

    def __init__(self, database: Database, known: Known, one: DataImport, who: UUID):
        self._database, self._known, self._who = database, known, who
        self.one = one

    async def note(self, rows: int, outcomes: Sequence[RowOutcome], repeated: int = 0) -> None:
        """Note what became of so many rows, and keep the run. Raises RunLost.

        `repeated`: of how many receipts more everything was there already.
        """
        program, lease = self._known.program.id, Lease(self._who, clock.world())
        ours = await self._database.run(
            program, lambda tx: runs.note(tx, program, self.one, lease, rows, outcomes, repeated)
        )
        if not ours:
            raise RunLost

    async def take(self, importer: Importer, rows: Sequence[Row], at: datetime) -> None:
        """Import the next rows of the file, and keep the run. Raises RunLost."""
        program, lease, one = self._known.program.id, Lease(self._who, clock.world()), self.one
        read = tuple(ReadRow(row, ()) for row in rows)
        to = one.done + len(read)
        try:
            await importer.take(
                Step(self._database, self._known, one, at, read, one.done, to, self._column_of)
            )
        except DoneBefore:
            raise RunLost from None
        if not await self._database.run(
            program, lambda tx: register.lease_import(tx, program, one.id, lease)
        ):
            raise RunLost
        self.one = structs.replace(one, done=to)

    def _column_of(self, field: str) -> str:
        named = self.one.mapping.columns.items()
        return next((column for column, target in named if target == field), field)

    async def end(self, at: datetime) -> DataImport:
        """Note that all of it is done; what it did. Raises RunLost."""
        program = self._known.program.id

        async def work(tx: Transaction) -> DataImport:
            if not await end_import(tx, program, await _found(tx, program, self.one.id), "", at):
                raise RunLost
            return await _found(tx, program, self.one.id)

        return await self._database.run(program, work)


async def open_run(
    database: Database, known: Known, asked: Asked, who: UUID, at: datetime, resumed: UUID | None = None
) -> Run:
    """The run `resumed`, where its process was killed and nobody else goes on with it; else a new one."""
    program, lease = known.program.id, Lease(who, clock.world())

    async def work(tx: Transaction) -> DataImport:
        before = await register.find_import(tx, program, resumed) if resumed else None
        # Whoever takes it back between these two keeps it: what we note then is refused.
        running = before is not None and before.status == "running"
        if resumed is not None and running and await register.lease_import(tx, program, resumed, lease):
            if asked.kind == "purchases":  # recorded in any order: there is no place where it stopped
                await runs.take_up(tx, program, resumed)
            return await _found(tx, program, resumed)
        one = await _enter(tx, program, asked, at)
        leased = await register.lease_import(tx, program, one.id, lease)
        assert leased, "nobody knows of it yet"
        return await _found(tx, program, one.id)

    return Run(database, known, await database.run(program, work), who)


async def _enter(tx: Transaction, program: UUID, asked: Asked, at: datetime) -> DataImport:
    file = DataFile(
        id=ids.new(), name=asked.file.name, format=asked.file.format, bytes=asked.file.bytes,
        digest=asked.file.digest, columns=asked.file.columns, rows=0, assumed={}, created_at=at,
        created_by=asked.by, forgotten_at=at,
    )  # fmt: skip
    await register.enter_file(tx, program, file)
    one = DataImport.waiting(file, asked.kind, asked.mapping, asked.by, at, dry_run=asked.dry_run)
    await begin_import(tx, program, one, TASK)
    return one


async def _found(tx: Transaction, program: UUID, identifier: UUID) -> DataImport:
    found = await register.find_import(tx, program, identifier)
    assert found is not None, "imports are never deleted"
    return found
