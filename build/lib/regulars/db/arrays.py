"""Whole columns as one binary parameter: `int8s`, `uuids`, `texts`, `instants`, `byteas`, `bools`.

psycopg dumps a list element by element and picks the element type by its values; a batch of purchases binds
thousands of values a second, and a statement is prepared once per combination of types. So each column of a
set-based write is packed here at once, always as the same type (binary format of PostgreSQL's array_send).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from psycopg.adapt import AdaptersMap, Buffer, Dumper
from psycopg.pq import Format

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_NULL = b"\xff\xff\xff\xff"
_HEADER = struct.Struct("!iiiii")
_INT8 = struct.Struct("!iq")
_INT4 = struct.Struct("!ii")
_INT2 = struct.Struct("!ih")
_SIZE = struct.Struct("!i")


class Column:
    """A packed array; subclasses name its PostgreSQL type."""

    __slots__ = ("packed",)
    oid: int
    element_oid: int

    def __init__(self, count: int, body: bytes):
        if count:
            self.packed = _HEADER.pack(1, 1, self.element_oid, count, 1) + body
        else:
            self.packed = struct.pack("!iii", 0, 0, self.element_oid)


class Int8s(Column):
    __slots__ = ()
    oid, element_oid = 1016, 20


class Int4s(Column):
    __slots__ = ()
    oid, element_oid = 1007, 23


class Int2s(Column):
    __slots__ = ()
    oid, element_oid = 1005, 21


class Uuids(Column):
    __slots__ = ()
    oid, element_oid = 2951, 2950


class Texts(Column):
    __slots__ = ()
    oid, element_oid = 1009, 25


class Byteas(Column):
    __slots__ = ()
    oid, element_oid = 1001, 17


class Instants(Column):
    __slots__ = ()
    oid, element_oid = 1185, 1184


class Bools(Column):
    __slots__ = ()
    oid, element_oid = 1000, 16


def int8s(values: Sequence[int | None]) -> Int8s:
    """A `bigint[]`."""
    return Int8s(len(values), b"".join(_NULL if v is None else _INT8.pack(8, v) for v in values))


def int4s(values: Sequence[int | None]) -> Int4s:
    """An `integer[]`."""
    return Int4s(len(values), b"".join(_NULL if v is None else _INT4.pack(4, v) for v in values))


def int2s(values: Sequence[int | None]) -> Int2s:
    """A `smallint[]`."""
    return Int2s(len(values), b"".join(_NULL if v is None else _INT2.pack(2, v) for v in values))


def uuids(values: Sequence[UUID | None]) -> Uuids:
    """A `uuid[]`."""
    size = _SIZE.pack(16)
    return Uuids(len(values), b"".join(_NULL if v is None else size + v.bytes for v in values))


def byteas(values: Sequence[bytes | None]) -> Byteas:
    """A `bytea[]`."""
    return Byteas(len(values), _sized(values))


def texts(values: Sequence[str | None]) -> Texts:
    """A `text[]`. Characters that PostgreSQL refuses (NUL) are the caller's to refuse first."""
    return Texts(len(values), _sized([None if v is None else v.encode() for v in values]))


def bools(values: Sequence[bool | None]) -> Bools:
    """A `boolean[]`."""
    return Bools(
        len(values), b"".join(_NULL if v is None else b"\0\0\0\1" + (b"\1" if v else b"\0") for v in values)
    )


def instants(values: Sequence[datetime | None]) -> Instants:
    """A `timestamptz[]`, to the microsecond; the instants must know their offset."""
    return Instants(
        len(values), b"".join(_NULL if v is None else _INT8.pack(8, microseconds(v)) for v in values)
    )


def microseconds(instant: datetime) -> int:
    """An instant as PostgreSQL counts it: microseconds since the year 2000."""
    delta = instant - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _sized(values: Iterable[bytes | None]) -> bytes:
    return b"".join(_NULL if v is None else _SIZE.pack(len(v)) + v for v in values)


class _ColumnDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Column) -> Buffer:
        return obj.packed


def register(adapters: AdaptersMap) -> None:
    """Teach a connection (or its pool) these columns."""
    for column in (Int8s, Int4s, Int2s, Uuids, Texts, Byteas, Instants, Bools):
        dumper = type(f"{column.__name__}Dumper", (_ColumnDumper,), {"oid": column.oid})
        adapters.register_dumper(column, dumper)
