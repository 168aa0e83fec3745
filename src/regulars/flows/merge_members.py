"""Merges a duplicate into a member: points move with their dates, she becomes an alias, and what finds her leads on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, cast
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows import quest_merging, sharing, tiering
from regulars.flows.confirm_again import confirm_again
from regulars.flows.grace import open_pages
from regulars.games import plays, rhythms, tickets
from regulars.ledger import book, moving, succession
from regulars.ledger.moving import MovedCurrency
from regulars.members import clubs, consents, directory, merging, reading, referral_book, tier_marks, tiers
from regulars.members.merging import Merge, Went
from regulars.members.model import Channel, Consent
from regulars.members.reading import Profile
from regulars.members.tier_marks import Taken
from regulars.members.tiers import Detail, Measures, Present, Step
from regulars.members.vault import Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.promotions import vouchers
from regulars.purchases import claiming
from regulars.rewards import keeping, membership_book


class NewMerge(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/merge` and `/unmerge`."""

    member: Annotated[str, Meta(max_length=64)]
    """The duplicate."""


class Moved(Struct, frozen=True):
    """What went over in one currency."""

    currency: str
    amount: int
    debt: int


class Merged(Struct, frozen=True):
    """Who stays, who leads to her from now on, and until when that can be undone."""

    member: str
    merged: str
    moved: tuple[Moved, ...]
    undo_until: datetime


class WentOver(Struct, frozen=True):
    """What a merge moved: in the books, and in the members' tables."""

    currencies: tuple[MovedCurrency, ...]
    members: Went


async def merge_members(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    actor: str,
    member: UUID,
    new: NewMerge,
) -> Answer:
    """200 with what went over. Raises NotFound, InvalidValue, WrongIdKind; StateConflict with open holds, or where the
    duplicate is in a shared account, was erased, or was merged before."""
    other = ids.read("mem", new.member, "/member")

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        survivor, duplicate = await _both(tx, program, vault, member, other)
        # To her own pool: what comes with a merge does not go to an account that the survivor shares.
        at, target, source = request.at, survivor.own, duplicate.own
        moved = await _move(tx, program, source, target, at, actor)
        if await merging.alias(tx, program.id, duplicate.id, survivor.id, at=at) is None:
            raise StateConflict("The duplicate is in a shared account: take her out of it first.")
        aliases = await merging.follow(tx, program.id, duplicate.id, survivor.id)
        went = await _unite(tx, program, vault, survivor, duplicate, at, actor)
        await vouchers.follow(tx, program.id, duplicate.id, survivor.id)
        await clubs.follow(tx, program.id, duplicate.id, survivor.id)
        await referral_book.follow(tx, program.id, duplicate.id, survivor.id)
        await plays.follow(tx, program.id, duplicate.id, survivor.id)
        await tickets.follow(tx, program.id, duplicate.id, survivor.id)
        await rhythms.touch(tx, program.id, [survivor.id, duplicate.id])
        await membership_book.follow(tx, program.id, duplicate.id, survivor.id)
        await keeping.copy(tx, program.id, duplicate.id, survivor.id)
        over = WentOver(moved, replace(went, aliases=aliases))
        merge = Merge(ids.new(survivor.home), duplicate.id, source, target, at, msgspec.json.encode(over))
        await claiming.count_merged(tx, program.id, source, target, merge.id)
        await succession.note(tx, program.id, source, target, merge.id, at)
        await _keep_the_better_tier(tx, program, survivor, duplicate, at)
        await quest_merging.unite(tx, program.id, survivor.id, duplicate.id, merge.id, at)
        await merging.note(tx, program.id, survivor.id, merge)
        done = Merged(
            ids.show("mem", survivor.id),
            ids.show("mem", duplicate.id),
            moved_views(moved),
            at + timedelta(days=program.settings.unmerge_days),
        )
        await trail.record(tx, program.id, Change("member.merged", done.member, after=done), at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(done))

    return await database.run(program.id, work)


def moved_views(moved: Sequence[MovedCurrency]) -> tuple[Moved, ...]:
    """What went over, as it is answered."""
    return tuple(Moved(one.currency, sum(lot.amount for lot in one.lots), one.debt) for one in moved)


async def _both(
    tx: Transaction, program: Program, vault: Vault, member: UUID, other: UUID
) -> tuple[Profile, Profile]:
    """The two, their pools and then themselves locked."""
    before = [await reading.member(tx, program.id, one) for one in (member, other)]
    await sharing.lock_pools(tx, program, [pool for one in before if one for pool in (one.pool, one.own)])
    now: dict[UUID, Profile | None] = {}
    for one in sorted({member, other}):
        now[one] = await reading.profile(tx, program.id, vault, one, lock=True)
    survivor, duplicate = now[member], now[other]
    if survivor is None or duplicate is None:
        raise NotFound("There is no such member.")
    if survivor.id == duplicate.id:
        raise InvalidValue("/member", "is this very member already")
    if duplicate.id != other:
        raise StateConflict("This duplicate was merged into somebody else already.")
    if survivor.erased_at is not None or duplicate.erased_at is not None:
        raise StateConflict("One of the two was erased.")
    if [one.pool for one in before if one] != [survivor.pool, duplicate.pool]:
        raise StateConflict("One of the two changed accounts just now; try again.")
    return survivor, duplicate


async def _keep_the_better_tier(
    tx: Transaction, program: Program, survivor: Profile, duplicate: Profile, at: datetime
) -> None:
    """Of each ladder the higher of the two tiers; then what the sums of both together are enough for."""
    of = await tiering.ladders_of(tx, program)
    if not of.ladders:
        return
    hers, brought = [await tier_marks.now(tx, program.id, one.id, at) for one in (survivor, duplicate)]
    taken = []
    for code, ladder in of.ladders.items():
        mine, other = hers.get(code, Present()), brought.get(code, Present())
        if ladder.rank(other.tier) > tiers.rank_at(ladder, mine, at):
            detail = Detail(
                tiers.before(mine, at), match=other.detail.match, cause=other.detail.cause,
                reached_at=other.reached_at,
            )  # fmt: skip
            before = mine.tier or ladder.base
            step = Step(before, other.tier, at, other.until, other.gained, "restored", detail)
            taken.append(Taken(survivor.id, code, step, Measures()))
    await tier_marks.write(tx, program.id, taken, at)
    await tiering.climb(tx, of, [survivor.id], at, at)


async def _move(
    tx: Transaction, program: Program, source: UUID, target: UUID, at: datetime, actor: str
) -> tuple[MovedCurrency, ...]:
    pages = await open_pages(tx, program, [source, target])
    if pages[source].has_holds(at):
        raise StateConflict("A purchase of the duplicate is held: confirm or void it first.")
    moved = moving.move_all(pages[source], pages[target], at, actor, "merged")
    await book.write(tx, program.id, pages.values())
    return moved


async def _unite(
    tx: Transaction,
    program: Program,
    vault: Vault,
    survivor: Profile,
    duplicate: Profile,
    at: datetime,
    actor: str,
) -> Went:
    """What only the duplicate's person says becomes the survivor's; of consents the stricter word holds.

    An email that comes with her has to confirm first what the survivor agreed to.
    """
    person, went = merging.united(survivor.person, duplicate.person)
    wanted = [pair for pair in duplicate.person.identifiers if pair[0] in went.identifiers]
    await merging.move_identifiers(tx, program.id, vault, wanted, duplicate.id, survivor.id)
    if went != Went():
        await directory.change(tx, program.id, vault, survivor, person, at=at)
    hers = await consents.agreed(tx, program.id, survivor.id)
    refused = [
        Consent(cast(Channel, channel), purpose, False, "merge")
        for (channel, purpose), granted in (await consents.agreed(tx, program.id, duplicate.id)).items()
        if not granted and hers.get((channel, purpose)) is not False
    ]
    if refused:
        await directory.record_consents(tx, program.id, survivor.id, refused, at)
    await confirm_again(tx, program, vault, survivor.person, replace(survivor, person=person), at, actor)
    return replace(went, marks=await merging.copy_marks(tx, program.id, duplicate.id, survivor.id, at))
