"""Keeps which packs can be bought, which were sold, and what of them was paid back. What is left, the books say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.rewards.packs import PackDocument

SQL = queries.load("regulars.rewards", "packs.sql")
_document = msgspec.json.Decoder(PackDocument)


class Kind(Struct, frozen=True):
    """A pack that can be bought, by its newest revision."""

    code: str
    revision: int
    since: datetime
    document: PackDocument


class Pack(Struct, frozen=True):
    """A pack that was sold."""

    id: UUID
    member: UUID
    pool: UUID
    code: str
    revision: int
    currency: str
    visits: int
    price: int
    lot: UUID
    reference: str
    store: UUID | None
    sold_at: datetime
    sold_by: str


class Sold(Struct, frozen=True):
    """A pack with what is left of it."""

    pack: Pack
    left: int
    expires_at: datetime | None
    refunded: int | None
    """What was paid back; None: nothing was."""


class Liability(Struct, frozen=True):
    """What is owed on the packs of a code."""

    code: str
    sold: int
    left: int
    """Visits."""
    worth: int
    """Of those by the price that was paid, each pack rounded half up; minor units of base money."""


async def kinds(tx: Transaction, program: UUID) -> tuple[Kind, ...]:
    """All packs that can be bought by their newest revisions, by code."""
    rows = await fetch_all(tx, SQL.newest_kinds, (program,))
    return tuple(Kind(code, revision, since, _document.decode(text)) for code, revision, since, text in rows)


async def add_kind(
    tx: Transaction, program: UUID, code: str, document: PackDocument, at: datetime, by: str
) -> int:
    """Enter the next revision; its number."""
    written = msgspec.json.encode(document).decode()
    row = await fetch_one(tx, SQL.add_kind, (program, code, written, at, by))
    assert row is not None
    return row[0]


async def sell(tx: Transaction, program: UUID, pack: Pack) -> None:
    """Enter a pack that was sold; its lot is written in the same transaction."""
    row = (pack.member, pack.pool, pack.code, pack.revision, pack.currency, pack.visits, pack.price, pack.lot)
    rest = (pack.reference, pack.store, pack.sold_at, pack.sold_by)
    await tx.execute(SQL.sell, (program, ids.home(pack.id), pack.id, *row, *rest))


async def find(tx: Transaction, program: UUID, pack: UUID) -> Pack | None:
    """A pack that was sold."""
    row = await fetch_one(tx, SQL.find, (program, ids.home(pack), pack))
    return Pack(*row) if row else None


async def of(tx: Transaction, program: UUID, members: Sequence[UUID], at: datetime) -> list[Sold]:
    """The packs of members with what is left of them at an instant, the latest first."""
    rows = await fetch_all(tx, SQL.of_members, {"program": program, "members": list(members), "at": at})
    return [Sold(Pack(*row[:13]), *row[13:]) for row in rows]


async def lots(tx: Transaction, program: UUID, pack: Pack) -> frozenset[UUID]:
    """Its lot, and those that continue it in another account."""
    asked = {"program": program, "home": ids.home(pack.lot), "lot": pack.lot}
    return frozenset([row[0] for row in await fetch_all(tx, SQL.lots, asked)])


async def refund(
    tx: Transaction, program: UUID, pack: UUID, visits: int, amount: int, why: str, at: datetime, by: str
) -> bool:
    """Note what is paid back; False: it was paid back before."""
    row = (program, ids.home(pack), pack, visits, amount, why, at, by)
    return await fetch_one(tx, SQL.refund, row) is not None


async def refunded(tx: Transaction, program: UUID, pack: UUID) -> bool:
    """Whether a pack was paid back."""
    return await fetch_one(tx, SQL.refunded, (program, ids.home(pack), pack)) is not None


async def liability(tx: Transaction, program: UUID, at: datetime) -> list[Liability]:
    """What is owed on packs at an instant, by code."""
    rows = await fetch_all(tx, SQL.liability, {"program": program, "at": at})
    return [Liability(*row) for row in rows]
