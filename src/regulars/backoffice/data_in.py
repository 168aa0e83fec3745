"""The pages of imports: send a file, say what its columns are, try it, import it, take it back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Response
from msgspec import structs

from regulars import ids
from regulars.backoffice import refusals
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_data import CONVERSIONS, KINDS, STATES
from regulars.errors import BodyTooLarge, InvalidValue, Unprocessable
from regulars.flows.imports.data_files import FileView, found_file, read_file, rows_from, take_file
from regulars.flows.imports.imports import (
    ImportView,
    NewImport,
    context_of,
    first_of_report,
    list_imports,
    list_mappings,
    read_import,
    report,
    start_import,
    undo_import,
)
from regulars.interchange import fields, presets
from regulars.interchange.fields import Kind
from regulars.interchange.mapping import Mapping, Reader, Target
from regulars.interchange.table import Record
from regulars.web.tables import rows_as_csv

pages = Pages()
AT_ONCE = 25
PREVIEWED = 5
REPORTED = 50
UPLOAD_BYTES_MAX = 1_000_000_000
"""Of the page; the program's own limit (`import_bytes_max`) is judged when the file is there."""
RUNNING = ("waiting", "running", "undoing")


@pages.get("/data/imports", needs="data.import")
async def imports(visit: Visit) -> Response[Any]:
    """All imports, the newest first, and the form that begins one."""
    cursor = visit.query.get("cursor")
    before = ids.read("imp", cursor, "?cursor") if cursor else None
    page = await list_imports(visit.database, visit.program.id, before, AT_ONCE)
    return visit.page(
        "data_imports",
        items=page.items,
        next=page.next,
        first=cursor is None,
        kinds=KINDS,
        states=STATES,
        presets=presets.PRESETS,
        megabytes=visit.program.settings.import_bytes_max // 1_000_000,
        days=visit.program.settings.import_files_days,
    )


@pages.post("/data/imports/files", needs="data.import", again=imports, bytes_max=UPLOAD_BYTES_MAX)
async def send_file(visit: Visit) -> Response[Any]:
    """Take a file in, and ask what its columns are."""
    file = visit.upload("file")
    if file is None or not file.filename:
        raise InvalidValue("/file", "choose a file")
    content = await file.read(visit.program.settings.import_bytes_max + 1)
    if len(content) > visit.program.settings.import_bytes_max:
        raise BodyTooLarge
    name = "".join(letter for letter in file.filename if letter.isprintable())[-200:]
    request = await visit.once({"name": name, "content": hashlib.sha256(content).hexdigest()})
    answer = await take_file(
        visit.database, visit.program, visit.known.vault, request, name, content, by=visit.by
    )
    taken = msgspec.json.decode(answer.body, type=FileView)
    return visit.to(f"/data/imports/files/{taken.id}")


@pages.get("/data/imports/files/{id}", needs="data.import")
async def columns(visit: Visit) -> Response[Any]:
    """What the columns of a file are: as it seems, as a known system calls them, or as was saved before."""
    file = await _file(visit)
    kind = _kind(visit.query.get("kind"), file.kind)
    chosen, source = await _chosen(visit, file, kind)
    return await _columns(visit, file, kind, chosen, source)


@pages.post("/data/imports/preview", needs="data.import")
async def preview(visit: Visit) -> Response[Any]:
    """The first rows as they would be read; nothing is written."""
    file = await read_file(visit.database, visit.program.id, visit.known.vault, _file_id(visit.form("file")))
    kind = _kind(visit.form("kind"), file.kind)
    return visit.part("data_preview_part", **await _preview(visit, file, kind, _mapping(visit, file)))


async def _again(visit: Visit) -> Response[Any]:
    file = await read_file(visit.database, visit.program.id, visit.known.vault, _file_id(visit.form("file")))
    return await _columns(visit, file, _kind(visit.form("kind"), file.kind), _mapping(visit, file), "")


@pages.post("/data/imports", needs="data.import", again=_again)
async def begin(visit: Visit) -> Response[Any]:
    """Try a file, or import it."""
    file = await read_file(visit.database, visit.program.id, visit.known.vault, _file_id(visit.form("file")))
    new = NewImport(
        file=file.id,
        kind=_kind(visit.form("kind"), file.kind),
        mapping=_mapping(visit, file),
        dry_run=visit.form("act") != "import",
        save_as=visit.form("save_as")[:80] or None,
    )
    answer = await start_import(visit.database, visit.program, await visit.once(), new, visit.by)
    return visit.to(f"/data/imports/{msgspec.json.decode(answer.body)['id']}")


@pages.get("/data/imports/{id}", needs="data.import")
async def one(visit: Visit) -> Response[Any]:
    """An import: how far it is, what it did, what is wrong, and what can be done next."""
    return visit.page("data_import", **await _one(visit))


@pages.get("/data/imports/{id}/progress", needs="data.import")
async def progress(visit: Visit) -> Response[Any]:
    """The same, for the page to look after it by itself."""
    return visit.part("data_import_part", **await _one(visit))


@pages.post("/data/imports/{id}/run", needs="data.import", again=one)
async def run(visit: Visit) -> Response[Any]:
    """After a dry run: import the same file in the same way."""
    tried = await read_import(visit.database, visit.program.id, _import(visit))
    new = NewImport(tried.file, tried.kind, tried.mapping)
    answer = await start_import(visit.database, visit.program, await visit.once(), new, visit.by)
    return visit.to(f"/data/imports/{msgspec.json.decode(answer.body)['id']}")


@pages.post("/data/imports/{id}/undo", needs="data.import", again=one, why=True)
async def undo(visit: Visit) -> Response[Any]:
    """Take an import back."""
    await undo_import(visit.database, visit.program, await visit.once(), _import(visit), visit.by)
    return visit.to(f"/data/imports/{visit.path['id']}")


@pages.get("/data/imports/{id}/report.csv", needs="data.import")
async def report_csv(visit: Visit) -> Response[Any]:
    """What is wrong, row by row, for a spreadsheet."""
    rows: list[tuple[str | int, ...]] = [("row", "column", "code", "detail")]
    async for some in report(visit.database, visit.program.id, _import(visit)):
        rows += [
            (line.line, line.column, line.code, refusals.sentence(line.detail, visit.language))
            for line in some
        ]
    return visit.file(f"report-{visit.path['id']}.csv", rows_as_csv(rows), "text/csv")


async def _one(visit: Visit) -> dict[str, Any]:
    found: ImportView = await read_import(visit.database, visit.program.id, _import(visit))
    lines = await first_of_report(visit.database, visit.program.id, _import(visit), REPORTED)
    total = found.made + found.changed if found.status == "undoing" else found.rows
    return {
        "one": found,
        "lines": lines,
        "told": _told(visit),
        "running": found.status in RUNNING,
        "done": found.undone + found.kept if found.status == "undoing" else found.done,
        "total": total,
        "kinds": KINDS,
        "states": STATES,
        "days": visit.program.settings.import_files_days,
    }


async def _columns(visit: Visit, file: FileView, kind: Kind, mapping: Mapping, source: str) -> Response[Any]:
    samples = await _samples(visit, file)
    saved = [one for one in await list_mappings(visit.database, visit.program.id) if one.kind == kind]
    rows = []
    for place, column in enumerate(file.columns):
        target = mapping.target(column) or Target("")
        cells = [
            record.cells[place] for record in samples if place < len(record.cells) and record.cells[place]
        ]
        rows.append((place, column, cells[:3], target))
    return visit.page(
        "data_file",
        file=file,
        kind=kind,
        kinds=KINDS,
        rows=rows,
        fields=fields.FIELDS[kind],
        open_field=fields.OPEN.get(kind),
        conversions=CONVERSIONS,
        presets=[one for one in presets.PRESETS if one.kind == kind],
        saved=saved,
        source=source,
        **await _preview(visit, file, kind, mapping),
    )


async def _preview(visit: Visit, file: FileView, kind: Kind, mapping: Mapping) -> dict[str, Any]:
    """The first rows as they would be read, or why they cannot be."""
    try:
        reader = Reader(kind, mapping, file.columns, context_of(visit.program))
    except Unprocessable as problem:
        return {"shown": [], "named": [], "wrong": refusals.sentences(problem, visit.language)}
    read = [reader.row(record) for record in (await _samples(visit, file))[:PREVIEWED]]
    named = [one.name for one in fields.FIELDS[kind] if any(one.name in row.cells for row, _ in read)]
    named += sorted({name for row, _ in read for name in row.cells} - set(named))
    titles = {one.name: visit.language.gettext(one.title) for one in fields.FIELDS[kind]}
    return {"shown": read, "named": named, "titles": titles, "wrong": [], "told": _told(visit)}


def _told(visit: Visit) -> Callable[[str], str]:
    """What says in her language what is wrong with a row."""
    return partial(refusals.sentence, language=visit.language)


async def _samples(visit: Visit, file: FileView) -> list[Record]:
    async with visit.database.transaction(visit.program.id) as tx:
        kept = await found_file(tx, visit.program.id, _file_id(file.id))
        return (await rows_from(tx, visit.known.vault, kept, 0))[:PREVIEWED]


async def _chosen(visit: Visit, file: FileView, kind: Kind) -> tuple[Mapping, str]:
    """The mapping that the address names: of a system, saved, or as it seems."""
    source = visit.query.get("as", "")
    if not source and file.preset is not None and file.kind == kind:
        source = f"preset:{file.preset}"
    start, _, name = source.partition(":")
    preset = presets.named(name) if start == "preset" else None
    if preset is not None and preset.kind == kind:
        return preset.mapping(file.columns), source
    if start == "saved":
        for saved in await list_mappings(visit.database, visit.program.id):
            if (saved.kind, saved.name) == (kind, name):
                columns = {c: saved.mapping.columns.get(c, "") for c in file.columns if c}
                return structs.replace(saved.mapping, columns=columns), source
    return file.suggested[kind], "suggested"


def _mapping(visit: Visit, file: FileView) -> Mapping:
    """What the form says of every column."""
    columns: dict[str, Target | str] = {}
    for place, column in enumerate(file.columns):
        if column:
            named = visit.form(f"field-{place}")
            convert = visit.form(f"convert-{place}")
            other = visit.form(f"other-{place}")
            columns[column] = Target(
                f"{named}{other}" if named.endswith(".") else named, convert if named else ""
            )
    return Mapping(columns)


async def _file(visit: Visit) -> FileView:
    return await read_file(visit.database, visit.program.id, visit.known.vault, _file_id(visit.path["id"]))


def _file_id(text: str) -> UUID:
    return ids.read("fil", text, "/file")


def _import(visit: Visit) -> UUID:
    return ids.read("imp", visit.path["id"])


def _kind(text: str | None, otherwise: Kind) -> Kind:
    return cast(Kind, text) if text in fields.KINDS else otherwise
