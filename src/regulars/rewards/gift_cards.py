"""Keeps gift cards: who sold them, what they are for, and which code is in force. What is on them, the books say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction, fetch_one

SQL = queries.load("regulars.rewards", "gift_cards.sql")
Purpose = Literal["multi", "single"]
"""For tax: `single` where the goods' rate was certain, and due, when the card was sold; `multi` otherwise."""


class GiftCard(Struct, frozen=True, gc=False):
    """A gift card. Its id is its pool's."""

    id: UUID
    serial: int
    """Of its codes the one in force."""
    purpose: Purpose
    tax_rate: str
    partner: UUID
    """Who sold it."""
    issued_at: datetime
    blocked_at: datetime | None


class Presented(Struct, frozen=True, gc=False):
    """What a code that was presented leads to."""

    card: GiftCard
    in_force: bool
    """False: the card got another code since."""


async def issue(tx: Transaction, program: UUID, card: GiftCard, code: UUID) -> None:
    """Enter a card, whose pool is open, and its first code."""
    key = (program, ids.home(card.id), card.id)
    await tx.execute(SQL.issue, (*key, card.purpose, card.tax_rate, card.partner, card.issued_at))
    await tx.execute(SQL.keep_code, (program, code, ids.home(card.id), card.id, card.serial))


async def ask(tx: Sender, program: UUID, codes: Sequence[UUID]) -> Rows:
    """Ask what these codes lead to; see `presented`."""
    return await tx.execute(SQL.presented, (uuids(codes), program))


async def presented(asked: Rows) -> dict[UUID, Presented]:
    """Code → its card; nothing for a code that was never given out."""
    return {
        code: Presented(GiftCard(*card), card[1] == serial) for code, serial, *card in await asked.fetchall()
    }


async def find(tx: Transaction, program: UUID, card: UUID) -> GiftCard | None:
    """A card by its id."""
    row = await fetch_one(tx, SQL.find, (program, ids.home(card), card))
    return None if row is None else GiftCard(*row)


async def block(tx: Transaction, program: UUID, card: UUID, at: datetime) -> bool:
    """Nobody can pay with it from now on; False: it was blocked before."""
    return (await tx.execute(SQL.block, (at, program, ids.home(card), card))).rowcount > 0


async def unblock(tx: Transaction, program: UUID, card: UUID) -> bool:
    """It can be paid with again; False: it was not blocked."""
    return (await tx.execute(SQL.unblock, (program, ids.home(card), card))).rowcount > 0


async def next_serial(tx: Transaction, program: UUID, card: UUID) -> int:
    """From now on another code is in force, of this number; the ones of before are good for nothing."""
    row = await fetch_one(tx, SQL.renew, (program, ids.home(card), card))
    assert row is not None, "cards are never taken away"
    return row[0]


async def keep_code(tx: Transaction, program: UUID, card: UUID, serial: int, code: UUID) -> None:
    """Enter the code of a number."""
    await tx.execute(SQL.keep_code, (program, code, ids.home(card), card, serial))
