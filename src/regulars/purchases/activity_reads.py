"""Reads what members did besides buying, decides once what was flagged, and forgets what somebody wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars import ids
from regulars.db import arrays
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.purchases.activity_log import SQL, Activity, Outcome


async def find(tx: Transaction, program: UUID, activity: UUID) -> Activity | None:
    """One with all that is known of it."""
    row = await fetch_one(tx, SQL.find, (program, ids.home(activity), activity))
    return _activity(row) if row else None


async def of_members(
    tx: Transaction, program: UUID, members: Sequence[UUID], before: UUID, limit: int
) -> list[Activity]:
    """What these members did, the latest recorded first."""
    asked = {"program": program, "members": arrays.uuids(members), "before": before, "limit": limit}
    return [_activity(row) for row in await fetch_all(tx, SQL.of_members, asked)]


async def waiting(tx: Transaction, program: UUID, after: UUID, limit: int) -> list[Activity]:
    """What waits for a decision, the longest first."""
    return [_activity(row) for row in await fetch_all(tx, SQL.waiting, (program, after, limit))]


async def stop_waiting(tx: Transaction, program: UUID, activity: UUID) -> bool:
    """Take one out of the queue. Whether it was there: the guard of every decision."""
    key = (program, ids.home(activity), activity)
    return await fetch_one(tx, SQL.stop_waiting, key) is not None


async def review(tx: Transaction, program: UUID, activity: Activity, at: datetime, by: str) -> None:
    """Keep what was decided of one that waited."""
    assert activity.decided is not None, "it was decided"
    outcome = msgspec.json.encode(activity.decided).decode()
    key = (program, ids.home(activity.id), activity.id)
    await tx.execute(
        SQL.review, (*key, activity.accepted, activity.reason, outcome, activity.posting, at, by)
    )


async def texts_by_generation(tx: Transaction, program: UUID) -> dict[int, int]:
    """Generation of the master key → how many texts are sealed under it."""
    return dict(await fetch_all(tx, SQL.texts_by_generation, (program,)))


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """Forget what a member wrote in her own words, and what her meters showed."""
    key = (program, ids.home(member), member)
    await tx.execute(SQL.forget_texts, key)
    await tx.execute(SQL.forget_readings, key)


def _activity(row: Sequence[Any]) -> Activity:
    *known, data, corrects, flag, outcome, posting, generation, key, sealed, accepted, decided, reason = row
    words = None if generation is None else (generation, bytes(key), bytes(sealed))
    fields: list[Any] = [
        *known, msgspec.json.decode(data), corrects, flag, _outcome(outcome), posting,
        words, accepted, _outcome(decided) if decided else None, reason or "",
    ]  # fmt: skip
    return Activity(*fields)


def _outcome(text: str) -> Outcome:
    return msgspec.json.decode(text, type=Outcome)
