"""Keeps files, imports with what became of their rows, exports, and named mappings.

Each step of an import is a guarded write: it begins where the one before ended, or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.interchange import mapping as mappings
from regulars.interchange.fields import Kind
from regulars.interchange.mapping import Mapping
from regulars.interchange.model import (
    Became,
    DataExport,
    DataFile,
    DataImport,
    KeptRow,
    RowFault,
    RowOutcome,
    SavedMapping,
)

SQL = queries.load("regulars.interchange")
LEASE = timedelta(seconds=60)
"""How long work stays with whoever took it on without a sign of life."""
LAST = UUID(int=2**128 - 1)


class SealedPart(NamedTuple):
    """A part of a file as it is kept: a generation of the master key, the wrapped key, the sealed text."""

    part: int
    generation: int
    wrapped_key: bytes
    sealed: bytes


class Lease(NamedTuple):
    """Who works on something, by the world's clock."""

    who: UUID
    now: datetime


# files -----------------------------------------------------------------------------------------------------


async def enter_file(tx: Transaction, program: UUID, file: DataFile) -> None:
    """Enter a file; its parts follow."""
    document = msgspec.json.encode(file.assumed).decode()
    await tx.execute(
        SQL.enter_file,
        (
            program, file.id, file.name, file.format, file.bytes, file.digest, list(file.columns), file.rows,
            document, file.created_at, file.created_by, file.forgotten_at,
        ),
    )  # fmt: skip


async def enter_parts(tx: Transaction, program: UUID, file: UUID, parts: Sequence[SealedPart]) -> None:
    """Enter parts of a file, or of an export."""
    columns = (
        arrays.int4s([part.part for part in parts]),
        arrays.int4s([part.generation for part in parts]),
        arrays.byteas([part.wrapped_key for part in parts]),
        arrays.byteas([part.sealed for part in parts]),
    )
    await tx.execute(SQL.enter_parts, (program, file, *columns))


async def find_file(tx: Transaction, program: UUID, file: UUID) -> DataFile | None:
    """A file, also one whose content is forgotten."""
    row = await fetch_one(tx, SQL.find_file, (program, file))
    return _file(row) if row else None


async def files(tx: Transaction, program: UUID, named: Sequence[UUID]) -> dict[UUID, DataFile]:
    """These files, by id."""
    rows = await fetch_all(tx, SQL.files_named, (program, arrays.uuids(named)))
    return {row[0]: _file(row) for row in rows}


async def part(tx: Transaction, program: UUID, file: UUID, number: int) -> SealedPart | None:
    """A part of a file, or of an export."""
    row = await fetch_one(tx, SQL.part, (program, file, number))
    return SealedPart(number, row[0], bytes(row[1]), bytes(row[2])) if row else None


async def forget_parts(tx: Transaction, program: UUID, file: UUID) -> None:
    """Delete what stands in a file, or in an export's."""
    await tx.execute(SQL.forget_parts, (program, file))


async def forget_old(tx: Transaction, program: UUID, before: datetime, at: datetime, limit: int) -> int:
    """Delete what stands in files that came before an instant; of how many."""
    old = [row[0] for row in await fetch_all(tx, SQL.old_files, (program, before, limit))]
    for file in old:
        await forget_parts(tx, program, file)
        await tx.execute(SQL.forget_file, (at, program, file))
    return len(old)


async def parts_by_generation(tx: Transaction, program: UUID) -> dict[int, int]:
    """Generation of the master key → how many parts are sealed under it."""
    return {row[0]: row[1] for row in await fetch_all(tx, SQL.parts_by_generation, (program,))}


# imports ---------------------------------------------------------------------------------------------------


async def enter_import(tx: Transaction, program: UUID, one: DataImport) -> None:
    """Enter an import that waits for its first step."""
    document = msgspec.json.encode(one.mapping).decode()
    fields = (one.file, one.kind, document, one.dry_run, one.rows, one.job, one.created_at, one.created_by)
    await tx.execute(SQL.enter_import, (program, one.id, *fields))


async def find_import(tx: Transaction, program: UUID, identifier: UUID) -> DataImport | None:
    """An import as it stands."""
    row = await fetch_one(tx, SQL.find_import, (program, identifier))
    return _import(row) if row else None


async def imports(tx: Transaction, program: UUID, before: UUID, limit: int) -> list[DataImport]:
    """Imports, the newest first."""
    return [_import(row) for row in await fetch_all(tx, SQL.imports, (program, before, limit))]


async def lease_import(tx: Transaction, program: UUID, identifier: UUID, lease: Lease) -> bool:
    """Take an import on, or keep it. False when somebody else has it, or nothing is left to be done."""
    named = {"program": program, "import": identifier, **lease_columns(lease)}
    return await fetch_one(tx, SQL.lease_import, named) is not None


async def release_import(tx: Transaction, program: UUID, identifier: UUID, who: UUID) -> None:
    """Let others take it on."""
    await tx.execute(SQL.release_import, (program, identifier, who))


async def begin_again(tx: Transaction, program: UUID, identifier: UUID) -> None:
    """Put a dry run that was stopped back to its first row."""
    if (await tx.execute(SQL.begin_again, (program, identifier))).rowcount:
        await tx.execute(SQL.forget_rows, (program, identifier))


async def note_step(
    tx: Transaction, program: UUID, one: DataImport, first: int, to: int, outcomes: Sequence[RowOutcome]
) -> bool:
    """Note what became of rows, and that the rows from `first` up to `to` are done; False when it was before."""
    named = {"program": program, "import": one.id, "from": first, "to": to, **counts_of(outcomes)}
    if await fetch_one(tx, SQL.advance_import, named) is None:
        return False
    await note_rows(tx, program, one, outcomes)
    return True


async def note_rows(tx: Transaction, program: UUID, one: DataImport, outcomes: Sequence[RowOutcome]) -> None:
    """Note what became of rows, but for those that were there already."""
    # Of a dry run only what is wrong is kept: nothing of it can be undone.
    kept = [
        o for o in outcomes if o.outcome == "faulty" or (o.outcome in ("made", "changed") and not one.dry_run)
    ]
    if kept:
        columns = (
            arrays.int8s([outcome.line for outcome in kept]),
            arrays.texts([outcome.outcome for outcome in kept]),
            arrays.uuids([outcome.what for outcome in kept]),
            arrays.texts([_json(outcome.note) for outcome in kept]),
            arrays.texts([_json(outcome.faults or None) for outcome in kept]),
        )
        await tx.execute(SQL.note_rows, (program, one.id, *columns))


async def begin_rows(tx: Transaction, program: UUID, identifier: UUID, lines: Sequence[int]) -> None:
    """Note what is about to be recorded."""
    await tx.execute(SQL.begin_rows, (program, identifier, arrays.int8s(lines)))


async def rows_of_lines(
    tx: Transaction, program: UUID, identifier: UUID, lines: Sequence[int]
) -> dict[int, Became]:
    """Of these lines those that were about to be recorded, perhaps by somebody who was stopped, or were dealt with."""
    rows = await fetch_all(tx, SQL.rows_of_lines, (program, identifier, arrays.int8s(lines)))
    return {row[0]: row[1] for row in rows}


async def drop_begun(tx: Transaction, program: UUID, identifier: UUID, lines: Sequence[int]) -> None:
    """These lines were not recorded after all."""
    await tx.execute(SQL.drop_begun, (program, identifier, arrays.int8s(lines)))


async def finish_import(
    tx: Transaction, program: UUID, identifier: UUID, status: str, why: str, at: datetime
) -> bool:
    """Note that it is done, or failed and why; False when it was ended before."""
    return (await tx.execute(SQL.finish_import, (status, why, at, program, identifier))).rowcount == 1


async def begin_undo(tx: Transaction, program: UUID, identifier: UUID, job: UUID, by: str) -> int | None:
    """Begin to take an import back: how many rows there are; None when it cannot be, or is being, undone."""
    row = await fetch_one(tx, SQL.begin_undo, (job, by, program, identifier))
    return row[0] if row else None


async def rows_to_undo(
    tx: Transaction, program: UUID, identifier: UUID, before: int, limit: int
) -> list[KeptRow]:
    """Rows that made or changed something which is not taken back yet, the last line first."""
    return [_row(row) for row in await fetch_all(tx, SQL.rows_to_undo, (program, identifier, before, limit))]


async def rows_to_report(
    tx: Transaction, program: UUID, identifier: UUID, after: int, limit: int
) -> list[KeptRow]:
    """Rows that are faulty, or that could not be taken back, by line."""
    return [_row(row) for row in await fetch_all(tx, SQL.rows_to_report, (program, identifier, after, limit))]


async def note_undone(tx: Transaction, program: UUID, identifier: UUID, became: dict[int, str]) -> None:
    """Note of lines that they are `undone`, or why they are kept."""
    columns = (arrays.int8s(list(became)), arrays.texts(list(became.values())))
    changed = (await tx.execute(SQL.note_undone, (*columns, program, identifier))).rowcount
    assert changed == len(became), "a row is taken back once"
    undone = sum(1 for text in became.values() if text == "undone")
    counted = await fetch_one(tx, SQL.count_undone, (undone, len(became) - undone, program, identifier))
    assert counted is not None, "what is being undone is not ended by others"


async def finish_undo(tx: Transaction, program: UUID, identifier: UUID, at: datetime) -> bool:
    """Note that all of it is taken back, as far as it can be; False when that was noted before."""
    return (await tx.execute(SQL.finish_undo, (at, program, identifier))).rowcount == 1


async def claim_balances(
    tx: Transaction, program: UUID, identifier: UUID, claims: Sequence[tuple[bytes, int]]
) -> set[bytes]:
    """Enter (digest of what names a balance, line); the digests that were there before."""
    columns = (arrays.byteas([digest for digest, _ in claims]), arrays.int8s([line for _, line in claims]))
    new = {bytes(row[0]) for row in await fetch_all(tx, SQL.claim_balances, (program, identifier, *columns))}
    return {digest for digest, _ in claims} - new


async def claimed_balances(tx: Transaction, program: UUID, digests: Sequence[bytes]) -> set[bytes]:
    """Of these digests those that are in the books already."""
    return {
        bytes(row[0]) for row in await fetch_all(tx, SQL.claimed_balances, (arrays.byteas(digests), program))
    }


async def release_balances(tx: Transaction, program: UUID, identifier: UUID, lines: Sequence[int]) -> None:
    """Let balances that were taken back come again."""
    await tx.execute(SQL.release_balances, (arrays.int8s(lines), program, identifier))


# mappings --------------------------------------------------------------------------------------------------


async def save_mapping(tx: Transaction, program: UUID, saved: SavedMapping) -> None:
    """Keep a mapping under its name, in the place of one that had it."""
    document = msgspec.json.encode(saved.mapping).decode()
    await tx.execute(
        SQL.save_mapping, (program, saved.kind, saved.name, document, saved.saved_at, saved.saved_by)
    )


async def saved_mappings(tx: Transaction, program: UUID) -> list[SavedMapping]:
    """All mappings with a name, by kind and name."""
    return [_mapping(row) for row in await fetch_all(tx, SQL.mappings, (program,))]


async def saved_mapping(tx: Transaction, program: UUID, kind: Kind, name: str) -> SavedMapping | None:
    """The mapping of that name."""
    row = await fetch_one(tx, SQL.find_mapping, (program, kind, name))
    return _mapping(row) if row else None


# exports ---------------------------------------------------------------------------------------------------


async def enter_export(tx: Transaction, program: UUID, one: DataExport) -> None:
    """Enter an export that waits to be written."""
    document = msgspec.json.encode(one.filter).decode()
    fields = (one.kind, one.format, document, one.personal, one.job, one.created_at, one.created_by)
    await tx.execute(SQL.enter_export, (program, one.id, *fields))


async def find_export(tx: Transaction, program: UUID, identifier: UUID) -> DataExport | None:
    """An export as it stands."""
    row = await fetch_one(tx, SQL.find_export, (program, identifier))
    return _export(row) if row else None


async def exports(tx: Transaction, program: UUID, before: UUID, limit: int) -> list[DataExport]:
    """Exports, the newest first."""
    return [_export(row) for row in await fetch_all(tx, SQL.exports, (program, before, limit))]


async def lease_export(tx: Transaction, program: UUID, identifier: UUID, lease: Lease) -> bool:
    """Take an export on, or keep it. False when somebody else has it, or it is done."""
    named = {"program": program, "export": identifier, **lease_columns(lease)}
    return await fetch_one(tx, SQL.lease_export, named) is not None


async def advance_export(
    tx: Transaction, program: UUID, identifier: UUID, rows: int, size: int, who: UUID
) -> bool:
    """Note how far it has come; False when somebody else has it."""
    return await fetch_one(tx, SQL.advance_export, (rows, size, program, identifier, who)) is not None


async def finish_export(
    tx: Transaction,
    program: UUID,
    identifier: UUID,
    *,
    why: str,
    digest: bytes | None,
    at: datetime,
    who: UUID,
) -> bool:
    """Note that it is done, or (with a `why`) that it failed; False when somebody else has it."""
    status = "failed" if why else "done"
    ended = (status, why, digest, at, program, identifier, who)
    return await fetch_one(tx, SQL.finish_export, ended) is not None


async def forget_exports(tx: Transaction, program: UUID, before: datetime, at: datetime, limit: int) -> int:
    """Delete the files of exports that were finished before an instant; of how many."""
    old = [row[0] for row in await fetch_all(tx, SQL.old_exports, (program, before, limit))]
    for one in old:
        await forget_parts(tx, program, one)
        await tx.execute(SQL.forget_export, (at, program, one))
    return len(old)


# rows ------------------------------------------------------------------------------------------------------


def lease_columns(lease: Lease) -> dict[str, Any]:
    """Who has a lease, and until when."""
    return {"who": lease.who, "now": lease.now, "until": lease.now + LEASE}


def counts_of(outcomes: Sequence[RowOutcome]) -> dict[str, int]:
    """How many rows became what."""
    counted = Counter(outcome.outcome for outcome in outcomes)
    return {kind: counted[kind] for kind in ("made", "changed", "repeated", "faulty")}


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _file(row: Sequence[Any]) -> DataFile:
    identifier, name, format_, size, digest, columns, rows, assumed, at, by, forgotten = row
    return DataFile(
        identifier, name, format_, size, bytes(digest), tuple(columns), rows, msgspec.json.decode(assumed), at, by,
        forgotten,
    )  # fmt: skip


def _import(row: Sequence[Any]) -> DataImport:
    identifier, file, kind, document, *rest = row
    return DataImport(identifier, file, kind, mappings.decode(document), *rest)


def _row(row: Sequence[Any]) -> KeptRow:
    line, outcome, what, note, faults, undo = row
    return KeptRow(
        line,
        outcome,
        what,
        msgspec.json.decode(note) if note else None,
        msgspec.json.decode(faults, type=tuple[RowFault, ...]) if faults else (),
        undo,
    )


def _mapping(row: Sequence[Any]) -> SavedMapping:
    kind, name, document, saved_at, saved_by = row
    return SavedMapping(kind, name, msgspec.json.decode(document, type=Mapping), saved_at, saved_by)


def _export(row: Sequence[Any]) -> DataExport:
    identifier, kind, format_, filters, personal, status, why, rows, size, digest, *rest = row
    return DataExport(
        identifier, kind, format_, msgspec.json.decode(filters), personal, status, why, rows, size,
        bytes(digest) if digest else None, *rest,
    )  # fmt: skip
