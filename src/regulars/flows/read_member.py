"""Reads a member, her cards and her balance. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows.enrol import codes_of
from regulars.flows.grace import open_pages
from regulars.flows.member_tiers import TierStanding, standings
from regulars.flows.tiering import ladders_of
from regulars.members import reading, views
from regulars.members.model import Member
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.members.views import CardView, MemberView
from regulars.programs.model import Program


class Worth(Struct, frozen=True):
    """What the available points would pay, in minor units of the program's base money."""

    amount: int
    currency: str


class ExpiringView(Struct, frozen=True):
    """Points that expire at an instant unless they are spent before."""

    amount: int
    at: datetime


class CurrencyBalance(Struct, frozen=True):
    """The standing in one currency, in its unit."""

    currency: str
    available: int
    pending: int
    """Earned, and not to be spent yet."""
    held: int
    """Reserved by purchases that are not confirmed yet."""
    debt: int
    """Owed after returns of what had been spent; the next points earned pay it first."""
    worth: Worth
    expiring: tuple[ExpiringView, ...]


class BalanceView(Struct, frozen=True):
    """A member's standing in every currency of the program."""

    currencies: tuple[CurrencyBalance, ...]
    tiers: tuple[TierStanding, ...] = ()
    """On every ladder, by its code."""


class CardPage(Struct, frozen=True):
    """A part of the list of a member's cards; `next` is the cursor of the part after it."""

    items: tuple[CardView, ...]
    next: str | None


async def read_member(database: Database, program: Program, vault: Vault, member: UUID) -> MemberView:
    """The member of that id, or the one she was merged into. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        profile = await profile_of(tx, program, vault, member)
        cards = await reading.cards_of(tx, program.id, profile.id)
    return views.member_view(profile, cards, codes_of(program))


async def read_profile(database: Database, program: Program, vault: Vault, member: UUID) -> Profile:
    """Who she is to the program. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        return await profile_of(tx, program, vault, member)


async def read_cards(
    database: Database, program: Program, member: UUID, *, after: UUID | None, limit: int
) -> CardPage:
    """`limit` of the member's cards, in the order they were issued. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        found = await member_of(tx, program, member)
        cards = await reading.cards_of(
            tx, program.id, found.id, after=after or reading.FIRST, limit=limit + 1
        )
    shown = tuple(views.card_view(card) for card in cards[:limit])
    return CardPage(shown, shown[-1].id if len(cards) > limit else None)


async def read_balance(database: Database, program: Program, member: UUID, *, at: datetime) -> BalanceView:
    """The member's standing. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        found = await member_of(tx, program, member)
        balance = await balance_of(tx, program, found.pool, at)
        tiers = await standings(tx, await ladders_of(tx, program), found, at)
        return structs.replace(balance, tiers=tiers)


async def balance_of(tx: Transaction, program: Program, pool: UUID, at: datetime) -> BalanceView:
    """A pool's standing at an instant, in every currency of the program by its code."""
    page = (await open_pages(tx, program, [pool]))[pool]
    return BalanceView(
        tuple(
            CurrencyBalance(
                currency=code,
                available=balance.available,
                pending=balance.pending,
                held=balance.held,
                debt=balance.debt,
                worth=Worth(currency.worth.down(balance.available), program.base_currency),
                expiring=tuple(ExpiringView(part.amount, part.at) for part in balance.expiring),
            )
            for code, currency in sorted(program.currencies.items())
            for balance in (page.balance(code, at),)
        )
    )


async def member_of(tx: Transaction, program: Program, member: UUID) -> Member:
    """The member of that id, or the one she was merged into; not who she is. Raises NotFound."""
    found = await reading.member(tx, program.id, member)
    if found is None:
        raise NotFound("There is no such member.")
    return found


async def profile_of(tx: Transaction, program: Program, vault: Vault, member: UUID) -> Profile:
    """As `member_of`, with who she is. Raises NotFound."""
    profile = await reading.profile(tx, program.id, vault, member)
    if profile is None:
        raise NotFound("There is no such member.")
    return profile
