"""Keeps the facts received: purchases, confirmations, voidings and returns. Inserted and read, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from psycopg import sql

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import bools, byteas, instants, int2s, int8s, texts, uuids
from regulars.db.burst import Sender
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.purchases import documents, given
from regulars.purchases.kept import Document
from regulars.purchases.returning import ReturnAnswer
from regulars.units import parse_quantity

SQL = queries.load("regulars.purchases")


class Totals(Struct, frozen=True, gc=False):
    """The sums of a purchase that are asked for across purchases."""

    gross: int
    discount: int
    paid_with_points: int
    payable: int
    turnover: int
    earned: int
    spent: int


class Row(Struct, frozen=True, gc=False):
    """A purchase to be written."""

    id: UUID
    pool: UUID
    member: UUID | None
    card: UUID | None
    partner: UUID
    store: UUID
    till: str
    cashier: str
    receipt_number: str
    request: str
    held: bool
    purchased_at: datetime
    currency: str
    totals: Totals
    document: bytes


class Claimed(Struct, frozen=True):
    """That an anonymous purchase was given to a member afterwards."""

    member: UUID
    pool: UUID
    at: datetime


class Purchase(Struct, frozen=True):
    """A purchase as it stands now."""

    id: UUID
    home: int
    pool: UUID
    member: UUID | None
    card: UUID | None
    partner: UUID
    store: UUID
    till: str
    cashier: str
    receipt_number: str
    request: str
    held: bool
    purchased_at: datetime
    recorded_at: datetime
    booked_at: datetime
    """When it came into the books: where it was held, with its confirmation."""
    packed: bytes
    confirmed: bool
    void_reason: str | None
    lapses_at: datetime | None
    hold: UUID | None
    resolution: str | None
    claimed: Claimed | None = None

    @property
    def document(self) -> Document:
        """What was decided: the claimed document, or the confirmed one, where there is one."""
        return documents.unpack(self.packed)

    def state(self, at: datetime) -> str:
        """`held`, `recorded` or `voided`; whether something came back, the returns say."""
        if self.void_reason is not None:
            return "voided"
        if self.held and not self.confirmed:
            if self.resolution is not None:
                return "voided"
            assert self.lapses_at is not None, "a held purchase has a hold"
            return "held" if at < self.lapses_at else "voided"
        return "recorded"


class Returned(Struct, frozen=True):
    """A return of a purchase."""

    id: UUID
    request: str
    returned_at: datetime
    recorded_at: datetime
    answer: ReturnAnswer


class Listed(Struct, frozen=True):
    """A purchase in a list."""

    id: UUID
    home: int
    member: UUID | None
    store: UUID
    till: str
    receipt_number: str
    request: str
    purchased_at: datetime
    currency: str
    gross: int
    discount: int
    paid_with_points: int
    payable: int
    status: str
    held_until: datetime | None
    earned: int
    """Of the program's first points currency."""
    spent: int


def wholly_back(document: Document, returned: Iterable[ReturnAnswer]) -> bool:
    """Whether every piece of a purchase came back with these returns."""
    back: dict[int, int] = {}
    for one in returned:
        for line in one.lines:
            back[line.line] = back.get(line.line, 0) + parse_quantity(line.quantity)
    return all(back.get(line.line, 0) >= line.quantity for line in document.lines)


async def record(tx: Sender, program: UUID, recorded_at: datetime, rows: Sequence[Row]) -> None:
    """Write a batch of purchases in one statement."""
    totals = [row.totals for row in rows]
    await tx.execute(
        SQL.record,
        (
            program,
            recorded_at,
            int2s([ids.home(row.id) for row in rows]),
            uuids([row.id for row in rows]),
            uuids([row.pool for row in rows]),
            uuids([row.member for row in rows]),
            uuids([row.card for row in rows]),
            uuids([row.partner for row in rows]),
            uuids([row.store for row in rows]),
            texts([row.till for row in rows]),
            texts([row.cashier for row in rows]),
            texts([row.receipt_number for row in rows]),
            texts([row.request for row in rows]),
            bools([row.held for row in rows]),
            instants([row.purchased_at for row in rows]),
            texts([row.currency for row in rows]),
            int8s([t.gross for t in totals]),
            int8s([t.discount for t in totals]),
            int8s([t.paid_with_points for t in totals]),
            int8s([t.payable for t in totals]),
            int8s([t.turnover for t in totals]),
            int8s([t.earned for t in totals]),
            int8s([t.spent for t in totals]),
            byteas([row.document for row in rows]),
        ),
    )


async def confirm(
    tx: Transaction, program: UUID, purchase: UUID, recorded_at: datetime, totals: Totals, document: bytes
) -> None:
    """Write that a held purchase came about."""
    await tx.execute(
        SQL.confirm,
        (
            program, ids.home(purchase), purchase, recorded_at, totals.gross, totals.discount,
            totals.paid_with_points, totals.payable, totals.turnover, totals.earned, totals.spent, document,
        ),
    )  # fmt: skip


async def void(tx: Transaction, program: UUID, purchase: UUID, reason: str, at: datetime) -> bool:
    """Write that a purchase did not come about; False when that was written before."""
    return await fetch_one(tx, SQL.void, (program, ids.home(purchase), purchase, reason, at)) is not None


class ReturnRow(Struct, frozen=True):
    """A return to be written."""

    id: UUID
    purchase: UUID
    store: UUID
    request: str
    returned_at: datetime
    gross_back: int
    money_back: int
    discount_back: int
    turnover_back: int
    points_back: int
    points_taken: int
    document: bytes


async def give_back(tx: Transaction, program: UUID, recorded_at: datetime, row: ReturnRow) -> None:
    """Write a return."""
    await tx.execute(
        SQL.give_back,
        (
            program, ids.home(row.purchase), row.id, row.purchase, row.store, row.request, row.returned_at,
            recorded_at, row.gross_back, row.money_back, row.discount_back, row.turnover_back, row.points_back,
            row.points_taken, row.document,
        ),
    )  # fmt: skip


async def find(tx: Transaction, program: UUID, purchase: UUID) -> Purchase | None:
    """One purchase as it stands."""
    row = await fetch_one(tx, SQL.find, (program, ids.home(purchase), purchase))
    if row is None:
        return None
    *fields, member, pool, at = row
    return Purchase(*fields, claimed=Claimed(member, pool, at) if member is not None else None)


async def returns(tx: Transaction, program: UUID, purchase: UUID) -> list[Returned]:
    """What came back of a purchase, the earliest first."""
    rows = await fetch_all(tx, SQL.returns, (program, ids.home(purchase), purchase))
    return [Returned(*row[:4], answer=documents.unpack_return(row[4])) for row in rows]


_LIST = """
SELECT p.id, p.home, coalesce(k.member, p.member) AS member, p.store, p.till, p.receipt_number, p.request,
    p.purchased_at, p.currency,
    coalesce(c.gross, p.gross) AS gross, coalesce(c.discount, p.discount) AS discount,
    coalesce(c.paid_with_points, p.paid_with_points) AS paid_with_points, coalesce(c.payable, p.payable) AS payable,
    CASE WHEN v.purchase IS NOT NULL THEN 'voided'
         WHEN p.held AND c.purchase IS NULL THEN
            CASE WHEN h.open AND h.lapses_at > %s THEN 'held' ELSE 'voided' END
         WHEN b.gross IS NULL THEN 'recorded'
         WHEN b.gross < coalesce(c.gross, p.gross) THEN 'partly_returned'
         ELSE 'returned' END AS status, h.lapses_at,
    coalesce(c.earned, p.earned) AS earned, coalesce(c.spent, p.spent) AS spent,
    k.document AS claimed
FROM purchase p
LEFT JOIN confirmation c ON (c.program, c.home, c.purchase) = (p.program, p.home, p.id)
LEFT JOIN voiding v ON (v.program, v.home, v.purchase) = (p.program, p.home, p.id)
LEFT JOIN purchase_claim k ON (k.program, k.home, k.purchase) = (p.program, p.home, p.id)
LEFT JOIN hold h ON p.held AND (h.program, h.home, h.purchase) = (p.program, p.home, p.id)
LEFT JOIN LATERAL (SELECT sum(gross_back) AS gross FROM goods_return g
    WHERE (g.program, g.home, g.purchase) = (p.program, p.home, p.id)) b ON true
WHERE p.program = %s
"""
_FRAGMENTS: dict[str, LiteralString] = {
    "pool": "(p.home, p.pool) = (%s, %s)",
    "pools": "p.pool = ANY(%s) AND p.home = ANY(%s) AND (p.pool = ANY(%s) OR p.member = ANY(%s))",
    "ids": "(p.home, p.id) IN (SELECT * FROM unnest(%s::smallint[], %s::uuid[]))",
    "store": "p.store = %s",
    "stores": "p.store = ANY(%s)",
    "partner": "p.partner = %s",
    "till": "p.till = %s",
    "cashier": "p.cashier = %s",
    "recorded": "v.purchase IS NULL AND (NOT p.held OR c.purchase IS NOT NULL)",
    "voided": "v.purchase IS NOT NULL",
    "returned": "b.gross IS NOT NULL AND v.purchase IS NULL",
    "request": "p.request = %s",
    "receipt_number": "p.receipt_number = %s",
    "from": "p.purchased_at >= %s",
    "to": "p.purchased_at < %s",
    "held": "p.held AND h.open AND h.lapses_at > %s",
    "after": "(p.purchased_at, p.id) < (%s, %s)",
}


async def page(
    tx: Transaction,
    program: UUID,
    points: str,
    at: datetime,
    filters: dict[str, tuple[Any, ...]],
    limit: int,
) -> list[Listed]:
    """Purchases, the latest first. `filters`: name of a fragment → its parameters. `points`: the currency listed."""
    statement = sql.Composed([sql.SQL(_LIST)])
    parameters: list[Any] = [at, program]
    for name, values in filters.items():
        statement += sql.SQL(" AND " + _FRAGMENTS[name])
        parameters.extend(values)
    statement += sql.SQL(" ORDER BY p.purchased_at DESC, p.id DESC LIMIT %s")
    rows = await fetch_all(tx, statement, [*parameters, limit])
    return await _by_pieces(tx, program, [_listed(row, points) for row in rows])


async def page_of_stores(
    tx: Transaction,
    program: UUID,
    points: str,
    at: datetime,
    stores: Mapping[UUID, tuple[datetime, datetime]],
    filters: dict[str, tuple[Any, ...]],
    limit: int,
) -> list[Listed]:
    """As `page`, of some stores, each from when until when: it is walked by its index from its end, so that few rows
    are looked at."""
    statement = sql.SQL(
        "SELECT r.* FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS s (store, since, until)"
        " CROSS JOIN LATERAL ("
    ) + sql.SQL(_LIST)
    sinces, untils = [since for since, _ in stores.values()], [until for _, until in stores.values()]
    parameters: list[Any] = [uuids(list(stores)), instants(sinces), instants(untils), at, program]
    statement += sql.SQL(" AND p.store = s.store AND p.purchased_at >= s.since AND p.purchased_at < s.until")
    for name, values in filters.items():
        statement += sql.SQL(" AND " + _FRAGMENTS[name])
        parameters.extend(values)
    statement += sql.SQL(
        " ORDER BY p.purchased_at DESC, p.id DESC LIMIT %s) AS r ORDER BY r.purchased_at DESC, r.id DESC LIMIT %s"
    )
    rows = await fetch_all(tx, statement, [*parameters, limit, limit])
    return await _by_pieces(tx, program, [_listed(row, points) for row in rows])


async def _by_pieces(tx: Transaction, program: UUID, found: list[Listed]) -> list[Listed]:
    """What gave all its money back is `returned` only if no piece is left: one that cost nothing may be."""
    asked = [one for one in found if one.status == "returned"]
    if not asked:
        return found
    homes, whole = int2s([one.home for one in asked]), set[UUID]()
    for purchase, packed, back in await fetch_all(
        tx, SQL.came_back, (homes, uuids([one.id for one in asked]), program)
    ):
        if wholly_back(documents.unpack(packed), [documents.unpack_return(one) for one in back]):
            whole.add(purchase)
    return [
        replace(one, status="partly_returned") if one.status == "returned" and one.id not in whole else one
        for one in found
    ]


def _listed(row: tuple[Any, ...], points: str) -> Listed:
    """What a claimed one earned is in the document of its claim: the sums that were recorded are those of nobody."""
    *fields, claimed = row
    listed = Listed(*fields)
    return listed if claimed is None else replace(listed, earned=given.read(claimed).points(points))
