"""Takes a period of a membership back with the line of the receipt that paid for it: as the plan pays days back."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct, structs

from regulars.db.pool import Transaction
from regulars.errors import StateConflict
from regulars.flows import memberships, prepaid_receipts, sharing
from regulars.flows.gift_sales import PaidWith, Posted
from regulars.flows.memberships import At
from regulars.flows.open_purchase import Opened
from regulars.purchases.plan import ReturnPlan
from regulars.purchases.returning import ReturnedMembership
from regulars.rewards import membership_book, plans, prepaid_sales
from regulars.rewards.membership_book import Done, Membership
from regulars.rewards.plans import Period
from regulars.rewards.prepaid_sales import Sale


class _Standing(Struct, frozen=True):
    """A membership, and the periods of it that are paid."""

    one: Membership
    periods: tuple[Period, ...]


async def memberships_back(
    tx: Transaction, opened: Opened, plan: ReturnPlan, posted: Posted, most: int, *, record: bool
) -> tuple[ReturnedMembership, ...]:
    """What is kept of the money of the lines for days that were used, of `most` together.

    The periods are taken back, unless this is a preview (not `record`). One that was paid back before, or went over to
    another plan, is kept whole. Raises StateConflict where a later period was paid.
    """
    found: list[ReturnedMembership] = []
    at = At(opened.known.program, posted.at, posted.actor)
    for what, sales in await _sold(tx, opened, plan):
        standing = await _read(tx, at, what, record=record)
        for sale in sales:
            before, period = standing.one, _period(standing, opened, sale)
            worth = 0
            if period is not None:
                worth = min(sale.amount, await _worth(tx, at, standing))
                standing = await _without_last(tx, at, standing, worth, posted.reason, record=record)
            kept = min(sale.amount - worth, most)
            most -= kept
            found.append(_view(before, standing.one, kept))
    return tuple(found)


async def undo_memberships(tx: Transaction, opened: Opened, plan: ReturnPlan, posted: Posted) -> None:
    """A voiding pays everything back: the periods that its lines paid for are taken back whole.

    Raises StateConflict where days or rights of one were used, or a later period was paid.
    """
    at = At(opened.known.program, posted.at, posted.actor)
    for what, sales in await _sold(tx, opened, plan):
        standing = await _read(tx, at, what, record=True)
        for sale in sales:
            if _period(standing, opened, sale) is None or await _used(tx, at, standing):
                raise StateConflict(
                    "A membership on this receipt was used: take the line back instead of voiding it."
                )
            standing = await _without_last(tx, at, standing, sale.amount, posted.reason, record=True)


async def _sold(tx: Transaction, opened: Opened, plan: ReturnPlan) -> list[tuple[UUID, list[Sale]]]:
    """The memberships that lines which come back had paid for, each with its sales, the last one first."""
    back = {line.line for line in plan.lines if line.quantity}
    sold: dict[UUID, list[Sale]] = {}
    for sale in await prepaid_sales.of(tx, opened.known.program.id, opened.purchase.id):
        if sale.kind == "membership" and sale.line in back:
            sold.setdefault(sale.what, []).append(sale)
    return [
        (what, sorted(sold[what], key=lambda one: (one.sold_at, one.line), reverse=True))
        for what in sorted(sold)
    ]


async def _read(tx: Transaction, at: At, what: UUID, *, record: bool) -> _Standing:
    one = await membership_book.find(tx, at.program.id, what)
    assert one is not None, "memberships are never deleted"
    if record:
        await sharing.locked_member(tx, at.program, one.member, erased=True)
        one = await membership_book.find(tx, at.program.id, what)
        assert one is not None
    return _Standing(one, tuple(await membership_book.paid_periods(tx, at.program.id, one)))


def _period(standing: _Standing, opened: Opened, sale: Sale) -> Period | None:
    """The period that a sale paid for; None: it was paid back, is over with the membership, or went over to another
    plan. Raises StateConflict where it is not the last one."""
    if standing.one.state == "ended":
        return None
    named = prepaid_receipts.named(PaidWith(opened.purchase.id, sale.line))
    period = next((one for one in standing.periods if one.reference == named), None)
    if period is not None and period != standing.periods[-1]:
        raise StateConflict("A later period of this membership was paid: take that one back first.")
    return period


async def _worth(tx: Transaction, at: At, standing: _Standing) -> int:
    """What the days of the last period that are left are worth, as its plan pays them back."""
    one, last = standing.one, standing.periods[-1]
    document = await membership_book.plan_as(tx, at.program.id, one.plan, last.revision)
    return await memberships.worth_left(tx, at, one, document, standing.periods[-1:])


async def _used(tx: Transaction, at: At, standing: _Standing) -> bool:
    """Whether a day of the last period lies behind, or a right was used in it."""
    one, last = standing.one, standing.periods[-1]
    document = await membership_book.plan_as(tx, at.program.id, one.plan, last.revision)
    begun = plans.moved(standing.periods, one.until_day)[-1].from_day
    return begun < at.today or await memberships.rights_used(tx, at, one, document, last.from_day) > 0


async def _without_last(
    tx: Transaction, at: At, standing: _Standing, worth: int, reason: str, *, record: bool
) -> _Standing:
    """The membership without the period that was paid last: it ends, or goes on to the end of the one before."""
    one, last, rest = standing.one, standing.periods[-1], standing.periods[:-1]
    document = await membership_book.plan_as(tx, at.program.id, one.plan, last.revision)
    until = one.until_day - (last.until_day - last.from_day)
    if not rest or until <= (one.paused_on or at.today):
        became = structs.replace(one, n=one.n + 1, state="ended", due_at=None)
        if record:
            done = Done("refunded" if worth else "ended", worth, reason=reason)
            await memberships.write(tx, at, became, done)
            await memberships.take(tx, at, one, document)
    else:
        due_at = at.midnight(until) if one.state == "active" else one.due_at
        became = structs.replace(
            one,
            n=one.n + 1,
            revision=rest[-1].revision,
            from_day=rest[-1].from_day,
            until_day=until,
            due_at=due_at,
        )
        if record:
            await memberships.write(tx, at, became, Done("refunded", worth, reason=reason))
            kept = await membership_book.plan_as(tx, at.program.id, became.plan, became.revision)
            await memberships.take(tx, at, one, document, keeping=kept, since=last.from_day)
            if one.state != "paused":
                await memberships.give(tx, at, became, kept, rights=False)
    if record:
        shown = memberships.view(became, refund=worth)
        await memberships.told(tx, at, one, "membership.refunded", shown)
    return _Standing(became, rest)


def _view(before: Membership, became: Membership, kept: int) -> ReturnedMembership:
    shown = memberships.view(became)
    return ReturnedMembership(shown.id, before.plan, shown.state, shown.until_day, kept)
