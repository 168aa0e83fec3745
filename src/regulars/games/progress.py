"""Counts what members do for challenges: what a purchase adds, how far somebody is, which steps follow. Pure.

What was counted is a sum by key: of a set the different ones, of a streak its periods, else one key. Reached is read
off these sums alone; so neither order nor repetition matters, and what comes back is taken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.games.quests import Each, Goal, GoodsList, Quest
from regulars.periods import begins, following, number

Counts = Mapping[str, int]
ONE = ""
"""The key of what is not told apart."""


class Item(Struct, frozen=True):
    """A line of a purchase, as far as it was not returned."""

    sku: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    brand: str
    quantity: int
    """Thousandths."""
    spend: int
    """Minor units of base money."""
    points: Mapping[str, int] = {}
    """Earned, by currency."""


class Act(Struct, frozen=True):
    """Something that a member did: a purchase, or an activity (`quantity` in thousandths)."""

    at: datetime
    store: str | None
    partner: str | None = None
    items: tuple[Item, ...] = ()
    activity: str | None = None
    quantity: int = 0


class Round(Struct, frozen=True):
    """A window of one member; outside it nothing counts for it."""

    key: int
    """Its first day as yyyymmdd; 0: the only one."""
    since: datetime
    until: datetime


ALWAYS = (
    datetime.fromisoformat("1970-01-01T00:00:00+00:00"),
    datetime.fromisoformat("9999-12-30T00:00:00+00:00"),
)


def round_at(
    quest: Quest, at: datetime, zone: ZoneInfo, joined: datetime | None, own: Iterable[Round]
) -> Round:
    """The window that an instant falls into; `own`: the windows of days that she has begun."""
    document = quest.document
    if document.window == "dates":
        return Round(0, document.valid_from or ALWAYS[0], document.valid_until or ALWAYS[1])
    local = at.astimezone(zone).date()
    if document.window == "days":
        inside = [one for one in own if one.since <= at < one.until]
        if inside:
            return max(inside, key=lambda one: one.since)
        first = joined.astimezone(zone).date() if document.begins == "joining" and joined else local
        last = first + timedelta(days=document.days)
        return Round(number(first), _midnight(first, zone), _midnight(last, zone))
    first, after = begins(document.window, local), following(document.window, local)
    assert first is not None, "a window other than of dates or days is of the calendar"
    assert after is not None, "and time goes on after it"
    return Round(number(first), _midnight(first, zone), _midnight(after, zone))


def counted(quest: Quest, act: Act, zone: ZoneInfo) -> dict[str, int]:
    """What something adds to a challenge, by key; nothing where it does not count."""
    goal = quest.document.goal
    if goal.activity != act.activity or (goal.stores and act.store not in goal.stores):
        return {}
    if act.activity is not None:
        return _of_activity(goal, act, zone)
    items = [item for item in act.items if item.quantity > 0 and _meant(goal.goods, item)]
    if not items or sum(item.spend for item in items) < goal.least_amount:
        return {}
    if goal.kind == "set":
        return _of_set(goal, act, items)
    if goal.kind == "streak":
        return {_period_key(goal.each, act.at, zone): 1}
    if goal.kind == "count":
        return {ONE: 1}
    amount = {
        "spend": sum(item.spend for item in items),
        "units": sum(item.quantity for item in items),
        "points": sum(item.points.get(goal.currency or "", 0) for item in items),
    }[goal.measure]
    return {ONE: amount} if amount else {}


def reached(goal: Goal, counts: Counts) -> int:
    """How much of it is there, in counted amounts."""
    if goal.kind == "set":
        return sum(1 for amount in counts.values() if amount > 0)
    if goal.kind == "streak":
        periods = _periods(counts)
        return max((_run_to(goal, periods[: n + 1], here) for n, here in enumerate(periods)), default=0)
    return max(0, sum(counts.values()))


def running(goal: Goal, counts: Counts, at: datetime, zone: ZoneInfo) -> int:
    """As `reached`, but of a streak the one that still goes on: what a member is shown."""
    if goal.kind != "streak":
        return reached(goal, counts)
    return _run_to(goal, _periods(counts), _ordinal(goal.each, at.astimezone(zone).date()))


def due(quest: Quest, amount: int) -> frozenset[int]:
    """The numbers of the milestones that so much is enough for: of the first time from 0, then of the next time."""
    milestones, goal = quest.milestones, quest.document.goal
    again = quest.document.repeat if goal.kind in ("count", "sum") and quest.document.window != "days" else 1
    whole = milestones[-1][0]
    return frozenset(
        turn * len(milestones) + place
        for turn in range(min(again, amount // whole + 1))
        for place, (at, _) in enumerate(milestones)
        if amount >= turn * whole + at
    )


def is_whole(quest: Quest, milestone: int) -> bool:
    """Whether this milestone is all of the challenge, once."""
    return milestone % len(quest.milestones) == len(quest.milestones) - 1


def added(counts: Counts, more: Counts) -> dict[str, int]:
    """Both together, without what comes to nothing."""
    total = dict(counts)
    for key, amount in more.items():
        total[key] = total.get(key, 0) + amount
    return {key: amount for key, amount in total.items() if amount}


def _of_activity(goal: Goal, act: Act, zone: ZoneInfo) -> dict[str, int]:
    if not act.quantity:
        return {}
    sign = 1 if act.quantity > 0 else -1
    if goal.kind == "streak":
        return {_period_key(goal.each, act.at, zone): sign}
    return {ONE: sign if goal.kind == "count" else act.quantity}


def _of_set(goal: Goal, act: Act, items: list[Item]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items:
        for key in set(_keys(goal, act, item)):
            found[key] = found.get(key, 0) + item.quantity
    return found


def _keys(goal: Goal, act: Act, item: Item) -> list[str]:
    if goal.of == "categories":
        paths = [path.strip("/") for path in item.categories]
        if goal.among:
            return [one for one in goal.among if any(_below(path, one) for path in paths)]
        return ["/".join(path.split("/")[: goal.level]) for path in paths if path]
    found = {"skus": item.sku, "brands": item.brand, "stores": act.store, "partners": act.partner}[
        goal.of or "skus"
    ]
    return [found] if found and (not goal.among or found in goal.among) else []


def _meant(goods: GoodsList, item: Item) -> bool:
    if goods.everything:
        return True
    paths = [path.strip("/") for path in item.categories]
    return (
        item.sku in goods.skus
        or item.brand in goods.brands
        or not set(goods.tags).isdisjoint(item.tags)
        or any(_below(path, one) for path in paths for one in goods.categories)
    )


def _below(path: str, category: str) -> bool:
    wanted = category.strip("/")
    return path == wanted or path.startswith(wanted + "/")


def _run_to(goal: Goal, periods: list[int], until: int) -> int:
    """The most of these periods, the last of them at the end, whose gaps up to `until` the freezes cover."""
    missing, later, run = 0, until, 0
    for here in reversed(periods):
        missing += max(0, later - here - 1)
        if missing > goal.freezes:
            break
        run, later = run + 1, here
    return run


def _periods(counts: Counts) -> list[int]:
    return sorted(int(key) for key, amount in counts.items() if amount > 0)


def _period_key(each: Each, at: datetime, zone: ZoneInfo) -> str:
    return str(_ordinal(each, at.astimezone(zone).date()))


def _ordinal(each: Each, day: date) -> int:
    """Number of a day, week or month: those that follow one another have numbers that do."""
    if each == "month":
        return day.year * 12 + day.month
    return day.toordinal() if each == "day" else (day.toordinal() - 1) // 7


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
