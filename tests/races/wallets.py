"""Wallets of other makers that ask at once: exactly the agreed calls are answered, and a code serves one request."""

from __future__ import annotations

from collections import Counter
from itertools import count

import httpx
from msgspec.structs import replace

from tests.api.conftest import Api, Letters
from tests.races.acts import Houses, at_once, outcomes

PHONE = "+37120000001"
_NAMES = count(1)


async def let_in(houses: Houses, calls_a_day: int) -> list[Api]:
    """The two applications as an aggregator with that quota sees them."""
    body = {"name": "Wallet W", "calls_a_day": calls_a_day}
    key = (await houses.at(0).post("/v1/aggregators", body)).json()["key"]["key"]
    return [replace(app, keys={**app.keys, "aggregator": key}) for app in houses.apps]


async def ask_beyond_the_quota(houses: Houses) -> None:
    """40 calls at once with a quota of 15: exactly 15 get through, to be told that they show no token."""
    wallets = await let_in(houses, 15)

    answers = await at_once([wallets[n % 2].get("/v1/issuer/balance", scope="aggregator") for n in range(40)])

    assert outcomes(answers) == {"403 grant_refused": 15, "429 too_many_requests": 25}


async def confirm_with_one_code_many_times(houses: Houses, letters: Letters) -> None:
    """One registration, ten confirmations under ten names: one member, one grant."""
    wallets = await let_in(houses, 1000)
    asked = await wallets[0].post("/v1/issuer/registrations", {"phone": PHONE}, scope="aggregator")
    path = f"/v1/issuer/registrations/{asked.json()['id']}/confirm"
    body = {"code": (await letters.to(PHONE))[0]["text"][:6]}

    async def confirm(n: int) -> httpx.Response:
        return await wallets[n % 2].post(path, body, scope="aggregator", key=f"confirm-{next(_NAMES)}")

    answers = await at_once([confirm(n) for n in range(10)])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 403: 9}
    assert {answer.json().get("code") for answer in answers if answer.status_code == 403} == {"code_wrong"}
    assert [await houses.rows(table) for table in ("member", "wallet_grant")] == [1, 1]
