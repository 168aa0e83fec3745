"""Shows a member the offers that are meant for her, and lets her activate one before she comes to the till."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows import facts, knowing, standing
from regulars.flows import words as program_words
from regulars.flows.facts import Whose
from regulars.flows.incoming import Key
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.members import offers
from regulars.members.model import Customer
from regulars.promotions import wording
from regulars.promotions.conditions.logic import could_hold
from regulars.promotions.conditions.presented import Offer
from regulars.promotions.index import Promotion
from regulars.promotions.model import Basket, Standing
from regulars.promotions.scene import Scene


class NewActivation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/offers`."""

    offer: Annotated[str, Meta(min_length=1, max_length=64)]


class OfferView(Struct, frozen=True):
    """An offer as a member sees it."""

    id: str
    name: str
    gives: str
    """What it gives, in words."""
    when: str
    """Under which conditions besides being activated, in words."""
    valid_from: datetime | None = msgspec.field(name="from")
    """The stores' wall time."""
    valid_until: datetime | None = msgspec.field(name="until")
    activated_at: datetime | None


class Offers(Struct, frozen=True):
    """The offers of a member, in the order in which they are decided."""

    items: tuple[OfferView, ...]
    next: str | None = None


class _Seen(Struct, frozen=True):
    """A member, and the offers that are meant for her."""

    customer: Customer
    offers: tuple[Promotion, ...]


async def list_offers(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    member: UUID,
    language: str | None,
    at: datetime,
) -> Offers:
    """The live offers that this member could meet the conditions of. Raises NotFound."""
    known = await programs.fresh(program)
    async with database.transaction(program) as tx:
        seen = await _seen(tx, known, member, at)
        assert seen.customer.member is not None
        activated = await offers.activated(tx, program, seen.customer.member)
    spoken = program_words.chosen(known.program.languages, language, seen.customer.language)
    return Offers(tuple(_view(offer, known, spoken, activated.get(offer.id)) for offer in seen.offers))


async def activate_offer(
    database: Database,
    programs: KnownPrograms,
    request: Request,
    member: UUID,
    new: NewActivation,
    language: str | None,
) -> Answer:
    """201 with the offer. Raises WrongIdKind, NotFound; StateConflict when it is meant for others, or is over."""
    promotion = ids.read("off", new.offer, "/offer")
    known = await programs.fresh(request.program)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        if promotion not in known.live.offers:
            raise NotFound("There is no such offer.")
        seen = await _seen(tx, known, member, request.at)
        assert seen.customer.member is not None
        offer = next((one for one in seen.offers if one.id == promotion), None)
        if offer is None:
            raise StateConflict("This offer is not for this member, or its time is over.")
        await offers.activate(tx, request.program, [(seen.customer.member, promotion)], request.at)
        activated = await offers.activated(tx, request.program, seen.customer.member)
        spoken = program_words.chosen(known.program.languages, language, seen.customer.language)
        view = _view(offer, known, spoken, activated[promotion])
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(request.program, work)


async def _seen(tx: Transaction, known: Known, member: UUID, at: datetime) -> _Seen:
    program = known.program
    asked = await standing.resolve(tx, program.id, [Key("member", member=member)])
    customer = (await standing.customers(asked, known.vault)).get(0)
    if customer is None or customer.member is None:
        raise NotFound("There is no such member.")
    found = await facts.answers(await facts.ask(tx, known, [Whose(0, customer, at)], at))
    wall = at.astimezone(clock.zone(program.time_zone))
    fields = knowing.told(known.live.needs, customer, found.get(0), (), at, program.time_zone, known.bases)
    person = Standing(member=True, **fields)
    scene = Scene(Basket(program.base_currency, (), at, wall), person, known.rules, ())
    return _Seen(
        customer,
        tuple(
            promotion
            for promotion in known.live.promotions
            if promotion.id in known.live.offers
            and (promotion.until is None or scene.wall < promotion.until)
            and all(could_hold(condition, scene) for condition in promotion.conditions)
        ),
    )


def _view(offer: Promotion, known: Known, spoken: str, activated_at: datetime | None) -> OfferView:
    words, money = known.words[spoken], known.program.base_currency
    others = [condition for condition in offer.conditions if not isinstance(condition, Offer)]
    return OfferView(
        id=ids.show("off", offer.id),
        name=offer.name(spoken),
        gives=wording.benefits_text(offer.benefits, words, money),
        when=wording.conditions_text(others, words, money),
        valid_from=offer.since,
        valid_until=offer.until,
        activated_at=activated_at,
    )
