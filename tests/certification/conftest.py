"""A real server, a sandbox in it, and the stand-in in front: where tills are certified."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec import Struct

from regulars import clock, settings
from regulars.certify.drivers import Driver
from regulars.certify.line import Line
from regulars.certify.model import CAPABILITIES, Verdict
from regulars.certify.running import Desk, certify
from regulars.certify.shop import Shop
from regulars.certify.situations import SITUATIONS
from regulars.db.pool import Database
from regulars.flows.create_program import NewProgram, create_program
from tests.house import House

SLOW_SECONDS = 1.2
TIME_PASSES_SECONDS = 2.5
EVERYTHING = frozenset(CAPABILITIES)


class Room(Struct):
    """Where tills come to be certified."""

    shop: Shop
    line: Line
    key: str
    address: str
    """Of the server itself."""

    def certified(
        self, till: Driver, *names: str, can: frozenset[str] = EVERYTHING, log: Path | None = None
    ) -> dict[str, Verdict]:
        """The verdicts on a till, all of those named, by situation."""
        desk = Desk(self.shop, self.line, till, self.key, log, TIME_PASSES_SECONDS)
        wanted = tuple(one for one in SITUATIONS if not names or one.name in names)
        return {verdict.situation: verdict for verdict in certify(desk, wanted, can)}


async def _sandbox(url: str) -> str:
    async with Database(url, size=2) as database:
        new = NewProgram("Certification", "EUR", "Europe/Riga", ("en", "lv"), sandbox=True)
        return (await create_program(database, new, at=clock.world())).text


@pytest.fixture(scope="module")
def room(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A server with a sandbox, and a line to it."""
    secret = tmp_path_factory.mktemp("room") / "secret"
    settings.make_secret(secret)
    with ThreadPoolExecutor(1) as aside:  # playwright's own loop may be running in this thread
        key = aside.submit(lambda: asyncio.run(_sandbox(database_url))).result()
    house = House(database_url, secret)
    house.start()
    address = f"http://127.0.0.1:{house.port}"
    try:
        shop = Shop(address, key)
        with Line(address, slow_seconds=SLOW_SECONDS) as line:
            yield Room(shop, line, shop.prepare(), address)
    finally:
        house.kill()
