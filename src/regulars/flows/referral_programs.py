"""Keeps a program's referral program: shows it, and changes it by a new revision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import prizes as prizes_of
from regulars.contradictions import refuse
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows import prizes
from regulars.members import referral_book, referrals
from regulars.members.referral_book import Revision
from regulars.members.referrals import CODE, ReferralDocument
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program


class ReferralProgramView(Struct, frozen=True):
    """The referral program as it counts now."""

    code: str
    revision: int
    since: datetime
    document: ReferralDocument


class ReferralPrograms(Struct, frozen=True):
    """The referral program, if there is one."""

    items: tuple[ReferralProgramView, ...]
    next: str | None = None


async def list_referral_programs(database: Database, program: UUID) -> ReferralPrograms:
    """`GET /v1/referral-programs`."""
    async with database.transaction(program) as tx:
        newest = await referral_book.newest(tx, program)
    return ReferralPrograms((_view(newest),) if newest is not None else ())


async def put_referral_program(
    database: Database, program: UUID, code: str, document: ReferralDocument, by: str, at: datetime
) -> ReferralProgramView:
    """The referral program as changed; the same document again changes nothing. Raises NotFound, Contradiction."""
    if code != CODE:
        raise NotFound(f"A program has one referral program; its code is {CODE}.")

    async def work(tx: Transaction) -> ReferralProgramView:
        await registry.current(tx, program)  # locks it: two changes at once are two revisions
        await _require_sense(tx, document, await reading.load(tx, program))
        before = await referral_book.newest(tx, program)
        if before is not None and before.document == document:
            return _view(before)
        became = await referral_book.add(tx, program, document, at, by)
        was = None if before is None else msgspec.to_builtins(before.document)
        change = Change("referral_program.changed", code, was, msgspec.to_builtins(document))
        await trail.record(tx, program, change, at)
        return _view(became)

    return await database.run(program, work)


async def prize_batches(database: Database, program: Program) -> frozenset[str]:
    """The names of the voucher batches of which a prize may be."""
    async with database.transaction(program.id) as tx:
        return (await prizes.surroundings(tx, program)).batches


async def _require_sense(tx: Transaction, document: ReferralDocument, program: Program) -> None:
    """Raises Contradiction with all its sentences."""
    found = referrals.contradictions(document)
    around = await prizes.surroundings(tx, program)
    for n, step in enumerate(document.steps):
        for side, prize in (("referrer", step.referrer), ("friend", step.friend)):
            if prize is not None:
                found += prizes_of.contradictions(prize, around, f"/steps/{n}/{side}")
    for n, one in enumerate(document.milestones):
        found += prizes_of.contradictions(one.prize, around, f"/milestones/{n}/prize")
    refuse(found)


def _view(found: Revision) -> ReferralProgramView:
    return ReferralProgramView(CODE, found.number, found.since, found.document)
