"""Begins a paid membership: with the reference of a payment, with days on trial, or with the line of a receipt."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, StateConflict
from regulars.flows import memberships, prepaid_receipts, sharing
from regulars.flows.gift_sales import Seller
from regulars.flows.memberships import At, MembershipView, Reference, view
from regulars.flows.prepaid_receipts import LineNumber, ShownId
from regulars.members.model import Member
from regulars.programs.model import Program
from regulars.rewards import membership_book, plans
from regulars.rewards.membership_book import Done, Membership, Plan


class NewMembership(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/memberships`."""

    plan: plans.Code
    reference: Reference | None = None
    """Of the payment; left out for days on trial, and where a receipt of the program has it."""
    purchase: ShownId | None = None
    """The receipt that paid, and its `line`: one piece of the plan's article, which pays for one period."""
    line: LineNumber | None = None


async def begin_membership(
    database: Database,
    program: Program,
    request: Request,
    by: str,
    member: UUID,
    new: NewMembership,
    seller: Seller | None = None,
) -> Answer:
    """201. `seller`: whose key asks, where the line of a receipt may pay: of a plan that she has it pays for the next
    period.

    Raises NotFound, InvalidValue; StateConflict where she has one of this plan, or its next period is paid, where the
    receipt was not paid, or its line paid for something before.
    """
    paid = prepaid_receipts.paid_by(new.reference, new.purchase, new.line)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        at = At(program, request.at, by)
        plan = await memberships.newest(tx, program.id, new.plan)
        line = None
        if paid is not None:
            line = await prepaid_receipts.line_for(
                tx, seller, program.id, paid, plan.document.sku, at.instant
            )
        elif new.reference is not None:
            prepaid_receipts.require_receipt(seller, plan.document.sku)
        found = await sharing.locked_member(tx, program, member)
        hers = [one for one in await membership_book.of(tx, program.id, [found.id]) if one.plan == plan.code]
        running = next((one for one in hers if one.state != "ended"), None)
        if line is None or paid is None:
            if running is not None:
                raise StateConflict("She has a membership of this plan already.")
            trial = plan.document.trial_days if not hers and new.reference is None else 0
            if new.reference is None and not trial:
                raise InvalidValue(
                    "/reference", "what was paid is needed: there are no days on trial for her"
                )
            one, shown = await _begin(tx, at, found, plan, plan.document.price, new.reference or "", trial)
        else:
            named = prepaid_receipts.named(paid)
            if running is None:
                one, shown = await _begin(tx, at, found, plan, line.worth, named)
            else:
                one, shown = running, await memberships.prolong(tx, at, running, plan, line.worth, named)
            await prepaid_receipts.note_sale(
                tx, program.id, found, paid, line, "membership", one.id, at.instant
            )
        kind = "membership.started" if running is None else "membership.prolonged"
        await memberships.told(tx, at, one, kind, shown)
        return await requests.keep(tx, request, 201, msgspec.json.encode(shown))

    return await database.run(program.id, work)


async def _begin(
    tx: Transaction, at: At, member: Member, plan: Plan, price: int, reference: str, trial: int = 0
) -> tuple[Membership, MembershipView]:
    """From today, for one period, or for so many days on trial. Raises InvalidValue."""
    if plan.document.stopped:
        raise InvalidValue("/plan", "this plan is not begun any more")
    today, amount = at.today, 0 if trial else price
    until = today + timedelta(days=trial) if trial else plans.next_end(today, today, plan.document.period)
    anchor = until if trial else today
    one = Membership(
        ids.new(ids.home(member.id)), member.id, 0, "active", plan.code, plan.revision, anchor, today, until,
        False, None, at.midnight(until), at.instant,
    )  # fmt: skip
    done = Done("started", amount, reference=reference)
    await membership_book.begin(tx, at.program.id, one, done, at.by, at.instant)
    await memberships.give(tx, at, one, plan.document)
    return one, view(one, paid=amount)
