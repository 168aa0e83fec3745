"""Records receipts of an import: here, or as one of several processes that are handed batches over a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from regulars.cli.receipts_file import Read, RowFault, fault_at, read
from regulars.cli.table_file import Row
from regulars.db.pool import Database
from regulars.db.requests import digest
from regulars.errors import Problem
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.receive_purchases import Recorder
from regulars.members.vault import Keyring
from regulars.programs.model import Caller
from regulars.purchases.model import PurchaseRequest

PATH = "POST /v1/purchases"
Pricing = Literal["as_sold", "quote"]
Rows = tuple[Row, ...]
"""Of one receipt."""


class Wanted(NamedTuple):
    """Where to record, and how."""

    url: str
    keyring: Keyring
    program: UUID
    pricing: Pricing


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

    def __init__(self, database: Database, wanted: Wanted):
        self._wanted = wanted
        self._known = KnownPrograms(database, wanted.keyring)
        self._recorder = Recorder(database, self._known, wanted.keyring.secret)
        self._caller = Caller(
            wanted.program, wanted.program, frozenset({"manage", "issuer", "till"}), name="import"
        )

    async def take(self, receipts: Sequence[Rows]) -> Done:
        """Record these receipts; what is wrong with one stands in the answer and does not touch the others."""
        program = (await self._known.of(self._wanted.program)).program
        faults: list[RowFault] = []
        good: list[tuple[Read, PurchaseRequest]] = []
        for rows in receipts:
            one = read(rows, program.base_currency, program.time_zone, self._wanted.pricing)
            faults += one.faults
            if one.request is not None:
                good.append((one, one.request))
        sent = [(request, digest(PATH, msgspec.to_builtins(request))) for _, request in good]
        results = await self._recorder.record_all(self._caller, sent, None, imported=True)
        recorded = repeated = 0
        for (one, _), result in zip(good, results, strict=True):
            if result.problem is not None:
                faults += faults_of(one, result.problem)
            elif result.replayed:
                repeated += 1
            else:
                recorded += 1
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


def work(pipe: Connection, wanted: Wanted) -> None:
    """What the process does: take what comes over the pipe until it is closed, by its owner's end too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner of the pipe says when it is over
    # As in the server: what a purchase makes is freed by counting, and looking for cycles costs a sixth of it.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        asyncio.run(_work(pipe, wanted))
    except Exception as error:  # noqa: BLE001 – whatever it is, who waits for the batch must hear of it
        with contextlib.suppress(OSError):  # nobody is there any more
            # The error's own text may quote a row, and with it personal data.
            pipe.send(Failed(type(error).__name__))


async def _work(pipe: Connection, wanted: Wanted) -> None:
    async with Database(wanted.url, size=2) as database:
        hand = Hand(database, wanted)
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
