"""Reads what became of codes: how many of a batch there are, were used or voided, and what one code is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.arrays import uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one

SQL = queries.load("regulars.promotions", "code_counts.sql")
USES_SHOWN = 50


class Counts(Struct, frozen=True):
    """A batch in figures."""

    made: int = 0
    given: int = 0
    """Of them, those that came with purchases."""
    voided: int = 0
    used: int = 0
    """Codes that were used."""
    uses: int = 0
    """How often, altogether."""


class Kept(Struct, frozen=True):
    """A code as it is kept: without its text."""

    id: UUID
    batch: UUID
    serial: int | None
    purchase: UUID | None
    """With which it came."""
    voided_at: datetime | None
    void_reason: str | None


class Use(Struct, frozen=True):
    """A purchase that used a code; 0 uses where that was given back."""

    purchase: UUID
    at: datetime
    uses: int


async def counts(tx: Transaction, program: UUID, batches: Sequence[UUID]) -> dict[UUID, Counts]:
    """The figures of these batches."""
    made = {row[0]: row[1:] for row in await fetch_all(tx, SQL.codes_of_batches, (uuids(batches),))}
    used = {row[0]: row[1:] for row in await fetch_all(tx, SQL.uses_of_batches, (uuids(batches), program))}
    return {one: Counts(*made.get(one, (0, 0, 0)), *used.get(one, (0, 0))) for one in batches}


async def find(tx: Transaction, program: UUID, code: UUID) -> Kept | None:
    """A code by its id (`code_text.id_of`)."""
    row = await fetch_one(tx, SQL.read_code, (program, code))
    return Kept(*row) if row else None


async def uses(tx: Transaction, program: UUID, code: UUID) -> list[Use]:
    """The latest purchases that used a code; at most 50."""
    return [
        Use(purchase, at, uses)
        for _, purchase, at, uses in await fetch_all(tx, SQL.uses_of_code, (program, code, USES_SHOWN))
    ]


async def void(tx: Transaction, program: UUID, code: UUID, reason: str, at: datetime) -> bool:
    """One code counts no more. False when it was voided before, or is none."""
    asked = {"program": program, "id": code, "reason": reason, "at": at}
    return await fetch_one(tx, SQL.void_code, asked) is not None
