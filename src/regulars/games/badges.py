"""Keeps badges: what each shows and says, and which members have which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.texts import Language

SQL = queries.load("regulars.games", "badges.sql")
Icon = Literal["star", "trophy", "heart", "leaf", "cup", "flame", "map", "crown", "medal", "rocket"]
"""What is drawn on it."""
ICONS: tuple[Icon, ...] = get_args(Icon)
Name = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Text = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$(?!\n)")]


class BadgeDocument(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/badges/{code}`: what it is called, says and shows, by language."""

    names: Annotated[dict[Language, Name], Meta(min_length=1, max_length=20)]
    texts: Annotated[dict[Language, Text], Meta(max_length=20)] = {}
    icon: Icon = "star"


_document = msgspec.json.Decoder(BadgeDocument)


class Badge(Struct, frozen=True):
    """A badge as it is now."""

    code: str
    revision: int
    document: BadgeDocument
    since: datetime


class Worn(Struct, frozen=True):
    """That a member has a badge."""

    member: UUID
    badge: str
    given_at: datetime
    given_by: str
    prize: UUID | None


async def newest(tx: Transaction, program: UUID) -> dict[str, Badge]:
    """The badges of a program by their codes."""
    rows = await fetch_all(tx, SQL.newest_badges, (program,))
    return {
        code: Badge(code, revision, _document.decode(document), since)
        for code, revision, document, since in rows
    }


async def add(
    tx: Transaction, program: UUID, code: str, document: BadgeDocument, at: datetime, author: str
) -> int:
    """Enter a badge's next revision. Its number."""
    text = msgspec.json.encode(document).decode()
    row = await fetch_one(tx, SQL.add_badge, (program, code, text, at, author))
    assert row is not None, "an insert answers"
    return row[0]


async def give(
    tx: Transaction, program: UUID, member: UUID, badge: str, prize: UUID | None, at: datetime, by: str
) -> bool:
    """She has it from now on; False where she has it already."""
    values = (program, ids.home(member), member, badge, prize, at, by)
    return await fetch_one(tx, SQL.give_badge, values) is not None


async def take(
    tx: Transaction, program: UUID, member: UUID, badge: str, at: datetime, prize: UUID | None = None
) -> bool:
    """She has it no more; with `prize` only if it came with that. False where there is nothing to take."""
    values = (at, program, ids.home(member), member, badge, prize)
    return await fetch_one(tx, SQL.take_badge, values) is not None


async def of(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[Worn]:
    """The badges of these members (one, and who was merged into her), the latest first, each once."""
    columns = (int2s([ids.home(one) for one in members]), uuids(list(members)))
    found: dict[str, Worn] = {}
    for row in await fetch_all(tx, SQL.badges_of, (program, *columns)):
        found.setdefault(row[1], Worn(*row))
    return list(found.values())


async def holders(tx: Transaction, program: UUID) -> dict[str, int]:
    """Badge → how many members have it."""
    return {row[0]: row[1] for row in await fetch_all(tx, SQL.badge_holders, (program,))}
