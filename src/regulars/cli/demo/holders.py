"""Finds the demo's members by their cards, says texts in its five languages, and when things were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from regulars.cli.demo import chain
from regulars.clock import zone
from regulars.db.pool import Database
from regulars.flows import standing
from regulars.flows.incoming import Key


def said(en: str, lv: str, ru: str, et: str, hu: str) -> dict[str, str]:
    """A name or a text by language."""
    return {"en": en, "lv": lv, "ru": ru, "et": et, "hu": hu}


def then(at: datetime, days: int, hour: int = 0, minute: int = 0) -> datetime:
    """So many days before an instant's day in the chain's shops, at that time of theirs; in UTC."""
    day = at.astimezone(zone(chain.TIME_ZONE)).date() - timedelta(days=days)
    return datetime.combine(day, time(hour, minute), zone(chain.TIME_ZONE)).astimezone(UTC)


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
