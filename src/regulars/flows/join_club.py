"""A member joins a club, leaves it, or answers an invitation; what is hers by the club begins and ends with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import ClubFull, NotForMember, NotFound, StateConflict
from regulars.flows import clubs as keeping
from regulars.flows import sharing
from regulars.flows.known_programs import Known
from regulars.flows.occasions import end_all_due, lose_access
from regulars.members import clubs, marks, reading
from regulars.members.club_rules import Club, Entry, Way
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.texts import said

Standing = Literal["in", "invited", "may_join", "no"]


class ClubJoining(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/clubs/{code}`."""

    link: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    """A code that lets in, where there is no invitation of her own."""
    by_hand: bool = False
    """The operator puts her in, whatever the entry is; only keys with `manage`."""


class ClubOfMember(Struct, frozen=True):
    """A club as one member sees it."""

    club: str
    name: str
    """In the language of the request."""
    text: str
    entry: Entry
    standing: Standing
    """She is in; she is invited; she may join; or none of it."""
    since: datetime | None
    full: bool
    members: int


class ClubsOfMember(Struct, frozen=True):
    """The clubs that concern a member: hers first, then those to which she is invited, then those open to her."""

    items: tuple[ClubOfMember, ...]
    next: str | None = None


async def join_club(
    database: Database,
    known: Known,
    request: Request,
    member: UUID,
    code: str,
    joining: ClubJoining,
    language: str,
    by: str,
) -> Answer:
    """200 with the club as she sees it now; joined again, the same.

    Raises NotFound; NotForMember without an invitation where one is needed; ClubFull; StateConflict of a closed club.
    """
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await sharing.locked_member(tx, program, member)
        club = await clubs.lock(tx, program.id, code)
        if club is None:
            raise NotFound("There is no such club in this program.")
        at = request.at
        if not await clubs.ways(tx, program.id, code, [found.id], at):
            way = await _way(tx, program, found.id, club, joining, at)
            await enter(tx, program.id, found.id, club, way, at, by)
            after = {"club": code, "way": way}
            await trail.record(
                tx, program.id, Change("club.joined", ids.show("mem", found.id), after=after), at
            )
        (view,) = await _seen(tx, program.id, found.id, [club], language, at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def enter(
    tx: Transaction, program: UUID, member: UUID, club: Club, way: Way, at: datetime, by: str
) -> None:
    """Let her in. She and the club are locked. Raises ClubFull."""
    if not await clubs.enter(tx, program, member, club, way, at, by):
        raise ClubFull
    await keeping.tell(tx, program, member, club.code, "club.joined", at)


async def leave_club(database: Database, known: Known, member: UUID, code: str, at: datetime) -> None:
    """She is out, and what was hers by the club is over at once; done again it changes nothing. Raises NotFound."""
    program = known.program

    async def work(tx: Transaction) -> None:
        found = await sharing.locked_member(tx, program, member, erased=True)
        await keeping.require(tx, program.id, code)
        if await clubs.ways(tx, program.id, code, [found.id], at):
            await take_out(tx, program.id, found.id, code, at)
            change = Change("club.left", ids.show("mem", found.id), before={"club": code})
            await trail.record(tx, program.id, change, at)

    await database.run(program.id, work)
    await end_all_due(database, known, at)


async def take_out(tx: Transaction, program: UUID, member: UUID, code: str, at: datetime) -> None:
    """End her being in it, and her seats at events that are for the club alone. She is locked."""
    await marks.end(tx, program, member, "club", code, at)
    await lose_access(tx, program, member, at)
    await keeping.tell(tx, program, member, code, "club.left", at)


async def answer_invitation(
    database: Database,
    known: Known,
    request: Request,
    member: UUID,
    code: str,
    said: Literal["declined", "withdrawn"],
) -> Answer:
    """200: she declined, or the operator took it back. Raises NotFound where no invitation waits."""
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await sharing.locked_member(tx, program, member)
        if not await clubs.answer(tx, program.id, found.id, code, said, request.at):
            raise NotFound("No invitation to this club waits for this member.")
        shown = ids.show("mem", found.id)
        await trail.record(tx, program.id, Change(f"club.{said}", shown, after={"club": code}), request.at)
        waiting = next(one for one in await clubs.invitations(tx, program.id, found.id) if one.club == code)
        view = keeping.ClubInvitation(shown, code, waiting.invited_at, said, request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def clubs_of(
    database: Database, known: Known, member: UUID, language: str, at: datetime, *, all_of_them: bool = False
) -> ClubsOfMember:
    """The clubs that concern a member, or all of the program. Raises NotFound."""
    program = known.program.id
    async with database.transaction(program) as tx:
        found = await reading.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        seen = await _seen(tx, program, found.id, await clubs.every(tx, program), language, at)
    order: tuple[Standing, ...] = ("in", "invited", "may_join", "no")
    kept = [one for one in seen if all_of_them or one.standing != "no"]
    return ClubsOfMember(tuple(sorted(kept, key=lambda one: (order.index(one.standing), one.club))))


async def _way(
    tx: Transaction, program: Program, member: UUID, club: Club, joining: ClubJoining, at: datetime
) -> Way:
    """How she comes in; her invitation, or one of a code, is used up by it."""
    if joining.by_hand:
        await clubs.answer(tx, program.id, member, club.code, "accepted", at)
        return "by_hand"
    if club.document.closed:
        raise StateConflict("This club takes nobody in any more.")
    if club.document.entry == "rule":
        raise NotForMember("This club takes in whoever its rule says; nobody joins it by herself.")
    if await clubs.answer(tx, program.id, member, club.code, "accepted", at):
        return "invitation"
    if club.document.entry == "open":
        return "open"
    if joining.link is not None and await clubs.use_link(tx, program.id, club.code, joining.link, at):
        return "link"
    raise NotForMember("This club is by invitation: none waits for this member, and the code is not good.")


async def _seen(
    tx: Transaction, program: UUID, member: UUID, found: Sequence[Club], language: str, at: datetime
) -> list[ClubOfMember]:
    """Clubs as a member sees them, in their order."""
    hers = {mark.code: mark.since for mark in await marks.of(tx, program, member, at) if mark.kind == "club"}
    invited = {one.club for one in await clubs.invitations(tx, program, member) if one.answer is None}
    inside = await clubs.counts(tx, program, [one.code for one in found], at)
    return [
        ClubOfMember(
            club=one.code,
            name=said(one.document.names, language),
            text=said(one.document.texts, language),
            entry=one.document.entry,
            standing=_standing(one, one.code in hers, one.code in invited),
            since=hers.get(one.code),
            full=one.document.places is not None and inside[one.code] >= one.document.places,
            members=inside[one.code],
        )
        for one in found
    ]


def _standing(club: Club, inside: bool, invited: bool) -> Standing:
    if inside:
        return "in"
    if club.document.closed:
        return "no"
    if invited:
        return "invited"
    return "may_join" if club.document.entry == "open" else "no"
