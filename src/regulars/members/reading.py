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
from regulars.members import dynamic_code, identity, numbers
from regulars.members.model import Card, Customer, Identifier, Member, Person
from regulars.members.vault import Vault

SQL = queries.load("regulars.members")
RESOLVE = SQL.resolve
FIRST = UUID(int=0)
"""Before every id."""
FIELDS = len(Member.__struct_fields__)


class Profile(Member, frozen=True):
    """A member and who she is."""

    person: Person = Person()

    @classmethod
    def of(cls, member: Member, person: Person) -> Profile:
        """A member with her person."""
        return cls(**{name: getattr(member, name) for name in Member.__struct_fields__}, person=person)


def identifier(
    kind: str, text: str, settings: numbers.CardSettings, region: str | None, pointer: str
) -> Identifier:
    """What a caller typed, normalised. Raises InvalidCardNumber, InvalidValue or WrongIdKind (422)."""
    if kind == "card":
        return Identifier("card", numbers.check(dynamic_code.card_in(text), settings, pointer))
    if kind == "phone":
        return Identifier("phone", identity.phone(text, region, pointer))
    if kind == "email":
        return Identifier("email", identity.email(text, pointer))
    if kind == "external_id":
        return Identifier("external_id", identity.external_id(text, pointer))
    assert kind == "member", kind
    return Identifier("member", ids.show("mem", ids.read("mem", text, pointer)))


def asked(
    program: UUID, vault: Vault, positions: Sequence[int], identifiers: Sequence[Identifier]
) -> dict[str, Any]:
    """The parameters of RESOLVE: identifiers, each with the position that its customer is given under."""
    members = [ids.read("mem", i.value) if i.kind == "member" else None for i in identifiers]
    return {
        "program": program,
        "positions": arrays.int4s(positions),
        "kinds": arrays.texts([i.kind for i in identifiers]),
        "numbers": arrays.texts([i.value if i.kind == "card" else None for i in identifiers]),
        "digests": arrays.byteas([_digest(vault, i) for i in identifiers]),
        "homes": arrays.int2s([None if member is None else ids.home(member) for member in members]),
        "ids": arrays.uuids(members),
    }


def customers(rows: Sequence[TupleRow], vault: Vault | None) -> dict[int, Customer]:
    """Position → customer, from the rows of RESOLVE; a position that leads nowhere is not there.

    Without the vault they stay without name and birthday.
    """
    return {row[0]: _customer(row, vault) for row in rows}


def _customer(row: TupleRow, vault: Vault | None) -> Customer:
    _, pool, home, member, card, card_status, language, enrolled_at, erased = row[:9]
    generation, key, sealed, *at_the_till = row[9:]
    name, birthday = "", None
    if vault is not None and sealed is not None:
        person = vault.open(member, generation, key, sealed)
        name, birthday = person.name, person.birthday
    return Customer(
        pool, home, member, card, card_status, name, language, enrolled_at, erased, birthday, *at_the_till
    )


async def find(
    tx: Transaction, program: UUID, vault: Vault, identifiers: Sequence[Identifier]
) -> dict[int, Customer]:
    """Place in `identifiers` → customer, without a lock."""
    parameters = asked(program, vault, range(len(identifiers)), identifiers)
    return customers(await fetch_all(tx, RESOLVE, parameters), vault)


async def member(tx: Transaction, program: UUID, identifier: UUID, *, lock: bool = False) -> Member | None:
    """The member of that id, or the one she was merged into, locked until the transaction ends; not who she is."""
    found = await _followed(tx, program, identifier, lock=lock)
    return found[0] if found else None


async def profile(
    tx: Transaction, program: UUID, vault: Vault, identifier: UUID, *, lock: bool = False
) -> Profile | None:
    """As `member`, with who she is: nobody once she was erased. Raises VaultLocked."""
    found = await _followed(tx, program, identifier, lock=lock)
    if found is None:
        return None
    member, (generation, key, sealed) = found
    person = Person() if sealed is None else vault.open(member.id, generation, key, sealed)
    return Profile.of(member, person)


async def _followed(
    tx: Transaction, program: UUID, identifier: UUID, *, lock: bool
) -> tuple[Member, TupleRow] | None:
    seen: set[UUID] = set()
    while identifier not in seen:
        seen.add(identifier)
        key = (program, ids.home(identifier), identifier)
        if lock:
            await tx.execute(SQL.lock_member, key)
        row = await fetch_one(tx, SQL.read_member, key)
        if row is None:
            return None
        found = Member(*row[:FIELDS])
        if found.merged_into is None:
            return found, row[FIELDS:]
        identifier = found.merged_into
    raise AssertionError("members are merged in a circle")


async def persons(
    tx: Transaction, program: UUID, vault: Vault, members: Sequence[UUID]
) -> dict[UUID, Person]:
    """Who these members are; whoever was erased is not there. Raises VaultLocked."""
    columns = (program, arrays.int2s([ids.home(member) for member in members]), arrays.uuids(members))
    return {row[0]: vault.open(*row) for row in await fetch_all(tx, SQL.persons_of, columns)}


async def aliases(tx: Transaction, program: UUID, vault: Vault, member: UUID) -> dict[UUID, Person]:
    """Whoever was merged into a member, and what is kept of who she was. Raises VaultLocked."""
    rows = await fetch_all(tx, SQL.aliases_of, {"program": program, "member": member})
    return {row[0]: Person() if row[3] is None else vault.open(*row) for row in rows}


async def alias_ids(tx: Transaction, program: UUID, member: UUID) -> list[UUID]:
    """Whoever was merged into a member, by id."""
    rows = await fetch_all(tx, SQL.aliases_of, {"program": program, "member": member})
    return [row[0] for row in rows]


async def cards_of(
    tx: Transaction, program: UUID, member: UUID, *, after: UUID = FIRST, limit: int = 1000
) -> tuple[Card, ...]:
    """A member's cards in the order they were issued, from the one after `after`; her aliases' among them."""
    named = {"program": program, "home": ids.home(member), "member": member, "after": after, "limit": limit}
    return tuple(Card(*row) for row in await fetch_all(tx, SQL.cards_of_member, named))


async def card_by_number(tx: Transaction, program: UUID, number: str) -> Card | None:
    """The card that a normalised number leads to."""
    row = await fetch_one(tx, SQL.card_by_number, (program, number))
    return Card(*row) if row else None


async def card_by_id(tx: Transaction, program: UUID, identifier: UUID) -> Card | None:
    """The card of that id."""
    row = await fetch_one(tx, SQL.card_by_id, (program, ids.home(identifier), identifier))
    return Card(*row) if row else None


def _digest(vault: Vault, found: Identifier) -> bytes | None:
    if found.kind == "card" or found.kind == "member":
        return None
    return vault.digest(found.kind, found.value)
