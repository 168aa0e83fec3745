"""Referrals to test with: a program that rewards friends, friends who join by a code, and what they buy."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.api.conftest import Api
from tests.api.shop import buy, line, record

_PHONES = count(26_000_001)
BOTH: dict[str, Any] = {
    "steps": [
        {
            "purchases": 1,
            "referrer": {"points": {"currency": "PTS", "amount": 500}},
            "friend": {"points": {"currency": "PTS", "amount": 300}},
        }
    ],
    "least_amount": 2000,
    "return_days": 14,
}
"""500 points for the referrer and 300 for the friend, once 20.00 have stood for two weeks."""


async def put_program(api: Api, **changed: Any) -> dict[str, Any]:
    """Make or change the referral program, which must succeed."""
    answer = await api.call("PUT", "/v1/referral-programs/default", {**BOTH, **changed})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def code_of(api: Api, member: str) -> str:
    """A member's own code."""
    answer = await api.get(f"/v1/members/{member}/referral")
    assert answer.status_code == 200, answer.text
    return answer.json()["code"]


async def friend_by(api: Api, code: str, **more: Any) -> tuple[str, str]:
    """Somebody who joins by a code; id and card number."""
    body = {"phone": f"+371{next(_PHONES)}", "name": "Zane Ozola", "referral_code": code, **more}
    made = await api.post("/v1/members", body)
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["cards"][0]["number"]


async def states(api: Api, referrer: str) -> list[tuple[str, str | None]]:
    """(state, why refused) of whom a member brought, the latest first."""
    answer = await api.get(f"/v1/members/{referrer}/referrals")
    assert answer.status_code == 200, answer.text
    return [(one["state"], one["refused"]) for one in answer.json()["items"]]


async def shops(api: Api, request: str, card: str, cents: int, at: str) -> dict[str, Any]:
    """A purchase of so many cents; the answer."""
    return await record(api, buy(request, card, [line(1, cents)], purchased_at=at))
