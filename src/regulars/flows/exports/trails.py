"""Exports of the audit trail, the newest entries first."""

from __future__ import annotations

from typing import Any

import msgspec

from regulars.flows.exports.pages import ROWS_AT_ONCE, Asked, Export, Rows, fixed
from regulars.i18n import N_
from regulars.interchange.writing import Column
from regulars.programs.audit.search import LAST, Wanted, entries


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
)  # fmt: skip
