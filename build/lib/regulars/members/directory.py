"""Keeps the directory: members, what they are found by, who they are, and their cards. Whole batches at once.

"Once" is a primary key: a phone, email, external id or card number is claimed by its row in a look-up table,
and a card changes hands by a guarded update whose answer is read. Pools are the ledger's: flows open them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from regulars import ids
from regulars.db import arrays
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import Conflict
from regulars.members import numbers
from regulars.members.identity import BlindIndex
from regulars.members.model import Card, CardStatus, Consent, IdentifierKind, Member, Newcomer, Person
from regulars.members.reading import SQL

NUMBER_ROUNDS = 10


async def enrol(
    tx: Transaction, program: UUID, index: BlindIndex, newcomers: Sequence[Newcomer]
) -> dict[UUID, list[tuple[IdentifierKind, UUID]]]:
    """Enter the newcomers, each of whose identifiers must be new.

    What was taken is given back, newcomer → (kind, who has it), and then nothing may be committed.
    """
    wanted = [(n.member.id, *identifier) for n in newcomers for identifier in n.person.identifiers]
    taken = await claim_identifiers(tx, program, index, wanted)
    if taken:
        return taken
    members = [newcomer.member for newcomer in newcomers]
    persons = [newcomer.person for newcomer in newcomers]
    homes = arrays.int2s([member.home for member in members])
    identifiers = arrays.uuids([member.id for member in members])
    await tx.execute(
        SQL.insert_members,
        {
            "program": program,
            "homes": homes,
            "ids": identifiers,
            "pools": arrays.uuids([member.pool for member in members]),
            "languages": arrays.texts([member.language for member in members]),
            "sources": arrays.texts([member.source for member in members]),
            "stores": arrays.uuids([member.store for member in members]),
            "attributes": arrays.texts([_json(member.attributes) for member in members]),
            "enrolled": arrays.instants([member.enrolled_at for member in members]),
        },
    )
    await tx.execute(
        SQL.insert_persons,
        {
            "program": program,
            "homes": homes,
            "members": identifiers,
            "names": arrays.texts([person.name for person in persons]),
            "phones": arrays.texts([person.phone for person in persons]),
            "emails": arrays.texts([person.email for person in persons]),
            "external_ids": arrays.texts([person.external_id for person in persons]),
            "birthdays": arrays.texts([_date(person) for person in persons]),
        },
    )
    for newcomer in newcomers:
        if newcomer.consents:
            await record_consents(
                tx, program, newcomer.member.id, newcomer.consents, newcomer.member.enrolled_at
            )
    return {}


async def claim_identifiers(
    tx: Transaction, program: UUID, index: BlindIndex, wanted: Sequence[tuple[UUID, IdentifierKind, str]]
) -> dict[UUID, list[tuple[IdentifierKind, UUID]]]:
    """Enter (member, kind, value); those that another member has: member → (kind, who has it)."""
    if not wanted:
        return {}
    taken: dict[UUID, list[tuple[IdentifierKind, UUID]]] = {}
    claims: dict[tuple[IdentifierKind, bytes], UUID] = {}
    for member, kind, value in wanted:
        first = claims.setdefault((kind, index.digest(kind, value)), member)
        if first != member:
            taken.setdefault(member, []).append((kind, first))
    while claims:
        columns = {
            "program": program,
            "kinds": arrays.texts([kind for kind, _ in claims]),
            "digests": arrays.byteas([digest for _, digest in claims]),
            "homes": arrays.int2s([ids.home(member) for member in claims.values()]),
            "members": arrays.uuids(list(claims.values())),
        }
        for kind, digest in await fetch_all(tx, SQL.claim_identifiers, columns):
            del claims[kind, bytes(digest)]
        if claims:
            # What is neither entered nor held was let go of between the two statements: it is claimed again.
            for kind, digest, holder in await fetch_all(tx, SQL.holders_of_identifiers, columns):
                claimant = claims.pop((kind, bytes(digest)), None)
                if claimant is not None and claimant != holder:
                    taken.setdefault(claimant, []).append((kind, holder))
    return taken


async def release_identifiers(
    tx: Transaction,
    program: UUID,
    index: BlindIndex,
    member: UUID,
    given: Sequence[tuple[IdentifierKind, str]],
) -> None:
    """Let others have these identifiers of a member."""
    if given:
        await tx.execute(
            SQL.delete_identifiers,
            {
                "program": program,
                "kinds": arrays.texts([kind for kind, _ in given]),
                "digests": arrays.byteas([index.digest(kind, value) for kind, value in given]),
                "member": member,
            },
        )


async def change(tx: Transaction, program: UUID, member: Member, person: Person) -> None:
    """Write a member and who she is, as changed; identifiers are claimed and released by their own calls."""
    key = (program, member.home, member.id)
    await tx.execute(SQL.change_member, (member.language, _json(member.attributes), *key))
    await tx.execute(
        SQL.change_person,
        (person.name, person.phone, person.email, person.external_id, person.birthday, *key),
    )


async def erase(
    tx: Transaction, program: UUID, index: BlindIndex, member: UUID, person: Person, at: datetime
) -> bool:
    """Remove who a member is and what she is found by, and close her cards. False when it was done before."""
    key = (program, ids.home(member), member)
    if await fetch_one(tx, SQL.erase_member, (at, *key)) is None:
        return False
    await release_identifiers(tx, program, index, member, person.identifiers)
    await tx.execute(SQL.delete_person, key)
    await tx.execute(SQL.close_cards, key)
    return True


async def record_consents(
    tx: Transaction, program: UUID, member: UUID, consents: Sequence[Consent], at: datetime
) -> list[UUID]:
    """Enter what a member said; the ids of the records."""
    home = ids.home(member)
    records = [ids.new(home) for _ in consents]
    await tx.execute(
        SQL.insert_consents,
        {
            "program": program,
            "homes": arrays.int2s([home] * len(consents)),
            "members": arrays.uuids([member] * len(consents)),
            "ids": arrays.uuids(records),
            "channels": arrays.texts([consent.channel for consent in consents]),
            "purposes": arrays.texts([consent.purpose for consent in consents]),
            "granted": arrays.bools([consent.granted for consent in consents]),
            "sources": arrays.texts([consent.source for consent in consents]),
            "recorded": arrays.instants([at] * len(consents)),
        },
    )
    return records


async def issue(
    tx: Transaction,
    program: UUID,
    settings: numbers.CardSettings,
    owners: Sequence[tuple[UUID, UUID | None]],
    status: CardStatus,
    at: datetime,
) -> list[Card]:
    """A card with a new number for each (pool, member). Raises Conflict when all numbers are used up."""
    waiting = [(ids.new(ids.home(pool)), pool, member) for pool, member in owners]
    cards: list[Card] = []
    for _ in range(NUMBER_ROUNDS):
        drawn = numbers.generate(len(waiting), settings)
        claimed = await _claim_numbers(tx, program, drawn, [card for card, _, _ in waiting])
        left = []
        for place, (card, pool, member) in enumerate(waiting):
            if place < len(drawn) and drawn[place] in claimed:
                cards.append(Card(card, drawn[place], pool, member, status, at))
            else:
                left.append((card, pool, member))
        waiting = left
        if not waiting:
            await _insert_cards(tx, program, cards, status, at)
            return cards
    raise Conflict("The program's card numbers are used up: give it another prefix, or more digits.")


async def adopt(tx: Transaction, program: UUID, card: Card, member: UUID) -> Card | None:
    """Give an unassigned card, and its pool, to a new member. None when it is not to be had any more."""
    key = (program, ids.home(card.id), card.id)
    if await fetch_one(tx, SQL.adopt_card, (member, *key)) is None:
        return None
    return msgspec.structs.replace(card, member=member, status="active")


async def hand_over(
    tx: Transaction, program: UUID, card: Card, pool: UUID, member: UUID, at: datetime
) -> Card | None:
    """Give the number of an unassigned card to a member who has a pool. None when it is not to be had.

    A card lives where its account lives: the number goes on with a new card, the old one stays as its past.
    """
    new = Card(ids.new(ids.home(pool)), card.number, pool, member, "active", at)
    if await fetch_one(tx, SQL.retire_unassigned_card, (new.id, program, ids.home(card.id), card.id)) is None:
        return None
    await _insert_cards(tx, program, [new], "active", at)
    await tx.execute(SQL.repoint_number, (ids.home(new.id), new.id, program, card.number))
    return new


async def replace(tx: Transaction, program: UUID, card: Card, member: UUID, new: UUID) -> bool:
    """Let `new` stand in for a member's card. False when the card was replaced or closed before."""
    key = (program, ids.home(card.id), card.id)
    return await fetch_one(tx, SQL.replace_card, (new, *key, member)) is not None


async def change_status(
    tx: Transaction, program: UUID, card: UUID, status: CardStatus, allowed: Sequence[CardStatus]
) -> Card | None:
    """Bring a card from one of the `allowed` states to `status`. None when it is in another."""
    row = await fetch_one(
        tx, SQL.change_card_status, (status, program, ids.home(card), card, arrays.texts(allowed))
    )
    return Card(*row) if row else None


async def _claim_numbers(
    tx: Transaction, program: UUID, drawn: Sequence[str], cards: Sequence[UUID]
) -> set[str]:
    owners = cards[: len(drawn)]
    columns = {
        "program": program,
        "numbers": arrays.texts(drawn),
        "homes": arrays.int2s([ids.home(card) for card in owners]),
        "cards": arrays.uuids(owners),
    }
    return {number for (number,) in await fetch_all(tx, SQL.claim_numbers, columns)}


async def _insert_cards(
    tx: Transaction, program: UUID, cards: Sequence[Card], status: CardStatus, at: datetime
) -> None:
    await tx.execute(
        SQL.insert_cards,
        {
            "program": program,
            "homes": arrays.int2s([ids.home(card.id) for card in cards]),
            "ids": arrays.uuids([card.id for card in cards]),
            "numbers": arrays.texts([card.number for card in cards]),
            "pools": arrays.uuids([card.pool for card in cards]),
            "members": arrays.uuids([card.member for card in cards]),
            "status": status,
            "at": at,
        },
    )


def _json(attributes: dict[str, object]) -> str:
    return msgspec.json.encode(attributes).decode()


def _date(person: Person) -> str | None:
    return person.birthday.isoformat() if person.birthday else None
