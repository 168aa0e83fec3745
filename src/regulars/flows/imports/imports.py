"""Begins imports and their undoing, and shows them: what was asked, how far it has come, what is wrong row by row."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, structs

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows.imports.data_files import found_file
from regulars.flows.imports.taking_back import KEPT, UNDONE
from regulars.i18n import N_
from regulars.interchange import presets, register, runs
from regulars.interchange.conversions import Context
from regulars.interchange.fields import Kind
from regulars.interchange.mapping import Mapping, Reader
from regulars.interchange.model import DataFile, DataImport, ImportStatus, KeptRow, SavedMapping
from regulars.programs import tasks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.units import money_scale

TASK, UNDO_TASK = "import", "import_undo"
STOPPED = N_("The command that imported it was stopped before its end.")
ROWS_AT_ONCE = 500
Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]*$")]


class NewImport(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/imports`. One of `mapping`, `preset`, `saved`, or none: then columns are called as our fields."""

    file: Annotated[str, Meta(max_length=40)]
    kind: Kind
    mapping: Mapping | None = None
    preset: Annotated[str, Meta(max_length=40)] | None = None
    """The code of a system whose export it is."""
    saved: Name | None = None
    """The name of a mapping that was saved before."""
    dry_run: bool = False
    """Check everything and write nothing: the report says what would happen."""
    save_as: Name | None = None
    """Keep the mapping under this name."""


class ImportView(Struct, frozen=True, omit_defaults=True):
    """An import, how far it has come, and what it did."""

    id: str
    job: str
    file: str
    file_name: str
    kind: Kind
    dry_run: bool
    status: ImportStatus
    rows: int
    done: int
    made: int
    """Rows that entered something; receipts, of purchases."""
    changed: int
    repeated: int
    """Rows of which everything was there already."""
    faulty: int
    undone: int
    """Rows that were taken back."""
    kept: int
    """Rows that could not be taken back; the report says why."""
    mapping: Mapping
    created_at: datetime
    created_by: str
    why: str = ""
    """Why it failed."""
    finished_at: datetime | None = None
    undo_job: str | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None


class ImportPage(Struct, frozen=True):
    """Imports, the newest first."""

    items: tuple[ImportView, ...]
    next: str | None


class ReportLine(Struct, frozen=True):
    """What is wrong with a row, or why it could not be taken back."""

    line: int
    column: str
    code: str
    detail: str


async def start_import(
    database: Database, program: Program, request: Request, new: NewImport, by: str
) -> Answer:
    """202 with an ImportView. Raises NotFound, Unprocessable where the mapping does not fit the file."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        file = await found_file(tx, program.id, ids.read("fil", new.file, "/file"))
        mapping = await _mapping(tx, program.id, new, file)
        Reader(new.kind, mapping, file.columns, context_of(program))
        if new.save_as is not None:
            saved = SavedMapping(new.kind, new.save_as, mapping, request.at, by)
            await register.save_mapping(tx, program.id, saved)
        one = DataImport.waiting(file, new.kind, mapping, by, request.at, dry_run=new.dry_run)
        await begin_import(tx, program.id, one, TASK)
        return await requests.keep(tx, request, 202, msgspec.json.encode(import_view(one, file)))

    return await database.run(program.id, work)


async def begin_import(tx: Transaction, program: UUID, one: DataImport, task: str) -> None:
    """Enter an import with its work of that kind, and say so in the audit trail."""
    await register.enter_import(tx, program, one)
    shown = ids.show("imp", one.id)
    await tasks.begin(tx, one.job, program, task, {"import": shown}, one.rows, one.created_at)
    file = ids.show("fil", one.file)
    started = {"kind": one.kind, "file": file, "rows": one.rows, "dry_run": one.dry_run}
    await trail.record(tx, program, Change("import.started", shown, after=started), one.created_at)


async def end_import(tx: Transaction, program: UUID, one: DataImport, why: str, at: datetime) -> bool:
    """Note that an import is done, or that it failed and why; the audit trail says what it did.

    False when it was ended, or taken back, before.
    """
    status = "failed" if why else "done"
    if not await register.finish_import(tx, program, one.id, status, why, at):
        return False
    if why:
        await tasks.fail(tx, one.job, why, at)
    else:
        await tasks.finish(tx, one.job, at)
    counts = {"made": one.made, "changed": one.changed, "repeated": one.repeated, "faulty": one.faulty}
    change = Change(f"import.{status}", ids.show("imp", one.id), after=counts, why=why)
    await trail.record(tx, program, change, at)
    return True


async def undo_import(
    database: Database,
    program: Program,
    request: Request,
    identifier: UUID,
    by: str,
    world: Callable[[], datetime] = clock.world,
) -> Answer:
    """202 with an ImportView. Raises NotFound, StateConflict for what is not done, or was undone before.

    A run whose process was killed, and that nobody goes on with, ends here; `world`: by this clock.
    """

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found, file = await _found(tx, program.id, identifier)
        last = file.created_at + timedelta(days=program.settings.import_files_days)
        if request.at >= last if file.never_kept else file.forgotten_at is not None:
            raise StateConflict("The time in which this import could be undone is over.")
        if file.never_kept:
            stopped = await runs.stop(tx, program.id, found.id, STOPPED, request.at, world())
            if stopped is not None:
                await tasks.fail(tx, stopped, STOPPED, request.at)
        job = ids.new()
        rows = await register.begin_undo(tx, program.id, found.id, job, by)
        if rows is None:
            raise StateConflict("Only an import that is done, and wrote something, can be undone, and once.")
        payload = {"import": ids.show("imp", found.id)}
        await tasks.begin(tx, job, program.id, UNDO_TASK, payload, rows, request.at)
        begun, _ = await _found(tx, program.id, identifier)
        undone = Change("import.undo_started", ids.show("imp", found.id), after={"rows": rows})
        await trail.record(tx, program.id, undone, request.at)
        return await requests.keep(tx, request, 202, msgspec.json.encode(import_view(begun, file)))

    return await database.run(program.id, work)


async def read_import(database: Database, program: UUID, identifier: UUID) -> ImportView:
    """An import as it stands. Raises NotFound."""
    async with database.transaction(program) as tx:
        return import_view(*await _found(tx, program, identifier))


async def list_imports(database: Database, program: UUID, before: UUID | None, limit: int) -> ImportPage:
    """Imports, the newest first, those before the import `before`."""
    async with database.transaction(program) as tx:
        found = await register.imports(tx, program, before or register.LAST, limit + 1)
        files = await register.files(tx, program, [one.file for one in found[:limit]])
    shown = tuple(import_view(one, files[one.file]) for one in found[:limit])
    return ImportPage(shown, shown[-1].id if len(found) > limit else None)


async def list_mappings(database: Database, program: UUID) -> tuple[SavedMapping, ...]:
    """The mappings that were saved, by kind and name."""
    async with database.transaction(program) as tx:
        return tuple(await register.saved_mappings(tx, program))


async def report(database: Database, program: UUID, identifier: UUID) -> AsyncIterator[list[ReportLine]]:
    """What is wrong, row by row, some hundred rows at once. Raises NotFound before the first."""
    after, more = 0, True
    async with database.transaction(program) as tx:
        await _found(tx, program, identifier)
    while more:
        async with database.transaction(program) as tx:
            rows = await register.rows_to_report(tx, program, identifier, after, ROWS_AT_ONCE)
        yield [line for row in rows for line in report_lines(row)]
        more = len(rows) == ROWS_AT_ONCE
        after = rows[-1].line if rows else after


async def first_of_report(
    database: Database, program: UUID, identifier: UUID, limit: int
) -> list[ReportLine]:
    """The first rows of the report."""
    async with database.transaction(program) as tx:
        rows = await register.rows_to_report(tx, program, identifier, 0, limit)
    return [line for row in rows for line in report_lines(row)][:limit]


def report_lines(row: KeptRow) -> list[ReportLine]:
    """What a row says."""
    lines = [ReportLine(row.line, fault.column, fault.code, fault.detail) for fault in row.faults]
    if row.undo not in ("", UNDONE):
        lines.append(ReportLine(row.line, "", f"kept_{row.undo}", KEPT.get(row.undo, row.undo)))
    return lines


def context_of(program: Program) -> Context:
    """What conversions know of a program."""
    return Context(money_scale(program.base_currency))


def import_view(one: DataImport, file: DataFile) -> ImportView:
    """An import as it is answered."""
    return ImportView(
        id=ids.show("imp", one.id),
        job=ids.show("job", one.job),
        file=ids.show("fil", one.file),
        file_name=file.name,
        kind=one.kind,
        dry_run=one.dry_run,
        status=one.status,
        rows=one.rows,
        done=one.done,
        made=one.made,
        changed=one.changed,
        repeated=one.repeated,
        faulty=one.faulty,
        mapping=one.mapping,
        created_at=one.created_at,
        created_by=one.created_by,
        why=one.why,
        finished_at=one.finished_at,
        undo_job=ids.show("job", one.undo_job) if one.undo_job else None,
        undone=one.undone,
        kept=one.kept,
        undone_at=one.undone_at,
        undone_by=one.undone_by,
    )


async def _found(tx: Transaction, program: UUID, identifier: UUID) -> tuple[DataImport, DataFile]:
    found = await register.find_import(tx, program, identifier)
    if found is None:
        raise NotFound("There is no such import in this program.")
    file = await register.find_file(tx, program, found.file)
    assert file is not None, "files are never deleted, only what stands in them"
    return found, file


async def _mapping(tx: Transaction, program: UUID, new: NewImport, file: DataFile) -> Mapping:
    given = [name for name in ("mapping", "preset", "saved") if getattr(new, name) is not None]
    if len(given) > 1:
        raise InvalidValue(
            f"/{given[1]}", f"there is a {given[0]} already: give one of mapping, preset and saved"
        )
    if new.preset is not None:
        preset = presets.named(new.preset)
        if preset is None or preset.kind != new.kind:
            known = ", ".join(one.code for one in presets.PRESETS if one.kind == new.kind)
            raise InvalidValue("/preset", f"is one of {known or 'none, for this kind'}")
        return preset.mapping(file.columns)
    if new.saved is not None:
        saved = await register.saved_mapping(tx, program, new.kind, new.saved)
        if saved is None:
            raise InvalidValue("/saved", "no mapping of this kind was saved under that name")
        # A column that this file lacks does not matter, unless something is needed of it.
        columns = {name: target for name, target in saved.mapping.columns.items() if name in file.columns}
        return structs.replace(saved.mapping, columns=columns)
    return new.mapping or Mapping()
