"""Lets members bring friends: a code of one's own, and whoever joins with it or names it soon after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import queries, requests
from regulars.db.pool import Database, Transaction, fetch_one
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, ReferralUnknown, StateConflict
from regulars.flows import sharing
from regulars.members import reading, referral_book, referrals
from regulars.members.description import Text
from regulars.members.model import Card, Member
from regulars.members.reading import Profile
from regulars.members.referral_book import Referral
from regulars.members.referrals import Met, Reason, ReferralDocument
from regulars.members.vault import Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

SQL = queries.load("regulars.flows", "referrals.sql")
Device = Annotated[str, Meta(min_length=8, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
BEFORE = timedelta(days=1)
"""What a card bought within a day before it was taken over belongs to the visit in which she joined."""


class OwnCode(Struct, frozen=True):
    """A member's code, and where whoever has it joins."""

    code: str
    link: str
    """An address where the program has one (`public_address`), else its path."""
    open: bool
    """Whether anybody is brought just now."""


class NamedReferrer(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/referrer`."""

    code: Text
    device: Device | None = None
    """What tells the friend's phone or browser from others; only a keyed hash is kept."""


class ReferredView(Struct, frozen=True):
    """That a member was brought; `refused`: why nothing is given for it."""

    friend: str
    refused: Reason | None
    until: datetime
    """Half-open: what she buys until then counts."""


async def own_code(
    database: Database, program: Program, vault: Vault, member: UUID, at: datetime, device: str | None = None
) -> OwnCode:
    """`GET /v1/members/{id}/referral`: her code, made on demand. Raises NotFound."""

    async def work(tx: Transaction) -> OwnCode:
        found = await reading.profile(tx, program.id, vault, member)
        newest = await referral_book.newest(tx, program.id)
        if found is None or found.erased_at is not None or newest is None:
            raise NotFound("There is no such member, or nobody is brought to this program.")
        code = await referral_book.code_of(tx, program.id, vault.index, found.id, at)
        seen = referral_book.traces(vault.index, found.person, device)
        await referral_book.note_traces(tx, program.id, found.id, seen)
        return OwnCode(code, link(program, code), not newest.document.stopped)

    return await database.run(program.id, work)


def link(program: Program, code: str) -> str:
    """Where whoever has a code joins."""
    return f"{program.settings.public_address}/portal/{program.slug}/join?ref={code}"


async def invitation(database: Database, program: Program, code: str) -> ReferralDocument | None:
    """What the code of an invitation promises; None where it is nobody's, or nobody is brought."""
    async with database.transaction(program.id) as tx:
        newest = await referral_book.newest(tx, program.id)
        if newest is None or newest.document.stopped:
            return None
        owner = await referral_book.owner_of(tx, program.id, code)
        member = await reading.member(tx, program.id, owner) if owner else None
    return newest.document if member is not None and member.erased_at is None else None


async def wanted(
    tx: Transaction, program: Program, code: str, *, strict: bool
) -> tuple[ReferralDocument, Member] | None:
    """Who brings whoever names this code; None: nobody, or the program brings nobody.

    Raises ReferralUnknown for a code that is nobody's, where the caller is told (`strict`).
    """
    newest = await referral_book.newest(tx, program.id)
    if newest is None or newest.document.stopped:
        return None
    owner = await referral_book.owner_of(tx, program.id, code)
    member = await reading.member(tx, program.id, owner) if owner else None
    if member is None or member.erased_at is not None:
        if strict:
            raise ReferralUnknown
        return None
    return newest.document, member


async def joined(
    tx: Transaction,
    program: Program,
    vault: Vault,
    brought_by: tuple[ReferralDocument, Member],
    friend: Profile,
    device: str | None,
    card: Card | None,
    at: datetime,
) -> Referral | None:
    """Enter that a member came by a code; None: she was brought before. Nothing is given yet.

    `card`: the one that she took over as she joined.
    """
    document, referrer = brought_by
    seen = referral_book.traces(vault.index, friend.person, device)
    before = None
    if card is not None:
        asked = (program.id, ids.home(card.pool), card.pool, at - BEFORE)
        before = await fetch_one(tx, SQL.bought_before, asked)
    met = Met(
        friend=friend.id,
        referrer=referrer.id,
        joined_at=friend.enrolled_at,
        at=at,
        shared_account=friend.pool == referrer.pool
        or await referral_book.were_together(tx, program.id, friend.id, referrer.id),
        traces=await referral_book.seen_with(tx, program.id, seen),
        others=await referral_book.friends_of(tx, program.id, referrer.id),
        above=await _above(tx, program.id, referrer.id),
        bought_before=before is not None,
    )
    code = await referral_book.code_of(tx, program.id, vault.index, referrer.id, at)
    until = at + timedelta(days=document.within_days)
    new = Referral(friend.id, referrer.id, code, referrals.refusal(document, met), at, until)
    if not await referral_book.refer(tx, program.id, new):
        return None
    await referral_book.note_traces(tx, program.id, friend.id, seen)
    return new


async def name_referrer(
    database: Database, program: Program, vault: Vault, request: Request, member: UUID, named: NamedReferrer
) -> Answer:
    """201: who joined names the code of whoever brought her. Raises NotFound, ReferralUnknown, StateConflict."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        brought_by = await wanted(tx, program, named.code, strict=True)
        if brought_by is None:
            raise NotFound("Nobody is brought to this program just now.")
        # Two who name one another wait for each other here, and the second is seen to close a circle.
        await sharing.locked_member(tx, program, member, brought_by[1].pool)
        friend = await reading.profile(tx, program.id, vault, member)
        assert friend is not None, "she is locked"
        new = await joined(tx, program, vault, brought_by, friend, named.device, None, request.at)
        if new is None:
            raise StateConflict("Somebody has brought this member before.")
        view = ReferredView(ids.show("mem", new.friend), new.refused, new.until)
        await trail.record(tx, program.id, Change("referral.named", view.friend, after=view), request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def _above(tx: Transaction, program: UUID, member: UUID) -> list[UUID]:
    """Who brought a member, who brought that one, and so on."""
    found: list[UUID] = []
    while len(found) < referrals.CHAIN_MAX:
        above = await referral_book.referral_of(tx, program, member)
        if above is None or above.refused is not None or above.referrer in found:
            break
        member = above.referrer
        found.append(member)
    return found
