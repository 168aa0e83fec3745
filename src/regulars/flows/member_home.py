"""Reads what a member's first page shows: who she is, her card, what she has, her last receipt. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars.db.pool import Database
from regulars.flows.known_programs import Known
from regulars.flows.member_purchases import purchases_of
from regulars.flows.member_tiers import standings
from regulars.flows.read_member import BalanceView, balance_of, profile_of
from regulars.members import card_states, reading
from regulars.members.model import Card
from regulars.members.reading import Profile
from regulars.purchases.journal import Listed


class Home(Struct, frozen=True):
    """What the first page shows."""

    profile: Profile
    card: Card | None
    """The one to show at the till: the newest that is in use; None when every one is blocked or closed."""
    balance: BalanceView
    latest: tuple[Listed, ...]
    """Her last receipt, if there is one."""


async def member_home(database: Database, known: Known, member: UUID, at: datetime) -> Home:
    """All of it in one transaction. Raises NotFound."""
    program = known.program
    async with database.transaction(program.id) as tx:
        profile = await profile_of(tx, program, known.vault, member)
        cards = await reading.cards_of(tx, program.id, profile.id)
        balance = await balance_of(tx, program, profile.pool, at)
        tiers = await standings(tx, known, profile, at)
        latest = await purchases_of(tx, program, profile.id, at, {}, 1)
    return Home(profile, card_to_show(cards), structs.replace(balance, tiers=tiers), tuple(latest))


def card_to_show(cards: tuple[Card, ...]) -> Card | None:
    """The newest card that is in use."""
    return next((card for card in reversed(cards) if card.status in card_states.IN_USE), None)
