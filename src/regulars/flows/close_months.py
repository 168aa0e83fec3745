"""Closes months of activity that is paid monthly: what the whole month came to is given, once for each member.

In chunks, each a transaction with the pools of its members locked. Done twice it changes nothing; killed in between it
goes on where it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import clock
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows.activity_books import Books, Cause, locked_people
from regulars.flows.activity_tally import Tally
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.tiering import Climber
from regulars.periods import add_months
from regulars.purchases import accruing, activity_log
from regulars.purchases.accruing import Slot
from regulars.purchases.activity_log import Due, Earned, Key, Kind

AT_ONCE = 100
BY = "month's close"


class Month(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/activity-kinds/{code}/close`."""

    month: Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)")]
    """As 2026-03."""


class ClosedCurrency(Struct, frozen=True):
    """What a month gave in a currency, in its unit."""

    currency: str
    members: int
    """Who had something that counted."""
    given: int


class ClosedMonth(Struct, frozen=True):
    """A month that is closed."""

    kind: str
    month: str
    currencies: tuple[ClosedCurrency, ...]


async def close_months(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Close all that is due by the program's instant `at`. How many months of members."""

    async def due(tx: Transaction, today: date) -> list[Due]:
        return await activity_log.due(tx, program, today, AT_ONCE)

    return await _close(database, programs, program, due, at)


async def close_month(
    database: Database, programs: KnownPrograms, program: UUID, code: str, month: Month, at: datetime
) -> ClosedMonth:
    """Close a month of one kind, and tell what it came to; closed again nothing changes.

    Raises NotFound, InvalidValue, and StateConflict for a month that is not over.
    """
    async with database.transaction(program) as tx:
        kind = (await activity_log.newest(tx, program)).get(code)
    if kind is None:
        raise NotFound("There is no such kind of activity.")
    monthly = [rule for rule in kind.document.rules if rule.when == "monthly"]
    if not monthly:
        raise InvalidValue("/code", "is a kind that earns at once: it has no months to close")
    starts = _first_day(month.month)
    known = await programs.fresh(program)
    today = at.astimezone(clock.zone(known.program.time_zone)).date()
    closing = max(accruing.closing_day(rule, starts) for rule in monthly)
    if today < closing:
        raise StateConflict(f"This month may be closed from {closing.isoformat()} on.")

    async def due(tx: Transaction, today: date) -> list[Due]:
        return await activity_log.due_of(tx, program, code, starts, today, AT_ONCE)

    await _close(database, programs, program, due, at)
    async with database.transaction(program) as tx:
        found = await activity_log.closed_of(tx, program, code, starts)
    return ClosedMonth(code, month.month, tuple(ClosedCurrency(*row) for row in found))


async def _close(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    due: Callable[[Transaction, date], Awaitable[list[Due]]],
    at: datetime,
) -> int:
    known = await programs.fresh(program)
    today = at.astimezone(clock.zone(known.program.time_zone)).date()

    async def work(tx: Transaction) -> tuple[int, int]:
        found = await due(tx, today)
        return len(found), await _chunk(tx, known, found, at) if found else 0

    closed = 0
    while True:
        looked_at, done = await database.run(program, work)
        closed += done
        if not looked_at:
            return closed


async def _chunk(tx: Transaction, known: Known, found: Sequence[Due], at: datetime) -> int:
    """Close these, whoever else may have closed one meanwhile. How many."""
    program = known.program
    kinds = await activity_log.newest(tx, program.id)
    people = await locked_people(tx, known, list(dict.fromkeys(one.member for one in found)))
    tally, books = Tally(program), Books(known, at)
    await tally.read(tx, [key for one in found for key in _keys(kinds[one.kind], one)])
    closed = 0
    for one in found:
        who, kind = people[one.member], kinds[one.kind]
        # Nobody gets what an erased member would have got; her month is closed all the same.
        rule = kind.document.rule(one.currency) if isinstance(who, Climber) else None
        slot = Slot(one.currency, "month", one.starts)
        accrued, was_open = tally.close(one.member, one.kind, rule, slot)
        if not was_open:
            continue
        closed += 1
        if accrued.amount and isinstance(who, Climber):
            until = clock.midnight(add_months(one.starts, 1), program.time_zone)
            last = until - timedelta(microseconds=1)
            cause = Cause(one.member, who.pool, one.kind, kind.document, last, BY)
            posting = await books.book(tx, cause, [Earned(one.currency, accrued.amount)])
            if posting is not None:
                tally.paid(posting)
    await tally.write(tx, at)
    await books.write(tx)
    return closed


def _keys(kind: Kind, one: Due) -> list[Key]:
    rule = kind.document.rule(one.currency)
    chain = accruing.slots(rule, one.starts) if rule is not None else ()
    own = Slot(one.currency, "month", one.starts)
    return [Key(one.member, one.kind, slot) for slot in {own, *chain}]


def _first_day(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    if not 1970 <= year < 9000:
        raise InvalidValue("/month", "is no month of this time")
    return date(year, number, 1)


async def next_due(
    database: Database, programs: KnownPrograms, program: UUID, after: datetime, until: datetime
) -> datetime | None:
    """The first instant after one at which a month may be closed, up to another; None: there is none."""
    zone = (await programs.of(program)).program.time_zone
    days = [at.astimezone(clock.zone(zone)).date() for at in (after, until)]
    async with database.transaction(program) as tx:
        day = await activity_log.next_due(tx, program, *days)
    return None if day is None else clock.midnight(day, zone)
