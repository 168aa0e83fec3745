"""Marks members with audiences, clubs and tiers, in one transaction each; done again it changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows.occasions import lose_access
from regulars.ledger import book
from regulars.members import marks, reading, tier_marks, tiers
from regulars.members.ladders import Ladder, Way
from regulars.members.marks import MarkCode, MarkKind, MarkView
from regulars.members.model import Member
from regulars.members.tier_marks import Taken
from regulars.members.tiers import Detail, Measures, Present, Step
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change


class NewMark(Struct, frozen=True, forbid_unknown_fields=True):
    """`PUT /v1/members/{id}/marks`: the code of an audience or a club, or `ladder/tier`."""

    kind: MarkKind
    code: MarkCode
    until: Annotated[datetime, Meta(tz=True)] | None = None
    """Half-open; left out: until it is taken away."""
    match: Annotated[tuple[Way, ...], Meta(max_length=5)] = ()
    """Of a tier of a ladder with an end: what has to be reached by then for it to stay (any of these ways)."""
    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] = ""
    """Why it is given: an invitation, a match of another program's tier."""


class Marks(Struct, frozen=True):
    """What a member is marked with now."""

    items: tuple[MarkView, ...]
    next: str | None = None


async def put_mark(database: Database, program: UUID, member: UUID, new: NewMark, at: datetime) -> MarkView:
    """Mark a member. Raises InvalidValue, NotFound, and StateConflict after an erasure."""
    return await database.run(program, lambda tx: mark(tx, program, member, new, at))


async def end_mark(
    database: Database, program: UUID, member: UUID, kind: str, name: str, at: datetime
) -> Marks:
    """Take a mark away; what is left. Of tiers the ladder is named. Raises NotFound."""
    return await database.run(program, lambda tx: unmark(tx, program, member, kind, name, at))


async def mark(
    tx: Transaction, program: UUID, member: UUID, new: NewMark, at: datetime, why: str = ""
) -> MarkView:
    """Mark a member within a transaction; `why` stands in the audit trail. Raises as `put_mark`."""
    if new.until is not None and new.until <= at:
        raise InvalidValue("/until", "is over already")
    name, tier = marks.parts(new.kind, new.code, "/code")
    ladder = await _ladder(tx, program, name) if new.kind == "tier" else None
    if new.match and (ladder is None or new.until is None):
        raise InvalidValue("/match", "goes with a tier of a ladder of this program, and with an end")
    profile = await _locked(tx, program, member, pool=ladder is not None)
    if profile.erased_at is not None:
        raise StateConflict("This member was erased.")
    if ladder is not None and tier is not None:
        put = await _give(tx, program, profile, ladder, tier, new, at)
    else:
        put = await marks.put(tx, program, profile.id, new.kind, new.code, new.until, at)
    change = Change("member.marked", ids.show("mem", profile.id), after=put, why=why)
    await trail.record(tx, program, change, at)
    return put


async def unmark(
    tx: Transaction, program: UUID, member: UUID, kind: str, name: str, at: datetime, why: str = ""
) -> Marks:
    """Take a mark away within a transaction; `why` stands in the audit trail. Raises NotFound."""
    if kind not in ("audience", "club", "tier"):
        raise NotFound("There is no such kind of mark: audience, club or tier.")
    ladder = await _ladder(tx, program, name) if kind == "tier" else None
    profile = await _locked(tx, program, member, pool=ladder is not None)
    if ladder is not None:
        await _take(tx, program, profile, ladder, at)
    else:
        await marks.end(tx, program, profile.id, kind, name, at)
    if kind == "club":
        await lose_access(tx, program, profile.id, at)
    before = {"kind": kind, "code": name}
    change = Change("member.unmarked", ids.show("mem", profile.id), before=before, why=why)
    await trail.record(tx, program, change, at)
    return Marks(tuple(await marks.of(tx, program, profile.id, at)))


async def list_marks(database: Database, program: UUID, member: UUID, at: datetime) -> Marks:
    """What a member is marked with. Raises NotFound."""
    async with database.transaction(program) as tx:
        profile = await reading.member(tx, program, member)
        if profile is None:
            raise NotFound("There is no such member.")
        return Marks(tuple(await marks.of(tx, program, profile.id, at)))


async def _ladder(tx: Transaction, program: UUID, name: str) -> Ladder | None:
    found = await tier_marks.newest(tx, program)
    return next((one.ladder for one in found if one.ladder.code == name), None)


async def _give(
    tx: Transaction, program: UUID, member: Member, ladder: Ladder, tier: str, new: NewMark, at: datetime
) -> MarkView:
    """Give a tier by hand: it holds to its end, whatever is bought; what is reached above it wins."""
    if ladder.rank(tier) < 0:
        raise InvalidValue("/code", f"the ladder {ladder.code} has no tier {tier}")
    present = (await tier_marks.now(tx, program, member.id, at)).get(ladder.code, Present())
    same = present.tier == tier and present.since is not None
    since = present.since if same and present.since is not None else at
    before = tiers.before(present, at) if not same else present.detail.before
    detail = Detail(before=before, match=new.match, why=new.reason)
    step = Step(present.tier or ladder.base, tier, since, new.until, None, "given", detail)
    await tier_marks.write(tx, program, [Taken(member.id, ladder.code, step, Measures())], at)
    return MarkView("tier", f"{ladder.code}/{tier}", since, new.until and new.until.astimezone(UTC))


async def _take(tx: Transaction, program: UUID, member: Member, ladder: Ladder, at: datetime) -> None:
    present = (await tier_marks.now(tx, program, member.id, at)).get(ladder.code)
    if present is None:
        return
    step = Step(present.tier, ladder.base, at, None, None, "taken", marked=False)
    await tier_marks.write(tx, program, [Taken(member.id, ladder.code, step, Measures())], at)


async def _locked(tx: Transaction, program: UUID, member: UUID, *, pool: bool = False) -> Member:
    """The member locked; with her pool where ladders are about: who buys just now may be taking a step."""
    if pool:
        before = await reading.member(tx, program, member)
        if before is not None:
            await book.lock(tx, program, [ids.home(before.pool)], [before.pool])
    profile = await reading.member(tx, program, member, lock=True)
    if profile is None:
        raise NotFound("There is no such member.")
    return profile
