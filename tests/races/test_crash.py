"""A server or its database killed among 200 purchases: after the retries each is there exactly once."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars import settings
from regulars.db.embedded.server import EmbeddedServer
from regulars.db.migrate import migrate
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.ledger.check import check
from regulars.programs.model import Program
from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish
from tests.conftest import START
from tests.house import SECONDS_MAX, House

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")
PURCHASES = 200
AGAIN = (httpx.TransportError, httpx.TimeoutException)


@contextmanager
def installed(data: Path) -> Iterator[tuple[EmbeddedServer, House, str]]:
    """A database of its own, migrated, and a house on it that is not started yet."""
    server = EmbeddedServer(data / "database", say=lambda _: None)
    url = server.start().url
    migrate(url)
    secret = data / "secret"
    settings.make_secret(secret)
    house = House(url, secret)
    try:
        yield server, house, url
    finally:
        house.kill()
        server.stop()


async def opened(client: httpx.AsyncClient, url: str) -> tuple[Api, str, str]:
    """A program with a member; her id and card."""
    async with Database(url, size=2) as database:
        new = NewProgram("Crash", "EUR", "Europe/Riga", ("lv", "en"))
        made = (await create_program(database, new, at=START)).program
        keys = {
            scope: (await create_key(database, made.id, NewKey((scope,)), at=START))[1]
            for scope in ("manage", "till", "read")
        }
    api = Api(client, made, keys)
    await publish(api, MEMBER_POINTS)
    return (api, *await member_with_card(api))


async def until_answered(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    """Send the same body until the server answers with a purchase, as a till does."""
    until = time.monotonic() + SECONDS_MAX
    while time.monotonic() < until:
        try:
            answer = await api.post("/v1/purchases", body, scope="till")
        except AGAIN:
            await asyncio.sleep(0.1)
            continue
        if answer.status_code == 201:
            return answer.json()
        assert answer.status_code in (500, 503), answer.text
        await asyncio.sleep(0.1)
    raise AssertionError("no answer")


async def after_some(purchases: list[asyncio.Task[dict[str, Any]]], count: int) -> None:
    """Wait until so many are answered: the others are on their way."""
    for _, answered in zip(range(count), asyncio.as_completed(purchases), strict=False):
        await answered
    assert not all(task.done() for task in purchases), "too late to be in the middle"


def gone(server: EmbeddedServer) -> None:
    """Wait until the server that was killed is seen to be dead."""
    while server.alive:
        time.sleep(0.01)


async def require_each_once(url: str, program: Program, answers: list[dict[str, Any]]) -> None:
    """As many purchases as were sent, each the one that was answered, and the books are in order."""
    async with Database(url, size=2) as database, database.transaction(program.id) as tx:
        rows = await (await tx.execute("SELECT request, count(*) FROM purchase GROUP BY 1")).fetchall()
        points = await (await tx.execute("SELECT sum(amount), count(*) FROM lot")).fetchone()
        findings = await check(tx, program.id)
    assert {row[0]: row[1] for row in rows} == {answer["request"]: 1 for answer in answers}
    assert len({answer["id"] for answer in answers}) == len(answers)
    assert points == (10 * len(answers), len(answers))
    assert findings == ()


def bodies(card: str) -> list[dict[str, Any]]:
    """200 purchases with one card."""
    when = {"purchased_at": datetime.now(UTC).isoformat()}
    return [buy(f"r-{n}", card, [line(1, 1000)], till=str(n % 7), **when) for n in range(PURCHASES)]


async def test_after_the_server_was_killed_every_purchase_is_there_exactly_once(tmp_path: Path) -> None:
    with installed(tmp_path) as (_, house, url):
        house.start()
        address = f"http://127.0.0.1:{house.port}"
        async with httpx.AsyncClient(
            base_url=address, timeout=10, limits=httpx.Limits(max_connections=32)
        ) as client:
            api, member, card = await opened(client, url)
            tasks = [asyncio.create_task(until_answered(api, body)) for body in bodies(card)]
            await after_some(tasks, 20)
            house.kill()
            await asyncio.to_thread(house.start)
            answers = await asyncio.gather(*tasks)
            balance = (await api.get(f"/v1/members/{member}/balance")).json()["currencies"][0]

        await require_each_once(url, api.program, answers)
        assert balance["available"] == 10 * PURCHASES


async def test_after_the_database_was_killed_every_purchase_is_there_exactly_once(tmp_path: Path) -> None:
    with installed(tmp_path) as (server, house, url):
        house.start()
        address = f"http://127.0.0.1:{house.port}"
        async with httpx.AsyncClient(
            base_url=address, timeout=10, limits=httpx.Limits(max_connections=32)
        ) as client:
            api, _, card = await opened(client, url)
            tasks = [asyncio.create_task(until_answered(api, body)) for body in bodies(card)]
            await after_some(tasks, 20)
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            await asyncio.to_thread(gone, server)
            assert server.start().url == url
            answers = await asyncio.gather(*tasks)

        await require_each_once(url, api.program, answers)


@pytest.mark.full
async def test_the_check_of_the_crash_test_would_notice_a_purchase_that_is_there_twice(
    tmp_path: Path,
) -> None:
    with installed(tmp_path) as (_, house, url):
        house.start()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.port}", timeout=10) as client:
            api, _, card = await opened(client, url)
            answers = [await until_answered(api, body) for body in bodies(card)[:2]]
        await require_each_once(url, api.program, answers)
        with psycopg.connect(url) as owner:
            owner.execute("SELECT set_config('regulars.program', %s, false)", (str(api.program.id),))
            owner.execute("UPDATE purchase SET request = 'r-0'")

        with pytest.raises(AssertionError):
            await require_each_once(url, api.program, answers)
