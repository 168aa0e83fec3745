"""The real server among clients that are slow, silent or half gone, and under more load than it takes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.conftest import Api
from tests.api.shop import buy, line
from tests.races.test_crash import installed, opened, require_each_once, until_answered

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")
SILENT = 700
"""Connections that do nothing: more than requests are worked on at once."""
QUICK_SECONDS = 10.0
"""An idle connection is closed after 30 s: who had to wait for that waits longer than this."""


@contextlib.asynccontextmanager
async def shop(tmp_path: Path, **environment: str) -> AsyncIterator[tuple[Api, str, str, int]]:
    """A program behind a real server; a card, the database's address, the server's port."""
    with installed(tmp_path) as (_, house, url):
        house.start(**environment)
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        address = f"http://127.0.0.1:{house.port}"
        async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
            api, _, card = await opened(client, url)
            yield api, card, url, house.port


@contextlib.contextmanager
def connections(port: int, count: int, first_words: bytes) -> Iterator[list[socket.socket]]:
    """Open connections on which these bytes were sent, and nothing more."""
    with contextlib.ExitStack() as stack:
        made = []
        for _ in range(count):
            link = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            link.sendall(first_words)
            made.append(link)
        yield made


def now(name: str, card: str) -> dict[str, Any]:
    """A purchase of 10.00."""
    return buy(name, card, [line(1, 1000)], purchased_at=datetime.now(UTC).isoformat())


@pytest.mark.parametrize(
    "kind",
    [
        "silent",
        pytest.param("half a head", marks=pytest.mark.full),
        pytest.param("half a body", marks=pytest.mark.full),
    ],
)
async def test_clients_that_are_silent_do_not_hold_up_others(tmp_path: Path, kind: str) -> None:
    async with shop(tmp_path) as (api, card, url, port):
        head = (
            f"POST /v1/purchases HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.keys['till']}\r\n"
            "Content-Length: 100\r\n"
        ).encode()
        words = {"silent": b"", "half a head": head[:40], "half a body": head + b"\r\n{"}[kind]
        with connections(port, SILENT, words):
            started = time.monotonic()
            async with httpx.AsyncClient(base_url=api.client.base_url, timeout=60) as late:
                answer = await late.post(
                    "/v1/purchases",
                    json=now("r-1", card),
                    headers={"Authorization": f"Bearer {api.keys['till']}"},
                )
            took = time.monotonic() - started

        assert answer.status_code == 201
        assert took < QUICK_SECONDS
        await require_each_once(url, api.program, [answer.json()])


@pytest.mark.full
async def test_clients_that_hang_up_leave_their_places(tmp_path: Path) -> None:
    async with shop(tmp_path, REGULARS_REQUESTS_AT_ONCE="4") as (api, card, url, port):
        sent = now("gone", card)
        body = httpx.Request("POST", "http://x", json=sent).read()
        head = (
            f"POST /v1/purchases HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.keys['till']}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        with connections(port, 20, head + body):
            pass

        answers = [await until_answered(api, sent), await until_answered(api, now("next", card))]

        await require_each_once(url, api.program, answers)


async def test_under_more_load_than_it_takes_on_the_server_says_so_and_recovers(tmp_path: Path) -> None:
    async with shop(tmp_path, REGULARS_REQUESTS_AT_ONCE="8") as (api, card, url, _):
        outcomes: Counter[int] = Counter()
        until = time.monotonic() + 3

        async def till(number: int) -> list[dict[str, Any]]:
            taken: list[dict[str, Any]] = []
            while time.monotonic() < until:
                body = now(f"r-{number}-{len(taken)}", card)
                answer = await api.post("/v1/purchases", body, scope="till")
                outcomes[answer.status_code] += 1
                if answer.status_code == 201:
                    taken.append(answer.json())
                else:
                    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1"), answer.text
            return taken

        taken = await asyncio.gather(*(till(number) for number in range(64)))
        after = await api.post("/v1/purchases", now("after", card), scope="till")

        assert outcomes[503] > 0
        assert outcomes[201] > 8
        assert after.status_code == 201
        await require_each_once(url, api.program, [*(one for many in taken for one in many), after.json()])
