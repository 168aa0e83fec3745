"""Keeps a program's ladders: shows them, changes one by a new revision, and says beforehand what a change would do."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from regulars import ids
from regulars.contradictions import refuse
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.errors import InvalidValue, NotFound
from regulars.flows import tiering
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.tiering import Asked, Climber, LaddersOf, Read
from regulars.members import tier_marks, tiers
from regulars.members.ladders import Countable, Ladder, LadderDocument, contradictions
from regulars.members.terms import judged as judged_period
from regulars.members.terms import period
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
MEMBERS_AT_ONCE = 500
PREVIEW_MEMBERS_MAX = 20_000
PREVIEW_SECONDS_MAX = 8.0
EXAMPLES = 100
_FIRST = (-1, UUID(int=0))


class LadderView(Struct, frozen=True):
    """A ladder as it counts."""

    code: str
    revision: int
    since: datetime
    """Since when there is a ladder of this code."""
    base: str | None
    """The tier that everybody has; null: one can be without."""
    document: LadderDocument


class Ladders(Struct, frozen=True):
    """The ladders of a program, by code."""

    items: tuple[LadderView, ...]
    next: str | None = None


class Mover(Struct, frozen=True):
    """A member whom a change would move."""

    member: str
    before: str | None
    after: str | None


class LadderPreview(Struct, frozen=True):
    """What a change of a ladder would do to today's members: the rules as they are and the new ones, on the same sums.

    Those are the sums of the present period, and of the one that a member's tier rests on.
    """

    judged: int
    """How many members were looked at."""
    whole: bool
    """Whether that is everybody; otherwise a random part."""
    before: dict[str, int]
    """Tier (empty: none) → members who have it by the rules as they are, once their present terms are over."""
    after: dict[str, int]
    """Tier → members who would have it by the new ones, once their present terms are over."""
    up: int
    """Would have a higher tier."""
    down: int
    """Would have a lower one, not before their present term ends."""
    stay: int
    """Would have the same."""
    examples: tuple[Mover, ...]
    """Those who would move, a hundred at the most."""


async def list_ladders(database: Database, program: UUID) -> Ladders:
    """`GET /v1/ladders`: those that were withdrawn among them."""
    async with database.transaction(program) as tx:
        found = await tier_marks.newest(tx, program, withdrawn=True)
    return Ladders(tuple(_view(one.ladder, one.since) for one in found))


async def put_ladder(
    database: Database, program: UUID, code: str, document: LadderDocument, by: str, at: datetime
) -> LadderView:
    """The ladder as changed; the same document again changes nothing. Raises InvalidValue, Contradiction."""
    _require_code(code)

    async def work(tx: Transaction) -> LadderView:
        await registry.current(
            tx, program
        )  # locks it: two changes at once are two revisions, one after the other
        require_sense(code, document, await reading.load(tx, program))
        before = await _newest(tx, program, code)
        if before is not None and before.document == document:
            return before
        revision = await tier_marks.add(tx, program, code, document, at, by)
        await registry.bump(tx, program)
        became = LadderView(
            code, revision, before.since if before else at, Ladder(code, revision, document).base, document
        )
        was = None if before is None else msgspec.to_builtins(before.document)
        event = "ladder.withdrawn" if document.withdrawn else "ladder.changed"
        await trail.record(tx, program, Change(event, code, was, msgspec.to_builtins(document)), at)
        return became

    return await database.run(program, work)


async def withdraw_ladder(
    database: Database, program: UUID, code: str, by: str, at: datetime, *, withdrawn: bool
) -> LadderView:
    """The ladder as it was, withdrawn or put back. Raises NotFound, Contradiction."""
    async with database.transaction(program) as tx:
        found = await _newest(tx, program, code)
    if found is None:
        raise NotFound("There is no such ladder.")
    document = structs.replace(found.document, withdrawn=withdrawn)
    return await put_ladder(database, program, code, document, by, at)


async def preview_ladder(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    code: str,
    document: LadderDocument,
    at: datetime,
) -> LadderPreview:
    """What a change would do; nothing is written. Raises InvalidValue, Contradiction."""
    _require_code(code)
    if document.withdrawn:
        raise InvalidValue(
            "/withdrawn", "would take the tier of everybody who has one: nothing is to be reckoned"
        )
    known = await programs.fresh(program)
    require_sense(code, document, known.program)
    old, new = known.ladders.get(code), Ladder(code, 0, document)
    rules = [_Rules(LaddersOf(known.program, {one.code: one}), one) for one in (old, new) if one is not None]
    before, after = Counter[str](), Counter[str]()
    moved: list[Mover] = []
    up = down = judged = 0
    place, whole, begun = _FIRST, False, time.monotonic()
    while judged < PREVIEW_MEMBERS_MAX and time.monotonic() - begun < PREVIEW_SECONDS_MAX:
        async with database.transaction(program) as tx:
            rows = await fetch_all(tx, tiering.SQL.next_climbers, (program, *place, MEMBERS_AT_ONCE))
            movers = await _moves(tx, rules, [Climber(*row) for row in rows], at)
        for one in movers:
            before[one.before or ""] += 1
            after[one.after or ""] += 1
            step = _step(old, new, one)
            up, down = up + (step > 0), down + (step < 0)
            if step and len(moved) < EXAMPLES:
                moved.append(one)
        judged += len(movers)
        if len(rows) < MEMBERS_AT_ONCE:
            whole = True
            break
        place = (ids.home(rows[-1][0]), rows[-1][0])
    return LadderPreview(judged, whole, dict(before), dict(after), up, down, judged - up - down, tuple(moved))


def require_sense(code: str, document: LadderDocument, program: Program) -> None:
    """Raises Contradiction with all its sentences."""
    refuse(contradictions(code, document, countable(program)))


def countable(program: Program) -> Mapping[str, Countable]:
    """The currencies of a program as ladders see them."""
    return {
        one.code: Countable(
            one.kind == "qualifying",
            one.expires_after_days is not None or one.expires_after_months is not None,
        )
        for one in program.currencies.values()
    }


class _Rules(Struct, frozen=True):
    """A ladder by which members are looked at."""

    of: LaddersOf
    ladder: Ladder


async def _moves(tx: Transaction, rules: list[_Rules], members: list[Climber], at: datetime) -> list[Mover]:
    """Each member by the rules as they are, where there are any, and by the new ones, which stand last."""
    found = [await _foreseen(tx, one, members, at) for one in rules]
    before = found[0] if len(rules) > 1 else [None] * len(members)
    return [
        Mover(ids.show("mem", member.member), was, becomes)
        for member, was, becomes in zip(members, before, found[-1], strict=True)
    ]


async def _foreseen(tx: Transaction, rules: _Rules, members: list[Climber], at: datetime) -> list[str | None]:
    """The tier that each member has by a ladder once her term is over."""
    of, ladder = rules.of, rules.ladder
    now = await tiering.read(
        tx, of, [one for member in members for one in tiering.at_instant(of, 0, member, at)]
    )
    then = await tiering.read(tx, of, [_rested_on(of, ladder, one, at) for one in now])
    return [
        ladder.at(tiers.foreseen(ladder, one.present, one.measures, of_then.measures, at))
        for one, of_then in zip(now, then, strict=True)
    ]


def _rested_on(of: LaddersOf, ladder: Ladder, one: Read, at: datetime) -> Asked:
    """The period that a tier rests on: the one in which it was reached, or that was judged when it was kept."""
    calendar, present = tiering.calendar_of(of, one.asked.climber), one.present
    if present.gained in ("kept", "lowered") and present.since is not None:
        span = judged_period(ladder.document, calendar, present.since)
    else:
        span = period(ladder.document, calendar, present.reached_at or at)
    return Asked(0, one.asked.climber, ladder.code, span)


def _step(old: Ladder | None, new: Ladder, one: Mover) -> int:
    """Above 0: up; below: down. A tier that the new rules do not have is told by its place in the old ones."""
    if one.before == one.after:
        return 0
    if one.before is None or new.rank(one.before) >= 0:
        lowest = new.rank(new.base)
        return max(new.rank(one.after), lowest) - max(new.rank(one.before), lowest)
    if old is not None and old.rank(one.after) >= 0:
        return old.rank(one.after) - old.rank(one.before)
    return -1


async def _newest(tx: Transaction, program: UUID, code: str) -> LadderView | None:
    found = await tier_marks.newest(tx, program, withdrawn=True)
    return next((_view(one.ladder, one.since) for one in found if one.ladder.code == code), None)


def _view(ladder: Ladder, since: datetime) -> LadderView:
    return LadderView(ladder.code, ladder.revision, since, ladder.base, ladder.document)


def _require_code(code: str) -> None:
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")
