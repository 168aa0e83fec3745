"""`/v1/promotions/…/simulate` and `/try`: what a promotion would do, before anybody gets it. Nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct, field

from regulars import ids
from regulars.api.promotions import promotion
from regulars.errors import InvalidValue
from regulars.flows import past_receipts
from regulars.flows import words as program_words
from regulars.flows.known_programs import Known
from regulars.flows.past_receipts import RECEIPTS_MAX, Which
from regulars.flows.sketch_basket import MadeUp, TriedPurchase, sketch_basket
from regulars.promotions.model import Document
from regulars.simulation import replay
from regulars.simulation.model import Simulation
from regulars.simulation.trying import Tried, tried
from regulars.simulation.variants import Change, variants
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Promotions")
Code = Annotated[str, Meta(min_length=1, max_length=64)]
Instant = Annotated[datetime, Meta(tz=True)]


class Simulating(Struct, frozen=True, forbid_unknown_fields=True):
    """Which receipts of the past."""

    receipts: Annotated[int, Meta(ge=1, le=RECEIPTS_MAX)] = RECEIPTS_MAX
    """So many of the latest."""
    stores: Annotated[tuple[Code, ...], Meta(max_length=1000)] = ()
    """Of these stores only; none: of all."""
    since: Instant | None = field(default=None, name="from")
    until: Instant | None = field(default=None, name="to")
    stop: Annotated[tuple[Code, ...], Meta(max_length=100)] = ()
    """Live promotions that would be stopped at once."""
    keep_dates: bool = False
    """Whether the promotion's own period and dates count; past receipts seldom lie in them."""


class SimulatingDocument(Simulating, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document that is no promotion yet, and which receipts of the past."""

    document: Document


@calls("POST", "/v1/promotions/simulate", scopes="manage read", body=SimulatingDocument, answer=Simulation)
async def simulate_document(call: Call[SimulatingDocument, Any]) -> Simulation:
    """What a document would have done to the latest receipts, if it had been live beside what is live now.

    Nothing is kept. See `POST /v1/promotions/{id}/simulate`.
    """
    known = await call.known()
    return await _simulated(call, known, Change(call.body.document, stop=_stopped(call.body.stop)), call.body)


@calls("POST", "/v1/promotions/{id}/simulate", scopes="manage read", body=Simulating, answer=Simulation)
async def simulate(call: Call[Simulating, Any]) -> Simulation:
    """What the draft would have done to the latest receipts: who would have got it, what it would have cost, and
    which other promotions it would have pushed out.

    Each receipt is decided twice, by the promotions that are live now without and with the draft, on the standing that
    it was decided on. A promotion without a draft is compared with its absence. `not_simulated` says what the figures
    do not hold. Nothing is written.
    """
    known = await call.known()
    change = await replay.change_of(call.database, known, promotion(call), _stopped(call.body.stop))
    return await _simulated(call, known, change, call.body)


class Trying(Struct, frozen=True, forbid_unknown_fields=True):
    """A basket, and whose it is: a member's, a made-up member's (`customer`), or nobody's."""

    purchase: TriedPurchase
    at: Instant | None = None
    """None: now."""
    member: Code | None = None
    customer: MadeUp | None = None
    stop: Annotated[tuple[Code, ...], Meta(max_length=100)] = ()
    """Live promotions that would be stopped at once."""


class TryingDocument(Trying, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document that is no promotion yet, and a basket."""

    document: Document


@calls("POST", "/v1/promotions/try", scopes="manage read", body=TryingDocument, answer=Tried)
async def try_document(call: Call[TryingDocument, Any]) -> Tried:
    """What a document would do on a basket, beside what is live now. Nothing is kept."""
    known = await call.known()
    return await _tried(call, known, Change(call.body.document, stop=_stopped(call.body.stop)), call.body)


@calls("POST", "/v1/promotions/{id}/try", scopes="manage read", body=Trying, answer=Tried)
async def try_basket(call: Call[Trying, Any]) -> Tried:
    """What the draft would do on a basket: what it gives, or what is missing, and what it changes.

    The basket is decided twice, by the promotions that are live now without and with the draft. Products of the
    assortment need no more than their SKU. Limits count as if nothing had been used yet. Nothing is written.
    """
    known = await call.known()
    change = await replay.change_of(call.database, known, promotion(call), _stopped(call.body.stop))
    return await _tried(call, known, change, call.body)


async def _tried(call: Call[Any, Any], known: Known, change: Change, asked: Trying) -> Tried:
    sides = await asyncio.to_thread(variants, known.live, change)
    sketch = await sketch_basket(
        call.database,
        known,
        asked.purchase,
        sides.after,
        replay.needs(sides),
        asked.at or await call.now(),
        member=ids.read("mem", asked.member, "/member") if asked.member is not None else None,
        made_up=asked.customer,
        chosen=sides.subject,
    )
    words = known.words[program_words.chosen(known.program.languages, call.language, "")]
    return await asyncio.to_thread(
        tried, sides, sketch.basket, sketch.standing, sketch.names, known.rules, words
    )


async def _simulated(call: Call[Any, Any], known: Known, change: Change, asked: Simulating) -> Simulation:
    which = Which(asked.receipts, _stores(call, known, asked), asked.since, asked.until)
    slices = partial(past_receipts.slices, call.database, known, which)
    words = known.words[program_words.chosen(known.program.languages, call.language, "")]
    return await replay.simulate(known, change, slices, words, keep_dates=asked.keep_dates)


def _stores(call: Call[Any, Any], known: Known, asked: Simulating) -> frozenset[str] | None:
    """The stores that were asked for, of those that the key may see. Raises InvalidValue."""
    caller, stores = call.caller, known.program.stores
    for place, code in enumerate(asked.stores):
        if code not in stores:
            raise InvalidValue(f"/stores/{place}", f"the program has no store {code!r}")
    if caller.partner is None and caller.store is None:
        return frozenset(asked.stores) or None
    seen = {
        code
        for code, store in stores.items()
        if caller.store in (None, store.id) and caller.partner in (None, store.partner)
    }
    return frozenset(seen & set(asked.stores) if asked.stores else seen)


def _stopped(texts: Sequence[str]) -> frozenset[UUID]:
    return frozenset(ids.read("prm", text, f"/stop/{place}") for place, text in enumerate(texts))
