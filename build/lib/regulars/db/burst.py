"""Several statements sent together, waited for once: a round trip of the purchase path.

psycopg's own pipeline prepares, converts and waits statement by statement; that took 45 µs of the client for each, and
a batch of purchases has seventeen. Here a statement is prepared once for each connection, its parameters go out in
binary as they are, and the whole burst is written and read at once (12 µs for each).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from struct import Struct
from types import TracebackType
from typing import Any, Protocol, Self
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection, abc, errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

from regulars.db.arrays import Column, microseconds

_PLACEHOLDER = re.compile(r"%(?:%|\((\w+)\)[sbt]|[sbt])")
_INT8 = Struct("!q").pack
WORTH_SENDING = 4096
"""Bytes of parameters from which on a statement is sent before the next one is packed."""
_DONE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class Statement:
    """A query as the server wants it: with numbered parameters, and where they stand in a mapping."""

    __slots__ = ("names", "query", "text")

    def __init__(self, query: Any):
        self.query = query
        self.names: list[str] = []
        count = 0

        def number(found: re.Match[str]) -> str:
            nonlocal count
            if found[0] == "%%":
                return "%"
            name = found[1]
            if name is None:
                count += 1
                return f"${count}"
            if name not in self.names:
                self.names.append(name)
            return f"${self.names.index(name) + 1}"

        plain = query if isinstance(query, str) else query.as_string(None)
        self.text = _PLACEHOLDER.sub(number, plain).encode()


_statements: dict[int, Statement] = {}
"""By the identity of the query, which is kept alive by its statement: queries are constants of modules."""
_prepared: WeakKeyDictionary[AsyncConnection[TupleRow], dict[tuple[int, tuple[int, ...]], bytes]] = (
    WeakKeyDictionary()
)
_numbers = count(1)


class Rows(Protocol):
    """What a statement gives: psycopg's cursor, or the reply to a statement of a burst."""

    async def fetchall(self) -> list[TupleRow]: ...
    async def fetchone(self) -> TupleRow | None: ...


class Sender(Protocol):
    """Where statements go: a connection, or a burst on one."""

    async def execute(self, query: Any, params: Any = None, /) -> Rows: ...


class Reply:
    """The rows of one statement, once its burst is through."""

    def __init__(self) -> None:
        self._result: PGresult | None = None
        self._load: abc.Transformer | None = None

    def arrive(self, result: PGresult, load: abc.Transformer) -> None:
        """Keep what came; it is decoded when somebody asks."""
        self._result, self._load = result, load

    async def fetchall(self) -> list[TupleRow]:
        """All rows. The burst must be through."""
        result, load = self._result, self._load
        assert result is not None, "the burst is not through"
        assert load is not None, "both come together"
        load.set_pgresult(result)
        return load.load_rows(0, result.ntuples, tuple)

    async def fetchone(self) -> TupleRow | None:
        """The first row, or None."""
        rows = await self.fetchall()
        return rows[0] if rows else None


class Burst:
    """`async with Burst(connection) as burst:` – statements go out as they are given; the block's end waits for all.

    Raises what the first failing statement raises; those after it were not run. When the connection itself fails, or
    the waiting is cancelled, the connection is closed, for nobody knows what of the burst arrived.
    """

    def __init__(self, connection: AsyncConnection[TupleRow]):
        self._connection = connection
        self._link = connection.pgconn
        self._known = _prepared.setdefault(connection, {})
        self._replies: list[Reply | None] = []

    async def execute(self, query: Any, params: Any = None, /) -> Reply:
        """Send a statement; its rows are there when the block has ended."""
        statement = _statements.get(id(query))
        if statement is None:
            statement = _statements[id(query)] = Statement(query)
        values: Sequence[Any] = () if params is None else params
        if isinstance(params, Mapping):
            values = [params[name] for name in statement.names]
        packed = [_packed(value) for value in values]
        oids = tuple([_oid(value) for value in values])
        key = (id(statement), oids)
        name = self._known.get(key)
        if name is None:
            name = self._known[key] = b"burst_%d" % next(_numbers)
            self._link.send_prepare(name, statement.text, oids)
            self._replies.append(None)
        self._link.send_query_prepared(name, packed, [1] * len(packed), 1)
        reply = Reply()
        self._replies.append(reply)
        if sum([len(value) for value in packed if value is not None]) > WORTH_SENDING:
            self._link.flush()  # the server works on it while we pack the next
        return reply

    async def __aenter__(self) -> Self:
        self._link.enter_pipeline_mode()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            failed = await self._read()
        except BaseException:
            self._link.finish()
            raise
        if failed is not None and kind is None:
            raise errors.error_from_result(failed)

    async def _read(self) -> PGresult | None:
        """Wait for all results. The first failure of a statement, if there is one."""
        link = self._link
        link.pipeline_sync()
        await _flush(link)
        load = Transformer(self._connection)
        failed: PGresult | None = None
        for reply in self._replies:
            result = await _result(link)
            if result is None:
                raise psycopg.OperationalError("the connection to the database was lost")
            if result.status not in _DONE:
                failed = failed or result
            elif reply is not None:
                reply.arrive(result, load)
            end = await _result(link)
            assert end is None, "a statement has one result"
        synced = await _result(link)
        if synced is None or synced.status != ExecStatus.PIPELINE_SYNC:
            raise psycopg.OperationalError("the connection to the database was lost")
        link.exit_pipeline_mode()
        if failed is not None:
            self._known.clear()  # what was to be prepared after the failure was not
        return failed


def _oid(value: Any) -> int:
    """The type under which a value is sent; 0 lets the server infer it."""
    if isinstance(value, Column):
        return value.oid
    if isinstance(value, UUID):
        return 2950
    if isinstance(value, bool):
        return 16
    if isinstance(value, int):
        return 20
    if isinstance(value, datetime):
        return 1184
    assert value is None or isinstance(value, str), f"a burst does not send {type(value).__name__}"
    return 0


def _packed(value: Any) -> bytes | None:
    """A value in the server's binary format."""
    if isinstance(value, Column):
        return value.packed
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, bool):
        return b"\1" if value else b"\0"
    if isinstance(value, int):
        return _INT8(value)
    if isinstance(value, datetime):
        return _INT8(microseconds(value))
    return None if value is None else value.encode()


async def _flush(link: PGconn) -> None:
    """Send everything; while the server's side is full, read what it says."""
    while link.flush():
        await _ready(link.socket, writing=True)
        link.consume_input()


async def _result(link: PGconn) -> PGresult | None:
    """The next result; None at the end of a statement's."""
    while link.is_busy():
        await _ready(link.socket)
        link.consume_input()
    if link.status == ConnStatus.BAD:
        raise psycopg.OperationalError("the connection to the database was lost")
    return link.get_result()


async def _ready(socket: int, *, writing: bool = False) -> None:
    """Wait until the socket can be read (or written)."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(socket, tell)
    if writing:
        loop.add_writer(socket, tell)
    try:
        await ready
    finally:
        loop.remove_reader(socket)
        if writing:
            loop.remove_writer(socket)
