"""What is kept of files, imports and exports."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.interchange.fields import Kind
from regulars.interchange.mapping import Mapping
from regulars.interchange.table import Format

ImportStatus = Literal["waiting", "running", "done", "failed", "undoing", "undone"]
ExportStatus = Literal["waiting", "running", "done", "failed"]
Became = Literal["begun", "made", "changed", "faulty"]
ROWS_OF_A_PART = 500


class DataFile(Struct, frozen=True):
    """A file that was sent; its rows are kept apart."""

    id: UUID
    name: str
    format: Format
    bytes: int
    digest: bytes
    columns: tuple[str, ...]
    rows: int
    assumed: dict[str, str]
    created_at: datetime
    created_by: str
    forgotten_at: datetime | None = None

    @property
    def never_kept(self) -> bool:
        """Whether it was read from a disk by a run of the command line: its rows are nowhere here."""
        return self.forgotten_at == self.created_at


class DataImport(Struct, frozen=True):
    """An import, how far it has come, and what it did."""

    id: UUID
    file: UUID
    kind: Kind
    mapping: Mapping
    dry_run: bool
    status: ImportStatus
    why: str
    rows: int
    done: int
    made: int
    changed: int
    repeated: int
    faulty: int
    undone: int
    kept: int
    job: UUID
    undo_job: UUID | None
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    undone_at: datetime | None
    undone_by: str | None

    @classmethod
    def waiting(
        cls, file: DataFile, kind: Kind, mapping: Mapping, by: str, at: datetime, *, dry_run: bool
    ) -> DataImport:
        """A new one, of which nothing is done."""
        return cls(
            id=ids.new(), file=file.id, kind=kind, mapping=mapping, dry_run=dry_run, status="waiting", why="",
            rows=file.rows, done=0, made=0, changed=0, repeated=0, faulty=0, undone=0, kept=0, job=ids.new(),
            undo_job=None, created_at=at, created_by=by, finished_at=None, undone_at=None, undone_by=None,
        )  # fmt: skip


class RowFault(Struct, frozen=True):
    """What is wrong with a row; never what stands in it, for that may be personal."""

    column: str
    code: str
    detail: str


class RowOutcome(Struct, frozen=True):
    """What became of a row."""

    line: int
    outcome: Became | Literal["repeated"]
    what: UUID | None = None
    note: dict[str, Any] | None = None
    faults: tuple[RowFault, ...] = ()


class KeptRow(Struct, frozen=True):
    """A row of an import as it is kept."""

    line: int
    outcome: Became
    what: UUID | None
    note: dict[str, Any] | None
    faults: tuple[RowFault, ...]
    undo: str


class DataExport(Struct, frozen=True):
    """An export: who took out what, and how much it was."""

    id: UUID
    kind: str
    format: Format
    filter: dict[str, Any]
    personal: bool
    status: ExportStatus
    why: str
    rows: int
    bytes: int
    digest: bytes | None
    job: UUID
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    forgotten_at: datetime | None


class SavedMapping(Struct, frozen=True):
    """A mapping with a name."""

    kind: Kind
    name: str
    mapping: Mapping
    saved_at: datetime
    saved_by: str
