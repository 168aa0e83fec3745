"""Takes purchases in: registers what is new (a store, a till), reads the receipts, and records or previews them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import structs

from regulars import ids
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.errors import Problem, SpendingInDoubt
from regulars.flows import claims, facts, gift_cards, member_tiers, party, pricing, proofs, spending, standing
from regulars.flows import incoming as receipts
from regulars.flows.claims import Scarcity
from regulars.flows.facts import Whose
from regulars.flows.grace import open_pages
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.party import Party
from regulars.flows.pricing import Decision
from regulars.flows.queue_purchases import PurchaseQueue
from regulars.flows.record_purchases import Recorded
from regulars.members.access import locks
from regulars.members.model import Customer
from regulars.programs import reading
from regulars.programs.model import Caller
from regulars.purchases.model import PurchaseAnswer, PurchaseRequest
from regulars.units import Ratio


class Recorder:
    """What a process records purchases with."""

    def __init__(self, database: Database, known: KnownPrograms, secret: bytes, *, lanes: int = 1):
        self._database = database
        self._known = known
        self._secret = secret
        self._queue = PurchaseQueue(database, known, lanes=lanes)

    async def close(self) -> None:
        """Take nothing more, and finish what was taken."""
        await self._queue.close()

    async def record(
        self, caller: Caller, sent: PurchaseRequest, digest: bytes, language: str | None
    ) -> Recorded:
        """Record one purchase. Raises Problems; a problem that only the standing shows is in the result."""
        at = await self._known.now(caller.program)
        request = Request(caller.program, caller.request_partner, sent.id, digest, at)
        one = await self._read(caller, sent, at, request, language)
        if sent.spend:
            one = await self._proved(one, at)
        return await self._once_more(one, await self._queue.record(one), at)

    async def record_all(
        self,
        caller: Caller,
        batch: list[tuple[PurchaseRequest, bytes]],
        language: str | None,
        *,
        imported: bool = False,
    ) -> list[Recorded]:
        """Record many; what is wrong with one is in its own result, and does not touch its neighbours."""
        at = await self._known.now(caller.program)
        results: list[Recorded | None] = [None] * len(batch)
        read: list[tuple[int, Incoming]] = []
        for place, (sent, digest) in enumerate(batch):
            request = Request(caller.program, caller.request_partner, sent.id, digest, at)
            try:
                one = await self._read(caller, sent, at, request, language, imported=imported)
                read.append((place, await self._proved(one, at) if sent.spend else one))
            except Problem as problem:
                results[place] = Recorded(None, problem)
        answers = await self._queue.record_all(caller.program, [one for _, one in read])
        for (place, one), answer in zip(read, answers, strict=True):
            results[place] = await self._once_more(one, answer, at)
        return [result for result in results if result is not None]

    async def preview(self, caller: Caller, sent: PurchaseRequest, language: str | None) -> PurchaseAnswer:
        """What recording would answer now; nothing is locked or written. Raises Problems."""
        at = await self._known.now(caller.program)
        one = await self._read(caller, sent, at, None, language, registering=False)
        if sent.spend:
            one = await self._proved(one, at)
        try:
            return await self._preview(one, at)
        except SpendingInDoubt as doubt:
            return await self._preview(await self._unlocked(one, doubt, at), at)

    async def _preview(self, one: Incoming, at: datetime) -> PurchaseAnswer:
        known = await self._known.fresh(one.caller.program)
        whose, found = await self._party(known, one, at)
        whose.customer, warnings = pricing.customer_of(one, found, known)
        if whose.customer is None:
            whose.page = None
        scarcity = await self._scarcity(known, one, whose.customer)
        cards = await gift_cards.presented_cards(self._database, known, one) if one.tenders else {}
        decision = pricing.decide(one, known, whose, warnings, at, None, scarcity=scarcity, cards=cards)
        return await self._with_tier(known, whose.customer, decision, at)

    async def _with_tier(
        self, known: Known, customer: Customer | None, decision: Decision, at: datetime
    ) -> PurchaseAnswer:
        """A preview's answer with the member's tier, and for the cashier what is missing for the next."""
        if not known.ladders or customer is None or customer.member is None:
            return decision.answer
        async with self._database.transaction(known.program.id) as tx:
            return await member_tiers.previewed(tx, known, customer, decision, at)

    async def _proved(self, one: Incoming, at: datetime) -> Incoming:
        return await proofs.prove(self._database, await self._known.fresh(one.caller.program), one, at)

    async def _unlocked(self, one: Incoming, doubt: SpendingInDoubt, at: datetime) -> Incoming:
        """The purchase of a member whose spending is locked somewhere else. Raises SpendingLocked: it is here."""
        known = await self._known.of(one.caller.program)
        locked = await proofs.locked_here(self._database, known, one, at)
        if locked is not None:
            raise locks.locked(at, locked) from doubt
        return structs.replace(one, unlocked=True)

    async def _once_more(self, one: Incoming, recorded: Recorded, at: datetime) -> Recorded:
        if not isinstance(recorded.problem, SpendingInDoubt):
            return recorded
        try:
            one = await self._unlocked(one, recorded.problem, at)
        except Problem as problem:
            return Recorded(None, problem)
        (again,) = await self._queue.record_all(one.caller.program, [one])
        return again

    async def _read(
        self,
        caller: Caller,
        sent: PurchaseRequest,
        at: datetime,
        request: Request | None,
        language: str | None,
        *,
        imported: bool = False,
        registering: bool = True,
    ) -> Incoming:
        known = await self._known.of(caller.program)
        rates: dict[str, Ratio] = {}
        if sent.currency != known.program.base_currency:
            rates = await self._rates(known, sent)

        def read(by: Known) -> Incoming:
            return receipts.read(
                by, self._secret, caller, sent, at,
                request=request, language=language, imported=imported, rates=rates,
            )  # fmt: skip

        try:
            return read(known)
        except Problem:
            # Perhaps only by what this process remembers: ask what the program has become before saying no.
            fresh = await self._known.fresh(caller.program)
            new = receipts.missing_store(caller, fresh, sent.store)
            if new is not None:
                receipts.require_sense(fresh, self._secret, sent, at, rates)
                if registering:
                    await self._known.tills(caller.program, [(new, sent.till)], at)
                    fresh = await self._known.fresh(caller.program)
                else:
                    fresh = receipts.with_store(fresh, new)
            elif fresh.version == known.version:
                raise
            return read(fresh)

    async def _rates(self, known: Known, sent: PurchaseRequest) -> dict[str, Ratio]:
        async with self._database.transaction(known.program.id) as tx:
            rate = await reading.rate_at(tx, known.program.id, sent.currency, sent.purchased_at)
        return {sent.currency: rate} if rate is not None else {}

    async def _scarcity(self, known: Known, one: Incoming, customer: Customer | None) -> Scarcity | None:
        """What there is of limits and codes now; None where no promotion asks."""
        if not known.live.limited and not one.codes:
            return None  # vouchers are drawn when it is recorded
        async with self._database.transaction(known.program.id) as tx:
            asked = await claims.ask(tx, known, [one], {0: customer} if customer is not None else {})
            return Scarcity.of(await asked.read()) if asked is not None else None

    async def _party(self, known: Known, one: Incoming, at: datetime) -> tuple[Party, Customer | None]:
        """The customer's standing, read without locks."""
        program = known.program.id
        async with self._database.transaction(program) as tx:
            found = await standing.customer_of(tx, program, one.key, known.vault)
            if found is None:
                return Party(UUID(int=0), 0, None, None), None
            pools = [(ids.home(found.pool), found.pool)]
            pages = await open_pages(tx, known.program, [found.pool])
            counted = known.live.needs.purchases
            purchases = spent = {}
            spent_of: dict[UUID, spending.SpentOf] = {}
            if counted:
                purchases = await standing.counts(
                    await standing.purchases_before(tx, program, pools, counted, at)
                )
            if one.sent.spend:
                day = standing.day_of(at, known.program.time_zone)
                spent = await standing.counts(await standing.spent_on(tx, program, pools, day))
            if spending.limited([(one, found)]):
                spent_of = {found.pool: await spending.today_of(tx, known, found, at)}
            whose = [Whose(0, found, one.sent.purchased_at)]
            known_of = await facts.answers(await facts.ask(tx, known, whose, at))
        read = party.parties({0: found}, pages, purchases, spent, spent_of)[found.pool]
        read.facts = known_of.get(0)
        return read, found
