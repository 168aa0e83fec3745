"""Imports members by the flow that the command line uses, and keeps what taking them back needs to know."""

from __future__ import annotations

from collections.abc import Sequence

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all
from regulars.errors import Fault
from regulars.flows.import_members import Outcome, Rehearsed, import_members
from regulars.flows.imports import member_rows
from regulars.flows.imports.step import ReadRow, Step
from regulars.flows.questionnaires import read_questionnaire
from regulars.interchange.model import RowFault, RowOutcome

SQL = queries.load("regulars.flows.imports", "undo.sql")


class Members:
    """The importer of members."""

    def __init__(self) -> None:
        self._rehearsed = Rehearsed()
        self._kinds: dict[str, str] | None = None

    def recall(self, rows: Sequence[ReadRow]) -> None:
        """What was entered is known by its claims."""

    async def take(self, step: Step) -> None:
        """Enter some members. Raises DoneBefore."""
        known, program = step.known, step.known.program
        if self._kinds is None:
            asked = await read_questionnaire(step.database, program.id)
            self._kinds = {question.code: question.kind for question in asked.questions}
        read = [member_rows.read(one.row, program.time_zone, self._kinds) for one in step.rows]
        good = [
            (one.row, one.member)
            for one, raw in zip(read, step.rows, strict=True)
            if one.member is not None and not raw.faults
        ]
        unread = [_unread(step, one, raw) for one, raw in zip(read, step.rows, strict=True)]
        bad = [outcome for outcome in unread if outcome is not None]

        async def note(tx: Transaction, became: list[Outcome]) -> None:
            marks = await _marks(tx, step, became)
            rows = [_outcome(step, line, one, marks) for (line, _), one in zip(good, became, strict=True)]
            await step.note(tx, [*bad, *rows])

        await import_members(
            step.database,
            program,
            known.vault,
            [member for _, member in good],
            step.actor,
            at=step.at,
            dry_run=step.one.dry_run,
            note=note,
            rehearsed=self._rehearsed if step.one.dry_run else None,
        )


async def _marks(tx: Transaction, step: Step, became: list[Outcome]) -> dict[str, str]:
    """Member → by what it is seen whether who she is was changed since."""
    made = [one.member for one in became if one.member is not None and not one.repeated]
    if not made:
        return {}
    columns = (arrays.int2s([ids.home(member) for member in made]), arrays.uuids(made))
    rows = await fetch_all(tx, SQL.marks_of_persons, (*columns, step.known.program.id))
    return {str(member): mark for member, mark in rows}


def _unread(step: Step, one: member_rows.ReadMember, raw: ReadRow) -> RowOutcome | None:
    if raw.faults:
        return step.unread(raw)
    if one.member is None:
        return step.faulty(one.row, [RowFault(f.column, f.code, f.detail) for f in one.faults])
    return None


def _outcome(step: Step, line: int, one: Outcome, marks: dict[str, str]) -> RowOutcome:
    if one.problem is not None:
        told = one.problem.errors or (Fault("", one.problem.detail, one.problem.code),)
        found = [member_rows.fault_of(line, fault) for fault in told]
        return step.faulty(line, [RowFault(f.column, f.code, f.detail) for f in found])
    if one.repeated:
        return RowOutcome(line, "repeated")
    if one.member is None or one.key is None:  # of a dry run
        return RowOutcome(line, "made")
    note = {"key": one.key.hex(), "mark": marks[str(one.member)], "at": step.at.isoformat()}
    return RowOutcome(line, "made", what=one.member, note=note)
