"""The group commit in front of the one write path: receipts that arrive while a batch is written form the next one.

A till's receipt is a batch of one. At most `lanes` batches are written side by side. What waits is bounded in number
and, by what the last batches took, in time: beyond the bound a caller is told to come again (503) instead of being
left hanging.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from uuid import UUID

from regulars.db.pool import Database
from regulars.errors import Overloaded
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.record_purchases import BATCH_MAX, PurchaseBook, Recorded

WAITING_MAX = 2048
WAIT_SECONDS_MAX = 1.0
"""A purchase that would wait longer than this for its turn is not taken on."""
PACE_SHARE = 0.3
"""How much the last batch counts in the time that batches are expected to take."""
PAUSE_SHARE = 0.3
"""How long a lane rests after a batch at the most, as a share of what the batch took."""
CROWD_KEPT = 0.98
"""How much of the largest crowd is still expected after the next batch."""
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.0005, 0.02
Waiting = tuple[Incoming, "asyncio.Future[Recorded]"]


class PurchaseQueue:
    """The queue of one process."""

    def __init__(self, database: Database, known: KnownPrograms, *, lanes: int = 1):
        self._known = known
        self._book = PurchaseBook(database, known)
        self._lanes = lanes
        self._waiting: dict[UUID, deque[Waiting]] = {}
        self._count = 0
        self._writing: set[asyncio.Task[None]] = set()
        self._rests: dict[object, asyncio.TimerHandle] = {}
        self._crowd = 0
        """How many tills there seem to be: the most that lately waited, or were just answered, at a batch's end."""
        self._answered = 0
        """Receipts of the batch before."""
        self._took = 0.0
        """Seconds that the batch before took, when it was more than one receipt."""
        self._pace = 0.0
        """Seconds that a batch takes, as far as the last ones tell."""
        self._begun = 0.0
        """When the batch in work that began last did so."""
        self._closed = False

    async def record(self, incoming: Incoming) -> Recorded:
        """Record one purchase with whatever else is waiting. Raises Overloaded when too much is."""
        if self._count >= WAITING_MAX or self._closed or self._expected_wait() > WAIT_SECONDS_MAX:
            raise Overloaded(1, "More purchases are waiting than this process takes on.")
        answer: asyncio.Future[Recorded] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(incoming.caller.program, deque()).append((incoming, answer))
        self._count += 1
        if self._rests and self._count >= self._crowd:
            self._end_rest(next(iter(self._rests)))
        else:
            self._start()
        return await answer

    async def record_all(self, program: UUID, batch: list[Incoming]) -> list[Recorded]:
        """Record many at once, in batches of their own; two with the same request key go into different ones."""
        results: dict[int, Recorded] = {}
        rest = list(enumerate(batch))
        while rest:
            chosen: list[tuple[int, Incoming]] = []
            keys: set[tuple[UUID, str]] = set()
            later: list[tuple[int, Incoming]] = []
            for place, incoming in rest:
                assert incoming.request is not None
                key = (incoming.request.partner, incoming.request.key)
                if key in keys or len(chosen) == BATCH_MAX:
                    later.append((place, incoming))
                else:
                    keys.add(key)
                    chosen.append((place, incoming))
            at = await self._known.now(program)
            answers = await self._book.record(program, [incoming for _, incoming in chosen], at)
            results.update(zip((place for place, _ in chosen), answers, strict=True))
            rest = later
        return [results[place] for place in range(len(batch))]

    async def close(self) -> None:
        """Take nothing more, and finish what was taken."""
        self._closed = True
        while self._writing or self._count:
            if self._writing:
                await asyncio.wait(self._writing)
            else:  # a lane rests
                await asyncio.sleep(PAUSE_SECONDS_MAX)

    def _expected_wait(self) -> float:
        """Seconds until a purchase that comes now would have its turn; 0 while less than a batch waits."""
        if self._count < BATCH_MAX:
            return 0.0
        # Programs take turns, so each may leave a batch that is not full.
        batches = len(self._waiting) + self._count // BATCH_MAX
        # A batch that takes longer than others did (a database that stands still) tells it before its end.
        pace = max(self._pace, time.perf_counter() - self._begun) if self._writing else self._pace
        return batches * pace / self._lanes

    def _start(self) -> None:
        while self._count and len(self._writing) + len(self._rests) < self._lanes:
            program = next(iter(self._waiting))
            batch = self._take(program)
            self._begun = time.perf_counter()
            task = asyncio.create_task(self._write(program, batch))
            self._writing.add(task)
            task.add_done_callback(self._written)

    def _written(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        pause = min(PAUSE_SECONDS_MAX, PAUSE_SHARE * self._took)
        if self._closed or pause < PAUSE_SECONDS_MIN:
            self._start()
            return
        # Under load: the tills that were just answered send their next receipts within this pause, and a batch twice
        # as large costs much less than two. When they are all there again it is over (measured at 128 clients, two
        # processes: 1,960 a second instead of 1,700 with a pause of at most 5 ms; 32 clients: 1,450 instead of 1,230).
        self._crowd = max(self._count + self._answered, int(CROWD_KEPT * self._crowd))
        rest = object()
        self._rests[rest] = asyncio.get_running_loop().call_later(pause, self._end_rest, rest)

    def _end_rest(self, rest: object) -> None:
        self._rests.pop(rest).cancel()
        self._start()

    def _take(self, program: UUID) -> list[Waiting]:
        queue = self._waiting.pop(program)
        batch: list[Waiting] = []
        again: deque[Waiting] = deque()
        keys: set[tuple[UUID, str]] = set()
        while queue and len(batch) < BATCH_MAX:
            waiting = queue.popleft()
            request = waiting[0].request
            assert request is not None
            if (request.partner, request.key) in keys:
                again.append(waiting)
                continue
            keys.add((request.partner, request.key))
            batch.append(waiting)
        again.extend(queue)
        if again:
            self._waiting[program] = again  # behind the other programs: they take turns
        self._count -= len(batch)
        return batch

    async def _write(self, program: UUID, batch: list[Waiting]) -> None:
        started = time.perf_counter()
        self._answered = len(batch)
        try:
            at = await self._known.now(program)
            results = await self._book.record(program, [incoming for incoming, _ in batch], at)
        except BaseException as error:  # whatever it is, everybody who waits must hear of it
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
            if not isinstance(error, Exception):
                raise
            return
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():
                answer.set_result(result)
        took = time.perf_counter() - started
        self._took = took if len(batch) > 1 else 0.0
        self._pace += PACE_SHARE * (took - self._pace)
