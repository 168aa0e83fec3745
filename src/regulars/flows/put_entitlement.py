"""Keeps a program's entitlements: shows them, and changes one by a new revision; contradictions are refused."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.contradictions import refuse
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue
from regulars.flows.known_programs import Known
from regulars.programs import registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.rewards import entitlement_book, entitlements
from regulars.rewards.entitlements import Entitlement, Surroundings

CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class EntitlementDocumentView(Struct, frozen=True):
    """An entitlement as it counts."""

    code: str
    revision: int
    document: Entitlement


class EntitlementDocuments(Struct, frozen=True):
    """The entitlements of a program, by code."""

    items: tuple[EntitlementDocumentView, ...]
    next: str | None = None


async def list_entitlements(database: Database, program: UUID) -> EntitlementDocuments:
    """`GET /v1/entitlements`."""
    async with database.transaction(program) as tx:
        found = await entitlement_book.newest(tx, program)
    return EntitlementDocuments(
        tuple(EntitlementDocumentView(one.code, one.revision, one.document) for one in found)
    )


async def has_entitlements(database: Database, program: UUID) -> bool:
    """Whether the program has one that is not stopped."""
    return any(not one.document.stopped for one in (await list_entitlements(database, program)).items)


async def put_entitlement(
    database: Database, known: Known, code: str, document: Entitlement, by: str, at: datetime
) -> EntitlementDocumentView:
    """The entitlement as changed; the same document again changes nothing. Raises InvalidValue, Contradiction."""
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")
    require_sense(known, document)
    program = known.program.id

    async def work(tx: Transaction) -> EntitlementDocumentView:
        # Locks the program: two changes at once are two revisions, one after the other.
        await registry.current(tx, program)
        before = await entitlement_book.find(tx, program, code)
        if before is not None and before.document == document:
            return EntitlementDocumentView(code, before.revision, document)
        revision = await entitlement_book.add(tx, program, code, document, at, by)
        was = None if before is None else msgspec.to_builtins(before.document)
        change = Change("entitlement.changed", code, was, msgspec.to_builtins(document))
        await trail.record(tx, program, change, at)
        return EntitlementDocumentView(code, revision, document)

    return await database.run(program, work)


def require_sense(known: Known, document: Entitlement) -> None:
    """Raises Contradiction with all its sentences."""
    program = known.program
    tiers = {f"{code}/{tier.code}" for code, ladder in known.ladders.items() for tier in ladder.tiers}
    around = Surroundings(program.stores.keys(), program.partners.keys(), tiers, program.languages)
    refuse(entitlements.contradictions(document, around))
