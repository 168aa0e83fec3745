"""Hands the receipts of an import to several processes, and knows how far the file is whole.

A customer's receipts go to one process, in the order of the file; those of different customers are recorded side by
side. No process has more than two batches, so that memory does not grow with the file.
"""

from __future__ import annotations

import multiprocessing
import zlib
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from regulars.cli.import_worker import Done, Failed, Recording, Rows, work
from regulars.cli.places import Refused

BATCHES_AHEAD = 2
BEHIND_MAX = 20_000
"""Receipts after which a batch that is not full is sent all the same, so that the file does not stay open behind."""
CUSTOMER = ("card", "phone", "email", "member")


class Batch(NamedTuple):
    """Receipts of one process, with their places in the file."""

    places: list[int]
    receipts: list[Rows]


class Frontier:
    """How many receipts from the beginning of the file are whole; it never passes a faulty one."""

    def __init__(self, whole: int = 0):
        self.whole = whole
        self._beyond: set[int] = set()
        self._faulty = False

    def note(self, places: list[int], *, faulty: bool) -> None:
        """These receipts (their places count from 0) were dealt with."""
        if faulty:
            # Whatever lies beyond is looked at again; nothing more has to be remembered than what fills the gap.
            self._faulty = True
            return
        self._beyond.update(places)
        while self.whole in self._beyond:
            self._beyond.remove(self.whole)
            self.whole += 1
        if self._faulty and len(self._beyond) > BEHIND_MAX:
            self._beyond.clear()


class ImportPool:
    """So many processes. `with` ends them; what they were handed is finished first, unless an error is on its way."""

    def __init__(self, recording: Recording, processes: int, batch: int):
        context = multiprocessing.get_context("spawn")
        self._batch = batch
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []
        self._gathering = [Batch([], []) for _ in range(processes)]
        self._handed: list[deque[Batch]] = [deque() for _ in range(processes)]
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(theirs, recording), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> ImportPool:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join()

    def take(self, place: int, receipt: Rows) -> Iterator[tuple[Batch, Done]]:
        """Take one receipt; what was finished meanwhile. Raises Refused when a process has ended."""
        number = shard_of(receipt, len(self._pipes))
        gathering = self._gathering[number]
        gathering.places.append(place)
        gathering.receipts.append(receipt)
        if len(gathering.places) >= self._batch:
            yield from self._hand_over(number)
        for other, waiting in enumerate(self._gathering):
            if waiting.places and place - waiting.places[0] > BEHIND_MAX:
                yield from self._hand_over(other)

    def finish(self) -> Iterator[tuple[Batch, Done]]:
        """Hand over what is left, and wait for everything. Raises Refused when a process has ended."""
        for number, waiting in enumerate(self._gathering):
            if waiting.places:
                yield from self._hand_over(number)
        while any(self._handed):
            yield from self._collect(None)

    def _hand_over(self, number: int) -> Iterator[tuple[Batch, Done]]:
        while len(self._handed[number]) >= BATCHES_AHEAD:
            yield from self._collect(None)
        yield from self._collect(0)
        batch, self._gathering[number] = self._gathering[number], Batch([], [])
        try:
            self._pipes[number].send(batch.receipts)
        except OSError as error:
            raise _ended("it was killed") from error
        self._handed[number].append(batch)

    def _collect(self, timeout: float | None) -> Iterator[tuple[Batch, Done]]:
        busy = [number for number, handed in enumerate(self._handed) if handed]
        ready = wait([self._pipes[number] for number in busy], timeout) if busy else []
        for number in busy:
            if self._pipes[number] not in ready:
                continue
            try:
                done = self._pipes[number].recv()
            except (EOFError, OSError) as error:
                raise _ended("it was killed") from error
            if isinstance(done, Failed):
                raise _ended(done.sentence)
            yield self._handed[number].popleft(), done


def shard_of(receipt: Rows, shards: int) -> int:
    """Which process a receipt goes to: one customer's always to the same."""
    cells = receipt[0].cells
    whose = next((cells[name] for name in CUSTOMER if name in cells), None) or cells.get("purchase", "")
    return zlib.crc32(whose.encode()) % shards


def _ended(why: str) -> Refused:
    return Refused(
        f"A process of the import ended ({why}). Run the import again: it goes on where it stopped, and "
        "nothing is recorded twice.",
        code=1,
    )
