"""Finds members by name though names are sealed: keyed hashes of a name's words and of their first three letters.

A word is compared without capitals, accents and punctuation, the parts of a name in any order. What a stolen table
would tell is said in `docs/decisions/0017-names-are-found-by-keyed-hashes.md`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import byteas, int2s, uuids
from regulars.db.pool import Transaction, fetch_all
from regulars.members.identity import BlindIndex
from regulars.members.model import Person
from regulars.members.twins import alike
from regulars.members.vault import Vault

SQL = queries.load("regulars.members", "names.sql")
START = 3
"""Letters by which the beginning of a word is found."""
WORDS_MAX = 8
"""Of a name; what stands behind them is not found."""
FIRST = UUID(int=0)
Place = tuple[int, UUID]
BEGINNING: Place = (-1, FIRST)


def words_of(text: str) -> list[str]:
    """The words of a name in their normal form, each once, in the order of the alphabet."""
    return list(dict.fromkeys(alike(text[:400]).split()))[:WORDS_MAX]


def word(index: BlindIndex, text: str) -> bytes:
    """16 bytes for a whole word in its normal form."""
    return _digest(index, b"name\0" + text.encode())


def start(index: BlindIndex, text: str) -> bytes:
    """16 bytes for the first three letters of a word."""
    return _digest(index, b"start\0" + text[:START].encode())


def _digest(index: BlindIndex, text: bytes) -> bytes:
    return hmac.digest(index.key, text, hashlib.sha256)[:16]


def digests(index: BlindIndex, person: Person) -> list[bytes]:
    """All by which a person is found by her name."""
    found = words_of(person.name)
    return sorted({digest for one in found for digest in (word(index, one), start(index, one))})


async def put(
    tx: Transaction, program: UUID, index: BlindIndex, persons: Sequence[tuple[UUID, Person]]
) -> None:
    """Let these members be found by their names."""
    rows = [(member, digest) for member, person in persons for digest in digests(index, person)]
    if rows:
        columns = (int2s([ids.home(one) for one, _ in rows]), uuids([one for one, _ in rows]))
        await tx.execute(SQL.put_names, (program, *columns, byteas([digest for _, digest in rows])))


async def change(tx: Transaction, program: UUID, index: BlindIndex, member: UUID, person: Person) -> None:
    """Let a member be found by her name of now, and by no earlier one."""
    kept = digests(index, person)
    await tx.execute(SQL.drop_names, (program, ids.home(member), member, byteas(kept)))
    await put(tx, program, index, [(member, person)])


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes it away: it says who somebody is."""
    await tx.execute(SQL.forget_names, (program, ids.home(member), member))


async def find(
    tx: Transaction, program: UUID, wanted: Sequence[bytes], after: UUID = FIRST, limit: int = 50
) -> list[UUID]:
    """Members who have all of these digests, by id, those after `after`. The rarest should stand first."""
    first, *others = wanted
    asked = {
        "program": program,
        "first": first,
        "others": byteas(others),
        "after": after,
        "limit": limit,
    }
    return [row[0] for row in await fetch_all(tx, SQL.named, asked)]


async def known(tx: Transaction, program: UUID, wanted: Sequence[bytes]) -> set[bytes]:
    """Those of the digests that anybody has."""
    return {bytes(row[0]) for row in await fetch_all(tx, SQL.known_names, (program, byteas(wanted)))}


async def index_page(
    tx: Transaction, program: UUID, vault: Vault, after: Place, limit: int
) -> tuple[Place | None, int]:
    """Let the persons after a place be found by their names; where to go on (None: that was all), and how many.

    Raises VaultLocked.
    """
    rows = await fetch_all(tx, SQL.persons_after, (program, *after, limit))
    persons = [(row[1], vault.open(row[1], *row[2:])) for row in rows]
    await put(tx, program, vault.index, persons)
    return ((rows[-1][0], rows[-1][1]) if len(rows) == limit else None), len(rows)
