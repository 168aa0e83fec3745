"""Keeps events with seats and who has one: revisions, bookings and their steps are facts, the counts are guarded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import texts, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.occasions.model import Booking, Occasion, OccasionDocument, Standing, State, Step
from regulars.occasions.seating import Waiting

SQL = queries.load("regulars.occasions")
OCCASIONS_MAX = 500
WAITING_AT_ONCE = 1000
ROWS_MAX = 100
RULES: dict[str, str] = {
    "seats_astray": "The taken seats of an event are those of its bookings.",
    "bookings_astray": "A booking stands where its last step left it.",
}
_decoder = msgspec.json.Decoder(OccasionDocument)


class Booked(Struct, frozen=True):
    """A booking with where it stands."""

    booking: Booking
    standing: Standing
    position: int | None
    """On the waiting list: 1 is the next."""


# events ------------------------------------------------------------------------------------------------------


async def put(
    tx: Transaction, program: UUID, code: str, document: OccasionDocument, at: datetime, by: str
) -> bool:
    """Write a new event, or the next revision of one; False where more seats are taken than it would have."""
    begun = await tx.execute(SQL.begin, (program, code, document.seats, at))
    revision = 1
    if not begun.rowcount:
        row = await fetch_one(tx, SQL.change, {"program": program, "code": code, "seats": document.seats})
        if row is None:
            return False
        revision = row[0]
    text = msgspec.json.encode(document).decode()
    await tx.execute(SQL.freeze, (program, code, revision, text, at, by))
    return True


async def lock(tx: Transaction, program: UUID, code: str) -> Occasion | None:
    """The event, locked until the transaction ends, as it is then."""
    await tx.execute(SQL.lock, (program, code))
    return await find(tx, program, code)


async def find(tx: Transaction, program: UUID, code: str) -> Occasion | None:
    """The event of that code."""
    row = await fetch_one(tx, SQL.find, (program, code))
    return _occasion(row) if row else None


async def these(tx: Transaction, program: UUID, codes: Sequence[str]) -> dict[str, Occasion]:
    """The events of these codes."""
    rows = await fetch_all(tx, SQL.these, (program, texts(list(codes)))) if codes else []
    return {row[0]: _occasion(row) for row in rows}


async def every(tx: Transaction, program: UUID) -> list[Occasion]:
    """The events of a program, by code."""
    return [_occasion(row) for row in await fetch_all(tx, SQL.every, (program, OCCASIONS_MAX))]


async def call_off(tx: Transaction, program: UUID, code: str, at: datetime) -> bool:
    """It does not take place: its bookings are to be given back. False: that was said before."""
    if await fetch_one(tx, SQL.call_off, (at, program, code)) is None:
        return False
    await tx.execute(SQL.end_all, (at, program, code))
    return True


async def take(tx: Transaction, program: UUID, code: str, seats: int) -> bool:
    """Take seats; False, and nothing is taken, where too few are free."""
    named = {"program": program, "code": code, "seats": seats}
    return await fetch_one(tx, SQL.take, named) is not None


async def put_back(tx: Transaction, program: UUID, code: str, seats: int) -> None:
    """Give back seats that were taken."""
    row = await fetch_one(tx, SQL.put_back, {"program": program, "code": code, "seats": seats})
    assert row is not None, "an event is never taken away"


async def queue(tx: Transaction, program: UUID, code: str) -> int:
    """The next number of the waiting list."""
    row = await fetch_one(tx, SQL.queue, (program, code))
    assert row is not None, "an event is never taken away"
    return row[0]


# bookings ----------------------------------------------------------------------------------------------------


async def enter(tx: Transaction, program: UUID, booking: Booking, place: int | None, first: Step) -> bool:
    """Write a booking with its first step; False where the member has one of this event already."""
    home = ids.home(booking.id)
    await tx.execute(
        SQL.enter, (program, home, *(getattr(booking, name) for name in Booking.__struct_fields__))
    )
    stands = (program, home, booking.id, booking.occasion, booking.member, booking.seats, first.state, place)
    if await fetch_one(tx, SQL.stand_first, stands) is None:
        return False
    written = await fetch_one(tx, SQL.step, _values(program, booking.id, first))
    assert written is not None, "a new booking has no step yet"
    return True


async def step(
    tx: Transaction, program: UUID, booking: UUID, done: Step, due_at: datetime | None = None
) -> bool:
    """Write a step; False where another one came first, and then nothing is written."""
    if await fetch_one(tx, SQL.step, _values(program, booking, done)) is None:
        return False
    await tx.execute(SQL.stand, (done.n, done.state, due_at, program, ids.home(booking), booking))
    return True


async def move_up(tx: Transaction, program: UUID, booking: UUID, done: Step, due_at: datetime | None) -> bool:
    """As `step`, from the waiting list: an end that was set for it meanwhile stays."""
    if await fetch_one(tx, SQL.step, _values(program, booking, done)) is None:
        return False
    await tx.execute(SQL.stand_kept, (done.n, done.state, due_at, program, ids.home(booking), booking))
    return True


async def lose(tx: Transaction, program: UUID, bookings: Sequence[UUID], at: datetime) -> None:
    """Let these be given back from this instant on, if they are not yet."""
    for one in bookings:
        await tx.execute(SQL.lose, (at, at, program, ids.home(one), one))


async def keep(tx: Transaction, program: UUID, booking: UUID) -> None:
    """What was to be given back is kept after all."""
    await tx.execute(SQL.keep, (program, ids.home(booking), booking))


async def booking(tx: Transaction, program: UUID, identifier: UUID) -> Booking | None:
    """The booking of that id."""
    row = await fetch_one(tx, SQL.booking, (program, ids.home(identifier), identifier))
    return Booking(*row) if row else None


async def standing(tx: Transaction, program: UUID, identifier: UUID) -> Standing:
    """Where a booking stands that is there."""
    row = await fetch_one(tx, SQL.standing, (program, ids.home(identifier), identifier))
    assert row is not None, "a booking stands somewhere"
    return Standing(*row)


async def steps(tx: Transaction, program: UUID, identifier: UUID) -> list[Step]:
    """What became of it, the first step first."""
    return [Step(*row) for row in await fetch_all(tx, SQL.steps, (program, ids.home(identifier), identifier))]


async def waiting(tx: Transaction, program: UUID, code: str, free: int) -> list[Waiting]:
    """Those on the waiting list who would fit into so many seats, in its order."""
    named = {"program": program, "code": code, "free": free, "limit": min(free, WAITING_AT_ONCE)}
    return [Waiting(*row) for row in await fetch_all(tx, SQL.waiting, named)]


async def booked(tx: Transaction, program: UUID, identifier: UUID) -> Booked | None:
    """The booking of that id, with where it stands."""
    row = await fetch_one(tx, SQL.booked, (program, ids.home(identifier), identifier))
    return _booked(row) if row else None


async def of_members(
    tx: Transaction, program: UUID, members: Sequence[UUID], before: UUID | None = None, limit: int = 100
) -> list[Booked]:
    """What these members booked, the latest first."""
    named = {"program": program, "members": uuids(list(members)), "before": before, "limit": limit}
    return [_booked(row) for row in await fetch_all(tx, SQL.of_members, named)]


async def of_occasion(
    tx: Transaction, program: UUID, code: str, states: Sequence[State], after: UUID | None, limit: int
) -> list[Booked]:
    """The bookings of an event that are in one of these states, in the order they were made."""
    named = {
        "program": program, "code": code, "states": texts(list(states)), "after": after, "limit": limit,
    }  # fmt: skip
    return [_booked(row) for row in await fetch_all(tx, SQL.of_occasion, named)]


async def due(tx: Transaction, program: UUID, at: datetime, limit: int) -> list[UUID]:
    """Bookings whose time was over at an instant, the first first."""
    return [row[0] for row in await fetch_all(tx, SQL.due, (program, at, limit))]


async def next_due(tx: Transaction, program: UUID, since: datetime, until: datetime) -> datetime | None:
    """When the next one falls due after `since`, up to `until`."""
    row = await fetch_one(tx, SQL.next_due, (program, since, until))
    return row[0] if row else None


async def broken(tx: Transaction, program: UUID) -> dict[str, list[dict[str, Any]]]:
    """The rules that are broken, and by which rows (at most 100 each)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, statement in (("seats_astray", SQL.seats_astray), ("bookings_astray", SQL.bookings_astray)):
        cursor = await tx.execute(statement, {"program": program, "limit": ROWS_MAX})
        rows = await cursor.fetchall()
        if rows:
            assert cursor.description is not None
            names = [column.name for column in cursor.description]
            found[name] = [dict(zip(names, row, strict=True)) for row in rows]
    return found


def _values(program: UUID, identifier: UUID, done: Step) -> tuple[Any, ...]:
    fields = (done.n, done.state, done.pool, done.posting, done.at, done.by, done.reason)
    return (program, ids.home(identifier), identifier, *fields)


def _occasion(row: Sequence[Any]) -> Occasion:
    code, revision, text, *rest = row
    return Occasion(code, revision, _decoder.decode(text), *rest)


def _booked(row: Sequence[Any]) -> Booked:
    return Booked(Booking(*row[:9]), Standing(*row[9:13]), row[13])
