"""Does imports and their undoing step by step, each in a transaction of its own: a stop loses and doubles nothing.

Who works on one has a lease of a minute; whoever was killed loses it by itself, and another goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from psycopg import OperationalError

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Request, digest
from regulars.errors import NotFound, StateConflict
from regulars.flows.imports import imports
from regulars.flows.imports.activities import Activities
from regulars.flows.imports.balances import Balances
from regulars.flows.imports.cards import Cards
from regulars.flows.imports.data_files import rows_from
from regulars.flows.imports.members import Members
from regulars.flows.imports.products import Products
from regulars.flows.imports.purchases import Purchases, importer
from regulars.flows.imports.step import DoneBefore, Importer, ReadRow, Step
from regulars.flows.imports.stores import Stores
from regulars.flows.imports.taking_back import UNDONE, Undoing, take_back
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.receive_purchases import Recorder
from regulars.flows.void_purchase import Voiding, void_purchase
from regulars.i18n import N_
from regulars.interchange import register
from regulars.interchange.mapping import Reader
from regulars.interchange.model import DataFile, DataImport, KeptRow
from regulars.interchange.register import Lease
from regulars.interchange.table import Record
from regulars.programs import tasks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

ROWS_OF_A_RECEIPT_MAX = 5000
UNDONE_AT_ONCE = 100
LINE_MAX = 2**62
GAVE_UP = N_(
    "Regulars made a mistake: the log says which. What was done stays; the same file can be imported again."
)
log = structlog.get_logger("regulars.imports")
World = Callable[[], datetime]


class ImportWorker:
    """Does imports of all programs, one after another."""

    def __init__(
        self, database: Database, programs: KnownPrograms, secret: bytes, world: World = clock.world
    ):
        self._database = database
        self._programs = programs
        self._world = world
        self._recorder = Recorder(database, programs, secret)
        self._who = ids.new()

    async def close(self) -> None:
        """Take nothing more."""
        await self._recorder.close()

    async def go_on(self) -> int:
        """Do all that is to be done and that nobody else does; how many imports and undoings were finished.

        Raises the last error, after all were tried.
        """
        finished, failed = 0, None
        for kind, do in ((imports.TASK, self.bring_in), (imports.UNDO_TASK, self.take_back)):
            waiting = await self._database.run(None, lambda tx, kind=kind: tasks.unfinished(tx, kind))
            for job, program, payload in waiting:
                try:
                    finished += await do(program, ids.read("imp", payload["import"]))
                except Exception as error:  # whatever it is, it ends this import, and spares the others
                    failed = error
                    log.exception("import_failed", job=ids.show("job", job))
                    if kind == imports.TASK and not isinstance(error, OperationalError):
                        await self._give_up(program, ids.read("imp", payload["import"]))
        if failed is not None:
            raise failed
        return finished

    async def bring_in(self, program: UUID, identifier: UUID) -> bool:
        """Do an import to its end; False when somebody else does, or it is done."""
        if not await self._lease(program, identifier):
            return False
        try:
            return await self._bring_in(program, identifier)
        finally:
            await self._database.run(
                program, lambda tx: register.release_import(tx, program, identifier, self._who)
            )

    async def _bring_in(self, program: UUID, identifier: UUID) -> bool:
        one, file = await self._found(program, identifier)
        if one.dry_run and one.done:
            await self._database.run(program, lambda tx: register.begin_again(tx, program, identifier))
            one, file = await self._found(program, identifier)
        if file.forgotten_at is not None:
            await self._finish(one, program, N_("The file's time was over before all of it was read."))
            return True
        known = await self._programs.fresh(program)
        work = await self._importer(known, one, file)
        while one.done < one.rows:
            step = await self._step(program, one, file)
            try:
                await work.take(step)
            except DoneBefore:
                return False
            if not await self._lease(program, identifier):
                return False
            one, _ = await self._found(program, identifier)
        await self._finish(one, program)
        return True

    async def take_back(self, program: UUID, identifier: UUID) -> bool:
        """Undo an import to the end; False when somebody else does, or it is undone."""
        if not await self._lease(program, identifier):
            return False
        one, _ = await self._found(program, identifier)
        before = LINE_MAX
        while True:
            async with self._database.transaction(program) as tx:
                rows = await register.rows_to_undo(tx, program, identifier, before, UNDONE_AT_ONCE)
            if not rows:
                break
            for row in rows:
                await self._take_back(program, one, row)
                before = row.line
            if not await self._lease(program, identifier):
                return False
        at = await self._programs.now(program)

        async def finish(tx: Transaction) -> None:
            if not await register.finish_undo(tx, program, identifier, at):
                return
            assert one.undo_job is not None, "what is being undone has its job"
            await tasks.finish(tx, one.undo_job, at)
            undone = await register.find_import(tx, program, identifier)
            assert undone is not None, "imports are never deleted"
            counts = {"undone": undone.undone, "kept": undone.kept}
            change = Change("import.undone", ids.show("imp", identifier), after=counts)
            await trail.record(tx, program, change, at)

        await self._database.run(program, finish)
        return True

    async def _give_up(self, program: UUID, identifier: UUID) -> None:
        """What cannot be done now, for a reason of ours, does not keep others waiting; it can be imported again."""
        one, _ = await self._found(program, identifier)
        await self._finish(one, program, GAVE_UP)

    async def _take_back(self, program: UUID, one: DataImport, row: KeptRow) -> None:
        known, at = await self._programs.fresh(program), await self._programs.now(program)
        undoing = Undoing(known, one.id, one.undone_by or one.created_by, at)
        voided = await self._void(known, one, row, at) if one.kind == "purchases" else None

        async def work(tx: Transaction) -> None:
            became = voided or await take_back(tx, one.kind, undoing, row)
            await register.note_undone(tx, program, one.id, {row.line: became})

        await self._database.run(program, work)

    async def _void(self, known: Known, one: DataImport, row: KeptRow, at: datetime) -> str:
        """A purchase is voided once, by a request key of its row; then its row is noted."""
        assert row.what is not None, "a purchase is named"
        caller, key = importer(known), f"undo {ids.show('imp', one.id)} {row.line}"
        program = known.program.id
        request = Request(program, program, key, digest("undo", key), at)
        try:
            voiding = Voiding("the import was undone")
            await void_purchase(self._database, self._programs, caller, request, row.what, voiding)
        except StateConflict:
            return "returned"
        return UNDONE

    async def _step(self, program: UUID, one: DataImport, file: DataFile) -> Step:
        known = await self._programs.fresh(program)
        reader = Reader(one.kind, one.mapping, file.columns, imports.context_of(known.program))
        async with self._database.transaction(program) as tx:
            records = await rows_from(tx, known.vault, file, one.done)
            read = [ReadRow(*reader.row(record)) for record in records]
            if one.kind == "purchases":
                read = await self._whole_receipts(tx, known, one, file, reader, read)
        return Step(
            self._database,
            known,
            one,
            await self._programs.now(program),
            tuple(read),
            one.done,
            one.done + len(read),
            reader.column_of,
        )

    async def _whole_receipts(
        self,
        tx: Transaction,
        known: Known,
        one: DataImport,
        file: DataFile,
        reader: Reader,
        read: list[ReadRow],
    ) -> list[ReadRow]:
        """No receipt is cut by the end of a step: the last one is left to the next, or read to its end."""
        while one.done + len(read) < file.rows:
            last = read[-1].row.cells.get("purchase")
            whole = next(
                (
                    place
                    for place in range(len(read), 0, -1)
                    if read[place - 1].row.cells.get("purchase") != last
                ),
                0,
            )
            if whole:
                return read[:whole]
            more: list[Record] = await rows_from(tx, known.vault, file, one.done + len(read))
            read += [ReadRow(*reader.row(record)) for record in more]
            if len(read) > ROWS_OF_A_RECEIPT_MAX:
                return read
        return read

    async def _importer(self, known: Known, one: DataImport, file: DataFile) -> Importer:
        made: dict[str, Callable[[], Importer]] = {
            "members": Members,
            "cards": Cards,
            "balances": lambda: Balances(known),
            "products": Products,
            "stores": Stores,
            "purchases": lambda: Purchases(self._recorder),
            "activities": Activities,
        }
        importer_of = made[one.kind]()
        reader = Reader(one.kind, one.mapping, file.columns, imports.context_of(known.program))
        place = 0
        while place < one.done and one.kind == "balances":
            async with self._database.transaction(known.program.id) as tx:
                records = await rows_from(tx, known.vault, file, place)
            records = records[: one.done - place]
            importer_of.recall([ReadRow(*reader.row(record)) for record in records])
            place += len(records)
        return importer_of

    async def _lease(self, program: UUID, identifier: UUID) -> bool:
        lease = Lease(self._who, self._world())
        return await self._database.run(
            program, lambda tx: register.lease_import(tx, program, identifier, lease)
        )

    async def _found(self, program: UUID, identifier: UUID) -> tuple[DataImport, DataFile]:
        async with self._database.transaction(program) as tx:
            one = await register.find_import(tx, program, identifier)
            if one is None:
                raise NotFound("There is no such import in this program.")
            file = await register.find_file(tx, program, one.file)
        assert file is not None, "files are never deleted, only what stands in them"
        return one, file

    async def _finish(self, one: DataImport, program: UUID, why: str = "") -> None:
        at = await self._programs.now(program)
        await self._database.run(program, lambda tx: imports.end_import(tx, program, one, why, at))
