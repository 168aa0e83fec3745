"""Decides whether the books are in order: one query per rule, each answering the rows that break it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.pool import Transaction

SQL = queries.load("regulars.ledger", "checks.sql")
ROWS_MAX = 100
"""Rows shown of a broken rule."""

CHECKS: dict[str, str] = {
    "lot_drawn": "What is drawn from a lot is the sum of its draws.",
    "lot_overdrawn": "No lot is drawn and reserved beyond its amount.",
    "lot_reserved": "What is reserved of a lot is the sum of its reservations by holds that are open.",
    "lot_pool": "A lot belongs to the pool of the posting that brought it.",
    "draw_pool": "A draw takes from a lot of its own pool and its own currency.",
    "entry_pool": "An entry belongs to the pool of its posting.",
    "entry_covered": "An entry into points is its lots and what it gave back; one out of points, its draws.",
    "posting_empty": "Every posting moves something.",
    "account_balance": "A pool's balance is what its lots hold undrawn, and the sum of its entries.",
    "account_debt": "A pool's debt is the sum of its entries.",
    "hold_open": "A hold is open until it has a resolution, and not after.",
    "hold_captured": "No capture spends more of a lot than its hold reserved.",
    "transfer_balanced": "What pools send to one another, pools receive: transfers sum to zero per currency.",
    "given_back": "No lot gets back more than a purchase drew from it.",
}


class Finding(Struct, frozen=True):
    """A rule that is broken, and by which rows (at most 100)."""

    check: str
    rule: str
    rows: tuple[dict[str, Any], ...]


async def check(tx: Transaction, program: UUID) -> tuple[Finding, ...]:
    """Every broken rule of a program's books; empty where all is in order."""
    findings = []
    for name, rule in CHECKS.items():
        cursor = await tx.execute(getattr(SQL, name), {"program": program, "limit": ROWS_MAX})
        rows = await cursor.fetchall()
        if rows:
            assert cursor.description is not None
            names = [column.name for column in cursor.description]
            found = tuple(dict(zip(names, row, strict=True)) for row in rows)
            findings.append(Finding(name, rule, found))
    return tuple(findings)
