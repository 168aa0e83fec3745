"""Imports purchases through the one write path; what was about to be recorded is noted first, so that a step that
was stopped knows its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all
from regulars.db.requests import secret_digest
from regulars.errors import Problem
from regulars.flows import incoming
from regulars.flows.imports import receipt_rows
from regulars.flows.imports.receipt_rows import Read
from regulars.flows.imports.step import ReadRow, Step
from regulars.flows.known_programs import Known
from regulars.flows.receive_purchases import Recorder
from regulars.flows.record_purchases import Recorded
from regulars.interchange import register
from regulars.interchange.model import Became, RowFault, RowOutcome
from regulars.interchange.table import Row
from regulars.programs.model import Caller
from regulars.purchases import receipt
from regulars.purchases.model import PurchaseRequest

SQL = queries.load("regulars.flows.imports", "undo.sql")
PATH = "POST /v1/purchases"
Pricing = Literal["as_sold", "quote"]


class Receipt(NamedTuple):
    """A receipt of the file, and the purchase that it is."""

    read: Read
    request: PurchaseRequest

    @property
    def line(self) -> int:
        """The row that it is known by: its first."""
        return self.read.rows[0].number


class Came(NamedTuple):
    """What became of a receipt."""

    receipt: Receipt
    result: Recorded
    before: Became | None
    """What this import knew of it before: `begun` is its own, and perhaps of a process that was stopped."""


class Purchases:
    """The importer of purchases."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._rehearsed: set[str] = set()

    def recall(self, rows: Sequence[ReadRow]) -> None:
        """What was recorded is known by its request keys."""

    async def take(self, step: Step) -> None:
        """Record some receipts. Raises DoneBefore."""
        program = step.known.program
        spoiling = {one.row.number: step.unread(one) for one in step.rows if one.faults}
        outcomes = list(spoiling.values())
        receipts: list[Receipt] = []
        for rows in receipt_rows.grouped(one.row for one in step.rows):
            read = receipt_rows.read(rows, program.base_currency, program.time_zone, "as_sold")
            spoiled = [row.number for row in rows if row.number in spoiling]
            if spoiled or read.request is None:
                outcomes += [one for one in faulty(step, read) if one.line not in spoiling]
                continue
            receipts.append(Receipt(read, read.request))
        if step.one.dry_run:
            outcomes += await self._rehearse(step, receipts)
        else:
            for one in await record(step, self._recorder, receipts):
                outcomes += outcomes_of(step, one)
        await step.database.run(program.id, lambda tx: step.note(tx, outcomes))

    async def _rehearse(self, step: Step, receipts: list[Receipt]) -> list[RowOutcome]:
        program = step.known.program.id
        async with step.database.transaction(program) as tx:
            there = await _recorded(tx, program, receipts)
        outcomes: list[RowOutcome] = []
        for one in receipts:
            if one.request.id in there or one.request.id in self._rehearsed:
                outcomes.append(RowOutcome(one.line, "repeated"))
                continue
            try:
                check(step.known, one.request, step.at)
            except Problem as problem:
                outcomes += _of_problem(step, one.read, problem)
                continue
            self._rehearsed.add(one.request.id)
            outcomes.append(RowOutcome(one.line, "made"))
        return outcomes


async def record(step: Step, recorder: Recorder, receipts: list[Receipt]) -> list[Came]:
    """Record receipts; those that are about to be are noted first, and forgotten again where they cannot be."""
    program, lines = step.known.program.id, [one.line for one in receipts]

    async def begin(tx: Transaction) -> dict[int, Became]:
        there = await _recorded(tx, program, receipts)
        fresh = [one.line for one in receipts if one.request.id not in there]
        await register.begin_rows(tx, program, step.one.id, fresh)
        return await register.rows_of_lines(tx, program, step.one.id, lines)

    before = await step.database.run(program, begin)
    secret = step.known.vault.keyring.secret
    sent: list[tuple[PurchaseRequest, bytes]] = [
        (one.request, secret_digest(secret, PATH, msgspec.to_builtins(one.request))) for one in receipts
    ]
    results = await recorder.record_all(importer(step.known), sent, None, imported=True)
    failed = [one.line for one, result in zip(receipts, results, strict=True) if result.problem is not None]
    if failed:
        await step.database.run(program, lambda tx: register.drop_begun(tx, program, step.one.id, failed))
    return [Came(one, result, before.get(one.line)) for one, result in zip(receipts, results, strict=True)]


def importer(known: Known) -> Caller:
    """As whom an import records: the operator, wherever the purchase was made."""
    program = known.program.id
    return Caller(program, program, frozenset({"manage", "issuer", "till"}), name="import")


def check(known: Known, request: PurchaseRequest, at: datetime) -> None:
    """All that can be said of a receipt without writing. Raises Problems."""
    caller = importer(known)
    if incoming.missing_store(caller, known, request.store) is not None:
        receipt.lines(request)  # it would be registered; what else is to be said needs no store
    else:
        incoming.read(known, known.vault.keyring.secret, caller, request, at, imported=True)


async def _recorded(tx: Transaction, program: UUID, receipts: list[Receipt]) -> set[str]:
    """The receipts' ids that something stands under already."""
    keys = arrays.texts([one.request.id for one in receipts])
    return {row[0] for row in await fetch_all(tx, SQL.recorded_before, (keys, program, program))}


def outcomes_of(step: Step, one: Came) -> list[RowOutcome]:
    """What is to be noted of a receipt; nothing of one that this import has made before."""
    if one.result.problem is not None:
        return _of_problem(step, one.receipt.read, one.result.problem)
    if one.before == "made":
        return []
    if one.result.replayed and one.before != "begun":
        return [RowOutcome(one.receipt.line, "repeated")]
    answer = one.result.answer
    assert answer is not None, "what was recorded has an answer"
    assert isinstance(answer.id, str), "what was recorded has an id"
    return [RowOutcome(one.receipt.line, "made", what=ids.read("pur", answer.id))]


def _of_problem(step: Step, read: Read, problem: Problem) -> list[RowOutcome]:
    purchase = read.rows[0].cells.get("purchase", "")
    if not problem.errors:
        return _told(step, read.rows, {read.rows[0].number: [RowFault("", problem.code, problem.detail)]})
    found: dict[int, list[RowFault]] = {}
    for fault in problem.errors:
        one = receipt_rows.fault_at(read.rows, fault.pointer, purchase, fault.code, fault.detail)
        found.setdefault(one.row, []).append(_fault(one.code, one.detail))
    return _told(step, read.rows, found)


def faulty(step: Step, read: Read) -> list[RowOutcome]:
    """What is to be noted of rows that are no receipt."""
    found: dict[int, list[RowFault]] = {}
    for one in read.faults:
        found.setdefault(one.row, []).append(_fault(one.code, one.detail))
    if not found:
        found[read.rows[0].number] = [RowFault("", "invalid_value", "another row of this receipt is faulty")]
    return _told(step, read.rows, found)


def _fault(code: str, detail: str) -> RowFault:
    """`quantity: is not …` is said of the column quantity."""
    column, colon, sentence = detail.partition(": ")
    return RowFault(column, code, sentence) if colon and column.isidentifier() else RowFault("", code, detail)


def _told(step: Step, rows: Sequence[Row], found: dict[int, list[RowFault]]) -> list[RowOutcome]:
    return [step.faulty(row.number, found[row.number]) for row in rows if row.number in found]
