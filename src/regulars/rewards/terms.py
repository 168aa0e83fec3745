"""Decides who may claim a reward, at which price, in which periods it counts, and which state may follow. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from regulars.audience import Hers
from regulars.periods import first_day
from regulars.rewards.model import Limit, Price, Reward, State

_FROM: dict[State, frozenset[State]] = {
    "claimed": frozenset({"held"}),
    "ready": frozenset({"claimed"}),
    "shipped": frozenset({"claimed", "ready"}),
    "handed_over": frozenset({"claimed", "ready", "shipped"}),
    "cancelled": frozenset({"held", "claimed", "ready"}),
    "lapsed": frozenset({"held", "claimed", "ready"}),
}


def hindrance(reward: Reward, stopped_at: datetime | None, hers: Hers, at: datetime) -> str | None:
    """Why this member may not claim it at this instant: `reward_ended` or `not_for_member`; None: she may."""
    if stopped_at is not None or (reward.valid_until is not None and at >= reward.valid_until):
        return "reward_ended"
    if reward.valid_from is not None and at < reward.valid_from:
        return "not_yet"
    among = hers.among(tiers=reward.tiers, audiences=reward.audiences, clubs=reward.clubs)
    if not among or not prices(reward, hers):
        return "not_for_member"
    return None


def prices(reward: Reward, hers: Hers) -> tuple[Price, ...]:
    """What she may pay with: the prices of her tiers, else those for everybody."""
    own = tuple(price for price in reward.prices if ("tier", price.tier) in hers.marks)
    return own or tuple(price for price in reward.prices if price.tier is None)


def may_follow(before: State, after: State) -> bool:
    """Whether a redemption in the state `before` may go on to `after`."""
    return before in _FROM.get(after, frozenset())


def periods(limits: Collection[Limit], per: str, day: date) -> dict[int, int]:
    """First day of each period in which a claim on `day` counts (yyyymmdd, 0: ever) → the most, for one `per`.

    Periods that begin on the same day share a counter while both last: the smaller limit is then the one that binds.
    """
    found: dict[int, int] = {}
    for limit in limits:
        if limit.per == per:
            first = first_day(limit.period, day)
            found[first] = min(limit.most, found.get(first, limit.most))
    return dict(sorted(found.items()))


def ends(days: int | None, at: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the day that lies so many days after an instant, in a time zone; None: it does not end."""
    if days is None:
        return None
    last = at.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(last, time(), zone)


def due(reward: Reward, valid_until: datetime | None) -> datetime | None:
    """When what was claimed and not fetched lapses; codes end by themselves."""
    return None if reward.gives_codes else valid_until
