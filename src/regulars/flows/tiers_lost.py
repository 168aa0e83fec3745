"""Takes tiers away whose ground is gone: goods came back, a ladder withdrawn, a merge undone, a membership over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import structs

from regulars.db.pool import Transaction
from regulars.flows import tiering
from regulars.members import tier_marks, tiers
from regulars.members.ladders import Ladder
from regulars.members.terms import period
from regulars.members.tier_marks import Taken
from regulars.members.tiers import Measures, Step
from regulars.programs.model import Program


async def undo(
    tx: Transaction,
    known: tiering.Laddered,
    members: Iterable[UUID],
    at: datetime,
    purchase: UUID | None = None,
) -> list[Taken]:
    """Tiers that rested on what came back give way. Their members' pools must be locked, the return written."""
    if not known.ladders:
        return []
    found = await tiering.climbers(tx, known.program.id, members)
    present = await tiering.read(
        tx, known, [one for climber in found.values() for one in tiering.at_instant(known, 0, climber, at)]
    )
    rested = [one for one in present if one.present.gained == "earned" and one.present.holds(at)]
    earlier = await earlier_periods(tx, known, rested)
    then = [_in_period(known, one, one.present.reached_at or at) for one in rested]
    taken = []
    for one, of_then, before in zip(rested, await tiering.read(tx, known, then), earlier, strict=True):
        calendar = tiering.calendar_of(known, one.asked.climber)
        ladder = known.ladders[one.asked.ladder]
        step = tiers.undo(ladder, one.present, of_then.measures, one.measures, at, calendar, before)
        if step is not None:
            taken.append(Taken(one.asked.climber.member, ladder.code, step, of_then.measures, purchase))
    await tier_marks.write(tx, known.program.id, taken, at)
    return taken


async def earlier_periods(
    tx: Transaction, known: tiering.Laddered, reads: Sequence[tiering.Read]
) -> list[Measures | None]:
    """Of each, what there was in the period in which the tier before was earned; None where it was not earned."""
    asked: list[tiering.Asked] = []
    places: list[int | None] = []
    for one in reads:
        before = one.present.detail.before
        if before is None or before.reached_at is None:
            places.append(None)
        else:
            places.append(len(asked))
            asked.append(_in_period(known, one, before.reached_at))
    found = await tiering.read(tx, known, asked)
    return [None if place is None else found[place].measures for place in places]


def _in_period(known: tiering.Laddered, one: tiering.Read, at: datetime) -> tiering.Asked:
    """The same in the period of another instant."""
    ladder = known.ladders[one.asked.ladder]
    span = period(ladder.document, tiering.calendar_of(known, one.asked.climber), at)
    return tiering.Asked(0, one.asked.climber, one.asked.ladder, span)


async def leave(
    tx: Transaction, program: Program, ladder: Ladder, members: Iterable[UUID], at: datetime
) -> list[Taken]:
    """Members lose what they have on a ladder that was withdrawn. Their pools must be locked."""
    of = tiering.LaddersOf(program, {ladder.code: ladder})
    found = await tiering.climbers(tx, program.id, members)
    reads = await tiering.read(
        tx, of, [one for climber in found.values() for one in tiering.at_instant(of, 0, climber, at)]
    )
    taken = []
    for one in reads:
        if one.present.holds(at):
            step = Step(
                one.present.tier, None, max(at, one.present.since or at), None, None, "taken", marked=False
            )
            taken.append(Taken(one.asked.climber.member, ladder.code, step, one.measures))
    await tier_marks.write(tx, program.id, taken, at)
    return taken


async def part(
    tx: Transaction, known: tiering.Laddered, members: Iterable[UUID], merged_at: datetime, at: datetime
) -> list[Taken]:
    """A merge is undone: tiers that began with it give way, on every ladder, to what is reached without it.

    Their members' pools must be locked, what was moved moved back.
    """
    found = await tiering.climbers(tx, known.program.id, members)
    reads = await tiering.read(
        tx, known, [one for climber in found.values() for one in tiering.at_instant(known, 0, climber, at)]
    )
    taken = []
    for one in reads:
        if one.present.since != merged_at or not one.present.holds(at):
            continue
        step = _without(known, one, at)
        if step is not None:
            taken.append(Taken(one.asked.climber.member, one.asked.ladder, step, one.measures))
    await tier_marks.write(tx, known.program.id, taken, at)
    return taken


async def give_way(tx: Transaction, of: tiering.LaddersOf, member: UUID, at: datetime) -> None:
    """A membership is over: the tier that it gave gives way to what is reached without it. Her pool must be locked."""
    found = await tiering.climbers(tx, of.program.id, [member])
    reads = await tiering.read(
        tx, of, [one for climber in found.values() for one in tiering.at_instant(of, 0, climber, at)]
    )
    steps = [(one, _without(of, one, at)) for one in reads]
    taken = [
        Taken(member, one.asked.ladder, structs.replace(step, reason="membership_over"), one.measures)
        for one, step in steps
        if step is not None
    ]
    await tier_marks.write(tx, of.program.id, taken, at)


def _without(known: tiering.Laddered, one: tiering.Read, at: datetime) -> Step | None:
    """What a tier gives way to whose ground is gone, whatever it was; None: she reaches it all the same."""
    ladder = known.ladders[one.asked.ladder]
    undoing = structs.replace(ladder, document=structs.replace(ladder.document, undo_on_return=True))
    begun = structs.replace(one.present, gained="earned")
    calendar = tiering.calendar_of(known, one.asked.climber)
    return tiers.undo(undoing, begun, one.measures, one.measures, at, calendar)
