"""Gives a member a card: a new one, an unassigned one with all its points, or one in place of another.

An unassigned card that goes to a member brings its points along: their lots move with their dates; what was bought with
it counts for her, and she climbs at once. Locks are taken
in one order everywhere: pools, then the member, then cards.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows import sharing, tiering
from regulars.flows.cards import card_of, checked_number, refused
from regulars.flows.grace import open_pages
from regulars.ledger import book, moving
from regulars.members import directory, reading, views
from regulars.members.description import CardText
from regulars.members.model import Card, Member
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.purchases import claiming


class NewCard(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/cards`: nothing given, a card with a new number."""

    number: CardText | None = None
    """The number of an unassigned card: it becomes the member's, with all its points."""
    replaces: CardText | None = None
    """The number of the member's card that the new one stands in for; the account stays the same."""


async def issue_card(
    database: Database, program: Program, request: Request, actor: str, member: UUID, new: NewCard
) -> Answer:
    """201 with the card. Raises InvalidCardNumber, NotFound, CardBlocked, StateConflict."""
    number = checked_number(program, new.number, "/number")
    replaces = checked_number(program, new.replaces, "/replaces")
    if number is not None and number == replaces:
        raise InvalidValue("/replaces", "is the new card itself")

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        if number is None:
            profile = await _member(tx, program, member, lock=True)
            owners = [(profile.pool, profile.id)]
            (card,) = await directory.issue(tx, program.id, program.settings, owners, "active", request.at)
        else:
            card = await _assign(tx, program, member, number, request.at, actor)
        if replaces is not None:
            await _replace(tx, program, card, replaces, request.at)
        how = "assigned" if number is not None else "new"
        after = {"card": ids.show("crd", card.id), "how": how, "replaces": replaces is not None}
        change = Change("member.card_issued", ids.show("mem", member), after=after)
        await trail.record(tx, program.id, change, request.at)
        return await requests.keep(tx, request, 201, views.encode(views.card_view(card)))

    return await database.run(program.id, work)


async def _assign(
    tx: Transaction, program: Program, member: UUID, number: str, at: datetime, actor: str
) -> Card:
    card = await _unassigned(tx, program, number)
    profile = await sharing.locked_member(tx, program, member, card.pool)
    assigned = await directory.hand_over(tx, program.id, card, profile.pool, profile.id, at)
    if assigned is None:
        raise StateConflict("This card went to somebody else just now.")
    pages = await open_pages(tx, program, [card.pool, profile.pool])
    if pages[card.pool].has_holds(at):
        raise StateConflict("A purchase with this card is held: confirm or void it first.")
    moving.move_all(pages[card.pool], pages[profile.pool], at, actor, "the card was assigned")
    await book.write(tx, program.id, pages.values())
    await claiming.count_merged(tx, program.id, card.pool, profile.pool, card.id)
    await tiering.climb(tx, await tiering.ladders_of(tx, program), [profile.id], at, at)
    return assigned


async def _replace(tx: Transaction, program: Program, card: Card, replaced: str, at: datetime) -> None:
    old = await reading.card_by_number(tx, program.id, replaced)
    owner = await reading.member(tx, program.id, old.member) if old is not None and old.member else None
    if old is None or old.member is None or owner is None or owner.id != card.member:
        raise NotFound("This member has no card with the number that is to be replaced.")
    if not await directory.replace(tx, program.id, old, old.member, card.id, at=at):
        raise StateConflict("The card that is to be replaced is not in use any more.")


async def _unassigned(tx: Transaction, program: Program, number: str) -> Card:
    card = await card_of(tx, program, number, None)
    if card.member is not None:
        raise StateConflict("This card belongs to a member already.")
    if card.status not in ("issued", "active"):
        raise refused(card)
    return card


async def _member(tx: Transaction, program: Program, member: UUID, *, lock: bool = False) -> Member:
    profile = await reading.member(tx, program.id, member, lock=lock)
    if profile is None:
        raise NotFound("There is no such member.")
    if profile.erased_at is not None:
        raise StateConflict("This member was erased.")
    return profile
