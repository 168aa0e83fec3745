"""Slows down whoever guesses: every try is counted before it is looked at, so that many at once are counted too.

Counted is per person (whoever has that address, or nobody), per network address, and for a browser that she was signed
in with before by that browser alone: a stranger can make her wait elsewhere, but not there.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from regulars.db.pool import Transaction, fetch_one
from regulars.programs.staff.people import SQL

Kind = Literal["person", "address", "browser", "mail", "mails_of_address"]
FORGOTTEN = timedelta(days=1)
"""After a day without a try the count begins anew."""


class Pace(Struct, frozen=True):
    """How many wrong tries there may be in a row, and how long one waits then: twice as long after each further one."""

    most: int
    wait: timedelta
    wait_max: timedelta
    """Never longer than this, so that a stranger cannot lock somebody out for good."""


OF_A_PERSON = Pace(5, timedelta(seconds=30), timedelta(hours=1))
OF_AN_ADDRESS = Pace(20, timedelta(seconds=30), timedelta(minutes=15))
"""A shop's staff often shares one; whoever gets in takes her try back."""
_PURPOSE = b"regulars staff attempt"


def subject(secret: bytes, kind: Kind, value: str) -> bytes:
    """Under what tries are counted: an HMAC, so that nobody's address is kept of whoever only tried."""
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    return hmac.digest(key, f"{kind}\0{value}".encode(), hashlib.sha256)


async def claim(tx: Transaction, about: bytes, pace: Pace, at: datetime) -> bool:
    """Count a try. False: one has to wait, and the try is not looked at."""
    values = {
        "subject": about, "most": pace.most, "at": at, "forgotten": at - FORGOTTEN,
        "longest": pace.wait_max.total_seconds(), "seconds": pace.wait.total_seconds(),
    }  # fmt: skip
    return await fetch_one(tx, SQL.claim_attempt, values) is not None


async def forget(tx: Transaction, about: bytes) -> None:
    """She got in: tries before count no more."""
    await tx.execute(SQL.forget_attempts, (about,))


async def give_back(tx: Transaction, about: bytes) -> None:
    """This try was right: it does not count."""
    await tx.execute(SQL.give_attempt_back, (about,))


async def prune(tx: Transaction, at: datetime) -> None:
    """Forget tries that count no more."""
    await tx.execute(SQL.prune_attempts, (at - FORGOTTEN,))
