"""Keeps quizzes and surveys: their revisions, who took part, and what was answered."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.games.surveys import Survey

SQL = queries.load("regulars.games", "replies.sql")
SURVEYS_MAX = 500
TEXTS_SHOWN = 500
REPLIES_MAX = 200_000
PARTS_MAX = 500
Sealed = tuple[int, bytes, bytes]
"""Generation of the master key, wrapped key, sealed text."""
_decoder = msgspec.json.Decoder(Survey)


class Kept(Struct, frozen=True):
    """A survey by its newest revision."""

    code: str
    revision: int
    document: Survey
    stopped_at: datetime | None
    created_at: datetime


class Part(Struct, frozen=True):
    """That somebody took part."""

    survey: str
    occasion: str
    revision: int
    score: int | None
    id: UUID
    at: datetime


class Reply(Struct, frozen=True):
    """What was answered."""

    id: UUID
    day: date
    choices: dict[str, list[str]]
    words: Sealed | None
    """What was written: sealed, gone once its author was erased."""


async def create(tx: Transaction, program: UUID, code: str, document: Survey, at: datetime, by: str) -> None:
    """Publish the first revision."""
    await tx.execute(SQL.create, (program, code, at))
    await _freeze(tx, program, code, 1, document, at, by)


async def revise(tx: Transaction, program: UUID, code: str, document: Survey, at: datetime, by: str) -> int:
    """Publish the next revision; its number. There is such a survey."""
    row = await fetch_one(tx, SQL.revise, (program, code))
    assert row is not None, "it was found before, and surveys are never taken away"
    await _freeze(tx, program, code, row[0], document, at, by)
    return row[0]


async def stop(tx: Transaction, program: UUID, code: str, at: datetime | None) -> bool:
    """Nobody answers it from now on; with None they do again. False: there is none."""
    return await fetch_one(tx, SQL.stop, (at, program, code)) is not None


async def find(tx: Transaction, program: UUID, code: str) -> Kept | None:
    """A survey by its newest revision."""
    row = await fetch_one(tx, SQL.find, (program, code))
    return _kept(row) if row else None


async def every(tx: Transaction, program: UUID) -> list[Kept]:
    """The program's surveys, the latest first; at most 500."""
    return [_kept(row) for row in await fetch_all(tx, SQL.every, (program, SURVEYS_MAX))]


async def take_part(tx: Transaction, program: UUID, member: UUID, part: Part) -> bool:
    """Note that she takes part; False where she has on this occasion."""
    values = (
        program, ids.home(member), member, part.survey, part.occasion, part.revision, part.score, part.id, part.at,
    )  # fmt: skip
    return await fetch_one(tx, SQL.take_part, values) is not None


async def parts(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[Part]:
    """In what these members took part, the latest first."""
    named = {
        "program": program,
        "members": uuids(list(members)),
        "homes": int2s([ids.home(one) for one in members]),
        "limit": PARTS_MAX,
    }
    return [Part(*row) for row in await fetch_all(tx, SQL.parts, named)]


def new_id(member: UUID | None) -> UUID:
    """The id of a reply; without a member it tells nothing of when or by whom."""
    return ids.new(ids.home(member)) if member is not None else UUID(bytes=secrets.token_bytes(16), version=4)


async def enter(tx: Transaction, program: UUID, kept: Kept, member: UUID | None, reply: Reply) -> None:
    """Write what was answered."""
    choices = msgspec.json.encode(reply.choices).decode()
    values = (
        program, ids.home(reply.id), reply.id, kept.code, kept.revision, member, choices,
        *(reply.words or (None, None, None)), reply.day,
    )  # fmt: skip
    await tx.execute(SQL.reply, values)


async def counts(tx: Transaction, program: UUID, code: str) -> dict[str, dict[str, int]]:
    """Question → answer → how often it was chosen."""
    found: dict[str, dict[str, int]] = {}
    for question, answer, count in await fetch_all(tx, SQL.counts, (program, code)):
        found.setdefault(question, {})[answer] = count
    return found


async def replies(tx: Transaction, program: UUID, codes: Sequence[str]) -> dict[str, int]:
    """Of surveys: how many have answered."""
    return dict(await fetch_all(tx, SQL.replies, (program, arrays.texts(codes))))


async def written(tx: Transaction, program: UUID, code: str) -> list[Reply]:
    """Those with something written of the latest 500 answers, the latest first."""
    return [_reply(row) for row in await fetch_all(tx, SQL.written, (program, code, TEXTS_SHOWN))]


async def every_reply(tx: Transaction, program: UUID, code: str) -> list[Reply]:
    """All answers by day; at most 200,000."""
    return [_reply(row) for row in await fetch_all(tx, SQL.every_reply, (program, code, REPLIES_MAX))]


async def of_members(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[tuple[str, Reply]]:
    """What these members answered, but for what was anonymous: survey and answer, the latest first."""
    rows = await fetch_all(tx, SQL.of_members, (program, uuids(list(members)), PARTS_MAX))
    return [(code, _reply(row)) for code, *row in rows]


async def texts_by_generation(tx: Transaction, program: UUID) -> dict[int, int]:
    """Generation of the master key → how many replies are sealed under it."""
    return dict(await fetch_all(tx, SQL.texts_by_generation, (program,)))


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes the name and the texts; what was chosen stays and counts."""
    await tx.execute(SQL.forget, (program, member))


async def _freeze(
    tx: Transaction, program: UUID, code: str, revision: int, document: Survey, at: datetime, by: str
) -> None:
    text = msgspec.json.encode(document).decode()
    await tx.execute(SQL.freeze, (program, code, revision, text, at, by))


def _reply(row: Sequence[Any]) -> Reply:
    identifier, day, choices, generation, key, sealed = row
    words = None if generation is None else (generation, bytes(key), bytes(sealed))
    return Reply(identifier, day, msgspec.json.decode(choices), words)


def _kept(row: Sequence[Any]) -> Kept:
    code, revision, text, *rest = row
    return Kept(code, revision, _decoder.decode(text), *rest)
