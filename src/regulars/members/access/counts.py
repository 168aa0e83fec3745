"""Counts what may be done only so many times in a while: by rows, so that all processes count together."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from uuid import UUID

from regulars import ids
from regulars.db.pool import Transaction, fetch_one
from regulars.errors import TooManyRequests
from regulars.members.access.sessions import SQL

WINDOW = timedelta(minutes=15)


def subject(kind: str, *parts: bytes | str) -> bytes:
    """32 bytes for whoever or whatever is counted."""
    whole = hashlib.sha256(kind.encode())
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        whole.update(len(data).to_bytes(4, "big") + data)
    return whole.digest()


def till(key: UUID, till_code: str) -> bytes:
    """The source of what a key sends from a till."""
    return subject("till", key.bytes, till_code)


def session(identifier: UUID) -> bytes:
    """The source of what a member's session sends."""
    return subject("session", identifier.bytes)


def pages(member: UUID) -> bytes:
    """The source of what a member sends from her own pages, from whichever session."""
    return subject("portal", ids.show("mem", member))


async def take(tx: Transaction, program: UUID, kind: str, counted: bytes, most: int, at: datetime) -> None:
    """Count one. Raises TooManyRequests, with the seconds to wait, where there were `most` in this window."""
    key = {"program": program, "home": home_of(counted), "kind": kind, "subject": counted}
    window = {"most": most, "at": at, "ends_at": at + WINDOW}
    if await fetch_one(tx, SQL.count_attempt, key | window) is None:
        ends = await fetch_one(tx, SQL.attempts_end, key)
        assert ends is not None, "a count that refuses is there"
        raise TooManyRequests(max(1, math.ceil((ends[0] - at).total_seconds())))


def home_of(counted: bytes) -> int:
    """Where a count lives."""
    return int.from_bytes(counted[:2], "big") % ids.HOMES
