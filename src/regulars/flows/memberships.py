"""Renews, pauses, changes and ends paid memberships, with what they give. Shops take the money themselves; what is
kept here is that it was paid, and what is to be paid back. One transaction each.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, structs

from regulars import clock, ids
from regulars.db import outbox, requests
from regulars.db.outbox import Note
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows import entitlements, membership_clubs, membership_tiers, prepaid_receipts, sharing
from regulars.flows.gift_sales import Seller
from regulars.members import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.rewards import entitlement_book, membership_book, plans
from regulars.rewards.membership_book import Done, Membership, Plan
from regulars.rewards.plans import Period, PlanDocument

Reference = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Why = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]


class Renewal(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/memberships/{id}/renewals`."""

    reference: Reference


class Cancellation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/memberships/{id}/cancellations`."""

    when: Literal["period_end", "now"]
    reason: Why = ""


class Pause(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/memberships/{id}/pauses` and `…/resumptions`."""

    reason: Why = ""


class PlanChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/memberships/{id}/changes`."""

    plan: plans.Code
    reference: Reference


class MembershipView(Struct, frozen=True):
    """A paid membership. Days are of the program's time zone; money is in minor units of its base money."""

    id: str
    member: str
    plan: str
    state: plans.State
    from_day: date
    """The first day of what was paid last."""
    until_day: date
    """The first day that is not paid."""
    to_end: bool
    """It ends with what is paid, and is not renewed."""
    paused_on: date | None
    paid: int = 0
    """To be paid with this act; what was paid for the plan before is taken off."""
    refund: int = 0
    """To be paid back with this act."""


def view(one: Membership, *, paid: int = 0, refund: int = 0) -> MembershipView:
    """A membership as it is answered."""
    return MembershipView(
        ids.show("mbs", one.id), ids.show("mem", one.member), one.plan, one.state, one.from_day, one.until_day,
        one.to_end, one.paused_on, paid, refund,
    )  # fmt: skip


class At(Struct, frozen=True):
    """The moment and the author of an act."""

    program: Program
    instant: datetime
    by: str

    @property
    def today(self) -> date:
        """The program's day."""
        return self.instant.astimezone(clock.zone(self.program.time_zone)).date()

    def midnight(self, day: date) -> datetime:
        """When a day begins."""
        return clock.midnight(day, self.program.time_zone)


Work = Callable[[Transaction, At, Membership, PlanDocument], Awaitable[MembershipView]]


async def act(
    database: Database, program: Program, request: Request, by: str, membership: UUID, kind: str, work: Work
) -> Answer:
    """200 with the membership after an act, under its member's lock. Raises NotFound, and what `work` raises."""

    async def whole(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        before = await membership_book.find(tx, program.id, membership)
        if before is None:
            raise NotFound("There is no such membership.")
        await sharing.locked_member(tx, program, before.member, erased=True)
        one = await membership_book.find(tx, program.id, membership)
        assert one is not None
        at = At(program, request.at, by)
        document = await membership_book.plan_as(tx, program.id, one.plan, one.revision)
        shown = await work(tx, at, one, document)
        await told(tx, at, one, kind, shown)
        return await requests.keep(tx, request, 200, msgspec.json.encode(shown))

    return await database.run(program.id, whole)


def renewing(new: Renewal, seller: Seller | None = None) -> Work:
    """Pays for the next period. `seller`: whose key asks; a till's names the receipt that paid for an article."""

    async def work(tx: Transaction, at: At, one: Membership, _: PlanDocument) -> MembershipView:
        plan = await newest(tx, at.program.id, one.plan)
        prepaid_receipts.require_receipt(seller, plan.document.sku)
        return await prolong(tx, at, one, plan, plan.document.price, new.reference)

    return work


async def prolong(
    tx: Transaction, at: At, one: Membership, plan: Plan, amount: int, reference: str
) -> MembershipView:
    """The next period, by the plan's newest revision. Raises StateConflict where one is paid ahead already."""
    require(one, "active", "due")
    if one.from_day > at.today:
        raise StateConflict("The next period is paid already.")
    until = plans.next_end(one.anchor, one.until_day, plan.document.period)
    became = structs.replace(
        one, n=one.n + 1, state="active", revision=plan.revision, from_day=one.until_day, until_day=until,
        to_end=False, due_at=at.midnight(until),
    )  # fmt: skip
    await write(tx, at, became, Done("renewed", amount, reference=reference))
    await give(tx, at, became, plan.document)
    return view(became, paid=amount)


def cancelling(new: Cancellation) -> Work:
    """Ends it with what is paid, or now: then the days after today are paid back as the plan says."""

    async def work(tx: Transaction, at: At, one: Membership, document: PlanDocument) -> MembershipView:
        require(one, "active", "due", "paused")
        if new.when == "period_end":
            require(one, "active")
            if one.to_end:
                raise StateConflict("It ends with what is paid already.")
            became = structs.replace(one, n=one.n + 1, to_end=True)
            await write(tx, at, became, Done("to_end", reason=new.reason))
            return view(became)
        refund = await worth_left(tx, at, one, document)
        became = structs.replace(one, n=one.n + 1, state="ended", due_at=None)
        await write(tx, at, became, Done("refunded" if refund else "ended", refund, reason=new.reason))
        await take(tx, at, one, document)
        return view(became, refund=refund)

    return work


def pausing(new: Pause) -> Work:
    """Stops the days that are paid; what it gives rests."""

    async def work(tx: Transaction, at: At, one: Membership, document: PlanDocument) -> MembershipView:
        require(one, "active")
        became = structs.replace(one, n=one.n + 1, state="paused", paused_on=at.today, due_at=None)
        await write(tx, at, became, Done("paused", reason=new.reason))
        await take(tx, at, one, document)
        return view(became)

    return work


def resuming(new: Pause) -> Work:
    """Goes on after a pause, which moves the end by its days, and that of the rights that are left."""

    async def work(tx: Transaction, at: At, one: Membership, document: PlanDocument) -> MembershipView:
        require(one, "paused")
        assert one.paused_on is not None
        rest = at.today - one.paused_on
        until = one.until_day + rest
        became = structs.replace(
            one, n=one.n + 1, state="active", paused_on=None, until_day=until, anchor=one.anchor + rest,
            due_at=at.midnight(until),
        )  # fmt: skip
        await write(tx, at, became, Done("resumed", reason=new.reason))
        await give(tx, at, became, document, rights=False)
        await give_rest(tx, at, became)
        return view(became)

    return work


def changing(new: PlanChange, seller: Seller | None = None) -> Work:
    """Goes over to another plan today; the days that are left are credited. `seller`: as of a renewal.

    Raises StateConflict where they are worth more than the new plan costs."""

    async def work(tx: Transaction, at: At, one: Membership, document: PlanDocument) -> MembershipView:
        require(one, "active", "due")
        if new.plan == one.plan:
            raise InvalidValue("/plan", "is the plan that she has")
        plan = await open_plan(tx, at.program.id, new.plan)
        prepaid_receipts.require_receipt(seller, plan.document.sku)
        hers = await membership_book.of(tx, at.program.id, [one.member])
        if any(other.plan == plan.code and other.state != "ended" for other in hers):
            raise StateConflict("She has a membership of this plan already.")
        credit, price = await worth_left(tx, at, one, document), plan.document.price
        if credit > price:
            raise StateConflict(
                "What is left of the present plan is worth more: end it with a refund instead."
            )
        until = plans.next_end(at.today, at.today, plan.document.period)
        became = structs.replace(
            one, n=one.n + 1, state="active", plan=plan.code, revision=plan.revision, anchor=at.today,
            from_day=at.today, until_day=until, to_end=False, due_at=at.midnight(until),
        )  # fmt: skip
        await write(tx, at, became, Done("changed", price, credit, new.reference))
        await take(tx, at, one, document, keeping=plan.document)
        await give(tx, at, became, plan.document)
        return view(became, paid=price - credit)

    return work


async def worth_left(
    tx: Transaction, at: At, one: Membership, document: PlanDocument, paid: Sequence[Period] | None = None
) -> int:
    """What the paid days after today are worth, less what the plan keeps for uses in the present period; never below
    zero.

    `paid`: of these periods alone, the last ones, as they were paid; left out: of all.
    """
    if document.refund == "none":
        return 0
    today = at.today if one.paused_on is None else one.paused_on - timedelta(days=1)
    if paid is None:
        paid = await membership_book.paid_periods(tx, at.program.id, one)
    periods = plans.moved(paid, one.until_day)
    worth = plans.refundable(periods, today)
    lasting = [was for was, period in zip(paid, periods, strict=True) if period.until_day > today]
    if document.kept_per_use and lasting:
        worth -= document.kept_per_use * await rights_used(tx, at, one, document, lasting[0].from_day)
    return max(0, worth)


async def rights_used(tx: Transaction, at: At, one: Membership, document: PlanDocument, since: date) -> int:
    """How often its rights were used since a day began, by her or whoever was merged into her."""
    codes = [right.code for right in document.rights]
    members = await _whose(tx, at, one)
    return await entitlement_book.count_used(tx, at.program.id, members, codes, at.midnight(since))


async def give(
    tx: Transaction, at: At, one: Membership, document: PlanDocument, *, rights: bool = True
) -> None:
    """Give what a period brings, to the end of its days of grace. The member must be locked."""
    program = at.program
    if document.club is not None:
        await membership_clubs.settle(tx, program, one.member, document.club, at.instant)
    if document.tier is not None:
        until = at.midnight(one.until_day + timedelta(days=document.grace_days))
        whole = ids.show("mbs", one.id)
        await membership_tiers.give(tx, program, one.member, document.tier, until, whole, at.instant)
    for right in document.rights if rights else ():
        await entitlements.grant(
            tx, program, one.member, right.code, uses=right.uses, days=max(1, (one.until_day - at.today).days),
            cause=f"{cause(one, one.from_day)}/{one.n}", origin="membership", by=at.by, at=at.instant,
        )  # fmt: skip


async def give_rest(tx: Transaction, at: At, one: Membership) -> None:
    """Give anew what a pause left of the rights of each paid period, to its end. The member must be locked."""
    program, members = at.program, await _whose(tx, at, one)
    await entitlement_book.end_given(tx, program.id, members, cause(one), at.instant)
    paid = await membership_book.paid_periods(tx, program.id, one)
    for was, period in zip(paid, plans.moved(paid, one.until_day), strict=True):
        if period.until_day <= at.today:
            continue
        document = await membership_book.plan_as(tx, program.id, one.plan, was.revision)
        earlier = cause(one, was.from_day)  # what was given before causes had the act
        with_it = f"{earlier}/{was.n}"
        for right in document.rights:
            taken = await entitlement_book.taken_of(tx, program.id, members, right.code, with_it, earlier)
            if taken < right.uses:
                await entitlements.grant(
                    tx, program, one.member, right.code, uses=right.uses - taken,
                    days=max(1, (period.until_day - at.today).days),
                    cause=f"{with_it}/{one.n}", origin="membership", by=at.by, at=at.instant,
                )  # fmt: skip


async def take(
    tx: Transaction,
    at: At,
    one: Membership,
    document: PlanDocument,
    *,
    keeping: PlanDocument | None = None,
    since: date | None = None,
) -> None:
    """Take away what it gives, but for the club and the tier that the plan `keeping` gives too. What another membership
    gives or she has by herself stays, and so does what was used or is booked of its rights. The member must be locked.

    `since`: of the rights only what came with the period that begins on that day.
    """
    program = at.program
    if document.club is not None and (keeping is None or document.club != keeping.club):
        await membership_clubs.take(tx, program, one.member, document.club, at.instant)
    if document.tier is not None and (keeping is None or document.tier != keeping.tier):
        whole = ids.show("mbs", one.id)
        await membership_tiers.take(tx, program, one.member, document.tier, whole, at.instant)
    members = await _whose(tx, at, one)
    await entitlement_book.end_given(tx, program.id, members, cause(one, since), at.instant)


def cause(one: Membership, since: date | None = None) -> str:
    """With what the causes begin of the rights that it brings, or that its period from a day on does.

    The whole cause has the act that gave them too: a period that was paid back and is bought again gives again.
    """
    whole = ids.show("mbs", one.id)
    return whole if since is None else f"{whole}/{since.isoformat()}"


async def _whose(tx: Transaction, at: At, one: Membership) -> list[UUID]:
    """Under whose ids its rights stand: hers, and of whoever was merged into her."""
    return [one.member, *await reading.alias_ids(tx, at.program.id, one.member)]


async def write(tx: Transaction, at: At, became: Membership, done: Done) -> None:
    """Enter an act. Raises StateConflict where another one came first."""
    if not await membership_book.move(tx, at.program.id, became, done, at.by, at.instant):
        raise StateConflict("Something else was done with this membership just now.")


def require(one: Membership, *states: str) -> None:
    """Raises StateConflict."""
    if one.state not in states:
        raise StateConflict(f"This membership is {one.state}.")


async def newest(tx: Transaction, program: UUID, code: str) -> Plan:
    """A plan as it counts now. Raises InvalidValue."""
    found = next((plan for plan in await membership_book.plans(tx, program) if plan.code == code), None)
    if found is None:
        raise InvalidValue("/plan", "there is no such plan")
    return found


async def open_plan(tx: Transaction, program: UUID, code: str) -> Plan:
    """A plan that may be begun. Raises InvalidValue."""
    plan = await newest(tx, program, code)
    if plan.document.stopped:
        raise InvalidValue("/plan", "this plan is not begun any more")
    return plan


async def told(tx: Transaction, at: At, one: Membership, kind: str, shown: MembershipView) -> None:
    """Write an act into the audit trail, and tell those who listen."""
    before = None if kind == "membership.started" else view(one)
    await trail.record(tx, at.program.id, Change(kind, shown.member, before, shown), at.instant)
    await note(tx, at, one, shown.plan, shown.state, shown.until_day)


async def note(tx: Transaction, at: At, one: Membership, plan: str, state: str, until: date) -> None:
    """Tell those who listen how it stands."""
    told = {
        "membership": ids.show("mbs", one.id),
        "plan": plan,
        "state": state,
        "until_day": until.isoformat(),
    }
    await outbox.note(
        tx, at.program.id, [Note("membership.changed", one.member, one.member, at.instant, told)]
    )
