"""Reads what a batch of purchases is decided on, in two round trips: the customers, then all else under their lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.burst import Burst
from regulars.db.pool import Transaction, enter
from regulars.flows import claims, facts, offline_receipts, questing, spending, standing
from regulars.flows.claims import Scarce
from regulars.flows.facts import Whose
from regulars.flows.grace import held_grace_days
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.flows.quest_acts import BatchTally
from regulars.flows.standing import Written
from regulars.flows.tiering import Climb, Read
from regulars.ledger import book
from regulars.members.model import Customer
from regulars.purchases.offline.devices import Found
from regulars.rewards import gift_cards
from regulars.rewards.gift_cards import Presented


class Rows(Struct, frozen=True):
    """What the database answered for a batch."""

    customers: dict[int, Customer]
    claimed: set[tuple[UUID, str]]
    version: int
    pending: book.Pending | None
    """Has the pages of the pools."""
    purchases: dict[UUID, int]
    spent_today: dict[UUID, int]
    spent_of: dict[UUID, spending.SpentOf]
    facts: facts.Found
    """By the place in the batch."""
    scarce: Scarce
    reached: list[Read]
    """What ladders measure; nothing without ladders."""
    quests: list[questing.Row]
    """Where customers stand in challenges; nothing without any that is open."""
    cards: dict[UUID, Presented]
    """Gift cards, by the code that was presented."""
    offline: Found | None
    """How devices stand that sold without the line; None: nothing of it was sold so."""


async def begin(
    connection: Transaction, program: UUID, batch: Sequence[Incoming]
) -> tuple[dict[int, Customer], dict[UUID, Presented]]:
    """The first round trip: begin, and find the customers and the gift cards."""
    codes = [tender.code for i in batch for tender in i.tenders]
    cards = None
    async with Burst(connection) as burst:
        await burst.execute("BEGIN")
        await enter(burst, program)
        asked = await standing.resolve(burst, program, [i.key for i in batch])
        if codes:
            cards = await gift_cards.ask(burst, program, codes)
    return await standing.customers(asked, None), await gift_cards.presented(cards) if cards else {}


async def ask(
    connection: Transaction,
    known: Known,
    batch: Sequence[Incoming],
    found: dict[int, Customer],
    pools: Sequence[tuple[int, UUID]],
    at: datetime,
    wanted: Sequence[Written],
) -> Rows:
    """Claim the keys, lock the pools and, in the same pipeline, read what the decisions rest on."""
    program = known.program.id
    counted = known.live.needs.purchases
    claim = pending = before = spent = spent_of = cards = None
    codes = [tender.code for i in batch for tender in i.tenders]
    homes, ids_of_pools = [home for home, _ in pools], [pool for _, pool in pools]
    async with Burst(connection) as burst:
        if wanted:
            claim = await standing.claim(burst, wanted)
        if pools:
            await book.lock(burst, program, homes, ids_of_pools)
        devices = await offline_receipts.ask(burst, program, batch, at)
        customers = await standing.resolve(burst, program, [i.key for i in batch])
        version = await standing.version(burst, program)
        if pools:
            grace = held_grace_days(known.program.settings)
            pending = await book.ask(burst, program, homes, ids_of_pools, grace_days=grace)
        if pools and counted:
            before = await standing.purchases_before(burst, program, pools, counted, at)
        if pools and any(i.sent.spend or i.sent.offers for i in batch):
            day = standing.day_of(at, known.program.time_zone)
            if any(i.sent.spend for i in batch):
                spent = await standing.spent_on(burst, program, pools, day)
            limited = spending.limited((batch[n], customer) for n, customer in found.items())
            if limited:
                spent_of = await spending.ask(burst, program, limited, day)
        whose = [Whose(n, customer, batch[n].sent.purchased_at) for n, customer in found.items()]
        known_of = await facts.ask(burst, known, whose, at)
        reached = await Climb.ask(burst, known, batch, found, at)
        asked = BatchTally.wanted(known, batch, found, at) if known.quests else []
        quests = await questing.ask(burst, known, asked) if asked else None
        scarce = await claims.ask(burst, known, batch, found)
        if codes:
            cards = await gift_cards.ask(burst, program, codes)
    row = await version.fetchone()
    assert row is not None, "the program is there"
    return Rows(
        await standing.customers(customers, known.vault),
        await standing.claimed(claim) if claim else set(),
        row[0],
        await pending.read() if pending else None,
        await standing.counts(before) if before else {},
        await standing.counts(spent) if spent else {},
        await spending.answered(spent_of) if spent_of else {},
        await facts.answers(known_of),
        await scarce.read() if scarce else claims.NONE,
        await reached.read() if reached else [],
        await questing.answered(quests) if quests else [],
        await gift_cards.presented(cards) if cards else {},
        await devices.read() if devices else None,
    )
