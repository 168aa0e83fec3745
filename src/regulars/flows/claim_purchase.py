"""Gives an anonymous purchase to a member afterwards: points, turnover, visits and uses of entitlements as of its
own time; prices stay.

What it earns is decided by the promotions that were live when it was recorded, on what was sold: as of a receipt that
left the shop. Once is a primary key; the number in seven days is counted under the lock of the member's pool.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import structs

from regulars import ids
from regulars.db import requests
from regulars.db.arrays import uuids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.db.requests import Answer, Request
from regulars.errors import AlreadyClaimed, CardBlocked, Fault, InvalidValue, NotClaimable, NotFound
from regulars.flows import (
    answering,
    claimable,
    claims,
    entitled_by_purchase,
    facts,
    pricing,
    sharing,
    standing,
    tiering,
)
from regulars.flows.claimable import ClaimByRequest, NewClaim
from regulars.flows.claims import Scarcity
from regulars.flows.desk import on_behalf
from regulars.flows.facts import Whose
from regulars.flows.grace import held_grace_days
from regulars.flows.incoming import Incoming, Key
from regulars.flows.known_programs import Known, KnownPrograms, as_decided
from regulars.flows.open_purchase import Opened, open_purchase, require_place, told_again
from regulars.flows.party import Party
from regulars.flows.pricing import Decision
from regulars.flows.quest_acts import followed
from regulars.ledger import book
from regulars.members import identity, instruments, reading
from regulars.members.model import Customer, Identifier
from regulars.programs.model import Caller
from regulars.promotions import counters
from regulars.promotions.counters import Noted
from regulars.promotions.limits import Uses
from regulars.purchases import claiming, documents, journal, receipt
from regulars.purchases.journal import Purchase
from regulars.purchases.kept import Document
from regulars.purchases.model import PurchaseAnswer, PurchaseLine, PurchaseRequest
from regulars.units import Ratio


async def claim_purchase(
    database: Database,
    programs: KnownPrograms,
    caller: Caller,
    request: Request,
    purchase: UUID,
    new: NewClaim,
) -> Answer:
    """201 with the purchase's answer, with what it earned. Raises NotFound, InvalidValue, ClaimCodeWrong,
    ClaimByCashier, AlreadyClaimed, NotClaimable, ClaimLimit, CardBlocked."""
    known = await programs.fresh(request.program)
    given = [kind for kind in ("card", "phone", "email", "member") if getattr(new, kind) is not None]
    if len(given) != 1:
        raise InvalidValue("", "Give exactly one of card, phone, email and member.")
    region = identity.region(known.program.time_zone, known.program.languages)
    settings = known.program.settings
    whose = reading.identifier(given[0], getattr(new, given[0]), settings, region, f"/{given[0]}")

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return await told_again(tx, known.vault, first)
        found = await journal.find(tx, request.program, purchase)
        if found is None:
            raise NotFound("There is no such purchase in this program.")
        if new.claim_code is None:
            require_place(caller, found)
        claimable.require_code(known, caller, purchase, new)
        customer = await _customer(tx, known, found, whose)
        opened = await open_purchase(tx, programs, request.program, purchase)
        await claimable.require_claimable(tx, opened, customer, request.at)
        decision, party = await _decide(tx, opened, caller, customer, request.at)
        answer = await _write(tx, opened, decision, party, request.at, caller.by)
        assert customer.member is not None, "a card that belongs to nobody claims nothing"
        await on_behalf.tell_claimed(tx, caller, request, purchase, customer.member)
        await requests.keep(tx, request, 201, msgspec.json.encode(answering.without_name(answer)))
        return Answer(201, msgspec.json.encode(answering.with_name(answer, customer)))

    return await database.run(request.program, work)


async def claim_by_request(
    database: Database, programs: KnownPrograms, caller: Caller, request: Request, sent: ClaimByRequest
) -> Answer:
    """As `claim_purchase`, for the purchase that a till recorded under its own id. Raises NotFound too.

    Tills of several partners may have used the same: then the code tells which.
    """
    known = await programs.fresh(request.program)
    # Under whom the till's key names its requests: the program, or the key's partner.
    whose = [request.program, *[partner.id for partner in known.program.partners.values()]]
    async with database.transaction(request.program) as tx:
        rows = await fetch_all(
            tx, standing.SQL.purchases_by_request, (request.program, uuids(whose), sent.request)
        )
    if not rows:
        raise NotFound("There is no purchase with this number in this program.")
    if len(rows) > 1 and sent.claim_code is None:
        raise InvalidValue("/claim_code", "is needed: several purchases have this number")
    key, code = answering.claim_key(known.vault), sent.claim_code or ""
    purchase = next((one for (one,) in rows if claiming.is_code_of(key, one, code)), rows[0][0])
    new = NewClaim(sent.card, sent.phone, sent.email, sent.member, sent.claim_code)
    return await claim_purchase(database, programs, caller, request, purchase, new)


async def _customer(tx: Transaction, known: Known, purchase: Purchase, whose: Identifier) -> Customer:
    """Who claims, with her pool locked beside the purchase's. Raises NotFound, CardBlocked, NotClaimable."""
    program = known.program
    before: UUID | None = None
    while True:
        customer = (await reading.find(tx, program.id, known.vault, [whose])).get(0)
        if customer is None or customer.erased:
            raise NotFound("Nobody was found who could claim this purchase.")
        if customer.member is None:
            raise NotClaimable(errors=[Fault(f"/{whose.kind}", "belongs to nobody yet", "card_unassigned")])
        if customer.card_status in pricing.UNUSABLE:
            raise CardBlocked(f"This card is {customer.card_status}; nothing was written.")
        if customer.pool == before:
            return customer
        before = customer.pool
        await sharing.lock_pools(tx, program, [purchase.pool, before])


async def _decide(
    tx: Transaction, opened: Opened, caller: Caller, customer: Customer, at: datetime
) -> tuple[Decision, Party]:
    """What the purchase would have earned for her, and her page with it; within what limits leave, which it claims."""
    purchase = opened.purchase
    program, document = opened.known.program.id, purchase.document
    known = await as_decided(tx, opened.known, document.version)
    incoming = _incoming(opened, known, caller, customer, document)
    pools = [(ids.home(customer.pool), customer.pool)]
    grace = held_grace_days(opened.known.program.settings)
    pending = await book.ask(tx, program, [pools[0][0]], [customer.pool], grace_days=grace)
    counted = known.live.needs.purchases
    before: dict[UUID, int] = {}
    if counted:
        asked = await standing.purchases_before(tx, program, pools, counted, at)
        before = await standing.counts(asked)
    whose = [Whose(0, customer, purchase.purchased_at)]
    known_of = await facts.answers(await facts.ask(tx, known, whose, at))
    page = (await pending.pages())[customer.pool]
    scarce = await claims.ask(tx, known, [incoming], {0: customer})
    read = await scarce.read() if scarce is not None else claims.NONE
    live = known.base_live if document.late else known.live

    def decide(uses: Uses) -> tuple[Decision, Party]:
        party = Party(
            customer.pool,
            pools[0][0],
            customer,
            page.copy(),
            before.get(customer.pool, 0),
            0,
            known_of.get(0),
        )
        scarcity = Scarcity(read, uses)
        return pricing.decide(
            incoming, known, party, [], at, purchase.id, live=live, scarcity=scarcity
        ), party

    decided, surplus = await claims.claim_and_decide(
        tx,
        program,
        read,
        ids.home(purchase.id),
        decide(Uses(read.counters.used)),
        lambda one: [one[0].taken],
        decide,
    )
    await claims.settle(tx, program, {}, surplus)
    return decided


async def _write(
    tx: Transaction, opened: Opened, decision: Decision, party: Party, at: datetime, by: str
) -> PurchaseAnswer:
    purchase, program = opened.purchase, opened.known.program.id
    kept = purchase.document
    answer = structs.replace(
        kept.answer,
        earned=decision.answer.earned,
        member=decision.answer.member,
        entitlements=decision.answer.entitlements,
    )
    document = structs.replace(
        kept,
        request=decision.document.request,
        answer=answering.without_name(answer),
        earned=decision.document.earned,
        standing=decision.document.standing,
        promotions=None,
        recheck=tuple(sorted({*kept.recheck, *decision.document.recheck})),
    )
    act = ids.new(ids.home(purchase.id))
    customer, page = party.customer, party.page
    assert customer is not None
    assert customer.member is not None
    assert page is not None
    member = customer.member
    if not await claiming.claim(
        tx, program, purchase.id, act, member, party.pool, at, documents.pack(document)
    ):
        raise AlreadyClaimed
    if kept.request.payments:
        await instruments.claimed(tx, program, purchase.id, member)
    noted = [Noted(purchase.id, one.counter, one.amount, act) for one in decision.taken.claims]
    await counters.note(tx, program, "claim", at, noted)
    await book.write(tx, program, [page])
    given = entitled_by_purchase.of(
        opened.known.program, answer, purchase.id, member, purchase.purchased_at, by
    )
    await entitled_by_purchase.give(tx, program, given, at)
    answer = await followed(
        tx, opened.known, customer, document, answer, purchase.store, purchase.purchased_at, purchase.id, at
    )
    return await tiering.climbed(
        tx, opened.known, customer, answer, document.language, purchase.purchased_at, at, purchase.id
    )


def _incoming(
    opened: Opened, known: Known, caller: Caller, customer: Customer, document: Document
) -> Incoming:
    """The purchase as it was sold: what was taken off its lines is a fact, and nothing is paid with points."""
    off = {line.line: line for line in document.lines}
    lines = tuple(
        _sold(line, off[line.line].gross, off[line.line].discount) for line in document.request.lines
    )
    sent: PurchaseRequest = structs.replace(
        document.request, lines=lines, pricing="as_sold", spend=(), offers=(), hold=False
    )
    store = next(s for s in opened.known.program.stores.values() if s.id == opened.purchase.store)
    return Incoming(
        sent=sent,
        request=None,
        caller=caller,
        language=document.language,
        key=Key("member", member=customer.member),
        store=store,
        lines=receipt.lines(sent, anonymous_may_spend=True),
        rate=Ratio(*document.rate) if document.rate else None,
        late=document.late,
    )


def _sold(line: PurchaseLine, gross: int, discount: int) -> PurchaseLine:
    return structs.replace(line, gross=gross, discount=discount, discounts=())
