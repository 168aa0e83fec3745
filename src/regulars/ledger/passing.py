"""Keeps what members passed on: transfers, donations, exchanges, what was taken back, and the rates of exchange."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.units import Ratio

SQL = queries.load("regulars.ledger", "passing.sql")
Kind = Literal["transfer", "donation", "exchange", "sharing"]
_lots = msgspec.json.Decoder(dict[str, int])
Whole = Annotated[int, Meta(ge=1, le=10**9)]


class Rate(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """At what one currency is changed into another: `give` units of the one are `get` units of the other."""

    give: Whole
    get: Whole
    least: Annotated[int, Meta(ge=1, le=10**12)] = 1
    """The least that may be changed, in units of the first currency."""
    a_day: Annotated[int, Meta(ge=1, le=10**12)] | None = None
    """The most that a member may change on one day; null: as much as there is."""
    stopped: bool = False

    @property
    def ratio(self) -> Ratio:
        """How much of the second currency one unit of the first is."""
        return Ratio(self.get, self.give)


class RateInForce(Struct, frozen=True):
    """A rate as it counts now."""

    currency: str
    target: str
    revision: int
    rate: Rate
    since: datetime


class Passed(Struct, frozen=True, kw_only=True):
    """Points that a member passed on; `pool` is the account that gave them."""

    id: UUID
    giver: UUID
    kind: Kind
    pool: UUID
    currency: str
    amount: int
    posting: UUID
    passed_at: datetime
    fee: int = 0
    taker: UUID | None = None
    into_pool: UUID | None = None
    lots: dict[UUID, int] | None = None
    """Of a transfer: the lots that came of it, each with its amount."""
    charity: str | None = None
    worth: int | None = None
    """Of a donation: minor units of base money."""
    target: str | None = None
    received: int | None = None


class Transferred(Struct, frozen=True):
    """A transfer as it was made; `giver` is who she was then, though she may be merged into another since."""

    giver: UUID
    currency: str
    amount: int
    taker: UUID
    into_pool: UUID
    lots: dict[UUID, int]
    passed_at: datetime


class PassedBy(Struct, frozen=True):
    """A line of what a member passed on."""

    kind: Kind
    currency: str
    amount: int
    fee: int
    charity: str | None
    target: str | None
    received: int | None
    passed_at: datetime
    transfer: str | None
    """Of a transfer: its id."""
    taken_back_at: datetime | None


class Donated(Struct, frozen=True):
    """What a charity was given of a currency."""

    charity: str
    currency: str
    amount: int
    worth: int
    """Minor units of base money."""
    donations: int


async def note(tx: Transaction, program: UUID, passed: Passed) -> None:
    """Write what was passed on."""
    row = {name: getattr(passed, name) for name in Passed.__struct_fields__}
    lots = None if passed.lots is None else msgspec.json.encode({str(k): v for k, v in passed.lots.items()})
    row |= {"program": program, "home": ids.home(passed.giver), "lots": lots.decode() if lots else None}
    await tx.execute(SQL.note, row)


async def passed_since(
    tx: Transaction, program: UUID, giver: UUID, since: datetime, kinds: Sequence[Kind], currency: str
) -> int:
    """What a giver has passed on in these ways since an instant; her pool must be locked for it to stay true."""
    row = await fetch_one(tx, SQL.passed_since, (program, giver, since, list(kinds), currency))
    assert row is not None
    return row[0]


async def received_since(
    tx: Transaction, program: UUID, pool: UUID, since: datetime, currency: str
) -> list[tuple[datetime, int]]:
    """What came into a pool from others after an instant: when, and how much."""
    return [
        (at, amount)
        for at, amount in await fetch_all(tx, SQL.received_since, (program, pool, since, currency))
    ]


async def transfer(
    tx: Transaction, program: UUID, givers: Sequence[UUID], identifier: UUID
) -> Transferred | None:
    """A transfer that one of these made."""
    row = await fetch_one(tx, SQL.transfer, (program, ids.home(identifier), uuids(givers), identifier))
    if row is None:
        return None
    giver, currency, amount, taker, into_pool, written, passed_at = row
    lots = {UUID(lot): amount for lot, amount in _lots.decode(written).items()}
    return Transferred(giver, currency, amount, taker, into_pool, lots, passed_at)


async def take_back(
    tx: Transaction, program: UUID, giver: UUID, identifier: UUID, posting: UUID, at: datetime
) -> bool:
    """Enter that a transfer is taken back; False: it was."""
    row = (program, ids.home(giver), giver, identifier, posting, at)
    return await fetch_one(tx, SQL.take_back, row) is not None


async def passed_by(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[PassedBy]:
    """What members passed on, the latest first."""
    rows = await fetch_all(tx, SQL.passed_by, (program, uuids(list(members))))
    return [
        PassedBy(*rest, transfer=None if transfer is None else ids.show("trf", transfer), taken_back_at=back)
        for *rest, transfer, back in rows
    ]


async def donated(tx: Transaction, program: UUID) -> list[Donated]:
    """What each charity was given."""
    return [Donated(*row) for row in await fetch_all(tx, SQL.donated, (program,))]


async def rates(tx: Transaction, program: UUID) -> list[RateInForce]:
    """The rates as they count now."""
    rows = await fetch_all(tx, SQL.newest_rates, (program,))
    return [
        RateInForce(currency, target, revision, msgspec.json.decode(document, type=Rate), since)
        for currency, target, revision, document, since in rows
    ]


async def add_rate(
    tx: Transaction, program: UUID, currency: str, target: str, rate: Rate, at: datetime, author: str
) -> int:
    """Enter a rate's next revision."""
    written = msgspec.json.encode(rate).decode()
    row = await fetch_one(tx, SQL.add_rate, (program, currency, target, written, at, author))
    assert row is not None
    return row[0]
