"""Purchases over the API: priced, recorded once, answered alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish

pytestmark = pytest.mark.fast


async def test_a_purchase_earns_a_point_for_each_euro_and_the_preview_says_so_before(api: Api) -> None:
    await publish(api, MEMBER_POINTS)
    member, card = await member_with_card(api)
    body = buy("r-1", card, [line(1, 450, "2"), line(2, 199)])

    previewed = (await api.post("/v1/purchases/preview", body, scope="till")).json()
    recorded = await api.post("/v1/purchases", body, scope="till")

    assert recorded.status_code == 201
    answer: dict[str, Any] = recorded.json()
    assert (answer["gross"], answer["discount"], answer["payable"]) == (1099, 0, 1099)
    assert [e["amount"] for e in answer["earned"]] == [8, 2]
    assert answer["member"] == {"id": member, "name": "Anna K.", "tier": None, "available": 10, "expiring": [
        {"amount": 10, "at": "2027-03-01T22:00:00Z"}]}  # fmt: skip
    for volatile in ("id", "status"):
        previewed.pop(volatile, None)
        answer.pop(volatile)
    assert previewed == answer


async def test_the_same_request_again_gets_the_first_answer_and_writes_nothing(api: Api) -> None:
    await publish(api, MEMBER_POINTS)
    member, card = await member_with_card(api)
    body = buy("r-1", card, [line(1, 1000)])

    first = await api.post("/v1/purchases", body, scope="till")
    again = await api.post("/v1/purchases", dict(reversed(body.items())), scope="till")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    balance = (await api.get(f"/v1/members/{member}/balance")).json()
    assert balance["currencies"][0]["available"] == 10


async def test_another_body_under_the_same_request_is_refused(api: Api) -> None:
    body = buy("r-1", None, [line(1, 1000)])
    await api.post("/v1/purchases", body, scope="till")

    other = await api.post("/v1/purchases", {**body, "till": "8"}, scope="till")

    assert (other.status_code, other.json()["code"]) == (409, "request_key_reused")
