"""Holds a draw, once: collects the last tickets, closes the list, reveals the seed, and gives the winners their prizes.

The draw itself is one transaction and a fact. Each prize is one of its own: killed in between, the next round goes on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.errors import StateConflict
from regulars.flows import prizes, sharing
from regulars.flows.draws import DrawProof, found, read_proof
from regulars.flows.games import SQL
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.lottery_tickets import collect_tickets
from regulars.flows.prizes import Cause
from regulars.games import fairness, tickets
from regulars.games.tickets import Drawing, Kept, Winner
from regulars.ledger import book
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change


class NewBeacon(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/draws/{code}/beacon`."""

    beacon: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$(?!\n)")]
    """The public number that nobody could know before, as it was published."""


async def hold_draw(database: Database, known: Known, code: str, by: str, at: datetime) -> DrawProof:
    """Draw, if nobody has, and give what was not given yet; the proof.

    Raises NotFound; StateConflict before its time, where it was called off or changed just now, and where its public
    number is missing.
    """
    program = known.program.id
    async with database.transaction(program) as tx:
        kept = await found(tx, program, code)
    if kept.stopped_at is not None:
        raise StateConflict("This draw was called off.")
    if at < kept.document.draws_at:
        raise StateConflict("It is not time for this draw yet.")
    if not await collect_tickets(database, known, kept, at):
        raise StateConflict("This draw was changed just now: try again.")
    await database.run(program, lambda tx: _draw(tx, known, kept, by, at))
    async with database.transaction(program) as tx:
        winners = await tickets.winners(tx, program, code)
    for winner in winners:
        if winner.given_at is None:
            await _give(database, known, kept, winner, by, at)
    return await read_proof(database, program, code)


async def say_beacon(
    database: Database, known: Known, code: str, new: NewBeacon, by: str, at: datetime
) -> bool:
    """Note what somebody says the public number is; whether two people agree now. Raises NotFound, StateConflict."""
    program = known.program.id

    async def work(tx: Transaction) -> bool:
        kept = await found(tx, program, code)
        if not kept.document.beacon or kept.drawn_at is not None or at < kept.document.entries_until:
            raise StateConflict("This draw does not wait for a public number now.")
        await tickets.say_beacon(tx, program, code, by, new.beacon, at)
        agreed = await tickets.agreed_beacon(tx, program, code)
        await trail.record(tx, program, Change("draw.beacon", code, after={"beacon": new.beacon}), at)
        return agreed is not None

    return await database.run(program, work)


async def hold_due_draws(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Hold every draw of a program whose time has come, bring tickets for purchases; how many were drawn."""
    async with database.transaction(program) as tx:
        every = await tickets.every(tx, program)
    if not every:
        return 0
    known = await programs.fresh(program)
    held = 0
    for kept in every:
        if kept.stopped_at is not None:
            continue
        if kept.drawn_at is None and at < kept.document.draws_at:
            await collect_tickets(database, known, kept, at)
            continue
        if kept.drawn_at is not None and not await _is_owed(database, program, kept.code):
            continue
        try:
            await hold_draw(database, known, kept.code, "program", at)
            held += 1
        except StateConflict:  # it was changed or called off just now, or its public number is missing still
            continue
    return held


async def _is_owed(database: Database, program: UUID, code: str) -> bool:
    async with database.transaction(program) as tx:
        return any(winner.given_at is None for winner in await tickets.winners(tx, program, code))


async def _draw(tx: Transaction, known: Known, kept: Kept, by: str, at: datetime) -> None:
    """Draw, unless somebody has. Raises StateConflict."""
    program, document = known.program.id, kept.document
    beacon = ""
    if document.beacon:
        said = await tickets.agreed_beacon(tx, program, kept.code)
        if said is None and kept.drawn_at is None:
            raise StateConflict("Two people have to type in the same public number first.")
        beacon = said or ""
    seed = await tickets.close(tx, program, known.vault.keyring.secret, kept.code, at)
    if seed is None:
        if (await found(tx, program, kept.code)).drawn_at is None:
            raise StateConflict("This draw was called off.")
        return
    rows = await fetch_all(tx, SQL.entries, {"program": program, "lottery": kept.code})
    left = await _left(tx, program, [row[3] for row in rows if row[3] is not None])
    entries: dict[int, tuple[UUID, UUID]] = {}
    of_purchase: dict[UUID, int] = {}
    for ticket, number, member, purchase in rows:
        if purchase is not None:
            of_purchase[purchase] = nth = of_purchase.get(purchase, 0) + 1
            if nth > document.earned(left.get(purchase, 0)):
                continue
        entries[number] = (ticket, member)
    numbers = tuple(entries)
    places = document.places
    won = fairness.winners(seed, numbers, beacon, len(places))
    winners = [Winner(place + 1, number, places[place], *entries[number]) for place, number in enumerate(won)]
    drawing = Drawing(kept.revision, seed, beacon, len(numbers), numbers, fairness.digest_of(numbers), at, by)
    await tickets.enter(tx, program, kept.code, drawing, winners)
    told = {"tickets": len(numbers), "winners": len(winners), "digest": drawing.digest}
    await trail.record(tx, program, Change("draw.held", kept.code, after=told), at)


async def _left(tx: Transaction, program: UUID, purchases: list[UUID]) -> dict[UUID, int]:
    """Purchase → what is left of its turnover, by which its first tickets take part; none of one that was voided."""
    every = list(dict.fromkeys(purchases))
    columns = (int2s([ids.home(one) for one in every]), uuids(every))
    return dict(await fetch_all(tx, SQL.brought, (program, *columns))) if every else {}


async def _give(database: Database, known: Known, kept: Kept, winner: Winner, by: str, at: datetime) -> None:
    """Her prize, in a transaction of its own; nobody is given one twice, and who was erased meanwhile gets none."""
    program, rank = known.program, kept.document.ranks[winner.rank]

    async def work(tx: Transaction) -> None:
        her = await sharing.locked_member(tx, program, winner.member, erased=True)
        if (
            not await tickets.give_prize(tx, program.id, kept.code, winner.place, at)
            or her.erased_at is not None
        ):
            return
        page = (await open_pages(tx, program, [her.pool]))[her.pool]
        partner = program.partners.get(kept.document.funder or "")
        title = kept.document.names.get(program.languages[0], "")
        cause = Cause(
            "draw", winner.ticket, title=title, by=by, funder=partner.id if partner else program.operator
        )
        await prizes.give(tx, known, page, her.id, rank.prize, cause, at)
        await book.write(tx, program.id, [page])

    await database.run(program.id, work)
