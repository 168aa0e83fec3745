"""Staff give members marks and tiers by hand, or take them away, one member or a list of them, and say why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows.mark_member import NewMark, mark, unmark
from regulars.ledger import book
from regulars.members import marks, reading, tier_marks
from regulars.members.ladders import Way
from regulars.members.marks import MarkView

LIST_MAX = 1000


class Taking(Struct, frozen=True):
    """What is taken away: an audience, a club, or whatever tier of a ladder there is."""

    kind: Literal["audience", "club", "tier"]
    name: str


class Marked(Struct, frozen=True):
    """What became of one member of a list: done, or why not."""

    member: str
    status: int
    detail: str = ""


class MarkedList(Struct, frozen=True):
    """One item for each, in the order of the list."""

    items: tuple[Marked, ...]


class MarkShown(Struct, frozen=True):
    """A mark of a member, with what was said when it was given by hand."""

    mark: MarkView
    why: str = ""
    match: tuple[Way, ...] = ()
    """What has to be reached by its end for the tier to stay."""


async def mark_by_staff(
    database: Database, request: Request, members: Sequence[UUID], act: NewMark | Taking, why: str
) -> Answer:
    """200 with an item for each member: what is wrong with one does not touch the others.

    Raises InvalidValue for an act that is wrong whoever it is done to.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        await _lock_pools(tx, request.program, members)
        items = [await _one(tx, request, member, act, why) for member in members]
        return await requests.keep(tx, request, 200, msgspec.json.encode(MarkedList(tuple(items))))

    return await database.run(request.program, work)


async def marks_shown(database: Database, program: UUID, member: UUID, at: datetime) -> list[MarkShown]:
    """What a member is marked with now. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await reading.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        present = await tier_marks.now(tx, program, found.id, at)
        hers = await marks.of(tx, program, found.id, at)
    details = {f"{ladder}/{one.tier}": one.detail for ladder, one in present.items()}
    return [
        MarkShown(one, details[one.code].why, details[one.code].match)
        if one.kind == "tier" and one.code in details
        else MarkShown(one)
        for one in hers
    ]


async def _one(tx: Transaction, request: Request, member: UUID, act: NewMark | Taking, why: str) -> Marked:
    shown = ids.show("mem", member)
    try:
        async with tx.transaction():
            if isinstance(act, NewMark):
                await mark(tx, request.program, member, act, request.at, why)
            else:
                await unmark(tx, request.program, member, act.kind, act.name, request.at, why)
    except (NotFound, StateConflict) as problem:
        return Marked(shown, problem.status, problem.detail)
    return Marked(shown, 200)


async def _lock_pools(tx: Transaction, program: UUID, members: Sequence[UUID]) -> None:
    """All pools at once, in their order: one after the other they would wait for others' crosswise."""
    pools: set[UUID] = set()
    for member in members:
        found = await reading.member(tx, program, member)
        if found is not None:
            pools.add(found.pool)
    wanted = sorted(pools)
    if wanted:
        await book.lock(tx, program, [ids.home(pool) for pool in wanted], wanted)
