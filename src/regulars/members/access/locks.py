"""Keeps the locks of spending: five wrong codes lock a member at one source, many from many sources everywhere.

A source is a till or a session, so that a stranger's guesses do not lock the member's own shop. Whoever checks a code
of a member first takes her row for everywhere (`take`), so guesses of one member are judged one after another.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays
from regulars.db.pool import Transaction, fetch_one
from regulars.errors import SpendingLocked
from regulars.members.access.sessions import SQL

EVERYWHERE = bytes(32)
HOUR = timedelta(hours=1)


class LockRules(Struct, frozen=True):
    """A program's settings about wrong codes."""

    wrong: int
    seconds: int
    wrong_everywhere: int
    sources: int


class Miss(Struct, frozen=True):
    """What a wrong code came to: how many more may follow at this source, or until when it is locked."""

    left: int
    locked_until: datetime | None


async def take(tx: Transaction, program: UUID, member: UUID) -> None:
    """Wait until no other code of this member is being checked, and keep others waiting until the transaction ends."""
    await tx.execute(SQL.lock_guesses, (program, ids.home(member), member, EVERYWHERE))


async def until(tx: Transaction, program: UUID, member: UUID, source: bytes, at: datetime) -> datetime | None:
    """Until when the member's spending is locked at this source; None: it is not."""
    sources = arrays.byteas([EVERYWHERE, source])
    row = await fetch_one(tx, SQL.locked_until, (program, ids.home(member), member, sources, at))
    return row[0] if row else None


async def miss(
    tx: Transaction, program: UUID, member: UUID, source: bytes, rules: LockRules, at: datetime
) -> Miss:
    """Count a wrong code; the caller holds the member's row (`take`). A locked source counts nothing."""
    home = ids.home(member)
    key = {"program": program, "home": home, "member": member, "source": source}
    lock_ends = at + timedelta(seconds=rules.seconds)
    row = await fetch_one(tx, SQL.count_wrong, {**key, "most": rules.wrong, "at": at, "until": lock_ends})
    if row is None:
        return Miss(0, await until(tx, program, member, source, at))
    wrong, locked_until = row
    await tx.execute(SQL.add_wrong_guess, (program, home, member, ids.new(home), source, at))
    recent = await fetch_one(tx, SQL.count_recent, (program, home, member, at - HOUR))
    assert recent is not None
    if recent[0] >= rules.wrong_everywhere and recent[1] >= rules.sources:
        locked_until = lock_ends
        await tx.execute(SQL.lock_everywhere, (lock_ends, program, home, member, EVERYWHERE))
    if locked_until is not None:
        await tx.execute(SQL.remember_lock, (locked_until, program, home, member))
    return Miss(rules.wrong - wrong if locked_until is None else 0, locked_until)


async def right(tx: Transaction, program: UUID, member: UUID, source: bytes) -> None:
    """A right code: the wrong ones before it at this source are forgotten."""
    await tx.execute(SQL.forget_wrong, (program, ids.home(member), member, source))


def locked(at: datetime, ends_at: datetime) -> SpendingLocked:
    """The refusal, with the seconds to wait."""
    return SpendingLocked(max(1, math.ceil((ends_at - at).total_seconds())))
