"""Keeps which anonymous purchases were claimed afterwards, and which purchases of other pools count for a pool.

The claim code on a receipt is made from the purchase's id by a keyed hash: nothing is stored, nothing can be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one

SQL = queries.load("regulars.purchases", "claiming.sql")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What people read and type is what was printed: no 0 and O, no 1, I and L, no U beside V."""
CODE_LENGTH = 8


def code_of(key: bytes, purchase: UUID) -> str:
    """The claim code of an anonymous purchase, as `7KQM-2PXD`: one of 6.5 × 10¹¹. `key`: a secret of the program."""
    chance = int.from_bytes(hmac.digest(key, b"claim\0" + purchase.bytes, hashlib.sha256))
    letters: list[str] = []
    for _ in range(CODE_LENGTH):
        chance, digit = divmod(chance, len(ALPHABET))
        letters.append(ALPHABET[digit])
    text = "".join(letters)
    return f"{text[:4]}-{text[4:]}"


def is_code_of(key: bytes, purchase: UUID, sent: str) -> bool:
    """Whether that is the purchase's code; capitals, spaces and hyphens do not count."""
    plain = "".join(sent.split()).replace("-", "").upper()
    return hmac.compare_digest(plain.encode(), code_of(key, purchase).replace("-", "").encode())


async def claim(
    tx: Transaction,
    program: UUID,
    purchase: UUID,
    act: UUID,
    member: UUID,
    pool: UUID,
    at: datetime,
    document: bytes,
) -> bool:
    """Write that a purchase is a member's from now on. False: it was claimed before."""
    key = (program, ids.home(purchase), purchase)
    if await fetch_one(tx, SQL.claim, (*key, act, member, pool, at, document)) is None:
        return False
    await tx.execute(SQL.count_claimed, (program, ids.home(pool), pool, ids.home(purchase), purchase))
    return True


async def claims_since(tx: Transaction, program: UUID, member: UUID, since: datetime) -> int:
    """How many purchases a member claimed after an instant."""
    row = await fetch_one(tx, SQL.claims_since, (program, member, since))
    assert row is not None, "a count has a row"
    return row[0]


async def count_merged(tx: Transaction, program: UUID, source: UUID, target: UUID, merge: UUID) -> None:
    """Let all that counts for the pool `source` count for `target` too."""
    await tx.execute(SQL.count_merged, (program, ids.home(target), target, ids.home(source), source, merge))


async def uncount_merged(tx: Transaction, program: UUID, target: UUID, merge: UUID) -> None:
    """Let what came with a merge count for `target` no more."""
    await tx.execute(SQL.uncount_merged, (program, ids.home(target), target, merge))


async def cards_of(tx: Transaction, program: UUID, purchases: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Purchase → the card that it was made with."""
    named = sorted(set(purchases))
    homes = int2s([ids.home(purchase) for purchase in named])
    return dict(await fetch_all(tx, SQL.cards_of, (homes, uuids(named), program)))
