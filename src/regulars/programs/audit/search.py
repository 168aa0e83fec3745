"""Finds entries of the audit trail: by time, by who, by what was done, by what it was done to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from msgspec import Struct
from psycopg import sql

from regulars.db.pool import Transaction, fetch_all

LAST = 2**63 - 1
"""Above every entry's number."""
KINDS = frozenset({"staff", "key", "command", "job", "member"})
"""Kinds of actors."""


class Entry(Struct, frozen=True):
    """One change, as it was told."""

    seq: int
    at: datetime
    actor: dict[str, str]
    action: str
    subject: str
    before: Any
    after: Any
    why: str
    digest: bytes


class Wanted(Struct, frozen=True):
    """Which entries; what is None does not count."""

    since: datetime | None = None
    until: datetime | None = None
    """Half-open."""
    actor: str | None = None
    """The actor's id, as `stf_…`, `key_…`, `mem_…` or a command's words; or one of KINDS."""
    action: str | None = None
    """As `promotion.published`, or a family as `promotion`."""
    subject: str | None = None
    why: str | None = None
    """Words of the reason, in any case."""


_LIST = (
    "SELECT a.seq, a.at, a.actor, a.action, a.subject, a.before, a.after, a.why, a.digest FROM audit a "
    "WHERE a.program = %s::uuid AND a.seq < %s::bigint"
)
_FRAGMENTS: dict[str, LiteralString] = {
    "since": "a.at >= %s::timestamptz",
    "until": "a.at < %s::timestamptz",
    "actor": "a.actor ->> 'id' = %s::text",
    "kind": "a.actor ->> 'kind' = %s::text",
    "action": "a.action = %s::text",
    "family": "split_part(a.action, '.', 1) = %s::text",
    "subject": "a.subject = %s::text",
    "why": "strpos(lower(a.why), lower(%s::text)) > 0",
}


async def entries(tx: Transaction, program: UUID, wanted: Wanted, before: int, limit: int) -> list[Entry]:
    """Entries with a number below `before`, the newest first; in an analytical transaction."""
    statement = sql.Composed([sql.SQL(_LIST)])
    parameters: list[Any] = [program, before]
    for name, value in _filters(wanted):
        statement += sql.SQL(" AND " + _FRAGMENTS[name])
        parameters.append(value)
    statement += sql.SQL(" ORDER BY a.seq DESC LIMIT %s")
    rows = await fetch_all(tx, statement, [*parameters, limit])
    return [Entry(*row) for row in rows]


def _filters(wanted: Wanted) -> Sequence[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if wanted.since is not None:
        found.append(("since", wanted.since))
    if wanted.until is not None:
        found.append(("until", wanted.until))
    if wanted.actor is not None:
        found.append(("kind" if wanted.actor in KINDS else "actor", wanted.actor))
    if wanted.action is not None:
        found.append(("action" if "." in wanted.action else "family", wanted.action))
    if wanted.subject is not None:
        found.append(("subject", wanted.subject))
    if wanted.why is not None:
        found.append(("why", wanted.why))
    return found
