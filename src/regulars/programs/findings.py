"""Keeps what looked unusual at the tills, with its evidence, and what somebody decided about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.programs.approvals import Person

SQL = queries.load("regulars.programs", "findings.sql")
Kind = Literal[
    "card_often", "returns_soon", "returns_share", "adjusted_and_spent", "code_guessing", "claims", "own_card",
    "member_guessing",
]  # fmt: skip
Status = Literal["open", "harmless", "case"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LAST = UUID(int=2**128 - 1)
EVIDENCE_MAX = 50
DECIDED_BY = 14
"""Its place in a row."""


class Seen(Struct, frozen=True):
    """Something unusual, as it was found."""

    kind: Kind
    named: str
    """What makes it the same finding when it is found once more."""
    store: UUID | None
    till: str
    cashier: str
    member: UUID | None
    first: datetime
    last: datetime
    count: int
    evidence: Sequence[str]
    """Ids of receipts and postings, as people see them."""
    usual: int | None = None
    amount: int | None = None


class Finding(Struct, frozen=True):
    """A finding with what became of it."""

    id: UUID
    kind: Kind
    store: UUID | None
    till: str
    cashier: str
    member: UUID | None
    first: datetime
    last: datetime
    count: int
    usual: int | None
    amount: int | None
    evidence: list[str]
    found_at: datetime
    status: Status
    decided_by: Person | None
    decided_at: datetime | None
    word: str


async def enter(tx: Transaction, program: UUID, seen: Seen, at: datetime) -> bool:
    """Keep it; whether it is new, or more than before."""
    values = {
        "program": program, "id": ids.new(), "kind": seen.kind, "named": seen.named, "store": seen.store,
        "till": seen.till, "cashier": seen.cashier, "member": seen.member, "first": seen.first, "last": seen.last,
        "count": seen.count, "usual": seen.usual, "amount": seen.amount, "at": at,
        "evidence": Jsonb(list(seen.evidence)[:EVIDENCE_MAX]),
    }  # fmt: skip
    return await fetch_one(tx, SQL.enter, values) is not None


async def find(tx: Transaction, program: UUID, finding: UUID) -> Finding | None:
    """One of them."""
    row = await fetch_one(tx, SQL.find, (program, finding))
    return _finding(row) if row is not None else None


async def page(
    tx: Transaction,
    program: UUID,
    before: UUID,
    limit: int,
    *,
    status: Status | None,
    kind: Kind | None,
    cashier: str | None,
    stores: Collection[UUID] | None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Finding]:
    """The newest first; `stores`: of these alone, None: of all; what happened from `since` to before `until`.

    In an analytical transaction.
    """
    values = {
        "program": program, "before": before, "limit": limit, "status": status, "kind": kind, "cashier": cashier,
        "stores": list(stores) if stores is not None else None, "since": since, "until": until,
    }  # fmt: skip
    return [_finding(row) for row in await fetch_all(tx, SQL.page, values)]


async def decide(
    tx: Transaction, program: UUID, finding: UUID, status: Status, word: str, at: datetime
) -> bool:
    """Say what it was, in the name of the transaction's actor. False: it is not open."""
    values = {"program": program, "id": finding, "status": status, "word": word, "at": at}
    return await fetch_one(tx, SQL.decide, values) is not None


async def reopen(tx: Transaction, program: UUID, finding: UUID) -> bool:
    """Let it be decided anew. False: it is open."""
    return await fetch_one(tx, SQL.reopen, {"program": program, "id": finding}) is not None


def _finding(row: Sequence[Any]) -> Finding:
    whole = list(row)
    if whole[DECIDED_BY] is not None:
        whole[DECIDED_BY] = msgspec.convert(whole[DECIDED_BY], Person)
    return Finding(*whole)
