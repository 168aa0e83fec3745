"""Voids a purchase: releases what was held, or takes back all of what was recorded, once."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction, fetch_one
from regulars.db.requests import Answer, Request
from regulars.errors import RequestKeyReused, StateConflict
from regulars.flows import entitled_by_purchase, gift_tender, giving_back, standing, undoing, vouchers
from regulars.flows.desk import on_behalf
from regulars.flows.gift_sales import Posted
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.memberships_back import undo_memberships
from regulars.flows.open_purchase import Opened, open_purchase, require_place
from regulars.flows.packs_back import packs_back, require_unused
from regulars.flows.return_goods import book_back
from regulars.ledger import book
from regulars.programs.model import Caller
from regulars.promotions import counters
from regulars.purchases import journal, returns
from regulars.purchases.model import LongText, RequestName


class Voiding(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/purchases/{id}/void`."""

    reason: LongText = ""


class VoidingByRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/purchases/void`: a till that got no answer gives its own request up."""

    request: RequestName
    reason: LongText = ""


class Voided(Struct, frozen=True):
    """What was voided; without an id the purchase had not arrived, and never will."""

    id: str | None
    request: str
    status: str = "voided"


async def void_purchase(
    database: Database,
    programs: KnownPrograms,
    caller: Caller,
    request: Request,
    purchase: UUID,
    voiding: Voiding,
) -> Answer:
    """Void a purchase by its id. Raises NotFound, StateConflict when all of it was returned."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        opened = await open_purchase(tx, programs, request.program, purchase)
        if await _void(tx, opened, caller, request, voiding.reason):
            await on_behalf.tell_voided(tx, caller, request, purchase, voiding.reason)
        return await _keep(tx, request, Voided(ids.show("pur", purchase), opened.purchase.request))

    return await database.run(request.program, work)


async def void_request(
    database: Database, programs: KnownPrograms, caller: Caller, request: Request, voiding: VoidingByRequest
) -> Answer:
    """Void whatever stands, or will ever arrive, under a till's own request id. Raises RequestKeyReused, NotFound."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        key = (request.program, request.partner, voiding.request)
        # Waits for a purchase that is being written under this key; afterwards one of the two is there.
        await tx.execute(standing.SQL.claim_void, (*key, b"", request.at))
        row = await fetch_one(tx, standing.SQL.kind_of_request, key)
        assert row is not None, "it was there, or was inserted"
        kind, purchase = row
        if kind == "void":
            return await _keep(tx, request, Voided(None, voiding.request))
        if kind != "purchase":
            raise RequestKeyReused("This request id was used for something that is not a purchase.")
        opened = await open_purchase(tx, programs, request.program, purchase)
        require_place(caller, opened.purchase)
        await _void(tx, opened, caller, request, voiding.reason)
        return await _keep(tx, request, Voided(ids.show("pur", purchase), voiding.request))

    return await database.run(request.program, work)


async def _void(tx: Transaction, opened: Opened, caller: Caller, request: Request, reason: str) -> bool:
    """False: it was void already."""
    purchase, at = opened.purchase, request.at
    state = opened.state(at)
    if purchase.void_reason is not None:
        return False
    if state == "returned":
        raise StateConflict("All of this purchase was returned already; there is nothing left to void.")
    if state == "voided":
        # The hold lapsed: without a word of the till's it could still be confirmed, after this it cannot.
        for page in opened.pages:
            page.lapse(at)
    elif state == "held":
        assert purchase.hold is not None, "a held purchase has a hold"
        opened.page.release(purchase.hold, at)
        gift_tender.release(purchase.document.spent, opened.cards, at)
    else:
        plan = returns.whole(purchase.document, opened.returned, opened.layers)
        posted = Posted("void", at, at, caller.by, reason, purchase.partner)
        await book_back(tx, opened, plan, posted)
        require_unused(await packs_back(tx, opened, plan, posted, plan.money, record=True))
        await undo_memberships(tx, opened, plan, posted)
    await book.write(tx, request.program, opened.pages)
    if purchase.held and not purchase.confirmed:
        await counters.end_hold(tx, request.program, purchase.id)
        await giving_back.release(tx, request.program, "release", [purchase.id], at)
    else:
        await giving_back.release(tx, request.program, "void", [purchase.id], at)
        used = await vouchers.cancel(tx, request.program, purchase.id, purchase.document.vouchers, at)
        await vouchers.spoil(tx, request.program, [one.voucher for one in used], at)
        await entitled_by_purchase.take_back(
            tx, opened.known.program, opened.customer, purchase.document.answer, purchase.id, at
        )
    await journal.void(tx, request.program, purchase.id, reason, at)
    await undoing.voided(tx, opened, at)
    return True


async def _keep(tx: Transaction, request: Request, voided: Voided) -> Answer:
    return await requests.keep(tx, request, 200, msgspec.json.encode(voided))
