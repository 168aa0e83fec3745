"""Says which member each of some texts names: an id, card, phone, email or id in another system. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database
from regulars.errors import Problem
from regulars.flows.desk.find_people import identifiers_of
from regulars.flows.known_programs import Known
from regulars.members import reading
from regulars.members.model import Customer, Identifier

Unnamed = Literal["nobody", "several", "card_of_nobody", "erased"]
TEXT_MAX = 300


class Named(Struct, frozen=True):
    """Whom a text names, or why nobody."""

    text: str
    member: UUID | None = None
    name: str = ""
    why: Unnamed = "nobody"
    """Where `member` is None: why."""


async def name_members(database: Database, known: Known, texts: Sequence[str]) -> list[Named]:
    """Whom each text names, in their order; all in one statement. Raises VaultLocked."""
    identifiers: list[Identifier] = []
    places: list[range] = []
    for text in texts:
        found = _identifiers(known, text)
        places.append(range(len(identifiers), len(identifiers) + len(found)))
        identifiers.extend(found)
    async with database.transaction(known.program.id) as tx:
        customers = await reading.find(tx, known.program.id, known.vault, identifiers) if identifiers else {}
    return [
        _named(text, [customers[place] for place in of if place in customers])
        for text, of in zip(texts, places, strict=True)
    ]


def _identifiers(known: Known, text: str) -> list[Identifier]:
    if not text or len(text) > TEXT_MAX or not text.isprintable():
        return []
    try:
        return identifiers_of(known, text)
    except Problem:  # an id that is none
        return []


def _named(text: str, found: list[Customer]) -> Named:
    members = {one.member: one for one in found if one.member is not None and one.card_status != "closed"}
    if len(members) > 1:
        return Named(text, why="several")
    if not members:
        return Named(text, why="card_of_nobody" if any(one.member is None for one in found) else "nobody")
    ((member, one),) = members.items()
    return Named(text, why="erased") if one.erased else Named(text, member, one.name)
