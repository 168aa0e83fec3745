"""Reads what staff see of a member first: who she is, her points lot by lot, cards, account, notes. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows.desk.notes import NoteShown, shown
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.member_tiers import OnLadders, on_ladders
from regulars.ledger.model import Balance, Hold, Lot
from regulars.ledger.page import Page
from regulars.members import accounts, merging, notes, reading, twins
from regulars.members.accounts import Account
from regulars.members.model import Card
from regulars.members.reading import Profile


class HoldShown(Struct, frozen=True):
    """Points that wait for a purchase to be confirmed."""

    purchase: UUID | None
    made_at: datetime
    lapses_at: datetime
    amounts: dict[str, int]


class MergedFrom(Struct, frozen=True):
    """A duplicate that was merged into this member."""

    member: UUID
    name: str
    merged_at: datetime
    may_be_undone: bool


class MemberSheet(Struct, frozen=True):
    """A member as staff see her at one instant."""

    profile: Profile
    cards: tuple[Card, ...]
    balances: tuple[Balance, ...]
    """In every currency of the program, by its code."""
    lots: tuple[Lot, ...]
    """What is left, the soonest to be used up first."""
    holds: tuple[HoldShown, ...]
    account: Account | None
    """The household or company that she buys on; None: her own."""
    account_name: str
    merged: tuple[MergedFrom, ...]
    alike: tuple[UUID, ...]
    """Who may be the same person."""
    notes: tuple[NoteShown, ...]
    tiers: OnLadders
    at: datetime


async def member_sheet(database: Database, known: Known, member: UUID, at: datetime) -> MemberSheet:
    """The member of that id, or the one she was merged into. Raises NotFound, VaultLocked."""
    program, vault = known.program, known.vault
    async with database.transaction(program.id) as tx:
        profile = await reading.profile(tx, program.id, vault, member)
        if profile is None:
            raise NotFound("There is no such member.")
        cards = await reading.cards_of(tx, program.id, profile.id)
        page = (await open_pages(tx, program, [profile.pool]))[profile.pool]
        account = await accounts.read(tx, program.id, profile.pool) if profile.own_pool else None
        account_name = accounts.called(vault, account).name if account else ""
        merged = await _merged(tx, known, profile, at)
        alike = await twins.of(tx, program.id, profile.id)
        written = await notes.of(tx, program.id, vault, profile.id)
        tiers = await on_ladders(tx, known, profile, at)
    return MemberSheet(
        profile,
        cards,
        tuple(page.balance(code, at) for code in sorted(program.currencies)),
        _lots(page, at),
        tuple(_hold(page, one) for one in page.holds(at)),
        account,
        account_name,
        merged,
        tuple(alike),
        tuple(shown(one) for one in written),
        tiers,
        at,
    )


async def _merged(tx: Transaction, known: Known, profile: Profile, at: datetime) -> tuple[MergedFrom, ...]:
    found = await merging.of(tx, known.program.id, profile.id)
    if not found:
        return ()
    names = await reading.aliases(tx, known.program.id, known.vault, profile.id)
    days = known.program.settings.unmerge_days
    return tuple(
        MergedFrom(
            duplicate,
            names[duplicate].name if duplicate in names else "",
            merged_at,
            (at - merged_at).total_seconds() < days * 86400,
        )
        for duplicate, merged_at in found
    )


def _lots(page: Page, at: datetime) -> tuple[Lot, ...]:
    left = [page.lot(one) for one in page.lots()]
    left = [one for one in left if one.amount > one.drawn and (one.expires_at is None or one.expires_at > at)]
    return tuple(
        sorted(left, key=lambda one: (one.expires_at is None, one.expires_at or at, one.earned_at, one.id))
    )


def _hold(page: Page, hold: Hold) -> HoldShown:
    return HoldShown(hold.purchase, hold.made_at, hold.lapses_at, page.held(hold.id))
