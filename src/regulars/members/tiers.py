"""Decides which tier of a ladder a member has: gained, kept, lowered or undone, and what is missing. Pure.

More of what is measured never lowers anybody, and what was decided twice is decided alike.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from regulars.members.ladders import Ladder, Requirement, Way
from regulars.members.terms import Calendar, end_of_term, last_instant

Gained = Literal["earned", "kept", "lowered", "restored"]
Reason = Literal[
    "earned", "kept", "lowered", "restored", "undone", "given", "taken", "membership", "membership_over"
]


class Measures(Struct, frozen=True):
    """What somebody reached in a span of time."""

    spend: int = 0
    """Turnover, in minor units of base money."""
    purchases: int = 0
    visit_days: int = 0
    currencies: dict[str, int] = {}
    """Qualifying points, in their unit."""

    def of(self, requirement: Requirement) -> int:
        """As much as there is of what is asked for; what was taken back beyond nothing is nothing."""
        if requirement.measure == "currency":
            return max(0, self.currencies.get(requirement.currency or "", 0))
        if requirement.measure == "spend":
            return max(0, self.spend)
        return self.purchases if requirement.measure == "purchases" else self.visit_days


class Before(Struct, frozen=True, omit_defaults=True):
    """The tier that another one took the place of."""

    tier: str
    until: datetime | None = None
    gained: Gained | None = None
    match: tuple[Way, ...] = ()
    cause: str = ""
    reached_at: datetime | None = None
    """When it was earned: in the period of that instant it rests on what was bought."""


class Detail(Struct, frozen=True, omit_defaults=True):
    """What a mark of a tier remembers."""

    before: Before | None = None
    landed: bool = False
    """She was let down softly: the next time she falls as the ladder says."""
    match: tuple[Way, ...] = ()
    """Of a tier that was given: what has to be reached before its end for it to stay."""
    why: str = ""
    cause: str = ""
    """The paid membership that gives it; empty: it was reached, or given by hand."""
    reached_at: datetime | None = None
    """When an earned tier was reached that was come back to later; None: when the mark began."""


class Present(Struct, frozen=True):
    """The tier that a member has, or had last."""

    tier: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    gained: Gained | None = None
    """None: it was given by hand."""
    detail: Detail = Detail()
    reviewed: bool = True
    """Whether its end was looked at, or there is none yet."""

    @property
    def reached_at(self) -> datetime | None:
        """When it was earned; None: it was not."""
        return (self.detail.reached_at or self.since) if self.gained == "earned" else None

    def holds(self, at: datetime) -> bool:
        """Whether it does at an instant, or begins later."""
        return self.tier is not None and (self.until is None or self.until > at)


class Step(Struct, frozen=True):
    """A change of somebody's tier."""

    before: str | None
    tier: str | None
    """None: none at all."""
    since: datetime
    until: datetime | None
    gained: Gained | None
    reason: Reason
    detail: Detail = Detail()
    marked: bool = True
    """Whether there is a mark of it: the lowest tier, where it is everybody's, needs none."""


class Missing(Struct, frozen=True):
    """One thing that a way asks for, with how much of it there is."""

    requirement: Requirement
    reached: int

    @property
    def missing(self) -> int:
        """How much is still to come."""
        return max(0, self.requirement.at_least - self.reached)


class Progress(Struct, frozen=True):
    """How far somebody is on one way."""

    parts: tuple[Missing, ...]

    @property
    def permille(self) -> int:
        """Of what is furthest behind, rounded down: 1000 is all of it."""
        return min(min(1000, part.reached * 1000 // part.requirement.at_least) for part in self.parts)

    @property
    def reached(self) -> bool:
        """Whether all of it is there."""
        return all(not part.missing for part in self.parts)


def on_ways(ways: tuple[Way, ...], measures: Measures) -> tuple[Progress, ...]:
    """How far somebody is on each way, the nearest first."""
    found = [Progress(tuple(Missing(one, measures.of(one)) for one in way)) for way in ways]
    return tuple(sorted(found, key=lambda one: -one.permille))


def holds(ways: tuple[Way, ...], measures: Measures) -> bool:
    """Whether one of the ways was gone to its end."""
    return any(all(measures.of(one) >= one.at_least for one in way) for way in ways)


def qualified(ladder: Ladder, measures: Measures) -> int:
    """The rank that so much is enough for; that of the lowest tier, or −1, where it is for nothing."""
    reached = [place for place, tier in enumerate(ladder.tiers) if holds(tier.ways, measures)]
    return max([*reached, _lowest(ladder)])


def rank_at(ladder: Ladder, present: Present, at: datetime) -> int:
    """The rank that somebody has at an instant."""
    return max(_lowest(ladder), ladder.rank(present.tier) if present.holds(at) else -1)


def next_tier(ladder: Ladder, rank: int) -> str | None:
    """The next higher tier that can be reached by buying."""
    return next((tier.code for tier in ladder.tiers[rank + 1 :] if tier.ways), None)


def earn(
    ladder: Ladder,
    present: Present,
    measures: Measures,
    at: datetime,
    calendar: Calendar,
    since: datetime | None = None,
) -> Step | None:
    """What a purchase of that instant changes, measured with it in its period: up, or nothing.

    `since`: from when on, for one that came late; the term is that of its own time. Whoever's tier is over and was not
    looked at yet waits for that: she may keep it.
    """
    since = at if since is None else since
    if present.tier is not None and not present.holds(since) and not present.reviewed:
        return None
    reached, rank = qualified(ladder, measures), rank_at(ladder, present, since)
    until = end_of_term(ladder.document, calendar, at)
    if reached <= rank or (until is not None and until <= since):
        return None
    detail = Detail(before(present, since), reached_at=at if at < since else None)
    return Step(ladder.at(rank), ladder.at(reached), since, until, "earned", "earned", detail)


def review(
    ladder: Ladder,
    present: Present,
    measures: Measures,
    challenge: Measures,
    calendar: Calendar,
    earlier_then: Measures | None = None,
) -> Step:
    """What follows upon a tier whose time is over. `measures`: of its last period; `challenge`: of all its time.

    `earlier_then`: of the period in which the tier before was earned, None where that does not rest on sums.
    """
    assert present.until is not None
    over = present.until
    rank = ladder.rank(present.tier)
    reached = qualified(ladder, measures)
    if present.gained is None and holds(present.detail.match, challenge):
        reached = max(reached, rank)
    floor = _still(ladder, present, over, reached, earlier_then)
    last = last_instant(ladder.document, calendar, over, graced=present.gained is not None)
    until = end_of_term(ladder.document, calendar, last)
    if reached >= max(rank, floor) and reached > _lowest(ladder):
        # Kept, whatever it was before: what a term that is over has brought is not undone by a return in the next.
        return Step(
            present.tier, ladder.at(reached), over, until, "kept", "kept" if reached == rank else "earned"
        )
    target, landed = _fallen(ladder, present, reached, rank)
    if floor >= target and present.detail.before is not None and floor > _lowest(ladder):
        earlier = present.detail.before
        return Step(
            present.tier, earlier.tier, over, earlier.until, earlier.gained, "restored", _again(earlier)
        )
    if target <= _lowest(ladder):
        return Step(present.tier, ladder.base, over, None, None, "lowered", marked=False)
    return Step(present.tier, ladder.at(target), over, until, "lowered", "lowered", Detail(landed=landed))


def foreseen(ladder: Ladder, present: Present, now: Measures, then: Measures, at: datetime) -> int:
    """The rank that somebody has by a ladder once her term is over, by the sums as they are.

    `now`: of the present period, on which she climbs; `then`: of the period that her tier rests on, which keeps it too.
    What was given by hand stays; it ends when it was said to end.
    """
    reached, rank = qualified(ladder, now), rank_at(ladder, present, at)
    if reached > rank:
        return reached
    if not present.holds(at) or ladder.rank(present.tier) < 0:
        return rank
    if present.until is None or present.gained is None:
        return rank
    reached = max(reached, qualified(ladder, then))
    if reached >= rank:
        return rank
    target, _ = _fallen(ladder, present, reached, rank)
    return max(target, _still(ladder, present, present.until, reached, None), _lowest(ladder))


def undo(
    ladder: Ladder,
    present: Present,
    then: Measures,
    now: Measures,
    at: datetime,
    calendar: Calendar,
    earlier_then: Measures | None = None,
) -> Step | None:
    """What a return changes: a tier that rested on what came back gives way to the one before.

    `then`: of the period in which it was reached; `now`: of the present one; `earlier_then`: of the period in which the
    tier before was earned, None where that does not rest on sums. All are without what came back.
    """
    if not ladder.document.undo_on_return or present.gained != "earned" or not present.holds(at):
        return None
    assert present.reached_at is not None
    rank = ladder.rank(present.tier)
    reached = max(qualified(ladder, then), qualified(ladder, now))
    if reached >= rank:
        return None
    floor = _still(ladder, present, at, reached, earlier_then)
    earlier = present.detail.before
    if floor >= reached and earlier is not None and floor > _lowest(ladder):
        return Step(present.tier, earlier.tier, at, earlier.until, earlier.gained, "undone", _again(earlier))
    if reached <= _lowest(ladder):
        return Step(present.tier, ladder.base, at, None, None, "undone", marked=False)
    until = end_of_term(ladder.document, calendar, present.reached_at)
    back = Detail(reached_at=present.reached_at)
    return Step(present.tier, ladder.at(reached), at, until, "earned", "undone", back)


def _again(earlier: Before) -> Detail:
    """What a tier remembers that was come back to."""
    return Detail(match=earlier.match, cause=earlier.cause, reached_at=earlier.reached_at)


def _fallen(ladder: Ladder, present: Present, reached: int, rank: int) -> tuple[int, bool]:
    """Where somebody falls who did not keep her rank, and whether she was held up."""
    if present.gained is None:
        return reached, False
    policy = ladder.document.downgrade
    target = {"one_step": max(reached, rank - 1), "by_balance": reached, "to_base": _lowest(ladder)}[policy]
    if ladder.document.soft_landing and not present.detail.landed and target < rank - 1:
        return rank - 1, True
    return target, False


def _still(
    ladder: Ladder, present: Present, at: datetime, reached: int, earlier_then: Measures | None
) -> int:
    """The rank of the tier before, if its own time is not over and what it rests on did not come back; else −1."""
    earlier = present.detail.before
    if earlier is None or (earlier.until is not None and earlier.until <= at):
        return -1
    rank = ladder.rank(earlier.tier)
    if ladder.document.undo_on_return and earlier_then is not None:
        return rank if max(reached, qualified(ladder, earlier_then)) >= rank else -1
    return rank


def before(present: Present, at: datetime) -> Before | None:
    """What a tier that takes its place remembers of it."""
    if not present.holds(at) or present.tier is None:
        return None
    detail = present.detail
    return Before(present.tier, present.until, present.gained, detail.match, detail.cause, present.reached_at)


def _lowest(ladder: Ladder) -> int:
    return 0 if ladder.base is not None else -1
