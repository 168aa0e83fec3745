"""The staff of a program: who does what in it, and who no longer does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, StateConflict
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.staff import invitations, people
from regulars.programs.staff.model import Colleague, Invitation, Post

LAST_OWNER = "There is no other owner: make somebody else an owner first."


class Team(Struct, frozen=True):
    """A program's staff, and who is invited to it."""

    people: Sequence[Colleague]
    invited: Sequence[Invitation]


async def read_team(database: Database, program: UUID, at: datetime) -> Team:
    """Everybody, by name, and the open invitations, the newest first."""
    async with database.transaction(None) as tx:
        return Team(await people.colleagues(tx, program), await invitations.open_ones(tx, program, at))


async def read_colleague(database: Database, program: UUID, staff: UUID) -> Colleague:
    """One of the staff. Raises NotFound."""
    async with database.transaction(None) as tx:
        return await _colleague(tx, program, staff)


async def change_post(database: Database, staff: UUID, post: Post) -> None:
    """Say anew what somebody does in a program; it counts from her next page on. Raises NotFound, StateConflict for
    the last owner."""

    async def work(tx: Transaction) -> None:
        before = await _colleague(tx, post.program, staff)
        if not await people.change_post(tx, staff, post):
            raise StateConflict(LAST_OWNER)
        was, became = _told(before.post), _told(post)
        await trail.record(
            tx, post.program, Change("staff.post_changed", ids.show("stf", staff), was, became)
        )

    await database.run(post.program, work)


async def take_out(database: Database, program: UUID, staff: UUID) -> None:
    """Take somebody out of a program; her sessions in it end at once.

    Raises NotFound, StateConflict for the last owner.
    """

    async def work(tx: Transaction) -> None:
        before = await _colleague(tx, program, staff)
        if not await people.remove_post(tx, program, staff):
            raise StateConflict(LAST_OWNER)
        change = Change("staff.taken_out", ids.show("stf", staff), before=_told(before.post))
        await trail.record(tx, program, change)

    await database.run(program, work)


def _told(post: Post) -> dict[str, Any]:
    """A post as the audit trail tells it."""
    partner = ids.show("par", post.partner) if post.partner else None
    return {
        "roles": post.roles,
        "stores": sorted(ids.show("sto", one) for one in post.stores),
        "partner": partner,
    }


async def _colleague(tx: Transaction, program: UUID, staff: UUID) -> Colleague:
    found = await people.colleagues(tx, program, staff)
    if not found:
        raise NotFound("There is no such person among the staff.")
    return found[0]
