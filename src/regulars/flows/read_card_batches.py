"""Reads batches of cards: which there are, how far each has come, and its cards. Writes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.members import card_batches
from regulars.members.card_batches import Batch, Printed
from regulars.members.model import CardStatus


class BatchCard(Struct, frozen=True, omit_defaults=True):
    """A card of a batch."""

    id: str
    number: str
    serial: int
    """Its place in the batch, from 1."""
    status: CardStatus = "issued"
    """Left out while it is `issued`: it was not handed over yet."""
    member: str | None = None


class CardBatchView(Struct, frozen=True, omit_defaults=True):
    """Unassigned cards: whoever gets one may collect points with it, and be given a name later."""

    id: str
    count: int
    created_at: datetime
    job: str | None = None
    """The work that makes the cards, where they are many."""
    made: int | None = None
    """Cards that are there."""
    cards: tuple[BatchCard, ...] | None = None
    """The cards themselves, in the answer of the call that made them."""


class CardBatchPage(Struct, frozen=True):
    """A page of batches, in the order they were made."""

    items: tuple[CardBatchView, ...]
    next: str | None


class BatchCardPage(Struct, frozen=True):
    """A page of a batch's cards, in the order of their serials."""

    items: tuple[BatchCard, ...]
    next: str | None


async def list_batches(database: Database, program: UUID, after: UUID | None, limit: int) -> CardBatchPage:
    """Batches in the order they were made."""
    async with database.transaction(program) as tx:
        found = await card_batches.page(tx, program, after, limit + 1)
    items = tuple(_view(batch) for batch in found[:limit])
    return CardBatchPage(items, items[-1].id if len(found) > limit else None)


async def read_batch(database: Database, program: UUID, identifier: UUID) -> CardBatchView:
    """One batch, with how far it has come. Raises NotFound."""
    async with database.transaction(program) as tx:
        return _view(await _found(tx, program, identifier))


async def read_cards(
    database: Database, program: UUID, identifier: UUID, after: int, limit: int
) -> tuple[list[Printed], int | None]:
    """A batch's cards after a serial, and the serial to go on after. Raises NotFound."""
    async with database.transaction(program) as tx:
        await _found(tx, program, identifier)
        found = await card_batches.cards(tx, program, identifier, after, limit + 1)
    return found[:limit], found[limit - 1].serial if len(found) > limit else None


async def all_cards(
    database: Database, program: UUID, identifier: UUID, at_once: int
) -> AsyncIterator[list[Printed]]:
    """A batch's cards, so many at a time. Raises NotFound."""
    after: int | None = 0
    while after is not None:
        found, after = await read_cards(database, program, identifier, after, at_once)
        if found:
            yield found


def card_of_batch(card: Printed) -> BatchCard:
    """A batch's card as it is answered."""
    return BatchCard(
        ids.show("crd", card.id),
        card.number,
        card.serial,
        card.status,
        ids.show("mem", card.member) if card.member else None,
    )


async def _found(tx: Transaction, program: UUID, identifier: UUID) -> Batch:
    batch = await card_batches.find(tx, program, identifier)
    if batch is None:
        raise NotFound("There is no such batch of cards in this program.")
    return batch


def _view(batch: Batch) -> CardBatchView:
    return CardBatchView(
        id=ids.show("crb", batch.id),
        count=batch.wanted,
        created_at=batch.created_at,
        job=ids.show("job", batch.job) if batch.job else None,
        made=batch.made,
    )
