"""Reads what is owed for gift cards and vouchers that were paid for: by kind, tax and age, and row by row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from psycopg import sql

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Database, fetch_all
from regulars.flows.gift_cards import shown_code
from regulars.flows.known_programs import Known

SQL = queries.load("regulars.flows", "prepaid_owed.sql")
Kind = Literal["gift_card", "voucher"]
Purpose = Literal["multi", "single"]
FIRST = UUID(int=0)
AGES = (90, 365, 730)
"""Days; what is owed is told by how old it is: younger than the first, than the second, than the third, or older."""


class OwedPart(Struct, frozen=True):
    """What is owed of one kind, tax and age."""

    kind: Kind
    currency: str
    purpose: Purpose
    """For tax: of `single` it was due when it was given out, of `multi` it is due when it is used."""
    tax_rate: str | None
    from_days: int
    """How old it is at least, in days."""
    to_days: int | None
    """Younger than so many days; null: however old."""
    amount: int
    """Minor units of the currency, what is held among them."""
    held: int
    pieces: int
    """So many gift cards; of vouchers so many claims and batches."""


class Owed(Struct, frozen=True):
    """`GET /v1/liabilities`: what is owed at an instant for what was paid in advance."""

    at: datetime
    currency: str
    gift_cards: int
    vouchers: int
    parts: tuple[OwedPart, ...]


class Wanted(Struct, frozen=True):
    """Which rows."""

    kind: Kind | None = None
    purpose: Purpose | None = None
    from_days: int = 0
    to_days: int | None = None


class OwedRow(Struct, frozen=True):
    """Money that came together and is still owed."""

    place: tuple[datetime, UUID]
    kind: Kind
    currency: str
    id: str
    """Of a gift card `gft_…`, of a claimed reward `rdm_…`, of a batch that is sold `cbt_…`."""
    named: str
    """The end of the card's code, or the name of the batch."""
    purpose: Purpose
    tax_rate: str | None
    issued_at: datetime
    ends_at: datetime | None
    amount: int


async def prepaid_owed(database: Database, known: Known, at: datetime) -> Owed:
    """All that is owed at the program's present instant; 0 of everything in a program that has neither."""
    program = known.program
    ages = [at - timedelta(days=days) for days in AGES]
    async with database.transaction(program.id, analytical=True) as tx:
        rows = await fetch_all(tx, SQL.owed, {"program": program.id, "at": at, "ages": ages})
    bounds = (0, *AGES)
    parts = tuple(
        [
            OwedPart(
                kind,
                _money(currency),
                purpose,
                rate or None,
                bounds[age],
                (*AGES, None)[age],
                amount,
                held,
                pieces,
            )
            for kind, currency, purpose, rate, age, amount, held, pieces in rows
        ]
    )
    sums = {kind: sum(one.amount for one in parts if one.kind == kind) for kind in ("gift_card", "voucher")}
    return Owed(at, program.base_currency, sums["gift_card"], sums["voucher"], parts)


async def owed_rows(
    database: Database,
    known: Known,
    wanted: Wanted,
    at: datetime,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[OwedRow]:
    """The rows behind the sums, the oldest first, after one of them (`place`)."""
    program = known.program
    asked = _asked(program.id, wanted, at, limit)
    asked |= {"after_at": after and after[0], "after": after and after[1]}
    async with database.transaction(program.id, analytical=True) as tx:
        rows = await fetch_all(tx, SQL.rows, asked)
    return [_row(known, since, lot, kind, pool, *more) for since, lot, kind, pool, *more in rows]


async def owed_parts(
    database: Database, known: Known, wanted: Wanted, at: datetime, limit: int
) -> AsyncIterator[list[OwedRow]]:
    """All those rows in parts of at most `limit` each, gift cards first; by their keys, so that none is sorted."""
    program = known.program.id
    asked = _asked(program, wanted, at, limit)
    queries_of: dict[Kind, sql.SQL] = {"gift_card": SQL.cards, "voucher": SQL.vouchers}
    for kind, query in queries_of.items():
        if wanted.kind not in (None, kind):
            continue
        place = (-1, FIRST, FIRST)
        while True:
            named = {"home": place[0], "pool": place[1], "lot": place[2]}
            async with database.transaction(program, analytical=True) as tx:
                rows = await fetch_all(tx, query, asked | named)
            if rows:
                yield [_row(known, since, lot, kind, pool, *more) for _, since, lot, pool, *more in rows]
            if len(rows) < limit:
                break
            place = (rows[-1][0], rows[-1][3], rows[-1][2])


def _asked(program: UUID, wanted: Wanted, at: datetime, limit: int) -> dict[str, Any]:
    return {
        "program": program, "at": at, "kind": wanted.kind, "purpose": wanted.purpose, "limit": limit,
        "since": None if wanted.to_days is None else at - timedelta(days=wanted.to_days),
        "until": at - timedelta(days=wanted.from_days) if wanted.from_days else None,
    }  # fmt: skip


def _row(
    known: Known,
    since: datetime,
    lot: UUID,
    kind: Kind,
    pool: UUID,
    serial: int,
    batch: UUID | None,
    name: str,
    currency: str,
    purpose: Purpose,
    rate: str,
    ends: datetime | None,
    amount: int,
) -> OwedRow:
    if kind == "gift_card":
        shown, named = ids.show("gft", pool), shown_code(known, pool, serial)
    else:
        shown, named = ids.show("cbt" if pool == batch else "rdm", pool), name
    return OwedRow(
        (since, lot), kind, _money(currency), shown, named, purpose, rate or None, since, ends, amount
    )


def _money(unit: str) -> str:
    """The money of a unit of the books: `GIFT_EUR` → `EUR`."""
    return unit.partition("_")[2]
