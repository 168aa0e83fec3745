"""Keeps which phones hold the pass of a card, and since when it shows something new.

A phone names itself by a text of its own: what is kept of that is a keyed hash, and its push token is sealed. A pass is
told from a forged request by a token that is derived and stored nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one

SQL = queries.load("regulars.members", "passes.sql")
PHONES_MAX = 20
"""Phones that hold the pass of one card."""
CHANGED_MAX = 100
"""Passes that a phone is told of in one answer; it asks again from the last one's instant."""
UNSEEN = bytes(32)
"""What a pass showed of which nothing is known yet: whatever it shows is new."""
NONCE_BYTES = 12
_TOKEN = b"regulars.pass.token\0"
_DEVICE = b"regulars.pass.device\0"
_PUSH = b"regulars.pass.push\0"


class Watched(Struct, frozen=True):
    """A pass that is due to be looked at."""

    card: UUID
    shown: bytes
    """Digest of what it showed when it was looked at last."""


class Phone(Struct, frozen=True):
    """A phone that holds a pass; its push token is None where it cannot be opened."""

    card: UUID
    push: str | None

    def __repr__(self) -> str:
        return f"Phone({self.card}, …)"


def token_of(secret: bytes, program: UUID, card: UUID) -> str:
    """By what a phone shows that it holds the pass of a card: 64 hexadecimal digits, always the same."""
    return hmac.new(secret, _TOKEN + program.bytes + card.bytes, hashlib.sha256).hexdigest()


def is_token(secret: bytes, program: UUID, card: UUID, given: str) -> bool:
    """Whether a token is that of the card's pass; takes as long for a wrong one as for the right one."""
    return hmac.compare_digest(token_of(secret, program, card).encode(), given.encode())


def device_of(secret: bytes, program: UUID, name: str) -> bytes:
    """What is kept of a phone's name for itself: 32 bytes, of no use in another program."""
    return hmac.digest(secret, _DEVICE + program.bytes + name.encode(), hashlib.sha256)


async def register(
    tx: Transaction, program: UUID, secret: bytes, card: UUID, device: bytes, push: str, at: datetime
) -> bool | None:
    """A phone holds the pass from now on, or has another push token; whether it is new, None where there is no room.

    The card is there.
    """
    key = {"program": program, "home": ids.home(card), "card": card}
    await fetch_one(tx, SQL.enter, {**key, "shown": UNSEEN, "at": at})
    sealed = _seal(secret, program, card.bytes + device, push)
    row = await fetch_one(
        tx, SQL.register, {**key, "device": device, "push": sealed, "at": at, "most": PHONES_MAX}
    )
    return None if row is None else bool(row[0])


async def unregister(tx: Transaction, program: UUID, card: UUID, device: bytes) -> bool:
    """A phone threw the pass away; the last one takes along what was kept of it. False: it did not hold it."""
    key = (program, ids.home(card), card)
    if await fetch_one(tx, SQL.lock, key) is None:
        return False
    gone = await fetch_one(tx, SQL.unregister, (*key, device))
    await tx.execute(SQL.leave, {"program": program, "home": key[1], "card": card})
    return gone is not None


async def changed(
    tx: Transaction, program: UUID, device: bytes, since: datetime
) -> list[tuple[UUID, datetime]]:
    """The passes of a phone that show something new since an instant, and from when on; the oldest change first."""
    key = {"program": program, "device": device, "since": since, "most": CHANGED_MAX}
    return [(card, at) for card, at in await fetch_all(tx, SQL.changed, key)]


async def changed_at(tx: Transaction, program: UUID, card: UUID) -> datetime | None:
    """Since when a pass shows what it does; None where no phone holds it."""
    row = await fetch_one(tx, SQL.changed_at, (program, ids.home(card), card))
    return row[0] if row else None


async def due(tx: Transaction, program: UUID, before: datetime, most: int) -> list[Watched]:
    """Passes that were not looked at since an instant; none where another round of the program is at it.

    One round at a time: so instants of changes are committed in their order, and a phone that asks since the last one
    it knows misses none.
    """
    row = await fetch_one(tx, SQL.try_lock, (str(program),))
    if row is None or not row[0]:
        return []
    rows = await fetch_all(tx, SQL.due, {"program": program, "before": before, "most": most})
    return [Watched(card, shown) for card, shown in rows]


async def looked(tx: Transaction, program: UUID, seen: Sequence[Watched], at: datetime) -> None:
    """What passes show at an instant: those that show something else than before have changed."""
    columns = {
        "program": program,
        "at": at,
        "homes": arrays.int2s([ids.home(one.card) for one in seen]),
        "cards": arrays.uuids([one.card for one in seen]),
        "shown": arrays.byteas([one.shown for one in seen]),
    }
    await tx.execute(SQL.looked, columns)


async def phones(tx: Transaction, program: UUID, secret: bytes, cards: Sequence[UUID]) -> list[Phone]:
    """The phones that hold the passes of cards."""
    columns = {
        "program": program,
        "homes": arrays.int2s([ids.home(card) for card in cards]),
        "cards": arrays.uuids(cards),
    }
    rows = await fetch_all(tx, SQL.phones, columns)
    return [Phone(card, _opened(secret, program, card.bytes + device, push)) for card, device, push in rows]


async def forget(tx: Transaction, program: UUID, member: UUID) -> int:
    """Take away what is kept of the phones that hold a member's passes; how many phones there were."""
    key = {"program": program, "member": member}
    count = (await tx.execute(SQL.forget_phones, key)).rowcount
    await tx.execute(SQL.forget_passes, key)
    return count


def _seal(secret: bytes, program: UUID, bound: bytes, push: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(secret, program).encrypt(nonce, push.encode(), bound)


def _opened(secret: bytes, program: UUID, bound: bytes, sealed: bytes) -> str | None:
    try:
        return _cipher(secret, program).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound).decode()
    except (InvalidTag, ValueError):
        return None  # sealed by another secret: it is not told until it registers the next time


def _cipher(secret: bytes, program: UUID) -> AESGCM:
    return AESGCM(hmac.digest(secret, _PUSH + program.bytes, hashlib.sha256))
