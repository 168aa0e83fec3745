"""Two applications on one database, as two processes would be: each with its own connections, cache and queue."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest
from msgspec.structs import replace

from regulars.db.pool import Database
from regulars.programs import registry
from regulars.settings import Messaging
from tests.api.conftest import Api, Letters, letters, new_api, serving
from tests.api.shop import settle
from tests.conftest import START
from tests.races.acts import Houses

__all__ = ["letters"]


@pytest.fixture
async def houses(database_url: str, database: Database, letters: Letters) -> AsyncIterator[Houses]:
    """A sandbox program of this test alone, reached through two applications."""
    async with contextlib.AsyncExitStack() as stack:
        clients: list[httpx.AsyncClient] = []
        for _ in range(2):
            messaging = Messaging(folder=str(letters.folder))
            served = serving(database_url, batch_connections=4, messaging=messaging)
            clients.append(await stack.enter_async_context(served))
        first: Api = await new_api(clients[0], database)
        async with database.transaction(first.program.id) as tx:
            await registry.move_clock(tx, first.program.id, START)
        await settle(first, proof_above_a_day=None)
        yield Houses((first, replace(first, client=clients[1])), database)
