"""`/v1/imports`: files that are sent, what is made of them, what is wrong, and taking it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.imports.data_files import FileView, read_file, take_file
from regulars.flows.imports.imports import (
    ImportPage,
    ImportView,
    NewImport,
    list_imports,
    list_mappings,
    read_import,
    report,
    start_import,
    undo_import,
)
from regulars.interchange.model import SavedMapping
from regulars.web import tables
from regulars.web.endpoints import Call, Endpoints, Reply, attachment

calls = Endpoints("imports", whole=True)
HEADING = ("row", "column", "code", "detail")


class FileQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What the file is called, and how it is encoded."""

    name: Annotated[str, Meta(min_length=1, max_length=200)] = "upload"
    encoding: Annotated[str, Meta(max_length=20)] | None = None
    """Of a CSV; decided by its bytes when left out."""


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class Mappings(Struct, frozen=True):
    """The mappings that were saved, by kind and name."""

    items: tuple[SavedMapping, ...]
    next: str | None = None


@calls(
    "POST",
    "/v1/imports/files",
    scopes="manage",
    query=FileQuery,
    answer=FileView,
    status=201,
    upload=True,
)
async def upload(call: Call[bytes, FileQuery]) -> Answer:
    """Send a file: CSV, Excel (.xlsx) or Parquet, as the body. What it is, its content says, not its name.

    The answer tells how it was read (`assumed`), what it seems to be (`kind`, `preset`), and a mapping for each kind
    that fits its columns and first rows. Its rows are kept sealed, and deleted after `import_files_days`.
    """
    known = await call.known()
    return await take_file(
        call.database,
        known.program,
        known.vault,
        await call.request(),
        call.query.name,
        call.body,
        by=_by(call),
        encoding=call.query.encoding,
    )


@calls("GET", "/v1/imports/files/{id}", scopes="manage", answer=FileView)
async def file(call: Call[Any, Any]) -> FileView:
    """A file that was sent, and what it seems to be."""
    known = await call.known()
    return await read_file(call.database, known.program.id, known.vault, ids.read("fil", call.path["id"]))


@calls("GET", "/v1/imports/mappings", scopes="manage", answer=Mappings, items_by="kind name")
async def mappings(call: Call[Any, Any]) -> Mappings:
    """The mappings that were saved with an import (`save_as`)."""
    return Mappings(await list_mappings(call.database, call.caller.program))


@calls("POST", "/v1/imports", scopes="manage", body=NewImport, answer=ImportView, status=202)
async def create(call: Call[NewImport, Any]) -> Answer:
    """Import a file that was sent, or try it (`dry_run`): it is done by a job, step by step.

    Kinds: members, cards, balances (lots of members who are there), products, stores, purchases (as they were sold),
    activities (of declared kinds).
    Rows that are faulty are left out and stand in the report; what is there already is counted, not entered twice:
    members by their external id, phone, email or card, balances by their `reference` or all that they say, products,
    stores, purchases and activities by their codes and ids.
    """
    known = await call.known()
    return await start_import(call.database, known.program, await call.request(), call.body, _by(call))


@calls("GET", "/v1/imports", scopes="manage read", query=PageQuery, answer=ImportPage)
async def search(call: Call[Any, PageQuery]) -> ImportPage:
    """Imports and dry runs, the newest first."""
    before = ids.read("imp", call.query.cursor, "?cursor") if call.query.cursor else None
    return await list_imports(call.database, call.caller.program, before, call.query.limit)


@calls("GET", "/v1/imports/{id}", scopes="manage read", answer=ImportView)
async def show(call: Call[Any, Any]) -> ImportView:
    """An import: how far it has come, and what it did."""
    return await read_import(call.database, call.caller.program, _import(call))


@calls("GET", "/v1/imports/{id}/report", scopes="manage read", answer=None, media_type=tables.MEDIA_TYPE)
async def as_csv(call: Call[Any, Any]) -> Reply:
    """What is wrong, row by row, as CSV: row, column, code, detail; and what could not be taken back, and why."""
    identifier = _import(call)
    await read_import(call.database, call.caller.program, identifier)

    async def lines() -> AsyncIterator[bytes]:
        yield tables.rows_as_csv([HEADING])
        async for some in report(call.database, call.caller.program, identifier):
            yield tables.rows_as_csv([(one.line, one.column, one.code, one.detail) for one in some])

    return attachment(f"report-{call.path['id']}.csv", lines(), tables.MEDIA_TYPE)


@calls("POST", "/v1/imports/{id}/undo", scopes="manage", answer=ImportView, status=202)
async def undo(call: Call[Any, Any]) -> Answer:
    """Take an import back, by a job: whatever was done since with what it made is kept, and the report says why.

    Members are erased, cards closed, balances reversed, purchases voided, activities corrected; products and
    stores are what they were.
    Afterwards the file can be imported again.
    """
    known = await call.known()
    return await undo_import(call.database, known.program, await call.request(), _import(call), _by(call))


def _import(call: Call[Any, Any]) -> UUID:
    return ids.read("imp", call.path["id"])


def _by(call: Call[Any, Any]) -> str:
    return ids.show("key", call.caller.key)
