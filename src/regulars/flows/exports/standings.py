"""Exports of tiers: who holds which one now, and every change of them."""

from __future__ import annotations

from typing import Any

from regulars import ids
from regulars.db import queries
from regulars.db.pool import fetch_all
from regulars.flows.exports.pages import EARLIEST, FIRST, ROWS_AT_ONCE, Asked, Export, Rows, fixed
from regulars.i18n import N_
from regulars.interchange.writing import Column

SQL = queries.load("regulars.flows.exports", "exports.sql")


async def _tiers(asked: Asked, after: Any) -> tuple[Rows, Any]:
    home, member, ladder, since = after or (-1, FIRST, "", EARLIEST)
    named = {
        "program": asked.program, "home": home, "member": member, "ladder": ladder, "since": since, "at": asked.at,
        "limit": ROWS_AT_ONCE,
    }  # fmt: skip
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.tiers, named)
    found: Rows = [
        (ids.show("mem", member), ladder, tier, since, until, gained)
        for _, member, ladder, since, tier, until, gained in rows
    ]
    return found, tuple(rows[-1][:4]) if len(rows) == ROWS_AT_ONCE else None


async def _tier_changes(asked: Asked, after: Any) -> tuple[Rows, Any]:
    home, member, change = after or (-1, FIRST, FIRST)
    named = {
        "program": asked.program, "home": home, "member": member, "id": change, "limit": ROWS_AT_ONCE,
        **asked.window(),
    }  # fmt: skip
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.tier_changes, named)
    found: Rows = [
        (
            ids.show("mem", member), ladder, before, tier, at, until, reason, measures,
            ids.show("pur", purchase) if purchase else None, recorded_at,
        )
        for _, member, _, ladder, before, tier, at, until, reason, measures, purchase, recorded_at in rows
    ]  # fmt: skip
    return found, tuple(rows[-1][:3]) if len(rows) == ROWS_AT_ONCE else None


STANDINGS = (
    Export(
        "tiers",
        N_("Tiers that members hold"),
        fixed(
            Column("member"), Column("ladder"), Column("tier"), Column("since", "instant"), Column("until", "instant"),
            Column("gained"),
        ),
        _tiers,
    ),
    Export(
        "tier_changes",
        N_("Changes of tiers"),
        fixed(
            Column("member"), Column("ladder"), Column("from_tier"), Column("to_tier"), Column("at", "instant"),
            Column("until", "instant"), Column("reason"), Column("measures"), Column("purchase"),
            Column("recorded_at", "instant"),
        ),
        _tier_changes,
        filters=("from", "to"),
    ),
)  # fmt: skip
