"""Request keys: a write names its request, is done once, and a replay gets the first answer.

The key's row is inserted before anything else of the flow, so a second caller with the same name waits here until
the first has committed (and then reads its answer) or rolled back (and then goes ahead itself).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.db import queries
from regulars.db.pool import Transaction, fetch_one
from regulars.errors import RequestKeyReused, RequestVoided

SQL = queries.load("regulars.db", "requests.sql")
Kind = Literal["purchase", "return", "void", "post"]


class Request(Struct, frozen=True):
    """Who named which request, and a hash of what was asked (as parsed JSON, so layout does not count)."""

    program: UUID
    partner: UUID
    """The key's partner; the program's own id for a key that has none."""
    key: str
    digest: bytes
    at: datetime
    """The program's present instant."""


class Answer(Struct, frozen=True):
    """What is sent back: the HTTP status and body of the first answer, and whether this is a replay of it."""

    status: int
    body: bytes
    replayed: bool = False


def digest(path: str, value: Any) -> bytes:
    """SHA-256 of a parsed JSON value with its members in order, and of the call it was sent to."""
    canonical = msgspec.json.encode(value, order="sorted")
    return hashlib.sha256(path.encode() + b"\n" + canonical).digest()


class Digest(bytes):
    """What is kept of what somebody sent: a hash under the installation's secret.

    What is sent names people by few digits. Whoever had the database alone would soon have tried out every phone.
    """

    plain: bytes
    """The hash without the secret: what versions kept that knew no other."""


def secret_digest(secret: bytes, path: str, value: Any) -> Digest:
    """HMAC-SHA256 of a parsed JSON value with its members in order, and of the call it was sent to."""
    plain = digest(path, value)
    made = Digest(hmac.digest(secret, b"regulars.request\0" + plain, hashlib.sha256))
    made.plain = plain
    return made


def same(kept: bytes, asked: bytes) -> bool:
    """Whether a hash that was kept is of what is asked now, also where a version kept it that used no secret."""
    return kept == asked or (isinstance(asked, Digest) and kept == asked.plain)


async def claim(tx: Transaction, request: Request, kind: Kind = "post") -> Answer | None:
    """Claim the key for this transaction; the stored answer where it was used before with the same body.

    Raises RequestKeyReused where the body differs, RequestVoided where a till gave the request up.
    """
    claimed = await fetch_one(
        tx,
        SQL.claim,
        (request.program, request.partner, request.key, kind, bytes(request.digest), request.at),
    )
    if claimed is not None:
        return None
    row = await fetch_one(tx, SQL.find, (request.program, request.partner, request.key))
    assert row is not None, "a key that conflicts is there"
    first_kind, first_digest, status, body = row
    if first_kind == "void":
        raise RequestVoided
    if first_kind != kind or not same(bytes(first_digest), request.digest):
        raise RequestKeyReused
    return Answer(status, bytes(body), replayed=True)


async def free(tx: Transaction, request: Request) -> None:
    """Let go of a key that this transaction claimed: it commits, but what was asked is refused."""
    await tx.execute(SQL.free, (request.program, request.partner, request.key))


async def answered(tx: Transaction, request: Request) -> bool:
    """Whether something stands under the key: what comes now is a replay, or will be refused as another body."""
    return await fetch_one(tx, SQL.find, (request.program, request.partner, request.key)) is not None


async def keep(tx: Transaction, request: Request, status: int, body: bytes) -> Answer:
    """Store the answer beside the key; it is kept only if the transaction commits."""
    await tx.execute(SQL.keep, (status, body, request.program, request.partner, request.key))
    return Answer(status, body)
