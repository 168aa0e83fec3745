"""Tickets of a lottery as a prize: given while it has tickets, as many as she may have; void when the prize goes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import structs

from regulars.db.pool import Transaction
from regulars.flows.known_programs import Known
from regulars.flows.marked import takes_part
from regulars.games import tickets
from regulars.games.tickets import NewTickets
from regulars.members import reading
from regulars.prizes import Prize
from regulars.rewards.prize_book import GivenPrize, Taken


async def as_far_as_she_may(tx: Transaction, known: Known, given: GivenPrize) -> GivenPrize:
    """The prize with as many tickets as she gets; nothing where the lottery has none now or is not for her.

    The lottery stays as it is until the transaction ends; her pool is locked, so that nobody else gives her tickets.
    """
    wanted = given.prize.tickets
    assert wanted is not None, "it is tickets"
    program, at = known.program.id, given.given_at
    kept = await tickets.lock(tx, program, wanted.draw)
    count = 0
    if (
        kept is not None and kept.drawn_at is None and kept.stopped_at is None and kept.document.open_at(at)
        and await takes_part(tx, known, kept.document.audience, given.member, at)
    ):  # fmt: skip
        count = wanted.count
        if kept.document.most is not None:
            had = await tickets.counted(tx, program, given.member, kept.code)
            count = max(0, min(count, kept.document.most - had))
    if count == 0:
        return structs.replace(given, prize=Prize(nothing=True), cost=0)
    return structs.replace(
        given, prize=structs.replace(given.prize, tickets=structs.replace(wanted, count=count))
    )


async def enter(tx: Transaction, program: UUID, given: GivenPrize, by: str) -> None:
    """Give the tickets; `as_far_as_she_may` has said how many."""
    wanted = given.prize.tickets
    assert wanted is not None, "it is tickets"
    kept = await tickets.find(tx, program, wanted.draw)
    her = await reading.member(tx, program, given.member)
    assert kept is not None, "it was locked before"
    assert her is not None, "a member is never deleted"
    new = NewTickets(given.member, her.pool, wanted.count, "prize", given.given_at, by, prize=given.id)
    numbers = await tickets.give(tx, program, kept, new)
    assert numbers is not None, "the lottery is locked, and what she may have was counted under her lock"


async def take_back(
    tx: Transaction, program: UUID, given: GivenPrize, at: datetime, by: str, reason: str
) -> Taken:
    """Make the prize's tickets void; those that were drawn from stay."""
    wanted = given.prize.tickets
    assert wanted is not None, "it is tickets"
    kept = await tickets.lock(tx, program, wanted.draw)
    if kept is None or kept.drawn_at is not None:
        return "used"
    her = await reading.member(tx, program, given.member)
    assert her is not None, "a member is never deleted"
    found = await tickets.of_prize(tx, program, given.member, given.id)
    for one in found:
        done = await tickets.void(tx, program, one, her.id, None, reason, at, by)
        assert done, "the lottery is locked, and the ticket was not void"
    return "whole" if found else "kept"
