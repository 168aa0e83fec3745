"""Keeps what a program is made from: the door for the first owner, and what somebody has chosen so far."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import StateConflict

SQL = queries.load("regulars.programs.founding")
DOOR_LASTS = timedelta(hours=24)
STEPS = ("trade", "program", "shops", "points", "offers")
"""What has to be answered before a program is made."""
TAKEN_UP_AFTER = timedelta(minutes=1)
"""Founding takes seconds: one that is open for longer was cut short, and may be taken up again."""
NOT_OPEN = "The program is being made just now, or is there already: look again in a moment."
Short = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$(?!\n)")]


class Shop(Struct, frozen=True, forbid_unknown_fields=True):
    """A shop that the program begins with."""

    name: Short
    tills: Annotated[int, Meta(ge=1, le=50)] = 1


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """What was chosen so far; a field that was not reached holds its default."""

    trade: str = ""
    """Code of a ready program."""
    name: str = ""
    currency: str = "EUR"
    time_zone: str = ""
    languages: tuple[str, ...] = ()
    """The first is the program's own."""
    sandbox: bool = False
    shops: Annotated[tuple[Shop, ...], Meta(max_length=50)] = ()
    points: Annotated[int, Meta(ge=0, le=1000)] = 1
    """For each whole unit of money; 0: no points."""
    worth: Annotated[str, Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4})?$(?!\n)")] = "1"
    """Of one point, in minor units of the money."""
    promotions: tuple[str, ...] | None = None
    """Codes of ready promotions; None: those of the trade."""
    goods: bool = True
    """Whether it begins with products to try the till with."""
    done: tuple[str, ...] = ()
    """The steps that were answered."""


class Made(Struct, frozen=True):
    """What the first purchase needs."""

    key: UUID
    """Of the till."""
    member: UUID
    """The founder, as a member."""
    store: str


class Kept(Struct, frozen=True):
    """A plan, the id that its program will have, and how far it is."""

    program: UUID
    plan: Plan
    state: Literal["open", "founding", "founded"] = "open"
    saved_at: datetime | None = None
    """When it was chosen, or frozen."""
    made: Made | None = None
    """Once it is founded."""


async def nobody_yet(tx: Transaction) -> bool:
    """Whether there is no member of staff at all."""
    row = await fetch_one(tx, SQL.anybody)
    return row is not None and not row[0]


async def open_door(tx: Transaction, at: datetime) -> str:
    """A new address for the first owner: its secret part, whose hash alone is kept, good for a day."""
    token = secrets.token_urlsafe(24)
    await tx.execute(SQL.open_door, (_digest(token), at + DOOR_LASTS))
    return token


async def door_is_open(tx: Transaction, token: str, at: datetime) -> bool:
    """Whether the address still lets somebody in."""
    row = await fetch_one(tx, SQL.door_is_open, (_digest(token), at))
    return row is not None and row[0]


async def pass_door(tx: Transaction, token: str, at: datetime) -> bool:
    """Use the address up, and with it every other. False: it was used, is too old, or never was."""
    return bool(await fetch_all(tx, SQL.pass_door, {"digest": _digest(token), "at": at}))


async def make_founder(tx: Transaction, staff: UUID) -> None:
    """This person may make programs."""
    await tx.execute(SQL.make_founder, (staff,))


async def may_found(tx: Transaction, staff: UUID) -> bool:
    """Whether this person may make programs: the first owner, and whoever owns one."""
    row = await fetch_one(tx, SQL.may_found, {"staff": staff})
    return row is not None and row[0]


async def plan_of(tx: Transaction, staff: UUID) -> Kept | None:
    """What she has chosen so far."""
    return _kept(await fetch_one(tx, SQL.plan, (staff,)))


async def save(tx: Transaction, staff: UUID, plan: Plan, at: datetime) -> Kept:
    """Keep it in place of what was chosen before. Raises StateConflict where it is not open.

    Another plan is another program: what was half made of one that did not hold together is not made into this one.
    """
    content = Jsonb(msgspec.to_builtins(plan))
    kept = _kept(await fetch_one(tx, SQL.save_plan, (staff, ids.new(), content, at)))
    if kept is None:
        raise StateConflict(NOT_OPEN)
    return kept


async def freeze(tx: Transaction, staff: UUID, at: datetime) -> Kept | None:
    """The plan, which nobody changes from now on, nor makes; None: it is founded already.

    Raises StateConflict where another has frozen it, and where a step is not answered.
    """
    steps = Jsonb(list(STEPS))
    frozen = await fetch_one(
        tx, SQL.freeze_plan, {"staff": staff, "at": at, "late": at - TAKEN_UP_AFTER, "steps": steps}
    )
    kept = _kept(frozen) or await plan_of(tx, staff)
    if kept is None or kept.state == "open":
        raise StateConflict("Not every step is answered yet.")
    if frozen is None and kept.state == "founding":
        raise StateConflict(NOT_OPEN)
    return kept if frozen is not None else None


async def thaw(tx: Transaction, staff: UUID, kept: Kept) -> None:
    """What did not hold together can be chosen anew, unless another has taken it up meanwhile."""
    await tx.execute(SQL.thaw_plan, (staff, kept.saved_at))


async def founded(tx: Transaction, staff: UUID, kept: Kept, made: Made) -> bool:
    """The program of the plan stands. False: another who took it up has said so."""
    values = {"made": Jsonb(msgspec.to_builtins(made)), "staff": staff, "program": kept.program}
    return await fetch_one(tx, SQL.found_plan, values) is not None


async def drop(tx: Transaction, staff: UUID) -> None:
    """It was done with."""
    await tx.execute(SQL.drop_plan, (staff,))


def _kept(row: TupleRow | None) -> Kept | None:
    if row is None:
        return None
    program, content, state, saved_at, made = row
    return Kept(
        program, msgspec.convert(content, Plan), state, saved_at, made and msgspec.convert(made, Made)
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
