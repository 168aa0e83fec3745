"""Checks whether a program's books add up, and whether limits, codes and stock are counted as claimed. Reads only."""

from __future__ import annotations

from uuid import UUID

from psycopg import sql

from regulars.db import queries
from regulars.db.pool import Database, Transaction
from regulars.ledger.check import CHECKS, ROWS_MAX, Finding, check
from regulars.occasions import register
from regulars.promotions import checks
from regulars.rewards import redemptions

SQL = queries.load("regulars.flows", "check_ledger.sql")
VOIDED = "A purchase that was voided holds nothing of a limit or a code."
UNBOOKED = "Of a voucher that is owed the books know whether it was used, or a round will look at it."


async def check_ledger(database: Database, program: UUID) -> tuple[Finding, ...]:
    """Every broken rule; empty where all is in order. Each rule is one query, so it sees one moment."""
    async with database.transaction(program, analytical=True) as tx:
        found = list(await check(tx, program))
        for name, rows in (await checks.broken(tx, program)).items():
            found.append(Finding(name, checks.RULES[name], tuple(rows)))
        for name, rows in (await redemptions.broken(tx, program)).items():
            found.append(Finding(name, redemptions.RULES[name], tuple(rows)))
        for name, rows in (await register.broken(tx, program)).items():
            found.append(Finding(name, register.RULES[name], tuple(rows)))
        found += await _broken(tx, program, "voided_claims", VOIDED, SQL.voided_claims)
        found += await _broken(tx, program, "unbooked_vouchers", UNBOOKED, SQL.unbooked_vouchers)
        return tuple(found)


async def _broken(
    tx: Transaction, program: UUID, name: str, rule: str, query: sql.SQL
) -> tuple[Finding, ...]:
    cursor = await tx.execute(query, {"program": program, "limit": ROWS_MAX})
    rows = await cursor.fetchall()
    if not rows:
        return ()
    assert cursor.description is not None
    names = [column.name for column in cursor.description]
    return (Finding(name, rule, tuple(dict(zip(names, row, strict=True)) for row in rows)),)


RULES = len(CHECKS) + len(checks.RULES) + len(redemptions.RULES) + len(register.RULES) + 2
"""How many rules there are."""
