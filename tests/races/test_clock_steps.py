"""The clock of the machine jumps, ahead and back, while tills sell: nothing is lost, doubled or half written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.expire_points import expire_points
from regulars.flows.lapse_holds import lapse_holds
from tests.api.conftest import Api, serving
from tests.api.shop import buy, give, line
from tests.races.acts import outcomes
from tests.races.test_crash import opened
from tests.races.test_faults import require_seal

STEPS = (
    timedelta(0),
    timedelta(hours=1),
    timedelta(minutes=-30),
    timedelta(days=400),
    timedelta(seconds=1),
    timedelta(days=-3),
    timedelta(0),
)
AT_ONCE = 12
SPENDS = 5


class Stepping:
    """The world's clock, and how far it has been moved."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved


async def sell(api: Api, card: str, step: int, now: datetime) -> list[httpx.Response]:
    """Purchases at once: plain ones, some paid with points, some held and confirmed."""

    async def one(number: int) -> httpx.Response:
        more: dict[str, Any] = {}
        if number % 3 == 1:
            more["spend"] = [{"currency": "PTS", "amount": SPENDS}]
        if number % 3 == 2:
            more["hold"] = True
        body = buy(f"r-{step}-{number}", card, [line(1, 1000)], purchased_at=now.isoformat(), **more)
        answer = await api.post("/v1/purchases", body, scope="till")
        if answer.status_code == 201 and number % 3 == 2:
            path = f"/v1/purchases/{answer.json()['id']}/confirm"
            confirmed = await api.post(path, {}, scope="till")
            assert confirmed.status_code == 200, confirmed.text
        return answer

    return list(await asyncio.gather(*(one(number) for number in range(AT_ONCE))))


async def test_a_clock_that_jumps_ahead_and_back_leaves_the_books_in_order(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepping = Stepping()
    monkeypatch.setattr(clock, "world", stepping)
    async with serving(database_url) as client, Database(database_url, size=2) as database:
        api, member, card = await opened(client, database_url)
        program = api.program.id
        await give(api, member, 1000)
        recorded = 0
        for step, offset in enumerate(STEPS):
            stepping.moved = offset
            answers = await sell(api, card, step, stepping())
            found = outcomes(answers)
            assert found.keys() <= {"201", "409 insufficient_points"}, found
            recorded += found["201"]
            # What was already sent is still known by its name, whatever the time is.
            again = await sell(api, card, step, stepping())
            assert outcomes(again).keys() <= {"409 request_key_reused", "409 insufficient_points"}
            await lapse_holds(database, program, stepping())
            await expire_points(database, program, stepping())
        rows = (await api.get("/v1/purchases", limit=200)).json()["items"]

        assert len({row["request"] for row in rows}) == len(rows) == recorded
        await require_seal(database, program)
