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
from regulars.flows.add_staff import add_staff
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.programs import registry
from regulars.programs.audit import trail
from regulars.programs.model import Program
from regulars.programs.roles import Role
from regulars.settings import Messaging, Settings
from tests.api.audited import always_told
from tests.conftest import MASTER_KEYS, START

SECRET = b"a secret of at least 32 bytes for tests"
SCOPES = ("till", "issuer", "manage", "read")
_KEYS = count(1)
PASSWORD = "seven lanterns over Daugava"
"""Of every member of staff."""


class Api(Struct):
    """A program as an integrator sees it: every call goes through the application."""

    client: httpx.AsyncClient
    program: Program
    keys: dict[str, str]
    database: Database | None = None

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
        told = self.database is not None and always_told(method, path)
        before = await self.entries() if told else 0
        answer = await self.client.request(method, path, json=body, headers=headers, params=query or None)
        if told and answer.is_success and answer.headers.get("idempotent-replayed") != "true":
            assert await self.entries() > before, f"the audit trail does not know of {method} {path}"
        return answer

    async def entries(self) -> int:
        """How many entries the program's audit trail has."""
        assert self.database is not None, "the test has none"
        async with self.database.transaction(self.program.id) as tx:
            return (await trail.head(tx, self.program.id)).seq

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

    async def add_staff(self, *roles: Role, email: str, **limits: Any) -> str:
        """A person with these roles, who signs in with PASSWORD and reads English; her id."""
        assert self.database is not None, "the test has none"
        name = email.partition("@")[0].capitalize()
        limits.setdefault("language", "en")
        return await add_staff(
            self.database, self.program, email=email, name=name, password=PASSWORD, roles=roles, at=START, **limits
        )  # fmt: skip


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
    async with serving(database_url, messaging=Messaging(folder=str(letters.folder))) as opened:
        yield opened


_IDLE: list[Litestar] = []
"""Applications that nobody uses just now."""


@contextlib.asynccontextmanager
async def serving(database_url: str, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application of its own with these settings, which runs in this very process."""
    wanted = Settings(database_url, SECRET, MASTER_KEYS, **settings)
    app = _IDLE.pop() if _IDLE else build(wanted)  # half a second: it is started anew, not built anew
    app.state.settings = wanted
    async with running(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://regulars.test") as opened:
            yield opened
    _IDLE.append(app)


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
    return Api(client, made.program, keys, database)
