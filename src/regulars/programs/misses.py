"""Keeps what was tried in vain at tills: each thing once a day, as a keyed hash, and for some days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.arrays import byteas, texts
from regulars.db.pool import Transaction, fetch_all

SQL = queries.load("regulars.programs", "misses.sql")
What = Literal["code", "member"]
"""A code, voucher, gift card or proof; or somebody who was looked for."""
NO_STORE = UUID(int=0)
GUESS_BYTES = 16


class Missed(Struct, frozen=True):
    """What was tried in vain on one day at one till by one cashier."""

    day: date
    store: UUID | None
    till: str
    cashier: str
    count: int
    """So many different things."""
    first: datetime
    last: datetime


async def note(
    tx: Transaction,
    program: UUID,
    day: date,
    place: tuple[UUID | None, str, str],
    guesses: Sequence[tuple[What, bytes]],
    at: datetime,
) -> None:
    """Keep them; `place`: store, till and cashier, as far as they were named."""
    store, till, cashier = place
    once = sorted(set(guesses))
    values = {
        "program": program, "day": day, "store": store or NO_STORE, "till": till, "cashier": cashier, "at": at,
        "whats": texts([what for what, _ in once]), "guesses": byteas([guess for _, guess in once]),
    }  # fmt: skip
    await tx.execute(SQL.note, values)


async def forget(tx: Transaction, program: UUID, guesses: Sequence[bytes]) -> None:
    """Who was looked for in vain became a member: nobody guessed."""
    await tx.execute(SQL.forget, {"program": program, "guesses": byteas(guesses)})


async def days(tx: Transaction, program: UUID, what: What, since: int, until: int) -> list[Missed]:
    """The days at a till on which something was tried by the transactions from `since` on, before `until`."""
    values = {"program": program, "what": what, "from": since, "until": until}
    return [Missed(*row) for row in await fetch_all(tx, SQL.days, values)]


async def prune(tx: Transaction, program: UUID, before: date) -> None:
    """Let go of what was tried before that day."""
    await tx.execute(SQL.prune, {"program": program, "before": before})
