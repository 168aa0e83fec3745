"""Reads what a card in a phone's wallet shows: its number and the balance of its account. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database, Transaction
from regulars.errors import CardBlocked, NotFound, StateConflict
from regulars.flows.member_home import card_to_show
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


async def read_wallet_card(
    database: Database, program: Program, card: UUID, at: datetime, *, any_state: bool = False
) -> WalletCard:
    """The card with its balance. Raises NotFound, CardBlocked, StateConflict for one that is not in use.

    `any_state`: a phone that holds it already is shown it in every state, to see that it is of no use any more.
    """
    async with database.transaction(program.id) as tx:
        found = await reading.card_by_id(tx, program.id, card)
        if found is None:
            raise NotFound("There is no such card.")
        if found.status == "blocked" and not any_state:
            raise CardBlocked
        if found.status not in card_states.IN_USE and not any_state:
            raise StateConflict(f"This card is {found.status}: it is not in use any more.")
        if found.member is None:
            return await _shown(tx, program, found, found.pool, "", at)
        member = await member_of(tx, program, found.member)
        return await _shown(tx, program, found, member.pool, member.language, at)


async def read_own_wallet_card(
    database: Database, program: Program, member: UUID, at: datetime
) -> WalletCard:
    """The card that a member's first page shows. Raises NotFound, also where none of hers is in use."""
    async with database.transaction(program.id) as tx:
        owner = await member_of(tx, program, member)
        card = card_to_show(await reading.cards_of(tx, program.id, owner.id))
        if card is None:
            raise NotFound("None of your cards can be used now.")
        return await _shown(tx, program, card, owner.pool, owner.language, at)


async def _shown(
    tx: Transaction, program: Program, card: Card, pool: UUID, language: str, at: datetime
) -> WalletCard:
    balance = await balance_of(tx, program, pool, at)
    places = await programs.located_stores(tx, program.id, PLACES_MAX)
    return WalletCard(card, balance, language, tuple(places), at)
