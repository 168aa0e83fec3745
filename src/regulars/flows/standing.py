"""Reads what decisions rest on, for a whole batch: customers, locks, first answers, and the catalogue's version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db import queries
from regulars.db.arrays import byteas, int2s, int4s, texts, uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction
from regulars.db.requests import Request
from regulars.flows.incoming import Key
from regulars.members import reading as members
from regulars.members.model import Customer
from regulars.members.vault import Vault

SQL = queries.load("regulars.flows", "standing.sql")


class Written(Struct, frozen=True, gc=False):
    """A request key and the purchase that stands under it from now on."""

    request: Request
    purchase: UUID


class Day(Struct, frozen=True):
    """The program's present day, and the present instant."""

    at: datetime
    since: datetime
    until: datetime


class First(Struct, frozen=True, gc=False):
    """What stands under a request key already."""

    kind: str
    digest: bytes
    purchase: UUID | None
    status: int | None
    document: bytes | None


def day_of(at: datetime, zone: str) -> Day:
    """The day of a time zone that an instant falls on."""
    today = at.astimezone(clock.zone(zone)).date()
    return Day(at, clock.midnight(today, zone), clock.midnight(today + timedelta(days=1), zone))


async def claim(tx: Sender, wanted: Sequence[Written]) -> Rows:
    """Claim the keys of a batch in their order; waits for whoever else is writing one of them. See `claimed`."""
    ordered = sorted(wanted, key=lambda w: (w.request.partner, w.request.key))
    first = ordered[0].request
    return await tx.execute(
        SQL.claim,
        (
            first.program,
            first.at,
            uuids([w.request.partner for w in ordered]),
            texts([w.request.key for w in ordered]),
            byteas([bytes(w.request.digest) for w in ordered]),
            int2s([ids.home(w.purchase) for w in ordered]),
            uuids([w.purchase for w in ordered]),
        ),
    )


async def claimed(asked: Rows) -> set[tuple[UUID, str]]:
    """(partner, key) of those that were free; under the others something stands already."""
    return {(partner, key) for partner, key in await asked.fetchall()}


async def resolve(tx: Sender, program: UUID, keys: Sequence[Key]) -> Rows:
    """Ask which customer each key leads to; see `customers`."""
    return await tx.execute(
        members.RESOLVE,
        {
            "program": program,
            "positions": int4s(list(range(len(keys)))),
            "kinds": texts([key.kind for key in keys]),
            "numbers": texts([key.number for key in keys]),
            "digests": byteas([key.digest for key in keys]),
            "homes": int2s([None if key.member is None else ids.home(key.member) for key in keys]),
            "ids": uuids([key.member for key in keys]),
        },
    )


async def customers(asked: Rows, vault: Vault | None) -> dict[int, Customer]:
    """Place in the batch → customer, where there is one; a member who was erased is none.

    Without the vault names and birthdays stay closed: enough to know whose accounts to lock.
    """
    found = members.customers(await asked.fetchall(), vault)
    return {place: customer for place, customer in found.items() if not customer.erased}


async def customer_of(
    tx: Transaction, program: UUID, key: Key, vault: Vault | None = None
) -> Customer | None:
    """The one customer that a key leads to, without a lock; see `customers`."""
    return (await customers(await resolve(tx, program, [key]), vault)).get(0)


async def first_answers(tx: Sender, requests: Sequence[Request]) -> Rows:
    """Ask for what stands under keys that were used before; see `firsts`."""
    return await tx.execute(
        SQL.first_answers,
        (requests[0].program, uuids([r.partner for r in requests]), texts([r.key for r in requests])),
    )


async def firsts(asked: Rows) -> dict[tuple[UUID, str], First]:
    """(partner, key) → what was answered first."""
    return {(row[0], row[1]): First(*row[2:]) for row in await asked.fetchall()}


async def purchases_before(
    tx: Sender, program: UUID, pools: Sequence[tuple[int, UUID]], limit: int, at: datetime
) -> Rows:
    """Ask how many purchases each pool made, counted up to `limit`."""
    return await tx.execute(
        SQL.purchases_before,
        (at, limit, program, int2s([home for home, _ in pools]), uuids([pool for _, pool in pools])),
    )


async def spent_on(tx: Sender, program: UUID, pools: Sequence[tuple[int, UUID]], day: Day) -> Rows:
    """Ask what the points that each pool paid with on a day were worth, in minor units.

    What is held now counts too; what lapsed or was voided does not.
    """
    return await tx.execute(
        SQL.spent_on,
        (
            day.at,
            day.since,
            day.until,
            program,
            int2s([home for home, _ in pools]),
            uuids([pool for _, pool in pools]),
        ),
    )


async def counts(asked: Rows) -> dict[UUID, int]:
    """Pool → number."""
    return {pool: int(number) for pool, number in await asked.fetchall()}


async def version(tx: Sender, program: UUID) -> Rows:
    """Ask for the program's version."""
    return await tx.execute(SQL.version, (program,))


async def keep(tx: Sender, program: UUID, written: Sequence[Written]) -> None:
    """Write under which keys the purchases of a batch stand."""
    await tx.execute(
        SQL.keep,
        (
            program,
            written[0].request.at,
            uuids([w.request.partner for w in written]),
            texts([w.request.key for w in written]),
            int2s([ids.home(w.purchase) for w in written]),
            uuids([w.purchase for w in written]),
        ),
    )


async def free(tx: Sender, program: UUID, requests: Sequence[Request]) -> None:
    """Let go of keys whose purchases were refused: an error leaves a key free."""
    await tx.execute(
        SQL.free, (uuids([r.partner for r in requests]), texts([r.key for r in requests]), program)
    )
