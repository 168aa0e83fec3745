"""Keeps the plans of paid memberships, and lists memberships."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.contradictions import refuse
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound
from regulars.flows.memberships import MembershipView, view
from regulars.members import reading as members
from regulars.members import tier_marks
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.rewards import membership_book, pack_book
from regulars.rewards.membership_book import Membership, Step
from regulars.rewards.plans import PlanDocument, contradictions


class PlanView(Struct, frozen=True):
    """A plan as it counts."""

    code: str
    revision: int
    since: datetime
    """Since when there is a plan of this code."""
    document: PlanDocument


class Plans(Struct, frozen=True):
    """The plans of a program, by code."""

    items: tuple[PlanView, ...]
    next: str | None = None


class MembershipStep(Struct, frozen=True):
    """An act: `amount` is what the period is worth or was paid back, `credit` what was credited of it."""

    act: str
    plan: str
    from_day: date
    until_day: date
    amount: int
    credit: int
    reference: str
    at: datetime
    by: str
    reason: str


class MembershipShown(Struct, frozen=True):
    """A membership with all its acts, the first one first."""

    membership: MembershipView
    steps: tuple[MembershipStep, ...]


class Memberships(Struct, frozen=True):
    """Memberships, the latest first."""

    items: tuple[MembershipView, ...]
    next: str | None = None
    """For the next page; null: there is none."""


async def list_plans(database: Database, program: UUID) -> Plans:
    """`GET /v1/membership-plans`."""
    async with database.transaction(program) as tx:
        found = await membership_book.plans(tx, program)
    return Plans(tuple(PlanView(one.code, one.revision, one.since, one.document) for one in found))


async def tiers_of(database: Database, program: UUID) -> tuple[str, ...]:
    """The tiers that a plan may give, `ladder/tier`: by ladder, from the lowest to the highest."""
    async with database.transaction(program) as tx:
        return await _tiers(tx, program)


async def _tiers(tx: Transaction, program: UUID) -> tuple[str, ...]:
    ladders = [one.ladder for one in await tier_marks.newest(tx, program)]
    return tuple(f"{ladder.code}/{tier.code}" for ladder in ladders for tier in ladder.tiers)


async def put_plan(
    database: Database, program: UUID, code: str, document: PlanDocument, by: str, at: datetime
) -> PlanView:
    """The plan as changed; the same document again changes nothing. Raises Contradiction."""

    async def work(tx: Transaction) -> PlanView:
        await registry.current(
            tx, program
        )  # locks it: two changes at once are two revisions, one after the other
        of = await reading.load(tx, program)
        known = await membership_book.plans(tx, program)
        tiers = await _tiers(tx, program)
        packs = [one.document for one in await pack_book.kinds(tx, program)]
        taken = {
            *of.settings.gift_card_skus, *[one.sku for one in packs if not one.stopped],
            *[one.document.sku for one in known if one.code != code],
        }  # fmt: skip
        refuse(contradictions(document, of.languages[0], tiers, {sku for sku in taken if sku is not None}))
        before = {one.code: one for one in known}.get(code)
        if before is not None and before.document == document:
            return PlanView(code, before.revision, before.since, document)
        revision = await membership_book.add_plan(tx, program, code, document, at, by)
        was = None if before is None else msgspec.to_builtins(before.document)
        change = Change("membership_plan.changed", code, was, msgspec.to_builtins(document))
        await trail.record(tx, program, change, at)
        return PlanView(code, revision, before.since if before else at, document)

    return await database.run(program, work)


async def memberships_of(database: Database, program: UUID, member: UUID) -> Memberships:
    """`GET /v1/members/{id}/memberships`: those of members who were merged into her too. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await members.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        everybody = [found.id, *await members.alias_ids(tx, program, found.id)]
        items = await membership_book.of(tx, program, everybody)
    return Memberships(tuple(view(one) for one in items))


async def memberships_in(
    database: Database, program: UUID, state: str, cursor: str | None, limit: int
) -> Memberships:
    """Memberships in a state. Raises InvalidValue."""
    if state not in ("active", "due", "paused", "ended"):
        raise InvalidValue("/state", "is active, due, paused or ended")
    before = ids.read("mbs", cursor, "?cursor") if cursor else None
    async with database.transaction(program) as tx:
        found = await membership_book.in_state(tx, program, state, before, limit + 1)
    more = ids.show("mbs", found[limit - 1].id) if len(found) > limit else None
    return Memberships(tuple(view(one) for one in found[:limit]), more)


async def read_membership(database: Database, program: UUID, membership: UUID) -> MembershipShown:
    """`GET /v1/memberships/{id}`. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await membership_book.find(tx, program, membership)
        if found is None:
            raise NotFound("There is no such membership.")
        steps = await membership_book.steps(tx, program, membership)
    return shown(found, steps)


def shown(one: Membership, steps: Sequence[Step]) -> MembershipShown:
    """A membership with its acts, as it is answered."""
    return MembershipShown(
        view(one),
        tuple(
            MembershipStep(
                s.act, s.plan, s.from_day, s.until_day, s.amount, s.credit, s.reference, s.at, s.by, s.reason
            )
            for s in steps
        ),
    )
