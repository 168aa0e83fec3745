"""Reads members and cards: one by id, the cards of one, and who the customers of a whole batch are.

`RESOLVE` with the parameters of `asked` is one statement without a lock. A flow that writes locks the pools
that it names and executes it again: what it gives then holds until the end of the transaction, but for a card
that was handed to another member between the two (its pool is then not among the locked ones).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.rows import TupleRow

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members import identity, numbers
from regulars.members.identity import BlindIndex
from regulars.members.model import Card, Customer, Identifier, Member, Person

SQL = queries.load("regulars.members")
RESOLVE = SQL.resolve
FIRST = UUID(int=0)
"""Before every id."""


class Profile(Member, frozen=True):
    """A member and who she is."""

    person: Person = Person()


def identifier(
    kind: str, text: str, settings: numbers.CardSettings, region: str | None, pointer: str
) -> Identifier:
    """What a caller typed, normalised. Raises InvalidCardNumber, InvalidValue or WrongIdKind (422)."""
    if kind == "card":
        return Identifier("card", numbers.check(text, settings, pointer))
    if kind == "phone":
        return Identifier("phone", identity.phone(text, region, pointer))
    if kind == "email":
        return Identifier("email", identity.email(text, pointer))
    if kind == "external_id":
        return Identifier("external_id", identity.external_id(text, pointer))
    assert kind == "member", kind
    return Identifier("member", ids.show("mem", ids.read("mem", text, pointer)))


def asked(
    program: UUID, index: BlindIndex, positions: Sequence[int], identifiers: Sequence[Identifier]
) -> dict[str, Any]:
    """The parameters of RESOLVE: identifiers, each with the position that its customer is given under."""
    members = [ids.read("mem", i.value) if i.kind == "member" else None for i in identifiers]
    return {
        "program": program,
        "positions": arrays.int4s(positions),
        "kinds": arrays.texts([i.kind for i in identifiers]),
        "numbers": arrays.texts([i.value if i.kind == "card" else None for i in identifiers]),
        "digests": arrays.byteas([_digest(index, i) for i in identifiers]),
        "homes": arrays.int2s([None if member is None else ids.home(member) for member in members]),
        "ids": arrays.uuids(members),
    }


def customers(rows: Sequence[TupleRow]) -> dict[int, Customer]:
    """Position → customer, from the rows of RESOLVE; a position that leads nowhere is not there."""
    return {row[0]: Customer(*row[1:]) for row in rows}


async def find(
    tx: Transaction, program: UUID, index: BlindIndex, identifiers: Sequence[Identifier]
) -> dict[int, Customer]:
    """Place in `identifiers` → customer, without a lock."""
    parameters = asked(program, index, range(len(identifiers)), identifiers)
    return customers(await fetch_all(tx, RESOLVE, parameters))


async def member(tx: Transaction, program: UUID, identifier: UUID, *, lock: bool = False) -> Profile | None:
    """The member of that id, or the one she was merged into; locked until the transaction ends."""
    seen: set[UUID] = set()
    while identifier not in seen:
        seen.add(identifier)
        key = (program, ids.home(identifier), identifier)
        if lock:
            await tx.execute(SQL.lock_member, key)
        row = await fetch_one(tx, SQL.read_member, key)
        if row is None:
            return None
        profile = Profile(*row[:10], person=Person(*row[10:]))
        if profile.merged_into is None:
            return profile
        identifier = profile.merged_into
    raise AssertionError("members are merged in a circle")


async def cards_of(
    tx: Transaction, program: UUID, member: UUID, *, after: UUID = FIRST, limit: int = 1000
) -> tuple[Card, ...]:
    """A member's cards in the order they were issued, from the one after `after`."""
    key = (program, ids.home(member), member, after, limit)
    return tuple(Card(*row) for row in await fetch_all(tx, SQL.cards_of_member, key))


async def card_by_number(tx: Transaction, program: UUID, number: str) -> Card | None:
    """The card that a normalised number leads to."""
    row = await fetch_one(tx, SQL.card_by_number, (program, number))
    return Card(*row) if row else None


async def card_by_id(tx: Transaction, program: UUID, identifier: UUID) -> Card | None:
    """The card of that id."""
    row = await fetch_one(tx, SQL.card_by_id, (program, ids.home(identifier), identifier))
    return Card(*row) if row else None


def _digest(index: BlindIndex, found: Identifier) -> bytes | None:
    if found.kind == "card" or found.kind == "member":
        return None
    return index.digest(found.kind, found.value)
