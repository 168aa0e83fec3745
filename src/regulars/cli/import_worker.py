"""Records receipts of an import: here, or as one of several processes that are handed batches over a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import NamedTuple
from uuid import UUID

from regulars.db.pool import Database
from regulars.errors import Problem
from regulars.flows.imports import purchases
from regulars.flows.imports.purchases import Pricing, Receipt
from regulars.flows.imports.receipt_rows import Read, RowFault, fault_at, read
from regulars.flows.imports.runs import Run
from regulars.flows.imports.step import Step
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.receive_purchases import Recorder
from regulars.interchange.model import DataImport, RowOutcome
from regulars.interchange.table import Row
from regulars.members.vault import Keyring

Rows = tuple[Row, ...]
"""Of one receipt."""


class Wanted(NamedTuple):
    """Where to record, and how."""

    url: str
    keyring: Keyring
    program: UUID
    pricing: Pricing


class Recording(NamedTuple):
    """What is wanted, and the import as which it is kept; `who` has it."""

    wanted: Wanted
    one: DataImport
    who: UUID


class Done(NamedTuple):
    """What became of a batch."""

    recorded: int
    repeated: int
    faults: tuple[RowFault, ...]


class Failed(NamedTuple):
    """Why a process gave up; what of the batch was recorded is known by its id."""

    sentence: str


class Hand:
    """Records batches of receipts of one program, one batch after another."""

    def __init__(self, database: Database, recording: Recording):
        wanted = recording.wanted
        self._recording = recording
        self._database = database
        self._known = KnownPrograms(database, wanted.keyring)
        self._recorder = Recorder(database, self._known, wanted.keyring.secret)

    async def take(self, receipts: Sequence[Rows]) -> Done:
        """Record these receipts; what is wrong with one stands in the answer and does not touch the others.

        Raises RunLost.
        """
        (wanted, run, who), database = self._recording, self._database
        known = await self._known.of(wanted.program)
        program, at = known.program, await self._known.now(wanted.program)
        step = Step(database, known, run, at, (), 0, 0, str)
        faults: list[RowFault] = []
        good: list[Receipt] = []
        outcomes: list[RowOutcome] = []
        for rows in receipts:
            one = read(rows, program.base_currency, program.time_zone, wanted.pricing)
            if one.request is not None:
                good.append(Receipt(one, one.request))
                continue
            faults += one.faults
            outcomes += purchases.faulty(step, one)
        recorded = repeated = 0
        for came in await purchases.record(step, self._recorder, good):
            outcomes += purchases.outcomes_of(step, came)
            if came.result.problem is not None:
                faults += faults_of(came.receipt.read, came.result.problem)
            elif came.result.replayed:
                repeated += 1
            else:
                recorded += 1
        await Run(database, known, run, who).note(sum(len(rows) for rows in receipts), outcomes)
        return Done(recorded, repeated, tuple(faults))

    async def close(self) -> None:
        """Take nothing more."""
        await self._recorder.close()


def faults_of(one: Read, problem: Problem) -> list[RowFault]:
    """What a problem says of the rows of a receipt."""
    purchase = one.rows[0].cells.get("purchase", "")
    if not problem.errors:
        return [RowFault(one.rows[0].number, purchase, problem.code, problem.detail)]
    return [
        fault_at(one.rows, fault.pointer, purchase, problem.code, fault.detail) for fault in problem.errors
    ]


def work(pipe: Connection, recording: Recording) -> None:
    """What the process does: take what comes over the pipe until it is closed, by its owner's end too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner of the pipe says when it is over
    # As in the server: what a purchase makes is freed by counting, and looking for cycles costs a sixth of it.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        asyncio.run(_work(pipe, recording))
    except Exception as error:  # noqa: BLE001 – whatever it is, who waits for the batch must hear of it
        with contextlib.suppress(OSError):  # nobody is there any more
            # The error's own text may quote a row, and with it personal data.
            pipe.send(Failed(type(error).__name__))


async def _work(pipe: Connection, recording: Recording) -> None:
    async with Database(recording.wanted.url, size=2) as database:
        hand = Hand(database, recording)
        while True:
            try:
                receipts: list[Rows] = pipe.recv()
            except (EOFError, OSError):
                break
            done = await hand.take(receipts)
            try:
                pipe.send(done)
            except OSError:  # who handed it over is gone; what was recorded is known by its id
                break
        await hand.close()
