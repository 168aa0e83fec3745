"""Keeps what is to be written of one pool: postings with their numbered entries, draws and lots. Pure."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.ledger.model import AccountName, Entry, Hold, Lot, Posting, Resolution

Account = tuple[str, AccountName, AccountName, UUID | None]


class DraftEntry(Struct):
    """An entry that still grows, and what it takes from lots (below zero: gives back to them)."""

    n: int
    amount: int
    draws: dict[UUID, int]


class Draft:
    """A posting that is being put together. It is written only if it got entries."""

    __slots__ = ("entries", "posting")

    def __init__(self, posting: Posting, entries: dict[Account, DraftEntry] | None = None):
        self.posting = posting
        self.entries: dict[Account, DraftEntry] = {} if entries is None else entries

    def move(
        self, currency: str, source: AccountName, target: AccountName, amount: int, partner: UUID | None
    ) -> DraftEntry:
        """Move an amount; a second move between the same accounts goes into the same entry."""
        assert amount > 0, "only a positive amount can be moved"
        entry = self.entries.get((currency, source, target, partner))
        if entry is None:
            entry = DraftEntry(len(self.entries), 0, {})
            self.entries[currency, source, target, partner] = entry
        entry.amount += amount
        return entry

    def lines(self) -> list[Entry]:
        """The entries by their number."""
        return [Entry(*account[:3], entry.amount, account[3]) for account, entry in self.entries.items()]

    def copy(self) -> Draft:
        """The same draft, to be continued separately."""
        entries = {key: DraftEntry(e.n, e.amount, dict(e.draws)) for key, e in self.entries.items()}
        return Draft(self.posting, entries)


class Brought(Struct, frozen=True, gc=False):
    """A new lot and the entry that brings it."""

    lot: Lot
    posting: UUID
    n: int


class Change(Struct, frozen=True, gc=False):
    """How much more a lot that was there is drawn and reserved."""

    lot: UUID
    drawn: int
    reserved: int


class Sum(Struct, frozen=True, gc=False):
    """A pool's sums in one currency: what lots hold undrawn, and the debt."""

    currency: str
    balance: int
    debt: int


class Changes(Struct, frozen=True, gc=False):
    """All that a page has to write."""

    drafts: list[Draft]
    brought: list[Brought]
    changed: list[Change]
    holds: list[Hold]
    resolutions: list[Resolution]
    sums: list[Sum]
