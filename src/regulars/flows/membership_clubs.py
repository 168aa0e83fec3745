"""Keeps members in the clubs that their paid memberships give, for as long as one of them does."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from regulars import clock
from regulars.db.pool import Transaction
from regulars.flows.occasions import lose_access
from regulars.members import marks
from regulars.programs.model import Program
from regulars.rewards import membership_book

GIVING = ("active", "due")


async def settle(tx: Transaction, program: Program, member: UUID, club: str, at: datetime) -> None:
    """Let her be in a club to the end of the last membership that gives it, days of grace included.

    After an act was written; the member must be locked.
    """
    ends: list[datetime] = []
    for one in await membership_book.of(tx, program.id, [member]):
        if one.state not in GIVING:
            continue
        document = await membership_book.plan_as(tx, program.id, one.plan, one.revision)
        if document.club == club:
            last = one.until_day + timedelta(days=document.grace_days)
            ends.append(clock.midnight(last, program.time_zone))
    await marks.hold_club(tx, program.id, member, club, max(ends, default=None), at)


async def take(tx: Transaction, program: Program, member: UUID, club: str, at: datetime) -> None:
    """As `settle`, where a membership does not give it any more; where she is out of it now, so are her seats at
    events that are for the club."""
    await settle(tx, program, member, club, at)
    await lose_access(tx, program.id, member, at)
