"""Keeps a gift card in the wallet of the member who shows its code: what is on it, until when, and its code to pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows.gift_cards import (
    GiftCardNamed,
    GiftCardView,
    code_of,
    gift_card_view,
    named_gift_card,
    no_such_card,
    shown_code,
)
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.members import reading
from regulars.rewards import keeping
from regulars.rewards.gift_cards import GiftCard

CodeText = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]


class NewKept(Struct, frozen=True, forbid_unknown_fields=True):
    """A gift card by the code on it."""

    code: CodeText


class KeptCard(Struct, frozen=True):
    """That it is kept."""

    gift_card: str


async def keep_gift_card(
    database: Database, known: Known, request: Request, member: UUID, new: NewKept
) -> Answer:
    """201 with the card's id; shown again it stays kept.

    Raises NotFound for a code that is none; StateConflict after an erasure, or where she keeps as many as there may be.
    """
    program = known.program.id

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await reading.member(tx, program, member, lock=True)
        if found is None:
            raise NotFound("There is no such member.")
        if found.erased_at is not None:
            raise StateConflict("This member was erased.")
        card = await named_gift_card(tx, known, GiftCardNamed(new.code))
        if not await keeping.keep(tx, program, found.id, card, request.at):
            raise StateConflict(f"A member keeps {keeping.KEPT_MAX} gift cards at the most.")
        done = KeptCard(ids.show("gft", card.id))
        return await requests.keep(tx, request, 201, msgspec.json.encode(done))

    return await database.run(program, work)


async def kept_gift_cards(
    database: Database, known: Known, member: UUID, at: datetime
) -> tuple[GiftCardView, ...] | None:
    """Those that she keeps, the latest first, without their codes; None where the program has no gift cards."""
    async with database.transaction(known.program.id) as tx:
        found = await kept_views(tx, known, member, at)
        return found if found or await keeping.used(tx, known.program.id) else None


async def kept_gift_card(
    database: Database, known: Known, member: UUID, card: UUID, at: datetime
) -> GiftCardView:
    """One of them, with its code to pay with. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        cards = [one for one in await keeping.kept(tx, known.program.id, member) if one.id == card]
        if not cards:
            raise no_such_card()
        (view,) = await _views(tx, known, cards, at)
    return msgspec.structs.replace(view, code=code_of(known, cards[0]))


async def let_gift_card_go(database: Database, known: Known, member: UUID, card: UUID) -> bool:
    """She keeps it no more; its money stays on it. False when she did not keep it."""

    async def work(tx: Transaction) -> bool:
        return await keeping.let_go(tx, known.program.id, member, card)

    return await database.run(known.program.id, work)


async def kept_views(tx: Transaction, known: Known, member: UUID, at: datetime) -> tuple[GiftCardView, ...]:
    """What `kept_gift_cards` answers, within a transaction."""
    return await _views(tx, known, await keeping.kept(tx, known.program.id, member), at)


async def _views(
    tx: Transaction, known: Known, cards: Sequence[GiftCard], at: datetime
) -> tuple[GiftCardView, ...]:
    if not cards:
        return ()
    pages = await open_pages(tx, known.program, [card.id for card in cards])
    return tuple(
        [
            gift_card_view(known.program, card, pages[card.id], shown_code(known, card.id, card.serial), at)
            for card in cards
        ]
    )
