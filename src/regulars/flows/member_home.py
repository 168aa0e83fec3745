"""Reads what a member's first page shows: who she is, her cards, what she has, her last receipts. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database
from regulars.flows.member_purchases import purchases_of
from regulars.flows.read_member import BalanceView, balance_of, profile_of
from regulars.members import reading
from regulars.members.model import Card
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.programs.model import Program
from regulars.purchases.journal import Listed

USABLE = ("active", "issued")


class Home(Struct, frozen=True):
    """What the first page shows."""

    profile: Profile
    card: Card | None
    """The one to show at the till: the newest that is in use; None when every one is blocked or closed."""
    cards: tuple[Card, ...]
    balance: BalanceView
    latest: tuple[Listed, ...]


async def member_home(
    database: Database, program: Program, vault: Vault, member: UUID, at: datetime, *, receipts: int = 1
) -> Home:
    """All of it in one transaction; the `receipts` latest. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        profile = await profile_of(tx, program, vault, member)
        cards = await reading.cards_of(tx, program.id, profile.id)
        balance = await balance_of(tx, program, profile.pool, at)
        latest = await purchases_of(tx, program.id, profile.id, at, {}, receipts) if receipts else []
    return Home(profile, card_to_show(cards), cards, balance, tuple(latest))


def card_to_show(cards: tuple[Card, ...]) -> Card | None:
    """The newest card that is in use."""
    return next((card for card in reversed(cards) if card.status in USABLE), None)
