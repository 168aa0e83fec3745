"""Finds the demo's members by their cards, and says texts in its five languages."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.db.pool import Database
from regulars.flows import standing
from regulars.flows.incoming import Key


def said(en: str, lv: str, ru: str, et: str, hu: str) -> dict[str, str]:
    """A name or a text by language."""
    return {"en": en, "lv": lv, "ru": ru, "et": et, "hu": hu}


async def member_of(database: Database, program: UUID, card: str) -> UUID:
    """The member who has this card."""
    async with database.transaction(program) as tx:
        found = await standing.customer_of(tx, program, Key("card", number=card))
    assert found is not None, "the demo's cards are its members'"
    assert found.member is not None, "the demo's cards are its members'"
    return found.member


async def members_of(database: Database, program: UUID, cards: Sequence[str]) -> list[UUID]:
    """The members who have these cards, in their order."""
    return [await member_of(database, program, card) for card in cards]
