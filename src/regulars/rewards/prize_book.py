"""Keeps what was given as prizes, and what of it was taken back: facts, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.prizes import Prize

SQL = queries.load("regulars.rewards", "prizes.sql")
_decoder = msgspec.json.Decoder(Prize)
Taken = Literal["whole", "used", "kept"]
"""How it was taken back: all of it; not, for it was used already; not, for nothing was there to take."""
ROWS_MAX = 200


class GivenPrize(Struct, frozen=True):
    """That a member was given something."""

    id: UUID
    home: int
    cause: str
    about: UUID
    n: int
    member: UUID
    prize: Prize
    lot: UUID | None
    valid_until: datetime | None
    cost: int
    """Minor units of base money."""
    funder: UUID
    given_at: datetime
    taken_at: datetime | None = None
    posting: UUID | None = None


async def give(tx: Transaction, program: UUID, given: GivenPrize) -> bool:
    """Write it; False where its cause has given already, and then nothing is written."""
    document = msgspec.json.encode(given.prize).decode()
    values = (
        program, given.home, given.cause, given.about, given.n, given.id, given.member, document, given.posting,
        given.lot, given.valid_until, given.cost, given.funder, given.given_at,
    )  # fmt: skip
    return await fetch_one(tx, SQL.give, values) is not None


async def find(
    tx: Transaction, program: UUID, member: UUID, cause: str, about: UUID, n: int = 0
) -> GivenPrize | None:
    """What a member was given for something."""
    row = await fetch_one(tx, SQL.prize, (program, ids.home(member), cause, about, n))
    return _given(row) if row else None


async def of_causes(
    tx: Transaction, program: UUID, cause: str, about: Sequence[tuple[UUID, UUID]]
) -> list[GivenPrize]:
    """The first that members were given for things of one kind, each named with its member."""
    named = {
        "program": program,
        "cause": cause,
        "homes": int2s([ids.home(member) for member, _ in about]),
        "about": uuids([one for _, one in about]),
    }
    return [_given(row) for row in await fetch_all(tx, SQL.prizes_for, named)]


async def of(
    tx: Transaction, program: UUID, members: Sequence[UUID], limit: int = ROWS_MAX
) -> list[GivenPrize]:
    """What these members were given, the latest first."""
    named = {
        "program": program,
        "homes": int2s([ids.home(one) for one in members]),
        "members": uuids(list(members)),
        "limit": limit,
    }
    return [_given(row) for row in await fetch_all(tx, SQL.prizes_of, named)]


async def take(
    tx: Transaction, program: UUID, given: GivenPrize, taken: Taken, posting: UUID | None, at: datetime,
    reason: str,
) -> bool:  # fmt: skip
    """Write that it was taken back; False where it was before."""
    values = (program, given.home, given.id, taken, posting, at, reason)
    return await fetch_one(tx, SQL.take, values) is not None


def _given(row: Sequence[Any]) -> GivenPrize:
    identifier, home, cause, about, n, member, document, *rest = row
    return GivenPrize(identifier, home, cause, about, n, member, _decoder.decode(document), *rest)
