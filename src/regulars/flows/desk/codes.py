"""Reads and voids unique codes for staff: batches in figures, what one code is and where it was used."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, StateConflict
from regulars.flows.issue_codes import CodeBatchView, batch_view
from regulars.flows.known_programs import Known
from regulars.programs import tasks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.tasks import TaskShown
from regulars.promotions import code_counts, code_text, codes
from regulars.promotions.code_counts import Counts, Kept, Use


class BatchShown(Struct, frozen=True):
    """A batch of codes and what became of them."""

    view: CodeBatchView
    counts: Counts
    job: TaskShown | None = None
    """The work that makes the codes, where it goes on or was long."""


class BatchesFound(Struct, frozen=True):
    """A page of batches, the latest first."""

    items: tuple[BatchShown, ...]
    next: str | None


class CodeShown(Struct, frozen=True):
    """A code that was looked for: its batch, and where it was used."""

    kept: Kept
    batch: CodeBatchView
    uses: tuple[Use, ...]


async def list_batches(database: Database, program: UUID, before: UUID | None, limit: int) -> BatchesFound:
    """`limit` batches with their figures, the latest first, those before `before`."""
    async with database.transaction(program, analytical=True) as tx:
        found = await codes.latest(tx, program, before, limit + 1)
        counted = await code_counts.counts(tx, program, [one.id for one in found[:limit]])
    items = tuple(BatchShown(batch_view(one), counted[one.id]) for one in found[:limit])
    return BatchesFound(items, items[-1].view.id if len(found) > limit else None)


async def read_batch(database: Database, program: UUID, batch: UUID) -> BatchShown:
    """One batch. Raises NotFound."""
    async with database.transaction(program, analytical=True) as tx:
        found = await codes.find(tx, program, batch)
        if found is None:
            raise NotFound("There is no such batch of codes in this program.")
        counted = await code_counts.counts(tx, program, [batch])
        job = await tasks.show(tx, program, found.job) if found.job is not None else None
    return BatchShown(batch_view(found), counted[batch], job)


async def find_code(database: Database, known: Known, text: str) -> CodeShown:
    """What a code is, by its text. Raises NotFound."""
    program = known.program.id
    identifier = _id_of(known, text)
    async with database.transaction(program) as tx:
        return await _found(tx, program, identifier)


async def void_code(database: Database, known: Known, text: str, reason: str, at: datetime) -> CodeShown:
    """One code counts no more; what holds have of it stands. Raises NotFound, StateConflict the second time."""
    program, identifier = known.program.id, _id_of(known, text)

    async def work(tx: Transaction) -> CodeShown:
        if not await code_counts.void(tx, program, identifier, reason, at):
            await _found(tx, program, identifier)
            raise StateConflict("This code was voided before.")
        shown = await _found(tx, program, identifier)
        change = Change("code.voided", shown.batch.id, after={"serial": shown.kept.serial}, why=reason)
        await trail.record(tx, program, change, at)
        return shown

    return await database.run(program, work)


async def _found(tx: Transaction, program: UUID, identifier: UUID) -> CodeShown:
    kept = await code_counts.find(tx, program, identifier)
    batch = await codes.find(tx, program, kept.batch) if kept is not None else None
    if kept is None or batch is None:
        raise NotFound("This is not a code of this program: mistyped or misread.")
    return CodeShown(kept, batch_view(batch), tuple(await code_counts.uses(tx, program, identifier)))


def _id_of(known: Known, text: str) -> UUID:
    return code_text.mint_of(known.vault.keyring.secret, known.program.id).id_of(text[:200])
