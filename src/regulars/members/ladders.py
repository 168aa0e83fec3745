"""Decides what a ladder of tiers may say: its tiers, what they ask for, in which period, and how long they last.

A ladder is a document. What contradicts itself is refused in a sentence before it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.contradictions import Contradicting
from regulars.i18n import N_

LadderCode = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]
CurrencyCode = Annotated[str, Meta(min_length=1, max_length=16)]
MeasureKind = Literal["currency", "spend", "purchases", "visit_days"]
PeriodKind = Literal["calendar_year", "membership_year", "rolling", "lifetime"]
TIERS_MAX = 20
_Refuse = Callable[..., None]


class Requirement(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What must be reached in the ladder's period."""

    measure: MeasureKind
    """A qualifying currency; turnover in minor units of base money; purchases; or days with a purchase."""
    at_least: Annotated[int, Meta(ge=1, le=10**12)]
    currency: CurrencyCode | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it measures."""
        return self.measure, self.currency or ""


Way = Annotated[tuple[Requirement, ...], Meta(min_length=1, max_length=5)]
"""One way to qualify: all of it must hold."""


class Tier(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One tier. The lowest one without a way is everybody's."""

    code: LadderCode
    ways: Annotated[tuple[Way, ...], Meta(max_length=10)] = ()
    """Any of them is enough."""
    invitation_only: bool = False
    """Nobody reaches it by buying: it is given by hand."""


class LadderDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """`PUT /v1/ladders/{code}`: the whole ladder, its tiers from the lowest to the highest."""

    tiers: Annotated[tuple[Tier, ...], Meta(min_length=1, max_length=TIERS_MAX)]
    period: PeriodKind = "calendar_year"
    """In which time it is measured; days are days of the program's time zone."""
    period_days: Annotated[int, Meta(ge=0, le=3660)] = 0
    """Of a rolling period: so many days, the present one being the last of them."""
    validity: Literal["rest_and_next_period", "days", "forever"] = "rest_and_next_period"
    """How long a tier lasts that was gained."""
    valid_days: Annotated[int, Meta(ge=0, le=3660)] = 0
    downgrade: Literal["one_step", "by_balance", "to_base"] = "by_balance"
    """What becomes of a member who did not keep her tier: one step down, what her sums earn, or the lowest."""
    grace_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """For so many days after its end a tier still holds, and what is bought still counts for keeping it."""
    soft_landing: bool = False
    """Whoever would fall further stays one step below for one more term."""
    undo_on_return: bool = True
    """Whether a return takes away a tier that rested on what came back."""
    withdrawn: bool = False
    """There is no such ladder any more: whoever has a tier of it loses it in the minutes after. It may be put back."""


class Ladder(Struct, frozen=True):
    """A ladder as it counts."""

    code: str
    revision: int
    document: LadderDocument

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """From the lowest to the highest."""
        return self.document.tiers

    @property
    def base(self) -> str | None:
        """The tier that everybody has; None: one can be without."""
        first = self.document.tiers[0]
        return None if first.ways or first.invitation_only else first.code

    def rank(self, tier: str | None) -> int:
        """The place of a tier, from 0; −1 without one, and for one that the ladder does not have any more."""
        return next((place for place, one in enumerate(self.document.tiers) if one.code == tier), -1)

    def at(self, rank: int) -> str | None:
        """The tier in that place; None below the lowest."""
        return self.document.tiers[rank].code if rank >= 0 else None

    @property
    def measures(self) -> frozenset[tuple[str, str]]:
        """All that is measured."""
        return frozenset(
            requirement.key for tier in self.document.tiers for way in tier.ways for requirement in way
        )


class Countable(Struct, frozen=True):
    """What a ladder must know of a currency of the program."""

    qualifying: bool
    expires: bool


def contradictions(
    code: str, ladder: LadderDocument, currencies: Mapping[str, Countable]
) -> list[Contradicting]:
    """Every contradiction of a ladder; empty when there is none."""
    found: list[Contradicting] = []

    def refuse(pointer: str, message: str, **values: str) -> None:
        found.append(Contradicting(pointer, message, values))

    _terms(ladder, refuse)
    seen: set[str] = set()
    for place, tier in enumerate(ladder.tiers):
        pointer = f"/tiers/{place}"
        if tier.code in seen:
            refuse(
                f"{pointer}/code", N_("Two tiers of {ladder} are named {tier}."), ladder=code, tier=tier.code
            )
        seen.add(tier.code)
        if tier.invitation_only and tier.ways:
            text = N_("{tier} is by invitation only, and yet there is a way to reach it.")
            refuse(pointer, text, tier=tier.code)
        if place and not tier.ways and not tier.invitation_only:
            text = N_("Nobody could ever reach {tier}: give it a way, or let it be by invitation.")
            refuse(pointer, text, tier=tier.code)
        for number, way in enumerate(tier.ways):
            for which, one in enumerate(way):
                _currency(one, f"{pointer}/ways/{number}/{which}/currency", currencies, refuse)
            if len({one.key for one in way}) < len(way):
                refuse(f"{pointer}/ways/{number}", N_("One way asks for the same thing twice."))
    _falling(ladder, refuse)
    return found


def _terms(ladder: LadderDocument, refuse: _Refuse) -> None:
    if (ladder.period == "rolling") != (ladder.period_days > 0):
        refuse("/period_days", N_("A rolling period needs its days; the other periods have none."))
    if (ladder.validity == "days") != (ladder.valid_days > 0):
        refuse("/valid_days", N_("A validity in days needs their number; the others have none."))
    if ladder.validity == "rest_and_next_period" and ladder.period in ("rolling", "lifetime"):
        text = N_("A rolling period and a lifetime have no next period: let a tier last days, or for ever.")
        refuse("/validity", text)
    if ladder.validity == "forever" and ladder.grace_days:
        text = N_("A tier that lasts for ever has no end after which there could be days of grace.")
        refuse("/grace_days", text)
    if ladder.soft_landing and ladder.downgrade == "one_step":
        text = N_("A member falls by one step anyway: a soft landing would change nothing.")
        refuse("/soft_landing", text)


def _currency(one: Requirement, pointer: str, currencies: Mapping[str, Countable], refuse: _Refuse) -> None:
    code = one.currency
    if (one.measure == "currency") != (code is not None):
        refuse(pointer, N_("A currency goes with the measure `currency`, and only with it."))
    elif code is None:
        return
    elif code not in currencies:
        refuse(pointer, N_("There is no currency {currency} in this program."), currency=code)
    elif not currencies[code].qualifying:
        text = N_("{currency} can be spent, and paying would make it count less: take a qualifying currency.")
        refuse(pointer, text, currency=code)
    elif currencies[code].expires:
        text = N_("{currency} expires, but the ladder's period says what counts: let it not expire.")
        refuse(pointer, text, currency=code)


def _falling(ladder: LadderDocument, refuse: _Refuse) -> None:
    """A higher tier that is reached with no more than a lower one."""
    text = N_("{tier} would be reached with no more than the lower {lower} asks for.")
    for place, tier in enumerate(ladder.tiers):
        for lower in ladder.tiers[:place]:
            for number, way in enumerate(tier.ways):
                wanted = {one.key: one.at_least for one in way}
                for other in lower.ways:
                    asked = {one.key: one.at_least for one in other}
                    if wanted.keys() <= asked.keys() and all(wanted[key] <= asked[key] for key in wanted):
                        refuse(f"/tiers/{place}/ways/{number}", text, tier=tier.code, lower=lower.code)
