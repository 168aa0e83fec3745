"""Several processes that share nothing but the database: what one of them decides, all of them know within a second."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from tests.api.conftest import Api
from tests.api.shop import line, publish
from tests.races.acts import FIVE_OFF
from tests.races.test_crash import installed, opened
from tests.races.test_slow_clients import now

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")
CONNECTIONS = 24
"""Each leads to one of two processes: that all lead to the same has a chance of 1 in 8 million."""
SECONDS_MAX = 1.0


@contextlib.asynccontextmanager
async def tills(address: httpx.URL, api: Api) -> AsyncIterator[list[Api]]:
    """Tills that keep one connection each."""
    async with contextlib.AsyncExitStack() as stack:
        made = []
        for _ in range(CONNECTIONS):
            limits = httpx.Limits(max_connections=1)
            client = httpx.AsyncClient(base_url=address, timeout=30, limits=limits)
            made.append(replace(api, client=await stack.enter_async_context(client)))
        yield made


async def discounts(tills: list[Api], card: str) -> set[int]:
    """What a purchase of 10.00 gets off, at every till at once: by the previews and by what is recorded."""
    previews = [till.post("/v1/purchases/preview", now("p", card), scope="till") for till in tills]
    names = [f"r-{time.monotonic_ns()}-{n}" for n in range(len(tills))]
    records = [
        till.post("/v1/purchases", now(name, card), scope="till")
        for name, till in zip(names, tills, strict=True)
    ]
    return {answer.json()["discount"] for answer in await asyncio.gather(*previews, *records)}


async def statuses(tills: list[Api], card: str) -> set[tuple[int, str | None]]:
    """How every till is answered that sells with this card."""
    names = [f"r-{time.monotonic_ns()}-{n}" for n in range(len(tills))]
    answers = await asyncio.gather(
        *(
            till.post("/v1/purchases", now(name, card), scope="till")
            for name, till in zip(names, tills, strict=True)
        )
    )
    return {(answer.status_code, answer.json().get("code")) for answer in answers}


async def test_what_one_process_decides_all_know_within_a_second(tmp_path: Path) -> None:
    with installed(tmp_path) as (_, house, url):
        house.start("--workers", "2")
        assert len(house.workers()) == 2
        address = httpx.URL(f"http://127.0.0.1:{house.port}")
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            api, member, card = await opened(client, url)
            async with tills(address, api) as many:
                assert await discounts(many, card) == {0}

                promotion = await publish(api, FIVE_OFF)
                assert await discounts(many, card) == {500}

                stopped = await api.post(f"/v1/promotions/{promotion}/stop")
                assert stopped.status_code == 200
                assert await discounts(many, card) == {0}

                blocked = await api.post("/v1/cards/block", {"number": card})
                assert blocked.status_code == 200
                assert await statuses(many, card) == {(409, "card_blocked")}

                other = (await api.post(f"/v1/members/{member}/cards", {})).json()["number"]
                assert await statuses(many, other) == {(201, None)}

                listed = (await api.get("/v1/keys")).json()["items"]
                key = next(one["id"] for one in listed if one["scopes"] == ["till"])
                assert (await api.delete(f"/v1/keys/{key}")).status_code == 200
                await asyncio.sleep(SECONDS_MAX)
                assert await statuses(many, other) == {(401, "unauthenticated")}


async def test_one_request_at_every_process_at_once_is_one_purchase(tmp_path: Path) -> None:
    with installed(tmp_path) as (_, house, url):
        house.start("--workers", "2")
        address = httpx.URL(f"http://127.0.0.1:{house.port}")
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            api, _, card = await opened(client, url)
            body = {**now("once", card), "lines": [line(1, 700)]}
            async with tills(address, api) as many:
                answers = await asyncio.gather(
                    *(till.post("/v1/purchases", body, scope="till") for till in many)
                )

            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.text for answer in answers}) == 1
            assert len((await api.get("/v1/purchases")).json()["items"]) == 1
