"""Paid memberships: what a plan costs and gives, how its periods follow one another, and what is paid back. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct, structs

from regulars.contradictions import Contradicting, of_name
from regulars.i18n import N_
from regulars.periods import add_months
from regulars.rewards.articles import TAKEN, Article
from regulars.texts import Language, Names
from regulars.units import AMOUNT_MAX, divide_half_up

CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]
TierCode = Annotated[
    str, Meta(max_length=127, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}/[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")
]
Text = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
Act = Literal[
    "started", "renewed", "changed", "paused", "resumed", "to_end", "to_go_on", "due", "ended", "refunded"
]
State = Literal["active", "due", "paused", "ended"]
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Right(Struct, frozen=True, forbid_unknown_fields=True):
    """Uses of an entitlement that each period brings."""

    code: Code
    uses: Annotated[int, Meta(ge=1, le=1000)]


class PlanDocument(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a paid membership costs and gives. Money is in minor units of the program's base money."""

    names: Annotated[Names, Meta(min_length=1)]
    price: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """For each period."""
    period: Literal["month", "quarter", "year"]
    texts: Annotated[dict[Language, Text], Meta(max_length=20)] = {}
    """What members read of it."""
    club: Code | None = None
    """The mark that she has while it lasts: conditions, prices and quotas may ask for it."""
    tier: TierCode | None = None
    """`ladder/tier`: she has it while it lasts, unless she has a higher one."""
    rights: Annotated[tuple[Right, ...], Meta(max_length=10)] = ()
    trial_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """The first membership of a member begins with so many days that cost nothing."""
    grace_days: Annotated[int, Meta(ge=0, le=90)] = 7
    """So many days after a period that nobody renewed it still gives what it gives."""
    refund: Literal["in_proportion", "none"] = "in_proportion"
    """What is paid back when it is ended before its time: for the days that are left, or nothing."""
    kept_per_use: Annotated[int, Meta(ge=0, le=AMOUNT_MAX)] = 0
    """Of that is kept for each use of its rights in the present period."""
    sku: Article | None = None
    """The article by which tills sell it: a line of a receipt pays for one period."""
    stopped: bool = False
    """Nobody begins it any more; those who have it may renew it."""


class Period(Struct, frozen=True):
    """Days that were paid for, half-open, and what they are worth."""

    from_day: date
    until_day: date
    amount: int
    revision: int = 0
    """Of the plan, by which it was paid."""
    reference: str = ""
    """Of the payment."""
    n: int = 0
    """The act by which it was paid."""


def contradictions(
    plan: PlanDocument, language: str, tiers: Collection[str] = (), taken: Collection[str] = ()
) -> Iterator[Contradicting]:
    """What makes no sense, each with where it stands. `language`: the program's first; `tiers`: `ladder/tier` of the
    program; `taken`: articles that are something else that is sold."""
    yield from of_name(plan.names, language)
    if plan.club is None and plan.tier is None and not plan.rights:
        message = N_("A membership that gives nothing is none: a club, a tier or rights are needed.")
        yield Contradicting("/club", message)
    if plan.tier is not None and plan.tier not in tiers:
        yield Contradicting("/tier", N_("There is no tier {tier}."), {"tier": plan.tier})
    if plan.sku in taken:
        yield Contradicting("/sku", TAKEN, {"article": plan.sku})
    if len({right.code for right in plan.rights}) < len(plan.rights):
        yield Contradicting("/rights", N_("Each right stands in the list once."))
    if plan.kept_per_use and (plan.refund == "none" or not plan.rights):
        message = N_("Something is kept for uses of its rights only where unused days are paid back.")
        yield Contradicting("/kept_per_use", message)


def next_end(anchor: date, after: date, period: str) -> date:
    """Where the period that begins on `after` ends: on the day of `anchor`, or the last of a shorter month."""
    months, n = MONTHS[period], 1
    while (end := add_months(anchor, n * months)) <= after:
        n += 1
    return end


def standing(acts: Iterable[tuple[Act, Period]]) -> list[Period]:
    """The periods that count, the first one first: one that was paid back is none any more."""
    periods: list[Period] = []
    for act, period in acts:
        if act == "refunded":
            periods = periods[:-1]
        else:
            periods.append(period)
    return periods


def moved(periods: Sequence[Period], until: date) -> list[Period]:
    """The same periods where pauses moved them to. `until`: where the last of them ends now."""
    by = until - periods[-1].until_day if periods else timedelta()
    return [structs.replace(p, from_day=p.from_day + by, until_day=p.until_day + by) for p in periods]


def refundable(periods: Iterable[Period], today: date) -> int:
    """What the days after `today` are worth: of each period its amount by days, rounded half up.

    Today counts as used; a period that has not begun comes back whole.
    """
    total = 0
    for one in periods:
        days = (one.until_day - one.from_day).days
        left = (one.until_day - max(one.from_day, today + timedelta(days=1))).days
        if left > 0:
            total += divide_half_up(one.amount * min(left, days), days)
    return total
