"""Decides what a club may say: who comes in how, how many, and of a club by rule what a member must be. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from regulars.contradictions import Contradicting
from regulars.i18n import N_
from regulars.members.ladders import Ladder
from regulars.periods import age
from regulars.texts import Names, Texts
from regulars.units import AMOUNT_MAX

ClubCode = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]
Age = Annotated[int, Meta(ge=0, le=150)]
Entry = Literal["open", "invitation", "rule"]
Way = Literal["open", "invitation", "link", "rule", "by_hand"]


class ClubRule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a member must be to belong to a club by rule: all of what is named."""

    tier: Annotated[str, Meta(min_length=3, max_length=127)] | None = None
    """`ladder/tier`: this one or a higher one."""
    turnover_at_least: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None
    """Minor units of base money, of the account that she buys on …"""
    turnover_days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    """… in so many days up to now."""
    age_from: Age | None = None
    """Years; of whom no birthday is known does not belong."""
    age_to: Age | None = None
    """Years, inclusive."""
    attribute: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """An answer to the program's questionnaire …"""
    value: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    """… that is, or holds, this."""
    audience: Annotated[str, Meta(min_length=1, max_length=63)] | None = None

    @property
    def asks_person(self) -> bool:
        """Whether the vault has to be opened to judge it."""
        return self.age_from is not None or self.age_to is not None or self.attribute is not None


class ClubDocument(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/clubs/{code}`: the whole club."""

    names: Annotated[Names, Meta(min_length=1)]
    """By language; the first stands in for one that is missing."""
    entry: Entry = "open"
    """Anybody joins; who is invited; or whoever the rule takes in, measured every night."""
    texts: Texts = {}
    places: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None
    """How many may be in it; left out: any number."""
    rule: ClubRule | None = None
    closed: bool = False
    """Nobody comes in any more; who is in it stays."""


class Club(Struct, frozen=True):
    """A club as it counts."""

    code: str
    revision: int
    document: ClubDocument
    created_at: datetime


class Seen(Struct, frozen=True):
    """What a rule is judged on."""

    tiers: Mapping[str, str]
    """Ladder → tier that she has."""
    turnover: int
    birthday: date | None
    attributes: Mapping[str, Any]
    audiences: Collection[str]


def belongs(rule: ClubRule, seen: Seen, ladders: Mapping[str, Ladder], today: date) -> bool:
    """Whether somebody belongs to a club by its rule."""
    return (
        _tier(rule, seen, ladders)
        and (rule.turnover_at_least is None or seen.turnover >= rule.turnover_at_least)
        and _age(rule, seen.birthday, today)
        and (rule.attribute is None or _answers(seen.attributes.get(rule.attribute), rule.value))
        and (rule.audience is None or rule.audience in seen.audiences)
    )


def contradictions(document: ClubDocument, ladders: Mapping[str, Ladder]) -> Iterator[Contradicting]:
    """What contradicts itself, or names what there is not; each with where it stands."""
    rule = document.rule
    if (document.entry == "rule") != (rule is not None):
        yield Contradicting("/rule", N_("A rule goes with a club by rule, and only with it."))
    if rule is None:
        return
    if rule == ClubRule():
        text = N_("A rule that asks for nothing takes in everybody: let the club be open.")
        yield Contradicting("/rule", text)
    if (rule.turnover_at_least is None) != (rule.turnover_days is None):
        text = N_("A turnover needs the days in which it is measured.")
        yield Contradicting("/rule/turnover_days", text)
    if (rule.attribute is None) != (rule.value is None):
        yield Contradicting("/rule/value", N_("An answer of the questionnaire needs its value."))
    if rule.age_from is not None and rule.age_to is not None and rule.age_from > rule.age_to:
        yield Contradicting("/rule/age_to", N_("Nobody is that old and that young at once."))
    if rule.tier is not None and _rank(rule.tier, ladders) is None:
        yield Contradicting("/rule/tier", N_("There is no such tier in this program."))


def _tier(rule: ClubRule, seen: Seen, ladders: Mapping[str, Ladder]) -> bool:
    if rule.tier is None:
        return True
    ladder = ladders.get(rule.tier.partition("/")[0])
    wanted = _rank(rule.tier, ladders)
    if ladder is None or wanted is None:
        return False
    return ladder.rank(seen.tiers.get(ladder.code) or ladder.base) >= wanted


def _rank(tier: str, ladders: Mapping[str, Ladder]) -> int | None:
    name, _, code = tier.partition("/")
    rank = ladders[name].rank(code) if name in ladders else -1
    return rank if rank >= 0 else None


def _age(rule: ClubRule, birthday: date | None, today: date) -> bool:
    if rule.age_from is None and rule.age_to is None:
        return True
    if birthday is None:
        return False
    years = age(birthday, today)
    return (rule.age_from or 0) <= years <= (150 if rule.age_to is None else rule.age_to)


def _answers(answer: Any, value: str | None) -> bool:
    """Whether an answer is, or among several holds, this: yes and no are `true` and `false`."""
    if isinstance(answer, list | tuple):
        return any(_answers(one, value) for one in answer)
    if isinstance(answer, bool):
        return ("true" if answer else "false") == value
    return answer is not None and str(answer) == value
