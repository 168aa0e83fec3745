"""Begins exports, shows them, and gives their files to whoever may have them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows.exports.books import BOOKS
from regulars.flows.exports.filtering import ExportFilter
from regulars.flows.exports.goods import GOODS
from regulars.flows.exports.pages import Export
from regulars.flows.exports.people import PEOPLE
from regulars.flows.exports.registers import REGISTERS
from regulars.flows.exports.rewards import REWARDS
from regulars.flows.exports.sales import SALES
from regulars.flows.exports.standings import STANDINGS
from regulars.flows.exports.trails import TRAILS
from regulars.flows.imports.data_files import owner_of
from regulars.interchange import register
from regulars.interchange.model import DataExport, ExportStatus
from regulars.interchange.table import Format
from regulars.members.vault import Sealed, Vault
from regulars.programs import tasks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

TASK = "export"
SEALED_AS = b"regulars.export-part"
EXPORTS: tuple[Export, ...] = (
    *PEOPLE, *STANDINGS, *BOOKS, *SALES, *GOODS, *REWARDS, *REGISTERS, *TRAILS,
)  # fmt: skip
"""All kinds there are; a further one is a line here."""


class NewExport(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/exports`."""

    kind: Annotated[str, Meta(max_length=40)]
    format: Format = "csv"
    filter: ExportFilter = ExportFilter()


class ExportView(Struct, frozen=True, omit_defaults=True):
    """An export: who asked for what, how far it is, and where its file is."""

    id: str
    job: str
    kind: str
    format: Format
    filter: dict[str, Any]
    personal: bool
    """Whether somebody can be recognised by what stands in it."""
    status: ExportStatus
    rows: int
    bytes: int
    created_at: datetime
    created_by: str
    digest: str | None = None
    """SHA-256 of the file, in hexadecimal digits."""
    finished_at: datetime | None = None
    file: str | None = None
    """Where it can be downloaded, as long as it is kept."""
    why: str = ""


class ExportPage(Struct, frozen=True):
    """Exports, the newest first."""

    items: tuple[ExportView, ...]
    next: str | None


def export_of(kind: str) -> Export:
    """The kind of that name. Raises InvalidValue."""
    found = next((one for one in EXPORTS if one.kind == kind), None)
    if found is None:
        raise InvalidValue("/kind", f"is one of {', '.join(one.kind for one in EXPORTS)}")
    return found


async def start_export(database: Database, request: Request, new: NewExport, by: str) -> Answer:
    """202 with an ExportView. Raises InvalidValue."""
    kind = export_of(new.kind)
    strange = sorted(new.filter.named() - set(kind.filters))
    if strange:
        raise InvalidValue(f"/filter/{strange[0]}", f"an export of {new.kind} has no such filter")
    if (new.filter.channel is None) != (new.filter.purpose is None):
        raise InvalidValue("/filter", "channel and purpose are named together")

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        one = DataExport(
            id=ids.new(),
            kind=new.kind,
            format=new.format,
            filter=msgspec.to_builtins(new.filter),
            personal=kind.personal,
            status="waiting",
            why="",
            rows=0,
            bytes=0,
            digest=None,
            job=ids.new(),
            created_at=request.at,
            created_by=by,
            finished_at=None,
            forgotten_at=None,
        )
        await register.enter_export(tx, request.program, one)
        payload = {"export": ids.show("exp", one.id)}
        await tasks.begin(tx, one.job, request.program, TASK, payload, 0, request.at)
        what = {"kind": one.kind, "format": one.format, "filter": one.filter, "personal": one.personal}
        await trail.record(
            tx, request.program, Change("export.started", payload["export"], after=what), request.at
        )
        return await requests.keep(tx, request, 202, msgspec.json.encode(export_view(one)))

    return await database.run(request.program, work)


async def read_export(database: Database, program: UUID, identifier: UUID) -> ExportView:
    """An export as it stands. Raises NotFound."""
    async with database.transaction(program) as tx:
        return export_view(await _found(tx, program, identifier))


async def list_exports(database: Database, program: UUID, before: UUID | None, limit: int) -> ExportPage:
    """Exports, the newest first, those before the export `before`."""
    async with database.transaction(program) as tx:
        found = await register.exports(tx, program, before or register.LAST, limit + 1)
    shown = tuple(export_view(one) for one in found[:limit])
    return ExportPage(shown, shown[-1].id if len(found) > limit else None)


async def open_export(
    database: Database, vault: Vault, identifier: UUID
) -> tuple[DataExport, AsyncIterator[bytes]]:
    """An export that is done, and its file piece by piece. Raises NotFound, StateConflict where it is not ready."""
    program = vault.program
    async with database.transaction(program) as tx:
        one = await _found(tx, program, identifier)
    if one.status != "done":
        raise StateConflict("This export is not ready yet." if one.status != "failed" else one.why)
    if one.forgotten_at is not None:
        raise NotFound("The time in which this export could be downloaded is over.")
    if one.personal:
        taken = Change("export.downloaded", ids.show("exp", one.id), after={"rows": one.rows})
        await database.run(program, lambda tx: trail.record(tx, program, taken))

    async def pieces() -> AsyncIterator[bytes]:
        number, size = 0, 0
        while size < one.bytes:
            async with database.transaction(program) as tx:
                part = await register.part(tx, program, one.id, number)
            if part is None:
                return
            kept = Sealed(part.generation, part.wrapped_key, part.sealed)
            text = vault.open_text(SEALED_AS, owner_of(one.id, number), kept)
            number, size = number + 1, size + len(text)
            yield text

    return one, pieces()


def file_name(one: DataExport) -> str:
    """What the file is called: kind, day, ending."""
    return f"{one.kind}-{one.created_at.date().isoformat()}.{one.format}"


def export_view(one: DataExport) -> ExportView:
    """An export as it is answered."""
    identifier = ids.show("exp", one.id)
    there = one.status == "done" and one.forgotten_at is None
    return ExportView(
        id=identifier,
        job=ids.show("job", one.job),
        kind=one.kind,
        format=one.format,
        filter=one.filter,
        personal=one.personal,
        status=one.status,
        rows=one.rows,
        bytes=one.bytes,
        created_at=one.created_at,
        created_by=one.created_by,
        digest=one.digest.hex() if one.digest else None,
        finished_at=one.finished_at,
        file=f"/v1/exports/{identifier}/file" if there else None,
        why=one.why,
    )


async def _found(tx: Transaction, program: UUID, identifier: UUID) -> DataExport:
    found = await register.find_export(tx, program, identifier)
    if found is None:
        raise NotFound("There is no such export in this program.")
    return found
