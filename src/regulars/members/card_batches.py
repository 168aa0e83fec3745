"""Keeps batches of cards that belong to nobody yet, and notes when a card is made a second time.

A batch is made in steps, each in a transaction of its own: the step holds the batch's row, so nothing is made twice,
and a step that did not commit left nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members import numbers
from regulars.members.card_states import IN_USE
from regulars.members.model import Card, CardStatus
from regulars.members.reading import FIRST, SQL


class Batch(Struct, frozen=True):
    """A batch: so many cards are wanted, so many are there."""

    id: UUID
    wanted: int
    made: int
    created_at: datetime
    created_by: str
    job: UUID | None


class Printed(Struct, frozen=True, gc=False):
    """A card as it lies in its batch."""

    serial: int
    id: UUID
    number: str
    status: CardStatus
    member: UUID | None


class Draft(Struct, frozen=True, gc=False):
    """A card to be made: its number is claimed already."""

    id: UUID
    number: str
    pool: UUID


async def create(tx: Transaction, program: UUID, batch: Batch) -> None:
    """Enter a batch of which nothing is made yet."""
    await tx.execute(
        SQL.insert_card_batch,
        (program, batch.id, batch.wanted, batch.created_at, batch.created_by, batch.job),
    )


async def find(tx: Transaction, program: UUID, batch: UUID) -> Batch | None:
    """A batch."""
    row = await fetch_one(tx, SQL.find_card_batch, (program, batch))
    return Batch(*row) if row else None


async def page(tx: Transaction, program: UUID, after: UUID | None, limit: int) -> list[Batch]:
    """Batches in the order they were made."""
    return [Batch(*row) for row in await fetch_all(tx, SQL.card_batches, (program, after or FIRST, limit))]


async def cards(tx: Transaction, program: UUID, batch: UUID, after: int, limit: int) -> list[Printed]:
    """A batch's cards from the one after the serial `after`."""
    rows = await fetch_all(tx, SQL.cards_of_batch, (program, batch, after, limit))
    return [Printed(*row) for row in rows]


async def lock(tx: Transaction, program: UUID, batch: UUID) -> tuple[int, int]:
    """How many cards are wanted and made; nobody else makes any until the transaction ends."""
    row = await fetch_one(tx, SQL.lock_card_batch, (program, batch))
    assert row is not None, "batches are never taken away"
    return row[0], row[1]


async def claim(
    tx: Transaction, program: UUID, settings: numbers.CardSettings, homes: Sequence[int]
) -> list[Draft]:
    """Draw a number for each home and claim it; those that were taken already are left out."""
    drawn = numbers.generate(len(homes), settings)
    drafts = [Draft(ids.new(home), number, ids.new(home)) for number, home in zip(drawn, homes, strict=False)]
    columns = {
        "program": program,
        "numbers": arrays.texts(drawn),
        "homes": arrays.int2s(homes[: len(drawn)]),
        "cards": arrays.uuids([draft.id for draft in drafts]),
    }
    claimed = {number for (number,) in await fetch_all(tx, SQL.claim_numbers, columns)}
    return [draft for draft in drafts if draft.number in claimed]


async def enter(
    tx: Transaction, program: UUID, batch: UUID, first: int, drafts: Sequence[Draft], at: datetime
) -> None:
    """Make the cards whose numbers are claimed, with serials from `first` on; their pools are open."""
    await tx.execute(
        SQL.insert_batch_cards,
        {
            "program": program,
            "at": at,
            "batch": batch,
            "homes": arrays.int2s([ids.home(draft.id) for draft in drafts]),
            "ids": arrays.uuids([draft.id for draft in drafts]),
            "numbers": arrays.texts([draft.number for draft in drafts]),
            "pools": arrays.uuids([draft.pool for draft in drafts]),
            "serials": arrays.int4s(range(first, first + len(drafts))),
        },
    )
    await tx.execute(SQL.advance_card_batch, (len(drafts), program, batch))


async def copy(
    tx: Transaction, program: UUID, card: UUID, at: datetime, by: str
) -> tuple[Card | None, int | None]:
    """The card as it is, locked, and which copy of it was noted: None when it is not in use, and nothing was noted."""
    key = (program, ids.home(card), card)
    row = await fetch_one(tx, SQL.lock_card, key)
    if row is None or Card(*row).status not in IN_USE:
        return (Card(*row) if row else None), None
    values = {"program": program, "home": ids.home(card), "card": card, "at": at, "by": by}
    noted = await fetch_one(tx, SQL.insert_card_copy, values)
    assert noted is not None, "an aggregate is always one row"
    return Card(*row), noted[0]
