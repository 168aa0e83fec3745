"""Keeps which gift cards a member has with her: whoever shows a card's code holds it, so more than one may."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.rewards.gift_cards import GiftCard

SQL = queries.load("regulars.rewards", "keeping.sql")
KEPT_MAX = 20


async def keep(tx: Transaction, program: UUID, member: UUID, card: GiftCard, at: datetime) -> bool:
    """Keep a card by the code that is in force; False where there is no room. The member's row is locked."""
    named = {
        "program": program,
        "home": ids.home(member),
        "member": member,
        "card": card.id,
        "card_home": ids.home(card.id),
        "serial": card.serial,
        "at": at,
        "most": KEPT_MAX,
    }
    return await fetch_one(tx, SQL.keep, named) is not None


async def kept(tx: Transaction, program: UUID, member: UUID) -> list[GiftCard]:
    """What she keeps, the latest first; a card that got another code since is not hers any more."""
    rows = await fetch_all(tx, SQL.kept, (program, ids.home(member), member))
    return [GiftCard(*row) for row in rows]


async def used(tx: Transaction, program: UUID) -> bool:
    """Whether the program has gift cards at all."""
    row = await fetch_one(tx, SQL.used, (program,))
    assert row is not None
    return row[0]


async def let_go(tx: Transaction, program: UUID, member: UUID, card: UUID) -> bool:
    """She keeps it no more. False when she did not."""
    return await fetch_one(tx, SQL.let_go, (program, ids.home(member), member, card)) is not None


async def copy(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID) -> None:
    """A merge: the survivor keeps what the duplicate keeps, who has it again when the merge is undone."""
    whose = (program, ids.home(duplicate), duplicate)
    await tx.execute(SQL.copy, (ids.home(survivor), survivor, *whose))


async def remind(tx: Transaction, program: UUID, member: UUID, card: UUID, of: datetime) -> bool:
    """Note that she is reminded of money that ends at an instant; False where she was, or just now is."""
    named = {"program": program, "home": ids.home(member), "member": member, "card": card, "of": of}
    return await fetch_one(tx, SQL.remind, named) is not None


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes it away."""
    await tx.execute(SQL.forget, (program, ids.home(member), member))
