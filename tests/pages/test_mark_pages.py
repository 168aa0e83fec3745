"""Tiers and marks by hand: given with an end and a reason, matched on evidence, taken away; also for a list."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.conftest import Api, shop
from tests.api.shop import member_with_card
from tests.pages.conftest import Visitor

__all__ = ["shop"]
OFFICE = "/backoffice"
LADDER = {
    "tiers": [
        {"code": "silver", "ways": [[{"measure": "spend", "at_least": 1000}]]},
        {"code": "gold", "invitation_only": True},
    ]
}
MANY = f"{OFFICE}/members/marks"


@pytest.fixture
async def visitor(shop: Api) -> Visitor:
    """Service at a desk on 1 March 2026; the program has a ladder."""
    one = Visitor(shop)
    one.client.cookies.set(LANGUAGE_COOKIE, "en")
    made = await shop.call("PUT", "/v1/ladders/status", LADDER)
    assert made.status_code == 200, made.text
    await one.as_staff("service")
    return one


def words(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


async def act(visitor: Visitor, member: str, path: str, **fields: Any) -> httpx.Response:
    page = f"{OFFICE}/members/{member}/marks"
    return await visitor.act(f"{OFFICE}/members/{member}{path}", page=page, **fields)


async def marks(visitor: Visitor, member: str) -> list[tuple[str, str, str | None]]:
    items = (await visitor.api.get(f"/v1/members/{member}/marks")).json()["items"]
    return [(one["kind"], one["code"], one["until"]) for one in items]


async def whys(visitor: Visitor, action: str) -> list[str]:
    return [one["why"] for one in (await visitor.api.get("/v1/audit", action=action)).json()["items"]]


async def test_a_tier_is_given_by_hand_until_the_end_of_a_day_and_taken_away(visitor: Visitor) -> None:
    member, _ = await member_with_card(visitor.api)
    given = await act(
        visitor, member, "/tier", tier="status/gold", until="2026-12-31", reason="friend of the house"
    )
    assert given.status_code == 303, words(given)
    assert await marks(visitor, member) == [("tier", "status/gold", "2026-12-31T22:00:00Z")]
    page = words(await visitor.client.get(f"{OFFICE}/members/{member}/marks"))
    assert "31 Dec 2026 friend of the house" in page
    assert "gold · by invitation only" in page
    assert await whys(visitor, "member.marked") == ["friend of the house"]
    taken = await act(visitor, member, "/tier/take", name="status", reason="it was a mistake")
    assert taken.status_code == 303, words(taken)
    assert await marks(visitor, member) == []
    assert await whys(visitor, "member.unmarked") == ["it was a mistake"]


@pytest.mark.parametrize(
    "fields",
    [
        {"tier": "status/gold", "reason": ""},
        {"tier": "status/gold", "until": "2026-02-01", "reason": "late"},
        {"tier": "status/platinum", "reason": "there is none"},
        {"tier": "gold", "reason": "of which ladder"},
        {"tier": "status/gold", "until": "soon", "reason": "no day"},
        {"tier": "status/gold", "reason": "x" * 201},
    ],
)
async def test_a_tier_that_cannot_be_given_is_refused_without_a_trace(
    visitor: Visitor, fields: dict[str, str]
) -> None:
    member, _ = await member_with_card(visitor.api)
    refused = await act(visitor, member, "/tier", **fields)
    assert refused.status_code == 422, words(refused)
    assert await marks(visitor, member) == []
    assert await whys(visitor, "member.marked") == []


async def test_a_matched_tier_needs_evidence_and_an_end_and_says_what_keeps_it(visitor: Visitor) -> None:
    member, _ = await member_with_card(visitor.api)
    fields = {"tier": "status/silver", "other": "Airline X, Gold", "until": "2026-06-30"}
    blind = await act(visitor, member, "/tier/match", **fields, evidence="")
    endless = await act(visitor, member, "/tier/match", **{**fields, "until": ""}, evidence="her card")
    assert [(one.status_code, len(await marks(visitor, member))) for one in (blind, endless)] == [
        (422, 0)
    ] * 2
    matched = await act(
        visitor,
        member,
        "/tier/match",
        **fields,
        evidence="her card, 12/2026",
        measure="spend",
        at_least="250",
    )
    assert matched.status_code == 303, words(matched)
    assert await marks(visitor, member) == [("tier", "status/silver", "2026-06-30T21:00:00Z")]
    page = words(await visitor.client.get(f"{OFFICE}/members/{member}/marks"))
    assert "kept by: turnover €250.00" in page
    assert "Airline X, Gold: her card, 12/2026" in page
    assert await whys(visitor, "member.marked") == ["Airline X, Gold: her card, 12/2026"]


async def test_an_audience_is_given_and_taken_away_and_a_double_click_does_it_once(visitor: Visitor) -> None:
    member, _ = await member_with_card(visitor.api)
    fields = {"kind": "audience", "code": "young-families", "reason": "she told us", "request": "click-0001"}
    for _ in range(2):
        assert (await act(visitor, member, "/marks", **fields)).status_code == 303
    assert await marks(visitor, member) == [("audience", "young-families", None)]
    assert await whys(visitor, "member.marked") == ["she told us"]
    wrong = await act(visitor, member, "/marks", kind="audience", code="Young Families", reason="capitals")
    tier = await act(visitor, member, "/marks", kind="tier", code="status/gold", reason="not here")
    assert (wrong.status_code, tier.status_code) == (422, 422)
    await act(visitor, member, "/marks/take", kind="audience", name="young-families", reason="children grew")
    assert await marks(visitor, member) == []


async def test_who_may_not_adjust_gives_no_tier(visitor: Visitor) -> None:
    member, _ = await member_with_card(visitor.api)
    await visitor.as_staff("marketing")
    page = await visitor.client.get(f"{OFFICE}/members/{member}/marks")
    assert (page.status_code, "Give a tier" in page.text) == (200, False)
    refused = await act(visitor, member, "/tier", tier="status/gold", reason="please")
    assert (refused.status_code, await marks(visitor, member)) == (403, [])


async def test_an_erased_member_is_not_marked(visitor: Visitor) -> None:
    member, _ = await member_with_card(visitor.api)
    await visitor.api.delete(f"/v1/members/{member}")
    refused = await act(visitor, member, "/marks", kind="audience", code="lapsed", reason="too late")
    assert (refused.status_code, "This member was erased." in words(refused)) == (409, True)


async def test_a_list_of_members_is_marked_and_each_line_answered(visitor: Visitor) -> None:
    anna, card = await member_with_card(visitor.api)
    peter, _ = await member_with_card(visitor.api, name="Peter Ozols")
    gone, _ = await member_with_card(visitor.api, name="Ilze Liepa")
    await visitor.api.delete(f"/v1/members/{gone}")
    lines = f"{card}\r\n{peter}\r\n{gone}\r\nnobody@shop.example\r\n{anna}"
    fields = {"members": lines, "act": "give", "what": "tier", "tier": "status/gold", "until": "2026-12-31"}
    done = await visitor.act(MANY, page=MANY, **fields, reason="the gala of May")
    assert done.status_code == 200, words(done)
    report = re.findall(
        r'<tr><th scope="row" class="mono">(.*?)</th><td>(.*?)</td><td><span class="status (\w+)', done.text
    )
    assert report == [
        (card, "Anna Kalniņa", "good"), (peter, "Peter Ozols", "good"), (gone, "–", "bad"),
        ("nobody@shop.example", "–", "bad"), (anna, "Anna Kalniņa", "good"),
    ]  # fmt: skip
    for member in (anna, peter):
        assert await marks(visitor, member) == [("tier", "status/gold", "2026-12-31T22:00:00Z")]
    assert await whys(visitor, "member.marked") == ["the gala of May"] * 2
    back = await visitor.act(
        MANY, page=MANY, members=peter, act="take", what="tier", tier="status/gold", reason="not his"
    )
    assert back.status_code == 200, words(back)
    assert await marks(visitor, peter) == []
    assert len(await marks(visitor, anna)) == 1


async def test_a_list_that_is_sent_again_is_answered_as_the_first_time_for_each_of_its_members(
    visitor: Visitor,
) -> None:
    """By now a line may name a member who was none then: she is not marked, and the others' answers stay theirs."""
    anna, _ = await member_with_card(visitor.api)
    late = "peter@shop.example"
    fields = {"members": f"{late}\r\n{anna}", "act": "give", "what": "audience", "code": "lapsed"}
    first = await visitor.act(MANY, page=MANY, **fields, reason="the gala", request="list-0001")
    assert first.status_code == 200, words(first)
    made = await visitor.api.post("/v1/members", {"email": late, "name": "Peter Ozols"})
    assert made.status_code == 201, made.text
    again = await visitor.act(MANY, page=MANY, **fields, reason="the gala", request="list-0001")
    assert again.status_code == 200, words(again)
    report = re.findall(
        r'<tr><th scope="row" class="mono">(.*?)</th><td>(.*?)</td><td><span class="status (\w+)', again.text
    )
    assert report == [(late, "Peter Ozols", "bad"), (anna, "Anna Kalniņa", "good")]
    assert "was not known when this form was sent" in words(again)
    assert await marks(visitor, made.json()["id"]) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"members": "", "what": "audience", "code": "lapsed", "reason": "nobody"},
        {"members": "\r\n".join(["x"] * 1001), "what": "audience", "code": "lapsed", "reason": "too many"},
        {"members": "x", "what": "planet", "code": "mars", "reason": "none"},
        {"members": "x", "what": "audience", "code": "", "reason": "no code"},
        {"members": "x", "act": "take", "what": "club", "code": "", "reason": "no code"},
        {"members": "x", "what": "audience", "code": "lapsed", "reason": ""},
    ],
)
async def test_a_list_that_says_nothing_that_can_be_done_is_refused(
    visitor: Visitor, fields: dict[str, str]
) -> None:
    refused = await visitor.act(MANY, page=MANY, **{"act": "give", **fields})
    assert refused.status_code == 422, words(refused)
