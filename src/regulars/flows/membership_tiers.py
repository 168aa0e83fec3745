"""Gives members the tier that their paid membership brings, and lets it give way when that is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Transaction
from regulars.flows import tiering, tiers_lost
from regulars.members import granted_tiers, tier_marks
from regulars.members.tier_marks import Taken
from regulars.members.tiers import Measures, Present
from regulars.programs.model import Program


async def give(
    tx: Transaction, program: Program, member: UUID, mark: str, until: datetime, cause: str, at: datetime
) -> None:
    """Give a tier (`ladder/tier`) to an instant, or give it longer. Her pool must be locked.

    A ladder that was changed since, and has no such tier any more, gives nothing.
    """
    code, _, tier = mark.partition("/")
    ladder = (await tiering.ladders_of(tx, program)).ladders.get(code)
    if ladder is None or ladder.rank(tier) < 0:
        return
    present = (await tier_marks.now(tx, program.id, member, at)).get(code, Present())
    step = granted_tiers.granted(ladder, present, tier, until, cause, at)
    taken = [Taken(member, code, step, Measures())]
    if (step.tier, step.until) == (present.tier, present.until):
        await tier_marks.remember(tx, program.id, taken)
    else:
        await tier_marks.write(tx, program.id, taken, at)


async def take(tx: Transaction, program: Program, member: UUID, mark: str, cause: str, at: datetime) -> None:
    """Let the tier that a membership gave give way to what she has without it. Her pool must be locked."""
    code = mark.partition("/")[0]
    ladder = (await tiering.ladders_of(tx, program)).ladders.get(code)
    if ladder is None:
        return
    present = (await tier_marks.now(tx, program.id, member, at)).get(code, Present())
    if present.detail.cause == cause:
        of = tiering.LaddersOf(program, {code: ladder})
        await tiers_lost.give_way(tx, of, member, at)
    else:
        step = granted_tiers.forgotten(present, cause, at)
        if step is not None:
            await tier_marks.remember(tx, program.id, [Taken(member, code, step, Measures())])
