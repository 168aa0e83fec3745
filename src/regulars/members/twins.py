"""Finds members who may be one person: of the same name, however it is spelled, and the same birthday.

Kept is a keyed hash of the two, so that the vault's names stay sealed; without a birthday nobody is compared.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from uuid import UUID

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import byteas, int2s, uuids
from regulars.db.pool import Transaction, fetch_all
from regulars.members.identity import BlindIndex
from regulars.members.model import Person

SQL = queries.load("regulars.members", "merging.sql")
TWINS_MAX = 100


def alike(name: str) -> str:
    """A name without capitals, accents and punctuation, its parts in order: `Kalniņa, Anna` is `anna kalnina`."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(letters.split()))


def digest(index: BlindIndex, person: Person) -> bytes | None:
    """32 bytes by which the same person is found again; None where too little is known of her."""
    name = alike(person.name)
    if not name or person.birthday is None:
        return None
    text = f"{name}\0{person.birthday.isoformat()}".encode()
    return hmac.digest(index.key, b"twin\0" + text, hashlib.sha256)


async def put(
    tx: Transaction, program: UUID, index: BlindIndex, persons: Sequence[tuple[UUID, Person]]
) -> None:
    """Remember what members are found by as twins."""
    found = [(member, of) for member, person in persons if (of := digest(index, person)) is not None]
    if found:
        homes = int2s([ids.home(member) for member, _ in found])
        columns = (homes, uuids([member for member, _ in found]), byteas([of for _, of in found]))
        await tx.execute(SQL.put_twins, (program, *columns))


async def change(tx: Transaction, program: UUID, index: BlindIndex, member: UUID, person: Person) -> None:
    """Remember it anew, or forget it."""
    if digest(index, person) is None:
        await forget(tx, program, member)
    else:
        await put(tx, program, index, [(member, person)])


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes it away: it says who somebody is."""
    await tx.execute(SQL.forget_twins, (program, ids.home(member), member))


async def of(tx: Transaction, program: UUID, member: UUID) -> list[UUID]:
    """Who may be the same person, by id; at most 100."""
    rows = await fetch_all(tx, SQL.twins_of, (program, ids.home(member), member, TWINS_MAX))
    return [row[0] for row in rows]
