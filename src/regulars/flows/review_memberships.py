"""Looks at paid memberships whose paid days are over: one becomes due, and ends when nobody paid within its grace."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import structs

from regulars.db.pool import Database, Transaction
from regulars.flows import memberships, sharing
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.memberships import At
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.rewards import membership_book
from regulars.rewards.membership_book import Done

AT_ONCE = 100
BY = "program"


async def review_memberships(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Do what is due at the program's instant `at`, each membership in a transaction; how many changed."""
    changed = 0
    while True:
        async with database.transaction(program) as tx:
            due = await membership_book.due(tx, program, at, AT_ONCE)
        if not due:
            return changed
        of = (await programs.fresh(program)).program
        for one in due:
            changed += await _review(database, of, one, at)


async def _review(database: Database, program: Program, membership: UUID, instant: datetime) -> int:
    async def work(tx: Transaction) -> int:
        before = await membership_book.find(tx, program.id, membership)
        assert before is not None, "memberships are never deleted"
        await sharing.locked_member(tx, program, before.member, erased=True)
        one = await membership_book.find(tx, program.id, membership)
        assert one is not None
        if one.due_at is None or one.due_at > instant:
            return 0  # it was renewed or ended meanwhile
        at = At(program, instant, BY)
        document = await membership_book.plan_as(tx, program.id, one.plan, one.revision)
        ends = at.midnight(one.until_day + timedelta(days=document.grace_days))
        if one.state == "active" and not one.to_end and ends > one.due_at:
            became = structs.replace(one, n=one.n + 1, state="due", due_at=ends)
            await memberships.write(tx, at, became, Done("due"))
        else:
            became = structs.replace(one, n=one.n + 1, state="ended", due_at=None)
            await memberships.write(tx, at, became, Done("ended"))
            await memberships.take(tx, at, one, document)
        change = Change(
            f"membership.{became.state}", memberships.view(one).member, memberships.view(one),
            memberships.view(became),
        )  # fmt: skip
        await trail.record(tx, program.id, change, instant)
        await memberships.note(tx, at, one, one.plan, became.state, one.until_day)
        return 1

    return await database.run(program.id, work)
