"""Keeps clubs: what they say, who is invited, which codes let in, and how somebody came in. Who is in is a mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, texts, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.club_rules import Club, ClubDocument, Way

SQL = queries.load("regulars.members", "clubs.sql")
CLUBS_MAX = 200
_decoder = msgspec.json.Decoder(ClubDocument)


class Invitation(Struct, frozen=True):
    """That a member was invited."""

    member: UUID
    club: str
    invited_at: datetime
    answer: str | None
    answered_at: datetime | None


class Link(Struct, frozen=True):
    """A code that lets so many in."""

    code: str
    club: str
    uses: int
    used: int
    until: datetime | None
    created_at: datetime


class Stay(Struct, frozen=True):
    """That a member is in a club."""

    member: UUID
    since: datetime
    way: Way
    """How she came in; `by_hand` too where only her mark says so."""


async def every(tx: Transaction, program: UUID) -> list[Club]:
    """The clubs of a program, by code."""
    return [_club(row) for row in await fetch_all(tx, SQL.every, (program, CLUBS_MAX))]


async def find(tx: Transaction, program: UUID, code: str) -> Club | None:
    """The club of that code."""
    row = await fetch_one(tx, SQL.find, (program, code))
    return _club(row) if row else None


async def lock(tx: Transaction, program: UUID, code: str) -> Club | None:
    """The club, locked until the transaction ends, as it is then."""
    await tx.execute(SQL.lock, (program, code))
    return await find(tx, program, code)


async def put(
    tx: Transaction, program: UUID, code: str, document: ClubDocument, at: datetime, by: str
) -> None:
    """Write a new club, or the next revision of one."""
    row = await fetch_one(tx, SQL.put, (program, code, at))
    assert row is not None, "a club is written or changed"
    text = msgspec.json.encode(document).decode()
    await tx.execute(SQL.freeze, (program, code, row[0], text, at, by))


async def enter(
    tx: Transaction, program: UUID, member: UUID, club: Club, way: Way, at: datetime, by: str
) -> bool:
    """Mark a member as being in a club; False where there is no place left. She is locked, and so is the club.

    Whoever is in already stays as she is.
    """
    home = ids.home(member)
    named = {
        "program": program, "home": home, "member": member, "club": club.code, "at": at,
        "places": club.document.places,
    }  # fmt: skip
    if await fetch_one(tx, SQL.enter, named) is None:
        return False
    await tx.execute(SQL.stay, (program, home, member, club.code, at, way, by))
    return True


async def counts(tx: Transaction, program: UUID, codes: Sequence[str], at: datetime) -> dict[str, int]:
    """How many are in each of these clubs at an instant."""
    named = {"program": program, "clubs": texts(list(codes)), "at": at}
    return dict(await fetch_all(tx, SQL.counts, named))


async def page(
    tx: Transaction, program: UUID, code: str, at: datetime, after: UUID | None, limit: int
) -> list[Stay]:
    """Who is in a club at an instant, by id."""
    named = {"program": program, "club": code, "at": at, "after": after, "limit": limit}
    return [Stay(*row) for row in await fetch_all(tx, SQL.page, named)]


async def ways(
    tx: Transaction, program: UUID, code: str, members: Sequence[UUID], at: datetime
) -> dict[UUID, Way]:
    """Of these members who is in the club at an instant, and how she came in."""
    columns = (int2s([ids.home(one) for one in members]), uuids(list(members)))
    rows = await fetch_all(tx, SQL.ways, (program, code, at, *columns))
    return dict(rows)


async def invite(tx: Transaction, program: UUID, member: UUID, code: str, at: datetime, by: str) -> bool:
    """Invite a member, again too; False where an invitation waits for her already."""
    named = (program, ids.home(member), member, code, at, by)
    return await fetch_one(tx, SQL.invite, named) is not None


async def answer(tx: Transaction, program: UUID, member: UUID, code: str, said: str, at: datetime) -> bool:
    """What became of an invitation; False where none waits."""
    named = (said, at, program, ids.home(member), member, code)
    return await fetch_one(tx, SQL.answer, named) is not None


async def invitations(tx: Transaction, program: UUID, member: UUID) -> list[Invitation]:
    """The invitations of a member, by club."""
    rows = await fetch_all(tx, SQL.invitations, (program, ids.home(member), member))
    return [Invitation(*row) for row in rows]


async def invited(
    tx: Transaction, program: UUID, code: str, after: UUID | None, limit: int
) -> list[Invitation]:
    """Who is invited to a club and has not answered, by id."""
    named = {"program": program, "club": code, "after": after, "limit": limit}
    return [Invitation(*row) for row in await fetch_all(tx, SQL.invited, named)]


async def make_link(tx: Transaction, program: UUID, link: Link, by: str) -> None:
    """Write a code that lets so many in."""
    named = (program, link.code, link.club, link.uses, link.until, link.created_at, by)
    await tx.execute(SQL.make_link, named)


async def use_link(tx: Transaction, program: UUID, code: str, link: str, at: datetime) -> bool:
    """Use up one of a code; False where there is none of this club, or none is left, or its time is over."""
    return (
        await fetch_one(tx, SQL.use_link, {"program": program, "club": code, "link": link, "at": at})
        is not None
    )


async def links(tx: Transaction, program: UUID, code: str) -> list[Link]:
    """The codes of a club, the newest first."""
    return [Link(*row) for row in await fetch_all(tx, SQL.links, (program, code))]


async def follow(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID) -> None:
    """In a merge: an invitation that waits for the duplicate waits for the survivor, and how she came in goes along."""
    named = {
        "program": program, "home": ids.home(survivor), "member": survivor, "from_home": ids.home(duplicate),
        "from": duplicate,
    }  # fmt: skip
    await tx.execute(SQL.follow_invitations, named)
    await tx.execute(SQL.follow_stays, named)


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes invitations and how she came in away for good."""
    key = (program, ids.home(member), member)
    await tx.execute(SQL.forget_invitations, key)
    await tx.execute(SQL.forget_stays, key)


def _club(row: Sequence[Any]) -> Club:
    code, revision, text, created_at = row
    return Club(code, revision, _decoder.decode(text), created_at)
