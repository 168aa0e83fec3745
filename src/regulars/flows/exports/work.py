"""Writes exports page by page into sealed parts; one that was stopped begins again: nothing of it was given away."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec
import structlog
from psycopg import OperationalError

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, Problem
from regulars.flows.exports.exports import SEALED_AS, TASK, export_of
from regulars.flows.exports.filtering import ExportFilter
from regulars.flows.exports.pages import Asked
from regulars.flows.imports.data_files import seal
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.i18n import N_
from regulars.interchange import register
from regulars.interchange.model import DataExport
from regulars.interchange.register import Lease
from regulars.interchange.writing import writer
from regulars.members import consents
from regulars.members.consents import Handover
from regulars.programs import tasks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

PIECE = 1 << 20
GAVE_UP = N_("Regulars made a mistake: the log says which. Ask for the export again.")
log = structlog.get_logger("regulars.exports")
World = Callable[[], datetime]


class _Lost(Exception):
    """Somebody else has taken the export on."""


class ExportWorker:
    """Writes exports of all programs, one after another."""

    def __init__(self, database: Database, programs: KnownPrograms, world: World = clock.world):
        self._database = database
        self._programs = programs
        self._world = world
        self._who = ids.new()

    async def go_on(self) -> int:
        """Write all that are asked for and that nobody else writes; how many were finished.

        Raises the last error, after all were tried.
        """
        waiting = await self._database.run(None, lambda tx: tasks.unfinished(tx, TASK))
        finished, failed = 0, None
        for _, program, payload in waiting:
            identifier = ids.read("exp", payload["export"])
            try:
                finished += await self.write(program, identifier)
            except Exception as error:  # whatever it is, it ends this export, and spares the others
                failed = error
                log.exception("export_failed", export=payload["export"])
                if not isinstance(error, OperationalError):
                    await self._give_up(program, identifier)
        if failed is not None:
            raise failed
        return finished

    async def _give_up(self, program: UUID, identifier: UUID) -> None:
        async with self._database.transaction(program) as tx:
            one = await register.find_export(tx, program, identifier)
        assert one is not None, "exports are never deleted"
        await self._end(await self._programs.of(program), one, why=GAVE_UP, digest=None, rows=0)

    async def write(self, program: UUID, identifier: UUID) -> bool:
        """Write an export to its end; False when somebody else does, or it is done."""
        if not await self._lease(program, identifier):
            return False
        async with self._database.transaction(program) as tx:
            one = await register.find_export(tx, program, identifier)
        if one is None:
            raise NotFound("There is no such export in this program.")
        known = await self._programs.fresh(program)
        try:
            await self._write(known, one)
        except _Lost:
            return False
        except Problem as problem:
            await self._end(known, one, why=problem.detail, digest=None, rows=0)
            log.warning("export_failed", export=ids.show("exp", identifier), code=problem.code)
        return True

    async def _write(self, known: Known, one: DataExport) -> None:
        program, kind = known.program.id, export_of(one.kind)
        await self._database.run(program, lambda tx: register.forget_parts(tx, program, one.id))
        wanted = msgspec.convert(one.filter, ExportFilter)
        asked = Asked(self._database, known, wanted, await self._programs.now(program))
        table = writer(one.format, await kind.columns(asked))
        with contextlib.closing(table):
            keeping = _Keeping(self, known, one)
            place, rows = None, 0
            while True:
                page, place = await kind.page(asked, place)
                rows += len(page)
                await asyncio.to_thread(table.write, page)
                await keeping.take(table.taken(), rows)
                if place is None:
                    break
            for piece in table.end():
                await keeping.take(piece, rows)
            await keeping.flush(rows)
        await self._end(known, one, why="", digest=keeping.digest.digest(), rows=rows)

    async def keep(
        self, known: Known, one: DataExport, number: int, piece: bytes, rows: int, size: int
    ) -> None:
        """Keep a part, while the export is ours. Raises _Lost."""
        program = known.program.id
        if not await self._lease(program, one.id):
            raise _Lost
        part = await asyncio.to_thread(seal, known.vault, SEALED_AS, one.id, number, piece)

        async def work(tx: Transaction) -> None:
            if not await register.advance_export(tx, program, one.id, rows, size, self._who):
                raise _Lost
            await register.enter_parts(tx, program, one.id, [part])

        await self._database.run(program, work)

    async def _end(self, known: Known, one: DataExport, *, why: str, digest: bytes | None, rows: int) -> None:
        program, at = known.program.id, await self._programs.now(known.program.id)

        async def work(tx: Transaction) -> None:
            ended = await register.finish_export(
                tx, program, one.id, why=why, digest=digest, at=at, who=self._who
            )
            if not ended:
                return
            if why:
                await tasks.fail(tx, one.job, why, at)
                return
            await tasks.finish(tx, one.job, at)
            written = {"rows": rows, "digest": digest.hex() if digest else None}
            change = Change("export.done", ids.show("exp", one.id), after=written)
            wanted = msgspec.convert(one.filter, ExportFilter)
            if wanted.channel is not None and wanted.purpose is not None and digest is not None:
                given = Handover(one.id, wanted.channel, wanted.purpose, rows, digest, at, one.created_by)
                await consents.note_handover(tx, program, given)
            await trail.record(tx, program, change, at)

        await self._database.run(program, work)

    async def _lease(self, program: UUID, identifier: UUID) -> bool:
        lease = Lease(self._who, self._world())
        return await self._database.run(
            program, lambda tx: register.lease_export(tx, program, identifier, lease)
        )


class _Keeping:
    """Gathers what is written into parts of a megabyte."""

    def __init__(self, worker: ExportWorker, known: Known, one: DataExport):
        self._worker, self._known, self._one = worker, known, one
        self._gathered = bytearray()
        self._parts = self._size = 0
        self.digest = hashlib.sha256()

    async def take(self, piece: bytes, rows: int) -> None:
        """Some more bytes."""
        self._gathered += piece
        while len(self._gathered) >= PIECE:
            await self._keep(PIECE, rows)

    async def flush(self, rows: int) -> None:
        """All that is left."""
        await self._keep(len(self._gathered), rows)

    async def _keep(self, count: int, rows: int) -> None:
        piece = bytes(self._gathered[:count])
        del self._gathered[:count]
        self.digest.update(piece)
        self._size += len(piece)
        await self._worker.keep(self._known, self._one, self._parts, piece, rows, self._size)
        self._parts += 1
