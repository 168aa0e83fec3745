"""What a step of an import is given, and how it says what became of its rows: once, in the transaction of the rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from regulars.db.pool import Database, Transaction
from regulars.errors import Problem
from regulars.flows.known_programs import Known
from regulars.interchange import register
from regulars.interchange.mapping import CellFault
from regulars.interchange.model import DataImport, RowFault, RowOutcome
from regulars.interchange.table import Row
from regulars.programs import tasks

Result = TypeVar("Result")


class ReadRow(NamedTuple):
    """A row with its cells by field, and what could not be converted."""

    row: Row
    faults: tuple[CellFault, ...]


class DoneBefore(Exception):
    """Somebody else has done this step; what was written in this transaction is not."""


class _Rehearsed(Exception):
    """The end of a step of a dry run."""

    def __init__(self, outcomes: Sequence[RowOutcome]):
        super().__init__()
        self.outcomes = outcomes


class Step(NamedTuple):
    """Some rows of an import, and all that is known of it."""

    database: Database
    known: Known
    one: DataImport
    at: datetime
    rows: tuple[ReadRow, ...]
    first: int
    """Rows of the file before these."""
    to: int
    column_of: Callable[[str], str]
    """What the file calls a field."""

    @property
    def actor(self) -> str:
        """Who does it, for the books."""
        return self.one.created_by

    async def note(self, tx: Transaction, outcomes: Sequence[RowOutcome]) -> None:
        """Say what became of the rows. Raises DoneBefore."""
        if not await register.note_step(tx, self.known.program.id, self.one, self.first, self.to, outcomes):
            raise DoneBefore
        await tasks.advance(tx, self.one.job, self.to)

    async def write(self, work: Callable[[Transaction], Awaitable[list[RowOutcome]]]) -> list[RowOutcome]:
        """Do the rows in one transaction with their note; in a dry run only the note is left of it."""
        program = self.known.program.id

        async def whole(tx: Transaction) -> list[RowOutcome]:
            outcomes = await work(tx)
            if self.one.dry_run:
                raise _Rehearsed(outcomes)
            await self.note(tx, outcomes)
            return outcomes

        try:
            return await self.database.run(program, whole)
        except _Rehearsed as rehearsed:
            outcomes = list(rehearsed.outcomes)
            await self.database.run(program, lambda tx: self.note(tx, outcomes))
            return outcomes

    def faulty(self, line: int, faults: Iterable[RowFault]) -> RowOutcome:
        """A row that cannot be, with its faults by the names of the file's columns."""
        named = tuple(RowFault(self.column_of(one.column), one.code, one.detail) for one in faults)
        return RowOutcome(line, "faulty", faults=named)

    def unread(self, one: ReadRow) -> RowOutcome:
        """A row with cells that could not be converted."""
        faults = tuple(RowFault(fault.column, "invalid_value", fault.detail) for fault in one.faults)
        return RowOutcome(one.row.number, "faulty", faults=faults)


class Importer(Protocol):
    """Imports rows of one kind, step by step. It remembers what a dry run must know of its earlier steps."""

    def recall(self, rows: Sequence[ReadRow]) -> None:
        """Look at rows that an earlier run has done."""
        ...

    async def take(self, step: Step) -> None:
        """Do some rows, and note what became of them. Raises DoneBefore."""
        ...


def faults_of(problem: Problem) -> list[RowFault]:
    """A problem of a row, by the fields that its pointers begin with."""
    found = [
        RowFault(next((part for part in fault.pointer.split("/") if part), ""), fault.code, fault.detail)
        for fault in problem.errors
    ]
    return found or [RowFault("", problem.code, problem.detail)]
