"""What search engines read of a program: schema.org's MemberProgram with every tier, valid by its definition."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.shop import publish, settle
from tests.api.tiers import put_ladder
from tests.pages.portal import Portal, furnish, portal_of

__all__ = ["api", "client", "letters", "shop"]

THING = {"@id": "Text", "name": "Text", "description": "Text", "url": "Text"}
DEFINED: dict[str, dict[str, str]] = {
    "MemberProgram": {"hasTiers": "MemberProgramTier", "hostingOrganization": "Organization"} | THING,
    "MemberProgramTier": {
        "hasTierBenefit": "TierBenefitEnumeration",
        "hasTierRequirement": "CreditCard MonetaryAmount Text UnitPriceSpecification",
        "isTierOf": "MemberProgram",
        "membershipPointsEarned": "Number QuantitativeValue",
    }
    | THING,
    "Organization": THING,
    "MonetaryAmount": {"currency": "Text", "value": "Number Text"} | THING,
    "QuantitativeValue": {"unitText": "Text", "value": "Number Text"} | THING,
}
"""Type → property → the types that it may have: of each what we say of it, as schema.org defines it."""
BENEFITS = {
    f"https://schema.org/TierBenefitLoyalty{kind}" for kind in ("Points", "Price", "Returns", "Shipping")
}
POINTS, PRICE, _, SHIPPING = sorted(BENEFITS)
LADDER = {
    "tiers": [
        {"code": "bronze"},
        {"code": "silver", "ways": [[{"measure": "spend", "at_least": 10_050}]]},
        {
            "code": "gold",
            "ways": [
                [{"measure": "spend", "at_least": 30_000}, {"measure": "visit_days", "at_least": 12}],
                [{"measure": "purchases", "at_least": 40}],
            ],
        },
        {"code": "black", "invitation_only": True},
    ]
}
NAMES = {f"status/{code}": {"en": code.capitalize()} for code in ("bronze", "silver", "gold", "black")}


def faults(told: Any, kinds: str) -> list[str]:
    """What of it is not as schema.org defines it; a node that is only named is one of any kind."""
    if isinstance(told, list):
        return [fault for one in told for fault in faults(one, kinds)]
    if isinstance(told, str):
        if kinds == "TierBenefitEnumeration":
            return [] if told in BENEFITS else [f"{told} is no benefit"]
        return [] if "Text" in kinds.split() else [f"{told!r} is no {kinds}"]
    if set(told) == {"@id"}:
        return []
    kind = told["@type"]
    if kind not in kinds.split():
        return [f"{kind} is no {kinds}"]
    found: list[str] = []
    for name, value in told.items():
        if name in ("@type", "@context"):
            continue
        if name not in DEFINED[kind]:
            found.append(f"{kind} has no {name}")
        else:
            found += faults(value, DEFINED[kind][name])
    return found


async def described(portal: Portal, language: str = "en") -> dict[str, Any]:
    """The page's data."""
    page = (await portal.api.client.get(f"{portal.home}/about?lang={language}")).text
    (written,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(written)


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """A program with points, a discount for all, and one ladder."""
    await furnish(shop)
    await settle(shop, names={"tier": NAMES})
    await put_ladder(shop, LADDER)
    return await portal_of(shop, database)


async def test_every_tier_is_told_with_what_it_asks_for_and_what_it_gives(portal: Portal) -> None:
    gold = {"kind": "tier", "ladder": "status", "tiers": ["gold", "black"]}
    free = {"kind": "delivery", "percent": "100"}
    await publish(
        portal.api,
        {"name": "Sent for nothing", "group": "basket", "conditions": [gold], "benefits": [free]},
    )

    found = await described(portal)

    assert faults(found, "MemberProgram") == []
    assert found["@context"] == "https://schema.org"
    told = found["hasTiers"]
    assert [one["name"] for one in told] == ["Member", "Bronze", "Silver", "Gold", "Black"]
    assert {one["isTierOf"]["@id"] for one in told} == {found["@id"]}
    assert len({one["@id"] for one in told}) == 5
    assert [one.get("hasTierRequirement") for one in told] == [
        None,
        None,
        {"@type": "MonetaryAmount", "currency": "EUR", "value": "100.50"},
        "€300.00 and 12 days with a purchase or 40 purchases",
        "by invitation",
    ]
    everybody = [POINTS, PRICE]
    assert [one["hasTierBenefit"] for one in told] == [
        everybody, everybody, everybody, [*everybody, SHIPPING], [*everybody, SHIPPING],
    ]  # fmt: skip
    assert "Coffee week" in told[0]["description"]
    assert "Sent for nothing" not in told[0]["description"]
    assert [one.get("description", "").split(":")[0] for one in told[1:]] == [
        "", "", "Sent for nothing", "Sent for nothing",
    ]  # fmt: skip


async def test_what_few_get_is_neither_everybodys_nor_a_tiers(portal: Portal) -> None:
    gold = {"kind": "tier", "ladder": "status", "tiers": ["gold"]}
    young = {"kind": "audience", "audiences": ["young-families"]}
    code = {"kind": "code", "codes": ["FLYER-24"]}
    free = {"kind": "delivery", "percent": "100"}
    few = {
        "An audience": [young],
        "A code": [code],
        "Inside": [{"kind": "or", "of": [{"kind": "and", "of": [{"kind": "member"}, young]}, code]}],
        "All but them": [{"kind": "not", "of": [young]}],
        "Gold with a code": [gold, code],
    }
    for name, conditions in few.items():
        document = {"name": name, "group": "basket", "conditions": conditions, "benefits": [free]}
        await publish(portal.api, document)

    told = (await described(portal))["hasTiers"]

    assert {benefit for one in told for benefit in one["hasTierBenefit"]} == {POINTS, PRICE}
    said = " ".join(one.get("description", "") for one in told)
    assert "Coffee week" in said
    assert [name for name in few if name in said] == []


async def test_a_withdrawn_ladder_is_told_no_more_and_two_of_them_have_names_of_their_own(
    portal: Portal,
) -> None:
    await put_ladder(portal.api, {"tiers": [{"code": "gold", "invitation_only": True}]}, "partners")
    both = [one["@id"].rpartition("#")[2] for one in (await described(portal))["hasTiers"]]
    await put_ladder(portal.api, LADDER | {"withdrawn": True})
    one = [one["@id"].rpartition("#")[2] for one in (await described(portal))["hasTiers"]]

    assert both == [
        "member", "tier/partners/gold",
        "tier/status/bronze", "tier/status/silver", "tier/status/gold", "tier/status/black",
    ]  # fmt: skip
    assert one == ["member", "tier/partners/gold"]


async def test_the_definition_that_the_test_holds_finds_what_is_wrong() -> None:
    wrong = {
        "@type": "MemberProgram",
        "tiers": [],
        "hasTiers": [
            {"@type": "Organization"},
            {"@type": "MemberProgramTier", "hasTierBenefit": ["Points"], "isTierOf": "us"},
        ],
    }

    assert faults(wrong, "MemberProgram") == [
        "MemberProgram has no tiers",
        "Organization is no MemberProgramTier",
        "Points is no benefit",
        "'us' is no MemberProgram",
    ]
