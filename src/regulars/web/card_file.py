"""Writes a batch of cards for a card maker, as CSV."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from regulars.db.pool import Database
from regulars.flows.read_card_batches import all_cards
from regulars.programs.branding import grouped
from regulars.web import tables

HEAD = ("serial", "number", "printed", "status")
ROWS_AT_ONCE = 10_000


async def as_csv(database: Database, program: UUID, batch: UUID) -> AsyncIterator[bytes]:
    """All cards of a batch; `printed` is the number in groups of four, which a spreadsheet leaves whole."""
    yield tables.rows_as_csv([HEAD])
    async for cards in all_cards(database, program, batch, ROWS_AT_ONCE):
        yield tables.rows_as_csv(
            (card.serial, card.number, grouped(card.number), card.status) for card in cards
        )
