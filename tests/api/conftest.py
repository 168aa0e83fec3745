"""The real application on a database of the module's own, and a sandbox program with a key for every scope."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from msgspec import Struct

from regulars.app import build
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.programs import registry
from regulars.programs.model import Program
from regulars.settings import Messaging, Settings
from tests.conftest import MASTER_KEYS, START

SECRET = b"a secret of at least 32 bytes for tests"
SCOPES = ("till", "issuer", "manage", "read")
_KEYS = count(1)


class Api(Struct):
    """A program as an integrator sees it: every call goes through the application."""

    client: httpx.AsyncClient
    program: Program
    keys: dict[str, str]

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        scope: str = "manage",
        key: str | None = None,
        **query: Any,
    ) -> httpx.Response:
        """Send a call with a key of that scope; a POST gets a new Idempotency-Key unless one is given."""
        headers = {"Authorization": f"Bearer {self.keys[scope]}"}
        if method == "POST":
            headers["Idempotency-Key"] = key or f"test-{next(_KEYS)}"
        return await self.client.request(method, path, json=body, headers=headers, params=query or None)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return await self.call("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """POST."""
        return await self.call("POST", path, body, **options)

    async def patch(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """PATCH."""
        return await self.call("PATCH", path, body, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        """DELETE."""
        return await self.call("DELETE", path, **options)


class Letters(Struct):
    """What was sent by SMS and email, as the folder has it."""

    folder: Path

    async def to(self, recipient: str, count: int = 1) -> list[dict[str, str]]:
        """The first `count` messages to somebody, the oldest first; waits for them, at most ten seconds."""
        for _ in range(500):
            found = [letter for letter in self.all() if letter["to"] == recipient]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(f"{len(found)} messages came, not {count}")

    async def code(self, recipient: str, count: int = 1) -> str:
        """The six digits of the last of `count` messages."""
        return (await self.to(recipient, count))[-1]["text"][:6]

    def all(self) -> list[dict[str, str]]:
        """Every message, the oldest first."""
        return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(self.folder.glob("*.json"))]


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    """Where the application's messages go."""
    return Letters(tmp_path / "messages")


@pytest.fixture
async def client(database_url: str, letters: Letters) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, which runs in this very process."""
    messaging = Messaging(folder=str(letters.folder))
    app = build(Settings(database_url, SECRET, MASTER_KEYS, messaging=messaging))
    async with running(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://regulars.test") as opened:
            yield opened


@contextlib.asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """The application between its start and its end, both in one task: a fixture's two halves are not."""
    started, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await ending.wait()

    living = asyncio.create_task(live())
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait({living, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if living.done():
        waiting.cancel()
        await living
    try:
        yield
    finally:
        ending.set()
        await living


@pytest.fixture
async def api(client: httpx.AsyncClient, database: Database) -> Api:
    """A sandbox program of this test alone."""
    return await new_api(client, database)


@pytest.fixture
async def shop(client: httpx.AsyncClient, database: Database) -> Api:
    """A sandbox program of this test alone, in which it is 1 March 2026, 11:00 in Riga, until the test moves on."""
    made = await new_api(client, database)
    async with database.transaction(made.program.id) as tx:
        await registry.move_clock(tx, made.program.id, START)
    return made


async def new_api(client: httpx.AsyncClient, database: Database, **settings: Any) -> Api:
    """A sandbox program with these settings and a key for every scope."""
    new = NewProgram("Test", "EUR", "Europe/Riga", ("lv", "en"), settings, sandbox=True)
    made = await create_program(database, new, at=START)
    keys = {}
    for scope in SCOPES:
        _, keys[scope] = await create_key(database, made.program.id, NewKey((scope,)), at=START)
    return Api(client, made.program, keys)
