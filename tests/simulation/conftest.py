"""The coalition of the simulation, behind two applications on one database."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from regulars.db.pool import Database
from tests.api.conftest import serving
from tests.simulation.town import Town, founded


@contextlib.asynccontextmanager
async def open_town(database_url: str) -> AsyncIterator[Town]:
    """A migrated database becomes a coalition."""
    async with contextlib.AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(database_url, size=2))
        clients: list[httpx.AsyncClient] = []
        for _ in range(2):
            served = serving(database_url, batch_connections=2)
            clients.append(await stack.enter_async_context(served))
        yield await founded((clients[0], clients[1]), database)


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    """A coalition of this test alone."""
    async with open_town(database_url) as opened:
        yield opened
