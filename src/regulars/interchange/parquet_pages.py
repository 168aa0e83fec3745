"""Counts what the pages of a Parquet file come to, by the header of each page.

The footer says it too, but no reader compares the two: a page may unpack to gigabytes where the footer says hundred
bytes. The headers are those by which a reader unpacks. They are written in Thrift's compact protocol:
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from os import SEEK_END
from typing import Any, BinaryIO, NamedTuple

from regulars.interchange.table import UnreadableTable

PAGES_MAX = 1_000_000
HEADER_BYTES, HEADER_BYTES_MAX = 256, 1 << 20
VALUES_MAX, FOOTER_VALUES_MAX, DEPTH_MAX = 100, 6_000_000, 12
"""A header has some twenty, a footer some thirty for each chunk."""
PADDING = 100
"""Some writers leave the first header out of what they say a chunk has; readers go on for so many bytes."""
DATA_PAGE, DATA_PAGE_V2 = 0, 3
KIND, UNPACKED, PACKED = 1, 2, 3
ABOUT = {DATA_PAGE: (5, 2), DATA_PAGE_V2: (8, 4)}
"""For each kind of page with values: the field that tells of them, and in it the field of the encoding."""
GROUPS, COLUMNS, ABOUT_CHUNK, VALUES, CHUNK_PACKED, FIRST_PAGE, FIRST_SHARED = 4, 1, 3, 5, 7, 9, 11
"""Fields of the footer, of a row group, of a column, and of what it says of a chunk."""
BOOLEANS, BYTE, INTEGERS, I32, I64, DOUBLE, BINARY = (1, 2), 3, (4, 5, 6), 5, 6, 7, 8
LISTS, STRUCT = (9, 10), 12


class Chunk(NamedTuple):
    """A column's part of a row group: its bytes unpacked, those of its largest page, its values, how they stand."""

    bytes: int
    largest: int
    values: int
    encodings: frozenset[int]


def chunks(file: BinaryIO, columns: int) -> list[list[Chunk]]:
    """For each row group the chunk of each column. Raises UnreadableTable, ValueError, OSError.

    The footer is read here too: a library that reads it ends the process where some of its numbers do not fit.
    """
    size = file.seek(-8, SEEK_END)
    length, mark = int.from_bytes(file.read(4), "little"), file.read(4)
    if mark != b"PAR1" or length > size:
        raise ValueError("it has no footer")
    file.seek(size - length)
    footer = _Compact(file.read(length), I64, FOOTER_VALUES_MAX).struct(0)
    found, left = list[list[Chunk]](), PAGES_MAX
    for group in footer.get(GROUPS) or ():
        said = [column.get(ABOUT_CHUNK) for column in group.get(COLUMNS) or ()]
        if len(said) != columns:
            raise ValueError("a row group has other columns")
        found.append([])
        for one in said:
            chunk, left = _chunk(file, one, left)
            found[-1].append(chunk)
    return found


def _chunk(file: BinaryIO, said: Any, left: int) -> tuple[Chunk, int]:
    """A chunk from its first page to the last one that a reader reads, and how many pages there may still be."""
    count, start = _whole(said, VALUES, I64), _whole(said, FIRST_PAGE, I64)
    if FIRST_SHARED in said and 0 < (shared := _whole(said, FIRST_SHARED, I64)) < start:
        start = shared
    end = start + _whole(said, CHUNK_PACKED, I64) + PADDING
    unpacked, largest, values, encodings = 0, 0, 0, set[int]()
    while values < count and start < end:
        header, length = _header(file, start)
        left -= 1 + length // HEADER_BYTES
        if left < 0:
            raise UnreadableTable("The Parquet file has more parts than a table can need.")
        kind, size, packed = (_whole(header, field) for field in (KIND, UNPACKED, PACKED))
        unpacked, largest = unpacked + max(size, packed), max(largest, size, packed)
        if kind in ABOUT:
            about, encoding = ABOUT[kind]
            values += _whole(header.get(about), 1)
            encodings.add(_whole(header.get(about), encoding))
        start += length + packed
    return Chunk(unpacked, largest, values, frozenset(encodings)), left


def _whole(struct: Any, field: int, kind: int = I32) -> int:
    """Raises ValueError."""
    value = struct.get(field) if isinstance(struct, dict) else None
    if not isinstance(value, int) or not 0 <= value < 1 << (31 if kind == I32 else 62):
        raise ValueError("a number is missing, or out of bounds")
    return value


def _header(file: BinaryIO, start: int) -> tuple[dict[int, Any], int]:
    """The header that begins there, and its length. Raises ValueError, OSError."""
    length = HEADER_BYTES
    while True:
        file.seek(start)
        content = file.read(length)
        compact = _Compact(content, I32, VALUES_MAX)
        try:
            return compact.struct(0), compact.place
        except IndexError as error:
            if len(content) < length or length >= HEADER_BYTES_MAX:
                raise ValueError("a page's header does not end") from error
            length *= 16


class _Compact:
    """What stands in these bytes. Raises IndexError beyond their end, ValueError where readers could differ."""

    def __init__(self, content: bytes, whole: int, values_max: int):
        self._content, self._whole, self._values_max = content, whole, values_max
        self.place, self._values = 0, 0

    def struct(self, depth: int) -> dict[int, Any]:
        """Its fields by their numbers: the whole numbers of one size, the structs and lists of structs."""
        found, field = dict[int, Any](), 0
        while (mark := self._byte()) != 0:
            field = field + (mark >> 4) if mark >> 4 else self._number()
            if not 0 < field < 1 << 15 or field in found:
                raise ValueError("fields that there cannot be")
            found[field] = self._value(mark & 15, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        self._values += 1
        if depth > DEPTH_MAX or self._values > self._values_max:
            raise ValueError("more fields than there can be")
        if kind in BOOLEANS:
            return None
        if kind in INTEGERS:
            number = self._number()
            return number if kind == self._whole else None
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind == BINARY:
            self._skip(self._varint())
        elif kind == DOUBLE:
            self._skip(8)
        elif kind == BYTE:
            self._skip(1)
        elif kind in LISTS:
            return self._list(depth)
        else:
            raise ValueError("an unknown kind of field")
        return None

    def _list(self, depth: int) -> list[Any] | None:
        mark = self._byte()
        count, kind = mark >> 4, mark & 15
        if count == 15:
            count = self._varint()
        if count > len(self._content):
            raise IndexError
        found = [self._value(BYTE if kind in BOOLEANS else kind, depth + 1) for _ in range(count)]
        return found if kind == STRUCT else None

    def _number(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)

    def _varint(self) -> int:
        number, shift = 0, 0
        while (byte := self._byte()) & 128:
            number |= (byte & 127) << shift
            shift += 7
            if shift > 63:
                raise ValueError("a number that does not end")
        return number | byte << shift

    def _byte(self) -> int:
        self.place += 1
        return self._content[self.place - 1]

    def _skip(self, count: int) -> None:
        self.place += count
        if self.place > len(self._content):
            raise IndexError
