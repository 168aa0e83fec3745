"""Decides what an activity earns: whole points of what came together in a span, within the limits of each span. Pure.

Everything is reckoned from sums, never from one activity alone: what a day, month and year come to does not depend on
the order in which their activities came, and what was left over is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec import Struct

from regulars.periods import add_months, begins
from regulars.purchases.activity import SPANS, EarningRule, Span, thousandths
from regulars.units import AMOUNT_MAX, ONE, PPM, Ratio, divide_half_up


class Slot(Struct, frozen=True, order=True):
    """A span of time in which something is counted in a currency."""

    currency: str
    span: Span
    starts: date


class Count(Struct, frozen=True):
    """What came together in a slot."""

    quantity: int = 0
    """Thousandths; only in the span in which remainders are carried."""
    wanted: int = 0
    """What it would have earned without this span's limit."""
    given: int = 0


class Accrued(Struct, frozen=True):
    """What an activity earned (below zero: what is taken back), and how the counts stand after it."""

    amount: int
    counts: dict[Slot, Count]
    limited: Span | None = None
    """The first span whose limit cut it."""


def first_day(span: Span, day: date) -> date:
    """The first day of the span in which a day lies."""
    first = begins(span, day)
    assert first is not None, "a day, a month and a year begin"
    return first


def month_counted(rule: EarningRule, happened: date, recorded: date) -> date:
    """The first day of the month in which a monthly rule counts: its own until that is closed, then the present one."""
    own = first_day("month", happened)
    return own if recorded < closing_day(rule, own) else first_day("month", recorded)


def closing_day(rule: EarningRule, month: date) -> date:
    """From the beginning of which day on a month that starts on `month` may be closed."""
    return add_months(month, 1) + timedelta(days=rule.close_after_days)


def slots(rule: EarningRule, day: date) -> tuple[Slot, ...]:
    """In which an activity that counts on `day` is counted, the shortest first."""
    return tuple(
        Slot(rule.currency, span, first_day(span, day))
        for span in SPANS
        if span == rule.carry or rule.limits.of(span) is not None
    )


def worth_of(rule: EarningRule, quantity: int, worth: Ratio) -> int:
    """What so many thousandths earn in all: whole units only, a share of money half up; below zero the same mirrored.

    `worth` is that of the currency in base money.
    """
    if rule.gives == "percent":
        money = quantity * rule.ppm * worth.denominator
        return divide_half_up(money, ONE * PPM * worth.numerator)
    whole = abs(quantity) // rule.unit * (rule.points or 0)
    return whole if quantity >= 0 else -whole


def contribution(rule: EarningRule, quantity: int) -> int:
    """What an activity of so many thousandths adds to what is counted: one each where a fixed number is given."""
    if rule.minimum is not None and rule.when == "at_once" and abs(quantity) < thousandths(rule.minimum):
        return 0
    if rule.gives != "fixed":
        return quantity
    return ONE if quantity > 0 else -ONE if quantity < 0 else 0


def accrue(
    rule: EarningRule, counts: Mapping[Slot, Count], day: date, before: int, after: int, worth: Ratio
) -> Accrued:
    """What it earns at once that an activity which counts on `day` goes from `before` to `after` thousandths."""
    moved = contribution(rule, after) - contribution(rule, before)
    carried = Slot(rule.currency, rule.carry, first_day(rule.carry, day))
    count = counts.get(carried, Count())
    now = Count(count.quantity + moved, count.wanted, count.given)
    fresh = worth_of(rule, now.quantity, worth) - worth_of(rule, count.quantity, worth)
    return _within(rule, {**counts, carried: now}, slots(rule, day), _bounded(fresh))


def gather(rule: EarningRule, counts: Mapping[Slot, Count], month: date, quantity: int) -> Accrued:
    """Count towards a month that is closed later: nothing is given yet."""
    slot = Slot(rule.currency, "month", month)
    count = counts.get(slot, Count())
    moved = contribution(rule, quantity)
    return Accrued(0, {slot: Count(count.quantity + moved, count.wanted, count.given)})


def close(rule: EarningRule, counts: Mapping[Slot, Count], month: date, worth: Ratio) -> Accrued:
    """What a month that is over gives for all that came together in it, within the limits of month and year."""
    slot = Slot(rule.currency, "month", month)
    quantity = counts.get(slot, Count()).quantity
    if rule.minimum is not None and abs(quantity) < thousandths(rule.minimum):
        quantity = 0
    wanted = tuple(one for one in slots(rule, month) if one.span != "day")
    return _within(rule, counts, wanted, _bounded(worth_of(rule, quantity, worth)))


def _within(rule: EarningRule, counts: Mapping[Slot, Count], chain: Iterable[Slot], fresh: int) -> Accrued:
    """Let an amount pass the limits of the spans, each counting what the shorter ones let through.

    A limit that was lowered meanwhile takes nothing back, and one that was raised gives nothing later.
    """
    amount, limited = fresh, None
    changed: dict[Slot, Count] = {}
    for slot in chain:
        count, most = counts.get(slot, Count()), rule.limits.of(slot.span)
        wanted = count.wanted + amount
        given = wanted if most is None else min(wanted, max(most, count.given))
        step = given - count.given
        step = max(0, min(amount, step)) if amount >= 0 else min(0, max(amount, step))
        if step < amount and limited is None:
            limited = slot.span
        changed[slot] = Count(count.quantity, wanted, count.given + step)
        amount = step
    return Accrued(amount, changed, limited)


def _bounded(amount: int) -> int:
    return max(-AMOUNT_MAX, min(AMOUNT_MAX, amount))
