"""Faults in the middle of load: connections cut or silent, server and database killed, a full disk.

Whatever breaks, in the end every purchase that was acknowledged is there once, none is half there, the books check and
the seal verifies. Tills send again until they are answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from regulars.db.embedded.server import EmbeddedServer
from regulars.db.pool import Database
from regulars.flows.check_ledger import check_ledger
from regulars.flows.seal_ledger import seal_ledger
from regulars.flows.verify_ledger import verify_ledger
from tests.api.conftest import Api
from tests.api.shop import buy, line
from tests.house import House
from tests.races.test_crash import after_some, gone, installed, opened, require_each_once, until_answered

pytestmark = [pytest.mark.skipif(os.name != "posix", reason="signals"), pytest.mark.full]
PURCHASES = 300
TILLS = 32
CUTS = 12


def bodies(card: str, name: str = "r", count: int = PURCHASES) -> list[dict[str, Any]]:
    """Purchases of 10.00 with one card."""
    when = datetime.now(UTC).isoformat()
    return [
        buy(f"{name}-{n}", card, [line(1, 1000)], till=str(n % 7), purchased_at=when) for n in range(count)
    ]


async def require_order(url: str, api: Api, answers: list[dict[str, Any]]) -> None:
    """Each purchase once, the books in order, counters as claimed, and the seal whole."""
    await require_each_once(url, api.program, answers)
    async with Database(url, size=2) as database:
        await require_seal(database, api.program.id)


async def require_seal(database: Database, program: UUID) -> None:
    """The ledger checks and verifies."""
    now = datetime.now(UTC)
    assert await check_ledger(database, program) == ()
    await seal_ledger(database, program, now)
    report = await verify_ledger(database, program, now)
    assert (report.broken, report.facts > 0) == ((), True)


@contextlib.asynccontextmanager
async def tills(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Many tills on connections of their own, each waiting 10 s for an answer."""
    limits = httpx.Limits(max_connections=TILLS)
    address = f"http://127.0.0.1:{house.port}"
    async with httpx.AsyncClient(base_url=address, timeout=10, limits=limits) as client:
        yield client


Fault = Callable[[EmbeddedServer, House], Awaitable[None]]


async def server_dies(server: EmbeddedServer, house: House) -> None:
    house.kill()
    await asyncio.to_thread(house.start)


async def a_worker_dies(server: EmbeddedServer, house: House) -> None:
    """One of the processes that serve: the others go on, and it comes back by itself."""
    os.kill(random.choice(house.workers()), signal.SIGKILL)


async def database_dies(server: EmbeddedServer, house: House) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    await asyncio.to_thread(gone, server)
    server.start()  # from this thread, with whose end it would end


async def both_die(server: EmbeddedServer, house: House) -> None:
    house.kill()
    await database_dies(server, house)
    await asyncio.to_thread(house.start)


# A second worker that dies within seconds is taken for a crash loop, and ends the server; `regulars start` starts it.
@pytest.mark.parametrize(
    ("fault", "moments"),
    [(server_dies, (20, 60)), (a_worker_dies, (20,)), (database_dies, (20, 60)), (both_die, (20, 60))],
)
async def test_each_purchase_is_there_once_after_deaths_in_the_middle_of_load(
    tmp_path: Path, fault: Fault, moments: tuple[int, ...]
) -> None:
    with installed(tmp_path) as (server, house, url):
        house.start("--workers", "2")
        async with tills(house) as client:
            api, member, card = await opened(client, url)
            tasks = [asyncio.create_task(until_answered(api, body)) for body in bodies(card)]
            for answered in moments:
                await after_some(tasks, answered)
                await fault(server, house)
            answers = await asyncio.gather(*tasks)
            balance = (await api.get(f"/v1/members/{member}/balance")).json()["currencies"][0]

        await require_order(url, api, answers)
        assert balance["available"] == 10 * PURCHASES


class Wire:
    """A way to another address over TCP that can be cut, or go on in silence."""

    def __init__(self, connect: Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]):
        self._connect = connect
        self._open: set[asyncio.StreamWriter] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self.passed = 0
        """Pieces of bytes."""

    async def __aenter__(self) -> Wire:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self._passing.set()
        self.cut()

    def cut(self) -> None:
        """Every connection ends, with what was on its way."""
        for writer in list(self._open):
            writer.transport.abort()

    def freeze(self, frozen: bool) -> None:
        """Nothing passes any more, and nobody is told."""
        (self._passing.clear if frozen else self._passing.set)()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await self._connect()
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        self._open -= {writer, far_writer}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while piece := await reader.read(65_536):
                await self._passing.wait()
                self.passed += 1
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()


@contextlib.asynccontextmanager
async def wired(tmp_path: Path) -> AsyncIterator[tuple[Wire, Api, str, str]]:
    """A server whose way to its database is a wire; its program, a card, and the direct way to the database."""
    with installed(tmp_path) as (_, house, url):
        parts = psycopg.conninfo.conninfo_to_dict(url)
        place = Path(str(parts["host"])) / f".s.PGSQL.{parts.get('port', 5432)}"

        async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            return await asyncio.open_unix_connection(str(place))

        async with Wire(connect) as wire:
            far = psycopg.conninfo.make_conninfo(url, host="127.0.0.1", port=wire.port, sslmode="disable")
            await asyncio.to_thread(house.start, REGULARS_DATABASE_URL=far)
            async with tills(house) as client:
                api, _, card = await opened(client, url)
                yield wire, api, card, url


async def test_each_purchase_is_there_once_after_the_way_to_the_database_was_cut_again_and_again(
    tmp_path: Path,
) -> None:
    async with wired(tmp_path) as (wire, api, card, url):
        tasks = [asyncio.create_task(until_answered(api, body)) for body in bodies(card)]
        chance = random.Random(1)
        for _ in range(CUTS):
            await asyncio.sleep(0.05 + chance.random() * 0.3)
            wire.cut()
        answers = await asyncio.gather(*tasks)

        await require_order(url, api, answers)


async def test_a_way_to_the_database_that_falls_silent_hangs_nobody_for_ever(tmp_path: Path) -> None:
    async with wired(tmp_path) as (wire, api, card, url):
        tasks = [asyncio.create_task(until_answered(api, body)) for body in bodies(card)]
        await after_some(tasks, 20)
        wire.freeze(True)
        await asyncio.sleep(5)
        assert not all(task.done() for task in tasks)
        wire.freeze(False)
        answers = await asyncio.gather(*tasks)

        await require_order(url, api, answers)


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int) -> Any:
    """A file system of its own, so small. Skips where there are no mounts."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("a small file system needs mount, and root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


async def test_a_full_disk_loses_nothing_and_the_server_goes_on_when_there_is_room_again(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", 400) as disk, installed(disk) as (server, house, url):
        house.start()
        async with tills(house) as client:
            api, _, card = await opened(client, url)
            before = await asyncio.gather(*(until_answered(api, body) for body in bodies(card, "before")))
            free = shutil.disk_usage(disk).free
            ballast = disk / "ballast"
            with contextlib.suppress(OSError):
                with ballast.open("wb", buffering=0) as file:
                    file.write(b"\0" * (free - 300_000))
                    while True:
                        file.write(b"\0" * 4096)
            acknowledged, refused = await sold_until_refused(api, card)
            assert refused in (500, 503, None), refused
            ballast.unlink()
            if not server.alive:
                server.start()
            # What was not answered is sent again, and everything is there once.
            tasks = [until_answered(api, body) for body in bodies(card, "full")]
            after = await asyncio.gather(*tasks)

        assert {one["id"] for one in acknowledged} <= {one["id"] for one in after}
        await require_order(url, api, [*before, *after])


async def sold_until_refused(api: Api, card: str) -> tuple[list[dict[str, Any]], int | None]:
    """Sell on a full disk until the first refusal: what was acknowledged, and how it was refused (None: unheard)."""
    acknowledged = []
    for body in bodies(card, "full"):
        try:
            answer = await api.post("/v1/purchases", body, scope="till")
        except httpx.TransportError:
            return acknowledged, None
        if answer.status_code != 201:
            return acknowledged, answer.status_code
        acknowledged.append(answer.json())
    raise AssertionError("the disk did not fill up")
