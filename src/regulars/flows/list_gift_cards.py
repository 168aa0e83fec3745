"""Lists gift cards, the latest first, with what is on each. Only reads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Database, fetch_all
from regulars.flows.gift_cards import shown_code
from regulars.flows.gift_tender import currency_of
from regulars.flows.known_programs import Known

SQL = queries.load("regulars.flows", "list_gift_cards.sql")


class GiftCardListed(Struct, frozen=True):
    """A gift card in a list."""

    id: str
    shown: str
    """The end of its code."""
    blocked: bool
    balance: int
    """Minor units of the base money, held ones among them."""
    issued_at: datetime


class GiftCardPage(Struct, frozen=True):
    """A page of the list."""

    items: tuple[GiftCardListed, ...]
    next: str | None


async def list_gift_cards(database: Database, known: Known, before: UUID | None, limit: int) -> GiftCardPage:
    """Cards that were issued before the one of this id (None: the latest)."""
    program = known.program
    asked = (program.id, before, before, limit + 1, currency_of(program.base_currency))
    async with database.transaction(program.id) as tx:
        rows = await fetch_all(tx, SQL.listed, asked)
    items = tuple(
        [
            GiftCardListed(
                ids.show("gft", card),
                shown_code(known, card, serial),
                blocked_at is not None,
                balance,
                issued_at,
            )
            for card, serial, blocked_at, issued_at, balance in rows[:limit]
        ]
    )
    return GiftCardPage(items, items[-1].id if len(rows) > limit else None)
