"""The condition on regular visits: so many in a row, none too long after the one before, and the next one counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from regulars.promotions import reads
from regulars.promotions.conditions.customer import NO_MEMBER
from regulars.promotions.conditions.kind import Condition, Failure
from regulars.promotions.outcome import Refusal
from regulars.promotions.reads import Read
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words


class VisitStreak(Condition, frozen=True, tag="visit_streak"):
    """The visit after `visits` in a row, each at most `within_days` days after the one before, this one too.

    A visit is a day with a purchase. With it the count begins anew; so it does after a longer break, but for `freezes`
    missed periods in a row of visits. Days are of the program's time zone; ten years are looked back.
    """

    visits: Annotated[int, Meta(ge=1, le=1000)]
    within_days: Annotated[int, Meta(ge=1, le=366)]
    freezes: Annotated[int, Meta(ge=0, le=100)] = 0

    title: ClassVar[str] = N_("Visits in a row")
    help: ClassVar[str] = N_("For the fifth visit of a member who came four times in good time.")
    labels: ClassVar[dict[str, str]] = {
        "visits": N_("Visits before"), "within_days": N_("Days from visit to visit, at most"),
        "freezes": N_("So many breaks are forgiven"),
    }  # fmt: skip
    example: ClassVar[dict[str, Any]] = {"kind": "visit_streak", "visits": 4, "within_days": 30}

    @property
    def read(self) -> reads.Streak:
        """What must be known for it."""
        return reads.Streak(self.visits, self.within_days, self.freezes)

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        done = scene.standing.visits.get(self.read.key, 0)
        if done == self.visits:
            return None
        return Failure(
            "streak_too_short", {"days": self.within_days, "visits": done, "left": self.visits - done}
        )

    def reads(self) -> Iterable[Read]:
        yield self.read

    def describe(self, words: Words, currency: str) -> str:
        text = words.ngettext(
            "on the next visit within {days} days after {n} visit",
            "on the visit after {n} visits in a row, each within {days} days of the one before",
            self.visits,
        )
        return text.format(n=self.visits, days=self.within_days)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "streak_too_short":
            return None
        left, days = refusal.facts["left"], refusal.facts["days"]
        text = words.ngettext(
            "{n} more visit within {days} days, and on the next one you get {give}",
            "{n} more visits, each within {days} days, and on the next one you get {give}",
            left,
        )
        return text.format(n=left, days=days, give=give)


def visits_in_a_row(asked: reads.Streak, days: Iterable[date], day: date) -> int:
    """How many visits of the present row `days` have before `day`; 0 where `day` is too late to go on with it.

    A visit that had `asked.visits` before it is the reward's: with it the row is over.
    """
    count, left = 0, asked.freezes
    last: date | None = None
    for one in sorted(found for found in days if found < day):
        if count and last is not None and (missed := _missed(asked, last, one)):
            left -= missed
            if left < 0:
                count, left = 0, asked.freezes
        if count == asked.visits:
            count, left = 0, asked.freezes
        else:
            count += 1
        last = one
    late = last is not None and _missed(asked, last, day) > left
    return 0 if late else count


def _missed(asked: reads.Streak, before: date, after: date) -> int:
    """How many periods went by without the visit that they should have had."""
    return ((after - before).days - 1) // asked.within_days
