"""Says what a program gives to search engines, as schema.org's MemberProgram: to everybody, and on each tier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from regulars.flows.member_tiers import Part, amount_of
from regulars.members.ladders import Ladder, Requirement, Tier
from regulars.portal.visiting import Guest
from regulars.promotions import wording
from regulars.promotions.benefits.handing import Delivery, Handed, Message
from regulars.promotions.conditions.customer import Audience, Club
from regulars.promotions.conditions.customer import Tier as InTier
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import And, Composite
from regulars.promotions.conditions.presented import Code
from regulars.promotions.index import Promotion
from regulars.units import money_scale

BENEFITS = "https://schema.org/TierBenefitLoyalty"
PROMOTIONS_MAX = 50
"""So many are told."""


def of_tiers(conditions: Iterable[Condition]) -> frozenset[tuple[str, str]]:
    """Ladder and tier, for the tiers that a promotion is for; empty where it does not ask for one."""
    found = set[tuple[str, str]]()
    for one in conditions:
        if isinstance(one, InTier):
            found |= {(one.ladder, tier) for tier in one.tiers}
        elif isinstance(one, And):
            found |= of_tiers(one.of)
    return frozenset(found)


def _chosen(conditions: Iterable[Condition]) -> bool:
    """Whether an audience, a club or a code decides about it, wherever it stands: not all get it."""
    return any(
        isinstance(one, Audience | Club | Code) or (isinstance(one, Composite) and _chosen(one.of))
        for one in conditions
    )


def member_program(found: Guest, site: str, gives: Sequence[Promotion]) -> dict[str, Any]:
    """The program as schema.org's MemberProgram; `gives`: the promotions that anybody may hear of."""
    page = f"{site}{found.home}/about"
    name = found.program.name
    gives = [one for one in gives if not _chosen(one.conditions)][:PROMOTIONS_MAX]
    general = [one for one in gives if not of_tiers(one.conditions)]
    everybody = _tier(found, page, "member", found.language.gettext("Member"), general, general)
    points = found.program.points
    if points is not None:
        everybody["membershipPointsEarned"] = {
            "@type": "QuantitativeValue",
            "unitText": found.language.points_name(2, points.names),
        }
    return {
        "@context": "https://schema.org",
        "@type": "MemberProgram",
        "@id": f"{page}#program",
        "name": name,
        "url": page,
        "description": found.language.gettext("The loyalty program of {program}.").format(program=name),
        "hostingOrganization": {"@type": "Organization", "name": name},
        "hasTiers": [everybody, *_ladders(found, page, gives, general)],
    }


def _ladders(
    found: Guest, page: str, gives: Sequence[Promotion], general: list[Promotion]
) -> Iterable[dict[str, Any]]:
    words = found.known.words[found.language.code]
    for ladder in found.known.ladders.values():
        for tier in ladder.tiers:
            own = [one for one in gives if (ladder.code, tier.code) in of_tiers(one.conditions)]
            name = words.named("tier", f"{ladder.code}/{tier.code}")
            told = _tier(found, page, f"tier/{ladder.code}/{tier.code}", name, own, [*general, *own])
            asked = _requirement(found, ladder, tier)
            if asked is not None:
                told["hasTierRequirement"] = asked
            yield told


def _tier(
    found: Guest, page: str, place: str, name: str, own: Sequence[Promotion], all_of_it: Sequence[Promotion]
) -> dict[str, Any]:
    """A tier with what it gives beyond the others as its description, and the kinds of all that it gives."""
    words, money = found.known.words[found.language.code], found.program.base_currency
    told: dict[str, Any] = {
        "@type": "MemberProgramTier",
        "@id": f"{page}#{place}",
        "name": name,
        "isTierOf": {"@id": f"{page}#program"},
        "hasTierBenefit": sorted({kind for one in all_of_it for kind in _kinds(one)} | {f"{BENEFITS}Points"}),
    }
    if own:
        told["description"] = " ".join(
            f"{one.name(found.language.code)}: {wording.benefits_text(one.benefits, words, money)}."
            for one in own
        )
    return told


def _kinds(promotion: Promotion) -> Iterable[str]:
    """The kinds of benefits that schema.org has a word for."""
    for one in promotion.benefits:
        if isinstance(one, Delivery):
            yield f"{BENEFITS}Shipping"
        elif not isinstance(one, Handed | Message):
            yield f"{BENEFITS}Points" if promotion.earns else f"{BENEFITS}Price"


def _requirement(found: Guest, ladder: Ladder, tier: Tier) -> dict[str, str] | str | None:
    """What a tier asks for: a sum of money where that is all of it, else words; None: nothing."""
    if tier.invitation_only:
        return found.language.gettext("by invitation")
    if not tier.ways:
        return None
    parts = [part for way in tier.ways for part in way]
    if len(parts) == 1 and parts[0].measure == "spend":
        money = found.program.base_currency
        value = Decimal(parts[0].at_least).scaleb(-money_scale(money))
        return {"@type": "MonetaryAmount", "currency": money, "value": f"{value:f}"}
    words = found.known.words[found.language.code]
    return words.joined(
        [words.joined([_said(found, part) for part in way]) for way in tier.ways], either=True
    )


def _said(found: Guest, part: Requirement) -> str:
    asked = Part(part.measure, part.currency, 0, part.at_least, 0)
    return amount_of(asked, found.known.words[found.language.code], found.program, part.at_least)
