"""Keeps the cards of others that a member puts into her wallet, and gives them to her on every phone."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.members import reading, wallet
from regulars.members.vault import Vault
from regulars.members.wallet import ForeignCard, Kind, Printed


class NewForeignCard(Struct, frozen=True, forbid_unknown_fields=True):
    """A card as it was typed or scanned; whether its kind can carry the text, the edge has asked."""

    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
    kind: Kind
    text: Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]


class Kept(Struct, frozen=True):
    """That it is kept; what is on it stands in the wallet only."""

    id: str


async def keep_foreign_card(
    database: Database, program: UUID, vault: Vault, request: Request, member: UUID, new: NewForeignCard
) -> Answer:
    """201 with its id. Raises NotFound; StateConflict after an erasure, or when the wallet is full."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        found = await reading.member(tx, program, member, lock=True)
        if found is None:
            raise NotFound("There is no such member.")
        if found.erased_at is not None:
            raise StateConflict("This member was erased.")
        printed = Printed(new.name.strip(), new.kind, new.text)
        card = await wallet.add(tx, program, vault, found.id, printed, request.at)
        if card is None:
            raise StateConflict(f"A wallet holds {wallet.CARDS_MAX} cards.")
        return await requests.keep(tx, request, 201, msgspec.json.encode(Kept(ids.show("fcd", card))))

    return await database.run(program, work)


async def foreign_cards(database: Database, program: UUID, vault: Vault, member: UUID) -> list[ForeignCard]:
    """All of a member's, in the order they were added."""
    async with database.transaction(program) as tx:
        return await wallet.all_of(tx, program, vault, member)


async def foreign_card(
    database: Database, program: UUID, vault: Vault, member: UUID, card: UUID
) -> ForeignCard:
    """One of them. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await wallet.one(tx, program, vault, member, card)
    if found is None:
        raise NotFound("There is no such card in your wallet.")
    return found


async def remove_foreign_card(database: Database, program: UUID, member: UUID, card: UUID) -> bool:
    """Take one out. False when it was not there (any more)."""

    async def work(tx: Transaction) -> bool:
        return await wallet.remove(tx, program, member, card)

    return await database.run(program, work)
