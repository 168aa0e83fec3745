"""Records purchases: the one write path, a batch at a time (DESIGN §2).

One transaction, three round trips: find the customers; claim the request keys, lock the pools and read what
the decisions rest on; write all and commit. Between the second and the third everything happens in memory. Where
something scarce is taken (use limits, budgets, codes) it is claimed in one more, and where less is granted than was
wanted, the batch is decided again and claims once more: five round trips at the most.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import psycopg
from msgspec import Struct, structs

from regulars import ids
from regulars.db.burst import Burst
from regulars.db.pool import RETRIED, Database, Transaction
from regulars.db.requests import Request, same
from regulars.errors import Overloaded, Problem, RequestKeyReused, RequestVoided
from regulars.flows import (
    answering,
    batch_rows,
    booking,
    claims,
    entitled_by_purchase,
    gift_tender,
    party,
    pricing,
    standing,
    vouchers,
)
from regulars.flows.batch_rows import Rows
from regulars.flows.claims import NOTHING_TAKEN, Scarcity, Taken
from regulars.flows.gift_tender import NO_CARDS, Cards
from regulars.flows.incoming import Incoming
from regulars.flows.internal_fault import fault
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.offline_receipts import OfflineTally
from regulars.flows.party import Party
from regulars.flows.quest_acts import BatchTally
from regulars.flows.standing import First, Written
from regulars.flows.tiering import Climb
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members import instruments, offers, tier_marks
from regulars.members.instruments import Paid
from regulars.members.model import Customer
from regulars.promotions.limits import Counter, Uses
from regulars.purchases import documents, journal
from regulars.purchases.kept import KeptVoucher
from regulars.purchases.model import PurchaseAnswer
from regulars.rewards.entitlement_book import Given
from regulars.rewards.gift_cards import Presented

BATCH_MAX = 128


class Recorded(Struct, frozen=True):
    """What became of one purchase of a batch: an answer (the first one again for a replay), or a problem."""

    answer: PurchaseAnswer | None
    problem: Problem | None = None
    replayed: bool = False


class CustomersMoved(Exception):
    """Between finding the customers and locking their pools, one got another pool: begin again."""


class Standings(Struct):
    """What was read for a batch, under the locks."""

    known: Known
    firsts: dict[tuple[UUID, str], First]
    customers: dict[int, Customer]
    """By the place in the batch."""
    parties: dict[UUID, Party]
    tills: list[UUID]
    """The pool of each purchase's till, by its place."""
    purchases: list[UUID]
    """Under which id each purchase was claimed, by its place."""
    rows: Rows
    scarcity: Scarcity
    cards: Cards

    def again(self, uses: Uses) -> Standings:
        """As it was read, to decide the batch once more with what it got of limits and codes."""
        fresh = _parties(self.customers, self.rows)
        scarcity = structs.replace(self.scarcity, uses=uses)
        return structs.replace(self, parties=fresh, scarcity=scarcity, cards=_cards(self.rows))


class PurchaseBook:
    """Writes batches of purchases of one program each."""

    def __init__(self, database: Database, known: KnownPrograms):
        self._database = database
        self._known = known

    async def record(self, program: UUID, batch: Sequence[Incoming], at: datetime) -> list[Recorded]:
        """Record a batch in one transaction, or say of each purchase why not. Request keys must differ.

        A deadlock begins the batch again; another one, any error of the database, or a mistake of ours that one
        purchase brings to light, splits it in halves down to one: a bad purchase never poisons its neighbours.
        """
        for attempt in (1, 2, 3):
            try:
                return await self._record(program, batch, at)
            except (*RETRIED, CustomersMoved):
                if attempt == 2 and len(batch) > 1:
                    break
                if attempt == 3:
                    raise
            except (psycopg.OperationalError, Overloaded):
                raise  # the server is away, or has too much to do: halving would not help
            except Exception as error:  # noqa: BLE001 – whatever it is, it must stay with the purchase that has it
                if len(batch) == 1:
                    return [Recorded(None, fault(error))]
                break
        middle = len(batch) // 2
        return [
            *await self.record(program, batch[:middle], at),
            *await self.record(program, batch[middle:], at),
        ]

    async def _record(self, program: UUID, batch: Sequence[Incoming], at: datetime) -> list[Recorded]:
        till_pools = await self._known.tills(program, ((i.store.code, i.sent.till) for i in batch), at)
        async with self._database.connection() as connection:
            try:
                found, cards = await batch_rows.begin(connection, program, batch)
                read = await self._read(connection, program, batch, found, cards, till_pools, at)
                results, writes = _decide(batch, read, at)
                if writes.taken:
                    results, writes = await _claim(connection, batch, read, (results, writes), at)
                if writes.quests is not None:
                    await writes.quests.settle(connection, at)
                await _write(connection, program, writes, at)
            except BaseException:
                await _roll_back(connection)
                raise
        return results

    async def _read(
        self,
        connection: Transaction,
        program: UUID,
        batch: Sequence[Incoming],
        found: dict[int, Customer],
        cards: dict[UUID, Presented],
        till_pools: dict[tuple[str, str], UUID],
        at: datetime,
    ) -> Standings:
        known = await self._known.of(program)
        paying = {one.card.id for one in cards.values()}
        pools = sorted({(ids.home(pool), pool) for pool in (*[c.pool for c in found.values()], *paying)})
        tills = [till_pools[incoming.store.code, incoming.sent.till] for incoming in batch]
        wanted = [
            Written(_request(incoming), ids.new(ids.home(found[n].pool if n in found else tills[n])))
            for n, incoming in enumerate(batch)
        ]
        rows = await batch_rows.ask(connection, known, batch, found, pools, at, wanted)
        claimed = rows.claimed
        if rows.version > known.version:
            # What is counted, and by which day and grace, is for the program as it is now to say: read it again.
            known = await self._known.within(connection, program, rows.version)
            rows = await batch_rows.ask(connection, known, batch, found, pools, at, ())
        taken = [w.request for w in wanted if (w.request.partner, w.request.key) not in claimed]
        firsts = await standing.firsts(await standing.first_answers(connection, taken)) if taken else {}
        customers = rows.customers
        if any(party.moved(c, customers.get(n, c)) for n, c in found.items()) or len(customers) != len(found):
            raise CustomersMoved
        if rows.cards.keys() != cards.keys():
            raise CustomersMoved
        parties = _parties(customers, rows)
        purchases = [w.purchase for w in wanted]
        scarcity = Scarcity.of(rows.scarce)
        return Standings(known, firsts, customers, parties, tills, purchases, rows, scarcity, _cards(rows))


def _cards(rows: Rows) -> Cards:
    if not rows.cards or rows.pending is None:
        return NO_CARDS
    return gift_tender.found_cards(rows.cards, rows.pending.again())


def _parties(customers: dict[int, Customer], rows: Rows) -> dict[UUID, Party]:
    pages = rows.pending.again() if rows.pending is not None else {}
    return party.parties(customers, pages, rows.purchases, rows.spent_today, rows.spent_of)


class Writes(Struct):
    """What a batch leaves to be written."""

    rows: list[journal.Row] = []
    moved: list[Written] = []
    """Purchases that live elsewhere than their keys were claimed for."""
    freed: list[Request] = []
    pages: list[Page] = []
    taken: dict[UUID, Taken] = {}
    """Of use limits, budgets and codes, by purchase."""
    holds: dict[UUID, datetime] = {}
    """Purchases that are held, and until when."""
    surplus: dict[Counter, int] = {}
    """What was claimed and is not wanted any more, below zero."""
    vouchers: dict[UUID, Sequence[KeptVoucher]] = {}
    """What was issued, by purchase."""
    entitled: list[Given] = []
    """Uses of entitlements that promotions grant."""
    activated: list[tuple[UUID, UUID]] = []
    """Members and the offers that they chose at the till."""
    paid: list[Paid] = []
    """What purchases were paid with, where tills say it."""
    climb: Climb | None = None
    """Tiers that purchases bring; None without ladders."""
    quests: BatchTally | None = None
    """What counts for challenges; None without any that is open."""
    offline: OfflineTally | None = None
    """What was sold without the line; None: nothing."""


def _decide(batch: Sequence[Incoming], read: Standings, at: datetime) -> tuple[list[Recorded], Writes]:
    """Evaluate in the order purchased_at, then arrival; each purchase starts from what the one before it left."""
    results: list[Recorded | None] = [None] * len(batch)
    writes = Writes(climb=Climb(read.known, read.rows.reached) if read.rows.reached else None)
    if read.rows.quests:
        writes.quests = BatchTally(read.known, read.rows.quests)
    if read.rows.offline is not None:
        writes.offline = OfflineTally(read.known, read.rows.offline)
    touched: dict[UUID, Page] = {}  # by pool; of anonymous purchases by the purchase
    order = sorted(range(len(batch)), key=lambda n: (batch[n].sent.purchased_at, n))
    for n in order:
        incoming = batch[n]
        assert incoming.request is not None
        first = read.firsts.get((incoming.request.partner, incoming.request.key))
        if first is not None:
            results[n] = _first_answer(incoming, first, read.customers.get(n), read.known)
            continue
        try:
            results[n] = _decide_one(incoming, n, read, writes, touched, at)
        except Problem as problem:
            writes.freed.append(incoming.request)
            results[n] = Recorded(None, problem)
    writes.pages.extend(touched.values())
    return [result for result in results if result is not None], writes


def _decide_one(
    incoming: Incoming, n: int, read: Standings, writes: Writes, touched: dict[UUID, Page], at: datetime
) -> Recorded:
    customer, warnings = pricing.customer_of(incoming, read.customers.get(n), read.known)
    if customer is not None:
        party = read.parties[customer.pool]
        party.customer = customer  # of one pool, but perhaps by another card than the purchase before
        party.facts = read.rows.facts.get(n)
        if writes.climb is not None:
            party.facts = writes.climb.facts(n, party.facts, incoming.sent.purchased_at)
    else:
        # It touches no account; but a hold, and points that were not there (as sold), are written at the till.
        till = read.tills[n]
        party = Party(till, ids.home(till), None, Page(till, ids.home(till)))
    purchase = read.purchases[n]
    if ids.home(purchase) != party.home:  # it was claimed for a customer who, as sold, does not count
        purchase = ids.new(party.home)
        writes.moved.append(Written(_request(incoming), purchase))
    hold = ids.new(party.home) if incoming.sent.hold else None
    if writes.offline is not None:
        incoming = writes.offline.bounded(incoming)
    decision = pricing.decide(
        incoming, read.known, party, warnings, at, purchase,
        hold=hold, scarcity=read.scarcity, cards=read.cards,
    )  # fmt: skip
    if writes.offline is not None:
        writes.offline.follow(incoming, decision, purchase)
    held_until = None
    if hold is not None:
        held_until = writes.holds[purchase] = at + booking.hold_time(incoming, read.known)
    elif decision.document.vouchers:
        writes.vouchers[purchase] = decision.document.vouchers
    if hold is None and decision.answer.entitlements and customer is not None and customer.member is not None:
        writes.entitled += entitled_by_purchase.of(
            read.known.program, decision.answer, purchase, customer.member, incoming.sent.purchased_at,
            booking.actor(incoming),
        )  # fmt: skip
    if decision.taken is not NOTHING_TAKEN:
        writes.taken[purchase] = decision.taken
    if decision.activated and customer is not None and customer.member is not None:
        writes.activated += [(customer.member, offer) for offer in decision.activated]
    status = "held" if hold else "recorded"
    answer = answering.finished(decision.answer, purchase, status, held_until)
    if writes.quests is not None:
        answer = writes.quests.follow(n, incoming, customer, party.page, decision, answer, purchase, at)
    if writes.climb is not None:
        answer = writes.climb.follow(n, incoming, decision, answer, purchase, at)
    row = pricing.row(incoming, party, decision, purchase, answer)
    writes.rows.append(row)
    writes.paid += [Paid(purchase, one, row.member, row.purchased_at) for one in incoming.instruments]
    assert party.page is not None
    touched[party.pool if customer else purchase] = party.page
    for card in gift_tender.used(incoming, read.cards):
        touched[card.pool] = card
    return Recorded(answering.with_claim_code(answer, purchase, read.known.vault))


def _first_answer(incoming: Incoming, first: First, customer: Customer | None, known: Known) -> Recorded:
    assert incoming.request is not None
    if first.kind == "void":
        return Recorded(None, RequestVoided())
    if first.kind != "purchase" or not same(first.digest, incoming.request.digest):
        return Recorded(None, RequestKeyReused())
    assert first.document is not None
    assert first.purchase is not None
    answer = answering.with_name(documents.unpack(first.document).answer, customer)
    return Recorded(answering.with_claim_code(answer, first.purchase, known.vault), replayed=True)


async def _claim(
    connection: Transaction,
    batch: Sequence[Incoming],
    read: Standings,
    first: tuple[list[Recorded], Writes],
    at: datetime,
) -> tuple[list[Recorded], Writes]:
    """Claim what the batch takes, and hold it to what it gets."""
    found, surplus = await claims.claim_and_decide(
        connection,
        read.known.program.id,
        read.scarcity.scarce,
        ids.home(read.purchases[0]),
        first,
        lambda decided: decided[1].taken.values(),
        lambda uses: _decide(batch, read.again(uses), at),
    )
    found[1].surplus = surplus
    return found


async def _write(connection: Transaction, program: UUID, writes: Writes, at: datetime) -> None:
    """The last round trip: one set-based statement per table, and the commit."""
    async with Burst(connection) as burst:
        if writes.freed:
            await standing.free(burst, program, writes.freed)
        if writes.rows:
            await journal.record(burst, program, at, writes.rows)
        if writes.moved:
            await standing.keep(burst, program, writes.moved)
        if writes.activated:
            await offers.activate(burst, program, writes.activated, at)
        if writes.pages:
            await book.write(burst, program, writes.pages)
        if writes.taken or writes.surplus:
            await claims.note(burst, program, at, writes.taken, writes.holds)
            await claims.settle(burst, program, writes.taken, writes.surplus)
        if writes.climb is not None:
            await tier_marks.write(burst, program, writes.climb.taken, at)
        if writes.quests is not None:
            await writes.quests.tally.write(burst, at)
        if writes.offline is not None:
            await writes.offline.write(burst, at)
        if writes.vouchers:
            await vouchers.issue(burst, program, writes.vouchers)
        if writes.entitled:
            await entitled_by_purchase.give(burst, program, writes.entitled, at)
        if writes.paid:
            await instruments.note(burst, program, writes.paid)
        await burst.execute("COMMIT")


def _request(incoming: Incoming) -> Request:
    assert incoming.request is not None, "what is recorded names its request"
    return incoming.request


async def _roll_back(connection: Transaction) -> None:
    if connection.closed or connection.broken:
        return
    await connection.rollback()
