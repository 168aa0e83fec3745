"""Keeps messages from the moment a flow decides on them until they are sent: never twice, and not when it is too late.

A message is written in its flow's transaction and taken by one sender at a time. What a provider accepted is never
sent again: a sender that vanished with a message may have sent it, so that one is given up, not repeated.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all
from regulars.messages.model import Due, Message, Unreadable

SQL = queries.load("regulars.messages")
NONCE_BYTES = 12
SENDING_SECONDS = 60
"""How long a sender has; far more than its own time limits."""
TAKEN_MAX = 50
_PURPOSE = b"regulars.message\0"


async def queue(
    tx: Transaction,
    program: UUID,
    secret: bytes,
    message: Message,
    *,
    purpose: str,
    at: datetime,
    keep: timedelta,
    home: int | None = None,
) -> UUID:
    """Write a message in the flow's own transaction. It is sent within `keep`, or not at all; its id.

    `home`: that of the member it is to; another by chance.
    """
    identifier = ids.new(home if home is not None else int.from_bytes(os.urandom(2), "big") % ids.HOMES)
    sealed = seal(secret, program, identifier, message)
    row = (
        program, ids.home(identifier), identifier, message.channel, purpose, sealed, at, at + keep, at,
    )  # fmt: skip
    await tx.execute(SQL.queue, row)
    return identifier


async def take(
    tx: Transaction, program: UUID, secret: bytes, at: datetime, most: int = TAKEN_MAX
) -> list[Due | Unreadable]:
    """Take what is due; until a minute is over nobody else gets it. One that cannot be opened holds back no other."""
    until = at + timedelta(seconds=SENDING_SECONDS)
    key = {"program": program, "at": at, "until": until, "most": most}
    rows = await fetch_all(tx, SQL.take_due, key)
    return [
        _opened(secret, program, sealed, (identifier, channel, purpose, attempts, expires_at))
        for identifier, channel, purpose, sealed, attempts, expires_at in rows
    ]


async def settle(tx: Transaction, program: UUID, message: UUID, at: datetime, *, sent: bool) -> None:
    """A message was sent, or cannot be: whom it was for and what it said is forgotten."""
    key = {"program": program, "home": ids.home(message), "id": message}
    await tx.execute(SQL.settle, {**key, "state": "sent" if sent else "failed", "at": at})


async def put_back(tx: Transaction, program: UUID, message: UUID, due_at: datetime) -> None:
    """The provider did not take it: try again later."""
    key = {"program": program, "home": ids.home(message), "id": message}
    await tx.execute(SQL.put_back, {**key, "due_at": due_at})


async def give_up(tx: Transaction, program: UUID, at: datetime) -> int:
    """Let go of what came too late, or whose sender vanished; how many there were."""
    return (await tx.execute(SQL.give_up, {"program": program, "at": at})).rowcount


async def prune(tx: Transaction, program: UUID, before: datetime) -> int:
    """Forget that there were messages before an instant; how many there were."""
    return (await tx.execute(SQL.prune, (program, before))).rowcount


def seal(secret: bytes, program: UUID, identifier: UUID, message: Message) -> bytes:
    """A message as it may be kept: AES-256-GCM under a key of the program, bound to its row."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(secret, program).encrypt(nonce, msgspec.json.encode(message), identifier.bytes)


def open_sealed(secret: bytes, program: UUID, identifier: UUID, sealed: bytes) -> Message:
    """The message. Raises InvalidTag where the row was changed or is not this one."""
    opened = _cipher(secret, program).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], identifier.bytes)
    return msgspec.json.decode(opened, type=Message)


def _opened(secret: bytes, program: UUID, sealed: bytes, taken: tuple[Any, ...]) -> Due | Unreadable:
    try:
        return Due(*taken, message=open_sealed(secret, program, taken[0], sealed))
    except (InvalidTag, ValueError) as error:  # a nonce that is cut short, or no JSON, is a ValueError
        return Unreadable(*taken, reason=type(error).__name__)


def _cipher(secret: bytes, program: UUID) -> AESGCM:
    return AESGCM(hmac.digest(secret, _PURPOSE + program.bytes, hashlib.sha256))
