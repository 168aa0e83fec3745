"""Undoes a merge: what is left of the points that came goes back, and who spent the rest owes it (DESIGN §4.8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows import quest_merging, sharing, tiering, tiers_lost
from regulars.flows.confirm_again import confirm_again
from regulars.flows.grace import open_pages
from regulars.flows.merge_members import NewMerge, WentOver
from regulars.games import plays, rhythms, tickets
from regulars.ledger import book, moving, succession
from regulars.ledger.moving import Spent
from regulars.ledger.page import Page
from regulars.members import directory, marks, merging, reading
from regulars.members.merging import Merge, Went
from regulars.members.model import IdentifierKind
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.promotions import vouchers
from regulars.purchases import claiming
from regulars.rewards import membership_book, redemptions

_WENT = msgspec.json.Decoder(WentOver)


class Owed(Struct, frozen=True):
    """What the survivor had spent of the duplicate's points: she owes it, and pays it from what she has."""

    currency: str
    amount: int


class Unmerged(Struct, frozen=True):
    """The two members are two again."""

    member: str
    unmerged: str
    owed: tuple[Owed, ...]


async def unmerge_members(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    actor: str,
    member: UUID,
    new: NewMerge,
) -> Answer:
    """200 with what is owed. Raises NotFound where there was no such merge, WrongIdKind, and StateConflict after the
    program's time for it, with held points, and once the survivor was merged or erased herself."""
    other = ids.read("mem", new.member, "/member")

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        merge = await merging.find(tx, program.id, member, other)
        if merge is None:
            raise NotFound("This member was not merged into the other one.")
        at = request.at
        if at >= merge.merged_at + timedelta(days=program.settings.unmerge_days):
            raise StateConflict("The merge is too long ago to be undone.")
        await sharing.lock_pools(tx, program, [merge.source, merge.target])
        survivor = await reading.profile(tx, program.id, vault, member, lock=True)
        if survivor is None or survivor.id != member or survivor.erased_at is not None:
            raise StateConflict("The member was erased, or merged into another one herself.")
        if not await merging.undo(tx, program.id, member, merge.id, at):
            raise StateConflict("The merge was undone just now.")
        went = _WENT.decode(merge.moved)
        owed = await _move_back(tx, program, merge, went, at, actor)
        await _part(tx, program, vault, survivor, merge, went.members, at, actor)
        await _part_vouchers(tx, program, survivor.id, other)
        await plays.part(tx, program.id, survivor.id, other)
        for one in (survivor.id, other):
            await tickets.recount(tx, program.id, one, await reading.alias_ids(tx, program.id, one))
        await rhythms.touch(tx, program.id, [survivor.id, other])
        await membership_book.part(tx, program.id, survivor.id, other)
        await claiming.uncount_merged(tx, program.id, merge.target, merge.id)
        await quest_merging.part(tx, program.id, member, merge.id, at)
        await succession.end(tx, program.id, merge.source, merge.id, at)
        if survivor.own_pool is None:  # what a shared account has reached is looked at in the night
            of = await tiering.ladders_of(tx, program)
            await tiers_lost.part(tx, of, [survivor.id], merge.merged_at, at)
            await tiers_lost.undo(tx, of, [survivor.id], at)
        done = Unmerged(ids.show("mem", member), ids.show("mem", other), owed)
        await trail.record(tx, program.id, Change("member.unmerged", done.member, after=done), at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(done))

    return await database.run(program.id, work)


async def _part_vouchers(tx: Transaction, program: Program, survivor: UUID, duplicate: UUID) -> None:
    """What came with her rewards and was not given away is hers again."""
    claimed = await redemptions.ids_of(tx, program.id, duplicate)
    await vouchers.part(tx, program.id, survivor, duplicate, claimed)


async def _move_back(
    tx: Transaction, program: Program, merge: Merge, went: WentOver, at: datetime, actor: str
) -> tuple[Owed, ...]:
    pages = await open_pages(tx, program, [merge.target, merge.source])
    source, target = pages[merge.target], pages[merge.source]
    source.lapse(at)
    lots = [lot.target for one in went.currencies for lot in one.lots]
    await succession.admit(tx, program.id, source, lots)
    if any(lot.reserved for lot in source.and_what_continues(lots)):
        raise StateConflict("Points that came with the merge are held: confirm or void the purchase first.")
    spent = await _spent(tx, program, merge, went, source, lots)
    owed: list[Owed] = []
    for one in went.currencies:
        mine = [spent[lot.target] for lot in one.lots if lot.target in spent]
        amount = moving.move_back(source, target, one, mine, at, actor, "the merge was undone")
        if amount:
            owed.append(Owed(one.currency, amount))
    await book.write(tx, program.id, pages.values())
    return tuple(owed)


async def _spent(
    tx: Transaction, program: Program, merge: Merge, went: WentOver, page: Page, lots: list[UUID]
) -> dict[UUID, Spent]:
    """What the survivor spent of each lot that came: not what expired, what lives on by a grace, nor what went with a
    card that the duplicate had before."""
    family = [lot.id for lot in page.and_what_continues(lots)]
    drawn = [
        one
        for one in await succession.drawn_from(tx, program.id, page.home, family)
        if one.account != "expired" and one.kind != "grace"
    ]
    bought = await claiming.cards_of(
        tx, program.id, [one.purchase for one in drawn if one.purchase is not None]
    )
    owners = await merging.owners_of_cards(
        tx, program.id, [card for card in bought.values() if card is not None]
    )
    hers = {merge.duplicate, *went.members.aliases}
    amounts: dict[UUID, int] = {}
    for one in drawn:
        card = bought.get(one.purchase) if one.purchase is not None else None
        if card is None or owners.get(card) not in hers:
            first = _first(page, one.lot, set(lots))
            amounts[first] = amounts.get(first, 0) + one.amount
    return {lot: Spent(lot, amount) for lot, amount in amounts.items() if amount > 0}


def _first(page: Page, lot: UUID, lots: set[UUID]) -> UUID:
    """The lot that came with the merge which this one continues."""
    while lot not in lots:
        origin = page.lot(lot).origin
        assert origin is not None, "it continues one of them"
        lot = origin
    return lot


async def _part(
    tx: Transaction,
    program: Program,
    vault: Vault,
    survivor: Profile,
    merge: Merge,
    went: Went,
    at: datetime,
    actor: str,
) -> None:
    """Let the duplicate be found by what was hers, as far as nobody else has it by now."""
    if not await merging.unalias(tx, program.id, merge, survivor.id, went, at=at):
        raise StateConflict("The duplicate is no alias of this member any more.")
    duplicate = await reading.profile(tx, program.id, vault, merge.duplicate, lock=True)
    assert duplicate is not None, "a member is never deleted"
    if duplicate.erased_at is None:
        moved = [pair for pair in duplicate.person.identifiers if pair[0] in went.identifiers]
        back = await merging.move_identifiers(tx, program.id, vault, moved, survivor.id, duplicate.id)
        rest = [(duplicate.id, *pair) for pair in moved if pair[0] not in back]
        taken = await directory.claim_identifiers(tx, program.id, vault, rest)
        lost = {kind for kind, _ in taken.get(duplicate.id, [])}
        again: list[IdentifierKind] = [kind for kind, _ in moved if kind not in lost]
        mine, hers = merging.parted(survivor.person, duplicate.person, went, again)
        await directory.change(tx, program.id, vault, survivor, mine, at=at)
        await directory.change(tx, program.id, vault, duplicate, hers, at=at)
        for before, person in ((survivor, mine), (duplicate, hers)):
            after = replace(before, person=person)
            await confirm_again(tx, program, vault, before.person, after, at, actor)
    for kind, name in went.marks:
        await marks.end(tx, program.id, survivor.id, kind, name, at)
