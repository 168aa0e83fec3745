"""Looks at tiers whose time is over, carries a changed ladder through all members, and levels shared accounts.

In chunks, each a transaction with the pools of its members locked. Done twice it changes nothing; killed in between it
goes on where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows import sharing, tiering, tiers_lost
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.tiering import Asked, Climber, LaddersOf, Read
from regulars.members import tier_marks, tiers
from regulars.members.terms import Span, judged
from regulars.members.tier_marks import Due, Pass, Taken

AT_ONCE = 128
_FIRST = UUID(int=0)


async def review_tiers(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Look at all tiers that ended by the program's instant `at`, and at everybody by a ladder that is new.

    How many members took a step.
    """
    known = await programs.fresh(program)
    steps = 0

    async def due(tx: Transaction) -> tuple[int, int]:
        found = await tier_marks.due(tx, program, sorted(known.ladders), at, AT_ONCE)
        return len(found), await _review(tx, known, found, at) if found else 0

    async def carried(tx: Transaction) -> tuple[int, int]:
        open_one = await tier_marks.open_pass(tx, program)
        return (1, await _carry(tx, known, open_one, at)) if open_one is not None else (0, 0)

    for work in (due, carried) if known.ladders else (carried,):
        while True:
            looked_at, taken = await database.run(program, work)
            steps += taken
            if not looked_at:
                break
    return steps


async def level_accounts(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """What a shared account reached is every member's: those who did not buy themselves take their steps at night."""
    known = await programs.fresh(program)
    if not known.ladders:
        return 0
    steps, place = 0, (-1, _FIRST, _FIRST)

    async def work(tx: Transaction) -> tuple[list[tuple[int, UUID, UUID]], int]:
        rows = [
            (row[0], row[1], row[2])
            for row in await fetch_all(tx, tiering.SQL.next_sharers, (program, *place, AT_ONCE))
        ]
        members = list(await _lock(tx, known, [member for _, _, member in rows]))
        taken = await tiers_lost.undo(tx, known, members, at)
        return rows, len(taken) + len(await tiering.climb(tx, known, members, at, at))

    while True:
        rows, taken = await database.run(program, work)
        steps += taken
        if len(rows) < AT_ONCE:
            return steps
        place = rows[-1]


async def _lock(tx: Transaction, known: Known, members: Sequence[UUID]) -> dict[UUID, Climber]:
    """The members as they are with their pools locked; whoever changes pools just now is left for the next time."""
    program = known.program.id
    before = await tiering.climbers(tx, program, members)
    await sharing.lock_pools(tx, known.program, [one.pool for one in before.values()])
    now = await tiering.climbers(tx, program, members)
    return {one: climber for one, climber in now.items() if before.get(one) == climber}


async def _review(tx: Transaction, known: Known, found: Sequence[Due], at: datetime) -> int:
    program = known.program.id
    begun = {one.ladder.code: one.since for one in await tier_marks.newest(tx, program)}
    climbers = await _lock(tx, known, [one.member for one in found])
    wanted = [
        one
        for due in found
        if due.member in climbers
        for one in tiering.at_instant(known, 0, climbers[due.member], at)
        if one.ladder == due.ladder
    ]
    ended = [
        one
        for one in await tiering.read(tx, known, wanted)
        if one.present.until is not None and begun[one.asked.ladder] < one.present.until <= at
    ]
    terms = [_term(known, one) for one in ended]
    held = [_while_it_held(one) for one in ended]
    steps = []
    for one, of_term, challenge, before in zip(
        ended,
        await tiering.read(tx, known, terms),
        await tiering.read(tx, known, held),
        await tiers_lost.earlier_periods(tx, known, ended),
        strict=True,
    ):
        climber = one.asked.climber
        calendar = tiering.calendar_of(known, climber)
        ladder = known.ladders[one.asked.ladder]
        step = tiers.review(ladder, one.present, of_term.measures, challenge.measures, calendar, before)
        steps.append(Taken(climber.member, ladder.code, step, of_term.measures))
    # Before the steps are written: one whose own end lies behind already is a later chunk's.
    await tier_marks.note_reviewed(tx, program, found, at)
    await tier_marks.write(tx, program, steps, at)
    return len(steps) + len(await tiering.climb(tx, known, climbers, at, at))


def _term(known: Known, one: Read) -> Asked:
    """What counts for keeping the tier: the last period of its term."""
    present, ladder = one.present, known.ladders[one.asked.ladder]
    assert present.until is not None
    calendar = tiering.calendar_of(known, one.asked.climber)
    span = judged(ladder.document, calendar, present.until, graced=present.gained is not None)
    return Asked(0, one.asked.climber, one.asked.ladder, span)


def _while_it_held(one: Read) -> Asked:
    present = one.present
    assert present.since is not None
    assert present.until is not None
    return Asked(0, one.asked.climber, one.asked.ladder, Span(present.since, present.until))


async def _carry(tx: Transaction, known: Known, open_one: Pass, at: datetime) -> int:
    program = known.program.id
    place = (open_one.home, open_one.after)
    rows = await fetch_all(tx, tiering.SQL.next_climbers, (program, *place, AT_ONCE))
    members = [row[0] for row in rows]
    latest = {one.ladder.code: one.ladder for one in await tier_marks.newest(tx, program, withdrawn=True)}
    newest = latest[open_one.code]
    taken: list[Taken] = []
    if newest.revision == open_one.revision:
        climbers = await _lock(tx, known, members)
        if newest.document.withdrawn:
            taken = await tiers_lost.leave(tx, known.program, newest, climbers, at)
        else:
            counting = {code: one for code, one in latest.items() if not one.document.withdrawn}
            taken = await tiering.climb(tx, LaddersOf(known.program, counting), climbers, at, at)
    else:
        rows = []  # a later revision is carried through instead
    done_at = at if len(rows) < AT_ONCE else None
    last = members[-1] if members else open_one.after
    await tier_marks.move_pass(tx, program, open_one, ids.home(last), last, done_at)
    return len(taken)
