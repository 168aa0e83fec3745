"""Tickets of lotteries: bought for points, brought by purchases, given by hand; void with their points back.

Those that come as a prize are given by `prize_tickets`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.db.requests import Answer, Request
from regulars.errors import InsufficientPoints, NotForMember, NotFound, StateConflict
from regulars.flows import sharing, spender_proof, taken_back
from regulars.flows.draws import found
from regulars.flows.games import SQL
from regulars.flows.grace import open_pages
from regulars.flows.incoming import Key
from regulars.flows.known_programs import Known
from regulars.flows.marked import takes_part
from regulars.flows.play_game import everybody
from regulars.flows.spender_proof import Proved, Spender
from regulars.games import draws, tickets
from regulars.games.problems import GameClosed, NoPlayLeft
from regulars.games.tickets import Kept, NewTickets, Ticket
from regulars.ledger import book, succession
from regulars.members.model import Member
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

LATE = timedelta(hours=1)
"""So long a transaction that records a purchase may last and its tickets still are found."""
AT_ONCE = 200
SHOWN = 500
_EVER = timedelta(days=36500)


class NewTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/tickets`."""

    draw: Annotated[str, Meta(min_length=1, max_length=63)]
    count: Annotated[int, Meta(ge=1, le=draws.TICKETS_AT_ONCE)] = 1
    given: bool = False
    """They are a present, and cost nothing."""


class TicketView(Struct, frozen=True):
    """A ticket."""

    id: str
    draw: str
    number: int
    source: str
    """points, purchase, given or prize."""
    points: int
    currency: str | None
    void: bool
    given_at: datetime


class Tickets(Struct, frozen=True):
    """Tickets, the latest first."""

    items: tuple[TicketView, ...]
    next: str | None = None


async def buy_tickets(
    database: Database, known: Known, request: Request, spender: Spender, member: UUID, new: NewTicket
) -> Answer:
    """201 with the tickets.

    Raises NotFound, GameClosed, NotForMember, NoPlayLeft beyond what she may have, InsufficientPoints, StateConflict.
    """
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        her = await sharing.locked_member(tx, program, member)
        kept = await found(tx, program.id, new.draw)
        await _require_open(tx, known, kept, her, request.at)
        if new.given or kept.document.price is None:
            if not new.given:
                raise StateConflict("Tickets of this draw are not sold.")
            await _enter(
                tx, known, kept, NewTickets(her.id, her.pool, new.count, "given", request.at, spender.by)
            )
        else:
            await _buy(tx, known, kept, her, spender, new.count, request.at)
        mine = await tickets.of_members(tx, program.id, [her.id], kept.code, new.count)
        body = msgspec.json.encode(Tickets(tuple(view(one) for one in mine)))
        return await requests.keep(tx, request, 201, body)

    return await database.run(program.id, work)


async def tickets_of(database: Database, known: Known, member: UUID, code: str | None = None) -> Tickets:
    """Her tickets, and of whoever was merged into her; at most 500. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        whose = await everybody(tx, known.program.id, member)
        listed = await tickets.of_members(tx, known.program.id, whose, code, SHOWN)
    return Tickets(tuple(view(one) for one in listed))


async def void_ticket(
    database: Database, known: Known, request: Request, ticket: UUID, by: str, reason: str
) -> Answer:
    """200 with the ticket, which takes part no more; points that it cost are back.

    Raises NotFound; StateConflict where it was void already, and where it was drawn.
    """

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        one = await _void(tx, known, ticket, by, reason, request.at)
        change = Change("ticket.voided", ids.show("tkt", one.id), why=reason)
        body = msgspec.json.encode(msgspec.structs.replace(view(one), void=True))
        answer = await requests.keep(tx, request, 200, body)
        await trail.record(tx, known.program.id, change, request.at)
        return answer

    return await database.run(known.program.id, work)


async def call_off(database: Database, known: Known, code: str, by: str, at: datetime) -> None:
    """Nobody gets a ticket and nothing is drawn; every ticket is void, its points are back. Asked again it goes on.

    Raises NotFound, StateConflict where it was drawn.
    """
    program = known.program.id

    async def stop(tx: Transaction) -> list[Ticket]:
        kept = await found(tx, program, code)
        if not await tickets.stop(tx, program, code, at):
            raise StateConflict("This draw was held already.")
        if kept.stopped_at is None:
            await trail.record(tx, program, Change("draw.stopped", code), at)
        return await tickets.of_lottery(tx, program, code)

    for one in await database.run(program, stop):

        async def void(tx: Transaction, one: UUID = one.id) -> None:
            await _void(tx, known, one, by, "called off", at)

        try:
            await database.run(program, void)
        except StateConflict:  # somebody else did it, or its member was erased: nothing is left to give back
            continue


async def collect_tickets(database: Database, known: Known, kept: Kept, at: datetime) -> bool:
    """Give the tickets that purchases bring and did not bring yet.

    False where some are left, because the lottery was changed, called off or drawn just now, or a member came to her
    most: that it was done is not noted then, and the next round looks for the same purchases again.
    """
    program, rule = known.program.id, kept.document.purchases
    if rule is None or kept.drawn_at is not None or kept.stopped_at is not None:
        return True
    since = kept.document.entries_from or kept.created_at
    recorded = (kept.collected or at - _EVER) - LATE
    asked = {
        "program": program, "lottery": kept.code, "since": since, "until": kept.document.entries_until,
        "recorded": recorded, "least": rule.amount, "limit": AT_ONCE,
    }  # fmt: skip
    while True:
        async with database.transaction(program, analytical=True) as tx:
            rows = await fetch_all(tx, SQL.bringing, asked)
        try:
            done = [
                await _collect(database, known, kept, purchase, member, turnover, at)
                for purchase, member, _, turnover in rows
            ]
        except GameClosed:  # of what was read before nobody gets a ticket any more
            return False
        if not all(done):
            return False
        if len(rows) < AT_ONCE:
            break

    async def note(tx: Transaction) -> bool:
        return await tickets.collected(tx, program, kept.code, kept.revision, at)

    return await database.run(program, note)


def view(one: Ticket) -> TicketView:
    """A ticket as it is answered."""
    return TicketView(
        ids.show("tkt", one.id),
        one.lottery,
        one.number,
        one.source,
        one.points,
        one.currency,
        one.voided_at is not None,
        one.given_at,
    )


async def _collect(
    database: Database, known: Known, kept: Kept, purchase: UUID, member: UUID, turnover: int, at: datetime
) -> bool:
    """One purchase, in a transaction of its own; False where its member came to her most meanwhile.

    Raises GameClosed.
    """
    program = known.program

    async def work(tx: Transaction) -> None:
        her = await sharing.locked_member(tx, program, member, erased=True)
        count = 0
        if her.erased_at is None and await takes_part(tx, known, kept.document.audience, her.id, at):
            count = kept.document.earned(turnover)
        if count and kept.document.most is not None:
            before = await tickets.counted(tx, program.id, her.id, kept.code)
            count = max(0, min(count, kept.document.most - before))
        if await tickets.bring(tx, program.id, kept.code, purchase, count) and count:
            new = NewTickets(her.id, her.pool, count, "purchase", at, "program", purchase=purchase)
            await _enter(tx, known, kept, new)

    try:
        await database.run(program.id, work)
    except NoPlayLeft:  # counted anew, the purchase brings what she still may have, if only nothing
        return False
    return True


async def _buy(
    tx: Transaction, known: Known, kept: Kept, her: Member, spender: Spender, count: int, at: datetime
) -> None:
    """A posting for each ticket, so that each can be given back by itself."""
    price = kept.document.price
    assert price is not None, "asked only where tickets are sold"
    proved = Proved(Key("member", member=her.id), proved=True, locked_until=None)
    total = price.amount * count
    await spender_proof.require(tx, known, spender, proved, her.id, price.currency, total, at)
    page = (await open_pages(tx, known.program, [her.pool]))[her.pool]
    available = page.available(price.currency, at)
    if available < total:
        raise InsufficientPoints(
            extra={"available": available, "currency": price.currency, "missing": total - available}
        )
    partner = known.program.partners.get(kept.document.funder or "")
    for _ in range(count):
        posting = page.begin("redemption", effective_at=at, recorded_at=at, actor=spender.by)
        page.spend(price.currency, price.amount, at, partner.id if partner else known.program.operator)
        new = NewTickets(
            her.id, her.pool, 1, "points", at, spender.by,
            currency=price.currency, points=price.amount, posting=posting,
        )  # fmt: skip
        await _enter(tx, known, kept, new)
    await book.write(tx, known.program.id, [page])


async def _enter(tx: Transaction, known: Known, kept: Kept, new: NewTickets) -> None:
    """Raises NoPlayLeft, GameClosed."""
    program = known.program.id
    if await tickets.give(tx, program, kept, new) is not None:
        return
    had = await tickets.counted(tx, program, new.member, kept.code)
    if kept.document.most is not None and had + new.count > kept.document.most:
        raise NoPlayLeft("More tickets than a member may have.")
    raise GameClosed


async def _require_open(tx: Transaction, known: Known, kept: Kept, her: Member, at: datetime) -> None:
    """Raises GameClosed, NotForMember."""
    if kept.drawn_at is not None or kept.stopped_at is not None or not kept.document.open_at(at):
        raise GameClosed
    if not await takes_part(tx, known, kept.document.audience, her.id, at):
        raise NotForMember("This draw is not for this member.")


async def _void(tx: Transaction, known: Known, ticket: UUID, by: str, reason: str, at: datetime) -> Ticket:
    """Raises NotFound, StateConflict."""
    program = known.program
    one = await tickets.ticket(tx, program.id, ticket)
    if one is None:
        raise NotFound("There is no such ticket.")
    her = await sharing.locked_member(tx, program, one.member, one.pool, erased=True)
    target = await _target(tx, known, one, her)
    await sharing.lock_pools(tx, program, {one.pool, target})
    kept = await found(tx, program.id, one.lottery)
    if kept.drawn_at is not None:
        raise StateConflict("This draw was held already.")
    pages, posting = {}, None
    if one.posting is not None:
        pages = await open_pages(tx, known.program, sorted({one.pool, target}))
        posting = pages[one.pool].begin(
            "cancellation", effective_at=at, recorded_at=at, actor=by, related=one.id, reason=reason
        )
    if not await tickets.void(tx, program.id, one, her.id, posting, reason, at, by):
        raise StateConflict("This ticket is void already, or was drawn.")
    if one.posting is not None:
        page, now = pages[one.pool], pages[target]
        await taken_back.undo(tx, program, one.posting, page, now, at, by, "came back with a ticket")
        await book.write(tx, program.id, pages.values())
    return one


async def _target(tx: Transaction, known: Known, one: Ticket, her: Member) -> UUID:
    """Where points that come back go: where she took hers since, if she still is there."""
    target = await succession.follow(tx, known.program.id, one.pool, one.given_at)
    return target if target in (her.pool, her.own) else one.pool


def numbers(listed: Sequence[TicketView]) -> list[int]:
    """Of those that are not void, in rising order."""
    return sorted(one.number for one in listed if not one.void)
