"""Challenges to test with."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.api.conftest import Api
from tests.api.shop import buy, line, record

TASTE: dict[str, Any] = {
    "names": {"lv": "Trīs garšas", "en": "Three tastes"},
    "goal": {"kind": "set", "of": "categories", "need": 3},
    "window": "days",
    "days": 14,
    "prizes": [{"points": {"currency": "PTS", "amount": 150}}],
}
"""Three different categories within 14 days: 150 points."""
THREE_VISITS: dict[str, Any] = {
    "names": {"lv": "Trīs reizes", "en": "Three visits"},
    "goal": {"kind": "count", "need": 3},
    "prizes": [{"points": {"currency": "PTS", "amount": 150}}],
}


_PHONES = count(29_000_001)


async def guest(api: Api, name: str = "Anna Kalniņa") -> tuple[str, str]:
    """Enrol somebody who reads English; id and card number."""
    made = await api.post("/v1/members", {"phone": f"+371{next(_PHONES)}", "name": name, "language": "en"})
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["cards"][0]["number"]


async def put_quest(api: Api, code: str, document: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Make a challenge, changed as said."""
    answer = await api.call("PUT", f"/v1/challenges/{code}", {**document, **changed})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def put_badge(api: Api, code: str = "explorer") -> None:
    """Make a badge."""
    answer = await api.call(
        "PUT", f"/v1/badges/{code}", {"names": {"lv": "Pētnieks", "en": "Explorer"}, "icon": "map"}
    )
    assert answer.status_code == 200, answer.text


async def shopping(
    api: Api, request: str, card: str, at: str, *categories: str, price: int = 1000, **more: Any
) -> dict[str, Any]:
    """A purchase of one thing of each of these categories; its answer."""
    lines = [line(n, price, categories=[path]) for n, path in enumerate(categories, 1)]
    return await record(api, buy(request, card, lines, purchased_at=at, **more))


async def progress(api: Api, member: str) -> dict[str, Any]:
    """How far a member is."""
    answer = await api.get(f"/v1/members/{member}/progress")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def challenge(api: Api, member: str, code: str) -> dict[str, Any]:
    """How far a member is in one challenge."""
    return next(one for one in (await progress(api, member))["challenges"] if one["code"] == code)


async def reached(api: Api, member: str, code: str) -> tuple[int, int, str]:
    """Reached, asked for, and the state of a challenge."""
    one = await challenge(api, member, code)
    return one["reached"], one["need"], one["state"]
