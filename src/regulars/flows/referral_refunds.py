"""Takes back what was given for a friend's purchase that a refund has undone: from both, once, caps and budget too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from regulars import clock, ids
from regulars.db import outbox
from regulars.db.arrays import int2s, int4s, uuids
from regulars.db.outbox import Note
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows import prizes, sharing
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.referring import SQL
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members import reading, referral_book, referrals
from regulars.members.model import Member
from regulars.members.referral_book import Standing
from regulars.members.referrals import ReferralDocument
from regulars.rewards import prize_book

AT_ONCE = 128
CAUSE = "referral"
MILESTONE = 1000
"""From here on the numbers of causes are milestones; below, two for each of a friend's purchases."""
ACTOR = "program"


async def take_back_all(database: Database, known: Known, document: ReferralDocument, at: datetime) -> int:
    """Look at what was given in the last days whose purchases may have come back since."""
    program, taken = known.program.id, 0
    place = (at - timedelta(days=document.take_back_days), UUID(int=0), 0)
    while True:
        async with database.transaction(program) as tx:
            rows = await referral_book.steps_given(tx, program, *place, AT_ONCE)
            left = await _left(tx, program, rows)
        for one in rows:
            if left.get(one.purchase, 0) < one.least:
                taken += await _undo(database, known, one, at)
        if len(rows) < AT_ONCE:
            return taken
        place = (rows[-1].given_at, rows[-1].friend, rows[-1].purchases)


async def _undo(database: Database, known: Known, one: Standing, at: datetime) -> int:
    async def work(tx: Transaction) -> int:
        return await take_back_step(tx, known, one, at)

    return await database.run(known.program.id, work)


async def take_back_step(tx: Transaction, known: Known, one: Standing, at: datetime) -> int:
    """Take back what a step gave to both, once; 1 if it was done here."""
    program = known.program.id
    step = await referral_book.step(tx, program, one.friend, one.purchases)
    found = await locked(tx, known, one.friend, step.referrer, gone=True)
    if not await referral_book.take_back(tx, program, one.friend, "step", one.purchases, at):
        return 0
    pools = sorted({member.pool for member in found if member is not None})
    pages = await open_pages(tx, known.program, pools)
    friend, referrer = found
    for member, said, n in ((friend, one.friend, 0), (referrer, step.referrer, 1)):
        if member is not None:
            await _take(
                tx, known, pages[member.pool], {said, member.id}, one.friend, 2 * one.purchases + n, at
            )
    if step.to_referrer:
        periods = referrals.periods(step.given_at, clock.zone(known.program.time_zone))
        await referral_book.give_back_use(tx, program, step.referrer, periods)
    await referral_book.give_back_budget(tx, program, step.cost)
    if one.purchases == 1 and referrer is not None:
        await _take_milestones(tx, known, pages[referrer.pool], step.referrer, referrer, at)
    await book.write(tx, program, pages.values())
    told = {"friend": ids.show("mem", one.friend), "purchases": one.purchases}
    note = Note("referral.taken_back", step.referrer, step.referrer, at, told)
    await outbox.note(tx, program, [note])
    return 1


async def _take_milestones(
    tx: Transaction, known: Known, page: Page, said: UUID, referrer: Member, at: datetime
) -> None:
    program = known.program.id
    friends = await referral_book.friends_that_stand(tx, program, said)
    for one in await referral_book.milestones_of(tx, program, said):
        if one.taken_back or one.friends <= friends:
            continue
        if await referral_book.take_back(tx, program, said, "milestone", one.friends, at):
            await _take(tx, known, page, {said, referrer.id}, said, MILESTONE + one.friends, at)
            await referral_book.give_back_budget(tx, program, one.cost)


async def _take(
    tx: Transaction, known: Known, page: Page, had: set[UUID], about: UUID, n: int, at: datetime
) -> None:
    """Take a prize back from whoever has it by now; `had`: under whose ids it may stand."""
    for member in sorted(had):
        given = await prize_book.find(tx, known.program.id, member, CAUSE, about, n)
        if given is not None:
            await prizes.take_back(tx, known, page, given, at, ACTOR, "refund")
            return


async def locked(
    tx: Transaction, known: Known, friend: UUID, referrer: UUID, *, gone: bool = False
) -> tuple[Member | None, Member | None]:
    """The two with their pools locked; None for whoever was erased, unless what she had is looked for (`gone`)."""
    program = known.program
    while True:
        before = [await reading.member(tx, program.id, one) for one in (friend, referrer)]
        await sharing.lock_pools(tx, program, [one.pool for one in before if one is not None])
        now = [await reading.member(tx, program.id, one) for one in (friend, referrer)]
        if [one and one.pool for one in now] == [one and one.pool for one in before]:
            break
    first, second = (one if one is not None and (gone or one.erased_at is None) else None for one in now)
    return first, second


async def _left(tx: Transaction, program: UUID, rows: Sequence[Standing]) -> dict[UUID, int]:
    """Purchase → what is left of it, minor units of base money."""
    columns = (
        int4s(range(len(rows))),
        int2s([one.bought_at for one in rows]),
        uuids([one.purchase for one in rows]),
    )
    return {rows[n].purchase: left for n, left in await fetch_all(tx, SQL.left_of, (program, *columns))}
