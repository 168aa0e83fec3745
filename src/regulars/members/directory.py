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
from regulars.db import arrays, outbox
from regulars.db.outbox import Note
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import Conflict
from regulars.members import consents as consents_kept
from regulars.members import names, numbers, twins
from regulars.members.model import Card, CardStatus, Consent, IdentifierKind, Member, Newcomer, Person
from regulars.members.reading import SQL
from regulars.members.vault import Vault

NUMBER_ROUNDS = 10
TOLD_OF_STATUS: dict[CardStatus, str] = {
    "issued": "card.unblocked",
    "active": "card.unblocked",
    "blocked": "card.blocked",
    "closed": "card.closed",
    "replaced": "card.closed",
}
"""The state that a card is brought to → the event of it."""


async def enrol(
    tx: Transaction, program: UUID, vault: Vault, newcomers: Sequence[Newcomer]
) -> dict[UUID, list[tuple[IdentifierKind, UUID]]]:
    """Enter the newcomers, each of whose identifiers must be new.

    What was taken is given back, newcomer → (kind, who has it), and then nothing may be committed.
    """
    wanted = [(n.member.id, *identifier) for n in newcomers for identifier in n.person.identifiers]
    taken = await claim_identifiers(tx, program, vault, wanted)
    if taken:
        return taken
    members = [newcomer.member for newcomer in newcomers]
    sealed = [vault.seal(newcomer.member.id, newcomer.person) for newcomer in newcomers]
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
            "tags": arrays.texts([member.tag for member in members]),
            "enrolled": arrays.instants([member.enrolled_at for member in members]),
            "partners": arrays.uuids([member.partner for member in members]),
        },
    )
    await tx.execute(
        SQL.insert_persons,
        {
            "program": program,
            "homes": homes,
            "members": identifiers,
            "generations": arrays.int4s([one.generation for one in sealed]),
            "keys": arrays.byteas([one.wrapped_key for one in sealed]),
            "sealed": arrays.byteas([one.sealed for one in sealed]),
        },
    )
    persons = [(newcomer.member.id, newcomer.person) for newcomer in newcomers]
    await twins.put(tx, program, vault.index, persons)
    await names.put(tx, program, vault.index, persons)
    await outbox.note(tx, program, [_enrolled(member) for member in members])
    return {}


async def claim_identifiers(
    tx: Transaction, program: UUID, vault: Vault, wanted: Sequence[tuple[UUID, IdentifierKind, str]]
) -> dict[UUID, list[tuple[IdentifierKind, UUID]]]:
    """Enter (member, kind, value); those that another member has: member → (kind, who has it)."""
    if not wanted:
        return {}
    taken: dict[UUID, list[tuple[IdentifierKind, UUID]]] = {}
    claims: dict[tuple[IdentifierKind, bytes], UUID] = {}
    for member, kind, value in wanted:
        first = claims.setdefault((kind, vault.digest(kind, value)), member)
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
    vault: Vault,
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
                "digests": arrays.byteas([vault.digest(kind, value) for kind, value in given]),
                "member": member,
            },
        )


async def change(
    tx: Transaction, program: UUID, vault: Vault, member: Member, person: Person, *, at: datetime
) -> None:
    """Write a member and who she is, as changed; identifiers are claimed and released by their own calls."""
    key = (program, member.home, member.id)
    sealed = vault.seal(member.id, person)
    await tx.execute(SQL.change_member, (member.language, *key))
    await tx.execute(SQL.change_person, (sealed.generation, sealed.wrapped_key, sealed.sealed, *key))
    await twins.change(tx, program, vault.index, member.id, person)
    await names.change(tx, program, vault.index, member.id, person)
    await outbox.note(tx, program, [Note("member.changed", member.id, member.id, at)])


async def erase(
    tx: Transaction, program: UUID, vault: Vault, member: UUID, person: Person, at: datetime
) -> bool:
    """Remove who a member is and what she is found by, and close her cards. False when it was done before."""
    key = (program, ids.home(member), member)
    if await fetch_one(tx, SQL.erase_member, (at, *key)) is None:
        return False
    await release_identifiers(tx, program, vault, member, person.identifiers)
    await tx.execute(SQL.delete_person, key)
    await tx.execute(SQL.close_cards, key)
    await outbox.note(tx, program, [Note("member.erased", member, member, at)])
    return True


async def record_consents(
    tx: Transaction, program: UUID, member: UUID, consents: Sequence[Consent], at: datetime
) -> list[UUID]:
    """Enter what a member said; the ids of the records."""
    return await consents_kept.record(tx, program, [(member, consent) for consent in consents], at)


async def issue(
    tx: Transaction,
    program: UUID,
    settings: numbers.CardSettings,
    owners: Sequence[tuple[UUID, UUID | None]],
    status: CardStatus,
    at: datetime,
) -> list[Card]:
    """A card with a new number for each (pool, member). Raises Conflict when all numbers are used up."""
    # With her member's home: the account of somebody who shares one may live elsewhere.
    waiting = [(ids.new(ids.home(member or pool)), pool, member) for pool, member in owners]
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
            await outbox.note(tx, program, _issued(cards, at))
            return cards
    raise Conflict("The program's card numbers are used up: give it another prefix, or more digits.")


async def enter_cards(tx: Transaction, program: UUID, cards: Sequence[Card], at: datetime) -> None:
    """Enter active cards whose numbers were claimed before (`arrivals.claim_numbers`)."""
    if cards:
        await _insert_cards(tx, program, cards, "active", at)
        await outbox.note(tx, program, _issued(cards, at))


async def adopt(tx: Transaction, program: UUID, card: Card, member: UUID, *, at: datetime) -> Card | None:
    """Give an unassigned card, and its pool, to a new member. None when it is not to be had any more."""
    key = (program, ids.home(card.id), card.id)
    if await fetch_one(tx, SQL.adopt_card, (member, *key)) is None:
        return None
    adopted = msgspec.structs.replace(card, member=member, status="active")
    await outbox.note(tx, program, _issued([adopted], at))
    return adopted


async def hand_over(
    tx: Transaction, program: UUID, card: Card, pool: UUID, member: UUID, at: datetime
) -> Card | None:
    """Give the number of an unassigned card to a member who has a pool. None when it is not to be had.

    A card lives where its account lives: the number goes on with a new card, the old one stays as its past.
    """
    new = Card(ids.new(ids.home(member)), card.number, pool, member, "active", at)
    if await fetch_one(tx, SQL.retire_unassigned_card, (new.id, program, ids.home(card.id), card.id)) is None:
        return None
    await _insert_cards(tx, program, [new], "active", at)
    await tx.execute(SQL.repoint_number, (ids.home(new.id), new.id, program, card.number))
    await outbox.note(tx, program, _issued([new], at))
    return new


async def replace(
    tx: Transaction, program: UUID, card: Card, member: UUID, new: UUID, *, at: datetime
) -> bool:
    """Let `new` stand in for a member's card. False when the card was replaced or closed before."""
    key = (program, ids.home(card.id), card.id)
    if await fetch_one(tx, SQL.replace_card, (new, *key, member)) is None:
        return False
    told = {"card": ids.show("crd", card.id), "by": ids.show("crd", new)}
    await outbox.note(tx, program, [Note("card.replaced", member, member, at, told)])
    return True


async def change_status(
    tx: Transaction,
    program: UUID,
    card: UUID,
    status: CardStatus,
    allowed: Sequence[CardStatus],
    *,
    at: datetime,
) -> Card | None:
    """Bring a card from one of the `allowed` states to `status`. None when it is in another."""
    row = await fetch_one(
        tx, SQL.change_card_status, (status, program, ids.home(card), card, arrays.texts(allowed))
    )
    if row is None:
        return None
    changed = Card(*row)
    told = {"card": ids.show("crd", card)}
    await outbox.note(
        tx, program, [Note(TOLD_OF_STATUS[status], changed.member or changed.pool, changed.member, at, told)]
    )
    return changed


def _enrolled(member: Member) -> Note:
    told = {
        "source": member.source,
        "store": ids.show("sto", member.store) if member.store else None,
        "tag": member.tag,
    }
    return Note("member.enrolled", member.id, member.id, member.enrolled_at, told)


def _issued(cards: Sequence[Card], at: datetime) -> list[Note]:
    """What is told of cards that members got; of unassigned ones nothing."""
    return [
        Note("card.issued", card.member, card.member, at, {"card": ids.show("crd", card.id)})
        for card in cards
        if card.member is not None
    ]


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
