"""The queue in front of the write path: bounded in number and in time, told at once, and over when it is over."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from regulars.errors import Overloaded
from regulars.flows import queue_purchases
from regulars.flows.queue_purchases import BATCH_MAX, WAITING_MAX, PurchaseQueue
from regulars.flows.record_purchases import Recorded

PROGRAM = UUID(int=1)
WRITTEN = Recorded(None)


class Book:
    """Writes a batch when it is let, and remembers how large it was."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.free = asyncio.Semaphore(0)

    async def record(self, program: UUID, batch: list[Any], at: datetime) -> list[Recorded]:
        self.sizes.append(len(batch))
        await self.free.acquire()
        return [WRITTEN] * len(batch)


class Known:
    """What the queue asks of a program."""

    async def now(self, _: UUID) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC)


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def perf_counter(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(queue_purchases, "time", made)
    return made


def queue(book: Book) -> PurchaseQueue:
    made = PurchaseQueue(cast(Any, None), cast(Any, Known()))
    made._book = cast(Any, book)
    return made


def receipt(number: int, program: UUID = PROGRAM) -> Any:
    request = SimpleNamespace(partner=program, key=f"r-{number}")
    return SimpleNamespace(caller=SimpleNamespace(program=program), request=request)


async def sent(line: PurchaseQueue, count: int, first: int = 0) -> list[asyncio.Task[Recorded]]:
    """So many receipts, each of which has been taken on or refused."""
    tasks = [asyncio.create_task(line.record(receipt(first + n))) for n in range(count)]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


def refused(tasks: list[asyncio.Task[Recorded]]) -> int:
    """How many were told to come again."""
    return sum(task.done() and isinstance(task.exception(), Overloaded) for task in tasks)


async def finish(book: Book, tasks: list[asyncio.Task[Recorded]]) -> None:
    for _ in range(1000):
        book.free.release()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_no_more_wait_than_the_bound_and_the_next_is_told_when_to_come_again(clock: Clock) -> None:
    book = Book()
    line = queue(book)

    tasks = await sent(line, 1 + WAITING_MAX + 3)

    assert refused(tasks) == 3
    assert [task.done() for task in tasks[: 1 + WAITING_MAX]] == [False] * (1 + WAITING_MAX)
    with pytest.raises(Overloaded) as told:
        await line.record(receipt(9999))
    assert told.value.headers == {"Retry-After": "1"}
    await finish(book, tasks)
    assert (book.sizes[0], sum(book.sizes)) == (1, 1 + WAITING_MAX)
    assert await line.record(receipt(10_000)) is WRITTEN


async def test_a_database_that_stands_still_is_noticed_before_its_batch_ends(clock: Clock) -> None:
    book = Book()
    line = queue(book)
    tasks = await sent(line, 1 + BATCH_MAX)
    clock.seconds += 1.5  # two batches would have to wait for one that takes this long already

    late = await sent(line, 5, first=500)

    assert (refused(tasks), refused(late)) == (0, 5)
    await finish(book, tasks)


async def test_slow_batches_leave_room_for_as_many_as_have_their_turn_in_time(clock: Clock) -> None:
    book = Book()
    line = queue(book)
    for n in range(20):  # each takes 0.5 s, until that is what is expected
        (task,) = await sent(line, 1, first=n)
        clock.seconds += 0.5
        book.free.release()
        await task

    tasks = await sent(line, 1000, first=100)

    # one is in work; with two batches before it a purchase waits 1 s, and no longer is allowed
    assert refused(tasks) == 1000 - 1 - 2 * BATCH_MAX
    await finish(book, tasks)


async def test_less_than_a_batch_waits_however_slow_it_is(clock: Clock) -> None:
    book = Book()
    line = queue(book)
    tasks = await sent(line, 1)
    clock.seconds += 3600

    tasks += await sent(line, BATCH_MAX, first=1)

    assert refused(tasks) == 0
    await finish(book, tasks)


async def test_a_closed_queue_finishes_what_it_took_and_takes_no_more(clock: Clock) -> None:
    book = Book()
    line = queue(book)
    tasks = await sent(line, 3)
    closing = asyncio.create_task(line.close())
    await asyncio.sleep(0)

    with pytest.raises(Overloaded):
        await line.record(receipt(10))

    await finish(book, tasks)
    await closing
    assert [task.result() for task in tasks] == [WRITTEN] * 3
