"""Keeps what purchases were paid with, so that a friend's is noticed that was paid by whoever brought her.

An instrument is what a terminal calls a payment card: a token or a fingerprint, never the number. Of it a keyed hash
is kept, only where a program has a referral program, and no longer than a referral can turn on it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import byteas, instants, int2s, uuids
from regulars.db.burst import Sender
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members import numbers
from regulars.members.identity import BlindIndex

SQL = queries.load("regulars.members", "instruments.sql")
NUMBER_DIGITS = range(13, 20)
"""How long the number of a payment card is (ISO/IEC 7812: up to 19 digits; the shortest in use have 13)."""
_SPACED = str.maketrans("", "", " -._:/")


class Paid(Struct, frozen=True, gc=False):
    """That a purchase was paid with an instrument; `member`: whose purchase it is, None: nobody's."""

    purchase: UUID
    digest: bytes
    member: UUID | None
    paid_at: datetime


def is_card_number(text: str) -> bool:
    """Whether a text could be the number of a payment card, however it is spaced: its length, and its check digit."""
    digits = text.translate(_SPACED)
    return (
        digits.isascii() and digits.isdigit() and len(digits) in NUMBER_DIGITS and numbers.luhn(digits) == 0
    )


def digest(index: BlindIndex, instrument: str) -> bytes:
    """32 bytes, others in every program: HMAC-SHA256 with the key of its blind index."""
    return hmac.digest(index.key, b"instrument\0" + instrument.encode(), hashlib.sha256)


async def note(tx: Sender, program: UUID, paid: Sequence[Paid]) -> None:
    """Remember what purchases were paid with; nothing where the program never had a referral program."""
    columns = (
        int2s([ids.home(one.purchase) for one in paid]),
        uuids([one.purchase for one in paid]),
        byteas([one.digest for one in paid]),
        uuids([one.member for one in paid]),
        instants([one.paid_at for one in paid]),
    )
    await tx.execute(SQL.note, (program, *columns))


async def withdraw(tx: Transaction, program: UUID, purchase: UUID) -> None:
    """A purchase was paid otherwise than it was said when it was held."""
    await tx.execute(SQL.withdraw, (program, ids.home(purchase), purchase))


async def claimed(tx: Transaction, program: UUID, purchase: UUID, member: UUID) -> None:
    """Somebody claimed an anonymous purchase: it was hers, and so is what paid for it."""
    await tx.execute(SQL.claimed, (member, program, ids.home(purchase), purchase))


async def of_purchases(tx: Transaction, program: UUID, purchases: Sequence[UUID]) -> list[bytes]:
    """With what purchases were paid, each instrument once."""
    columns = (int2s([ids.home(one) for one in purchases]), uuids(list(purchases)), program)
    return [row[0] for row in await fetch_all(tx, SQL.of_purchases, columns)]


async def paid_near(
    tx: Transaction, program: UUID, members: Sequence[UUID], but: UUID, digests: Sequence[bytes]
) -> bool:
    """Whether one of these members, or whoever is or was in an account with them, has paid with one of these.

    `but`: the friend herself, who is not asked about.
    """
    named = {
        "program": program,
        "members": uuids(list(members)),
        "but": but,
        "digests": byteas(list(digests)),
    }
    return await fetch_one(tx, SQL.paid_near, named) is not None


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes away what she paid with."""
    await tx.execute(SQL.forget, (program, member))


async def prune(tx: Transaction, program: UUID, before: datetime, unclaimed: datetime, limit: int) -> int:
    """Forget payments before an instant, and nobody's before another; of how many, so many at once."""
    named = {"program": program, "before": before, "unclaimed": unclaimed, "limit": limit}
    return (await tx.execute(SQL.prune, named)).rowcount
