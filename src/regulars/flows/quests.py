"""Keeps a program's challenges and badges: shows them, changes one by a new revision, stops one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, structs

from regulars import ids
from regulars.contradictions import of_name, refuse
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound
from regulars.flows import prizes, sharing
from regulars.games import badges, quest_book
from regulars.games.badges import Badge, BadgeDocument
from regulars.games.quest_book import Begun, Result
from regulars.games.quests import QuestDocument, QuestSurroundings, contradictions
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
Why = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$(?!\n)")]


class QuestView(Struct, frozen=True):
    """A challenge as it counts, and what came of it."""

    code: str
    revision: int
    since: datetime
    """Since when there is a challenge of this code."""
    document: QuestDocument
    members: int
    """How many did something for it."""
    won: int
    """How many times all of it was done."""
    cost: int
    """Of what it gave so far, minor units of base money."""


class Quests(Struct, frozen=True):
    """The challenges of a program, by code."""

    items: tuple[QuestView, ...]
    next: str | None = None


class Stopping(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/challenges/{code}/stop`."""

    reason: Why


class BadgeView(Struct, frozen=True):
    """A badge, and how many members have it."""

    code: str
    revision: int
    since: datetime
    document: BadgeDocument
    members: int


class Badges(Struct, frozen=True):
    """The badges of a program, by code."""

    items: tuple[BadgeView, ...]
    next: str | None = None


class GivingBadge(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/badges`."""

    badge: Annotated[str, Meta(min_length=1, max_length=63)]
    reason: Why


class GivenBadge(Struct, frozen=True):
    """That a member has a badge."""

    badge: str
    given_at: datetime


async def list_quests(database: Database, program: UUID) -> Quests:
    """`GET /v1/challenges`."""
    async with database.transaction(program) as tx:
        found = await quest_book.newest(tx, program)
        results = await quest_book.results(tx, program) if found else {}
    return Quests(tuple(_view(one, results.get(one.quest.code, Result())) for one in found))


async def put_quest(
    database: Database,
    program: UUID,
    code: str,
    document: QuestDocument,
    by: str,
    at: datetime,
    why: str = "",
) -> QuestView:
    """The challenge as changed; the same document again changes nothing. Raises InvalidValue, Contradiction."""
    require_code(code)

    async def work(tx: Transaction) -> QuestView:
        await registry.current(
            tx, program
        )  # locks it: two changes at once are two revisions, one after the other
        await require_sense(tx, await reading.load(tx, program), document)
        return await _revise(tx, program, code, lambda _: document, by, at, why)

    return await database.run(program, work)


async def stop_quest(
    database: Database, program: UUID, code: str, by: str, at: datetime, why: str, *, stopped: bool = True
) -> QuestView:
    """It counts no more, or again; done again it changes nothing. Raises NotFound."""

    async def work(tx: Transaction) -> QuestView:
        await registry.current(tx, program)

        def changed(before: QuestDocument | None) -> QuestDocument:
            if before is None:
                raise NotFound("There is no such challenge.")
            return structs.replace(before, stopped=stopped)

        return await _revise(tx, program, code, changed, by, at, why)

    return await database.run(program, work)


async def require_sense(tx: Transaction, program: Program, document: QuestDocument) -> None:
    """Raises Contradiction with all its sentences."""
    around = QuestSurroundings(
        program.languages,
        frozenset(program.partners),
        frozenset(program.stores),
        await prizes.surroundings(tx, program),
    )
    refuse(contradictions(document, around))


async def list_badges(database: Database, program: UUID) -> Badges:
    """`GET /v1/badges`."""
    async with database.transaction(program) as tx:
        found = await badges.newest(tx, program)
        held = await badges.holders(tx, program) if found else {}
    return Badges(tuple(_badge(one, held.get(one.code, 0)) for one in found.values()))


async def put_badge(
    database: Database, program: UUID, code: str, document: BadgeDocument, by: str, at: datetime
) -> BadgeView:
    """The badge as changed; the same document again changes nothing. Raises InvalidValue, Contradiction."""
    require_code(code)

    async def work(tx: Transaction) -> BadgeView:
        _, _, _, languages, _ = await registry.current(tx, program)
        refuse(of_name(document.names, languages[0]))
        before = (await badges.newest(tx, program)).get(code)
        held = (await badges.holders(tx, program)).get(code, 0)
        if before is not None and before.document == document:
            return _badge(before, held)
        revision = await badges.add(tx, program, code, document, at, by)
        was = None if before is None else msgspec.to_builtins(before.document)
        change = Change("badge.changed", code, was, msgspec.to_builtins(document))
        await trail.record(tx, program, change, at)
        return BadgeView(code, revision, before.since if before else at, document, held)

    return await database.run(program, work)


async def give_badge(
    database: Database, program: Program, request: Request, member: UUID, sent: GivingBadge, by: str
) -> Answer:
    """201: she has it, given by hand. Raises NotFound, InvalidValue, StateConflict."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await sharing.locked_member(tx, program, member)
        if sent.badge not in await badges.newest(tx, program.id):
            raise InvalidValue("/badge", "there is no such badge in this program")
        if await badges.give(tx, program.id, found.id, sent.badge, None, request.at, by):
            change = Change(
                "badge.given", ids.show("mem", found.id), after={"badge": sent.badge}, why=sent.reason
            )
            await trail.record(tx, program.id, change, request.at)
        given = GivenBadge(sent.badge, request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(given))

    return await database.run(program.id, work)


async def take_badge(
    database: Database, program: Program, member: UUID, badge: str, at: datetime, why: str
) -> None:
    """She has it no more; done again it changes nothing. Raises NotFound, StateConflict."""

    async def work(tx: Transaction) -> None:
        found = await sharing.locked_member(tx, program, member)
        if await badges.take(tx, program.id, found.id, badge, at):
            change = Change("badge.taken", ids.show("mem", found.id), before={"badge": badge}, why=why)
            await trail.record(tx, program.id, change, at)

    await database.run(program.id, work)


def require_code(code: str) -> None:
    """Raises InvalidValue."""
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")


async def _revise(
    tx: Transaction, program: UUID, code: str, change: Callable[[QuestDocument | None], QuestDocument], by: str,
    at: datetime, why: str,
) -> QuestView:  # fmt: skip
    before = next((one for one in await quest_book.newest(tx, program) if one.quest.code == code), None)
    result = (await quest_book.results(tx, program)).get(code, Result())
    document = change(before.quest.document if before else None)
    if before is not None and before.quest.document == document:
        return _view(before, result)
    revision = await quest_book.add(tx, program, code, document, at, by)
    await registry.bump(tx, program)
    was = None if before is None else msgspec.to_builtins(before.quest.document)
    told = Change("challenge.changed", code, was, msgspec.to_builtins(document), why=why)
    await trail.record(tx, program, told, at)
    since = before.since if before else at
    return QuestView(code, revision, since, document, result.members, result.won, result.cost)


def _view(begun: Begun, result: Result) -> QuestView:
    quest = begun.quest
    return QuestView(
        quest.code, quest.revision, begun.since, quest.document, result.members, result.won, result.cost
    )


def _badge(badge: Badge, members: int) -> BadgeView:
    return BadgeView(badge.code, badge.revision, badge.since, badge.document, members)
