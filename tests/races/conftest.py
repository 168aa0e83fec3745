"""Two applications on one database, as two processes would be: each with its own connections, cache and queue."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest
from msgspec.structs import replace

from regulars.app import build
from regulars.db.pool import Database
from regulars.programs import registry
from regulars.settings import Messaging, Settings
from tests.api.conftest import SECRET, Api, Letters, letters, new_api, running
from tests.api.shop import settle
from tests.conftest import MASTER_KEYS, START
from tests.races.acts import Houses

__all__ = ["letters"]


@pytest.fixture
async def houses(database_url: str, database: Database, letters: Letters) -> AsyncIterator[Houses]:
    """A sandbox program of this test alone, reached through two applications."""
    async with contextlib.AsyncExitStack() as stack:
        clients: list[httpx.AsyncClient] = []
        for _ in range(2):
            messaging = Messaging(folder=str(letters.folder))
            app = build(Settings(database_url, SECRET, MASTER_KEYS, batch_connections=4, messaging=messaging))
            await stack.enter_async_context(running(app))
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://regulars.test")
            clients.append(await stack.enter_async_context(client))
        first: Api = await new_api(clients[0], database)
        async with database.transaction(first.program.id) as tx:
            await registry.move_clock(tx, first.program.id, START)
        await settle(first, proof_above_a_day=None)
        yield Houses((first, replace(first, client=clients[1])), database)
