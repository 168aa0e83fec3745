"""Reads Parquet, some hundred rows at once, within bounds.

The format writes a text that many rows share once, and how often beside it: a file of some hundred bytes may stand for
gigabytes. So texts are read as they stand there, and what the rows come to is counted before they are written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from regulars.errors import NotInstalled
from regulars.interchange.parquet_pages import Chunk, chunks
from regulars.interchange.table import ROWS_MAX, Format, Record, Source, UnreadableTable, heading, record

ROWS_AT_ONCE = 1000
ROWS_READ_AT_ONCE = 100_000
"""A batch brings all shared texts that its row group had so far, so that many small ones would cost the square."""
CELLS_READ_AT_ONCE = 10_000_000
UNPACKED_BYTES_MAX = 400_000_000
BYTES_AT_ONCE = 100_000_000
"""So much is read, and handed on, at once where the rows are that large."""
PLAIN, PLAIN_DICTIONARY, DELTA_LENGTH_BYTE_ARRAY, RLE_DICTIONARY = 0, 2, 6, 8
SHARED = {PLAIN, PLAIN_DICTIONARY, RLE_DICTIONARY}
EACH_FOR_ITSELF = {PLAIN, DELTA_LENGTH_BYTE_ARRAY}
"""How texts may stand that have their own bytes; DELTA_BYTE_ARRAY tells them by their differences."""
NO_VALUES = (OSError, ValueError, OverflowError, LookupError)
WIDTHS = {"BOOLEAN": 1, "INT64": 8, "DOUBLE": 8, "INT96": 12}
"""Bytes of a value by its type; a column of fixed texts names their length, all others have 4 beside their text."""


class ParquetTable:
    """A Parquet file."""

    format: Format = "parquet"

    def __init__(self, source: Source):
        self._file, self._groups, self._written_out = _opened(source)
        self.position, self.total = 0, self._file.metadata.num_rows
        if self.total > ROWS_MAX:
            raise UnreadableTable(f"The file has more than {ROWS_MAX} rows.")
        _refuse_more_than_needed(_unshared_bytes(self._file.metadata, self._groups))
        self.columns = heading(self._file.schema_arrow.names)
        self.assumed: dict[str, str] = {}

    def records(self) -> Iterator[Record]:
        """Every row; the first is number 1. Raises UnreadableTable."""
        for cells in _or_damaged(self._rows()):
            self.position += 1
            found = record(self.position, [text_of(cell) for cell in cells], len(self.columns))
            if found is not None:
                yield found

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        """The values of each row, with what rows share counted, and then written out, some at once."""
        unpacked = 0
        for piece in self._pieces():
            size = sum(_unpacked_bytes(column) for column in piece.columns)
            unpacked += size
            _refuse_more_than_needed(unpacked)
            step = max(1, piece.num_rows // (1 + size // BYTES_AT_ONCE))
            for start in range(0, piece.num_rows, step):
                columns = [_written_out(column.slice(start, step)) for column in piece.columns]
                yield from zip(*columns, strict=True)

    def _pieces(self) -> Iterator[Any]:
        """Some rows each. No batch has rows of two groups: Arrow cannot join what nested columns share in each."""
        for place, group in enumerate(self._groups):
            if any(chunk.values for chunk in group):
                rows = self._rows_read_at_once(group)
                for batch in self._file.iter_batches(rows, row_groups=[place]):
                    for start in range(0, batch.num_rows, ROWS_AT_ONCE):
                        yield batch.slice(start, ROWS_AT_ONCE)

    def _rows_read_at_once(self, group: list[Chunk]) -> int:
        """So many rows that texts which Arrow writes out stay within bounds, even where each has all of its page."""
        shared = 1
        for leaf in self._written_out:
            chunk = group[leaf.place]
            if not chunk.encodings <= EACH_FOR_ITSELF:
                if leaf.in_lists and chunk.largest * chunk.values > UNPACKED_BYTES_MAX:
                    raise UnreadableTable(
                        f"Column {leaf.path} has lists in an encoding that is not counted:"
                        " write it as PLAIN, or with a dictionary."
                    )
                shared += chunk.largest
        count = 1 + sum(chunk.bytes for chunk in group) // BYTES_AT_ONCE
        rows = min(chunk.values for chunk in group) // count
        return max(1, min(rows, ROWS_READ_AT_ONCE, CELLS_READ_AT_ONCE // len(group), BYTES_AT_ONCE // shared))


def text_of(value: Any) -> str:
    """A value as text: lists divided by `;`, dates as ISO 8601, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(text_of(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).strip()


class _Leaf(NamedTuple):
    """A column as its values stand; one with parts has several."""

    place: int
    path: str
    kind: str
    in_lists: bool


def _leaves(schema: Any) -> list[_Leaf]:
    found = [(place, schema.column(place)) for place in range(len(schema))]
    return [
        _Leaf(place, leaf.path, leaf.physical_type, leaf.max_repetition_level > 0) for place, leaf in found
    ]


def _opened(source: Source) -> tuple[Any, list[list[Chunk]], list[_Leaf]]:
    """The file, what its chunks come to, and those columns of texts that cannot be read as shared."""
    try:
        import pyarrow.lib
        from pyarrow.parquet import ParquetFile, read_metadata
    except ImportError as error:
        raise NotInstalled("Parquet files need an extra: `pip install 'regulars[parquet]'`.") from error
    try:
        metadata = read_metadata(source.for_readers())
        with source.open() as file:
            groups = chunks(file, metadata.num_columns)
        texts = [leaf for leaf in _leaves(metadata.schema) if leaf.kind == "BYTE_ARRAY"]
        shared = [leaf for leaf in texts if all(group[leaf.place].encodings <= SHARED for group in groups)]
        opened = ParquetFile(source.for_readers(), read_dictionary=[leaf.path for leaf in shared])
        return opened, groups, [leaf for leaf in texts if leaf not in shared]
    except (pyarrow.lib.ArrowException, *NO_VALUES) as error:
        raise UnreadableTable(f"This is not a Parquet file: {error}") from error


def _unshared_bytes(metadata: Any, groups: list[list[Chunk]]) -> int:
    """What the file comes to, without the texts that several rows share."""
    leaves = [metadata.schema.column(place) for place in range(metadata.num_columns)]
    widths = [leaf.length or WIDTHS.get(leaf.physical_type, 4) for leaf in leaves]
    return sum(
        max(chunk.bytes, chunk.values * width)
        for group in groups
        for chunk, width in zip(group, widths, strict=True)
    )


def _or_damaged(found: Iterator[Any]) -> Iterator[Any]:
    """The same. Raises UnreadableTable where Arrow, or Python, has no such value: a text, a date, a time zone."""
    import pyarrow.lib

    try:
        yield from found
    except (pyarrow.lib.ArrowException, *NO_VALUES) as error:
        raise UnreadableTable(f"The Parquet file is damaged: {error}") from error


def _written_out(cells: Any) -> list[Any]:
    """The values. Where texts are shared they are written out first, which takes a third of the time."""
    import pyarrow

    if pyarrow.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    return cells.to_pylist()


def _unpacked_bytes(cells: Any) -> int:
    """What these cells come to when each is written out."""
    import pyarrow
    from pyarrow.compute import call_function

    kind = cells.type
    if isinstance(kind, pyarrow.BaseExtensionType):
        return _unpacked_bytes(cells.storage)
    if pyarrow.types.is_struct(kind):
        return sum(_unpacked_bytes(field) for field in cells.flatten())
    if pyarrow.types.is_map(kind):
        parts = [pyarrow.ListArray.from_arrays(cells.offsets, part) for part in (cells.keys, cells.items)]
        return sum(_unpacked_bytes(part) for part in parts)
    if pyarrow.types.is_nested(kind):
        # Of its own it has a place for each list; its bytes would have all shared texts, not those of these cells.
        return len(cells) * 8 + _unpacked_bytes(cells.flatten())
    if pyarrow.types.is_dictionary(kind):
        if pyarrow.types.is_fixed_size_binary(kind.value_type) or pyarrow.types.is_primitive(kind.value_type):
            return cells.indices.nbytes + len(cells) * kind.value_type.bit_width // 8
        lengths = call_function("binary_length", [cells.dictionary])
        return cells.indices.nbytes + (lengths.take(cells.indices).sum().as_py() or 0)
    return cells.nbytes


def _refuse_more_than_needed(count: int) -> None:
    if count > UNPACKED_BYTES_MAX:
        raise UnreadableTable("The Parquet file unpacks to more than a table can need.")
