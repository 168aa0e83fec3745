"""Imports what members did besides buying: each row an activity of a declared kind, recorded once, taken back whole.

Files are a source of their own: what one has brought under an id, another does not bring again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import clock, ids
from regulars.db.pool import Transaction
from regulars.db.requests import digest, secret_digest
from regulars.errors import InvalidValue, Problem, Unprocessable
from regulars.flows.activity_recording import Recording
from regulars.flows.activity_sent import NewActivity, Recorded, Sent, Source
from regulars.flows.grace import open_pages
from regulars.flows.imports import who
from regulars.flows.imports.step import ReadRow, Step, faults_of
from regulars.flows.known_programs import Known
from regulars.interchange.model import RowFault, RowOutcome
from regulars.interchange.table import Row
from regulars.ledger import book
from regulars.members import reading
from regulars.members.model import Identifier
from regulars.purchases import activity_log, activity_reads
from regulars.purchases.activity import DataField, Value
from regulars.purchases.activity_log import Kind

SOURCE = "import"
DATA = "data."
YES_NO = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


class Act(Struct, frozen=True):
    """A row, read."""

    line: int
    who: Identifier
    new: NewActivity


class Activities:
    """The importer of activities."""

    def __init__(self) -> None:
        self._rehearsed: set[str] = set()

    def recall(self, rows: Sequence[ReadRow]) -> None:
        """What was recorded is known by its ids."""

    async def take(self, step: Step) -> None:
        """Record some activities. Raises DoneBefore."""
        done: set[str] = set()

        async def work(tx: Transaction) -> list[RowOutcome]:
            done.clear()
            return await self._record(tx, step, done)

        await step.write(work)
        if step.one.dry_run:
            self._rehearsed |= done

    async def _record(self, tx: Transaction, step: Step, done: set[str]) -> list[RowOutcome]:
        program = step.known.program
        kinds = await activity_log.newest(tx, program.id)
        outcomes: list[RowOutcome] = []
        acts: list[Act] = []
        for one in step.rows:
            if one.faults:
                outcomes.append(step.unread(one))
                continue
            try:
                act = read(one.row, step.known, kinds)
            except Problem as problem:
                outcomes.append(step.faulty(one.row.number, faults_of(problem)))
                continue
            if act.new.id in self._rehearsed:
                outcomes.append(RowOutcome(act.line, "repeated"))
            elif act.new.corrects in self._rehearsed:
                # A dry run left nothing of what this corrects: more than its row cannot be looked at.
                outcomes.append(RowOutcome(act.line, "made"))
            else:
                acts.append(act)
        sent, lines = await self._sent(tx, step, acts, outcomes)
        source = Source(SOURCE, step.actor, everything=True)
        results = await Recording(step.known, source, step.at).record(tx, sent) if sent else []
        for one, line, result in zip(sent, lines, results, strict=True):
            outcomes.append(_outcome(step, line, result))
            if isinstance(result, Recorded):
                done.add(one.new.id)
        return outcomes

    async def _sent(
        self, tx: Transaction, step: Step, acts: Sequence[Act], outcomes: list[RowOutcome]
    ) -> tuple[list[Sent], list[int]]:
        """Those whose members there are, with their lines; what is wrong with the others goes to `outcomes`."""
        sent: list[Sent] = []
        lines: list[int] = []
        owners = await who.found(tx, step.known, [act.who for act in acts]) if acts else []
        for act, owner in zip(acts, owners, strict=True):
            if isinstance(owner, InvalidValue):
                outcomes.append(step.faulty(act.line, faults_of(owner)))
            elif owner.member is None:
                outcomes.append(
                    step.faulty(act.line, faults_of(InvalidValue("/card", "belongs to nobody yet")))
                )
            else:
                body = msgspec.to_builtins(act.new)
                secret = step.known.vault.keyring.secret
                said = secret_digest(secret, f"activity {owner.member}", body)
                sent.append(Sent(owner.member, act.new, said))
                lines.append(act.line)
        return sent, lines


def read(row: Row, known: Known, kinds: Mapping[str, Kind]) -> Act:
    """A row as it would be sent. Raises Unprocessable with the field at fault."""
    cells = row.cells
    for name in ("activity", "kind", "happened_at"):
        if not cells.get(name):
            raise InvalidValue(f"/{name}", "is empty")
    kind = kinds.get(cells["kind"])
    if kind is None:
        raise InvalidValue("/kind", "is not declared in this program")
    declared = {field.name: field for field in kind.document.fields}
    data: dict[str, Value] = {}
    for name, text in cells.items():
        if name.startswith(DATA):
            data[name.removeprefix(DATA)] = _value(name, declared.get(name.removeprefix(DATA)), text)
    document: dict[str, Any] = {
        "id": cells["activity"],
        "kind": cells["kind"],
        "happened_at": _instant(cells["happened_at"], known.program.time_zone),
        "data": data,
        "corrects": cells.get("corrects"),
    }
    try:
        new = msgspec.convert(document, NewActivity)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$.")
        field = path.rstrip("`").replace("[...]", "")
        raise InvalidValue(f"/{'activity' if field == 'id' else field}", sentence) from None
    return Act(row.number, who.identifier(row, known), new)


def _value(name: str, field: DataField | None, text: str) -> Value:
    """A cell as the kind's field takes it; what it may not be the kind says itself."""
    if field is not None and field.type == "integer":
        try:
            return int(text)
        except ValueError:
            raise InvalidValue(f"/{name}", "is not a whole number") from None
    if field is not None and field.type == "boolean":
        found = YES_NO.get(text.casefold())
        if found is None:
            raise InvalidValue(f"/{name}", "is neither yes nor no")
        return found
    return text


def _instant(text: str, zone: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue("/happened_at", "is not a date or an instant, as 2024-05-01T17:30") from None
    return found if found.tzinfo else found.replace(tzinfo=clock.zone(zone))


def _outcome(step: Step, line: int, result: Recorded | Problem) -> RowOutcome:
    if isinstance(result, Problem):
        return step.faulty(line, [_named(fault) for fault in faults_of(_by_field(result))])
    if result.replayed:
        return RowOutcome(line, "repeated")
    return RowOutcome(line, "made", what=ids.read("act", result.view.id))


def _by_field(problem: Problem) -> Problem:
    """The same with `/data/x` as the field `data.x`, which a file's column is."""
    if not problem.errors:
        return problem
    errors = [
        msgspec.structs.replace(fault, pointer=fault.pointer.replace("/data/", "/data.", 1))
        for fault in problem.errors
    ]
    return Unprocessable(problem.detail, errors=errors)


def _named(fault: RowFault) -> RowFault:
    return msgspec.structs.replace(fault, column="activity") if fault.column == "id" else fault


async def take_back(
    tx: Transaction, known: Known, identifier: UUID, activity: UUID, line: int, by: str, at: datetime
) -> str:
    """Take an activity back by a correction; empty: it was. Else why it is kept: `erased`, `spent`, `corrected`."""
    program = known.program.id
    found = await activity_reads.find(tx, program, activity)
    assert found is not None, "activities are never deleted"
    member = await reading.member(tx, program, found.member)
    if member is None or member.erased_at is not None:
        return "erased"
    await book.lock(tx, program, [ids.home(member.pool)], [member.pool])
    if found.posting is not None:
        page = (await open_pages(tx, known.program, [member.pool]))[member.pool]
        original = await book.recorded(tx, program, ids.home(found.posting), found.posting)
        assert original is not None, "postings are never deleted"
        lots, there = [lot for _, lot in original.lots], set(page.lots())
        if any(lot not in there or page.lot(lot).drawn or page.lot(lot).reserved for lot in lots):
            return "spent"
    named = f"undo-{ids.show('imp', identifier)}-{line}"
    correction = NewActivity(named, found.kind, at, corrects=found.request)
    body = msgspec.to_builtins(correction)
    sent = Sent(member.id, correction, digest(f"activity {member.id}", body))
    source = Source(SOURCE, by, everything=True)
    (result,) = await Recording(known, source, at).record(tx, [sent])
    return "corrected" if isinstance(result, Problem) else ""
