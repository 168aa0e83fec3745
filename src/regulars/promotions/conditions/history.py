"""Conditions on what a customer did before: purchases, visits, turnover. The purchase itself never counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from regulars.promotions import reads
from regulars.promotions.conditions.customer import MEMBER_REQUIRED, NO_MEMBER
from regulars.promotions.conditions.kind import Condition, Failure, only, require_bound
from regulars.promotions.outcome import Refusal
from regulars.promotions.reads import Read, Window
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words
from regulars.units import AMOUNT_MAX

COUNT_MAX = 1_000_000
Count = Annotated[int, Meta(ge=1, le=COUNT_MAX)]
Limit = Annotated[int, Meta(ge=0, le=COUNT_MAX)]
Days = Annotated[int, Meta(ge=1, le=3660)]
_BETWEEN = {"minimum": N_("At least"), "maximum": N_("At most")}


class FirstPurchase(Condition, frozen=True, tag="first_purchase"):
    """The member has bought nothing before (purchases that were voided do not count)."""

    title: ClassVar[str] = N_("First purchase")
    help: ClassVar[str] = N_("For a member who has not bought anything before.")
    example: ClassVar[dict[str, Any]] = {"kind": "first_purchase"}

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return MEMBER_REQUIRED
        return None if scene.standing.purchases == 0 else Failure("not_first_purchase")

    def reads(self) -> Iterable[Read]:
        yield reads.PurchaseCount(1)

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("on the first purchase")

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "not_first_purchase":
            return None
        return words.gettext("On the first purchase only: {give}").format(give=give)


class NthPurchase(Condition, frozen=True, tag="nth_purchase"):
    """It is each `number`-th purchase of the member, in the order of recording; without `every` that one only."""

    number: Annotated[int, Meta(ge=2, le=COUNT_MAX)]
    every: bool = True

    title: ClassVar[str] = N_("n-th purchase")
    help: ClassVar[str] = N_("For each tenth purchase of a member, or whichever number you choose.")
    labels: ClassVar[dict[str, str]] = {"number": N_("Number"), "every": N_("Each time anew")}
    example: ClassVar[dict[str, Any]] = {"kind": "nth_purchase", "number": 10}

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        number, this = self.number, scene.standing.purchases + 1
        if this == number or (self.every and this % number == 0):
            return None
        left = number - (this % number if self.every else this)
        return Failure("not_nth_purchase", {"number": number, "every": self.every, "left": left})

    def reads(self) -> Iterable[Read]:
        yield reads.PurchaseCount(COUNT_MAX if self.every else self.number)

    def describe(self, words: Words, currency: str) -> str:
        return _ordinal(self.number, self.every, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "not_nth_purchase":
            return None
        facts = refusal.facts
        if facts["left"] > 0:
            text = words.ngettext(
                "{n} more purchase, and you get {give}",
                "{n} more purchases, and you get {give}",
                facts["left"],
            )
            return text.format(n=facts["left"], give=give)
        return only(_ordinal(facts["number"], facts["every"], words), give, words)


class Visits(Condition, frozen=True, tag="visits"):
    """At least `minimum`, at most `maximum` days with a purchase (or purchases) before, in the last `days` days.

    The day of the purchase is the last of them; days are of the program's time zone.
    """

    days: Days
    minimum: Count | None = None
    maximum: Limit | None = None
    counting: Literal["days", "purchases"] = "days"

    title: ClassVar[str] = N_("Visits")
    help: ClassVar[str] = N_("By how often a member came in the last days.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "counting": {"days": N_("Days"), "purchases": N_("Purchases")}
    }
    labels: ClassVar[dict[str, str]] = {
        **_BETWEEN, "days": N_("In the last days"), "counting": N_("Counting"),
    }  # fmt: skip
    example: ClassVar[dict[str, Any]] = {"kind": "visits", "days": 30, "minimum": 3}

    def __post_init__(self) -> None:
        require_bound(self.minimum, self.maximum)

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        key = f"days_{self.days}" if self.counting == "purchases" else f"days_{self.days}_distinct"
        visits = scene.standing.visits.get(key, 0)
        if self.minimum is not None and visits < self.minimum:
            return Failure("too_few_visits", {"minimum": self.minimum, "days": self.days, "visits": visits})
        if self.maximum is not None and visits > self.maximum:
            return Failure("too_many_visits", {"maximum": self.maximum, "days": self.days, "visits": visits})
        return None

    def reads(self) -> Iterable[Read]:
        yield reads.Visits(self.days)

    def contradictions(self) -> Iterable[str]:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            text = N_("There are no visits of at least {minimum} and at most {maximum}.")
            yield Sentence(text, minimum=self.minimum, maximum=self.maximum)
        if self.counting == "days" and self.minimum is not None and self.minimum > self.days:
            text = N_("There are no {minimum} different days in {days}.")
            yield Sentence(text, minimum=self.minimum, days=self.days)

    def describe(self, words: Words, currency: str) -> str:
        low = [] if self.minimum is None else [_from_visits(self.minimum, words)]
        high = [] if self.maximum is None else [_up_to_visits(self.maximum, words)]
        return _lately(words.joined(low + high), self.days, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        facts = refusal.facts
        if refusal.code == "too_few_visits":
            return only(_lately(_from_visits(facts["minimum"], words), facts["days"], words), give, words)
        if refusal.code == "too_many_visits":
            return only(_lately(_up_to_visits(facts["maximum"], words), facts["days"], words), give, words)
        return None


class LastPurchase(Condition, frozen=True, tag="last_purchase"):
    """The member's last purchase was at least `minimum`, at most `maximum` days ago (0: today). A newcomer has none."""

    minimum: Annotated[int, Meta(ge=1, le=36_600)] | None = None
    maximum: Annotated[int, Meta(ge=0, le=36_600)] | None = None

    title: ClassVar[str] = N_("Days since the last purchase")
    help: ClassVar[str] = N_("By how long a member has not been here: to win somebody back.")
    labels: ClassVar[dict[str, str]] = _BETWEEN
    example: ClassVar[dict[str, Any]] = {"kind": "last_purchase", "minimum": 90}

    def __post_init__(self) -> None:
        require_bound(self.minimum, self.maximum)

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        days = scene.standing.days_since
        if days is None:
            return Failure("no_purchase_before")
        if self.minimum is not None and days < self.minimum:
            return Failure("bought_too_recently", {"minimum": self.minimum})
        if self.maximum is not None and days > self.maximum:
            return Failure("bought_too_long_ago", {"maximum": self.maximum})
        return None

    def reads(self) -> Iterable[Read]:
        yield reads.LastPurchase()

    def contradictions(self) -> Iterable[str]:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            text = N_("No purchase was at least {minimum} and at most {maximum} days ago.")
            yield Sentence(text, minimum=self.minimum, maximum=self.maximum)

    def describe(self, words: Words, currency: str) -> str:
        low = [] if self.minimum is None else [_after_break(self.minimum, words)]
        return words.joined(low + ([] if self.maximum is None else [_soon(self.maximum, words)]))

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code == "no_purchase_before":
            return only(words.gettext("from the second purchase on"), give, words)
        if refusal.code == "bought_too_recently":
            return only(_after_break(refusal.facts["minimum"], words), give, words)
        if refusal.code == "bought_too_long_ago":
            return only(_soon(refusal.facts["maximum"], words), give, words)
        return None


class Turnover(Condition, frozen=True, tag="turnover"):
    """The member spent at least `minimum`, at most `maximum` (minor units of base money) before, in a `window`."""

    minimum: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None
    maximum: Annotated[int, Meta(ge=0, le=AMOUNT_MAX)] | None = None
    window: Window = Window()
    """A lifetime, the calendar year or month, or so many days of which the day of the purchase is the last."""

    title: ClassVar[str] = N_("Turnover")
    help: ClassVar[str] = N_("By how much a member has spent before this purchase.")
    labels: ClassVar[dict[str, str]] = {**_BETWEEN, "window": N_("Turnover of")}
    example: ClassVar[dict[str, Any]] = {
        "kind": "turnover", "minimum": 100_000, "window": {"period": "days", "days": 365},
    }  # fmt: skip

    def __post_init__(self) -> None:
        require_bound(self.minimum, self.maximum)

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        turnover, money = scene.standing.turnover.get(self.window.key, 0), scene.rules.base_currency
        facts: dict[str, Any] = {"period": self.window.period, "days": self.window.days}
        if self.minimum is not None and turnover < self.minimum:
            missing = {"amount": self.minimum - turnover, "currency": money}
            return Failure("turnover_below_minimum", facts, missing)
        if self.maximum is not None and turnover > self.maximum:
            return Failure("turnover_above_maximum", {**facts, "maximum": self.maximum, "currency": money})
        return None

    def reads(self) -> Iterable[Read]:
        yield reads.Turnover(self.window)

    def contradictions(self) -> Iterable[str]:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            text = N_("A turnover of at least {minimum} and at most {maximum} does not exist.")
            yield Sentence(text, minimum=self.minimum, maximum=self.maximum)

    def describe(self, words: Words, currency: str) -> str:
        low, high = (
            words.gettext("from {amount} spent {period}"),
            words.gettext("up to {amount} spent {period}"),
        )
        bounds = [(low, self.minimum), (high, self.maximum)]
        texts = [(text, words.money(bound, currency)) for text, bound in bounds if bound is not None]
        span = _span(self.window.period, self.window.days, words)
        return words.joined([text.format(amount=amount, period=span) for text, amount in texts])

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        facts, missing = refusal.facts, refusal.missing
        if refusal.code == "turnover_below_minimum":
            text = words.gettext("{amount} more to spend {period} to get {give}")
            amount = words.money(missing["amount"], missing["currency"])
        elif refusal.code == "turnover_above_maximum":
            text = words.gettext("Only up to {amount} spent {period}: {give}")
            amount = words.money(facts["maximum"], facts["currency"])
        else:
            return None
        return text.format(amount=amount, period=_span(facts["period"], facts["days"], words), give=give)


_PERIODS = {
    "lifetime": N_("since you joined"), "calendar_year": N_("this year"), "calendar_month": N_("this month"),
}  # fmt: skip


def _span(period: str, days: int, words: Words) -> str:
    if period != "days":
        return words.gettext(_PERIODS[period])
    return words.ngettext("within {n} day", "within {n} days", days).format(n=days)


def _ordinal(number: int, every: bool, words: Words) -> str:
    text = words.gettext("once in {n} purchases") if every else words.gettext("on purchase number {n}")
    return text.format(n=number)


def _lately(visits: str, days: int, words: Words) -> str:
    text = words.ngettext("{visits} in the last {n} day", "{visits} in the last {n} days", days)
    return text.format(visits=visits, n=days)


def _from_visits(count: int, words: Words) -> str:
    return words.ngettext("from {n} visit", "from {n} visits", count).format(n=count)


def _up_to_visits(count: int, words: Words) -> str:
    return words.ngettext("up to {n} visit", "up to {n} visits", count).format(n=count)


def _after_break(days: int, words: Words) -> str:
    return words.ngettext("after a break of {n} day", "after a break of {n} days", days).format(n=days)


def _soon(days: int, words: Words) -> str:
    text = words.ngettext(
        "within {n} day after the last purchase", "within {n} days after the last purchase", days
    )
    return text.format(n=days)
