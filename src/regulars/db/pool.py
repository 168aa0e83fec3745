"""Connections as the application's role, and `transaction()`: one per flow, one program, retried on deadlock."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import psycopg
from psycopg import AsyncConnection, errors
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from regulars.db import arrays
from regulars.db.actors import Actor
from regulars.db.burst import Sender
from regulars.errors import Overloaded

APP_ROLE = "regulars_app"
Transaction = AsyncConnection[TupleRow]
Result = TypeVar("Result")

RETRIED = (errors.SerializationFailure, errors.DeadlockDetected)
ATTEMPTS = 5
WAIT_FOR_A_CONNECTION_SECONDS = 10.0
WAITING_MAX = 1024
"""Callers that wait for a connection; the next is told to come again."""
_LINK = {
    # A server that went away without a word (a cable, a firewall) is noticed in seconds, not in a quarter of an hour.
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "connect_timeout": 10,
}
_SESSION = (
    ("TimeZone", "'UTC'"),
    ("idle_in_transaction_session_timeout", "'60s'"),
    ("jit", "off"),
    # A statement is planned once for each connection, possibly while a table is still empty: a plan that hashes a
    # whole table is then kept for good (seen: 12 ms instead of 0.1 ms for one card among 1,000). Everything that
    # flows ask starts from given keys, so it must be a loop over index look-ups, whatever the statistics say.
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("enable_material", "off"),
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
)
_ANALYTICAL = "SET LOCAL plan_cache_mode = auto; " + "; ".join(
    f"SET LOCAL enable_{way} = on" for way in ("hashjoin", "mergejoin", "material", "seqscan", "bitmapscan")
)
_ENTER = "SELECT set_config('regulars.program', %s, true)"
_ENTER_AS = _ENTER + ", set_config('regulars.actor', %s, true)"


class Database:
    """A pool of connections that may do what the application may, and no more."""

    def __init__(self, url: str, *, size: int = 8):
        self.url = url
        self._pool = _pool(url, 1, size, _configure)
        self._bursts = _pool(url, 0, size, _configure_for_bursts)
        self._actor = b""

    def acting(self, actor: Actor) -> Database:
        """The same connections, in somebody's name: what is changed by them stands so in the audit trail."""
        named = copy.copy(self)
        named._actor = msgspec.json.encode(actor)
        return named

    async def open(self) -> None:
        """Open the first connection. Raises psycopg.OperationalError when the server cannot be reached."""
        await self._pool.open(wait=True, timeout=30)
        await self._bursts.open()

    async def close(self) -> None:
        """Close every connection."""
        await self._bursts.close()
        await self._pool.close()

    async def __aenter__(self) -> Database:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Transaction]:
        """A connection outside any transaction, for bursts that send BEGIN and COMMIT themselves."""
        async with _taken_from(self._bursts) as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def transaction(
        self, program: UUID | None, *, analytical: bool = False
    ) -> AsyncIterator[Transaction]:
        """One transaction that sees one program (None: only the tables outside row-level security).

        `analytical`: it reads many rows, and the planner may choose how; otherwise everything is looked up by key.
        """
        async with _taken_from(self._pool) as connection, connection.transaction():
            await self._enter(connection, program)
            if analytical:
                await connection.execute(_ANALYTICAL.encode())
            yield connection

    async def _enter(self, connection: Transaction, program: UUID | None) -> None:
        if self._actor:
            await connection.execute(_ENTER_AS, (str(program) if program else "", self._actor.decode()))
        else:
            await enter(connection, program)

    async def run(self, program: UUID | None, work: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """`work` in a transaction of its own; again from the start on a deadlock or serialization failure."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self.transaction(program) as tx:
                    return await work(tx)
            except RETRIED:
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(random.random() * 0.01 * 2**attempt)  # noqa: S311
        raise AssertionError("unreachable")


async def enter(connection: Sender, program: UUID | None) -> None:
    """Let the open transaction see one program."""
    await connection.execute(_ENTER, (str(program) if program else "",))


async def fetch_one(tx: Transaction, query: Any, parameters: Any = ()) -> TupleRow | None:
    """The first row of a statement, or None."""
    return await (await tx.execute(query, parameters)).fetchone()


async def fetch_all(tx: Transaction, query: Any, parameters: Any = ()) -> list[TupleRow]:
    """All rows of a statement."""
    return await (await tx.execute(query, parameters)).fetchall()


def _pool(
    url: str, least: int, most: int, configure: Callable[[Transaction], Awaitable[None]]
) -> AsyncConnectionPool[Transaction]:
    return AsyncConnectionPool(
        url,
        min_size=least,
        max_size=most,
        timeout=WAIT_FOR_A_CONNECTION_SECONDS,
        open=False,
        configure=configure,
        check=None,
        max_waiting=WAITING_MAX,
        kwargs={"autocommit": True, **_LINK},
    )


@contextlib.asynccontextmanager
async def _taken_from(pool: AsyncConnectionPool[Transaction]) -> AsyncIterator[Transaction]:
    try:
        connection = await _open_one(pool)
    except (PoolTimeout, TooManyRequests) as error:
        raise Overloaded(detail="Every connection to the database is taken.") from error
    try:
        async with connection:
            yield connection
    finally:
        await pool.putconn(connection)


async def _open_one(pool: AsyncConnectionPool[Transaction]) -> Transaction:
    """A connection that the server has not ended while it was idle: after a restart of PostgreSQL the pool is full of
    dead ones. (The pool's own `check` waits a second after the first that fails, then two, then four.)"""
    for _ in range(pool.max_size):
        connection = await pool.getconn()
        try:
            for _ in range(2):  # the server's last words, and then the end; nothing is asked of it
                connection.pgconn.consume_input()
        except psycopg.OperationalError:
            await pool.putconn(connection)
        else:
            return connection
    return await pool.getconn()


async def _configure_for_bursts(connection: Transaction) -> None:
    """A burst prepares its own statements, and psycopg drops every one of a connection when it rolls back what it
    had prepared there: so it prepares nothing."""
    await _configure(connection)
    connection.prepare_threshold = None


async def _configure(connection: Transaction) -> None:
    arrays.register(connection.adapters)
    connection.prepare_threshold = 1
    session = "; ".join(f"SET {name} = {value}" for name, value in _SESSION)
    await connection.execute(f"SET ROLE {APP_ROLE}; {session}".encode())


def connect_owner(url: str) -> psycopg.Connection[TupleRow]:
    """A connection as the owner, for migrations and roles only."""
    return psycopg.connect(url, autocommit=True)
