"""Blocks, unblocks, activates and closes a card, and notes when one is made again. One transaction per call."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import CardBlocked, InvalidValue, NotFound, StateConflict
from regulars.members import card_batches, card_states, directory, numbers, reading, views
from regulars.members.description import CardText
from regulars.members.model import Card
from regulars.members.views import CardView
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

Act = Literal["block", "unblock", "activate", "close"]
ACTIONS: dict[Act, str] = {
    "block": "blocked", "unblock": "unblocked", "activate": "activated", "close": "closed",
}  # fmt: skip
"""What the audit trail calls each."""


class CardNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A card by its number or by its id: one of the two."""

    number: CardText | None = None
    id: Annotated[str, Meta(max_length=64)] | None = None


class CopyView(Struct, frozen=True):
    """A card that was made again: the same card, the same number."""

    card: CardView
    copy: int
    """Which copy it is, from 1; the first plastic is none."""
    made_at: datetime


async def change_card(
    database: Database, program: Program, named: CardNamed, act: Act, *, at: datetime
) -> CardView:
    """The card after the act; done again it stays so. Raises InvalidCardNumber, NotFound, StateConflict."""
    number, identifier = _named(program, named)
    status, before = card_states.CHANGES[act]

    async def work(tx: Transaction) -> CardView:
        card = await card_of(tx, program, number, identifier)
        changed = await directory.change_status(tx, program.id, card.id, status, before, at=at)
        if changed is None:
            # Read again: the state that the guarded write met may be younger than the one read first.
            changed = await card_of(tx, program, number, identifier)
            if changed.status not in card_states.DONE[act]:
                raise refused(changed)
        else:
            done = Change(f"card.{ACTIONS[act]}", ids.show("crd", changed.id), card.status, changed.status)
            await trail.record(tx, program.id, done, at)
        return views.card_view(changed)

    return await database.run(program.id, work)


async def copy_card(
    database: Database, program: Program, request: Request, by: str, named: CardNamed
) -> Answer:
    """201 with the card and which copy it is. Raises InvalidCardNumber, NotFound, CardBlocked, StateConflict."""
    number, identifier = _named(program, named)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        found = await card_of(tx, program, number, identifier)
        card, copy = await card_batches.copy(tx, program.id, found.id, request.at, by)
        assert card is not None, "cards are never taken away"
        if copy is None:
            raise refused(card)
        view = CopyView(views.card_view(card), copy, request.at)
        change = Change("card.copied", ids.show("crd", card.id), after={"copy": copy})
        await trail.record(tx, program.id, change, request.at)
        return await requests.keep(tx, request, 201, views.encode(view))

    return await database.run(program.id, work)


async def read_card(database: Database, program: Program, identifier: UUID) -> Card:
    """A card by its id. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        return await card_of(tx, program, None, identifier)


def _named(program: Program, named: CardNamed) -> tuple[str | None, UUID | None]:
    """The number or the id, checked. Raises InvalidValue, InvalidCardNumber, WrongIdKind."""
    if (named.number is None) == (named.id is None):
        raise InvalidValue("", "Give the card's number or its id.")
    number = checked_number(program, named.number, "/number")
    return number, ids.read("crd", named.id, "/id") if named.id is not None else None


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
