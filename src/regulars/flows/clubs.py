"""Keeps a program's clubs: shows them, changes one by a new revision, invites members and makes codes that let in."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.contradictions import refuse
from regulars.db import outbox, requests
from regulars.db.outbox import Note
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows import sharing
from regulars.flows.known_programs import Known
from regulars.flows.ladders import CODE
from regulars.flows.tiering import ladders_of
from regulars.members import clubs
from regulars.members.club_rules import Club, ClubDocument, Way, contradictions
from regulars.members.clubs import Link
from regulars.members.ladders import Ladder
from regulars.programs import reading as program_reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

LINK_BYTES = 9


class ClubView(Struct, frozen=True):
    """A club as it counts, and how many are in it."""

    code: str
    revision: int
    document: ClubDocument
    members: int
    created_at: datetime


class Clubs(Struct, frozen=True):
    """The clubs of a program, by code."""

    items: tuple[ClubView, ...]
    next: str | None = None


class NewClubLink(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/clubs/{code}/links`."""

    uses: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    """How many come in by it."""
    until: Annotated[datetime, Meta(tz=True)] | None = None


class ClubLink(Struct, frozen=True):
    """A code that lets so many in."""

    code: str
    club: str
    uses: int
    used: int
    until: datetime | None
    created_at: datetime


class ClubMember(Struct, frozen=True):
    """Somebody who is in a club."""

    member: str
    since: datetime
    way: Way


class ClubMembers(Struct, frozen=True):
    """A page of who is in a club; `next` is the cursor of the following one."""

    items: tuple[ClubMember, ...]
    next: str | None


class ClubInvitation(Struct, frozen=True):
    """An invitation to a club."""

    member: str
    club: str
    invited_at: datetime
    answer: str | None
    """accepted, declined or withdrawn; null: it waits."""
    answered_at: datetime | None


async def list_clubs(database: Database, program: UUID, at: datetime) -> Clubs:
    """`GET /v1/clubs`."""
    async with database.transaction(program) as tx:
        found = await clubs.every(tx, program)
        inside = await clubs.counts(tx, program, [one.code for one in found], at)
    return Clubs(tuple(_view(one, inside[one.code]) for one in found))


async def read_club(database: Database, program: UUID, code: str, at: datetime) -> ClubView:
    """One club. Raises NotFound."""
    async with database.transaction(program) as tx:
        return await _counted(tx, program, await require(tx, program, code), at)


async def put_club(
    database: Database, program: UUID, code: str, document: ClubDocument, by: str, at: datetime
) -> ClubView:
    """The club as changed; the same document again changes nothing. Raises InvalidValue, Contradiction."""
    require_code(code)

    async def work(tx: Transaction) -> ClubView:
        loaded = await program_reading.load(tx, program)
        before = await clubs.lock(tx, program, code)
        require_sense(document, (await ladders_of(tx, loaded)).ladders)
        if before is None or before.document != document:
            await clubs.put(tx, program, code, document, at, by)
            was = None if before is None else msgspec.to_builtins(before.document)
            change = Change("club.changed", code, was, msgspec.to_builtins(document))
            await trail.record(tx, program, change, at)
        return await _counted(tx, program, await require(tx, program, code), at)

    return await database.run(program, work)


async def make_link(
    database: Database, program: UUID, request: Request, code: str, new: NewClubLink, by: str
) -> Answer:
    """201 with a code that lets so many in. Raises NotFound, InvalidValue; StateConflict for a club by rule."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        if new.until is not None and new.until <= request.at:
            raise InvalidValue("/until", "is over already")
        club = await require(tx, program, code)
        if club.document.entry == "rule":
            raise StateConflict("Nobody is invited to a club by rule.")
        until = None if new.until is None else new.until.astimezone(UTC)
        link = Link(secrets.token_urlsafe(LINK_BYTES), club.code, new.uses, 0, until, request.at)
        await clubs.make_link(tx, program, link, by)
        told = {"uses": new.uses, "until": None if until is None else until.isoformat()}
        await trail.record(tx, program, Change("club.link_made", code, after=told), request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(_link(link)))

    return await database.run(program, work)


async def list_links(database: Database, program: UUID, code: str) -> tuple[ClubLink, ...]:
    """The codes of a club, the newest first. Raises NotFound."""
    async with database.transaction(program) as tx:
        await require(tx, program, code)
        return tuple(_link(one) for one in await clubs.links(tx, program, code))


async def invite(
    database: Database, known: Known, request: Request, member: UUID, code: str, by: str
) -> Answer:
    """201 with the invitation. Raises NotFound; StateConflict where she is in, or an invitation waits for her."""
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await sharing.locked_member(tx, program, member)
        club = await require(tx, program.id, code)
        if club.document.entry == "rule":
            raise StateConflict("Nobody is invited to a club by rule.")
        if await clubs.ways(tx, program.id, code, [found.id], request.at):
            raise StateConflict("This member is in this club already.")
        if not await clubs.invite(tx, program.id, found.id, code, request.at, by):
            raise StateConflict("An invitation waits for this member already.")
        view = ClubInvitation(ids.show("mem", found.id), code, request.at, None, None)
        await trail.record(
            tx, program.id, Change("club.invited", view.member, after={"club": code}), request.at
        )
        await tell(tx, program.id, found.id, code, "club.invited", request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def members_of(
    database: Database, program: UUID, code: str, at: datetime, after: UUID | None = None, limit: int = 50
) -> ClubMembers:
    """Who is in a club, by id. Raises NotFound."""
    async with database.transaction(program) as tx:
        await require(tx, program, code)
        found = await clubs.page(tx, program, code, at, after, limit)
    items = tuple(ClubMember(ids.show("mem", one.member), one.since, one.way) for one in found)
    return ClubMembers(items, items[-1].member if len(items) == limit else None)


async def require(tx: Transaction, program: UUID, code: str) -> Club:
    """The club of that code. Raises NotFound."""
    found = await clubs.find(tx, program, code)
    if found is None:
        raise NotFound("There is no such club in this program.")
    return found


async def tell(tx: Transaction, program: UUID, member: UUID, code: str, event: str, at: datetime) -> None:
    """Note what happened between a member and a club, for whoever listens."""
    await outbox.note(tx, program, [Note(event, member, member, at, {"club": code})])


def require_code(code: str) -> None:
    """Raises InvalidValue."""
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")


def require_sense(document: ClubDocument, ladders: dict[str, Ladder]) -> None:
    """Raises Contradiction with all its sentences."""
    refuse(contradictions(document, ladders))


async def _counted(tx: Transaction, program: UUID, one: Club, at: datetime) -> ClubView:
    return _view(one, (await clubs.counts(tx, program, [one.code], at))[one.code])


def _view(one: Club, inside: int) -> ClubView:
    return ClubView(one.code, one.revision, one.document, inside, one.created_at)


def _link(one: Link) -> ClubLink:
    return ClubLink(one.code, one.club, one.uses, one.used, one.until, one.created_at)
