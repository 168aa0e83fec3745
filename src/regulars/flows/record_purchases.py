"""Records purchases: the one write path, a batch at a time (DESIGN §2).

One transaction, three round trips: claim the request keys and resolve the customers; lock their pools and read what
the decisions rest on; write all and commit. Between the second and the third everything happens in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import structlog
from msgspec import Struct

from regulars import clock, ids
from regulars.db.pool import RETRIED, Database, Transaction, enter
from regulars.db.requests import Request
from regulars.errors import Problem, RequestKeyReused, RequestVoided
from regulars.flows import pricing, standing
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.pricing import Party
from regulars.flows.standing import Customer, First, Written
from regulars.ledger import book
from regulars.ledger.page import Page
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
    """The database refuses this very purchase, for a reason we did not foresee."""

    status, code, title = 500, "internal_error", "Regulars made a mistake; nothing was written."


class CustomersMoved(Exception):
    """Between finding the customers and locking their pools, one got another pool: begin again."""


class Standings(Struct):
    """What was read for a batch, under the locks."""

    known: Known
    firsts: dict[tuple[UUID, str], First]
    customers: dict[int, Customer]
    parties: dict[UUID, Party]


class PurchaseBook:
    """Writes batches of purchases of one program each."""

    def __init__(self, database: Database, known: KnownPrograms):
        self._database = database
        self._known = known

    async def record(self, program: UUID, batch: Sequence[Incoming], at: datetime) -> list[Recorded]:
        """Record a batch in one transaction, or say of each purchase why not. Request keys must differ.

        A deadlock begins the batch again; another one, or any error of the database, splits it in halves down to
        one purchase: one bad purchase never poisons its neighbours.
        """
        for attempt in (1, 2, 3):
            try:
                return await self._record(program, batch, at)
            except (*RETRIED, CustomersMoved):
                if attempt == 2 and len(batch) > 1:
                    break
                if attempt == 3:
                    raise
            except psycopg.OperationalError:
                raise  # the server is away: halving would not help
            except psycopg.Error as error:
                if len(batch) == 1:
                    log.error(
                        "purchase_refused_by_database", error=type(error).__name__, state=error.sqlstate
                    )
                    return [Recorded(None, InternalFault())]
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
        pools = sorted({(c.home, c.pool) for c in found.values()})
        homes, pool_ids = [home for home, _ in pools], [pool for _, pool in pools]
        requests = [i.request for i in batch if i.request is not None]
        zone = known.program.time_zone
        today = clock.midnight(at.astimezone(clock.zone(zone)).date(), zone)
        spends = any(i.sent.spend for i in batch)
        grace = (
            known.program.settings.grace_days
            if known.program.settings.expired_points_on_return == "restore"
            else 0
        )
        counted = known.live.needs.get("purchases", 0)
        async with connection.pipeline():
            if pools:
                await book.lock(connection, program, homes, pool_ids)
            again = await standing.resolve(connection, program, [i.key for i in batch])
            firsts = await standing.first_answers(connection, requests)
            version = await standing.version(connection, program)
            pending = (
                await book.ask(connection, program, homes, pool_ids, grace_days=grace) if pools else None
            )
            before = (
                await standing.purchases_before(connection, program, pools, counted, at)
                if pools and counted
                else None
            )
            spent = (
                await standing.spent_between(connection, program, pools, today, today + timedelta(days=1))
                if pools and spends
                else None
            )
        customers = await standing.customers(again)
        if any(customers.get(n, c).pool != c.pool for n, c in found.items()) or len(customers) != len(found):
            raise CustomersMoved
        row = await version.fetchone()
        assert row is not None
        known = await self._known.within(connection, program, row[0])
        pages = await pending.pages() if pending else {}
        counts = await standing.counts(before) if before else {}
        spent_today = await standing.counts(spent) if spent else {}
        parties = {
            customer.pool: Party(
                customer.pool,
                customer.home,
                customer,
                pages.get(customer.pool) or Page(customer.pool, customer.home),
                counts.get(customer.pool, 0),
                spent_today.get(customer.pool, 0),
            )
            for customer in customers.values()
        }
        for pool in till_pools.values():
            parties.setdefault(pool, Party(pool, ids.home(pool), None, None))
        read = Standings(known, await standing.firsts(firsts), customers, parties)
        for place, incoming in enumerate(batch):
            read.customers.setdefault(
                -1 - place,
                Customer(
                    till_pools[incoming.store.code, incoming.sent.till], 0, None, None, None, "", "", None
                ),
            )
        return read


class Writes(Struct):
    """What a batch leaves to be written."""

    rows: list[journal.Row]
    kept: list[Written]
    freed: list[Request]
    pages: list[Page]


def _decide(batch: Sequence[Incoming], read: Standings, at: datetime) -> tuple[list[Recorded], Writes]:
    """Evaluate in the order purchased_at, then arrival; each purchase starts from what the one before it left."""
    results: list[Recorded | None] = [None] * len(batch)
    writes = Writes([], [], [], [])
    touched: dict[UUID, Page] = {}
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
    pool = customer.pool if customer else read.customers[-1 - n].pool
    party = read.parties[pool]
    purchase = ids.new(party.home)
    hold = ids.new(party.home) if incoming.sent.hold else None
    decision = pricing.decide(incoming, read.known, party, warnings, at, purchase, hold=hold)
    held_until = None
    if hold is not None:
        held_until = at + pricing.hold_time(incoming, read.known)
        if party.page is None:
            nothing = Page(pool, party.home)
            nothing.hold(hold, purchase, {}, at, held_until)
            writes.pages.append(nothing)
    status = "held" if hold else "recorded"
    answer = pricing.finished(decision.answer, purchase, status, held_until)
    writes.rows.append(pricing.row(incoming, party, decision, purchase, answer))
    assert incoming.request is not None
    writes.kept.append(Written(incoming.request, party.home, purchase))
    if party.page is not None:
        touched[pool] = party.page
    return Recorded(answer)


def _first_answer(incoming: Incoming, first: First, customer: Customer | None) -> Recorded:
    assert incoming.request is not None
    if first.kind == "void":
        return Recorded(None, RequestVoided())
    if first.kind != "purchase" or first.digest != incoming.request.digest:
        return Recorded(None, RequestKeyReused())
    assert first.document is not None
    answer = documents.unpack(first.document).answer
    return Recorded(pricing.with_name(answer, customer.name if customer else ""), replayed=True)


async def _begin(connection: Transaction, program: UUID, batch: Sequence[Incoming]) -> dict[int, Customer]:
    """The first round trip: begin, claim the keys, find the customers."""
    requests = [i.request for i in batch if i.request is not None]
    async with connection.pipeline():
        await connection.execute("BEGIN")
        await enter(connection, program)
        await standing.claim(connection, requests)
        asked = await standing.resolve(connection, program, [i.key for i in batch])
    return await standing.customers(asked)


async def _write(
    connection: Transaction,
    program: UUID,
    batch: Sequence[Incoming],
    results: Sequence[Recorded],
    writes: Writes,
    at: datetime,
) -> None:
    """The third round trip: one set-based statement per table, and the commit."""
    async with connection.pipeline():
        if writes.freed:
            await standing.free(connection, program, writes.freed)
        if writes.rows:
            await journal.record(connection, program, at, writes.rows)
            await standing.keep(connection, program, writes.kept)
        if writes.pages:
            await book.write(connection, program, writes.pages)
        await connection.execute("COMMIT")


async def _roll_back(connection: Transaction) -> None:
    if connection.closed or connection.broken:
        return
    await connection.rollback()
