"""Exports of the audit trail, the newest entries first, and of what looked unusual at the tills."""

from __future__ import annotations

from typing import Any

import msgspec

from regulars import ids
from regulars.db import queries
from regulars.db.pool import fetch_all
from regulars.flows.exports.pages import FIRST, ROWS_AT_ONCE, Asked, Export, Rows, fixed
from regulars.i18n import N_
from regulars.interchange.writing import Column
from regulars.programs.audit.search import LAST, Wanted, entries

SQL = queries.load("regulars.flows.exports", "exports.sql")


async def _entries(asked: Asked, after: Any) -> tuple[Rows, Any]:
    wanted = Wanted(since=asked.filter.from_, until=asked.filter.to)
    async with asked.database.transaction(asked.program, analytical=True) as tx:
        found = await entries(tx, asked.program, wanted, after or LAST, ROWS_AT_ONCE)
    rows: Rows = [
        (
            one.seq, one.at, one.actor.get("kind"), one.actor.get("id"), one.actor.get("name"),
            one.actor.get("address"), one.action, one.subject, _json(one.before), _json(one.after),
            one.why, one.digest.hex(),
        )
        for one in found
    ]  # fmt: skip
    return rows, found[-1].seq if len(found) == ROWS_AT_ONCE else None


async def _findings(asked: Asked, after: Any) -> tuple[Rows, Any]:
    named = {"program": asked.program, "id": after or FIRST, "limit": ROWS_AT_ONCE, **asked.window()}
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.findings, named)
    found: Rows = [
        (
            ids.show("fnd", finding), kind, store, till, cashier, ids.show("mem", member) if member else None, first,
            last, count, usual, amount, ";".join(evidence), *decided,
        )
        for (finding, kind, store, till, cashier, member, first, last, count, usual, amount, evidence, *decided) in rows
    ]  # fmt: skip
    return found, rows[-1][0] if len(rows) == ROWS_AT_ONCE else None


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


TRAILS = (
    Export(
        "audit",
        N_("Audit trail"),
        fixed(
            Column("seq", "number"), Column("at", "instant"), Column("actor_kind"), Column("actor"),
            Column("actor_name"), Column("address"), Column("action"), Column("subject"), Column("before"),
            Column("after"), Column("why"), Column("digest"),
        ),
        _entries,
        needs="audit.read",
        filters=("from", "to"),
    ),
    Export(
        "findings",
        N_("Findings at the tills"),
        fixed(
            Column("finding"), Column("kind"), Column("store"), Column("till"), Column("cashier"), Column("member"),
            Column("first", "instant"), Column("last", "instant"), Column("count", "number"), Column("usual", "number"),
            Column("amount", "number"), Column("evidence"), Column("found_at", "instant"), Column("status"),
            Column("decided_by"), Column("decided_at", "instant"), Column("word"),
        ),
        _findings,
        needs="review.read",
        filters=("from", "to"),
    ),
)  # fmt: skip
