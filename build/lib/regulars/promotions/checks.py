"""Decides whether counters and claims agree: one query per rule, each answering the rows that break it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars.db.pool import Transaction
from regulars.promotions.catalogue import SQL

ROWS_MAX = 100
"""Rows shown of a broken rule."""
RULES: dict[str, str] = {
    "counters_astray": "A counter of a limit or a code is the sum of the claims on it.",
    "claims_overdrawn": "No purchase gives back more of a limit or a code than it took.",
}


async def broken(tx: Transaction, program: UUID) -> dict[str, list[dict[str, Any]]]:
    """The rules that are broken, and by which rows (at most 100 each)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, query in (("counters_astray", SQL.counters_astray), ("claims_overdrawn", SQL.claims_overdrawn)):
        cursor = await tx.execute(query, {"program": program, "limit": ROWS_MAX})
        rows = await cursor.fetchall()
        if rows:
            assert cursor.description is not None
            names = [column.name for column in cursor.description]
            found[name] = [dict(zip(names, row, strict=True)) for row in rows]
    return found
