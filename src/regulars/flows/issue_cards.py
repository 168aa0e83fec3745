"""Makes batches of cards that belong to nobody yet: a small one in the call, a large one as a job that can be resumed.

Cards are not kept with the answer of the call that made them: a replay reads them from the batch.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, structs

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import Conflict
from regulars.flows.read_card_batches import BatchCard, CardBatchView
from regulars.ledger import book
from regulars.members import card_batches, numbers
from regulars.members.card_batches import Batch
from regulars.programs import reading, tasks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

AT_ONCE = 10_000
"""Cards that are made within the call; also the cards of one step of a job."""
COUNT_MAX = 1_000_000
KIND = "cards"
ROUNDS = 10
"""How often numbers are drawn when all of them were taken."""
USED_UP = "The program's card numbers are used up: give it another prefix, or more digits."


class NewBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/cards/batch`."""

    count: Annotated[int, Meta(ge=1, le=COUNT_MAX)]


async def issue_batch(
    database: Database, settings: numbers.CardSettings, request: Request, new: NewBatch, by: str
) -> Answer:
    """201 with the cards, or (beyond 10,000) 202 with the job. Raises Conflict when the numbers are used up."""
    large = new.count > AT_ONCE

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return await _with_cards(tx, request.program, first)
        batch = Batch(ids.new(), new.count, 0, request.at, by, ids.new() if large else None)
        await card_batches.create(tx, request.program, batch)
        if batch.job is not None:
            payload = {"batch": ids.show("crb", batch.id)}
            await tasks.begin(tx, batch.job, request.program, KIND, payload, new.count, request.at)
        else:
            while await _step(tx, request.program, settings, batch) < new.count:
                pass
        view = CardBatchView(
            ids.show("crb", batch.id),
            new.count,
            request.at,
            job=ids.show("job", batch.job) if batch.job else None,
        )
        await trail.record(tx, request.program, Change("card_batch.created", view.id, after=view), request.at)
        answer = await requests.keep(tx, request, 202 if large else 201, msgspec.json.encode(view))
        return await _with_cards(tx, request.program, answer)

    return await database.run(request.program, work)


async def continue_cards(database: Database, at: Callable[[], datetime]) -> int:
    """Make the cards of all batches that are not complete, step by step. How many batches were finished."""
    unfinished = await database.run(None, lambda tx: tasks.unfinished(tx, KIND))
    finished = 0
    for job, program, payload in unfinished:
        try:
            await make_batch(database, program, job, ids.read("crb", payload["batch"]), at)
        except Conflict:
            continue
        finished += 1
    return finished


async def make_batch(
    database: Database,
    program: UUID,
    job: UUID,
    batch: UUID,
    at: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Make all cards of a batch that are not there yet. Raises Conflict, and the job has failed, without numbers."""
    try:
        made, wanted = 0, 1
        while made < wanted:
            made, wanted = await _continue(database, program, job, batch)
            progress(made)
    except Conflict as error:
        detail = error.detail
        await database.run(None, lambda tx: tasks.fail(tx, job, detail, at()))
        raise
    await database.run(None, lambda tx: tasks.finish(tx, job, at()))


async def _continue(database: Database, program: UUID, job: UUID, identifier: UUID) -> tuple[int, int]:
    """One step of a job in a transaction of its own; how many cards there are, and how many are wanted."""

    async def work(tx: Transaction) -> tuple[int, int]:
        batch = await card_batches.find(tx, program, identifier)
        loaded = await reading.load(tx, program)
        assert batch is not None, "batches are never taken away"
        made = await _step(tx, program, loaded.settings, batch)
        await tasks.advance(tx, job, made)
        return made, batch.wanted

    return await database.run(program, work)


async def _step(tx: Transaction, program: UUID, settings: numbers.CardSettings, batch: Batch) -> int:
    """Make up to `AT_ONCE` more cards; how many there are then. Raises Conflict when no number is left."""
    wanted, made = await card_batches.lock(tx, program, batch.id)
    count = min(AT_ONCE, wanted - made)
    if count <= 0:
        return made
    homes = sorted(secrets.randbelow(ids.HOMES) for _ in range(count))
    for _ in range(ROUNDS):
        drafts = await card_batches.claim(tx, program, settings, homes)
        if drafts:
            pools = [draft.pool for draft in drafts]
            await book.open_pools(tx, program, pools, [ids.home(p) for p in pools], "card", batch.created_at)
            await card_batches.enter(tx, program, batch.id, made + 1, drafts, batch.created_at)
            return made + len(drafts)
    raise Conflict(USED_UP)


async def _with_cards(tx: Transaction, program: UUID, answer: Answer) -> Answer:
    """The kept answer with its cards as they were made; they are not kept with it."""
    if answer.status != 201:
        return answer
    view = msgspec.json.decode(answer.body, type=CardBatchView)
    found = await card_batches.cards(tx, program, ids.read("crb", view.id), 0, AT_ONCE)
    listed = tuple(BatchCard(ids.show("crd", card.id), card.number, card.serial) for card in found)
    return structs.replace(answer, body=msgspec.json.encode(structs.replace(view, cards=listed)))
