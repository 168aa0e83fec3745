"""Decides what a challenge may say: what is asked for, in which time, of whom, and what it gives. Pure.

In code a challenge is a quest: `challenge` is the word for a code that proves who somebody is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from regulars.contradictions import Contradicting, of_name, of_partner, of_text, of_times
from regulars.i18n import N_
from regulars.prizes import GameCode, Prize, PrizeSurroundings
from regulars.prizes import contradictions as of_prize
from regulars.texts import Language, Names, said
from regulars.units import AMOUNT_MAX

Code = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Codes = Annotated[tuple[Code, ...], Meta(max_length=500)]
Amount = Annotated[int, Meta(ge=0, le=AMOUNT_MAX)]
Text = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00]*$(?!\n)")]
Marks = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=127)], ...], Meta(max_length=50)]
GoalKind = Literal["set", "count", "sum", "streak"]
Of = Literal["categories", "skus", "brands", "stores", "partners"]
Measure = Literal["spend", "units", "points"]
Each = Literal["day", "week", "month"]
WindowKind = Literal["dates", "days", "week", "month", "quarter"]
STEPS_MAX = 10
Prizes = Annotated[tuple[Prize, ...], Meta(max_length=5)]


class GoodsList(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which goods count: those that one of the lists names; without a list all."""

    skus: Codes = ()
    categories: Codes = ()
    """Paths: `drinks` means `drinks/coffee` too."""
    tags: Codes = ()
    brands: Codes = ()

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.skus or self.categories or self.tags or self.brands)


class Goal(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked for."""

    kind: GoalKind
    """So many different ones; so many purchases; so much in all; so many periods in a row."""
    need: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """Of a sum of spend minor units of base money, of units whole units, of points the currency's unit."""
    of: Of | None = None
    """Of a set: different what."""
    level: Annotated[int, Meta(ge=1, le=9)] = 1
    """Of a set of categories: down to which level of their paths they are told apart."""
    among: Codes = ()
    """Of a set: only these count."""
    measure: Measure = "spend"
    """Of a sum."""
    currency: Annotated[str, Meta(min_length=1, max_length=16)] | None = None
    """Of a sum of points."""
    each: Each = "week"
    """Of a streak: in every one of these something has to be there."""
    freezes: Annotated[int, Meta(ge=0, le=100)] = 0
    """Of a streak: so many missing periods do not break it, and do not count."""
    activity: GameCode | None = None
    """A count, sum of units or streak of activities of this kind instead of purchases."""
    goods: GoodsList = GoodsList()
    stores: Codes = ()
    """Codes of the stores that count; empty: all."""
    least_amount: Amount = 0
    """What a purchase comes to at least on these goods, minor units of base money."""


class StepPrize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something on the way."""

    at: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """When so much is reached, in the unit of `need`."""
    prizes: Annotated[Prizes, Meta(min_length=1)]


class QuestDocument(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/challenges/{code}`: the whole challenge."""

    names: Annotated[Names, Meta(min_length=1)]
    """By language; that of the program's first language stands in for one that is missing."""
    goal: Goal
    prizes: Prizes = ()
    """For whoever does all of it."""
    texts: Annotated[dict[Language, Text], Meta(max_length=20)] = {}
    steps: Annotated[tuple[StepPrize, ...], Meta(max_length=STEPS_MAX)] = ()
    window: WindowKind = "dates"
    """From a date to a date; so many days of the member's own; or anew every week, month or quarter."""
    valid_from: Annotated[datetime, Meta(tz=True)] | None = field(default=None, name="from")
    valid_until: Annotated[datetime, Meta(tz=True)] | None = field(default=None, name="until")
    """Half-open; nothing counts outside."""
    days: Annotated[int, Meta(ge=0, le=3660)] = 0
    """Of a window of days: so many, the first one counted."""
    begins: Literal["first", "joining"] = "first"
    """Of a window of days: with the first thing that counts, or with the joining."""
    join: Literal["automatic", "opt_in"] = "automatic"
    """Whether it counts for everybody, or for who said that she takes part."""
    tiers: Marks = ()
    """`ladder/tier`: for whom it is; empty: everybody."""
    audiences: Marks = ()
    clubs: Marks = ()
    repeat: Annotated[int, Meta(ge=1, le=1000)] = 1
    """How often a member may do it: of a window of days in all; of a count or sum within its window."""
    returns: Literal["undo", "keep"] = "undo"
    """Whether what comes back counts no more, and takes the prize with it."""
    winners: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None
    """How many times it is won in all, whoever does; left out: as often as it is done."""
    leaderboard: bool = False
    """Whether there is a board of the best, for members who chose a nickname."""
    icon: str = "star"
    """What is drawn beside it (see badges)."""
    funder: Annotated[str, Meta(min_length=1, max_length=63)] | None = None
    """Code of the partner that pays for the prizes; left out: the operator."""
    stopped: bool = False
    """It counts no more; what was won stays."""


class Quest(Struct, frozen=True):
    """A challenge as it counts."""

    code: str
    revision: int
    document: QuestDocument

    @property
    def scale(self) -> int:
        """Counted amounts in one of `need`: pieces are counted in thousandths."""
        goal = self.document.goal
        return 1000 if goal.kind == "sum" and goal.measure == "units" else 1

    @property
    def milestones(self) -> tuple[tuple[int, tuple[Prize, ...]], ...]:
        """Amount and what it gives, the whole of it last."""
        document = self.document
        steps = [(step.at * self.scale, step.prizes) for step in document.steps]
        return (*steps, (document.goal.need * self.scale, document.prizes))

    def open_at(self, at: datetime) -> bool:
        """Whether what happens at an instant may count."""
        document = self.document
        return not document.stopped and (
            (document.valid_from is None or at >= document.valid_from)
            and (document.valid_until is None or at < document.valid_until)
        )

    def name(self, language: str, first: str = "") -> str:
        """What it is called."""
        return said(self.document.names, language, first)


class QuestSurroundings(Struct, frozen=True):
    """What a challenge meets in its program."""

    languages: tuple[str, ...]
    partners: frozenset[str]
    stores: frozenset[str]
    prizes: PrizeSurroundings


def contradictions(document: QuestDocument, around: QuestSurroundings) -> Iterator[Contradicting]:
    """Every contradiction, each with where it stands; nothing when there is none."""
    for part in (_texts, _goal, _window, _steps):
        yield from part(document, around)
    placed = [(f"/prizes/{place}", prize) for place, prize in enumerate(document.prizes)]
    for number, step in enumerate(document.steps):
        placed += [(f"/steps/{number}/prizes/{place}", prize) for place, prize in enumerate(step.prizes)]
    for pointer, prize in placed:
        yield from of_prize(prize, around.prizes, pointer)


def _texts(document: QuestDocument, around: QuestSurroundings) -> Iterator[Contradicting]:
    first = around.languages[0]
    yield from of_name(document.names, first)
    yield from of_text(document.texts, first, "/texts")
    yield from of_partner(document.funder, around.partners)


def _goal(document: QuestDocument, around: QuestSurroundings) -> Iterator[Contradicting]:
    goal = document.goal
    if (goal.kind == "set") != (goal.of is not None):
        yield Contradicting("/goal/of", N_("A set says of what; the other goals do not."))
    if goal.among and goal.kind != "set":
        yield Contradicting("/goal/among", N_("Only a set is chosen from a list."))
    count = len(set(goal.among))
    if goal.among and goal.need > count:
        text = N_("{need} different ones are asked for, and only {count} count.")
        yield Contradicting("/goal/need", text, {"need": goal.need, "count": count})
    if (goal.kind == "sum" and goal.measure == "points") != (goal.currency is not None):
        text = N_("A sum of points says in which currency, and only that.")
        yield Contradicting("/goal/currency", text)
    elif goal.currency is not None and goal.currency not in around.prizes.currencies:
        text = N_("The program has no currency {currency}.")
        yield Contradicting("/goal/currency", text, {"currency": goal.currency})
    if goal.freezes and goal.kind != "streak":
        yield Contradicting("/goal/freezes", N_("Only a streak can be frozen."))
    if goal.activity is not None:
        if goal.kind == "set" or (goal.kind == "sum" and goal.measure != "units"):
            text = N_("Activities are counted, summed by their units, or make a streak.")
            yield Contradicting("/goal/activity", text)
        if not goal.goods.everything or goal.least_amount:
            yield Contradicting("/goal/goods", N_("An activity has no goods and no amount."))
    for store in sorted(set(goal.stores) - around.stores)[:1]:
        yield Contradicting("/goal/stores", N_("There is no store {store}."), {"store": store})


def _window(document: QuestDocument, around: QuestSurroundings) -> Iterator[Contradicting]:
    yield from of_times(document.valid_from, document.valid_until)
    if (document.window == "days") != (document.days > 0):
        yield Contradicting("/days", N_("A window of days needs their number; the others have none."))
    if document.begins == "joining" and (document.window != "days" or document.join != "opt_in"):
        yield Contradicting("/begins", N_("Only a window of days that members join begins with the joining."))
    if document.repeat > 1 and document.window != "days" and document.goal.kind not in ("count", "sum"):
        yield Contradicting("/repeat", N_("Within one window only a count or a sum can be done again."))
    if document.repeat > 1 and document.begins == "joining":
        yield Contradicting("/repeat", N_("Days that begin with the joining come once."))


def _steps(document: QuestDocument, around: QuestSurroundings) -> Iterator[Contradicting]:
    before = 0
    for place, step in enumerate(document.steps):
        if step.at <= before or step.at >= document.goal.need:
            yield Contradicting(
                f"/steps/{place}/at", N_("Steps rise, and all of them lie below what is asked for.")
            )
        before = step.at
    if not document.prizes and not document.steps and not document.leaderboard:
        yield Contradicting("/prizes", N_("It gives nothing: add a prize, or a leaderboard."))
