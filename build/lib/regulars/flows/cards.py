"""Issues batches of unassigned cards; blocks, unblocks and activates a card. One transaction per call."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import CardBlocked, InvalidValue, NotFound, StateConflict
from regulars.ledger import book
from regulars.members import directory, numbers, reading, views
from regulars.members.description import CardText
from regulars.members.model import Card, CardStatus
from regulars.members.views import CardBatch, CardView, IssuedCard
from regulars.programs.model import Program

Act = Literal["block", "unblock", "activate"]
_ACTS: dict[Act, tuple[CardStatus, tuple[CardStatus, ...], tuple[CardStatus, ...]]] = {
    "block": ("blocked", ("issued", "active"), ("blocked",)),
    "unblock": ("active", ("blocked",), ("active", "issued")),
    "activate": ("active", ("issued",), ("active",)),
}
"""What an act makes of a card, from which states, and in which ones it has been done already."""


class CardNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A card by its number or by its id: one of the two."""

    number: CardText | None = None
    id: Annotated[str, Meta(max_length=64)] | None = None


class NewBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/cards/batch`."""

    count: Annotated[int, Meta(ge=1, le=10_000)]


async def change_card(database: Database, program: Program, named: CardNamed, act: Act) -> CardView:
    """The card after the act; done again it stays so. Raises InvalidCardNumber, NotFound, StateConflict."""
    if (named.number is None) == (named.id is None):
        raise InvalidValue("", "Give the card's number or its id.")
    number = checked_number(program, named.number, "/number")
    identifier = ids.read("crd", named.id, "/id") if named.id is not None else None
    status, before, done = _ACTS[act]

    async def work(tx: Transaction) -> CardView:
        card = await card_of(tx, program, number, identifier)
        changed = await directory.change_status(tx, program.id, card.id, status, before)
        if changed is None:
            # Read again: the state that the guarded write met may be younger than the one read first.
            changed = await card_of(tx, program, number, identifier)
            if changed.status not in done:
                raise refused(changed)
        return views.card_view(changed)

    return await database.run(program.id, work)


async def issue_batch(database: Database, program: Program, request: Request, new: NewBatch) -> Answer:
    """201 with so many unassigned cards. Raises Conflict when the program's numbers are used up."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        homes = [secrets.randbelow(ids.HOMES) for _ in range(new.count)]
        pools = [ids.new(home) for home in homes]
        await book.open_pools(tx, program.id, pools, homes, "card", request.at)
        owners = [(pool, None) for pool in pools]
        cards = await directory.issue(tx, program.id, program.settings, owners, "issued", request.at)
        issued = tuple(IssuedCard(ids.show("crd", card.id), card.number) for card in cards)
        return await requests.keep(tx, request, 201, views.encode(CardBatch(len(issued), issued)))

    return await database.run(program.id, work)


def checked_number(program: Program, number: str | None, pointer: str) -> str | None:
    """The normalised number, None for None. Raises InvalidCardNumber."""
    return None if number is None else numbers.check(number, program.settings, pointer)


async def card_of(tx: Transaction, program: Program, number: str | None, identifier: UUID | None) -> Card:
    """The card of a number, or else of an id. Raises NotFound."""
    if number is not None:
        card = await reading.card_by_number(tx, program.id, number)
    else:
        assert identifier is not None
        card = await reading.card_by_id(tx, program.id, identifier)
    if card is None:
        raise NotFound("There is no such card.")
    return card


def refused(card: Card) -> CardBlocked | StateConflict:
    """Why a card in this state cannot be used."""
    if card.status == "blocked":
        return CardBlocked()
    return StateConflict(f"This card is {card.status}: it is not in use any more.")
