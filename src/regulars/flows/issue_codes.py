"""Makes batches of unique codes: a small one in the call itself, a large one as a job that goes on where it stopped.

Codes are made again from the installation's secret whenever somebody who may see them asks; they are stored nowhere,
not even in the kept answer of the call that made them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
import structlog
from msgspec import Meta, Struct, structs

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.programs import tasks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.promotions import code_text, codes, counters
from regulars.promotions.codes import Batch
from regulars.units import AMOUNT_MAX

log = structlog.get_logger("regulars.codes")
AT_ONCE = 10_000
"""Codes that are made within the call; also the codes of one step of a job."""
COUNT_MAX = 1_000_000
SERIAL_MAX = 2**31 - 1
KIND = "codes"


class NewCodes(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/code-batches`."""

    name: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
    """By which promotions name the batch."""
    pattern: Annotated[str, Meta(min_length=1, max_length=40)]
    """`SUMMER-####-####`: each # becomes a random character."""
    count: Annotated[int, Meta(ge=0, le=COUNT_MAX)] = 0
    """How many to make now; a batch whose codes come with purchases begins with none."""
    uses: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] = 1
    """How often each code may be used."""
    member_uses: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None
    """How often each member may use codes of the batch; anonymous customers then may not."""
    from_: Annotated[datetime, Meta(tz=True)] | None = msgspec.field(default=None, name="from")
    until: Annotated[datetime, Meta(tz=True)] | None = None


class CodeBatchView(Struct, frozen=True, omit_defaults=True):
    """A batch of codes."""

    id: str
    name: str
    pattern: str
    count: int
    uses: int
    member_uses: int | None
    valid_from: datetime | None = msgspec.field(name="from")
    valid_until: datetime | None = msgspec.field(name="until")
    created_at: datetime
    stopped_at: datetime | None = None
    job: str | None = None
    """The work that makes the codes, where they are many."""
    made: int | None = None
    """Codes that are there."""
    used: int | None = None
    """Uses of its codes so far."""
    codes: tuple[str, ...] | None = None
    """The codes themselves, in the answer of the call that made them."""


class CodeBatchPage(Struct, frozen=True):
    """A page of batches, in the order they were made."""

    items: tuple[CodeBatchView, ...]
    next: str | None


class CodePage(Struct, frozen=True):
    """A page of a batch's codes."""

    items: tuple[str, ...]
    next: str | None


async def create_codes(database: Database, secret: bytes, request: Request, new: NewCodes, by: str) -> Answer:
    """201 with the codes, or (beyond 10,000) 202 with the job. Raises InvalidValue, StateConflict."""
    require_sense(new)
    key = code_text.key_of(secret, request.program)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return await _with_codes(tx, request.program, key, first)
        batch = await make_batch(tx, request.program, key, new, by, request.at)
        view = batch_view(batch)
        await trail.record(tx, request.program, Change("code_batch.created", view.id, after=view), request.at)
        answer = await requests.keep(tx, request, 202 if batch.job else 201, msgspec.json.encode(view))
        return await _with_codes(tx, request.program, key, answer)

    return await database.run(request.program, work)


def require_sense(new: NewCodes) -> None:
    """Raises InvalidValue where a batch contradicts itself."""
    code_text.check_pattern(new.pattern, new.count)
    if new.from_ is not None and new.until is not None and new.from_ >= new.until:
        raise InvalidValue("/until", "is not after the beginning")


async def make_batch(
    tx: Transaction, program: UUID, key: bytes, new: NewCodes, by: str, at: datetime
) -> Batch:
    """Enter a batch and make its codes, or (beyond 10,000) the job that makes them. Raises StateConflict."""
    batch = _batch(new, by, at, ids.new() if new.count > AT_ONCE else None)
    if not await codes.create(tx, program, batch):
        raise StateConflict(f"There is a batch of codes {new.name!r} already.")
    if batch.job is not None:
        payload = {"batch": ids.show("cbt", batch.id)}
        await tasks.begin(tx, batch.job, program, KIND, payload, new.count, at)
        return batch
    while (await codes.made(tx, batch.id))[0] < new.count:
        await _step(tx, program, key, batch)
    return batch


async def listed_codes(tx: Transaction, key: bytes, batch: Batch) -> tuple[str, ...]:
    """The texts of a batch's first 10,000 codes."""
    return _texts(key, batch, await codes.serials(tx, batch.id, -1, AT_ONCE))


async def continue_jobs(database: Database, secret: Callable[[], bytes], at: Callable[[], datetime]) -> int:
    """Make the codes of all batches that are not complete, step by step. How many batches were finished.

    Raises the last error, after all were tried.
    """
    unfinished = await database.run(None, lambda tx: tasks.unfinished(tx, KIND))
    finished, failed = 0, None
    for job, program, payload in unfinished:
        key = code_text.key_of(secret(), program)
        batch = ids.read("cbt", payload["batch"])
        try:
            while not await _continue(database, program, key, job, batch):
                pass
            await database.run(None, lambda tx, job=job: tasks.finish(tx, job, at()))
            finished += 1
        except Exception as error:  # whatever it is, it keeps this batch waiting, and spares the others
            failed = error
            log.exception("codes_failed", program=str(program), batch=payload["batch"])
    if failed is not None:
        raise failed
    return finished


async def _continue(database: Database, program: UUID, key: bytes, job: UUID, identifier: UUID) -> bool:
    """One step of a job in a transaction of its own; whether it was the last."""

    async def work(tx: Transaction) -> bool:
        batch = await codes.find(tx, program, identifier)
        assert batch is not None, "batches are never taken away"
        done = await _step(tx, program, key, batch)
        await tasks.advance(tx, job, done)
        return done >= batch.wanted

    return await database.run(program, work)


async def _step(tx: Transaction, program: UUID, key: bytes, batch: Batch) -> int:
    """Make up to `AT_ONCE` more codes; how many there are then. One that another batch has already is left out."""
    there, serial = await codes.made(tx, batch.id)
    count = min(AT_ONCE, batch.wanted - there)
    if count <= 0:
        return there
    while True:
        assert serial + count <= SERIAL_MAX, "patterns have room"
        made = await asyncio.to_thread(_make, key, batch, range(serial, serial + count))
        added = await codes.add(tx, program, batch.id, made)
        if added:
            return there + added
        serial += count


def _make(key: bytes, batch: Batch, numbers: range) -> list[tuple[UUID, int]]:
    """Ids and numbers of codes, in the order of the ids; of two alike one."""
    made = {code_text.id_of(key, code_text.numbered(key, batch.id, batch.pattern, n)): n for n in numbers}
    return sorted(made.items())


async def _with_codes(tx: Transaction, program: UUID, key: bytes, answer: Answer) -> Answer:
    """The kept answer with its codes, which are not kept."""
    view = msgspec.json.decode(answer.body, type=CodeBatchView)
    if answer.status != 201:
        return answer
    batch = await codes.find(tx, program, ids.read("cbt", view.id))
    assert batch is not None, "batches are never taken away"
    listed = await listed_codes(tx, key, batch)
    return structs.replace(answer, body=msgspec.json.encode(structs.replace(view, codes=listed)))


async def list_batches(database: Database, program: UUID, after: UUID | None, limit: int) -> CodeBatchPage:
    """Batches in the order they were made."""
    async with database.transaction(program) as tx:
        found = await codes.page(tx, program, after, limit + 1)
    items = tuple(batch_view(batch) for batch in found[:limit])
    return CodeBatchPage(items, items[-1].id if len(found) > limit else None)


async def read_batch(database: Database, program: UUID, identifier: UUID) -> CodeBatchView:
    """One batch, with how many codes it has and how often they were used. Raises NotFound."""
    async with database.transaction(program) as tx:
        batch = await _found(tx, program, identifier)
        made, _ = await codes.made(tx, identifier)
        used = sum(u.used for u in await counters.usage(tx, program, identifier) if u.rule == "code")
    return structs.replace(batch_view(batch), made=made, used=used)


async def read_codes(
    database: Database, secret: bytes, program: UUID, identifier: UUID, after: int, limit: int
) -> CodePage:
    """The codes of a batch in the order of their numbers, which is the cursor. Raises NotFound."""
    async with database.transaction(program) as tx:
        batch = await _found(tx, program, identifier)
        found = await codes.serials(tx, identifier, after, limit + 1)
    key = code_text.key_of(secret, program)
    listed = await asyncio.to_thread(_texts, key, batch, found[:limit])
    return CodePage(listed, str(found[limit - 1]) if len(found) > limit else None)


async def stop_batch(database: Database, program: UUID, identifier: UUID, at: datetime) -> CodeBatchView:
    """No code of the batch counts any more; what holds have of them stands. Raises NotFound."""

    async def work(tx: Transaction) -> CodeBatchView:
        if not await codes.stop(tx, program, identifier, at):
            raise NotFound("There is no such batch of codes in this program.")
        stopped = batch_view(await _found(tx, program, identifier))
        await trail.record(tx, program, Change("code_batch.stopped", stopped.id, after=stopped.name), at)
        return stopped

    return await database.run(program, work)


async def _found(tx: Transaction, program: UUID, identifier: UUID) -> Batch:
    batch = await codes.find(tx, program, identifier)
    if batch is None:
        raise NotFound("There is no such batch of codes in this program.")
    return batch


def _texts(key: bytes, batch: Batch, numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(code_text.numbered(key, batch.id, batch.pattern, serial) for serial in numbers)


def _batch(new: NewCodes, by: str, at: datetime, job: UUID | None) -> Batch:
    return Batch(
        ids.new(), new.name, new.pattern, new.count, new.uses, new.member_uses, new.from_, new.until,
        None, at, by, job,
    )  # fmt: skip


def batch_view(batch: Batch) -> CodeBatchView:
    """A batch as it is answered."""
    return CodeBatchView(
        id=ids.show("cbt", batch.id),
        name=batch.name,
        pattern=batch.pattern,
        count=batch.wanted,
        uses=batch.uses,
        member_uses=batch.member_uses,
        valid_from=batch.valid_from,
        valid_until=batch.valid_until,
        created_at=batch.created_at,
        stopped_at=batch.stopped_at,
        job=ids.show("job", batch.job) if batch.job else None,
    )
