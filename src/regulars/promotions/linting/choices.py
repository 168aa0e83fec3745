"""Conditions that leave a choice of the same thing, and what all of them leave: in A or B, and in B or C, is in B."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regulars.promotions.conditions.customer import (
    AccountKind,
    Audience,
    Club,
    Consent,
    Language,
    Member,
    Tier,
)
from regulars.promotions.conditions.history import FirstPurchase, LastPurchase, NthPurchase, Turnover, Visits
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.person import Age, Birthday, MembershipAge
from regulars.promotions.conditions.place import Channel, Partner, Store, Till
from regulars.promotions.conditions.presented import Offer
from regulars.promotions.conditions.streak import VisitStreak
from regulars.promotions.linting.branches import Branch, Leaf
from regulars.promotions.linting.finding import Place

PERSONAL = (
    Member, AccountKind, Language, Tier, Club, Audience, Birthday, Age, MembershipAge, Consent,
    FirstPurchase, NthPurchase, Visits, VisitStreak, LastPurchase, Turnover, Offer,
)  # fmt: skip
"""Kinds that only a member can meet."""

Stores = dict[str, Place] | None


class Choice(NamedTuple):
    """What is left to choose from, in the order of the first condition, and by which condition."""

    options: tuple[str, ...]
    leaf: Leaf


def choices(branch: Branch, stores: Stores) -> tuple[dict[str, Choice], list[tuple[Leaf, Leaf]]]:
    """For each thing what may be chosen, and the pairs of conditions that leave nothing between them."""
    left: dict[str, Choice] = {}
    clashes: list[tuple[Leaf, Leaf]] = []
    for leaf in branch.must:
        for subject, options in _options(leaf.condition, stores):
            before = left.get(subject)
            if before is not None:
                options = tuple(option for option in before.options if option in options)
                if not options:
                    clashes.append((before.leaf, leaf))
                    continue
            left[subject] = Choice(options, leaf)
    for leaf in branch.must_not:
        for subject, options in _options(leaf.condition, stores):
            before = left.get(subject)
            if before is not None:
                rest = tuple(option for option in before.options if option not in options)
                if not rest:
                    clashes.append((before.leaf, leaf))
                    continue
                left[subject] = Choice(rest, before.leaf)
    clashes += _at_partner(left, stores)
    clashes += _denied(branch)
    return left, clashes


def _at_partner(left: dict[str, Choice], stores: Stores) -> Iterator[tuple[Leaf, Leaf]]:
    """Of the stores only those of the partners; none is a clash."""
    store, partner = left.get("store"), left.get("partner")
    if store is None or partner is None or stores is None:
        return
    fits = tuple(
        code for code in store.options if code not in stores or stores[code].partner in partner.options
    )
    if fits:
        left["store"] = Choice(fits, store.leaf)
    else:
        yield store.leaf, partner.leaf


def _denied(branch: Branch) -> Iterator[tuple[Leaf, Leaf]]:
    """A condition that must hold beside one that must not: the same, or a member's beside no member."""
    for wanted in branch.must:
        for barred in branch.must_not:
            if barred.condition == wanted.condition or (
                isinstance(barred.condition, Member) and isinstance(wanted.condition, PERSONAL)
            ):
                yield wanted, barred


def _options(condition: Condition, stores: Stores) -> Iterable[tuple[str, tuple[str, ...]]]:
    """What of which thing the condition leaves; nothing where it leaves no plain choice."""
    if isinstance(condition, Store):
        groups = condition.groups
        if not groups:
            return (("store", condition.stores),)
        inside = [code for code, place in (stores or {}).items() if set(groups) & set(place.groups)]
        return (("store", (*condition.stores, *inside)),) if inside else ()
    if isinstance(condition, Partner):
        return (("partner", condition.partners),)
    if isinstance(condition, Channel):
        return (("channel", condition.channels),)
    if isinstance(condition, Till):
        return (("till", condition.tills),)
    if isinstance(condition, Language):
        return (("language", condition.languages),)
    if isinstance(condition, AccountKind):
        return (("account", condition.kinds),)
    return ((f"tier:{condition.ladder}", condition.tiers),) if isinstance(condition, Tier) else ()
