"""Marks members with audiences, clubs and tiers, in one transaction each; done again it changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.members import marks, reading
from regulars.members.marks import MarkCode, MarkKind, MarkView
from regulars.members.model import Member


class NewMark(Struct, frozen=True, forbid_unknown_fields=True):
    """`PUT /v1/members/{id}/marks`: the code of an audience or a club, or `ladder/tier`."""

    kind: MarkKind
    code: MarkCode
    until: Annotated[datetime, Meta(tz=True)] | None = None
    """Half-open; left out: until it is taken away."""


class Marks(Struct, frozen=True):
    """What a member is marked with now."""

    items: tuple[MarkView, ...]


async def put_mark(database: Database, program: UUID, member: UUID, new: NewMark, at: datetime) -> MarkView:
    """Mark a member. Raises InvalidValue, NotFound, and StateConflict after an erasure."""
    if new.until is not None and new.until <= at:
        raise InvalidValue("/until", "is over already")

    async def work(tx: Transaction) -> MarkView:
        profile = await _locked(tx, program, member)
        if profile.erased_at is not None:
            raise StateConflict("This member was erased.")
        return await marks.put(tx, program, profile.id, new.kind, new.code, new.until, at)

    return await database.run(program, work)


async def end_mark(
    database: Database, program: UUID, member: UUID, kind: str, name: str, at: datetime
) -> Marks:
    """Take a mark away; what is left. Of tiers the ladder is named. Raises NotFound."""
    if kind not in ("audience", "club", "tier"):
        raise NotFound("There is no such kind of mark: audience, club or tier.")

    async def work(tx: Transaction) -> Marks:
        profile = await _locked(tx, program, member)
        await marks.end(tx, program, profile.id, kind, name, at)
        return Marks(tuple(await marks.of(tx, program, profile.id, at)))

    return await database.run(program, work)


async def list_marks(database: Database, program: UUID, member: UUID, at: datetime) -> Marks:
    """What a member is marked with. Raises NotFound."""
    async with database.transaction(program) as tx:
        profile = await reading.member(tx, program, member)
        if profile is None:
            raise NotFound("There is no such member.")
        return Marks(tuple(await marks.of(tx, program, profile.id, at)))


async def _locked(tx: Transaction, program: UUID, member: UUID) -> Member:
    profile = await reading.member(tx, program, member, lock=True)
    if profile is None:
        raise NotFound("There is no such member.")
    return profile
