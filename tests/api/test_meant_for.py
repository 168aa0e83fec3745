"""What is meant for a tier is meant for whoever has it: by what she reached, or because everybody has it."""

from __future__ import annotations

from tests.api.conftest import Api
from tests.api.games import DRAW, SURVEY, WHEEL
from tests.api.prizes import MUG, offer
from tests.api.quests import THREE_VISITS, put_quest
from tests.api.seating import book, occasion
from tests.api.shop import member_with_card
from tests.api.tiers import BY_SPENDING, put_ladder

FOR_BRONZE = {"audience": {"tiers": ["status/bronze"]}}
"""The tier with which everybody begins."""
FOR_SILVER = {"audience": {"tiers": ["status/silver"]}}


async def seen(shop: Api, member: str, what: str) -> list[str]:
    items = (await shop.get(f"/v1/members/{member}/{what}")).json()["items"]
    return [one["code"] for one in items]


async def test_the_tier_that_everybody_has_opens_what_is_meant_for_it(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member = (await member_with_card(shop))[0]
    for code, audience in (("bronze", FOR_BRONZE), ("silver", FOR_SILVER)):
        for where, document in (("games", WHEEL), ("draws", DRAW), ("surveys", SURVEY)):
            made = await shop.call("PUT", f"/v1/{where}/{code}", {**document, **audience})
            assert made.status_code == 200, made.text
    assert [await seen(shop, member, what) for what in ("games", "surveys")] == [["bronze"]] * 2
    entered = [
        await shop.post(f"/v1/members/{member}/tickets", {"draw": code}) for code in ("bronze", "silver")
    ]
    assert [answer.json()["code"] for answer in entered] == ["insufficient_points", "not_for_member"]
    played = await shop.post(f"/v1/members/{member}/plays", {"game": "bronze"})
    refused = await shop.post(f"/v1/members/{member}/plays", {"game": "silver"})
    assert (played.status_code, refused.json()["code"]) == (201, "not_for_member")


async def test_a_reward_an_event_and_a_challenge_for_the_first_tier_are_for_everybody(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member = (await member_with_card(shop))[0]
    own = [{"currency": "PTS", "points": 100, "tier": "status/bronze"}, *MUG["prices"]]
    await offer(shop, tiers=["status/bronze"], prices=own)
    await offer(shop, tiers=["status/silver"])
    await occasion(shop, "bronze", tiers=["status/bronze"])
    await occasion(shop, "silver", tiers=["status/silver"])
    for tier in ("bronze", "silver"):
        await put_quest(shop, tier, THREE_VISITS, tiers=[f"status/{tier}"])
    rewards = (await shop.get(f"/v1/rewards?member={member}")).json()["items"]
    assert [[price["points"] for price in one["prices"]] for one in rewards] == [[100]]
    assert (await book(shop, member, "bronze")).status_code == 201
    assert (await book(shop, member, "silver")).json()["code"] == "not_for_member"
    progress = (await shop.get(f"/v1/members/{member}/progress")).json()
    assert [one["code"] for one in progress["challenges"]] == ["bronze"]


async def test_whoever_climbed_has_the_first_tier_no_more(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member = (await member_with_card(shop))[0]
    await shop.call("PUT", f"/v1/members/{member}/marks", {"kind": "tier", "code": "status/silver"})
    for code, audience in (("bronze", FOR_BRONZE), ("silver", FOR_SILVER)):
        assert (await shop.call("PUT", f"/v1/games/{code}", {**WHEEL, **audience})).status_code == 200
    assert await seen(shop, member, "games") == ["silver"]
