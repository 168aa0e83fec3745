"""Reads what a member collects and has paid for ahead: stamp cards, packs and memberships, and the plans on offer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.memberships import MembershipView, view
from regulars.members import reading
from regulars.rewards import membership_book, pack_book
from regulars.rewards.membership_book import Plan
from regulars.texts import said


class StampCard(Struct, frozen=True):
    """A stamp card: `needed` stamps of a currency bring what the promotion gives, by itself."""

    promotion: str
    name: str
    currency: str
    have: int
    """Stamps that are not spent; may be more than are needed."""
    needed: int


class PackLeft(Struct, frozen=True):
    """A pack of which visits are left."""

    name: str
    visits: int
    left: int
    expires_at: datetime | None


class Plans(Struct, frozen=True):
    """A plan in words."""

    code: str
    name: str
    text: str
    price: int
    """Minor units of base money, for each period."""
    period: str
    trial_days: int


class Held(Struct, frozen=True):
    """A membership that is not over, with the plan's name."""

    membership: MembershipView
    plan: Plans


class Prepaid(Struct, frozen=True):
    """All of it, in a member's language."""

    stamps: tuple[StampCard, ...]
    packs: tuple[PackLeft, ...]
    held: tuple[Held, ...]
    plans: tuple[Plans, ...]
    """Those that may be begun and that she does not have."""


async def member_prepaid(
    database: Database, known: Known, member: UUID, language: str, at: datetime
) -> Prepaid:
    """Raises NotFound."""
    program = known.program
    async with database.transaction(program.id) as tx:
        found = await reading.member(tx, program.id, member)
        if found is None:
            raise NotFound("There is no such member.")
        everybody = [found.id, *await reading.alias_ids(tx, program.id, found.id)]
        stamps = await stamp_cards(tx, known, found.pool, language, at)
        kinds = {one.code: one.document.names for one in await pack_book.kinds(tx, program.id)}
        packs = await pack_book.of(tx, program.id, everybody, at)
        plans = {one.code: one for one in await membership_book.plans(tx, program.id)}
        memberships = await membership_book.of(tx, program.id, everybody)
    own = program.languages[0]
    held = [
        Held(view(one), _plan(plans[one.plan], language, own)) for one in memberships if one.state != "ended"
    ]
    taken = {one.plan.code for one in held}
    return Prepaid(
        stamps,
        tuple(
            PackLeft(said(kinds[one.pack.code], language, own), one.pack.visits, one.left, one.expires_at)
            for one in packs
            if one.left
        ),
        tuple(held),
        tuple(
            _plan(one, language, own)
            for code, one in plans.items()
            if code not in taken and not one.document.stopped
        ),
    )


async def stamp_cards(
    tx: Transaction, known: Known, pool: UUID, language: str, at: datetime
) -> tuple[StampCard, ...]:
    """A card for each live promotion that is paid in stamps by itself; no statement where there is none."""
    cards = known.live.stamp_cards
    if not cards:
        return ()
    page = (await open_pages(tx, known.program, [pool]))[pool]
    return tuple(
        StampCard(
            ids.show_promotion(one.id), one.name(language), one.prices[0].currency,
            page.available(one.prices[0].currency, at), one.prices[0].points,
        )
        for one in cards
    )  # fmt: skip


def _plan(one: Plan, language: str, own: str) -> Plans:
    document = one.document
    name, text = said(document.names, language, own), said(document.texts, language, own)
    return Plans(one.code, name, text, document.price, document.period, document.trial_days)
