"""Imports a file of any kind, takes an import back, and exports: what the pages do, from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from regulars import ids
from regulars.cli import import_notes
from regulars.cli.places import Place, Refused
from regulars.cli.registering import program_id, with_database
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.flows.exports.exports import ExportView, NewExport, open_export, read_export, start_export
from regulars.flows.exports.work import ExportWorker
from regulars.flows.imports.data_files import FileView, take_file
from regulars.flows.imports.imports import (
    ImportView,
    NewImport,
    ReportLine,
    list_imports,
    read_import,
    report,
    start_import,
    undo_import,
)
from regulars.flows.imports.work import ImportWorker
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.interchange.mapping import Mapping, Target
from regulars.web.tables import rows_as_csv

BY = "command line"
POLL_SECONDS = 0.2
LISTED = 50
Result = TypeVar("Result")


class ImportOfFile(NamedTuple):
    """What was asked for."""

    file: Path
    program: str
    kind: str
    mapping: tuple[str, ...]
    """`THEIRS=OURS` or `THEIRS=OURS|CONVERSION`, one for each column that is called otherwise."""
    preset: str | None
    saved: str | None
    save_as: str | None
    encoding: str | None
    dry_run: bool
    errors: Path


class _At(NamedTuple):
    """A program, and how its data is reached."""

    database: Database
    programs: KnownPrograms
    known: Known
    secret: bytes

    async def request(self) -> Request:
        """A write of its own."""
        program = self.known.program.id
        return Request(program, program, ids.new().hex, b"", await self.programs.now(program))


def run(url: str, place: Place, wanted: ImportOfFile, out: Console) -> int:
    """Import a file; 0 when every row is there, 1 when some are faulty. Raises Refused and Problems."""

    async def work(at: _At) -> int:
        name, content = wanted.file.name, wanted.file.read_bytes()
        vault = at.known.vault
        sent = await take_file(
            at.database,
            at.known.program,
            vault,
            await at.request(),
            name,
            content,
            by=BY,
            encoding=wanted.encoding,
        )
        file = msgspec.json.decode(sent.body, type=FileView)
        new = msgspec.convert(_document(wanted, file.id), NewImport)
        begun = await start_import(at.database, at.known.program, await at.request(), new, BY)
        one = msgspec.json.decode(begun.body, type=ImportView)
        worker = ImportWorker(at.database, at.programs, at.secret)
        try:
            await _follow(at, one, worker.bring_in(at.known.program.id, ids.read("imp", one.id)), out)
        finally:
            await worker.close()
        return await _tell(at, one.id, wanted.errors, out)

    if not wanted.file.is_file():
        raise Refused(f"There is no file {wanted.file}.")
    return _at(url, place, wanted.program, work)


def undo(url: str, place: Place, program: str, identifier: str, out: Console) -> int:
    """Take an import back; 1 when something had to be kept."""

    async def work(at: _At) -> int:
        one = ids.read("imp", identifier)
        begun = await undo_import(at.database, at.known.program, await at.request(), one, BY)
        worker = ImportWorker(at.database, at.programs, at.secret)
        try:
            view = msgspec.json.decode(begun.body, type=ImportView)
            await _follow(at, view, worker.take_back(at.known.program.id, one), out)
        finally:
            await worker.close()
        done = await read_import(at.database, at.known.program.id, one)
        out.print(f"{done.undone} rows taken back, {done.kept} kept.", highlight=False)
        await _print_report(at, one, out)
        return 1 if done.kept else 0

    return _at(url, place, program, work)


def show(url: str, place: Place, program: str, out: Console) -> int:
    """List the imports of a program, the newest first."""

    async def work(at: _At) -> int:
        page = await list_imports(at.database, at.known.program.id, None, LISTED)
        for one in page.items:
            what = f"{one.kind}{' (dry run)' if one.dry_run else ''}"
            figures = (
                f"{one.made} new, {one.changed} changed, {one.repeated} there already, {one.faulty} faulty"
            )
            line = f"{one.id}  {one.status:<8}  {what:<20}  {figures}  {one.file_name}"
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        return 0

    return _at(url, place, program, work)


def export(
    url: str, place: Place, program: str, new: dict[str, Any], output: Path | None, out: Console
) -> int:
    """Write an export to a file. Raises Problems."""

    async def work(at: _At) -> int:
        asked = msgspec.convert(new, NewExport)
        begun = await start_export(at.database, await at.request(), asked, BY)
        one = msgspec.json.decode(begun.body, type=ExportView)
        identifier = ids.read("exp", one.id)
        await ExportWorker(at.database, at.programs).write(at.known.program.id, identifier)
        done = await read_export(at.database, at.known.program.id, identifier)
        if done.status != "done":
            raise Refused(done.why or "Another process is writing this export.", code=1)
        _, pieces = await open_export(at.database, at.known.vault, identifier)
        target = output or Path(f"{asked.kind}.{asked.format}")
        with target.open("wb") as file:
            async for piece in pieces:
                file.write(piece)
        out.print(f"{done.rows} rows in {target}.", markup=False, highlight=False, soft_wrap=True)
        return 0

    return _at(url, place, program, work)


def _at(url: str, place: Place, program: str, work: Callable[[_At], Awaitable[Result]]) -> Result:
    keyring = place.keyring()

    async def whole(pool: Database) -> Result:
        database = pool.acting(Actor("command", "data"))
        programs = KnownPrograms(database, keyring)
        known = await programs.of(program_id(program))
        return await work(_At(database, programs, known, keyring.secret))

    return with_database(url, whole, size=4)


def _document(wanted: ImportOfFile, file: str) -> dict[str, Any]:
    """The body that `POST /v1/imports` would get. Raises Refused."""
    document: dict[str, Any] = {"file": file, "kind": wanted.kind, "dry_run": wanted.dry_run}
    columns: dict[str, Target | str] = {}
    for one in wanted.mapping:
        theirs, equals, ours = one.partition("=")
        if not equals or not theirs.strip():
            raise Refused(f"--mapping {one} is not THEIRS=OURS.")
        field, bar, convert = ours.strip().partition("|")
        columns[theirs.strip()] = Target(field, convert) if bar else field
    if columns:
        document["mapping"] = msgspec.to_builtins(Mapping(columns))
    for name in ("preset", "saved", "save_as"):
        if getattr(wanted, name) is not None:
            document[name] = getattr(wanted, name)
    return document


async def _follow(at: _At, one: ImportView, doing: Awaitable[bool], out: Console) -> None:
    """Show how far it is until it is done."""
    task = asyncio.ensure_future(doing)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=out) as bar:
        shown = bar.add_task(one.kind.capitalize(), total=one.rows)
        while not task.done():
            await asyncio.wait({task}, timeout=POLL_SECONDS)
            now = await read_import(at.database, at.known.program.id, ids.read("imp", one.id))
            bar.update(shown, completed=now.rows if now.status != "running" else now.done)
    if not await task:
        raise Refused(
            "Another process works on this import; `regulars import list` says how far it is.", code=1
        )


async def _tell(at: _At, identifier: str, errors: Path, out: Console) -> int:
    one = await read_import(at.database, at.known.program.id, ids.read("imp", identifier))
    would = "would be " if one.dry_run else ""
    out.print(
        f"{one.made} {would}new, {one.changed} {would}changed, {one.repeated} there already, {one.faulty} faulty.",
        highlight=False,
    )
    if not one.dry_run and (one.made or one.changed):
        import_notes.tell_undo(one.id, out)
    if one.faulty:
        told = [
            line
            async for some in report(at.database, at.known.program.id, ids.read("imp", identifier))
            for line in some
        ]
        _write_report(errors, told)
        out.print(f"What is wrong stands in {errors}.", markup=False, highlight=False, soft_wrap=True)
    return 1 if one.faulty or one.status != "done" else 0


def _write_report(path: Path, told: list[ReportLine]) -> None:
    rows = [(line.line, line.column, line.code, line.detail) for line in told]
    path.write_bytes(rows_as_csv([("row", "column", "code", "detail"), *rows]))


async def _print_report(at: _At, identifier: UUID, out: Console) -> None:
    async for some in report(at.database, at.known.program.id, identifier):
        for line in some:
            if line.code.startswith("kept_"):
                out.print(f"row {line.line}: {line.detail}", markup=False, highlight=False)
