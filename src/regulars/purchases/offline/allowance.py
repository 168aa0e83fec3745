"""Decides what a till may let a member spend while the line is down, as a token that only the program can make. Pure.

A token says how much, and until when; its seal (HMAC-SHA256 by a key of the program) ties it to one device, one
snapshot and one card. The server alone checks it, so it needs no signature that others could check: the snapshot that
carries it is signed as a whole. Bytes, all numbers big-endian:

    version 1 · until 4 (seconds since 1970) · points with the card alone 8 · points with a moving code 8 · seal 16

A snapshot's id says when it was made, and its salt hides the cards' numbers from whoever only looks at it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime
from struct import Struct as Layout
from uuid import UUID

from msgspec import Struct

VERSION = 1
_BODY = Layout("!BIQQ")
_SEAL_BYTES = 16
CARD_BYTES = 16
_PURPOSE = b"regulars.allowances\0"
_CARD = b"regulars.card.1\0"
_ALLOWANCE = b"regulars.allowance.1\0"
_SALT = b"regulars.salt.1\0"


class Allowance(Struct, frozen=True):
    """What one card may pay at one device: points of the program's first currency."""

    amount: int
    """With the card alone."""
    proved: int
    """With the moving code of the member's phone."""
    until: datetime
    seal: bytes
    """Of one device, one snapshot and one card: what is spent under it is counted by it."""


def key_of(secret: bytes, program: UUID) -> bytes:
    """What a program seals its allowances with, from the installation's secret."""
    return hmac.digest(secret, _PURPOSE + program.bytes, hashlib.sha256)


def snapshot_id(at: datetime, chance: UUID) -> UUID:
    """An id that says when the snapshot was made; `chance`: any new id, of which the random part is taken."""
    millisecond = int(at.timestamp() * 1000)
    tail = chance.int & (1 << 62) - 1
    return UUID(int=millisecond << 80 | 0x7 << 76 | (chance.int >> 64 & 0xFFF) << 64 | 0x2 << 62 | tail)


def made_at(snapshot: UUID) -> datetime:
    """When a snapshot was made, to the millisecond; the year 9987 at the latest, for anybody can write an id."""
    return datetime.fromtimestamp(min((snapshot.int >> 80) / 1000, 253_000_000_000), UTC)


def salt_of(key: bytes, snapshot: UUID) -> bytes:
    """What the cards of a snapshot are hashed with."""
    return hmac.digest(key, _SALT + snapshot.bytes, hashlib.sha256)[:CARD_BYTES]


def card_hash(salt: bytes, number: str) -> bytes:
    """How a snapshot names a card: the first 16 bytes of SHA-256 of a purpose, the salt and the digits."""
    return hashlib.sha256(_CARD + salt + number.encode()).digest()[:CARD_BYTES]


def seal(
    key: bytes, device: UUID, snapshot: UUID, card: bytes, amount: int, proved: int, until: datetime
) -> str:
    """The token of an allowance, in base64url without padding. `card`: its hash."""
    body = _BODY.pack(VERSION, int(until.timestamp()), amount, proved)
    whole = body + _seal(key, device, snapshot, card, body)
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def read(key: bytes, token: str, device: UUID, snapshot: UUID, card: bytes) -> Allowance | None:
    """The allowance in a token; None: the program never gave it to this device, in this snapshot, for this card."""
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, sent = whole[:-_SEAL_BYTES], whole[-_SEAL_BYTES:]
    if len(body) != _BODY.size or body[0] != VERSION:
        return None
    if not hmac.compare_digest(sent, _seal(key, device, snapshot, card, body)):
        return None
    _, until, amount, proved = _BODY.unpack(body)
    return Allowance(amount, proved, datetime.fromtimestamp(until, UTC), sent)


def _seal(key: bytes, device: UUID, snapshot: UUID, card: bytes, body: bytes) -> bytes:
    about = _ALLOWANCE + device.bytes + snapshot.bytes + card + body
    return hmac.digest(key, about, hashlib.sha256)[:_SEAL_BYTES]
