"""Reads what a card in a phone's wallet shows: its number and the balance of its account. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database
from regulars.errors import CardBlocked, NotFound, StateConflict
from regulars.flows.read_member import BalanceView, balance_of, member_of
from regulars.members import card_states, reading
from regulars.members.model import Card
from regulars.programs import reading as programs
from regulars.programs.model import Program, Spot

PLACES_MAX = 10
"""More a pass may not have."""


class WalletCard(Struct, frozen=True):
    """A card for a phone's wallet. Without its owner's name: what is in a wallet lies with the phone's maker too."""

    card: Card
    balance: BalanceView
    language: str
    """Of the member; empty for a card that belongs to nobody yet."""
    places: tuple[tuple[str, Spot], ...]
    """Stores near which it is of use: their names, and where they are."""
    at: datetime
    """When the balance was read, by the program's clock."""


async def read_wallet_card(database: Database, program: Program, card: UUID, at: datetime) -> WalletCard:
    """The card with its balance. Raises NotFound, CardBlocked, StateConflict for one that is not in use."""
    async with database.transaction(program.id) as tx:
        found = await reading.card_by_id(tx, program.id, card)
        if found is None:
            raise NotFound("There is no such card.")
        if found.status == "blocked":
            raise CardBlocked
        if found.status not in card_states.IN_USE:
            raise StateConflict(f"This card is {found.status}: it is not in use any more.")
        pool, language = found.pool, ""
        if found.member is not None:
            member = await member_of(tx, program, found.member)
            pool, language = member.pool, member.language
        balance = await balance_of(tx, program, pool, at)
        places = await programs.located_stores(tx, program.id, PLACES_MAX)
        return WalletCard(found, balance, language, tuple(places), at)
