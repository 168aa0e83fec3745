"""Keeps plans of paid memberships, the memberships, and each act of one: an act has one successor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.rewards import plans as plans_of
from regulars.rewards.plans import Act, Period, PlanDocument, State

SQL = queries.load("regulars.rewards", "memberships.sql")
_document = msgspec.json.Decoder(PlanDocument)


class Plan(Struct, frozen=True):
    """A plan by its newest revision."""

    code: str
    revision: int
    since: datetime
    document: PlanDocument


class Membership(Struct, frozen=True):
    """How a membership stands. Days are of the program's time zone; `until_day` is the first one that is not paid."""

    id: UUID
    member: UUID
    n: int
    state: State
    plan: str
    revision: int
    anchor: date
    from_day: date
    until_day: date
    to_end: bool
    """It ends with what is paid, and is not renewed."""
    paused_on: date | None
    due_at: datetime | None
    begun_at: datetime


class Done(Struct, frozen=True):
    """An act: what it is and what was paid."""

    act: Act
    amount: int = 0
    credit: int = 0
    reference: str = ""
    reason: str = ""


class Step(Struct, frozen=True):
    """An act as it stands in the book."""

    n: int
    act: str
    plan: str
    from_day: date
    until_day: date
    amount: int
    credit: int
    reference: str
    at: datetime
    by: str
    reason: str


async def plans(tx: Transaction, program: UUID) -> tuple[Plan, ...]:
    """All plans by their newest revisions, by code."""
    rows = await fetch_all(tx, SQL.newest_plans, (program,))
    return tuple(Plan(code, revision, since, _document.decode(text)) for code, revision, since, text in rows)


async def plan_as(tx: Transaction, program: UUID, code: str, revision: int) -> PlanDocument:
    """A plan as a membership has it."""
    row = await fetch_one(tx, SQL.plan_as, (program, code, revision))
    assert row is not None, "revisions are never deleted"
    return _document.decode(row[0])


async def add_plan(
    tx: Transaction, program: UUID, code: str, document: PlanDocument, at: datetime, by: str
) -> int:
    """Enter a plan's next revision; its number."""
    written = msgspec.json.encode(document).decode()
    row = await fetch_one(tx, SQL.add_plan, (program, code, written, at, by))
    assert row is not None
    return row[0]


async def find(tx: Transaction, program: UUID, membership: UUID) -> Membership | None:
    """A membership by its id, without a lock."""
    row = await fetch_one(tx, SQL.membership, (program, ids.home(membership), membership))
    return Membership(*row) if row else None


async def of(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[Membership]:
    """Those of members, the latest first."""
    return [Membership(*row) for row in await fetch_all(tx, SQL.of_members, (program, list(members)))]


async def in_state(
    tx: Transaction, program: UUID, state: str, before: UUID | None, most: int
) -> list[Membership]:
    """Those in a state, the latest first; `before`: from where on."""
    place = before if before is not None else UUID(int=2**128 - 1)
    return [Membership(*row) for row in await fetch_all(tx, SQL.in_state, (program, state, place, most))]


async def count_states(tx: Transaction, program: UUID) -> dict[str, int]:
    """State → how many memberships are in it."""
    return dict(await fetch_all(tx, SQL.count_states, (program,)))


async def begin(tx: Transaction, program: UUID, new: Membership, done: Done, by: str, at: datetime) -> None:
    """Enter a membership with its first act."""
    row = (
        program,
        ids.home(new.id),
        new.id,
        new.member,
        new.member,
        new.n,
        new.state,
        new.plan,
        new.revision,
    )
    rest = (new.anchor, new.from_day, new.until_day, new.to_end, new.paused_on, new.due_at, new.begun_at)
    await tx.execute(SQL.begin, (*row, *rest))
    assert await _note(tx, program, new, done, by, at), "its id is new"


async def move(tx: Transaction, program: UUID, became: Membership, done: Done, by: str, at: datetime) -> bool:
    """Enter the act that follows the one before `became.n`; False: another one followed it already."""
    if not await _note(tx, program, became, done, by, at):
        return False
    key = (program, ids.home(became.id), became.id, became.n - 1)
    row = (became.n, became.state, became.plan, became.revision, became.anchor, became.from_day)
    rest = (became.until_day, became.to_end, became.paused_on, became.due_at)
    return (await tx.execute(SQL.move, (*row, *rest, *key))).rowcount == 1


async def follow(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID) -> None:
    """After a merge what was the duplicate's is the survivor's."""
    await tx.execute(SQL.follow, (survivor, program, duplicate))


async def part(tx: Transaction, program: UUID, survivor: UUID, duplicate: UUID) -> None:
    """After a merge was undone what she began is hers again."""
    await tx.execute(SQL.part, (program, survivor, duplicate))


async def paid_periods(tx: Transaction, program: UUID, one: Membership) -> list[Period]:
    """What was paid since the plan last changed and was not paid back, as it was when it was paid."""
    asked = {"program": program, "home": ids.home(one.id), "membership": one.id}
    rows = await fetch_all(tx, SQL.paid_periods, asked)
    return plans_of.standing((act, Period(*row)) for act, *row in rows)


async def steps(tx: Transaction, program: UUID, membership: UUID) -> list[Step]:
    """All acts of a membership, the first one first."""
    rows = await fetch_all(tx, SQL.steps, (program, ids.home(membership), membership))
    return [Step(*row) for row in rows]


async def due(tx: Transaction, program: UUID, at: datetime, most: int) -> list[UUID]:
    """Memberships with which something happens by now."""
    return [row[0] for row in await fetch_all(tx, SQL.due, (program, at, most))]


async def next_due(tx: Transaction, program: UUID, until: datetime) -> datetime | None:
    """When something happens next with one of them, up to an instant."""
    row = await fetch_one(tx, SQL.next_due, (program, until))
    return row[0] if row else None


async def _note(tx: Transaction, program: UUID, one: Membership, done: Done, by: str, at: datetime) -> bool:
    key = (program, ids.home(one.id), one.id, one.n, done.act, one.plan, one.revision)
    rest = (one.from_day, one.until_day, done.amount, done.credit, done.reference, at, by, done.reason)
    return await fetch_one(tx, SQL.note_step, (*key, *rest)) is not None
