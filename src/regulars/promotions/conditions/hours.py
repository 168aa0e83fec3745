"""Conditions on when a purchase is made, on the store's wall clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, ClassVar

from msgspec import Meta, field

from regulars.promotions.conditions.kind import Condition, Failure, Need
from regulars.promotions.model import Basket, Standing
from regulars.promotions.outcome import Refusal
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words

Weekday = Annotated[int, Meta(ge=1, le=7)]
Clock = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
_DAY = 24 * 60


class Hours(Condition, frozen=True, tag="hours"):
    """Weekdays (1 Monday … 7 Sunday) and hours, half-open. A window past midnight belongs to the day it begins."""

    weekdays: tuple[Weekday, ...] = ()  # none: every day
    since: Clock = field(default="00:00", name="from")
    until: Clock = "24:00"

    title: ClassVar[str] = N_("Weekdays and hours")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("On some weekdays, or at some hours: a happy hour, a quiet morning.")
    labels: ClassVar[dict[str, str]] = {"weekdays": N_("Weekdays"), "from": N_("From"), "until": N_("Until")}
    example: ClassVar[dict[str, Any]] = {
        "kind": "hours",
        "weekdays": [1, 2],
        "from": "22:00",
        "until": "02:00",
    }

    @cached_property
    def window(self) -> tuple[int, int]:
        return minutes_within(self.since, self.until)

    @cached_property
    def days(self) -> frozenset[int]:
        return frozenset(self.weekdays or range(1, 8))

    def decide(self, scene: Scene) -> Failure | None:
        minute, today = scene.wall.hour * 60 + scene.wall.minute, scene.wall.isoweekday()
        start, end = self.window
        if start <= minute < end and today in self.days:
            return None
        if minute + _DAY < end and (today - 2) % 7 + 1 in self.days:
            return None
        return Failure(
            "outside_hours", {"weekdays": list(self.weekdays), "from": self.since, "until": self.until}
        )

    def needs(self) -> tuple[Need, ...]:
        return weekday_needs(self.days, self.window)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return weekday_keys(basket)

    def contradictions(self) -> Iterable[str]:
        if self.since == self.until:
            text = N_("The hours from {since} until {until} are empty.")
            yield Sentence(text, since=self.since, until=self.until)

    def describe(self, words: Words, currency: str) -> str:
        return _when(self.weekdays, self.since, self.until, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "outside_hours":
            return None
        when = _when(refusal.facts["weekdays"], refusal.facts["from"], refusal.facts["until"], words)
        return words.gettext("{when}: {give}").format(when=when, give=give)


def minutes_within(since: str, until: str) -> tuple[int, int]:
    """Minutes of the day; an end not after the beginning lies in the next day."""
    start, end = _minutes(since), _minutes(until)
    return start, end if end > start else end + _DAY


def days_of(wall: datetime, window: tuple[int, int]) -> list[date]:
    """The days in whose window this moment lies: its own, and the one before where that reaches past midnight."""
    minute, day = wall.hour * 60 + wall.minute, wall.date()
    start, end = window
    days = [day] if start <= minute < end else []
    if minute + _DAY < end and day > date.min:
        days.append(day - timedelta(days=1))
    return days


def weekday_needs(weekdays: Iterable[int], window: tuple[int, int]) -> tuple[Need, ...]:
    """What the index may use of a condition that only these weekdays can meet."""
    days = set(weekdays)
    if window[1] > _DAY:
        days |= {day % 7 + 1 for day in days}
    return (tuple(f"weekday:{day}" for day in sorted(days)),) if len(days) < 7 else ()


def weekday_keys(basket: Basket) -> list[str]:
    """The weekday of a purchase, as `weekday_needs` names it."""
    return [f"weekday:{basket.local.isoweekday()}"]


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _when(weekdays: Iterable[int], since: str, until: str, words: Words) -> str:
    days = words.joined([words.weekday(day) for day in weekdays]) or words.gettext("every day")
    return within_hours(days, since, until, words)


def within_hours(days: str, since: str, until: str, words: Words) -> str:
    """Days as people say them, with the hours where these are not the whole day."""
    if since == "00:00" and until == "24:00":
        return days
    hours = words.gettext("{days} from {from} until {until}")
    return hours.format_map({"days": days, "from": words.time(since), "until": words.time(until)})
