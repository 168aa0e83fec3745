"""Merges a duplicate into a member: points move with their dates, she becomes an alias, and what finds her leads on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows import sharing
from regulars.flows.grace import held_grace_days
from regulars.ledger import book, moving, succession
from regulars.ledger.moving import MovedCurrency
from regulars.members import consents, directory, merging, reading
from regulars.members.merging import Merge, Went
from regulars.members.model import Consent, Member
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.programs.model import Program
from regulars.purchases import claiming


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
        at, target, source = request.at, _own(survivor), _own(duplicate)
        moved = await _move(tx, program, source, target, at, actor)
        if await merging.alias(tx, program.id, duplicate.id, survivor.id) is None:
            raise StateConflict("The duplicate is in a shared account: take her out of it first.")
        aliases = await merging.follow(tx, program.id, duplicate.id, survivor.id)
        went = await _unite(tx, program, vault, survivor, duplicate, at)
        over = WentOver(moved, replace(went, aliases=aliases))
        merge = Merge(ids.new(survivor.home), duplicate.id, source, target, at, msgspec.json.encode(over))
        await claiming.count_merged(tx, program.id, source, target, merge.id)
        await succession.note(tx, program.id, source, target, merge.id, at)
        await merging.note(tx, program.id, survivor.id, merge)
        done = Merged(
            ids.show("mem", survivor.id),
            ids.show("mem", duplicate.id),
            tuple(Moved(one.currency, sum(lot.amount for lot in one.lots), one.debt) for one in moved),
            at + timedelta(days=program.settings.unmerge_days),
        )
        return await requests.keep(tx, request, 200, msgspec.json.encode(done))

    return await database.run(program.id, work)


async def _both(
    tx: Transaction, program: Program, vault: Vault, member: UUID, other: UUID
) -> tuple[Profile, Profile]:
    """The two, their pools and then themselves locked."""
    before = [await reading.member(tx, program.id, one) for one in (member, other)]
    await sharing.lock_pools(tx, program, [pool for one in before if one for pool in (one.pool, _own(one))])
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


async def _move(
    tx: Transaction, program: Program, source: UUID, target: UUID, at: datetime, actor: str
) -> tuple[MovedCurrency, ...]:
    pools = [source, target]
    homes = [ids.home(pool) for pool in pools]
    asked = await book.ask(tx, program.id, homes, pools, grace_days=held_grace_days(program.settings))
    pages = await asked.pages()
    if pages[source].has_holds(at):
        raise StateConflict("A purchase of the duplicate is held: confirm or void it first.")
    moved = moving.move_all(pages[source], pages[target], at, actor, "merged")
    await book.write(tx, program.id, pages.values())
    return moved


async def _unite(
    tx: Transaction, program: Program, vault: Vault, survivor: Profile, duplicate: Profile, at: datetime
) -> Went:
    """What only the duplicate's person says becomes the survivor's; of consents the stricter word holds."""
    person, went = merging.united(survivor.person, duplicate.person)
    wanted = [pair for pair in duplicate.person.identifiers if pair[0] in went.identifiers]
    await merging.move_identifiers(tx, program.id, vault, wanted, duplicate.id, survivor.id)
    if went != Went():
        await directory.change(tx, program.id, vault, survivor, person)
    hers = await consents.agreed(tx, program.id, survivor.id)
    refused = [
        Consent(channel, purpose, False, "merge")  # type: ignore[arg-type]
        for (channel, purpose), granted in (await consents.agreed(tx, program.id, duplicate.id)).items()
        if not granted and hers.get((channel, purpose)) is not False
    ]
    if refused:
        await directory.record_consents(tx, program.id, survivor.id, refused, at)
    return replace(went, marks=await merging.copy_marks(tx, program.id, duplicate.id, survivor.id, at))


def _own(member: Member) -> UUID:
    """Her own pool: what somebody brings who is merged into her does not go to an account that she shares."""
    return member.own_pool or member.pool
