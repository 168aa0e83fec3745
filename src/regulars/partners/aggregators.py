"""Keeps wallets of other makers: who they are, how much they may ask a day, whom they brought, what members allow them.

A grant's token is never stored: it is made of the grant's id by the installation's secret, and known by its digest.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import WrongIdKind

SQL = queries.load("regulars.partners")
GRANTS_MAX = 200
_TOKEN = b"regulars wallet grant\n"
_TOKEN_BYTES = 20


class Aggregator(Struct, frozen=True):
    """A wallet of another maker."""

    id: UUID
    name: str
    api_key: UUID
    calls_a_day: int
    created_at: datetime
    revoked_at: datetime | None = None


class Use(Struct, frozen=True):
    """A wallet, and how it is used."""

    aggregator: Aggregator
    key_before: UUID | None
    """The key that its key took the place of; it may have ended."""
    grants: int
    """How many members allow it to show their cards."""
    calls: int
    """On that day."""


class Registration(Struct, frozen=True):
    """A phone that an aggregator brought; what names her is sealed, and gone once it is confirmed or too late."""

    id: UUID
    aggregator: UUID
    challenge: UUID
    generation: int | None
    wrapped_key: bytes | None
    sealed: bytes | None
    expires_at: datetime
    confirmed_at: datetime | None = None

    def __repr__(self) -> str:
        return "Registration(…)"


class Grant(Struct, frozen=True):
    """What a member allows an aggregator: to show her card and her balance."""

    id: UUID
    member: UUID
    aggregator: UUID
    name: str
    """Of the aggregator."""
    digest: bytes
    granted_at: datetime
    revoked_at: datetime | None = None
    """When she took it back, or the program ended the aggregator."""

    def __repr__(self) -> str:
        return "Grant(…)"


def token(secret: bytes, grant: UUID) -> str:
    """The text of a grant's token: its id, and what nobody can guess."""
    guess = hmac.digest(secret, _TOKEN + grant.bytes, hashlib.sha256)[:_TOKEN_BYTES]
    return f"{ids.show('grt', grant)}.{b32encode(guess).decode().lower()}"


def digest(text: str) -> bytes:
    """What is stored of a token. It has its full entropy, so no salt is needed."""
    return hashlib.sha256(text.encode()).digest()


async def enter(tx: Transaction, program: UUID, aggregator: Aggregator) -> None:
    """Enter an aggregator."""
    one = aggregator
    await tx.execute(
        SQL.insert_aggregator, (program, one.id, one.name, one.api_key, one.calls_a_day, one.created_at)
    )


async def every(tx: Transaction, program: UUID) -> list[Aggregator]:
    """All of a program, in the order in which they were entered."""
    return [Aggregator(*row) for row in await fetch_all(tx, SQL.aggregators, (program,))]


async def of_key(tx: Transaction, program: UUID, key: UUID) -> Aggregator | None:
    """Whose key it is, if it was not ended."""
    row = await fetch_one(tx, SQL.aggregator_of_key, (program, key))
    return Aggregator(*row) if row else None


async def in_use(tx: Transaction, program: UUID, day: date) -> list[Use]:
    """All of a program as they are used, in the order in which they were entered; the calls are those of a day."""
    rows = await fetch_all(tx, SQL.used_aggregators, {"program": program, "day": day})
    return [Use(Aggregator(*row[:6]), *row[6:]) for row in rows]


async def lock(tx: Transaction, program: UUID, aggregator: UUID) -> Aggregator | None:
    """One that is in force, locked until the transaction ends."""
    row = await fetch_one(tx, SQL.lock_aggregator, (program, aggregator))
    return Aggregator(*row) if row else None


async def follow_key(tx: Transaction, program: UUID, key: UUID, to: UUID) -> UUID | None:
    """Whose key it is has another one from now on, beside which this one counts; the one that counts no longer.

    None also where it is nobody's key.
    """
    row = await fetch_one(tx, SQL.lock_of_key, (program, key))
    await tx.execute(SQL.follow_key, (to, program, key))
    return row[0] if row else None


async def revoke(tx: Transaction, program: UUID, aggregator: UUID, at: datetime) -> list[UUID] | None:
    """End an aggregator, and all its tokens with it; its keys. None when it was ended before, or never was."""
    row = await fetch_one(tx, SQL.revoke_aggregator, (at, program, aggregator))
    return [key for key in row if key is not None] if row else None


async def change_quota(
    tx: Transaction, program: UUID, aggregator: UUID, calls_a_day: int
) -> Aggregator | None:
    """Let it ask so much a day. None when it was ended, or never was."""
    row = await fetch_one(tx, SQL.change_quota, (calls_a_day, program, aggregator))
    return Aggregator(*row) if row else None


async def count_call(tx: Transaction, program: UUID, aggregator: Aggregator, day: date) -> bool:
    """Count a call of that day. False when it has had all that it may."""
    named = {"program": program, "aggregator": aggregator.id, "day": day, "most": aggregator.calls_a_day}
    return await fetch_one(tx, SQL.count_call, named) is not None


async def register(tx: Transaction, program: UUID, one: Registration, at: datetime) -> None:
    """Enter a registration."""
    await tx.execute(
        SQL.insert_registration,
        (
            program, ids.home(one.id), one.id, one.aggregator, one.challenge, one.generation, one.wrapped_key,
            one.sealed, at, one.expires_at,
        ),
    )  # fmt: skip


async def registration(tx: Transaction, program: UUID, identifier: UUID) -> Registration | None:
    """The registration of that id."""
    row = await fetch_one(tx, SQL.registration, (program, ids.home(identifier), identifier))
    if row is None:
        return None
    sealed = [None if part is None else bytes(part) for part in row[4:6]]
    return Registration(row[0], row[1], row[2], row[3], sealed[0], sealed[1], row[6], row[7])


async def end_registration(tx: Transaction, program: UUID, identifier: UUID, at: datetime) -> bool:
    """It is confirmed, and forgets whom it named. False when it was before."""
    return (
        await fetch_one(tx, SQL.end_registration, (at, program, ids.home(identifier), identifier)) is not None
    )


async def forget_registrations(tx: Transaction, program: UUID, at: datetime) -> int:
    """Forget whom those named that came too late; how many there were."""
    return (await tx.execute(SQL.forget_registrations, (program, at))).rowcount


async def grant(tx: Transaction, program: UUID, one: Grant) -> None:
    """Enter a grant."""
    fields = (one.member, one.aggregator, one.digest, one.granted_at)
    await tx.execute(SQL.insert_grant, (program, ids.home(one.id), one.id, *fields))


async def find_grant(tx: Transaction, program: UUID, text: str) -> Grant | None:
    """The grant of a token, in force or not; None for what is no token of ours."""
    try:
        identifier = ids.read("grt", text.partition(".")[0])
    except WrongIdKind:
        return None
    row = await fetch_one(tx, SQL.grant_by_id, (program, ids.home(identifier), identifier))
    found = _grant(row) if row else None
    return found if found is not None and hmac.compare_digest(found.digest, digest(text)) else None


async def grants_of(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[Grant]:
    """What members allowed who are one person, the newest first (at most 200)."""
    return [_grant(row) for row in await fetch_all(tx, SQL.grants_of, (program, uuids(members), GRANTS_MAX))]


async def revoke_grant(
    tx: Transaction, program: UUID, members: Sequence[UUID], identifier: UUID, at: datetime
) -> bool:
    """Take back what one of these members allowed. False when there is no such grant in force."""
    key = (at, program, ids.home(identifier), identifier, uuids(members))
    return await fetch_one(tx, SQL.revoke_grant, key) is not None


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """Remove what a member allowed: she was erased."""
    await tx.execute(SQL.forget_grants, (program, ids.home(member), member))


def _grant(row: tuple) -> Grant:
    return Grant(row[0], row[1], row[2], row[3], bytes(row[4]), row[5], row[6])
