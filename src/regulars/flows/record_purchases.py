"""Records purchases: the one write path, a batch at a time (DESIGN §2).

One transaction, three round trips: find the customers; claim the request keys, lock the pools and read what
the decisions rest on; write all and commit. Between the second and the third everything happens in memory. Where
something scarce is taken (use limits, budgets, codes) it is claimed in one more, and where less is granted than was
wanted, the batch is decided again and claims once more: five round trips at the most.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import structlog
from msgspec import Struct, structs

from regulars import clock, ids
from regulars.db.burst import Burst
from regulars.db.pool import RETRIED, Database, Transaction, enter
from regulars.db.requests import Request
from regulars.errors import Overloaded, Problem, RequestKeyReused, RequestVoided
from regulars.flows import answering, booking, claims, facts, party, pricing, spending, standing, vouchers
from regulars.flows.claims import NOTHING_TAKEN, Scarce, Scarcity, Taken
from regulars.flows.facts import Whose
from regulars.flows.grace import held_grace_days
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.party import Party
from regulars.flows.standing import First, Written
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members import offers
from regulars.members.model import Customer
from regulars.promotions.limits import Counter, Uses
from regulars.purchases import documents, journal
from regulars.purchases.model import KeptVoucher, PurchaseAnswer

BATCH_MAX = 128
log = structlog.get_logger("regulars.purchases")


class Recorded(Struct, frozen=True):
    """What became of one purchase of a batch: an answer (the first one again for a replay), or a problem."""

    answer: PurchaseAnswer | None
    problem: Problem | None = None
    replayed: bool = False


class InternalFault(Problem):
    """This very purchase cannot be decided or written, for a reason we did not foresee."""

    status, code, title = 500, "internal_error", "Regulars made a mistake; nothing was written."


def _fault(error: Exception) -> Problem:
    """What the one purchase is told that brought the error to light."""
    if isinstance(error, Problem):
        return error
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    # Its text may quote the row; where it happened says enough.
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.name}:{place.lineno}"
    log.error("purchase_refused_by_fault", error=type(error).__name__, state=state, where=where)
    return InternalFault()


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

    def again(self, uses: Uses) -> Standings:
        """As it was read, to decide the batch once more with what it got of limits and codes."""
        fresh = _parties(self.customers, self.rows)
        return structs.replace(self, parties=fresh, scarcity=structs.replace(self.scarcity, uses=uses))


class Rows(Struct, frozen=True):
    """What the database answered for a batch."""

    customers: dict[int, Customer]
    claimed: set[tuple[UUID, str]]
    version: int
    pending: book.Pending | None
    """Has the pages of the pools."""
    purchases: dict[UUID, int]
    spent_today: dict[UUID, int]
    spent_of: spending.SpentOf
    facts: facts.Found
    """By the place in the batch."""
    scarce: Scarce


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
                    return [Recorded(None, _fault(error))]
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
                found = await _begin(connection, program, batch)
                read = await self._read(connection, program, batch, found, till_pools, at)
                results, writes = _decide(batch, read, at)
                if writes.taken:
                    results, writes = await _claim(connection, batch, read, (results, writes), at)
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
        till_pools: dict[tuple[str, str], UUID],
        at: datetime,
    ) -> Standings:
        known = await self._known.of(program)
        pools = sorted({(ids.home(c.pool), c.pool) for c in found.values()})
        tills = [till_pools[incoming.store.code, incoming.sent.till] for incoming in batch]
        wanted = [
            Written(_request(incoming), ids.new(ids.home(found[n].pool if n in found else tills[n])))
            for n, incoming in enumerate(batch)
        ]
        rows = await _ask(connection, known, batch, found, pools, at, wanted)
        claimed = rows.claimed
        if rows.version > known.version:
            # What is counted, and by which day and grace, is for the program as it is now to say: read it again.
            known = await self._known.within(connection, program, rows.version)
            rows = await _ask(connection, known, batch, found, pools, at, ())
        taken = [w.request for w in wanted if (w.request.partner, w.request.key) not in claimed]
        firsts = await standing.firsts(await standing.first_answers(connection, taken)) if taken else {}
        customers = rows.customers
        if any(party.moved(c, customers.get(n, c)) for n, c in found.items()) or len(customers) != len(found):
            raise CustomersMoved
        parties = _parties(customers, rows)
        purchases = [w.purchase for w in wanted]
        scarcity = Scarcity.of(rows.scarce)
        return Standings(known, firsts, customers, parties, tills, purchases, rows, scarcity)


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
    activated: list[tuple[UUID, UUID]] = []
    """Members and the offers that they chose at the till."""


def _decide(batch: Sequence[Incoming], read: Standings, at: datetime) -> tuple[list[Recorded], Writes]:
    """Evaluate in the order purchased_at, then arrival; each purchase starts from what the one before it left."""
    results: list[Recorded | None] = [None] * len(batch)
    writes = Writes()
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
    else:
        # It touches no account; but a hold, and points that were not there (as sold), are written at the till.
        till = read.tills[n]
        party = Party(till, ids.home(till), None, Page(till, ids.home(till)))
    purchase = read.purchases[n]
    if ids.home(purchase) != party.home:  # it was claimed for a customer who, as sold, does not count
        purchase = ids.new(party.home)
        writes.moved.append(Written(_request(incoming), purchase))
    hold = ids.new(party.home) if incoming.sent.hold else None
    decision = pricing.decide(
        incoming, read.known, party, warnings, at, purchase, hold=hold, scarcity=read.scarcity
    )
    held_until = None
    if hold is not None:
        held_until = writes.holds[purchase] = at + booking.hold_time(incoming, read.known)
    elif decision.document.vouchers:
        writes.vouchers[purchase] = decision.document.vouchers
    if decision.taken is not NOTHING_TAKEN:
        writes.taken[purchase] = decision.taken
    if decision.activated and customer is not None and customer.member is not None:
        writes.activated += [(customer.member, offer) for offer in decision.activated]
    status = "held" if hold else "recorded"
    answer = answering.finished(decision.answer, purchase, status, held_until)
    writes.rows.append(pricing.row(incoming, party, decision, purchase, answer))
    assert party.page is not None
    touched[party.pool if customer else purchase] = party.page
    return Recorded(answering.with_claim_code(answer, read.known))


def _first_answer(incoming: Incoming, first: First, customer: Customer | None, known: Known) -> Recorded:
    assert incoming.request is not None
    if first.kind == "void":
        return Recorded(None, RequestVoided())
    if first.kind != "purchase" or first.digest != incoming.request.digest:
        return Recorded(None, RequestKeyReused())
    assert first.document is not None
    answer = documents.unpack(first.document).answer
    told = answering.with_claim_code(answering.with_name(answer, customer), known)
    return Recorded(told, replayed=True)


async def _begin(connection: Transaction, program: UUID, batch: Sequence[Incoming]) -> dict[int, Customer]:
    """The first round trip: begin, and find the customers."""
    async with Burst(connection) as burst:
        await burst.execute("BEGIN")
        await enter(burst, program)
        asked = await standing.resolve(burst, program, [i.key for i in batch])
    return await standing.customers(asked, None)


async def _ask(
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
    today = clock.midnight(at.astimezone(clock.zone(known.program.time_zone)).date(), known.program.time_zone)
    counted = known.live.needs.purchases
    claim = pending = before = spent = spent_of = None
    homes, ids_of_pools = [home for home, _ in pools], [pool for _, pool in pools]
    async with Burst(connection) as burst:
        if wanted:
            claim = await standing.claim(burst, wanted)
        if pools:
            await book.lock(burst, program, homes, ids_of_pools)
        customers = await standing.resolve(burst, program, [i.key for i in batch])
        version = await standing.version(burst, program)
        if pools:
            grace = held_grace_days(known.program.settings)
            pending = await book.ask(burst, program, homes, ids_of_pools, grace_days=grace)
        if pools and counted:
            before = await standing.purchases_before(burst, program, pools, counted, at)
        if pools and any(i.sent.spend for i in batch):
            tomorrow = today + timedelta(days=1)
            spent = await standing.spent_between(burst, program, pools, at, today, tomorrow)
        limited = spending.limited((batch[n], customer) for n, customer in found.items())
        if limited:
            day = spending.Day(at, today, today + timedelta(days=1))
            spent_of = await spending.ask(burst, program, limited, day)
        whose = [Whose(n, customer, batch[n].sent.purchased_at) for n, customer in found.items()]
        known_of = await facts.ask(burst, known, whose, at)
        scarce = await claims.ask(burst, known, batch, found)
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
    )


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
        if writes.vouchers:
            await vouchers.issue(burst, program, writes.vouchers)
        await burst.execute("COMMIT")


def _request(incoming: Incoming) -> Request:
    assert incoming.request is not None, "what is recorded names its request"
    return incoming.request


async def _roll_back(connection: Transaction) -> None:
    if connection.closed or connection.broken:
        return
    await connection.rollback()
