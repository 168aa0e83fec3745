"""Keeps how people arrive: who was welcomed already, which rows of other systems are in, what is asked, from where.

"Once" is a primary key, and its keyed hash outlives a membership: who leaves and comes back is not welcomed twice,
and who was erased does not come back by an old file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import Conflict
from regulars.members.model import IdentifierKind, Person
from regulars.members.questionnaire import Questionnaire
from regulars.members.vault import Vault

SQL = queries.load("regulars.members", "arrivals.sql")
WELCOMED_BY = ("phone", "email")
"""What says that two members are one person."""


class Arrival(Struct, frozen=True):
    """A member with what she can be found by, normalised."""

    member: UUID
    identifiers: tuple[tuple[IdentifierKind, str], ...]


class Asked(Struct, frozen=True):
    """The questionnaire in force."""

    version: int
    questionnaire: Questionnaire
    created_at: datetime


async def welcome(
    tx: Transaction, program: UUID, vault: Vault, arrivals: Sequence[Arrival], at: datetime
) -> set[UUID]:
    """Who of these is welcomed now: whose phone and email, and herself, were never welcomed before.

    A member without phone and email is not: nothing would tell that she is the same next time.
    """
    claims: dict[tuple[str, bytes], UUID] = {}
    repeated: set[UUID] = set()
    for arrival in arrivals:
        by = [pair for pair in arrival.identifiers if pair[0] in WELCOMED_BY]
        if not by:
            continue
        digests = [("member", hashlib.sha256(arrival.member.bytes).digest())]
        digests += [(kind, vault.digest(kind, value)) for kind, value in by]
        for claim in digests:
            if claims.setdefault(claim, arrival.member) != arrival.member:
                repeated.add(arrival.member)
    if not claims:
        return set()
    columns = (
        arrays.texts([kind for kind, _ in claims]),
        arrays.byteas([digest for _, digest in claims]),
        arrays.int2s([ids.home(member) for member in claims.values()]),
    )
    new = {
        (kind, bytes(digest)) for kind, digest in await fetch_all(tx, SQL.welcome, (program, at, *columns))
    }
    repeated |= {member for claim, member in claims.items() if claim not in new}
    return set(claims.values()) - repeated


async def claim_rows(
    tx: Transaction, program: UUID, rows: Sequence[tuple[bytes, UUID]], at: datetime
) -> set[bytes]:
    """Enter (digest of the row, member made of it); the digests that were there before."""
    if not rows:
        return set()
    columns = (
        arrays.byteas([digest for digest, _ in rows]),
        arrays.int2s([ids.home(member) for _, member in rows]),
        arrays.uuids([member for _, member in rows]),
    )
    new = {bytes(digest) for (digest,) in await fetch_all(tx, SQL.import_rows, (program, at, *columns))}
    return {digest for digest, _ in rows} - new


async def imported(tx: Transaction, program: UUID, digests: Sequence[bytes]) -> dict[bytes, UUID]:
    """Digest of a row → the member that was made of it."""
    rows = await fetch_all(tx, SQL.imported_rows, (arrays.byteas(digests), program))
    return {bytes(digest): member for digest, member in rows}


async def release_rows(tx: Transaction, program: UUID, digests: Sequence[bytes]) -> None:
    """Let rows come again whose import is undone."""
    await tx.execute(SQL.release_rows, (arrays.byteas(digests), program))


async def release_numbers(tx: Transaction, program: UUID, given: Sequence[tuple[str, UUID]]) -> None:
    """Let (card number, card) go: another card may have the number."""
    columns = (arrays.texts([number for number, _ in given]), arrays.uuids([card for _, card in given]))
    await tx.execute(SQL.release_numbers, (*columns, program))


async def claim_numbers(tx: Transaction, program: UUID, wanted: Sequence[tuple[str, UUID]]) -> set[str]:
    """Enter (card number, card); the numbers that another card has."""
    if not wanted:
        return set()
    columns = (
        arrays.texts([number for number, _ in wanted]),
        arrays.int2s([ids.home(card) for _, card in wanted]),
        arrays.uuids([card for _, card in wanted]),
    )
    new = {number for (number,) in await fetch_all(tx, SQL.claim_given_numbers, (program, *columns))}
    return {number for number, _ in wanted} - new


async def people(tx: Transaction, program: UUID, vault: Vault, members: Sequence[UUID]) -> dict[UUID, Person]:
    """Member → who she is; nobody where she was erased. Raises VaultLocked."""
    columns = (arrays.int2s([ids.home(member) for member in members]), arrays.uuids(members))
    rows = await fetch_all(tx, SQL.people, (*columns, program))
    return {member: vault.open(member, generation, key, sealed) for member, generation, key, sealed in rows}


async def enter_questionnaire(
    tx: Transaction, program: UUID, asked: Questionnaire, at: datetime, by: str
) -> int:
    """Enter the next version; its number. Raises Conflict when another was entered just now."""
    document = msgspec.json.encode(asked).decode()
    named = {"program": program, "document": document, "at": at, "by": by}
    row = await fetch_one(tx, SQL.enter_questionnaire, named)
    if row is None:
        raise Conflict("Another questionnaire was entered at the same instant; send yours again.")
    return row[0]


async def questionnaire(tx: Transaction, program: UUID) -> Asked | None:
    """The questionnaire in force; None: the program never had one."""
    row = await fetch_one(tx, SQL.questionnaire, (program,))
    if row is None:
        return None
    return Asked(row[0], msgspec.json.decode(row[1], type=Questionnaire), row[2])
