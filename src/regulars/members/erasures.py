"""Keeps what remains of an erasure, its certificate, and the proposals of whom to erase next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one

SQL = queries.load("regulars.members", "erasures.sql")


class Due(Struct, frozen=True):
    """A member whom a rule of retention would erase."""

    member: UUID
    country: str
    """ISO 3166, or `*`: the rule that she falls under."""
    months: int
    last_seen: datetime


class Proposal(Due, frozen=True):
    """A proposal as it is kept."""

    proposed_at: datetime
    status: Literal["open", "accepted", "declined"] = "open"


async def certify(
    tx: Transaction, program: UUID, member: UUID, at: datetime, certificate: bytes, signature: bytes
) -> None:
    """Keep the certificate of an erasure; there is one at the most."""
    await tx.execute(SQL.insert_erasure, (program, ids.home(member), member, at, certificate, signature))


async def certificate_of(tx: Transaction, program: UUID, member: UUID) -> tuple[bytes, bytes] | None:
    """The certificate's bytes and their signature."""
    row = await fetch_one(tx, SQL.erasure_of, (program, ids.home(member), member))
    return (bytes(row[0]), bytes(row[1])) if row else None


async def latest(
    tx: Transaction, program: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[tuple[UUID, datetime]]:
    """Who was erased and when, the latest first, from the one (when, who) that stands `before`."""
    place = before or (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))
    rows = await fetch_all(tx, SQL.erasures_before, (program, *place, limit))
    return [(row[0], row[1]) for row in rows]


async def page(
    tx: Transaction, program: UUID, after: tuple[int, UUID], limit: int
) -> list[tuple[UUID, int, UUID, datetime | None]]:
    """The next members after (home, id): id, home, pool, when they were enrolled (None: erased or merged)."""
    rows = await fetch_all(tx, SQL.page_of_members, (program, *after, limit))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def propose(
    tx: Transaction, program: UUID, due: Sequence[Due], at: datetime, declined_until: datetime
) -> int:
    """Enter proposals; how many are new. Whoever was declined later than `declined_until` is left alone."""
    ordered = sorted(due, key=lambda one: (ids.home(one.member), one.member))
    rows = await fetch_all(
        tx,
        SQL.propose_erasures,
        (
            program,
            at,
            arrays.int2s([ids.home(one.member) for one in ordered]),
            arrays.uuids([one.member for one in ordered]),
            arrays.texts([one.country for one in ordered]),
            arrays.int4s([one.months for one in ordered]),
            arrays.instants([one.last_seen for one in ordered]),
            declined_until,
        ),
    )
    return len(rows)


async def proposals(tx: Transaction, program: UUID, after: UUID | None, limit: int) -> list[Proposal]:
    """Open proposals, in the order of their members' homes and ids."""
    place = (ids.home(after), after) if after is not None else (-1, UUID(int=0))
    return [Proposal(*row) for row in await fetch_all(tx, SQL.open_proposals, (program, *place, limit))]


async def proposal(tx: Transaction, program: UUID, member: UUID) -> Proposal | None:
    """The proposal about a member, locked until the transaction ends."""
    row = await fetch_one(tx, SQL.lock_proposal, (program, ids.home(member), member))
    return Proposal(*row) if row else None


async def decide(
    tx: Transaction,
    program: UUID,
    member: UUID,
    status: Literal["accepted", "declined"],
    at: datetime,
    by: UUID,
) -> bool:
    """Decide an open proposal. False when it is not open."""
    key = (program, ids.home(member), member)
    return await fetch_one(tx, SQL.decide_proposal, (status, at, by, *key)) is not None


async def withdraw(tx: Transaction, program: UUID, members: Sequence[UUID]) -> int:
    """Take back open proposals: these members were seen since, or are gone. How many there were."""
    columns = (arrays.int2s([ids.home(member) for member in members]), arrays.uuids(members), program)
    return len(await fetch_all(tx, SQL.withdraw_proposals, columns))
