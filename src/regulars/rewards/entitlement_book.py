"""Keeps entitlements: their revisions, what members were given, what they used and booked, and who is expected when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import instants, int2s, int4s, texts, uuids
from regulars.db.burst import Sender
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.rewards.allowances import Grant, Taken
from regulars.rewards.entitlements import Entitlement, Newest

SQL = queries.load("regulars.rewards", "entitlements.sql")
NO_LIMIT = 2**31 - 1
Origin = Literal["promotion", "prize", "membership", "staff"]
State = Literal["booked", "used", "cancelled", "missed"]
_document = msgspec.json.Decoder(Entitlement)
_granted = msgspec.json.Decoder(dict[UUID, int])


class Given(Struct, frozen=True):
    """Uses that a cause gives a member. A cause of the same text gives once."""

    member: UUID
    code: str
    cause: str
    uses: int
    starts_at: datetime
    ends_at: datetime | None
    origin: Origin
    by: str


class Use(Struct, frozen=True):
    """A visit: used, booked, cancelled or missed."""

    id: UUID
    member: UUID
    code: str
    revision: int
    state: State
    store: UUID
    partner: UUID
    at: datetime
    day: date
    guests: int
    taken: int
    granted: Mapping[UUID, int]
    counts: bool
    cost: int
    """Once it is used: minor units of the program's base money."""
    booked: bool
    due_at: datetime | None
    created_at: datetime
    created_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None


class HeldGrant(Struct, frozen=True):
    """A grant, of which entitlement it is and where it came from."""

    code: str
    grant: Grant
    origin: Origin


class CameWith(Struct, frozen=True):
    """A grant of a membership: what it came with, and whether it has ended."""

    id: UUID
    cause: str
    ended: bool


class Cost(Struct, frozen=True):
    """What was used of an entitlement at a store."""

    partner: UUID
    store: UUID
    code: str
    visits: int
    guests: int
    cost: int


async def newest(tx: Transaction, program: UUID) -> list[Newest]:
    """Every entitlement as it counts, by code."""
    return [_newest(row) for row in await fetch_all(tx, SQL.newest, (program,))]


async def find(tx: Transaction, program: UUID, code: str) -> Newest | None:
    """An entitlement as it counts."""
    row = await fetch_one(tx, SQL.find, (program, code))
    return _newest(row) if row else None


async def add(
    tx: Transaction, program: UUID, code: str, document: Entitlement, at: datetime, author: str
) -> int:
    """Enter the next revision. The program must be locked. Its number."""
    text = msgspec.json.encode(document).decode()
    row = await fetch_one(tx, SQL.add, (text, at, author, program, code))
    assert row is not None
    return row[0]


async def give(tx: Sender, program: UUID, given: Sequence[Given], at: datetime) -> Any:
    """Give uses, in one statement; its cursor has a row for each that was not given before."""
    homes = [ids.home(one.member) for one in given]
    named = {
        "program": program,
        "at": at,
        "homes": int2s(homes),
        "members": uuids([one.member for one in given]),
        "codes": texts([one.code for one in given]),
        "causes": texts([one.cause for one in given]),
        "ids": uuids([ids.new(home) for home in homes]),
        "uses": int4s([one.uses for one in given]),
        "starts": instants([one.starts_at for one in given]),
        "ends": instants([one.ends_at for one in given]),
        "origins": texts([one.origin for one in given]),
        "by": texts([one.by for one in given]),
    }
    return await tx.execute(SQL.grant, named)


async def end_grants(
    tx: Transaction, program: UUID, causes: Sequence[tuple[UUID, str, str]], at: datetime
) -> int:
    """Take back what these causes (member, code, cause) gave that is wholly unused; the pools must be locked.

    How many were taken back.
    """
    if not causes:
        return 0
    named = {
        "program": program,
        "at": at,
        "homes": [ids.home(member) for member, _, _ in causes],
        "members": [member for member, _, _ in causes],
        "codes": [code for _, code, _ in causes],
        "causes": [cause for _, _, cause in causes],
    }
    return len(await fetch_all(tx, SQL.end_grants, named))


async def end_given(
    tx: Transaction, program: UUID, members: Sequence[UUID], cause: str, at: datetime
) -> None:
    """Take back all that a cause (or `cause/…`) gave these members; their pools must be locked.

    What was used or is booked of it stands.
    """
    homes = [ids.home(member) for member in members]
    named = {"program": program, "homes": homes, "members": list(members), "cause": cause, "at": at}
    await tx.execute(SQL.end_given, named)


async def taken_of(
    tx: Transaction, program: UUID, members: Sequence[UUID], code: str, cause: str, also: str
) -> int:
    """How many of the uses that a cause (or `cause/…`) gave these members are used or booked. `also`: of that one."""
    homes = [ids.home(member) for member in members]
    named = {"program": program, "homes": homes, "members": list(members), "code": code}
    row = await fetch_one(tx, SQL.taken_of, {**named, "cause": cause, "also": also})
    assert row is not None, "a sum has a row"
    return row[0]


async def of_memberships(tx: Transaction, program: UUID, grants: Sequence[UUID]) -> list[CameWith]:
    """Those of these grants that came with a membership."""
    return [CameWith(*row) for row in await fetch_all(tx, SQL.of_memberships, (program, uuids(grants)))]


async def grants(
    tx: Transaction, program: UUID, members: Sequence[UUID], code: str | None = None
) -> list[HeldGrant]:
    """What these members were given and was not taken back."""
    columns = (int2s([ids.home(one) for one in members]), uuids(list(members)))
    return [
        HeldGrant(of, Grant(identifier, uses, starts_at, ends_at), origin)
        for identifier, of, uses, starts_at, ends_at, origin in await fetch_all(
            tx, SQL.grants, (program, code, *columns)
        )
    ]


async def taken(
    tx: Transaction, program: UUID, members: Sequence[UUID], code: str | None = None
) -> dict[str, list[Taken]]:
    """Entitlement → what the visits of these members took, past and booked."""
    found: dict[str, list[Taken]] = {}
    for of, day, quota, granted in await fetch_all(tx, SQL.taken, (program, code, uuids(list(members)))):
        found.setdefault(of, []).append(Taken(day, quota, _granted.decode(granted)))
    return found


async def enter(tx: Transaction, program: UUID, use: Use) -> None:
    """Write a visit: used, or booked."""
    granted = msgspec.json.encode({str(grant): uses for grant, uses in use.granted.items()}).decode()
    await tx.execute(
        SQL.enter,
        (program, ids.home(use.id), use.id, use.member, use.code, use.revision, use.state, use.store, use.partner,
         use.at, use.day, use.guests, use.taken, granted, use.cost, use.booked, use.due_at, use.created_at,
         use.created_by),
    )  # fmt: skip


async def take_slot(
    tx: Transaction, program: UUID, store: UUID, code: str, at: datetime, people: int, capacity: int | None
) -> bool:
    """Take places in a slot; False, and nothing is taken, where there are not as many."""
    most = NO_LIMIT if capacity is None else capacity
    named = {"program": program, "store": store, "code": code, "at": at, "people": people, "capacity": most}
    return await fetch_one(tx, SQL.take_slot, named) is not None


async def slots(
    tx: Transaction, program: UUID, store: UUID, code: str, since: datetime, until: datetime
) -> dict[datetime, int]:
    """When → the people who are expected then."""
    rows = await fetch_all(tx, SQL.slots, (program, store, code, since, until))
    return dict(rows)


async def check_in(tx: Transaction, program: UUID, use: UUID, at: datetime, by: str) -> bool:
    """A booking becomes a use; False where something else became of it."""
    named = {"program": program, "home": ids.home(use), "id": use, "at": at, "by": by}
    return await fetch_one(tx, SQL.check_in, named) is not None


async def end(
    tx: Transaction, program: UUID, use: Use, to: State, at: datetime, by: str, *, counts: bool
) -> bool:
    """End a visit that is in the state in which it was read; False where it is not any more.

    Whoever was to come has no place in the slot then.
    """
    named = {"program": program, "home": ids.home(use.id), "id": use.id, "from": use.state, "to": to,
             "at": at, "by": by, "counts": counts}  # fmt: skip
    if await fetch_one(tx, SQL.end, named) is None:
        return False
    if use.state == "booked" and use.booked:
        await tx.execute(SQL.free_slot, (1 + use.guests, program, use.store, use.code, use.at))
    return True


async def use(tx: Transaction, program: UUID, identifier: UUID) -> Use | None:
    """A visit by its id."""
    row = await fetch_one(tx, SQL.use, (program, ids.home(identifier), identifier))
    return _use(row) if row else None


async def uses_of(
    tx: Transaction, program: UUID, members: Sequence[UUID], *, state: State | None = None, limit: int = 100
) -> list[Use]:
    """The visits of these members, the latest first."""
    named = {"program": program, "members": list(members), "state": state, "limit": limit}
    return [_use(row) for row in await fetch_all(tx, SQL.uses_of, named)]


async def count_used(
    tx: Transaction, program: UUID, members: Sequence[UUID], codes: Sequence[str], since: datetime
) -> int:
    """How often these members used these entitlements since an instant."""
    row = await fetch_one(tx, SQL.count_used, (program, list(members), list(codes), since))
    assert row is not None, "a count has a row"
    return row[0]


async def uses_at(
    tx: Transaction, program: UUID, store: UUID, since: datetime, until: datetime, limit: int = 500
) -> list[Use]:
    """What is used and booked at a store between two instants, in order."""
    return [_use(row) for row in await fetch_all(tx, SQL.uses_at, (program, store, since, until, limit))]


async def uses_of_partners(
    tx: Transaction,
    program: UUID,
    partners: Sequence[UUID],
    code: str | None,
    before: UUID | None,
    limit: int,
) -> list[Use]:
    """What was used or booked at places of these partners, the latest written first."""
    named = {"program": program, "partners": list(partners), "code": code, "before": before, "limit": limit}
    return [_use(row) for row in await fetch_all(tx, SQL.uses_of_partners, named)]


async def costs(
    tx: Transaction, program: UUID, stores: Sequence[UUID], since: datetime, until: datetime
) -> list[Cost]:
    """What was used at these stores between two instants, by store and entitlement."""
    named = {"program": program, "stores": list(stores), "since": since, "until": until}
    return [Cost(*row) for row in await fetch_all(tx, SQL.costs, named)]


async def due(tx: Transaction, program: UUID, at: datetime, limit: int) -> list[UUID]:
    """Bookings to which nobody came by an instant."""
    return [row[0] for row in await fetch_all(tx, SQL.due, (program, at, limit))]


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure cancels what a member has booked and ends what she was given; what she used is in the books."""
    for store, code, at, people in await fetch_all(tx, SQL.cancel_of, (program, member)):
        await tx.execute(SQL.free_slot, (people, program, store, code, at))
    await tx.execute(SQL.end_grants_of, (program, ids.home(member), member))


def _newest(row: Sequence[Any]) -> Newest:
    code, revision, document = row
    return Newest(code, revision, _document.decode(document))


def _use(row: Sequence[Any]) -> Use:
    return Use(*[*row[:11], _granted.decode(row[11]), *row[12:]])
