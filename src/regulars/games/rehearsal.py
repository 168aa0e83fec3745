"""Rehearses a challenge on what members did: who would have done it, who was near, what it would cost. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.games import progress
from regulars.games.progress import Act, Round
from regulars.games.quests import Quest

NEAR_PERMILLE: Final = 750
"""Of all that is asked for: who came so far without doing it was near."""


class Deed(Struct, frozen=True):
    """Something that a member did."""

    member: UUID
    act: Act


class Rehearsed(Struct, frozen=True):
    """What came of it."""

    took_part: int
    """Members of whom something counted."""
    completed: int
    """Members who did all of it, once or more."""
    near: int
    times: int
    """How many times all of it was done, and its prizes were there."""
    cost: int
    """Of all prizes, minor units of base money."""
    steps: tuple[int, ...]
    """Members who reached each milestone, the whole of it last."""


class _Window(Struct):
    round: Round
    counts: dict[str, int]
    steps: set[int]


class _Hers(Struct):
    windows: dict[int, _Window]
    whole: int = 0
    best: int = 0


def rehearse(
    quest: Quest,
    deeds: Iterable[Deed],
    zone: ZoneInfo,
    costs: Sequence[int],
    winners: int | None,
    joined: datetime,
) -> Rehearsed:
    """What members would have come to, the earliest deed first.

    `costs`: of the prizes of each milestone, minor units of base money; `winners`: how often all of it may be won;
    `joined`: since when everybody takes part, where members join.
    """
    hers: dict[UUID, _Hers] = {}
    reached = [set[UUID]() for _ in quest.milestones]
    times = cost = 0
    for deed in sorted(deeds, key=lambda one: one.act.at):
        more = progress.counted(quest, deed.act, zone)
        if not more:
            continue
        one = hers.setdefault(deed.member, _Hers({}))
        window = _window(quest, one, deed.act.at, zone, joined)
        if window is None:
            continue
        window.counts = progress.added(window.counts, more)
        amount = progress.reached(quest.document.goal, window.counts)
        one.best = max(one.best, amount)
        for number in sorted(progress.due(quest, amount) - window.steps):
            last = progress.is_whole(quest, number)
            if last and winners is not None and times >= winners:
                continue
            window.steps.add(number)
            place = number % len(quest.milestones)
            reached[place].add(deed.member)
            cost += costs[place]
            times += last
            one.whole += last
    need = quest.milestones[-1][0]
    return Rehearsed(
        took_part=sum(one.best > 0 for one in hers.values()),
        completed=sum(one.whole > 0 for one in hers.values()),
        near=sum(not one.whole and one.best * 1000 >= need * NEAR_PERMILLE for one in hers.values()),
        times=times,
        cost=cost,
        steps=tuple(len(members) for members in reached),
    )


def _window(quest: Quest, one: _Hers, at: datetime, zone: ZoneInfo, joined: datetime) -> _Window | None:
    """The window that counts it; None: it lies outside of hers, or she has had all that she may have."""
    document = quest.document
    found = progress.round_at(quest, at, zone, joined, [each.round for each in one.windows.values()])
    if not found.since <= at < found.until:
        return None
    if found.key not in one.windows:
        if document.window == "days" and one.whole >= document.repeat:
            return None
        one.windows[found.key] = _Window(found, {}, set())
    return one.windows[found.key]
