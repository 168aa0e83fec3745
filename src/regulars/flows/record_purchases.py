"""Records purchases: the one write path, a batch at a time (DESIGN §2).

One transaction, three round trips: find the customers; claim the request keys, lock the pools and read what
the decisions rest on; write all and commit. Between the second and the third everything happens in memory.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import structlog
from msgspec import Struct

from regulars import clock, ids
from regulars.db.burst import Burst
from regulars.db.pool import RETRIED, Database, Transaction, enter
from regulars.db.requests import Request
from regulars.errors import Overloaded, Problem, RequestKeyReused, RequestVoided
from regulars.flows import answering, booking, pricing, standing
from regulars.flows.grace import held_grace_days
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.pricing import Party
from regulars.flows.standing import First, Written
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members.model import Customer
from regulars.purchases import documents, journal
from regulars.purchases.model import PurchaseAnswer

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


class Rows(Struct, frozen=True):
    """What the database answered for a batch."""

    customers: dict[int, Customer]
    claimed: set[tuple[UUID, str]]
    version: int
    pages: dict[UUID, Page]
    purchases: dict[UUID, int]
    spent_today: dict[UUID, int]


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
                await _write(connection, program, batch, results, writes, at)
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
        rows = await _ask(connection, known, batch, pools, at, wanted)
        claimed = rows.claimed
        if rows.version > known.version:
            # What is counted, and by which day and grace, is for the program as it is now to say: read it again.
            known = await self._known.within(connection, program, rows.version)
            rows = await _ask(connection, known, batch, pools, at, ())
        taken = [w.request for w in wanted if (w.request.partner, w.request.key) not in claimed]
        firsts = await standing.firsts(await standing.first_answers(connection, taken)) if taken else {}
        customers = rows.customers
        if any(customers.get(n, c).pool != c.pool for n, c in found.items()) or len(customers) != len(found):
            raise CustomersMoved
        parties = {
            customer.pool: Party(
                customer.pool,
                ids.home(customer.pool),
                customer,
                rows.pages.get(customer.pool) or Page(customer.pool, ids.home(customer.pool)),
                rows.purchases.get(customer.pool, 0),
                rows.spent_today.get(customer.pool, 0),
            )
            for customer in customers.values()
        }
        return Standings(known, firsts, customers, parties, tills, [w.purchase for w in wanted])


class Writes(Struct):
    """What a batch leaves to be written."""

    rows: list[journal.Row]
    moved: list[Written]
    """Purchases that live elsewhere than their keys were claimed for."""
    freed: list[Request]
    pages: list[Page]


def _decide(batch: Sequence[Incoming], read: Standings, at: datetime) -> tuple[list[Recorded], Writes]:
    """Evaluate in the order purchased_at, then arrival; each purchase starts from what the one before it left."""
    results: list[Recorded | None] = [None] * len(batch)
    writes = Writes([], [], [], [])
    touched: dict[UUID, Page] = {}  # by pool; of anonymous purchases by the purchase
    order = sorted(range(len(batch)), key=lambda n: (batch[n].sent.purchased_at, n))
    for n in order:
        incoming = batch[n]
        assert incoming.request is not None
        first = read.firsts.get((incoming.request.partner, incoming.request.key))
        if first is not None:
            results[n] = _first_answer(incoming, first, read.customers.get(n))
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
    else:
        # It touches no account; but a hold, and points that were not there (as sold), are written at the till.
        till = read.tills[n]
        party = Party(till, ids.home(till), None, Page(till, ids.home(till)))
    purchase = read.purchases[n]
    if ids.home(purchase) != party.home:  # it was claimed for a customer who, as sold, does not count
        purchase = ids.new(party.home)
        writes.moved.append(Written(_request(incoming), purchase))
    hold = ids.new(party.home) if incoming.sent.hold else None
    decision = pricing.decide(incoming, read.known, party, warnings, at, purchase, hold=hold)
    held_until = None
    if hold is not None:
        held_until = at + booking.hold_time(incoming, read.known)
    status = "held" if hold else "recorded"
    answer = answering.finished(decision.answer, purchase, status, held_until)
    writes.rows.append(pricing.row(incoming, party, decision, purchase, answer))
    assert party.page is not None
    touched[party.pool if customer else purchase] = party.page
    return Recorded(answer)


def _first_answer(incoming: Incoming, first: First, customer: Customer | None) -> Recorded:
    assert incoming.request is not None
    if first.kind == "void":
        return Recorded(None, RequestVoided())
    if first.kind != "purchase" or first.digest != incoming.request.digest:
        return Recorded(None, RequestKeyReused())
    assert first.document is not None
    answer = documents.unpack(first.document).answer
    return Recorded(answering.with_name(answer, customer), replayed=True)


async def _begin(connection: Transaction, program: UUID, batch: Sequence[Incoming]) -> dict[int, Customer]:
    """The first round trip: begin, and find the customers."""
    async with Burst(connection) as burst:
        await burst.execute("BEGIN")
        await enter(burst, program)
        asked = await standing.resolve(burst, program, [i.key for i in batch])
    return await standing.customers(asked)


async def _ask(
    connection: Transaction,
    known: Known,
    batch: Sequence[Incoming],
    pools: Sequence[tuple[int, UUID]],
    at: datetime,
    wanted: Sequence[Written],
) -> Rows:
    """Claim the keys, lock the pools and, in the same pipeline, read what the decisions rest on."""
    program = known.program.id
    today = clock.midnight(at.astimezone(clock.zone(known.program.time_zone)).date(), known.program.time_zone)
    counted = known.live.needs.get("purchases", 0)
    claim = pending = before = spent = None
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
    row = await version.fetchone()
    assert row is not None, "the program is there"
    return Rows(
        await standing.customers(customers),
        await standing.claimed(claim) if claim else set(),
        row[0],
        await pending.pages() if pending else {},
        await standing.counts(before) if before else {},
        await standing.counts(spent) if spent else {},
    )


async def _write(
    connection: Transaction,
    program: UUID,
    batch: Sequence[Incoming],
    results: Sequence[Recorded],
    writes: Writes,
    at: datetime,
) -> None:
    """The third round trip: one set-based statement per table, and the commit."""
    async with Burst(connection) as burst:
        if writes.freed:
            await standing.free(burst, program, writes.freed)
        if writes.rows:
            await journal.record(burst, program, at, writes.rows)
        if writes.moved:
            await standing.keep(burst, program, writes.moved)
        if writes.pages:
            await book.write(burst, program, writes.pages)
        await burst.execute("COMMIT")


def _request(incoming: Incoming) -> Request:
    assert incoming.request is not None, "what is recorded names its request"
    return incoming.request


async def _roll_back(connection: Transaction) -> None:
    if connection.closed or connection.broken:
        return
    await connection.rollback()
