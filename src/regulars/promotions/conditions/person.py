"""Conditions on how old a customer, her birthday and her membership are, by days of the program's time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from regulars.promotions import reads
from regulars.promotions.conditions.customer import NO_MEMBER
from regulars.promotions.conditions.kind import Condition, Failure, only, require_bound
from regulars.promotions.outcome import Refusal
from regulars.promotions.reads import Profile, Read
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words

Years = Annotated[int, Meta(ge=1, le=150)]
Days = Annotated[int, Meta(ge=0, le=180)]
_BETWEEN = {"minimum": N_("At least"), "maximum": N_("At most")}


class Birthday(Condition, frozen=True, tag="birthday"):
    """It is the customer's birthday, or up to `before` days before or `after` days after it (29 February: the 28th)."""

    before: Days = 0
    after: Days = 0

    title: ClassVar[str] = N_("Birthday")
    help: ClassVar[str] = N_("On a member's birthday, and on some days around it.")
    labels: ClassVar[dict[str, str]] = {"before": N_("Days before"), "after": N_("Days after")}
    example: ClassVar[dict[str, Any]] = {"kind": "birthday", "before": 3, "after": 3}
    personal: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        near = scene.standing.birthday.get(f"{self.before}/{self.after}")
        if near is None:
            return Failure("birthday_unknown")
        return None if near else Failure("not_near_birthday", {"before": self.before, "after": self.after})

    def reads(self) -> Iterable[Read]:
        yield reads.Birthday(self.before, self.after)

    def describe(self, words: Words, currency: str) -> str:
        return _birthday(self.before, self.after, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code == "birthday_unknown":
            return words.gettext("Tell us your birthday to get {give}").format(give=give)
        if refusal.code == "not_near_birthday":
            return only(_birthday(refusal.facts["before"], refusal.facts["after"], words), give, words)
        return None


class Age(Condition, frozen=True, tag="age"):
    """The customer has completed at least `minimum` years and is not older than `maximum`; nobody of unknown age."""

    minimum: Years | None = None
    maximum: Years | None = None

    title: ClassVar[str] = N_("Age")
    help: ClassVar[str] = N_("Only for members of some age; nobody whose birthday is unknown.")
    labels: ClassVar[dict[str, str]] = _BETWEEN
    example: ClassVar[dict[str, Any]] = {"kind": "age", "minimum": 18}
    personal: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_bound(self.minimum, self.maximum)

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        of_age = scene.standing.of_age
        if any(str(read.years) not in of_age for read in self._ages()):
            return Failure("age_unknown")
        if self.minimum is not None and not of_age[str(self.minimum)]:
            return Failure("below_age", {"minimum": self.minimum})
        if self.maximum is not None and of_age[str(self.maximum + 1)]:
            return Failure("above_age", {"maximum": self.maximum})
        return None

    def _ages(self) -> list[reads.Age]:
        """Whoever has completed a year more than the maximum is too old."""
        minimum = [] if self.minimum is None else [self.minimum]
        return [reads.Age(n) for n in minimum + ([] if self.maximum is None else [self.maximum + 1])]

    def reads(self) -> Iterable[Read]:
        return self._ages()

    def contradictions(self) -> Iterable[str]:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            text = N_("Nobody is at least {minimum} and at most {maximum} years old.")
            yield Sentence(text, minimum=self.minimum, maximum=self.maximum)

    def describe(self, words: Words, currency: str) -> str:
        low = [] if self.minimum is None else [_from_age(self.minimum, words)]
        return words.joined(low + ([] if self.maximum is None else [_up_to_age(self.maximum, words)]))

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code == "age_unknown":
            return words.gettext("Your age must be known: {give}").format(give=give)
        if refusal.code == "below_age":
            return only(_from_age(refusal.facts["minimum"], words), give, words)
        if refusal.code == "above_age":
            return only(_up_to_age(refusal.facts["maximum"], words), give, words)
        return None


class MembershipAge(Condition, frozen=True, tag="membership_age"):
    """The customer has been a member for at least `minimum` and at most `maximum` full `unit`s."""

    minimum: Annotated[int, Meta(ge=1, le=36_600)] | None = None
    maximum: Annotated[int, Meta(ge=0, le=36_600)] | None = None
    unit: Literal["days", "months"] = "days"

    title: ClassVar[str] = N_("Age of the membership")
    help: ClassVar[str] = N_("By how long somebody has been a member.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {"unit": {"days": N_("Days"), "months": N_("Months")}}
    labels: ClassVar[dict[str, str]] = {**_BETWEEN, "unit": N_("Counted in")}
    example: ClassVar[dict[str, Any]] = {"kind": "membership_age", "minimum": 12, "unit": "months"}
    personal: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_bound(self.minimum, self.maximum)

    def decide(self, scene: Scene) -> Failure | None:
        enrolled = scene.standing.enrolled
        if not scene.standing.member or enrolled is None:
            return NO_MEMBER
        age = (scene.day - enrolled).days if self.unit == "days" else full_months(enrolled, scene.day)
        if self.minimum is not None and age < self.minimum:
            return Failure("membership_too_young", {"minimum": self.minimum, "unit": self.unit})
        if self.maximum is not None and age > self.maximum:
            return Failure("membership_too_old", {"maximum": self.maximum, "unit": self.unit})
        return None

    def reads(self) -> Iterable[Read]:
        yield Profile("enrolled")

    def contradictions(self) -> Iterable[str]:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            text = N_("No membership is at least {minimum} and at most {maximum} {unit} old.")
            yield Sentence(text, minimum=self.minimum, maximum=self.maximum, unit=self.unit)

    def describe(self, words: Words, currency: str) -> str:
        low = [] if self.minimum is None else [_member_for(self.minimum, self.unit, words)]
        high = [] if self.maximum is None else [_member_up_to(self.maximum, self.unit, words)]
        return words.joined(low + high)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        facts = refusal.facts
        if refusal.code == "membership_too_young":
            return only(_member_for(facts["minimum"], facts["unit"], words), give, words)
        if refusal.code == "membership_too_old":
            return only(_member_up_to(facts["maximum"], facts["unit"], words), give, words)
        return None


def near_birthday(birthday: date, day: date, before: int, after: int) -> bool:
    """Whether `day` lies from `before` days before the birthday until `after` days after it, in any year."""
    years = [year for year in (day.year - 1, day.year, day.year + 1) if 1 <= year <= 9999]
    return any(-before <= (day - anniversary(birthday, year)).days <= after for year in years)


def years_completed(birthday: date, day: date) -> int:
    """How many years old somebody born on `birthday` is on `day`."""
    return day.year - birthday.year - (day < anniversary(birthday, day.year))


def anniversary(birthday: date, year: int) -> date:
    """The birthday of that year; of 29 February the 28th, where the year has no 29th."""
    try:
        return birthday.replace(year=year)
    except ValueError:
        return birthday.replace(year=year, day=28)


def full_months(since: date, day: date) -> int:
    """Months completed from one day to another; a month from the 31st is completed on the last day of a shorter one."""
    months = day.year * 12 + day.month - since.year * 12 - since.month
    return months - (day.day < since.day and not _is_last(day))


def _is_last(day: date) -> bool:
    """Whether it is the last day of its month."""
    return day < date.max and date.fromordinal(day.toordinal() + 1).day == 1


def _birthday(before: int, after: int, words: Words) -> str:
    texts: list[str] = []
    if before:
        text = words.ngettext(
            "up to {n} day before the birthday", "up to {n} days before the birthday", before
        )
        texts.append(text.format(n=before))
    if after:
        text = words.ngettext("up to {n} day after the birthday", "up to {n} days after the birthday", after)
        texts.append(text.format(n=after))
    return words.joined(texts, either=True) or words.gettext("on the birthday")


def _from_age(years: int, words: Words) -> str:
    text = words.ngettext("from {n} year of age", "from {n} years of age", years)
    return text.format(n=years)


def _up_to_age(years: int, words: Words) -> str:
    text = words.ngettext("up to {n} year of age", "up to {n} years of age", years)
    return text.format(n=years)


def _member_for(count: int, unit: str, words: Words) -> str:
    if unit == "months":
        text = words.ngettext(
            "for members of at least {n} month", "for members of at least {n} months", count
        )
    else:
        text = words.ngettext("for members of at least {n} day", "for members of at least {n} days", count)
    return text.format(n=count)


def _member_up_to(count: int, unit: str, words: Words) -> str:
    if unit == "months":
        text = words.ngettext("for members of at most {n} month", "for members of at most {n} months", count)
    else:
        text = words.ngettext("for members of at most {n} day", "for members of at most {n} days", count)
    return text.format(n=count)
