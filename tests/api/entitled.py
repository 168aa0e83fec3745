"""Entitlements to test with: a lounge by tier, a desk with slots."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.conftest import Api
from tests.api.shop import member_with_card
from tests.api.tiers import put_ladder

LOUNGE: dict[str, Any] = {
    "names": {"lv": "Biznesa zāle", "en": "Lounge"},
    "quotas": [{"uses": 2, "tier": "status/gold"}],
    "period": "quarter",
    "guests": {"from_quota": 1},
    "cost": 2500,
}


async def entitle(api: Api, document: dict[str, Any], code: str = "lounge") -> dict[str, Any]:
    """Make or change an entitlement, which must succeed, and the store riga-1 where it is not there yet."""
    await api.post("/v1/stores", {"code": "riga-1", "name": "Riga 1"})
    answer = await api.call("PUT", f"/v1/entitlements/{code}", document)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def mark(api: Api, member: str, code: str = "status/gold", kind: str = "tier") -> None:
    """Mark a member, which must succeed."""
    answer = await api.call("PUT", f"/v1/members/{member}/marks", {"kind": kind, "code": code})
    assert answer.is_success, answer.text


async def come(api: Api, member: str, code: str = "lounge", **more: Any) -> httpx.Response:
    """A use at riga-1."""
    body = {"store": "riga-1", **more}
    return await api.post(f"/v1/members/{member}/entitlements/{code}/uses", body, scope="till")


async def book(api: Api, member: str, at: str, code: str = "lounge", **more: Any) -> httpx.Response:
    """A booking at riga-1."""
    body = {"store": "riga-1", "at": at, **more}
    return await api.post(f"/v1/members/{member}/entitlements/{code}/bookings", body, scope="till")


async def act(api: Api, use: str, what: str, scope: str = "till") -> httpx.Response:
    """Check in or cancel."""
    return await api.post(f"/v1/entitlement-uses/{use}/{what}", scope=scope)


async def has(api: Api, member: str, code: str = "lounge", **options: Any) -> dict[str, Any]:
    """What the member has of an entitlement."""
    answer = await api.get(f"/v1/members/{member}/entitlements", **options)
    assert answer.status_code == 200, answer.text
    return next(one for one in answer.json()["items"] if one["code"] == code)


async def left(api: Api, member: str, code: str = "lounge") -> int:
    """Uses that she has now."""
    return (await has(api, member, code))["left"]


LADDER: dict[str, Any] = {
    "tiers": [
        {"code": "blue"},
        {"code": "gold", "invitation_only": True},
        {"code": "top", "invitation_only": True},
    ]
}


async def gold_member(api: Api, document: dict[str, Any] | None = None) -> str:
    """A member in gold, where gold has a lounge."""
    await put_ladder(api, LADDER)
    await entitle(api, document or LOUNGE)
    member, _ = await member_with_card(api)
    await mark(api, member)
    return member


def used_up(answer: Any) -> tuple[str, int, str | None]:
    """Code, what is left, and the next free date of a refusal."""
    assert answer.status_code == 409, answer.text
    body = answer.json()
    return body["code"], body["left"], body["next_free_at"]
