"""Rewards friends' first purchases whose return window is over, and takes back what a refund has left without ground.

On rounds, never with a purchase. Each friend is a transaction of its own, with her pool and her referrer's locked:
what is left of a purchase is read under them, so a return is seen or waits. Done twice it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from regulars import clock, ids
from regulars.db import outbox
from regulars.db.arrays import bools, instants, int2s, int4s, uuids
from regulars.db.outbox import Note
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.errors import StateConflict
from regulars.flows import prizes
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.prizes import Cause
from regulars.flows.referral_refunds import CAUSE, MILESTONE, locked, take_back_all
from regulars.flows.referring import BEFORE, SQL
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members import instruments, reading, referral_book, referrals
from regulars.members.model import Member
from regulars.members.referral_book import GivenStep, OpenReferral
from regulars.members.referrals import Bought, Due, ReferralDocument, Withheld

AT_ONCE = 128
_BEGINNING = (-1, UUID(int=0))


async def reward_referrals(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Give what is due by the program's instant `at`, and take back what has lost its ground; for how many steps."""
    async with database.transaction(program) as tx:
        newest = await referral_book.newest(tx, program)
    if newest is None:
        return 0
    known = await programs.fresh(program)
    taken = await take_back_all(database, known, newest.document, at)
    return taken + await _give_all(database, known, newest.document, at)


async def next_due(tx: Transaction, program: UUID, after: datetime, until: datetime) -> datetime | None:
    """When the next return window of a friend's purchase ends, up to an instant: for a clock that is set forward."""
    newest = await referral_book.newest(tx, program)
    if newest is None:
        return None
    window, place, found = timedelta(days=newest.document.return_days), _BEGINNING, set[datetime]()
    while rows := await referral_book.next_open(tx, program, *place, AT_ONCE):
        for bought in (await _bought(tx, program, rows)).values():
            found |= {one.purchased_at + window for one in bought}
        place = (rows[-1].home, rows[-1].friend)
    return min((at for at in found if after < at <= until), default=None)


async def _give_all(database: Database, known: Known, document: ReferralDocument, at: datetime) -> int:
    program, place, steps = known.program.id, _BEGINNING, 0
    while True:
        async with database.transaction(program) as tx:
            rows = await referral_book.next_open(tx, program, *place, AT_ONCE)
            bought = await _bought(tx, program, rows)
            given = await referral_book.steps_of(tx, program, [one.friend for one in rows])
        for one in rows:
            before = given[one.friend]
            ripe = referrals.due(document, bought[one.friend], before, at)
            if ripe or referrals.finished(document, before, one.until, at):
                steps += await _settle(database, known, document, one, at)
        if len(rows) < AT_ONCE:
            return steps
        place = (rows[-1].home, rows[-1].friend)


async def _settle(
    database: Database, known: Known, document: ReferralDocument, one: OpenReferral, at: datetime
) -> int:
    """What one friend's purchases are worth now; nothing where somebody else was quicker."""

    async def work(tx: Transaction) -> int:
        return await reward_friend(tx, known, document, one, at)

    try:
        return await database.run(known.program.id, work)
    except StateConflict:
        return 0


async def reward_friend(
    tx: Transaction, known: Known, document: ReferralDocument, one: OpenReferral, at: datetime
) -> int:
    """Give the steps of one friend that are due; how many. Raises StateConflict where one was given just now."""
    program = known.program.id
    friend, referrer = await locked(tx, known, one.friend, one.referrer)
    if friend is None or friend.id != one.friend or (referrer is not None and referrer.id == friend.id):
        # She was erased, or turned out to be somebody who was a member already.
        await referral_book.close(tx, program, one.friend)
        return 0
    given = (await referral_book.steps_of(tx, program, [one.friend]))[one.friend]
    bought = (await _bought(tx, program, [one]))[one.friend]
    steps = referrals.due(document, bought, given, at)
    pools = [member.pool for member in (friend, referrer) if member is not None]
    pages = await open_pages(tx, known.program, sorted(set(pools)))
    done, refused = set(given), False
    for due in steps:
        refused = await _paid_alike(tx, program, document, friend, referrer, bought, due, at)
        await _give_step(tx, known, document, pages, friend, referrer, one.referrer, due, at, refused=refused)
        done.add(due.step.purchases)
        if refused:
            break
    await book.write(tx, program, pages.values())
    if refused or referrals.finished(document, done, one.until, at):
        await referral_book.close(tx, program, one.friend)
    return len(done - given)


async def _give_step(
    tx: Transaction,
    known: Known,
    document: ReferralDocument,
    pages: dict[UUID, Page],
    friend: Member,
    referrer: Member | None,
    said: UUID,
    due: Due,
    at: datetime,
    *,
    refused: bool,
) -> None:
    program, step = known.program.id, due.step
    to_friend, to_referrer = step.friend, step.referrer
    withheld = await _withheld(tx, friend, referrer, program)
    if withheld is None and refused:
        withheld = referrals.REFUSED_LATER
    if withheld in ("same_account", referrals.REFUSED_LATER):
        to_friend = to_referrer = None
    if withheld == "gone" or referrer is None:
        to_referrer = None
    capped = referrals.caps(document, at, clock.zone(known.program.time_zone))
    if to_referrer is not None and not await referral_book.use(tx, program, said, capped):
        to_referrer, withheld = None, "cap"
    cost = sum(prizes.cost(known.program, prize) for prize in (to_friend, to_referrer) if prize is not None)
    if not await referral_book.spend_budget(tx, program, cost, document.budget):
        if to_referrer is not None:
            await referral_book.give_back_use(tx, program, said, [period for period, _ in capped])
        to_friend, to_referrer, withheld, cost = None, None, "budget", 0
    noted = GivenStep(
        friend.id, step.purchases, due.bought.home, due.bought.id, said, to_friend is not None,
        to_referrer is not None, withheld, cost, max(1, document.least_amount), at,
    )  # fmt: skip
    if not await referral_book.note_step(tx, program, noted):
        raise StateConflict("This was given just now.")
    title = known.program.name
    for member, prize, n in ((friend, to_friend, 0), (referrer, to_referrer, 1)):
        if member is not None and prize is not None:
            cause = Cause(CAUSE, friend.id, 2 * step.purchases + n, title)
            await prizes.give(tx, known, pages[member.pool], member.id, prize, cause, at)
    if step.purchases == 1 and referrer is not None and withheld is None:
        await _give_milestones(tx, known, document, pages[referrer.pool], referrer, said, at)
    told = {"friend": ids.show("mem", friend.id), "purchases": step.purchases, "withheld": withheld}
    await outbox.note(tx, program, [Note("referral.rewarded", said, said, at, told)])


async def _withheld(
    tx: Transaction, friend: Member, referrer: Member | None, program: UUID
) -> Withheld | None:
    """Why nothing is given, or not to the referrer, whatever the purchase."""
    if referrer is None:
        return "gone"
    if friend.pool == referrer.pool or await referral_book.were_together(tx, program, friend.id, referrer.id):
        return "same_account"
    return None


async def _paid_alike(
    tx: Transaction,
    program: UUID,
    document: ReferralDocument,
    friend: Member,
    referrer: Member | None,
    bought: Sequence[Bought],
    due: Due,
    at: datetime,
) -> bool:
    """Whether what makes a step due was paid with what the referrer, or somebody of her household, has paid with."""
    if referrer is None:
        return False
    counted = [one.id for one in referrals.leading_to(document, bought, due, at)]
    paid_with = await instruments.of_purchases(tx, program, counted)
    if not paid_with:
        return False
    hers = [referrer.id, *await reading.alias_ids(tx, program, referrer.id)]
    return await instruments.paid_near(tx, program, hers, friend.id, paid_with)


async def _give_milestones(
    tx: Transaction,
    known: Known,
    document: ReferralDocument,
    page: Page,
    referrer: Member,
    said: UUID,
    at: datetime,
) -> None:
    program = known.program.id
    friends = await referral_book.friends_that_stand(tx, program, said)
    had = {one.friends for one in await referral_book.milestones_of(tx, program, said)}
    for milestone in document.milestones:
        if milestone.friends > friends or milestone.friends in had:
            continue
        cost = prizes.cost(known.program, milestone.prize)
        if not await referral_book.spend_budget(tx, program, cost, document.budget):
            continue
        if not await referral_book.note_milestone(tx, program, said, milestone.friends, cost, at):
            raise StateConflict("This was given just now.")
        cause = Cause(CAUSE, said, MILESTONE + milestone.friends, known.program.name)
        await prizes.give(tx, known, page, referrer.id, milestone.prize, cause, at)


async def _bought(tx: Transaction, program: UUID, rows: Sequence[OpenReferral]) -> dict[UUID, list[Bought]]:
    """Friend → her purchases as they stand now, also those on accounts that she has left."""
    found: dict[UUID, list[Bought]] = {one.friend: [] for one in rows}
    asked: list[tuple[int, UUID, OpenReferral, bool]] = []
    accounts = await referral_book.accounts_of(tx, program, list(found))
    for n, one in enumerate(rows):
        member = await reading.member(tx, program, one.friend)
        pools = {member.pool, member.own} if member is not None else set[UUID]()
        left = accounts.get(one.friend, set()) if member is not None else set[UUID]()
        asked += [(n, pool, one, pool in pools) for pool in sorted(pools | left)]
    if not asked:
        return found
    columns = (
        int4s([n for n, *_ in asked]),
        int2s([ids.home(pool) for _, pool, *_ in asked]),
        uuids([pool for _, pool, *_ in asked]),
        uuids([one.friend for _, _, one, _ in asked]),
        instants([one.referred_at - BEFORE for _, _, one, _ in asked]),
        instants([one.until for _, _, one, _ in asked]),
        bools([present for *_, present in asked]),
    )
    for n, *bought in await fetch_all(tx, SQL.bought, (program, *columns)):
        found[rows[n].friend].append(Bought(*bought))
    return found
