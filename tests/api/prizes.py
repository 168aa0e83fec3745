"""Rewards to test with: a member with points, a catalogue, and claims on it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.conftest import Api

MUG: dict[str, Any] = {
    "kind": "good",
    "names": {"lv": "Krūze", "en": "Mug"},
    "prices": [{"currency": "PTS", "points": 250}],
}
FIVE: dict[str, Any] = {
    "name": "five",
    "pattern": "FIVE-####-####",
    "definition": {"gives": {"kind": "value", "amount": 500}, "valid_days": 60},
}


async def offer(api: Api, supply: int | None = None, **changed: Any) -> str:
    """Publish a mug, changed as said, with so many in stock; its id."""
    document = {**MUG, **changed}
    if supply is not None:
        document.setdefault("stock", "total")
    made = await api.post("/v1/rewards", document)
    assert made.status_code == 201, made.text
    reward = made.json()["id"]
    if supply is not None:
        supplied = await api.post(f"/v1/rewards/{reward}/stock", {"add": supply})
        assert supplied.status_code == 200, supplied.text
    return reward


async def claim(api: Api, member: str, reward: str, **more: Any) -> httpx.Response:
    """Claim a reward with a manager's key."""
    scope = more.pop("scope", "manage")
    key = more.pop("key", None)
    body = {"reward": reward, **more}
    return await api.post(f"/v1/members/{member}/redemptions", body, scope=scope, key=key)


async def claimed(api: Api, member: str, reward: str, **more: Any) -> dict[str, Any]:
    """Claim a reward, which must succeed; the redemption."""
    answer = await claim(api, member, reward, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(api: Api, redemption: str, what: str, **body: Any) -> httpx.Response:
    """Cancel, confirm or fulfil."""
    return await api.post(f"/v1/redemptions/{redemption}/{what}", body)


async def voucher_batch(api: Api, **changed: Any) -> dict[str, Any]:
    """Make a batch of vouchers; the answer."""
    made = await api.post("/v1/voucher-batches", {**FIVE, **changed})
    assert made.status_code == 201, made.text
    return made.json()


async def sold_voucher(api: Api, **definition: Any) -> str:
    """A batch of vouchers of 5.00 and a reward that sells them for 500 points; the reward."""
    await voucher_batch(api, definition={**FIVE["definition"], **definition})
    return await offer(
        api,
        kind="voucher",
        names={"lv": "5 eiro", "en": "5 euros off"},
        prices=[{"currency": "PTS", "points": 500}],
        batch="five",
    )


async def left(api: Api, reward: str) -> int:
    """What is left in stock."""
    return sum(one["remaining"] for one in (await api.get(f"/v1/rewards/{reward}")).json()["stock"])
