"""Takes a file in to be imported: reads it whole, and keeps its rows sealed, some hundred to a part.

Personal data stands in it: nothing of it is written anywhere else, and it is deleted when its time is over.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound
from regulars.interchange import presets, register, suggesting
from regulars.interchange.fields import KINDS, Kind
from regulars.interchange.mapping import Mapping
from regulars.interchange.model import ROWS_OF_A_PART, DataFile
from regulars.interchange.register import SealedPart
from regulars.interchange.table import ROWS_MAX, Format, Record, Source, Table, UnreadableTable, open_table
from regulars.members.vault import Sealed, Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

SEALED_AS = b"regulars.data-part"
NAME_MAX = 200
PARTS_AT_ONCE = 50
SAMPLES = 100
FORGOTTEN_AT_ONCE = 100
_ENCODER, _DECODER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(list[Record])


class FileView(Struct, frozen=True, omit_defaults=True):
    """A file that was taken in, and what it seems to be."""

    id: str
    name: str
    format: Format
    bytes: int
    rows: int
    columns: tuple[str, ...]
    assumed: dict[str, str]
    """How it was read: `encoding` and `delimiter`, or `sheet`."""
    kind: Kind
    """What it seems to be."""
    preset: str | None
    """The system whose export it seems to be."""
    suggested: dict[str, Mapping]
    """By kind, a mapping that fits its columns and first rows."""
    created_at: datetime


async def take_file(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    name: str,
    content: bytes,
    *,
    by: str,
    encoding: str | None = None,
) -> Answer:
    """201 with a FileView. Raises UnreadableTable (422), InvalidValue."""
    name = name.strip()
    if not 0 < len(name) <= NAME_MAX or not name.isprintable():
        raise InvalidValue("?name", f"is 1 to {NAME_MAX} printable characters")
    identifier = ids.new()

    def read() -> tuple[Table, list[SealedPart], int, list[Record]]:
        # Each part is sealed as soon as it is read: a large file never stands whole in memory as rows.
        table = open_table(Source(content), languages=program.languages, encoding=encoding)
        sealed, rows, first = list[SealedPart](), 0, list[Record]()
        for number, part in enumerate(parts_of(table)):
            text = zlib.compress(_ENCODER.encode(part), 1)
            sealed.append(seal(vault, SEALED_AS, identifier, number, text))
            rows, first = rows + len(part), first or part
        return table, sealed, rows, first

    table, sealed, rows, samples = await asyncio.to_thread(read)
    file = DataFile(
        id=identifier,
        name=name,
        format=table.format,
        bytes=len(content),
        digest=hashlib.sha256(content).digest(),
        columns=table.columns,
        rows=rows,
        assumed=table.assumed,
        created_at=request.at,
        created_by=by,
    )
    if not file.rows:
        raise UnreadableTable("The file has no rows below its heading.")

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        await register.enter_file(tx, program.id, file)
        for start in range(0, len(sealed), PARTS_AT_ONCE):
            await register.enter_parts(tx, program.id, identifier, sealed[start : start + PARTS_AT_ONCE])
        answer = await requests.keep(tx, request, 201, msgspec.json.encode(file_view(file, samples)))
        sent = {"format": file.format, "rows": file.rows, "digest": file.digest.hex()}
        change = Change("file.sent", ids.show("fil", identifier), after=sent)
        await trail.record(tx, program.id, change, request.at)
        return answer

    return await database.run(program.id, work)


async def read_file(database: Database, program: UUID, vault: Vault, file: UUID) -> FileView:
    """A file with what it seems to be. Raises NotFound, also for one whose rows are forgotten."""
    async with database.transaction(program) as tx:
        found = await found_file(tx, program, file)
        samples = await rows_from(tx, vault, found, 0)
    return file_view(found, samples)


async def found_file(tx: Transaction, program: UUID, file: UUID) -> DataFile:
    """A file whose rows are there. Raises NotFound."""
    found = await register.find_file(tx, program, file)
    if found is None or found.forgotten_at is not None:
        raise NotFound("There is no such file, or its time is over: send it again.")
    return found


async def rows_from(tx: Transaction, vault: Vault, file: DataFile, place: int) -> list[Record]:
    """Rows of a file from a place (0: the first) to the end of the part that it lies in; none behind the last."""
    number, skipped = divmod(place, ROWS_OF_A_PART)
    part = await register.part(tx, vault.program, file.id, number) if place < file.rows else None
    if part is None:
        return []
    kept = Sealed(part.generation, part.wrapped_key, part.sealed)
    text = vault.open_text(SEALED_AS, owner_of(file.id, number), kept)
    return _DECODER.decode(zlib.decompress(text))[skipped:]


async def forget_files(database: Database, program: Program, at: datetime) -> int:
    """Delete what stands in files and exports whose time is over; of how many."""
    settings = program.settings

    async def work(tx: Transaction) -> int:
        before = at - timedelta(days=settings.import_files_days)
        gone = await register.forget_old(tx, program.id, before, at, FORGOTTEN_AT_ONCE)
        before = at - timedelta(hours=settings.export_files_hours)
        return gone + await register.forget_exports(tx, program.id, before, at, FORGOTTEN_AT_ONCE)

    return await database.run(program.id, work)


def parts_of(table: Table) -> Iterator[list[Record]]:
    """The rows of a table, some hundred at once. Raises UnreadableTable."""
    gathered: list[Record] = []
    count = 0
    for record in table.records():
        gathered.append(record)
        count += 1
        if count > ROWS_MAX:
            raise UnreadableTable(f"The file has more than {ROWS_MAX} rows.")
        if len(gathered) == ROWS_OF_A_PART:
            yield gathered
            gathered = []
    if gathered or not count:
        yield gathered


def file_view(file: DataFile, samples: list[Record]) -> FileView:
    """A file as it is answered."""
    preset = presets.fitting(file.columns)
    suggested = {kind: suggesting.suggest(kind, file.columns, samples[:SAMPLES]) for kind in KINDS}
    return FileView(
        id=ids.show("fil", file.id),
        name=file.name,
        format=file.format,
        bytes=file.bytes,
        rows=file.rows,
        columns=file.columns,
        assumed=file.assumed,
        kind=preset.kind if preset else suggesting.guess_kind(file.columns),
        preset=preset.code if preset else None,
        suggested=suggested,
        created_at=file.created_at,
    )


def owner_of(file: UUID, part: int) -> bytes:
    """What a part is sealed for."""
    return file.bytes + part.to_bytes(4, "big")


def seal(vault: Vault, kind: bytes, file: UUID, part: int, text: bytes) -> SealedPart:
    """A part as it may be kept."""
    sealed = vault.seal_text(kind, owner_of(file, part), text)
    return SealedPart(part, sealed.generation, sealed.wrapped_key, sealed.sealed)
