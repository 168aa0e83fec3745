"""Conditions on the day of a purchase, on the store's wall clock: several windows, and days that recur."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct, field

from regulars.promotions.conditions.hours import (
    Clock,
    Weekday,
    days_of,
    minutes_within,
    weekday_keys,
    weekday_needs,
    within_hours,
)
from regulars.promotions.conditions.kind import Condition, Failure, Need
from regulars.promotions.model import Basket, Standing
from regulars.promotions.outcome import Refusal
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words

WallTime = Annotated[datetime, Meta(tz=False)]
DayOfMonth = Annotated[int, Meta(ge=1, le=31)]
Nth = Literal[1, 2, 3, 4, 5, -1]
_HOURS = {"from": N_("From"), "until": N_("Until")}


class DateWindow(Struct, frozen=True, forbid_unknown_fields=True):
    """Wall time of the store without an offset, half-open."""

    since: WallTime = field(name="from")
    until: WallTime

    labels: ClassVar[dict[str, str]] = _HOURS


class Dates(Condition, frozen=True, tag="dates"):
    """The purchase is made within one of several windows."""

    windows: Annotated[tuple[DateWindow, ...], Meta(min_length=1, max_length=200)]

    title: ClassVar[str] = N_("Date windows")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("In one or several periods that you name: holidays, a sale.")
    labels: ClassVar[dict[str, str]] = {"windows": N_("From and until")}
    example: ClassVar[dict[str, Any]] = {
        "kind": "dates",
        "windows": [{"from": "2026-12-23T00:00:00", "until": "2026-12-27T00:00:00"}],
    }

    def decide(self, scene: Scene) -> Failure | None:
        wall = scene.wall
        if any(window.since <= wall < window.until for window in self.windows):
            return None
        ahead = [window for window in self.windows if window.since > wall]
        nearest = min(ahead, key=lambda w: w.since) if ahead else max(self.windows, key=lambda w: w.until)
        return Failure(
            "outside_dates", {"from": nearest.since.isoformat(), "until": nearest.until.isoformat()}
        )

    def contradictions(self) -> Iterable[str]:
        for window in self.windows:
            if window.since >= window.until:
                text = N_("The window from {since} until {until} is empty.")
                yield Sentence(text, since=window.since.isoformat(), until=window.until.isoformat())

    def describe(self, words: Words, currency: str) -> str:
        return words.joined([_span(w.since, w.until, words) for w in self.windows], either=True)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "outside_dates":
            return None
        since, until = (datetime.fromisoformat(refusal.facts[name]) for name in ("from", "until"))
        return words.gettext("{when}: {give}").format(when=_span(since, until, words), give=give)


class Monthly(Condition, frozen=True, tag="monthly"):
    """On some days of each month: given ones, the `first` or the `last` few, or the `nth` `weekdays` (-1: the last).

    A day that any of these names is meant. With hours that reach past midnight, the day counts on which they begin.
    """

    days: Annotated[tuple[DayOfMonth, ...], Meta(max_length=31)] = ()
    first: DayOfMonth | None = None
    last: DayOfMonth | None = None
    nth: Annotated[tuple[Nth, ...], Meta(max_length=6)] = ()
    weekdays: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    since: Clock = field(default="00:00", name="from")
    until: Clock = "24:00"

    title: ClassVar[str] = N_("Days of the month")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("On some days of each month: the first Monday, the last three days, the 15th.")
    labels: ClassVar[dict[str, str]] = {
        "days": N_("Days"), "first": N_("First days"), "last": N_("Last days"), "nth": N_("n-th weekday"),
        "weekdays": N_("Weekdays"), **_HOURS,
    }  # fmt: skip
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "nth": {
            1: N_("first"), 2: N_("second"), 3: N_("third"), 4: N_("fourth"), 5: N_("fifth"), -1: N_("last"),
        }
    }  # fmt: skip
    example: ClassVar[dict[str, Any]] = {"kind": "monthly", "nth": [1], "weekdays": [1]}

    def __post_init__(self) -> None:
        if bool(self.nth) != bool(self.weekdays):
            raise ValueError("`nth` and `weekdays` go together")
        if not (self.days or self.first or self.last or self.nth):
            raise ValueError("days, first, last, or nth with weekdays is needed")

    @cached_property
    def window(self) -> tuple[int, int]:
        return minutes_within(self.since, self.until)

    def decide(self, scene: Scene) -> Failure | None:
        if any(_means(self, day) for day in days_of(scene.wall, self.window)):
            return None
        return Failure("outside_month_days", _fields(self))

    def needs(self) -> tuple[Need, ...]:
        only_weekdays = not (self.days or self.first or self.last)
        return weekday_needs(self.weekdays, self.window) if only_weekdays else ()

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return weekday_keys(basket)

    def contradictions(self) -> Iterable[str]:
        if self.since == self.until:
            text = N_("The hours from {since} until {until} are empty.")
            yield Sentence(text, since=self.since, until=self.until)

    def describe(self, words: Words, currency: str) -> str:
        return _monthly(_fields(self), words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "outside_month_days":
            return None
        return words.gettext("{when}: {give}").format(when=_monthly(refusal.facts, words), give=give)


class Weekly(Condition, frozen=True, tag="every_weeks"):
    """On `weekdays` of every so many weeks, counted from the week (Monday to Sunday) of `start` on, not before it."""

    weeks: Annotated[int, Meta(ge=1, le=52)]
    start: date
    weekdays: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()  # none: the weekday of `start`
    since: Clock = field(default="00:00", name="from")
    until: Clock = "24:00"

    title: ClassVar[str] = N_("Every so many weeks")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("On some weekdays of every second, third … week.")
    labels: ClassVar[dict[str, str]] = {
        "weeks": N_("Weeks"), "start": N_("Counted from"), "weekdays": N_("Weekdays"), **_HOURS,
    }  # fmt: skip
    example: ClassVar[dict[str, Any]] = {"kind": "every_weeks", "weeks": 2, "start": "2026-11-20"}

    @cached_property
    def window(self) -> tuple[int, int]:
        return minutes_within(self.since, self.until)

    @cached_property
    def on(self) -> tuple[int, ...]:
        """Its weekdays."""
        return self.weekdays or (self.start.isoweekday(),)

    def means(self, day: date) -> bool:
        """Whether it is one of these days."""
        if day < self.start or day.isoweekday() not in self.on:
            return False
        weeks = (day.toordinal() - day.weekday() - self.start.toordinal() + self.start.weekday()) // 7
        return weeks % self.weeks == 0

    def decide(self, scene: Scene) -> Failure | None:
        if any(self.means(day) for day in days_of(scene.wall, self.window)):
            return None
        return Failure("outside_weeks", _fields(self))

    def needs(self) -> tuple[Need, ...]:
        return weekday_needs(self.on, self.window)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return weekday_keys(basket)

    def contradictions(self) -> Iterable[str]:
        if self.since == self.until:
            text = N_("The hours from {since} until {until} are empty.")
            yield Sentence(text, since=self.since, until=self.until)

    def describe(self, words: Words, currency: str) -> str:
        return _weekly(_fields(self), words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "outside_weeks":
            return None
        return words.gettext("{when}: {give}").format(when=_weekly(refusal.facts, words), give=give)


def _means(condition: Monthly, day: date) -> bool:
    """Whether it is one of its days."""
    number, size = day.day, monthrange(day.year, day.month)[1]
    few, last = condition.first or 0, size - (condition.last or 0)
    if number in condition.days or number <= few or number > last:
        return True
    nth = (number - 1) // 7 + 1 in condition.nth or (-1 in condition.nth and number > size - 7)
    return nth and day.isoweekday() in condition.weekdays


def _fields(condition: Monthly | Weekly) -> dict[str, Any]:
    """What a sentence about its days needs, as plain JSON values."""
    hours = {"from": condition.since, "until": condition.until}
    if isinstance(condition, Weekly):
        start = condition.start.isoformat()
        return {"weeks": condition.weeks, "start": start, "weekdays": list(condition.on), **hours}
    return {
        "days": list(condition.days), "first": condition.first, "last": condition.last,
        "nth": list(condition.nth), "weekdays": list(condition.weekdays), **hours,
    }  # fmt: skip


def _span(since: datetime, until: datetime, words: Words) -> str:
    text = words.gettext("from {from} until {until}")
    return text.format_map({"from": words.moment(since), "until": words.moment(until)})


def _monthly(facts: dict[str, Any], words: Words) -> str:
    texts: list[str] = []
    days: Sequence[int] = facts["days"]
    if days:
        numbers = words.joined([str(day) for day in days])
        text = words.ngettext("on day {days} of each month", "on days {days} of each month", len(days))
        texts.append(text.format(days=numbers))
    first, last = facts["first"], facts["last"]
    if first == 1:
        texts.append(words.gettext("on the first day of each month"))
    elif first:
        text = words.ngettext(
            "on the first {n} day of each month", "on the first {n} days of each month", first
        )
        texts.append(text.format(n=first))
    if last == 1:
        texts.append(words.gettext("on the last day of each month"))
    elif last:
        text = words.ngettext("on the last {n} day of each month", "on the last {n} days of each month", last)
        texts.append(text.format(n=last))
    if facts["nth"]:
        names = Monthly.choices["nth"]
        ordinals = words.joined([words.gettext(names[place]) for place in facts["nth"]])
        weekdays = words.joined([words.weekday(day) for day in facts["weekdays"]])
        text = words.gettext("on the {ordinals} {weekdays} of each month")
        texts.append(text.format(ordinals=ordinals, weekdays=weekdays))
    return within_hours(words.joined(texts, either=True), facts["from"], facts["until"], words)


def _weekly(facts: dict[str, Any], words: Words) -> str:
    weekdays = words.joined([words.weekday(day) for day in facts["weekdays"]])
    if facts["weeks"] == 1:
        text = words.gettext("every week on {weekdays}, from {date} on")
    else:
        text = words.ngettext(
            "every {n} week on {weekdays}, from {date} on",
            "every {n} weeks on {weekdays}, from {date} on",
            facts["weeks"],
        )
    start = words.full_date(date.fromisoformat(facts["start"]))
    text = text.format(n=facts["weeks"], weekdays=weekdays, date=start)
    return within_hours(text, facts["from"], facts["until"], words)
