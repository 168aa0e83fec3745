"""Keeps the kinds of activity that a program declares: shows them, and changes one by a new revision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.contradictions import refuse
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue
from regulars.flows.ladders import CODE
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.purchases import activity_log
from regulars.purchases.activity import ActivityKind, Around, Currency, contradictions
from regulars.purchases.activity_log import Kind


class KindView(Struct, frozen=True):
    """A kind of activity as it counts."""

    code: str
    revision: int
    since: datetime
    """Since when there is one of this code."""
    document: ActivityKind


class Kinds(Struct, frozen=True):
    """The kinds of a program, by code."""

    items: tuple[KindView, ...]
    next: str | None = None


async def list_kinds(database: Database, program: UUID) -> Kinds:
    """`GET /v1/activity-kinds`."""
    async with database.transaction(program) as tx:
        found = await activity_log.newest(tx, program)
    return Kinds(tuple(_view(one) for one in found.values()))


async def put_kind(
    database: Database, program: UUID, code: str, document: ActivityKind, by: str, at: datetime
) -> KindView:
    """The kind as declared or changed; the same document again changes nothing. Raises InvalidValue, Contradiction."""
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")

    async def work(tx: Transaction) -> KindView:
        # Locks it: two changes at once are two revisions, one after the other.
        await registry.current(tx, program)
        before = (await activity_log.newest(tx, program)).get(code)
        require_sense(document, await reading.load(tx, program), before)
        if before is not None and before.document == document:
            return _view(before)
        revision = await activity_log.add(tx, program, code, document, at, by)
        became = Kind(code, revision, document, before.since if before else at)
        was = None if before is None else msgspec.to_builtins(before.document)
        change = Change("activity_kind.changed", code, was, msgspec.to_builtins(document))
        await trail.record(tx, program, change, at)
        return _view(became)

    return await database.run(program, work)


def require_sense(document: ActivityKind, program: Program, before: Kind | None) -> None:
    """Raises Contradiction with all its sentences."""
    currencies = {
        one.code: Currency(one.kind != "qualifying", one.worth.numerator)
        for one in program.currencies.values()
    }
    around = Around(
        program.base_currency, currencies, frozenset(program.partners), before.document if before else None
    )
    refuse(contradictions(document, around))


def _view(one: Kind) -> KindView:
    return KindView(one.code, one.revision, one.since, one.document)


def reason_of(document: ActivityKind, code: str, program: Program) -> str:
    """What stands in the books of what a kind earned: its name in the program's own language."""
    return document.names.get(program.languages[0]) or next(iter(document.names.values()), code)
